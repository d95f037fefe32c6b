//! The plan itself: each written side settled, its registers turned into steps, the steps put in
//! order.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use super::builder::PlanBuilder;
use super::candidate::{Candidate, PageCheck};
use super::context::PlanContext;
use super::dependencies::OnlyRegistered;
use super::forecast::forecast;
use super::graph;
use super::model::{
    DatabaseRelation, NotServed, Plan, PlanInput, SkippedPackage, Step, StepId, VariablePlan,
};
use super::notices;
use super::pages::{not_served, size};
use super::reason::SkipReason;
use super::relation::{facts, refusals};
use super::resolve::{resolve, resolve_from};
use super::variable;
use super::view::SideView;
use crate::domain::{Inventory, PluginName, Side, SystemVariable, Version};

/// How long a registration with UI takes, alone and with one static host
/// (`docs/platform/concurrency.md#measured-rates`). The number of hosts is unknown, and the same for all.
const WITH_UI: Duration = Duration::from_secs(1);
/// The same without UI.
const WITHOUT_UI: Duration = Duration::from_millis(5);

/// Makes the plan. With no new instance and a `target` it is [`forecast`].
pub fn plan(input: PlanInput<'_>) -> Plan {
    if let (None, Some(old), Some(_)) = (input.new, input.old, &input.options.target) {
        return forecast(old, input.options);
    }
    let context = PlanContext::new(input);
    let mut builder = PlanBuilder::default();
    let mut only_registered = OnlyRegistered::new();
    for view in context.written() {
        if let Some(failure) = view.inventory.packages.failure() {
            let reason = SkipReason::Unreadable {
                failure: failure.clone(),
            };
            builder
                .skipped
                .extend(of_what_the_other_runs(&context, view, |_| reason.clone()));
            continue;
        }
        if !context.is_shared() {
            only_registered.clear();
        }
        let resolved = resolve(&context.choice(view, &only_registered, PageCheck::Observed));
        let absent = not_on_this_side(&context, view);
        only_registered.clone_from(&resolved.only_registered);
        builder.take(&context, view, resolved);
        builder.skipped.extend(absent);
    }
    finish(builder, &context, variable::variable(input))
}

/// The plan of one registration by hand (`plugin register NAME [VERSION]`): the same predictions, side
/// effects and proof, whatever the pages look like. Without a version it is the one that runs, else
/// the only one there is; a package that was just uploaded is taken too.
pub fn plan_register(input: PlanInput<'_>, id: &StepId, version: Option<&Version>) -> Plan {
    let context = PlanContext::new(input);
    let mut builder = PlanBuilder::default();
    let only_registered = OnlyRegistered::new();
    if let Some(view) = context.view(id.side) {
        let choice = context.choice(view, &only_registered, PageCheck::Observed);
        let mut found = false;
        let plugins = view.plugins.iter();
        let candidates = plugins.map(|(name, plugin)| {
            if **name != id.name {
                return Candidate::Absent;
            }
            found = true;
            choice.named(name, plugin, version)
        });
        let candidates = candidates.collect();
        builder.take(&context, view, resolve_from(&choice, candidates));
        if !found {
            builder.skipped.push(unknown_name(view, id, version));
        }
    }
    finish(builder, &context, variable::not_asked(input))
}

fn unknown_name(view: &SideView<'_>, id: &StepId, version: Option<&Version>) -> SkippedPackage {
    let reason = match view.inventory.packages.failure() {
        Some(failure) => SkipReason::Unreadable {
            failure: failure.clone(),
        },
        None => SkipReason::VersionUnclear {
            running: Vec::new(),
            shown: None,
            picked: version.cloned(),
        },
    };
    SkippedPackage {
        side: id.side,
        name: id.name.clone(),
        version: version.cloned(),
        package: None,
        reason,
    }
}

/// What runs on the old side and is not active on a new side with a database of its own.
fn not_on_this_side(context: &PlanContext<'_>, view: &SideView<'_>) -> Vec<SkippedPackage> {
    if view.side != Side::New || context.is_shared() {
        return Vec::new();
    }
    let missing = |name: &PluginName| {
        let here = view.plugins.get(name);
        here.is_none_or(|plugin| plugin.running.is_empty() && plugin.active().next().is_none())
    };
    let all = of_what_the_other_runs(context, view, |other_runs| SkipReason::NotOnThisSide {
        other_runs: other_runs.clone(),
    });
    all.into_iter().filter(|left| missing(&left.name)).collect()
}

fn of_what_the_other_runs(
    context: &PlanContext<'_>,
    view: &SideView<'_>,
    reason: impl Fn(&Version) -> SkipReason,
) -> Vec<SkippedPackage> {
    let Some(other) = context.view(view.side.other()) else {
        return Vec::new();
    };
    let rule = other.capabilities.version_rule;
    let running = other.plugins.iter().filter_map(|(name, plugin)| {
        let version = rule.newest(plugin.running_versions())?;
        Some((*name, version))
    });
    running
        .map(|(name, version)| SkippedPackage {
            side: view.side,
            name: name.clone(),
            version: None,
            package: None,
            reason: if context.selection.takes(name) {
                reason(version)
            } else {
                SkipReason::Excluded
            },
        })
        .collect()
}

fn finish(builder: PlanBuilder, context: &PlanContext<'_>, variable: VariablePlan) -> Plan {
    let notices = notices::notices(context, &builder);
    let steps = in_order(builder.steps);
    let mut skipped = builder.skipped;
    skipped.sort_by(|left, right| (left.side, &left.name).cmp(&(right.side, &right.name)));
    Plan {
        new: context.input.new.map(facts),
        old: context.input.old.map(facts),
        relation: context.relation.clone(),
        refusals: refusals(context.input, &context.relation, &variable),
        variable,
        canary: canary(context, &steps),
        not_served: files_not_served(context, &steps, &skipped),
        steps,
        skipped,
        notices,
        variables_before: variables_before(context),
    }
}

fn files_not_served(
    context: &PlanContext<'_>,
    steps: &[Step],
    skipped: &[SkippedPackage],
) -> BTreeMap<StepId, Vec<NotServed>> {
    let steps = steps
        .iter()
        .map(|step| (step.id.clone(), Some(&step.version)));
    let blocked = skipped.iter().filter(|left| left.reason.is_blocking());
    let blocked = blocked.map(|left| {
        let id = StepId {
            side: left.side,
            name: left.name.clone(),
        };
        (id, left.version.as_ref())
    });
    let files = steps.chain(blocked).filter_map(|(id, version)| {
        let files = not_served(context.view(id.side)?, &id.name, version);
        (!files.is_empty()).then_some((id, files))
    });
    files.collect()
}

/// Gives each step its priority and puts the steps in an order in which they can be carried out one
/// by one.
fn in_order(mut steps: Vec<Step>) -> Vec<Step> {
    // Listed are the new side first, then the longest chain, then by name.
    steps.sort_by(|left, right| left.id.name.cmp(&right.id.name));
    let edges = step_edges(&steps);
    let work: Vec<Duration> = steps.iter().map(Step::usual).collect();
    let chains = graph::longest_chains(&edges, &work);
    let sides = steps.iter().map(|step| step.id.side);
    let ranks: Vec<(Side, Duration)> = sides.zip(chains.iter().copied()).collect();
    let order = graph::listed(&edges, &ranks);
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|n| {
            let mut step = steps[n].take()?;
            step.priority = chains[n];
            Some(step)
        })
        .collect()
}

/// For each step, the numbers of the steps that it waits for.
fn step_edges(steps: &[Step]) -> Vec<Vec<usize>> {
    let numbers: BTreeMap<&StepId, usize> = steps
        .iter()
        .zip(0..)
        .map(|(step, n)| (&step.id, n))
        .collect();
    let before = |step: &Step| {
        step.after
            .iter()
            .filter_map(|id| numbers.get(id).copied())
            .collect()
    };
    steps.iter().map(before).collect()
}

impl Step {
    /// How long its registration takes if nothing else is known.
    pub fn usual(&self) -> Duration {
        if self.has_ui { WITH_UI } else { WITHOUT_UI }
    }
}

impl Plan {
    /// For each step, in their order, the longest sum of durations from it along the steps that wait.
    pub fn chains(&self, duration: impl Fn(&Step) -> Duration) -> Vec<Duration> {
        let durations: Vec<_> = self.steps.iter().map(duration).collect();
        graph::longest_chains(&step_edges(&self.steps), &durations)
    }
}

/// The smallest plugin with UI that waits for nothing, on the side that is written first. Its size
/// is the number of its rows, on the other side if its own lists none.
fn canary(context: &PlanContext<'_>, steps: &[Step]) -> Option<StepId> {
    let can = |step: &&Step| step.has_ui && step.after.is_empty();
    let rows = |step: &Step| {
        let of = |side| {
            context
                .view(side)
                .map_or(0, |view| size(view, &step.id.name, &step.version))
        };
        match of(step.id.side) {
            0 => match of(step.id.side.other()) {
                0 => usize::MAX,
                known => known,
            },
            known => known,
        }
    };
    let smallest = steps
        .iter()
        .filter(can)
        .min_by_key(|step| (Reverse(step.id.side), rows(step), &step.id.name))?;
    Some(smallest.id.clone())
}

/// The variables of each database that may change. Where both sides share it, one look tells all.
fn variables_before(context: &PlanContext<'_>) -> BTreeMap<Side, Vec<SystemVariable>> {
    let mut sides: Vec<&Inventory> = match context.relation {
        DatabaseRelation::Shared { .. } => context.input.new.into_iter().collect(),
        _ => context.written().map(|view| view.inventory).collect(),
    };
    sides.sort_by_key(|side| side.side());
    let snapshots = sides.into_iter().filter_map(|side| {
        let mut rows = side.variables.known()?.clone();
        rows.sort();
        Some((side.side(), rows))
    });
    snapshots.collect()
}
