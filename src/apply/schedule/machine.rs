//! The state machine itself.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::time::Duration;

use super::graph::{Graph, Wait};
use super::retry::{self, Concurrency, FailureContext, RetryDecision};
use super::side_queue::{Key, SideQueue};
use crate::apply::limit::Limit;
use crate::apply::options::{ApplyOptions, Pace, RetryLimits};
use crate::domain::{PluginName, RegisterError, Side, Transience};
use crate::plan::{Plan, StepId};

/// Which register is sent when.
#[derive(Clone, Debug)]
pub(in crate::apply) struct Scheduler {
    graph: Graph,
    tasks: Vec<Task>,
    old: SideQueue,
    new: SideQueue,
    deferred: BTreeSet<(Duration, usize)>,
    parallel: usize,
    retry: RetryLimits,
    lost_holds: Duration,
    phase: Phase,
    jitter: fastrand::Rng,
    peak: usize,
}

#[derive(Clone, Debug, Default)]
struct Task {
    state: State,
    waits: usize,
    /// How many of those that it waits for were answered.
    answered: usize,
    attempts: u32,
    alone_next: bool,
    solo_failures: u32,
    /// When it failed first.
    failing_since: Option<Duration>,
    /// The side's transient failures when this step last failed.
    seen_transient_failures: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Waiting,
    /// It waits for nothing, but its state is not checked yet.
    Unchecked,
    Checking,
    Ready,
    /// It has a place in flight.
    InFlight,
    Proving,
    Deferred,
    Ended,
}

/// Who may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The canary and what it waits for, one at a time.
    Canary,
    /// Everyone.
    All,
    /// Nobody.
    Stopped,
}

/// What follows from a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apply) enum Decision {
    /// The step failed.
    Final,
    /// It is tried again later.
    Deferred {
        /// How many may be in flight from now on.
        limit: usize,
    },
}

/// How a step ended, as far as others depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apply) enum Ended {
    /// Registered and proven.
    Proven,
    /// Not so.
    Failed,
    /// It may still be running.
    Unknown,
}

/// A step that cannot be done any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::apply) struct Blocked {
    /// The step.
    pub(in crate::apply) id: StepId,
    /// The step whose end is the reason, directly or through others.
    pub(in crate::apply) on: PluginName,
}

impl Scheduler {
    /// The machine of a plan, and the steps that can never be ready.
    pub(in crate::apply) fn new(plan: &Plan, options: &ApplyOptions) -> (Self, Vec<Blocked>) {
        let graph = Graph::of(plan, &options.earlier.durations);
        let serial = |side| {
            let facts = match side {
                Side::Old => plan.old.as_ref(),
                Side::New => plan.new.as_ref(),
            };
            facts.is_some_and(|facts| facts.capabilities.one_register_at_a_time)
        };
        let queue = |side| {
            let (pace, most) = if serial(side) {
                (Pace::Fixed, Some(1))
            } else {
                (options.pace, None)
            };
            SideQueue::new(Limit::new(pace, options.parallel), most)
        };
        let tasks = graph
            .nodes()
            .iter()
            .map(|node| Task {
                waits: node.waits,
                ..Task::default()
            })
            .collect();
        let phase = if graph.canary_group().is_empty() {
            Phase::All
        } else {
            Phase::Canary
        };
        let mut machine = Self {
            old: queue(Side::Old),
            new: queue(Side::New),
            graph,
            tasks,
            deferred: BTreeSet::new(),
            parallel: options.parallel.max(1),
            retry: options.retry,
            lost_holds: options.lost_holds,
            phase,
            jitter: fastrand::Rng::with_seed(options.seed),
            peak: 0,
        };
        let mut blocked = Vec::new();
        for (ix, missing) in machine.graph.orphans().to_vec() {
            machine.block(ix, &missing.name, &mut blocked);
        }
        for ix in 0..machine.tasks.len() {
            machine.release_if_free(ix);
        }
        (machine, blocked)
    }

    /// The step whose state is checked now; `None` where none is.
    pub(in crate::apply) fn next_check(&mut self, now: Duration) -> Option<StepId> {
        let first_alone = self.phase == Phase::Canary;
        let idle = self.old.is_idle(now) && self.new.is_idle(now);
        if self.phase == Phase::Stopped || (first_alone && !idle) {
            return None;
        }
        let graph = &self.graph;
        let tasks = &self.tasks;
        let allowed = |ix: usize| {
            let in_phase = !first_alone || graph.canary_group().contains(&ix);
            in_phase && tasks[ix].state == State::Unchecked
        };
        let key = self
            .new
            .next_check(now, allowed)
            .or_else(|| self.old.next_check(now, allowed))?;
        self.tasks[key.1].state = State::Checking;
        Some(self.graph.nodes()[key.1].id.clone())
    }

    /// The plan still holds for a step: it may be sent.
    pub(in crate::apply) fn on_checked(&mut self, id: &StepId) {
        let Some(ix) = self.place(id) else { return };
        self.queue_of(ix).checked();
        self.make_ready(ix);
    }

    /// The step that takes a place now; `None` where none may.
    pub(in crate::apply) fn next(&mut self, now: Duration) -> Option<StepId> {
        self.wake(now);
        let occupied = self.in_flight(now);
        let first_alone = self.phase == Phase::Canary;
        let proving = self.old.proving + self.new.proving;
        if self.phase == Phase::Stopped
            || occupied >= self.parallel
            || (first_alone && occupied + proving > 0)
        {
            return None;
        }
        let alone = |ix: usize| self.tasks[ix].alone_next;
        let candidates = [
            self.old.candidate(now, alone),
            self.new.candidate(now, alone),
        ];
        let key = candidates.into_iter().flatten().min()?;
        let ix = key.1;
        let alone = self.tasks[ix].alone_next;
        self.queue_of(ix).start(key, alone, now);
        self.tasks[ix].state = State::InFlight;
        Some(self.graph.nodes()[ix].id.clone())
    }

    /// Whether a step has a place in flight.
    pub(in crate::apply) fn has_place(&self, id: &StepId) -> bool {
        self.place(id)
            .is_some_and(|ix| self.tasks[ix].state == State::InFlight)
    }

    /// The request of a step leaves.
    pub(in crate::apply) fn on_sent(&mut self, id: &StepId, now: Duration) {
        let Some(ix) = self.place(id) else { return };
        self.tasks[ix].attempts += 1;
        self.queue_of(ix).send(ix, now);
        self.peak = self.peak.max(self.in_flight(now));
    }

    /// Places that are taken, both sides together.
    pub(in crate::apply) fn in_flight(&self, now: Duration) -> usize {
        self.old.occupied(now) + self.new.occupied(now)
    }

    /// The platform said OK: the place is free, the proof begins.
    pub(in crate::apply) fn on_accepted(&mut self, id: &StepId, now: Duration) {
        let Some(ix) = self.place(id) else { return };
        let queue = self.queue_of(ix);
        queue.consecutive_failures = 0;
        queue.failing_since = None;
        queue.proving += 1;
        let in_flight = queue.occupied(now);
        if let Some(ticket) = queue.finish(ix).and_then(|flight| flight.ticket) {
            queue.limit().succeeded(ticket, in_flight, now);
        }
        self.tasks[ix].state = State::Proving;
        for (dependent, _) in &self.graph.nodes()[ix].dependents {
            self.tasks[*dependent].answered += 1;
        }
    }

    /// Whether somebody waits for the proof of a step that was accepted: everybody for that of the
    /// canary, a step that could start then, or the end of the run.
    pub(in crate::apply) fn proof_is_awaited(&self, id: &StepId, now: Duration) -> bool {
        let nodes = self.graph.nodes();
        let nothing_else = self.in_flight(now) == 0
            && self.deferred.is_empty()
            && (self.phase == Phase::Stopped || !self.old.has_more() && !self.new.has_more());
        let is_last = |ix: usize| {
            let task = &self.tasks[ix];
            task.state == State::Waiting && task.answered >= nodes[ix].waits
        };
        let dependents = self.place(id).map(|ix| &nodes[ix].dependents);
        let mut dependents = dependents.into_iter().flatten();
        self.phase == Phase::Canary || nothing_else || dependents.any(|(ix, _)| is_last(*ix))
    }

    /// The answer was lost. Its register may still be running: on a side that takes one at a time it
    /// keeps its place until the step ends, elsewhere for a while.
    pub(in crate::apply) fn on_lost(&mut self, id: &StepId, now: Duration) {
        let Some(ix) = self.place(id) else { return };
        let until = now + self.lost_holds;
        let queue = self.queue_of(ix);
        if !queue.is_serial() {
            queue.hold(ix, until);
        }
        if let Some(ticket) = queue.take_ticket(ix) {
            queue.limit().overloaded(ticket);
        }
    }

    /// The platform refused it.
    pub(in crate::apply) fn on_refused(
        &mut self,
        id: &StepId,
        error: &RegisterError,
        now: Duration,
    ) -> Decision {
        let Some(ix) = self.place(id) else {
            return Decision::Final;
        };
        let decision = self.decide(ix, error.transience, now);
        let flight = self.queue_of(ix).finish(ix);
        let RetryDecision::Retry { halve, alone } = decision else {
            return Decision::Final;
        };
        if halve && let Some(ticket) = flight.and_then(|flight| flight.ticket) {
            self.queue_of(ix).limit().overloaded(ticket);
        }
        let wait = self.wait(ix).max(error.retry_after.unwrap_or_default());
        let task = &mut self.tasks[ix];
        task.alone_next = alone;
        task.state = State::Deferred;
        self.deferred.insert((now + wait, ix));
        Decision::Deferred {
            limit: self.queue_of(ix).level(),
        }
    }

    /// The step ended. Says who is blocked by that.
    pub(in crate::apply) fn on_ended(&mut self, id: &StepId, ended: Ended) -> Vec<Blocked> {
        let Some(ix) = self.place(id) else {
            return Vec::new();
        };
        self.queue_of(ix).finish(ix);
        let was_answered = self.tasks[ix].state == State::Proving;
        match self.tasks[ix].state {
            State::Proving => self.queue_of(ix).proving -= 1,
            State::Checking => self.queue_of(ix).checked(),
            _ => {}
        }
        self.tasks[ix].state = State::Ended;
        let mut blocked = Vec::new();
        for (dependent, wait) in self.graph.nodes()[ix].dependents.clone() {
            let goes_on = match wait {
                Wait::Proven => ended == Ended::Proven,
                Wait::Ended => ended != Ended::Unknown,
            };
            if goes_on {
                self.tasks[dependent].waits -= 1;
                self.tasks[dependent].answered += usize::from(!was_answered);
                self.release_if_free(dependent);
            } else {
                self.block(dependent, &id.name, &mut blocked);
            }
        }
        blocked
    }

    /// Whether the canary and what it waits for have ended, and nobody else may start yet.
    pub(in crate::apply) fn canary_has_ended(&self) -> bool {
        self.phase == Phase::Canary
            && self
                .graph
                .canary_group()
                .iter()
                .all(|ix| self.tasks[*ix].state == State::Ended)
    }

    /// Whether the step is the canary or one that the canary waits for.
    pub(in crate::apply) fn in_canary_group(&self, id: &StepId) -> bool {
        self.place(id)
            .is_some_and(|ix| self.graph.canary_group().contains(&ix))
    }

    /// Lets everyone start, unless the run was stopped.
    pub(in crate::apply) fn start_others(&mut self) {
        if self.phase == Phase::Canary {
            self.phase = Phase::All;
        }
    }

    /// Nobody starts any more.
    pub(in crate::apply) fn stop(&mut self) {
        self.phase = Phase::Stopped;
    }

    /// The moment at which [`Self::next`] is worth asking although nothing happened.
    pub(in crate::apply) fn next_wake(&self, now: Duration) -> Option<Duration> {
        if self.phase == Phase::Stopped {
            return None;
        }
        let deferred = self.deferred.first().map(|(until, _)| *until);
        let anyone = self.old.has_ready() || self.new.has_ready() || deferred.is_some();
        let released = [self.old.next_release(now), self.new.next_release(now)];
        let released = released.into_iter().flatten().filter(|_| anyone);
        deferred.into_iter().chain(released).min()
    }

    /// Steps that have not ended.
    #[cfg(test)]
    pub(super) fn unended(&self) -> usize {
        let tasks = self.tasks.iter();
        tasks.filter(|task| task.state != State::Ended).count()
    }

    /// Register calls made for a step.
    pub(in crate::apply) fn attempts(&self, id: &StepId) -> u32 {
        self.place(id).map_or(0, |ix| self.tasks[ix].attempts)
    }

    /// The most calls that were in flight at once.
    pub(in crate::apply) fn peak(&self) -> usize {
        self.peak
    }

    fn place(&self, id: &StepId) -> Option<usize> {
        self.graph.place(id)
    }

    fn queue_of(&mut self, ix: usize) -> &mut SideQueue {
        match self.graph.nodes()[ix].id.side {
            Side::Old => &mut self.old,
            Side::New => &mut self.new,
        }
    }

    fn key(&self, ix: usize) -> Key {
        (Reverse(self.graph.nodes()[ix].priority), ix)
    }

    fn release_if_free(&mut self, ix: usize) {
        if self.tasks[ix].waits == 0 && self.tasks[ix].state == State::Waiting {
            let key = self.key(ix);
            self.tasks[ix].state = State::Unchecked;
            self.queue_of(ix).make_unchecked(key);
        }
    }

    fn make_ready(&mut self, ix: usize) {
        let key = self.key(ix);
        self.tasks[ix].state = State::Ready;
        self.queue_of(ix).make_ready(key);
    }

    fn wake(&mut self, now: Duration) {
        while let Some((until, ix)) = self.deferred.first().copied()
            && until <= now
        {
            self.deferred.pop_first();
            self.make_ready(ix);
        }
    }

    /// Blocks a step and, without recursion, all that wait for it.
    fn block(&mut self, first: usize, on: &PluginName, blocked: &mut Vec<Blocked>) {
        let mut open = vec![first];
        while let Some(ix) = open.pop() {
            if self.tasks[ix].state != State::Waiting {
                continue;
            }
            self.tasks[ix].state = State::Ended;
            blocked.push(Blocked {
                id: self.graph.nodes()[ix].id.clone(),
                on: on.clone(),
            });
            for (dependent, wait) in self.graph.nodes()[ix].dependents.clone() {
                match wait {
                    Wait::Proven => open.push(dependent),
                    Wait::Ended => {
                        self.tasks[dependent].waits -= 1;
                        self.release_if_free(dependent);
                    }
                }
            }
        }
    }

    fn decide(&mut self, ix: usize, transience: Transience, now: Duration) -> RetryDecision {
        let queue = self.queue_of(ix);
        let concurrency = queue
            .flight(ix)
            .map_or(Concurrency::Solo, |f| f.concurrency);
        if transience != Transience::Permanent {
            queue.transient_failures += 1;
            queue.consecutive_failures += 1;
        }
        let side_since = *queue.failing_since.get_or_insert(now);
        let (transient_failures, consecutive_failures) =
            (queue.transient_failures, queue.consecutive_failures);
        let task = &mut self.tasks[ix];
        let since = (*task.failing_since.get_or_insert(now)).min(side_since);
        if concurrency == Concurrency::Solo && transience == Transience::Overload {
            task.solo_failures += 1;
        }
        let seen = std::mem::replace(&mut task.seen_transient_failures, transient_failures);
        let failure = FailureContext {
            transience,
            attempt: task.attempts,
            concurrency,
            others_fail: transient_failures > seen + 1,
            solo_failures: task.solo_failures,
            consecutive_failures,
            failing_for: now.saturating_sub(since),
        };
        retry::decide(&failure, &self.retry)
    }

    /// Twice as long after each failure, around the usual duration of a registration.
    fn wait(&mut self, ix: usize) -> Duration {
        let (least, most) = self.retry.first_wait;
        let usual = self.queue_of(ix).limit().usual();
        let first = usual.unwrap_or(most / 4).clamp(least, most);
        let doublings = self.tasks[ix].attempts.saturating_sub(1).min(16);
        let wait = (first * 2_u32.pow(doublings)).min(self.retry.longest_wait);
        wait.mul_f64(0.5 + self.jitter.f64())
    }
}
