//! One check at a time of a pair of instances, and what the journal knows.

use jiff::Timestamp;

use super::super::context::Context;
use super::super::state::candidates;
use crate::domain::{Address, GATEWAY_URL_NEW, Inventory};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::journal::format::Record;
use crate::journal::{Holder, Lock, LockError, RunState, StateDir, list_runs, who};
use crate::settings::Settings;

/// From this age on the check that holds the lock is taken for one that hangs.
const OLD_S: i64 = 600;

/// Another check holds the lock.
pub(super) enum Busy {
    /// It is said.
    Said(CommandError),
    /// Nothing is said: `-q`, and the other one is young.
    Quietly(CommandError),
}

/// The state directory. Without one a check goes on: nothing keeps it from overlapping with another,
/// and that is said.
pub(super) fn state(settings: &Settings, context: &Context<'_>) -> Option<StateDir> {
    let candidates = candidates(settings.state_dir.clone(), context);
    match StateDir::choose(&candidates) {
        Ok(state) => Some(state),
        Err(error) => {
            let text = Text::new("monitor-no-state").nested("cause", error.text());
            context.ui.say(&text);
            None
        }
    }
}

/// Takes the lock of a check. An `apply` has another one, so that the two do not wait for each other.
pub(super) fn take(
    state: Option<&StateDir>,
    settings: &Settings,
    context: &Context<'_>,
) -> Result<Option<Lock>, Busy> {
    let Some(state) = state else { return Ok(None) };
    let cores = [settings.new.as_ref(), settings.old.as_ref()];
    let cores = cores.into_iter().flatten();
    let cores: Vec<_> = cores.map(|side| side.identity.core.as_str()).collect();
    let target = Address::new(format!("check {}", cores.join(" ")));
    let now = Timestamp::now();
    let holder = Holder {
        who: who(),
        since: now.to_string(),
        command: "check".to_owned(),
    };
    match Lock::acquire(state, &[target], &holder) {
        Ok(lock) => Ok(Some(lock)),
        Err(error @ LockError::Held { .. }) => Err(held(&error, now, context)),
        // A file system without locks: as without a state directory.
        Err(error) => {
            context
                .ui
                .say(&Text::new("monitor-no-state").nested("cause", error.text()));
            Ok(None)
        }
    }
}

fn held(error: &LockError, now: Timestamp, context: &Context<'_>) -> Busy {
    let age = match error {
        LockError::Held {
            holder: Some(holder),
            ..
        } => age_s(&holder.since, now),
        _ => None,
    };
    let old = age.is_some_and(|age| age >= OLD_S);
    let mut told = CommandError::new(Outcome::Locked, error.text());
    if let Some(age) = age.filter(|_| old) {
        let minutes = usize::try_from(age / 60).unwrap_or_default();
        told = told.hint(Text::new("monitor-lock-old").count("minutes", minutes));
    }
    if old || context.ui.talks() {
        Busy::Said(told)
    } else {
        Busy::Quietly(told)
    }
}

fn age_s(since: &str, now: Timestamp) -> Option<i64> {
    let since: Timestamp = since.parse().ok()?;
    Some(now.as_second() - since.as_second())
}

/// What the journal of this machine knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct JournalFacts {
    /// A run is writing at this moment.
    pub(super) applying: bool,
    /// When `GATEWAY_URL_NEW` got the value that it has, RFC 3339.
    pub(super) set_at: Option<String>,
}

/// Reads the journal; one that cannot be read knows nothing.
pub(super) fn journal_facts(state: Option<&StateDir>, new: &Inventory) -> JournalFacts {
    let mut journal_facts = JournalFacts::default();
    let Some(Ok(runs)) = state.map(list_runs) else {
        return journal_facts;
    };
    let values = current_values(new);
    let core = new.identity.core.as_str();
    for run in runs.into_iter().filter_map(|summary| summary.run.ok()) {
        let sides = [run.head.new.as_ref(), run.head.old.as_ref()];
        if !sides.into_iter().flatten().any(|side| side.core == core) {
            continue;
        }
        journal_facts.applying |= run.state == RunState::GoingOn;
        if journal_facts.set_at.is_some() {
            continue;
        }
        let mut lines = run.lines.iter().rev();
        journal_facts.set_at = lines.find_map(|line| match &line.record {
            Record::VariableFinished(settled) if settled.is_written() => {
                let after = settled.after.as_ref()?;
                let same = after.name == GATEWAY_URL_NEW && values.contains(&after.value.as_str());
                same.then(|| line.at.clone())
            }
            _ => None,
        });
    }
    journal_facts
}

fn current_values(new: &Inventory) -> Vec<&str> {
    let rows = new.variables.known().into_iter().flatten();
    rows.filter(|row| row.name == GATEWAY_URL_NEW)
        .map(|row| row.value.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::testing::{PlanOf, World, variable};
    use crate::apply::{ApplyOptions, CancelSignal, outcome, run};
    use crate::domain::{FailureKind, ReadFailure, Reading};
    use crate::journal::{Journal, RunStart};
    use crate::plan::VariablePlan;
    use crate::platform::unread_inventory;

    const URL: &str = "http://new:8005";

    /// A new side whose one row of the variable has this value.
    fn side_with(plan: &crate::plan::Plan, value: &str) -> Inventory {
        let failure = ReadFailure {
            kind: FailureKind::NotAsked,
            operation: "none",
            target: String::new(),
            cause: crate::domain::FailureCause::Unspecified,
        };
        let identity = plan.new.as_ref().unwrap().identity.clone();
        Inventory {
            variables: Reading::Known(vec![variable("var-1", value)]),
            ..unread_inventory(identity, &failure)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_journal_tells_when_the_variable_got_the_value_that_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(folder.path()).unwrap();
        for (plan, written) in [
            (
                VariablePlan::Keep {
                    row: variable("var-1", URL),
                },
                false,
            ),
            (
                VariablePlan::Create {
                    value: URL.to_owned(),
                },
                true,
            ),
        ] {
            let mut whole = PlanOf::independent(1);
            whole.variable = plan;
            if written {
                whole.variables_before.clear();
            }
            let world = World::of(&whole);
            let start = RunStart {
                command: "apply",
                version: "0.1.0",
                who: who(),
                plan: &whole,
            };
            let mut journal = Journal::begin(&state, &start, || Timestamp::UNIX_EPOCH).unwrap();
            let options = ApplyOptions::default();
            let done = run(&whole, &world, &options, &mut journal, CancelSignal::new()).await;
            journal.end(&done, outcome(&done, &whole)).unwrap();
            let set_at =
                |value: &str| journal_facts(Some(&state), &side_with(&whole, value)).set_at;
            assert_eq!(set_at(URL).is_some(), written, "{:?}", whole.variable);
            assert_eq!(set_at("http://other:8005"), None);
        }
    }
}
