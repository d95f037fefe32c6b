//! `deploy lint`: what breaks later.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::init::read_old;
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::deploy::env::{OldInstance, S3, Service, StaticHost, Values};
use crate::deploy::host::{facts, ssh, tcp};
use crate::deploy::lint::{FileFacts, Finding, Reached, Scene, Tried, lint};
use crate::domain::Severity;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang, Text};
use crate::platform::probe_bucket;
use crate::report::{Cell, Column, Meaning, RecordTable};
use crate::secret::check_mode;
use crate::settings::parse_duration;

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    #[arg(long, value_name = "FILE")]
    from_old: Option<PathBuf>,
    #[arg(long)]
    reach: bool,
    #[arg(long, value_name = "HOST:PORT")]
    plugin_host: Vec<String>,
    #[arg(long, value_name = "DURATION", default_value = "5s")]
    reach_timeout: String,
    #[arg(long)]
    no_host: bool,
    #[arg(long, value_name = "CODE")]
    accept_finding: Vec<String>,
}

/// Runs it.
pub(super) fn run(args: LintArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let read = super::read(context)?;
    let timeout = parse_duration(&args.reach_timeout).ok_or_else(|| {
        CommandError::usage(
            Text::new("settings-duration")
                .with("key", "--reach-timeout")
                .with("value", &args.reach_timeout),
        )
    })?;
    let old = args.from_old.as_deref().map(read_old).transpose()?;
    let reached = if args.reach {
        reach(&read.values, &args.plugin_host, timeout)?
    } else {
        Vec::new()
    };
    let findings = look(&read, !args.no_host, old.as_ref(), &reached);
    let accepted = &args.accept_finding;
    if let Err(refused) = crate::deploy::lint::gate(&[], accepted) {
        return Err(unknown_codes(&refused.unknown));
    }
    show(&findings, accepted, context)
}

/// Looks at the files and, with `host`, at this host, and lints; `up` and `all` hand the findings to
/// [`crate::deploy::lint::gate`].
pub(super) fn look(
    read: &super::Read,
    host: bool,
    old: Option<&OldInstance>,
    reached: &[Reached],
) -> Vec<Finding> {
    let values = &read.values;
    let containers: Vec<String> = Service::ALL.map(|one| values.container(one)).into();
    let host = host.then(|| facts::read(&values.root(), &containers));
    lint(&Scene {
        values,
        names: &read.faults,
        files: &file_facts(&read.path, values, old),
        host: host.as_ref(),
        old,
        reached,
    })
}

/// Codes that are no lint code.
pub(super) fn unknown_codes(codes: &[String]) -> CommandError {
    CommandError::usage(Text::new("cli-explain-unknown").with("code", codes.join(", ")))
        .hint(Text::new("cli-explain-unknown-hint"))
}

/// What is seen of the files that the values speak of.
pub(super) fn file_facts(path: &Path, values: &Values, old: Option<&OldInstance>) -> FileFacts {
    let key = values.string("WECUBE_PRIVATE_KEY").into_owned();
    let missing_keys = [Service::Auth, Service::Core]
        .map(|service| values.folder(service).join("certs").join(&key))
        .into_iter()
        .filter(|path| !key.is_empty() && !facts::is_file(path))
        .collect();
    let mut shared_folders = Vec::new();
    for new in [values.root(), values.ui_resources()] {
        let place = facts::real(&new);
        let folders = old.map(|old| &old.folders);
        let shared = folders.into_iter().flatten().find(|old| {
            let old = facts::real(old);
            place.starts_with(&old)
        });
        if let Some(shared) = shared {
            shared_folders.push((new, shared.clone()));
        }
    }
    FileFacts {
        wide_mode: check_mode(path).map(|wide| wide.mode),
        missing_keys,
        shared_folders,
    }
}

/// What is tried, and how.
enum Try {
    Database(String, u16),
    Host(String, u16),
    Bucket(S3),
    Ssh(StaticHost),
}

impl Try {
    fn target(&self) -> String {
        match self {
            Self::Database(host, port) | Self::Host(host, port) => format!("{host}:{port}"),
            Self::Bucket(s3) => format!("{}:{}", s3.host, s3.port),
            Self::Ssh(host) => format!("{}@{}:{}", host.user, host.host, host.port),
        }
    }

    fn run(self, askpass: &Path, timeout: Duration) -> Result<Reached, CommandError> {
        let target = self.target();
        let tried = match self {
            Self::Database(host, port) => Tried::Database(tcp::connects(&host, port, timeout)),
            Self::Host(host, port) => Tried::Host(tcp::connects(&host, port, timeout)),
            Self::Bucket(s3) => Tried::Bucket(runtime::block_on(async {
                let asked = probe_bucket(&target, S3::BUCKET, &s3.access, &s3.secret, timeout);
                Ok(asked.await)
            })?),
            Self::Ssh(host) => match tcp::connects(&host.host, host.port, timeout) {
                Ok(()) => Tried::Ssh(ssh::sign_in(&host, askpass, timeout)),
                Err(why) => Tried::Host(Err(why)),
            },
        };
        Ok(Reached { target, tried })
    }
}

/// Tries everything that the upgrade will need, at once. What has no readable port is told by its own
/// rule.
pub(super) fn reach(
    values: &Values,
    plugin_hosts: &[String],
    timeout: Duration,
) -> Result<Vec<Reached>, CommandError> {
    let mut tries = Vec::new();
    let databases = [values.core_database(), values.auth_database()];
    for database in databases.into_iter().flatten() {
        tries.push(Try::Database(database.host, database.port));
    }
    tries.extend(values.s3().ok().map(Try::Bucket));
    for host in values.static_hosts().unwrap_or_default() {
        tries.push(Try::Ssh(host));
    }
    for typed in plugin_hosts {
        let (host, port) = typed
            .rsplit_once(':')
            .and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)))
            .ok_or_else(|| {
                CommandError::usage(Text::new("env-lint-plugin-host").with("value", typed))
            })?;
        tries.push(Try::Host(host.to_owned(), port));
    }
    // Two databases in one server are tried once.
    let mut targets = Vec::new();
    tries.retain(|one| {
        let target = one.target();
        let fresh = !targets.contains(&target);
        targets.push(target);
        fresh
    });
    let askpass = std::env::current_exe().unwrap_or_default();
    let askpass = askpass.as_path();
    std::thread::scope(|scope| {
        let running: Vec<_> = tries
            .into_iter()
            .map(|one| scope.spawn(move || one.run(askpass, timeout)))
            .collect();
        let ended = running.into_iter().filter_map(|one| one.join().ok());
        ended.collect()
    })
}

fn show(
    findings: &[Finding],
    accepted: &[String],
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    let is_accepted = |finding: &Finding| {
        accepted
            .iter()
            .any(|code| code.trim().eq_ignore_ascii_case(finding.code))
    };
    let counts = |finding: &&Finding| finding.severity > Severity::Info && !is_accepted(finding);
    let outcome = if findings.iter().any(|finding| counts(&finding)) {
        Outcome::Findings
    } else {
        Outcome::Ok
    };
    let columns = [
        Column::Code,
        Column::Severity,
        Column::Subject,
        Column::Line,
        Column::Message,
        Column::Accepted,
    ];
    let mut sheet = RecordTable::new("deploy lint", "findings", &columns).outcome(outcome);
    let catalog = context.ui.catalog();
    let english = Catalog::new(Lang::En);
    for finding in findings {
        let meaning = match finding.severity {
            Severity::Error => Meaning::Bad,
            Severity::Warning => Meaning::Warning,
            Severity::Info => Meaning::Quiet,
        };
        sheet.row([
            Cell::words(finding.code),
            Cell::text(finding.severity.text(), finding.severity.as_str()).meaning(meaning),
            Cell::words(&finding.subject),
            finding.line.map_or_else(Cell::none, Cell::number),
            Cell::shown(
                catalog.render(&finding.message),
                english.render(&finding.message),
            ),
            Cell::flag(is_accepted(finding)),
        ]);
    }
    if findings.is_empty() {
        context.ui.say(&Text::new("env-lint-clean"));
    } else {
        context.ui.say(&Text::new("env-lint-explain"));
    }
    context.sheet(&sheet)
}
