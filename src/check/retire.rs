//! W05xx: what must be done before the old side is switched off.

use std::collections::{BTreeMap, BTreeSet};

use super::collect::{CheckContext, FindingDraft, FindingSink, known};
use super::time;
use super::words::{self, Listing};
use crate::compare::{Aspect, State};
use crate::domain::{
    Address, GATEWAY_URL, GATEWAY_URL_NEW, Instance, InstanceStatus, Inventory, LaunchedBy,
    Package, PluginName, Reading, Side, SystemVariable, created_at,
};
use crate::i18n::Text;
use crate::plan::same_url;

/// Whether it was asked for; where not, that is listed.
fn asked(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) -> bool {
    if !scene.policy.before_retiring_old {
        out.skip(None, Text::new("check-skip-retiring"));
    }
    scene.policy.before_retiring_old
}

/// A running container, in the order in which it is launched again.
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

/// What runs on the new side, each plugin after those that it depends on; what keeps it from being
/// known is said to `out`.
fn running<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'_>) -> Vec<Running<'a>> {
    let side = scene.new;
    let Some(packages) = known(&side.packages, side.side(), out) else {
        return Vec::new();
    };
    let place = order(side, packages);
    let mut found = Vec::new();
    for package in packages {
        if !scene.selection.takes(&package.name) {
            continue;
        }
        match side.instances.get(&package.id) {
            Some(Reading::Known(instances)) => {
                let running = instances.iter();
                let running = running.filter(|it| it.status == InstanceStatus::Running);
                found.extend(running.map(|instance| Running { package, instance }));
            }
            Some(Reading::Unknown(failure)) => {
                out.unread(side.side(), Some(package.name.to_string()), failure);
            }
            None if package.status.is_active() => {
                out.not_told(side.side(), package.name.to_string(), None);
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

/// How deep the dependencies of each name go: what depends on nothing is launched first. A circle ends
/// where it began.
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

/// What relaunching one of them takes: its place among all, its port, and who misses it meanwhile.
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

fn told(side: &Inventory, one: &Running<'_>, message: Text, hint: Text) -> FindingDraft {
    FindingDraft {
        side: Some(side.side()),
        subject: one.subject(),
        message: message
            .with("name", one.package.name.as_str())
            .with("version", &one.package.version)
            .with("at", format!("{}:{}", one.instance.host, one.instance.port)),
        hint: Some(hint),
        seen: vec![(
            Some(side.side()),
            Listing::Instances.of(side),
            words::seen(&one.instance.id),
        )],
    }
}

/// W0501: nothing that runs was launched by a v3: such an instance calls the old gateway.
pub(super) fn launched_by_v3(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    if !asked(scene, out) {
        return;
    }
    let all = running(scene, out);
    let by_v3: Vec<_> = all
        .iter()
        .filter(|it| it.instance.launched_by() == LaunchedBy::V3)
        .collect();
    for one in &all {
        out.looked();
        if one.instance.launched_by() == LaunchedBy::Unknown {
            let cause = Text::new("check-unknown-maker").with("id", &one.instance.id);
            let source = Listing::Instances.of(scene.new);
            out.unknown(Some(Side::New), Some(one.subject()), cause, Some(source));
        }
    }
    for one in &by_v3 {
        let message = Text::new("check-launched-by-v3");
        let hint = relaunch(&all, &by_v3, one);
        out.wrong(told(scene.new, one, message, hint));
    }
}

/// When an instance was launched, beside when the variable was set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Launched {
    Before,
    After,
    NotTold,
}

/// By the times that are in the ids of a v4: an instance that is older than the variable's row was
/// launched without it. Whether the row had its value ever since only the journal tells.
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

/// W0502: nothing that runs was launched by a v4 before the variable was set.
pub(super) fn launched_before_the_variable(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    if !asked(scene, out) {
        return;
    }
    let Some(variables) = known(&scene.new.variables, Side::New, out) else {
        return;
    };
    let rows = variables.iter().filter(|row| row.name == GATEWAY_URL_NEW);
    let row_made = rows.filter_map(|row| created_at(row.id.as_str())).max();
    let set_at = scene.facts.gateway_variable_set_at.and_then(time::seconds);
    let all = running(scene, out);
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
        out.looked();
        match when {
            Launched::After => {}
            Launched::Before => {
                let message = Text::new("check-launched-before");
                let hint = relaunch(&all, &before, one);
                out.wrong(told(scene.new, one, message, hint));
            }
            Launched::NotTold => {
                let cause = Text::new("check-unknown-launch");
                let source = Listing::Instances.of(scene.new);
                out.unknown(Some(Side::New), Some(one.subject()), cause, Some(source));
            }
        }
    }
}

/// W0503: the platform's own `GATEWAY_URL` does not lead to the old gateway any more.
pub(super) fn gateway_url(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    if !asked(scene, out) {
        return;
    }
    let Some(variables) = known(&scene.new.variables, Side::New, out) else {
        return;
    };
    out.looked();
    let wanted = scene.policy.gateway_url.as_deref();
    let old = scene.old.map(|old| old.identity.gateway.as_str());
    let rows = variables
        .iter()
        .filter(|row| row.name == GATEWAY_URL && row.is_active());
    for row in rows {
        let value = row.effective();
        let wrong = match (wanted, old) {
            (Some(wanted), _) => !same_url(value, wanted),
            (None, Some(old)) => same_url(value, old),
            (None, None) => {
                out.skip(
                    Some(GATEWAY_URL.to_owned()),
                    Text::new("check-skip-no-value"),
                );
                false
            }
        };
        if wrong {
            let hint = Text::new("check-gateway-url-hint").with("value", wanted.unwrap_or("URL"));
            let message = Text::new("check-gateway-url").with("value", value);
            out.wrong(variable_told(scene.new, row, message, hint));
        }
    }
}

fn variable_told(
    side: &Inventory,
    row: &SystemVariable,
    message: Text,
    hint: Text,
) -> FindingDraft {
    FindingDraft {
        side: Some(side.side()),
        subject: row.name.clone(),
        message,
        hint: Some(hint),
        seen: vec![(
            Some(side.side()),
            Listing::Variables.of(side),
            words::seen(format!("{}: {:?}", row.id, row.effective())),
        )],
    }
}

/// W0504: the new gateway has every route that the old one has.
pub(super) fn routes(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    if !asked(scene, out) {
        return;
    }
    let Some(old) = scene.need_old(out) else {
        return;
    };
    let on_old = known(&old.gateway_routes, Side::Old, out);
    let on_new = known(&scene.new.gateway_routes, Side::New, out);
    let (Some(on_old), Some(on_new)) = (on_old, on_new) else {
        return;
    };
    let there: BTreeSet<&PluginName> = on_new.iter().map(|route| &route.context).collect();
    let here: BTreeSet<&PluginName> = on_old.iter().map(|route| &route.context).collect();
    for name in here.into_iter().filter(|name| scene.selection.takes(name)) {
        out.looked();
        if there.contains(name) {
            continue;
        }
        let to = on_old.iter().find(|route| route.context == *name);
        let to = to.map(|route| format!("{}:{}", route.host, route.port));
        let to = to.unwrap_or_default();
        out.wrong(FindingDraft {
            side: Some(Side::Old),
            subject: name.to_string(),
            message: Text::new("check-route-only-old")
                .with("name", name.as_str())
                .with("to", &to),
            hint: Some(Text::new("check-route-only-old-hint").with("name", name.as_str())),
            seen: vec![
                (
                    Some(Side::Old),
                    Listing::GatewayRoutes.of(old),
                    words::seen(to),
                ),
                (
                    Some(Side::New),
                    Listing::GatewayRoutes.of(scene.new),
                    Text::new("check-seen-no-row"),
                ),
            ],
        });
    }
}

/// W0505: the new side has every active variable that the old one has.
pub(super) fn variables(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    if !asked(scene, out) {
        return;
    }
    let Some(old) = scene.need_old(out) else {
        return;
    };
    let on_old = known(&old.variables, Side::Old, out);
    let on_new = known(&scene.new.variables, Side::New, out);
    let (Some(on_old), Some(on_new)) = (on_old, on_new) else {
        return;
    };
    let key = |row: &SystemVariable| (row.name.clone(), row.scope.clone());
    let active = on_new.iter().filter(|row| row.is_active());
    let there: BTreeSet<_> = active.map(key).collect();
    let mut said = BTreeSet::new();
    for row in on_old.iter().filter(|row| row.is_active()) {
        out.looked();
        if there.contains(&key(row)) || !said.insert(key(row)) {
            continue;
        }
        let message = Text::new("check-variable-only-old")
            .with("name", &row.name)
            .with("scope", &row.scope);
        let hint = Text::new("check-variable-only-old-hint").with("name", &row.name);
        // Values of variables may be secrets: names only.
        let mut told = variable_told(old, row, message, hint);
        told.subject = format!("{} ({})", row.name, row.scope);
        told.seen = vec![
            (
                Some(Side::Old),
                Listing::Variables.of(old),
                words::seen(&row.id),
            ),
            (
                Some(Side::New),
                Listing::Variables.of(scene.new),
                Text::new("check-seen-no-row"),
            ),
        ];
        out.wrong(told);
    }
}

/// W0506: no page is served by the old side only.
pub(super) fn pages<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    if !asked(scene, out) {
        return;
    }
    for row in scene.pairs(out) {
        out.looked();
        let (old, new) = (
            row.old.cell(Aspect::StaticFiles),
            row.new.cell(Aspect::StaticFiles),
        );
        let some_served = row.old.portals.iter().any(|portal| portal.served > 0);
        match (old.state, new.state) {
            (_, State::Visible) => {}
            (State::Unknown, _) if !some_served => {
                out.not_told(Side::Old, row.name.to_string(), old.causes.first());
            }
            (_, State::Unknown) if some_served => {
                out.not_told(Side::New, row.name.to_string(), new.causes.first());
            }
            _ if some_served => {
                let Some(cause) = new.causes.first() else {
                    continue;
                };
                let served = row.old.portals.iter().map(|portal| portal.served).max();
                let seen = scene.sides().map(|side| {
                    let words = match side.side() {
                        Side::Old => Text::new("check-seen-served")
                            .count("count", served.unwrap_or_default()),
                        Side::New => cause.text(),
                    };
                    (Some(side.side()), Listing::ResourceFiles.of(side), words)
                });
                out.wrong(FindingDraft {
                    side: Some(Side::Old),
                    subject: row.name.to_string(),
                    message: Text::new("check-page-only-old")
                        .with("name", row.name.as_str())
                        .nested("cause", cause.text()),
                    hint: cause
                        .hint(Side::New)
                        .or_else(|| Some(Text::new("check-page-only-old-hint"))),
                    seen: seen.collect(),
                });
            }
            _ => {}
        }
    }
}

/// W0507: no other variable names an address of the old side.
pub(super) fn old_addresses(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    if !asked(scene, out) {
        return;
    }
    let Some(old) = scene.need_old(out) else {
        return;
    };
    let Some(variables) = known(&scene.new.variables, Side::New, out) else {
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
        out.looked();
        let named = servers.iter().find(|server| names(row.effective(), server));
        if let Some(server) = named {
            let message = Text::new("check-names-old")
                .with("name", &row.name)
                .with("address", server);
            let hint = Text::new("check-names-old-hint").with("name", &row.name);
            let mut told = variable_told(scene.new, row, message, hint);
            told.seen = vec![(
                Some(Side::New),
                Listing::Variables.of(scene.new),
                words::seen(format!("{}: …{server}…", row.id)),
            )];
            out.wrong(told);
        }
    }
}

/// Host and port.
fn authority(address: &Address) -> &str {
    let text = address.as_str();
    text.split_once("://").map_or(text, |(_, rest)| rest)
}

/// Whether a text names that host and port, and not one whose name ends or whose port begins so.
fn names(text: &str, server: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    text.match_indices(server).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + server.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(|c| part(c) || c == ':')
    })
}
