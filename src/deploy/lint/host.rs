//! Rules over files and the host.

use std::collections::BTreeMap;

use super::code::LintCode;
use super::model::{Finding, LintInput};
use crate::deploy::env::{Service, VARIABLES};
use crate::deploy::host::facts::HostFacts;
use crate::i18n::Text;

/// Recommendations of the WeCube upgrade guide for a host.
const CORES: usize = 4;
/// A host with 8 GB reports a little less.
const MEMORY: u64 = 7_500_000_000;
const DISK: u64 = 100_000_000_000;

/// Oldest versions that read our compose files and have the flags that `up` uses.
const DOCKER: (u32, u32) = (17, 6);
const COMPOSE: (u32, u32) = (1, 18);

pub(super) fn check(input: &LintInput<'_>, found: &mut Vec<Finding>) {
    files(input, found);
    let ports = ports(input, found);
    if let Some(host) = input.host {
        listening(input, host, &ports, found);
        size(host, found);
        engine(host, found);
    }
}

fn files(input: &LintInput<'_>, found: &mut Vec<Finding>) {
    let (values, files) = (input.values, input.files);
    if let Some(mode) = files.wide_mode {
        let message = Text::new("env-lint-wide-mode").with("mode", format_args!("{mode:04o}"));
        found.push(Finding::new(LintCode::W0815, "env file", message));
    }
    let encrypted = VARIABLES
        .iter()
        .any(|one| values.string(one.name).starts_with("RSA@"));
    for path in &files.missing_keys {
        let (code, message) = if encrypted {
            (LintCode::W0816, Text::new("env-lint-key-needed"))
        } else {
            (LintCode::W0817, Text::new("env-lint-key-missing"))
        };
        let message = message.with("path", path.display());
        found.push(Finding::of_variable(
            code,
            values,
            "WECUBE_PRIVATE_KEY",
            message,
        ));
    }
    for (new, old) in &files.shared_folders {
        let message = Text::new("env-lint-shared-folder")
            .with("new", new.display())
            .with("old", old.display());
        found.push(Finding::new(
            LintCode::W0818,
            new.display().to_string(),
            message,
        ));
    }
}

/// Ports of the services by host. Finds those that collide with each other or with the old instance.
fn ports(input: &LintInput<'_>, found: &mut Vec<Finding>) -> BTreeMap<(String, u16), Service> {
    let values = input.values;
    let mut taken: BTreeMap<(String, u16), Service> = BTreeMap::new();
    for service in Service::ALL {
        // W0808 reports an invalid port.
        let Ok(port) = values.port(service) else {
            continue;
        };
        let place = (values.host(service).into_owned(), port);
        if let Some(other) = taken.get(&place) {
            let message = Text::new("env-lint-ports-collide")
                .with("port", port)
                .with("one", other)
                .with("other", service);
            found.push(Finding::new(LintCode::W0819, port.to_string(), message));
        } else {
            taken.insert(place, service);
        }
        if let Some(old) = input.old.filter(|old| old.ports.contains(&port)) {
            let message = Text::new("env-lint-port-of-old")
                .with("port", port)
                .with("service", service)
                .with("all", list(&old.ports));
            found.push(Finding::new(LintCode::W0820, port.to_string(), message));
        }
    }
    taken
}

fn list(ports: &std::collections::BTreeSet<u16>) -> String {
    let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
    ports.join(", ")
}

/// Ports of this host that something else listens on.
fn listening(
    input: &LintInput<'_>,
    host: &HostFacts,
    ports: &BTreeMap<(String, u16), Service>,
    found: &mut Vec<Finding>,
) {
    let here = |address: &String| host.addresses.contains(address);
    for ((address, port), service) in ports {
        let taken = host
            .listening
            .as_ref()
            .is_some_and(|taken| taken.contains(port));
        if here(address) && taken && !host.own_ports.contains(port) {
            let message = Text::new("env-lint-port-taken")
                .with("port", port)
                .with("service", service);
            found.push(Finding::new(LintCode::W0821, port.to_string(), message));
        }
    }
    let wanted = input.values.host_ip().into_owned();
    let parses = wanted
        .parse::<std::net::IpAddr>()
        .is_ok_and(|ip| !ip.is_loopback());
    if parses && !host.addresses.is_empty() && !here(&wanted) {
        let message = Text::new("env-lint-not-this-host")
            .with("host", &wanted)
            .with("all", host.addresses.join(", "));
        found.push(Finding::of_variable(
            LintCode::W0822,
            input.values,
            "HOSTIP",
            message,
        ));
    }
}

fn size(host: &HostFacts, found: &mut Vec<Finding>) {
    let gb = |bytes: u64| bytes / 1_000_000_000;
    if let Some(cores) = host.cores.filter(|cores| *cores < CORES) {
        let message = Text::new("env-lint-cores").count("cores", cores);
        found.push(Finding::new(LintCode::W0823, "cores", message));
    }
    if let Some(memory) = host.memory.filter(|memory| *memory < MEMORY) {
        let message = Text::new("env-lint-memory").with("gb", gb(memory));
        found.push(Finding::new(LintCode::W0824, "memory", message));
    }
    if let Some(free) = host.free.filter(|free| *free < DISK) {
        let message = Text::new("env-lint-disk").with("gb", gb(free));
        found.push(Finding::new(LintCode::W0825, "disk", message));
    }
}

fn engine(host: &HostFacts, found: &mut Vec<Finding>) {
    match &host.docker {
        None => found.push(Finding::new(
            LintCode::W0826,
            "docker",
            Text::new("env-lint-no-docker"),
        )),
        Some(version) if older(version, DOCKER) => found.push(Finding::new(
            LintCode::W0827,
            "docker",
            Text::new("env-lint-old-docker").with("version", version),
        )),
        Some(_) => {}
    }
    match &host.compose {
        None => found.push(Finding::new(
            LintCode::W0828,
            "docker compose",
            Text::new("env-lint-no-compose"),
        )),
        Some(version) if older(version, COMPOSE) => found.push(Finding::new(
            LintCode::W0829,
            "docker compose",
            Text::new("env-lint-old-compose").with("version", version),
        )),
        Some(_) => {}
    }
}

/// Whether a version is older; false if it cannot be read.
fn older(version: &str, wanted: (u32, u32)) -> bool {
    crate::deploy::env::version_of(version).is_some_and(|(major, minor, _)| (major, minor) < wanted)
}
