//! Usage errors and the shape that every error has in JSON.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

#[cfg(feature = "sim")]
use super::args::SimCommand;
use super::args::{
    Command, ConfigCommand, OutputArg, PluginCommand, RunCommand, ScheduleCommand, TokenCommand,
    VariableCommand,
};
use super::errors::UsageError;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang, Text};
use crate::report::{FailureReport, MonitorFormat, Report as _, monitor_failure};
use crate::settings::Env;
use crate::ui::{ColorChoice, Ui, Verbosity};

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
    let ui = Ui::new(
        Catalog::new(lang),
        Verbosity::Normal,
        ColorChoice::Auto,
        env,
    );
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
        Text::new("cli-usage-no-command")
    } else {
        message(error)
    };
    let usage = CommandError::from(UsageError::Arguments(usage));
    let nagios = wants_nagios(argv);
    if nagios && let Some(words) = monitor_failure(MonitorFormat::Nagios, &usage) {
        // Nobody can be told when standard output is gone.
        let _gone = ui.data(&words);
    }
    if let Some(output) = typed_json(argv) {
        // A document on every path; nobody can be told when standard output is gone.
        let _gone = ui.data(&error_document("usage", output, &usage));
    }
    ui.error(&usage);
    ExitCode::from(if nagios {
        NAGIOS_UNKNOWN
    } else {
        Outcome::Usage.code()
    })
}

/// What a Nagios plugin ends with when it came to no result.
const NAGIOS_UNKNOWN: u8 = 3;

/// Whether it is a check in Nagios' format, as far as words that could not be parsed tell.
fn wants_nagios(argv: &[OsString]) -> bool {
    let words: Vec<&str> = argv.iter().filter_map(|word| word.to_str()).collect();
    let named = |word: &&str| matches!(*word, "-onagios" | "-o=nagios" | "--output=nagios");
    let pair = |pair: &[&str]| matches!(pair[0], "-o" | "--output") && pair[1] == "nagios";
    words.contains(&"check") && (words.iter().any(named) || words.windows(2).any(pair))
}

/// What standard output gets of a command that could not do its work, where its format has something.
pub(super) fn failed_words(
    command: &str,
    output: OutputArg,
    error: &CommandError,
) -> Option<String> {
    match (output.monitor(), output) {
        (Some(format), _) => monitor_failure(format, error).filter(|_| command == "check"),
        (None, OutputArg::Json | OutputArg::Ndjson) => Some(error_document(command, output, error)),
        (None, _) => None,
    }
}

/// The exit code of an error: a Nagios plugin has one for all of them.
pub(super) fn error_code(command: &str, output: OutputArg, error: &CommandError) -> u8 {
    if command == "check" && output == OutputArg::Nagios {
        NAGIOS_UNKNOWN
    } else {
        error.outcome.code()
    }
}

/// Which kind of JSON was asked for, before anything is parsed.
fn typed_json(argv: &[OsString]) -> Option<OutputArg> {
    let words: Vec<&str> = argv.iter().filter_map(|word| word.to_str()).collect();
    let apart = words
        .windows(2)
        .filter(|pair| matches!(pair[0], "-o" | "--output"))
        .map(|pair| pair[1]);
    let joined = words.iter().filter_map(|word| {
        let long = word.strip_prefix("--output=");
        let short = || Some(word.strip_prefix("-o")?.trim_start_matches('='));
        long.or_else(short)
    });
    match apart.chain(joined).rfind(|word| !word.is_empty()) {
        Some("json") => Some(OutputArg::Json),
        Some("ndjson") => Some(OutputArg::Ndjson),
        _ => None,
    }
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

/// The name of a command in JSON, as typed: the same when it fails as when it ends well.
pub(super) fn command_name(command: &Command) -> &'static str {
    match command {
        #[cfg(feature = "sim")]
        Command::Demo(args) if args.list => "demo --list",
        #[cfg(feature = "sim")]
        Command::Demo(_) => "demo",
        Command::Plan(_) => "plan",
        Command::Apply(_) => "apply",
        Command::Compare(_) => "compare",
        Command::Plugin(PluginCommand::List(_)) => "plugin list",
        Command::Plugin(PluginCommand::Show { .. }) => "plugin show",
        Command::Plugin(PluginCommand::Upload { .. }) => "plugin upload",
        Command::Plugin(PluginCommand::Register { .. }) => "plugin register",
        Command::Variable(VariableCommand::List(_)) => "variable list",
        Command::Variable(VariableCommand::Get { .. }) => "variable get",
        Command::Variable(VariableCommand::Set { .. }) => "variable set",
        Command::Variable(VariableCommand::Unset { .. }) => "variable unset",
        Command::Token(TokenCommand::Mint { .. }) => "token mint",
        Command::Token(TokenCommand::Inspect { .. }) => "token inspect",
        Command::Run(RunCommand::List) => "run list",
        Command::Run(RunCommand::Show { undo: false, .. }) => "run show",
        Command::Run(RunCommand::Show { undo: true, .. }) => "run show --undo",
        Command::Config(ConfigCommand::Init { .. }) => "config init",
        Command::Config(ConfigCommand::Show { .. }) => "config show",
        Command::Deploy(command) => command.name(),
        Command::Check(_) => "check",
        Command::Schedule(ScheduleCommand::Cron { .. }) => "schedule cron",
        Command::Schedule(ScheduleCommand::Systemd { .. }) => "schedule systemd",
        Command::Explain(_) => "explain",
        #[cfg(feature = "sim")]
        Command::Sim(SimCommand::Serve { .. }) => "sim serve",
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
