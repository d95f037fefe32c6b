//! Whole runs against a world of our own, on paused time.

mod canary;
mod flight;
mod invariants;
mod lost;
mod marks;
mod messages;
mod outcomes;
mod proof;
mod stopping;
mod variables;

use std::time::Duration;

use super::testing::{World, ready};
use super::{ApplyOptions, ApplyReport, CancelSignal, PackageResult, StepResult, run};
use crate::domain::Side;
use crate::plan::{Plan, StepId};

/// Carries out a plan in a world, undisturbed.
async fn apply(plan: &Plan, world: &World) -> ApplyReport {
    apply_with(plan, world, &options()).await
}

async fn apply_with(plan: &Plan, world: &World, options: &ApplyOptions) -> ApplyReport {
    let cancel = CancelSignal::new();
    let (plan, mut sink) = (ready(plan), world.sink());
    run(&plan, world, None, options, &mut sink, &cancel).await
}

fn options() -> ApplyOptions {
    ApplyOptions {
        unknown_after: Duration::from_mins(1),
        ..ApplyOptions::default()
    }
}

/// The result of a plugin on the new side.
fn of<'a>(report: &'a ApplyReport, name: &str) -> &'a PackageResult {
    on(report, Side::New, name)
}

fn on<'a>(report: &'a ApplyReport, side: Side, name: &str) -> &'a PackageResult {
    let mut packages = report.packages.iter();
    packages
        .find(|package| package.id.side == side && package.id.name.as_str() == name)
        .unwrap_or_else(|| panic!("no result for {name}"))
}

/// `name word attempts` for each package.
fn lines(report: &ApplyReport) -> Vec<String> {
    let packages = report.packages.iter();
    packages
        .map(|p| format!("{} {} {}", p.id, p.result.as_str(), p.attempts))
        .collect()
}

fn count(report: &ApplyReport, of: fn(&StepResult) -> bool) -> usize {
    let results = report.packages.iter().map(|package| &package.result);
    results.filter(|result| of(result)).count()
}

fn is_done(result: &StepResult) -> bool {
    *result == StepResult::Done
}

fn new(name: &str) -> StepId {
    super::testing::named::id(Side::New, name)
}

fn old(name: &str) -> StepId {
    super::testing::named::id(Side::Old, name)
}
