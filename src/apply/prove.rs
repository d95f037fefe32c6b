//! Reads back what a register did, after its answer or after the answer was lost.

use std::collections::BTreeSet;
use std::time::Duration;

use super::context::RunContext;
use super::effects::Effects;
use super::model::{NoEffect, UnknownCause};
use super::poll::Poll;
use super::proof::{Expectation, PageCheck};
use crate::domain::{FailureCause, FilePath, PackageState, PageStates, Side};
use crate::plan::{SideFacts, Step};

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

/// Reads back what the register of one step did.
pub(super) struct Prover<'a, E> {
    pub(super) context: RunContext<'a, E>,
    pub(super) step: &'a Step,
    pub(super) facts: &'a SideFacts,
    /// The state that was read just before the first register.
    pub(super) before: PackageState,
}

impl<E: Effects> Prover<'_, E> {
    /// The platform said OK. What is read is final after a short grace; what cannot be read is asked
    /// for until `unknown_after`.
    pub(super) async fn after_ok(self) -> Proof {
        let options = self.context.options;
        let mut poll = Poll::new(&options.proof);
        let mut wrong: Option<Poll> = None;
        loop {
            match self.state().await {
                Ok(now) => match self.expectation().judge(&now) {
                    Ok(()) => return self.pages(now.pages).await,
                    Err(no_effect) => {
                        let since = wrong.get_or_insert_with(|| Poll::new(&options.proof));
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
    pub(super) async fn after_loss(self, cause: FailureCause, waited: Duration) -> Proof {
        if !self.expectation().leaves_trace() {
            return Proof::Unknown(UnknownCause::NoTrace { cause });
        }
        let options = self.context.options;
        let left = options.unknown_after.saturating_sub(waited);
        let within = left.max(options.proof.state_grace);
        let mut poll = Poll::new(&options.proof);
        loop {
            if let Ok(now) = self.state().await
                && self.expectation().judge(&now).is_ok()
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
        let mut poll = Poll::new(&options.proof);
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
    /// plugin's path and answer OK (`measured.md`, "Register on v3.2.6"): the other side's copy is
    /// what tells.
    async fn elsewhere(&self, paths: &[FilePath]) -> PageStates {
        let other = self.step.id.side.other();
        if self.facts.capabilities.one_register_at_a_time && self.context.facts(other).is_some() {
            self.context.effects.pages(other, paths).await
        } else {
            PageStates::new()
        }
    }

    fn expectation(&self) -> Expectation<'_> {
        Expectation {
            step: self.step,
            can: &self.facts.capabilities,
            before: &self.before,
        }
    }

    async fn state(&self) -> Result<PackageState, crate::domain::ReadFailure> {
        let side: Side = self.step.id.side;
        let effects = self.context.effects;
        effects.package_state(side, &self.step.package).await
    }
}
