//! Carries out the registers of a plan: one task that owns all state, asks the scheduler what may
//! start, and waits for calls, proofs, times and signals.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until};

use super::call::{Call, Completion, CompletionKind, PreCheck, Proof, Watched};
use super::context::RunContext;
use super::effects::Effects;
use super::emitter::EventEmitter;
use super::model::{
    Event, NotStarted, PackageResult, StepFailure, StepResult, StopCause, UnknownCause,
};
use super::other_side::{OtherSide, OtherSideDamage, SentStep};
use super::proof::OtherSideCall;
use super::schedule::{Blocked, Decision, Ended, Scheduler};
use super::shared_failure::shared_failure;
use crate::domain::{
    FailureCause, FilePath, PackageState, PluginName, RegisterAnswer, RegisterError, Transience,
};
use crate::plan::{DatabaseRelation, SkipReason, Step, StepId};
use crate::poll::Demand;

/// What carrying out the registers came to.
pub(super) struct CoordinatorReport {
    /// Every step, once.
    pub(super) results: Vec<PackageResult>,
    /// Pages that each step's side lists for it, where its proof read them.
    pub(super) listed: BTreeMap<StepId, BTreeSet<FilePath>>,
    /// What the canary did to the other side.
    pub(super) damage: OtherSideDamage,
    pub(super) stopped: Option<StopCause>,
    pub(super) peak: usize,
    pub(super) wall: Duration,
}

/// The registers of a plan while they are carried out.
pub(super) struct Coordinator<'r, 'o, 'a, E> {
    context: RunContext<'a, E>,
    emitter: &'r mut EventEmitter<'o>,
    other_side: &'r OtherSide<'a, E>,
    steps: BTreeMap<&'a StepId, &'a Step>,
    scheduler: Scheduler,
    running: FuturesUnordered<BoxFuture<'a, Completion>>,
    progress: BTreeMap<StepId, Progress>,
    results: BTreeMap<StepId, PackageResult>,
    listed: BTreeMap<StepId, BTreeSet<FilePath>>,
    damage: OtherSideDamage,
    stopped: Option<StopCause>,
    /// After a signal: when waiting ends.
    deadline: Option<Instant>,
    first_sent: Option<Duration>,
    last_end: Duration,
}

/// A step that was begun.
#[derive(Clone, Debug, Default)]
struct Progress {
    call: CallState,
    /// When its first request left.
    sent: Option<Duration>,
    /// When its last call was sent.
    last_sent: Option<Duration>,
    /// When it was answered; its proof may wait for those of others.
    answered: Option<Duration>,
    /// When the reading began that shows its effect.
    read: Option<Instant>,
    /// When its state was checked.
    checked: Option<Duration>,
    /// A try of its own came after that check and was refused: it may have left something behind, and
    /// the next try's effect must not be told by it.
    stale: bool,
    /// Its state then.
    before: Option<PackageState>,
    /// How its answer was lost.
    lost: Option<RegisterError>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum CallState {
    /// Nothing was sent, or it was refused and is tried again.
    #[default]
    Unsent,
    /// A request left, and how it ended is not known yet.
    Sent,
}

enum WakeReason {
    Completion(Completion),
    Time,
    Signal,
    GiveUp,
}

impl<'r, 'o, 'a, E: Effects> Coordinator<'r, 'o, 'a, E> {
    /// Carries them out.
    pub(super) async fn carry_out(
        context: RunContext<'a, E>,
        emitter: &'r mut EventEmitter<'o>,
        other_side: &'r OtherSide<'a, E>,
        stopped: Option<StopCause>,
    ) -> CoordinatorReport {
        let (scheduler, blocked) = Scheduler::new(context.plan, context.options);
        let steps = context.plan.steps.iter().map(|step| (&step.id, step));
        let mut this = Self {
            context,
            emitter,
            other_side,
            steps: steps.collect(),
            scheduler,
            running: FuturesUnordered::new(),
            progress: BTreeMap::new(),
            results: BTreeMap::new(),
            listed: BTreeMap::new(),
            damage: OtherSideDamage::default(),
            stopped: None,
            deadline: None,
            first_sent: None,
            last_end: Duration::ZERO,
        };
        if let Some(cause) = stopped {
            this.stop(cause);
        }
        this.record_blocked(blocked);
        for open in &context.options.earlier.open {
            let error = RegisterError::lost(FailureCause::SentByRun(open.run.clone()));
            this.leave_open(&open.id, error);
        }
        this.run().await;
        this.finish()
    }

    /// A registration of an earlier run may still be running: its package is not sent, and on one
    /// database not through the other side either.
    fn leave_open(&mut self, id: &StepId, error: RegisterError) {
        let separate = self.context.plan.relation == DatabaseRelation::Separate;
        let twin = Some(on_other_side(id)).filter(|_| !separate);
        for id in [Some(id.clone()), twin].into_iter().flatten() {
            if !self.results.contains_key(&id) {
                let error = error.clone();
                let cause = UnknownCause::AnswerLost { error };
                self.settle(&id, StepResult::Unknown { cause });
            }
        }
    }

    async fn run(&mut self) {
        loop {
            self.heed_signal();
            self.finish_canary().await;
            self.heed_signal();
            self.start_ready();
            if let Some(error) = self.emitter.failure().cloned() {
                self.stop(StopCause::Journal(error));
            }
            let now = self.now();
            let wake = self.scheduler.next_wake(now);
            if self.running.is_empty() && wake.is_none() {
                return;
            }
            match self.wait(wake).await {
                WakeReason::Completion(finished) => self.on_finished(finished),
                WakeReason::Time => {}
                WakeReason::Signal => self.heed_signal(),
                WakeReason::GiveUp => self.abandon(),
            }
        }
    }

    async fn wait(&mut self, wake: Option<Duration>) -> WakeReason {
        let begun = self.context.begun;
        let cancel = self.context.cancel;
        let stop_at = self
            .context
            .options
            .stop_at
            .filter(|_| self.stopped.is_none());
        tokio::select! {
            biased;
            () = cancel.aborting() => WakeReason::GiveUp,
            _ = cancel.stopping(), if self.deadline.is_none() => WakeReason::Signal,
            Some(finished) = self.running.next() => WakeReason::Completion(finished),
            () = sleep_until(self.deadline.unwrap_or(begun)), if self.deadline.is_some() => WakeReason::GiveUp,
            () = sleep_until(stop_at.unwrap_or(begun)), if stop_at.is_some() => WakeReason::Time,
            () = sleep_until(begun + wake.unwrap_or_default()), if wake.is_some() => WakeReason::Time,
        }
    }

    fn start_ready(&mut self) {
        while let Some(id) = self.scheduler.next_check(self.now()) {
            let Some(call) = self.call(&id) else {
                let failure = super::flight::not_asked();
                self.settle(&id, StepResult::Failed(StepFailure::Unchecked { failure }));
                continue;
            };
            self.check(&id, call);
            self.progress.insert(id, Progress::default());
        }
        while let Some(id) = self.scheduler.next(self.now()) {
            let Some(call) = self.call(&id) else { continue };
            if self.check_is_old(&id) {
                self.check(&id, call);
            } else {
                self.send(&id, call);
            }
        }
    }

    /// Looks at the state before a call. A reading that others made serves too, unless something of
    /// this run was done to the package, or nothing was read since the mark of the run was set.
    fn check(&mut self, id: &StepId, call: Call<'a, E>) {
        let twin = self.twin(id);
        let untouched = twin == OtherSideCall::NotSent && self.scheduler.attempts(id) == 0;
        let demand = if untouched && !self.scheduler.in_canary_group(id) {
            Demand::within(self.context.options.check_holds)
        } else {
            Demand::now()
        };
        self.running.push(call.check(twin, demand));
    }

    /// Whether the step was checked so long ago, or tried since, that its call needs another look.
    fn check_is_old(&self, id: &StepId) -> bool {
        let Some(progress) = self.progress.get(id) else {
            return false;
        };
        let age = progress.checked.map(|at| self.now().saturating_sub(at));
        progress.stale || age.is_some_and(|age| age > self.context.options.check_holds)
    }

    fn send(&mut self, id: &StepId, call: Call<'a, E>) {
        let now = self.now();
        let before = self.before(id, call.step);
        let started = Event::Started {
            id: id.clone(),
            has_ui: call.step.has_ui,
            before: before.clone(),
            package: call.step.package.clone(),
            version: call.step.version.clone(),
            attempt: self.scheduler.attempts(id) + 1,
            in_flight: self.scheduler.in_flight(now),
            canary: self.context.plan.canary.as_ref() == Some(id),
        };
        self.heed_signal();
        if self.stopped.is_none()
            && let Err(error) = self.emitter.announce(&started)
        {
            self.stop(StopCause::Journal(error));
        }
        if self.stopped.is_some() {
            self.settle(id, self.unfinished(id));
            return;
        }
        self.scheduler.on_sent(id, now);
        let progress = self.progress.entry(id.clone()).or_default();
        progress.sent.get_or_insert(now);
        progress.last_sent = Some(now);
        self.first_sent.get_or_insert(now);
        progress.call = CallState::Sent;
        self.running.push(call.register(before));
    }

    fn on_finished(&mut self, finished: Completion) {
        let Completion { id, kind } = finished;
        let Some(call) = self.call(&id) else { return };
        match kind {
            CompletionKind::Checked(PreCheck::Holds(state)) => {
                let now = self.now();
                let progress = self.progress.entry(id.clone()).or_default();
                progress.before = Some(state);
                progress.checked = Some(now);
                progress.stale = false;
                if self.scheduler.has_place(&id) {
                    self.send(&id, call);
                } else {
                    self.scheduler.on_checked(&id);
                }
            }
            CompletionKind::Checked(PreCheck::Drifted(what)) => {
                self.settle(&id, StepResult::Failed(StepFailure::Drifted { what }));
            }
            CompletionKind::Checked(PreCheck::Unread(failure)) => {
                self.settle(&id, StepResult::Failed(StepFailure::Unchecked { failure }));
            }
            CompletionKind::Answered(answer) => self.on_answer(&id, call, answer),
            CompletionKind::Watched(watched) => self.on_watched(&id, call, watched),
            CompletionKind::Judged(Proof::Proven { listed, read }) => {
                self.progress.entry(id.clone()).or_default().read = Some(read);
                self.listed.insert(id.clone(), listed);
                self.settle(&id, StepResult::Done);
            }
            CompletionKind::Judged(Proof::NoEffect(no_effect)) => {
                self.settle(&id, StepResult::NoEffect(no_effect));
            }
            CompletionKind::Judged(Proof::Unknown(cause)) => {
                self.settle(&id, StepResult::Unknown { cause });
            }
        }
    }

    fn before(&self, id: &StepId, step: &Step) -> PackageState {
        let before = self.progress.get(id).and_then(|p| p.before.clone());
        before.unwrap_or_else(|| step.before.clone())
    }

    fn on_answer(&mut self, id: &StepId, call: Call<'a, E>, answer: RegisterAnswer) {
        let now = self.now();
        match answer {
            RegisterAnswer::Accepted => self.on_done(id, call),
            RegisterAnswer::Lost(error) => {
                self.scheduler.on_lost(id, now);
                self.emitter.emit(&Event::AnswerLost {
                    id: id.clone(),
                    cause: error.detail.clone(),
                });
                let progress = self.progress.entry(id.clone()).or_default();
                progress.lost = Some(error);
                let age = now.saturating_sub(progress.last_sent.unwrap_or(now));
                self.running
                    .push(call.watch(self.before(id, call.step), age));
            }
            RegisterAnswer::Refused(error) => self.on_refused(id, call, error),
        }
    }

    fn on_watched(&mut self, id: &StepId, call: Call<'a, E>, watched: Watched) {
        match watched {
            Watched::Effect => {
                // How long the answer took is not known.
                self.scheduler.on_lost(id, self.now());
                self.on_done(id, call);
            }
            Watched::Ended => {
                let error = RegisterError {
                    transience: Transience::Away,
                    ..RegisterError::lost(FailureCause::CoreRestarted)
                };
                self.on_refused(id, call, error);
            }
            Watched::Unknown => {
                let lost = self.progress.get(id).and_then(|p| p.lost.clone());
                let error = lost.unwrap_or_else(|| RegisterError::lost(FailureCause::Unspecified));
                let cause = if call.leaves_trace(&self.before(id, call.step)) {
                    UnknownCause::AnswerLost { error }
                } else {
                    UnknownCause::NoTrace { error }
                };
                self.settle(id, StepResult::Unknown { cause });
            }
        }
    }

    /// The platform said OK, or the state says so.
    fn on_done(&mut self, id: &StepId, call: Call<'a, E>) {
        call.ended();
        let now = self.now();
        self.scheduler.on_accepted(id, now);
        self.progress.entry(id.clone()).or_default().answered = Some(now);
        self.emitter.emit(&Event::Verifying { id: id.clone() });
        let wait = if self.scheduler.proof_is_awaited(id, now) {
            Duration::ZERO
        } else {
            self.context.options.proof.batch
        };
        self.running
            .push(call.prove(self.before(id, call.step), wait));
    }

    /// It has ended without effect.
    fn on_refused(&mut self, id: &StepId, call: Call<'a, E>, error: RegisterError) {
        call.ended();
        match self.scheduler.on_refused(id, &error, self.now()) {
            Decision::Final => self.settle(id, StepResult::Failed(StepFailure::Refused(error))),
            Decision::Deferred { limit } => {
                let progress = self.progress.entry(id.clone()).or_default();
                progress.call = CallState::Unsent;
                progress.stale = true;
                self.emitter.emit(&Event::Deferred {
                    id: id.clone(),
                    message: error.detail,
                    limit,
                });
            }
        }
    }

    /// Ends a step and blocks what cannot be done without it. Once the run has stopped nobody is
    /// blocked by a step in particular: all that is left was not started, for the same reason.
    fn settle(&mut self, id: &StepId, result: StepResult) {
        let ended = match &result {
            StepResult::Done => Ended::Proven,
            StepResult::Unknown { .. } => Ended::Unknown,
            _ => Ended::Failed,
        };
        let shared = shared_failure(&result).filter(|_| self.scheduler.in_canary_group(id));
        self.record(id, result);
        if let Some(error) = shared {
            self.stop(StopCause::Canary(error));
        }
        let blocked = self.scheduler.on_ended(id, ended);
        if self.stopped.is_none() {
            self.record_blocked(blocked);
        }
    }

    fn record_blocked(&mut self, blocked: Vec<Blocked>) {
        for Blocked { id, on } in blocked {
            let on: PluginName = on;
            self.record(
                &id,
                StepResult::Blocked(SkipReason::DependencyFailed { on }),
            );
        }
    }

    fn record(&mut self, id: &StepId, result: StepResult) {
        let Some(step) = self.steps.get(id) else {
            return;
        };
        let now = self.now();
        let progress = self.progress.remove(id).unwrap_or_default();
        let attempts = self.scheduler.attempts(id);
        if attempts > 0 {
            self.last_end = now;
        }
        let result = PackageResult {
            id: id.clone(),
            version: Some(step.version.clone()),
            package: Some(step.package.clone()),
            result,
            attempts,
            duration: progress.sent.map_or(Duration::ZERO, |sent| {
                progress.answered.unwrap_or(now).saturating_sub(sent)
            }),
            reading_age: progress.read.map(|read| read.elapsed()),
        };
        self.emitter.emit(&Event::Finished(result.clone()));
        self.results.insert(id.clone(), result);
    }

    /// Once the canary has ended: did it take pages from the other side? If not, everyone may start.
    /// Where the plan itself registers the plugin on the other side next, that brings the pages back,
    /// and the end of the run is soon enough to ask.
    async fn finish_canary(&mut self) {
        if !self.scheduler.canary_has_ended() {
            return;
        }
        let alone = self
            .sent()
            .filter(|sent| !self.other_is_next(&sent.step.id));
        let sent: Vec<_> = alone.collect();
        let asking = self.other_side.after(&sent);
        let found = self.context.within_grace(asking).await;
        let found = found.unwrap_or_default();
        for page in &found.broken {
            self.emitter.emit(&Event::PageBroken(page.clone()));
        }
        if found.broken.iter().any(|page| !page.predicted) {
            self.stop(StopCause::BrokeOtherSide);
        }
        self.damage = found;
        self.scheduler.start_others();
    }

    fn sent(&self) -> impl Iterator<Item = SentStep<'_>> {
        let results = self.results.values().filter(|result| result.attempts > 0);
        results.filter_map(|result| {
            Some(SentStep {
                step: self.steps.get(&result.id)?,
                listed: self.listed.get(&result.id),
            })
        })
    }

    /// After a signal nothing new is started, and waiting has an end. When the time of the run is over
    /// nothing new is started either.
    fn heed_signal(&mut self) {
        if self.deadline.is_none()
            && let Some(signal) = self.context.cancel.cause()
        {
            self.deadline = Some(Instant::now() + self.context.options.interrupt_grace);
            self.stop(signal.into());
        }
        if self.stopped.is_none() && self.context.is_over() {
            self.stop(StopCause::Deadline);
        }
    }

    fn stop(&mut self, cause: StopCause) {
        self.scheduler.stop();
        if self.stopped.is_none() {
            self.emitter.emit(&Event::Stopping(cause.clone()));
            self.stopped = Some(cause);
        }
    }

    /// Waiting is over: what was sent is not known.
    fn abandon(&mut self) {
        self.running.clear();
        self.scheduler.stop();
        let sent = self
            .progress
            .iter()
            .filter(|(_, p)| p.call == CallState::Sent);
        let sent: Vec<_> = sent.map(|(id, _)| id.clone()).collect();
        for id in sent {
            let cause = UnknownCause::Interrupted;
            self.record(&id, StepResult::Unknown { cause });
        }
        self.heed_signal();
    }

    fn finish(mut self) -> CoordinatorReport {
        let left: Vec<_> = self.steps.keys().map(|id| (*id).clone()).collect();
        for id in left {
            if !self.results.contains_key(&id) {
                let result = self.unfinished(&id);
                self.record(&id, result);
            }
        }
        CoordinatorReport {
            peak: self.scheduler.peak(),
            wall: self
                .last_end
                .saturating_sub(self.first_sent.unwrap_or_default()),
            results: self.results.into_values().collect(),
            listed: self.listed,
            damage: self.damage,
            stopped: self.stopped,
        }
    }

    /// The result of a step that the run did not reach, or not again.
    fn unfinished(&self, id: &StepId) -> StepResult {
        if self.scheduler.attempts(id) > 0 {
            return StepResult::Failed(StepFailure::NotRetried);
        }
        StepResult::NotStarted(match self.stopped {
            Some(StopCause::Canary(_)) => NotStarted::CanaryFailed,
            _ => NotStarted::RunStopped,
        })
    }

    fn call(&self, id: &StepId) -> Option<Call<'a, E>> {
        Some(Call {
            context: self.context,
            step: self.steps.get(id)?,
            facts: self.context.facts(id.side)?,
        })
    }

    fn other_is_next(&self, id: &StepId) -> bool {
        let other = on_other_side(id);
        self.steps.contains_key(&other) && !self.results.contains_key(&other)
    }

    fn twin(&self, id: &StepId) -> OtherSideCall {
        let twin = on_other_side(id);
        let separate = self.context.plan.relation == DatabaseRelation::Separate;
        if !separate && self.scheduler.attempts(&twin) > 0 {
            OtherSideCall::Sent
        } else {
            OtherSideCall::NotSent
        }
    }

    fn now(&self) -> Duration {
        self.context.begun.elapsed()
    }
}

fn on_other_side(id: &StepId) -> StepId {
    StepId {
        side: id.side.other(),
        name: id.name.clone(),
    }
}
