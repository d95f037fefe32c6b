//! The one word of a run, against the table of `docs/cli.md`.

use super::*;
use crate::apply::testing::{PlanOf, refusal, variable};
use crate::apply::{
    BrokenPage, NoEffect, NotStarted, ScheduleStats, StepFailure, StopCause, UnknownCause,
    VariableResult, outcome,
};
use crate::domain::{
    FailureKind, FilePath, FileState, PluginName, ReadFailure, RegisterError, Transience, Version,
};
use crate::exit::Outcome;
use crate::plan::{Refusal, SkipReason, VariablePlan};

fn report(results: &[StepResult]) -> ApplyReport {
    let packages = results.iter().enumerate().map(|(n, result)| {
        let sent = !matches!(result, StepResult::Skipped(_) | StepResult::Blocked(_));
        PackageResult {
            id: new(&format!("p{n}")),
            version: None,
            package: None,
            result: result.clone(),
            attempts: u32::from(sent),
            duration: std::time::Duration::ZERO,
            reading_age: None,
        }
    });
    ApplyReport {
        packages: packages.collect(),
        variable: VariableResult::Unchanged { row: None },
        variable_changes: Vec::new(),
        broken: Vec::new(),
        unasked: Vec::new(),
        stopped: None,
        schedule: ScheduleStats::default(),
    }
}

fn refused(cause: &'static str) -> StepResult {
    StepResult::Failed(StepFailure::Refused(RegisterError {
        cause,
        ..refusal(Transience::Permanent)
    }))
}

fn read_failure(kind: FailureKind) -> ReadFailure {
    ReadFailure {
        kind,
        operation: "packages.list",
        target: String::new(),
        cause: crate::domain::FailureCause::Unspecified,
    }
}

const DONE: StepResult = StepResult::Done;
const SKIPPED: StepResult = StepResult::Skipped(SkipReason::NoUi);
const NO_EFFECT: StepResult = StepResult::NoEffect(NoEffect::RowsNotRenewed);
const UNKNOWN: StepResult = StepResult::Unknown {
    cause: UnknownCause::Interrupted,
};
const NOT_STARTED: StepResult = StepResult::NotStarted(NotStarted::RunStopped);

fn blocked() -> StepResult {
    StepResult::Blocked(SkipReason::DependencyFailed {
        on: PluginName::new("p0"),
    })
}

#[test]
fn packages_decide_in_the_order_of_the_table() {
    let token = refused(RegisterError::TOKEN_REFUSED);
    let menu = refused(RegisterError::PERMISSION_DENIED);
    let down = refused(RegisterError::UNREACHABLE);
    let login = refused(RegisterError::NOT_WECUBE);
    let own = refused("ui_zip");
    let unread = |kind| {
        let failure = read_failure(kind);
        StepResult::Failed(StepFailure::Unchecked { failure })
    };
    let unchecked = unread(FailureKind::Unreachable);
    let table: &[(&[StepResult], Outcome)] = &[
        (&[], Outcome::NothingToDo),
        (&[SKIPPED], Outcome::NothingToDo),
        (&[SKIPPED, blocked()], Outcome::Blocked),
        (&[DONE], Outcome::Converged),
        (&[DONE, SKIPPED], Outcome::Converged),
        (&[DONE, blocked()], Outcome::Blocked),
        (&[DONE, own.clone()], Outcome::Partial),
        (&[DONE, own.clone(), blocked()], Outcome::Partial),
        (&[DONE, UNKNOWN], Outcome::Partial),
        (&[UNKNOWN], Outcome::Partial),
        (&[own.clone(), SKIPPED], Outcome::Failed),
        (&[own.clone(), blocked()], Outcome::Failed),
        (&[DONE, NO_EFFECT, own.clone(), UNKNOWN], Outcome::NoEffect),
        (&[NO_EFFECT, blocked()], Outcome::NoEffect),
        (&[token.clone(), menu.clone()], Outcome::NoPermission),
        (
            &[token.clone(), NOT_STARTED, blocked()],
            Outcome::NoPermission,
        ),
        (&[down.clone(), unchecked.clone()], Outcome::Unreachable),
        (&[unread(FailureKind::NoAnswer)], Outcome::Unreachable),
        (&[unread(FailureKind::ServerError)], Outcome::Failed),
        (&[unread(FailureKind::TokenRefused)], Outcome::NoPermission),
        (&[down.clone(), token.clone()], Outcome::NoPermission),
        (&[login], Outcome::NotWecube),
        (&[DONE, token.clone()], Outcome::Partial),
        (&[token.clone(), own], Outcome::Failed),
        (&[UNKNOWN, down], Outcome::Partial),
    ];
    for (results, expected) in table {
        assert_eq!(outcome(&report(results)), *expected, "{results:?}");
    }
}

#[test]
fn what_is_not_a_package_decides_too() {
    let with = |change: &dyn Fn(&mut ApplyReport), results: &[StepResult]| {
        let mut report = report(results);
        change(&mut report);
        outcome(&report)
    };
    let created = |report: &mut ApplyReport| {
        report.variable = VariableResult::Created {
            row: variable("1", "http://new:8005"),
            removed_own: false,
        };
    };
    assert_eq!(with(&created, &[]), Outcome::Converged);
    assert_eq!(with(&created, &[SKIPPED]), Outcome::Converged);
    assert_eq!(with(&created, &[blocked()]), Outcome::Blocked);
    let off =
        |report: &mut ApplyReport| report.variable = VariableResult::NoEffect { rows: vec![] };
    assert_eq!(with(&off, &[DONE]), Outcome::NoEffect);
    let drifted = |report: &mut ApplyReport| {
        report.variable = VariableResult::Drifted {
            planned: None,
            rows: vec![],
        };
        report.stopped = Some(StopCause::Variable);
    };
    assert_eq!(with(&drifted, &[NOT_STARTED]), Outcome::Failed);
    let interrupted = |report: &mut ApplyReport| report.stopped = Some(StopCause::Interrupted);
    assert_eq!(with(&interrupted, &[DONE, NO_EFFECT]), Outcome::Interrupted);
    let terminated = |report: &mut ApplyReport| report.stopped = Some(StopCause::Terminated);
    assert_eq!(with(&terminated, &[DONE]), Outcome::Terminated);
    let broke = |report: &mut ApplyReport| {
        report.broken.push(BrokenPage {
            side: Side::Old,
            name: PluginName::new("p0"),
            path: FilePath::new("/a.js"),
            portal: String::new(),
            state: FileState::Missing,
            predicted: false,
        });
    };
    assert_eq!(with(&broke, &[DONE]), Outcome::Partial);
    let lost_as_planned = |report: &mut ApplyReport| {
        broke(report);
        report.broken[0].predicted = true;
    };
    assert_eq!(with(&lost_as_planned, &[DONE]), Outcome::Converged);
    let undecided = |report: &mut ApplyReport| {
        report.variable = VariableResult::Undecided {
            effective: None,
            wanted: "http://new:8005".to_owned(),
        };
    };
    assert_eq!(with(&undecided, &[DONE]), Outcome::Blocked);
    assert_eq!(with(&undecided, &[UNKNOWN]), Outcome::Partial);
    let unasked = |report: &mut ApplyReport| {
        broke(report);
        report.unasked = std::mem::take(&mut report.broken);
    };
    assert_eq!(with(&unasked, &[DONE]), Outcome::Partial);
    for (kind, expected) in [
        (FailureKind::TokenRefused, Outcome::NoPermission),
        (FailureKind::PermissionDenied, Outcome::NoPermission),
        (FailureKind::Unreachable, Outcome::Unreachable),
        (FailureKind::Redirected, Outcome::NotWecube),
        (FailureKind::Refused, Outcome::Failed),
    ] {
        let mut report = report(&[NOT_STARTED]);
        report.variable = VariableResult::Failed {
            failure: read_failure(kind),
        };
        report.stopped = Some(StopCause::Variable);
        assert_eq!(outcome(&report), expected, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_run_writes_nothing_and_says_what_is_left() {
    let mut plan = PlanOf::independent(3);
    let world = World::of(&plan);
    let first = apply(&plan, &world).await;
    assert_eq!(outcome(&first), Outcome::Converged);
    // What a plan of the world as it is now has: the same packages, all visible.
    let steps = std::mem::take(&mut plan.steps);
    plan.canary = None;
    for step in steps {
        assert!(world.serves(Side::New, &step.before.pages));
        plan.skipped.push(crate::plan::SkippedPackage {
            side: Side::New,
            name: step.id.name,
            version: Some(step.version),
            package: Some(step.package),
            reason: SkipReason::AlreadyVisible,
        });
    }
    let (writes, reads) = (world.writes(), world.reads(Side::New));
    let second = apply(&plan, &world).await;
    assert_eq!(outcome(&second), Outcome::NothingToDo);
    plan.skipped[1].reason = SkipReason::TooManyVersions { others: 3 };
    let third = apply(&plan, &world).await;
    assert_eq!(outcome(&third), Outcome::Blocked);
    assert_eq!((world.writes(), world.reads(Side::New)), (writes, reads));
    assert_eq!(third.packages.len(), 3);
    assert_eq!(third.packages[0].version, Some(Version::new("v1.0.0")));
}

#[test]
fn plan_with_obstacle_is_not_ready() {
    let refused = Plan {
        refusals: vec![Refusal::SeedsDiffer],
        ..PlanOf::independent(0)
    };
    let refused = refused.into_ready().unwrap_err();
    assert_eq!(refused.obstacle.outcome(), Outcome::Unsafe);
    let needed = Plan {
        variable: VariablePlan::ValueNeeded {
            candidate: "http://127.0.0.1:8005".to_owned(),
        },
        ..PlanOf::independent(0)
    };
    let needed = needed.into_ready().unwrap_err();
    assert_eq!(needed.obstacle.outcome(), Outcome::Usage);
}
