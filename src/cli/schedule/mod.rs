//! `schedule cron` and `schedule systemd`: what starts a check again and again, for the configuration
//! at hand.

mod cron;
mod systemd;

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::args::{OutputArg, ScheduleArgs, ScheduleCommand};
use super::context::Context;
use super::session;
use crate::domain::Side;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::journal::who;
use crate::report::{Cell, Column, RecordTable, write_whole};
use crate::settings::SeedSource;

/// Minutes between two checks.
const EVERY: u8 = 15;

/// What a scheduled check is started with; every path is absolute.
struct Job {
    program: PathBuf,
    config: Option<PathBuf>,
    env_file: Option<PathBuf>,
    seed: Option<PathBuf>,
    old_seed: Option<PathBuf>,
    login: Option<PathBuf>,
    old_login: Option<PathBuf>,
    state_dir: Option<PathBuf>,
    textfile: Option<PathBuf>,
    minute: u8,
}

/// Prints or writes them.
pub(super) fn run(
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
        let mut text = String::new();
        for (name, words) in files {
            if files.len() > 1 {
                text.push_str(&["# ", name, "\n"].concat());
            }
            text.push_str(words);
        }
        context.data(&text)?;
        return Ok(Outcome::Ok);
    }
    let mut sheet = RecordTable::new(command, "files", &[Column::File, Column::Text]);
    for (name, words) in files {
        sheet.row([Cell::words(*name), Cell::words(words)]);
    }
    context.sheet(&sheet)
}

fn write(
    dir: &Path,
    files: &[(&str, String)],
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    for (name, words) in files {
        let path = dir.join(name);
        write_whole(&path, words)?;
        context
            .ui
            .say(&Text::new("monitor-unit-written").with("path", path.display()));
    }
    Ok(Outcome::Ok)
}

fn job(args: ScheduleArgs, context: &Context<'_>) -> Result<Job, CommandError> {
    let global = &context.global;
    if global.config.is_none() && global.env_file.is_none() {
        return Err(CommandError::usage(Text::new("monitor-schedule-config"))
            .hint(Text::new("monitor-schedule-config-hint")));
    }
    let settings = context.settings(super::args::ConnectArgs::default(), None)?;
    session::require_side(&settings, Side::New)?;
    let program = std::env::current_exe().map_err(|error| {
        let text = Text::new("monitor-schedule-program").with("error", error);
        CommandError::new(Outcome::Failed, text)
    })?;
    let host = who().host.unwrap_or_default();
    // Who signs in needs no seed, and the line must not name one: the host need not have it.
    let (seed, old_seed) = match &args.login_file {
        Some(_) => (None, None),
        None => (settings.seed.as_ref(), settings.old_seed.as_ref()),
    };
    Ok(Job {
        program,
        config: whole(global.config.as_deref())?,
        env_file: whole(global.env_file.as_deref())?,
        seed: seed_file(seed)?,
        old_seed: seed_file(old_seed)?,
        login: whole(args.login_file.as_deref())?,
        old_login: whole(args.old_login_file.as_deref())?,
        state_dir: whole(settings.state_dir.as_deref())?,
        textfile: whole(args.textfile.as_deref())?,
        minute: minute_of(&host),
    })
}

/// A seed in a file of its own. One of an env file comes with that file; standard input has nobody at
/// its end.
fn seed_file(source: Option<&SeedSource>) -> Result<Option<PathBuf>, CommandError> {
    match source {
        Some(SeedSource::File(path)) => whole(Some(path)),
        Some(SeedSource::Stdin) => Err(CommandError::usage(Text::new("monitor-schedule-seed"))),
        Some(SeedSource::EnvFile(_)) | None => Ok(None),
    }
}

/// The path from the root: neither cron nor systemd starts where we are.
fn whole(path: Option<&Path>) -> Result<Option<PathBuf>, CommandError> {
    let Some(path) = path else { return Ok(None) };
    let whole = std::path::absolute(path).map_err(|error| {
        let text = Text::new("monitor-schedule-path")
            .with("path", path.display())
            .with("error", error);
        CommandError::usage(text)
    })?;
    Ok(Some(whole))
}

/// Text of a path; what is no UTF-8 or has a line end cannot stand in either file.
fn text_of(path: &Path) -> Result<&str, CommandError> {
    let text = path.to_str().filter(|text| !text.contains(['\n', '\r']));
    text.ok_or_else(|| {
        let text = Text::new("monitor-schedule-path")
            .with("path", path.display())
            .with("error", "not UTF-8, or a line end");
        CommandError::usage(text)
    })
}

/// A minute that is this host's own, so that many hosts do not ask at once.
fn minute_of(host: &str) -> u8 {
    Sha256::digest(host.as_bytes())
        .first()
        .map_or(0, |byte| byte % EVERY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(folder: &str) -> Job {
        let path = |name: &str| Some(PathBuf::from(format!("{folder}/{name}")));
        Job {
            program: PathBuf::from(format!("{folder}/wecubectl")),
            config: path("wecubectl.toml"),
            env_file: None,
            seed: path("seed"),
            old_seed: None,
            login: None,
            old_login: None,
            state_dir: path("state"),
            textfile: None,
            minute: 7,
        }
    }

    #[test]
    fn a_plain_line() {
        assert_eq!(
            cron::line(&job("/opt")).ok().unwrap(),
            "7,22,37,52 * * * * /opt/wecubectl check -q --config /opt/wecubectl.toml \
             --seed-file /opt/seed --state-dir /opt/state\n"
        );
    }

    #[test]
    fn what_cron_and_the_shell_take_for_theirs_comes_back_as_it_was() {
        for folder in [
            "/a b",
            "/100%",
            "/it's",
            "/$(reboot)",
            "/a;b&c|d",
            "/\"q\"",
            "/数据",
        ] {
            let line = cron::line(&job(folder)).ok().unwrap();
            let command = line.trim_end().splitn(6, ' ').nth(5).unwrap();
            // Cron ends the command at a bare percent sign and takes the backslash before it away.
            assert!(!command.replace("\\%", "").contains('%'), "{line}");
            let words = shlex::split(&command.replace("\\%", "%")).unwrap();
            assert_eq!(words[0], format!("{folder}/wecubectl"));
            assert_eq!(words[4], format!("{folder}/wecubectl.toml"));
        }
        assert!(cron::line(&job("/a\nb")).is_err());
        assert!(systemd::service(&job("/a\nb")).is_err());
    }

    #[test]
    fn a_unit_escapes_what_is_systemd_s() {
        let service = systemd::service(&job("/a b/100%/$x\"q\"\\")).ok().unwrap();
        let start = service
            .lines()
            .find(|line| line.starts_with("ExecStart="))
            .unwrap();
        assert!(
            start.starts_with("ExecStart=\"/a b/100%%/$$x\\\"q\\\"\\\\/wecubectl\" check -q"),
            "{start}"
        );
        assert!(start.contains("--seed-file \"%d/seed\""), "{start}");
        assert!(
            service.contains("LoadCredential=seed:/a b/100%%/"),
            "{service}"
        );
    }

    #[test]
    fn a_host_keeps_its_minute() {
        assert_eq!(minute_of("one"), minute_of("one"));
        let hosts = (0..40).map(|n| minute_of(&format!("host-{n}")));
        let minutes: std::collections::BTreeSet<u8> = hosts.collect();
        assert!(minutes.len() > 5 && minutes.iter().all(|minute| *minute < EVERY));
    }
}
