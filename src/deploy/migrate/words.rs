//! Plans, conflicts and faults as messages, and the `ALTER` that joins two definitions.

use std::collections::BTreeSet;

use super::difference::{Aspect, Difference, Subject};
use super::facts::{Place, quote};
use super::ledger::{Script, ScriptChange};
use super::plan::{Action, Conflict, MigrationPlan};
use super::split::SplitFault;
use super::statement::{Clause, Kind};
use crate::i18n::Text;

impl SplitFault {
    /// The fault, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::OpenQuote { line, quote } => Text::new("migrate-split-quote")
                .with("line", line)
                .with("quote", quote),
            Self::OpenComment { line } => Text::new("migrate-split-comment").with("line", line),
            Self::NoDelimiter { line } => Text::new("migrate-split-delimiter").with("line", line),
            Self::ClientCommand { line, command } => Text::new("migrate-split-client")
                .with("line", line)
                .with("command", command),
        }
    }
}

impl ScriptChange {
    /// The change, for people.
    pub fn text(&self) -> Text {
        let text = match self {
            Self::Edited { number, line, .. } => Text::new("migrate-change-edited")
                .with("number", number)
                .with("line", line),
            Self::Moved { number, now, .. } => Text::new("migrate-change-moved")
                .with("number", number)
                .with("now", now),
            Self::Gone { number, .. } => Text::new("migrate-change-gone").with("number", number),
            Self::Shortened { before, now, .. } => Text::new("migrate-change-shortened")
                .with("before", before)
                .with("now", now),
            Self::Behind { .. } => Text::new("migrate-change-behind"),
        };
        text.with("script", self.script())
    }
}

impl Conflict {
    /// The conflict, for people.
    pub fn text(&self) -> Text {
        let places = |places: &[usize]| {
            let words: Vec<String> = places.iter().map(ToString::to_string).collect();
            words.join(", ")
        };
        match self {
            Self::Different { table, .. } => {
                Text::new("migrate-conflict-different").with("table", table)
            }
            Self::Partly { table, there, left } => Text::new("migrate-conflict-partly")
                .with("table", table)
                .with("there", places(there))
                .with("left", places(left)),
            Self::NoTable { table } => Text::new("migrate-conflict-no-table").with("table", table),
            Self::NoColumn { table, column } => Text::new("migrate-conflict-no-column")
                .with("table", table)
                .with("column", column),
            Self::Refused { code, message } => Text::new("migrate-conflict-refused")
                .with("code", code)
                .with("message", message),
            Self::IndexTooLong {
                table,
                index,
                bytes,
                limit,
            } => Text::new("migrate-conflict-index")
                .with("table", table)
                .with("index", index)
                .with("bytes", bytes)
                .with("limit", limit),
            Self::Uncertain => Text::new("migrate-conflict-uncertain"),
            Self::Destroys => Text::new("migrate-conflict-destroys"),
            Self::OtherSchema { name } => {
                Text::new("migrate-conflict-other-schema").with("name", name)
            }
        }
    }

    /// Its word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Different { .. } => "different",
            Self::Partly { .. } => "partly",
            Self::NoTable { .. } => "no_table",
            Self::NoColumn { .. } => "no_column",
            Self::Refused { .. } => "refused",
            Self::IndexTooLong { .. } => "index_too_long",
            Self::Uncertain => "uncertain",
            Self::Destroys => "destroys",
            Self::OtherSchema { .. } => "other_schema",
        }
    }

    /// The differences, where it has some.
    pub fn differences(&self) -> &[Difference] {
        match self {
            Self::Different { differences, .. } => differences,
            _ => &[],
        }
    }
}

impl Action {
    /// Its word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Recorded(state) => state.as_str(),
            Self::Session { recorded: true, .. } => "done",
            Self::Session { .. } => "session",
            Self::Run { .. } => "run",
            Self::AlreadyTrue { .. } => "record_as_true",
            Self::Keep(_) => "keep",
            Self::Conflict(_) => "conflict",
        }
    }

    /// The action, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Recorded(_) | Self::Session { recorded: true, .. } => {
                Text::new("migrate-action-recorded")
            }
            Self::Session { .. } => Text::new("migrate-action-session"),
            Self::Run { .. } => Text::new("migrate-action-run"),
            Self::AlreadyTrue { later: false, .. } => Text::new("migrate-action-true"),
            Self::AlreadyTrue { later: true, .. } => Text::new("migrate-action-true-later"),
            Self::Keep(_) => Text::new("migrate-action-keep"),
            Self::Conflict(conflict) => conflict.text(),
        }
    }
}

/// The statements that join what is there with what the scripts want, for the conflicts of a plan.
/// Nothing that is there is taken away and no value is cut.
pub fn repairs(scripts: &[Script], plan: &MigrationPlan) -> Vec<(Place, String)> {
    let found = plan
        .conflicts()
        .into_iter()
        .filter_map(|(place, conflict)| {
            let text = &scripts[place.0].statements[place.1].text;
            repair(text, conflict).map(|statement| (place, statement))
        });
    found.collect()
}

/// Tables that are there with another definition than a script wants: those that `--keep-table` can
/// name.
pub fn differing_tables(plan: &MigrationPlan) -> BTreeSet<String> {
    let conflicts = plan.conflicts().into_iter();
    let tables = conflicts.filter_map(|(_, conflict)| match conflict {
        Conflict::Different { table, .. } => Some(table.clone()),
        _ => None,
    });
    tables.collect()
}

fn repair(text: &str, conflict: &Conflict) -> Option<String> {
    match conflict {
        Conflict::Different { table, differences } => {
            let clauses: Vec<String> = differences.iter().filter_map(joined).collect();
            (!clauses.is_empty()).then(|| alter(table, &clauses))
        }
        Conflict::Partly { table, left, .. } => {
            let Kind::AlterTable { clauses, .. } = Kind::of(text) else {
                return None;
            };
            let clauses: Option<Vec<String>> = left
                .iter()
                .map(|place| again(clauses.get(place - 1)?))
                .collect();
            clauses.map(|clauses| alter(table, &clauses))
        }
        _ => None,
    }
}

fn alter(table: &str, clauses: &[String]) -> String {
    format!("ALTER TABLE {}\n  {};", quote(table), clauses.join(",\n  "))
}

fn joined(difference: &Difference) -> Option<String> {
    let wanted = difference.wanted.as_ref()?;
    let missing = difference.aspects.contains(&Aspect::Missing);
    match difference.subject {
        Subject::Column if missing => {
            Some(format!("ADD COLUMN {} {wanted}", quote(&difference.name)))
        }
        // A column that holds more than wanted stays as it is.
        Subject::Column if difference.aspects.contains(&Aspect::Longer) => None,
        Subject::Column => Some(format!(
            "MODIFY COLUMN {} {wanted}",
            quote(&difference.name)
        )),
        Subject::Index | Subject::ForeignKey if missing => Some(format!("ADD {wanted}")),
        Subject::Index => Some(format!(
            "DROP INDEX {}, ADD {wanted}",
            quote(&difference.name)
        )),
        _ => None,
    }
}

fn again(clause: &Clause) -> Option<String> {
    Some(match clause {
        Clause::AddColumn { name, definition } => {
            format!("ADD COLUMN {} {definition}", quote(name))
        }
        Clause::ModifyColumn { name, definition } => {
            format!("MODIFY COLUMN {} {definition}", quote(name))
        }
        Clause::AddIndex(index) => format!("ADD {}", index.words()),
        Clause::AddForeignKey(key) => format!("ADD {}", key.words()),
        _ => return None,
    })
}
