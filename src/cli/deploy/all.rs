//! `deploy all`: all steps from an env file to four running containers, confirmed once.

use std::path::PathBuf;

use clap::Args;

use super::dirs::{owners, planned_file, write_files};
use super::env_input::render_files;
use super::errors::{DeployInputError, DeployStopped, interrupted};
use super::images::progress;
use super::lint::check_gate;
use super::migrate::{self, Ready, RunArgs};
use super::session::{DeploySession, DeploymentArgs, EngineArgs, ImageArgs};
use super::status::{StatusTestArgs, StatusTests};
use super::up::{changed_containers, run_start, wait_limits};
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::confirm::Confirmation;
use crate::deploy::dirs::{DirChange, DirOwners, PlannedDir, ensure_all, plan_dirs};
use crate::deploy::env::{Service, Values};
use crate::deploy::host::files::{FileChange, PlannedFile};
use crate::deploy::images::{ImageEvent, ImageRef, ImageResult, image_states, load, names, pull};
use crate::deploy::render::Rendered;
use crate::deploy::up::{StartAction, WaitLimits};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::files::FileError;
use crate::i18n::Text;
use crate::report::deploy::{
    DeployStep, StepResult, add_steps, start_outcome, start_table, status_table,
};

#[derive(Debug, Args)]
pub(crate) struct AllArgs {
    #[command(flatten)]
    engine: EngineArgs,
    #[command(flatten)]
    deployment: DeploymentArgs,
    #[arg(long, value_name = "NAME=DIGEST")]
    digest: Vec<String>,
    #[arg(long, value_name = "DIR")]
    images_from: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    ssh_user: Option<String>,
    #[arg(long)]
    world_writable: bool,
    #[arg(long)]
    ddl_done: bool,
    #[arg(long, value_name = "CODE")]
    accept_finding: Vec<String>,
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    wait: String,
    #[command(flatten)]
    tests: StatusTestArgs,
    #[command(flatten)]
    ddl: RunArgs,
}

pub(super) fn run(mut args: AllArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let limits = wait_limits(&args.wait)?;
    let tests = args.tests.read(context)?;
    let (values, rendered) = render_files(context, args.templates.as_deref())?;
    let surveyed = survey(&args, values, rendered, context);
    let survey = runtime::block_on_told(surveyed, interrupted)?;
    let yes = args.ddl.yes;
    let ddl = if args.ddl_done {
        None
    } else {
        Some(migrate::begin(std::mem::take(&mut args.ddl), context)?)
    };
    let confirmation = confirm(yes, &survey, ddl.as_ref(), context)?;
    let transferred = transfer_images(&args, &survey, &confirmation, context);
    let transferred = runtime::block_on_told(transferred, interrupted)?;
    let mut steps = vec![StepResult::new(DeployStep::Images, transferred)];
    if let Some(ddl) = &ddl {
        migrate::carry(ddl, &confirmation, context)?;
        steps.push(StepResult::new(DeployStep::Migrate, ddl.to_run()));
    }
    let finished = finish(&args, survey, &tests, limits, steps, &confirmation, context);
    runtime::block_on_told(finished, interrupted)
}

/// Everything that is read before the confirmation.
struct Survey {
    session: DeploySession,
    values: Values,
    wanted: Vec<ImageRef>,
    missing_images: Vec<ImageRef>,
    files: Vec<PlannedFile>,
    dir_changes: usize,
    /// Containers that a start changes; all four if that is not known yet.
    containers: Vec<String>,
}

impl Survey {
    fn changed_files(&self) -> Vec<String> {
        let files = self.files.iter();
        files
            .filter(|file| file.change() != FileChange::Unchanged)
            .map(|file| file.path.display().to_string())
            .collect()
    }

    fn has_work(&self) -> bool {
        !self.changed_files().is_empty()
            || !self.missing_images.is_empty()
            || self.dir_changes > 0
            || !self.containers.is_empty()
    }
}

/// Reads everything and refuses what cannot work, before anything is asked or written.
async fn survey(
    args: &AllArgs,
    values: Values,
    rendered: Vec<Rendered>,
    context: &Context<'_>,
) -> Result<Survey, CommandError> {
    // Prefix and version come from the env file, as in the compose files.
    let images = ImageArgs {
        digest: args.digest.clone(),
        ..ImageArgs::default()
    };
    let wanted = images.images(context)?;
    let session = DeploySession::open(&args.engine, &args.deployment, context).await?;
    if !session.facts.is_local() {
        return Err(DeployInputError::RemoteEngine(session.facts.endpoint).into());
    }
    check_gate(
        &args.accept_finding,
        &[],
        args.templates.as_deref(),
        true,
        context,
    )?;
    let mut missing = image_states(&session.engine, &session.facts, &wanted).await?;
    missing.retain(|(_, state)| !state.is_present());
    let missing_images: Vec<_> = missing.into_iter().map(|(wanted, _)| wanted).collect();
    let root = session.deployment.root.clone();
    let files = rendered
        .into_iter()
        .map(|one| planned_file(&root, one.service, one.text))
        .collect::<Result<Vec<_>, FileError>>()?;
    // The users of missing images are not known yet.
    let known = missing_images.is_empty().then_some(wanted.as_slice());
    let owners = dir_owners(args, &session, known, context).await?;
    let dir_changes = PlannedDir::count_changes(&plan_dirs(&root, &owners)?)?;
    let changed = files
        .iter()
        .any(|file| file.change() != FileChange::Unchanged);
    let containers = if changed || !missing_images.is_empty() {
        Service::ALL.map(|one| values.container(one)).to_vec()
    } else {
        changed_containers(&session.prepare(&[]).await?)
    };
    Ok(Survey {
        session,
        values,
        wanted,
        missing_images,
        files,
        dir_changes,
        containers,
    })
}

async fn dir_owners(
    args: &AllArgs,
    session: &DeploySession,
    wanted: Option<&[ImageRef]>,
    context: &Context<'_>,
) -> Result<DirOwners, CommandError> {
    let wanted = wanted.filter(|_| !args.world_writable);
    owners(&session.engine, wanted, args.ssh_user.as_deref(), context).await
}

/// Asks once for everything that will be written.
fn confirm(
    yes: bool,
    survey: &Survey,
    ddl: Option<&Ready>,
    context: &Context<'_>,
) -> Result<Confirmation, CommandError> {
    let or_dash = |list: String| {
        if list.is_empty() {
            "-".to_owned()
        } else {
            list
        }
    };
    let schemas = ddl.map(Ready::schemas).unwrap_or_default();
    let question = Text::new("deploy-all-confirm")
        .with("version", survey.values.version())
        .with("images", or_dash(names(&survey.missing_images)))
        .with("dirs", survey.dir_changes)
        .with("root", survey.session.deployment.root.display())
        .with("files", or_dash(survey.changed_files().join(", ")))
        .with("schemas", or_dash(schemas.join(", ")))
        .with("containers", or_dash(survey.containers.join(", ")));
    let has_work = survey.has_work() || !schemas.is_empty();
    context.confirm(&question, yes || !has_work)
}

/// Transfers missing images, from tars with `--images-from`. Returns their number.
async fn transfer_images(
    args: &AllArgs,
    survey: &Survey,
    confirmation: &Confirmation,
    context: &Context<'_>,
) -> Result<usize, CommandError> {
    if survey.missing_images.is_empty() {
        return Ok(0);
    }
    let progress = progress(context);
    let on_event = |event: ImageEvent| progress.show(&event);
    let (engine, facts) = (&survey.session.engine, &survey.session.facts);
    let wanted = &survey.wanted;
    let outcomes = match &args.images_from {
        Some(folder) => load(engine, facts, folder, wanted, confirmation, &on_event).await?,
        None => pull(engine, facts, wanted, confirmation, &on_event).await?,
    };
    drop(progress);
    let failure = |reference: &str, cause: &Text| {
        Text::new("deploy-all-image-failed")
            .with("image", reference)
            .nested("cause", cause.clone())
    };
    let failed: Vec<Text> = outcomes
        .iter()
        .filter_map(|one| match &one.result {
            ImageResult::Failed(cause) => Some(failure(&one.wanted.reference, cause)),
            ImageResult::Done | ImageResult::Already => None,
        })
        .collect();
    if !failed.is_empty() {
        return Err(DeployStopped::Images(failed).into());
    }
    let done = outcomes
        .iter()
        .filter(|one| one.result == ImageResult::Done);
    Ok(done.count())
}

/// Directories, files, containers, status.
async fn finish(
    args: &AllArgs,
    survey: Survey,
    tests: &StatusTests,
    limits: WaitLimits,
    mut steps: Vec<StepResult>,
    confirmation: &Confirmation,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let session = &survey.session;
    // The images are present now, and so are their users.
    let owners = dir_owners(args, session, Some(&survey.wanted), context).await?;
    let dirs = ensure_all(&session.deployment.root, &owners, confirmation)?;
    let changed = dirs
        .iter()
        .filter(|(.., change)| *change != DirChange::None);
    steps.push(StepResult::new(DeployStep::Dirs, changed.count()));
    let files = write_files(survey.files, confirmation)?;
    let changed = files
        .iter()
        .filter(|(_, change)| *change != FileChange::Unchanged);
    steps.push(StepResult::new(DeployStep::Render, changed.count()));
    let plan = session.prepare(&[]).await?;
    let record = session.record(context)?;
    let report = run_start(session, &plan, &record, limits, confirmation, context).await?;
    let started = report
        .outcomes
        .iter()
        .filter(|one| one.action != StartAction::Keep && one.result.is_some());
    steps.push(StepResult::new(DeployStep::Up, started.count()));
    if start_outcome(&report).code() != 0 {
        let table = start_table("deploy all", &report, &plan, None);
        return context.show_table(&add_steps(table, &steps));
    }
    let status = tests.survey(session).await?;
    let table = status_table("deploy all", &status, &session.deployment);
    context.show_table(&add_steps(table, &steps))
}
