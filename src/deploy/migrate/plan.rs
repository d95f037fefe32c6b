//! What happens to each statement: recorded already, already true, to be carried out, a conflict.

use std::collections::BTreeSet;

use super::ledger::{LedgerState, ScriptChange};
use super::model::{Conflict, Mark, Rebuild};
use super::program::Place;

/// What the operator decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Tables whose conflicts are known: what is there stays (`--keep-table`).
    pub keep_tables: BTreeSet<String>,
    /// Whether destructive statements may be carried out (`--allow-destructive`).
    pub allow_destructive: bool,
    /// Scripts that are taken as they are now although they changed (`--accept-script`).
    pub accept_scripts: BTreeSet<String>,
    /// Statements that took effect, as the operator knows (`--mark-done`): script and number.
    pub mark_done: BTreeSet<(String, usize)>,
    /// Statements to go on at (`--resume-at`); what stands before them in their script took effect.
    pub resume_at: BTreeSet<(String, usize)>,
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
    /// How it was rehearsed; nothing if there was no rehearsal or the ledger has it.
    pub mark: Option<Mark>,
    /// How the server changes the table, if it is an `ALTER TABLE`.
    pub rebuild: Option<Rebuild>,
}

/// What happens to a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The ledger has it.
    Recorded(LedgerState),
    /// A `SET` of the session, carried out if a statement behind it is.
    Session {
        /// Whether the ledger has it.
        recorded: bool,
        /// Whether a statement behind it is carried out.
        needed: bool,
    },
    /// To be carried out.
    Run,
    /// What it makes is there; the rehearsal will compare it.
    Compare,
    /// True already: recorded as such.
    AlreadyTrue {
        /// It is as a later statement of the scripts leaves it.
        later: bool,
    },
    /// Not carried out, as the operator decided.
    Keep,
    /// Stops the run before its first statement.
    Conflict(Conflict),
}

impl MigrationPlan {
    /// Statements to be carried out, without those of the session.
    pub fn to_run(&self) -> usize {
        self.count(|action| matches!(action, Action::Run | Action::Compare))
    }

    /// Statements to be recorded without being carried out.
    pub fn to_record(&self) -> usize {
        self.count(|action| matches!(action, Action::AlreadyTrue { .. } | Action::Keep))
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
