//! The mark by which two hosts notice each other: an inactive system variable of ours on the platform,
//! there as long as a run writes. It names the registrations that are in flight.
//!
//! Creating a row is not atomic and names are not unique (`docs/platform/variables.md#create`). So each
//! run creates its own mark first and then reads all of them: who sees another one does not write. Of
//! two runs at once at least the later reader sees both, so never both write. The run whose mark sorts
//! first waits a while for the other one to give way.
//!
//! A run renews its mark, and a mark that is not renewed is of a run that was killed. It sends nothing
//! any more, but what it named as in flight may go on: that is left alone until it must have ended. A
//! run that could not renew its mark in time, because it was suspended or cut off, looks for others
//! before it sends anything.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::sleep;

use super::effects::Effects;
use super::flight::LONGEST_REGISTRATION;
use super::options::{ApplyOptions, OpenRegistration};
use crate::domain::{
    Address, FailureCause, PackageId, RUN_MARK, ReadFailure, RegisterError, Side, SystemVariable,
    Transience, VariableId,
};
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::{DatabaseRelation, Plan};
use crate::poll::Poll;

/// How often a run renews its mark.
const RENEWED_EVERY: Duration = Duration::from_secs(30);
/// A mark that was not renewed for so long is of a run that was killed.
const SILENT_AFTER: Duration = Duration::from_mins(3);
/// A run whose mark is older than this looks for other runs before it sends anything.
const DOUBTED_AFTER: Duration = Duration::from_mins(1);
/// Removing a mark is tried so often.
const REMOVALS: u32 = 3;
/// What fits into the column (`varchar(4096)`).
const LONGEST_VALUE: usize = 4000;

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

impl MarkOwner {
    /// Whether a mark is of a run on this state directory.
    pub fn is_of(&self, mark: &SystemVariable) -> bool {
        state_of(mark) == Some(self.state.as_str())
    }
}

/// The state directory that a mark names.
fn state_of(mark: &SystemVariable) -> Option<&str> {
    mark.value.split_whitespace().nth(2)
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
    /// The marks cannot be read; nothing was written.
    Unread(ReadFailure),
    /// The mark was sent and is not there.
    Unconfirmed(ReadFailure),
}

impl Failure for MarkError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Held { .. } => Outcome::Locked,
            Self::Unread(failure) | Self::Unconfirmed(failure) => failure.outcome(),
        }
    }

    fn message(&self) -> Text {
        let failed = |text: Text, failure: &ReadFailure| {
            text.with("name", RUN_MARK)
                .nested("failure", failure.message())
        };
        match self {
            Self::Held { who, .. } => Text::new("apply-mark-held").with("who", who),
            Self::Unread(failure) => failed(Text::new("apply-mark-unread"), failure),
            Self::Unconfirmed(failure) if failure.may_have_arrived() => {
                failed(Text::new("apply-mark-failed"), failure)
            }
            Self::Unconfirmed(failure) => failed(Text::new("apply-mark-refused"), failure),
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
            Self::Unread(failure) | Self::Unconfirmed(failure) => failure.hints(),
        }
    }
}

/// The marks of a run, one per database that it writes.
pub struct RunMark<'a, E> {
    effects: &'a E,
    owner: &'a MarkOwner,
    rows: Vec<(Side, SystemVariable)>,
    flight: Mutex<Flight>,
    /// Held while the marks are written.
    writing: tokio::sync::Mutex<()>,
}

/// What the marks name, and when they were renewed last.
struct Flight {
    packages: BTreeSet<(Side, PackageId)>,
    written: BTreeSet<(Side, PackageId)>,
    /// By core's clock, which goes on while the run is suspended.
    renewed: SystemTime,
}

impl<'a, E: Effects> RunMark<'a, E> {
    /// Sets the marks, or says who else writes; then none of them is left. Also gives the registrations
    /// of the plan that killed runs of other hosts may still have in flight.
    pub async fn set(
        effects: &'a E,
        owner: &'a MarkOwner,
        (plan, sides): (&Plan, &[Side]),
        options: &ApplyOptions,
    ) -> Result<(Self, Vec<OpenRegistration>), MarkError> {
        let mut marks = Self {
            effects,
            owner,
            rows: Vec::new(),
            flight: Mutex::new(Flight {
                packages: BTreeSet::new(),
                written: BTreeSet::new(),
                renewed: UNIX_EPOCH,
            }),
            writing: tokio::sync::Mutex::new(()),
        };
        marks.flight().renewed = effects.core_time(sides.first().copied().unwrap_or(Side::New));
        let mut open = Vec::new();
        for side in sides {
            match marks.set_on(*side, options).await {
                Ok(dead) => open.extend(dead.iter().flat_map(|mark| mark.open(plan, *side))),
                Err(error) => {
                    marks.remove().await;
                    return Err(error);
                }
            }
        }
        Ok((marks, open))
    }

    /// Renews the marks for as long as it is polled. One that cannot be renewed is tried again before
    /// it expires.
    pub async fn keep(&self) -> Infallible {
        loop {
            sleep(RENEWED_EVERY).await;
            let _writing = self.writing.lock().await;
            drop(self.write().await);
        }
    }

    /// Names a package on the marks before its registration is sent.
    ///
    /// # Errors
    ///
    /// If that could not be written, or another run writes meanwhile: then nothing may be sent.
    pub(super) async fn announce(
        &self,
        side: Side,
        package: &PackageId,
    ) -> Result<(), RegisterError> {
        let entry = (side, package.clone());
        self.flight().packages.insert(entry.clone());
        let _writing = self.writing.lock().await;
        let (is_written, renewed) = {
            let flight = self.flight();
            (flight.written.contains(&entry), flight.renewed)
        };
        let age = self.now().duration_since(renewed);
        let is_doubted = age.map_or(true, |age| age >= DOUBTED_AFTER);
        if is_written && !is_doubted {
            return Ok(());
        }
        let mut written = self.write().await.map_err(MarkError::Unconfirmed);
        if written.is_ok() && is_doubted {
            written = self.still_alone().await;
        }
        written.map_err(|error| {
            self.ended(side, package);
            refused(&error)
        })
    }

    /// The registration of a package has ended.
    pub(super) fn ended(&self, side: Side, package: &PackageId) {
        self.flight().packages.remove(&(side, package.clone()));
    }

    /// Removes the marks and gives those that stay: they name registrations that may still be running,
    /// or could not be removed. They expire.
    pub async fn remove(&mut self) -> Vec<(Side, VariableId)> {
        if !self.flight().packages.is_empty() {
            drop(self.write().await);
            return self.ids();
        }
        let mut left = Vec::new();
        for (side, row) in std::mem::take(&mut self.rows) {
            if !self.removed(side, &row.id).await {
                left.push((side, row.id));
            }
        }
        left
    }

    fn ids(&self) -> Vec<(Side, VariableId)> {
        let rows = self.rows.iter();
        rows.map(|(side, row)| (*side, row.id.clone())).collect()
    }

    fn now(&self) -> SystemTime {
        let side = self.rows.first().map_or(Side::New, |(side, _)| *side);
        self.effects.core_time(side)
    }

    async fn removed(&self, side: Side, id: &VariableId) -> bool {
        for _ in 0..REMOVALS {
            if self.effects.delete_variable(side, id).await.is_ok() {
                return true;
            }
            if let Ok(marks) = self.marks(side).await
                && marks.iter().all(|mark| mark.row.id != *id)
            {
                return true;
            }
        }
        false
    }

    fn flight(&self) -> MutexGuard<'_, Flight> {
        self.flight.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the marks as of now.
    async fn write(&self) -> Result<(), ReadFailure> {
        let packages = self.flight().packages.clone();
        let named = named(&packages).ok_or_else(super::flight::not_asked)?;
        let begun = self.now();
        for (side, row) in &self.rows {
            let row = SystemVariable {
                id: row.id.clone(),
                default_value: named.clone(),
                ..self.row(*side)
            };
            self.effects.update_variable(*side, &row).await?;
        }
        let mut flight = self.flight();
        flight.written = packages;
        flight.renewed = begun;
        drop(flight);
        Ok(())
    }

    /// Whether the marks are still there, and no other run's.
    async fn still_alone(&self) -> Result<(), MarkError> {
        for (side, row) in &self.rows {
            let marks = self.marks(*side).await?;
            if let Some(other) = self.other(&marks) {
                return Err(other.held(*side));
            }
            if marks.iter().all(|mark| mark.row.id != row.id) {
                return Err(MarkError::Unconfirmed(super::flight::not_asked()));
            }
        }
        Ok(())
    }

    /// Sets the mark on one side and gives those of killed runs that name something.
    async fn set_on(&mut self, side: Side, options: &ApplyOptions) -> Result<Vec<Mark>, MarkError> {
        let row = self.row(side);
        let marks = self.marks(side).await?;
        if let Some(other) = self.other(&marks) {
            return Err(other.held(side));
        }
        let (ended, dead): (Vec<_>, Vec<_>) = marks
            .into_iter()
            .partition(|mark| self.is_own(mark) || mark.age == Age::Ended);
        for mark in ended {
            self.removed(side, &mark.row.id).await;
        }
        let created = self.effects.create_variable(side, &row).await;
        let failure = created.err();
        // What something between us and core answers says nothing of core: the row tells.
        let within = match &failure {
            Some(failure) if !failure.may_have_arrived() => options.proof.state_grace,
            _ => options.variable.settle,
        };
        let timings = &options.proof;
        let mut poll = Poll::new(timings.poll_first, timings.poll_longest);
        loop {
            let read = self.marks(side).await;
            let marks = read.as_deref().unwrap_or_default();
            // More than one if a token was refused in between and the create was sent again.
            let is_own = |mark: &&Mark| mark.row.value == row.value;
            let own = marks.iter().find(is_own);
            let other = self.other(marks);
            if own.is_some() {
                self.rows.retain(|(kept, _)| *kept != side);
                let own = marks.iter().filter(is_own);
                self.rows.extend(own.map(|mark| (side, mark.row.clone())));
            }
            let first = own.is_some_and(|own| other.is_none_or(|it| own.row.id < it.row.id));
            match other {
                None if own.is_some() => return Ok(dead),
                Some(other) if !first => return Err(other.held(side)),
                _ => {}
            }
            if !poll.again(within).await {
                if let Some(other) = other {
                    return Err(other.held(side));
                }
                let unread = read.err().map(|error| match error {
                    MarkError::Unread(failure) => MarkError::Unconfirmed(failure),
                    other => other,
                });
                let failure = failure.unwrap_or_else(super::flight::not_asked);
                return Err(unread.unwrap_or(MarkError::Unconfirmed(failure)));
            }
        }
    }

    async fn marks(&self, side: Side) -> Result<Vec<Mark>, MarkError> {
        let all = self.effects.variables(side).await;
        let mut all = all.map_err(MarkError::Unread)?;
        all.retain(SystemVariable::is_run_mark);
        let mark = |row: SystemVariable| Mark {
            age: self.age(&row),
            row,
        };
        Ok(all.into_iter().map(mark).collect())
    }

    fn is_own(&self, mark: &Mark) -> bool {
        self.owner.is_of(&mark.row)
    }

    /// The mark of another run that is alive; the first by id, as every run sorts them.
    fn other<'m>(&self, marks: &'m [Mark]) -> Option<&'m Mark> {
        let others = marks.iter().filter(|mark| !self.is_own(mark));
        let others = others.filter(|mark| mark.age == Age::Alive);
        others.min_by(|a, b| a.row.id.cmp(&b.row.id))
    }

    /// The age is told by the clock of the core that wrote it; if that is not one of ours, or the mark
    /// cannot be read, it counts as alive.
    fn age(&self, row: &SystemVariable) -> Age {
        let mut words = row.value.split_whitespace();
        let at = words.next().and_then(|at| at.parse::<u64>().ok());
        let core = words.next().unwrap_or_default();
        let mut cores = self.owner.cores.iter();
        let Some((at, (side, _))) = at.zip(cores.find(|(_, own)| own.as_str() == core)) else {
            return Age::Alive;
        };
        let now = seconds(self.effects.core_time(*side));
        let age = Duration::from_secs(now.saturating_sub(at));
        let last_sent = age.saturating_sub(DOUBTED_AFTER);
        if last_sent >= LONGEST_REGISTRATION {
            Age::Ended
        } else if age >= SILENT_AFTER {
            Age::Silent { last_sent }
        } else {
            Age::Alive
        }
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

/// A mark on the platform.
struct Mark {
    row: SystemVariable,
    age: Age,
}

/// What the time of a mark tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Age {
    /// Its run renewed it lately, as far as can be told.
    Alive,
    /// Its run was killed.
    Silent {
        /// It sent nothing since, this long.
        last_sent: Duration,
    },
    /// Whatever its run had in flight has ended, too.
    Ended,
}

impl Mark {
    fn who(&self) -> String {
        let who = self.row.value.splitn(4, ' ').nth(3);
        who.unwrap_or(&self.row.value).escape_debug().to_string()
    }

    fn held(&self, side: Side) -> MarkError {
        MarkError::Held {
            side,
            who: self.who(),
            id: self.row.id.clone(),
        }
    }

    /// What its run may still have in flight, of the packages of a plan.
    fn open(&self, plan: &Plan, side: Side) -> Vec<OpenRegistration> {
        let Age::Silent { last_sent } = self.age else {
            return Vec::new();
        };
        let named = serde_json::from_str::<Vec<(String, String)>>(&self.row.default_value);
        let named = named.unwrap_or_default();
        let separate = plan.relation == DatabaseRelation::Separate;
        let steps = plan.steps.iter().filter(|step| {
            let mut named = named.iter().map(|(_, package)| package.as_str());
            (!separate || step.id.side == side) && named.any(|it| it == step.package.as_str())
        });
        let open = steps.map(|step| OpenRegistration {
            id: step.id.clone(),
            package: step.package.clone(),
            before: None,
            age: last_sent,
            run: self.who(),
        });
        open.collect()
    }
}

/// The packages as a mark names them; `None` if that is longer than its column.
fn named(packages: &BTreeSet<(Side, PackageId)>) -> Option<String> {
    let packages: Vec<_> = packages
        .iter()
        .map(|(side, package)| (side.as_str(), package.as_str()))
        .collect();
    let named = serde_json::to_string(&packages).ok()?;
    (named.len() <= LONGEST_VALUE).then_some(named)
}

/// Why a registration was not sent.
fn refused(error: &MarkError) -> RegisterError {
    let (detail, transience, known) = match error {
        MarkError::Held { who, .. } => {
            let detail = FailureCause::OtherRun(who.clone());
            (detail, Transience::Permanent, None)
        }
        MarkError::Unread(failure) | MarkError::Unconfirmed(failure) => (
            failure.located_cause(),
            Transience::Away,
            RegisterError::shared_by_all(failure),
        ),
    };
    RegisterError {
        transience,
        detail,
        cause: known.map_or("run_mark", |known| known.cause),
        shared: true,
        retry_after: None,
    }
}

fn seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
