//! What happens to each statement: recorded already, already true, to be carried out, a conflict.
//! Pure: the same scripts, ledger and facts make the same plan.
//!
//! Statements are judged in order against a picture of the schema that each planned statement changes,
//! so that `ALTER TABLE` of a table which an earlier statement will create is understood.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::Difference;
use super::facts::{Facts, Place};
use super::judge::{Judge, Judgement};
use super::ledger::{LedgerRow, LedgerState, Script, ScriptChange, changes};
use super::statement::{Kind, destroys};

/// What the operator decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Tables whose conflicts are known: what is there stays (`--keep-table`).
    pub keep_tables: BTreeSet<String>,
    /// Whether destroying statements may be carried out (`--allow-destructive`).
    pub allow_destructive: bool,
    /// Scripts that are taken as they are now although they changed (`--accept-script`).
    pub accept_scripts: BTreeSet<String>,
}

/// The plan of one schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationPlan {
    /// The schema.
    pub schema: String,
    /// One step for each statement, in order.
    pub steps: Vec<Step>,
    /// How scripts differ from what the ledger knows of them.
    pub changes: Vec<ScriptChange>,
    /// Changed scripts that stop the run.
    pub stopped_by: Vec<ScriptChange>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it stands.
    pub place: Place,
    /// What happens to it.
    pub action: Action,
}

/// What happens to a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The ledger has it.
    Recorded(LedgerState),
    /// A `SET` of the session, carried out where a statement behind it is.
    Session {
        /// Whether the ledger has it.
        recorded: bool,
        /// Whether a statement behind it is carried out.
        needed: bool,
    },
    /// To be carried out.
    Run {
        /// It changes rows, so that it and its record are one transaction.
        rows: bool,
    },
    /// True already: recorded as such.
    AlreadyTrue {
        /// It is true because of a later statement of the scripts.
        later: bool,
        /// Differences that nobody notices.
        notes: Vec<Difference>,
    },
    /// The operator keeps what is there.
    Keep(Conflict),
    /// Stops the run before its first statement.
    Conflict(Conflict),
}

/// Why a statement cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// What it makes is there with another definition.
    Different {
        /// The table.
        table: String,
        /// The differences, side by side.
        differences: Vec<Difference>,
    },
    /// Some of its clauses are true already, others are not.
    Partly {
        /// The table.
        table: String,
        /// Places of the clauses that are true, from 1.
        there: Vec<usize>,
        /// Places of the others.
        left: Vec<usize>,
    },
    /// Its table is not there, and no earlier statement makes it.
    NoTable {
        /// The table.
        table: String,
    },
    /// A column that it names is not there.
    NoColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The server refuses what it wants.
    Refused {
        /// The server's error number.
        code: u16,
        /// Its message.
        message: String,
    },
    /// An index would be longer than the table's row format allows.
    IndexTooLong {
        /// The table.
        table: String,
        /// The index.
        index: String,
        /// Its length in bytes.
        bytes: u64,
        /// The most that is allowed.
        limit: u64,
    },
    /// It was begun and cut off, and nothing tells whether it took effect.
    Uncertain,
    /// It destroys data, and that was not allowed.
    Destroys,
    /// It works on another schema.
    OtherSchema {
        /// The schema, or the table with its schema.
        name: String,
    },
}

impl MigrationPlan {
    /// Statements to be carried out, without those of the session.
    pub fn to_run(&self) -> usize {
        self.count(|action| matches!(action, Action::Run { .. }))
    }

    /// Statements to be recorded without being carried out.
    pub fn to_record(&self) -> usize {
        self.count(|action| matches!(action, Action::AlreadyTrue { .. } | Action::Keep(_)))
    }

    /// Statements that the ledger has.
    pub fn recorded(&self) -> usize {
        self.count(|action| {
            matches!(
                action,
                Action::Recorded(_) | Action::Session { recorded: true, .. }
            )
        })
    }

    /// Whether nothing has to be written.
    pub fn is_done(&self) -> bool {
        self.stopped_by.is_empty() && self.recorded() == self.steps.len()
    }

    /// The conflicts, with the places of their statements.
    pub fn conflicts(&self) -> Vec<(Place, &Conflict)> {
        let steps = self.steps.iter();
        let conflicts = steps.filter_map(|step| match &step.action {
            Action::Conflict(conflict) => Some((step.place, conflict)),
            _ => None,
        });
        conflicts.collect()
    }

    /// Whether something stops the run.
    pub fn is_blocked(&self) -> bool {
        !self.stopped_by.is_empty() || !self.conflicts().is_empty()
    }

    fn count(&self, counts: impl Fn(&Action) -> bool) -> usize {
        self.steps
            .iter()
            .filter(|step| counts(&step.action))
            .count()
    }
}

/// Plans one schema.
pub fn plan(
    scripts: &[Script],
    ledger: &[LedgerRow],
    facts: &Facts,
    options: &Options,
) -> MigrationPlan {
    let changes = changes(scripts, ledger);
    let stops = |change: &&ScriptChange| {
        change.stops() && !options.accept_scripts.contains(change.script())
    };
    let stopped_by = changes.iter().filter(stops).cloned().collect();
    let rows: BTreeMap<(&str, usize), &LedgerRow> = ledger
        .iter()
        .map(|row| ((row.script.as_str(), row.number), row))
        .collect();
    let mut judge = Judge::new(scripts, facts);
    let mut planned = Vec::new();
    for (at, script) in scripts.iter().enumerate() {
        for (number, statement) in script.statements.iter().enumerate() {
            let row = rows.get(&(script.name.as_str(), statement.number));
            let row = row
                .filter(|row| row.checksum == statement.checksum)
                .copied();
            let place = (at, number);
            let action = decide(&mut judge, place, &statement.text, row, options);
            planned.push(Step { place, action });
        }
    }
    mark_sessions(&mut planned);
    MigrationPlan {
        schema: facts.schema.clone(),
        steps: planned,
        changes,
        stopped_by,
    }
}

/// A `SET` is needed where a statement behind it in the same script is carried out.
fn mark_sessions(steps: &mut [Step]) {
    let mut runs_in = BTreeSet::new();
    for step in steps.iter_mut().rev() {
        match &mut step.action {
            Action::Run { .. } => {
                runs_in.insert(step.place.0);
            }
            Action::Session { needed, .. } => *needed = runs_in.contains(&step.place.0),
            _ => {}
        }
    }
}

fn decide(
    judge: &mut Judge<'_>,
    place: Place,
    text: &str,
    row: Option<&LedgerRow>,
    options: &Options,
) -> Action {
    let kind = Kind::of(text);
    let state = row.map(|row| row.state);
    if kind == Kind::Session {
        let recorded = state.is_some_and(|state| state != LedgerState::Started);
        return Action::Session {
            recorded,
            needed: false,
        };
    }
    if let Some(state) = state.filter(|state| *state != LedgerState::Started) {
        return Action::Recorded(state);
    }
    if let Some(name) = judge.elsewhere(&kind) {
        return Action::Conflict(Conflict::OtherSchema { name });
    }
    if matches!(kind, Kind::Use { .. }) {
        return Action::Session {
            recorded: false,
            needed: false,
        };
    }
    let begun = state == Some(LedgerState::Started);
    let run = |judge: &mut Judge<'_>| {
        if destroys(text) && !options.allow_destructive {
            return Action::Conflict(Conflict::Destroys);
        }
        judge.carried_out(place, &kind);
        Action::Run {
            rows: matches!(kind, Kind::Insert(_) | Kind::Rows { .. }),
        }
    };
    let conflict = match judge.judge(place, &kind) {
        Judgement::True { later, notes } => return Action::AlreadyTrue { later, notes },
        Judgement::Run => return run(judge),
        // Rows and their record are one transaction: begun and not recorded is rolled back.
        Judgement::Vague if !begun || judge.transactional(&kind) => return run(judge),
        Judgement::Vague => Conflict::Uncertain,
        Judgement::Conflict(conflict) => conflict,
    };
    let kept = kind
        .table()
        .is_some_and(|table| options.keep_tables.contains(table));
    let keepable = matches!(
        conflict,
        Conflict::Different { .. } | Conflict::Partly { .. } | Conflict::Uncertain
    );
    if kept && keepable {
        Action::Keep(conflict)
    } else {
        Action::Conflict(conflict)
    }
}
