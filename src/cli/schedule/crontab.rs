//! The crontab of this user, read and written by `crontab`.

use std::path::Path;
use std::time::Duration;

use super::error::ScheduleError;
use crate::deploy::host::Program;
use crate::files::mode_of;
use crate::settings::Env;

const PATIENCE: Duration = Duration::from_secs(20);

/// The table; empty if this user has none.
pub(super) async fn read() -> Result<String, ScheduleError> {
    let ran = crontab().run(&["-l"], PATIENCE).await;
    let ran = ran.map_err(|error| ScheduleError::Crontab(error.message()))?;
    if ran.is_ok() {
        return Ok(ran.stdout);
    }
    // Debian, Red Hat and busybox: "no crontab for USER".
    if ran.stderr.contains("no crontab") {
        return Ok(String::new());
    }
    Err(ScheduleError::NotListed(ran.last_lines()))
}

/// Writes the table and reads it back.
pub(super) async fn write(table: &str) -> Result<(), ScheduleError> {
    let ran = crontab()
        .input(table.to_owned())
        .run(&["-"], PATIENCE)
        .await;
    let ran = ran.map_err(|error| ScheduleError::Crontab(error.message()))?;
    if !ran.is_ok() {
        return Err(ScheduleError::NotWritten(ran.last_lines()));
    }
    let there = read().await?;
    // Some versions put comments of their own before it.
    if there.ends_with(table) {
        Ok(())
    } else {
        Err(ScheduleError::ReadBack)
    }
}

/// Its messages are read, so they are English.
fn crontab() -> Program {
    Program::new("crontab").env("LC_ALL", "C")
}

/// Whether cron can send mail: there is a `sendmail`, and the table does not switch mail off.
pub(super) fn has_mailer(table: &str, env: &Env) -> bool {
    let path = env.get("PATH").unwrap_or_default();
    let folders = path.split(':').chain(["/usr/sbin", "/usr/lib"]);
    let mut programs = folders.map(|folder| Path::new(folder).join("sendmail"));
    let off = |line: &str| {
        let line: String = line.split_whitespace().collect();
        matches!(line.as_str(), "MAILTO=" | "MAILTO=\"\"" | "MAILTO=''")
    };
    programs.any(|program| mode_of(&program).is_some()) && !table.lines().any(off)
}
