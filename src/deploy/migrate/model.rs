//! What a rehearsal shows, and why a statement cannot be carried out. Pure.

use std::collections::BTreeMap;

use super::judge::{Difference, History};
use super::object::{Key, Snapshot, narrows};
use super::program::Place;

/// Why a statement cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// What it makes is there with other properties.
    Different {
        /// The table or other object.
        object: String,
        /// The differences, side by side.
        differences: Vec<Difference>,
    },
    /// Some of what it makes is there, some is not.
    Partly {
        /// What is there.
        there: Vec<String>,
        /// What is not.
        left: Vec<String>,
    },
    /// What it makes is there, and without a rehearsal nothing tells whether it is the same.
    Exists {
        /// What is there.
        objects: Vec<String>,
    },
    /// What it drops or renames is not there.
    Absent {
        /// What is absent.
        objects: Vec<String>,
    },
    /// The server refuses it in the rehearsal.
    Refused {
        /// The server's error number.
        code: u16,
        /// Its message.
        message: String,
    },
    /// Rows of a table that is too large to be copied stand in its way.
    Rows {
        /// The column or key.
        object: String,
        /// A query that shows the rows.
        query: String,
    },
    /// A column would hold less than it can now.
    Narrows {
        /// The columns.
        columns: Vec<String>,
    },
    /// Statements around it were carried out by hand, and nothing tells whether it was.
    Undecided,
    /// It was begun and cut off, and nothing tells whether it took effect.
    CutOff {
        /// Numbers of the first and last statement that are carried out together, if it is one of a section.
        section: Option<(usize, usize)>,
    },
    /// It needs `--allow-destructive`.
    Destructive {
        /// What of it, in SQL words.
        what: String,
    },
    /// It is never carried out.
    Forbidden {
        /// What of it, in SQL words.
        what: String,
    },
    /// It works on another schema.
    OtherSchema {
        /// The schema.
        name: String,
    },
    /// A foreign key of another schema refers to what it changes.
    Referenced {
        /// The table of the other schema.
        by: String,
    },
    /// Its table is in another schema of the server.
    Elsewhere {
        /// The table.
        table: String,
        /// The schema.
        schema: String,
    },
    /// It is longer than the server takes.
    TooLong {
        /// Its length in bytes.
        bytes: usize,
        /// The most that the server takes.
        limit: usize,
    },
}

impl Conflict {
    /// The differences, if it has some.
    pub fn differences(&self) -> &[Difference] {
        match self {
            Self::Different { differences, .. } => differences,
            _ => &[],
        }
    }
}

/// What a table has of the rows of an `INSERT`, or of those that an `UPDATE` or `DELETE` is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RowFact {
    /// All rows are there with the same values.
    AllThere,
    /// None is there.
    NoneThere,
    /// None is there, and a later statement takes them away again.
    Removed,
    /// Some are there.
    Some {
        there: Vec<String>,
        left: Vec<String>,
    },
    /// A row with the same key has other values.
    Different(Vec<Difference>),
    /// No key tells rows apart, and a row with the same values is there.
    Similar,
    /// No row matches the condition.
    NoMatch,
}

/// How a statement was rehearsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// On copies with their rows.
    WithRows,
    /// On structure alone; rows of the real tables were asked.
    Probed,
    /// On structure alone.
    StructureOnly,
    /// Not at all, and why.
    NotRehearsed(Unrehearsed),
}

/// Why a statement was not rehearsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unrehearsed {
    /// It may not be carried out, or only later and by others (`CALL`, events).
    NotRun,
    /// It names a schema.
    NamesSchema(String),
    /// It works on an object that could not be copied.
    NotCopied(String),
    /// It needs what an earlier statement does that was not rehearsed: script and number.
    Behind(String),
}

/// How the server changes a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuild {
    /// `INSTANT`, `INPLACE` or `COPY`.
    pub algorithm: &'static str,
    /// Bytes of the real table with its indexes.
    pub bytes: u64,
}

/// What the scratch schema showed of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rehearsed {
    /// Among the pending statements, from 1.
    pub(super) position: usize,
    pub(super) mark: Mark,
    /// The objects that it changed.
    pub(super) effect: Vec<Key>,
    pub(super) refused: Option<Conflict>,
    pub(super) rebuild: Option<Rebuild>,
    /// Columns that hold less behind it.
    pub(super) narrows: Vec<Key>,
}

/// A rehearsal of one schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rehearsal {
    pub(super) history: History,
    pub(super) steps: BTreeMap<Place, Rehearsed>,
    /// What the tables have of the rows of each `INSERT`.
    pub(super) rows: BTreeMap<Place, RowFact>,
}

impl Rehearsal {
    pub(super) fn of(&self, place: Place) -> Option<&Rehearsed> {
        self.steps.get(&place)
    }

    /// Whether a statement makes a column hold less than the one that is there.
    pub(super) fn narrows(&self, place: Place, key: &Key, present: &Snapshot) -> bool {
        let position = self.of(place).map_or(0, |one| one.position);
        let mut states = self.history.get(key).into_iter().flatten();
        let wanted = states
            .rfind(|state| state.position <= position)
            .and_then(|state| state.part.as_ref());
        match (present.get(key), wanted) {
            (Some(there), Some(wanted)) => narrows(&there.properties, &wanted.properties),
            _ => false,
        }
    }

    /// Whether it says anything of a statement's effect.
    pub(super) fn judges(&self, place: Place) -> bool {
        self.of(place)
            .is_some_and(|one| !matches!(one.mark, Mark::NotRehearsed(_)))
    }
}
