//! What must hold for every plan: random graphs, random faults, paused time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::apply::testing::{Entry, PlanOf, Script, named, refusal, step};
use crate::apply::{Event, Pace};
use crate::domain::{Transience, Version};
use crate::plan::{SkipReason, SkippedPackage};

/// A plan and what its registers will do.
#[derive(Clone, Debug)]
struct Case {
    plan: Plan,
    scripts: Vec<(StepId, Vec<Script>)>,
    parallel: usize,
}

impl Case {
    fn world(&self) -> World {
        let world = World::of(&self.plan);
        for (id, scripts) in &self.scripts {
            world.script(id, scripts.iter().cloned());
        }
        world
    }

    fn options(&self) -> ApplyOptions {
        ApplyOptions {
            parallel: self.parallel,
            ..options()
        }
    }
}

fn scripts() -> impl Strategy<Value = Vec<Script>> {
    let overload = Script::Refused(refusal(Transience::Overload));
    let ambiguous = Script::Refused(refusal(Transience::Ambiguous));
    let permanent = Script::Refused(refusal(Transience::Permanent));
    prop_oneof![
        12 => Just(Vec::new()),
        2 => Just(vec![overload.clone(), overload]),
        2 => Just(vec![ambiguous.clone()]),
        1 => Just(vec![ambiguous; 9]),
        1 => Just(vec![permanent]),
        1 => Just(vec![Script::WorksUnanswered]),
        1 => Just(vec![Script::Vanishes]),
        1 => Just(vec![Script::NoEffect]),
        1 => Just(vec![Script::NoFiles]),
    ]
}

prop_compose! {
    fn case()(
        size in 1..24_usize,
    )(
        old in prop::collection::vec(prop::bool::weighted(0.2), size),
        edges in prop::collection::vec((0..size, 0..size), 0..2 * size),
        sizes in prop::collection::vec(200..2000_u32, size),
        scripts in prop::collection::vec(scripts(), size),
        canary in prop::option::of(0..size),
        parallel in 1..12_usize,
        skipped in 0..3_usize,
    ) -> Case {
        // A name stands twice where a step is of the old side: once on each side.
        let mut steps: Vec<_> = (0..sizes.len()).map(|n| {
            let side = if old[n] { Side::Old } else { Side::New };
            let name = if old[n] { n.saturating_sub(1) } else { n };
            let mut step = step(side, &format!("p{name:02}"));
            step.version = Version::new(format!("v{}", sizes[n]));
            step
        }).collect();
        steps.dedup_by(|a, b| a.id == b.id);
        let ids: Vec<_> = steps.iter().map(|step| step.id.clone()).collect();
        for (a, b) in edges {
            let (first, last) = (a.min(b), a.max(b));
            if last < steps.len() && ids[first].side == ids[last].side && first != last {
                steps[last].after.insert(ids[first].clone());
            }
        }
        let scripts = ids.iter().cloned().zip(scripts).collect();
        let mut plan = PlanOf::steps(steps);
        plan.canary = canary.and_then(|n| ids.get(n)).cloned();
        plan.skipped = (0..skipped).map(|n| SkippedPackage {
            side: Side::New,
            name: crate::domain::PluginName::new(format!("skipped{n}")),
            version: None,
            package: None,
            reason: SkipReason::NotRunning,
        }).collect();
        Case { plan, scripts, parallel }
    }
}

fn carried_out(case: &Case) -> (ApplyReport, World) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime can be built");
    runtime.block_on(async {
        let world = case.world();
        let report = apply_with(&case.plan, &world, &case.options()).await;
        (report, world)
    })
}

fn results_add_up(case: &Case, report: &ApplyReport) {
    let planned: BTreeSet<_> = case.plan.steps.iter().map(|step| &step.id).collect();
    let reported: Vec<_> = report.packages.iter().map(|package| &package.id).collect();
    assert!(reported.is_sorted());
    assert_eq!(
        reported.len(),
        case.plan.steps.len() + case.plan.skipped.len()
    );
    assert!(planned.iter().all(|id| reported.contains(id)));
}

/// Each register that was begun came after the proof of all that it waits for, and was announced.
fn nothing_comes_before_its_dependencies(case: &Case, world: &World) {
    let after: BTreeMap<_, _> = case.plan.steps.iter().map(|s| (&s.id, &s.after)).collect();
    let mut proven = BTreeSet::new();
    let mut announced: BTreeMap<StepId, usize> = BTreeMap::new();
    for (_, entry) in world.log() {
        match entry {
            Entry::Told(Event::Finished(result)) if result.result == StepResult::Done => {
                proven.insert(result.id);
            }
            Entry::Told(Event::Started { id, .. }) => *announced.entry(id).or_default() += 1,
            Entry::Begun(id) => {
                assert!(after[&id].is_subset(&proven), "{id} came too early");
                let left = announced.get_mut(&id).expect("it was announced");
                *left = left.checked_sub(1).expect("each call is announced");
            }
            _ => {}
        }
    }
}

fn limits_are_kept(case: &Case, report: &ApplyReport, world: &World) {
    assert!(
        world.most_in_flight(Side::Old) <= 1,
        "a v3 takes one at a time"
    );
    let both = world.most_in_flight(Side::Old) + world.most_in_flight(Side::New);
    assert!(report.schedule.peak <= case.parallel && both <= case.parallel + 1);
    // The same plugin is never in flight on both sides, and new goes first.
    let mut open: BTreeSet<StepId> = BTreeSet::new();
    let mut begun_old = BTreeSet::new();
    for (_, entry) in world.log() {
        match entry {
            Entry::Begun(id) => {
                let other = named::id(id.side.other(), id.name.as_str());
                assert!(!open.contains(&other), "{id} ran beside {other}");
                if id.side == Side::Old {
                    begun_old.insert(id.name.clone());
                } else {
                    assert!(
                        !begun_old.contains(&id.name),
                        "{id} came after the old side"
                    );
                }
                open.insert(id);
            }
            Entry::Ended(id) => {
                open.remove(&id);
            }
            _ => {}
        }
    }
}

fn each_result_is_what_really_happened(case: &Case, report: &ApplyReport, world: &World) {
    let by_id: BTreeMap<_, _> = report.packages.iter().map(|p| (&p.id, p)).collect();
    for step in &case.plan.steps {
        let package = by_id[&step.id];
        let calls = world.begun().iter().filter(|id| **id == step.id).count();
        assert_eq!(usize::try_from(package.attempts), Ok(calls));
        let waits_in_vain = step
            .after
            .iter()
            .any(|id| by_id[id].result != StepResult::Done);
        match &package.result {
            StepResult::Blocked(_) => assert_eq!(calls, 0),
            StepResult::Done => assert!(world.serves(step.id.side, &step.before.pages)),
            StepResult::Unknown { .. } => assert_eq!(calls, 1, "unknown is never sent twice"),
            _ => {}
        }
        if waits_in_vain {
            assert!(
                matches!(package.result, StepResult::Blocked(_)),
                "{}",
                step.id
            );
        }
        let faultless = case
            .scripts
            .iter()
            .any(|(id, s)| *id == step.id && s.is_empty());
        let twin = named::id(Side::New, step.id.name.as_str());
        let twin_unknown = step.id.side == Side::Old
            && by_id
                .get(&twin)
                .is_some_and(|twin| matches!(twin.result, StepResult::Unknown { .. }));
        if faultless && !waits_in_vain && !twin_unknown {
            assert_eq!(
                package.result,
                StepResult::Done,
                "{} is independent of faults",
                step.id
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_run_keeps_the_rules(case in case()) {
        let (report, world) = carried_out(&case);
        prop_assert!(report.stopped.is_none());
        results_add_up(&case, &report);
        nothing_comes_before_its_dependencies(&case, &world);
        limits_are_kept(&case, &report, &world);
        each_result_is_what_really_happened(&case, &report, &world);
    }
}

#[tokio::test(start_paused = true)]
async fn a_fixed_number_in_flight_is_used_well() {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut worst = 0.0_f64;
    for _ in 0..200 {
        let size = rng.usize(120..200);
        let plan = PlanOf::random_graph(size, &mut rng);
        let parallel = rng.usize(2..=8);
        let options = ApplyOptions {
            parallel,
            pace: Pace::Fixed,
            ..options()
        };
        let world = World::of(&plan);
        let report = apply_with(&plan, &world, &options).await;
        assert_eq!(count(&report, is_done), plan.steps.len());
        let stats = report.schedule;
        assert_eq!(stats.peak, parallel);
        let shared = stats.work / u32::try_from(parallel).expect("small");
        let bound = stats.critical_path.max(shared).as_secs_f64();
        worst = worst.max(stats.wall.as_secs_f64() / bound);
    }
    assert!(worst <= 1.05, "{worst}");
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_steps_in_a_chain_do_not_exhaust_the_stack() {
    let mut plan = PlanOf::independent(10_000);
    for n in 1..10_000 {
        let before = plan.steps[n - 1].id.clone();
        plan.steps[n].after.insert(before);
    }
    let world = World::of(&plan);
    world.script(
        &new("p0000"),
        [Script::Refused(refusal(Transience::Permanent))],
    );
    let report = apply(&plan, &world).await;
    let blocked = count(&report, |result| matches!(result, StepResult::Blocked(_)));
    assert_eq!(blocked, 9999);
    assert_eq!(report.schedule.critical_path, Duration::from_secs(1));
}
