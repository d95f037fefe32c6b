//! `deploy up` and `deploy down`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::engine::{EngineArgs, failed};
use super::images::interrupted;
use crate::cli::args::ConnectArgs;
use crate::cli::context::Context;
use crate::cli::{runtime, state};
use crate::confirm::Confirmation;
use crate::deploy::env::Service;
use crate::deploy::host::{Compose, Engine, EngineFacts};
use crate::deploy::up::record::{Record, RecordFile};
use crate::deploy::up::{
    Action, Conflict, Deployment, Patience, Prepared, StartReport, Unit, UnitOutcome, UpError,
    UpEvent, prepare, start, stop_replaced, survey,
};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::journal::StateDir;
use crate::platform::{Health, HealthAnswer, HealthQuestion, Trust};
use crate::report::{Cell, Column, Meaning, RecordTable};
use crate::settings::{parse_address, parse_duration};
use crate::ui::Answer;

/// Pause between two looks at a container.
const PAUSE: Duration = Duration::from_millis(700);

/// Which deployment.
#[derive(Clone, Debug, Args)]
pub(crate) struct DeploymentArgs {
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub(crate) project_prefix: Option<String>,
}

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

impl DeploymentArgs {
    /// The deployment, its root absolute.
    pub(super) fn deployment(&self, context: &Context<'_>) -> Result<Deployment, CommandError> {
        let prefix = self.project_prefix.as_deref();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if let Some(prefix) = prefix
            && !(prefix.starts_with(|c: char| c.is_ascii_alphanumeric())
                && prefix.chars().all(plain))
        {
            let text = Text::new("deploy-prefix-malformed").with("prefix", prefix);
            return Err(CommandError::usage(text));
        }
        let root = super::root(self.root.as_deref(), context)?;
        Ok(Deployment {
            root,
            prefix: self.project_prefix.clone(),
        })
    }
}

/// Engine, compose, and what a start would be.
pub(super) struct Scene {
    pub(super) engine: Engine,
    pub(super) facts: EngineFacts,
    pub(super) compose: Compose,
    pub(super) deployment: Deployment,
}

impl Scene {
    /// Opens the engine and finds compose.
    pub(super) async fn open(
        engine: &EngineArgs,
        deployment: &DeploymentArgs,
        context: &Context<'_>,
    ) -> Result<Self, CommandError> {
        let deployment = deployment.deployment(context)?;
        let (engine, facts) = engine.open().await?;
        let compose = Compose::find(&engine)
            .await
            .map_err(|error| failed(&error))?;
        Ok(Self {
            engine,
            facts,
            compose,
            deployment,
        })
    }

    /// What a start would be; what speaks against it is refused.
    pub(super) async fn prepare(&self, replace: &[String]) -> Result<Prepared, CommandError> {
        let (engine, facts) = (&self.engine, &self.facts);
        prepare(engine, facts, &self.compose, &self.deployment, replace)
            .await
            .map_err(|error| refused(&error))
    }

    /// What a start would be, and what speaks against it.
    pub(super) async fn survey(&self) -> Result<(Prepared, Vec<Conflict>), CommandError> {
        let (engine, facts) = (&self.engine, &self.facts);
        survey(engine, facts, &self.compose, &self.deployment, &[])
            .await
            .map_err(|error| failed(&error))
    }

    /// The record of what was started.
    pub(super) fn record(&self, context: &Context<'_>) -> Result<RecordFile, CommandError> {
        let settings = context.settings(ConnectArgs::default(), None)?;
        let candidates = state::candidates(settings.state_dir, context);
        let state = StateDir::choose(&candidates)
            .map_err(|error| CommandError::new(Outcome::Failed, error.text()))?;
        Ok(RecordFile::of(
            state.path(),
            &self.deployment,
            &self.facts.endpoint,
        ))
    }
}

/// Runs `deploy up`.
pub(super) fn up(args: UpArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    runtime::block_on_told(run(&args, context), interrupted)
}

async fn run(args: &UpArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let patience = patience(&args.wait)?;
    let balancer = args.balancer.as_deref().map(parse_address).transpose();
    let balancer = balancer.map_err(|error| CommandError::usage(error.text()))?;
    let scene = Scene::open(&args.engine, &args.deployment, context).await?;
    super::gate::check(&args.accept_finding, scene.facts.is_local(), context)?;
    let prepared = scene.prepare(&args.replace).await?;
    let right = confirm(args, &prepared, context)?;
    let record = scene.record(context)?;
    let report = carry_out(&scene, &prepared, &record, patience, &right, context).await?;
    let mut sheet = sheet("deploy up", &report, &prepared);
    let mut outcome = outcome(&report);
    if outcome.code() == 0
        && let Some(address) = balancer
    {
        let key = prepared
            .units
            .iter()
            .find(|unit| unit.component == Service::Core)
            .and_then(Unit::key);
        let health = Health::new(&address, &Trust::System, key);
        let answer = match health {
            Ok(health) => health.ask(HealthQuestion::Through).await,
            Err(error) => HealthAnswer::Silent(error.to_string()),
        };
        let (cell, good) = health_cell(&answer);
        sheet.row([
            Cell::text(Text::new("deploy-balancer"), "balancer"),
            Cell::words(&address),
            cell,
        ]);
        if !good {
            outcome = Outcome::Partial;
        }
    }
    let sheet = sheet.outcome(outcome);
    let ended = context.sheet(&sheet)?;
    say_what_next(&report, &prepared, &scene, context);
    match report.record_failed {
        Some(error) => {
            let text = Text::new("deploy-record-failed")
                .with("path", record.path().display())
                .with("error", error);
            Err(CommandError::new(Outcome::Failed, text))
        }
        None => Ok(ended),
    }
}

/// The waiting time of each container.
pub(super) fn patience(wait: &str) -> Result<Patience, CommandError> {
    let each = parse_duration(wait).ok_or_else(|| {
        CommandError::usage(Text::new("deploy-wait-malformed").with("given", wait))
    })?;
    Ok(Patience { each, pause: PAUSE })
}

/// Stops what is replaced and starts the four.
pub(super) async fn carry_out(
    scene: &Scene,
    prepared: &Prepared,
    record: &RecordFile,
    patience: Patience,
    right: &Confirmation,
    context: &Context<'_>,
) -> Result<StartReport, CommandError> {
    let mut tell = |event: UpEvent| say(&event, context);
    stop_replaced(&scene.engine, prepared, record, right, &mut tell)
        .await
        .map_err(|error| failed(&error))?;
    let started = start(
        &scene.engine,
        &scene.compose,
        prepared,
        record,
        patience,
        right,
        &mut tell,
    );
    Ok(started.await)
}

fn say(event: &UpEvent, context: &Context<'_>) {
    let text = match event {
        UpEvent::Stopping(name) => Text::new("deploy-up-stopping").with("name", name),
        UpEvent::Starting(component) => {
            Text::new("deploy-up-starting").with("component", component)
        }
        UpEvent::Waiting(component, waiting) => Text::new("deploy-up-waiting")
            .with("component", component)
            .nested("waiting", waiting.text()),
        UpEvent::Ended(component, verdict) => Text::new("deploy-up-ended")
            .with("component", component)
            .nested("verdict", verdict.text()),
    };
    context.ui.say(&text);
}

/// Names of what a start will do.
pub(super) fn work(prepared: &Prepared) -> Vec<String> {
    let of = prepared
        .units
        .iter()
        .filter(|unit| unit.action != Action::Keep);
    of.map(|unit| {
        let name = unit.service.container_name.as_deref();
        name.unwrap_or(unit.component.name()).to_owned()
    })
    .collect()
}

fn confirm(
    args: &UpArgs,
    prepared: &Prepared,
    context: &Context<'_>,
) -> Result<Confirmation, CommandError> {
    let work = work(prepared);
    if work.is_empty() && prepared.replaced.is_empty() {
        return context.confirm(&Text::new("deploy-up-nothing"), true);
    }
    let containers = work.join(", ");
    if prepared.replaced.is_empty() {
        let question = Text::new("deploy-up-confirm").with("containers", containers);
        return context.confirm(&question, args.yes);
    }
    let old: Vec<&str> = prepared
        .replaced
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    context.ui.warn(&Text::new("deploy-in-place-warning"));
    if args.yes && args.old_orchestrations_lost {
        return Ok(Confirmation::by_flag());
    }
    // `--yes` alone does not answer this.
    let question = Text::new("deploy-in-place-confirm")
        .with("old", old.join(", "))
        .with("containers", containers);
    match context.ask(&question)? {
        Answer::Yes => Ok(Confirmation::typed()),
        Answer::No => Err(CommandError::new(
            Outcome::NotConfirmed,
            Text::new("cli-not-confirmed"),
        )),
        Answer::NobodyToAsk => Err(CommandError::new(
            Outcome::NotConfirmed,
            Text::new("deploy-in-place-not-confirmed"),
        )
        .hint(Text::new("deploy-in-place-not-confirmed-hint"))),
    }
}

/// What speaks against a start, all at once.
pub(super) fn refused(error: &UpError) -> CommandError {
    match error {
        UpError::Engine(error) => failed(error),
        UpError::Conflicts(conflicts) => {
            let mut hints: Vec<Text> = Vec::new();
            for hint in conflicts.iter().map(Conflict::hint) {
                if !hints.contains(&hint) {
                    hints.push(hint);
                }
            }
            CommandError {
                outcome: Outcome::Unsafe,
                messages: conflicts.iter().map(Conflict::text).collect(),
                causes: Vec::new(),
                hints,
            }
        }
    }
}

/// How a start ended.
pub(super) fn outcome(report: &StartReport) -> Outcome {
    let good = |one: &UnitOutcome| {
        one.verdict
            .as_ref()
            .is_some_and(crate::deploy::up::Verdict::is_good)
    };
    let goods = report.outcomes.iter().filter(|one| good(one)).count();
    if report.record_failed.is_some() {
        Outcome::Failed
    } else if goods == report.outcomes.len() {
        if report.outcomes.iter().all(|one| one.action == Action::Keep) {
            Outcome::NothingToDo
        } else {
            Outcome::Ok
        }
    } else if goods > 0 {
        Outcome::Partial
    } else {
        Outcome::Failed
    }
}

/// The report of a start: the four, the log of what failed, the addresses for a load balancer.
pub(super) fn sheet(
    command: &'static str,
    report: &StartReport,
    prepared: &Prepared,
) -> RecordTable {
    let columns = [
        Column::Component,
        Column::Container,
        Column::Id,
        Column::Action,
        Column::Result,
        Column::Reason,
    ];
    let mut sheet = RecordTable::new(command, "containers", &columns);
    for one in &report.outcomes {
        let container = one.container.as_ref();
        let (result, reason) = match &one.verdict {
            None => (
                Cell::text(Text::new("deploy-verdict-not-reached"), "not_reached")
                    .meaning(Meaning::Quiet),
                Cell::none(),
            ),
            Some(verdict) if verdict.is_good() => (
                Cell::text(verdict.text(), verdict.as_str()).meaning(Meaning::Good),
                Cell::none(),
            ),
            Some(verdict) => (
                Cell::text(verdict.text(), verdict.as_str()).meaning(Meaning::Bad),
                Cell::text(verdict.hint(), verdict.hint().key()),
            ),
        };
        let action = match one.action {
            Action::Keep => Cell::text(Text::new("deploy-action-keep"), "keep"),
            Action::Start => Cell::text(Text::new("deploy-action-start"), "start"),
            Action::Renew => Cell::text(Text::new("deploy-action-renew"), "renew"),
        };
        sheet.row([
            Cell::words(one.component),
            container.map_or_else(Cell::none, |one| Cell::words(&one.name)),
            container.map_or_else(Cell::none, |one| Cell::shown(one.short(), &one.id)),
            action,
            result,
            reason,
        ]);
    }
    for one in report.outcomes.iter().filter(|one| !one.log.is_empty()) {
        let title = Text::new("deploy-log-title").with("component", one.component);
        sheet.section("log", title, &[Column::Message]);
        for line in &one.log {
            sheet.row([Cell::words(line)]);
        }
    }
    sheet.section(
        "addresses",
        Text::new("deploy-addresses-title"),
        &[Column::Component, Column::Address, Column::Result],
    );
    for unit in &prepared.units {
        if matches!(unit.component, Service::Portal | Service::Gateway) {
            sheet.row([
                Cell::words(unit.component),
                Cell::words(&unit.place.address),
                Cell::none(),
            ]);
        }
    }
    sheet
}

/// A health answer as a cell, and whether it is good.
pub(super) fn health_cell(answer: &HealthAnswer) -> (Cell, bool) {
    match answer {
        HealthAnswer::Healthy { version } => {
            let text = match version {
                Some(version) => {
                    Text::new("deploy-verdict-healthy-version").with("version", version)
                }
                None => Text::new("deploy-verdict-healthy"),
            };
            (Cell::text(text, "healthy").meaning(Meaning::Good), true)
        }
        HealthAnswer::Silent(words) => {
            let text = Text::new("deploy-health-silent").with("words", words);
            (Cell::text(text, "silent").meaning(Meaning::Bad), false)
        }
        HealthAnswer::Wrong(words) => {
            let text = Text::new("deploy-verdict-wrong-answer").with("words", words);
            (
                Cell::text(text, "wrong_answer").meaning(Meaning::Bad),
                false,
            )
        }
    }
}

fn say_what_next(report: &StartReport, prepared: &Prepared, scene: &Scene, context: &Context<'_>) {
    let ui = context.ui;
    for old in &prepared.replaced {
        let back = crate::deploy::up::record::Replaced::of(old).way_back(&scene.engine.shown());
        ui.say(
            &Text::new("deploy-way-back")
                .with("name", &old.name)
                .with("command", back),
        );
    }
    if outcome(report).code() == 0 {
        ui.say(&Text::new("deploy-up-balancer-hint"));
    } else if !prepared.replaced.is_empty() {
        ui.say(
            &Text::new("deploy-way-back-first").with("command", down_command(&scene.deployment)),
        );
    }
}

fn down_command(deployment: &Deployment) -> String {
    let mut command = format!("wecubectl deploy down --root {}", deployment.root.display());
    if let Some(prefix) = &deployment.prefix {
        command.push_str(" --project-prefix ");
        command.push_str(prefix);
    }
    command
}

/// Runs `deploy down`.
pub(super) fn down(args: DownArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    runtime::block_on_told(take_down(&args, context), interrupted)
}

async fn take_down(args: &DownArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let scene = Scene::open(&args.engine, &args.deployment, context).await?;
    let file = scene.record(context)?;
    let unreadable = |error: std::io::Error| record_failed(file.path(), &error);
    let mut record = file.read().map_err(unreadable)?;
    let ours = crate::deploy::up::record::ours(&scene.engine, &scene.deployment, &record)
        .await
        .map_err(|error| failed(&error))?;
    let columns = [
        Column::Component,
        Column::Container,
        Column::Id,
        Column::Result,
    ];
    if ours.is_empty() {
        context.ui.say(&Text::new("deploy-down-nothing"));
        say_replaced(&record, &scene, context);
        return context.sheet(
            &RecordTable::new("deploy down", "containers", &columns).outcome(Outcome::NothingToDo),
        );
    }
    let names: Vec<&str> = ours.iter().map(|(_, one)| one.name.as_str()).collect();
    let question = Text::new("deploy-down-confirm").with("containers", names.join(", "));
    let right = context.confirm(&question, args.yes)?;
    let mut sheet = RecordTable::new("deploy down", "containers", &columns);
    for (started, container) in ours {
        let taken =
            crate::deploy::up::record::take_away(&scene.engine, &container, &started, &right);
        taken.await.map_err(|error| failed(&error))?;
        record.started.retain(|one| one.project != started.project);
        file.write(&record).map_err(unreadable)?;
        sheet.row([
            Cell::words(&started.component),
            Cell::words(&container.name),
            Cell::shown(container.short(), &container.id),
            Cell::text(Text::new("deploy-down-removed"), "removed").meaning(Meaning::Good),
        ]);
    }
    let outcome = context.sheet(&sheet)?;
    say_replaced(&record, &scene, context);
    Ok(outcome)
}

fn say_replaced(record: &Record, scene: &Scene, context: &Context<'_>) {
    for old in &record.replaced {
        let back = old.way_back(&scene.engine.shown());
        context.ui.say(
            &Text::new("deploy-way-back")
                .with("name", &old.name)
                .with("command", back),
        );
    }
}

fn record_failed(path: &Path, error: &std::io::Error) -> CommandError {
    let text = Text::new("deploy-record-failed")
        .with("path", path.display())
        .with("error", error);
    CommandError::new(Outcome::Failed, text)
}
