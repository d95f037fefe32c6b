//! Errors of the command line itself.

use std::io;
use std::path::PathBuf;

use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::{Text, io_message};

/// What was typed cannot be run: exit code 2, nothing was sent or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UsageError {
    /// clap refused the arguments; the message is ours.
    Arguments {
        message: Text,
        suggestion: Option<String>,
    },
    /// A format of monitoring systems, which only `check` has.
    FormatOnlyForCheck,
    /// `--report` names a directory.
    ReportIsDirectory(PathBuf),
    /// `--report` names a file in a directory that does not exist.
    ReportDirectoryMissing(PathBuf),
    /// `config init` does not overwrite a file.
    ConfigExists(PathBuf),
    /// A fault of `sim serve --fault` cannot be applied.
    #[cfg(feature = "sim")]
    SimFault { fault: String, error: String },
    /// No scenario has this name.
    #[cfg(feature = "sim")]
    UnknownScenario(String),
    /// A file does not describe a world for the simulator.
    #[cfg(feature = "sim")]
    SimWorld { path: PathBuf, error: String },
}

impl Failure for UsageError {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        match self {
            Self::Arguments { message, .. } => message.clone(),
            Self::FormatOnlyForCheck => Text::new("monitor-format-only-check"),
            Self::ReportIsDirectory(path) => {
                Text::new("cli-report-is-folder").with("path", path.display())
            }
            Self::ReportDirectoryMissing(folder) => {
                Text::new("cli-report-no-folder").with("folder", folder.display())
            }
            Self::ConfigExists(path) => Text::new("cli-config-exists").with("path", path.display()),
            #[cfg(feature = "sim")]
            Self::SimFault { fault, error } => Text::new("cli-sim-fault")
                .with("fault", fault)
                .with("error", error),
            #[cfg(feature = "sim")]
            Self::UnknownScenario(name) => Text::new("cli-sim-scenario")
                .with("name", name)
                .with("known", crate::sim::scenarios().join(", ")),
            #[cfg(feature = "sim")]
            Self::SimWorld { path, error } => Text::new("cli-sim-world")
                .with("path", path.display())
                .with("error", error),
        }
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::Arguments { suggestion, .. } => {
                let suggestion = suggestion.iter();
                let suggestion =
                    suggestion.map(|name| Text::new("cli-did-you-mean").with("name", name));
                suggestion.chain([Text::new("cli-usage-help")]).collect()
            }
            Self::FormatOnlyForCheck => vec![Text::new("monitor-format-only-check-hint")],
            #[cfg(feature = "sim")]
            Self::UnknownScenario(name) => {
                did_you_mean(name, crate::sim::scenarios().iter().copied())
                    .into_iter()
                    .collect()
            }
            Self::ConfigExists(_) => vec![Text::new("cli-config-exists-hint")],
            _ => Vec::new(),
        }
    }
}

/// The known name that is most like the typed one, as a hint.
#[cfg(feature = "sim")]
pub(crate) fn did_you_mean<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<Text> {
    // The threshold of clap's own suggestions.
    const LEAST: f64 = 0.7;
    let typed = typed.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&typed, &name.to_lowercase());
    let likely = known.into_iter().map(|name| (likeness(name), name));
    let best = likely
        .filter(|(likeness, _)| *likeness > LEAST)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    best.map(|(_, name)| Text::new("cli-did-you-mean").with("name", name))
}

/// The command could not run or show its result.
#[derive(Debug)]
pub(crate) enum CliError {
    /// A signal came before anything was written.
    Interrupted(Outcome),
    /// The asynchronous runtime cannot start.
    Runtime(io::Error),
    /// Standard output cannot be written, for example a full disk behind a redirection.
    Output(io::Error),
    /// The answer was not yes.
    NotConfirmed,
    /// There is no terminal to ask on, and no `--yes`.
    NobodyToAsk,
    /// The configuration template cannot be written.
    ConfigUnwritable { path: PathBuf, error: io::Error },
    /// The HTML report cannot be rendered.
    Report { path: PathBuf, error: String },
    /// The simulator cannot listen.
    #[cfg(feature = "sim")]
    SimListen { address: String, error: String },
}

impl Failure for CliError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Interrupted(signal) => *signal,
            Self::NotConfirmed | Self::NobodyToAsk => Outcome::NotConfirmed,
            _ => Outcome::Failed,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::Interrupted(_) => Text::new("cli-interrupted"),
            Self::Runtime(error) => Text::new("cli-runtime").nested("error", io_message(error)),
            Self::Output(error) => {
                Text::new("cli-output-failed").nested("error", io_message(error))
            }
            Self::NotConfirmed => Text::new("cli-not-confirmed"),
            Self::NobodyToAsk => Text::new("cli-nobody-to-ask"),
            Self::ConfigUnwritable { path, error } => Text::new("cli-config-unwritable")
                .with("path", path.display())
                .nested("error", io_message(error)),
            Self::Report { path, error } => Text::new("cli-report-unwritable")
                .with("path", path.display())
                .with("error", error),
            #[cfg(feature = "sim")]
            Self::SimListen { address, error } => Text::new("cli-sim-listen")
                .with("address", address)
                .with("error", error),
        }
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::Interrupted(_) => vec![Text::new("cli-interrupted-hint")],
            Self::NobodyToAsk => vec![Text::new("cli-nobody-to-ask-hint")],
            _ => Vec::new(),
        }
    }
}
