//! The command line as a whole.

use clap::{ArgMatches, Parser, Subcommand};

use super::args::{
    ApplyArgs, CheckArgs, CompareArgs, CompletionsArgs, ConfigCommand, ExplainArgs, GlobalArgs,
    ManArgs, PlanArgs, PluginCommand, RunCommand, ScheduleCommand, TokenCommand, VariableCommand,
};
#[cfg(feature = "sim")]
use super::args::{DemoArgs, SimCommand};
use super::deploy::DeployCommand;

/// Version, commit and target, as `0.1.0 (0a1b2c3d4e5f, x86_64-unknown-linux-gnu, static)`. Only
/// `./package` names the commit: a development build would be compiled again after each one.
pub(super) fn version() -> String {
    let mut build = Vec::new();
    build.extend(option_env!("WECUBECTL_COMMIT"));
    build.push(env!("WECUBECTL_TARGET"));
    build.extend(cfg!(target_feature = "crt-static").then_some("static"));
    format!("{} ({})", env!("CARGO_PKG_VERSION"), build.join(", "))
}

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "wecubectl",
    version = version(),
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[cfg(feature = "sim")]
    Demo(DemoArgs),
    Plan(PlanArgs),
    Apply(ApplyArgs),
    Compare(CompareArgs),
    Check(CheckArgs),
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    #[command(subcommand)]
    Plugin(PluginCommand),
    #[command(subcommand)]
    Variable(VariableCommand),
    #[command(subcommand)]
    Token(TokenCommand),
    #[command(subcommand)]
    Run(RunCommand),
    #[command(subcommand)]
    Config(ConfigCommand),
    #[command(subcommand)]
    Deploy(DeployCommand),
    Explain(ExplainArgs),
    #[cfg(feature = "sim")]
    #[command(subcommand)]
    Sim(SimCommand),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// The name of a command in JSON, as typed: `plugin list`, `run show --undo`.
pub(super) fn command_name(matches: &ArgMatches) -> String {
    let mut name = String::new();
    let mut at = matches;
    while let Some((subcommand, below)) = at.subcommand() {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(subcommand);
        at = below;
    }
    // Flags that make another command of it.
    for (command, flag) in [("demo", "list"), ("run show", "undo")] {
        if name == command && at.get_flag(flag) {
            name = format!("{name} --{flag}");
        }
    }
    name
}
