//! Errors of the `deploy` commands themselves.

use std::path::PathBuf;

use crate::deploy::old::OldFault;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::FileError;
use crate::i18n::Text;

/// What was typed, or a file that it names, cannot be used: exit code 2, nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DeployInputError {
    /// No env file is given.
    NoEnvFile,
    /// Required variables are missing in the env file; each message names its file and line.
    MissingVariables(Vec<Text>),
    /// Values of the wrong form; each message names its file and line.
    WrongValues(Vec<Text>),
    /// Templates cannot be rendered.
    Templates(Vec<Text>),
    /// Some of the four files of a directory cannot be read.
    Files(Vec<FileError>, Text),
    /// The files of the old instance cannot be used.
    OldInstance(OldFault),
    /// `deploy init` does not overwrite a file.
    Exists(PathBuf),
    /// Neither `--wecube-version` nor the env file gives a version.
    NoVersion,
    /// The version cannot be an image tag.
    Version(String),
    /// `--registry` is not a prefix of an image name.
    Registry(String),
    /// `--digest` is not `COMPONENT=sha256:…`.
    Digest(String),
    /// `--project-prefix` cannot begin a compose project's name.
    ProjectPrefix(String),
    /// `--plugin-host` is not `HOST:PORT`.
    PluginHost(String),
    /// The engine runs on another machine.
    RemoteEngine(String),
    /// This host has no such user.
    NoSuchUser(String),
    /// Others can read the password file.
    PasswordFileReadable(PathBuf),
}

impl Failure for DeployInputError {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        match self {
            Self::NoEnvFile => Text::new("env-no-file"),
            Self::MissingVariables(faults) => Text::new("env-missing").count("count", faults.len()),
            Self::WrongValues(faults) => Text::new("env-wrong-values").count("count", faults.len()),
            Self::Templates(faults) => Text::new("env-templates").count("count", faults.len()),
            Self::Files(files, _) => Text::new("env-files").count("count", files.len()),
            Self::OldInstance(OldFault::Unknown(path)) => {
                Text::new("env-old-unknown").with("path", path.display())
            }
            Self::OldInstance(OldFault::Yaml(path, line)) => Text::new("env-old-yaml")
                .with("path", path.display())
                .with("line", line),
            Self::OldInstance(OldFault::File(error)) => error.message(),
            Self::Exists(path) => Text::new("cli-config-exists").with("path", path.display()),
            Self::NoVersion => Text::new("deploy-version-missing"),
            Self::Version(version) => {
                Text::new("deploy-version-not-a-tag").with("version", version)
            }
            Self::Registry(prefix) => {
                Text::new("deploy-registry-not-a-prefix").with("prefix", prefix)
            }
            Self::Digest(given) => Text::new("deploy-digest-malformed").with("given", given),
            Self::ProjectPrefix(prefix) => {
                Text::new("deploy-prefix-malformed").with("prefix", prefix)
            }
            Self::PluginHost(value) => Text::new("env-lint-plugin-host").with("value", value),
            Self::RemoteEngine(endpoint) => {
                Text::new("deploy-dirs-remote").with("endpoint", endpoint)
            }
            Self::NoSuchUser(name) => Text::new("deploy-dirs-no-such-user").with("name", name),
            Self::PasswordFileReadable(path) => {
                Text::new("deploy-password-wide").with("path", path.display())
            }
        }
    }

    fn messages(&self) -> Vec<Text> {
        let mut messages = vec![self.message()];
        match self {
            Self::MissingVariables(faults)
            | Self::WrongValues(faults)
            | Self::Templates(faults) => {
                messages.extend(faults.iter().cloned());
            }
            Self::Files(files, _) => messages.extend(files.iter().map(Failure::message)),
            _ => {}
        }
        messages
    }

    fn hints(&self) -> Vec<Text> {
        vec![match self {
            Self::NoEnvFile => Text::new("env-no-file-hint"),
            Self::MissingVariables(_) => Text::new("env-missing-hint"),
            Self::Files(_, hint) => hint.clone(),
            Self::OldInstance(OldFault::Unknown(_)) => Text::new("env-old-unknown-hint"),
            Self::Exists(_) => Text::new("cli-config-exists-hint"),
            Self::NoVersion => Text::new("deploy-version-missing-hint"),
            Self::RemoteEngine(_) => Text::new("deploy-dirs-remote-hint"),
            Self::NoSuchUser(_) => Text::new("deploy-dirs-no-such-user-hint"),
            Self::PasswordFileReadable(path) => {
                Text::new("deploy-password-wide-hint").with("path", path.display())
            }
            _ => return Vec::new(),
        }]
    }
}

/// The command stopped before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DeployStopped {
    /// A signal came. Everything half-made is ignored or overwritten by the next run.
    Interrupted(Outcome),
    /// `--yes` alone does not confirm an in-place replacement.
    InPlaceNotConfirmed,
    /// Containers that a rollback would start were removed.
    ReplacedAreGone(Vec<String>),
    /// Images could not be transferred; `deploy all` did nothing else.
    Images(Vec<Text>),
}

impl Failure for DeployStopped {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Interrupted(signal) => *signal,
            Self::InPlaceNotConfirmed => Outcome::NotConfirmed,
            Self::ReplacedAreGone(_) => Outcome::Unsafe,
            Self::Images(_) => Outcome::Failed,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::Interrupted(_) => Text::new("deploy-interrupted"),
            Self::InPlaceNotConfirmed => Text::new("deploy-in-place-not-confirmed"),
            Self::ReplacedAreGone(names) => {
                Text::new("deploy-rollback-gone").with("names", names.join(", "))
            }
            Self::Images(faults) => Text::new("deploy-all-images").count("count", faults.len()),
        }
    }

    fn messages(&self) -> Vec<Text> {
        let mut messages = vec![self.message()];
        if let Self::Images(faults) = self {
            messages.extend(faults.iter().cloned());
        }
        messages
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::Interrupted(_) => Vec::new(),
            Self::ReplacedAreGone(_) => vec![Text::new("deploy-rollback-gone-hint")],
            Self::InPlaceNotConfirmed => vec![Text::new("deploy-in-place-not-confirmed-hint")],
            Self::Images(_) => vec![Text::new("deploy-all-image-hint")],
        }
    }
}

/// The error of a run that a signal ended.
pub(super) fn interrupted(signal: Outcome) -> crate::error::CommandError {
    DeployStopped::Interrupted(signal).into()
}
