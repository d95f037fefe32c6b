//! What a scheduled check runs with.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::super::args::ScheduleArgs;
use super::super::context::Context;
use super::super::session;
use super::error::ScheduleError;
use crate::domain::Side;
use crate::error::CommandError;
use crate::i18n::{Lang, Text, io_message};
use crate::journal::who;
use crate::settings::SeedSource;

/// Minutes between two checks.
pub(super) const EVERY: u8 = 15;

/// Program and files of a scheduled check. Every path is absolute.
pub(super) struct Job {
    pub(super) program: PathBuf,
    pub(super) config: Option<PathBuf>,
    pub(super) env_file: Option<PathBuf>,
    pub(super) seed: Option<PathBuf>,
    pub(super) old_seed: Option<PathBuf>,
    pub(super) login: Option<PathBuf>,
    pub(super) old_login: Option<PathBuf>,
    pub(super) state_dir: Option<PathBuf>,
    pub(super) textfile: Option<PathBuf>,
    pub(super) ping: Option<PathBuf>,
    pub(super) on_change: bool,
    /// Name of the pair, if it has one.
    pub(super) name: Option<String>,
    /// The language, unless the configuration or the default says it.
    pub(super) lang: Option<&'static str>,
    pub(super) minute: u8,
}

pub(super) fn job(args: ScheduleArgs, context: &Context<'_>) -> Result<Job, CommandError> {
    let global = &context.global;
    if global.config.is_none() && global.env_file.is_none() {
        return Err(ScheduleError::NoConfig.into());
    }
    let settings = context.settings(super::super::args::ConnectArgs::default(), None)?;
    session::require_side(&settings, Side::New)?;
    let program = std::env::current_exe().map_err(ScheduleError::UnknownProgram)?;
    let host = who().host.unwrap_or_default();
    // A login needs no seed, and the host need not have one.
    let (seed, old_seed) = match &args.login_file {
        Some(_) => (None, None),
        None => (settings.seed.as_ref(), settings.old_seed.as_ref()),
    };
    Ok(Job {
        program,
        config: absolute(global.config.as_deref())?,
        env_file: absolute(global.env_file.as_deref())?,
        seed: seed_file(seed)?,
        old_seed: seed_file(old_seed)?,
        login: absolute(args.login_file.as_deref())?,
        old_login: absolute(args.old_login_file.as_deref())?,
        state_dir: absolute(settings.state_dir.as_deref())?,
        textfile: absolute(args.textfile.as_deref())?,
        ping: absolute(args.ping_file.as_deref().or(context.files.ping_file()))?,
        on_change: args.on_change,
        name: settings.name,
        lang: match (context.ui.catalog().lang(), global.lang) {
            (Lang::Zh, _) => Some("zh"),
            (Lang::En, Some(_)) => Some("en"),
            (Lang::En, None) => None,
        },
        minute: minute_of(&host),
    })
}

/// The file of a seed. A seed of an env file comes with that file.
fn seed_file(source: Option<&SeedSource>) -> Result<Option<PathBuf>, ScheduleError> {
    match source {
        Some(SeedSource::File(path)) => absolute(Some(path)),
        Some(SeedSource::Stdin) => Err(ScheduleError::SeedFromStdin),
        Some(SeedSource::EnvFile(_)) | None => Ok(None),
    }
}

/// The absolute path: neither cron nor systemd starts in this directory.
fn absolute(path: Option<&Path>) -> Result<Option<PathBuf>, ScheduleError> {
    let Some(path) = path else { return Ok(None) };
    let absolute = std::path::absolute(path).map_err(|error| ScheduleError::BadPath {
        path: path.display().to_string(),
        error: io_message(&error),
    })?;
    Ok(Some(absolute))
}

/// The path as text. Neither file format can hold a line break or bytes that are not UTF-8.
pub(super) fn text_of(path: &Path) -> Result<&str, ScheduleError> {
    let text = path.to_str().filter(|text| !text.contains(['\n', '\r']));
    text.ok_or_else(|| ScheduleError::BadPath {
        path: path.display().to_string(),
        error: Text::new("monitor-schedule-not-text"),
    })
}

/// A minute that depends on the host, so that many hosts do not check at once.
pub(super) fn minute_of(host: &str) -> u8 {
    Sha256::digest(host.as_bytes())
        .first()
        .map_or(0, |byte| byte % EVERY)
}
