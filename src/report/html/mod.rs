//! Blocks → one HTML file that needs nothing else: style inline, no script, no reference to anything.
//!
//! Table fields carry `data-…` attributes where a block has them, for those who read the file by
//! machine. Every value is escaped by the template engine, and cleaned before.

use minijinja::{Environment, Value, context};

use super::block::{Block, Field, Grid, Group, Words};
use super::page::verdict_first;
use super::render::{Report, Shape};
use crate::i18n::{Catalog, Lang, Text, clean};

const TEMPLATE: &str = include_str!("report.html");
const STYLE: &str = include_str!("style.css");

/// A report that has a page of its own.
pub trait Titled: Report {
    /// Its title.
    fn title(&self) -> Text;
}

/// The HTML file of a report. `made` says when and by what it was made, as the caller has it.
///
/// # Errors
/// If the template and what it is given do not fit together: a mistake of this program.
pub fn html(
    report: &dyn Titled,
    catalog: &Catalog,
    made: &str,
) -> Result<String, minijinja::Error> {
    let blocks = report.blocks(catalog, Shape::Html);
    let blocks: Vec<Value> = verdict_first(&blocks).map(block).collect();
    let mut environment = Environment::new();
    environment.add_template("report.html", TEMPLATE)?;
    let template = environment.get_template("report.html")?;
    let page = template.render(context! {
        lang => match catalog.lang() {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        },
        title => catalog.render(&report.title()),
        made => clean(made),
        style => Value::from_safe_string(STYLE.to_owned()),
        blocks => blocks,
    })?;
    Ok(page)
}

fn block(block: &Block) -> Value {
    match block {
        Block::Heading(text) => context! { kind => "heading", text => text },
        Block::Line(words) => context! { kind => "line", ..words_value(words) },
        Block::Verdict(words) => context! { kind => "verdict", ..words_value(words) },
        Block::Facts(facts) => {
            let facts = facts.iter().map(|(label, words)| {
                context! { label => label, ..words_value(words) }
            });
            context! { kind => "facts", facts => facts.collect::<Vec<_>>() }
        }
        Block::Table(grid) => table(grid),
        Block::Group(it) => group(it),
        Block::Steps(steps) => {
            let steps = steps.iter().map(|step| {
                let by_hand = step.how.as_ref().filter(|_| step.command().is_none());
                context! { what => step.what, command => step.command(), by_hand => by_hand }
            });
            context! { kind => "steps", steps => steps.collect::<Vec<_>>() }
        }
    }
}

fn words_value(words: &Words) -> Value {
    context! { text => words.text, meaning => words.meaning.class() }
}

fn table(grid: &Grid) -> Value {
    let heads: Vec<_> = grid.heads.iter().map(|head| &head.text).collect();
    let rows = grid.rows.iter().map(|row| row.iter().map(field).collect());
    let rows: Vec<Vec<Value>> = rows.collect();
    context! { kind => "table", heads => heads, rows => rows }
}

fn field(field: &Field) -> Value {
    let pieces: Vec<_> = field.pieces.iter().map(words_value).collect();
    let data = field.data.iter().map(|(name, value)| {
        context! { name => name, value => value }
    });
    context! { pieces => pieces, data => data.collect::<Vec<_>>() }
}

fn group(group: &Group) -> Value {
    let items = group.items.iter().map(|(subject, seen)| {
        context! { subject => subject, seen => seen }
    });
    context! {
        kind => "group",
        items => items.collect::<Vec<_>>(),
        next => group.next,
        ..words_value(&group.title)
    }
}
