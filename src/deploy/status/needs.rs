//! What core needs for a registration: the bucket of plugin packages, and ssh on each static host.
//!
//! Tested as core does it: a signed request for the bucket, one sign-in with the container's password.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::future::join_all;

use super::check::{CheckState, StatusCheck, StatusCheckKind as Kind};
use crate::deploy::env::{S3, StaticHost};
use crate::deploy::host::ssh::{self, SshResult};
use crate::deploy::host::tcp::{self, ConnectFailure};
use crate::deploy::lint::{bucket_finding, ssh_finding};
use crate::deploy::up::ComponentPlan;
use crate::i18n::Text;
use crate::platform::probe_bucket;
use crate::secret::Secret;

/// Longest wait for a connection.
const TIMEOUT: Duration = Duration::from_secs(4);
/// Prefix of a value that only core's private key can decrypt, so that it cannot be tested from here.
const ENCRYPTED: &str = "RSA@";

/// Tests everything at the same time.
pub(super) async fn check(core: &ComponentPlan) -> Vec<StatusCheck> {
    let askpass = std::env::current_exe().unwrap_or_default();
    let hosts = static_hosts(core).into_iter();
    let hosts = join_all(hosts.map(|host| check_host(host, &askpass)));
    let (bucket, hosts) = futures::join!(check_bucket(core), hosts);
    bucket.into_iter().chain(hosts).collect()
}

fn value(core: &ComponentPlan, name: &str) -> String {
    let value = core.variable(name).map(Secret::expose);
    value.unwrap_or_default().to_owned()
}

async fn check_bucket(core: &ComponentPlan) -> Option<StatusCheck> {
    let address = value(core, "s3_address");
    let target = address
        .trim_start_matches("http://")
        .trim_start_matches("https://")
        .to_owned();
    if target.is_empty() {
        return None;
    }
    let access = value(core, "s3_access_key");
    let secret = core.variable("s3_secret_key");
    let Some(secret) = secret.filter(|secret| !is_encrypted(secret) && !access.is_empty()) else {
        return Some(check_connection(Kind::S3, target).await);
    };
    let answer = probe_bucket(&target, S3::BUCKET, &access, secret, TIMEOUT).await;
    let fault = bucket_finding(&answer).map(|(_, fault)| fault);
    Some(match fault {
        None => StatusCheck::good(
            Kind::S3,
            Text::new("deploy-status-bucket").with("target", target),
        ),
        Some(fault) => StatusCheck::bad(Kind::S3, fault.with("target", target)),
    })
}

fn is_encrypted(value: &Secret) -> bool {
    value.expose().starts_with(ENCRYPTED)
}

/// The static hosts of core's lists. A shorter list repeats its first value.
fn static_hosts(core: &ComponentPlan) -> Vec<StaticHost> {
    let list = |name: &str| -> Vec<String> {
        let value = value(core, name);
        value.split(',').map(|one| one.trim().to_owned()).collect()
    };
    let of = |all: &[String], at: usize| all.get(at).or(all.first()).cloned().unwrap_or_default();
    let users = list("static_resource_server_user");
    let passwords = list("static_resource_server_password");
    let ports = list("static_resource_server_port");
    let hosts = list("static_resource_server_ips").into_iter().enumerate();
    hosts
        .filter(|(_, host)| !host.is_empty())
        .map(|(at, host)| StaticHost {
            host,
            port: of(&ports, at).parse().unwrap_or(22),
            user: of(&users, at),
            password: Secret::new(of(&passwords, at)),
            path: PathBuf::new(),
        })
        .collect()
}

async fn check_host(host: StaticHost, askpass: &Path) -> StatusCheck {
    let reached = check_connection(Kind::Ssh, format!("{}:{}", host.host, host.port)).await;
    let unknown = host.user.is_empty() || host.password.is_empty();
    if reached.state != CheckState::Good || unknown || is_encrypted(&host.password) {
        return reached;
    }
    let target = format!("{}@{}:{}", host.user, host.host, host.port);
    let askpass = askpass.to_owned();
    let signing = tokio::task::spawn_blocking(move || ssh::sign_in(&host, &askpass, TIMEOUT));
    match signing.await {
        // Without an ssh program only the connection is known.
        Ok(SshResult::NoSsh) | Err(_) => reached,
        Ok(answer) => match ssh_finding(&answer) {
            None => StatusCheck::good(
                Kind::Ssh,
                Text::new("deploy-status-ssh").with("target", target),
            ),
            Some((_, fault)) => StatusCheck::bad(Kind::Ssh, fault.with("target", target)),
        },
    }
}

/// Whether a `HOST:PORT` accepts a connection.
async fn check_connection(kind: Kind, target: String) -> StatusCheck {
    let address = target.clone();
    let connecting = tokio::task::spawn_blocking(move || {
        let (host, port) = address.rsplit_once(':').unwrap_or((&address, ""));
        let port = port.parse().map_err(|_| ConnectFailure::NoPort)?;
        tcp::connect(host, port, TIMEOUT)
    });
    let aborted = ConnectFailure::Io(std::io::ErrorKind::Interrupted);
    match connecting.await.unwrap_or(Err(aborted)) {
        Ok(()) => {
            let message = Text::new("deploy-status-reached");
            StatusCheck::good(kind, message.with("target", target))
        }
        Err(failure) => {
            let message = Text::new("deploy-status-not-reached").with("target", target);
            StatusCheck::bad(kind, message.nested("cause", failure.message()))
        }
    }
}
