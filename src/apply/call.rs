//! The parts of one registration that wait for an instance, each as a future of its own: the check before,
//! the call, the proof after. They decide nothing about order and tell no events.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::{Instant, sleep, sleep_until};

use super::context::RunContext;
use super::effects::Effects;
use super::flight::{Evidence, LONGEST_REGISTRATION, Next, next};
use super::model::{NoEffect, UnknownCause};
use super::proof::{Expectation, OtherSideCall, PageCheck, drift};
use crate::domain::{
    FailureKind, FilePath, PackageId, PackageState, PageStates, ReadFailure, RegisterAnswer, Side,
};
use crate::i18n::Text;
use crate::plan::{SideFacts, Step, StepId};
use crate::poll::{Dated, Demand, Poll};

/// How long a look waits for others, so that they share a reading, once the answer is lost.
pub(super) const LOOK: Duration = Duration::from_secs(1);

/// A part of a registration that came to its end.
pub(super) struct Completion {
    pub(super) id: StepId,
    pub(super) kind: CompletionKind,
}

/// What came to its end.
pub(super) enum CompletionKind {
    Checked(PreCheck),
    Answered(RegisterAnswer),
    Watched(Watched),
    Judged(Proof),
}

/// What watching the state came to, after or instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watched {
    /// The effect is there and stays.
    Effect,
    /// The registration has ended without effect.
    Ended,
    /// It may still be running.
    Unknown,
}

/// Whether the plan still holds for a step.
pub(super) enum PreCheck {
    /// It does; this is the state to compare with afterwards.
    Holds(PackageState),
    /// It does not.
    Drifted(Text),
    /// It could not be read.
    Unread(ReadFailure),
}

/// What reading back came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// The effect is there.
    Proven {
        /// Pages that the side lists for the package now.
        listed: BTreeSet<FilePath>,
        /// When the reading began that shows it.
        read: Instant,
    },
    /// It is not.
    NoEffect(NoEffect),
    /// It could not be read.
    Unknown(UnknownCause),
}

/// One step on its side.
pub(super) struct Call<'a, E> {
    pub(super) context: RunContext<'a, E>,
    pub(super) step: &'a Step,
    pub(super) facts: &'a SideFacts,
}

impl<E> Clone for Call<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Call<'_, E> {}

impl<'a, E: Effects> Call<'a, E> {
    /// Looks at the state once more before the first call; where a time is the only trace that the
    /// registration will leave, also waits until that time can move.
    pub(super) fn check(self, twin: OtherSideCall, demand: Demand) -> BoxFuture<'a, Completion> {
        let checking = async move {
            let options = self.context.options;
            let mut poll = self.context.poll();
            let mut demand = demand;
            loop {
                match self.state(demand).await {
                    Ok(Dated { value: now, .. }) => {
                        if let Some(what) = drift(&self.step.before, &now, twin) {
                            return PreCheck::Drifted(what);
                        }
                        self.let_time_move(&now).await;
                        return PreCheck::Holds(now);
                    }
                    Err(failure) => {
                        let again = may_pass(failure.kind);
                        if !again || !poll.again(options.proof.state_grace).await {
                            return PreCheck::Unread(failure);
                        }
                        demand = Demand::now();
                    }
                }
            }
        };
        self.finished(checking.map(CompletionKind::Checked))
    }

    /// Sends the registration. The answer may never come, so the state is looked at meanwhile.
    pub(super) fn register(self, before: PackageState) -> BoxFuture<'a, Completion> {
        let sending = async move {
            let (id, package) = (&self.step.id, &self.step.package);
            if let Some(mark) = self.context.mark
                && let Err(error) = mark.announce(id.side, package).await
            {
                return CompletionKind::Answered(RegisterAnswer::Refused(error));
            }
            let answer = self.context.effects.register(id.side, package);
            let looking = async {
                sleep(self.context.options.proof.look_after).await;
                loop {
                    let proof = &self.context.options.proof;
                    let pace = (proof.look_after, proof.batch);
                    let watched = self.watched(&before, pace).await;
                    if watched != Watched::Unknown {
                        return watched;
                    }
                }
            };
            tokio::select! {
                biased;
                answer = answer => CompletionKind::Answered(answer),
                watched = looking => CompletionKind::Watched(watched),
            }
        };
        self.finished(sending)
    }

    /// Reads back what the registration did after OK; each reading may wait so long for others.
    pub(super) fn prove(self, before: PackageState, wait: Duration) -> BoxFuture<'a, Completion> {
        self.finished(self.after_ok(before, wait).map(CompletionKind::Judged))
    }

    /// Watches the state after an answer that was lost `age` after the call had been sent.
    pub(super) fn watch(self, before: PackageState, age: Duration) -> BoxFuture<'a, Completion> {
        let watching = async move { self.watched(&before, (age, LOOK)).await };
        self.finished(watching.map(CompletionKind::Watched))
    }

    /// What the registration is compared with.
    fn expectation<'b>(&'b self, before: &'b PackageState) -> Expectation<'b> {
        Expectation::of(self.step, &self.facts.capabilities, before)
    }

    /// The registration has ended: it is not in flight any more.
    pub(super) fn ended(&self) {
        if let Some(mark) = self.context.mark {
            mark.ended(self.step.id.side, &self.step.package);
        }
    }

    fn finished(
        self,
        what: impl Future<Output = CompletionKind> + Send + 'a,
    ) -> BoxFuture<'a, Completion> {
        let id = self.step.id.clone();
        what.map(|kind| Completion { id, kind }).boxed()
    }

    async fn let_time_move(&self, now: &PackageState) {
        if self.expectation(now).needs_time_to_move() {
            let planned = &self.step.before;
            let as_planned =
                planned.uploaded == now.uploaded && planned.updated_time == now.updated_time;
            let seen = if as_planned {
                self.context.begun
            } else {
                Instant::now()
            };
            sleep_until(seen + self.context.options.proof.time_granularity).await;
        }
    }
}

impl<E: Effects> Call<'_, E> {
    /// The platform said OK. What is read is final after a short grace; what cannot be read is asked
    /// for until `unknown_after`.
    async fn after_ok(self, before: PackageState, wait: Duration) -> Proof {
        let options = self.context.options;
        let mut poll = self.context.poll();
        let mut wrong: Option<Poll> = None;
        loop {
            match self.state(Demand::soon(wait)).await {
                Ok(now) => match self.expectation(&before).judge(&now.value) {
                    Ok(()) => return self.pages(now.value.pages, now.begun).await,
                    Err(no_effect) => {
                        let since = wrong.get_or_insert_with(|| self.context.poll());
                        if !since.again(options.proof.state_grace).await {
                            return Proof::NoEffect(no_effect);
                        }
                    }
                },
                Err(failure) => {
                    if !poll.again(options.unknown_after).await {
                        return Proof::Unknown(UnknownCause::StateUnread { failure });
                    }
                }
            }
        }
    }

    async fn watched(&self, before: &PackageState, pace: (Duration, Duration)) -> Watched {
        let traced = self.leaves_trace(before).then(|| self.expectation(before));
        let (side, package) = (self.step.id.side, &self.step.package);
        watch(self.context, side, package, traced.as_ref(), pace).await
    }

    /// Whether a registration whose answer was lost can be seen at all.
    pub(super) fn leaves_trace(&self, before: &PackageState) -> bool {
        self.expectation(before).leaves_trace()
    }

    /// Each listed page is visible on every portal of the side.
    async fn pages(&self, listed: BTreeSet<FilePath>, read: Instant) -> Proof {
        let options = self.context.options;
        if !self.step.has_ui {
            return Proof::Proven { listed, read };
        }
        let mut open = listed.clone();
        let mut poll = self.context.poll();
        loop {
            let paths: Vec<_> = open.iter().cloned().collect();
            let effects = self.context.effects;
            let seen = effects.pages(self.step.id.side, &paths).await;
            let elsewhere = self.elsewhere(&paths).await;
            let portals = &self.facts.identity.portals;
            let verdict = PageCheck::of(&open, portals, &seen, &elsewhere);
            if verdict.is_good() {
                return Proof::Proven { listed, read };
            }
            open = verdict.open();
            if !poll.again(options.proof.page_grace).await {
                return match verdict.no_effect() {
                    Some(no_effect) => Proof::NoEffect(no_effect),
                    None => Proof::Unknown(UnknownCause::PagesUnread {
                        pages: verdict.unread,
                    }),
                };
            }
        }
    }

    /// What the other side serves under the same paths. A v3 can put another plugin's files under a
    /// plugin's path and answer OK (`docs/platform/registration.md#mixed-files-on-v3`): the other side's copy is
    /// what tells.
    async fn elsewhere(&self, paths: &[FilePath]) -> PageStates {
        let other = self.step.id.side.other();
        if self.facts.capabilities.one_register_at_a_time && self.context.facts(other).is_some() {
            self.context.effects.pages(other, paths).await
        } else {
            PageStates::new()
        }
    }

    async fn state(&self, demand: Demand) -> Result<Dated<PackageState>, ReadFailure> {
        let (effects, side) = (self.context.effects, self.step.id.side);
        effects
            .package_state(side, &self.step.package, demand)
            .await
    }
}

/// Watches the state of a package after a registration that was sent `age` ago, until it is known how it
/// ended or `unknown_after` is over; each reading may `wait` for others. Without an expectation it
/// leaves no trace, and only a restart of core shows that it has ended.
pub(super) async fn watch<E: Effects>(
    context: RunContext<'_, E>,
    side: Side,
    package: &PackageId,
    expected: Option<&Expectation<'_>>,
    (age, wait): (Duration, Duration),
) -> Watched {
    let (effects, options) = (context.effects, context.options);
    let begun = Instant::now();
    let refusals = effects.core_refusals(side);
    let mut poll = context.poll();
    let mut shown = false;
    loop {
        let read = effects
            .package_state(side, package, Demand::soon(wait))
            .await;
        let effect = match (&read, expected) {
            (Ok(now), Some(expected)) => expected.judge(&now.value).is_ok(),
            _ => false,
        };
        let seen = Evidence {
            effect,
            restarted: read.is_ok() && effects.core_refusals(side) > refusals,
            age: age + begun.elapsed(),
        };
        match next(seen, options.unknown_after, LONGEST_REGISTRATION) {
            Next::Done if shown => return Watched::Effect,
            // v4 renews the rows in a transaction of its own, before that of the status.
            Next::Done => sleep(options.proof.state_grace).await,
            Next::Resend => return Watched::Ended,
            Next::Watch => {
                poll.again(options.unknown_after).await;
            }
            // Asked for the first time after the wait for the answer: what is late gets a grace.
            Next::Unknown if begun.elapsed() < options.proof.state_grace => {
                poll.again(options.proof.state_grace).await;
            }
            Next::Unknown => return Watched::Unknown,
        }
        shown = effect;
    }
}

/// Whether asking again soon can help.
pub(super) fn may_pass(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::NoAnswer | FailureKind::Unreachable | FailureKind::ServerError
    )
}
