//! The result of a run, ready to be shown, and what page and document say alike.

use crate::apply::{ApplyReport, PackageResult, Repair, RepairOption, StepResult, VariableDiff};
use crate::compare::Comparison;
use crate::domain::SystemVariable;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::{Plan, SkipReason, SkippedPackage};

/// What `apply` says, or another command that registers.
#[derive(Clone, Copy, Debug)]
pub struct RunReport<'a> {
    /// The command, as typed (`apply`, `plugin register`).
    pub command: &'static str,
    /// What was planned.
    pub plan: &'a Plan,
    /// What it came to.
    pub report: &'a ApplyReport,
    /// Old and new afterwards, if there are two sides that answered.
    pub comparison: Option<&'a Comparison>,
    /// How the run ended.
    pub outcome: Outcome,
    /// Whether the plan was printed before: then a page does not repeat what it skipped and blocked.
    pub plan_shown: bool,
    /// The run's name in the journal, if one was kept.
    pub run: Option<&'a str>,
}

/// A package that was left out, as the plan has them.
pub(super) fn skipped(package: &PackageResult) -> Option<SkippedPackage> {
    let reason: &SkipReason = match &package.result {
        StepResult::Skipped(reason) | StepResult::Blocked(reason) => reason,
        _ => return None,
    };
    Some(SkippedPackage {
        side: package.id.side,
        name: package.id.name.clone(),
        version: package.version.clone(),
        package: package.package.clone(),
        reason: reason.clone(),
    })
}

/// The command of a repair.
pub(super) fn repair_command(repair: &Repair, way: &RepairOption) -> Text {
    Text::new("report-apply-repair-command")
        .with("side", way.side)
        .with("name", repair.name.as_str())
        .with("version", way.version.as_str())
}

pub(super) fn change_text(change: &VariableDiff) -> Text {
    let row = |row: Option<&SystemVariable>| match row {
        Some(row) => Text::new("report-variable-row")
            .with("value", row.effective())
            .with("status", &row.status),
        None => Text::new("report-variable-no-row"),
    };
    let text = if change.predicted {
        Text::new("report-variable-predicted")
    } else {
        Text::new("report-variable-unpredicted")
    };
    text.with("name", &change.name)
        .nested("before", row(change.before.as_ref()))
        .nested("after", row(change.after.as_ref()))
}

/// What to change if the rows moved to another folder.
pub(super) fn static_path((before, after): &(String, String)) -> Text {
    Text::new("report-apply-static-path")
        .with("before", before)
        .with("after", after)
}
