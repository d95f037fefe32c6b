//! How a run ended, in the one word that the exit code is chosen by. Pure; `docs/cli.md`, "Outcomes and
//! exit codes", is the table.

use super::model::{ApplyReport, StepFailure, StepResult, StopCause, VariableResult};
use crate::domain::{FailureKind, RegisterError};
use crate::exit::Outcome;

/// How a run ended. Of several findings the first in the order of `docs/cli.md` decides.
pub fn outcome(report: &ApplyReport) -> Outcome {
    let found = [
        interrupted(report),
        kept_out(report),
        no_effect(report),
        failed(report),
        blocked(report),
        Some(if has_written(report) {
            Outcome::Converged
        } else {
            Outcome::NothingToDo
        }),
    ];
    Outcome::worst(found.into_iter().flatten()).unwrap_or(Outcome::NothingToDo)
}

/// Whether the run has sent a write: the variable, or a registration.
fn has_written(report: &ApplyReport) -> bool {
    report.variable.is_written() || report.packages.iter().any(|package| package.attempts > 0)
}

fn interrupted(report: &ApplyReport) -> Option<Outcome> {
    match report.stopped {
        Some(StopCause::Interrupted) => Some(Outcome::Interrupted),
        Some(StopCause::Terminated) => Some(Outcome::Terminated),
        _ => None,
    }
}

/// Token, permission, reachability: they decide only where they kept the run from doing anything.
fn kept_out(report: &ApplyReport) -> Option<Outcome> {
    let any_got_in = report.packages.iter().any(|package| {
        matches!(
            package.result,
            StepResult::Done | StepResult::NoEffect(_) | StepResult::Unknown { .. }
        )
    });
    if any_got_in {
        return None;
    }
    let mut causes = Vec::new();
    if let VariableResult::Failed { failure } = &report.variable {
        causes.push(by_kind(failure.kind));
    }
    for package in &report.packages {
        match &package.result {
            StepResult::Failed(StepFailure::Refused(error)) => causes.push(by_cause(error.cause)),
            // A read that is not answered changes nothing, unlike a write.
            StepResult::Failed(StepFailure::Unchecked { failure })
                if failure.kind == FailureKind::NoAnswer =>
            {
                causes.push(Some(Outcome::Unreachable));
            }
            StepResult::Failed(StepFailure::Unchecked { failure }) => {
                causes.push(by_kind(failure.kind));
            }
            StepResult::Failed(StepFailure::Drifted { .. }) => causes.push(None),
            _ => {}
        }
    }
    let all: Option<Vec<Outcome>> = causes.into_iter().collect();
    Outcome::worst(all?)
}

fn by_cause(cause: &str) -> Option<Outcome> {
    match cause {
        RegisterError::TOKEN_REFUSED | RegisterError::PERMISSION_DENIED => {
            Some(Outcome::NoPermission)
        }
        RegisterError::UNREACHABLE => Some(Outcome::Unreachable),
        RegisterError::NOT_WECUBE | "redirected" => Some(Outcome::NotWecube),
        _ => None,
    }
}

fn by_kind(kind: FailureKind) -> Option<Outcome> {
    match kind {
        FailureKind::TokenRefused | FailureKind::PermissionDenied => Some(Outcome::NoPermission),
        FailureKind::Unreachable => Some(Outcome::Unreachable),
        FailureKind::NotWecube | FailureKind::Redirected | FailureKind::TooLarge => {
            Some(Outcome::NotWecube)
        }
        FailureKind::NoAnswer
        | FailureKind::EndpointAbsent
        | FailureKind::ServerError
        | FailureKind::Refused
        | FailureKind::Ambiguous
        | FailureKind::NotAsked => None,
    }
}

fn no_effect(report: &ApplyReport) -> Option<Outcome> {
    let mut packages = report.packages.iter();
    let found = matches!(report.variable, VariableResult::NoEffect { .. })
        || packages.any(|package| matches!(package.result, StepResult::NoEffect(_)));
    found.then_some(Outcome::NoEffect)
}

/// Something failed or is not known: `partial` where something else was done (or may have been),
/// `failed` where nothing was.
fn failed(report: &ApplyReport) -> Option<Outcome> {
    let count = |of: fn(&StepResult) -> bool| {
        let results = report.packages.iter().map(|package| &package.result);
        results.filter(|result| of(result)).count()
    };
    let done = count(|result| matches!(result, StepResult::Done));
    let failed =
        count(|result| matches!(result, StepResult::Failed(_) | StepResult::NotStarted(_)));
    let unknown = count(|result| matches!(result, StepResult::Unknown { .. }));
    let variable_failed = matches!(
        report.variable,
        VariableResult::Failed { .. } | VariableResult::Drifted { .. }
    );
    let unforeseen = report.broken.iter().any(|page| !page.predicted);
    let other_side = unforeseen || !report.unasked.is_empty();
    let journal = matches!(report.stopped, Some(StopCause::Journal(_)));
    if unknown > 0 || other_side {
        Some(Outcome::Partial)
    } else if failed > 0 || variable_failed || journal {
        let partial = done > 0;
        Some(if partial {
            Outcome::Partial
        } else {
            Outcome::Failed
        })
    } else {
        None
    }
}

fn blocked(report: &ApplyReport) -> Option<Outcome> {
    let mut packages = report.packages.iter();
    let found = matches!(report.variable, VariableResult::Undecided { .. })
        || packages.any(|package| matches!(package.result, StepResult::Blocked(_)));
    found.then_some(Outcome::Blocked)
}
