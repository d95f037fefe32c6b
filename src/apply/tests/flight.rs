//! One package is never in flight twice: answers that are not core's, answers that never come, runs
//! before this one; and a host that is away for a while.

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::apply::Event;
use crate::apply::testing::{Entry, PlanOf, Script, refusal, state, step};
use crate::apply::{OpenRegistration, StopCause, UnknownCause, settle};
use crate::domain::{
    FailureCause, PackageId, PackageStatus, RegisterError, ResourceFileId, Transience,
};
use crate::plan::DatabaseRelation;

/// An answer of something else than core.
fn early(shared: bool) -> RegisterError {
    RegisterError {
        shared,
        ..RegisterError::lost(FailureCause::Said("HTTP 403".to_owned()))
    }
}

/// When the registers of the log arrived.
fn begun_at(world: &World) -> Vec<Duration> {
    let log = world.log();
    let begun = log
        .iter()
        .filter(|(_, entry)| matches!(entry, Entry::Begun(_)));
    begun.map(|(at, _)| *at).collect()
}

#[tokio::test(start_paused = true)]
async fn half_open_register_is_done_when_state_shows_it() {
    let plan = PlanOf::independent(3);
    let world = World::of(&plan);
    world.script(&new("p0001"), [Script::WorksHalfOpen]);
    let report = apply(&plan, &world).await;
    assert_eq!(count(&report, is_done), 3, "{:?}", lines(&report));
    assert_eq!(of(&report, "p0001").attempts, 1);
    // The rows show it first, and the status a moment later.
    let duration = of(&report, "p0001").duration;
    assert_eq!(duration.as_secs(), 5, "{duration:?}");
}

#[tokio::test(start_paused = true)]
async fn early_answer_without_effect_is_unknown_and_stops_at_canary_if_shared() {
    for (shared, expected) in [
        (false, ["unknown 1", "done 1", "done 1"]),
        (true, ["unknown 1", "not_started 0", "not_started 0"]),
    ] {
        let plan = PlanOf::independent(3);
        let world = World::of(&plan);
        world.script(&new("p0000"), [Script::Early(early(shared))]);
        let report = apply(&plan, &world).await;
        let names = ["new:p0000", "new:p0001", "new:p0002"];
        let expected: Vec<_> = names
            .iter()
            .zip(expected)
            .map(|(name, result)| format!("{name} {result}"))
            .collect();
        assert_eq!(lines(&report), expected);
        let stopped = shared.then(|| StopCause::Canary(early(true)));
        assert_eq!(report.stopped, stopped);
    }
}

#[tokio::test(start_paused = true)]
async fn register_lost_with_core_is_sent_again_after_its_restart() {
    for has_ui in [true, false] {
        let mut plan = PlanOf::independent(2);
        plan.steps[1].has_ui = has_ui;
        let world = World::of(&plan);
        world.script(&new("p0001"), [Script::Vanishes]);
        let restart = async {
            tokio::time::sleep(Duration::from_secs(10)).await;
            world.restart_core();
        };
        let (report, ()) = tokio::join!(apply(&plan, &world), restart);
        assert_eq!(lines(&report), ["new:p0000 done 1", "new:p0001 done 2"]);
        let last = begun_at(&world)[2];
        assert!(
            last > Duration::from_secs(10) && last < Duration::from_secs(20),
            "{last:?}"
        );
    }
}

fn open(age: Duration) -> OpenRegistration {
    let plan = PlanOf::independent(1);
    OpenRegistration {
        id: new("p0000"),
        package: plan.steps[0].package.clone(),
        before: Some((state("p0000"), true)),
        age,
        run: "20261129T000307Z-0001".to_owned(),
    }
}

async fn after_earlier(world: &World, plan: &Plan, open: OpenRegistration) -> ApplyReport {
    let (mut options, cancel) = (options(), CancelSignal::new());
    options.earlier.open = settle(&ready(plan), world, vec![open], &options, &cancel).await;
    apply_with(plan, world, &options).await
}

#[tokio::test(start_paused = true)]
async fn open_register_of_earlier_run_is_waited_for_then_sent() {
    let plan = PlanOf::independent(2);
    let world = World::of(&plan);
    let ending = async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        world.change(&plan.steps[0].package, |state| {
            state.file_rows = BTreeSet::from([ResourceFileId::new("row-of-earlier-run")]);
        });
    };
    let earlier = open(Duration::from_secs(1));
    let (report, ()) = tokio::join!(after_earlier(&world, &plan, earlier), ending);
    assert_eq!(lines(&report), ["new:p0000 done 1", "new:p0001 done 1"]);
    assert!(begun_at(&world)[0] > Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn open_register_without_effect_is_unknown_until_it_must_have_ended() {
    for (minutes, expected) in [(0, "unknown 0"), (10, "unknown 0"), (30, "done 1")] {
        let plan = PlanOf::independent(2);
        let world = World::of(&plan);
        let report = after_earlier(&world, &plan, open(Duration::from_mins(minutes))).await;
        let first = format!("new:p0000 {expected}");
        assert_eq!(lines(&report), [first.as_str(), "new:p0001 done 1"]);
        if expected == "unknown 0" {
            assert!(matches!(
                &of(&report, "p0000").result,
                StepResult::Unknown { cause: UnknownCause::AnswerLost { error } }
                    if matches!(error.detail, FailureCause::SentByRun(_))
            ));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn open_register_blocks_the_other_side_on_one_database() {
    let plan = PlanOf::steps(vec![step(Side::Old, "p0000"), step(Side::Old, "p0001")]);
    let world = World::of(&plan);
    let report = after_earlier(&world, &plan, open(Duration::from_mins(10))).await;
    assert_eq!(lines(&report), ["old:p0000 unknown 0", "old:p0001 done 1"]);
}

#[tokio::test(start_paused = true)]
async fn static_host_that_is_away_for_half_a_minute_costs_waiting_only() {
    for (seconds, done) in [(30, 30), (600, 0)] {
        let mut plan = PlanOf::independent(30);
        plan.steps[9].after.insert(new("p0008"));
        let world = World::of(&plan);
        let away = RegisterError {
            shared: true,
            ..refusal(Transience::Away)
        };
        for step in &plan.steps {
            let until = Duration::from_secs(seconds);
            world.script(&step.id, [Script::AwayUntil(until, away.clone())]);
        }
        let report = apply(&plan, &world).await;
        assert_eq!(count(&report, is_done), done, "{:?}", lines(&report));
        let last = begun_at(&world).pop().unwrap_or_default();
        assert!(last < Duration::from_mins(2), "{last:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn outage_in_the_middle_of_a_run_fails_nothing() {
    let plan = PlanOf::independent(30);
    let world = World::of(&plan);
    for step in &plan.steps[5..] {
        let away = refusal(Transience::Away);
        world.script(&step.id, [Script::AwayUntil(Duration::from_secs(32), away)]);
    }
    let report = apply(&plan, &world).await;
    assert_eq!(count(&report, is_done), 30, "{:?}", lines(&report));
}

/// Two earlier runs may have left the same registration open; and what is blocked is not open.
#[tokio::test(start_paused = true)]
async fn open_register_has_one_result() {
    for (is_blocked, expected) in [(false, "unknown 0"), (true, "blocked 0")] {
        let mut plan = PlanOf::independent(2);
        plan.canary = None;
        if is_blocked {
            plan.steps[0].after.insert(new("missing"));
        }
        let world = World::of(&plan);
        let mut options = options();
        let age = Duration::from_mins(10);
        let mut elsewhere = open(age);
        elsewhere.id = new("of-another-plan");
        options.earlier.open = vec![open(age), open(age), elsewhere];
        let report = apply_with(&plan, &world, &options).await;
        let first = format!("new:p0000 {expected}");
        assert_eq!(lines(&report), [first.as_str(), "new:p0001 done 1"]);
        let log = world.log();
        let told = log
            .iter()
            .filter(|(_, entry)| matches!(entry, Entry::Told(Event::Finished(_))));
        assert_eq!(told.count(), 2);
    }
}

/// On one database the registration on the new side makes the package REGISTERED for the old side too.
#[tokio::test(start_paused = true)]
async fn change_by_the_other_sides_registration_is_no_drift() {
    let shared = PlanOf::steps(Vec::new()).relation;
    for (relation, is_new_sent, expected) in [
        (shared.clone(), true, "done 1"),
        (shared, false, "failed 0"),
        (DatabaseRelation::Separate, true, "failed 0"),
    ] {
        let mut steps = vec![step(Side::Old, "a"), step(Side::New, "b")];
        steps[0].before.status = PackageStatus::Unregistered;
        // It waits, so that the change comes before its check.
        steps[0].after.insert(new("b"));
        if is_new_sent {
            let mut twin = steps[0].clone();
            twin.id.side = Side::New;
            twin.after.clear();
            steps[1].after.insert(new("a"));
            steps.push(twin);
        }
        if relation == DatabaseRelation::Separate {
            steps[0].package = PackageId::new("of-old");
        }
        let plan = Plan {
            relation,
            ..PlanOf::steps(steps)
        };
        let world = World::of(&plan);
        let meanwhile = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            world.change(&plan.steps[0].package, |state| {
                state.status = PackageStatus::Registered;
            });
        };
        let (report, ()) = tokio::join!(apply(&plan, &world), meanwhile);
        let found = on(&report, Side::Old, "a");
        let found = format!("{} {}", found.result.as_str(), found.attempts);
        assert_eq!(found, expected, "{:?}", plan.relation);
    }
}
