//! Values that must be the same on the old and the new instance.

use std::collections::BTreeMap;

use super::code::LintCode;
use super::model::{Finding, LintInput};
use crate::deploy::env::{Service, Values, per_host};
use crate::deploy::old::{
    BUILT_IN_SEED, Cause, OldInstance, OldValue, SHARED_VARIABLES, Unresolved,
};
use crate::i18n::Text;

/// The list of static hosts.
const HOSTS: &str = "static_resource_server_ips";

pub(super) fn check(input: &LintInput<'_>, found: &mut Vec<Finding>) {
    let (values, Some(old)) = (input.values, input.old) else {
        return;
    };
    for service in [Service::Auth, Service::Core] {
        if !old.has(service) {
            let message = Text::new("env-lint-old-unknown")
                .with("name", service)
                .nested("cause", Cause::NotGiven.message());
            found.push(Finding::new(LintCode::W0832, service.name(), message));
        }
    }
    for name in SHARED_VARIABLES {
        let theirs = match old.value(name) {
            OldValue::Set(theirs) => theirs.expose(),
            OldValue::Absent if name == "JWT_SIGNING_KEY" && old.has_built_in_seed() => {
                BUILT_IN_SEED
            }
            OldValue::Absent
            | OldValue::Unresolved(Unresolved {
                cause: Cause::NotGiven,
                ..
            }) => continue,
            OldValue::Unresolved(unresolved) => {
                let message = Text::new("env-lint-old-unknown")
                    .with("name", name)
                    .nested("cause", unresolved.message());
                found.push(Finding::of_variable(LintCode::W0832, values, name, message));
                continue;
            }
        };
        let ours = values.string(name);
        let fault = match name {
            HOSTS if hosts(&ours) != hosts(theirs) => Some((
                LintCode::W0831,
                Text::new("env-lint-other-hosts")
                    .with("new", &ours)
                    .with("old", theirs),
            )),
            HOSTS => None,
            // Each host has its own account.
            "static_resource_server_port" | "host_wecube_username" | "host_wecube_password" => {
                differing_host(values, old, name, theirs).map(|host| {
                    let message = Text::new("env-lint-differs-for-host").with("host", host);
                    (LintCode::W0830, message)
                })
            }
            _ => (ours != theirs).then(|| (LintCode::W0830, Text::new("env-lint-differs"))),
        };
        if let Some((code, message)) = fault {
            let message = message.with("name", name);
            found.push(Finding::of_variable(code, values, name, message));
        }
    }
}

fn hosts(list: &str) -> Vec<&str> {
    let mut hosts: Vec<&str> = list.split(',').map(str::trim).collect();
    hosts.sort_unstable();
    hosts
}

/// The first host of both instances for which a value differs.
fn differing_host(values: &Values, old: &OldInstance, name: &str, theirs: &str) -> Option<String> {
    let by_host = |hosts: &str, value: &str| -> BTreeMap<String, String> {
        let hosts_of = hosts.split(',').map(|host| host.trim().to_owned());
        hosts_of.zip(per_host(hosts, value)).collect()
    };
    let theirs = by_host(old.get(HOSTS)?.expose(), theirs);
    let ours = by_host(&values.string(HOSTS), &values.string(name));
    let mut common = ours.into_iter();
    common.find_map(|(host, own)| (*theirs.get(&host)? != own).then_some(host))
}
