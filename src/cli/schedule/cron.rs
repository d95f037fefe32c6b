//! The crontab line.

use super::error::ScheduleError;
use super::job::{EVERY, Job, text_of};
use crate::i18n::Text;

/// The line. With `-q` a check prints nothing if all is well, so cron sends no mail.
pub(super) fn line(job: &Job) -> Result<String, ScheduleError> {
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
    let command = shlex::try_join(words.iter().copied()).map_err(|_| ScheduleError::BadPath {
        path: words.join(" "),
        error: Text::new("monitor-schedule-not-text"),
    })?;
    // Cron reads a bare percent sign as a line end, even in quotes.
    let command = command.replace('%', "\\%");
    let minutes: Vec<String> = (0..60 / EVERY)
        .map(|nth| (job.minute + nth * EVERY).to_string())
        .collect();
    Ok(format!("{} * * * * {command}\n", minutes.join(",")))
}
