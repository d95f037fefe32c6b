//! Runs `schedule cron` and `schedule systemd`.

use std::path::Path;

use super::super::args::{OutputArg, ScheduleCommand};
use super::super::context::Context;
use super::super::runtime;
use super::error::ScheduleError;
use super::job::{Job, job};
use super::{cron, crontab, systemd};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::files::{Access, Directory, MIB, read_text, replace};
use crate::i18n::Text;
use crate::report::{Cell, Column, RecordTable};

/// Prints or installs the crontab line, or prints or writes the units.
pub(in crate::cli) fn run(
    command: ScheduleCommand,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    match command {
        ScheduleCommand::Cron {
            args,
            install,
            uninstall,
        } => {
            let job = job(args, context)?;
            let line = cron::line(&job)?;
            if install || uninstall {
                change_table(&job, Some(line).filter(|_| install), context)
            } else {
                show("schedule cron", &[("crontab".to_owned(), line)], context)
            }
        }
        ScheduleCommand::Systemd {
            args,
            dir,
            yes,
            systemd,
        } => {
            let job = job(args, context)?;
            let version = match systemd {
                Some(version) => version,
                None => runtime::block_on(async { Ok(systemd::version_of_host().await) })?,
            };
            let [service, timer] = systemd::names(&job);
            let files = [
                (service, systemd::service(&job, version)?),
                (timer, systemd::timer(&job)),
            ];
            match dir {
                None => show("schedule systemd", &files, context),
                Some(dir) => write(&dir, &files, yes, context),
            }
        }
    }
}

/// Puts a line into the crontab of this user, or takes it out.
fn change_table(
    job: &Job,
    line: Option<String>,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let done = match &line {
        Some(line) => Text::new("monitor-crontab-installed").with("line", line.trim_end()),
        None => Text::new("monitor-crontab-removed"),
    };
    let table = runtime::block_on(async {
        let before = crontab::read().await?;
        let after = cron::table_with(&before, job, line.as_deref())?;
        if after != before {
            crontab::write(&after).await?;
        }
        Ok(after)
    })?;
    context.ui.notice(&done);
    if line.is_some() && !crontab::has_mailer(&table, context.env) {
        context.ui.warn(&Text::new("monitor-crontab-no-mailer"));
    }
    Ok(Outcome::Ok)
}

fn show(
    command: &'static str,
    files: &[(String, String)],
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    if context.output() == OutputArg::Table {
        let mut page = String::new();
        for (name, text) in files {
            if files.len() > 1 {
                page.push_str(&["# ", name, "\n"].concat());
            }
            page.push_str(text);
        }
        context.data(&page)?;
        return Ok(Outcome::Ok);
    }
    let mut sheet = RecordTable::new(command, "files", &[Column::File, Column::Text]);
    for (name, text) in files {
        sheet.row([Cell::plain(name), Cell::plain(text)]);
    }
    context.show_table(&sheet)
}

/// Writes the units. A unit that is there and differs is only replaced with `--yes`.
fn write(
    dir: &Path,
    files: &[(String, String)],
    yes: bool,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    for (name, text) in files {
        let path = dir.join(name);
        if !yes && path.exists() && read_text(&path, MIB)? != *text {
            return Err(ScheduleError::UnitDiffers(path).into());
        }
    }
    Directory::of_outputs(dir)?;
    for (name, text) in files {
        let path = dir.join(name);
        replace(&path, text.as_bytes(), Access::Public)?;
        context
            .ui
            .notice(&Text::new("monitor-unit-written").with("path", path.display()));
    }
    Ok(Outcome::Ok)
}
