//! How to resolve a block: the manual steps in order, on which side, and what the old side loses in
//! between.

use super::advice::RemedyStep;
use super::candidate::choices;
use super::context::PlanContext;
use super::effects::other_side_loses;
use super::model::{SideEffect, SkippedPackage};
use super::reason::SkipReason;
use super::view::SideView;
use crate::domain::{
    Dependency, Generation, Package, PackageStatus, PluginName, Side, Version, VersionRule,
    VersionVerdict,
};

/// The steps that resolve a block; empty if another package's remedy does it. `reasons` are
/// all for which the platform would refuse the package.
pub(super) fn remedy(
    context: &PlanContext<'_>,
    left: &SkippedPackage,
    reasons: &[SkipReason],
) -> Vec<RemedyStep> {
    let Some(view) = context.view(left.side) else {
        return Vec::new();
    };
    let finder = RemedyFinder { context, view };
    let only = [left.reason.clone()];
    let reasons = if reasons.is_empty() { &only } else { reasons };
    let mut actions: Vec<RemedyStep> = Vec::new();
    for reason in reasons {
        for action in finder.steps_for(left, reason) {
            if !actions.contains(&action) {
                actions.push(action);
            }
        }
    }
    let leads_to_apply = |action: &RemedyStep| !matches!(action, RemedyStep::PickVersion { .. });
    if actions.iter().any(leads_to_apply) && !context.is_forecast() {
        actions.push(RemedyStep::ApplyAgain);
    }
    actions
}

struct RemedyFinder<'s, 'a> {
    context: &'s PlanContext<'a>,
    view: &'s SideView<'a>,
}

impl RemedyFinder<'_, '_> {
    fn steps_for(&self, left: &SkippedPackage, reason: &SkipReason) -> Vec<RemedyStep> {
        match reason {
            SkipReason::DependencyTooOld { wanted, .. }
            | SkipReason::DependencyMissing { wanted } => self.bring_dependency(wanted),
            SkipReason::VersionUnreadable { wanted, .. } if !wanted.is_platform() => {
                self.bring_dependency(wanted)
            }
            SkipReason::VersionUnreadable { wanted, .. } => vec![self.upgrade(&wanted.version)],
            SkipReason::PlatformTooOld { wanted, .. } => vec![self.upgrade(wanted)],
            SkipReason::VersionUnclear { running, .. } => self.pick(&left.name, running),
            SkipReason::OtherVersionActive { running, .. } => {
                self.pick(&left.name, std::slice::from_ref(running))
            }
            SkipReason::TwoEditions { .. } => self.two_editions(left),
            SkipReason::Cycle { path } => self.one_by_one(path),
            SkipReason::NotRegistered { status } => self.not_registered(left, status),
            SkipReason::NotOnThisSide { other_runs } => {
                self.bring(&left.name, other_runs, Newer::OrEqual)
            }
            SkipReason::TooManyVersions { .. } => vec![RemedyStep::Decommission {
                side: self.view.side,
                name: left.name.clone(),
            }],
            // Asking again is all there is to do, and the hint says so.
            SkipReason::Unreadable { .. }
            | SkipReason::StaticPath { .. }
            | SkipReason::PagesUnknown { .. }
            | SkipReason::DependencyFailed { .. }
            | SkipReason::NoUi
            | SkipReason::AlreadyVisible
            | SkipReason::NotRunning
            | SkipReason::NotForThisSide { .. }
            | SkipReason::Excluded => Vec::new(),
        }
    }

    fn upgrade(&self, at_least: &Version) -> RemedyStep {
        RemedyStep::UpgradePlatform {
            // A forecast looks at the old side, but it is the new platform that would be too old.
            side: if self.context.is_forecast() {
                Side::New
            } else {
                self.view.side
            },
            at_least: at_least.clone(),
        }
    }

    fn bring_dependency(&self, wanted: &Dependency) -> Vec<RemedyStep> {
        let newer = match self.view.capabilities.generation {
            Generation::V3 => Newer::OrEqual,
            Generation::V4 => Newer::Strictly,
        };
        self.bring(&wanted.name, &wanted.version, newer)
    }

    /// Bring a package to the side and to life there: what is uploaded but not registered needs no
    /// file. On one database its page is brought to the other side too, since the instances that
    /// both sides share are the new version's from then on.
    fn bring(&self, name: &PluginName, than: &Version, newer: Newer) -> Vec<RemedyStep> {
        let side = self.view.side;
        let uploaded = self.uploaded(name, than, newer);
        let version = uploaded.map(|package| package.version.clone());
        let mut actions = Vec::new();
        if uploaded.is_none() {
            actions.push(RemedyStep::Upload {
                side,
                name: name.clone(),
                newer_than: than.clone(),
                equal_is_enough: newer == Newer::OrEqual,
            });
        }
        actions.push(RemedyStep::Registration {
            side,
            name: name.clone(),
            version: version.clone(),
        });
        actions.extend(self.on_the_other_side(name, version));
        actions.push(RemedyStep::Launch {
            side,
            name: name.clone(),
        });
        actions
    }

    /// The newest package that would do and only waits for its registration.
    fn uploaded(&self, name: &PluginName, than: &Version, newer: Newer) -> Option<&Package> {
        let rule = self.view.capabilities.version_rule;
        let plugin = self.view.plugins.get(name)?;
        let waiting = plugin.packages.iter().copied().filter(|package| {
            package.status == PackageStatus::Unregistered
                && newer.holds(rule, than, &package.version)
        });
        waiting.max_by(|left, right| rule.order_listed(&left.version, &right.version))
    }

    /// What the other side loses until it registers the version too, and that it does.
    fn on_the_other_side(&self, name: &PluginName, version: Option<Version>) -> Vec<RemedyStep> {
        let Some(other) = self.context.view(self.view.side.other()) else {
            return Vec::new();
        };
        let listed = other.shown(name);
        let Some(shows) = listed.first().filter(|_| self.context.is_shared()) else {
            return Vec::new();
        };
        let mut actions = Vec::new();
        if other.side == Side::Old && self.takes_the_page(other, name) {
            actions.push(RemedyStep::OldSideLoses {
                name: name.clone(),
                shows: (*shows).clone(),
            });
        }
        actions.push(RemedyStep::Registration {
            side: other.side,
            name: name.clone(),
            version,
        });
        actions
    }

    /// Whether registering a version of the name that nobody shows yet takes the other side's page.
    fn takes_the_page(&self, other: &SideView<'_>, name: &PluginName) -> bool {
        let plugin = self.view.plugins.get(name);
        let some = plugin.and_then(|plugin| plugin.packages.first());
        some.is_some_and(|package| {
            let new = Package {
                version: Version::new(""),
                has_ui: true,
                ..(*package).clone()
            };
            other_side_loses(self.view, other, &new).is_some()
        })
    }

    fn pick(&self, name: &PluginName, running: &[Version]) -> Vec<RemedyStep> {
        let rule = self.view.capabilities.version_rule;
        let plugin = self.view.plugins.get(name);
        let versions = plugin
            .map(|plugin| choices(plugin, rule))
            .unwrap_or_default();
        if !versions.is_empty() {
            return vec![RemedyStep::PickVersion {
                name: name.clone(),
                versions,
            }];
        }
        vec![RemedyStep::Registration {
            side: self.view.side,
            name: name.clone(),
            version: running.last().cloned(),
        }]
    }

    /// On v4 a decommissioned copy would be revived by the registration, so only a version without a
    /// second edition leads out.
    fn two_editions(&self, left: &SkippedPackage) -> Vec<RemedyStep> {
        match &left.version {
            Some(version) if !self.view.is_v3() => self.bring(&left.name, version, Newer::Strictly),
            _ => vec![RemedyStep::Decommission {
                side: self.view.side,
                name: left.name.clone(),
            }],
        }
    }

    /// The platform itself knows no cycles: each registration looks only at what is registered. What the
    /// others depend on goes first.
    fn one_by_one(&self, path: &[PluginName]) -> Vec<RemedyStep> {
        let members = path.iter().rev().skip(1);
        let known = members.filter_map(|name| Some((name, self.view.plugins.get(name)?)));
        known
            .map(|(name, plugin)| RemedyStep::Registration {
                side: self.view.side,
                name: name.clone(),
                version: plugin
                    .running
                    .first()
                    .map(|package| package.version.clone()),
            })
            .collect()
    }

    fn not_registered(&self, left: &SkippedPackage, status: &PackageStatus) -> Vec<RemedyStep> {
        let (side, name) = (self.view.side, &left.name);
        let package = left.package.as_ref();
        let package = package.and_then(|id| {
            let plugin = self.view.plugins.get(name)?;
            plugin
                .packages
                .iter()
                .find(|package| package.id == *id)
                .copied()
        });
        let Some(package) = package else {
            return Vec::new();
        };
        if *status == PackageStatus::Decommissioned {
            return self.bring(name, &package.version, Newer::Strictly);
        }
        let of_name = self.view.plugins.get(name).into_iter();
        let mut versions = of_name.flat_map(|plugin| plugin.packages.iter());
        if versions.any(|package| package.status == PackageStatus::Registered) {
            // Another version was registered since: what is missing is an instance of it.
            let name = name.clone();
            return vec![RemedyStep::Launch { side, name }];
        }
        let register = |side| RemedyStep::Registration {
            side,
            name: name.clone(),
            version: Some(package.version.clone()),
        };
        let mut actions = vec![register(side)];
        let other = self
            .context
            .view(side.other())
            .filter(|_| self.context.is_shared());
        if let Some(other) = other
            && let Some(SideEffect::OtherSideLosesPage { side, shows }) =
                other_side_loses(self.view, other, package)
        {
            if side == Side::Old {
                let name = name.clone();
                actions.push(RemedyStep::OldSideLoses { name, shows });
            }
            actions.push(register(side));
        }
        actions
    }
}

/// How much newer than a version another must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Newer {
    Strictly,
    OrEqual,
}

impl Newer {
    fn holds(self, rule: VersionRule, than: &Version, version: &Version) -> bool {
        match self {
            Self::Strictly => rule
                .order(version, than)
                .is_some_and(std::cmp::Ordering::is_gt),
            Self::OrEqual => {
                rule.judge(than, version) == VersionVerdict::Satisfied
                    || rule
                        .order(version, than)
                        .is_some_and(std::cmp::Ordering::is_eq)
            }
        }
    }
}
