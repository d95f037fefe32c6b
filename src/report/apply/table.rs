//! The results, package by package.

use crate::apply::{ApplyReport, PackageResult, StepResult};
use crate::i18n::{Catalog, Text, clean};
use crate::plan::messages;
use crate::report::block::{Block, Field, Grid, Head, Meaning};
use crate::report::render::Shape;

/// Columns from which on the reason stands in the table; below it is in the groups alone.
const WITH_REASON: usize = 110;

/// The table; nothing where there is no package.
pub(super) fn results(report: &ApplyReport, catalog: &Catalog, shape: Shape) -> Vec<Block> {
    if report.packages.is_empty() {
        return Vec::new();
    }
    let with_reason = match shape {
        Shape::Page(look) => look.width >= WITH_REASON,
        Shape::Html => true,
    };
    let say = |text: Text| catalog.render(&text);
    let mut heads = vec![
        Head::words(say(Text::new("report-head-side"))),
        Head::words(say(Text::new("report-head-plugin"))),
        Head::words(say(Text::new("report-head-version"))),
        Head::words(say(Text::new("report-head-result"))),
        Head::numbers(say(Text::new("report-head-attempts"))),
        Head::numbers(say(Text::new("report-head-seconds"))),
    ];
    if with_reason {
        heads.push(Head::words(say(Text::new("report-head-why"))));
    }
    let rows = report.packages.iter().map(|package| {
        let mut fields = fields(package, catalog);
        if with_reason {
            fields.push(Field::plain(super::groups::short(package, catalog)));
        }
        fields
    });
    let rows = rows.collect();
    vec![
        Block::Heading(say(Text::new("report-apply-results"))),
        Block::Table(Grid { heads, rows }),
    ]
}

fn fields(package: &PackageResult, catalog: &Catalog) -> Vec<Field> {
    let (meaning, label) = result(&package.result);
    let version = package.version.as_ref();
    let version = version.map_or_else(|| "-".into(), |version| clean(version.as_str()));
    let name = clean(package.id.name.as_str());
    let called = package.attempts > 0;
    let or_dash = |words: String| if called { words } else { "-".to_owned() };
    vec![
        Field::plain(catalog.render(&messages::side(package.id.side))),
        Field::plain(name.clone()),
        Field::plain(version),
        Field::new(meaning, catalog.render(&label))
            .data("plugin", name)
            .data("side", package.id.side.as_str())
            .data("result", package.result.as_str()),
        Field::plain(or_dash(package.attempts.to_string())),
        Field::plain(or_dash(format!("{:.1}", package.duration.as_secs_f64()))),
    ]
}

/// The word of a result.
pub(super) fn result(result: &StepResult) -> (Meaning, Text) {
    match result {
        StepResult::Done => (Meaning::Good, Text::new("report-result-done")),
        StepResult::Failed(_) => (Meaning::Bad, Text::new("report-result-failed")),
        StepResult::Skipped(_) => (Meaning::Quiet, Text::new("report-result-skipped")),
        StepResult::Blocked(_) => (Meaning::Warning, Text::new("report-result-blocked")),
        StepResult::NoEffect(_) => (Meaning::Bad, Text::new("report-result-no-effect")),
        StepResult::Unknown { .. } => (Meaning::Warning, Text::new("report-result-unknown")),
    }
}
