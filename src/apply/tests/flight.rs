//! One package is never in flight twice: answers that are not core's, answers that never come, runs
//! before this one, other hosts; and a host that is away for a while.

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::apply::testing::{Entry, PlanOf, Script, refusal, state, step};
use crate::apply::{
    MarkError, MarkOwner, OpenRegistration, RunMark, StopCause, UnknownCause, settle,
};
use crate::domain::{
    Address, FailureCause, FailureKind, PackageId, ReadFailure, RegisterError, ResourceFileId,
    Transience,
};

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

fn owner(state: &str) -> MarkOwner {
    MarkOwner {
        state: state.to_owned(),
        who: format!("root@{state}"),
        cores: vec![(Side::New, Address::new("http://new:8000"))],
    }
}

fn marks(world: &World) -> usize {
    let rows = world.variables_now();
    rows.iter().filter(|row| row.is_run_mark()).count()
}

type Set<'a> = Result<(RunMark<'a, World>, Vec<OpenRegistration>), MarkError>;

async fn set<'a>(world: &'a World, owner: &'a MarkOwner, plan: &Plan) -> Set<'a> {
    RunMark::set(world, owner, (plan, &[Side::New]), &options()).await
}

#[tokio::test(start_paused = true)]
async fn of_two_hosts_at_once_at_most_one_writes_and_no_mark_is_left() {
    let plan = PlanOf::independent(1);
    let mut winners = [0; 3];
    for seed in 0..200 {
        let mut world = World::of(&plan);
        world.latency = Duration::from_secs(1);
        world.reseed(seed);
        let (one, other) = (owner("a"), owner("b"));
        let (a, b) = tokio::join!(set(&world, &one, &plan), set(&world, &other, &plan));
        let won = usize::from(a.is_ok()) + usize::from(b.is_ok());
        winners[won] += 1;
        assert_eq!(marks(&world), won, "seed {seed}");
        for mark in [a, b] {
            match mark {
                Ok((mut mark, _)) => assert_eq!(mark.remove().await, []),
                Err(error) => assert!(matches!(error, MarkError::Held { .. }), "{error:?}"),
            }
        }
        assert_eq!(marks(&world), 0, "seed {seed}");
    }
    assert_eq!(winners, [0, 200, 0], "nobody, one, both");
}

/// Only the row tells whether core created it, whatever answers.
#[tokio::test(start_paused = true)]
async fn mark_is_read_back_after_any_answer() {
    let plan = PlanOf::independent(1);
    let said = FailureCause::Said("10000004: System error".to_owned());
    for (kind, cause) in [
        (FailureKind::TokenRefused, said.clone()),
        (FailureKind::TokenRefused, FailureCause::Http(401)),
        (FailureKind::PermissionDenied, said),
        (FailureKind::ServerError, FailureCause::Http(502)),
        (FailureKind::NoAnswer, FailureCause::Broken),
        (FailureKind::Redirected, FailureCause::Http(302)),
    ] {
        let failure = ReadFailure {
            kind,
            operation: "variables.create",
            target: "POST http://new:8000/".to_owned(),
            cause,
        };
        let world = World::of(&plan);
        let owner = owner("a");
        world.answer_write(failure.clone(), true);
        let (mut mark, _) = set(&world, &owner, &plan).await.ok().unwrap();
        assert_eq!(marks(&world), 1, "{failure:?}");
        assert_eq!(mark.remove().await, []);
        world.answer_write(failure.clone(), false);
        let refused = set(&world, &owner, &plan).await.err();
        assert_eq!(refused, Some(MarkError::Unconfirmed(failure)));
        assert_eq!(marks(&world), 0);
    }
}

/// The names of what another host's run may still have in flight, by the mark of a run that was killed.
#[tokio::test(start_paused = true)]
async fn mark_of_a_killed_run_leaves_alone_only_what_it_names() {
    let plan = PlanOf::independent(3);
    let minute = Duration::from_mins(1);
    let none: Option<&[&str]> = Some(&[]);
    let named: Option<&[&str]> = Some(&["p0001"]);
    for (next, waited, expected) in [
        ("b", minute * 2, None),
        ("b", minute * 4, named),
        ("b", minute * 30, named),
        ("b", minute * 31, none),
        ("a", minute, none),
    ] {
        let world = World::of(&plan);
        let (killed, next) = (owner("a"), owner(next));
        let (mark, _) = set(&world, &killed, &plan).await.ok().unwrap();
        for step in &plan.steps[..2] {
            let announced = mark.announce(Side::New, &step.package).await;
            assert_eq!(announced, Ok(()));
        }
        mark.ended(Side::New, &plan.steps[0].package);
        let elsewhere = PackageId::new("of another plan");
        let announced = mark.announce(Side::New, &elsewhere).await;
        assert_eq!(announced, Ok(()));
        drop(mark);
        tokio::time::sleep(waited).await;
        let open = set(&world, &next, &plan).await.ok().map(|(_, open)| {
            let plugins = open.iter().map(|open| open.id.name.as_str().to_owned());
            plugins.collect::<Vec<_>>()
        });
        let expected = expected.map(<[_]>::to_vec);
        assert_eq!(
            open,
            expected.map(|names| names.iter().map(|it| (*it).to_owned()).collect()),
            "{waited:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn run_that_was_suspended_sends_nothing_once_another_one_writes() {
    let plan = PlanOf::independent(1);
    let package = &plan.steps[0].package;
    for (minutes, other_came, goes_on) in [(10, false, true), (10, true, false), (0, true, true)] {
        let world = World::of(&plan);
        let (suspended, other) = (owner("a"), owner("b"));
        let (mark, _) = set(&world, &suspended, &plan).await.ok().unwrap();
        tokio::time::sleep(Duration::from_mins(minutes)).await;
        let came = other_came && set(&world, &other, &plan).await.is_ok();
        assert_eq!(came, other_came && minutes > 0);
        let announced = mark.announce(Side::New, package).await;
        assert_eq!(announced.is_ok(), goes_on, "{announced:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn mark_stays_as_long_as_it_names_a_registration() {
    let plan = PlanOf::independent(2);
    let world = World::of(&plan);
    world.script(&new("p0001"), [Script::Early(early(false))]);
    let owner = owner("a");
    let (mut mark, _) = set(&world, &owner, &plan).await.ok().unwrap();
    let (ready, cancel, mut sink) = (ready(&plan), CancelSignal::new(), world.sink());
    let report = run(&ready, &world, Some(&mark), &options(), &mut sink, &cancel).await;
    assert_eq!(lines(&report), ["new:p0000 done 1", "new:p0001 unknown 1"]);
    let left = mark.remove().await;
    assert_eq!((left.len(), marks(&world)), (1, 1));
    let rows = world.variables_now();
    let row = rows.iter().find(|row| row.is_run_mark()).unwrap();
    let package = plan.steps[1].package.as_str();
    assert_eq!(row.default_value, format!(r#"[["new","{package}"]]"#));
}

#[tokio::test(start_paused = true)]
async fn mark_is_renewed_while_its_run_goes_on() {
    let plan = PlanOf::independent(1);
    let world = World::of(&plan);
    let (one, other) = (owner("a"), owner("b"));
    let (mark, _) = set(&world, &one, &plan).await.ok().unwrap();
    let later = async {
        tokio::time::sleep(Duration::from_hours(3)).await;
        set(&world, &other, &plan).await.is_ok()
    };
    tokio::select! {
        never = mark.keep() => match never {},
        free = later => assert!(!free),
    }
}
