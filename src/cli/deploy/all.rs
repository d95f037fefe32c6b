//! `deploy all`: from an env file to four running containers, in the document's order, asked once.

use std::path::PathBuf;

use clap::Args;

use super::dirs::{self, Owners};
use super::engine::{EngineArgs, ImageArgs, failed};
use super::images::interrupted;
use super::migrate::{self, Ready, RunArgs};
use super::status::{Asked, StatusArgs};
use super::up::{self, DeploymentArgs, Scene};
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::confirm::Confirmation;
use crate::deploy::dirs::Did;
use crate::deploy::env::{Service, Values};
use crate::deploy::host::files::{Change, WantedFile};
use crate::deploy::images::{
    ImageEvent, ImageOutcome, ImageResult, ImageState, Wanted, load, look, pull,
};
use crate::deploy::render::Rendered;
use crate::deploy::status;
use crate::deploy::up::{Action, Patience, StartReport, UnitOutcome};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::{Cell, Column, ImageProgress, Meaning, RecordTable};

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
    #[arg(long, value_name = "USER", requires = "password_file")]
    login: Option<String>,
    #[arg(long, value_name = "FILE", requires = "login")]
    password_file: Option<PathBuf>,
    #[arg(long, value_name = "URL")]
    balancer: Option<String>,
    #[command(flatten)]
    ddl: RunArgs,
}

/// What became of a step.
struct Step {
    name: &'static str,
    title: Text,
    changed: usize,
}

/// Runs it.
pub(super) fn run(args: AllArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let patience = up::patience(&args.wait)?;
    let look_at = StatusArgs {
        engine: args.engine.clone(),
        deployment: args.deployment.clone(),
        login: args.login.clone(),
        password_file: args.password_file.clone(),
        balancer: args.balancer.clone(),
    };
    let asked = look_at.login(context)?;
    let (values, rendered) = super::rendered(context, args.templates.as_deref())?;
    let ground =
        runtime::block_on_told(survey_ground(&args, values, rendered, context), interrupted)?;
    let yes = args.ddl.yes;
    let mut args = args;
    let ddl = if args.ddl_done {
        None
    } else {
        Some(migrate::begin(std::mem::take(&mut args.ddl), context)?)
    };
    let right = confirm(yes, &ground, ddl.as_ref(), context)?;
    let mut steps = Vec::new();
    let carried =
        runtime::block_on_told(carry_images(&args, &ground, &right, context), interrupted)?;
    steps.push(Step {
        name: "images",
        title: Text::new("deploy-step-images"),
        changed: carried
            .iter()
            .filter(|one| one.result == ImageResult::Done)
            .count(),
    });
    if let Some(ddl) = &ddl {
        migrate::carry(ddl, &right, context)?;
        steps.push(Step {
            name: "migrate",
            title: Text::new("deploy-step-migrate"),
            changed: ddl.to_run(),
        });
    }
    let started = start(&args, ground, &asked, patience, steps, &right, context);
    runtime::block_on_told(started, interrupted)
}

/// Everything that was looked at before anything is asked.
struct Ground {
    scene: Scene,
    values: Values,
    wanted: Vec<Wanted>,
    lacking_images: Vec<String>,
    files: Vec<WantedFile>,
    lacking_dirs: usize,
    /// Containers that a start would make; all four where that cannot be told yet.
    containers: Vec<String>,
}

impl Ground {
    fn work(&self) -> bool {
        let files = self
            .files
            .iter()
            .any(|file| file.change() != Change::Unchanged);
        files
            || !self.lacking_images.is_empty()
            || self.lacking_dirs > 0
            || !self.containers.is_empty()
    }
}

/// Directories, files, containers, status.
async fn start(
    args: &AllArgs,
    ground: Ground,
    asked: &Asked,
    patience: Patience,
    mut steps: Vec<Step>,
    right: &Confirmation,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    // The images are there now, and so are their users.
    let owners = owners(args, &ground.scene, &ground.wanted, context).await?;
    let root = ground.scene.deployment.root.clone();
    let made = dirs::make(&root, &owners, right)?;
    steps.push(Step {
        name: "dirs",
        title: Text::new("deploy-step-dirs"),
        changed: made.iter().filter(|(_, did)| *did != Did::Nothing).count(),
    });
    let put = dirs::put(ground.files, right)?;
    steps.push(Step {
        name: "render",
        title: Text::new("deploy-step-render"),
        changed: put
            .iter()
            .filter(|(_, change)| *change != Change::Unchanged)
            .count(),
    });
    let scene = &ground.scene;
    let prepared = scene.prepare(&[]).await?;
    let record = scene.record(context)?;
    let report = up::carry_out(scene, &prepared, &record, patience, right, context).await?;
    let started = |one: &&UnitOutcome| one.action != Action::Keep && one.verdict.is_some();
    steps.push(Step {
        name: "up",
        title: Text::new("deploy-step-up"),
        changed: report.outcomes.iter().filter(started).count(),
    });
    if up::outcome(&report).code() != 0 {
        return stopped(&steps, &report, &prepared, context);
    }
    let (prepared, conflicts) = scene.survey().await?;
    let seen = status::look(
        &prepared,
        &conflicts,
        asked.as_login(),
        asked.balancer.as_ref(),
    )
    .await;
    let idle = steps.iter().all(|step| step.changed == 0);
    let mut sheet = super::status::sheet("deploy all", &seen, context);
    add_steps(&mut sheet, &steps);
    let outcome = match sheet.ended() {
        Outcome::Ok if idle => Outcome::NothingToDo,
        other => other,
    };
    context.sheet(&sheet.outcome(outcome))
}

/// Reads everything and refuses what cannot work, before anything is asked or written.
async fn survey_ground(
    args: &AllArgs,
    values: Values,
    rendered: Vec<Rendered>,
    context: &Context<'_>,
) -> Result<Ground, CommandError> {
    // Prefix and version are the env file's: the compose files name the same images.
    let images = ImageArgs {
        digest: args.digest.clone(),
        ..ImageArgs::default()
    };
    let wanted = images.wanted(context)?;
    let scene = Scene::open(&args.engine, &args.deployment, context).await?;
    if !scene.facts.is_local() {
        let text = Text::new("deploy-dirs-remote").with("endpoint", &scene.facts.endpoint);
        return Err(CommandError::usage(text).hint(Text::new("deploy-dirs-remote-hint")));
    }
    super::gate::check(&args.accept_finding, true, context)?;
    let states = look(&scene.engine, &scene.facts, &wanted).await;
    let states = states.map_err(|error| failed(&error))?;
    let lacking_images: Vec<String> = states
        .iter()
        .filter(|(_, state)| !matches!(state, ImageState::There(_)))
        .map(|(wanted, _)| wanted.reference.clone())
        .collect();
    let root = scene.deployment.root.clone();
    let files = rendered
        .into_iter()
        .map(|one| dirs::wanted_file(&root, one.service, one.text))
        .collect::<Result<Vec<_>, _>>()?;
    let owners = if lacking_images.is_empty() {
        owners(args, &scene, &wanted, context).await?
    } else {
        // Who owns what is told by images that are not there yet.
        Owners {
            of_image: Vec::new(),
            ssh: dirs::ssh_owner(args.ssh_user.as_deref(), context)?,
        }
    };
    let lacking_dirs = dirs::lacking(&dirs::open(&root)?, &owners)?;
    let fresh = files.iter().any(|file| file.change() != Change::Unchanged);
    let containers = if fresh || !lacking_images.is_empty() {
        Service::ALL.map(|one| values.container(one)).to_vec()
    } else {
        up::work(&scene.prepare(&[]).await?)
    };
    Ok(Ground {
        scene,
        values,
        wanted,
        lacking_images,
        files,
        lacking_dirs,
        containers,
    })
}

async fn owners(
    args: &AllArgs,
    scene: &Scene,
    wanted: &[Wanted],
    context: &Context<'_>,
) -> Result<Owners, CommandError> {
    let of_image = if args.world_writable {
        Vec::new()
    } else {
        dirs::owners_of_images(&scene.engine, wanted, context).await?
    };
    Ok(Owners {
        of_image,
        ssh: dirs::ssh_owner(args.ssh_user.as_deref(), context)?,
    })
}

/// Asks once for all that will be written.
fn confirm(
    yes: bool,
    ground: &Ground,
    ddl: Option<&Ready>,
    context: &Context<'_>,
) -> Result<Confirmation, CommandError> {
    let dash = |names: &[String]| {
        if names.is_empty() {
            "-".to_owned()
        } else {
            names.join(", ")
        }
    };
    let changed = |file: &&WantedFile| file.change() != Change::Unchanged;
    let files: Vec<String> = ground
        .files
        .iter()
        .filter(changed)
        .map(|file| file.path.display().to_string())
        .collect();
    let schemas = ddl.map(Ready::schemas).unwrap_or_default();
    let ddl_work = !schemas.is_empty();
    let question = Text::new("deploy-all-confirm")
        .with("version", ground.values.version())
        .with("images", dash(&ground.lacking_images))
        .with("dirs", ground.lacking_dirs)
        .with("root", ground.scene.deployment.root.display())
        .with("files", dash(&files))
        .with("schemas", dash(&schemas))
        .with("containers", dash(&ground.containers));
    context.confirm(&question, yes || !(ground.work() || ddl_work))
}

/// Restores the images, from tars where a directory is named.
async fn carry_images(
    args: &AllArgs,
    ground: &Ground,
    right: &Confirmation,
    context: &Context<'_>,
) -> Result<Vec<ImageOutcome>, CommandError> {
    if ground.lacking_images.is_empty() {
        return Ok(Vec::new());
    }
    let catalog = crate::i18n::Catalog::new(context.ui.catalog().lang());
    let progress = ImageProgress::new(catalog, context.ui.draws_progress(), context.ui.talks());
    let tell = |event: ImageEvent| progress.tell(&event);
    let (engine, facts) = (&ground.scene.engine, &ground.scene.facts);
    let carried = match &args.images_from {
        Some(folder) => load(engine, facts, folder, &ground.wanted, right, &tell)
            .await
            .map_err(super::images::refused)?,
        None => pull(engine, facts, &ground.wanted, right, &tell)
            .await
            .map_err(|error| failed(&error))?,
    };
    drop(progress);
    let failures = carried.iter().filter_map(|one| match &one.result {
        ImageResult::Failed(text) => Some(
            Text::new("deploy-all-image-failed")
                .with("image", &one.wanted.reference)
                .nested("why", text.clone()),
        ),
        ImageResult::Done | ImageResult::Already => None,
    });
    let messages: Vec<Text> = failures.collect();
    if messages.is_empty() {
        return Ok(carried);
    }
    Err(CommandError {
        outcome: Outcome::Failed,
        messages,
        causes: Vec::new(),
        hints: vec![Text::new("deploy-all-image-hint")],
    })
}

/// A start that did not come to its end: its own page, with the steps before it.
fn stopped(
    steps: &[Step],
    report: &StartReport,
    prepared: &crate::deploy::up::Prepared,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let mut sheet = up::sheet("deploy all", report, prepared);
    add_steps(&mut sheet, steps);
    context.sheet(&sheet.outcome(up::outcome(report)))
}

fn add_steps(sheet: &mut RecordTable, steps: &[Step]) {
    sheet.section(
        "steps",
        Text::new("deploy-all-steps"),
        &[Column::Step, Column::Result],
    );
    for step in steps {
        let result = if step.changed == 0 {
            Cell::text(Text::new("deploy-step-nothing"), 0).meaning(Meaning::Quiet)
        } else {
            let text = Text::new("deploy-step-changed").count("count", step.changed);
            Cell::text(text, step.changed).meaning(Meaning::Good)
        };
        sheet.row([Cell::text(step.title.clone(), step.name), result]);
    }
}
