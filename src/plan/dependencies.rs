//! What the platform would say to a package's dependencies, by the rule of its generation. What it
//! would refuse is predicted here, not tried.

use std::collections::BTreeMap;

use super::reason::SkipReason;
use super::view::{Plugin, SideView, not_asked};
use crate::domain::{
    Dependency, Generation, Inventory, Package, PackageStatus, PluginName, ReadFailure, Reading,
    Side, Version, VersionVerdict,
};

/// Versions that are the only REGISTERED one of their name once the steps before are done (v4.0 and
/// v4.1 demote the others).
pub(super) type OnlyRegistered<'a> = BTreeMap<&'a PluginName, &'a Version>;

/// A package's direct dependencies, sorted; or why they are not known.
pub(super) fn dependencies<'a>(
    view: &SideView<'a>,
    package: &Package,
) -> Result<Vec<&'a Dependency>, ReadFailure> {
    match view.inventory.dependencies.get(&package.id) {
        Some(Reading::Known(dependencies)) => {
            let mut sorted: Vec<_> = dependencies.iter().collect();
            sorted.sort();
            sorted.dedup();
            Ok(sorted)
        }
        Some(Reading::Unknown(failure)) => Err(failure.clone()),
        None => Err(not_asked("packages.dependencies", package.id.as_str())),
    }
}

/// An active package that its side would refuse if it were registered again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmetDependencies<'a> {
    /// The package.
    pub package: &'a Package,
    /// Why, each reason.
    pub reasons: Vec<SkipReason>,
}

/// The active packages of a side whose dependencies its own rule does not find satisfied, or could not
/// be read; sorted by name, version, id. Empty if the packages could not be read.
pub fn unmet(inventory: &Inventory) -> Vec<UnmetDependencies<'_>> {
    let view = SideView::new(inventory);
    let only_registered = OnlyRegistered::new();
    let active = view.plugins.values().flat_map(Plugin::active);
    active
        .map(|package| UnmetDependencies {
            package,
            reasons: refusals(&view, None, package, &only_registered),
        })
        .filter(|unmet| !unmet.reasons.is_empty())
        .collect()
}

/// Every reason for which the side would refuse the package; the gate on the platform's version
/// first, then by name. If one name is declared twice, both must be satisfied: the platform
/// keeps one of the two, and it is unknown which.
pub(super) fn refusals<'a>(
    view: &SideView<'a>,
    other: Option<&SideView<'_>>,
    package: &Package,
    only_registered: &OnlyRegistered<'a>,
) -> Vec<SkipReason> {
    let wanted = match dependencies(view, package) {
        Ok(wanted) => wanted,
        Err(failure) => return vec![SkipReason::Unreadable { failure }],
    };
    let gates = wanted.iter().filter(|wanted| wanted.is_platform());
    let plugins = wanted.iter().filter(|wanted| !wanted.is_platform());
    gates
        .filter_map(|wanted| gate(view, other, wanted))
        .chain(plugins.filter_map(|wanted| dependency(view, wanted, only_registered)))
        .collect()
}

/// The gate on the platform's version. A side whose version could not be read is not judged: the
/// plan says that it was not read.
fn gate(
    view: &SideView<'_>,
    other: Option<&SideView<'_>>,
    wanted: &Dependency,
) -> Option<SkipReason> {
    let is = view.version?.text.as_str();
    match verdict_of_gate(view, wanted)? {
        VersionVerdict::Satisfied => None,
        VersionVerdict::Unreadable => Some(SkipReason::VersionUnreadable {
            wanted: wanted.clone(),
            found: is.to_owned(),
        }),
        VersionVerdict::TooOld => {
            // A new side that refuses what the old one takes is no place to skip it silently: its
            // core may tell no number (`docs/platform/registration.md#version-comparison`).
            let other = other.filter(|_| view.side == Side::Old);
            let taken_there = other.and_then(|other| verdict_of_gate(other, wanted));
            Some(if taken_there == Some(VersionVerdict::Satisfied) {
                SkipReason::NotForThisSide {
                    needs: wanted.version.clone(),
                }
            } else {
                SkipReason::PlatformTooOld {
                    wanted: wanted.version.clone(),
                    is: is.to_owned(),
                }
            })
        }
    }
}

fn verdict_of_gate(view: &SideView<'_>, wanted: &Dependency) -> Option<VersionVerdict> {
    let rule = view.capabilities.version_rule;
    Some(rule.judge_platform(&wanted.version, &view.version?.text))
}

fn dependency<'a>(
    view: &SideView<'a>,
    wanted: &Dependency,
    only_registered: &OnlyRegistered<'a>,
) -> Option<SkipReason> {
    let rule = view.capabilities.version_rule;
    let registered = counted(view, &wanted.name, only_registered);
    let verdicts: Vec<_> = registered
        .iter()
        .map(|version| rule.judge(&wanted.version, version))
        .collect();
    if verdicts.contains(&VersionVerdict::Satisfied) {
        return None;
    }
    let Some(newest) = rule.newest(registered.iter().copied()) else {
        return Some(SkipReason::DependencyMissing {
            wanted: wanted.clone(),
        });
    };
    let unreadable = verdicts
        .iter()
        .position(|v| *v == VersionVerdict::Unreadable);
    Some(match unreadable {
        Some(place) => SkipReason::VersionUnreadable {
            wanted: wanted.clone(),
            found: registered[place].as_str().to_owned(),
        },
        None => SkipReason::DependencyTooOld {
            wanted: wanted.clone(),
            registered: newest.clone(),
            generation: view.capabilities.generation,
        },
    })
}

/// The versions of a name that count as a dependency: REGISTERED ones, on v3 also those that are
/// RUNNING or STOPPED (`docs/platform/registration.md#statuses-of-a-package`).
fn counted<'a>(
    view: &SideView<'a>,
    name: &PluginName,
    only_registered: &OnlyRegistered<'a>,
) -> Vec<&'a Version> {
    if let Some(version) = only_registered.get(name) {
        return vec![version];
    }
    let counts = |package: &&&Package| match view.capabilities.generation {
        Generation::V3 => package.status.is_active(),
        Generation::V4 => package.status == PackageStatus::Registered,
    };
    let packages = view.plugins.get(name).map_or(&[][..], |p| &p.packages);
    packages.iter().filter(counts).map(|p| &p.version).collect()
}
