//! The output of a Nagios plugin (Nagios Plugin API, "Plugin Output Spec"): one line with performance data
//! behind `|`, then details.

use std::fmt::Write as _;

use super::model::{CheckReport, Counts};
use crate::check::{Certainty, CheckResults, Finding};
use crate::domain::Severity;
use crate::error::CommandError;
use crate::i18n::{clean, escaped};
use crate::report::document::english;

/// Bytes of all lines: Nagios 3 reads 8 KiB, and older transports truncate silently.
const MOST: usize = 7_000;
/// Findings in the first line.
const NAMED: usize = 3;

/// The four states of a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Ok,
    Warning,
    Critical,
    Unknown,
}

impl State {
    /// Unknown only if nothing is confirmed.
    pub(super) fn of(results: &CheckResults) -> Self {
        let counts = Counts::of(&results.findings);
        if counts.errors > 0 {
            Self::Critical
        } else if counts.warnings > 0 {
            Self::Warning
        } else if counts.unknowns > 0 {
            Self::Unknown
        } else {
            Self::Ok
        }
    }

    pub(super) fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

pub(super) fn render(report: &CheckReport<'_>) -> String {
    let results = report.results;
    let counts = Counts::of(&results.findings);
    let state = State::of(results).word();
    let name = report.name.unwrap_or("WECUBE");
    let mut text = format!("{name} {state} - {}", summary(results, counts));
    // Writing to a string cannot fail.
    let _infallible = writeln!(
        text,
        "|errors={};;;0 warnings={};;;0 unknown={};;;0 info={};;;0 accepted={};;;0 duration={}.{:03}s;;;0 requests={};;;0",
        counts.errors,
        counts.warnings,
        counts.unknowns,
        counts.infos,
        results.accepted.len(),
        report.stats.took.as_secs(),
        report.stats.took.subsec_millis(),
        report.stats.calls,
    );
    for gone in report.recovered_lines() {
        text.push_str(&(plain(&english(&gone)) + "\n"));
    }
    for (at, finding) in results.findings.iter().enumerate() {
        let line = details(report, finding);
        if text.len() + line.len() > MOST {
            let left = results.findings.len() - at;
            let _infallible = writeln!(text, "and {left} more: wecubectl check");
            break;
        }
        text.push_str(&line);
    }
    text
}

/// The output of a check that failed.
pub(super) fn failure(error: &CommandError) -> String {
    let messages: Vec<_> = error.messages.iter().map(english).collect();
    let hints: Vec<_> = error.hints.iter().map(english).collect();
    let mut text = format!("WECUBE UNKNOWN - {}\n", plain(&messages.join("; ")));
    for hint in hints {
        text.push_str(&plain(&hint));
        text.push('\n');
    }
    text
}

fn summary(results: &CheckResults, counts: Counts) -> String {
    if counts.errors + counts.warnings + counts.unknowns == 0 {
        let checks = results.evaluated.len();
        return match counts.infos {
            0 => format!("{checks} checks, no finding"),
            infos => format!("{checks} checks, no fault, {infos} for information"),
        };
    }
    let serious: Vec<&Finding> = results
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
        .collect();
    let mut first: Vec<&&Finding> = serious.iter().collect();
    // Confirmed findings first.
    first.sort_by_key(|finding| finding.certainty == Certainty::Unknown);
    let named: Vec<String> = first
        .iter()
        .take(NAMED)
        .map(|finding| plain(&format!("{} {}", finding.code, escaped(&finding.place()))))
        .collect();
    let more = if serious.len() > NAMED { ", ..." } else { "" };
    format!(
        "{} errors, {} warnings, {} unknown: {}{more}",
        counts.errors,
        counts.warnings,
        counts.unknowns,
        named.join(", ")
    )
}

fn details(report: &CheckReport<'_>, finding: &Finding) -> String {
    let state = match finding.certainty {
        Certainty::Confirmed => finding.severity.as_str(),
        Certainty::Unknown => finding.certainty.as_str(),
    };
    let mut message = english(&report.message(finding));
    if !finding.not_evaluated().is_empty() {
        // Writing to a string cannot fail.
        let _infallible = write!(
            message,
            " ({} checks could not be evaluated)",
            finding.not_evaluated().len()
        );
    }
    let hint = finding.hint.as_ref().map(english).unwrap_or_default();
    let place = escaped(&finding.place());
    let mut line = format!("{} {state} {place}: {message}", finding.code);
    if !hint.is_empty() {
        line.push_str(" -- ");
        line.push_str(&hint);
    }
    plain(&line) + "\n"
}

/// One line without `|`, which begins performance data and has no escape in Nagios.
fn plain(words: &str) -> String {
    clean(words).replace('|', "%7C")
}
