//! What is done about `GATEWAY_URL_NEW`, and which value it shall have.

use super::model::{GatewayUrl, PlanInput, Upgrade, VariablePlan, WriteTo};
use crate::domain::{
    GATEWAY_URL, GATEWAY_URL_NEW, InstanceStatus, Inventory, Reading, Role, SystemVariable,
    VariableId,
};

/// What is done about the variable. It is written through the new side: v3 keeps what it is given,
/// but only v4 reads the variable, and on one database a second row would come of writing it twice.
pub(super) fn variable(input: PlanInput<'_>) -> VariablePlan {
    let upgrade = input.options.upgrade;
    let (Some(new), true) = (input.new, input.options.write_to != WriteTo::Old) else {
        return not_asked(input);
    };
    let variables = match &new.variables {
        Reading::Known(variables) => variables,
        Reading::Unknown(_) if input.old.is_none() && upgrade == Upgrade::InPlace => {
            return not_asked(input);
        }
        Reading::Unknown(failure) => {
            return VariablePlan::Unreadable {
                failure: failure.clone(),
            };
        }
    };
    let rows = named(variables, GATEWAY_URL_NEW);
    if rows.len() > 1 {
        return VariablePlan::Several {
            rows: rows.into_iter().cloned().collect(),
            wanted: match &input.options.gateway_url {
                GatewayUrl::Value(value) => as_written(value),
                GatewayUrl::Ask { .. } => "URL".to_owned(),
            },
        };
    }
    if input.old.is_none() && upgrade != Upgrade::Coexisting {
        return match not_asked(input) {
            VariablePlan::NotAsked {
                effective: Reading::Known(effective),
                matches: false,
            } if upgrade == Upgrade::Unstated => VariablePlan::Undecided {
                effective,
                wanted: as_written(wanted(input)),
            },
            not_asked => not_asked,
        };
    }
    let value = match &input.options.gateway_url {
        GatewayUrl::Ask { candidate } => {
            return VariablePlan::ValueNeeded {
                candidate: candidate.clone(),
            };
        }
        GatewayUrl::Value(value) => as_written(value),
    };
    match rows.first() {
        None => VariablePlan::Create { value },
        Some(row) if row.is_active() && same_url(row.effective(), &value) => VariablePlan::Keep {
            row: (*row).clone(),
        },
        Some(row) => VariablePlan::Update {
            before: (*row).clone(),
            after: SystemVariable {
                value,
                status: "active".to_owned(),
                ..(*row).clone()
            },
        },
    }
}

/// The whole row that [`VariablePlan::Create`] stands for: v4 stores a missing field as blank and
/// then does not find it at a launch (`docs/platform/variables.md#gateway_url_new`). The platform chooses the id.
pub fn new_row(value: &str) -> SystemVariable {
    SystemVariable {
        id: VariableId::new(""),
        name: GATEWAY_URL_NEW.to_owned(),
        value: value.to_owned(),
        default_value: String::new(),
        scope: "global".to_owned(),
        source: "system".to_owned(),
        status: "active".to_owned(),
        package_name: String::new(),
    }
}

fn named<'a>(variables: &'a [SystemVariable], name: &str) -> Vec<&'a SystemVariable> {
    let mut rows: Vec<_> = variables.iter().filter(|row| row.name == name).collect();
    rows.sort_by(|left, right| left.id.cmp(&right.id).then(left.cmp(right)));
    rows
}

/// The run does not set the variable: which value a launch uses, and whether it is the new gateway.
pub(super) fn not_asked(input: PlanInput<'_>) -> VariablePlan {
    let read = input.new.or(input.old).map(|side| &side.variables);
    if let Some(Reading::Unknown(failure)) = read {
        return VariablePlan::NotAsked {
            effective: Reading::Unknown(failure.clone()),
            matches: false,
        };
    }
    let used = read
        .and_then(Reading::known)
        .map(|variables| {
            let new = used_by_launch(variables, GATEWAY_URL_NEW);
            if new.is_empty() {
                used_by_launch(variables, GATEWAY_URL)
            } else {
                new
            }
        })
        .unwrap_or_default();
    let wanted = wanted(input);
    VariablePlan::NotAsked {
        effective: Reading::Known(used.first().map(|value| (*value).to_owned())),
        // Of several rows a launch takes whichever comes last, so all must be right.
        matches: !used.is_empty() && used.iter().all(|value| same_url(value, wanted)),
    }
}

fn wanted(input: PlanInput<'_>) -> &str {
    match &input.options.gateway_url {
        GatewayUrl::Value(value) => value,
        GatewayUrl::Ask { candidate } => candidate,
    }
}

fn used_by_launch<'a>(variables: &'a [SystemVariable], name: &str) -> Vec<&'a str> {
    named(variables, name)
        .into_iter()
        .filter(|row| row.is_active() && !row.effective().is_empty())
        .map(SystemVariable::effective)
        .collect()
}

/// The value as it is written: with a scheme, without a slash at its end (plugins append their
/// paths to it).
fn as_written(value: &str) -> String {
    let value = value.trim().trim_end_matches('/');
    if value.contains("://") {
        value.to_owned()
    } else {
        format!("http://{value}")
    }
}

/// Whether two values lead to one place: a slash at the end and the case of scheme and host do not
/// count, all else does.
pub fn same_url(left: &str, right: &str) -> bool {
    fn parts(url: &str) -> (String, &str) {
        let url = url.trim().trim_end_matches('/');
        let host = url.find("://").map_or(0, |at| at + 3);
        let path = url[host..].find('/').map_or(url.len(), |at| host + at);
        (url[..path].to_ascii_lowercase(), &url[path..])
    }
    parts(left) == parts(right)
}

/// The value of the variable. The operator must give it if the new gateway is on loopback while plugin
/// instances run on other hosts (they would call themselves), or if several portals are given
/// (only the operator knows the address of the load balancer in front of them), or if the address is
/// not proven to be a gateway's.
pub fn gateway_url_choice(explicit: Option<&str>, new: &Inventory) -> GatewayUrl {
    if let Some(value) = explicit {
        return GatewayUrl::Value(as_written(value));
    }
    let candidate = as_written(new.identity.gateway.as_str());
    let elsewhere = || instance_hosts(new).any(|host| !is_local(host));
    let ask = !new.is_proven(Role::Gateway)
        || new.identity.portals.len() > 1
        || (is_local(host_of(&candidate)) && elsewhere());
    if ask {
        GatewayUrl::Ask { candidate }
    } else {
        GatewayUrl::Value(candidate)
    }
}

/// The hosts that plugin instances run on.
pub fn instance_hosts(inventory: &Inventory) -> impl Iterator<Item = &str> {
    let known = inventory.instances.values().filter_map(|i| i.known());
    known
        .flatten()
        .filter(|instance| instance.status == InstanceStatus::Running)
        .map(|instance| instance.host.as_str())
}

/// The host that a URL names, without scheme, port and brackets.
pub fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = match rest.strip_prefix('[') {
        Some(bracketed) => return bracketed.split(']').next().unwrap_or_default(),
        None => rest.find([':', '/']).unwrap_or(rest.len()),
    };
    &rest[..end]
}

/// An address that means this host on every host, or none at all.
pub fn is_local(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    match host.parse::<core::net::IpAddr>() {
        Ok(address) => address.is_loopback() || address.is_unspecified(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}
