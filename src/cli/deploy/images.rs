//! `deploy images`: pull, save, load, verify.

use std::path::PathBuf;

use clap::Subcommand;

use super::engine::{EngineArgs, ImageArgs, failed};
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::deploy::images::{
    ImageEvent, ImageOutcome, ImageResult, ImageState, LoadRefusal, load, look, pull, save,
};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::{Cell, Column, ImageProgress, Meaning, RecordTable};

#[derive(Debug, Subcommand)]
pub(crate) enum ImagesCommand {
    Pull {
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        images: ImageArgs,
        #[arg(short, long)]
        yes: bool,
    },
    Save {
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        images: ImageArgs,
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    Load {
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        images: ImageArgs,
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        #[arg(short, long)]
        yes: bool,
    },
    Verify {
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        images: ImageArgs,
    },
}

impl ImagesCommand {
    /// The name in JSON.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Pull { .. } => "deploy images pull",
            Self::Save { .. } => "deploy images save",
            Self::Load { .. } => "deploy images load",
            Self::Verify { .. } => "deploy images verify",
        }
    }
}

/// Runs one of them.
pub(super) fn run(command: ImagesCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    runtime::block_on_told(carry(command, context), interrupted)
}

/// A signal came: what was begun is left as nothing of worth, and done anew the next time.
pub(super) fn interrupted(outcome: Outcome) -> CommandError {
    CommandError::new(outcome, Text::new("deploy-interrupted"))
        .hint(Text::new("deploy-interrupted-hint"))
}

async fn carry(command: ImagesCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    match command {
        ImagesCommand::Pull {
            engine,
            images,
            yes,
        } => pull_all(&engine, &images, yes, context).await,
        ImagesCommand::Save {
            engine,
            images,
            folder,
        } => {
            let wanted = images.wanted(context)?;
            let (engine, _) = engine.open().await?;
            let progress = progress(context);
            let saved = save(&engine, &folder, &wanted, &|event| progress.tell(&event)).await;
            drop(progress);
            let saved = saved.map_err(|error| {
                let text = Text::new("deploy-tar-unwritable")
                    .with("path", folder.display())
                    .with("error", error);
                CommandError::new(Outcome::Failed, text)
            })?;
            show("deploy images save", &saved, context)
        }
        ImagesCommand::Load {
            engine,
            images,
            folder,
            yes,
        } => {
            let wanted = images.wanted(context)?;
            let (engine, facts) = engine.open().await?;
            let question = Text::new("deploy-images-load-confirm")
                .with("folder", folder.display())
                .with("images", names(&wanted));
            let right = context.confirm(&question, yes)?;
            let progress = progress(context);
            let tell = |event: ImageEvent| progress.tell(&event);
            let loaded = load(&engine, &facts, &folder, &wanted, &right, &tell).await;
            drop(progress);
            show("deploy images load", &loaded.map_err(refused)?, context)
        }
        ImagesCommand::Verify { engine, images } => {
            let wanted = images.wanted(context)?;
            let (engine, facts) = engine.open().await?;
            let states = look(&engine, &facts, &wanted).await;
            let states = states.map_err(|error| failed(&error))?;
            let good = states
                .iter()
                .all(|(_, state)| matches!(state, ImageState::There(_)));
            let mut sheet = RecordTable::new(
                "deploy images verify",
                "images",
                &[
                    Column::Component,
                    Column::Image,
                    Column::State,
                    Column::Id,
                    Column::Reason,
                ],
            );
            for (wanted, state) in &states {
                let reference = Cell::words(&wanted.reference);
                let component = Cell::words(wanted.component);
                sheet.row(match state {
                    ImageState::There(image) => {
                        let there = Text::new("deploy-image-there");
                        let there = Cell::text(there, "there").meaning(Meaning::Good);
                        [
                            component,
                            reference,
                            there,
                            Cell::words(&image.id),
                            Cell::none(),
                        ]
                    }
                    ImageState::Missing => {
                        let missing = Text::new("deploy-image-absent");
                        let missing = Cell::text(missing, "missing").meaning(Meaning::Bad);
                        [component, reference, missing, Cell::none(), Cell::none()]
                    }
                    ImageState::Other { image, why } => {
                        let other = Text::new("deploy-image-other");
                        let other = Cell::text(other, "other").meaning(Meaning::Bad);
                        let why = Cell::text(why.clone(), why.key());
                        [component, reference, other, Cell::words(&image.id), why]
                    }
                });
            }
            let outcome = if good { Outcome::Ok } else { Outcome::Findings };
            context.sheet(&sheet.outcome(outcome))
        }
    }
}

async fn pull_all(
    engine: &EngineArgs,
    images: &ImageArgs,
    yes: bool,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let wanted = images.wanted(context)?;
    let (engine, facts) = engine.open().await?;
    let states = look(&engine, &facts, &wanted).await;
    let states = states.map_err(|error| failed(&error))?;
    let lacking: Vec<_> = states
        .into_iter()
        .filter(|(_, state)| !matches!(state, ImageState::There(_)))
        .map(|(wanted, _)| wanted)
        .collect();
    let question = Text::new("deploy-images-pull-confirm").with("images", names(&lacking));
    let right = context.confirm(&question, yes || lacking.is_empty())?;
    let progress = progress(context);
    let tell = |event: ImageEvent| progress.tell(&event);
    let pulled = pull(&engine, &facts, &wanted, &right, &tell).await;
    drop(progress);
    show(
        "deploy images pull",
        &pulled.map_err(|error| failed(&error))?,
        context,
    )
}

fn names(wanted: &[crate::deploy::images::Wanted]) -> String {
    let names: Vec<&str> = wanted.iter().map(|one| one.reference.as_str()).collect();
    names.join(", ")
}

fn progress(context: &Context<'_>) -> ImageProgress {
    let catalog = crate::i18n::Catalog::new(context.ui.catalog().lang());
    ImageProgress::new(catalog, context.ui.draws_progress(), context.ui.talks())
}

/// Why nothing was loaded, for people.
pub(super) fn refused(refusal: LoadRefusal) -> CommandError {
    match refusal {
        LoadRefusal::Engine(error) => failed(&error),
        LoadRefusal::Folder(error) => {
            CommandError::usage(Text::new("deploy-load-folder").with("error", error))
        }
        LoadRefusal::Tars(faults) => {
            let mut error = CommandError::new(Outcome::Failed, Text::new("deploy-load-nothing"));
            for (path, fault) in &faults {
                let text = Text::new("deploy-load-tar").with("path", path.display());
                error.messages.push(text.nested("fault", fault.text()));
            }
            error.hint(Text::new("deploy-load-tar-hint"))
        }
        LoadRefusal::Lacks(wanted) => {
            let text = Text::new("deploy-load-lacks").with("images", names(&wanted));
            CommandError::new(Outcome::Failed, text).hint(Text::new("deploy-load-lacks-hint"))
        }
    }
}

/// What became of the four.
fn show(
    command: &'static str,
    outcomes: &[ImageOutcome],
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let mut sheet = RecordTable::new(
        command,
        "images",
        &[
            Column::Component,
            Column::Image,
            Column::Result,
            Column::Id,
            Column::Reason,
        ],
    );
    for one in outcomes {
        let (result, reason) = match &one.result {
            ImageResult::Done => (
                Cell::text(Text::new("deploy-image-done"), "done").meaning(Meaning::Good),
                Cell::none(),
            ),
            ImageResult::Already => (
                Cell::text(Text::new("deploy-image-already"), "skipped"),
                Cell::none(),
            ),
            ImageResult::Failed(text) => (
                Cell::text(Text::new("deploy-image-failed"), "failed").meaning(Meaning::Bad),
                Cell::text(text.clone(), text.key()),
            ),
        };
        let id = one.id.as_ref().map_or_else(Cell::none, Cell::words);
        let place = match &one.tar {
            Some(tar) => format!("{} ({})", one.wanted.reference, tar.display()),
            None => one.wanted.reference.clone(),
        };
        sheet.row([
            Cell::words(one.wanted.component),
            Cell::shown(place, &one.wanted.reference),
            result,
            id,
            reason,
        ]);
    }
    let failures = outcomes
        .iter()
        .filter(|one| matches!(one.result, ImageResult::Failed(_)))
        .count();
    let outcome = if failures == outcomes.len() {
        Outcome::Failed
    } else if failures > 0 {
        Outcome::Partial
    } else if outcomes
        .iter()
        .all(|one| one.result == ImageResult::Already)
    {
        Outcome::NothingToDo
    } else {
        Outcome::Ok
    };
    context.sheet(&sheet.outcome(outcome))
}
