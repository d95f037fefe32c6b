//! Lost answers, missing effects, plans that do not hold any more.

use std::time::Duration;

use super::*;
use crate::apply::testing::{Entry, PlanOf, Script, refusal, step};
use crate::apply::{Event, NoEffect, StepFailure, UnknownCause};
use crate::domain::{FailureKind, PackageStatus, ResourceFileId, Transience};
use crate::i18n::Text;
use crate::plan::SkipReason;

#[tokio::test(start_paused = true)]
async fn a_lost_answer_whose_effect_shows_is_done_and_sent_once() {
    let plan = PlanOf::independent(2);
    let world = World::of(&plan);
    world.script(&new("p0001"), [Script::WorksUnanswered]);
    let report = apply(&plan, &world).await;
    assert_eq!(lines(&report), ["new:p0000 done 1", "new:p0001 done 1"]);
    assert_eq!(world.begun().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_without_effect_is_unknown_and_blocks_what_needs_it() {
    let mut plan = PlanOf::independent(4);
    plan.steps[2].after.insert(new("p0001"));
    plan.steps[3].after.insert(new("p0002"));
    let world = World::of(&plan);
    world.script(&new("p0001"), [Script::Vanishes]);
    let report = apply(&plan, &world).await;
    assert_eq!(
        lines(&report),
        [
            "new:p0000 done 1",
            "new:p0001 unknown 1",
            "new:p0002 blocked 0",
            "new:p0003 blocked 0"
        ]
    );
    let lost = of(&report, "p0001");
    assert!(matches!(
        &lost.result,
        StepResult::Unknown { cause: UnknownCause::AnswerLost { error } } if error.detail == crate::domain::FailureCause::Said("connection reset".to_owned())
    ));
    assert!(lost.duration >= Duration::from_mins(1) && lost.duration < Duration::from_secs(65));
    for blocked in ["p0002", "p0003"] {
        let on = new("p0001").name;
        assert_eq!(
            of(&report, blocked).result,
            StepResult::Blocked(SkipReason::DependencyFailed { on }),
            "the step that failed is named, not the one between"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn lost_register_without_trace_is_unknown_after_watching() {
    let mut plan = PlanOf::independent(1);
    plan.steps[0].has_ui = false;
    plan.canary = None;
    let world = World::of(&plan);
    world.script(&new("p0000"), [Script::WorksUnanswered]);
    let report = apply(&plan, &world).await;
    let result = of(&report, "p0000");
    assert!(matches!(
        result.result,
        StepResult::Unknown {
            cause: UnknownCause::NoTrace { .. }
        }
    ));
    assert!(result.duration >= Duration::from_mins(1));
}

#[tokio::test(start_paused = true)]
async fn a_lost_register_gives_its_place_back_after_a_while() {
    let mut plan = PlanOf::independent(5);
    plan.canary = None;
    let world = World::of(&plan);
    world.script(&new("p0000"), [Script::Vanishes]);
    let options = ApplyOptions {
        parallel: 1,
        unknown_after: Duration::from_mins(10),
        lost_holds: Duration::from_secs(30),
        ..options()
    };
    let report = apply_with(&plan, &world, &options).await;
    assert_eq!(count(&report, is_done), 4);
    let log = world.log();
    let second = log
        .iter()
        .filter(|(_, entry)| matches!(entry, Entry::Begun(_)))
        .nth(1);
    let at = second.map(|(at, _)| *at).unwrap_or_default();
    assert!(
        at >= Duration::from_secs(31) && at < Duration::from_secs(33),
        "{at:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn ok_without_effect_is_not_done_and_not_sent_again() {
    let plan = PlanOf::independent(3);
    let world = World::of(&plan);
    world.script(&new("p0001"), [Script::NoEffect]);
    world.script(&new("p0002"), [Script::NoFiles]);
    let report = apply(&plan, &world).await;
    assert_eq!(
        of(&report, "p0001").result,
        StepResult::NoEffect(NoEffect::RowsNotRenewed)
    );
    assert!(matches!(
        &of(&report, "p0002").result,
        StepResult::NoEffect(NoEffect::PagesHidden { pages }) if pages.len() == 1
    ));
    assert_eq!(world.begun().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn pages_that_come_late_are_waited_for() {
    let plan = PlanOf::independent(1);
    for (after, word) in [(8, "done"), (14, "no_effect")] {
        let world = World::of(&plan);
        world.script(&new("p0000"), [Script::NoFiles]);
        let copying = async {
            tokio::time::sleep(Duration::from_secs(after)).await;
            world.serve(Side::New, &plan.steps[0].before.pages);
        };
        let (report, ()) = tokio::join!(apply(&plan, &world), copying);
        assert_eq!(lines(&report), [format!("new:p0000 {word} 1")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_does_not_hold_any_more_is_not_carried_out() {
    let plan = PlanOf::independent(2);
    let world = World::of(&plan);
    world.change(&plan.steps[1].package, |state| {
        state.status = PackageStatus::Decommissioned;
    });
    let report = apply(&plan, &world).await;
    assert_eq!(
        of(&report, "p0001").result,
        StepResult::Failed(StepFailure::Drifted {
            what: Text::new("apply-drift-status")
                .with("planned", "REGISTERED")
                .with("now", "DECOMMISSIONED")
        })
    );
    assert_eq!(world.begun(), [new("p0000")]);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_has_become_old_is_made_again() {
    let plan = PlanOf::steps(["a", "b"].map(|name| step(Side::Old, name)).to_vec());
    let world = World::of(&plan);
    // The old side takes one at a time, so the next one waits until the lost one is given up.
    world.script(&old("a"), [Script::Vanishes]);
    let meanwhile = async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        world.change(&plan.steps[1].package, |state| {
            state.status = PackageStatus::Decommissioned;
        });
    };
    let (report, ()) = tokio::join!(apply(&plan, &world), meanwhile);
    assert_eq!(lines(&report), ["old:a unknown 1", "old:b failed 0"]);
    assert_eq!(world.begun(), [old("a")]);
}

#[tokio::test(start_paused = true)]
async fn a_state_that_cannot_be_read_is_not_written_on() {
    let plan = PlanOf::independent(1);
    let world = World::of(&plan);
    world.fail_reads(Some(FailureKind::NoAnswer));
    let report = apply(&plan, &world).await;
    assert_eq!(world.writes(), 0);
    assert!(matches!(
        of(&report, "p0000").result,
        StepResult::Failed(StepFailure::Unchecked { .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn state_before_a_registration_is_read_again_if_that_can_help() {
    let plan = PlanOf::independent(1);
    for (kind, healed_after_ms, done) in [
        (FailureKind::NoAnswer, 1500, true),
        (FailureKind::Unreachable, 1500, true),
        (FailureKind::ServerError, 1500, true),
        (FailureKind::NoAnswer, 4000, false),
        (FailureKind::PermissionDenied, 1500, false),
        (FailureKind::Refused, 1500, false),
    ] {
        let world = World::of(&plan);
        world.fail_reads(Some(kind));
        let healing = async {
            tokio::time::sleep(Duration::from_millis(healed_after_ms)).await;
            world.fail_reads(None);
        };
        let (report, ()) = tokio::join!(apply(&plan, &world), healing);
        assert_eq!(count(&report, is_done) == 1, done, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn rows_that_are_renewed_soon_after_the_answer_are_waited_for() {
    let plan = PlanOf::independent(1);
    for (after_ms, word) in [(1500, "done"), (4000, "no_effect")] {
        let world = World::of(&plan);
        world.script(&new("p0000"), [Script::NoEffect]);
        world.serve(Side::New, &plan.steps[0].before.pages);
        let renewing = async {
            tokio::time::sleep(Duration::from_millis(1000 + after_ms)).await;
            world.change(&plan.steps[0].package, |state| {
                state.file_rows = [ResourceFileId::new("row-new")].into();
            });
        };
        let (report, ()) = tokio::join!(apply(&plan, &world), renewing);
        assert_eq!(lines(&report), [format!("new:p0000 {word} 1")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_proof_that_cannot_be_read_is_asked_for_until_it_can() {
    let plan = PlanOf::independent(1);
    for (healed_after, word) in [(20, "done"), (120, "unknown")] {
        let world = World::of(&plan);
        let healing = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            world.fail_reads(Some(FailureKind::NoAnswer));
            tokio::time::sleep(Duration::from_secs(healed_after)).await;
            world.fail_reads(None);
        };
        let (report, ()) = tokio::join!(apply(&plan, &world), healing);
        assert_eq!(lines(&report), [format!("new:p0000 {word} 1")]);
    }
}

#[tokio::test(start_paused = true)]
async fn overload_is_tried_again_and_never_fails_while_others_succeed() {
    let plan = PlanOf::independent(12);
    let world = World::of(&plan);
    let mut refusals = 0;
    for n in 1..12 {
        let failures = (0..n % 4).map(|_| Script::Refused(refusal(Transience::Overload)));
        world.script(&new(&format!("p{n:04}")), failures.collect::<Vec<_>>());
        refusals += n % 4;
    }
    let report = apply(&plan, &world).await;
    assert_eq!(count(&report, is_done), 12, "{:?}", lines(&report));
    let log = world.log();
    let deferred = log
        .iter()
        .filter(|(_, entry)| matches!(entry, Entry::Told(Event::Deferred { .. })));
    assert_eq!(deferred.count(), refusals);
    assert_eq!(world.begun().len(), 12 + refusals);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_server_asks_for_is_kept() {
    let plan = PlanOf::independent(1);
    let world = World::of(&plan);
    let wait = Duration::from_secs(20);
    let busy = crate::domain::RegisterError {
        retry_after: Some(wait),
        ..refusal(Transience::Overload)
    };
    world.script(&new("p0000"), [Script::Refused(busy)]);
    let report = apply(&plan, &world).await;
    assert_eq!(lines(&report), ["new:p0000 done 2"]);
    assert!(of(&report, "p0000").duration >= wait);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_recovers_is_given_up_in_the_end() {
    let plan = PlanOf::independent(3);
    let world = World::of(&plan);
    for n in 0..3 {
        let always = (0..50).map(|_| Script::Refused(refusal(Transience::Overload)));
        world.script(&new(&format!("p{n:04}")), always.collect::<Vec<_>>());
    }
    let report = apply(&plan, &world).await;
    let failed = count(&report, |result| matches!(result, StepResult::Failed(_)));
    assert_eq!(failed, 3);
    assert!(world.begun().len() <= 3 * 16, "{}", world.begun().len());
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_its_own_is_settled_alone_and_the_rest_goes_on() {
    let plan = PlanOf::independent(30);
    let world = World::of(&plan);
    let always = (0..20).map(|_| Script::Refused(refusal(Transience::Ambiguous)));
    world.script(&new("p0003"), always.collect::<Vec<_>>());
    let report = apply(&plan, &world).await;
    assert_eq!(count(&report, is_done), 29);
    let failed = of(&report, "p0003");
    assert!(matches!(
        failed.result,
        StepResult::Failed(StepFailure::Refused(_))
    ));
    assert!((2..=4).contains(&failed.attempts), "{}", failed.attempts);
    assert!(was_alone_at_last(&world, &failed.id));
}

/// Whether nothing else was in flight during the last call of a step.
fn was_alone_at_last(world: &World, id: &StepId) -> bool {
    let log = world.log();
    let last = log
        .iter()
        .rposition(|(_, entry)| *entry == Entry::Begun(id.clone()));
    let last = last.expect("it was called");
    let before = &log[..last];
    let open = |entry: fn(&Entry) -> bool| before.iter().filter(|(_, e)| entry(e)).count();
    let begun = open(|entry| matches!(entry, Entry::Begun(_)));
    let ended = open(|entry| matches!(entry, Entry::Ended(_)));
    let next = log[last + 1..]
        .iter()
        .find(|(_, entry)| matches!(entry, Entry::Begun(_) | Entry::Ended(_)));
    begun == ended && matches!(next, Some((_, Entry::Ended(other))) if other == id)
}

#[tokio::test(start_paused = true)]
async fn what_fails_for_good_blocks_only_what_needs_it() {
    let mut plan = PlanOf::steps(
        ["a", "b", "c", "d"]
            .map(|name| step(Side::New, name))
            .to_vec(),
    );
    plan.steps[1].after.insert(new("a"));
    plan.steps[2].after.insert(new("b"));
    let world = World::of(&plan);
    world.script(&new("a"), [Script::Refused(refusal(Transience::Permanent))]);
    let report = apply(&plan, &world).await;
    assert_eq!(
        lines(&report),
        [
            "new:a failed 1",
            "new:b blocked 0",
            "new:c blocked 0",
            "new:d done 1"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_step_that_waits_for_what_the_plan_does_not_have_is_blocked() {
    let mut plan = PlanOf::steps(["a", "b"].map(|name| step(Side::New, name)).to_vec());
    plan.steps[0].after.insert(new("absent"));
    plan.steps[1].after.insert(new("a"));
    let world = World::of(&plan);
    let report = apply(&plan, &world).await;
    assert_eq!(lines(&report), ["new:a blocked 0", "new:b blocked 0"]);
    assert_eq!(world.writes(), 0);
}

/// The check counts for `check_holds`, that moment included.
#[tokio::test(start_paused = true)]
async fn check_is_made_again_only_if_it_is_older_than_it_holds() {
    let plan = PlanOf::steps(["a", "b"].map(|name| step(Side::Old, name)).to_vec());
    let applied = async |holds| {
        let world = World::of(&plan);
        world.script(&old("a"), [Script::Vanishes]);
        let options = ApplyOptions {
            check_holds: holds,
            ..options()
        };
        apply_with(&plan, &world, &options).await;
        let log = world.log().into_iter();
        let mut begun = log.filter(|(_, entry)| matches!(entry, Entry::Begun(_)));
        (begun.nth(1).unwrap().0, world.reads(Side::Old))
    };
    let (sent, reads) = applied(Duration::MAX).await;
    // On a v3 the check ends once a time can move.
    let age = sent.saturating_sub(options().proof.time_granularity);
    assert_eq!(applied(age).await.1, reads);
    let shorter = age.saturating_sub(Duration::from_millis(1));
    assert_eq!(applied(shorter).await.1, reads + 1);
}

/// The time of the run is that from the first registration to the end of the last one.
#[tokio::test(start_paused = true)]
async fn failed_check_is_no_part_of_the_measured_time() {
    let mut plan = PlanOf::independent(2);
    plan.steps[1].after.insert(new("p0000"));
    let mut world = World::of(&plan);
    world.latency = Duration::from_millis(100);
    let disturbing = async {
        let is_done = |world: &World| {
            let log = world.log();
            let mut told = log.iter().map(|(_, entry)| entry);
            told.any(|entry| matches!(entry, Entry::Told(Event::Finished(_))))
        };
        while !is_done(&world) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        world.fail_reads(Some(FailureKind::NoAnswer));
    };
    let (report, ()) = tokio::join!(apply(&plan, &world), disturbing);
    assert_eq!(lines(&report), ["new:p0000 done 1", "new:p0001 failed 0"]);
    let wall = report.schedule.wall;
    let second = Duration::from_secs(1);
    assert!(wall >= second && wall < 2 * second, "{wall:?}");
}

/// What a side lists for a plugin without UI is not asked for on its portals.
#[tokio::test(start_paused = true)]
async fn plugin_without_ui_is_done_without_pages() {
    for (has_ui, word) in [(true, "no_effect"), (false, "done")] {
        let mut plan = PlanOf::independent(1);
        plan.steps[0].has_ui = has_ui;
        let world = World::of(&plan);
        world.script(&new("p0000"), [Script::NoFiles]);
        let report = apply(&plan, &world).await;
        assert_eq!(lines(&report), [format!("new:p0000 {word} 1")]);
    }
}
