//! Figures of the schedule, from what was measured. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::model::{PackageResult, ScheduleStats};
use crate::plan::{Plan, StepId};

/// What was measured while the run went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measurements {
    /// The upper bound.
    pub(super) parallel: usize,
    /// The most that were in flight.
    pub(super) peak: usize,
    /// From the first call to the last proof.
    pub(super) wall: Duration,
}

/// The stats of a run.
pub(super) fn stats(
    plan: &Plan,
    results: &[PackageResult],
    measured: Measurements,
) -> ScheduleStats {
    let durations: BTreeMap<&StepId, Duration> = results
        .iter()
        .filter(|result| result.attempts > 0)
        .map(|result| (&result.id, result.duration))
        .collect();
    ScheduleStats {
        parallel: measured.parallel,
        peak: measured.peak,
        critical_path: critical_path(plan, &durations),
        work: durations.values().sum(),
        wall: measured.wall,
    }
}

/// The longest sum of durations along `after`; without recursion, each edge once. Steps that wait for
/// each other in a circle count for nothing, as they are never started.
fn critical_path(plan: &Plan, durations: &BTreeMap<&StepId, Duration>) -> Duration {
    let known: BTreeSet<&StepId> = plan.steps.iter().map(|step| &step.id).collect();
    let mut dependents: BTreeMap<&StepId, Vec<&StepId>> = BTreeMap::new();
    let mut waits: BTreeMap<&StepId, usize> = BTreeMap::new();
    for step in &plan.steps {
        let before: Vec<_> = step.after.iter().filter(|id| known.contains(id)).collect();
        waits.insert(&step.id, before.len());
        for id in before {
            dependents.entry(id).or_default().push(&step.id);
        }
    }
    let own = |id: &StepId| durations.get(id).copied().unwrap_or_default();
    let mut begins: BTreeMap<&StepId, Duration> = BTreeMap::new();
    let free = waits.iter().filter(|(_, count)| **count == 0);
    let mut open: Vec<&StepId> = free.map(|(id, _)| *id).collect();
    let mut longest = Duration::ZERO;
    while let Some(id) = open.pop() {
        let ends = begins.get(id).copied().unwrap_or_default() + own(id);
        longest = longest.max(ends);
        for dependent in dependents.get(id).into_iter().flatten() {
            let begin = begins.entry(dependent).or_default();
            *begin = (*begin).max(ends);
            if let Some(count) = waits.get_mut(dependent) {
                *count -= 1;
                if *count == 0 {
                    open.push(dependent);
                }
            }
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::model::StepResult;
    use crate::apply::testing::{PlanOf, named, step};
    use crate::domain::Side;

    #[test]
    fn the_longest_chain_is_the_critical_path() {
        let names = ["a", "b", "c", "d"];
        let mut steps: Vec<_> = names.iter().map(|name| step(Side::New, name)).collect();
        steps[1].after.insert(named::id(Side::New, "a"));
        steps[2].after.insert(named::id(Side::New, "b"));
        steps[2].after.insert(named::id(Side::New, "absent"));
        let results: Vec<_> = [3, 4, 5, 9]
            .into_iter()
            .zip(&steps)
            .map(|(secs, step)| PackageResult {
                id: step.id.clone(),
                version: Some(step.version.clone()),
                package: Some(step.package.clone()),
                result: StepResult::Done,
                attempts: u32::from(step.id.name.as_str() != "c"),
                duration: Duration::from_secs(secs),
            })
            .collect();
        let measured = Measurements {
            parallel: 8,
            peak: 2,
            wall: Duration::from_secs(10),
        };
        let schedule = stats(&PlanOf::steps(steps), &results, measured);
        assert_eq!(
            schedule.critical_path,
            Duration::from_secs(9),
            "c was never sent"
        );
        assert_eq!(schedule.work, Duration::from_secs(16));
        assert_eq!((schedule.parallel, schedule.peak), (8, 2));
    }
}
