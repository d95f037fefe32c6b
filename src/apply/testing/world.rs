//! Two platform instances on one database, as far as `Effects` reaches, on virtual time.
//!
//! A registration takes as long as the package is large and then does what its script says; without a
//! script it works. The world keeps a log of what was really begun and ended, together with the events
//! that the run told, in one order.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::pending;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep};

use super::plans::named;
use crate::apply::effects::Effects;
use crate::apply::model::{Event, EventSink, SinkError};
use crate::domain::{
    Address, FailureKind, FilePath, FileState, PackageId, PackageState, PackageStatus, PageStates,
    ReadFailure, RegisterAnswer, RegisterError, ResourceFileId, ServedFile, Side, SystemVariable,
    Transience, VariableId,
};
use crate::plan::{DatabaseRelation, Plan, Step, StepId};
use crate::poll::{Dated, Demand};

/// What a registration does.
#[derive(Clone, Debug)]
pub(crate) enum Script {
    /// It works.
    Works,
    /// It works, and the answer is lost.
    WorksUnanswered,
    /// It never takes place, and the answer is lost.
    Vanishes,
    /// It never takes place, and something else answers in the place of core.
    Early(RegisterError),
    /// It is refused so until that time of the world.
    AwayUntil(Duration, RegisterError),
    /// It works, and no answer comes over a connection that stays.
    WorksHalfOpen,
    /// It is refused.
    Refused(RegisterError),
    /// The platform says OK and does nothing.
    NoEffect,
    /// The rows are renewed, but portals do not get the files.
    NoFiles,
    /// It works, and the other side lists a version afterwards that its portals lack.
    TakesOtherSide,
}

/// The two instances.
pub(crate) struct World {
    inner: Mutex<Inner>,
    steps: Vec<Step>,
    /// How long a read or a write of a variable takes at most.
    pub(crate) latency: Duration,
    /// Whether the platform does not say which row it created.
    pub(crate) hides_ids: bool,
    born: Instant,
}

struct Inner {
    packages: BTreeMap<PackageId, PackageState>,
    /// By database: the new side's is the only one unless both sides are on their own.
    variables: BTreeMap<Side, Vec<SystemVariable>>,
    is_separate: bool,
    served: BTreeMap<Side, BTreeSet<FilePath>>,
    scripts: BTreeMap<StepId, VecDeque<Script>>,
    in_flight: BTreeMap<Side, usize>,
    most_in_flight: BTreeMap<Side, usize>,
    reads_fail: Option<FailureKind>,
    /// What answers the next writes of variables in the place of core, and whether core carries them out.
    write_answers: VecDeque<(ReadFailure, bool)>,
    reads: BTreeMap<Side, usize>,
    refusals: u64,
    log: Vec<(Duration, Entry)>,
    rng: fastrand::Rng,
    serial: u32,
}

impl Inner {
    fn variables(&mut self, side: Side) -> &mut Vec<SystemVariable> {
        let database = if self.is_separate { side } else { Side::New };
        self.variables.entry(database).or_default()
    }
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a log of some hundred lines, matched on in tests"
)]
pub(crate) enum Entry {
    /// A registration arrived.
    Begun(StepId),
    /// It was answered (or would have been).
    Ended(StepId),
    /// A variable was written.
    VariableWritten,
    /// The run told this.
    Told(Event),
}

impl World {
    /// A world in which the plan's packages are as the plan saw them: registered, their pages served
    /// by no portal of the side that is written, and by every portal of the other.
    pub(crate) fn of(plan: &Plan) -> Self {
        let mut packages = BTreeMap::new();
        let mut served: BTreeMap<Side, BTreeSet<FilePath>> = BTreeMap::new();
        for step in &plan.steps {
            packages.insert(step.package.clone(), step.before.clone());
            let other = served.entry(step.id.side.other()).or_default();
            other.extend(step.watched.iter().cloned());
        }
        let inner = Inner {
            packages,
            variables: plan.variables_before.clone(),
            is_separate: plan.relation == DatabaseRelation::Separate,
            served,
            scripts: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            most_in_flight: BTreeMap::new(),
            reads_fail: None,
            write_answers: VecDeque::new(),
            reads: BTreeMap::new(),
            refusals: 0,
            log: Vec::new(),
            rng: fastrand::Rng::with_seed(1),
            serial: 0,
        };
        Self {
            inner: Mutex::new(inner),
            steps: plan.steps.clone(),
            latency: Duration::ZERO,
            hides_ids: false,
            born: Instant::now(),
        }
    }

    /// Says what the next registers of a step do, one after the other; then it works.
    pub(crate) fn script(&self, id: &StepId, scripts: impl IntoIterator<Item = Script>) -> &Self {
        let mut inner = self.inner();
        inner.scripts.entry(id.clone()).or_default().extend(scripts);
        drop(inner);
        self
    }

    /// Other chances.
    pub(crate) fn reseed(&self, seed: u64) {
        self.inner().rng = fastrand::Rng::with_seed(seed);
    }

    /// From now on every reading fails so.
    pub(crate) fn fail_reads(&self, kind: Option<FailureKind>) {
        self.inner().reads_fail = kind;
    }

    /// Something answers the next write of a variable in the place of core, which carries it out or not.
    /// Said more than once, it holds for as many writes.
    pub(crate) fn answer_write(&self, with: ReadFailure, is_carried_out: bool) {
        let mut inner = self.inner();
        inner.write_answers.push_back((with, is_carried_out));
    }

    /// Core is killed and started again: its port refused a connection meanwhile.
    pub(crate) fn restart_core(&self) {
        self.inner().refusals += 1;
    }

    /// Changes a package behind the run's back.
    pub(crate) fn change(&self, package: &PackageId, by: impl FnOnce(&mut PackageState)) {
        if let Some(state) = self.inner().packages.get_mut(package) {
            by(state);
        }
    }

    /// Changes the variables behind the run's back.
    pub(crate) fn change_variables(&self, by: impl FnOnce(&mut Vec<SystemVariable>)) {
        by(self.inner().variables(Side::New));
    }

    /// The variables now.
    pub(crate) fn variables_now(&self) -> Vec<SystemVariable> {
        self.variables_of(Side::New)
    }

    /// The variables of a side now.
    pub(crate) fn variables_of(&self, side: Side) -> Vec<SystemVariable> {
        self.inner().variables(side).clone()
    }

    /// The log so far.
    pub(crate) fn log(&self) -> Vec<(Duration, Entry)> {
        self.inner().log.clone()
    }

    /// Registrations that arrived, in order.
    pub(crate) fn begun(&self) -> Vec<StepId> {
        let log = self.log();
        log.into_iter()
            .filter_map(|(_, entry)| match entry {
                Entry::Begun(id) => Some(id),
                _ => None,
            })
            .collect()
    }

    /// Writes of any kind that arrived.
    pub(crate) fn writes(&self) -> usize {
        let log = self.log();
        let writes = log
            .iter()
            .filter(|(_, entry)| matches!(entry, Entry::Begun(_) | Entry::VariableWritten));
        writes.count()
    }

    /// The most registers that were in flight on a side.
    pub(crate) fn most_in_flight(&self, side: Side) -> usize {
        self.inner().most_in_flight.get(&side).copied().unwrap_or(0)
    }

    /// Whether every portal of a side serves these pages.
    pub(crate) fn serves(&self, side: Side, pages: &BTreeSet<FilePath>) -> bool {
        let inner = self.inner();
        let served = inner.served.get(&side);
        served.is_some_and(|served| pages.is_subset(served))
    }

    /// Portals of a side get these pages, late.
    pub(crate) fn serve(&self, side: Side, pages: &BTreeSet<FilePath>) {
        let mut inner = self.inner();
        let served = inner.served.entry(side).or_default();
        served.extend(pages.iter().cloned());
    }

    /// Portals of a side lose these pages.
    pub(crate) fn hide(&self, side: Side, pages: &BTreeSet<FilePath>) {
        let mut inner = self.inner();
        let served = inner.served.entry(side).or_default();
        served.retain(|page| !pages.contains(page));
    }

    /// How often a side's core was read.
    pub(crate) fn reads(&self, side: Side) -> usize {
        self.inner().reads.get(&side).copied().unwrap_or(0)
    }

    /// A sink that writes the log.
    pub(crate) fn sink(&self) -> LogSink<'_> {
        LogSink { world: self }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner
            .lock()
            .expect("no test panics while it holds the world")
    }

    fn note(&self, entry: Entry) {
        let at = self.born.elapsed();
        self.inner().log.push((at, entry));
    }

    async fn lag(&self) {
        let part = self.inner().rng.f64();
        sleep(self.latency.mul_f64(part)).await;
    }

    fn arrive(&self, step: &Step) -> Script {
        self.note(Entry::Begun(step.id.clone()));
        let mut inner = self.inner();
        let now = inner.in_flight.entry(step.id.side).or_default();
        *now += 1;
        let now = *now;
        let most = inner.most_in_flight.entry(step.id.side).or_default();
        *most = (*most).max(now);
        let script = inner
            .scripts
            .get_mut(&step.id)
            .and_then(VecDeque::pop_front);
        script.unwrap_or(Script::Works)
    }

    fn finish(&self, step: &Step) {
        self.note(Entry::Ended(step.id.clone()));
        if let Some(count) = self.inner().in_flight.get_mut(&step.id.side) {
            *count -= 1;
        }
    }

    fn take_effect(&self, step: &Step, script: &Script) {
        let mut inner = self.inner();
        inner.serial += 1;
        let serial = inner.serial;
        let Some(state) = inner.packages.get_mut(&step.package) else {
            return;
        };
        state.status = PackageStatus::Registered;
        if step.id.side == Side::New {
            let row = format!("row-{}-{serial}", step.id.name);
            state.file_rows = BTreeSet::from([ResourceFileId::new(row)]);
        } else {
            state.uploaded = Some(serial.to_string());
        }
        if matches!(script, Script::TakesOtherSide) {
            let path = format!("/ui-resources/{}/v9.9.9/a.js", step.id.name);
            state.pages = BTreeSet::from([FilePath::new(path)]);
        }
        let pages = state.pages.clone();
        if !matches!(script, Script::NoFiles) {
            inner.served.entry(step.id.side).or_default().extend(pages);
        }
    }

    fn read<T>(
        &self,
        side: Side,
        value: impl FnOnce(&mut Inner) -> Option<T>,
    ) -> Result<T, ReadFailure> {
        let mut inner = self.inner();
        *inner.reads.entry(side).or_default() += 1;
        let kind = inner.reads_fail.unwrap_or(FailureKind::Refused);
        let failure = ReadFailure {
            kind,
            operation: "packages.list",
            target: "GET http://new:8000/platform/v1/packages".to_owned(),
            cause: crate::domain::FailureCause::Said("told to fail".to_owned()),
        };
        if inner.reads_fail.is_some() {
            return Err(failure);
        }
        value(&mut inner).ok_or(failure)
    }
}

impl Effects for World {
    async fn register(&self, side: Side, package: &PackageId) -> RegisterAnswer {
        let mut steps = self.steps.iter();
        let step = steps
            .find(|step| step.id.side == side && step.package == *package)
            .expect("a run registers only what its plan names");
        let script = self.arrive(step);
        sleep(Duration::from_secs_f64(named::size(&step.version))).await;
        self.finish(step);
        let cause = crate::domain::FailureCause::Said("connection reset".to_owned());
        let lost = RegisterAnswer::Lost(RegisterError::lost(cause));
        match script {
            Script::Refused(error) => RegisterAnswer::Refused(error),
            Script::NoEffect => RegisterAnswer::Accepted,
            Script::Vanishes => lost,
            Script::Early(error) => RegisterAnswer::Lost(error),
            Script::AwayUntil(until, error) if self.born.elapsed() < until => {
                self.script(&step.id, [Script::AwayUntil(until, error.clone())]);
                RegisterAnswer::Refused(error)
            }
            Script::WorksHalfOpen => {
                self.take_effect(step, &script);
                pending().await
            }
            Script::WorksUnanswered => {
                self.take_effect(step, &script);
                lost
            }
            Script::Works | Script::NoFiles | Script::TakesOtherSide | Script::AwayUntil(..) => {
                self.take_effect(step, &script);
                RegisterAnswer::Accepted
            }
        }
    }

    fn core_refusals(&self, _: Side) -> u64 {
        self.inner().refusals
    }

    fn core_time(&self, _: Side) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_hours(24) + self.born.elapsed()
    }

    async fn package_state(
        &self,
        side: Side,
        package: &PackageId,
        _: Demand,
    ) -> Result<Dated<PackageState>, ReadFailure> {
        self.lag().await;
        let value = self.read(side, |inner| inner.packages.get(package).cloned())?;
        let begun = Instant::now();
        Ok(Dated { begun, value })
    }

    async fn pages(&self, side: Side, paths: &[FilePath]) -> PageStates {
        self.lag().await;
        let inner = self.inner();
        let served = inner.served.get(&side);
        let state = |path: &FilePath| {
            if served.is_some_and(|served| served.contains(path)) {
                FileState::Served(ServedFile {
                    length: Some(100),
                    etag: None,
                    digest: None,
                })
            } else {
                FileState::Missing
            }
        };
        let portal = Address::new(format!("http://{side}:8080"));
        let states = paths.iter().map(|path| {
            (
                path.clone(),
                [(portal.clone(), state(path))].into_iter().collect(),
            )
        });
        states.collect()
    }

    async fn variables(&self, side: Side) -> Result<Vec<SystemVariable>, ReadFailure> {
        self.lag().await;
        let read = self.read(side, |inner| Some(inner.variables(side).clone()));
        self.lag().await;
        read
    }

    async fn create_variable(
        &self,
        side: Side,
        row: &SystemVariable,
    ) -> Result<Option<VariableId>, ReadFailure> {
        self.lag().await;
        let answer = self.inner().write_answers.pop_front();
        if let Some((failure, false)) = answer {
            return Err(failure);
        }
        self.note(Entry::VariableWritten);
        let id = {
            let mut inner = self.inner();
            let id = VariableId::new(format!("sys_var_{:08x}", inner.rng.u32(..)));
            let row = SystemVariable {
                id: id.clone(),
                ..row.clone()
            };
            inner.variables(side).push(row);
            id
        };
        self.lag().await;
        let told = (!self.hides_ids).then_some(id);
        answer.map_or(Ok(told), |(failure, _)| Err(failure))
    }

    async fn update_variable(&self, side: Side, row: &SystemVariable) -> Result<(), ReadFailure> {
        self.lag().await;
        let answer = self.inner().write_answers.pop_front();
        if let Some((failure, false)) = answer {
            return Err(failure);
        }
        self.note(Entry::VariableWritten);
        let mut inner = self.inner();
        let mut rows = inner.variables(side).iter_mut();
        if let Some(there) = rows.find(|there| there.id == row.id) {
            there.clone_from(row);
        }
        answer.map_or(Ok(()), |(failure, _)| Err(failure))
    }

    async fn delete_variable(&self, side: Side, id: &VariableId) -> Result<(), ReadFailure> {
        self.lag().await;
        let answer = self.inner().write_answers.pop_front();
        if let Some((failure, false)) = answer {
            return Err(failure);
        }
        self.note(Entry::VariableWritten);
        self.inner().variables(side).retain(|row| row.id != *id);
        answer.map_or(Ok(()), |(failure, _)| Err(failure))
    }
}

/// Writes events into the world's log.
pub(crate) struct LogSink<'a> {
    world: &'a World,
}

impl EventSink for LogSink<'_> {
    fn on_event(&mut self, event: &Event) -> Result<(), SinkError> {
        self.world.note(Entry::Told(event.clone()));
        Ok(())
    }
}

/// A refusal of the static host's ssh.
pub(crate) fn refusal(transience: Transience) -> RegisterError {
    RegisterError {
        transience,
        detail: crate::domain::FailureCause::Said(
            "run remote ssh command to target H fail,exit status 255".to_owned(),
        ),
        cause: "ssh_connection",
        shared: false,
        retry_after: None,
    }
}
