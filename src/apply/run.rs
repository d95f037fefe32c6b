//! A run from its first write to its report: the variable, the registers, the last look.

use std::collections::{BTreeMap, BTreeSet};

use tokio::time::Instant;

use super::call::may_pass;
use super::cancel::CancelSignal;
use super::changes::changes;
use super::effects::Effects;
use super::figures::{Measured, figures};
use super::ground::Ground;
use super::interrupt::bounded;
use super::model::{
    ApplyReport, Event, EventSink, PackageResult, StepResult, StopCause, VariableChange,
    VariableResult,
};
use super::options::ApplyOptions;
use super::other_side::{Aftermath, OtherSide, Sent};
use super::outlet::Outlet;
use super::poll::Poll;
use super::registers::{Around, Registered, Registers};
use super::variable::{Keeper, not_asked};
use crate::domain::{ReadFailure, Side, SystemVariable};
use crate::plan::{LeftOut, Plan, Relation, Step, StepId};

/// Carries out a plan and says what became of every package of it.
///
/// First the variable (where it cannot be set, nothing is registered), then the canary alone, then
/// the rest; at the end the variable and, on a shared database, the other side's pages once more.
/// Every register and every write of the variable is told to `sink` before it leaves; where that
/// fails, it does not leave. The report is complete whatever happens, an interruption included.
pub async fn run<E: Effects>(
    plan: &Plan,
    effects: &E,
    options: &ApplyOptions,
    sink: &mut dyn EventSink,
    cancel: CancelSignal,
) -> ApplyReport {
    let ground = Ground {
        plan,
        effects,
        options,
    };
    let mut run = Run {
        ground,
        outlet: Outlet::new(sink),
        cancel,
        keeper: Keeper::new(ground),
        begun: Instant::now(),
    };
    run.carry_out().await
}

struct Run<'a, 'o, E> {
    ground: Ground<'a, E>,
    outlet: Outlet<'o>,
    cancel: CancelSignal,
    keeper: Keeper<'a, E>,
    begun: Instant,
}

/// What the last look showed.
#[derive(Default)]
struct LastLook {
    variable: Option<VariableResult>,
    changes: Vec<VariableChange>,
    /// None where the run was interrupted before it was asked.
    aftermath: Option<Aftermath>,
}

impl<'a, E: Effects> Run<'a, '_, E> {
    async fn carry_out(&mut self) -> ApplyReport {
        let unsafe_plan = !self.ground.plan.refusals.is_empty();
        let variable = if unsafe_plan {
            VariableResult::Unchanged { row: None }
        } else {
            self.variable().await
        };
        let stopped = if unsafe_plan {
            Some(StopCause::Unsafe)
        } else {
            self.cause_to_stop(&variable)
        };
        let other_side = if stopped.is_some() {
            OtherSide::unknown(self.ground)
        } else {
            let grace = self.ground.options.interrupt_grace;
            bounded(&self.cancel, grace, OtherSide::before(self.ground))
                .await
                .unwrap_or_else(|| OtherSide::unknown(self.ground))
        };
        let around = Around {
            outlet: &mut self.outlet,
            cancel: &self.cancel,
            other_side: &other_side,
            begun: self.begun,
        };
        let registered = Registers::carry_out(self.ground, around, stopped).await;
        let look = self
            .look_once_more(&variable, &registered, &other_side)
            .await;
        self.report(variable, registered, look)
    }

    async fn variable(&mut self) -> VariableResult {
        let grace = self.ground.options.interrupt_grace;
        let result = if self.cancel.cause().is_some() && self.ground.plan.variable.writes() {
            None
        } else {
            bounded(&self.cancel, grace, self.keeper.set(&mut self.outlet)).await
        };
        let result = result.unwrap_or_else(|| VariableResult::Failed {
            failure: not_asked(),
        });
        self.outlet.tell(&Event::VariableSettled(result.clone()));
        result
    }

    /// Why nothing may be registered, where that is so.
    fn cause_to_stop(&self, variable: &VariableResult) -> Option<StopCause> {
        if let Some(signal) = self.cancel.cause() {
            return Some(signal.into());
        }
        if let Some(error) = self.outlet.broken() {
            return Some(StopCause::Journal(error.clone()));
        }
        match variable {
            VariableResult::Unchanged { .. }
            | VariableResult::Created { .. }
            | VariableResult::Updated { .. } => None,
            VariableResult::Drifted { .. }
            | VariableResult::Failed { .. }
            | VariableResult::NoEffect { .. } => Some(StopCause::Variable),
        }
    }

    /// The variable again, the other variables, the other side's pages; only where something was
    /// written.
    async fn look_once_more(
        &mut self,
        variable: &VariableResult,
        registered: &Registered,
        other_side: &OtherSide<'a, E>,
    ) -> LastLook {
        let sent: BTreeSet<&StepId> = registered
            .results
            .iter()
            .filter(|result| result.attempts > 0)
            .map(|result| &result.id)
            .collect();
        if sent.is_empty() && !variable.is_written() {
            return LastLook::default();
        }
        let steps = self.ground.plan.steps.iter();
        let sent: Vec<&Step> = steps.filter(|step| sent.contains(&step.id)).collect();
        let cancel = self.cancel.clone();
        let grace = self.ground.options.interrupt_grace;
        let (keeper, outlet) = (&mut self.keeper, &mut self.outlet);
        let ground = self.ground;
        let looking = async {
            let read = read_variables(ground).await;
            let settled = match read.get(&Side::New) {
                Some(Ok(all)) => Some(keeper.verify(variable.clone(), all, outlet).await),
                Some(Err(failure)) => keeper.unverified(variable, failure.clone()),
                None => None,
            };
            let after = (settled, changed(ground.plan, &read, &sent));
            let sent: Vec<_> = sent
                .iter()
                .map(|step| Sent {
                    step,
                    listed: registered.listed.get(&step.id),
                })
                .collect();
            LastLook {
                variable: after.0,
                changes: after.1,
                aftermath: Some(other_side.after(&sent).await),
            }
        };
        let look = bounded(&cancel, grace, looking).await.unwrap_or_default();
        if let Some(result) = look.variable.as_ref().filter(|result| *result != variable) {
            self.outlet.tell(&Event::VariableSettled(result.clone()));
        }
        let broken = look
            .aftermath
            .iter()
            .flat_map(|aftermath| &aftermath.broken);
        for page in broken {
            if !registered.aftermath.broken.contains(page) {
                self.outlet.tell(&Event::Broke(page.clone()));
            }
        }
        look
    }

    fn report(
        &self,
        variable: VariableResult,
        registered: Registered,
        look: LastLook,
    ) -> ApplyReport {
        let plan = self.ground.plan;
        let measured = Measured {
            parallel: self.ground.options.parallel,
            peak: registered.peak,
            wall: registered.wall,
        };
        let schedule = figures(plan, &registered.results, measured);
        let mut packages = registered.results;
        packages.extend(plan.left_out.iter().map(left_out));
        packages
            .sort_by(|a, b| (&a.id, &a.version, &a.package).cmp(&(&b.id, &b.version, &b.package)));
        let stopped = registered.stopped.or_else(|| {
            let journal = self.outlet.broken().cloned();
            journal.map(StopCause::Journal)
        });
        let aftermath = match look.aftermath {
            Some(later) => registered.aftermath.followed_by(later),
            None => registered.aftermath,
        };
        ApplyReport {
            packages,
            variable: look.variable.unwrap_or(variable),
            variable_changes: look.changes,
            broken: aftermath.broken,
            unasked: aftermath.unasked,
            stopped,
            schedule,
        }
    }
}

fn left_out(left: &LeftOut) -> PackageResult {
    PackageResult {
        id: StepId {
            side: left.side,
            name: left.name.clone(),
        },
        version: left.version.clone(),
        package: left.package.clone(),
        result: if left.reason.needs_a_person() {
            StepResult::Blocked(left.reason.clone())
        } else {
            StepResult::Skipped(left.reason.clone())
        },
        attempts: 0,
        duration: std::time::Duration::ZERO,
    }
}

/// The variables of each database that may have changed, and of the new side, whose variable the run
/// sets.
async fn read_variables<E: Effects>(ground: Ground<'_, E>) -> Variables {
    let plan = ground.plan;
    let new = plan.new.as_ref().map(|_| Side::New);
    let sides: BTreeSet<Side> = plan.variables_before.keys().copied().chain(new).collect();
    let reads = sides
        .into_iter()
        .map(|side| async move { (side, read_side(ground, side).await) });
    futures::future::join_all(reads).await.into_iter().collect()
}

/// Variables as they are at the end, or why they could not be read.
type Variables = BTreeMap<Side, Result<Vec<SystemVariable>, ReadFailure>>;

async fn read_side<E: Effects>(
    ground: Ground<'_, E>,
    side: Side,
) -> Result<Vec<SystemVariable>, ReadFailure> {
    let mut poll = Poll::new(&ground.options.proof);
    loop {
        match ground.effects.variables(side).await {
            Ok(all) => return Ok(all),
            Err(failure) => {
                let again = may_pass(failure.kind);
                if !again || !poll.again(ground.options.proof.page_grace).await {
                    return Err(failure);
                }
            }
        }
    }
}

/// On a shared database a register through either side switches the one row; else each side's own.
fn changed(plan: &Plan, now: &Variables, sent: &[&Step]) -> Vec<VariableChange> {
    let shared = matches!(plan.relation, Relation::Shared { .. });
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
