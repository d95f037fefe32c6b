//! Errors of `schedule`.

use std::io;
use std::path::PathBuf;

use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::{Text, io_message};

/// Why a check cannot be scheduled.
#[derive(Debug)]
pub(super) enum ScheduleError {
    /// Neither `--config` nor `--env-file` is given.
    NoConfig,
    /// Nobody types a seed for cron or systemd.
    SeedFromStdin,
    /// `crontab` did not run.
    Crontab(Text),
    /// `crontab -l` failed, so what is there is not known.
    NotListed(String),
    /// `crontab -` failed.
    NotWritten(String),
    /// `crontab -l` does not show what was written.
    ReadBack,
    /// A unit is there and is not what would be written.
    UnitDiffers(PathBuf),
    /// The path of this program is unknown.
    UnknownProgram(io::Error),
    /// A path cannot be written into a crontab or a unit file.
    BadPath { path: String, error: Text },
}

impl Failure for ScheduleError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::UnknownProgram(_)
            | Self::Crontab(_)
            | Self::NotListed(_)
            | Self::NotWritten(_)
            | Self::ReadBack => Outcome::Failed,
            _ => Outcome::Usage,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::NoConfig => Text::new("monitor-schedule-config"),
            Self::SeedFromStdin => Text::new("monitor-schedule-seed"),
            Self::Crontab(cause) => Text::new("monitor-crontab").nested("cause", cause.clone()),
            Self::NotListed(lines) => Text::new("monitor-crontab-list").with("lines", lines),
            Self::NotWritten(lines) => Text::new("monitor-crontab-write").with("lines", lines),
            Self::ReadBack => Text::new("monitor-crontab-back"),
            Self::UnitDiffers(path) => {
                Text::new("monitor-unit-differs").with("path", path.display())
            }
            Self::UnknownProgram(error) => {
                Text::new("monitor-schedule-program").nested("error", io_message(error))
            }
            Self::BadPath { path, error } => Text::new("monitor-schedule-path")
                .with("path", path)
                .nested("error", error.clone()),
        }
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::NoConfig => vec![Text::new("monitor-schedule-config-hint")],
            Self::UnitDiffers(_) => vec![Text::new("monitor-unit-differs-hint")],
            Self::SeedFromStdin => vec![Text::new("monitor-schedule-seed-hint")],
            _ => Vec::new(),
        }
    }
}
