//! What comes out of carrying out a plan, and what is told on the way.

use std::time::Duration;

use super::cancel::Signal;
use crate::domain::{
    FailureCause, FilePath, FileState, PackageId, PackageState, PluginName, ReadFailure,
    RegisterError, ServedFile, Side, SystemVariable, Version,
};
use crate::i18n::Text;
use crate::plan::{SkipReason, StepId};

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
    /// From the first call to the answer of the last one, or to the end where none came.
    pub duration: Duration,
    /// How long ago the reading began that shows the effect.
    pub reading_age: Option<Duration>,
}

/// The one result type.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum StepResult {
    /// Registered and proven.
    Done,
    /// Refused, or proven not to be so.
    Failed(StepFailure),
    /// Left out; nobody is needed.
    Skipped(SkipReason),
    /// Left out; a person is needed.
    Blocked(SkipReason),
    /// The platform said OK, its state says otherwise.
    NoEffect(NoEffect),
    /// The run ended before its turn came.
    NotStarted(NotStarted),
    /// An answer was lost (or the proof could not be read), and state did not show the effect in time.
    Unknown {
        /// What happened.
        cause: UnknownCause,
    },
}

/// Why it is not known how a registration ended. It is not sent again in this run.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum UnknownCause {
    /// Core did not answer, and the state did not show the effect in time.
    AnswerLost {
        /// What came instead.
        error: RegisterError,
    },
    /// Core did not answer, and this platform version leaves no trace of such a registration (v4.0 and
    /// v4.1, a package without UI that was REGISTERED before).
    NoTrace {
        /// What came instead.
        error: RegisterError,
    },
    /// The platform said OK, but the state could not be read.
    StateUnread {
        /// The last failure.
        failure: ReadFailure,
    },
    /// The platform said OK and the state shows it, but portals did not answer.
    PagesUnread {
        /// Which pages, which portal, why.
        pages: Vec<(FilePath, String, FileState)>,
    },
    /// The run was interrupted while it was in flight or its effect was being read.
    Interrupted,
}

impl UnknownCause {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

impl StepResult {
    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        self.into()
    }
}

/// Why a run ended before the turn of a step came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum NotStarted {
    /// The canary failed for a reason that all would share.
    #[strum(serialize = "canary_stopped")]
    CanaryFailed,
    /// The run was interrupted, or stopped for the reason that [`ApplyReport::stopped`] gives.
    #[strum(serialize = "stopped")]
    RunStopped,
}

impl NotStarted {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepFailure {
    /// The platform refused it.
    Refused(RegisterError),
    /// It was not started: state had changed since the plan (what changed).
    Drifted {
        /// What had changed.
        what: Text,
    },
    /// It was not started: its state could not be read to see whether the plan still holds.
    Unchecked {
        /// Why.
        failure: ReadFailure,
    },
    /// It was refused for a reason that may pass, and the run stopped before it was tried again.
    NotRetried,
}

/// OK without effect: what should have changed and did not.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum NoEffect {
    /// The status is not REGISTERED.
    #[strum(serialize = "not_registered")]
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
    #[strum(serialize = "not_listed")]
    NothingListed,
    /// Pages are not visible on every portal of the side.
    PagesHidden {
        /// Which, and how each portal answered.
        pages: Vec<(FilePath, String, FileState)>,
    },
    /// A page has another length (with `--deep` other bytes) on another portal.
    ContentDiffers {
        /// Which, and what each portal serves.
        pages: Vec<DifferingPage>,
    },
}

impl NoEffect {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// A page that is not the same on every portal that serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferingPage {
    /// Its path.
    pub path: FilePath,
    /// Portal by portal.
    pub served: Vec<(String, ServedFile)>,
}

/// What became of the variable.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
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
    /// Nothing was written: what is there is not what the plan was made from.
    Drifted {
        /// The row that the plan saw; none where it saw none.
        planned: Option<SystemVariable>,
        /// What is there now.
        rows: Vec<SystemVariable>,
    },
    /// The write failed or its effect could not be read.
    Failed {
        /// Why.
        failure: ReadFailure,
    },
    /// Nothing was written: nobody said whether an old instance keeps running.
    #[strum(serialize = "blocked")]
    Undecided {
        /// What a launch uses.
        effective: Option<String>,
        /// What it should use if an old instance keeps running.
        wanted: String,
    },
    /// The platform said OK, reading it again says otherwise.
    NoEffect {
        /// What is there now.
        rows: Vec<SystemVariable>,
    },
}

impl VariableResult {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// Whether a row was written, as far as is known.
    pub fn is_written(&self) -> bool {
        matches!(self, Self::Created { .. } | Self::Updated { .. })
    }
}

/// A system variable that is not as it was before the run (other than the one that was set).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableDiff {
    /// The side through which it is seen.
    pub side: Side,
    /// Name and package or source, for people.
    pub name: String,
    /// The row before; none where it is new.
    pub before: Option<SystemVariable>,
    /// The row after; none where it is gone.
    pub after: Option<SystemVariable>,
    /// Whether the plan had said so.
    pub predicted: bool,
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
    /// Whether the plan said that it would be lost.
    pub predicted: bool,
}

/// What carrying out a plan came to.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplyReport {
    /// Every package of the plan, steps and left-out ones, sorted by side and name.
    pub packages: Vec<PackageResult>,
    /// The variable.
    pub variable: VariableResult,
    /// Variables that switched.
    pub variable_changes: Vec<VariableDiff>,
    /// Pages of the other side that broke.
    pub broken: Vec<BrokenPage>,
    /// Pages of the other side that could not be asked again: whether they broke is not known.
    pub unasked: Vec<BrokenPage>,
    /// Why the run stopped early, where it did.
    pub stopped: Option<StopCause>,
    /// Figures of the schedule.
    pub schedule: ScheduleStats,
}

/// Why a run stopped early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopCause {
    /// The canary failed for a reason that all would share.
    Canary(RegisterError),
    /// The canary broke the other side's pages.
    BrokeOtherSide,
    /// The variable could not be set. What refuses it (token, permission, reachability) would refuse
    /// the registers too, and the upgrade document wants it first: so nothing is registered.
    Variable,
    /// The journal could not be written; nothing is sent without it.
    Journal(SinkError),
    /// SIGINT.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// The time of the run is over: what is in flight ends, nothing else is started.
    Deadline,
}

impl From<Signal> for StopCause {
    fn from(signal: Signal) -> Self {
        match signal {
            Signal::Interrupt => Self::Interrupted,
            Signal::Terminate => Self::Terminated,
        }
    }
}

/// Figures of the schedule.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScheduleStats {
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
    VariableWriteStarted {
        /// What is about to be done.
        action: VariableAction,
        /// The row before.
        before: Option<SystemVariable>,
        /// The row that shall be; none where it is removed.
        after: Option<SystemVariable>,
    },
    /// The variable's result.
    VariableFinished(VariableResult),
    /// A registration is about to be sent; durable in the journal before the request leaves.
    Started {
        /// The step.
        id: StepId,
        /// Whether its package has pages.
        has_ui: bool,
        /// Its state before.
        before: PackageState,
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
    /// It has ended for a reason that may pass: it is tried again later.
    Deferred {
        /// The step.
        id: StepId,
        /// The platform's words.
        message: FailureCause,
        /// In flight allowed from now on.
        limit: usize,
    },
    /// The answer was lost; state is being read.
    AnswerLost {
        /// The step.
        id: StepId,
        /// What happened.
        cause: FailureCause,
    },
    /// The answer was OK; its effect is being read.
    Verifying {
        /// The step.
        id: StepId,
    },
    /// A package ended.
    Finished(PackageResult),
    /// A page of the other side broke.
    PageBroken(BrokenPage),
    /// Nothing new is started from now on.
    Stopping(StopCause),
}

/// A write of the variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum VariableAction {
    /// A row is created.
    Create,
    /// A row is written whole.
    Update,
    /// A row that this run created is removed again, because another run's is there.
    RemoveOwn,
}

impl VariableAction {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// Where events go. Called in order, from one task; `Started` and `VariableWriteStarted` must be durable
/// when it returns.
pub trait EventSink: Send {
    /// Takes one event.
    fn on_event(&mut self, event: &Event) -> Result<(), SinkError>;
}

/// The journal could not be written: nothing may be sent without it. Says what, where and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkError(pub Text);
