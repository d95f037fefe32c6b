//! Figures of the schedule, from what was measured. Pure.

use std::collections::BTreeMap;
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
    let chains = plan.chains(|step| durations.get(&step.id).copied().unwrap_or_default());
    ScheduleStats {
        parallel: measured.parallel,
        peak: measured.peak,
        critical_path: chains.into_iter().max().unwrap_or_default(),
        work: durations.values().sum(),
        wall: measured.wall,
    }
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
                reading_age: None,
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
