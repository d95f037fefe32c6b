//! Errors of `schedule`.

use std::io;

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
    /// The path of this program is unknown.
    UnknownProgram(io::Error),
    /// A path cannot be written into a crontab or a unit file.
    BadPath { path: String, error: Text },
}

impl Failure for ScheduleError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::UnknownProgram(_) => Outcome::Failed,
            _ => Outcome::Usage,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::NoConfig => Text::new("monitor-schedule-config"),
            Self::SeedFromStdin => Text::new("monitor-schedule-seed"),
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
            Self::SeedFromStdin => vec![Text::new("monitor-schedule-seed-hint")],
            _ => Vec::new(),
        }
    }
}
