//! `completions` and `man`: made from the same command line, in the language asked for.

use clap::CommandFactory as _;

use super::args::CompletionsArgs;
use super::command::Cli;
use super::context::Context;
use super::localise::localise;
use crate::error::CommandError;
use crate::exit::Outcome;

/// Prints a completion script.
pub(super) fn completions(
    args: CompletionsArgs,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let mut script = Vec::new();
    let mut command = localise(Cli::command(), context.ui.catalog());
    clap_complete::generate(args.shell, &mut command, "wecubectl", &mut script);
    context.data(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Ok)
}

/// Prints the manual page: one section for each command.
pub(super) fn man(context: &Context<'_>) -> Result<Outcome, CommandError> {
    let command = localise(Cli::command(), context.ui.catalog());
    let mut page = Vec::new();
    let written = clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .and_then(|()| {
            command.get_subcommands().try_for_each(|sub| {
                let named = sub.clone().name(format!("wecubectl-{}", sub.get_name()));
                let man = clap_mangen::Man::new(named);
                man.render_description_section(&mut page)?;
                man.render_synopsis_section(&mut page)?;
                man.render_options_section(&mut page)
            })
        });
    written.map_err(|error| context.output_failed(&error))?;
    context.data(&String::from_utf8_lossy(&page))?;
    Ok(Outcome::Ok)
}
