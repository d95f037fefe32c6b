//! Rules over the values alone.

use std::collections::BTreeMap;

use super::code::LintCode;
use super::model::{Finding, LintInput};
use crate::deploy::env::{
    NameFault, Requirement, Service, VARIABLES, ValueKind, Values, Variable, VersionNumbers,
    variable, version_of,
};
use crate::deploy::render::variable_of;
use crate::i18n::Text;
use crate::platform::token::{check_seed, start_script_corrupts};

/// Platform versions of our templates, both included.
const FIRST: (u32, u32, u32) = (4, 0, 0);
const LAST: (u32, u32, u32) = (4, 5, 8);

/// First version whose login page asks for the seed that encrypts passwords.
const ENCRYPTED_LOGIN: (u32, u32, u32) = (4, 2, 0);

pub(super) fn check(input: &LintInput<'_>, found: &mut Vec<Finding>) {
    let values = input.values;
    names(input.names, found);
    for fault in values.faults() {
        found.push(Finding {
            line: fault.line,
            ..Finding::new(LintCode::W0808, fault.name, fault.message)
        });
    }
    for one in VARIABLES
        .iter()
        .filter(|one| one.is_read_by(version_of(values.version())))
    {
        start_script(values, one.name, found);
    }
    ssh_password(values, found);
    seed(values, found);
    lists(values, found);
    static_path(values, found);
    version(values, found);
    hosts(values, found);
    loopbacks(values, found);
    encrypt_seed(values, found);
    guides(values, found);
    templates(input, found);
}

fn names(faults: &[NameFault], found: &mut Vec<Finding>) {
    for fault in faults {
        let (code, name, line) = match fault {
            NameFault::Missing { name, line } => (LintCode::W0801, *name, *line),
            NameFault::Unknown { name, line, .. } => (LintCode::W0802, name.as_str(), Some(*line)),
            NameFault::Unused { name, line, .. } => (LintCode::W0803, *name, Some(*line)),
        };
        found.push(Finding {
            line,
            ..Finding::new(code, name, fault.message())
        });
    }
}

/// The start script in the container puts values into JSON with `sed`; compose reads them before.
fn start_script(values: &Values, name: &'static str, found: &mut Vec<Finding>) {
    let value = values.string(name);
    // These are keys of the compose file, not of a container's environment.
    let outside = ["image_prefix", "deploy_root"].contains(&name);
    if !outside {
        for corruption in start_script_corrupts(&value) {
            let message = Text::new("env-lint-corrupts").with("name", name);
            let message = message.nested("rule", corruption.text());
            found.push(Finding::of_variable(LintCode::W0804, values, name, message));
        }
    }
    if value.contains('$') {
        let message = Text::new("env-lint-dollar").with("name", name);
        found.push(Finding::of_variable(LintCode::W0807, values, name, message));
    }
}

/// platform-core runs `sshpass -p '…'` in a shell.
fn ssh_password(values: &Values, found: &mut Vec<Finding>) {
    let name = "host_wecube_password";
    if values.string(name).contains('\'') {
        let message = Text::new("env-lint-ssh-quote").with("name", name);
        found.push(Finding::of_variable(LintCode::W0805, values, name, message));
    }
}

fn seed(values: &Values, found: &mut Vec<Finding>) {
    let seed = values.seed();
    if seed.is_empty() {
        return;
    }
    if let Some(fault) = check_seed(&seed).fault() {
        found.push(Finding::of_variable(
            LintCode::W0806,
            values,
            "JWT_SIGNING_KEY",
            fault,
        ));
    }
}

fn lists(values: &Values, found: &mut Vec<Finding>) {
    let hosts = values.list("static_resource_server_ips").len();
    for name in [
        "host_wecube_username",
        "host_wecube_password",
        "static_resource_server_port",
        "static_resource_server_path",
    ] {
        let length = values.list(name).len();
        if length != hosts {
            let message = Text::new("env-lint-list")
                .with("name", name)
                .with("length", length)
                .with("hosts", hosts);
            found.push(Finding::of_variable(LintCode::W0809, values, name, message));
        }
    }
}

fn static_path(values: &Values, found: &mut Vec<Finding>) {
    let name = "static_resource_server_path";
    for path in values.list(name) {
        if !path.ends_with("/ui-resources") {
            let message = Text::new("env-lint-static-path").with("path", path);
            found.push(Finding::of_variable(LintCode::W0810, values, name, message));
        }
    }
}

fn version(values: &Values, found: &mut Vec<Finding>) {
    let typed = values.version();
    let exact = typed.trim_start_matches('v').split('.').count() == 3
        && typed
            .trim_start_matches('v')
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let known = version_of(typed).is_some_and(|numbers| (FIRST..=LAST).contains(&numbers));
    let newer = version_of(typed).is_some_and(|numbers| numbers > LAST);
    if exact && newer {
        let message = Text::new("env-lint-newer-version").with("version", typed);
        let name = "WECUBE_VERSION";
        found.push(Finding::of_variable(LintCode::W0833, values, name, message));
        return;
    }
    let fits = exact && known;
    if !fits && !typed.is_empty() {
        let message = Text::new("env-lint-version").with("version", typed);
        found.push(Finding::of_variable(
            LintCode::W0811,
            values,
            "WECUBE_VERSION",
            message,
        ));
    }
}

/// Compose binds ports to an address, and containers reach each other at it.
fn hosts(values: &Values, found: &mut Vec<Finding>) {
    let mut told = Vec::new();
    for service in Service::ALL {
        let host = values.host(service).into_owned();
        if host.is_empty() || told.contains(&host) {
            continue;
        }
        let own = match service {
            Service::Auth => "auth_host",
            Service::Core => "core_host",
            Service::Gateway => "gateway_host",
            Service::Portal => "portal_host",
        };
        let name = variable(own)
            .filter(|known| values.file().get(known.name).is_some())
            .map_or("HOSTIP", |known| known.name);
        match host.parse::<std::net::IpAddr>() {
            Err(_) => {
                let message = Text::new("env-lint-not-an-ip")
                    .with("name", name)
                    .with("host", &host);
                found.push(Finding::of_variable(LintCode::W0812, values, name, message));
            }
            Ok(ip) if ip.is_loopback() || ip.is_unspecified() => {
                let message = Text::new("env-lint-loopback")
                    .with("name", name)
                    .with("host", &host);
                found.push(Finding::of_variable(LintCode::W0813, values, name, message));
            }
            Ok(_) => {}
        }
        told.push(host);
    }
}

/// Addresses that only the container itself would reach. [`hosts`] has those of the services; users
/// type `public_domain`.
fn loopbacks(values: &Values, found: &mut Vec<Finding>) {
    let kinds = [
        ValueKind::Host,
        ValueKind::HostList,
        ValueKind::Address,
        ValueKind::AddressList,
    ];
    for one in VARIABLES {
        let elsewhere = matches!(
            one.name,
            "HOSTIP" | "auth_host" | "core_host" | "gateway_host" | "portal_host" | "public_domain"
        );
        if elsewhere || !kinds.contains(&one.kind) {
            continue;
        }
        // A derived value is that of a service.
        let given = values.file().get(one.name).unwrap_or_default();
        let is_loopback = |one: &&str| {
            let host = match one.rsplit_once(':') {
                Some((host, _)) if !host.contains(':') || host.ends_with(']') => host,
                _ => one,
            };
            let host = host.trim_matches(['[', ']']);
            let ip = host.parse::<std::net::IpAddr>();
            host.eq_ignore_ascii_case("localhost")
                || ip.is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
        };
        if let Some(host) = given.split(',').find(is_loopback) {
            let message = Text::new("env-lint-loopback-inside")
                .with("name", one.name)
                .with("host", host);
            found.push(Finding::of_variable(
                LintCode::W0813,
                values,
                one.name,
                message,
            ));
        }
    }
}

/// The guide that asks for a variable; `None` if only the start scripts do.
fn guide_of(variable: &Variable) -> Option<VersionNumbers> {
    match variable.name {
        "encrypt_seed" => Some((4, 2, 0)),
        "http_timeout_minute" => None,
        _ => Some(variable.since).filter(|since| *since > FIRST),
    }
}

/// What the guides after v4.0.0 ask for and the file does not set, one finding per guide.
fn guides(values: &Values, found: &mut Vec<Finding>) {
    let Some(version) = version_of(values.version()) else {
        return;
    };
    let mut unset: BTreeMap<VersionNumbers, Vec<String>> = BTreeMap::new();
    for one in VARIABLES {
        // An empty encrypt_seed has its own finding.
        let own = one.name == "encrypt_seed";
        if let (Some(guide), Requirement::Default(default)) = (guide_of(one), one.requirement)
            && version >= guide
            && !own
            && values.file().assigned(one.name).is_none()
        {
            let default = format!("{}='{default}'", one.name);
            unset.entry(guide).or_default().push(default);
        }
    }
    for ((major, minor, patch), names) in unset {
        let message = Text::new("env-lint-guide-asks").with("names", names.join(", "));
        let guide = format!("v{major}.{minor}.{patch}");
        let message = message.with("guide", &guide);
        found.push(Finding::new(LintCode::W0834, guide, message));
    }
}

/// What own templates do not set. A number that is missing leaves the container's JSON invalid.
fn templates(input: &LintInput<'_>, found: &mut Vec<Finding>) {
    for (service, name) in input.unset {
        let number = variable_of(*service, name)
            .and_then(variable)
            .is_some_and(|known| known.kind == ValueKind::Number);
        let code = if number {
            LintCode::W0835
        } else {
            LintCode::W0836
        };
        let message = Text::new("env-lint-template-lacks")
            .with("service", service)
            .with("name", name);
        found.push(Finding::new(code, name, message));
    }
}

/// If it is empty, auth-server sends the signing key to everybody who opens the login page
/// (`GetLoginSeed`, v4.5.6).
fn encrypt_seed(values: &Values, found: &mut Vec<Finding>) {
    let asks = version_of(values.version()).is_some_and(|version| version >= ENCRYPTED_LOGIN);
    if asks && values.string("encrypt_seed").is_empty() {
        let message = Text::new("env-lint-encrypt-seed");
        found.push(Finding::of_variable(
            LintCode::W0814,
            values,
            "encrypt_seed",
            message,
        ));
    }
}
