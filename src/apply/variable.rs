//! Sets `GATEWAY_URL_NEW`, once, and sees to it that one row of that name is left.
//!
//! The platform keeps no names unique and locks nothing (`docs/platform/variables.md#create`): two
//! creates make two active rows. So after a create the rows are read again, not before every other
//! run that had seen no row either must have made its own: each takes about as long from its reading
//! to its create as we did. Of several rows the one with the smallest id stays, each run removes its
//! own only, and the owner of the smallest removes nothing; so one is always left. The end of the run
//! looks once more.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::context::RunContext;
use super::effects::Effects;
use super::emitter::EventEmitter;
use super::flight::{Evidence, LONGEST_VARIABLE_WRITE, Next, next, not_asked};
use super::model::{Event, VariableAction, VariableResult};
use crate::domain::{GATEWAY_URL_NEW, ReadFailure, Side, SystemVariable, VariableId};
use crate::plan::{VariablePlan, new_row};

/// The variable is one of the new platform: a v3 never reads it (`docs/platform/variables.md#gateway_url_new`).
const SIDE: Side = Side::New;

/// Sets the variable and sees to its rows.
pub(super) struct VariableGuard<'a, E> {
    context: RunContext<'a, E>,
    /// The value that it shall have; none where nothing is asked for.
    wanted: Option<String>,
    /// The row that this run created, where the platform said or shows which.
    own: Option<VariableId>,
    created: Created,
    removals: u32,
    removed_own: bool,
}

/// What is known of our create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Created {
    /// There was none, or its answer was lost.
    No,
    /// The platform said OK.
    Yes,
}

/// A removal of our own row that fails is tried so often.
const REMOVALS: u32 = 3;

impl<'a, E: Effects> VariableGuard<'a, E> {
    pub(super) fn new(context: RunContext<'a, E>) -> Self {
        let wanted = match &context.plan.variable {
            VariablePlan::Create { value } => Some(value.clone()),
            VariablePlan::Keep { row } => Some(row.effective().to_owned()),
            VariablePlan::Update { after, .. } => Some(after.effective().to_owned()),
            VariablePlan::Several { .. }
            | VariablePlan::NotAsked { .. }
            | VariablePlan::Undecided { .. }
            | VariablePlan::ValueNeeded { .. }
            | VariablePlan::Unreadable { .. } => None,
        };
        Self {
            context,
            wanted,
            own: None,
            created: Created::No,
            removals: 0,
            removed_own: false,
        }
    }

    /// Carries out what the plan says of it.
    pub(super) async fn set(&mut self, emitter: &mut EventEmitter<'_>) -> VariableResult {
        match &self.context.plan.variable {
            VariablePlan::Create { value } => self.create(&new_row(value), emitter).await,
            VariablePlan::Update { before, after } => self.update(before, after, emitter).await,
            VariablePlan::Keep { row } => VariableResult::Unchanged {
                row: Some(row.clone()),
            },
            VariablePlan::NotAsked { .. } => VariableResult::Unchanged {
                row: self.only_row_before(),
            },
            VariablePlan::Undecided { effective, wanted } => VariableResult::Undecided {
                effective: effective.clone(),
                wanted: wanted.clone(),
            },
            VariablePlan::Several { rows, .. } => VariableResult::Drifted {
                planned: None,
                rows: rows.clone(),
            },
            // A plan that is ready has neither.
            VariablePlan::ValueNeeded { .. } | VariablePlan::Unreadable { .. } => {
                VariableResult::Failed {
                    failure: not_asked(),
                }
            }
        }
    }

    /// Looks once more at the end: a registration may have switched it off, another run may have made a
    /// second row.
    pub(super) async fn verify(
        &mut self,
        result: VariableResult,
        all: &[SystemVariable],
        emitter: &mut EventEmitter<'_>,
    ) -> VariableResult {
        if !self.is_to_be_seen(&result) {
            return result;
        }
        let mut rows = rows_named(all);
        if self.must_give_way(&rows) {
            let within = self.context.options.variable.settle;
            match self.settle(within, emitter).await {
                VariableResult::Created { row, .. } => rows = vec![row],
                other => return other,
            }
        }
        match (<[_; 1]>::try_from(rows), result) {
            (Ok([row]), result) if self.is_right(&row) => refreshed(result, row, self.removed_own),
            (Ok([row]), _) => VariableResult::NoEffect { rows: vec![row] },
            (Err(rows), _) => VariableResult::NoEffect { rows },
        }
    }

    /// The look at the end could not be made: what should be there is not proven.
    pub(super) fn unverified(
        &self,
        result: &VariableResult,
        failure: ReadFailure,
    ) -> Option<VariableResult> {
        self.is_to_be_seen(result)
            .then_some(VariableResult::Failed { failure })
    }

    /// Whether a right row must be there at the end.
    fn is_to_be_seen(&self, result: &VariableResult) -> bool {
        let good = matches!(
            result,
            VariableResult::Unchanged { .. }
                | VariableResult::Created { .. }
                | VariableResult::Updated { .. }
        );
        good && self.wanted.is_some()
    }

    async fn create(
        &mut self,
        row: &SystemVariable,
        emitter: &mut EventEmitter<'_>,
    ) -> VariableResult {
        let begun = Instant::now();
        let rows = match self.rows_before_create().await {
            Ok(rows) => rows,
            Err(failure) => return VariableResult::Failed { failure },
        };
        match rows.as_slice() {
            [] => {}
            [there] if self.is_right(there) => {
                return VariableResult::Unchanged {
                    row: Some(there.clone()),
                };
            }
            _ => {
                return VariableResult::Drifted {
                    planned: None,
                    rows,
                };
            }
        }
        if !intend(emitter, VariableAction::Create, None, Some(row)) {
            return VariableResult::Failed {
                failure: not_asked(),
            };
        }
        let lost = match self.context.effects.create_variable(SIDE, row).await {
            Ok(id) => {
                self.own = id;
                self.created = Created::Yes;
                None
            }
            Err(failure) => Some(failure),
        };
        sleep(self.quiet(begun.elapsed())).await;
        // What answers in the place of core says nothing of core: the rows tell.
        let within = match &lost {
            Some(failure) if failure.may_have_arrived() => self.longest(),
            Some(_) => self.context.options.proof.state_grace,
            None => self.context.options.variable.settle,
        };
        match (self.settle(within, emitter).await, lost) {
            (VariableResult::NoEffect { rows }, Some(failure)) if rows.is_empty() => {
                VariableResult::Failed { failure }
            }
            (result, _) => result,
        }
    }

    /// Reads until one row is left.
    async fn settle(&mut self, within: Duration, emitter: &mut EventEmitter<'_>) -> VariableResult {
        let mut poll = self.context.poll();
        loop {
            let read = self.read().await;
            if let Ok(rows) = &read {
                self.recognise_own(rows);
                if let [row] = rows.as_slice()
                    && self.is_right(row)
                {
                    return VariableResult::Created {
                        row: row.clone(),
                        removed_own: self.removed_own,
                    };
                }
                if self.must_give_way(rows) && self.remove_own(rows, emitter).await {
                    continue;
                }
            }
            if !poll.again(within).await {
                return match read {
                    Ok(rows) => VariableResult::NoEffect { rows },
                    Err(failure) => VariableResult::Failed { failure },
                };
            }
        }
    }

    /// Removes our row, if it is there; whether the platform said that it is gone.
    async fn remove_own(
        &mut self,
        rows: &[SystemVariable],
        emitter: &mut EventEmitter<'_>,
    ) -> bool {
        let own = rows.iter().find(|row| Some(&row.id) == self.own.as_ref());
        let Some(own) = own.filter(|_| self.removals < REMOVALS) else {
            return false;
        };
        self.removals += 1;
        if !intend(emitter, VariableAction::RemoveOwn, Some(own), None) {
            return false;
        }
        let removed = self.context.effects.delete_variable(SIDE, &own.id).await;
        self.removed_own |= removed.is_ok();
        removed.is_ok()
    }

    async fn update(
        &mut self,
        before: &SystemVariable,
        after: &SystemVariable,
        emitter: &mut EventEmitter<'_>,
    ) -> VariableResult {
        let rows = match self.read().await {
            Ok(rows) => rows,
            Err(failure) => return VariableResult::Failed { failure },
        };
        match rows.as_slice() {
            [row] if self.is_right(row) => {
                return VariableResult::Unchanged {
                    row: Some(row.clone()),
                };
            }
            [row] if row == before => {}
            _ => {
                return VariableResult::Drifted {
                    planned: Some(before.clone()),
                    rows,
                };
            }
        }
        if !intend(emitter, VariableAction::Update, Some(before), Some(after)) {
            return VariableResult::Failed {
                failure: not_asked(),
            };
        }
        let written = self.context.effects.update_variable(SIDE, after).await;
        if let Err(failure) = &written
            && !failure.may_have_arrived()
        {
            return VariableResult::Failed {
                failure: failure.clone(),
            };
        }
        let lost = written.err();
        let within = match &lost {
            Some(_) => self.longest(),
            None => self.context.options.proof.state_grace,
        };
        match (self.settle(within, emitter).await, lost) {
            (VariableResult::Created { row, .. }, _) => VariableResult::Updated {
                before: before.clone(),
                after: row,
            },
            (VariableResult::NoEffect { rows }, Some(failure))
                if rows.as_slice() == [before.clone()] =>
            {
                VariableResult::Failed { failure }
            }
            (result, _) => result,
        }
    }

    /// Where the platform created a row and did not say its id: the only one that is there.
    fn recognise_own(&mut self, rows: &[SystemVariable]) {
        if let [row] = rows
            && self.created == Created::Yes
        {
            self.own.get_or_insert_with(|| row.id.clone());
        }
    }

    /// Whether there is a row with a smaller id than ours.
    fn must_give_way(&self, rows: &[SystemVariable]) -> bool {
        let own = self.own.as_ref();
        own.is_some_and(|own| rows.iter().any(|row| row.id < *own))
    }

    fn is_right(&self, row: &SystemVariable) -> bool {
        row.is_active() && self.wanted.as_deref() == Some(row.effective())
    }

    fn only_row_before(&self) -> Option<SystemVariable> {
        let all = self.context.plan.variables_before.get(&SIDE)?;
        match rows_named(all).as_slice() {
            [row] => Some(row.clone()),
            _ => None,
        }
    }

    /// Long enough for another run that read no row before our create to have made its own.
    fn quiet(&self, from_reading_to_create: Duration) -> Duration {
        let options = &self.context.options.variable;
        options
            .quiet
            .max((from_reading_to_create * 4).min(options.settle))
    }

    /// How long the effect of a write without an answer of core's is waited for. It is not sent again.
    fn longest(&self) -> Duration {
        LONGEST_VARIABLE_WRITE.min(self.context.options.unknown_after)
    }

    /// The rows, once a create that an earlier run sent has ended.
    async fn rows_before_create(&self) -> Result<Vec<SystemVariable>, ReadFailure> {
        let (begun, mut poll) = (Instant::now(), self.context.poll());
        let sent = self.context.options.earlier.creating;
        loop {
            let rows = self.read().await?;
            let age = sent.map_or(LONGEST_VARIABLE_WRITE, |age| age + begun.elapsed());
            let seen = Evidence {
                effect: !rows.is_empty(),
                restarted: false,
                age,
            };
            match next(seen, self.longest(), self.longest()) {
                Next::Watch => {
                    poll.again(self.longest()).await;
                }
                Next::Done | Next::Resend | Next::Unknown => return Ok(rows),
            }
        }
    }

    async fn read(&self) -> Result<Vec<SystemVariable>, ReadFailure> {
        let all = self.context.effects.variables(SIDE).await?;
        Ok(rows_named(&all))
    }
}

/// The rows of the variable, smallest id first.
pub(super) fn rows_named(all: &[SystemVariable]) -> Vec<SystemVariable> {
    let named = all.iter().filter(|row| row.name == GATEWAY_URL_NEW);
    let mut rows: Vec<_> = named.cloned().collect();
    rows.sort();
    rows
}

fn intend(
    emitter: &mut EventEmitter<'_>,
    action: VariableAction,
    before: Option<&SystemVariable>,
    after: Option<&SystemVariable>,
) -> bool {
    let event = Event::VariableWriteStarted {
        action,
        before: before.cloned(),
        after: after.cloned(),
    };
    emitter.announce(&event).is_ok()
}

/// The result with the row as it was read last.
fn refreshed(result: VariableResult, now: SystemVariable, removed: bool) -> VariableResult {
    match result {
        VariableResult::Unchanged { .. } => VariableResult::Unchanged { row: Some(now) },
        VariableResult::Created { removed_own, .. } => VariableResult::Created {
            row: now,
            removed_own: removed_own || removed,
        },
        VariableResult::Updated { before, .. } => VariableResult::Updated { before, after: now },
        other => other,
    }
}
