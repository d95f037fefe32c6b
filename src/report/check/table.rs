//! What checks came to, for people: the gravest first, each kind once with everything that has it.

use super::{CheckReport, Counts};
use crate::check::{Certainty, CheckResults, Finding, Skipped};
use crate::compare::side_label;
use crate::domain::Severity;
use crate::i18n::{Catalog, Text, clean};
use crate::report::block::{Block, Group, Meaning, Words};
use crate::report::compare::address_line;

pub(super) fn blocks(report: &CheckReport<'_>, catalog: &Catalog) -> Vec<Block> {
    let mut blocks = vec![sides(report, catalog)];
    blocks.extend(found(report.checked, catalog));
    blocks.extend(accepted(report.checked, catalog));
    blocks.extend(skipped(report.checked, catalog));
    blocks.push(Block::Verdict(verdict(report, catalog)));
    blocks
}

fn sides(report: &CheckReport<'_>, catalog: &Catalog) -> Block {
    let facts = report.sides.iter().map(|placed| {
        let label = catalog.render(&side_label(placed.identity.side));
        let words = address_line(&placed.identity, &placed.version, catalog);
        (label, Words::plain(words))
    });
    Block::Facts(facts.collect())
}

/// Groups of findings with one code and one next step; the findings are sorted already.
pub(super) fn found(checked: &CheckResults, catalog: &Catalog) -> Vec<Block> {
    if checked.findings.is_empty() {
        return Vec::new();
    }
    let heading = Text::new("monitor-found").count("count", checked.findings.len());
    let mut blocks = vec![Block::Heading(catalog.render(&heading))];
    let mut groups: Vec<(&Finding, Vec<&Finding>)> = Vec::new();
    for finding in &checked.findings {
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
            .nested("weight", weight(first))
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
    blocks.extend(groups);
    blocks
}

fn subject(finding: &Finding, catalog: &Catalog) -> String {
    let subject = clean(&finding.subject);
    match finding.side {
        Some(side) if side.as_str() != subject => catalog.render(
            &Text::new("monitor-subject")
                .nested("side", side_label(side))
                .with("subject", subject),
        ),
        _ => subject.into_owned(),
    }
}

fn title(code: &str) -> Text {
    let mut entries = crate::check::catalogue().iter();
    let entry = entries.find(|entry| entry.code == code);
    entry.map_or_else(|| Text::new("monitor-title"), |entry| (entry.title)())
}

fn weight(finding: &Finding) -> Text {
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

fn accepted(checked: &CheckResults, catalog: &Catalog) -> Vec<Block> {
    if checked.accepted.is_empty() {
        return Vec::new();
    }
    let heading = Text::new("monitor-accepted").count("count", checked.accepted.len());
    let items = checked.accepted.iter().map(|finding| {
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
fn skipped(checked: &CheckResults, catalog: &Catalog) -> Vec<Block> {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for it in &checked.skipped {
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
    let heading = Text::new("monitor-skipped").count("count", checked.skipped.len());
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

fn verdict(report: &CheckReport<'_>, catalog: &Catalog) -> Words {
    let checked = report.checked;
    let counts = Counts::of(&checked.findings);
    let (meaning, text) = match (counts.errors + counts.warnings, counts.unknowns) {
        (0, 0) => (Meaning::Good, Text::new("monitor-well")),
        (0, _) => (Meaning::Warning, Text::new("monitor-only-unknown")),
        _ => (Meaning::Bad, Text::new("monitor-not-well")),
    };
    let text = text
        .count("checks", checked.evaluated.len())
        .count("errors", counts.errors)
        .count("warnings", counts.warnings)
        .count("unknowns", counts.unknowns);
    let mut words = catalog.render(&text);
    if report.figures.beneath > 0 {
        let more = Text::new("monitor-beneath").count("count", report.figures.beneath);
        words.push(' ');
        words.push_str(&catalog.render(&more));
    }
    Words::new(meaning, words)
}
