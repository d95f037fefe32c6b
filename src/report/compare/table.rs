//! The table: marks on a narrow page, text on a wide one.

use crate::compare::{
    Aspect, CalledGateway, Cause, Cell, Comparison, PluginRow, PluginSide, State,
};
use crate::domain::Side;
use crate::i18n::{Catalog, Text, clean};
use crate::report::block::{Block, Field, Grid, Head, Meaning, Words};
use crate::report::page::{Charset, LayoutOptions};
use crate::report::render::Shape;

/// Columns from which on every cell has its words.
const WIDE: usize = 160;

/// The table and, with marks, its legend.
pub(super) fn table(comparison: &Comparison, catalog: &Catalog, shape: Shape) -> Vec<Block> {
    let table = Table { catalog };
    match shape {
        _ if comparison.plugins.is_empty() => Vec::new(),
        Shape::Page(look) if look.width < WIDE => table.of_marks(comparison, look),
        Shape::Page(_) => vec![Block::Table(
            table.of_words(comparison, Rows::MergedWhereAlike),
        )],
        Shape::Html => vec![Block::Table(
            table.of_words(comparison, Rows::OneForEachSide),
        )],
    }
}

/// The meaning of a state.
pub(super) fn meaning(state: State) -> Meaning {
    match state {
        State::Visible => Meaning::Good,
        State::Hidden => Meaning::Bad,
        State::Unknown => Meaning::Warning,
        State::NotApplicable => Meaning::Quiet,
    }
}

/// Whether a plugin that is alike on both sides takes one row or two.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    MergedWhereAlike,
    OneForEachSide,
}

struct Table<'a> {
    catalog: &'a Catalog,
}

impl Table<'_> {
    fn say(&self, text: &Text) -> String {
        self.catalog.render(text)
    }

    /// One row a plugin; of each aspect the old side's mark, then the new side's.
    fn of_marks(&self, comparison: &Comparison, look: LayoutOptions) -> Vec<Block> {
        let mut heads = vec![
            Head::words(self.say(&Text::new("report-head-plugin"))),
            Head::words(self.say(&Text::new("report-head-version"))),
        ];
        let aspects = Aspect::ALL.into_iter();
        heads.extend(aspects.map(|aspect| Head::words(self.say(&short_head(aspect)))));
        heads.push(Head::words(self.say(&Text::new("report-short-calls"))));
        let rows = comparison.plugins.iter().map(|row| {
            let mut fields = vec![name(row), Field::plain(both_versions(row))];
            for aspect in Aspect::ALL {
                let marks = [&row.old, &row.new].map(|side| {
                    let meaning = meaning(side.cell(aspect).state);
                    Words::new(meaning, look.charset.sign(meaning))
                });
                fields.push(Field {
                    pieces: marks.to_vec(),
                    data: Vec::new(),
                });
            }
            fields.push(Field::plain(callers(row)));
            fields
        });
        let rows = rows.collect();
        vec![
            Block::Table(Grid { heads, rows }),
            Block::Line(self.legend(look.charset)),
        ]
    }

    fn legend(&self, charset: Charset) -> Words {
        let text = Text::new("compare-legend")
            .with("visible", charset.sign(Meaning::Good))
            .with("hidden", charset.sign(Meaning::Bad))
            .with("unknown", charset.sign(Meaning::Warning))
            .with("na", charset.sign(Meaning::Quiet));
        Words::new(Meaning::Quiet, self.say(&text))
    }

    /// One row a side, every cell in words.
    fn of_words(&self, comparison: &Comparison, merge: Rows) -> Grid {
        let mut heads = vec![
            Head::words(self.say(&Text::new("report-head-plugin"))),
            Head::words(self.say(&Text::new("report-head-side"))),
            Head::words(self.say(&Text::new("report-head-version"))),
        ];
        let aspects = Aspect::ALL.into_iter();
        heads.extend(aspects.map(|aspect| Head::words(self.say(&aspect.label()))));
        heads.push(Head::words(
            self.say(&Text::new("report-head-calls-back-to")),
        ));
        let mut rows = Vec::new();
        for row in &comparison.plugins {
            if merge == Rows::MergedWhereAlike && alike(&row.old, &row.new) {
                let both = self.say(&Text::new("report-both-sides"));
                rows.push(self.side_of_words(row, Side::New, name(row), both));
                continue;
            }
            for side in [Side::Old, Side::New] {
                // The name stands once; in HTML each row is whole, so that it can be read alone.
                let lead = if side == Side::Old || merge == Rows::OneForEachSide {
                    name(row)
                } else {
                    Field::default()
                };
                rows.push(self.side_of_words(row, side, lead, self.say(&side.label())));
            }
        }
        Grid { heads, rows }
    }

    fn side_of_words(
        &self,
        row: &PluginRow,
        side: Side,
        lead: Field,
        side_words: String,
    ) -> Vec<Field> {
        let here = row.side(side);
        let mut fields = vec![
            lead,
            Field::plain(side_words),
            Field::plain(self.version(here)),
        ];
        for aspect in Aspect::ALL {
            let cell = here.cell(aspect);
            let field = Field::new(meaning(cell.state), self.state(cell));
            fields.push(
                field
                    .data("plugin", clean(row.name.as_str()))
                    .data("aspect", aspect.as_str())
                    .data("side", side.as_str())
                    .data("state", cell.state.as_str()),
            );
        }
        fields.push(Field::plain(self.callers_in_words(here)));
        fields
    }

    /// The state, and the first cause if there is one.
    fn state(&self, cell: &Cell) -> String {
        let state = self.say(&cell.state.label());
        match cell.causes.first() {
            None => state,
            Some(cause) if cell.state == State::NotApplicable => {
                self.say(&Text::new("report-na-and-cause").nested("cause", cause.label()))
            }
            Some(cause) => self.say(
                &Text::new("report-state-and-cause")
                    .with("state", state)
                    .nested("cause", cause.label()),
            ),
        }
    }

    /// The version, and other active ones.
    fn version(&self, side: &PluginSide) -> String {
        let Some(package) = &side.package else {
            return "-".to_owned();
        };
        let version = clean(package.version.as_str()).into_owned();
        let others = side.active.iter().filter(|it| **it != package.version);
        let others: Vec<_> = others.map(|it| clean(it.as_str())).collect();
        if others.is_empty() {
            return version;
        }
        let text = Text::new("report-version-and-others");
        self.say(
            &text
                .with("version", version)
                .with("others", others.join(", ")),
        )
    }

    fn callers_in_words(&self, side: &PluginSide) -> String {
        let callers = callers_of(side);
        if callers.is_empty() {
            return "-".to_owned();
        }
        let words = callers.iter().map(|it| self.say(&it.label()));
        words.collect::<Vec<_>>().join(", ")
    }
}

fn name(row: &PluginRow) -> Field {
    Field::plain(clean(row.name.as_str()))
}

/// Whether one row says everything of both sides.
fn alike(old: &PluginSide, new: &PluginSide) -> bool {
    let version = |side: &PluginSide| side.package.as_ref().map(|it| it.version.clone());
    let said = |cell: &Cell| (cell.state, cell.causes.first().map(Cause::label));
    version(old) == version(new)
        && old.active == new.active
        && callers_of(old) == callers_of(new)
        && old.cells.iter().map(said).eq(new.cells.iter().map(said))
}

/// One version if both sides have the same, else the old and the new one.
fn both_versions(row: &PluginRow) -> String {
    let version = |side: &PluginSide| {
        let package = side.package.as_ref();
        package.map_or_else(
            || "-".to_owned(),
            |it| clean(it.version.as_str()).into_owned(),
        )
    };
    let (old, new) = (version(&row.old), version(&row.new));
    if old == new {
        old
    } else {
        format!("{old} / {new}")
    }
}

/// The gateways that the side's containers call, each once.
fn callers_of(side: &PluginSide) -> Vec<CalledGateway> {
    let mut callers: Vec<_> = side.instances.iter().map(|it| it.gateway).collect();
    callers.sort();
    callers.dedup();
    callers
}

/// Who launched the containers; both sides if they differ.
fn callers(row: &PluginRow) -> String {
    let short = |side: &PluginSide| {
        let marks = callers_of(side).into_iter().map(|caller| match caller {
            CalledGateway::OldGateway => "v3",
            CalledGateway::AsSetAtLaunch => "v4",
            CalledGateway::Unknown => "?",
        });
        let marks = marks.collect::<Vec<_>>().join("+");
        if marks.is_empty() {
            "-".to_owned()
        } else {
            marks
        }
    };
    let (old, new) = (short(&row.old), short(&row.new));
    if old == new {
        old
    } else {
        format!("{old} {new}")
    }
}

fn short_head(aspect: Aspect) -> Text {
    match aspect {
        Aspect::Package => Text::new("report-short-package"),
        Aspect::Running => Text::new("report-short-running"),
        Aspect::Menus => Text::new("report-short-menus"),
        Aspect::ResourceFiles => Text::new("report-short-resource-files"),
        Aspect::StaticFiles => Text::new("report-short-static-files"),
        Aspect::Route => Text::new("report-short-route"),
        Aspect::Reachable => Text::new("report-short-reachable"),
    }
}
