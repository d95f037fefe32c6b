//! The parts of one register that wait for an instance, each as a future of its own: the check before,
//! the call, the proof after. They decide nothing about order and tell no events.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::{Instant, sleep_until};

use super::context::RunContext;
use super::effects::Effects;
use super::poll::Poll;
use super::proof::{Expectation, OtherSideCall, drift};
use super::prove::{Proof, Prover};
use crate::domain::{FailureCause, FailureKind, PackageState, ReadFailure, RegisterAnswer};
use crate::plan::{SideFacts, Step, StepId};

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
    /// register will leave, also waits until that time can move. The plan is older than `begun`.
    pub(super) fn check(self, twin: OtherSideCall, begun: Instant) -> BoxFuture<'a, Completion> {
        let checking = async move {
            let options = self.context.options;
            let mut poll = Poll::new(&options.proof);
            loop {
                let effects = self.context.effects;
                match effects
                    .package_state(self.step.id.side, &self.step.package)
                    .await
                {
                    Ok(now) => {
                        if let Some(what) = drift(&self.step.before, &now, twin) {
                            return PreCheck::Drifted(what);
                        }
                        self.let_time_move(&now, begun).await;
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
        self.finished(self.prover(before).after_ok().map(CompletionKind::Judged))
    }

    /// Waits for the effect after an answer that was lost `waited` after the call had been sent.
    pub(super) fn watch(
        self,
        before: PackageState,
        cause: FailureCause,
        waited: Duration,
    ) -> BoxFuture<'a, Completion> {
        let watching = self.prover(before).after_loss(cause, waited);
        self.finished(watching.map(CompletionKind::Judged))
    }

    fn prover(self, before: PackageState) -> Prover<'a, E> {
        Prover {
            context: self.context,
            step: self.step,
            facts: self.facts,
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

    async fn let_time_move(&self, now: &PackageState, begun: Instant) {
        let expectation = Expectation {
            step: self.step,
            can: &self.facts.capabilities,
            before: now,
        };
        if expectation.needs_time_to_move() {
            let planned = &self.step.before;
            let as_planned =
                planned.uploaded == now.uploaded && planned.updated_time == now.updated_time;
            let seen = if as_planned { begun } else { Instant::now() };
            sleep_until(seen + self.context.options.proof.time_granularity).await;
        }
    }
}

/// Whether asking again soon can help.
pub(super) fn may_pass(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::NoAnswer | FailureKind::Unreachable | FailureKind::ServerError
    )
}
