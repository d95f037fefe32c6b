//! The results of checks for people: the verdict, then the findings, most serious first.

use super::model::{CheckReport, Counts};
use crate::check::{Certainty, Check, CheckResults, Finding, Skipped, catalogue, side_name};
use crate::domain::Severity;
use crate::i18n::{Catalog, Text, clean};
use crate::report::block::{Block, Group, Meaning, Words};
use crate::report::compare::address_line;

pub(super) fn blocks(report: &CheckReport<'_>, catalog: &Catalog) -> Vec<Block> {
    let results = report.results;
    let mut blocks = vec![Block::Verdict(verdict(report, catalog))];
    blocks.push(sides(report, catalog));
    blocks.extend(findings(results, catalog));
    blocks.extend(accepted(results, catalog));
    blocks.extend(skipped(results, catalog));
    blocks
}

/// Verdict and findings; nothing if there are no findings.
pub(super) fn findings_alone(report: &CheckReport<'_>, catalog: &Catalog) -> Vec<Block> {
    let findings = findings(report.results, catalog);
    if findings.is_empty() {
        return findings;
    }
    let verdict = Block::Verdict(verdict(report, catalog));
    [verdict].into_iter().chain(findings).collect()
}

fn sides(report: &CheckReport<'_>, catalog: &Catalog) -> Block {
    let facts = report.sides.iter().map(|placed| {
        let label = catalog.render(&side_name(placed.identity.side));
        let words = address_line(&placed.identity, &placed.version, catalog);
        (label, Words::plain(words))
    });
    Block::Facts(facts.collect())
}

/// Findings with one code and one hint form a group. The findings are sorted already.
fn findings(results: &CheckResults, catalog: &Catalog) -> Vec<Block> {
    let mut groups: Vec<(&Finding, Vec<&Finding>)> = Vec::new();
    for finding in &results.findings {
        let same = |(first, _): &&mut (&Finding, Vec<&Finding>)| {
            (first.code, first.severity, first.certainty, &first.hint)
                == (
                    finding.code,
                    finding.severity,
                    finding.certainty,
                    &finding.hint,
                )
        };
        match groups.iter_mut().find(same) {
            Some((_, members)) => members.push(finding),
            None => groups.push((finding, vec![finding])),
        }
    }
    let groups = groups.into_iter().map(|(first, members)| {
        let title = Text::new("monitor-group")
            .with("code", first.code)
            .nested("severity", severity(first))
            .nested("title", title(first.code))
            .count("count", members.len());
        let items = members.into_iter().map(|finding| {
            let message = catalog.render(&finding.message);
            (subject(finding, catalog), message)
        });
        Block::Group(Group {
            title: Words::new(meaning(first), catalog.render(&title)),
            items: items.collect(),
            next: first.hint.as_ref().map(|hint| catalog.render(hint)),
        })
    });
    groups.collect()
}

fn subject(finding: &Finding, catalog: &Catalog) -> String {
    let subject = clean(&finding.subject);
    match finding.side {
        Some(side) if side.as_str() != subject => catalog.render(
            &Text::new("monitor-subject")
                .nested("side", side_name(side))
                .with("subject", subject),
        ),
        _ => subject.into_owned(),
    }
}

fn title(code: &str) -> Text {
    let check = catalogue().iter().find(|check| check.code == code);
    check.map_or_else(|| Text::new("monitor-title"), Check::title)
}

fn severity(finding: &Finding) -> Text {
    match (finding.certainty, finding.severity) {
        (Certainty::Unknown, _) => Text::new("monitor-unknown"),
        (_, severity) => severity.text(),
    }
}

fn meaning(finding: &Finding) -> Meaning {
    match (finding.certainty, finding.severity) {
        (Certainty::Confirmed, Severity::Error) => Meaning::Bad,
        (_, Severity::Info) => Meaning::Quiet,
        _ => Meaning::Warning,
    }
}

fn accepted(results: &CheckResults, catalog: &Catalog) -> Vec<Block> {
    if results.accepted.is_empty() {
        return Vec::new();
    }
    let heading = Text::new("monitor-accepted").count("count", results.accepted.len());
    let items = results.accepted.iter().map(|finding| {
        let subject = format!("{} {}", finding.code, subject(finding, catalog));
        (subject, catalog.render(&finding.message))
    });
    vec![Block::Group(Group {
        title: Words::new(Meaning::Quiet, catalog.render(&heading)),
        items: items.collect(),
        next: None,
    })]
}

/// One line for each reason, with every code that has it.
fn skipped(results: &CheckResults, catalog: &Catalog) -> Vec<Block> {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for it in &results.skipped {
        let reason = catalog.render(&it.reason);
        let code = what(it);
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, codes)) => codes.push(code),
            None => reasons.push((reason, vec![code])),
        }
    }
    if reasons.is_empty() {
        return Vec::new();
    }
    let heading = Text::new("monitor-skipped").count("count", results.skipped.len());
    let items = reasons
        .into_iter()
        .map(|(reason, codes)| (codes.join(", "), reason));
    vec![Block::Group(Group {
        title: Words::new(Meaning::Quiet, catalog.render(&heading)),
        items: items.collect(),
        next: None,
    })]
}

fn what(skipped: &Skipped) -> String {
    match &skipped.subject {
        Some(subject) => format!("{} {}", skipped.code, clean(subject)),
        None => skipped.code.to_owned(),
    }
}

/// Outcome, numbers and the next command.
fn verdict(report: &CheckReport<'_>, catalog: &Catalog) -> Words {
    let results = report.results;
    let counts = Counts::of(&results.findings);
    let (meaning, text) = match (
        counts.errors + counts.warnings,
        counts.unknowns,
        counts.infos,
    ) {
        (0, 0, 0) => (Meaning::Good, Text::new("monitor-well")),
        (0, 0, _) => (Meaning::Good, Text::new("monitor-only-info")),
        (0, ..) => (Meaning::Warning, Text::new("monitor-only-unknown")),
        _ => (Meaning::Bad, Text::new("monitor-not-well")),
    };
    let text = text
        .count("checks", results.evaluated.len())
        .count("errors", counts.errors)
        .count("warnings", counts.warnings)
        .count("unknowns", counts.unknowns)
        .count("infos", counts.infos)
        .with(
            "code",
            results.findings.first().map_or("", |first| first.code),
        );
    let mut words = catalog.render(&text);
    if report.stats.hidden > 0 {
        let more = Text::new("monitor-hidden").count("count", report.stats.hidden);
        words.push(' ');
        words.push_str(&catalog.render(&more));
    }
    Words::new(meaning, words)
}
