//! `JUnit` XML: a suite for each check, a case for each finding, one passing case without findings.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::model::CheckReport;
use crate::check::{Certainty, Finding, catalogue};
use crate::domain::Severity;
use crate::error::CommandError;
use crate::i18n::escaped;
use crate::report::document::english;

pub(super) fn render(report: &CheckReport<'_>) -> String {
    let results = report.results;
    let mut xml = Report::new("wecubectl check");
    xml.set_time(report.stats.took);
    for check in catalogue() {
        let code = check.code;
        let of_code = |finding: &&Finding| finding.code == code;
        let mut cases: Vec<TestCase> = results.findings.iter().filter(of_code).map(found).collect();
        cases.extend(results.accepted.iter().filter(of_code).map(accepted));
        let skipped = results.skipped.iter().filter(|it| it.code == code);
        cases.extend(skipped.map(|it| {
            let subject = it.subject.as_deref().unwrap_or("(all)");
            not_evaluated(code, subject, &english(&it.reason))
        }));
        cases.extend(
            results
                .findings
                .iter()
                .flat_map(|cause| explained(cause, code)),
        );
        let evaluated = results.evaluated.iter().any(|(known, _)| *known == code);
        if cases.is_empty() && evaluated {
            cases.push(case(code, "(all)", TestCaseStatus::success()));
        }
        if !cases.is_empty() {
            let title = english(&check.title());
            let mut suite = TestSuite::new(format!("{code}: {title}"));
            suite.add_test_cases(cases);
            xml.add_test_suite(suite);
        }
    }
    finished(&xml)
}

/// A check that failed: one case with an error.
pub(super) fn failure(error: &CommandError) -> String {
    let messages: Vec<_> = error.messages.iter().map(english).collect();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status
        .set_message(messages.join("; "))
        .set_type(error.outcome.as_str());
    let mut suite = TestSuite::new("check");
    suite.add_test_case(case("check", "(all)", status));
    let mut xml = Report::new("wecubectl check");
    xml.add_test_suite(suite);
    finished(&xml)
}

fn found(finding: &Finding) -> TestCase {
    let message = english(&finding.message);
    let mut status = match (finding.severity, finding.certainty) {
        (Severity::Info, Certainty::Confirmed) => TestCaseStatus::success(),
        (_, Certainty::Unknown) => TestCaseStatus::non_success(NonSuccessKind::Error),
        (_, Certainty::Confirmed) => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    if finding.is_fault() {
        let kind = format!(
            "{} {}",
            finding.severity.as_str(),
            finding.certainty.as_str()
        );
        status.set_message(message.as_str()).set_type(kind);
        if let Some(hint) = &finding.hint {
            status.set_description(english(hint));
        }
    }
    let mut case = case(finding.code, &finding.place(), status);
    if !finding.is_fault() {
        case.set_system_out(message);
    }
    case
}

fn accepted(finding: &Finding) -> TestCase {
    let reason = format!("accepted: {}", english(&finding.message));
    not_evaluated(finding.code, &finding.place(), &reason)
}

/// What a finding explains: skipped, with the code to look at.
fn explained(cause: &Finding, code: &'static str) -> impl Iterator<Item = TestCase> {
    let reason = format!("because of {} {}", cause.code, cause.place());
    let of_code = cause.explains.iter().filter(move |it| it.code == code);
    of_code.map(move |it| not_evaluated(code, &it.subject, &reason))
}

fn not_evaluated(code: &str, subject: &str, reason: &str) -> TestCase {
    let mut status = TestCaseStatus::skipped();
    status.set_message(reason);
    case(code, subject, status)
}

fn case(code: &str, subject: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(escaped(subject), status);
    case.set_classname(code);
    case
}

/// Text always serialises, so the comment is never written.
fn finished(report: &Report) -> String {
    match report.to_string() {
        Ok(xml) if xml.ends_with('\n') => xml,
        Ok(xml) => xml + "\n",
        Err(error) => format!("<!-- {error} -->\n"),
    }
}
