//! What a report says to people, before it is a terminal page or HTML.
//!
//! Words in blocks are final: chosen in one language and cleaned. [`Block`]s are laid out by
//! [`super::page()`] and by [`super::html()`]; what is said is decided once, for both.

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
    /// The last word: how it ended and what to do next.
    Verdict(Words),
    /// Things to do in this order. Commands are set apart so that they can be copied.
    Steps(Vec<Todo>),
}

/// What words mean, beside what they say. Nothing is said by meaning alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// Nothing special.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// Not known, or worth a look.
    Warning,
    /// Of little weight.
    Quiet,
    /// Of much weight.
    Strong,
}

impl Meaning {
    /// The class in HTML.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warning => "warning",
            Self::Quiet => "quiet",
            Self::Strong => "strong",
        }
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
    /// On which side its values stand.
    pub align: Align,
}

/// On which side of a column values stand.
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
    /// Its words, in pieces that may differ in meaning.
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
    /// The cause, and how many it holds for.
    pub title: Words,
    /// What it holds for, and what was seen of each; empty where the title says all.
    pub items: Vec<(String, String)>,
    /// What to do next.
    pub next: Option<String>,
}

impl Group {
    /// A title that says all.
    pub fn said(title: Words) -> Self {
        Self {
            title,
            items: Vec::new(),
            next: None,
        }
    }

    /// Whether the title says all.
    pub fn is_said(&self) -> bool {
        self.items.is_empty() && self.next.is_none()
    }
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
    /// The command to copy, where it is one.
    pub fn command(&self) -> Option<&str> {
        let how = self.how.as_deref()?;
        how.starts_with("wecubectl ").then_some(how)
    }
}
