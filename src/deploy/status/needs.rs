//! What core needs for a register: the bucket of the packages, and ssh on each static host. Tried as core
//! will: a signed request for the bucket, one sign-in with the password that its container has.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::future::join_all;

use super::{Check, CheckState, bad, check, good};
use crate::deploy::env::{S3, StaticHost};
use crate::deploy::host::{ssh, tcp};
use crate::deploy::lint::{SshAnswer, bucket_words, ssh_words};
use crate::deploy::up::Unit;
use crate::i18n::Text;
use crate::platform::probe_bucket;
use crate::secret::Secret;

/// Longest wait for a connection to what core needs.
const KNOCK: Duration = Duration::from_secs(4);
/// Begin of a value that core decrypts with its private key: it cannot be tried from here.
const ENCRYPTED: &str = "RSA@";

/// Tries all of it at once.
pub(super) async fn look(core: &Unit) -> Vec<Check> {
    let askpass = std::env::current_exe().unwrap_or_default();
    let hosts = hosts(core).into_iter().map(|host| of_host(host, &askpass));
    let (bucket, hosts) = futures::join!(bucket(core), join_all(hosts));
    bucket.into_iter().chain(hosts).collect()
}

fn plain(core: &Unit, name: &str) -> String {
    let value = core.variable(name).map(|value| value.expose().to_owned());
    value.unwrap_or_default()
}

async fn bucket(core: &Unit) -> Option<Check> {
    let address = plain(core, "s3_address");
    let target = address
        .trim_start_matches("http://")
        .trim_start_matches("https://")
        .to_owned();
    if target.is_empty() {
        return None;
    }
    let access = plain(core, "s3_access_key");
    let secret = core.variable("s3_secret_key");
    let Some(secret) = secret.filter(|secret| !is_encrypted(secret) && !access.is_empty()) else {
        return Some(knock("s3", target).await);
    };
    let answer = probe_bucket(&target, S3::BUCKET, &access, secret, KNOCK).await;
    Some(match bucket_words(&answer) {
        None => good(
            "s3",
            Text::new("deploy-status-bucket").with("target", target),
        ),
        Some((_, text)) => bad("s3", text.with("target", target)),
    })
}

fn is_encrypted(value: &Secret) -> bool {
    value.expose().starts_with(ENCRYPTED)
}

/// The static hosts of core's lists; a list that is shorter goes on with its first value.
fn hosts(core: &Unit) -> Vec<StaticHost> {
    let list = |name: &str| -> Vec<String> {
        let value = plain(core, name);
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

async fn of_host(host: StaticHost, askpass: &Path) -> Check {
    let target = format!("{}:{}", host.host, host.port);
    let reached = knock("ssh", target).await;
    let untold = host.user.is_empty() || host.password.is_empty();
    if reached.state != CheckState::Good || untold || is_encrypted(&host.password) {
        return reached;
    }
    let target = format!("{}@{}:{}", host.user, host.host, host.port);
    let askpass = askpass.to_owned();
    let signing = tokio::task::spawn_blocking(move || ssh::sign_in(&host, &askpass, KNOCK));
    match signing.await {
        // Without a program to try it with the connection is all that is known.
        Ok(SshAnswer::NoSsh) | Err(_) => reached,
        Ok(answer) => match ssh_words(&answer) {
            None => good("ssh", Text::new("deploy-status-ssh").with("target", target)),
            Some((_, text)) => bad("ssh", text.with("target", target)),
        },
    }
}

/// Whether a `HOST:PORT` takes a connection.
async fn knock(what: &'static str, target: String) -> Check {
    let address = target.clone();
    let knocking = tokio::task::spawn_blocking(move || {
        let (host, port) = address.rsplit_once(':').unwrap_or((&address, ""));
        match port.parse() {
            Ok(port) => tcp::connects(host, port, KNOCK),
            Err(_) => Err("no port".to_owned()),
        }
    });
    let knocked = knocking
        .await
        .unwrap_or_else(|error| Err(error.to_string()));
    let (state, text) = match knocked {
        Ok(()) => (CheckState::Good, Text::new("deploy-status-reached")),
        Err(error) => (
            CheckState::Bad,
            Text::new("deploy-status-not-reached").with("error", error),
        ),
    };
    check(what, state, text.with("target", target))
}
