//! W05xx: what must be done before the old side is switched off.

use std::collections::{BTreeMap, BTreeSet};

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::messages;
use super::sink::{FindingDraft, FindingSink, known};
use super::time;
use crate::compare::{Aspect, State};
use crate::domain::{
    Address, GATEWAY_URL, GATEWAY_URL_NEW, Instance, InstanceStatus, Inventory, LaunchedBy,
    Package, PluginName, Reading, Side, SystemVariable, created_at,
};
use crate::i18n::Text;
use crate::plan::{Upgrade, same_url};

/// Whether `--before-retiring-old` is given; if not, the check is listed as skipped.
pub(super) fn asked(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) -> bool {
    if !context.policy.before_retiring_old {
        sink.skip(None, Text::new("check-skip-retiring"));
    }
    context.policy.before_retiring_old
}

/// A running instance with its package.
struct Running<'a> {
    package: &'a Package,
    instance: &'a Instance,
}

impl Running<'_> {
    fn subject(&self) -> String {
        let at = self.instance;
        let package = self.package;
        format!(
            "{} {} {}:{}",
            package.name, package.version, at.host, at.port
        )
    }
}

/// The running instances of the new side, dependencies first. Failed readings go to the sink.
fn running<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'_>) -> Vec<Running<'a>> {
    let side = context.new;
    let Some(packages) = known(&side.packages, side.side(), sink) else {
        return Vec::new();
    };
    let place = order(side, packages);
    let mut found = Vec::new();
    for package in packages {
        if !context.selection.takes(&package.name) {
            continue;
        }
        match side.instances.get(&package.id) {
            Some(Reading::Known(instances)) => {
                let running = instances.iter();
                let running = running.filter(|it| it.status == InstanceStatus::Running);
                found.extend(running.map(|instance| Running { package, instance }));
            }
            Some(Reading::Unknown(failure)) => {
                sink.read_failed(side.side(), Some(package.name.to_string()), failure);
            }
            None if package.status.is_active() => {
                sink.undetermined(side.side(), package.name.to_string(), None);
            }
            None => {}
        }
    }
    let key = |it: &Running<'a>| {
        let instance = it.instance;
        let place = place.get(&it.package.name).copied().unwrap_or(usize::MAX);
        (place, &it.package.name, &instance.host, instance.port)
    };
    found.sort_by(|a, b| key(a).cmp(&key(b)));
    found
}

/// The depth of the dependencies of each plugin. A cycle ends where it began.
fn order<'a>(side: &'a Inventory, packages: &'a [Package]) -> BTreeMap<&'a PluginName, usize> {
    let mut needs: BTreeMap<&PluginName, BTreeSet<&PluginName>> = BTreeMap::new();
    for package in packages {
        let declared = side.dependencies.get(&package.id).and_then(Reading::known);
        let declared = declared
            .into_iter()
            .flatten()
            .filter(|it| !it.is_platform());
        let names = declared.map(|it| &it.name);
        needs.entry(&package.name).or_default().extend(names);
    }
    let mut depth: BTreeMap<&PluginName, usize> = needs.keys().map(|name| (*name, 0)).collect();
    for _ in 0..needs.len() {
        let mut moved = false;
        for (name, wanted) in &needs {
            let below = wanted.iter().filter_map(|name| depth.get(name)).max();
            let deep = below.map_or(0, |below| below + 1).min(needs.len());
            if depth.get(name).is_some_and(|known| *known < deep) {
                depth.insert(name, deep);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    depth
}

/// The hint for one relaunch: its position, its port, and whether other instances serve meanwhile.
fn relaunch(all: &[Running<'_>], chosen: &[&Running<'_>], one: &Running<'_>) -> Text {
    let place = chosen.iter().position(|it| std::ptr::eq(*it, one));
    let others = all.iter();
    let others = others
        .filter(|it| it.package.name == one.package.name && !std::ptr::eq(*it, one))
        .count();
    let text = if others == 0 {
        Text::new("check-relaunch-alone")
    } else {
        Text::new("check-relaunch-others").count("others", others)
    };
    text.count("place", place.unwrap_or_default() + 1)
        .count("of", chosen.len())
        .with("name", one.package.name.as_str())
        .with("host", &one.instance.host)
        .with("port", one.instance.port.to_string())
}

fn draft(side: &Inventory, one: &Running<'_>, message: Text, hint: Text) -> FindingDraft {
    FindingDraft::on(
        side.side(),
        one.subject(),
        message
            .with("name", one.package.name.as_str())
            .with("version", &one.package.version)
            .with("at", format!("{}:{}", one.instance.host, one.instance.port)),
    )
    .hint(hint)
    .seen(side, Endpoint::Instances, messages::seen(&one.instance.id))
}

/// W0501: Running instance was launched by v3 and loses its gateway, or has lost it.
///
/// Checked before retiring the old side, and without an old side if the gateway does not answer that a
/// v3 gave to its instances.
/// Source: docs/platform/two-instances.md#gateway-address-in-containers
pub(super) fn launched_by_v3(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    if context.policy.before_retiring_old {
        by_v3(context, sink, |_| Some(Text::new("check-launched-by-v3")));
        return;
    }
    if !is_alone(context) {
        asked(context, sink);
        return;
    }
    by_v3(context, sink, |instance| {
        let given = context.facts.given_gateways.get(&instance.id)?;
        let text = Text::new("check-launched-by-v3-gone").with("gateway", &given.address);
        Some(text.nested("cause", given.answer.as_ref().err()?.message()))
    });
}

/// W0508: Running instance was launched by v3, and there is no old instance whose gateway it could use.
pub(super) fn launched_by_v3_alone(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    if !is_alone(context) || context.policy.before_retiring_old {
        // W0501 judges them.
        sink.count_subject();
        return;
    }
    let wanted = context.policy.gateway_url.as_deref();
    by_v3(context, sink, |instance| {
        match context.facts.given_gateways.get(&instance.id) {
            None => Some(Text::new("check-launched-by-v3")),
            Some(given) => {
                let is_new = wanted.is_some_and(|wanted| same_url(&given.address, wanted));
                let replaced = context.policy.upgrade == Upgrade::InPlace && is_new;
                let text = Text::new("check-launched-by-v3-alone").with("gateway", &given.address);
                (given.answer.is_ok() && !replaced).then_some(text)
            }
        }
    });
}

fn is_alone(context: &CheckContext<'_>) -> bool {
    context.old.is_none() && !context.policy.old_is_configured
}

/// Reports each instance that a v3 launched, if there is something to say of it.
fn by_v3(
    context: &CheckContext<'_>,
    sink: &mut FindingSink<'_>,
    message: impl Fn(&Instance) -> Option<Text>,
) {
    let all = running(context, sink);
    let by_v3: Vec<_> = all
        .iter()
        .filter(|it| it.instance.launched_by() == LaunchedBy::V3)
        .collect();
    for one in &all {
        sink.count_subject();
        if one.instance.launched_by() == LaunchedBy::Unknown {
            let cause = Text::new("check-unknown-maker").with("id", &one.instance.id);
            let source = Endpoint::Instances.on(context.new);
            sink.unknown(Some(Side::New), Some(one.subject()), cause, Some(source));
        }
    }
    let found: Vec<_> = by_v3
        .into_iter()
        .filter_map(|it| Some((it, message(it.instance)?)))
        .collect();
    let chosen: Vec<_> = found.iter().map(|(one, _)| *one).collect();
    for (one, message) in found {
        let hint = relaunch(&all, &chosen, one);
        sink.report(draft(context.new, one, message, hint));
    }
}

/// Whether an instance was launched before or after the variable was set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Launched {
    Before,
    After,
    NotTold,
}

/// The ids of a v4 contain times: an instance that is older than the row of the variable was launched
/// without it. Only the journal tells when the row got its value.
fn launched(instance: &Instance, row_made: Option<u64>, set_at: Option<u64>) -> Launched {
    let Some(at) = created_at(instance.id.as_str()).map(u64::from) else {
        return Launched::NotTold;
    };
    if row_made.is_some_and(|made| at < made) {
        return Launched::Before;
    }
    match set_at {
        Some(set_at) if at < set_at => Launched::Before,
        Some(_) => Launched::After,
        None => Launched::NotTold,
    }
}

/// W0502: Running instance was launched before `GATEWAY_URL_NEW` was set.
///
/// Source: docs/platform/two-instances.md#who-made-a-row
pub(super) fn launched_before_the_variable(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    if !asked(context, sink) {
        return;
    }
    let Some(variables) = known(&context.new.variables, Side::New, sink) else {
        return;
    };
    let rows = variables.iter().filter(|row| row.name == GATEWAY_URL_NEW);
    let row_made = rows.filter_map(|row| created_at(row.id.as_str())).max();
    let set_at = context
        .facts
        .gateway_variable_set_at
        .and_then(time::seconds);
    let all = running(context, sink);
    let of_v4 = all
        .iter()
        .filter(|it| it.instance.launched_by() == LaunchedBy::V4);
    let judged: Vec<_> = of_v4
        .map(|it| (it, launched(it.instance, row_made.map(u64::from), set_at)))
        .collect();
    let before: Vec<&Running<'_>> = judged
        .iter()
        .filter(|(_, when)| *when == Launched::Before)
        .map(|(it, _)| *it)
        .collect();
    for (one, when) in &judged {
        sink.count_subject();
        match when {
            Launched::After => {}
            Launched::Before => {
                let message = Text::new("check-launched-before");
                let hint = relaunch(&all, &before, one);
                sink.report(draft(context.new, one, message, hint));
            }
            Launched::NotTold => {
                let cause = Text::new("check-unknown-launch");
                let source = Endpoint::Instances.on(context.new);
                sink.unknown(Some(Side::New), Some(one.subject()), cause, Some(source));
            }
        }
    }
}

/// W0503: `GATEWAY_URL` still leads to the old gateway.
pub(super) fn gateway_url(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    if !asked(context, sink) {
        return;
    }
    let Some(variables) = known(&context.new.variables, Side::New, sink) else {
        return;
    };
    sink.count_subject();
    let wanted = context.policy.gateway_url.as_deref();
    let old = context.old.map(|old| old.identity.gateway.as_str());
    let rows = variables
        .iter()
        .filter(|row| row.name == GATEWAY_URL && row.is_active());
    for row in rows {
        let value = row.effective();
        let wrong = match (wanted, old) {
            (Some(wanted), _) => !same_url(value, wanted),
            (None, Some(old)) => same_url(value, old),
            (None, None) => {
                sink.skip(
                    Some(GATEWAY_URL.to_owned()),
                    Text::new("check-skip-no-value"),
                );
                false
            }
        };
        if wrong {
            let hint = Text::new("check-gateway-url-hint").with("value", wanted.unwrap_or("URL"));
            let message = Text::new("check-gateway-url").with("value", value);
            let seen = messages::seen(format!("{}: {value:?}", row.id));
            sink.report(
                FindingDraft::on(Side::New, GATEWAY_URL, message)
                    .hint(hint)
                    .seen(context.new, Endpoint::Variables, seen),
            );
        }
    }
}

/// W0504: Only the old gateway has a route to a plugin.
pub(super) fn routes(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    if !asked(context, sink) {
        return;
    }
    let Some(old) = context.require_old(sink) else {
        return;
    };
    let on_old = known(&old.gateway_routes, Side::Old, sink);
    let on_new = known(&context.new.gateway_routes, Side::New, sink);
    let (Some(on_old), Some(on_new)) = (on_old, on_new) else {
        return;
    };
    let there: BTreeSet<&PluginName> = on_new.iter().map(|route| &route.context).collect();
    let here: BTreeSet<&PluginName> = on_old.iter().map(|route| &route.context).collect();
    for name in here
        .into_iter()
        .filter(|name| context.selection.takes(name))
    {
        sink.count_subject();
        if there.contains(name) {
            continue;
        }
        let to = on_old.iter().find(|route| route.context == *name);
        let to = to.map(|route| format!("{}:{}", route.host, route.port));
        let to = to.unwrap_or_default();
        sink.report(
            FindingDraft::on(
                Side::Old,
                name.to_string(),
                Text::new("check-route-only-old").with("to", &to),
            )
            .hint(Text::new("check-route-only-old-hint").with("name", name.as_str()))
            .seen(old, Endpoint::GatewayRoutes, messages::seen(to))
            .seen(
                context.new,
                Endpoint::GatewayRoutes,
                Text::new("check-seen-no-row"),
            ),
        );
    }
}

/// W0505: Only the old instance has a system variable.
pub(super) fn variables(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    if !asked(context, sink) {
        return;
    }
    let Some(old) = context.require_old(sink) else {
        return;
    };
    let on_old = known(&old.variables, Side::Old, sink);
    let on_new = known(&context.new.variables, Side::New, sink);
    let (Some(on_old), Some(on_new)) = (on_old, on_new) else {
        return;
    };
    let key = |row: &SystemVariable| (row.name.clone(), row.scope.clone());
    let active = on_new.iter().filter(|row| row.is_active());
    let there: BTreeSet<_> = active.map(key).collect();
    let mut said = BTreeSet::new();
    for row in on_old.iter().filter(|row| row.is_active()) {
        sink.count_subject();
        if there.contains(&key(row)) || !said.insert(key(row)) {
            continue;
        }
        let message = Text::new("check-variable-only-old");
        let hint = Text::new("check-variable-only-old-hint").with("name", &row.name);
        let subject = format!("{} ({})", row.name, row.scope);
        // A value may be a secret: the evidence names rows only.
        let no_row = Text::new("check-seen-no-row");
        sink.report(
            FindingDraft::on(Side::Old, subject, message)
                .hint(hint)
                .seen(old, Endpoint::Variables, messages::seen(&row.id))
                .seen(context.new, Endpoint::Variables, no_row),
        );
    }
}

/// W0506: Only the old portals serve the static files of a plugin.
pub(super) fn pages<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    if !asked(context, sink) {
        return;
    }
    for row in context.pairs(sink) {
        sink.count_subject();
        let (old, new) = (
            row.old.cell(Aspect::StaticFiles),
            row.new.cell(Aspect::StaticFiles),
        );
        let some_served = row.old.portals.iter().any(|portal| portal.served > 0);
        match (old.state, new.state) {
            (_, State::Visible) => {}
            (State::Unknown, _) if !some_served => {
                sink.undetermined(Side::Old, row.name.to_string(), old.causes.first());
            }
            (_, State::Unknown) if some_served => {
                sink.undetermined(Side::New, row.name.to_string(), new.causes.first());
            }
            _ if some_served => {
                let Some(cause) = new.causes.first() else {
                    continue;
                };
                let served = row.old.portals.iter().map(|portal| portal.served).max();
                let seen = context.sides().map(|side| {
                    let words = match side.side() {
                        Side::Old => Text::new("check-seen-served")
                            .count("count", served.unwrap_or_default()),
                        Side::New => cause.text(),
                    };
                    (Some(side.side()), Endpoint::ResourceFiles.on(side), words)
                });
                sink.report(
                    FindingDraft::on(
                        Side::Old,
                        row.name.to_string(),
                        Text::new("check-page-only-old").nested("cause", cause.text()),
                    )
                    .hint(cause.hint(Side::New).or_else(|| {
                        Some(Text::new("check-hint-plan").with("name", row.name.as_str()))
                    }))
                    .seen_all(seen),
                );
            }
            _ => {}
        }
    }
}

/// W0507: A system variable contains an address of the old instance.
pub(super) fn old_addresses(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    if !asked(context, sink) {
        return;
    }
    let Some(old) = context.require_old(sink) else {
        return;
    };
    let Some(variables) = known(&context.new.variables, Side::New, sink) else {
        return;
    };
    let servers = [&old.identity.core, &old.identity.gateway].into_iter();
    let servers: Vec<&str> = servers
        .chain(&old.identity.portals)
        .map(authority)
        .collect();
    let others = variables
        .iter()
        .filter(|row| row.is_active() && row.name != GATEWAY_URL && row.name != GATEWAY_URL_NEW);
    for row in others {
        sink.count_subject();
        let named = servers.iter().find(|server| names(row.effective(), server));
        if let Some(server) = named {
            let message = Text::new("check-names-old").with("address", server);
            let hint = Text::new("check-variable-only-old-hint").with("name", &row.name);
            let seen = messages::seen(format!("{}: …{server}…", row.id));
            sink.report(
                FindingDraft::on(Side::New, &*row.name, message)
                    .hint(hint)
                    .seen(context.new, Endpoint::Variables, seen),
            );
        }
    }
}

/// Host and port of an address.
fn authority(address: &Address) -> &str {
    let text = address.as_str();
    text.split_once("://").map_or(text, |(_, rest)| rest)
}

/// Whether a text contains that host and port as a whole.
fn names(text: &str, server: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    text.match_indices(server).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + server.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(|c| part(c) || c == ':')
    })
}
