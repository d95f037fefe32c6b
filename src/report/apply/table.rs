//! The results, package by package.

use crate::apply::{PackageResult, StepResult};
use crate::i18n::{Catalog, Text, clean};
use crate::plan::messages;
use crate::report::block::{Block, Field, Grid, Head, Meaning};

/// The table of the packages in `rows`; nothing if there is none.
pub(super) fn results<'a>(
    rows: impl Iterator<Item = &'a PackageResult>,
    catalog: &Catalog,
) -> Vec<Block> {
    let rows: Vec<_> = rows.map(|package| fields(package, catalog)).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let say = |text: Text| catalog.render(&text);
    let heads = vec![
        Head::words(say(Text::new("report-head-side"))),
        Head::words(say(Text::new("report-head-plugin"))),
        Head::words(say(Text::new("report-head-version"))),
        Head::words(say(Text::new("report-head-result"))),
        Head::numbers(say(Text::new("report-head-attempts"))),
        Head::numbers(say(Text::new("report-head-seconds"))),
        Head::words(say(Text::new("report-head-why"))),
    ];
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
        Field::plain(super::groups::reason(&package.result, catalog)),
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
        StepResult::NotStarted(_) => (Meaning::Warning, Text::new("apply-result-not-started")),
        StepResult::Unknown { .. } => (Meaning::Warning, Text::new("report-result-unknown")),
    }
}
