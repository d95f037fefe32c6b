//! `completions` and `man`: made from the same command line, in the language asked for.

use std::path::Path;

use clap::CommandFactory as _;

use super::args::{CompletionsArgs, ManArgs};
use super::command::{Cli, version};
use super::context::Context;
use super::localise::localise;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::files::{Access, Directory, replace};
use crate::i18n::Text;

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

/// Prints the manual page, with one section for each command, or writes a page for each command.
pub(super) fn man(args: ManArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let command = localise(Cli::command(), context.ui.catalog());
    if let Some(dir) = args.dir {
        Directory::of_outputs(&dir)?;
        write_pages(&command, &dir, context)?;
        return Ok(Outcome::Ok);
    }
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
    context.data(&with_headings(&String::from_utf8_lossy(&page), context))?;
    Ok(Outcome::Ok)
}

/// Writes the page of a command and those of the commands below it.
fn write_pages(
    command: &clap::Command,
    dir: &Path,
    context: &Context<'_>,
) -> Result<(), CommandError> {
    let man = clap_mangen::Man::new(command.clone()).source(["wecubectl ", &version()].concat());
    let mut page = Vec::new();
    man.render(&mut page)
        .map_err(|error| context.output_failed(&error))?;
    let page = with_headings(&String::from_utf8_lossy(&page), context);
    replace(
        &dir.join(man.get_filename()),
        page.as_bytes(),
        Access::Public,
    )?;
    for below in command.get_subcommands() {
        write_pages(below, dir, context)?;
    }
    Ok(())
}

/// The page with the headings that the generator has in English only in the reader's language.
fn with_headings(page: &str, context: &Context<'_>) -> String {
    let headings = [
        (".SH NAME\n", Text::new("cli-man-name")),
        (".SH SYNOPSIS\n", Text::new("cli-man-synopsis")),
        (".SH DESCRIPTION\n", Text::new("cli-man-description")),
        (".SH EXTRA\n", Text::new("cli-man-notes")),
        (".SH VERSION\n", Text::new("cli-man-version")),
    ];
    let mut page = page.to_owned();
    for (english, heading) in headings {
        let heading = context.ui.catalog().render(&heading);
        page = page.replace(english, &[".SH ", &heading, "\n"].concat());
    }
    page
}
