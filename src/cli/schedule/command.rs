//! Runs `schedule cron` and `schedule systemd`.

use std::path::Path;

use super::super::args::{OutputArg, ScheduleCommand};
use super::super::context::Context;
use super::job::job;
use super::{cron, systemd};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::files::{Access, replace};
use crate::i18n::Text;
use crate::report::{Cell, Column, RecordTable};

/// Prints the crontab line, or prints or writes the units.
pub(in crate::cli) fn run(
    command: ScheduleCommand,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    match command {
        ScheduleCommand::Cron(args) => {
            let line = cron::line(&job(args, context)?)?;
            show("schedule cron", &[("crontab", line)], context)
        }
        ScheduleCommand::Systemd { args, dir } => {
            let job = job(args, context)?;
            let files = [
                ("wecubectl-check.service", systemd::service(&job)?),
                ("wecubectl-check.timer", systemd::timer(&job)),
            ];
            match dir {
                None => show("schedule systemd", &files, context),
                Some(dir) => write(&dir, &files, context),
            }
        }
    }
}

fn show(
    command: &'static str,
    files: &[(&str, String)],
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
        sheet.row([Cell::words(*name), Cell::words(text)]);
    }
    context.sheet(&sheet)
}

fn write(
    dir: &Path,
    files: &[(&str, String)],
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    for (name, text) in files {
        let path = dir.join(name);
        replace(&path, text.as_bytes(), Access::Public)?;
        context
            .ui
            .say(&Text::new("monitor-unit-written").with("path", path.display()));
    }
    Ok(Outcome::Ok)
}
