//! W0317 and W0318: what ran when an earlier check looked, or is expected to run, runs; and what was
//! just launched.

use std::collections::{BTreeMap, BTreeSet};

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::input::RunningCounts;
use super::plugin_on_side::plugins;
use super::sink::{FindingDraft, FindingSink};
use super::time;
use crate::compare::{Aspect, State};
use crate::domain::{
    Generation, InstanceStatus, Inventory, PluginName, ReadFailure, Reading, Side, created_at,
};
use crate::i18n::Text;
use crate::plan::DatabaseRelation;

/// Running instances of a plugin in all its versions; `None` if core does not know the plugin.
fn count<'a>(
    side: &'a Inventory,
    name: &PluginName,
) -> Result<Option<usize>, Option<&'a ReadFailure>> {
    let packages = side.packages.as_result().map_err(Some)?;
    let mut running = None;
    for package in packages.iter().filter(|package| package.name == *name) {
        let of_package = match side.instances.get(&package.id) {
            Some(Reading::Known(instances)) => {
                let running = instances.iter();
                let running = running.filter(|it| it.status == InstanceStatus::Running);
                running.count()
            }
            Some(Reading::Unknown(failure)) => return Err(Some(failure)),
            None if package.status.is_active() => return Err(None),
            None => 0,
        };
        running = Some(running.unwrap_or(0) + of_package);
    }
    Ok(running)
}

/// What later checks expect to run: the most that ran so far.
pub fn expect_running(before: &RunningCounts, side: &Inventory) -> RunningCounts {
    let mut expected = before.clone();
    let packages = side.packages.known().into_iter().flatten();
    let names: BTreeSet<&PluginName> = packages.map(|package| &package.name).collect();
    for name in names {
        if let Ok(Some(running @ 1..)) = count(side, name) {
            let most = expected.entry(name.clone()).or_default();
            *most = running.max(*most);
        }
    }
    expected
}

/// W0317: Running instance of a plugin is gone.
///
/// Sides with one database have the same instances: what is gone is reported on the new side.
pub(super) fn gone(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    let shared = matches!(context.plan.relation, DatabaseRelation::Shared { .. });
    for side in context.sides() {
        if side.side() == Side::Old && shared {
            continue;
        }
        let seen = context.facts.ran_before.get(&side.side());
        let seen = seen.into_iter().flatten();
        let mut expected: BTreeMap<&PluginName, usize> =
            seen.map(|(name, count)| (name, *count)).collect();
        if side.side() == Side::New {
            for name in &context.policy.expect_running {
                expected.entry(name).or_insert(1);
            }
        }
        sink.count_subject();
        let chosen = expected
            .into_iter()
            .filter(|(name, _)| context.selection.takes(name));
        for (name, expected) in chosen {
            sink.count_subject();
            let running = match count(side, name) {
                Ok(running) => running.unwrap_or(0),
                Err(Some(failure)) => {
                    sink.read_failed(side.side(), Some(name.to_string()), failure);
                    continue;
                }
                Err(None) => {
                    sink.undetermined(side.side(), name.to_string(), None);
                    continue;
                }
            };
            if running >= expected {
                continue;
            }
            let message = Text::new("check-gone")
                .count("running", running)
                .count("expected", expected);
            let hint = if context.policy.expect_running.contains(name) {
                Text::new("check-gone-expected-hint")
            } else {
                Text::new("check-gone-hint")
            };
            sink.report(
                FindingDraft::on(side.side(), name.to_string(), message.clone())
                    .hint(hint.with("name", name.as_str()))
                    .seen(side, Endpoint::Instances, message),
            );
        }
    }
}

/// How long after its launch a plugin may be out of service, in seconds: it starts, and each gateway
/// loads its route. Source: docs/platform/gateway.md#routes
fn launch_time(side: &Inventory) -> i64 {
    match side.capabilities.generation {
        Generation::V3 => 15 * 60,
        Generation::V4 => 5 * 60,
    }
}

/// W0318: Plugin was just launched and is not in service yet.
///
/// Only a v4 tells when it launched an instance.
pub(super) fn launching<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let now = time::seconds(&context.policy.at).unwrap_or_default();
    for plugin in plugins(context, sink) {
        let cells = [Aspect::Route, Aspect::Reachable].map(|aspect| plugin.judged(aspect, sink));
        let mut hidden = cells.into_iter().flatten();
        let Some((_, cause)) = hidden.find(|(state, _)| *state == State::Hidden) else {
            continue;
        };
        let instances = plugin.own.instances.iter();
        let Some(launched) = instances.filter_map(|it| created_at(it.id.as_str())).max() else {
            continue;
        };
        let offset_s = plugin.inventory.clock_offset_s.unwrap_or_default();
        let age_s = now.cast_signed() + offset_s - i64::from(launched);
        if (0..launch_time(plugin.inventory)).contains(&age_s) {
            let message = Text::new("check-launching")
                .with("ago", age_s)
                .nested("cause", cause.text());
            let draft = plugin.draft(message, Endpoint::Instances, cause.text());
            sink.report(draft.hint(Text::new("check-hint-route")));
        }
    }
}
