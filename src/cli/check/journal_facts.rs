//! What the run journal says about the instances.

use crate::domain::{GATEWAY_URL_NEW, Inventory};
use crate::journal::format::Record;
use crate::journal::{RunState, StateDir, list_runs};

/// What the run journal of this machine says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct JournalFacts {
    /// An apply is in progress.
    pub(super) applying: bool,
    /// When `GATEWAY_URL_NEW` got the value that it has, RFC 3339.
    pub(super) set_at: Option<String>,
}

/// Reads the journal. An unreadable journal says nothing.
pub(super) fn journal_facts(state: Option<&StateDir>, new: &Inventory) -> JournalFacts {
    let mut facts = JournalFacts::default();
    let Some(Ok(runs)) = state.map(list_runs) else {
        return facts;
    };
    let values = current_values(new);
    let core = new.identity.core.as_str();
    for run in runs.into_iter().filter_map(|summary| summary.run.ok()) {
        let sides = [run.head.new.as_ref(), run.head.old.as_ref()];
        if !sides.into_iter().flatten().any(|side| side.core == core) {
            continue;
        }
        facts.applying |= run.state == RunState::GoingOn;
        if facts.set_at.is_some() {
            continue;
        }
        let mut lines = run.lines.iter().rev();
        facts.set_at = lines.find_map(|line| match &line.record {
            Record::VariableFinished(settled) if settled.is_written() => {
                let after = settled.after.as_ref()?;
                let same = after.name == GATEWAY_URL_NEW && values.contains(&after.value.as_str());
                same.then(|| line.at.clone())
            }
            _ => None,
        });
    }
    facts
}

fn current_values(new: &Inventory) -> Vec<&str> {
    let rows = new.variables.known().into_iter().flatten();
    rows.filter(|row| row.name == GATEWAY_URL_NEW)
        .map(|row| row.value.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::apply::testing::{PlanOf, World, ready, variable};
    use crate::apply::{ApplyOptions, CancelSignal, outcome, run};
    use crate::domain::{FailureKind, ReadFailure, Reading};
    use crate::journal::{Journal, RunStart, who};
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
    async fn journal_tells_when_variable_was_set() {
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
            let done = run(
                &ready(&whole),
                &world,
                None,
                &options,
                &mut journal,
                &CancelSignal::new(),
            )
            .await;
            journal.end(&done, outcome(&done)).unwrap();
            let set_at =
                |value: &str| journal_facts(Some(&state), &side_with(&whole, value)).set_at;
            assert_eq!(set_at(URL).is_some(), written, "{:?}", whole.variable);
            assert_eq!(set_at("http://other:8005"), None);
        }
    }
}
