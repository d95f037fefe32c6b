//! What core needs for a registration: the bucket of plugin packages, and ssh on each static host.
//!
//! Tested as core does it: a signed request for the bucket, one sign-in with the container's password.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::future::join_all;

use super::check::{CheckState, StatusCheck, StatusCheckKind as Kind};
use crate::deploy::env::{S3, SealFault, StaticHost, unseal};
use crate::deploy::host::ssh::{self, SshResult};
use crate::deploy::host::tcp::{self, ConnectFailure};
use crate::deploy::lint::{bucket_finding, ssh_finding};
use crate::deploy::up::ComponentPlan;
use crate::i18n::Text;
use crate::platform::probe_bucket;
use crate::secret::Secret;

/// Longest wait for a connection.
const TIMEOUT: Duration = Duration::from_secs(4);

/// Tests everything at the same time.
pub(super) async fn check(core: &ComponentPlan) -> Vec<StatusCheck> {
    let askpass = std::env::current_exe().unwrap_or_default();
    let password = opened(core, "static_resource_server_password");
    let plain = password.as_ref().ok().and_then(Option::as_ref);
    let hosts = static_hosts(core, plain.map(Secret::expose).unwrap_or_default()).into_iter();
    let sealed = password.as_ref().err();
    let hosts = join_all(hosts.map(|host| check_host(host, sealed, &askpass)));
    let (bucket, hosts) = futures::join!(check_bucket(core), hosts);
    bucket.into_iter().chain(hosts).collect()
}

fn value_of(core: &ComponentPlan, name: &str) -> String {
    let value = core.variable(name).map(Secret::expose);
    value.unwrap_or_default().to_owned()
}

async fn check_bucket(core: &ComponentPlan) -> Option<StatusCheck> {
    let address = value_of(core, "s3_address");
    let target = address
        .trim_start_matches("http://")
        .trim_start_matches("https://")
        .to_owned();
    if target.is_empty() {
        return None;
    }
    let access = value_of(core, "s3_access_key");
    let secret = match opened(core, "s3_secret_key") {
        Ok(secret) => secret.filter(|_| !access.is_empty()),
        Err(fault) => return Some(StatusCheck::bad(Kind::S3, not_tested(&target, &fault))),
    };
    let Some(secret) = secret else {
        return Some(check_connection(Kind::S3, target).await);
    };
    let answer = probe_bucket(&target, S3::BUCKET, &access, &secret, TIMEOUT).await;
    let fault = bucket_finding(&answer).map(|(_, fault)| fault);
    Some(match fault {
        None => StatusCheck::good(
            Kind::S3,
            Text::new("deploy-status-bucket").with("target", target),
        ),
        Some(fault) => StatusCheck::bad(Kind::S3, fault.with("target", target)),
    })
}

/// A variable of core, decrypted with the private key beside its compose file.
fn opened(core: &ComponentPlan, name: &str) -> Result<Option<Secret>, SealFault> {
    let Some(value) = core.variable(name).cloned() else {
        return Ok(None);
    };
    let inside = value_of(core, "password_private_key_path");
    let file = Path::new(&inside).file_name().unwrap_or_default();
    let folder = core.file.path.parent().unwrap_or(Path::new("/"));
    unseal(value, &folder.join("certs").join(file)).map(Some)
}

fn not_tested(target: &str, fault: &SealFault) -> Text {
    Text::new("env-lint-not-tested")
        .with("target", target)
        .nested("cause", fault.message())
}

/// The static hosts of core's lists. A shorter list repeats its first value.
fn static_hosts(core: &ComponentPlan, password: &str) -> Vec<StaticHost> {
    let list = |name: &str| -> Vec<String> {
        let value = value_of(core, name);
        value.split(',').map(|one| one.trim().to_owned()).collect()
    };
    let of = |all: &[String], at: usize| all.get(at).or(all.first()).cloned().unwrap_or_default();
    let users = list("static_resource_server_user");
    let passwords: Vec<String> = password
        .split(',')
        .map(|one| one.trim().to_owned())
        .collect();
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

async fn check_host(host: StaticHost, sealed: Option<&SealFault>, askpass: &Path) -> StatusCheck {
    let reached = check_connection(Kind::Ssh, format!("{}:{}", host.host, host.port)).await;
    let unknown = host.user.is_empty() || host.password.is_empty();
    let target = format!("{}@{}:{}", host.user, host.host, host.port);
    match sealed {
        _ if reached.state != CheckState::Good => return reached,
        Some(fault) => return StatusCheck::bad(Kind::Ssh, not_tested(&target, fault)),
        None if unknown => return reached,
        None => {}
    }
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
