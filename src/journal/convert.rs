//! From values of the run to records. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use super::format::{
    EndRecord, FORMAT, Finished, Loss, Note, OtherVersion, PageRecord, Record, RunRecord,
    ScheduleRecord, SideRecord, SkippedRecord, Started, StepName, StepNote, StepRecord, Switch,
    TraceRecord, VariableFinished, VariableRow, VariableWriteStarted, Who,
};
use crate::apply::{ApplyReport, BrokenPage, Event, PackageResult, VariableDiff, VariableResult};
use crate::domain::{PackageState, Side, SystemVariable};
use crate::exit::Outcome;
use crate::plan::{Plan, SideEffect, SideFacts, Step, StepId, VariablePlan};

/// The first line.
pub(super) fn run(id: &str, start: &RunStart<'_>) -> RunRecord {
    let plan = start.plan;
    let variables = plan.variables_before.values().flatten();
    let before: BTreeMap<_, _> = variables.map(|row| (&row.id, row)).collect();
    let status = |id| {
        before
            .get(id)
            .map(|row: &&SystemVariable| row.status.clone())
    };
    let steps = plan.steps.iter();
    let skipped = plan.skipped.iter().map(|left| SkippedRecord {
        step: name_of(left.side, left.name.as_str()),
        version: left.version.as_ref().map(ToString::to_string),
        code: left.reason.code().to_owned(),
    });
    RunRecord {
        format: FORMAT,
        run: id.to_owned(),
        command: start.command.to_owned(),
        version: start.version.to_owned(),
        who: start.who.clone(),
        new: plan.new.as_ref().map(side_record),
        old: plan.old.as_ref().map(side_record),
        relation: plan.relation.code().to_owned(),
        canary: plan.canary.as_ref().map(step_name),
        steps: steps.map(|step| step_record(step, status)).collect(),
        skipped: skipped.collect(),
        variable_before: variable_before(&plan.variable),
    }
}

/// What a run begins with.
#[derive(Clone, Debug)]
pub struct RunStart<'a> {
    /// The command, e.g. `apply`.
    pub command: &'a str,
    /// Version of this program.
    pub version: &'a str,
    /// Who runs it.
    pub who: Who,
    /// The plan.
    pub plan: &'a Plan,
}

/// The record of an event; `detail` says it in English.
pub(super) fn record(event: &Event, detail: String) -> Record {
    match event {
        Event::VariableWriteStarted {
            action,
            before,
            after,
        } => Record::VariableWriteStarted(VariableWriteStarted {
            action: action.code().to_owned(),
            before: before.as_ref().map(row),
            after: after.as_ref().map(row),
        }),
        Event::VariableFinished(result) => {
            Record::VariableFinished(variable_settled(result, detail))
        }
        Event::Started {
            id,
            has_ui,
            before,
            package,
            version,
            attempt,
            in_flight,
            canary,
        } => Record::Started(Started {
            before: Some(trace(before, *has_ui)),
            step: step_name(id),
            package: package.to_string(),
            version: version.to_string(),
            attempt: *attempt,
            in_flight: *in_flight,
            canary: *canary,
        }),
        Event::Deferred { id, .. } => Record::Deferred(note(id, detail)),
        Event::AnswerLost { id, .. } => Record::AnswerLost(note(id, detail)),
        Event::Verifying { id } => Record::Verifying(note(id, detail)),
        Event::Finished(result) => Record::Finished(settled(result, detail)),
        Event::PageBroken(page) => Record::PageBroken(page_record(page, detail)),
        Event::Stopping(_) => Record::Stopping(Note { detail }),
    }
}

/// The last line.
pub(super) fn end(report: &ApplyReport, outcome: Outcome) -> EndRecord {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for package in &report.packages {
        *counts
            .entry(package.result.as_str().to_owned())
            .or_default() += 1;
    }
    let schedule = &report.schedule;
    EndRecord {
        outcome: outcome.as_str().to_owned(),
        exit_code: outcome.code(),
        counts,
        switched: report.variable_changes.iter().map(switched).collect(),
        broken: report.broken.len(),
        schedule: ScheduleRecord {
            parallel: schedule.parallel,
            peak: schedule.peak,
            critical_path_ms: millis(schedule.critical_path),
            work_ms: millis(schedule.work),
            wall_ms: millis(schedule.wall),
        },
    }
}

fn trace(before: &PackageState, has_ui: bool) -> TraceRecord {
    TraceRecord {
        has_ui,
        status: before.status.as_str().to_owned(),
        uploaded: before.uploaded.clone(),
        updated_time: before.updated_time.clone(),
        ui_active: before.ui_active,
        file_rows: before.file_rows.iter().map(ToString::to_string).collect(),
    }
}

fn side_record(facts: &SideFacts) -> SideRecord {
    let identity = &facts.identity;
    SideRecord {
        core: identity.core.to_string(),
        gateway: identity.gateway.to_string(),
        portals: identity.portals.iter().map(ToString::to_string).collect(),
        version: facts.version.known().map(ToString::to_string),
    }
}

fn step_record<'a>(
    step: &'a Step,
    status: impl Fn(&'a crate::domain::VariableId) -> Option<String>,
) -> StepRecord {
    let mut record = StepRecord {
        step: step_name(&step.id),
        version: step.version.to_string(),
        package: step.package.to_string(),
        status: step.before.status.as_str().to_owned(),
        ui_active: step.before.ui_active,
        takes_from: Vec::new(),
        switches: Vec::new(),
        other_side_loses: None,
    };
    for effect in &step.effects {
        match effect {
            SideEffect::Demotes {
                package, version, ..
            } => record.takes_from.push(OtherVersion {
                package: package.to_string(),
                version: version.to_string(),
                loses: Loss::Registered,
            }),
            SideEffect::TakesUiActive { package, version } => {
                record.takes_from.push(OtherVersion {
                    package: package.to_string(),
                    version: version.to_string(),
                    loses: Loss::UiActive,
                });
            }
            SideEffect::SwitchesVariable {
                id,
                name,
                to_active,
            } => record.switches.push(Switch {
                side: step.id.side.as_str().to_owned(),
                id: id.to_string(),
                name: name.clone(),
                before: status(id),
                after: Some(if *to_active { "active" } else { "inactive" }.to_owned()),
            }),
            SideEffect::OtherSideLosesPage { shows, .. } => {
                record.other_side_loses = Some(shows.to_string());
            }
            SideEffect::EmptiesFolder | SideEffect::MovesUploadTime | SideEffect::GrantsRoles => {}
        }
    }
    record
}

fn variable_before(plan: &VariablePlan) -> Vec<VariableRow> {
    match plan {
        VariablePlan::Keep { row: before } | VariablePlan::Update { before, .. } => {
            vec![row(before)]
        }
        VariablePlan::Several { rows, .. } => rows.iter().map(row).collect(),
        VariablePlan::Create { .. }
        | VariablePlan::NotAsked { .. }
        | VariablePlan::Undecided { .. }
        | VariablePlan::ValueNeeded { .. }
        | VariablePlan::Unreadable { .. } => Vec::new(),
    }
}

fn variable_settled(result: &VariableResult, detail: String) -> VariableFinished {
    let (before, after, removed_own) = match result {
        VariableResult::Unchanged { row } => (None, row.as_ref(), false),
        VariableResult::Created { row, removed_own } => (None, Some(row), *removed_own),
        VariableResult::Updated { before, after } => (Some(before), Some(after), false),
        VariableResult::Drifted { rows, .. } | VariableResult::NoEffect { rows } => {
            (None, rows.first(), false)
        }
        VariableResult::Failed { .. } | VariableResult::Undecided { .. } => (None, None, false),
    };
    VariableFinished {
        result: result.code().to_owned(),
        before: before.map(row),
        after: after.map(row),
        removed_own,
        detail,
    }
}

fn settled(result: &PackageResult, detail: String) -> Finished {
    Finished {
        step: step_name(&result.id),
        version: result.version.as_ref().map(ToString::to_string),
        result: result.result.as_str().to_owned(),
        attempts: result.attempts,
        duration_ms: millis(result.duration),
        reading_age_ms: result.reading_age.map(millis),
        detail,
    }
}

fn page_record(page: &BrokenPage, detail: String) -> PageRecord {
    PageRecord {
        step: name_of(page.side, page.name.as_str()),
        path: page.path.to_string(),
        portal: page.portal.clone(),
        detail,
    }
}

fn switched(change: &VariableDiff) -> Switch {
    let row = change.after.as_ref().or(change.before.as_ref());
    let status = |row: &Option<SystemVariable>| row.as_ref().map(|row| row.status.clone());
    Switch {
        side: change.side.as_str().to_owned(),
        id: row.map_or_else(String::new, |row| row.id.to_string()),
        name: change.name.clone(),
        before: status(&change.before),
        after: status(&change.after),
    }
}

fn row(row: &SystemVariable) -> VariableRow {
    VariableRow {
        id: row.id.to_string(),
        name: row.name.clone(),
        value: row.value.clone(),
        default_value: row.default_value.clone(),
        scope: row.scope.clone(),
        source: row.source.clone(),
        status: row.status.clone(),
        package_name: row.package_name.clone(),
    }
}

fn note(id: &StepId, detail: String) -> StepNote {
    StepNote {
        step: step_name(id),
        detail,
    }
}

fn step_name(id: &StepId) -> StepName {
    name_of(id.side, id.name.as_str())
}

fn name_of(side: Side, name: &str) -> StepName {
    StepName {
        side: side.as_str().to_owned(),
        name: name.to_owned(),
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
