//! A run as JSON, findings and tab-separated values.

use std::time::Duration;

use super::groups::{cause, hint};
use super::run_report::{RunReport, change_text, repair_command, skipped, static_path};
use crate::apply::messages;
use crate::apply::{
    ApplyReport, BrokenPage, NoEffect, PackageResult, ScheduleStats, StepResult, UnknownCause,
    VariableResult, repairs,
};
use crate::domain::{FilePath, FileState, GATEWAY_URL_NEW, SystemVariable};
use crate::i18n::Text;
use crate::plan::messages as plan_messages;
use crate::report::compare::{comparison_doc, comparison_findings};
use crate::report::document::{
    Document, FileDoc, FindingDoc, PackageDoc, ReasonDoc, ScheduleDoc, VariableDoc, english,
};
use crate::report::plan::{blocked_finding, variable_blocked};
use crate::report::tsv::Tsv;

pub(super) fn document(run: &RunReport<'_>) -> Document {
    let report = run.report;
    let mut document = Document::new(run.command, run.outcome);
    document.variable = Some(variable_doc(&report.variable));
    document.packages = Some(report.packages.iter().map(package_doc).collect());
    document.schedule = Some(schedule_doc(&report.schedule));
    document.comparison = run.comparison.map(comparison_doc);
    document.findings = Some(findings(run));
    document
}

/// The variable after a run.
fn variable_doc(result: &VariableResult) -> VariableDoc {
    let value = |row: &SystemVariable| Some(row.effective().to_owned());
    let of_rows = |rows: &[SystemVariable]| match rows {
        [only] => value(only),
        _ => None,
    };
    let (before, after) = match result {
        VariableResult::Unchanged { row } => {
            let row = row.as_ref().and_then(value);
            (row.clone(), row)
        }
        VariableResult::Created { row, .. } => (None, value(row)),
        VariableResult::Updated { before, after } => (value(before), value(after)),
        VariableResult::Drifted { planned, rows } => {
            (planned.as_ref().and_then(value), of_rows(rows))
        }
        VariableResult::Failed { .. } => (None, None),
        VariableResult::Undecided { effective, .. } => (effective.clone(), effective.clone()),
        VariableResult::NoEffect { rows } => (None, of_rows(rows)),
    };
    VariableDoc {
        name: GATEWAY_URL_NEW,
        action: result.code(),
        before,
        after,
    }
}

/// A package and its result in JSON.
pub(in crate::report) fn package_doc(package: &PackageResult) -> PackageDoc {
    let reason = match &package.result {
        StepResult::Skipped(reason) | StepResult::Blocked(reason) => Some(ReasonDoc {
            code: reason.code(),
            message: english(&plan_messages::skip_reason(reason)),
        }),
        result => cause(result).map(|(_, code, text)| ReasonDoc {
            code,
            message: english(&text),
        }),
    };
    PackageDoc {
        name: package.id.name.to_string(),
        version: package.version.as_ref().map(ToString::to_string),
        id: package.package.as_ref().map(ToString::to_string),
        side: package.id.side.as_str(),
        result: package.result.as_str(),
        attempts: package.attempts,
        duration_ms: millis(package.duration),
        reason,
        files: files(&package.result),
    }
}

/// Each file that keeps a registration from being verified.
fn files(result: &StepResult) -> Vec<FileDoc> {
    let file = |path: &FilePath, portal: &str, state: &FileState| FileDoc {
        path: path.to_string(),
        portal: portal.to_owned(),
        code: state.code(),
        message: english(&state.text()),
    };
    match result {
        StepResult::NoEffect(NoEffect::PagesHidden { pages })
        | StepResult::Unknown {
            cause: UnknownCause::PagesUnread { pages },
        } => pages
            .iter()
            .map(|(path, portal, state)| file(path, portal, state))
            .collect(),
        StepResult::NoEffect(NoEffect::ContentDiffers { pages }) => pages
            .iter()
            .flat_map(|page| page.served.iter().map(|it| (&page.path, it)))
            .map(|(path, (portal, served))| file(path, portal, &FileState::Served(served.clone())))
            .collect(),
        _ => Vec::new(),
    }
}

fn schedule_doc(schedule: &ScheduleStats) -> ScheduleDoc {
    ScheduleDoc {
        parallel: schedule.parallel,
        peak: schedule.peak,
        critical_path_ms: millis(schedule.critical_path),
        work_ms: millis(schedule.work),
        wall_ms: millis(schedule.wall),
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What broke first, with the command that repairs it; then what went wrong, what needs a person, what
/// nobody predicted, and what the comparison found.
fn findings(run: &RunReport<'_>) -> Vec<FindingDoc> {
    let report = run.report;
    let mut findings = broken(run);
    if let VariableResult::Undecided { effective, wanted } = &report.variable {
        findings.push(variable_blocked(effective.as_deref(), wanted));
    }
    findings.extend(report.unasked.iter().map(|page| {
        let text = page_text(page);
        let code = "other_side_unread";
        finding(code, "warning", page.name.to_string(), &text, None)
    }));
    for package in &report.packages {
        let version = package.version.as_ref();
        let version = version.map_or(String::new(), |version| format!(" {version}"));
        let subject = format!("{}{version}", package.id.name);
        if let Some((_, code, text)) = cause(&package.result) {
            let hint = hint(&package.result, code);
            let severity = match package.result {
                StepResult::NotStarted(_) => "warning",
                _ => "error",
            };
            findings.push(finding(code, severity, subject, &text, Some(&hint)));
        }
        findings.extend(skipped(package).as_ref().and_then(blocked_finding));
    }
    let unpredicted = report.variable_changes.iter().filter(|it| !it.predicted);
    findings.extend(unpredicted.map(|change| {
        let text = change_text(change);
        let code = "variable_switched";
        finding(code, "warning", change.name.clone(), &text, None)
    }));
    findings.extend(run.comparison.into_iter().flat_map(comparison_findings));
    findings
}

fn broken(run: &RunReport<'_>) -> Vec<FindingDoc> {
    let repairs = repairs(run.report, run.plan);
    let broken = run.report.broken.iter().map(|page| {
        let mut repairs = repairs.iter();
        let repair = repairs.find(|it| it.lost_by == page.side && it.name == page.name);
        let way = repair.and_then(|repair| Some((repair, repair.ways.first()?)));
        let hint = match repair.and_then(|repair| repair.moved.as_ref()) {
            Some(moved) => Some(static_path(moved)),
            None => way.map(|(repair, way)| repair_command(repair, way)),
        };
        let (code, severity) = if page.predicted {
            ("other_side_loses_page", "warning")
        } else {
            ("broke_other_side", "error")
        };
        let subject = page.name.to_string();
        finding(code, severity, subject, &page_text(page), hint.as_ref())
    });
    broken.collect()
}

fn page_text(page: &BrokenPage) -> Text {
    messages::broken(page)
}

fn finding(
    code: &'static str,
    severity: &'static str,
    subject: String,
    message: &Text,
    hint: Option<&Text>,
) -> FindingDoc {
    FindingDoc {
        code,
        severity,
        subject,
        message: english(message),
        hint: hint.map(english),
        seen: None,
    }
}

/// One record for each package.
pub(super) fn tsv(report: &ApplyReport) -> String {
    let mut tsv = Tsv::new(&[
        "side",
        "name",
        "version",
        "id",
        "result",
        "attempts",
        "duration_ms",
        "code",
        "message",
    ]);
    for package in &report.packages {
        let doc = package_doc(package);
        let reason = doc.reason.as_ref();
        tsv.row([
            doc.side,
            &doc.name,
            doc.version.as_deref().unwrap_or_default(),
            doc.id.as_deref().unwrap_or_default(),
            doc.result,
            &doc.attempts.to_string(),
            &doc.duration_ms.to_string(),
            reason.map_or("", |reason| reason.code),
            reason.map_or("", |reason| reason.message.as_str()),
        ]);
    }
    tsv.finish()
}
