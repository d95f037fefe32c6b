//! What every part of a run stands on: the plan, the instances, the options.

use super::options::ApplyOptions;
use crate::domain::Side;
use crate::plan::{Plan, SideFacts};

/// The plan, the instances, the options; copied freely.
pub(super) struct RunContext<'a, E> {
    pub(super) plan: &'a Plan,
    pub(super) effects: &'a E,
    pub(super) options: &'a ApplyOptions,
}

impl<E> Clone for RunContext<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for RunContext<'_, E> {}

impl<'a, E> RunContext<'a, E> {
    /// What the plan says of a side.
    pub(super) fn facts(&self, side: Side) -> Option<&'a SideFacts> {
        match side {
            Side::Old => self.plan.old.as_ref(),
            Side::New => self.plan.new.as_ref(),
        }
    }
}
