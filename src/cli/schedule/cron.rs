//! The crontab line.

use super::{EVERY, Job, text_of};
use crate::error::CommandError;
use crate::i18n::Text;

/// The line, with its end. `-q`: cron mails what is said, so nothing is said when all is well. Two
/// checks keep apart by a lock of their own.
pub(super) fn line(job: &Job) -> Result<String, CommandError> {
    let mut words = vec![text_of(&job.program)?, "check", "-q"];
    for (flag, path) in [
        ("--config", &job.config),
        ("--env-file", &job.env_file),
        ("--seed-file", &job.seed),
        ("--old-seed-file", &job.old_seed),
        ("--login-file", &job.login),
        ("--old-login-file", &job.old_login),
        ("--state-dir", &job.state_dir),
        ("--textfile", &job.textfile),
    ] {
        if let Some(path) = path {
            words.extend([flag, text_of(path)?]);
        }
    }
    let command = shlex::try_join(words.iter().copied()).map_err(|error| {
        let text = Text::new("monitor-schedule-path")
            .with("path", words.join(" ").escape_default())
            .with("error", error);
        CommandError::usage(text)
    })?;
    // Cron takes a bare percent sign for a line end, in quotes too.
    let command = command.replace('%', "\\%");
    let minutes: Vec<String> = (0..60 / EVERY)
        .map(|nth| (job.minute + nth * EVERY).to_string())
        .collect();
    Ok(format!("{} * * * * {command}\n", minutes.join(",")))
}
