//! The subcommands of `deploy`.

use clap::Subcommand;

use super::{all, dirs, images, init, lint, migrate, render, status, up};
use crate::cli::context::Context;
use crate::error::CommandError;
use crate::exit::Outcome;

#[derive(Debug, Subcommand)]
#[expect(
    clippy::large_enum_variant,
    reason = "made once, from the command line"
)]
pub(crate) enum DeployCommand {
    Init(init::InitArgs),
    Lint(lint::LintArgs),
    #[command(subcommand)]
    Migrate(migrate::MigrateCommand),
    Render(render::RenderArgs),
    #[command(subcommand)]
    Images(images::ImagesCommand),
    Dirs(dirs::DirsArgs),
    Up(up::UpArgs),
    Down(up::DownArgs),
    Rollback(up::DownArgs),
    Status(status::StatusArgs),
    All(all::AllArgs),
}

/// Runs a subcommand.
pub(crate) fn run(command: DeployCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    match command {
        DeployCommand::Init(args) => init::run(&args, context),
        DeployCommand::Lint(args) => lint::run(&args, context),
        DeployCommand::Migrate(command) => migrate::run(command, context),
        DeployCommand::Render(args) => render::run(&args, context),
        DeployCommand::Images(command) => images::run(command, context),
        DeployCommand::Dirs(args) => dirs::run(&args, context),
        DeployCommand::Up(args) => up::up(&args, context),
        DeployCommand::Down(args) => up::down(&args, context),
        DeployCommand::Rollback(args) => up::rollback(&args, context),
        DeployCommand::Status(args) => status::run(&args, context),
        DeployCommand::All(args) => all::run(args, context),
    }
}
