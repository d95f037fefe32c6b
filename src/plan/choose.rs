//! What is to be done with a plugin, before its dependencies are looked at: which of its versions,
//! whether it needs anything, and what a person has to settle first.

use std::collections::BTreeSet;

use super::model::{Inclusion, PlanOptions, Reason};
use super::pages::{Pages, pages};
use super::select::Selection;
use super::view::{Plugin, SideView};
use crate::domain::{
    Edition, Package, PackageId, PackageStatus, PluginName, ReadFailure, Version, VersionRule,
};

/// What the choice depends on.
#[derive(Clone, Copy)]
pub(super) struct Choice<'v, 'a> {
    /// The side that is written.
    pub(super) view: &'v SideView<'a>,
    /// The other side, whose portals may serve the same paths.
    pub(super) other: Option<&'v SideView<'a>>,
    /// The side whose portals tell which version people see: the old one, unless it has a database
    /// of its own.
    pub(super) shown_by: Option<&'v SideView<'a>>,
    /// What the operator asked for.
    pub(super) options: &'v PlanOptions,
    /// Which plugins are selected.
    pub(super) selection: &'v Selection,
    /// Versions that steps planned before on the same database leave as the only REGISTERED one.
    pub(super) sole: &'v super::depend::Sole<'a>,
    /// Whether pages are looked at, or taken for hidden as they are right after an upgrade.
    pub(super) look: Look,
}

/// Whether pages are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// They are.
    AtPages,
    /// Taken for hidden: a platform that was just started shows none.
    NothingShown,
}

/// Where a plugin stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing<'a> {
    /// To be registered, if its dependencies allow.
    Wanted {
        /// The package.
        package: &'a Package,
        /// Why.
        because: Inclusion,
    },
    /// Left out.
    Out {
        /// Version, where one is meant.
        version: Option<Version>,
        /// Package, where one is meant.
        package: Option<PackageId>,
        /// Why.
        reason: Reason,
    },
    /// Neither active nor running: there is nothing to say.
    Absent,
}

impl Standing<'_> {
    fn of_package(package: &Package, reason: Reason) -> Self {
        Self::Out {
            version: Some(package.version.clone()),
            package: Some(package.id.clone()),
            reason,
        }
    }

    fn of_one<'p>(packages: impl Iterator<Item = &'p Package>, reason: Reason) -> Self {
        let mut packages = packages.fuse();
        match (packages.next(), packages.next()) {
            (Some(package), None) => Self::of_package(package, reason),
            _ => Self::Out {
                version: None,
                package: None,
                reason,
            },
        }
    }
}

impl<'a> Choice<'_, 'a> {
    /// Where a plugin stands.
    pub(super) fn standing(&self, name: &PluginName, plugin: &Plugin<'a>) -> Standing<'a> {
        let runs = !plugin.running.is_empty();
        if !runs && plugin.active().next().is_none() {
            return Standing::Absent;
        }
        if !self.selection.takes(name) {
            let running = plugin.running.iter().copied();
            return if runs {
                Standing::of_one(running, Reason::Excluded)
            } else {
                Standing::of_one(plugin.active(), Reason::Excluded)
            };
        }
        if let Some(failure) = &plugin.unread {
            let failure = failure.clone();
            return Standing::of_one(plugin.active(), Reason::Unreadable { failure });
        }
        if !runs {
            return Standing::of_one(plugin.active(), Reason::NotRunning);
        }
        match self.options.picks.get(name) {
            Some(pick) => self.picked(name, plugin, pick),
            None => self.by_what_runs(name, plugin),
        }
    }

    fn picked(&self, name: &PluginName, plugin: &Plugin<'a>, pick: &Version) -> Standing<'a> {
        match plugin.registered().find(|p| p.version == *pick) {
            Some(package) => self.judge(plugin, package, None),
            None => self.unclear(name, plugin, Some(pick)),
        }
    }

    fn by_what_runs(&self, name: &PluginName, plugin: &Plugin<'a>) -> Standing<'a> {
        let [package, more @ ..] = plugin.running.as_slice() else {
            return Standing::Absent;
        };
        if more.iter().any(|other| other.version != package.version) {
            return self.unclear(name, plugin, None);
        }
        let twins_run = !more.is_empty();
        let registered = plugin
            .running
            .iter()
            .find(|p| p.status == PackageStatus::Registered);
        match registered {
            Some(package) => {
                let objection = self.not_what_is_shown(name, plugin, package);
                self.judge(plugin, package, objection)
            }
            None if twins_run => Standing::Out {
                version: Some(package.version.clone()),
                package: None,
                reason: Reason::TwoEditions {
                    editions: editions(plugin, &package.version),
                },
            },
            None => {
                let status = package.status.clone();
                Standing::of_package(package, Reason::NotRegistered { status })
            }
        }
    }

    /// Where a plugin stands that is to be registered by hand: by `version`, else what runs, else the
    /// only one there is.
    pub(super) fn named(
        &self,
        name: &PluginName,
        plugin: &Plugin<'a>,
        version: Option<&Version>,
    ) -> Standing<'a> {
        let mut usable: Vec<&'a Package> = plugin.packages.clone();
        usable.retain(|package| package.status != PackageStatus::Decommissioned);
        let mut versions: Vec<&Version> = usable.iter().map(|package| &package.version).collect();
        versions.dedup();
        let chosen = match (
            version,
            plugin.running_versions().as_slice(),
            versions.as_slice(),
        ) {
            (Some(version), _, _) => version,
            (None, [only], _) | (None, [], [only]) => *only,
            _ => return self.unclear(name, plugin, None),
        };
        if let Some(package) = usable.iter().find(|package| package.version == *chosen) {
            return self.unless_in_the_way(plugin, package, Inclusion::Named);
        }
        match plugin
            .packages
            .iter()
            .find(|package| package.version == *chosen)
        {
            Some(package) => {
                let status = package.status.clone();
                Standing::of_package(package, Reason::NotRegistered { status })
            }
            None => self.unclear(name, plugin, version),
        }
    }

    /// The version is settled unless there is an objection; does it need a register? An objection
    /// weighs only where something would be written.
    fn judge(
        &self,
        plugin: &Plugin<'a>,
        package: &'a Package,
        objection: Option<Standing<'a>>,
    ) -> Standing<'a> {
        let because = match self.need(package) {
            Err(Reason::AlreadyVisible) => {
                return Standing::of_package(package, Reason::AlreadyVisible);
            }
            need => need,
        };
        if let Some(objection) = objection {
            return objection;
        }
        let because = match because {
            Ok(because) => because,
            Err(reason) => return Standing::of_package(package, reason),
        };
        self.unless_in_the_way(plugin, package, because)
    }

    fn unless_in_the_way(
        &self,
        plugin: &Plugin<'a>,
        package: &'a Package,
        because: Inclusion,
    ) -> Standing<'a> {
        if let Some(editions) = self.twins(plugin, package) {
            return Standing::Out {
                version: Some(package.version.clone()),
                package: None,
                reason: Reason::TwoEditions { editions },
            };
        }
        match self.too_many(plugin, package) {
            Some(reason) => Standing::of_package(package, reason),
            None => Standing::Wanted { package, because },
        }
    }

    fn need(&self, package: &Package) -> Result<Inclusion, Reason> {
        let all = self.options.all_running;
        if !package.has_ui {
            return if all {
                Ok(Inclusion::AllRunning)
            } else {
                Err(Reason::NoUi)
            };
        }
        if self.look == Look::NothingShown {
            return Ok(Inclusion::NotListed);
        }
        match pages(self.view, self.other, package) {
            Pages::NotProven(because) => Ok(because),
            Pages::Proven if all => Ok(Inclusion::AllRunning),
            Pages::Proven => Err(Reason::AlreadyVisible),
        }
    }

    /// The old portals show another version than the one that runs, or it is not known which.
    fn not_what_is_shown(
        &self,
        name: &PluginName,
        plugin: &Plugin<'a>,
        package: &Package,
    ) -> Option<Standing<'a>> {
        let shown_by = self.shown_by?;
        if let Some(failure) = shown_by.inventory.resource_files.failure() {
            let choices: BTreeSet<_> = plugin.active().map(|p| &p.version).collect();
            return (choices.len() > 1).then(|| {
                let failure: ReadFailure = failure.clone();
                Standing::of_package(package, Reason::Unreadable { failure })
            });
        }
        let shown = shown_by.shown(name);
        let other = shown.iter().any(|version| **version != package.version);
        other.then(|| self.unclear(name, plugin, None))
    }

    fn unclear(
        &self,
        name: &PluginName,
        plugin: &Plugin<'a>,
        picked: Option<&Version>,
    ) -> Standing<'a> {
        let rule = self.view.capabilities.version_rule;
        let mut running = plugin.running_versions();
        running.sort_by(|left, right| rule.order_listed(left, right));
        let shown = self
            .shown_by
            .map(|view| view.shown(name))
            .unwrap_or_default();
        let other_than_runs = shown.iter().find(|version| !running.contains(version));
        let reason = Reason::VersionUnclear {
            shown: other_than_runs.or(shown.first()).map(|v| (*v).clone()),
            running: running.into_iter().cloned().collect(),
            picked: picked.cloned(),
        };
        Standing::Out {
            version: None,
            package: None,
            reason,
        }
    }

    /// Other editions of the same name and version. A v4 register writes by name and version, so it
    /// reaches every copy, also a DECOMMISSIONED one, which it would revive (`api.md` 4.2 b); a v3
    /// register writes one row, but both copies have one folder on the static host.
    fn twins(&self, plugin: &Plugin<'a>, package: &Package) -> Option<Vec<Edition>> {
        let reached = |twin: &&&Package| {
            twin.version == package.version
                && (!self.view.is_v3() || twin.status != PackageStatus::Decommissioned)
        };
        let copies = plugin.packages.iter().filter(reached).count();
        (copies > 1).then(|| editions(plugin, &package.version))
    }

    fn too_many(&self, plugin: &Plugin<'a>, package: &Package) -> Option<Reason> {
        let most = self.view.capabilities.max_other_active_versions?;
        if self.sole.contains_key(&package.name) {
            return None;
        }
        let others = plugin
            .active()
            .filter(|other| other.id != package.id)
            .count();
        (others > most).then_some(Reason::TooManyVersions { others })
    }
}

fn editions(plugin: &Plugin<'_>, version: &Version) -> Vec<Edition> {
    let twins = plugin.packages.iter().filter(|p| p.version == *version);
    twins.map(|package| package.edition.clone()).collect()
}

/// The versions that a person may choose from: every REGISTERED one.
pub(super) fn choices(plugin: &Plugin<'_>, rule: VersionRule) -> Vec<Version> {
    let mut versions: Vec<Version> = plugin.registered().map(|p| p.version.clone()).collect();
    versions.sort_by(|left, right| rule.order_listed(left, right));
    versions.dedup();
    versions
}
