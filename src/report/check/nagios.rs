//! A Nagios plugin's output (Nagios Plugin API, "Plugin Output Spec"): one line with figures behind
//! `|`, then details.

use std::fmt::Write as _;

use super::{CheckReport, Counts};
use crate::check::{Certainty, CheckResults, Finding};
use crate::domain::Severity;
use crate::error::CommandError;
use crate::i18n::clean;
use crate::report::document::english;

/// Bytes of all lines: Nagios 3 reads 8 KiB, and older transports cut without a word.
const MOST: usize = 7_000;
/// Findings that the first line names.
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
    /// What was found decides; what is merely unknown does so where nothing is wrong.
    pub(super) fn of(checked: &CheckResults) -> Self {
        let counts = Counts::of(&checked.findings);
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

pub(super) fn words(report: &CheckReport<'_>) -> String {
    let checked = report.checked;
    let counts = Counts::of(&checked.findings);
    let state = State::of(checked).word();
    let mut text = format!("WECUBE {state} - {}", summary(checked, counts));
    let figures = report.figures;
    // Writing to a string cannot fail.
    let _infallible = writeln!(
        text,
        "|errors={};;;0 warnings={};;;0 unknown={};;;0 info={};;;0 accepted={};;;0 duration={}.{:03}s;;;0 requests={};;;0",
        counts.errors,
        counts.warnings,
        counts.unknowns,
        counts.infos,
        checked.accepted.len(),
        figures.took.as_secs(),
        figures.took.subsec_millis(),
        figures.calls,
    );
    for (at, finding) in checked.findings.iter().enumerate() {
        let line = details(finding);
        if text.len() + line.len() > MOST {
            let left = checked.findings.len() - at;
            let _infallible = writeln!(text, "and {left} more: wecubectl check");
            break;
        }
        text.push_str(&line);
    }
    text
}

/// The first line of a check that came to no result.
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

fn summary(checked: &CheckResults, counts: Counts) -> String {
    if counts.errors + counts.warnings + counts.unknowns == 0 {
        return format!("{} checks, no finding", checked.evaluated.len());
    }
    let grave: Vec<&Finding> = checked
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
        .collect();
    let mut first: Vec<&&Finding> = grave.iter().collect();
    // What is wrong says more than what is unknown.
    first.sort_by_key(|finding| finding.certainty == Certainty::Unknown);
    let named: Vec<String> = first
        .iter()
        .take(NAMED)
        .map(|finding| plain(&format!("{} {}", finding.code, finding.place())))
        .collect();
    let more = if grave.len() > NAMED { ", ..." } else { "" };
    format!(
        "{} errors, {} warnings, {} unknown: {}{more}",
        counts.errors,
        counts.warnings,
        counts.unknowns,
        named.join(", ")
    )
}

fn details(finding: &Finding) -> String {
    let state = match finding.certainty {
        Certainty::Confirmed => finding.severity.as_str(),
        Certainty::Unknown => finding.certainty.as_str(),
    };
    let message = english(&finding.message);
    let hint = finding.hint.as_ref().map(english).unwrap_or_default();
    let mut line = format!("{} {state} {}: {message}", finding.code, finding.place());
    if !hint.is_empty() {
        line.push_str(" -- ");
        line.push_str(&hint);
    }
    plain(&line) + "\n"
}

/// One line in which nothing begins figures: `|` has no escape of Nagios' own.
fn plain(words: &str) -> String {
    clean(words).replace('|', "%7C")
}
