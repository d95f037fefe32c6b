//! What must be seen after a registration before it counts as done. Pure; `prove` does the reading.
//!
//! The traces that a registration leaves differ by version (`docs/platform/registration.md#traces-of-a-registration`): v4 gives the package's rows of `resource-files` new ids, from v4.2 on it also moves
//! `updatedTime` and sets `uiActive`; v3 moves `uploadTimestamp` and keeps the ids. A package without
//! UI leaves none on v4.0 and v4.1: then OK and the status are all that can be seen.

use std::collections::BTreeSet;

use super::model::{DifferingPage, NoEffect};
use crate::domain::{
    Address, Capabilities, FailureCause, FilePath, FileState, FileVerdict, PackageState,
    PackageStatus, PageStates, ServedFile,
};
use crate::i18n::Text;
use crate::plan::{RegisterReason, Step};

/// What a proof compares with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expectation<'a> {
    /// Whether the package has pages.
    pub(super) has_ui: bool,
    /// Whether it was named by hand: then it may have no instance.
    pub(super) named: bool,
    /// What the side's version does.
    pub(super) can: &'a Capabilities,
    /// The state that was read just before the first registration.
    pub(super) before: &'a PackageState,
}

impl<'a> Expectation<'a> {
    /// That of a step.
    pub(super) fn of(step: &Step, can: &'a Capabilities, before: &'a PackageState) -> Self {
        Self {
            has_ui: step.has_ui,
            named: step.reason == RegisterReason::Named,
            can,
            before,
        }
    }

    /// Whether the state shows that the registration took place.
    ///
    /// Times have a granularity of one second, so where the rows were renewed an `updatedTime` that
    /// is the same proves nothing against it.
    pub(super) fn judge(&self, now: &PackageState) -> Result<(), NoEffect> {
        if now.status != PackageStatus::Registered {
            return Err(NoEffect::Status {
                is: now.status.as_str().to_owned(),
            });
        }
        if self.can.moves_upload_time && now.uploaded == self.before.uploaded {
            return Err(NoEffect::UploadTimeNotMoved);
        }
        if self.has_ui {
            self.judge_ui(now)?;
        }
        let marked = now.updated_time.is_some() && now.updated_time != self.before.updated_time;
        if self.can.marks_update && !marked && !self.rows_renewed(now) {
            return Err(NoEffect::UpdateNotMarked);
        }
        Ok(())
    }

    fn judge_ui(&self, now: &PackageState) -> Result<(), NoEffect> {
        if self.can.ui_active && now.ui_active != Some(true) {
            return Err(NoEffect::UiNotActive);
        }
        if now.file_rows.is_empty() && self.may_be_unlisted() {
            return Ok(());
        }
        if now.pages.is_empty() {
            return Err(NoEffect::NothingListed);
        }
        if self.can.renews_resource_ids && !self.rows_renewed(now) {
            return Err(NoEffect::RowsNotRenewed);
        }
        Ok(())
    }

    /// v4.5 lists only plugins that have an instance. What the plan takes in by itself has one; what
    /// was named by hand may have none.
    fn may_be_unlisted(&self) -> bool {
        self.can.listing_needs_instance && self.named
    }

    fn rows_renewed(&self, now: &PackageState) -> bool {
        self.has_ui
            && self.can.renews_resource_ids
            && !now.file_rows.is_empty()
            && now.file_rows.is_disjoint(&self.before.file_rows)
    }

    /// Whether a registration whose answer was lost can be seen at all.
    pub(super) fn leaves_trace(&self) -> bool {
        self.before.status != PackageStatus::Registered
            || self.can.moves_upload_time
            || self.can.marks_update
            || (self.has_ui && self.can.renews_resource_ids)
    }

    /// Whether a time is the only trace: then it must be able to move, which it cannot within its
    /// granularity of the registration before.
    pub(super) fn needs_time_to_move(&self) -> bool {
        let renews = self.has_ui && self.can.renews_resource_ids;
        self.can.moves_upload_time || (self.can.marks_update && !renews)
    }
}

/// What has changed since the plan, as `field: planned → now`; none where the plan still holds.
///
/// Row ids and times may differ: somebody may have registered the same version meanwhile, and a
/// package's own failed tries may have renewed its rows. Where the other side's register of the same
/// plugin was sent in this run (`OtherSideCall::Sent`, one database), that is what made it REGISTERED.
pub(super) fn drift(
    planned: &PackageState,
    now: &PackageState,
    twin: OtherSideCall,
) -> Option<Text> {
    let by_twin = twin == OtherSideCall::Sent && now.status == PackageStatus::Registered;
    if now.status != planned.status && !by_twin {
        return Some(
            Text::new("apply-drift-status")
                .with("planned", planned.status.as_str())
                .with("now", now.status.as_str()),
        );
    }
    if planned.ui_active == Some(true)
        && now.ui_active == Some(false)
        && twin == OtherSideCall::NotSent
    {
        return Some(Text::new("apply-drift-ui-active"));
    }
    None
}

/// Whether the other side's register of the same plugin was sent in this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OtherSideCall {
    /// It was.
    Sent,
    /// It was not.
    NotSent,
}

/// What portals answered for the pages of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PageCheck {
    /// Not visible, for certain.
    pub(super) hidden: Vec<(FilePath, String, FileState)>,
    /// The answer says nothing of the page.
    pub(super) unread: Vec<(FilePath, String, FileState)>,
    /// Not the same everywhere.
    pub(super) differing: Vec<DifferingPage>,
}

impl PageCheck {
    /// Judges what every portal of a side answered. `elsewhere` is what the other side's portals
    /// answered, where its copies count too.
    pub(super) fn of(
        paths: &BTreeSet<FilePath>,
        portals: &[Address],
        seen: &PageStates,
        elsewhere: &PageStates,
    ) -> Self {
        let mut verdict = Self::default();
        for path in paths {
            let mut served: Vec<(String, ServedFile)> = Vec::new();
            for portal in portals {
                let state = seen.get(path).and_then(|states| states.get(portal));
                let place = (path.clone(), portal.as_str().to_owned());
                let state = state.cloned().unwrap_or_else(not_asked);
                match (state.verdict(), state) {
                    (_, FileState::Served(file)) => served.push((place.1, file)),
                    (FileVerdict::Unknown, state) => {
                        verdict.unread.push((place.0, place.1, state));
                    }
                    (_, state) => verdict.hidden.push((place.0, place.1, state)),
                }
            }
            for (portal, state) in elsewhere.get(path).into_iter().flatten() {
                if let FileState::Served(file) = state {
                    served.push((portal.as_str().to_owned(), file.clone()));
                }
            }
            if served.windows(2).any(|two| differs(&two[0].1, &two[1].1)) {
                verdict.differing.push(DifferingPage {
                    path: path.clone(),
                    served,
                });
            }
        }
        verdict
    }

    /// Whether every page is visible everywhere, and the same.
    pub(super) fn is_good(&self) -> bool {
        self.hidden.is_empty() && self.unread.is_empty() && self.differing.is_empty()
    }

    /// What is certainly wrong.
    pub(super) fn no_effect(&self) -> Option<NoEffect> {
        if !self.hidden.is_empty() {
            Some(NoEffect::PagesHidden {
                pages: self.hidden.clone(),
            })
        } else if !self.differing.is_empty() {
            Some(NoEffect::ContentDiffers {
                pages: self.differing.clone(),
            })
        } else {
            None
        }
    }

    /// The paths to ask for again.
    pub(super) fn open(&self) -> BTreeSet<FilePath> {
        let places = self.hidden.iter().chain(&self.unread);
        let paths = places.map(|(path, _, _)| path.clone());
        paths
            .chain(self.differing.iter().map(|page| page.path.clone()))
            .collect()
    }
}

/// A portal that says nothing of a path is as one that did not answer.
pub(super) fn not_asked() -> FileState {
    FileState::Unknown {
        cause: FailureCause::Unspecified,
    }
}

fn differs(a: &ServedFile, b: &ServedFile) -> bool {
    match (&a.digest, &b.digest) {
        (Some(a), Some(b)) => a != b,
        _ => a.length.zip(b.length).is_some_and(|(a, b)| a != b),
    }
}
