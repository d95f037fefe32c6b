//! From `argv` to the exit code, on one screen: parse → language → command → render → code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _};

use super::args::{ColorArg, LangArg, OutputArg};
use super::command::{Cli, Command, command_name};
use super::context::Context;
use super::errors::UsageError;
use super::localise::localise;
use super::{failure, usage};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang, Text, io_message};
use crate::settings::{Env, Files};
use crate::ui::{ColorChoice, Ui, Verbosity};

/// Runs the program. Everything that ends it comes through here.
pub fn main_impl(argv: Vec<OsString>) -> ExitCode {
    let env = Env::read();
    if let Some(socket) = env.get("WECUBECTL_ASKPASS") {
        return super::deploy::print_password(socket, &mut std::io::stdout().lock());
    }
    let lang = usage::typed_lang(&argv).unwrap_or_else(|| Lang::of_locale(env.locale()));
    let (cli, name) = match parse(&argv, lang) {
        Ok(cli) => cli,
        Err(error) => return usage::exit(&error, &argv, lang, &env),
    };
    let files = Files::read(&cli.global.given());
    let lang = match (cli.global.lang, files.as_ref().ok().and_then(Files::lang)) {
        (Some(LangArg::Zh), _) => Lang::Zh,
        (Some(LangArg::En), _) => Lang::En,
        (None, Some(configured)) => Lang::of_locale(configured),
        (None, None) => lang,
    };
    let colour = match cli.global.color {
        ColorArg::Auto => ColorChoice::Auto,
        ColorArg::Always => ColorChoice::Always,
        ColorArg::Never => ColorChoice::Never,
    };
    let verbosity = if cli.global.quiet {
        Verbosity::Quiet
    } else {
        Verbosity::Normal
    };
    let catalog = Catalog::with_program(lang, cli.global.program());
    let ui = Ui::new(catalog, verbosity, colour, &env);
    super::trace::start(cli.global.verbose);
    let output = cli.global.output;
    let unread = |error| match &cli.command {
        Command::Deploy(_) => {
            super::deploy::with_name_faults(CommandError::from(error), &cli.global)
        }
        _ => CommandError::from(error),
    };
    let (files, fault) = match files {
        Ok(files) => (files, None),
        Err(error) => (Files::default(), Some(unread(error))),
    };
    let context = Context {
        ui: &ui,
        env: &env,
        files,
        global: cli.global,
    };
    let run = || {
        if let Some(fault) = fault {
            if let Command::Check(args) = &cli.command {
                super::check::ping_failure(args, &fault, &context);
            }
            return Err(fault);
        }
        if output.monitor().is_some() && name != "check" {
            return Err(UsageError::FormatOnlyForCheck.into());
        }
        if let Some(loose) = context.files.loose_env() {
            ui.warn(&loose.text());
        }
        dispatch(cli.command, &context)
    };
    let result = run();
    finish(&ui, &name, output, result)
}

/// The command line and the name of its command. Only help needs the texts of every command.
fn parse(argv: &[OsString], lang: Lang) -> Result<(Cli, String), clap::Error> {
    let mut parsed = Cli::command().try_get_matches_from(argv);
    if matches!(&parsed, Err(error) if error.kind() == ErrorKind::DisplayHelp) {
        parsed = localise(Cli::command(), &Catalog::new(lang)).try_get_matches_from(argv);
    }
    let matches = parsed?;
    Ok((Cli::from_arg_matches(&matches)?, command_name(&matches)))
}

/// The exit code of a command: its outcome's, but for a check in Nagios' format.
fn dispatch(command: Command, context: &Context<'_>) -> Result<u8, CommandError> {
    let outcome = match command {
        Command::Check(args) => return super::check::run(args, context),
        #[cfg(feature = "sim")]
        Command::Demo(args) => super::demo::run(args, context),
        Command::Plan(args) => super::plan::run(args, context),
        Command::Apply(args) => super::apply::run(args, context),
        Command::Compare(args) => super::compare::run(args, context),
        Command::Schedule(command) => super::schedule::run(command, context),
        Command::Plugin(command) => super::plugin::run(command, context),
        Command::Variable(command) => super::variable::run(command, context),
        Command::Token(command) => super::token::run(command, context),
        Command::Run(command) => super::run::run(command, context),
        Command::Config(command) => super::config::run(command, context),
        Command::Deploy(command) => super::deploy::run(command, context),
        Command::Explain(args) => super::explain::run(args, context),
        #[cfg(feature = "sim")]
        Command::Sim(command) => super::sim::run(command, context),
        Command::Completions(args) => super::shell::completions(args, context),
        Command::Man(args) => super::shell::man(args, context),
    };
    outcome.map(Outcome::code)
}

/// The error's words to standard error, its document to standard output where JSON is wanted.
fn finish(ui: &Ui, name: &str, output: OutputArg, result: Result<u8, CommandError>) -> ExitCode {
    let code = match result {
        Ok(code) => code,
        Err(error) => {
            if let Some(words) = failure::failed_words(name, output, &error)
                && let Err(gone) = ui.data(&words)
            {
                ui.warn(&Text::new("cli-output-failed").nested("error", io_message(&gone)));
            }
            ui.error(&error);
            failure::error_code(name, output, &error)
        }
    };
    ExitCode::from(code)
}
