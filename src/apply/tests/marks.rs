//! The mark by which runs on two hosts notice each other: who writes, who waits, what a mark that stays
//! tells the next run.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::*;
use crate::apply::testing::{PlanOf, Script, step, variable};
use crate::apply::{MarkError, MarkOwner, OpenRegistration, RunMark};
use crate::domain::{
    Address, FailureCause, FailureKind, PackageId, RUN_MARK, ReadFailure, RegisterError,
    SystemVariable,
};
use crate::plan::DatabaseRelation;

fn owner(state: &str) -> MarkOwner {
    MarkOwner {
        state: state.to_owned(),
        who: format!("root@{state}"),
        cores: [Side::New, Side::Old]
            .map(|side| (side, Address::new(format!("http://{side}:8000"))))
            .into(),
    }
}

fn marks_of(world: &World, side: Side) -> Vec<SystemVariable> {
    let rows = world.variables_of(side).into_iter();
    rows.filter(SystemVariable::is_run_mark).collect()
}

fn marks(world: &World) -> usize {
    marks_of(world, Side::New).len()
}

/// An answer that does not come.
fn silence() -> ReadFailure {
    ReadFailure {
        kind: FailureKind::NoAnswer,
        operation: "variables.update",
        target: "POST http://new:8000/".to_owned(),
        cause: FailureCause::Broken,
    }
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
        let begun = Instant::now();
        let refused = set(&world, &owner, &plan).await.err();
        // What core itself refused need not be waited for.
        let waited = if failure.may_have_arrived() { 10 } else { 2 };
        assert_eq!(begun.elapsed(), Duration::from_secs(waited), "{failure:?}");
        assert_eq!(refused, Some(MarkError::Unconfirmed(failure)));
        assert_eq!(marks(&world), 0);
    }
}

/// The names of what another host's run may still have in flight, by the mark of a run that was killed.
#[tokio::test(start_paused = true)]
async fn mark_of_a_killed_run_leaves_alone_only_what_it_names() {
    let plan = PlanOf::independent(3);
    let none: Option<&[&str]> = Some(&[]);
    let named: Option<&[&str]> = Some(&["p0001"]);
    for (next, waited, expected, left) in [
        ("b", 179, None, 1),
        ("b", 180, named, 2),
        ("b", 1859, named, 2),
        ("b", 1860, none, 1),
        ("a", 60, none, 1),
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
        sleep(Duration::from_secs(waited)).await;
        let open = set(&world, &next, &plan).await.ok().map(|(_, open)| {
            let plugins = open.iter().map(|open| open.id.name.as_str().to_owned());
            plugins.collect::<Vec<_>>()
        });
        let expected = expected.map(<[_]>::to_vec);
        assert_eq!(
            open,
            expected.map(|names| names.iter().map(|it| (*it).to_owned()).collect()),
            "{waited} s"
        );
        assert_eq!(marks(&world), left, "{waited} s");
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
        sleep(Duration::from_mins(minutes)).await;
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
    world.script(
        &new("p0001"),
        [Script::Early(RegisterError::lost(FailureCause::Broken))],
    );
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
        sleep(Duration::from_hours(3)).await;
        set(&world, &other, &plan).await.is_ok()
    };
    tokio::select! {
        never = mark.keep() => match never {},
        free = later => assert!(!free),
    }
}

#[tokio::test(start_paused = true)]
async fn run_that_sees_another_one_writes_nothing_and_names_it() {
    let plan = PlanOf::independent(1);
    let world = World::of(&plan);
    let (one, other) = (owner("a"), owner("b"));
    let _mark = set(&world, &one, &plan).await.ok().unwrap();
    let before = world.variables_now();
    let refused = set(&world, &other, &plan).await.err();
    let expected = MarkError::Held {
        side: Side::New,
        who: "root@a".to_owned(),
        id: marks_of(&world, Side::New)[0].id.clone(),
    };
    assert_eq!(refused, Some(expected));
    assert_eq!((world.writes(), world.variables_now()), (1, before));
}

/// The mark of another run that comes with ours: who is first by id waits for the other one to go.
#[tokio::test(start_paused = true)]
async fn of_two_marks_the_first_by_id_waits_for_the_other() {
    let plan = PlanOf::independent(1);
    for (id, gone_after, waited, is_set) in [
        ("0-before-ours", None, 0, false),
        ("zzz-after-ours", Some(3), 3, true),
        ("zzz-after-ours", None, 10, false),
    ] {
        let mut world = World::of(&plan);
        world.latency = Duration::from_millis(100);
        let ours = owner("a");
        let other = async {
            while marks(&world) == 0 {
                sleep(Duration::from_millis(1)).await;
            }
            let value = "0 http://elsewhere b root@b";
            let name = RUN_MARK.to_owned();
            let row = SystemVariable {
                name,
                ..variable(id, value)
            };
            world.change_variables(|rows| rows.push(row));
            if let Some(seconds) = gone_after {
                sleep(Duration::from_secs(seconds)).await;
                world.change_variables(|rows| rows.retain(|row| row.id.as_str() != id));
            }
        };
        let begun = Instant::now();
        let setting = async { (set(&world, &ours, &plan).await.is_ok(), begun.elapsed()) };
        let ((set, took), ()) = tokio::join!(setting, other);
        assert_eq!(set, is_set, "{id} {gone_after:?}");
        // The last reading may come two seconds after the other one has gone.
        let waited = Duration::from_secs(waited);
        let late = Duration::from_secs(3);
        assert!(took >= waited && took < waited + late, "{id}: {took:?}");
        let ours = marks(&world) - usize::from(gone_after.is_none());
        assert_eq!(ours, usize::from(is_set), "{id} {gone_after:?}");
    }
}

/// Marks that cannot be read any more may still be ours: they are removed.
#[tokio::test(start_paused = true)]
async fn mark_that_cannot_be_confirmed_is_removed() {
    let plan = PlanOf::independent(1);
    let mut world = World::of(&plan);
    world.latency = Duration::from_millis(100);
    let ours = owner("a");
    let disturbing = async {
        while marks(&world) == 0 {
            sleep(Duration::from_millis(1)).await;
        }
        let name = RUN_MARK.to_owned();
        let row = SystemVariable {
            name,
            ..variable("zzz", "0 http://elsewhere b root@b")
        };
        world.change_variables(|rows| rows.push(row));
        sleep(Duration::from_secs(3)).await;
        world.fail_reads(Some(FailureKind::NoAnswer));
    };
    let (set, ()) = tokio::join!(set(&world, &ours, &plan), disturbing);
    assert!(matches!(set.err(), Some(MarkError::Unconfirmed(_))));
    let left = marks_of(&world, Side::New);
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].id.as_str(), "zzz");
}

/// A package is written once; a mark that was not renewed for a minute is written and read again.
#[tokio::test(start_paused = true)]
async fn mark_is_read_again_only_if_it_is_old() {
    let plan = PlanOf::independent(1);
    let package = &plan.steps[0].package;
    for (seconds, is_gone, is_lost, expected) in [
        (0, false, false, (true, 0, 0)),
        (59, true, true, (true, 0, 0)),
        (60, false, false, (true, 1, 1)),
        (60, true, false, (false, 1, 1)),
        (60, false, true, (false, 0, 0)),
    ] {
        let world = World::of(&plan);
        let owner = owner("a");
        let (mut mark, _) = set(&world, &owner, &plan).await.ok().unwrap();
        let before = (world.writes(), world.reads(Side::New));
        assert_eq!(mark.announce(Side::New, package).await, Ok(()));
        let counted = (world.writes(), world.reads(Side::New));
        assert_eq!(counted, (before.0 + 1, before.1));
        sleep(Duration::from_secs(seconds)).await;
        if is_gone {
            world.change_variables(|rows| rows.retain(|row| !row.is_run_mark()));
        }
        if is_lost {
            world.answer_write(silence(), false);
        }
        let announced = mark.announce(Side::New, package).await.is_ok();
        let (writes, reads) = (world.writes(), world.reads(Side::New));
        let found = (announced, writes - counted.0, reads - counted.1);
        assert_eq!(found, expected, "{seconds} s, {is_gone}, {is_lost}");
        if !announced {
            world.answer_write(silence(), true);
            assert_eq!(mark.remove().await, [], "it is not in flight");
        }
    }
}

/// What was not sent for the sake of the mark says why, and is tried again unless another run writes.
#[tokio::test(start_paused = true)]
async fn registration_without_mark_is_not_sent() {
    let plan = PlanOf::independent(1);
    let world = World::of(&plan);
    let owner = owner("a");
    let (mark, _) = set(&world, &owner, &plan).await.ok().unwrap();
    world.answer_write(silence(), false);
    let (ready, cancel, mut sink) = (ready(&plan), CancelSignal::new(), world.sink());
    let report = run(&ready, &world, Some(&mark), &options(), &mut sink, &cancel).await;
    assert_eq!(lines(&report), ["new:p0000 done 2"]);
    assert_eq!(world.begun().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn mark_is_removed_if_any_of_three_tries_or_a_reading_says_so() {
    let plan = PlanOf::independent(1);
    for (lost, is_carried_out, reads, left) in [
        (0, false, 0, 0),
        (1, true, 1, 0),
        (2, false, 2, 0),
        (3, false, 3, 1),
        (3, true, 1, 0),
    ] {
        let world = World::of(&plan);
        let owner = owner("a");
        let (mut mark, _) = set(&world, &owner, &plan).await.ok().unwrap();
        let before = world.reads(Side::New);
        for _ in 0..lost {
            world.answer_write(silence(), is_carried_out);
        }
        let ids: Vec<_> = mark.remove().await.into_iter().collect();
        assert_eq!((ids.len(), marks(&world)), (left, left), "{lost} lost");
        assert_eq!(world.reads(Side::New) - before, reads, "{lost} lost");
    }
}

/// One that names more than its column holds is not written, so nothing is sent.
#[tokio::test(start_paused = true)]
async fn mark_names_what_its_column_holds() {
    let plan = PlanOf::independent(1);
    let world = World::of(&plan);
    let owner = owner("a");
    let (mark, _) = set(&world, &owner, &plan).await.ok().unwrap();
    let around = r#"[["new",""]]"#.len();
    for (length, fits) in [(4000, true), (4001, false)] {
        let package = PackageId::new("x".repeat(length - around));
        let announced = mark.announce(Side::New, &package).await;
        assert_eq!(announced.is_ok(), fits, "{length}");
        mark.ended(Side::New, &package);
    }
}

/// On two databases each has its mark, which tells of its own side only; on one database the mark tells
/// of both sides.
#[tokio::test(start_paused = true)]
async fn mark_tells_of_the_sides_of_its_database() {
    let shared = PlanOf::steps(Vec::new()).relation;
    let both = [Side::Old, Side::New];
    for (relation, sides, of_old, open) in [
        (shared, &both[1..], "of-new", vec![new("b"), old("b")]),
        (
            DatabaseRelation::Separate,
            &both[..1],
            "of-new",
            vec![old("b")],
        ),
        (DatabaseRelation::Separate, &both, "of-old", vec![new("b")]),
    ] {
        let mut plan = PlanOf::steps(vec![
            step(Side::New, "a"),
            step(Side::New, "b"),
            step(Side::Old, "b"),
        ]);
        plan.relation = relation;
        plan.steps[1].package = PackageId::new("of-new");
        plan.steps[2].package = PackageId::new(of_old);
        let world = World::of(&plan);
        let (killed, next) = (owner("a"), owner("b"));
        let set = async |owner| RunMark::set(&world, owner, (&plan, sides), &options()).await;
        let count = || {
            sides
                .iter()
                .map(|side| marks_of(&world, *side).len())
                .sum::<usize>()
        };
        let (mark, _) = set(&killed).await.ok().unwrap();
        assert_eq!(sides.len(), count());
        let announced = mark.announce(Side::New, &plan.steps[1].package).await;
        assert_eq!(announced, Ok(()));
        sleep(Duration::from_mins(4)).await;
        let (mut mark, found) = set(&next).await.ok().unwrap();
        let ids: Vec<_> = found.into_iter().map(|open| open.id).collect();
        assert_eq!(ids, open);
        assert_eq!(mark.remove().await, []);
        assert_eq!(sides.len(), count(), "those of the killed run stay");
    }
}
