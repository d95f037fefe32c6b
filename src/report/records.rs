//! Tables of commands that list or show: columns and rows, in one section or several. Each value has
//! a text for people and a JSON value, so that no command writes a renderer of its own.

use std::fmt::Display;

use serde_json::Value;

use super::block::{Block, Field, Grid, Head, Meaning, Words};
use super::columns::Column;
use super::document::{Document, Pairs, Record};
use super::render::{Report, Shape};
use super::tsv::Tsv;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Text, clean};

/// The tables of one command.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordTable {
    command: &'static str,
    outcome: Outcome,
    sections: Vec<Section>,
    verdict: Option<(Meaning, Text)>,
}

#[derive(Clone, Debug, PartialEq)]
struct Section {
    /// Key in the document.
    key: &'static str,
    title: Option<Text>,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// A value of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    display: DisplayValue,
    value: Value,
    meaning: Meaning,
}

#[derive(Clone, Debug, PartialEq)]
enum DisplayValue {
    /// The JSON value.
    Value,
    /// A text in the reader's language.
    Words(String),
    /// A message.
    Text(Text),
}

impl Cell {
    /// Words that are the same for people and machines: names, addresses, ids.
    pub fn plain(words: impl Display) -> Self {
        Self::of(Value::from(words.to_string()))
    }

    /// Words for people, already in their language, and another word for machines.
    pub fn localised(words: impl Into<String>, machine: impl Display) -> Self {
        Self {
            display: DisplayValue::Words(words.into()),
            ..Self::plain(machine)
        }
    }

    /// A message for people and a word for machines.
    pub fn text(text: Text, machine: impl Display) -> Self {
        Self {
            display: DisplayValue::Text(text),
            ..Self::plain(machine)
        }
    }

    /// A number.
    pub fn number(number: impl Into<serde_json::Number>) -> Self {
        Self::of(Value::Number(number.into()))
    }

    /// Yes or no.
    pub fn flag(flag: bool) -> Self {
        Self {
            display: DisplayValue::Text(if flag {
                Text::new("report-yes")
            } else {
                Text::new("report-no")
            }),
            ..Self::of(Value::Bool(flag))
        }
    }

    /// Several words: an array for machines.
    pub fn list<T: Display>(items: impl IntoIterator<Item = T>) -> Self {
        let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
        Self {
            display: DisplayValue::Words(items.join(", ")),
            ..Self::of(Value::from(items))
        }
    }

    /// Nothing: `null` for machines.
    pub fn none() -> Self {
        Self::of(Value::Null)
    }

    /// The same for people with another word for machines.
    #[must_use]
    pub fn machine(mut self, machine: impl Display) -> Self {
        self.value = Value::from(machine.to_string());
        self
    }

    /// What the value means.
    #[must_use]
    pub fn meaning(mut self, meaning: Meaning) -> Self {
        self.meaning = meaning;
        self
    }

    fn of(value: Value) -> Self {
        Self {
            display: DisplayValue::Value,
            value,
            meaning: Meaning::Plain,
        }
    }

    fn for_people(&self, catalog: &Catalog) -> String {
        match (&self.display, &self.value) {
            (DisplayValue::Text(text), _) => catalog.render(text),
            (DisplayValue::Words(words), _) | (DisplayValue::Value, Value::String(words)) => {
                clean(words).into_owned()
            }
            (DisplayValue::Value, Value::Null) => "-".to_owned(),
            (DisplayValue::Value, value) => value.to_string(),
        }
    }

    fn for_machines(&self) -> String {
        match &self.value {
            Value::String(words) => words.clone(),
            Value::Null => String::new(),
            Value::Array(items) => {
                let items = items.iter().map(|item| match item {
                    Value::String(words) => words.clone(),
                    other => other.to_string(),
                });
                items.collect::<Vec<_>>().join(",")
            }
            value => value.to_string(),
        }
    }
}

impl RecordTable {
    /// An empty table of a command (`plugin list`), its key in the document and its columns.
    pub fn new(command: &'static str, key: &'static str, columns: &[Column]) -> Self {
        Self {
            command,
            outcome: Outcome::Ok,
            verdict: None,
            sections: vec![Section {
                key,
                title: None,
                columns: columns.to_vec(),
                rows: Vec::new(),
            }],
        }
    }

    /// Sets how the command ended, if not `ok`.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// Sets the line for people that stands first: outcome, numbers, next command.
    #[must_use]
    pub fn verdict(mut self, meaning: Meaning, text: Text) -> Self {
        self.verdict = Some((meaning, text));
        self
    }

    /// Begins another table: its key in the document, its title, its columns.
    pub fn section(&mut self, key: &'static str, title: Text, columns: &[Column]) {
        self.sections.push(Section {
            key,
            title: Some(title),
            columns: columns.to_vec(),
            rows: Vec::new(),
        });
    }

    /// Adds a row to the table begun last.
    ///
    /// # Panics
    /// If the row does not have one cell for each column, which no input can cause.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let section = self
            .sections
            .last_mut()
            .expect("the first table is made by new");
        let cells: Vec<Cell> = cells.into_iter().collect();
        assert_eq!(cells.len(), section.columns.len(), "a cell for each column");
        section.rows.push(cells);
    }

    /// How the command ended.
    pub fn ended(&self) -> Outcome {
        self.outcome
    }
}

impl Section {
    fn grid(&self, catalog: &Catalog) -> Grid {
        let heads = self.columns.iter().enumerate().map(|(at, column)| {
            let mut values = self.rows.iter().map(|row| &row[at].value);
            let numbers = values.all(Value::is_number) && !self.rows.is_empty();
            let text = catalog.render(&column.title());
            if numbers {
                Head::numbers(text)
            } else {
                Head::words(text)
            }
        });
        let rows = self.rows.iter().map(|row| {
            let fields = row.iter();
            let fields = fields.map(|cell| Field::new(cell.meaning, cell.for_people(catalog)));
            fields.collect()
        });
        Grid {
            heads: heads.collect(),
            rows: rows.collect(),
        }
    }

    fn records(&self) -> Vec<Record> {
        let record = |row: &Vec<Cell>| {
            let values = row.iter().map(|cell| cell.value.clone());
            Pairs(self.keys().zip(values).collect())
        };
        self.rows.iter().map(record).collect()
    }

    fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|column| column.key())
    }
}

impl Report for RecordTable {
    fn blocks(&self, catalog: &Catalog, _: Shape) -> Vec<Block> {
        let mut blocks = Vec::new();
        if let Some((meaning, text)) = &self.verdict {
            blocks.push(Block::Verdict(Words::new(*meaning, catalog.render(text))));
        }
        for section in &self.sections {
            if let Some(title) = &section.title {
                blocks.push(Block::Heading(catalog.render(title)));
            }
            if section.rows.is_empty() {
                let none = catalog.render(&Text::new("report-none"));
                blocks.push(Block::Line(Words::new(Meaning::Quiet, none)));
            } else {
                blocks.push(Block::Table(section.grid(catalog)));
            }
        }
        blocks
    }

    fn document(&self) -> Document {
        let mut document = Document::new(self.command, self.outcome);
        for section in &self.sections {
            document.add_table(section.key, section.records());
        }
        document
    }

    /// One table as it is; of several, each value is a line with its table, row and column.
    fn tsv(&self) -> String {
        let machine = |row: &[Cell]| row.iter().map(Cell::for_machines).collect::<Vec<_>>();
        if let [section] = self.sections.as_slice() {
            let mut tsv = Tsv::new(&section.keys().collect::<Vec<_>>());
            for row in &section.rows {
                tsv.row(machine(row).iter().map(String::as_str));
            }
            return tsv.finish();
        }
        let mut tsv = Tsv::new(&["section", "row", "key", "value"]);
        for section in &self.sections {
            for (at, row) in section.rows.iter().enumerate() {
                for (key, value) in section.keys().zip(machine(row)) {
                    tsv.row([section.key, &(at + 1).to_string(), key, &value]);
                }
            }
        }
        tsv.finish()
    }
}
