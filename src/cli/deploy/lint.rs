//! `deploy lint`: finds what will break later.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::env_input::{EnvInput, OldArgs, read_env};
use super::errors::DeployInputError;
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::deploy::env::{S3, Service, StaticHost, Values};
use crate::deploy::host::{facts, ssh, tcp};
use crate::deploy::lint::{
    FileFacts, Finding, LintInput, ReachAnswer, ReachResult, accepted_codes, gate, lint,
};
use crate::deploy::old::OldInstance;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::platform::probe_bucket;
use crate::report::deploy::lint_table;
use crate::settings::parse_duration;

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    #[command(flatten)]
    old: OldArgs,
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

pub(super) fn run(args: &LintArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let input = read_env(context)?;
    let timeout = parse_duration("--reach-timeout", &args.reach_timeout)?;
    let old = args.old.read(context)?;
    let accepted = accepted_codes(&args.accept_finding)?;
    let reached = if args.reach {
        reach(&input.values, &args.plugin_host, timeout)?
    } else {
        Vec::new()
    };
    let findings = find(&input, !args.no_host, &[], old.as_ref(), &reached);
    context.sheet(&lint_table(&findings, &accepted))
}

/// Refuses to start containers if lint finds an error that is not accepted. `replaced` names containers
/// that the start stops. Without an env file there is nothing to lint.
pub(super) fn check_gate(
    accepted: &[String],
    replaced: &[String],
    is_local: bool,
    context: &Context<'_>,
) -> Result<(), CommandError> {
    let findings = if context.files.env().is_some() {
        find(&read_env(context)?, is_local, replaced, None, &[])
    } else {
        Vec::new()
    };
    Ok(gate(&findings, accepted)?)
}

/// Reads the files and, with `host`, the facts of this host, and lints.
fn find(
    input: &EnvInput,
    host: bool,
    replaced: &[String],
    old: Option<&OldInstance>,
    reached: &[ReachResult],
) -> Vec<Finding> {
    let values = &input.values;
    let mut containers: Vec<String> = Service::ALL.map(|one| values.container(one)).into();
    containers.extend_from_slice(replaced);
    let host = host.then(|| facts::read(&values.root(), &containers));
    lint(&LintInput {
        values,
        names: &input.faults,
        files: &file_facts(input.wide_mode, values, old),
        host: host.as_ref(),
        old,
        reached,
    })
}

fn file_facts(wide_mode: Option<u32>, values: &Values, old: Option<&OldInstance>) -> FileFacts {
    let key = values.string("WECUBE_PRIVATE_KEY").into_owned();
    let missing_keys = [Service::Auth, Service::Core]
        .map(|service| values.folder(service).join("certs").join(&key))
        .into_iter()
        .filter(|path| !key.is_empty() && !path.is_file())
        .collect();
    let old_folders = || old.into_iter().flat_map(|old| &old.folders);
    let shared = |new: PathBuf| {
        let real = facts::resolve_links(&new);
        let old = old_folders().find(|old| real.starts_with(facts::resolve_links(old)))?;
        Some((new, old.clone()))
    };
    FileFacts {
        wide_mode,
        missing_keys,
        shared_folders: [values.root(), values.ui_resources()]
            .into_iter()
            .filter_map(shared)
            .collect(),
    }
}

/// A target of `--reach`.
enum ReachTarget {
    Database(String, u16),
    Host(String, u16),
    Bucket(S3),
    Ssh(StaticHost),
}

impl ReachTarget {
    fn name(&self) -> String {
        match self {
            Self::Database(host, port) | Self::Host(host, port) => format!("{host}:{port}"),
            Self::Bucket(s3) => format!("{}:{}", s3.host, s3.port),
            Self::Ssh(host) => format!("{}@{}:{}", host.user, host.host, host.port),
        }
    }

    fn reach(self, askpass: &Path, timeout: Duration) -> Result<ReachResult, CommandError> {
        let target = self.name();
        let answer = match self {
            Self::Database(host, port) => ReachAnswer::Database(tcp::connect(&host, port, timeout)),
            Self::Host(host, port) => ReachAnswer::Host(tcp::connect(&host, port, timeout)),
            Self::Bucket(s3) => ReachAnswer::Bucket(runtime::block_on(async {
                let answer = probe_bucket(&target, S3::BUCKET, &s3.access, &s3.secret, timeout);
                Ok(answer.await)
            })?),
            Self::Ssh(host) => match tcp::connect(&host.host, host.port, timeout) {
                Ok(()) => ReachAnswer::Ssh(ssh::sign_in(&host, askpass, timeout)),
                Err(failure) => ReachAnswer::Host(Err(failure)),
            },
        };
        Ok(ReachResult { target, answer })
    }
}

/// Tries to reach everything that the upgrade needs, at the same time. Another rule reports invalid
/// ports.
fn reach(
    values: &Values,
    plugin_hosts: &[String],
    timeout: Duration,
) -> Result<Vec<ReachResult>, CommandError> {
    let mut targets = Vec::new();
    let databases = [values.core_database(), values.auth_database()];
    for database in databases.into_iter().flatten() {
        targets.push(ReachTarget::Database(database.host, database.port));
    }
    targets.extend(values.s3().ok().map(ReachTarget::Bucket));
    let hosts = values.static_hosts().unwrap_or_default();
    targets.extend(hosts.into_iter().map(ReachTarget::Ssh));
    for typed in plugin_hosts {
        let (host, port) = typed
            .rsplit_once(':')
            .and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)))
            .ok_or_else(|| DeployInputError::PluginHost(typed.clone()))?;
        targets.push(ReachTarget::Host(host.to_owned(), port));
    }
    // Two databases in one server are tried once.
    let mut seen = std::collections::BTreeSet::new();
    targets.retain(|target| seen.insert(target.name()));
    let askpass = std::env::current_exe().unwrap_or_default();
    let askpass = askpass.as_path();
    std::thread::scope(|scope| {
        let running: Vec<_> = targets
            .into_iter()
            .map(|target| scope.spawn(move || target.reach(askpass, timeout)))
            .collect();
        let ended = running.into_iter().filter_map(|one| one.join().ok());
        ended.collect()
    })
}
