//! W0301–W0305: each plugin of each side, its package, instances, dependencies and menus.

use std::collections::BTreeSet;

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::messages;
use super::plugin_on_side::{PluginOnSide, plugins};
use super::sink::{FindingDraft, FindingSink, known};
use crate::compare::{Aspect, Cause, State};
use crate::domain::{Inventory, PluginName, Reading, Side};
use crate::i18n::Text;
use crate::plan::{SkipReason, unmet};

/// W0301: Plugin in use is not registered.
pub(super) fn registered<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    for plugin in plugins(context, sink) {
        let Some((State::Hidden, cause)) = plugin.judged(Aspect::Package, sink) else {
            continue;
        };
        let hint = match cause {
            Cause::Demoted { .. } => Text::new("compare-hint-one-version"),
            _ => plugin.register(),
        };
        sink.report(
            plugin
                .draft(cause.text(), Endpoint::Packages, cause.text())
                .hint(hint),
        );
    }
}

/// W0302: Registered plugin has no running instance.
pub(super) fn running<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    not_running(context, sink, true);
}

/// W0319: Registered plugin that nothing needs has no running instance: it has no UI, and no running
/// plugin depends on it.
pub(super) fn unneeded<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    not_running(context, sink, false);
}

fn not_running<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>, needed: bool) {
    for plugin in plugins(context, sink) {
        let Some((State::Hidden | State::NotApplicable, cause)) =
            plugin.judged(Aspect::Running, sink)
        else {
            continue;
        };
        if !plugin.is_active() || matches!(cause, Cause::NotForThisSide { .. }) {
            continue;
        }
        let runs = matches!(
            cause,
            Cause::OtherVersionRuns { .. } | Cause::Demoted { .. }
        );
        let cause = if runs { cause } else { &Cause::NoInstance };
        if needed != (runs || has_ui(&plugin) || is_depended_on(&plugin)) {
            continue;
        }
        let hint = if needed {
            Text::new("check-hint-launch")
        } else {
            Text::new("check-hint-unneeded")
        };
        let hint = hint
            .with("name", plugin.row.name.as_str())
            .with("version", plugin.version());
        sink.report(
            plugin
                .draft(cause.text(), Endpoint::Instances, cause.text())
                .hint(hint),
        );
    }
}

fn has_ui(plugin: &PluginOnSide<'_>) -> bool {
    let package = plugin.own.package.as_ref();
    let package = package.and_then(|package| plugin.inventory.package(&package.id));
    package.is_none_or(|package| package.has_ui)
}

/// Whether a running package depends on it, or may: its dependencies could not be read.
fn is_depended_on(plugin: &PluginOnSide<'_>) -> bool {
    let packages = plugin.inventory.packages.known().into_iter().flatten();
    let mut running = packages.filter(|package| {
        let running = plugin.inventory.running_instances(&package.id);
        running.is_some_and(|running| !running.is_empty())
    });
    running.any(|package| {
        let declared = plugin.inventory.dependencies.get(&package.id);
        declared.and_then(Reading::known).is_none_or(|declared| {
            let mut names = declared.iter().map(|wanted| &wanted.name);
            names.any(|name| *name == plugin.row.name)
        })
    })
}

/// W0303: Dependency too old or missing: the next registration will be refused.
///
/// Source: docs/platform/registration.md#dependency-rule
pub(super) fn dependencies<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let side = context.new;
    let Some(packages) = known(&side.packages, side.side(), sink) else {
        return;
    };
    for package in packages {
        if package.status.is_active() && context.selection.takes(&package.name) {
            sink.count_subject();
        }
    }
    for refused in unmet(side) {
        let package = refused.package;
        if !context.selection.takes(&package.name) {
            continue;
        }
        let subject = format!("{} {}", package.name, package.version);
        for reason in refused.reasons {
            if let SkipReason::Unreadable { failure } = &reason {
                sink.read_failed(side.side(), Some(package.name.to_string()), failure);
                continue;
            }
            let cause = crate::plan::messages::skip_reason(&reason);
            let hint = Text::new("check-hint-plan").with("name", package.name.as_str());
            sink.report(
                FindingDraft::on(side.side(), subject.clone(), cause.clone())
                    .hint(hint)
                    .seen(side, Endpoint::Dependencies, cause),
            );
        }
    }
}

/// W0304: Menus of a running plugin are inactive.
///
/// Source: docs/platform/instances.md#effects-of-a-launch
pub(super) fn menus<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    for plugin in plugins(context, sink) {
        let cell = plugin.own.cell(Aspect::Menus);
        if cell.state == State::Unknown {
            plugin.undetermined(cell.causes.first(), sink);
        }
        let greyed = cell
            .causes
            .iter()
            .find(|cause| matches!(cause, Cause::MenuInactive { .. }));
        if let Some(cause) = greyed
            && plugin.known_to_run(sink)
        {
            let hint = Text::new("check-hint-relaunch").with("name", plugin.row.name.as_str());
            sink.report(
                plugin
                    .draft(cause.text(), Endpoint::Menus, cause.text())
                    .hint(hint),
            );
        }
    }
}

/// W0305: Role lacks menus of a plugin that it has on the other instance.
pub(super) fn role_lost<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    role(context, sink, true);
}

/// W0320: Role has none of the menus of a plugin.
pub(super) fn role_none<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    role(context, sink, false);
}

/// What the role lacks. `lost`: and has on the other instance.
fn role<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>, lost: bool) {
    let Some(role) = &context.policy.role else {
        sink.skip(None, Text::new("check-skip-no-role"));
        return;
    };
    let menus = |side: Side| {
        let granted = context.facts.role_menus.get(&side);
        granted.and_then(Reading::known)
    };
    let draft = |side: &Inventory, subject: String, message: Text, granted: usize| {
        let seen = Text::new("check-seen-granted").count("count", granted);
        let draft = FindingDraft::on(side.side(), subject, message.with("role", role));
        draft.seen(side, Endpoint::RoleMenus, seen)
    };
    let has_none = |side: Side| menus(side).is_some_and(BTreeSet::is_empty);
    for side in context.sides().filter(|it| has_none(it.side())) {
        let elsewhere = menus(side.side().other());
        if lost == elsewhere.is_some_and(|menus| !menus.is_empty()) {
            let message = Text::new("check-role-nothing");
            let hint = Text::new("check-role-nothing-hint").with("role", role);
            sink.report(draft(side, role.clone(), message, 0).hint(hint));
        }
    }
    let plugins = plugins(context, sink).into_iter();
    for plugin in plugins.filter(|plugin| !has_none(plugin.side())) {
        let side = plugin.side();
        let Some(brought) = menu_codes(&plugin, sink).filter(|brought| !brought.is_empty()) else {
            continue;
        };
        let Some(granted) = granted(context, side, &plugin.row.name, sink) else {
            continue;
        };
        let elsewhere = menus(side.other());
        let is_lost = |code: &&String| {
            !granted.contains(*code) && elsewhere.is_some_and(|there| there.contains(*code))
        };
        let gone: Vec<&String> = brought.iter().filter(is_lost).collect();
        let (codes, text) = match (lost, gone.is_empty()) {
            (true, false) => (gone, Text::new("check-role-lost")),
            (false, true) if brought.is_disjoint(granted) => {
                (brought.iter().collect(), Text::new("check-role-none"))
            }
            _ => continue,
        };
        let message = text.with("codes", messages::first_few(&codes));
        let hint = Text::new("check-hint-grant")
            .with("role", role)
            .with("side", side)
            .with("name", plugin.row.name.as_str());
        sink.report(draft(plugin.inventory, plugin.subject(), message, granted.len()).hint(hint));
    }
}

/// The codes of the menus of the package.
fn menu_codes(plugin: &PluginOnSide<'_>, sink: &mut FindingSink<'_>) -> Option<BTreeSet<String>> {
    let package = plugin
        .own
        .package
        .as_ref()
        .filter(|it| it.status.is_active())?;
    match plugin.inventory.package_menus.get(&package.id) {
        Some(Reading::Known(menus)) => Some(menus.iter().map(|menu| menu.code.clone()).collect()),
        Some(Reading::Unknown(failure)) => {
            sink.read_failed(plugin.side(), Some(plugin.row.name.to_string()), failure);
            None
        }
        None => {
            plugin.undetermined(None, sink);
            None
        }
    }
}

fn granted<'a>(
    context: &CheckContext<'a>,
    side: Side,
    name: &PluginName,
    sink: &mut FindingSink<'_>,
) -> Option<&'a BTreeSet<String>> {
    match context.facts.role_menus.get(&side) {
        Some(Reading::Known(codes)) => Some(codes),
        Some(Reading::Unknown(failure)) => {
            sink.read_failed(side, Some(name.to_string()), failure);
            None
        }
        None => {
            sink.undetermined(side, name.to_string(), None);
            None
        }
    }
}
