//! The results of checks for people: the verdict, then the findings, most serious first.

use std::collections::BTreeSet;

use super::model::{CheckReport, Counts};
use crate::check::{Certainty, Check, CheckResults, Explained, Finding, Skipped, catalogue};
use crate::domain::{Severity, Side};
use crate::i18n::{Catalog, Text, clean, few};
use crate::report::block::{Block, Group, Meaning, NAMED, Words, folded_items};
use crate::report::compare::address_line;

pub(super) fn blocks(report: &CheckReport<'_>, catalog: &Catalog) -> Vec<Block> {
    let results = report.results;
    let mut blocks = vec![Block::Verdict(verdict(report, catalog))];
    blocks.push(sides(report, catalog));
    blocks.extend(recovered(report, catalog));
    blocks.extend(findings(report, catalog, |_| true));
    blocks.extend(accepted(results, catalog));
    blocks.extend(skipped(results, catalog));
    blocks
}

/// Verdict, what is gone, and faults; nothing if there is none of them. What is for information alarms
/// nobody.
pub(super) fn findings_alone(report: &CheckReport<'_>, catalog: &Catalog) -> Vec<Block> {
    let mut blocks: Vec<Block> = recovered(report, catalog).collect();
    blocks.extend(findings(report, catalog, Finding::is_fault));
    if !blocks.is_empty() {
        blocks.insert(0, Block::Verdict(verdict(report, catalog)));
    }
    blocks
}

fn recovered<'a>(
    report: &'a CheckReport<'_>,
    catalog: &'a Catalog,
) -> impl Iterator<Item = Block> + 'a {
    report
        .recovered_lines()
        .map(|line| Block::Line(Words::new(Meaning::Good, catalog.render(&line))))
}

fn sides(report: &CheckReport<'_>, catalog: &Catalog) -> Block {
    let facts = report.sides.iter().map(|placed| {
        let label = catalog.render(&placed.identity.side.label());
        let words = address_line(&placed.identity, &placed.version, catalog);
        (label, Words::plain(words))
    });
    Block::Facts(facts.collect())
}

/// Findings with one code and one hint form a group. The findings are sorted already.
fn findings(
    report: &CheckReport<'_>,
    catalog: &Catalog,
    is_told: fn(&Finding) -> bool,
) -> Vec<Block> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in report.results.findings.iter().filter(|it| is_told(it)) {
        match groups.iter_mut().find(|group| alike(group[0], finding)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let groups = groups.into_iter().map(|group| {
        Block::Group(Group {
            title: Words::new(meaning(group[0]), catalog.render(&group_title(&group))),
            items: items(report, &group, catalog),
            next: group[0].hint.as_ref().map(|hint| catalog.render(hint)),
        })
    });
    groups.collect()
}

/// Whether two findings belong to one group. Hints may differ in their values, such as the plugin.
fn alike(a: &Finding, b: &Finding) -> bool {
    fn key(it: &Finding) -> (&str, Severity, Certainty, Option<&str>) {
        let hint = it.hint.as_ref().map(Text::key);
        (it.code, it.severity, it.certainty, hint)
    }
    key(a) == key(b) && a.certainty == Certainty::Confirmed
}

fn group_title(group: &[&Finding]) -> Text {
    let first = group[0];
    if first.certainty == Certainty::Unknown {
        let codes = first.not_evaluated();
        return Text::new("monitor-group-unknown")
            .count("count", codes.len())
            .with("codes", few(codes, NAMED));
    }
    Text::new("monitor-group")
        .with("code", first.code)
        .nested("severity", severity(first))
        .nested("title", title(first.code))
        .count("count", group.len())
}

/// The members, folded, then what they explain.
fn items(report: &CheckReport<'_>, group: &[&Finding], catalog: &Catalog) -> Vec<(String, String)> {
    let members = group.iter().map(|finding| {
        let message = catalog.render(&report.message(finding));
        (subject(finding, catalog), message)
    });
    let mut items = folded_items(members, catalog);
    let explained = group.iter().flat_map(|finding| &finding.explains);
    let (unknown, confirmed): (Vec<_>, Vec<_>) =
        explained.partition(|it| it.certainty == Certainty::Unknown);
    let codes = |of: Vec<&Explained>| of.into_iter().map(|it| it.code).collect::<BTreeSet<_>>();
    let (unknown, confirmed) = (codes(unknown), codes(confirmed));
    // The title of an unknown finding counts its checks already.
    let unknown = (!unknown.is_empty() && group[0].certainty == Certainty::Confirmed)
        .then(|| Text::new("monitor-not-evaluated").count("count", unknown.len()));
    let confirmed = (!confirmed.is_empty())
        .then(|| Text::new("monitor-explains").with("codes", few(confirmed, NAMED)));
    let lines = [confirmed, unknown].into_iter().flatten();
    items.extend(lines.map(|line| (String::new(), catalog.render(&line))));
    items
}

fn subject(finding: &Finding, catalog: &Catalog) -> String {
    let subject = clean(&finding.subject);
    match finding.side {
        Some(side) if side.as_str() == subject => catalog.render(&side.label()),
        Some(side) => catalog.render(
            &Text::new("monitor-subject")
                .nested("side", side.label())
                .with("subject", subject),
        ),
        None => subject.into_owned(),
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
        (Certainty::Confirmed, Severity::Info) => Meaning::Quiet,
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
        let code = what(it, catalog);
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
        .map(|(reason, codes)| (reason, codes.join(", ")));
    vec![Block::Group(Group {
        title: Words::new(Meaning::Quiet, catalog.render(&heading)),
        items: items.collect(),
        next: None,
    })]
}

fn what(skipped: &Skipped, catalog: &Catalog) -> String {
    let Some(subject) = &skipped.subject else {
        return skipped.code.to_owned();
    };
    let side = [Side::Old, Side::New];
    let side = side.iter().find(|side| side.as_str() == subject);
    match side {
        Some(side) => format!("{} {}", skipped.code, catalog.render(&side.label())),
        None => format!("{} {}", skipped.code, clean(subject)),
    }
}

/// Outcome, numbers and the next command.
pub(super) fn verdict(report: &CheckReport<'_>, catalog: &Catalog) -> Words {
    let results = report.results;
    let counts = Counts::of(&results.findings);
    let alarm = results.findings.iter().find(|it| it.code == Finding::TEST);
    if let Some(alarm) = alarm {
        return Words::new(Meaning::Bad, catalog.render(&alarm.message));
    }
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
    if let Some(name) = report.name {
        words.insert_str(0, &format!("{name}: "));
    }
    Words::new(meaning, words)
}
