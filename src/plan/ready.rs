//! Whether a plan may be carried out: decided here and nowhere else.

use std::ops::Deref;

use super::advice::Notice;
use super::model::{Plan, SideEffect, Step, VariablePlan};
use crate::domain::{FailureKind, PluginName, ReadFailure, Side};
use crate::exit::Outcome;

/// A plan without an obstacle: `apply::run` takes no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyPlan(Plan);

impl Deref for ReadyPlan {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        &self.0
    }
}

/// A plan that must not be carried out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotReady {
    /// The plan, to be shown.
    pub plan: Box<Plan>,
    /// Why nothing may be written.
    pub obstacle: Obstacle,
}

/// Why a plan must not be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The plan has refusals.
    Refused,
    /// The value of the variable must be given by hand.
    ValueNeeded,
    /// The variables could not be read, so nothing would be registered either.
    VariableUnreadable(ReadFailure),
    /// A gateway or portal does not answer, so nothing that is registered could be verified.
    Unreachable(ReadFailure),
}

impl Obstacle {
    /// Decides the exit code.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Refused => Outcome::Unsafe,
            Self::ValueNeeded => Outcome::Usage,
            Self::VariableUnreadable(failure) | Self::Unreachable(failure) => {
                failure.kind.outcome()
            }
        }
    }
}

impl Plan {
    /// What keeps the plan from being carried out.
    pub fn obstacle(&self) -> Option<Obstacle> {
        let sides = [&self.new, &self.old].into_iter().flatten();
        let silent = sides.flat_map(|side| &side.unproven).find(|failure| {
            matches!(
                failure.kind,
                FailureKind::Unreachable | FailureKind::NoAnswer
            )
        });
        match (&self.variable, silent) {
            _ if !self.refusals.is_empty() => Some(Obstacle::Refused),
            (_, Some(failure)) => Some(Obstacle::Unreachable(failure.clone())),
            (VariablePlan::ValueNeeded { .. }, _) => Some(Obstacle::ValueNeeded),
            (VariablePlan::Unreadable { failure }, _) => {
                Some(Obstacle::VariableUnreadable(failure.clone()))
            }
            _ => None,
        }
    }

    /// The plan as one that may be carried out.
    ///
    /// # Errors
    ///
    /// If the plan has an [`Obstacle`].
    pub fn into_ready(self) -> Result<ReadyPlan, NotReady> {
        match self.obstacle() {
            None => Ok(ReadyPlan(self)),
            Some(obstacle) => Err(NotReady {
                plan: Box::new(self),
                obstacle,
            }),
        }
    }

    /// The plan without what it says of addresses that were proven since.
    #[must_use]
    pub fn with_proven_addresses(mut self) -> Self {
        self.notices.retain(|notice| {
            let of_address = |failure: &ReadFailure| failure.kind == FailureKind::Ambiguous;
            !matches!(notice, Notice::NotRead { failure, .. } if of_address(failure))
        });
        self
    }

    /// Whether an operator must act before everything can be done: a plugin is blocked, or the
    /// variable.
    pub fn is_blocked(&self) -> bool {
        let mut skipped = self.skipped.iter();
        matches!(self.variable, VariablePlan::Undecided { .. })
            || skipped.any(|left| left.reason.is_blocking())
    }

    /// Whether the plan says that the side loses pages of the plugin.
    pub fn predicts_loss(&self, side: Side, name: &PluginName) -> bool {
        let loses = |effect: &SideEffect| matches!(effect, SideEffect::OtherSideLosesPage { side: loser, .. } if *loser == side);
        let mut steps = self.steps.iter();
        steps.any(|step| step.id.name == *name && step.effects.iter().any(loses))
    }

    /// Whether the plan does nothing that `other` does not do too.
    pub fn is_within(&self, other: &Self) -> bool {
        let known = |step: &Step| {
            let mut steps = other.steps.iter();
            steps.any(|it| it.id == step.id && it.package == step.package)
        };
        let variable = !self.variable.writes() || self.variable == other.variable;
        variable && self.steps.iter().all(known)
    }

    /// Whether carrying the plan out would write.
    pub fn has_work(&self) -> bool {
        self.refusals.is_empty() && (self.variable.writes() || !self.steps.is_empty())
    }
}
