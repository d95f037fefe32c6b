//! What the planner knows: the schema, the ledger, and what judges.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{LedgerRow, LedgerState};
use super::model::{Rehearsal, RowFact};
use super::object::Snapshot;
use super::program::{Place, Program};

/// What is known of a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The objects that are there.
    pub(super) present: Snapshot,
    /// Bytes of the longest statement that the server takes.
    pub(super) longest: usize,
    /// Schemas of the server, as far as the account sees them.
    pub(super) schemas: BTreeSet<String>,
    /// Schemas of tables that are not in this one.
    pub(super) elsewhere: BTreeMap<String, String>,
    /// What the tables have of rows.
    pub(super) rows: BTreeMap<Place, RowFact>,
    /// Begun statements whose objects look as they did before (`true`) or not.
    pub(super) unchanged: BTreeMap<Place, bool>,
}

/// How statements are judged.
#[derive(Clone, Copy)]
pub(super) enum Basis<'a> {
    /// Nothing was rehearsed, and it will be before a run.
    Later,
    /// Nothing is rehearsed: what is there is a conflict.
    Names,
    /// By what the scratch schema showed.
    Rehearsed(&'a Rehearsal),
}

/// Statements that the ledger does not have as done, in order.
pub(super) fn pending(program: &Program<'_>, ledger: &[LedgerRow]) -> Vec<Place> {
    let planner = Rows::new(program, ledger);
    program
        .places()
        .filter(|place| planner.recorded(*place).is_none())
        .collect()
}

pub(super) struct Rows<'a> {
    program: &'a Program<'a>,
    rows: BTreeMap<(&'a str, usize), &'a LedgerRow>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(program: &'a Program<'a>, ledger: &'a [LedgerRow]) -> Self {
        let rows = ledger
            .iter()
            .map(|row| ((row.script.as_str(), row.number), row))
            .collect();
        Self { program, rows }
    }

    pub(super) fn row(&self, place: Place) -> Option<&'a LedgerRow> {
        let statement = self.program.statement(place);
        let row = self
            .rows
            .get(&(self.program.script(place).name.as_str(), statement.number));
        row.copied()
            .filter(|row| row.checksum == statement.checksum)
    }

    pub(super) fn recorded(&self, place: Place) -> Option<LedgerState> {
        self.row(place)
            .map(|row| row.state)
            .filter(|state| *state != LedgerState::Started)
    }

    pub(super) fn cut_off(&self, place: Place) -> bool {
        self.row(place).is_some_and(LedgerRow::cut_off)
    }
}
