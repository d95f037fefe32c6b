//! The variable: written before any register, once, and one row of it is left.

use std::time::Duration;

use super::*;
use crate::apply::testing::{Entry, PlanOf, Script, refusal, variable};
use crate::apply::{Event, StopCause, VariableAction, VariableResult, VariableTimings};
use crate::domain::{
    FailureCause, FailureKind, GATEWAY_URL_NEW, ReadFailure, Reading, SystemVariable, Transience,
};
use crate::plan::{DatabaseRelation, SideEffect, VariablePlan};

const URL: &str = "http://new:8005";

fn creating(steps: usize) -> Plan {
    Plan {
        variable: VariablePlan::Create {
            value: URL.to_owned(),
        },
        variables_before: [(Side::New, Vec::new())].into(),
        ..PlanOf::independent(steps)
    }
}

/// One step, and the right value for this row.
fn updating(before: &SystemVariable) -> Plan {
    Plan {
        variable: VariablePlan::Update {
            before: before.clone(),
            after: variable("1", URL),
        },
        variables_before: [(Side::New, vec![before.clone()])].into(),
        ..PlanOf::independent(1)
    }
}

fn rows(world: &World) -> Vec<SystemVariable> {
    let rows = world.variables_now().into_iter();
    rows.filter(|row| row.name == GATEWAY_URL_NEW).collect()
}

#[tokio::test(start_paused = true)]
async fn it_is_created_whole_before_any_register() {
    let plan = creating(2);
    let world = World::of(&plan);
    let report = apply(&plan, &world).await;
    let VariableResult::Created { row, removed_own } = &report.variable else {
        panic!("{:?}", report.variable);
    };
    assert!(!removed_own);
    let expected = SystemVariable {
        id: row.id.clone(),
        ..variable("", URL)
    };
    assert_eq!(rows(&world), [expected]);
    let writes: Vec<_> = world
        .log()
        .into_iter()
        .map(|(_, entry)| entry)
        .filter(|entry| matches!(entry, Entry::VariableWritten | Entry::Begun(_)))
        .collect();
    assert_eq!(writes.first(), Some(&Entry::VariableWritten));
    assert_eq!(writes.len(), 3);
    assert_eq!(report.variable_changes, []);
}

/// Only the rows tell whether core created it, whatever answers; they are waited for as long as core may
/// still be at it.
#[tokio::test(start_paused = true)]
async fn it_is_read_back_after_any_answer() {
    let plan = creating(0);
    let said = FailureCause::Said("10000004: System error".to_owned());
    for (kind, cause, waited) in [
        (FailureKind::TokenRefused, said, 2),
        (FailureKind::NoAnswer, FailureCause::Broken, 30),
    ] {
        let failure = ReadFailure {
            kind,
            operation: "variables.create",
            target: String::new(),
            cause,
        };
        for is_carried_out in [true, false] {
            let world = World::of(&plan);
            world.answer_write(failure.clone(), is_carried_out);
            let begun = tokio::time::Instant::now();
            let report = apply(&plan, &world).await;
            assert_eq!(rows(&world).len(), usize::from(is_carried_out));
            if is_carried_out {
                assert!(matches!(report.variable, VariableResult::Created { .. }));
                continue;
            }
            let failure = failure.clone();
            assert_eq!(report.variable, VariableResult::Failed { failure });
            // Half a second of it is quiet.
            let waited = Duration::from_secs(waited) + Duration::from_millis(500);
            assert_eq!(begun.elapsed(), waited, "{kind:?}");
        }
        let world = World::of(&plan);
        world.answer_write(failure, false);
        let other = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            world.change_variables(|rows| rows.push(variable("other", "http://third:8005")));
        };
        let (report, ()) = tokio::join!(apply(&plan, &world), other);
        let left = vec![variable("other", "http://third:8005")];
        assert_eq!(report.variable, VariableResult::NoEffect { rows: left });
    }
}

/// An earlier run sent a create and did not learn how it ended: its row is waited for, and ours is
/// created only once that one must have ended.
#[tokio::test(start_paused = true)]
async fn create_of_an_earlier_run_is_waited_for() {
    let plan = creating(0);
    for (age, row_after, created_after) in [
        (10, Some(5), None),
        (10, None, Some(20)),
        (29, None, Some(1)),
        (30, None, Some(0)),
    ] {
        let world = World::of(&plan);
        let mut options = options();
        options.earlier.creating = Some(Duration::from_secs(age));
        let ending = async {
            let Some(seconds) = row_after else { return };
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            world.change_variables(|rows| rows.push(variable("of-earlier-run", URL)));
        };
        let (report, ()) = tokio::join!(apply_with(&plan, &world, &options), ending);
        let is_created = matches!(report.variable, VariableResult::Created { .. });
        assert_eq!(is_created, created_after.is_some(), "{age}");
        assert_eq!(rows(&world).len(), 1);
        let log = world.log();
        let mut written = log.iter().filter(|it| it.1 == Entry::VariableWritten);
        let after = written.next().map(|(at, _)| at.as_secs());
        // Two readings are at most two seconds apart.
        let late = after.zip(created_after).map(|(at, least)| at - least);
        assert!(late.is_none_or(|late| late < 2), "{age}: {after:?}");
        assert_eq!(after.is_some(), created_after.is_some(), "{age}");
    }
}

/// What the plan does not set is only looked at, whatever its value.
#[tokio::test(start_paused = true)]
async fn variable_that_is_not_set_stays_as_the_plan_says() {
    let there = variable("1", "http://third:8005");
    let unchanged = |row| VariableResult::Unchanged { row };
    let not_asked = VariablePlan::NotAsked {
        effective: Reading::Known(None),
        matches: false,
    };
    let undecided = VariablePlan::Undecided {
        effective: None,
        wanted: URL.to_owned(),
    };
    let left = VariableResult::Undecided {
        effective: None,
        wanted: URL.to_owned(),
    };
    let two = vec![there.clone(), variable("2", URL)];
    for (variable, before, expected) in [
        (&not_asked, vec![there.clone()], unchanged(Some(there))),
        (&not_asked, two, unchanged(None)),
        (&not_asked, Vec::new(), unchanged(None)),
        (&undecided, Vec::new(), left),
    ] {
        let plan = Plan {
            variable: variable.clone(),
            variables_before: [(Side::New, before)].into(),
            ..PlanOf::independent(1)
        };
        let world = World::of(&plan);
        let report = apply(&plan, &world).await;
        assert_eq!(lines(&report), ["new:p0000 done 1"]);
        assert_eq!(report.variable, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_intended_before_it_is_written() {
    let plan = creating(0);
    let world = World::of(&plan);
    apply(&plan, &world).await;
    let log = world.log();
    assert!(matches!(
        &log[0].1,
        Entry::Told(Event::VariableWriteStarted {
            action: VariableAction::Create,
            before: None,
            after: Some(row)
        }) if row.value == URL
    ));
    assert_eq!(log[1].1, Entry::VariableWritten);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_came_since_the_plan_is_taken_where_it_is_right() {
    let plan = creating(1);
    let world = World::of(&plan);
    world.change_variables(|rows| rows.push(variable("other", URL)));
    let report = apply(&plan, &world).await;
    assert!(matches!(
        report.variable,
        VariableResult::Unchanged { row: Some(_) }
    ));
    assert_eq!(rows(&world).len(), 1);

    let world = World::of(&plan);
    world.change_variables(|rows| rows.push(variable("other", "http://elsewhere:8005")));
    let report = apply(&plan, &world).await;
    assert!(matches!(
        report.variable,
        VariableResult::Drifted { planned: None, .. }
    ));
    assert_eq!(report.stopped, Some(StopCause::Variable));
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_update_writes_the_row_that_the_plan_saw_and_no_other() {
    let before = SystemVariable {
        status: "inactive".to_owned(),
        ..variable("1", "http://wrong:8005")
    };
    let plan = updating(&before);
    let world = World::of(&plan);
    let report = apply(&plan, &world).await;
    let after = variable("1", URL);
    assert_eq!(report.variable, VariableResult::Updated { before, after });
    assert_eq!(rows(&world), [variable("1", URL)]);

    let world = World::of(&plan);
    world.change_variables(|rows| rows[0] = variable("1", URL));
    let report = apply(&plan, &world).await;
    let row = Some(variable("1", URL));
    assert_eq!(report.variable, VariableResult::Unchanged { row });
    assert_eq!(world.begun().len(), world.writes(), "somebody else set it");

    let world = World::of(&plan);
    world.change_variables(|rows| "http://third:8005".clone_into(&mut rows[0].value));
    let report = apply(&plan, &world).await;
    assert!(matches!(
        report.variable,
        VariableResult::Drifted {
            planned: Some(_),
            ..
        }
    ));
    assert_eq!(world.writes(), 0);
}

/// Only the row tells whether core updated it, if the answer may be another's.
#[tokio::test(start_paused = true)]
async fn update_is_read_back_unless_core_itself_refuses() {
    let before = variable("1", "http://wrong:8005");
    let plan = updating(&before);
    let said = || FailureCause::Said("10000004: System error".to_owned());
    for (kind, cause, is_carried_out, is_updated) in [
        (FailureKind::NoAnswer, FailureCause::Broken, true, true),
        (FailureKind::NoAnswer, FailureCause::Broken, false, false),
        (
            FailureKind::ServerError,
            FailureCause::Http(502),
            true,
            true,
        ),
        (
            FailureKind::ServerError,
            FailureCause::Http(502),
            false,
            false,
        ),
        (FailureKind::Refused, said(), false, false),
        (FailureKind::PermissionDenied, said(), false, false),
    ] {
        let failure = ReadFailure {
            kind,
            operation: "variables.update",
            target: String::new(),
            cause,
        };
        let world = World::of(&plan);
        world.answer_write(failure.clone(), is_carried_out);
        let begun = tokio::time::Instant::now();
        let report = apply(&plan, &world).await;
        let expected = if is_updated {
            VariableResult::Updated {
                before: before.clone(),
                after: variable("1", URL),
            }
        } else {
            VariableResult::Failed { failure }
        };
        assert_eq!(report.variable, expected);
        let is_told_by_core = matches!(kind, FailureKind::Refused | FailureKind::PermissionDenied);
        assert_eq!(begun.elapsed().is_zero(), is_told_by_core, "{kind:?}");
        assert_eq!(world.begun().len(), usize::from(is_updated), "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_it_cannot_be_set_nothing_is_registered() {
    let plan = creating(2);
    let world = World::of(&plan);
    world.fail_reads(Some(FailureKind::PermissionDenied));
    let report = apply(&plan, &world).await;
    assert_eq!(report.stopped, Some(StopCause::Variable));
    assert_eq!(world.writes(), 0);
    assert_eq!(
        lines(&report),
        ["new:p0000 not_started 0", "new:p0001 not_started 0"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_register_that_switches_it_off_is_found_at_the_end() {
    let plan = PlanOf::independent(1);
    let world = World::of(&plan);
    let switching = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        world.change_variables(|rows| "inactive".clone_into(&mut rows[0].status));
    };
    let begun = tokio::time::Instant::now();
    let (report, ()) = tokio::join!(apply(&plan, &world), switching);
    let found = |result: &VariableResult| matches!(result, VariableResult::NoEffect { rows } if rows.len() == 1);
    assert!(found(&report.variable), "{:?}", report.variable);
    assert!(begun.elapsed() < Duration::from_secs(5), "nothing mends it");
    let told = world
        .log()
        .into_iter()
        .rev()
        .find_map(|(_, entry)| match entry {
            Entry::Told(Event::VariableFinished(result)) => Some(result),
            _ => None,
        });
    assert!(told.as_ref().is_some_and(found), "{told:?}");
}

/// When our row was about to be removed.
fn removals(world: &World) -> usize {
    let log = world.log();
    let removals = log.iter().filter(|(_, entry)| {
        matches!(
            entry,
            Entry::Told(Event::VariableWriteStarted {
                action: VariableAction::RemoveOwn,
                ..
            })
        )
    });
    removals.count()
}

/// A run beside which a row with a smaller id comes, once ours was created and seen.
async fn beside_a_smaller_id(world: &World, plan: &Plan) -> ApplyReport {
    let late = async {
        while world.begun().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        world.change_variables(|rows| rows.push(variable("a-smaller-id", URL)));
    };
    tokio::join!(apply(plan, world), late).0
}

#[tokio::test(start_paused = true)]
async fn a_row_with_a_smaller_id_that_comes_late_makes_ours_go() {
    let plan = creating(2);
    let kept = variable("a-smaller-id", URL);
    // Also on a platform that takes longer to answer than such a row is waited for, and on one that
    // does not say which row it created.
    for (seed, latency) in [(0, 0), (1, 8), (2, 8), (3, 8), (4, 8), (5, 8), (6, 8)] {
        let mut world = World::of(&plan);
        world.latency = Duration::from_secs(latency);
        world.reseed(seed);
        world.hides_ids = seed % 2 == 0;
        let report = beside_a_smaller_id(&world, &plan).await;
        assert_eq!(rows(&world), std::slice::from_ref(&kept), "{seed}");
        let expected = VariableResult::Created {
            row: kept.clone(),
            removed_own: true,
        };
        assert_eq!(report.variable, expected, "{seed}");
        assert_eq!(removals(&world), 1);
    }
}

/// A row that cannot be removed, or comes back, does not hold the run up for ever.
#[tokio::test(start_paused = true)]
async fn removing_our_row_is_tried_three_times() {
    let plan = creating(1);
    let failure = ReadFailure {
        kind: FailureKind::ServerError,
        operation: "variables.delete",
        target: String::new(),
        cause: FailureCause::Http(502),
    };
    for (lost, comes_back, is_unread) in [(9, false, false), (9, false, true), (0, true, false)] {
        let mut world = World::of(&plan);
        world.latency = Duration::from_millis(50);
        let disturbing = async {
            while rows(&world).is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
            for _ in 0..lost {
                world.answer_write(failure.clone(), false);
            }
            let ours = rows(&world);
            while removals(&world) < 3 || comes_back {
                tokio::time::sleep(Duration::from_millis(1)).await;
                if comes_back && rows(&world).len() == 1 && removals(&world) > 0 {
                    world.change_variables(|rows| rows.extend(ours.clone()));
                }
            }
            if is_unread {
                world.fail_reads(Some(FailureKind::NoAnswer));
            }
            std::future::pending::<()>().await;
        };
        let report = tokio::select! {
            report = beside_a_smaller_id(&world, &plan) => report,
            () = disturbing => unreachable!("it goes on"),
        };
        assert_eq!(removals(&world), 3);
        match report.variable {
            VariableResult::NoEffect { rows } => assert!(rows.len() == 2 && !is_unread),
            VariableResult::Failed { .. } => assert!(is_unread),
            other => panic!("{other:?}"),
        }
    }
}

/// At the end it is read once more, for a while if that can help.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_at_the_end_is_not_proven() {
    for plan in [creating(1), PlanOf::independent(1)] {
        for (kind, healed_after, is_proven) in [
            (FailureKind::NoAnswer, None, false),
            (FailureKind::NoAnswer, Some(5), true),
            (FailureKind::PermissionDenied, Some(5), false),
        ] {
            let world = World::of(&plan);
            // The registration goes wrong for good, so that nothing but the last look reads after it.
            let permanent = refusal(Transience::Permanent);
            world.script(&new("p0000"), [Script::Refused(permanent)]);
            let begun = async {
                while world.begun().is_empty() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                world.fail_reads(Some(kind));
                if let Some(seconds) = healed_after {
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                    world.fail_reads(None);
                }
            };
            let (report, ()) = tokio::join!(apply(&plan, &world), begun);
            assert_eq!(lines(&report), ["new:p0000 failed 1"]);
            let is_failed = matches!(report.variable, VariableResult::Failed { .. });
            assert_eq!(is_failed, !is_proven, "{kind:?}: {:?}", report.variable);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn other_variables_that_switch_are_compared_with_what_the_plan_said() {
    let mut plan = PlanOf::independent(1);
    let shared = plan.relation.clone();
    let owned = |id: &str, status: &str| SystemVariable {
        name: format!("VAR_{id}"),
        status: status.to_owned(),
        ..variable(id, "1")
    };
    let before = vec![
        owned("a", "active"),
        owned("b", "active"),
        variable("var-1", URL),
    ];
    plan.variables_before = [(Side::New, before)].into();
    plan.steps[0].effects.push(SideEffect::SwitchesVariable {
        id: owned("a", "active").id,
        name: "VAR_a".to_owned(),
        to_active: false,
    });
    // On one database it does not matter through which side the plugin was registered.
    for (relation, side, is_predicted) in [
        (shared.clone(), Side::New, true),
        (shared, Side::Old, true),
        (DatabaseRelation::Separate, Side::New, true),
        (DatabaseRelation::Separate, Side::Old, false),
    ] {
        plan.relation = relation;
        plan.steps[0].id.side = side;
        plan.canary = None;
        let world = World::of(&plan);
        let switching = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            world.change_variables(|rows| {
                for row in rows.iter_mut().filter(|row| row.name.starts_with("VAR")) {
                    "inactive".clone_into(&mut row.status);
                }
            });
        };
        let (report, ()) = tokio::join!(apply(&plan, &world), switching);
        let changes = report.variable_changes.iter();
        let changes: Vec<_> = changes
            .map(|change| (change.name.as_str(), change.predicted))
            .collect();
        let expected = [("VAR_a (system)", is_predicted), ("VAR_b (system)", false)];
        assert_eq!(changes, expected, "{:?} {side}", plan.relation);
    }
}

#[tokio::test(start_paused = true)]
async fn two_at_once_leave_one_active_and_right_row() {
    for seed in 0..300_u64 {
        // Without steps the run ends right after the variable: nothing later can put it right.
        let plan = creating(if seed % 3 == 0 { 2 } else { 0 });
        let mut world = World::of(&plan);
        world.latency = Duration::from_millis(100);
        let mut rng = fastrand::Rng::with_seed(seed);
        world.reseed(rng.u64(..));
        let late = Duration::from_millis(rng.u64(0..700));
        let options = ApplyOptions {
            variable: VariableTimings {
                quiet: Duration::from_millis(500),
                ..VariableTimings::default()
            },
            ..options()
        };
        let second = async {
            tokio::time::sleep(late).await;
            apply_with(&plan, &world, &options).await
        };
        let (first, second) = tokio::join!(apply_with(&plan, &world, &options), second);
        let rows = rows(&world);
        assert_eq!(rows.len(), 1, "seed {seed}: {rows:?}");
        assert!(rows[0].is_active() && rows[0].value == URL);
        for report in [first, second] {
            assert!(
                matches!(
                    &report.variable,
                    VariableResult::Created { row, .. } | VariableResult::Unchanged { row: Some(row) }
                        if *row == rows[0]
                ),
                "seed {seed}: {:?}",
                report.variable
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_row_that_nobody_removes_is_no_effect() {
    let plan = creating(0);
    let world = World::of(&plan);
    let other = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        world.change_variables(|rows| rows.push(variable("zzz", URL)));
    };
    let (report, ()) = tokio::join!(apply(&plan, &world), other);
    assert!(matches!(&report.variable, VariableResult::NoEffect { rows } if rows.len() == 2));
    assert_eq!(
        rows(&world).len(),
        2,
        "a row that is not ours is never removed"
    );
}
