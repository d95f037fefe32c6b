//! Usage errors and the shape that every error has in JSON.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::{Command, OutputArg};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang, Text};
use crate::report::{FailureReport, Report as _};
use crate::settings::Env;
use crate::ui::{Colour, Talk, Ui};

/// `--lang` as typed, before anything is parsed: help and usage errors follow it too.
pub(super) fn typed_lang(argv: &[OsString]) -> Option<Lang> {
    let mut words = argv.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.next()?,
            Some(rest) => rest.strip_prefix('=')?,
            None => continue,
        };
        return Some(Lang::of_locale(value));
    }
    None
}

/// Help and version go to standard output with 0, anything else is a usage error.
pub(super) fn exit(error: &clap::Error, argv: &[OsString], lang: Lang, env: &Env) -> ExitCode {
    let ui = Ui::new(Catalog::new(lang), Talk::Normal, Colour::Auto, env);
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        return match ui.data(&error.render().ansi().to_string()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let usage = if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        CommandError::usage(Text::new("cli-usage-no-command"))
    } else {
        CommandError::usage(message(error))
    };
    let usage = usage.hint(Text::new("cli-usage-help"));
    if wants_json(argv) {
        // A document on every path; nobody can be told when standard output is gone.
        let _gone = ui.data(&error_document("usage", OutputArg::Json, &usage));
    }
    ui.error(&usage);
    ExitCode::from(Outcome::Usage.code())
}

fn wants_json(argv: &[OsString]) -> bool {
    let words: Vec<&str> = argv.iter().filter_map(|word| word.to_str()).collect();
    let pairs = words
        .windows(2)
        .any(|pair| matches!(pair[0], "-o" | "--output") && pair[1].ends_with("json"));
    pairs
        || words
            .iter()
            .any(|word| word.starts_with("-o") && word.ends_with("json"))
        || words
            .iter()
            .any(|word| word.starts_with("--output=") && word.ends_with("json"))
}

fn message(error: &clap::Error) -> Text {
    let told = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join(", "),
        Some(ContextValue::StyledStr(words)) => words.to_string(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = told(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => {
            Text::new("cli-usage-unknown-argument").with("argument", argument)
        }
        ErrorKind::InvalidSubcommand => Text::new("cli-usage-unknown-command")
            .with("command", told(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => Text::new("cli-usage-no-command"),
        ErrorKind::MissingRequiredArgument => {
            Text::new("cli-usage-missing-argument").with("argument", argument)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            Text::new("cli-usage-invalid-value")
                .with("argument", argument)
                .with("value", told(ContextKind::InvalidValue))
                .with("known", told(ContextKind::ValidValue))
        }
        ErrorKind::ArgumentConflict => Text::new("cli-usage-conflict")
            .with("argument", argument)
            .with("other", told(ContextKind::PriorArg)),
        _ => {
            let words = error.render().to_string();
            let first = words
                .lines()
                .next()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned();
            Text::new("cli-usage-other").with("words", first)
        }
    }
}

/// The name of a command in JSON.
pub(super) fn command_name(command: &Command) -> &'static str {
    match command {
        #[cfg(feature = "sim")]
        Command::Demo(_) => "demo",
        Command::Plan(_) => "plan",
        Command::Apply(_) => "apply",
        Command::Compare(_) => "compare",
        Command::Plugin(_) => "plugin",
        Command::Variable(_) => "variable",
        Command::Token(_) => "token",
        Command::Run(_) => "run",
        Command::Config(_) => "config",
        Command::Explain(_) => "explain",
        #[cfg(feature = "sim")]
        Command::Sim(_) => "sim",
        Command::Completions(_) => "completions",
        Command::Man => "man",
    }
}

/// The one JSON document of a command that could not do its work. English, as all machine formats.
pub(super) fn error_document(command: &str, output: OutputArg, error: &CommandError) -> String {
    let document = FailureReport { command, error }.document();
    match output {
        OutputArg::Ndjson => document.line(),
        _ => document.pretty(),
    }
}
