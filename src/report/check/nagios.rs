//! The output of a Nagios plugin (Nagios Plugin API, "Plugin Output Spec"): one line with performance data
//! behind `|`, then details.

use std::fmt::Write as _;

use super::model::{CheckReport, Counts};
use crate::check::{Certainty, CheckResults, Finding};
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

/// What was counted, each number with its noun, then the first findings.
fn summary(results: &CheckResults, counts: Counts) -> String {
    let checks = results.evaluated.len();
    let of = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    let unknown = (counts.unknowns > 0)
        .then(|| format!("{} of {checks} checks not evaluated", counts.unknowns));
    let infos = (counts.infos > 0).then(|| format!("{} for information", counts.infos));
    let faults = [
        of(counts.errors, "error"),
        of(counts.warnings, "warning"),
        unknown,
    ];
    let mut faults: Vec<String> = faults.into_iter().flatten().collect();
    if faults.is_empty() {
        faults = vec![format!("{checks} checks, no error or warning")];
    }
    faults.extend(infos);
    let mut text = faults.join(", ");
    let named = results.findings.iter().filter(|finding| finding.is_fault());
    for (at, finding) in named.enumerate() {
        if at == NAMED {
            text.push_str(", ...");
            break;
        }
        let separator = if at == 0 { ": " } else { ", " };
        let name = format!("{} {}", finding.code, escaped(&finding.place()));
        text.push_str(separator);
        text.push_str(&plain(&name));
    }
    text
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
