//! The inputs that every check reads.

use std::collections::BTreeMap;

use super::input::{CheckInput, Facts, Policy};
use super::sink::FindingSink;
use crate::compare::{Comparison, PluginRow, PluginSide, compare};
use crate::domain::{Inventory, Side};
use crate::i18n::Text;
use crate::plan::{
    GatewayUrl, Plan, PlanInput, PlanOptions, SeedRelation, Selection, WriteTo, plan,
};

/// The inputs that every check reads.
pub(super) struct CheckContext<'a> {
    pub(super) new: &'a Inventory,
    pub(super) old: Option<&'a Inventory>,
    pub(super) facts: &'a Facts<'a>,
    pub(super) policy: &'a Policy,
    /// Old and new compared; `None` without an old side.
    pub(super) pair: Option<&'a Comparison>,
    /// The plugins chosen by `--plugin` and `--skip-plugin`.
    pub(super) selection: &'a Selection,
    /// Checks read its relation, refusals and notices; its steps are not used.
    pub(super) plan: &'a Plan,
    /// Each side compared with itself: what is true there regardless of the other side.
    alone: &'a BTreeMap<Side, Comparison>,
}

/// What a context is made of and must outlive it.
pub(super) struct ContextData {
    selection: Selection,
    plan: Plan,
    alone: BTreeMap<Side, Comparison>,
    pair: Option<Comparison>,
}

impl ContextData {
    pub(super) fn new(input: &CheckInput<'_>) -> Self {
        let options = PlanOptions {
            write_to: WriteTo::New,
            all_running: false,
            only: input.policy.only_plugins.clone(),
            skip: input.policy.skip_plugins.clone(),
            register_unverified: std::collections::BTreeSet::new(),
            picks: BTreeMap::new(),
            gateway_url: GatewayUrl::Value(input.policy.gateway_url.clone().unwrap_or_default()),
            upgrade: input.policy.upgrade,
            static_folder: None,
            seeds: input.facts.seeds.unwrap_or(SeedRelation::Same),
            target: None,
        };
        let sides = [Some(input.new), input.old].into_iter().flatten();
        let pair = match (input.old, input.comparison) {
            (Some(old), None) => Some(compare(old, input.new)),
            _ => None,
        };
        Self {
            selection: Selection::of_globs(&input.policy.only_plugins, &input.policy.skip_plugins),
            plan: plan(PlanInput {
                new: Some(input.new),
                old: input.old,
                options: &options,
            }),
            alone: sides.map(|it| (it.side(), compare(it, it))).collect(),
            pair,
        }
    }

    pub(super) fn context<'a>(&'a self, input: &'a CheckInput<'a>) -> CheckContext<'a> {
        let given = input.comparison.filter(|_| input.old.is_some());
        CheckContext {
            new: input.new,
            old: input.old,
            facts: &input.facts,
            policy: input.policy,
            pair: given.or(self.pair.as_ref()),
            selection: &self.selection,
            plan: &self.plan,
            alone: &self.alone,
        }
    }
}

impl<'a> CheckContext<'a> {
    /// The sides that were read, the new one first.
    pub(super) fn sides(&self) -> impl Iterator<Item = &'a Inventory> + use<'a> {
        [Some(self.new), self.old].into_iter().flatten()
    }

    /// `None` if that side was not read.
    pub(super) fn side(&self, side: Side) -> Option<&'a Inventory> {
        match side {
            Side::New => Some(self.new),
            Side::Old => self.old,
        }
    }

    /// The chosen plugins of a side, each judged by that side alone. Failed readings and plugins that
    /// are not chosen go to the sink.
    pub(super) fn plugin_rows(
        &self,
        side: Side,
        sink: &mut FindingSink<'a>,
    ) -> Vec<(&'a PluginRow, &'a PluginSide)> {
        let Some(alone) = self.alone.get(&side) else {
            return Vec::new();
        };
        for unread in alone.unread.iter().filter(|it| it.side == Side::New) {
            sink.read_failed(side, None, &unread.failure);
        }
        let rows = self.chosen(&alone.plugins, sink);
        rows.into_iter().map(|row| (row, &row.new)).collect()
    }

    /// The chosen plugins of both sides. A missing old side goes to the sink.
    pub(super) fn pairs(&self, sink: &mut FindingSink<'a>) -> Vec<&'a PluginRow> {
        let Some(pair) = self.require_pair(sink) else {
            return Vec::new();
        };
        for unread in &pair.unread {
            sink.read_failed(unread.side, None, &unread.failure);
        }
        self.chosen(&pair.plugins, sink)
    }

    fn chosen(&self, rows: &'a [PluginRow], sink: &mut FindingSink<'a>) -> Vec<&'a PluginRow> {
        let (chosen, others): (Vec<_>, Vec<_>) = rows
            .iter()
            .partition(|row: &&PluginRow| self.selection.takes(&row.name));
        sink.skip_plugins(others.into_iter().map(|row| &row.name));
        chosen
    }

    /// Old and new compared. A missing old side goes to the sink.
    pub(super) fn require_pair(&self, sink: &mut FindingSink<'_>) -> Option<&'a Comparison> {
        self.require_old(sink)?;
        self.pair
    }

    /// The old side. A missing one goes to the sink.
    pub(super) fn require_old(&self, sink: &mut FindingSink<'_>) -> Option<&'a Inventory> {
        if self.old.is_none() {
            if self.policy.old_is_configured {
                let why = Text::new("check-unknown-old-not-read");
                sink.unknown(Some(Side::Old), None, why, None);
            } else {
                sink.skip(None, Text::new("check-skip-no-old"));
            }
        }
        self.old
    }
}
