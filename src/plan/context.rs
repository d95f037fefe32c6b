//! Both sides, indexed, and what they are to each other: what every part of a plan is made from.

use super::candidate::{Choice, PageCheck};
use super::dependencies::OnlyRegistered;
use super::model::{DatabaseRelation, PlanInput, WriteTo};
use super::relation;
use super::selection::Selection;
use super::view::SideView;
use crate::domain::{Inventory, Side};

/// The input of a plan, indexed.
pub(super) struct PlanContext<'a> {
    /// The input itself.
    pub(super) input: PlanInput<'a>,
    /// Whether both sides share a database.
    pub(super) relation: DatabaseRelation,
    /// Which plugins are selected.
    pub(super) selection: Selection,
    new: Option<SideView<'a>>,
    old: Option<SideView<'a>>,
}

impl<'a> PlanContext<'a> {
    /// Both sides as they are.
    pub(super) fn new(input: PlanInput<'a>) -> Self {
        Self::with_views(
            input,
            input.new.map(SideView::new),
            input.old.map(SideView::new),
        )
    }

    /// The old side alone, judged by the rules of the version that it shall become.
    pub(super) fn of_target(old: &'a Inventory, input: PlanInput<'a>) -> Self {
        let view = match &input.options.target {
            Some((version, capabilities)) => SideView::judged_as(old, Some(version), capabilities),
            None => SideView::new(old),
        };
        Self::with_views(input, None, Some(view))
    }

    fn with_views(
        input: PlanInput<'a>,
        new: Option<SideView<'a>>,
        old: Option<SideView<'a>>,
    ) -> Self {
        Self {
            input,
            relation: relation::relation(input.new, input.old),
            selection: Selection::new(input.options),
            new,
            old,
        }
    }

    /// A side.
    pub(super) fn view(&self, side: Side) -> Option<&SideView<'a>> {
        match side {
            Side::New => self.new.as_ref(),
            Side::Old => self.old.as_ref(),
        }
    }

    /// The sides that are there, the new one first.
    pub(super) fn views(&self) -> impl Iterator<Item = &SideView<'a>> {
        self.new.iter().chain(&self.old)
    }

    /// The sides that are written, in the order in which they are.
    pub(super) fn written(&self) -> impl Iterator<Item = &SideView<'a>> {
        let write_to = self.input.options.write_to;
        self.views().filter(move |view| match write_to {
            WriteTo::New => view.side == Side::New,
            WriteTo::Old => view.side == Side::Old,
            WriteTo::Both => true,
        })
    }

    /// Whether the old side is judged alone, by the rules of what it shall become.
    pub(super) fn is_forecast(&self) -> bool {
        self.new.is_none() && self.input.options.target.is_some()
    }

    /// Whether both sides are known to share a database.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self.relation, DatabaseRelation::Shared { .. })
    }

    /// Whether what is written on one side may reach the other.
    pub(super) fn may_be_shared(&self) -> bool {
        matches!(
            self.relation,
            DatabaseRelation::Shared { .. } | DatabaseRelation::Unknown
        )
    }

    /// What the choice of packages on a side depends on.
    pub(super) fn choice<'v>(
        &'v self,
        view: &'v SideView<'a>,
        only_registered: &'v OnlyRegistered<'a>,
        page_check: PageCheck,
    ) -> Choice<'v, 'a> {
        let shown_by = if self.relation == DatabaseRelation::Separate {
            (view.side == Side::Old).then_some(view)
        } else {
            self.old.as_ref()
        };
        Choice {
            view,
            other: self.view(view.side.other()),
            shown_by,
            options: self.input.options,
            selection: &self.selection,
            only_registered,
            page_check,
        }
    }
}
