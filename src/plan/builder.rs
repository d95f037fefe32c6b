//! A plan in the making: steps and skipped packages of the written sides.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::context::PlanContext;
use super::effects::effects;
use super::model::{SkippedPackage, Step, StepId};
use super::pages::{served_pages, state_before};
use super::reason::SkipReason;
use super::resolve::{Registration, Resolved};
use super::view::SideView;
use crate::domain::{PluginName, Side};

/// A plan in the making.
#[derive(Default)]
pub(super) struct PlanBuilder {
    pub(super) steps: Vec<Step>,
    /// The steps of the sides that are complete.
    planned: BTreeSet<StepId>,
    pub(super) skipped: Vec<SkippedPackage>,
    /// Every reason of the platform to refuse a package.
    pub(super) refused: BTreeMap<StepId, Vec<SkipReason>>,
}

impl PlanBuilder {
    /// The blocks of a side, without its steps.
    pub(super) fn of_blocks(side: Side, resolved: Resolved<'_>) -> Self {
        let mut builder = Self::default();
        builder.take_blocks(side, resolved.skipped, resolved.refused);
        builder
    }

    pub(super) fn take<'a>(
        &mut self,
        context: &PlanContext<'a>,
        view: &SideView<'a>,
        resolved: Resolved<'a>,
    ) {
        for register in resolved.registrations {
            let step = self.step(context, view, register);
            self.steps.push(step);
        }
        self.planned = self.steps.iter().map(|step| step.id.clone()).collect();
        self.take_blocks(view.side, resolved.skipped, resolved.refused);
    }

    fn take_blocks(
        &mut self,
        side: Side,
        skipped: Vec<SkippedPackage>,
        refused: BTreeMap<&PluginName, Vec<SkipReason>>,
    ) {
        self.skipped.extend(skipped);
        for (name, reasons) in refused {
            let name = name.clone();
            self.refused.insert(StepId { side, name }, reasons);
        }
    }

    fn step<'a>(
        &self,
        context: &PlanContext<'a>,
        view: &SideView<'a>,
        register: Registration<'a>,
    ) -> Step {
        let Registration {
            package,
            reason,
            mut after,
        } = register;
        let other = context.view(view.side.other());
        if context.may_be_shared() {
            // Two registers of one row at once would race for its files' rows.
            let twin = StepId {
                side: view.side.other(),
                name: package.name.clone(),
            };
            if self.planned.contains(&twin) {
                after.insert(twin);
            }
        }
        Step {
            id: StepId {
                side: view.side,
                name: package.name.clone(),
            },
            package: package.id.clone(),
            version: package.version.clone(),
            has_ui: package.has_ui,
            reason,
            after,
            priority: Duration::ZERO,
            effects: effects(view, other, &context.relation, package),
            before: state_before(view, package),
            watched: other
                .filter(|_| context.may_be_shared())
                .map(|other| served_pages(other, &package.name))
                .unwrap_or_default(),
        }
    }
}
