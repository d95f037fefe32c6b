//! One plugin of one side, as most checks read it.

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::sink::{FindingDraft, FindingSink};
use crate::compare::{Aspect, Cause, PluginRow, PluginSide, State};
use crate::domain::{Inventory, Side};
use crate::i18n::Text;
use crate::plan::{Plan, SkippedPackage, Step};

/// One plugin of one side.
pub(super) struct PluginOnSide<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) row: &'a PluginRow,
    pub(super) own: &'a PluginSide,
}

impl PluginOnSide<'_> {
    pub(super) fn side(&self) -> Side {
        self.inventory.side()
    }

    /// `NAME VERSION`, or the name alone without a package.
    pub(super) fn subject(&self) -> String {
        match &self.own.package {
            Some(package) => format!("{} {}", self.row.name, package.version),
            None => self.row.name.to_string(),
        }
    }

    /// Its version, for a command.
    pub(super) fn version(&self) -> &str {
        let package = self.own.package.as_ref();
        package.map_or("VERSION", |package| package.version.as_str())
    }

    pub(super) fn is_active(&self) -> bool {
        let package = self.own.package.as_ref();
        package.is_some_and(|package| package.status.is_active())
    }

    pub(super) fn runs(&self) -> bool {
        !self.own.instances.is_empty()
    }

    /// As [`Self::runs`]; if that is unknown, the sink is told.
    pub(super) fn known_to_run(&self, sink: &mut FindingSink<'_>) -> bool {
        let cell = self.own.cell(Aspect::Running);
        if !self.runs() && cell.state == State::Unknown {
            self.undetermined(cell.causes.first(), sink);
        }
        self.runs()
    }

    /// Tells the sink that the comparison could not determine it.
    pub(super) fn undetermined(&self, cause: Option<&Cause>, sink: &mut FindingSink<'_>) {
        sink.undetermined(self.side(), self.row.name.to_string(), cause);
    }

    /// The state of an aspect with its first cause. An unknown state goes to the sink.
    pub(super) fn judged(
        &self,
        aspect: Aspect,
        sink: &mut FindingSink<'_>,
    ) -> Option<(State, &Cause)> {
        let cell = self.own.cell(aspect);
        let cause = cell.causes.first();
        if cell.state == State::Unknown {
            self.undetermined(cause, sink);
            return None;
        }
        Some((cell.state, cause?))
    }

    /// The command that restores its static files: `apply` if that registers it, else `plan`, which says
    /// how to resolve what blocks it, else a registration by hand.
    pub(super) fn restore(&self, plan: &Plan) -> Text {
        let name = &self.row.name;
        let side = self.side();
        let step = |step: &Step| step.id.side == side && step.id.name == *name;
        let skipped = |it: &SkippedPackage| it.side == side && it.name == *name;
        if plan.steps.iter().any(step) {
            Text::new("check-hint-apply")
        } else if plan
            .skipped
            .iter()
            .any(|it| skipped(it) && it.reason.is_blocking())
        {
            Text::new("check-hint-plan").with("name", name.as_str())
        } else {
            self.register()
        }
    }

    /// The command that registers it.
    pub(super) fn register(&self) -> Text {
        Text::new("check-hint-register")
            .with("side", self.side())
            .with("name", self.row.name.as_str())
            .with("version", self.version())
    }

    /// A finding about it, with what a listing of its side said.
    pub(super) fn draft(&self, message: Text, endpoint: Endpoint, seen: Text) -> FindingDraft {
        FindingDraft::on(self.side(), self.subject(), message).seen(self.inventory, endpoint, seen)
    }
}

/// The chosen plugins of all sides.
pub(super) fn plugins<'a>(
    context: &CheckContext<'a>,
    sink: &mut FindingSink<'a>,
) -> Vec<PluginOnSide<'a>> {
    if context.policy.old_is_configured {
        context.require_old(sink);
    }
    let mut plugins = Vec::new();
    for inventory in context.sides() {
        for (row, own) in context.plugin_rows(inventory.side(), sink) {
            sink.count_subject();
            plugins.push(PluginOnSide {
                inventory,
                row,
                own,
            });
        }
    }
    plugins
}
