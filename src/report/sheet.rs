//! Records of commands that list or show: columns and rows, in sections. Each value has its words for
//! people and its JSON value, so that no command writes a renderer of its own.

use std::fmt::Display;

use serde_json::{Map, Value};

use super::block::{Block, Field, Grid, Head, Meaning, Words};
use super::document::Document;
use super::render::{Report, Shape};
use super::tsv::Tsv;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Text, clean};

/// Records of one command.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    command: &'static str,
    outcome: Outcome,
    sections: Vec<Section>,
    last: Option<(Meaning, Text)>,
}

#[derive(Clone, Debug, PartialEq)]
struct Section {
    /// Key in JSON; none for the first.
    key: Option<&'static str>,
    title: Option<Text>,
    columns: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// A value of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    shown: Shown,
    value: Value,
    meaning: Meaning,
}

#[derive(Clone, Debug, PartialEq)]
enum Shown {
    /// What the JSON value says.
    Value,
    /// Words already chosen.
    Words(String),
    /// A message.
    Text(Text),
}

impl Cell {
    /// Words that are the same for people and machines: names, addresses, ids.
    pub fn words(words: impl Display) -> Self {
        Self::of(Value::from(words.to_string()))
    }

    /// Words for people, already in their language, and another word for machines.
    pub fn shown(words: impl Into<String>, machine: impl Display) -> Self {
        Self {
            shown: Shown::Words(words.into()),
            ..Self::words(machine)
        }
    }

    /// A message for people and a word for machines.
    pub fn text(text: Text, machine: impl Display) -> Self {
        Self {
            shown: Shown::Text(text),
            ..Self::words(machine)
        }
    }

    /// A number.
    pub fn number(number: impl Into<serde_json::Number>) -> Self {
        Self::of(Value::Number(number.into()))
    }

    /// Yes or no.
    pub fn flag(flag: bool) -> Self {
        Self {
            shown: Shown::Text(if flag {
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
            shown: Shown::Words(items.join(", ")),
            ..Self::of(Value::from(items))
        }
    }

    /// Nothing: `null` for machines.
    pub fn none() -> Self {
        Self::of(Value::Null)
    }

    /// What the value means.
    #[must_use]
    pub fn meaning(mut self, meaning: Meaning) -> Self {
        self.meaning = meaning;
        self
    }

    fn of(value: Value) -> Self {
        Self {
            shown: Shown::Value,
            value,
            meaning: Meaning::Plain,
        }
    }

    fn for_people(&self, catalog: &Catalog) -> String {
        match (&self.shown, &self.value) {
            (Shown::Text(text), _) => catalog.render(text),
            (Shown::Words(words), _) | (Shown::Value, Value::String(words)) => {
                clean(words).into_owned()
            }
            (Shown::Value, Value::Null) => "-".to_owned(),
            (Shown::Value, value) => value.to_string(),
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

impl Sheet {
    /// An empty sheet of a command (`plugin list`) with the keys of its columns.
    pub fn new(command: &'static str, columns: &[&'static str]) -> Self {
        Self {
            command,
            outcome: Outcome::Ok,
            last: None,
            sections: vec![Section {
                key: None,
                title: None,
                columns: columns.to_vec(),
                rows: Vec::new(),
            }],
        }
    }

    /// How the command ended, where it is not `ok`.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// The last word for people, where there is one to say.
    #[must_use]
    pub fn last(mut self, meaning: Meaning, text: Text) -> Self {
        self.last = Some((meaning, text));
        self
    }

    /// Begins another section: its key in JSON, its title, the keys of its columns.
    pub fn section(&mut self, key: &'static str, title: Text, columns: &[&'static str]) {
        self.sections.push(Section {
            key: Some(key),
            title: Some(title),
            columns: columns.to_vec(),
            rows: Vec::new(),
        });
    }

    /// Adds a record to the section begun last: a cell for each column.
    ///
    /// # Panics
    /// If the record does not have a cell for each column: a mistake of the command that no input can
    /// cause.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let section = self.sections.last_mut().expect("a sheet begins with one");
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
        let heads = self.columns.iter().enumerate().map(|(at, key)| {
            let mut values = self.rows.iter().map(|row| &row[at].value);
            let numbers = values.all(Value::is_number) && !self.rows.is_empty();
            let text = head(key).map_or_else(|| (*key).to_owned(), |text| catalog.render(&text));
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

    fn records(&self) -> Value {
        let records = self.rows.iter().map(|row| {
            let pairs = self.columns.iter().zip(row);
            let pairs = pairs.map(|(key, cell)| ((*key).to_owned(), cell.value.clone()));
            Value::Object(pairs.collect::<Map<_, _>>())
        });
        Value::Array(records.collect())
    }
}

impl Report for Sheet {
    fn blocks(&self, catalog: &Catalog, _: Shape) -> Vec<Block> {
        let mut blocks = Vec::new();
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
        if let Some((meaning, text)) = &self.last {
            blocks.push(Block::Verdict(Words::new(*meaning, catalog.render(text))));
        }
        blocks
    }

    /// `records` is the list of the first section; where there are more, an object of lists with the
    /// first as `rows`.
    fn document(&self) -> Document {
        let mut document = Document::new(self.command, self.outcome);
        document.records = Some(match self.sections.as_slice() {
            [only] => only.records(),
            sections => {
                let lists = sections.iter().map(|section| {
                    let key = section.key.unwrap_or("rows");
                    (key.to_owned(), section.records())
                });
                Value::Object(lists.collect())
            }
        });
        document
    }

    /// One table: where there are several sections, the first column names the section.
    fn tsv(&self) -> String {
        if let [section] = self.sections.as_slice() {
            let mut tsv = Tsv::new(&section.columns);
            for row in &section.rows {
                let values: Vec<String> = row.iter().map(Cell::for_machines).collect();
                tsv.row(values.iter().map(String::as_str));
            }
            return tsv.finish();
        }
        let mut tsv = Tsv::new(&["section", "row", "key", "value"]);
        for section in &self.sections {
            for (at, row) in section.rows.iter().enumerate() {
                for (key, cell) in section.columns.iter().zip(row) {
                    let value = cell.for_machines();
                    let key_of_section = section.key.unwrap_or("rows");
                    tsv.row([key_of_section, &(at + 1).to_string(), *key, &value]);
                }
            }
        }
        tsv.finish()
    }
}

/// The words over a column; its key where it has none.
fn head(key: &str) -> Option<Text> {
    Some(match key {
        "name" => Text::new("report-head-name"),
        "version" => Text::new("report-head-version"),
        "id" => Text::new("report-head-id"),
        "side" => Text::new("report-head-side"),
        "status" => Text::new("report-head-status"),
        "code" => Text::new("report-head-code"),
        "severity" => Text::new("report-head-severity"),
        "subject" => Text::new("report-head-subject"),
        "words" => Text::new("report-head-words"),
        "message" => Text::new("report-head-message"),
        "accepted" => Text::new("report-head-accepted"),
        "about" => Text::new("report-head-about"),
        "edition" => Text::new("report-head-edition"),
        "has_ui" => Text::new("report-head-has-ui"),
        "running" => Text::new("report-head-running"),
        "instances" => Text::new("report-head-instances"),
        "key" => Text::new("report-head-key"),
        "value" => Text::new("report-head-value"),
        "default_value" => Text::new("report-head-default-value"),
        "source" => Text::new("report-head-source"),
        "scope" => Text::new("report-head-scope"),
        "package_name" => Text::new("report-head-package-name"),
        "run" => Text::new("report-head-run"),
        "started" => Text::new("report-head-started"),
        "command" => Text::new("report-head-command"),
        "outcome" => Text::new("report-head-outcome"),
        "result" => Text::new("report-head-result"),
        "reason" => Text::new("report-head-reason"),
        "attempts" => Text::new("report-head-attempts"),
        "duration_ms" => Text::new("report-head-duration-ms"),
        "host" => Text::new("report-head-host"),
        "port" => Text::new("report-head-port"),
        "path" => Text::new("report-head-path"),
        "state" => Text::new("report-head-state"),
        "component" => Text::new("report-head-component"),
        "purpose" => Text::new("report-head-purpose"),
        "owner" => Text::new("report-head-owner"),
        "mode" => Text::new("report-head-mode"),
        "container" => Text::new("report-head-container"),
        "action" => Text::new("report-head-action"),
        "address" => Text::new("report-head-address"),
        "age" => Text::new("report-head-age"),
        "health" => Text::new("report-head-health"),
        "line" => Text::new("report-head-line"),
        "what" => Text::new("report-head-what"),
        "image" => Text::new("report-head-image"),
        "schema" => Text::new("report-head-schema"),
        "script" => Text::new("report-head-script"),
        "statement" => Text::new("report-head-statement"),
        "statements" => Text::new("report-head-statements"),
        "recorded" => Text::new("report-head-recorded"),
        "to_run" => Text::new("report-head-to-run"),
        "to_record" => Text::new("report-head-to-record"),
        "conflicts" => Text::new("report-head-conflicts"),
        "wanted" => Text::new("report-head-wanted"),
        "present" => Text::new("report-head-present"),
        "means" => Text::new("report-head-means"),
        "text" => Text::new("report-head-text"),
        "calls_back_to" => Text::new("report-head-calls-back-to"),
        _ => return None,
    })
}
