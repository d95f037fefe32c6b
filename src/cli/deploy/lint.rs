//! `deploy lint`: finds what will break later.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::env_input::{EnvInput, OldArgs, read_env, templates};
use super::errors::DeployInputError;
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::deploy::env::{S3, SealFault, Service, StaticHost, Values, in_brackets, unseal};
use crate::deploy::host::{facts, ssh, tcp};
use crate::deploy::lint::{
    FileFacts, Finding, LintInput, ReachAnswer, ReachResult, accepted_codes, gate, lint,
};
use crate::deploy::old::OldInstance;
use crate::deploy::render::unset_by;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::platform::probe_bucket;
use crate::report::deploy::lint_table;
use crate::settings::parse_duration;

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    #[command(flatten)]
    old: OldArgs,
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
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
    let templates = templates(args.templates.as_deref())?;
    let input = read_env(context)?.for_templates(&templates);
    let unset = unset_by(&templates, input.values.version());
    let timeout = parse_duration("--reach-timeout", &args.reach_timeout)?;
    let old = args.old.read(context)?;
    let accepted = accepted_codes(&args.accept_finding)?;
    let reached = if args.reach {
        reach(&input.values, &args.plugin_host, timeout)?
    } else {
        Vec::new()
    };
    let replaced = &[];
    let asked = Asked {
        host: !args.no_host,
        replaced,
        unset: &unset,
        old: old.as_ref(),
        reached: &reached,
    };
    let findings = find(&input, &asked);
    context.show_table(&lint_table(&findings, &accepted))
}

/// Refuses to start containers if lint finds an error that is not accepted. `replaced` names containers
/// that the start stops. Without an env file there is nothing to lint.
pub(super) fn check_gate(
    accepted: &[String],
    replaced: &[String],
    own_templates: Option<&Path>,
    is_local: bool,
    context: &Context<'_>,
) -> Result<(), CommandError> {
    let findings = if context.files.env().is_some() {
        let templates = templates(own_templates)?;
        let input = read_env(context)?.for_templates(&templates);
        let asked = Asked {
            host: is_local,
            replaced,
            unset: &unset_by(&templates, input.values.version()),
            old: None,
            reached: &[],
        };
        find(&input, &asked)
    } else {
        Vec::new()
    };
    Ok(gate(&findings, accepted)?)
}

/// What is linted beside the env file.
struct Asked<'a> {
    /// Whether the facts of this host are.
    host: bool,
    /// Containers that a start stops first.
    replaced: &'a [String],
    unset: &'a [(Service, String)],
    old: Option<&'a OldInstance>,
    reached: &'a [ReachResult],
}

/// Reads the files and the facts, and lints.
fn find(input: &EnvInput, asked: &Asked<'_>) -> Vec<Finding> {
    let values = &input.values;
    let mut containers: Vec<String> = Service::ALL.map(|one| values.container(one)).into();
    containers.extend_from_slice(asked.replaced);
    let host = asked.host.then(|| facts::read(&values.root(), &containers));
    lint(&LintInput {
        values,
        names: &input.faults,
        unset: asked.unset,
        files: &file_facts(input.wide_mode, values, asked.old),
        host: host.as_ref(),
        old: asked.old,
        reached: asked.reached,
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
    /// The address of a host name of this variable.
    Name(&'static str, String),
    Sealed(&'static str, SealFault),
}

impl ReachTarget {
    fn name(&self) -> String {
        match self {
            Self::Database(host, port) | Self::Host(host, port) => {
                format!("{}:{port}", in_brackets(host))
            }
            Self::Bucket(s3) => format!("{}:{}", in_brackets(&s3.host), s3.port),
            Self::Ssh(host) => format!("{}@{}:{}", host.user, host.host, host.port),
            Self::Name(_, host) => host.clone(),
            Self::Sealed(name, _) => (*name).to_owned(),
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
            Self::Name(_, host) if tcp::resolves(&host) => ReachAnswer::Host(Ok(())),
            Self::Name(name, _) => ReachAnswer::NoAddress(name),
            Self::Sealed(name, fault) => ReachAnswer::Sealed(name, fault),
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
    let key = values.string("WECUBE_PRIVATE_KEY").into_owned();
    let key = values.folder(Service::Core).join("certs").join(key);
    // Each probe with what it needs in plain text.
    let open = |name: &'static str| match unseal(values.secret(name), &key) {
        Ok(plain) => Ok(Values::read(values.file().clone().with(name, plain)).0),
        Err(fault) => Err(ReachTarget::Sealed(name, fault)),
    };
    match open("s3_secret") {
        Ok(values) => targets.extend(values.s3().ok().map(ReachTarget::Bucket)),
        Err(sealed) => targets.push(sealed),
    }
    match open("host_wecube_password") {
        Ok(values) => {
            let hosts = values.static_hosts().unwrap_or_default();
            targets.extend(hosts.into_iter().map(ReachTarget::Ssh));
        }
        Err(sealed) => targets.push(sealed),
    }
    for name in [
        "auth_address",
        "core_address",
        "gateway_address",
        "gateway_host_ports",
        "public_domain",
    ] {
        let given = values.file().get(name).unwrap_or_default();
        let hosts = given
            .split(',')
            .filter_map(|one| Some(one.rsplit_once(':')?.0));
        targets.extend(hosts.map(|host| ReachTarget::Name(name, host.to_owned())));
    }
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
