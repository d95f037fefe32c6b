//! The notices of a plan.

use std::collections::BTreeSet;

use super::advice::Notice;
use super::builder::PlanBuilder;
use super::context::PlanContext;
use super::model::{DatabaseRelation, SkippedPackage, StepId};
use super::reason::SkipReason;
use super::remedy::remedy;
use super::view::SideView;
use crate::domain::{
    Capabilities, Dependency, GATEWAY_URL_NEW, Generation, Inventory, LaunchedBy,
    MISREAD_VARIABLE_NAME, Package, PackageId, PluginName, ReadFailure, Reading, Side,
    SystemVariable, Version, VersionRule,
};

/// A clock that is further off is reported: v4 takes no token that was issued in its future.
pub const MAX_CLOCK_OFFSET_S: i64 = 30;
/// The plugin that needs v4.0.0, and its first version for it (the upgrade guide).
const TASKMAN: (&str, &str) = ("taskman", "v1.1.0");
/// Plugins whose pages configure orchestrations, which the generations do not have in common (the
/// upgrade guide names the alert callback of monitoring).
const CONFIGURE_ORCHESTRATIONS: [&str; 1] = ["monitor"];

/// The notices of a plan, in the order of the report.
pub(super) fn notices(context: &PlanContext<'_>, builder: &PlanBuilder) -> Vec<Notice> {
    let mut notices = clocks(context);
    notices.extend(match context.relation {
        DatabaseRelation::Single => None,
        DatabaseRelation::Shared { .. } => Some(Notice::SharedDatabase),
        DatabaseRelation::Separate => Some(Notice::SeparateDatabases),
        DatabaseRelation::Unknown => Some(Notice::RelationUnknown),
    });
    let writes_to_v3 = |view: &SideView<'_>| {
        let side = view.side;
        view.is_v3() && builder.steps.iter().any(|step| step.id.side == side)
    };
    if context.views().any(writes_to_v3) {
        notices.push(Notice::WritesToV3);
    }
    notices.extend(not_read(context));
    notices.extend(several_versions(context));
    notices.extend(taskman(context));
    notices.extend(orchestrations(context));
    notices.extend(variables(context));
    notices.extend(launched_by_v3(context));
    notices.extend(remedies(context, builder));
    notices
}

/// Clocks that are too far off.
pub(super) fn clocks(context: &PlanContext<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for view in context.views() {
        if let Some(offset_s) = view.inventory.clock_offset_s
            && offset_s.abs() > MAX_CLOCK_OFFSET_S
        {
            let side = view.side;
            notices.push(Notice::ClockSkew { side, offset_s });
        }
    }
    notices
}

/// What could not be read and the plan would have used. Failures of single packages with one cause
/// are one notice.
pub(super) fn not_read(context: &PlanContext<'_>) -> Vec<Notice> {
    let written: BTreeSet<Side> = context.written().map(|view| view.side).collect();
    let mut notices = Vec::new();
    for view in context.views() {
        let of = view.inventory;
        let side = view.side;
        let mut failures: Vec<&ReadFailure> = of.unproven.iter().collect();
        failures.extend(of.version.failure());
        failures.extend(of.packages.failure());
        failures.extend(of.resource_files.failure());
        failures.extend(first_of_each(of.instances.values()));
        if written.contains(&side) {
            failures.extend(of.variables.failure());
            failures.extend(first_of_each(dependencies_used(of)));
        }
        notices.extend(failures.into_iter().map(|failure| Notice::NotRead {
            side,
            failure: failure.clone(),
        }));
    }
    notices
}

fn dependencies_used(of: &Inventory) -> impl Iterator<Item = &Reading<Vec<Dependency>>> {
    let packages = of.packages.known();
    let active: BTreeSet<&PackageId> = packages
        .into_iter()
        .flatten()
        .filter(|package| package.status.is_active())
        .map(|package| &package.id)
        .collect();
    let all = of.dependencies.iter();
    all.filter(move |(id, _)| active.contains(id))
        .map(|(_, reading)| reading)
}

fn first_of_each<'a, T: 'a>(
    readings: impl Iterator<Item = &'a Reading<T>>,
) -> Vec<&'a ReadFailure> {
    let mut seen = BTreeSet::new();
    readings
        .filter_map(Reading::failure)
        .filter(|failure| seen.insert((failure.kind, failure.operation, &failure.cause)))
        .collect()
}

/// Names of which several versions are active; on one database both sides have the same.
pub(super) fn several_versions(context: &PlanContext<'_>) -> Vec<Notice> {
    let told_by = |view: &&SideView<'_>| {
        view.side == Side::New || !context.is_shared() || context.view(Side::New).is_none()
    };
    let mut notices = Vec::new();
    for view in context.views().filter(told_by) {
        let rule = view.capabilities.version_rule;
        for (name, plugin) in &view.plugins {
            let mut versions: Vec<_> = plugin.active().map(|p| &p.version).collect();
            versions.sort_by(|left, right| rule.order_listed(left, right));
            versions.dedup();
            if versions.len() > 1 {
                notices.push(Notice::SeveralVersions {
                    side: view.side,
                    name: (*name).clone(),
                    versions: versions.into_iter().cloned().collect(),
                });
            }
        }
    }
    notices
}

/// taskman that is too old for the v4 sides (and the version that an old side shall become).
pub(super) fn taskman(context: &PlanContext<'_>) -> Vec<Notice> {
    let (name, first) = (PluginName::new(TASKMAN.0), Version::new(TASKMAN.1));
    if !context.selection.takes(&name) {
        return Vec::new();
    }
    let too_old = |version: &Version| {
        let order = VersionRule::V4.order(version, &first);
        order.is_some_and(std::cmp::Ordering::is_lt)
    };
    let on_v4 = context.views().filter(|view| !view.is_v3());
    let versions: BTreeSet<&Version> = on_v4
        .filter_map(|view| view.plugins.get(&name))
        .flat_map(|plugin| {
            let active: Vec<&Package> = plugin.active().collect();
            let seen = if plugin.running.is_empty() {
                &active
            } else {
                &plugin.running
            };
            seen.iter()
                .map(|package| &package.version)
                .collect::<Vec<_>>()
        })
        .filter(|version| too_old(version))
        .collect();
    let notice = |version: &Version| Notice::TaskmanTooOld {
        version: version.clone(),
    };
    versions.into_iter().map(notice).collect()
}

/// Plugins that configure orchestrations and run while both generations are (or will be) used.
pub(super) fn orchestrations(context: &PlanContext<'_>) -> Vec<Notice> {
    let has = |generation| {
        let sides = [context.input.new, context.input.old];
        let told = |can: &Capabilities| can.generation == generation;
        sides
            .into_iter()
            .flatten()
            .any(|side| told(&side.capabilities))
            || context.views().any(|view| told(view.capabilities))
    };
    if !has(Generation::V3) || !has(Generation::V4) {
        return Vec::new();
    }
    let names = CONFIGURE_ORCHESTRATIONS.map(PluginName::new);
    let runs = |name: &PluginName| {
        let plugins = context.views().filter_map(|view| view.plugins.get(name));
        plugins.into_iter().any(|plugin| !plugin.running.is_empty())
    };
    names
        .into_iter()
        .filter(|name| context.selection.takes(name) && runs(name))
        .map(|name| Notice::OrchestrationPages { name })
        .collect()
}

/// Rows that somebody's misreading made, and rows that a registration would switch off.
pub(super) fn variables(context: &PlanContext<'_>) -> Vec<Notice> {
    let rows = || {
        let known = context
            .views()
            .filter_map(|view| view.inventory.variables.known());
        known.flatten()
    };
    let named = |name| rows().filter(move |row: &&SystemVariable| row.name == name);
    let misread: BTreeSet<_> = named(MISREAD_VARIABLE_NAME).map(|row| &row.id).collect();
    let is_plugin = |name: &PluginName| context.views().any(|view| view.plugins.contains_key(name));
    let owners: BTreeSet<_> = named(GATEWAY_URL_NEW)
        .map(|row| PluginName::new(row.package_name.as_str()))
        .filter(is_plugin)
        .collect();
    let misread = misread
        .into_iter()
        .map(|id| Notice::MisreadVariable { id: id.clone() });
    let owned = owners
        .into_iter()
        .map(|name| Notice::VariableOwnedByPlugin { name });
    misread.chain(owned).collect()
}

/// Instances that keep calling the old gateway.
pub(super) fn launched_by_v3(context: &PlanContext<'_>) -> Option<Notice> {
    let view = context.views().next().filter(|view| !view.is_v3())?;
    let running = view.plugins.values().flat_map(|plugin| &plugin.running);
    let instances = running
        .filter_map(|package| view.inventory.running_instances(&package.id))
        .flatten()
        .filter(|instance| instance.launched_by() == LaunchedBy::V3)
        .count();
    (instances > 0).then_some(Notice::LaunchedByV3 { instances })
}

/// The remedy of each block.
pub(super) fn remedies(context: &PlanContext<'_>, builder: &PlanBuilder) -> Vec<Notice> {
    let mut blocked: Vec<&SkippedPackage> = builder.skipped.iter().collect();
    blocked.retain(|left| left.reason.is_blocking());
    blocked.sort_by(|left, right| (&left.name, right.side).cmp(&(&right.name, left.side)));
    let mut notices = Vec::new();
    for left in blocked {
        let id = StepId {
            side: left.side,
            name: left.name.clone(),
        };
        let reasons: &[SkipReason] = builder.refused.get(&id).map_or(&[], Vec::as_slice);
        let actions = remedy(context, left, reasons);
        if !actions.is_empty() {
            notices.push(Notice::Remedy {
                name: left.name.clone(),
                actions,
            });
        }
    }
    notices
}
