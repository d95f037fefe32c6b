//! The mark by which two hosts notice each other: an inactive system variable of ours on the platform,
//! there as long as a run writes.
//!
//! Creating a row is not atomic and names are not unique (`docs/platform/variables.md#create`). So each
//! run creates its own mark first and then reads all of them: who sees another one does not write. Of
//! two runs at once at least the later reader sees both, so never both write. The run whose mark sorts
//! first waits a while for the other one to give way.

use std::convert::Infallible;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::sleep;

use super::effects::Effects;
use super::flight::LONGEST_REGISTRATION;
use super::options::ApplyOptions;
use crate::domain::{Address, RUN_MARK, ReadFailure, Side, SystemVariable, VariableId};
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::poll::Poll;

/// A mark that was not renewed for so long is of a run that was killed: what it sent has ended.
const EXPIRES: Duration = LONGEST_REGISTRATION;
/// How often a run renews its mark.
const RENEWED_EVERY: Duration = Duration::from_mins(5);
/// Removing a mark is tried so often.
const REMOVALS: u32 = 3;

/// Who runs, as a mark says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkOwner {
    /// Id of the state directory. Two runs on one of them exclude each other by its lock, so a mark of
    /// the same owner is of a run that was killed.
    pub state: String,
    /// For people: `USER@HOST`.
    pub who: String,
    /// Core of each side, whose clock tells the age of marks.
    pub cores: Vec<(Side, Address)>,
}

/// Why a run may not write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkError {
    /// Another run writes.
    Held {
        /// The side through which its mark is seen.
        side: Side,
        /// Who runs.
        who: String,
        /// The mark.
        id: VariableId,
    },
    /// The mark cannot be set or read.
    Failed(ReadFailure),
}

impl Failure for MarkError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Held { .. } => Outcome::Locked,
            Self::Failed(failure) => failure.outcome(),
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::Held { who, .. } => Text::new("apply-mark-held").with("who", who),
            Self::Failed(failure) => Text::new("apply-mark-failed")
                .with("name", RUN_MARK)
                .nested("failure", failure.message()),
        }
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::Held { side, id, .. } => vec![
                Text::new("apply-mark-held-hint")
                    .with("name", RUN_MARK)
                    .with("id", id)
                    .with("side", side),
            ],
            Self::Failed(failure) => failure.hints(),
        }
    }
}

/// The marks of a run, one per database that it writes.
pub struct RunMark<'a, E> {
    effects: &'a E,
    owner: &'a MarkOwner,
    rows: Vec<(Side, SystemVariable)>,
}

impl<'a, E: Effects> RunMark<'a, E> {
    /// Sets the marks, or says who else writes; then none of them is left.
    pub async fn set(
        effects: &'a E,
        owner: &'a MarkOwner,
        sides: &[Side],
        options: &ApplyOptions,
    ) -> Result<Self, MarkError> {
        let mut marks = Self {
            effects,
            owner,
            rows: Vec::new(),
        };
        for side in sides {
            if let Err(error) = marks.set_on(*side, options).await {
                marks.remove().await;
                return Err(error);
            }
        }
        Ok(marks)
    }

    /// Renews the marks for as long as it is polled. One that cannot be renewed is tried again before
    /// it expires.
    pub async fn keep(&self) -> Infallible {
        loop {
            sleep(RENEWED_EVERY).await;
            for (side, row) in &self.rows {
                let row = SystemVariable {
                    id: row.id.clone(),
                    ..self.row(*side)
                };
                drop(self.effects.update_variable(*side, &row).await);
            }
        }
    }

    /// Removes the marks. One that cannot be removed expires.
    pub async fn remove(&mut self) {
        for (side, row) in std::mem::take(&mut self.rows) {
            for _ in 0..REMOVALS {
                if self.effects.delete_variable(side, &row.id).await.is_ok() {
                    break;
                }
            }
        }
    }

    async fn set_on(&mut self, side: Side, options: &ApplyOptions) -> Result<(), MarkError> {
        let row = self.row(side);
        let mine = |mark: &SystemVariable| state_of(mark) == Some(self.owner.state.as_str());
        for dead in self.marks(side).await?.iter().filter(|mark| mine(mark)) {
            let removed = self.effects.delete_variable(side, &dead.id).await;
            removed.map_err(MarkError::Failed)?;
        }
        if let Some(other) = self.other(&self.marks(side).await?) {
            return Err(held(side, other));
        }
        let lost = match self.effects.create_variable(side, &row).await {
            Ok(_) => None,
            Err(failure) if failure.may_have_arrived() => Some(failure),
            Err(failure) => return Err(MarkError::Failed(failure)),
        };
        let timings = &options.proof;
        let mut poll = Poll::new(timings.poll_first, timings.poll_longest);
        loop {
            let marks = self.marks(side).await?;
            let own = marks.iter().find(|mark| mark.value == row.value);
            let other = self.other(&marks);
            self.rows.retain(|(kept, _)| *kept != side);
            self.rows.extend(own.map(|own| (side, own.clone())));
            let first = own.is_some_and(|own| other.is_none_or(|other| own.id < other.id));
            match other {
                None if own.is_some() => return Ok(()),
                Some(other) if !first => return Err(held(side, other)),
                _ => {}
            }
            if !poll.again(options.variable.settle).await {
                let failure = lost.unwrap_or_else(super::variable::not_asked);
                let other = other.map(|other| held(side, other));
                return Err(other.unwrap_or(MarkError::Failed(failure)));
            }
        }
    }

    async fn marks(&self, side: Side) -> Result<Vec<SystemVariable>, MarkError> {
        let all = self.effects.variables(side).await;
        let mut marks = all.map_err(MarkError::Failed)?;
        marks.retain(SystemVariable::is_run_mark);
        Ok(marks)
    }

    /// The mark of another run that is alive; the first by id, as every run sorts them.
    fn other<'m>(&self, marks: &'m [SystemVariable]) -> Option<&'m SystemVariable> {
        let others = marks.iter().filter(|mark| {
            state_of(mark) != Some(self.owner.state.as_str()) && !self.has_expired(mark)
        });
        others.min_by(|a, b| a.id.cmp(&b.id))
    }

    /// The age is told by the clock of the core that wrote it; if that is not one of ours, or the mark
    /// cannot be read, it counts as alive.
    fn has_expired(&self, mark: &SystemVariable) -> bool {
        let mut words = mark.value.split_whitespace();
        let at = words.next().and_then(|at| at.parse::<u64>().ok());
        let core = words.next().unwrap_or_default();
        let mut cores = self.owner.cores.iter();
        let Some((at, (side, _))) = at.zip(cores.find(|(_, own)| own.as_str() == core)) else {
            return false;
        };
        let now = seconds(self.effects.core_time(*side));
        now.saturating_sub(at) >= EXPIRES.as_secs()
    }

    /// The mark of this run as of now: time by core's clock, core, state directory, who.
    fn row(&self, side: Side) -> SystemVariable {
        let mut cores = self.owner.cores.iter();
        let core = cores.find(|(own, _)| *own == side);
        let core = core.map_or("-", |(_, core)| core.as_str());
        let at = seconds(self.effects.core_time(side));
        let MarkOwner { state, who, .. } = self.owner;
        SystemVariable {
            id: VariableId::new(""),
            name: RUN_MARK.to_owned(),
            value: format!("{at} {core} {state} {who}"),
            default_value: String::new(),
            scope: "global".to_owned(),
            source: "wecubectl".to_owned(),
            status: "inactive".to_owned(),
            package_name: String::new(),
        }
    }
}

fn held(side: Side, mark: &SystemVariable) -> MarkError {
    let who = mark.value.splitn(4, ' ').nth(3).unwrap_or(&mark.value);
    MarkError::Held {
        side,
        who: who.escape_debug().to_string(),
        id: mark.id.clone(),
    }
}

fn state_of(mark: &SystemVariable) -> Option<&str> {
    mark.value.split_whitespace().nth(2)
}

fn seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
