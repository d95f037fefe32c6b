//! The variable: written before any register, once, and one row of it is left.

use std::time::Duration;

use super::*;
use crate::apply::testing::{Entry, PlanOf, Script, refusal, variable};
use crate::apply::{Event, StopCause, VariableAction, VariableResult, VariableTimings};
use crate::domain::{
    FailureCause, FailureKind, GATEWAY_URL_NEW, ReadFailure, SystemVariable, Transience,
};
use crate::plan::{SideEffect, VariablePlan};

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

/// Only the rows tell whether core created it, whatever answers.
#[tokio::test(start_paused = true)]
async fn it_is_read_back_after_any_answer() {
    let plan = creating(1);
    for is_carried_out in [true, false] {
        let world = World::of(&plan);
        let refusal = ReadFailure {
            kind: FailureKind::TokenRefused,
            operation: "variables.create",
            target: String::new(),
            cause: FailureCause::Said("10000004: System error".to_owned()),
        };
        world.answer_write(refusal, is_carried_out);
        let report = apply(&plan, &world).await;
        assert_eq!(rows(&world).len(), usize::from(is_carried_out));
        let is_created = matches!(report.variable, VariableResult::Created { .. });
        assert_eq!(is_created, is_carried_out, "{:?}", report.variable);
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
    let (report, ()) = tokio::join!(apply(&plan, &world), switching);
    assert!(matches!(&report.variable, VariableResult::NoEffect { rows } if rows.len() == 1));
}

#[tokio::test(start_paused = true)]
async fn a_row_with_a_smaller_id_that_comes_late_makes_ours_go() {
    let plan = creating(2);
    let world = World::of(&plan);
    let late = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        world.change_variables(|rows| rows.push(variable("a-smaller-id", URL)));
    };
    let (report, ()) = tokio::join!(apply(&plan, &world), late);
    let kept = variable("a-smaller-id", URL);
    assert_eq!(rows(&world), std::slice::from_ref(&kept));
    let removed_own = true;
    let expected = VariableResult::Created {
        row: kept,
        removed_own,
    };
    assert_eq!(report.variable, expected);
    let log = world.log();
    let removal = log.iter().position(|(_, entry)| {
        matches!(
            entry,
            Entry::Told(Event::VariableWriteStarted {
                action: VariableAction::RemoveOwn,
                ..
            })
        )
    });
    assert_eq!(log[removal.unwrap() + 1].1, Entry::VariableWritten);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_at_the_end_is_not_proven() {
    for plan in [creating(1), PlanOf::independent(1)] {
        let world = World::of(&plan);
        // The registration goes wrong for good, so that nothing but the last look reads after it.
        let permanent = refusal(Transience::Permanent);
        world.script(&new("p0000"), [Script::Refused(permanent)]);
        let begun = async {
            while world.begun().is_empty() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            world.fail_reads(Some(FailureKind::NoAnswer));
        };
        let (report, ()) = tokio::join!(apply(&plan, &world), begun);
        assert_eq!(lines(&report), ["new:p0000 failed 1"]);
        assert!(matches!(report.variable, VariableResult::Failed { .. }));
    }
}

#[tokio::test(start_paused = true)]
async fn other_variables_that_switch_are_compared_with_what_the_plan_said() {
    let mut plan = PlanOf::independent(1);
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
    let changes: Vec<_> = report
        .variable_changes
        .iter()
        .map(|change| (change.name.as_str(), change.predicted))
        .collect();
    assert_eq!(
        changes,
        [("VAR_a (system)", true), ("VAR_b (system)", false)]
    );
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
