//! The parts of one register that wait for an instance, each as a future of its own: the check before,
//! the call, the proof after. They decide nothing about order and tell no events.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::{Instant, sleep_until};

use super::context::RunContext;
use super::effects::Effects;
use super::model::{NoEffect, UnknownCause};
use super::proof::{Expectation, OtherSideCall, PageCheck, drift};
use crate::domain::{
    FailureCause, FailureKind, FilePath, PackageState, PageStates, ReadFailure, RegisterAnswer,
};
use crate::plan::{SideFacts, Step, StepId};
use crate::poll::Poll;

/// A part of a register that came to its end.
pub(super) struct Completion {
    pub(super) id: StepId,
    pub(super) kind: CompletionKind,
}

/// What came to its end.
pub(super) enum CompletionKind {
    Checked(PreCheck),
    Answered(RegisterAnswer),
    Judged(Proof),
}

/// Whether the plan still holds for a step.
pub(super) enum PreCheck {
    /// It does; this is the state to compare with afterwards.
    Holds(PackageState),
    /// It does not.
    Drifted(String),
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
    /// Reads the state once more before the first call; where a time is the only trace that the
    /// register will leave, also waits until that time can move.
    pub(super) fn check(self, twin: OtherSideCall) -> BoxFuture<'a, Completion> {
        let checking = async move {
            let options = self.context.options;
            let mut poll = self.context.poll();
            loop {
                match self.state().await {
                    Ok(now) => {
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
                    }
                }
            }
        };
        self.finished(checking.map(CompletionKind::Checked))
    }

    /// Sends the register.
    pub(super) fn register(self) -> BoxFuture<'a, Completion> {
        self.finished(
            self.context
                .effects
                .register(self.step.id.side, &self.step.package)
                .map(CompletionKind::Answered),
        )
    }

    /// Reads back what the register did after OK.
    pub(super) fn prove(self, before: PackageState) -> BoxFuture<'a, Completion> {
        self.finished(self.after_ok(before).map(CompletionKind::Judged))
    }

    /// Waits for the effect after an answer that was lost `waited` after the call had been sent.
    pub(super) fn watch(
        self,
        before: PackageState,
        cause: FailureCause,
        waited: Duration,
    ) -> BoxFuture<'a, Completion> {
        let watching = self.after_loss(before, cause, waited);
        self.finished(watching.map(CompletionKind::Judged))
    }

    /// What the registration is compared with.
    fn expectation<'b>(&'b self, before: &'b PackageState) -> Expectation<'b> {
        Expectation {
            step: self.step,
            can: &self.facts.capabilities,
            before,
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
    async fn after_ok(self, before: PackageState) -> Proof {
        let options = self.context.options;
        let mut poll = self.context.poll();
        let mut wrong: Option<Poll> = None;
        loop {
            match self.state().await {
                Ok(now) => match self.expectation(&before).judge(&now) {
                    Ok(()) => return self.pages(now.pages).await,
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

    /// The answer was lost: the register may still be running. Its effect is waited for until
    /// `unknown_after` has passed since the call was sent, the wait for the answer included, and at
    /// least for a short grace.
    async fn after_loss(
        self,
        before: PackageState,
        cause: FailureCause,
        waited: Duration,
    ) -> Proof {
        if !self.expectation(&before).leaves_trace() {
            return Proof::Unknown(UnknownCause::NoTrace { cause });
        }
        let options = self.context.options;
        let left = options.unknown_after.saturating_sub(waited);
        let within = left.max(options.proof.state_grace);
        let mut poll = self.context.poll();
        loop {
            if let Ok(now) = self.state().await
                && self.expectation(&before).judge(&now).is_ok()
            {
                return self.pages(now.pages).await;
            }
            if !poll.again(within).await {
                return Proof::Unknown(UnknownCause::AnswerLost { cause });
            }
        }
    }

    /// Each listed page is visible on every portal of the side.
    async fn pages(&self, listed: BTreeSet<FilePath>) -> Proof {
        let options = self.context.options;
        if !self.step.has_ui || listed.is_empty() {
            return Proof::Proven { listed };
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
                return Proof::Proven { listed };
            }
            let wrong = verdict.no_effect();
            if let Some(no_effect) = wrong
                && poll.is_over(options.proof.page_grace)
            {
                return Proof::NoEffect(no_effect);
            }
            open = verdict.open();
            let certain = verdict.no_effect().is_some();
            let within = if certain {
                options.proof.page_grace
            } else {
                options.unknown_after
            };
            if !poll.again(within).await && !certain {
                let pages = verdict.unread;
                return Proof::Unknown(UnknownCause::PagesUnread { pages });
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

    async fn state(&self) -> Result<PackageState, ReadFailure> {
        let effects = self.context.effects;
        effects
            .package_state(self.step.id.side, &self.step.package)
            .await
    }
}

/// Whether asking again soon can help.
pub(super) fn may_pass(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::NoAnswer | FailureKind::Unreachable | FailureKind::ServerError
    )
}
