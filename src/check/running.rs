//! W0317: what ran when an earlier check looked, or is expected to run, runs.

use std::collections::{BTreeMap, BTreeSet};

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::input::RunningCounts;
use super::sink::{FindingDraft, FindingSink};
use crate::domain::{InstanceStatus, Inventory, PluginName, ReadFailure, Reading, Side};
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
