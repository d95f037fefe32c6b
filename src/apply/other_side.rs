//! Looks after the pages of the side that is not written, where both stand on one database.
//!
//! A registration on one side can take a page from the other in two ways: its files go, or the other
//! side's rows come to name files that its portals lack (`docs/platform/two-instances.md#what-a-registration-changes-on-the-other-side`). So what is asked is both what the other side served before and what it lists for the
//! package now.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;

use super::context::RunContext;
use super::effects::Effects;
use super::model::BrokenPage;
use super::proof::not_asked;
use crate::domain::{Address, FilePath, FileState, FileVerdict, PageStates, PluginName, Side};
use crate::plan::Step;
use crate::poll::Demand;

/// Readings of the other side that are made at once.
const READINGS: usize = 4;

/// How the other side's pages were before anything was written.
pub(super) struct OtherSide<'a, E> {
    context: RunContext<'a, E>,
    before: BTreeMap<Side, PageStates>,
}

/// A step whose register was sent, and the pages that its own side lists for it now, where that was
/// read.
#[derive(Clone, Copy, Debug)]
pub(super) struct SentStep<'a> {
    pub(super) step: &'a Step,
    pub(super) listed: Option<&'a BTreeSet<FilePath>>,
}

/// What asking again came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct OtherSideDamage {
    /// Visible before, not any more.
    pub(super) broken: Vec<BrokenPage>,
    /// No answer.
    pub(super) unasked: Vec<BrokenPage>,
}

impl OtherSideDamage {
    /// What was found in the end: what broke stays said although it may have come back.
    pub(super) fn followed_by(mut self, later: Self) -> Self {
        let known: BTreeSet<_> = self.broken.iter().map(place).collect();
        let new: Vec<_> = later
            .broken
            .into_iter()
            .filter(|page| !known.contains(&place(page)))
            .collect();
        self.broken.extend(new);
        Self {
            broken: self.broken,
            unasked: later.unasked,
        }
    }
}

/// Where a page is.
fn place(page: &BrokenPage) -> (Side, FilePath, String) {
    (page.side, page.path.clone(), page.portal.clone())
}

type Paths = BTreeMap<FilePath, PluginName>;

impl<'a, E: Effects> OtherSide<'a, E> {
    /// Asks for every page that some step watches. What does not answer now counts as visible, as
    /// the plan says.
    pub(super) async fn before(context: RunContext<'a, E>) -> Self {
        let mut before = BTreeMap::new();
        for side in [Side::Old, Side::New] {
            let steps = context.plan.steps.iter();
            let steps = steps.filter(|step| step.id.side.other() == side);
            let paths: BTreeSet<_> = steps.flat_map(|step| &step.watched).cloned().collect();
            if !paths.is_empty() {
                let paths: Vec<_> = paths.into_iter().collect();
                before.insert(side, context.effects.pages(side, &paths).await);
            }
        }
        Self { context, before }
    }

    /// Nothing was asked: nothing will be written.
    pub(super) fn unknown(context: RunContext<'a, E>) -> Self {
        Self {
            context,
            before: BTreeMap::new(),
        }
    }

    /// Asks again for what these steps could have broken.
    pub(super) async fn after(&self, sent: &[SentStep<'_>]) -> OtherSideDamage {
        let mut all = OtherSideDamage::default();
        for side in [Side::Old, Side::New] {
            let (paths, unread) = self.paths(side, sent).await;
            all.unasked.extend(unread);
            if !paths.is_empty() {
                let found = self.ask(side, paths).await;
                all.broken.extend(found.broken);
                all.unasked.extend(found.unasked);
            }
        }
        all
    }

    /// Every path that the side may show for these steps' plugins, and what could not be read.
    async fn paths(&self, side: Side, sent: &[SentStep<'_>]) -> (Paths, Vec<BrokenPage>) {
        let watching = sent
            .iter()
            .filter(|sent| sent.step.id.side.other() == side && !sent.step.watched.is_empty());
        let mut paths = Paths::new();
        let mut changed = Vec::new();
        for sent in watching {
            let name = &sent.step.id.name;
            paths.extend(
                sent.step
                    .watched
                    .iter()
                    .map(|path| (path.clone(), name.clone())),
            );
            let same = |listed: &BTreeSet<FilePath>| listed.is_subset(&sent.step.watched);
            if !sent.listed.is_some_and(same) {
                changed.push(sent.step);
            }
        }
        let (effects, demand) = (self.context.effects, Demand::now());
        let readings = futures::stream::iter(changed).map(|step| async move {
            (
                step,
                effects.package_state(side, &step.package, demand).await,
            )
        });
        let readings: Vec<_> = readings.buffer_unordered(READINGS).collect().await;
        let mut unread = Vec::new();
        for (step, reading) in readings {
            let name = step.id.name.clone();
            match reading {
                Ok(state) => {
                    paths.extend(
                        state
                            .value
                            .pages
                            .into_iter()
                            .map(|path| (path, name.clone())),
                    );
                }
                Err(failure) => unread.extend(step.watched.first().map(|path| BrokenPage {
                    side,
                    name,
                    path: path.clone(),
                    portal: String::new(),
                    state: FileState::Unknown {
                        cause: failure.located_cause(),
                    },
                    predicted: false,
                })),
            }
        }
        (paths, unread)
    }

    /// Asks for the paths; what is not visible is asked for again for a short while.
    async fn ask(&self, side: Side, paths: Paths) -> OtherSideDamage {
        let options = self.context.options;
        let mut poll = self.context.poll();
        let mut open = paths;
        loop {
            let asked: Vec<_> = open.keys().cloned().collect();
            let now = self.context.effects.pages(side, &asked).await;
            let found = self.compare(side, &open, &now);
            let bad = found.broken.iter().chain(&found.unasked);
            let bad: BTreeSet<_> = bad.map(|page| page.path.clone()).collect();
            open.retain(|path, _| bad.contains(path));
            if open.is_empty() || !poll.again(options.proof.state_grace).await {
                return found;
            }
        }
    }

    fn compare(&self, side: Side, paths: &Paths, now: &PageStates) -> OtherSideDamage {
        let portals = self
            .context
            .facts(side)
            .map(|facts| &facts.identity.portals);
        let mut found = OtherSideDamage::default();
        for (path, name) in paths {
            for portal in portals.into_iter().flatten() {
                let state = now.get(path).and_then(|states| states.get(portal));
                let state = state.cloned().unwrap_or_else(not_asked);
                if matches!(state, FileState::Served(_))
                    || !self.was_visible(side, name, path, portal)
                {
                    continue;
                }
                let unknown = state.verdict() == FileVerdict::Unknown;
                let page = BrokenPage {
                    side,
                    name: name.clone(),
                    path: path.clone(),
                    portal: portal.as_str().to_owned(),
                    state,
                    predicted: self.context.plan.predicts_loss(side, name),
                };
                if unknown {
                    found.unasked.push(page);
                } else {
                    found.broken.push(page);
                }
            }
        }
        found
    }

    /// Whether the portal showed the page before: the path itself or, where the path is new there,
    /// some page of the plugin.
    fn was_visible(
        &self,
        side: Side,
        name: &PluginName,
        path: &FilePath,
        portal: &Address,
    ) -> bool {
        let before = self.before.get(&side);
        let at_portal = |path: &FilePath| {
            let states = before.and_then(|before| before.get(path));
            let state = states.and_then(|states| states.get(portal));
            state.is_none_or(|state| state.verdict() != FileVerdict::Missing)
        };
        let steps = self.context.plan.steps.iter();
        let mut watched = steps
            .filter(|step| step.id.side.other() == side && step.id.name == *name)
            .flat_map(|step| &step.watched);
        let steps = self.context.plan.steps.iter();
        let known = steps
            .filter(|step| step.id.side.other() == side)
            .any(|step| step.watched.contains(path));
        if known {
            at_portal(path)
        } else {
            watched.any(at_portal)
        }
    }
}

#[cfg(test)]
#[path = "other_side/tests.rs"]
mod tests;
