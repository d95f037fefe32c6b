//! `apply`: the main job.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use super::args::ApplyArgs;
use super::context::Context;
use super::job::{self, Inventories};
use super::session::{self, Session};
use super::{check_cache, html, runtime, state};
use crate::apply::{
    self, ApplyOptions, ApplyReport, CancelSignal, Effects as _, EventSink, FanOut,
    OpenRegistration, RetryLimits, RunMark, Signal, StopCause,
};
use crate::compare::{Aspect, AspectResult, Comparison, PluginRow, State};
use crate::confirm::Confirmation;
use crate::domain::{Address, PluginName, RUN_MARK, Side};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::{DatabaseRelation, NotReady, Obstacle, Plan, ReadyPlan, SkipReason};
use crate::platform::routes_to_come;
use crate::poll::Poll;
use crate::report::{PlanReport, RunReport};
use crate::settings::{Settings, show_duration};

/// Carries the plan out.
pub(super) fn run(args: ApplyArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let settings = context.settings(args.connect, Some(args.select))?;
    session::require_new(&settings)?;
    let how = RunOptions {
        command: "apply",
        yes: args.yes,
        report: args.report.as_deref(),
        options: None,
    };
    runtime::block_on(async {
        let session = Session::connect(settings, context).await?;
        let seen = Inventories::observe(&session).await?;
        let plan = job::make_plan(&session, &seen, context)?;
        carry_out(&session, &seen, plan, &how, context).await
    })
}

/// How a plan is carried out.
pub(super) struct RunOptions<'a> {
    /// The command, for the journal and JSON.
    pub(super) command: &'static str,
    /// `--yes`.
    pub(super) yes: bool,
    /// `--report`.
    pub(super) report: Option<&'a Path>,
    /// Other waits than those of a run on real platforms (`demo`).
    pub(super) options: Option<ApplyOptions>,
}

/// Shows the plan, asks, carries it out, looks again, reports.
pub(super) async fn carry_out(
    session: &Session,
    seen: &Inventories,
    plan: Plan,
    how: &RunOptions<'_>,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    html::check(how.report)?;
    let plan = &match plan.into_ready() {
        Ok(plan) => plan,
        Err(not_ready) => return not_carried_out(&not_ready, how, context),
    };
    // Without a question to answer the result alone says everything.
    let asks = !how.yes && plan.has_work();
    if asks {
        let preview = PlanReport {
            command: how.command,
            plan,
            outcome: Outcome::Ok,
            is_preview: true,
        };
        context.preview(&preview, true);
    }
    // From here on a signal is the run's own business: what was done has to be said in any case.
    let _shield = runtime::Shield::raise();
    let (done, run, changed) = if plan.has_work() {
        let confirmation = confirm(plan, how.yes, context)?;
        let written = write(session, seen, plan, how, &confirmation, context).await?;
        (written.report, Some(written.run), written.plan)
    } else {
        if how.yes {
            remove_left_marks(session, seen, plan, how, context).await?;
        }
        (only_look(session, plan).await, None, None)
    };
    let plan = changed.as_ref().unwrap_or(plan);
    let ended = apply::outcome(&done);
    let after = if ended.is_signal() || done.stopped == Some(StopCause::Deadline) {
        // Who ends a run does not want to wait for two instances to be read again.
        After::default()
    } else {
        look_again(session, plan, context).await
    };
    let compared = match &after.comparison {
        Some(comparison) => after_comparison(comparison, plan),
        // What could not be compared is not known to be alike.
        None if session.has_both() && !ended.is_signal() && after.interrupted.is_none() => {
            Some(Outcome::Partial)
        }
        None => None,
    };
    let proven = after
        .proven
        .then(|| Plan::clone(plan).with_proven_addresses());
    let plan = proven.as_ref().unwrap_or(plan);
    let outcomes = [Some(ended), compared, after.interrupted];
    let outcome = Outcome::worst(outcomes.into_iter().flatten()).unwrap_or(Outcome::Failed);
    html::conclude(how.report, outcome, context, |outcome| RunReport {
        command: how.command,
        plan,
        report: &done,
        comparison: after.comparison.as_ref(),
        outcome,
        plan_shown: asks,
        run: run.as_deref().filter(|_| how.command != "demo"),
    })
}

/// Removes the marks of runs on this state directory that were killed: nothing is left to do, so no later
/// run of its own would.
async fn remove_left_marks(
    session: &Session,
    seen: &Inventories,
    plan: &ReadyPlan,
    how: &RunOptions<'_>,
    context: &Context<'_>,
) -> Result<(), CommandError> {
    let sides = [&seen.new, &seen.old].into_iter().flatten();
    let rows = sides.flat_map(|side| {
        let rows = side.variables.known().into_iter().flatten();
        rows.map(|row| (side.identity.side, row))
    });
    let marks: Vec<_> = rows.filter(|(_, row)| row.is_run_mark()).collect();
    if marks.is_empty() {
        return Ok(());
    }
    let cores = cores(plan);
    let targets: Vec<_> = cores.iter().map(|(_, core)| core.clone()).collect();
    let named = session.settings.state_dir.clone();
    // While another run on the directory goes on, the mark is that run's.
    let Ok(kept) = state::hold(named, &targets, how.command, context) else {
        return Ok(());
    };
    let owner = kept.owner(cores)?;
    let confirmation = confirm(plan, how.yes, context)?;
    let effects = session.effects(&[Side::New, Side::Old], &confirmation);
    let mut removed = BTreeSet::new();
    for (side, row) in marks {
        if owner.is_of(row) && removed.insert(&row.id) {
            // One that cannot be removed is silent and holds nobody up.
            let _left = effects.delete_variable(side, &row.id).await;
        }
    }
    Ok(())
}

/// A plan without work goes the same way, with nothing that could write.
async fn only_look(session: &Session, plan: &ReadyPlan) -> ApplyReport {
    let effects = session.reads();
    let options = ApplyOptions::default();
    let cancel = CancelSignal::new();
    let listening = tokio::spawn(raise_signals(cancel.clone()));
    let mut unheard = FanOut::new(Vec::new());
    let done = apply::run(plan, &effects, None, &options, &mut unheard, &cancel).await;
    listening.abort();
    done
}

/// Shows why nothing is written.
fn not_carried_out(
    not_ready: &NotReady,
    how: &RunOptions<'_>,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    if let Obstacle::VariableUnreadable(failure) | Obstacle::Unreachable(failure) =
        &not_ready.obstacle
    {
        return Err(failure.clone().into());
    }
    let outcome = not_ready.obstacle.outcome();
    html::conclude(how.report, outcome, context, |outcome| PlanReport {
        command: how.command,
        plan: &not_ready.plan,
        outcome,
        is_preview: false,
    })
}

/// What the look after the run came to.
#[derive(Default)]
struct After {
    /// Addresses that the plan could not tell apart are proven now.
    proven: bool,
    /// Old and new side by side, if both could be read.
    comparison: Option<Comparison>,
    /// The signal that ended it.
    interrupted: Option<Outcome>,
}

/// The comparison after the run. That it could not be made is said.
async fn look_again(session: &Session, plan: &Plan, context: &Context<'_>) -> After {
    if !session.has_both() {
        return After::default();
    }
    let look = async {
        wait_for_routes(session, plan, context).await;
        let again = session.prove_addresses().await?;
        let proven = again.as_ref().is_some_and(Session::is_proven);
        let seen = Inventories::observe_bytes(again.as_ref().unwrap_or(session)).await?;
        Ok((proven, seen.comparison(&[], &[], context)?))
    };
    tokio::select! {
        biased;
        seen = look => {
            if let Err(error) = &seen {
                context.ui.warn(&Text::new("cli-apply-not-compared"));
                context.ui.error(error);
            }
            let (proven, comparison) = seen.ok().unzip();
            After { proven: proven.unwrap_or_default(), comparison, interrupted: None }
        }
        signal = runtime::until_signal() => After { interrupted: Some(signal), ..After::default() },
    }
}

/// Waits for the routes that core offers and the new gateway has not loaded yet, at most `--settle` long: a
/// gateway that was just started loads them within 90 s. What cannot be read is not waited for; the
/// comparison says it.
async fn wait_for_routes(session: &Session, plan: &Plan, context: &Context<'_>) {
    let Ok(reader) = session.reader(Side::New) else {
        return;
    };
    let within = session.settings.settle;
    let mut poll = Poll::new(Duration::from_millis(500), Duration::from_secs(5));
    let mut said = BTreeSet::new();
    while let Ok(mut missing) = routes_to_come(reader).await {
        missing.retain(|name| is_looked_after(plan, name));
        if missing.is_empty() {
            return;
        }
        if missing != said {
            let names: Vec<&str> = missing.iter().map(PluginName::as_str).collect();
            let text = Text::new("cli-apply-settling")
                .count("count", names.len())
                .with("names", names.join(", "))
                .with("within", show_duration(within));
            context.ui.notice(&text);
            said = missing;
        }
        if !poll.again(within).await {
            return;
        }
    }
}

/// What the comparison makes of a run that went well: whether users of the two sides see other pages of
/// a plugin that the run was to look after, or the new gateway has no route to it, or whether something of
/// such a plugin is not known. Running instances are not what a registration changes, and the old gateway
/// drops the route to an instance that was removed when it loads its routes again.
fn after_comparison(comparison: &Comparison, plan: &Plan) -> Option<Outcome> {
    let rows = comparison.plugins.iter();
    let rows: Vec<_> = rows
        .filter(|row| is_looked_after(plan, &row.name))
        .collect();
    let differ = |row: &&PluginRow| {
        let differs = |aspect| row.result(aspect) == AspectResult::Differs;
        let files = differs(Aspect::ResourceFiles) || differs(Aspect::StaticFiles);
        let routed = row.new.cell(Aspect::Route).state != State::Hidden;
        (files && !plan.predicts_loss(Side::Old, &row.name)) || (differs(Aspect::Route) && !routed)
    };
    let unknown = !comparison.unread.is_empty() || rows.iter().any(|row| row.unknowns() > 0);
    if unknown {
        Some(Outcome::Partial)
    } else {
        rows.iter().any(differ).then_some(Outcome::Different)
    }
}

/// Whether the run was to look after a plugin: it is in the plan, and not excluded by hand.
fn is_looked_after(plan: &Plan, name: &PluginName) -> bool {
    let left = plan.skipped.iter();
    let left = left.filter(|left| left.reason != SkipReason::Excluded);
    let steps = plan.steps.iter().map(|step| &step.id.name);
    let mut names = steps.chain(left.map(|left| &left.name));
    names.any(|it| it == name)
}

fn confirm(plan: &Plan, yes: bool, context: &Context<'_>) -> Result<Confirmation, CommandError> {
    let question = Text::new("cli-confirm")
        .count("steps", plan.steps.len())
        .with("instances", written_instances(plan).join(", "));
    context.confirm(&question, yes)
}

/// The sides that the plan writes.
fn written(plan: &Plan) -> Vec<Side> {
    let written = |side: &Side| {
        let by_step = plan.steps.iter().any(|step| step.id.side == *side);
        by_step || (*side == Side::New && plan.variable.writes())
    };
    [Side::New, Side::Old].into_iter().filter(written).collect()
}

/// Side, address and version of each instance that will be written.
fn written_instances(plan: &Plan) -> Vec<String> {
    let facts = |side| {
        if side == Side::New {
            plan.new.as_ref()
        } else {
            plan.old.as_ref()
        }
    };
    written(plan)
        .into_iter()
        .filter_map(|side| {
            let facts = facts(side)?;
            let version = facts
                .version
                .known()
                .map(ToString::to_string)
                .unwrap_or_default();
            Some(
                format!("{side} {} {version}", facts.identity.core)
                    .trim_end()
                    .to_owned(),
            )
        })
        .collect()
}

/// What was carried out.
struct Written {
    report: ApplyReport,
    /// The plan of which, if it is another one than was confirmed.
    plan: Option<ReadyPlan>,
    /// The run in the journal.
    run: String,
}

/// Lock, mark, journal, signals, writes.
async fn write(
    session: &Session,
    seen: &Inventories,
    plan: &ReadyPlan,
    how: &RunOptions<'_>,
    confirmation: &Confirmation,
    context: &Context<'_>,
) -> Result<Written, CommandError> {
    let cores = cores(plan);
    let targets: Vec<_> = cores.iter().map(|(_, core)| core.clone()).collect();
    let named = session.settings.state_dir.clone();
    let kept = state::hold(named, &targets, how.command, context)?;
    // A registration changes nothing of it: the first check need not ask again.
    check_cache::store_declarations(&kept.state, seen, context);
    let effects = session.effects(&written(plan), confirmation);
    let mut options = ApplyOptions {
        earlier: kept.earlier(plan)?,
        stop_at: session.deadline,
        ..how
            .options
            .clone()
            .unwrap_or_else(|| options(&session.settings))
    };
    let owner = kept.owner(cores)?;
    let set = RunMark::set(&effects, &owner, (plan, &marked(plan)), &options).await;
    let (mut mark, of_others) = set?;
    options.earlier.open.extend(of_others);
    let cancel = CancelSignal::new();
    let listening = tokio::spawn(raise_signals(cancel.clone()));
    let working = async {
        let open = std::mem::take(&mut options.earlier.open);
        let open = open.into_iter().filter(|open| concerns(plan, open));
        let open: Vec<_> = open.collect();
        let mut changed = None;
        if !open.is_empty() {
            say_open(&open, context);
            options.earlier.open = apply::settle(plan, &effects, open, &options, &cancel).await;
            // What has come to its end meanwhile is not done again.
            changed = plan_again(session, plan, context).await;
        }
        let plan = changed.as_ref().unwrap_or(plan);
        let mut journal = kept.begin(plan, how.command, context)?;
        let mut progress = context.progress(plan.steps.len());
        let sinks: Vec<&mut dyn EventSink> = vec![&mut journal, progress.as_mut()];
        let mut sinks = FanOut::new(sinks);
        let done = apply::run(plan, &effects, Some(&mark), &options, &mut sinks, &cancel).await;
        drop(progress);
        Ok((done, journal, changed))
    };
    let worked: Result<_, CommandError> = tokio::select! {
        biased;
        worked = working => worked,
        never = mark.keep() => match never {},
    };
    for (side, id) in mark.remove().await {
        let left = Text::new("apply-mark-left").with("name", RUN_MARK);
        context.ui.warn(&left.with("id", id).with("side", side));
    }
    listening.abort();
    let (report, journal, changed) = worked?;
    let run = state::end(journal, &report, apply::outcome(&report), context);
    Ok(Written {
        report,
        plan: changed,
        run,
    })
}

/// Whether the plan would send what an earlier run may still have in flight.
fn concerns(plan: &Plan, open: &OpenRegistration) -> bool {
    let separate = plan.relation == DatabaseRelation::Separate;
    let mut steps = plan.steps.iter().map(|step| &step.id);
    steps.any(|id| id.name == open.id.name && (!separate || id.side == open.id.side))
}

fn say_open(open: &[OpenRegistration], context: &Context<'_>) {
    let names: Vec<&str> = open.iter().map(|open| open.id.name.as_str()).collect();
    let text = Text::new("cli-apply-open").count("count", names.len());
    context.ui.notice(&text.with("names", names.join(", ")));
}

/// The plan as of now, if it does nothing beyond the one that was confirmed.
async fn plan_again(
    session: &Session,
    confirmed: &Plan,
    context: &Context<'_>,
) -> Option<ReadyPlan> {
    let seen = Inventories::observe(session).await.ok()?;
    let now = job::make_plan(session, &seen, context).ok()?;
    let now = now.into_ready().ok()?;
    now.is_within(confirmed).then_some(now)
}

/// Times and bounds as the settings have them.
pub(super) fn options(settings: &Settings) -> ApplyOptions {
    let usual = ApplyOptions::default();
    ApplyOptions {
        parallel: settings.parallel,
        unknown_after: settings.unknown_after,
        retry: RetryLimits {
            outage: usual.retry.outage.min(settings.unknown_after),
            ..usual.retry
        },
        ..usual
    }
}

/// Core of each side whose rows or files the run may change.
fn cores(plan: &Plan) -> Vec<(Side, Address)> {
    let separate = plan.relation == DatabaseRelation::Separate;
    let written = written(plan);
    let facts = [&plan.new, &plan.old].into_iter().flatten();
    let sides = facts.map(|facts| (facts.identity.side, facts.identity.core.clone()));
    sides
        .filter(|(side, _)| !separate || written.contains(side))
        .collect()
}

/// The sides through which the run sets its mark: one per database that it writes.
fn marked(plan: &Plan) -> Vec<Side> {
    let mut sides = written(plan);
    if matches!(plan.relation, DatabaseRelation::Shared { .. }) {
        sides.truncate(1);
    }
    sides
}

/// Hands SIGINT and SIGTERM on: the first lets calls in flight end, the second does not wait.
async fn raise_signals(cancel: CancelSignal) {
    loop {
        match runtime::until_signal().await {
            Outcome::Terminated => cancel.raise(Signal::Terminate),
            _ => cancel.raise(Signal::Interrupt),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare;
    use crate::compare::testing::{failure, new_side, old_side};
    use crate::domain::Inventory;

    /// A plan that looks after the named plugins and does nothing.
    fn plan_of(names: &[&str]) -> Plan {
        let mut plan = crate::apply::testing::PlanOf::steps(Vec::new());
        plan.skipped = names
            .iter()
            .map(|name| crate::plan::SkippedPackage {
                side: Side::New,
                name: PluginName::new(*name),
                version: None,
                package: None,
                reason: SkipReason::AlreadyVisible,
            })
            .collect();
        plan
    }

    #[test]
    fn nothing_unknown_is_well() {
        type Change = fn(&mut Inventory);
        let unread: Change = |it| it.resource_files = crate::domain::Reading::Unknown(failure());
        let unproven: Change = |it| it.unproven = vec![failure()];
        let same: Change = |_| {};
        for (old, new, expected) in [
            (same, same, None),
            (same, unread, Some(Outcome::Partial)),
            (unread, same, Some(Outcome::Partial)),
            (same, unproven, Some(Outcome::Partial)),
            (unproven, same, Some(Outcome::Partial)),
        ] {
            let (mut old_side, mut new_side) = (old_side(), new_side());
            old(&mut old_side);
            new(&mut new_side);
            let comparison = compare(&old_side, &new_side);
            let names: Vec<_> = comparison
                .plugins
                .iter()
                .map(|row| row.name.as_str())
                .collect();
            assert_eq!(after_comparison(&comparison, &plan_of(&names)), expected);
        }
    }
}
