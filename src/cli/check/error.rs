//! Errors of `check`.

use std::path::PathBuf;

use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::FileError;
use crate::i18n::Text;

/// Why `check` cannot run, or cannot end.
#[derive(Debug)]
pub(super) enum CheckError {
    /// `--code` or `--skip-code` selects no check.
    UnknownCode(String),
    /// `--accept-gone` names a plugin that no earlier check saw running.
    NeverRan(String),
    /// `--after` is not `K/N`.
    BadWindow(String),
    /// `--notify` without `--on-change` would run never.
    NotifyWithoutChange,
    /// A date is not `YYYY-MM-DD`.
    BadDate(String),
    /// `--save-baseline` does not overwrite a file.
    BaselineExists(PathBuf),
    /// Without a baseline accepted findings would raise an alarm.
    BaselineUnreadable { path: PathBuf, error: Text },
    /// A baseline cannot be read or written.
    File(FileError),
    /// A signal came.
    Interrupted(Outcome),
}

impl From<FileError> for CheckError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl Failure for CheckError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::File(error) => error.outcome(),
            Self::Interrupted(signal) => *signal,
            _ => Outcome::Usage,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::UnknownCode(code) => Text::new("monitor-code-unknown").with("code", code),
            Self::NeverRan(name) => Text::new("monitor-never-ran").with("name", name),
            Self::BadWindow(value) => Text::new("monitor-after-bad").with("value", value),
            Self::NotifyWithoutChange => Text::new("monitor-notify-alone"),
            Self::BadDate(value) => Text::new("monitor-day-bad").with("value", value),
            Self::BaselineExists(path) => {
                Text::new("monitor-baseline-exists").with("path", path.display())
            }
            Self::BaselineUnreadable { path, error } => Text::new("monitor-baseline-unreadable")
                .with("path", path.display())
                .nested("error", error.clone()),
            Self::File(error) => error.message(),
            Self::Interrupted(_) => Text::new("monitor-interrupted"),
        }
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::UnknownCode(_) => vec![Text::new("monitor-code-unknown-hint")],
            Self::BaselineExists(_) => vec![Text::new("monitor-baseline-exists-hint")],
            Self::Interrupted(_) => vec![Text::new("check-applying-hint")],
            Self::File(error) => error.hints(),
            _ => Vec::new(),
        }
    }
}
