//! Whether a package's pages are proven visible on a side. Equal listings prove nothing: on one
//! database both sides list the same rows while no page loads (`docs/platform/two-instances.md#one-database`), so each portal's own answers decide.

use std::collections::BTreeSet;

use super::model::{NotServed, RegisterReason};
use super::reason::SkipReason;
use super::view::SideView;
use crate::domain::{
    Address, FailureCause, FilePath, FileState, FileVerdict, Package, PackageState, PluginName,
    ResourceFile, ServedFile, Version,
};

/// What is known of a package's pages on a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pages {
    /// Each page that the side lists for this version is served by each of its portals, with the
    /// same content as everywhere else.
    Proven,
    /// They are not, and a registration can cure that.
    NotProven(RegisterReason),
    /// It is not known, so nothing is registered for it.
    Unknown(SkipReason),
}

/// Judges the pages of a package.
pub(super) fn pages(view: &SideView<'_>, other: Option<&SideView<'_>>, package: &Package) -> Pages {
    if let Some(failure) = view.inventory.resource_files.failure() {
        let failure = failure.clone();
        return Pages::Unknown(SkipReason::Unreadable { failure });
    }
    let listed = listed_pages(view, package);
    if listed.is_empty() {
        return Pages::NotProven(RegisterReason::NotListed);
    }
    let states = listed.iter().map(|path| page_state(view, other, path));
    let states: Vec<PageState> = states.collect();
    let count = |state| states.iter().filter(|s| **s == state).count();
    let hidden = count(PageState::Hidden);
    if hidden > 0 {
        let listed = listed.len();
        return Pages::NotProven(RegisterReason::PagesHidden { hidden, listed });
    }
    if count(PageState::Differs) > 0 {
        return Pages::NotProven(RegisterReason::ContentDiffers);
    }
    let unknown = count(PageState::Unknown);
    if unknown == 0 && !view.identity().portals.is_empty() {
        return Pages::Proven;
    }
    let first = listed.iter().find_map(|path| first_unknown(view, path));
    Pages::Unknown(SkipReason::PagesUnknown {
        unknown,
        first: first.map(|(portal, state)| (portal.clone(), state)),
    })
}

/// The first portal whose answer for a page says nothing of it.
fn first_unknown<'a>(view: &SideView<'a>, path: &FilePath) -> Option<(&'a Address, FileState)> {
    let answers = view.inventory.files.get(path);
    let portals = view.inventory.identity.portals.iter();
    let mut states = portals.map(|portal| {
        let state = answers.and_then(|answers| answers.get(portal)).cloned();
        let not_asked = || FileState::Unknown {
            cause: FailureCause::Unspecified,
        };
        (portal, state.unwrap_or_else(not_asked))
    });
    states.find(|(_, state)| state.verdict() == FileVerdict::Unknown)
}

/// A row in another folder than the one that portals serve, if a portal of the side lacks its file: core's
/// static path then ends in that folder (`docs/platform/portal.md#static-path`), and each registration
/// moves more rows there. A v3 always writes to the right one.
pub(super) fn misplaced_row(view: &SideView<'_>) -> Option<(String, FilePath)> {
    let find = || {
        let rows = view.inventory.resource_files.known()?.iter();
        let mut pages = rows
            .map(|row| &row.path)
            .filter(|path| path.is_misplaced() && path.is_script_or_style());
        let lacks = |path: &&FilePath| {
            let mut answers = view.inventory.files.get(path).into_iter().flatten();
            answers.any(|(_, state)| state.verdict() == FileVerdict::Missing)
        };
        let row = pages.find(lacks)?;
        Some((row.root().unwrap_or_default().to_owned(), row.clone()))
    };
    if view.is_v3() {
        return None;
    }
    view.misplaced_row.get_or_init(find).clone()
}

/// The pages that a side lists for exactly this version: both the row and the directory in its path
/// name it.
fn listed_pages<'a>(view: &SideView<'a>, package: &Package) -> BTreeSet<&'a FilePath> {
    rows_of(view, package)
        .map(|row| &row.path)
        .filter(|path| path.is_script_or_style())
        .filter(|path| path.version_directory() == Some(package.version.as_str()))
        .collect()
}

fn rows_of<'a>(view: &SideView<'a>, package: &Package) -> impl Iterator<Item = &'a ResourceFile> {
    let rows = view.rows(&package.name).iter().copied();
    rows.filter(|row| row.package_version == package.version)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PageState {
    Served,
    Hidden,
    Differs,
    Unknown,
}

fn page_state(view: &SideView<'_>, other: Option<&SideView<'_>>, path: &FilePath) -> PageState {
    let answers = view.inventory.files.get(path);
    let mut state = PageState::Served;
    for portal in &view.identity().portals {
        let answer = answers.and_then(|answers| answers.get(portal));
        match answer.map(FileState::verdict) {
            Some(FileVerdict::Served) => {}
            Some(FileVerdict::Unknown) | None => state = PageState::Unknown,
            Some(FileVerdict::Missing) => return PageState::Hidden,
        }
    }
    if differ(served(view, path).chain(other.into_iter().flat_map(|other| served(other, path)))) {
        return PageState::Differs;
    }
    state
}

fn served<'a>(view: &SideView<'a>, path: &FilePath) -> impl Iterator<Item = &'a ServedFile> {
    let answers = view.inventory.files.get(path).into_iter().flatten();
    answers.filter_map(|(_, state)| match state {
        FileState::Served(file) => Some(file),
        _ => None,
    })
}

/// Whether two of these are known to be other bytes. A length or digest that is unknown
/// contradicts nothing.
fn differ<'a>(files: impl Iterator<Item = &'a ServedFile>) -> bool {
    let (mut length, mut digest) = (None, None);
    for file in files {
        if file.length.is_some() && *length.get_or_insert(file.length) != file.length {
            return true;
        }
        if let Some(told) = &file.digest
            && *digest.get_or_insert(told) != told
        {
            return true;
        }
    }
    false
}

/// What a package looks like before anything is written.
pub(super) fn state_before(view: &SideView<'_>, package: &Package) -> PackageState {
    let rows = || rows_of(view, package);
    let browser_loads = |path: &&FilePath| path.is_script_or_style();
    PackageState {
        status: package.status.clone(),
        uploaded: package.uploaded.clone(),
        updated_time: package.updated_time.clone(),
        ui_active: package.ui_active,
        file_rows: rows().map(|row| row.id.clone()).collect(),
        pages: rows()
            .map(|row| &row.path)
            .filter(browser_loads)
            .cloned()
            .collect(),
    }
}

/// The pages that a side lists for a plugin and at least one of its portals serves now.
pub(super) fn served_pages(view: &SideView<'_>, name: &PluginName) -> BTreeSet<FilePath> {
    let rows = view.rows(name).iter();
    rows.map(|row| &row.path)
        .filter(|path| path.is_script_or_style() && served(view, path).next().is_some())
        .cloned()
        .collect()
}

/// Each script and style sheet of a version that a portal of the side does not serve.
pub(super) fn not_served(
    view: &SideView<'_>,
    name: &PluginName,
    version: Option<&Version>,
) -> Vec<NotServed> {
    let rows = view.rows(name).iter();
    let rows = rows.filter(|row| version.is_none_or(|version| row.package_version == *version));
    let pages = rows.map(|row| &row.path);
    let pages: BTreeSet<_> = pages.filter(|path| path.is_script_or_style()).collect();
    let answers = pages.into_iter().flat_map(|path| {
        let answers = view.inventory.files.get(path).into_iter().flatten();
        answers.map(move |(portal, state)| (path, portal, state))
    });
    let not_served = answers.filter(|(_, _, state)| state.verdict() != FileVerdict::Served);
    let file = |(path, portal, state): (&FilePath, &Address, &FileState)| NotServed {
        path: path.clone(),
        portal: portal.clone(),
        state: state.clone(),
    };
    not_served.map(file).collect()
}

/// Whether people may see a page of the plugin on that side: one is served, or it is not known.
pub(super) fn may_show(view: &SideView<'_>, name: &PluginName) -> bool {
    let portals = &view.identity().portals;
    let open = |path: &FilePath| {
        let answers = view.inventory.files.get(path);
        let answer = |portal| answers.and_then(|answers| answers.get(portal));
        let unsettled = |state: Option<&FileState>| {
            matches!(
                state,
                None | Some(FileState::Served(_) | FileState::Unknown { .. })
            )
        };
        portals.is_empty() || portals.iter().any(|portal| unsettled(answer(portal)))
    };
    let mut pages = view.rows(name).iter().map(|row| &row.path);
    pages.any(|path| path.is_script_or_style() && open(path))
}

/// How many rows a side has for a version: what is known of its size.
pub(super) fn size(view: &SideView<'_>, name: &PluginName, version: &Version) -> usize {
    let rows = view.rows(name).iter();
    rows.filter(|row| row.package_version == *version).count()
}
