//! What comes out of carrying out a plan, and what is told on the way.

use std::time::Duration;

use super::effects::RegisterError;
use crate::domain::{
    FilePath, FileState, PackageId, PluginName, ReadFailure, Side, SystemVariable, Version,
};
use crate::plan::{Reason, StepId};

/// How one package ended (architecture, invariant 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageResult {
    /// Side and plugin.
    pub id: StepId,
    /// Version.
    pub version: Option<Version>,
    /// Package.
    pub package: Option<PackageId>,
    /// The result.
    pub result: StepResult,
    /// Register calls made.
    pub attempts: u32,
    /// From the first call to the proof.
    pub duration: Duration,
}

/// The one result type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// Registered and proven.
    Done,
    /// Refused, or proven not to be so.
    Failed(Failure),
    /// Left out; nobody is needed.
    Skipped(Reason),
    /// Left out; a person is needed.
    Blocked(Reason),
    /// The platform said OK, its state says otherwise.
    NoEffect(NoEffect),
    /// An answer was lost (or the proof could not be read), and state did not show the effect in time.
    Unknown {
        /// What happened.
        cause: String,
    },
}

impl StepResult {
    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Skipped(_) => "skipped",
            Self::Blocked(_) => "blocked",
            Self::NoEffect(_) => "no_effect",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The platform refused it.
    Refused(RegisterError),
    /// It was not started: the canary failed for a reason that all would share.
    CanaryStopped,
    /// It was not started: state had changed since the plan (what changed).
    Drifted {
        /// What had changed, as `field: planned → now`.
        what: String,
    },
    /// It was not started: the run was interrupted or stopped by an earlier finding.
    Stopped,
}

/// OK without effect: what should have changed and did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoEffect {
    /// The status is not REGISTERED.
    Status {
        /// What it is.
        is: String,
    },
    /// The rows of `resource-files` kept their ids (v4).
    RowsNotRenewed,
    /// `uploadTimestamp` did not move (v3).
    UploadTimeNotMoved,
    /// `updatedTime` did not move (v4.2 on).
    UpdateNotMarked,
    /// `uiActive` is not set (v4.2 on).
    UiNotActive,
    /// No page is listed for a package with UI.
    NothingListed,
    /// Pages are not visible on every portal of the side.
    PagesHidden {
        /// Which, and how each portal answered.
        pages: Vec<(FilePath, String, FileState)>,
    },
}

/// What became of the variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableResult {
    /// Nothing was written.
    Unchanged {
        /// The row, where there is one.
        row: Option<SystemVariable>,
    },
    /// It was created and read again.
    Created {
        /// The row as read.
        row: SystemVariable,
        /// Rows of ours that were removed again because another run had created one first.
        removed_own: bool,
    },
    /// It was changed and read again.
    Updated {
        /// The row before.
        before: SystemVariable,
        /// The row as read.
        after: SystemVariable,
    },
    /// The write failed or its effect could not be read.
    Failed {
        /// Why.
        failure: ReadFailure,
    },
    /// The platform said OK, reading it again says otherwise.
    NoEffect {
        /// What is there now.
        rows: Vec<SystemVariable>,
    },
}

/// A system variable that is not as it was before the run (other than the one that was set).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableChange {
    /// Name and package or source, for people.
    pub name: String,
    /// The row before; none where it is new.
    pub before: Option<SystemVariable>,
    /// The row after; none where it is gone.
    pub after: Option<SystemVariable>,
    /// Whether the plan had said so.
    pub foretold: bool,
}

/// A page of the old side that was visible before the run and is not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenPage {
    /// The side that lost it.
    pub side: Side,
    /// The plugin.
    pub name: PluginName,
    /// Its path.
    pub path: FilePath,
    /// The portal.
    pub portal: String,
    /// How it answers now.
    pub state: FileState,
}

/// What carrying out a plan came to.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplyReport {
    /// Every package of the plan, steps and left-out ones, sorted by side and name.
    pub packages: Vec<PackageResult>,
    /// The variable.
    pub variable: VariableResult,
    /// Variables that switched.
    pub variable_changes: Vec<VariableChange>,
    /// Pages of the other side that broke.
    pub broken: Vec<BrokenPage>,
    /// Why the run stopped early, where it did.
    pub stopped: Option<StopCause>,
    /// Figures of the schedule.
    pub schedule: Schedule,
}

/// Why a run stopped early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopCause {
    /// The canary failed for a reason that all would share.
    Canary(RegisterError),
    /// The canary broke the other side's pages.
    BrokeOtherSide,
    /// The variable could not be set.
    Variable,
    /// SIGINT.
    Interrupted,
    /// SIGTERM.
    Terminated,
}

/// Figures of the schedule.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Schedule {
    /// The upper bound.
    pub parallel: usize,
    /// The most that were in flight at once.
    pub peak: usize,
    /// The longest chain of measured durations along dependencies.
    pub critical_path: Duration,
    /// The sum of all durations.
    pub work: Duration,
    /// From the first call to the last proof.
    pub wall: Duration,
}

/// Told on the way; fanned out to the journal, progress and the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The variable is about to be written; durable in the journal before the request leaves.
    VariableIntended {
        /// `create` or `update`.
        action: &'static str,
        /// The row before.
        before: Option<SystemVariable>,
        /// The row that shall be.
        after: SystemVariable,
    },
    /// The variable's result.
    VariableSettled(VariableResult),
    /// A register is about to be sent; durable in the journal before the request leaves.
    Started {
        /// The step.
        id: StepId,
        /// Its package.
        package: PackageId,
        /// Its version.
        version: Version,
        /// Which call of this step it is, from 1.
        attempt: u32,
        /// Calls in flight with this one.
        in_flight: usize,
        /// Whether it is the canary.
        canary: bool,
    },
    /// The answer was overload: it is tried again later with fewer in flight.
    Deferred {
        /// The step.
        id: StepId,
        /// The platform's words.
        message: String,
        /// In flight allowed from now on.
        limit: usize,
    },
    /// The answer was lost; state is being read.
    Watching {
        /// The step.
        id: StepId,
        /// What happened.
        cause: String,
    },
    /// The answer was OK; its effect is being read.
    Proving {
        /// The step.
        id: StepId,
    },
    /// A package ended.
    Settled(PackageResult),
    /// A page of the other side broke.
    Broke(BrokenPage),
}

/// Where events go. Called in order, from one task; `Started` and `VariableIntended` must be durable
/// when it returns.
pub trait EventSink: Send {
    /// Takes one event.
    fn take(&mut self, event: &Event) -> Result<(), SinkError>;
}

/// The journal could not be written: nothing may be sent without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkError(pub String);
