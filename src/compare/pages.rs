//! The static files of one side of a row: what each portal serves of what the side lists.

use std::collections::{BTreeMap, BTreeSet};

use super::cause::{Cause, ContentConflict, Pages};
use super::content::Contents;
use super::model::{Cell, PortalPages, State};
use super::plugin_on_side::PluginOnSide;
use crate::domain::{Address, FailureCause, FilePath, FileState, Side, Version};

/// The cell, and what each portal serves.
pub(super) fn static_files(
    plugin: &PluginOnSide<'_>,
    side: Side,
    contents: &Contents,
) -> (Cell, Vec<PortalPages>) {
    if let Some(cell) = plugin.not_expected() {
        return (cell, Vec::new());
    }
    if plugin.has_ui() == Some(false) {
        return (Cell::not_applicable(Cause::NoUi), Vec::new());
    }
    let paths: BTreeSet<&FilePath> = match &plugin.own.pages {
        Err(failure) => {
            return (
                Cell::unknown(Cause::NotRead((*failure).clone())),
                Vec::new(),
            );
        }
        Ok(rows) if rows.is_empty() => return (plugin.not_listed(), Vec::new()),
        Ok(rows) => rows.iter().map(|row| &row.path).collect(),
    };
    let inventory = plugin.own.index.inventory;
    let portals: BTreeSet<&Address> = inventory.identity.portals.iter().collect();
    let mut all = FileProblems::default();
    let mut portal_pages = Vec::new();
    for portal in portals {
        let mut here = FileProblems::default();
        for path in &paths {
            let answer = inventory.files.get(path);
            let answer = answer.and_then(|portals| portals.get(portal));
            let odd = contents.odd(path, side, portal);
            here.take(path, portal, FileProblem::of(answer, odd));
        }
        let missing_all = here.count(&FileProblem::Missing) == paths.len();
        if missing_all && let Some(cause) = other_version(plugin) {
            here.never_got = Some(cause);
        }
        portal_pages.push(here.portal(portal, paths.len()));
        all.add(here);
    }
    if portal_pages.is_empty() {
        return (Cell::unknown(Cause::NotAsked), portal_pages);
    }
    (all.cell(), portal_pages)
}

/// The cause if a portal has nothing of the version that the rows name, and that is not the version
/// that the side runs or has: another version was registered on the other side of a shared
/// database, and its files went to the other side's portals (`docs/platform/two-instances.md#another-version-takes-a-page-away`).
fn other_version(plugin: &PluginOnSide<'_>) -> Option<Cause> {
    let listed = plugin.own.listed();
    let running = plugin.own.running_versions();
    let expected: Vec<Version> = if running.is_empty() {
        let chosen = plugin.own.chosen.iter();
        chosen.map(|package| package.version.clone()).collect()
    } else {
        running
    };
    let apart = !expected.is_empty() && expected.iter().all(|version| !listed.contains(version));
    apart.then_some(Cause::OtherVersion { listed, expected })
}

/// What is wrong with one page on one portal. The order is the order of the causes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum FileProblem {
    Missing,
    Forbidden,
    NotAScript(String),
    Empty,
    Unexpected(u16),
    ContentDiffers,
    NoAnswer(FailureCause),
    NotAsked,
}

impl FileProblem {
    fn of(
        answer: Option<&FileState>,
        odd: Option<&ContentConflict>,
    ) -> Option<(Self, Option<ContentConflict>)> {
        let problem = match answer {
            None => Self::NotAsked,
            Some(FileState::Served(file)) if file.length == Some(0) => Self::Empty,
            Some(FileState::Served(_)) => {
                return odd.map(|conflict| (Self::ContentDiffers, Some(conflict.clone())));
            }
            Some(FileState::Missing) => Self::Missing,
            Some(FileState::Forbidden) => Self::Forbidden,
            Some(FileState::NotAScript { content_type }) => Self::NotAScript(content_type.clone()),
            Some(FileState::Empty) => Self::Empty,
            Some(FileState::Unexpected { status }) => Self::Unexpected(*status),
            Some(FileState::Unknown { cause }) => Self::NoAnswer(cause.clone()),
        };
        Some((problem, None))
    }

    fn state(&self) -> State {
        match self {
            Self::Forbidden | Self::Unexpected(_) | Self::NoAnswer(_) | Self::NotAsked => {
                State::Unknown
            }
            _ => State::Hidden,
        }
    }
}

/// Problems with the pages of one portal, or of all.
#[derive(Default)]
struct FileProblems {
    pages: BTreeMap<FileProblem, Pages>,
    conflicts: BTreeMap<FilePath, ContentConflict>,
    never_got: Option<Cause>,
    bad: usize,
}

impl FileProblems {
    fn take(
        &mut self,
        path: &FilePath,
        portal: &Address,
        problem: Option<(FileProblem, Option<ContentConflict>)>,
    ) {
        let Some((problem, conflict)) = problem else {
            return;
        };
        self.bad += 1;
        if let Some(conflict) = conflict {
            self.conflicts.insert(path.clone(), conflict);
        }
        let pages = self.pages.entry(problem).or_insert_with(|| Pages {
            paths: BTreeSet::new(),
            portals: BTreeSet::new(),
        });
        pages.paths.insert(path.clone());
        pages.portals.insert(portal.clone());
    }

    fn count(&self, problem: &FileProblem) -> usize {
        self.pages.get(problem).map_or(0, |pages| pages.paths.len())
    }

    fn add(&mut self, other: Self) {
        for (problem, pages) in other.pages {
            if let Some(mine) = self.pages.get_mut(&problem) {
                mine.paths.extend(pages.paths);
                mine.portals.extend(pages.portals);
            } else {
                self.pages.insert(problem, pages);
            }
        }
        self.conflicts.extend(other.conflicts);
        self.never_got = self.never_got.take().or(other.never_got);
        self.bad += other.bad;
    }

    /// Hidden if a page is, else unknown if a page is, else visible.
    fn state(&self) -> State {
        let states = || self.pages.keys().map(FileProblem::state);
        if states().any(|state| state == State::Hidden) {
            State::Hidden
        } else if states().next().is_some() {
            State::Unknown
        } else {
            State::Visible
        }
    }

    fn causes(&self) -> Vec<Cause> {
        let problems = self.pages.iter().map(|(problem, pages)| {
            let pages = pages.clone();
            match problem {
                FileProblem::Missing => Cause::Missing(pages),
                FileProblem::Forbidden => Cause::Forbidden(pages),
                FileProblem::NotAScript(content_type) => Cause::NotAScript {
                    pages,
                    content_type: content_type.clone(),
                },
                FileProblem::Empty => Cause::Empty(pages),
                FileProblem::Unexpected(status) => Cause::Unexpected {
                    pages,
                    status: *status,
                },
                FileProblem::ContentDiffers => Cause::ContentDiffers {
                    conflicts: self.conflicts.values().cloned().collect(),
                },
                FileProblem::NoAnswer(seen) => Cause::NoAnswer {
                    pages,
                    seen: seen.clone(),
                },
                FileProblem::NotAsked => Cause::NotAsked,
            }
        });
        let never_got = self.never_got.iter().cloned();
        never_got.chain(problems).collect()
    }

    fn cell(&self) -> Cell {
        Cell {
            state: self.state(),
            causes: self.causes(),
        }
    }

    fn portal(&self, portal: &Address, listed: usize) -> PortalPages {
        PortalPages {
            portal: portal.clone(),
            state: self.state(),
            served: listed - self.bad,
            listed,
            causes: self.causes(),
        }
    }
}
