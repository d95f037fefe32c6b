//! The results, package by package.

use super::groups::reason;
use super::label::result;
use crate::apply::PackageResult;
use crate::i18n::{Catalog, Text, clean};
use crate::report::block::{Block, Field, Grid, Head};

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
        Field::plain(catalog.render(&package.id.side.label())),
        Field::plain(name.clone()),
        Field::plain(version),
        Field::new(meaning, catalog.render(&label))
            .data("plugin", name)
            .data("side", package.id.side.as_str())
            .data("result", package.result.as_str()),
        Field::plain(or_dash(package.attempts.to_string())),
        Field::plain(or_dash(format!("{:.1}", package.duration.as_secs_f64()))),
        Field::plain(reason(&package.result, catalog)),
    ]
}
