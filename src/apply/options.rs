//! What the caller of [`run`](super::run()) may set. The defaults are those of a run on real platforms;
//! demonstrations and tests shorten the waits.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{PackageId, PackageState};
use crate::plan::StepId;

/// How a plan is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplyOptions {
    /// Upper bound of registers in flight, both sides together; at least 1.
    pub parallel: usize,
    /// Whether the number in flight follows what the host can do.
    pub pace: Pace,
    /// How long a lost answer's effect (or a proof that cannot be read) is waited for.
    pub unknown_after: Duration,
    /// How long a registration whose answer was lost counts as in flight, where a side takes several at
    /// once. A registration takes about a second (`docs/platform/concurrency.md#what-limits-it`), so after a minute it is
    /// either done or was never begun.
    pub lost_holds: Duration,
    /// How long the check before a registration counts (one that is older when its turn comes is made
    /// again), and how old the reading may be that it rests on.
    pub check_holds: Duration,
    /// Waits of the proof.
    pub proof: ProofTimings,
    /// Waits around the variable.
    pub variable: VariableTimings,
    /// When and how often something is tried again.
    pub retry: RetryLimits,
    /// After the first signal: how long calls in flight may take to end and be proven.
    pub interrupt_grace: Duration,
    /// When the time of the run is over: from then on nothing is started, and what is in flight ends.
    pub stop_at: Option<Instant>,
    /// Seed of the jitter, so that a run can be repeated.
    pub seed: u64,
    /// What is known of earlier runs.
    pub earlier: EarlierRuns,
}

/// What earlier runs left open and what they measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EarlierRuns {
    /// Registrations that may still be running: [`settle`](super::settle()) was given them and could not
    /// tell. They are not sent.
    pub open: Vec<OpenRegistration>,
    /// How long ago a create of the variable was sent, if one is open.
    pub creating: Option<Duration>,
    /// How long registrations took.
    pub durations: BTreeMap<StepId, Duration>,
}

/// A registration that an earlier run, here or on another host, sent without learning how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRegistration {
    /// Side and plugin.
    pub id: StepId,
    /// Its package.
    pub package: PackageId,
    /// The state before it and whether the package has pages, if that is known and tells the effect.
    pub before: Option<(PackageState, bool)>,
    /// How long ago it was sent.
    pub age: Duration,
    /// The run that sent it.
    pub run: String,
}

/// Whether the number in flight follows what the host can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Begins at `start` (or at the upper bound, where that is lower) and follows what is measured.
    Adaptive {
        /// Calls in flight at first.
        start: usize,
    },
    /// Always the upper bound.
    Fixed,
}

/// Waits of the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofTimings {
    /// How long a proof that nobody waits for is put off, so that one reading serves many.
    pub batch: Duration,
    /// First wait between two readings.
    pub poll_first: Duration,
    /// Longest wait between two readings; each is twice the one before.
    pub poll_longest: Duration,
    /// How long only the answer to a registration is waited for; then the state is looked at too.
    pub look_after: Duration,
    /// How long the state may lag behind the answer. Both generations commit before they answer
    /// (`docs/platform/registration.md#steps-on-v4`); what may lag is a database replica.
    pub state_grace: Duration,
    /// How long pages may lag behind the state: portals may read the files from a network file system.
    pub page_grace: Duration,
    /// Granularity of `updatedTime` and `uploadTimestamp`, rounding included: two registers closer
    /// together than this may carry the same time.
    pub time_granularity: Duration,
}

/// Waits around the variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariableTimings {
    /// Least wait between a create and the reading that looks for another run's row.
    pub quiet: Duration,
    /// How long a row that is not ours is given to go away.
    pub settle: Duration,
}

/// When and how often something is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryLimits {
    /// Tries in concurrency; the ones after are made alone.
    pub shared_attempts: u32,
    /// How long a host may be away before a step counts as failed.
    pub outage: Duration,
    /// Overload answers to tries made alone before the step counts as failed.
    pub solo_attempts: u32,
    /// The same while nobody has succeeded for long.
    pub solo_attempts_in_streak: u32,
    /// So many failures in a row on a side are "long".
    pub streak: u32,
    /// Bounds of the first wait; between them it is the measured duration of a registration.
    pub first_wait: (Duration, Duration),
    /// Longest wait.
    pub longest_wait: Duration,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            parallel: 8,
            pace: Pace::Adaptive { start: 4 },
            unknown_after: Duration::from_mins(5),
            lost_holds: Duration::from_mins(1),
            check_holds: Duration::from_secs(7),
            proof: ProofTimings::default(),
            variable: VariableTimings::default(),
            retry: RetryLimits::default(),
            interrupt_grace: Duration::from_secs(10),
            stop_at: None,
            seed: 0,
            earlier: EarlierRuns::default(),
        }
    }
}

impl Default for ProofTimings {
    fn default() -> Self {
        Self {
            batch: Duration::from_secs(3),
            poll_first: Duration::from_millis(250),
            poll_longest: Duration::from_secs(2),
            look_after: Duration::from_secs(3),
            state_grace: Duration::from_secs(2),
            page_grace: Duration::from_secs(10),
            time_granularity: Duration::from_secs(2),
        }
    }
}

impl Default for VariableTimings {
    fn default() -> Self {
        Self {
            quiet: Duration::from_millis(500),
            settle: Duration::from_secs(10),
        }
    }
}

impl Default for RetryLimits {
    fn default() -> Self {
        Self {
            shared_attempts: 8,
            solo_attempts: 8,
            solo_attempts_in_streak: 2,
            streak: 16,
            outage: Duration::from_secs(40),
            first_wait: (Duration::from_millis(50), Duration::from_secs(2)),
            longest_wait: Duration::from_secs(15),
        }
    }
}
