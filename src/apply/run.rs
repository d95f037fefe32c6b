//! A run from its first write to its report: the variable, the registers, the last look.

use std::collections::{BTreeMap, BTreeSet};

use tokio::time::Instant;

use super::call::{LOOK, Watched, may_pass, watch};
use super::cancel::CancelSignal;
use super::changes::changes;
use super::context::RunContext;
use super::coordinator::{Coordinator, CoordinatorReport};
use super::effects::Effects;
use super::emitter::EventEmitter;
use super::flight::not_asked;
use super::mark::RunMark;
use super::model::{
    ApplyReport, Event, EventSink, PackageResult, StepResult, StopCause, VariableDiff,
    VariableResult,
};
use super::options::{ApplyOptions, OpenRegistration};
use super::other_side::{OtherSide, OtherSideDamage, SentStep};
use super::proof::Expectation;
use super::stats::{Measurements, stats};
use super::variable::VariableGuard;
use crate::domain::{ReadFailure, Side, SystemVariable};
use crate::plan::{DatabaseRelation, Plan, ReadyPlan, SkippedPackage, Step, StepId};

/// Carries out a plan and says what became of every package of it.
///
/// First the variable (where it cannot be set, nothing is registered), then the canary alone, then
/// the rest; at the end the variable and, on a shared database, the other side's pages once more.
/// Every registration and every write of the variable is told to `sink` before it leaves; where that
/// fails, it does not leave. The report is complete whatever happens, an interruption included.
pub async fn run<E: Effects>(
    plan: &ReadyPlan,
    effects: &E,
    mark: Option<&RunMark<'_, E>>,
    options: &ApplyOptions,
    sink: &mut dyn EventSink,
    cancel: &CancelSignal,
) -> ApplyReport {
    let context = RunContext {
        plan,
        effects,
        options,
        cancel,
        mark,
        begun: Instant::now(),
    };
    let mut run = Run {
        context,
        emitter: EventEmitter::new(sink),
        guard: VariableGuard::new(context),
    };
    run.carry_out().await
}

/// Waits until it is known how the registrations ended that earlier runs left open, and gives those that
/// may still be running. Nothing is written.
pub async fn settle<E: Effects>(
    plan: &ReadyPlan,
    effects: &E,
    open: Vec<OpenRegistration>,
    options: &ApplyOptions,
    cancel: &CancelSignal,
) -> Vec<OpenRegistration> {
    let context = RunContext {
        plan,
        effects,
        options,
        cancel,
        mark: None,
        begun: Instant::now(),
    };
    let watching = open.iter().map(|open| async move {
        let can = &context.facts(open.id.side)?.capabilities;
        let expected = open.before.as_ref().map(|(before, has_ui)| Expectation {
            has_ui: *has_ui,
            named: true,
            can,
            before,
        });
        let traced = expected.filter(Expectation::leaves_trace);
        let (side, package) = (open.id.side, &open.package);
        let ended = watch(context, side, package, traced.as_ref(), (open.age, LOOK)).await;
        (ended == Watched::Unknown).then(|| open.clone())
    });
    let settled = futures::future::join_all(watching);
    match context.within_grace(settled).await {
        Some(unknown) => unknown.into_iter().flatten().collect(),
        None => open,
    }
}

struct Run<'a, 'o, E> {
    context: RunContext<'a, E>,
    emitter: EventEmitter<'o>,
    guard: VariableGuard<'a, E>,
}

/// What the last look showed.
#[derive(Default)]
struct FinalReadings {
    variable: Option<VariableResult>,
    changes: Vec<VariableDiff>,
    /// None where the run was interrupted before it was asked.
    damage: Option<OtherSideDamage>,
}

impl<'a, E: Effects> Run<'a, '_, E> {
    async fn carry_out(&mut self) -> ApplyReport {
        let variable = self.variable().await;
        let stopped = self.cause_to_stop(&variable);
        let other_side = if stopped.is_some() {
            OtherSide::unknown(self.context)
        } else {
            let before = OtherSide::before(self.context);
            let before = self.context.within_grace(before).await;
            before.unwrap_or_else(|| OtherSide::unknown(self.context))
        };
        let emitter = &mut self.emitter;
        let registrations =
            Coordinator::carry_out(self.context, emitter, &other_side, stopped).await;
        let look = self
            .read_final_state(&variable, &registrations, &other_side)
            .await;
        self.report(variable, registrations, look)
    }

    async fn variable(&mut self) -> VariableResult {
        let is_stopped = self.context.cancel.cause().is_some() || self.context.is_over();
        let result = if is_stopped && self.context.plan.variable.writes() {
            None
        } else {
            let setting = self.guard.set(&mut self.emitter);
            self.context.within_grace(setting).await
        };
        let result = result.unwrap_or_else(|| VariableResult::Failed {
            failure: not_asked(),
        });
        self.emitter.emit(&Event::VariableFinished(result.clone()));
        result
    }

    /// Why nothing may be registered, where that is so.
    fn cause_to_stop(&self, variable: &VariableResult) -> Option<StopCause> {
        if let Some(signal) = self.context.cancel.cause() {
            return Some(signal.into());
        }
        if self.context.is_over() {
            return Some(StopCause::Deadline);
        }
        if let Some(error) = self.emitter.failure() {
            return Some(StopCause::Journal(error.clone()));
        }
        match variable {
            VariableResult::Unchanged { .. }
            | VariableResult::Created { .. }
            | VariableResult::Updated { .. }
            | VariableResult::Undecided { .. } => None,
            VariableResult::Drifted { .. }
            | VariableResult::Failed { .. }
            | VariableResult::NoEffect { .. } => Some(StopCause::Variable),
        }
    }

    /// The variable again, the other variables, the other side's pages; only where something was
    /// written.
    async fn read_final_state(
        &mut self,
        variable: &VariableResult,
        registrations: &CoordinatorReport,
        other_side: &OtherSide<'a, E>,
    ) -> FinalReadings {
        let sent: BTreeSet<&StepId> = registrations
            .results
            .iter()
            .filter(|result| result.attempts > 0)
            .map(|result| &result.id)
            .collect();
        if sent.is_empty() && !variable.is_written() {
            return FinalReadings::default();
        }
        let steps = self.context.plan.steps.iter();
        let sent: Vec<&Step> = steps.filter(|step| sent.contains(&step.id)).collect();
        let (guard, emitter) = (&mut self.guard, &mut self.emitter);
        let context = self.context;
        let looking = async {
            let read = read_variables(context).await;
            let settled = match read.get(&Side::New) {
                Some(Ok(all)) => Some(guard.verify(variable.clone(), all, emitter).await),
                Some(Err(failure)) => guard.unverified(variable, failure.clone()),
                None => None,
            };
            let after = (settled, changed(context.plan, &read, &sent));
            let sent: Vec<_> = sent
                .iter()
                .map(|step| SentStep {
                    step,
                    listed: registrations.listed.get(&step.id),
                })
                .collect();
            FinalReadings {
                variable: after.0,
                changes: after.1,
                damage: Some(other_side.after(&sent).await),
            }
        };
        let look = context.within_grace(looking).await.unwrap_or_default();
        if let Some(result) = look.variable.as_ref().filter(|result| *result != variable) {
            self.emitter.emit(&Event::VariableFinished(result.clone()));
        }
        let broken = look.damage.iter().flat_map(|damage| &damage.broken);
        for page in broken {
            if !registrations.damage.broken.contains(page) {
                self.emitter.emit(&Event::PageBroken(page.clone()));
            }
        }
        look
    }

    fn report(
        &self,
        variable: VariableResult,
        registrations: CoordinatorReport,
        look: FinalReadings,
    ) -> ApplyReport {
        let plan = self.context.plan;
        let measured = Measurements {
            parallel: self.context.options.parallel,
            peak: registrations.peak,
            wall: registrations.wall,
        };
        let schedule = stats(plan, &registrations.results, measured);
        let mut packages = registrations.results;
        packages.extend(plan.skipped.iter().map(skipped));
        packages
            .sort_by(|a, b| (&a.id, &a.version, &a.package).cmp(&(&b.id, &b.version, &b.package)));
        let stopped = registrations.stopped.or_else(|| {
            let journal = self.emitter.failure().cloned();
            journal.map(StopCause::Journal)
        });
        let damage = match look.damage {
            Some(later) => registrations.damage.followed_by(later),
            None => registrations.damage,
        };
        ApplyReport {
            packages,
            variable: look.variable.unwrap_or(variable),
            variable_changes: look.changes,
            broken: damage.broken,
            unasked: damage.unasked,
            stopped,
            schedule,
        }
    }
}

fn skipped(left: &SkippedPackage) -> PackageResult {
    PackageResult {
        id: StepId {
            side: left.side,
            name: left.name.clone(),
        },
        version: left.version.clone(),
        package: left.package.clone(),
        result: if left.reason.is_blocking() {
            StepResult::Blocked(left.reason.clone())
        } else {
            StepResult::Skipped(left.reason.clone())
        },
        attempts: 0,
        duration: std::time::Duration::ZERO,
        reading_age: None,
    }
}

/// The variables of each database that may have changed, and of the new side, whose variable the run
/// sets.
async fn read_variables<E: Effects>(context: RunContext<'_, E>) -> Variables {
    let plan = context.plan;
    let new = plan.new.as_ref().map(|_| Side::New);
    let sides: BTreeSet<Side> = plan.variables_before.keys().copied().chain(new).collect();
    let reads = sides
        .into_iter()
        .map(|side| async move { (side, read_side(context, side).await) });
    futures::future::join_all(reads).await.into_iter().collect()
}

/// Variables as they are at the end, or why they could not be read.
type Variables = BTreeMap<Side, Result<Vec<SystemVariable>, ReadFailure>>;

async fn read_side<E: Effects>(
    context: RunContext<'_, E>,
    side: Side,
) -> Result<Vec<SystemVariable>, ReadFailure> {
    let mut poll = context.poll();
    loop {
        match context.effects.variables(side).await {
            Ok(all) => return Ok(all),
            Err(failure) => {
                let again = may_pass(failure.kind);
                if !again || !poll.again(context.options.proof.page_grace).await {
                    return Err(failure);
                }
            }
        }
    }
}

/// On a shared database a registration through either side switches the one row; else each side's own.
fn changed(plan: &Plan, now: &Variables, sent: &[&Step]) -> Vec<VariableDiff> {
    let shared = matches!(plan.relation, DatabaseRelation::Shared { .. });
    let of_side = |(side, before): (&Side, &Vec<SystemVariable>)| {
        let Some(Ok(after)) = now.get(side) else {
            return Vec::new();
        };
        let steps = sent.iter().copied();
        let steps = steps.filter(|step| shared || step.id.side == *side);
        changes(*side, before, after, steps)
    };
    plan.variables_before.iter().flat_map(of_side).collect()
}
