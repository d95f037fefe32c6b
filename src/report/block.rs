//! The parts of a report for people, before they become a terminal page or HTML.
//!
//! Texts in blocks are final: in one language and cleaned. [`super::page()`] and [`super::html()`] lay
//! them out.

use crate::i18n::{Catalog, Text, few};

/// A part of a report, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Begins a section.
    Heading(String),
    /// A sentence or a paragraph.
    Line(Words),
    /// Labels and values, one pair a line.
    Facts(Vec<(String, Words)>),
    /// A table.
    Table(Grid),
    /// One cause, said once, with everything that it holds for and what to do next.
    Group(Group),
    /// One line: outcome, numbers, next command. It is shown first, wherever it stands.
    Verdict(Words),
    /// Things to do in this order. Commands are set apart so that they can be copied.
    Steps(Vec<Todo>),
}

/// What a text means, shown by color. Nothing is said by color alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Meaning {
    /// Nothing special.
    #[default]
    Plain,
    /// Correct.
    Good,
    /// Wrong.
    Bad,
    /// Unknown, or needs attention.
    Warning,
    /// Unimportant.
    Quiet,
    /// Important.
    Strong,
}

impl Meaning {
    /// The class in HTML.
    pub(super) fn class(self) -> &'static str {
        self.into()
    }
}

/// Words with a meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Their meaning.
    pub meaning: Meaning,
}

impl Words {
    /// Words with a meaning.
    pub fn new(meaning: Meaning, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            meaning,
        }
    }

    /// Words without a special one.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(Meaning::Plain, text)
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// Heads of the columns.
    pub heads: Vec<Head>,
    /// Rows, each with a field for each column.
    pub rows: Vec<Vec<Field>>,
}

/// Head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its words.
    pub text: String,
    /// The alignment of its values.
    pub align: Align,
}

/// The alignment of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

impl Head {
    /// A column of words.
    pub fn words(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            align: Align::Left,
        }
    }

    /// A column of numbers.
    pub fn numbers(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            align: Align::Right,
        }
    }
}

/// A field of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Its text, in pieces that may differ in meaning.
    pub pieces: Vec<Words>,
    /// `data-…` attributes in HTML: name without `data-`, value.
    pub data: Vec<(&'static str, String)>,
}

impl Field {
    /// A field of words.
    pub fn new(meaning: Meaning, text: impl Into<String>) -> Self {
        Self {
            pieces: vec![Words::new(meaning, text)],
            data: Vec::new(),
        }
    }

    /// A field of words without a special meaning.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(Meaning::Plain, text)
    }

    /// Adds an attribute for those who read the HTML by machine.
    #[must_use]
    pub fn data(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.data.push((name, value.into()));
        self
    }
}

/// One cause and everything that it holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The cause, and the number of items.
    pub title: Words,
    /// What it holds for, and what was observed of each; empty if the title says everything.
    pub items: Vec<(String, String)>,
    /// What to do next.
    pub next: Option<String>,
}

impl Group {
    /// A group with a title only.
    pub fn said(title: Words) -> Self {
        Self {
            title,
            items: Vec::new(),
            next: None,
        }
    }

    /// Whether there is only a title.
    pub fn is_said(&self) -> bool {
        self.items.is_empty() && self.next.is_none()
    }
}

/// Items that are told in full.
const TOLD: usize = 2;
/// Names in a line before the rest is only counted.
pub(super) const NAMED: usize = 8;

/// Items for a page that somebody reads: one text once, above the names that it holds for; the first
/// texts, then the names of the rest.
pub(super) fn folded_items(
    items: impl IntoIterator<Item = (String, String)>,
    catalog: &Catalog,
) -> Vec<(String, String)> {
    let mut by_text: Vec<(Vec<String>, String)> = Vec::new();
    for (name, text) in items {
        match by_text.iter_mut().find(|(_, told)| *told == text) {
            Some((names, _)) => names.push(name),
            None => by_text.push((vec![name], text)),
        }
    }
    let rest = by_text.split_off(by_text.len().min(TOLD));
    let mut lines = Vec::new();
    for (mut names, text) in by_text {
        if names.len() == 1 {
            lines.push((names.remove(0), text));
        } else {
            lines.push((String::new(), text));
            lines.push((String::new(), few(names, NAMED)));
        }
    }
    let rest: Vec<String> = rest.into_iter().flat_map(|(names, _)| names).collect();
    if !rest.is_empty() {
        let more = Text::new("report-more").count("count", rest.len());
        let more = more.with("names", few(rest, NAMED));
        lines.push((String::new(), catalog.render(&more)));
    }
    lines
}

/// A thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    /// What it is.
    pub what: String,
    /// How: a command to copy, or where to do it by hand.
    pub how: Option<String>,
}

impl Todo {
    /// The command to copy, if `how` is one.
    pub fn command(&self) -> Option<&str> {
        let how = self.how.as_deref()?;
        how.starts_with("wecubectl ").then_some(how)
    }
}
