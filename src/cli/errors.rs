//! Errors of the command line itself.

use std::io;
use std::path::PathBuf;

use crate::domain::{Address, PluginName, Side, Version};
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::{Text, io_message};
#[cfg(feature = "sim")]
use crate::sim::{FaultError, WantedArgument, WorldError, fault_names};

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
    /// The addresses of a side are neither on the command line nor in a file.
    SideUnknown(Side),
    /// A comparison needs both instances.
    NoOldToCompare,
    /// `plan --target` is for v4 and newer.
    TargetTooOld(String),
    /// `plan --target` reads the old instance.
    TargetWithoutOld,
    /// There is no directory that runs could be kept in.
    NoStateDirectory,
    /// A plugin package is a zip file.
    NotAZip(PathBuf),
    /// The instance has no such package, or not this version of it.
    UnknownPlugin {
        name: PluginName,
        version: Option<Version>,
        instance: Address,
    },
    /// This variable of the environment is no proxy's address.
    Proxy(&'static str),
    /// A fault of `sim serve --fault` cannot be applied.
    #[cfg(feature = "sim")]
    SimFault { fault: String, error: FaultError },
    /// No scenario has this name.
    #[cfg(feature = "sim")]
    UnknownScenario(String),
    /// A file does not describe a world for the simulator.
    #[cfg(feature = "sim")]
    SimWorld { path: PathBuf, error: WorldError },
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
            Self::SideUnknown(side) => Text::new("cli-needs-side")
                .nested("label", side.label())
                .with("side", side),
            Self::NoOldToCompare => Text::new("cli-compare-needs-old"),
            Self::TargetTooOld(target) => {
                Text::new("cli-target").with("target", target.escape_default())
            }
            Self::TargetWithoutOld => Text::new("cli-target-old"),
            Self::NoStateDirectory => Text::new("cli-no-state"),
            Self::NotAZip(path) => Text::new("cli-upload-not-a-zip").with("path", path.display()),
            Self::UnknownPlugin {
                name,
                version,
                instance,
            } => match version {
                None => Text::new("cli-plugin-unknown"),
                Some(version) => Text::new("cli-plugin-no-version").with("version", version),
            }
            .with("name", name.as_str().escape_default())
            .with("instance", instance),
            Self::Proxy(name) => Text::new("cli-proxy").with("name", name),
            #[cfg(feature = "sim")]
            Self::SimFault { fault, error } => Text::new("cli-sim-fault")
                .with("fault", fault)
                .nested("error", fault_error(error)),
            #[cfg(feature = "sim")]
            Self::UnknownScenario(name) => Text::new("cli-sim-scenario")
                .with("name", name)
                .with("known", crate::sim::scenarios().join(", ")),
            #[cfg(feature = "sim")]
            Self::SimWorld { path, error } => Text::new("cli-sim-world")
                .with("path", path.display())
                .nested("error", world_error(error)),
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
            Self::SideUnknown(_) => vec![Text::new("cli-needs-side-hint")],
            Self::TargetTooOld(_) => vec![Text::new("cli-target-hint")],
            Self::UnknownPlugin { .. } => vec![Text::new("cli-plugin-unknown-hint")],
            Self::Proxy(name) => vec![Text::new("cli-proxy-hint").with("name", name)],
            _ => Vec::new(),
        }
    }
}

#[cfg(feature = "sim")]
fn fault_error(error: &FaultError) -> Text {
    match error {
        FaultError::Unknown(name) => Text::new("cli-sim-fault-unknown")
            .with("name", name)
            .with("known", fault_names().join(", ")),
        FaultError::Argument { name, wanted } => match wanted {
            WantedArgument::Plugin => Text::new("cli-sim-fault-plugin"),
            WantedArgument::PluginAndDelay => Text::new("cli-sim-fault-delay"),
            WantedArgument::WholeNumber => Text::new("cli-sim-fault-number"),
            WantedArgument::Milliseconds => Text::new("cli-sim-fault-milliseconds"),
            WantedArgument::Seconds => Text::new("cli-sim-fault-seconds"),
        }
        .with("name", name),
        FaultError::NoOldSide => Text::new("cli-sim-fault-no-old"),
        FaultError::NoPlugin(name) => Text::new("cli-sim-fault-no-plugin").with("name", name),
    }
}

#[cfg(feature = "sim")]
fn world_error(error: &WorldError) -> Text {
    match error {
        WorldError::Json { path, line, column } => Text::new("cli-sim-world-json")
            .with("path", path)
            .with("line", line)
            .with("column", column),
        WorldError::Fault { spec, source } => Text::new("cli-sim-fault")
            .with("fault", spec)
            .nested("error", fault_error(source)),
        WorldError::NoPortal { side } => {
            Text::new("cli-sim-world-no-portal").with("side", side.as_str())
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
    /// The HTML report cannot be rendered.
    Report { path: PathBuf, error: String },
    /// The simulator cannot listen.
    #[cfg(feature = "sim")]
    SimListen { address: String, error: io::Error },
    /// The simulated instances of `demo` cannot start.
    #[cfg(feature = "sim")]
    DemoStart(io::Error),
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
            Self::Report { path, error } => Text::new("cli-report-unwritable")
                .with("path", path.display())
                .with("error", error),
            #[cfg(feature = "sim")]
            Self::SimListen { address, error } => Text::new("cli-sim-listen")
                .with("address", address)
                .nested("error", io_message(error)),
            #[cfg(feature = "sim")]
            Self::DemoStart(error) => {
                Text::new("cli-demo-start").nested("error", io_message(error))
            }
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
