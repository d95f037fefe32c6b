//! One goes first, alone; what it shows is heeded.

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::apply::testing::{Entry, PlanOf, Script, refusal, step};
use crate::apply::{Event, NotStarted, StopCause};
use crate::domain::{FailureKind, FilePath, PackageStatus, RegisterError, Transience};
use crate::plan::SideEffect;

fn shared() -> RegisterError {
    RegisterError {
        shared: true,
        cause: "ssh_password",
        ..refusal(Transience::Permanent)
    }
}

#[tokio::test(start_paused = true)]
async fn the_canary_is_proven_before_anything_else_is_sent() {
    let plan = PlanOf::independent(6);
    let world = World::of(&plan);
    let report = apply(&plan, &world).await;
    assert_eq!(count(&report, is_done), 6);
    let log = world.log();
    let marked = log.iter().filter_map(|(_, entry)| match entry {
        Entry::Told(Event::Started { id, canary, .. }) => canary.then_some(id),
        _ => None,
    });
    assert_eq!(marked.collect::<Vec<_>>(), [&new("p0000")]);
    let proven = log.iter().position(|(_, entry)| {
        matches!(entry, Entry::Told(Event::Finished(result)) if result.id == new("p0000"))
    });
    let second = log
        .iter()
        .position(|(_, entry)| *entry == Entry::Begun(world.begun()[1].clone()));
    assert_eq!(world.begun()[0], new("p0000"));
    assert!(proven < second);
}

#[tokio::test(start_paused = true)]
async fn a_reason_that_all_share_stops_the_run_and_is_said_once() {
    let mut plan = PlanOf::independent(4);
    plan.steps[2].after.insert(new("p0000"));
    let world = World::of(&plan);
    world.script(&new("p0000"), [Script::Refused(shared())]);
    let report = apply(&plan, &world).await;
    assert_eq!(
        lines(&report),
        [
            "new:p0000 failed 1",
            "new:p0001 not_started 0",
            "new:p0002 not_started 0",
            "new:p0003 not_started 0"
        ]
    );
    assert_eq!(
        of(&report, "p0002").result,
        StepResult::NotStarted(NotStarted::CanaryFailed),
        "nobody is blocked by the canary in particular"
    );
    assert_eq!(report.stopped, Some(StopCause::Canary(shared())));
    let told = world.log();
    let stops = told
        .iter()
        .filter(|(_, entry)| matches!(entry, Entry::Told(Event::Stopping(_))));
    assert_eq!(stops.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reason_of_its_own_does_not_stop_the_others() {
    let plan = PlanOf::independent(3);
    let world = World::of(&plan);
    let own = refusal(Transience::Permanent);
    world.script(&new("p0000"), [Script::Refused(own)]);
    let report = apply(&plan, &world).await;
    assert_eq!(
        lines(&report),
        ["new:p0000 failed 1", "new:p0001 done 1", "new:p0002 done 1"]
    );
    assert_eq!(report.stopped, None);
}

#[tokio::test(start_paused = true)]
async fn an_ambiguous_canary_is_tried_once_more_and_then_judged() {
    let plan = PlanOf::independent(3);
    let ambiguous = RegisterError {
        shared: true,
        ..refusal(Transience::Ambiguous)
    };
    let world = World::of(&plan);
    world.script(&new("p0000"), [Script::Refused(ambiguous.clone())]);
    let report = apply(&plan, &world).await;
    assert_eq!(of(&report, "p0000").attempts, 2);
    assert_eq!(count(&report, is_done), 3);

    let world = World::of(&plan);
    let twice = [ambiguous.clone(), ambiguous.clone()].map(Script::Refused);
    world.script(&new("p0000"), twice);
    let report = apply(&plan, &world).await;
    assert_eq!(world.begun(), [new("p0000"), new("p0000")]);
    assert_eq!(report.stopped, Some(StopCause::Canary(ambiguous)));
}

#[tokio::test(start_paused = true)]
async fn what_the_canary_waits_for_goes_before_it_one_by_one() {
    let mut plan = PlanOf::independent(6);
    plan.steps[0].after.insert(new("p0003"));
    plan.steps[3].after.insert(new("p0005"));
    let world = World::of(&plan);
    let report = apply(&plan, &world).await;
    assert_eq!(count(&report, is_done), 6);
    let first: Vec<_> = world.begun().into_iter().take(3).collect();
    assert_eq!(first, [new("p0005"), new("p0003"), new("p0000")]);

    let world = World::of(&plan);
    world.script(&new("p0005"), [Script::Refused(shared())]);
    let report = apply(&plan, &world).await;
    assert_eq!(report.stopped, Some(StopCause::Canary(shared())));
    assert_eq!(world.begun().len(), 1);
}

/// Each is checked when its turn comes, not before.
#[tokio::test(start_paused = true)]
async fn what_the_canary_waits_for_is_checked_one_by_one() {
    let mut plan = PlanOf::independent(3);
    plan.steps[0].after = BTreeSet::from([new("p0001"), new("p0002")]);
    let world = World::of(&plan);
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let second = plan
            .steps
            .iter()
            .find(|step| step.id != world.begun()[0] && step.id != new("p0000"));
        world.change(&second.unwrap().package, |state| {
            state.status = PackageStatus::Decommissioned;
        });
    };
    let (report, ()) = tokio::join!(apply(&plan, &world), meanwhile);
    assert_eq!(world.begun().len(), 1, "{:?}", lines(&report));
    assert_eq!(count(&report, is_done), 1);
}

#[tokio::test(start_paused = true)]
async fn a_state_that_nobody_may_read_stops_at_the_canary() {
    let plan = PlanOf::independent(3);
    let world = World::of(&plan);
    world.fail_reads(Some(FailureKind::TokenRefused));
    let report = apply(&plan, &world).await;
    assert_eq!(world.writes(), 0);
    assert!(matches!(
        &report.stopped,
        Some(StopCause::Canary(error)) if error.cause == RegisterError::TOKEN_REFUSED
    ));
}

#[tokio::test(start_paused = true)]
async fn the_same_reason_later_is_that_steps_own() {
    let plan = PlanOf::independent(4);
    let world = World::of(&plan);
    world.script(&new("p0001"), [Script::Refused(shared())]);
    let report = apply(&plan, &world).await;
    assert_eq!(count(&report, is_done), 3);
    assert_eq!(report.stopped, None);
}

/// A plan in which the other side serves a page of each plugin.
fn watched(count: usize) -> Plan {
    let mut plan = PlanOf::independent(count);
    for step in &mut plan.steps {
        step.watched = step.before.pages.clone();
    }
    plan
}

#[tokio::test(start_paused = true)]
async fn a_canary_that_takes_the_other_sides_pages_stops_the_run() {
    let plan = watched(3);
    let world = World::of(&plan);
    world.script(&new("p0000"), [Script::TakesOtherSide]);
    let report = apply(&plan, &world).await;
    assert_eq!(
        lines(&report),
        [
            "new:p0000 done 1",
            "new:p0001 not_started 0",
            "new:p0002 not_started 0"
        ]
    );
    assert_eq!(report.stopped, Some(StopCause::BrokeOtherSide));
    let broken: Vec<_> = report
        .broken
        .iter()
        .map(|page| (page.side, page.path.as_str(), page.portal.as_str()))
        .collect();
    assert_eq!(
        broken,
        [(
            Side::Old,
            "/ui-resources/p0000/v9.9.9/a.js",
            "http://old:8080"
        )],
        "said once, though asked twice"
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_that_breaks_later_is_found_at_the_end() {
    let plan = watched(3);
    let world = World::of(&plan);
    world.script(&new("p0002"), [Script::TakesOtherSide]);
    let report = apply(&plan, &world).await;
    assert_eq!(count(&report, is_done), 3);
    assert_eq!(report.stopped, None);
    assert_eq!(report.broken.len(), 1);
    let told = world.log();
    assert!(
        told.iter()
            .any(|(_, entry)| matches!(entry, Entry::Told(Event::PageBroken(_))))
    );
}

#[tokio::test(start_paused = true)]
async fn pages_that_were_not_visible_before_are_not_broken() {
    let mut plan = watched(1);
    let ghost = FilePath::new("/ui-resources/p0000/v1.0.0/ghost.js");
    let world = World::of(&plan);
    plan.steps[0].watched.insert(ghost);
    let report = apply(&plan, &world).await;
    assert_eq!(report.broken, []);
    assert_eq!(
        world.reads(Side::Old),
        0,
        "what the new side lists is what the old side lists: it need not be asked"
    );
}

#[tokio::test(start_paused = true)]
async fn where_the_plan_registers_the_other_side_next_the_end_decides() {
    let mut plan = watched(1);
    let mut twin = step(Side::Old, "p0000");
    twin.package = plan.steps[0].package.clone();
    twin.effects.push(SideEffect::EmptiesFolder);
    twin.watched = BTreeSet::new();
    plan.steps.push(twin);
    let world = World::of(&plan);
    world.script(&new("p0000"), [Script::TakesOtherSide]);
    let report = apply(&plan, &world).await;
    assert_eq!(lines(&report), ["old:p0000 done 1", "new:p0000 done 1"]);
    assert_eq!(world.begun(), [new("p0000"), old("p0000")]);
    assert_eq!((report.stopped, report.broken), (None, Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn without_a_canary_all_start_at_once() {
    let mut plan = PlanOf::independent(4);
    plan.canary = None;
    let world = World::of(&plan);
    let report = apply(&plan, &world).await;
    assert_eq!(world.most_in_flight(Side::New), 4);
    assert_eq!(report.schedule.peak, 4);
    assert_eq!(world.reads(Side::Old), 0, "it watches nothing");
    assert!(report.schedule.wall < Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn other_side_is_asked_again_for_a_while() {
    let plan = watched(1);
    for (seconds, is_broken) in [(1, false), (3, true)] {
        let world = World::of(&plan);
        world.script(&new("p0000"), [Script::TakesOtherSide]);
        let late = async {
            while !is_told_done(&world) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            let page = FilePath::new("/ui-resources/p0000/v9.9.9/a.js");
            world.serve(Side::Old, &BTreeSet::from([page]));
        };
        let (report, ()) = tokio::join!(apply(&plan, &world), late);
        assert_eq!(!report.broken.is_empty(), is_broken, "{seconds}");
    }
}

fn is_told_done(world: &World) -> bool {
    let log = world.log();
    let mut told = log.iter().map(|(_, entry)| entry);
    told.any(|entry| matches!(entry, Entry::Told(Event::Finished(_))))
}

/// What goes while nothing was sent was not taken by the run.
#[tokio::test(start_paused = true)]
async fn pages_of_a_plugin_that_was_not_sent_are_not_asked_for() {
    let mut plan = watched(2);
    plan.steps[1].after.insert(new("p0000"));
    let world = World::of(&plan);
    let permanent = refusal(Transience::Permanent);
    world.script(&new("p0000"), [Script::Refused(permanent)]);
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        world.hide(Side::Old, &plan.steps[1].watched);
    };
    let (report, ()) = tokio::join!(apply(&plan, &world), meanwhile);
    assert_eq!(
        lines(&report),
        ["new:p0000 failed 1", "new:p0001 blocked 0"]
    );
    assert_eq!((report.broken, report.unasked), (Vec::new(), Vec::new()));
    assert_eq!(report.stopped, None);
}
