//! Text for `node_exporter`'s textfile collector: HELP and TYPE for each metric, no timestamps.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::model::{CheckReport, Counts};
use crate::domain::Side;
use crate::i18n::escaped;

pub(super) fn render(report: &CheckReport<'_>) -> String {
    let results = report.results;
    let stats = report.stats;
    let counts = Counts::of(&results.findings);
    let mut text = Metrics {
        text: String::new(),
        pair: report.name,
    };
    text.head("pair", "The pair that this file is about.");
    text.text.push_str(&pair_line(report));
    text.head(
        "findings",
        "Findings of the last check that are not accepted, by severity; unknown: checks that could not be evaluated.",
    );
    for (word, count) in [
        ("error", counts.errors),
        ("warning", counts.warnings),
        ("unknown", counts.unknowns),
        ("info", counts.infos),
    ] {
        text.value("findings", &[("severity", word)], count);
    }
    text.head("finding", "One series for each finding of the last check.");
    let mut seen = BTreeSet::new();
    for finding in &results.findings {
        // A series may stand once only.
        if seen.insert((
            finding.code,
            finding.side,
            &finding.subject,
            finding.certainty,
        )) {
            text.value(
                "finding",
                &[
                    ("code", finding.code),
                    ("severity", finding.severity.as_str()),
                    ("certainty", finding.certainty.as_str()),
                    ("side", finding.side.map_or("", Side::as_str)),
                    ("subject", &finding.subject),
                ],
                1,
            );
        }
    }
    text.single(
        "accepted",
        "Findings that the baseline accepts.",
        results.accepted.len(),
    );
    text.single(
        "evaluated",
        "Checks that were evaluated.",
        results.evaluated.len(),
    );
    text.single(
        "skipped",
        "Checks or subjects that were not evaluated.",
        results.skipped.len(),
    );
    text.single(
        "exit_code",
        "Exit code of the last check: 0 when all is well, 10 when something was found.",
        results.outcome().code(),
    );
    text.single(
        "duration_seconds",
        "How long the last check took.",
        stats.took.as_secs_f64(),
    );
    text.single(
        "requests",
        "Requests that the last check made to both sides.",
        stats.calls,
    );
    text.single(
        "last_success_timestamp_seconds",
        "When a check last came to a result, whatever it found.",
        stats.at_s,
    );
    text.text
}

/// The line that says which pair a file is about; it is the same in each check of a pair.
pub(super) fn pair_line(report: &CheckReport<'_>) -> String {
    let mut text = Metrics {
        text: String::new(),
        pair: report.name,
    };
    let core = |side: Side| {
        let mut sides = report.sides.iter().map(|it| &it.identity);
        let core = sides.find(|identity| identity.side == side);
        core.map_or_else(String::new, |identity| identity.core.to_string())
    };
    let (new, old) = (core(Side::New), core(Side::Old));
    text.value("pair", &[("new", &new), ("old", &old)], 1);
    text.text
}

struct Metrics<'a> {
    text: String,
    pair: Option<&'a str>,
}

impl Metrics<'_> {
    fn head(&mut self, name: &str, help: &str) {
        // Writing to a string cannot fail.
        let _infallible = writeln!(
            self.text,
            "# HELP wecubectl_check_{name} {help}\n# TYPE wecubectl_check_{name} gauge"
        );
    }

    fn value(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let pair = self.pair.map(|pair| ("pair", pair));
        let labels: Vec<_> = pair
            .iter()
            .chain(labels)
            .map(|(name, value)| format!("{name}=\"{}\"", label(value)))
            .collect();
        let labels = if labels.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", labels.join(","))
        };
        let _infallible = writeln!(self.text, "wecubectl_check_{name}{labels} {value}");
    }

    fn single(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, help);
        self.value(name, &[], value);
    }
}

/// A label's value on one line, with the escapes of the format.
fn label(value: &str) -> String {
    escaped(value).replace('\\', "\\\\").replace('"', "\\\"")
}
