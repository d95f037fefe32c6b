//! The crontab line.

use super::error::ScheduleError;
use super::job::{EVERY, Job, text_of};
use crate::i18n::Text;

/// The line. With `-q` a check prints nothing if all is well, so cron sends no mail.
pub(super) fn line(job: &Job) -> Result<String, ScheduleError> {
    let mut words = vec![text_of(&job.program)?, "check", "-q"];
    if job.on_change {
        words.push("--on-change");
    }
    if let Some(lang) = job.lang {
        words.extend(["--lang", lang]);
    }
    for (flag, path) in [
        ("--config", &job.config),
        ("--env-file", &job.env_file),
        ("--seed-file", &job.seed),
        ("--old-seed-file", &job.old_seed),
        ("--login-file", &job.login),
        ("--old-login-file", &job.old_login),
        ("--state-dir", &job.state_dir),
        ("--textfile", &job.textfile),
        ("--ping-file", &job.ping),
    ] {
        if let Some(path) = path {
            words.extend([flag, text_of(path)?]);
        }
    }
    let command = shlex::try_join(words.iter().copied()).map_err(|_| ScheduleError::BadPath {
        path: words.join(" "),
        error: Text::new("monitor-schedule-not-text"),
    })?;
    // The subject of cron's mail is the command: the pair comes first.
    let command = match &job.name {
        Some(name) => format!("WECUBECTL_PAIR={name} {command}"),
        None => command,
    };
    // Cron reads a bare percent sign as a line end, even in quotes.
    let command = command.replace('%', "\\%");
    let minutes: Vec<String> = (0..60 / EVERY)
        .map(|nth| (job.minute + nth * EVERY).to_string())
        .collect();
    Ok(format!("{} * * * * {command}\n", minutes.join(",")))
}

/// The comment above the line of a job, by which it is found again.
fn mark(job: &Job) -> Result<String, ScheduleError> {
    let of = match (&job.name, job.config.as_ref().or(job.env_file.as_ref())) {
        (Some(name), _) => name,
        (None, Some(path)) => text_of(path)?,
        (None, None) => "",
    };
    Ok(format!(
        "# wecubectl check of {of}: written by wecubectl schedule cron --install\n"
    ))
}

/// A table with the line of the job instead of its earlier one, or without a line; all else stays.
pub(super) fn table_with(
    table: &str,
    job: &Job,
    line: Option<&str>,
) -> Result<String, ScheduleError> {
    let mark = mark(job)?;
    let line = line.map(|line| [&mark, line].concat());
    let mut lines = table.split_inclusive('\n');
    let (mut new, mut placed) = (String::new(), false);
    while let Some(kept) = lines.next() {
        if kept.trim_end() == mark.trim_end() {
            lines.next();
            if !placed {
                new.push_str(line.as_deref().unwrap_or_default());
            }
            placed = true;
        } else {
            new.push_str(kept);
        }
    }
    if !placed && let Some(line) = &line {
        if !new.is_empty() && !new.ends_with('\n') {
            new.push('\n');
        }
        new.push_str(line);
    }
    Ok(new)
}
