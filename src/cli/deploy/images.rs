//! `deploy images`: pull, save, load, verify.

use std::path::PathBuf;

use clap::Subcommand;

use super::errors::interrupted;
use super::session::{EngineArgs, ImageArgs};
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::deploy::images::{ImageEvent, ImageOutcome, image_states, load, names, pull, save};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Text};
use crate::report::deploy::{ImageAction, ImageProgress, image_states_table, images_table};

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

pub(super) fn run(command: ImagesCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    runtime::block_on_told(run_async(command, context), interrupted)
}

async fn run_async(command: ImagesCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let (action, outcomes): (ImageAction, Vec<ImageOutcome>) = match command {
        ImagesCommand::Pull {
            engine,
            images,
            yes,
        } => {
            let wanted = images.images(context)?;
            let (engine, facts) = engine.connect().await?;
            let mut missing = image_states(&engine, &facts, &wanted).await?;
            missing.retain(|(_, state)| !state.is_present());
            let missing: Vec<_> = missing.into_iter().map(|(wanted, _)| wanted).collect();
            let question = Text::new("deploy-images-pull-confirm").with("images", names(&missing));
            let confirmation = context.confirm(&question, yes || missing.is_empty())?;
            let progress = progress(context);
            let on_event = |event: ImageEvent| progress.show(&event);
            let pulled = pull(&engine, &facts, &wanted, &confirmation, &on_event).await?;
            (ImageAction::Pull, pulled)
        }
        ImagesCommand::Save {
            engine,
            images,
            folder,
        } => {
            let wanted = images.images(context)?;
            let (engine, _) = engine.connect().await?;
            let progress = progress(context);
            let on_event = |event: ImageEvent| progress.show(&event);
            let saved = save(&engine, &folder, &wanted, &on_event).await?;
            (ImageAction::Save, saved)
        }
        ImagesCommand::Load {
            engine,
            images,
            folder,
            yes,
        } => {
            let wanted = images.images(context)?;
            let (engine, facts) = engine.connect().await?;
            let question = Text::new("deploy-images-load-confirm")
                .with("folder", folder.display())
                .with("images", names(&wanted));
            let confirmation = context.confirm(&question, yes)?;
            let progress = progress(context);
            let on_event = |event: ImageEvent| progress.show(&event);
            let loaded = load(&engine, &facts, &folder, &wanted, &confirmation, &on_event);
            (ImageAction::Load, loaded.await?)
        }
        ImagesCommand::Verify { engine, images } => {
            let wanted = images.images(context)?;
            let (engine, facts) = engine.connect().await?;
            let states = image_states(&engine, &facts, &wanted).await?;
            return context.show_table(&image_states_table(&states));
        }
    };
    context.show_table(&images_table(action, &outcomes))
}

/// Progress bars or lines on standard error.
pub(super) fn progress(context: &Context<'_>) -> ImageProgress {
    let catalog = Catalog::new(context.ui.catalog().lang());
    ImageProgress::new(
        catalog,
        context.ui.draws_progress(),
        context.ui.prints_notices(),
    )
}
