//! `deploy up` and `deploy down`.

use std::time::Duration;

use clap::Args;

use super::errors::{DeployStopped, interrupted};
use super::lint::check_gate;
use super::session::{DeploySession, DeploymentArgs, EngineArgs};
use super::status::parse_balancer;
use crate::cli::context::Context;
use crate::cli::errors::CliError;
use crate::cli::runtime;
use crate::confirm::Confirmation;
use crate::deploy::env::Service;
use crate::deploy::up::record::{
    RecordFile, ReplacedContainer, recorded_containers, remove_container,
};
use crate::deploy::up::{
    ComponentPlan, StartAction, StartEvent, StartPlan, StartReport, WaitLimits, roll_back, start,
    stop_replaced,
};
use crate::domain::Address;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::platform::{Health, HealthAnswer, HealthQuestion, Trust};
use crate::report::deploy::{removed_table, rolled_back_table, start_outcome, start_table};
use crate::settings::parse_duration;
use crate::ui::Answer;

/// Pause between two observations of a container.
const INTERVAL: Duration = Duration::from_millis(700);
/// After this, a container that cannot start has ended.
const SETTLE: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, Args)]
pub(crate) struct UpArgs {
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) deployment: DeploymentArgs,
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    pub(crate) wait: String,
    #[arg(long, requires = "replace")]
    pub(crate) in_place: bool,
    #[arg(long, value_name = "NAME", requires = "in_place")]
    pub(crate) replace: Vec<String>,
    #[arg(long, requires = "in_place")]
    pub(crate) old_orchestrations_lost: bool,
    #[arg(long, value_name = "CODE")]
    pub(crate) accept_finding: Vec<String>,
    #[arg(long, value_name = "URL")]
    pub(crate) balancer: Option<String>,
    #[arg(short, long)]
    pub(crate) yes: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct DownArgs {
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) deployment: DeploymentArgs,
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// Runs `deploy up`.
pub(super) fn up(args: &UpArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    runtime::block_on_told(start_all(args, context), interrupted)
}

async fn start_all(args: &UpArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let limits = wait_limits(&args.wait)?;
    let balancer = parse_balancer(args.balancer.as_deref())?;
    let session = DeploySession::open(&args.engine, &args.deployment, context).await?;
    let is_local = session.facts.is_local();
    check_gate(&args.accept_finding, &args.replace, None, is_local, context)?;
    let plan = session.prepare(&args.replace).await?;
    let confirmation = confirm(args, &plan, context)?;
    let record = session.record(context)?;
    let report = run_start(&session, &plan, &record, limits, &confirmation, context).await?;
    let good = start_outcome(&report).code() == 0;
    let balancer = match balancer {
        Some(address) if good => {
            let answer = ask_balancer(&address, &plan).await;
            Some((address, answer))
        }
        _ => None,
    };
    let ended = context.show_table(&start_table("deploy up", &report, &plan, balancer.as_ref()))?;
    if !plan.replaced.is_empty() {
        let flags = session.deployment.flags();
        context
            .ui
            .notice(&Text::new("deploy-rollback-hint").with("flags", flags));
    }
    let by_name = plan.replaced.iter().take(plan.by_name);
    say_restore_commands(by_name.map(ReplacedContainer::of), &session, context);
    match report.record_failed {
        Some(error) => Err(error.into()),
        None => Ok(ended),
    }
}

async fn ask_balancer(address: &Address, plan: &StartPlan) -> HealthAnswer {
    let core = plan.units.iter().find(|it| it.component == Service::Core);
    let key = core.and_then(ComponentPlan::key);
    match Health::new(address, &Trust::SYSTEM, key) {
        Ok(health) => health.ask(HealthQuestion::Through).await,
        Err(error) => HealthAnswer::Silent(error.into()),
    }
}

/// The limits of `--wait`.
pub(super) fn wait_limits(wait: &str) -> Result<WaitLimits, CommandError> {
    Ok(WaitLimits {
        per_container: parse_duration("--wait", wait)?,
        interval: INTERVAL,
    })
}

/// Stops replaced containers and starts the components.
pub(super) async fn run_start(
    session: &DeploySession,
    plan: &StartPlan,
    record: &RecordFile,
    limits: WaitLimits,
    confirmation: &Confirmation,
    context: &Context<'_>,
) -> Result<StartReport, CommandError> {
    let (engine, compose) = (&session.engine, &session.compose);
    let mut on_event = |event: StartEvent| context.ui.notice(&event.message());
    stop_replaced(engine, plan, record, confirmation, &mut on_event).await?;
    let started = start(
        engine,
        compose,
        plan,
        record,
        limits,
        confirmation,
        &mut on_event,
    );
    Ok(started.await)
}

/// Names of the containers that a start changes.
pub(super) fn changed_containers(plan: &StartPlan) -> Vec<String> {
    let units = plan.units.iter();
    units
        .filter(|unit| unit.action != StartAction::Keep)
        .map(ComponentPlan::container_name)
        .collect()
}

fn confirm(
    args: &UpArgs,
    plan: &StartPlan,
    context: &Context<'_>,
) -> Result<Confirmation, CommandError> {
    let containers = changed_containers(plan);
    let nothing = containers.is_empty();
    let containers = containers.join(", ");
    if plan.replaced.is_empty() {
        let question = Text::new("deploy-up-confirm").with("containers", containers);
        return context.confirm(&question, args.yes || nothing);
    }
    let old: Vec<&str> = plan.replaced.iter().map(|one| one.name.as_str()).collect();
    if plan.by_name == 0 {
        let question = Text::new("deploy-upgrade-confirm")
            .with("old", old.join(", "))
            .with("containers", containers);
        return context.confirm(&question, args.yes);
    }
    context.ui.warn(&Text::new("deploy-in-place-warning"));
    if args.yes && args.old_orchestrations_lost {
        return Ok(Confirmation::by_flag());
    }
    // `--yes` alone does not confirm this.
    let question = Text::new("deploy-in-place-confirm")
        .with("old", old.join(", "))
        .with("containers", containers);
    match context.ask(&question)? {
        Answer::Yes => Ok(Confirmation::typed()),
        Answer::No => Err(CliError::NotConfirmed.into()),
        Answer::NobodyToAsk => Err(DeployStopped::InPlaceNotConfirmed.into()),
    }
}

/// Runs `deploy down`.
pub(super) fn down(args: &DownArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    runtime::block_on_told(remove_all(args, context), interrupted)
}

async fn remove_all(args: &DownArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let session = DeploySession::open(&args.engine, &args.deployment, context).await?;
    let file = session.record(context)?;
    let mut record = file.read()?;
    let ours = recorded_containers(&session.engine, &session.deployment, &record).await?;
    if !ours.is_empty() {
        let names: Vec<&str> = ours.iter().map(|(_, one)| one.name.as_str()).collect();
        let question = Text::new("deploy-down-confirm").with("containers", names.join(", "));
        let confirmation = context.confirm(&question, args.yes)?;
        for (started, container) in &ours {
            remove_container(&session.engine, container, started, &confirmation).await?;
            record.started.retain(|one| one.project != started.project);
            file.write(&record)?;
        }
    }
    let ended = context.show_table(&removed_table(&ours))?;
    say_restore_commands(record.replaced.into_iter(), &session, context);
    Ok(ended)
}

/// Runs `deploy rollback`.
pub(super) fn rollback(args: &DownArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    runtime::block_on_told(start_replaced(args, context), interrupted)
}

async fn start_replaced(args: &DownArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let session = DeploySession::open(&args.engine, &args.deployment, context).await?;
    let (engine, file) = (&session.engine, session.record(context)?);
    let record = file.read()?;
    let old: Vec<_> = record
        .replaced
        .iter()
        .filter(|one| !one.rolled_back)
        .cloned()
        .collect();
    let mut gone = Vec::new();
    for one in &old {
        if engine.container(&one.id).await?.is_none() {
            gone.push(one.name.clone());
        }
    }
    if !gone.is_empty() {
        return Err(DeployStopped::ReplacedAreGone(gone).into());
    }
    let mut new = Vec::new();
    if !old.is_empty() {
        let ours = recorded_containers(engine, &session.deployment, &record).await?;
        new.extend(ours.into_iter().map(|(_, container)| container));
        context.ui.warn(&Text::new("deploy-rollback-warning"));
        let names = |names: Vec<&str>| {
            if names.is_empty() {
                "-".to_owned()
            } else {
                names.join(", ")
            }
        };
        let question = Text::new("deploy-rollback-confirm")
            .with(
                "new",
                names(new.iter().map(|one| one.name.as_str()).collect()),
            )
            .with(
                "old",
                names(old.iter().map(|one| one.name.as_str()).collect()),
            );
        let confirmation = context.confirm(&question, args.yes)?;
        let mut on_event = |event: StartEvent| context.ui.notice(&event.message());
        roll_back(engine, &file, &new, &old, &confirmation, &mut on_event).await?;
        tokio::time::sleep(SETTLE).await;
    }
    let mut started = Vec::new();
    for one in &old {
        started.extend(engine.container(&one.id).await?);
    }
    context.show_table(&rolled_back_table(&new, &started))
}

fn say_restore_commands(
    replaced: impl Iterator<Item = ReplacedContainer>,
    session: &DeploySession,
    context: &Context<'_>,
) {
    for old in replaced {
        let command = old.restore_command(&session.engine.command_line());
        let hint = Text::new("deploy-restore")
            .with("name", &old.name)
            .with("command", command);
        context.ui.notice(&hint);
    }
}
