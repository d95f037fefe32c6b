//! Usage errors: what clap refused, in the reader's language.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::OutputArg;
use super::errors::UsageError;
use super::failure::{NAGIOS_UNKNOWN, error_document};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang, Text};
use crate::report::{MonitorFormat, monitor_failure};
use crate::settings::Env;
use crate::ui::{ColorChoice, Ui, Verbosity};

/// The last value of a flag as typed, for what must be known before clap has parsed anything.
fn typed<'a>(argv: &'a [OsString], long: &str, short: &str) -> Option<&'a str> {
    let mut found = None;
    let mut words = argv.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        let value = if word == long || word == short {
            words.next()
        } else if let Some(rest) = word.strip_prefix(long) {
            rest.strip_prefix('=')
        } else {
            let rest = word.strip_prefix(short).filter(|_| !word.starts_with("--"));
            rest.map(|rest| rest.trim_start_matches('='))
        };
        found = value.or(found);
    }
    found
}

/// `--lang` as typed: help and usage errors follow it too.
pub(super) fn typed_lang(argv: &[OsString]) -> Option<Lang> {
    typed(argv, "--lang", "--lang").map(Lang::of_locale)
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
    let usage = CommandError::from(UsageError::Arguments {
        message: message(error),
        suggestion: suggestion(error),
    });
    // Standard output gets what a machine waits for; nobody can be told when it is gone.
    let output = typed(argv, "--output", "-o");
    let is_check = argv.iter().any(|word| word == "check");
    match output {
        Some("nagios") if is_check => {
            let _gone = monitor_failure(MonitorFormat::Nagios, &usage).map(|line| ui.data(&line));
            ui.error(&usage);
            return ExitCode::from(NAGIOS_UNKNOWN);
        }
        Some("json") => {
            let _gone = ui.data(&error_document("usage", OutputArg::Json, &usage));
        }
        Some("ndjson") => {
            let _gone = ui.data(&error_document("usage", OutputArg::Ndjson, &usage));
        }
        _ => {}
    }
    ui.error(&usage);
    ExitCode::from(Outcome::Usage.code())
}

/// What was probably meant.
fn suggestion(error: &clap::Error) -> Option<String> {
    let kinds = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    kinds.iter().find_map(|kind| match error.get(*kind)? {
        ContextValue::String(word) => Some(word.clone()),
        // clap puts the most similar one last.
        ContextValue::Strings(words) => words.last().cloned(),
        _ => None,
    })
}

fn message(error: &clap::Error) -> Text {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let about = |key: &'static str| Text::new(key).with("argument", &argument);
    match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            Text::new("cli-usage-no-command")
        }
        ErrorKind::UnknownArgument => about("cli-usage-unknown-argument"),
        ErrorKind::InvalidSubcommand => Text::new("cli-usage-unknown-command")
            .with("command", context(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => about("cli-usage-missing-argument"),
        ErrorKind::InvalidValue if value.is_empty() => about("cli-usage-value-missing"),
        ErrorKind::InvalidValue => about("cli-usage-invalid-value")
            .with("value", value)
            .with("known", context(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => about("cli-usage-malformed-value").with("value", value),
        ErrorKind::TooManyValues => about("cli-usage-takes-no-value"),
        ErrorKind::ArgumentConflict => match context(ContextKind::PriorArg) {
            other if other == argument => about("cli-usage-repeated"),
            other => about("cli-usage-conflict").with("other", other),
        },
        ErrorKind::InvalidUtf8 => Text::new("cli-usage-not-utf8"),
        _ => Text::new("cli-usage-other"),
    }
}
