//! What is to be done with a plugin, before its dependencies are looked at: which of its versions,
//! whether it needs anything, and what needs manual action first.

use std::collections::BTreeSet;

use super::model::{PlanOptions, RegisterReason};
use super::pages::{Pages, misplaced_row, pages};
use super::reason::SkipReason;
use super::selection::Selection;
use super::view::{Plugin, SideView};
use crate::domain::{
    Edition, Package, PackageId, PackageStatus, PluginName, ReadFailure, Side, Version, VersionRule,
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
    pub(super) only_registered: &'v super::dependencies::OnlyRegistered<'a>,
    /// Whether pages are looked at, or taken for hidden as they are right after an upgrade.
    pub(super) page_check: PageCheck,
}

/// Whether pages are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageCheck {
    /// They are.
    Observed,
    /// Taken for hidden: a platform that was just started shows none.
    AssumeHidden,
}

/// What a plugin is a candidate for, before its dependencies are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Candidate<'a> {
    /// To be registered, if its dependencies allow.
    Wanted {
        /// The package.
        package: &'a Package,
        /// Why.
        reason: RegisterReason,
    },
    /// Left out.
    Skipped {
        /// Version; `None` if there are several.
        version: Option<Version>,
        /// Package; `None` if there are several.
        package: Option<PackageId>,
        /// Why.
        reason: SkipReason,
    },
    /// Neither active nor running: there is nothing to say.
    Absent,
}

impl Candidate<'_> {
    fn of_package(package: &Package, reason: SkipReason) -> Self {
        Self::Skipped {
            version: Some(package.version.clone()),
            package: Some(package.id.clone()),
            reason,
        }
    }

    fn of_one<'p>(packages: impl Iterator<Item = &'p Package>, reason: SkipReason) -> Self {
        let mut packages = packages.fuse();
        match (packages.next(), packages.next()) {
            (Some(package), None) => Self::of_package(package, reason),
            _ => Self::Skipped {
                version: None,
                package: None,
                reason,
            },
        }
    }
}

impl<'a> Choice<'_, 'a> {
    /// The candidate of a plugin.
    pub(super) fn candidate(&self, name: &PluginName, plugin: &Plugin<'a>) -> Candidate<'a> {
        let runs = !plugin.running.is_empty();
        if !runs && plugin.active().next().is_none() {
            return Candidate::Absent;
        }
        if !self.selection.takes(name) {
            let running = plugin.running.iter().copied();
            return if runs {
                Candidate::of_one(running, SkipReason::Excluded)
            } else {
                Candidate::of_one(plugin.active(), SkipReason::Excluded)
            };
        }
        if let Some(failure) = &plugin.unread {
            let failure = failure.clone();
            return Candidate::of_one(plugin.active(), SkipReason::Unreadable { failure });
        }
        if !runs {
            return Candidate::of_one(plugin.active(), SkipReason::NotRunning);
        }
        match self.options.picks.get(name) {
            Some(pick) => self.picked(name, plugin, pick),
            None => self.by_what_runs(name, plugin),
        }
    }

    fn picked(&self, name: &PluginName, plugin: &Plugin<'a>, pick: &Version) -> Candidate<'a> {
        match plugin.registered().find(|p| p.version == *pick) {
            Some(package) => self.judge(plugin, package, None),
            None => self.unclear(name, plugin, Some(pick)),
        }
    }

    fn by_what_runs(&self, name: &PluginName, plugin: &Plugin<'a>) -> Candidate<'a> {
        let [package, more @ ..] = plugin.running.as_slice() else {
            return Candidate::Absent;
        };
        if more.iter().any(|other| other.version != package.version) {
            return match self.only_one_in_use(name, plugin) {
                Some(package) => self.judge(plugin, package, other_version_active(plugin, package)),
                None => self.unclear(name, plugin, None),
            };
        }
        let twins_run = !more.is_empty();
        let registered = plugin
            .running
            .iter()
            .find(|p| p.status == PackageStatus::Registered);
        match registered {
            Some(package) => {
                let objection = other_version_active(plugin, package)
                    .or_else(|| self.not_what_is_shown(name, plugin, package));
                self.judge(plugin, package, objection)
            }
            None if twins_run => Candidate::Skipped {
                version: Some(package.version.clone()),
                package: None,
                reason: SkipReason::TwoEditions {
                    editions: editions(plugin, &package.version),
                },
            },
            None => {
                let status = package.status.clone();
                Candidate::of_package(package, SkipReason::NotRegistered { status })
            }
        }
    }

    /// Of several running versions the only REGISTERED one, if people see its pages: the others are left
    /// from before.
    fn only_one_in_use(&self, name: &PluginName, plugin: &Plugin<'a>) -> Option<&'a Package> {
        let running = plugin.running.iter().copied();
        let mut in_use = running.filter(|package| package.status == PackageStatus::Registered);
        let (package, None) = (in_use.next()?, in_use.next()) else {
            return None;
        };
        let shown = self.shown_by.unwrap_or(self.view).shown(name);
        shown.contains(&&package.version).then_some(package)
    }

    /// The candidate of a plugin that is registered by hand: by `version`, else what runs, else the
    /// only one there is.
    pub(super) fn named(
        &self,
        name: &PluginName,
        plugin: &Plugin<'a>,
        version: Option<&Version>,
    ) -> Candidate<'a> {
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
            return self.unless_in_the_way(plugin, package, RegisterReason::Named);
        }
        match plugin
            .packages
            .iter()
            .find(|package| package.version == *chosen)
        {
            Some(package) => {
                let status = package.status.clone();
                Candidate::of_package(package, SkipReason::NotRegistered { status })
            }
            None => self.unclear(name, plugin, version),
        }
    }

    /// The version is settled unless there is an objection; does it need a registration? An objection
    /// weighs only if something would be written.
    fn judge(
        &self,
        plugin: &Plugin<'a>,
        package: &'a Package,
        objection: Option<Candidate<'a>>,
    ) -> Candidate<'a> {
        let reason = match self.need(package) {
            Err(SkipReason::AlreadyVisible) => {
                return Candidate::of_package(package, SkipReason::AlreadyVisible);
            }
            need => need,
        };
        if let Some(objection) = objection {
            return objection;
        }
        let reason = match reason {
            Ok(reason) => reason,
            Err(reason) => return Candidate::of_package(package, reason),
        };
        self.unless_in_the_way(plugin, package, reason)
    }

    fn unless_in_the_way(
        &self,
        plugin: &Plugin<'a>,
        package: &'a Package,
        reason: RegisterReason,
    ) -> Candidate<'a> {
        if let Some(editions) = self.twins(plugin, package) {
            return Candidate::Skipped {
                version: Some(package.version.clone()),
                package: None,
                reason: SkipReason::TwoEditions { editions },
            };
        }
        match self.too_many(plugin, package) {
            Some(reason) => Candidate::of_package(package, reason),
            None => Candidate::Wanted { package, reason },
        }
    }

    fn need(&self, package: &Package) -> Result<RegisterReason, SkipReason> {
        let all = self.options.all_running;
        if !package.has_ui {
            return if all {
                Ok(RegisterReason::AllRunning)
            } else {
                Err(SkipReason::NoUi)
            };
        }
        if self.page_check == PageCheck::AssumeHidden {
            return Ok(RegisterReason::NotListed);
        }
        let insisted = self.options.register_unverified.contains(&package.name);
        match pages(self.view, self.other, package) {
            Pages::Unknown(_) | Pages::Proven if all => Ok(RegisterReason::AllRunning),
            Pages::Unknown(_) if insisted => Ok(RegisterReason::PagesUnknown),
            Pages::Unknown(reason) => Err(reason),
            Pages::NotProven(reason) => match self.misplaced() {
                Some(static_path) if !insisted => Err(static_path),
                _ => Ok(reason),
            },
            Pages::Proven => Err(SkipReason::AlreadyVisible),
        }
    }

    /// Why no registration on this side brings files to where its portals look for them.
    fn misplaced(&self) -> Option<SkipReason> {
        if let Some((folder, row)) = misplaced_row(self.view) {
            let row = Some(row);
            return Some(SkipReason::StaticPath { folder, row });
        }
        let of_new = self.view.side == Side::New && !self.view.is_v3();
        let folder = self.options.static_folder.clone().filter(|_| of_new)?;
        Some(SkipReason::StaticPath { folder, row: None })
    }

    /// The old portals show another version than the one that runs, or it is not known which.
    fn not_what_is_shown(
        &self,
        name: &PluginName,
        plugin: &Plugin<'a>,
        package: &Package,
    ) -> Option<Candidate<'a>> {
        let shown_by = self.shown_by?;
        if let Some(failure) = shown_by.inventory.resource_files.failure() {
            let choices: BTreeSet<_> = plugin.active().map(|p| &p.version).collect();
            return (choices.len() > 1).then(|| {
                let failure: ReadFailure = failure.clone();
                Candidate::of_package(package, SkipReason::Unreadable { failure })
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
    ) -> Candidate<'a> {
        let rule = self.view.capabilities.version_rule;
        let mut running = plugin.running_versions();
        running.sort_by(|left, right| rule.order_listed(left, right));
        let shown = self
            .shown_by
            .map(|view| view.shown(name))
            .unwrap_or_default();
        let other_than_runs = shown.iter().find(|version| !running.contains(version));
        let reason = SkipReason::VersionUnclear {
            shown: other_than_runs.or(shown.first()).map(|v| (*v).clone()),
            running: running.into_iter().cloned().collect(),
            picked: picked.cloned(),
        };
        Candidate::Skipped {
            version: None,
            package: None,
            reason,
        }
    }

    /// Other editions of the same name and version. A v4 register writes by name and version, so it
    /// reaches every copy, also a DECOMMISSIONED one, which it would revive (`docs/platform/registration.md#steps-on-v4`); a v3
    /// register writes one row, but both copies have one folder on the static host.
    fn twins(&self, plugin: &Plugin<'a>, package: &Package) -> Option<Vec<Edition>> {
        let reached = |twin: &&&Package| {
            twin.version == package.version
                && (!self.view.is_v3() || twin.status != PackageStatus::Decommissioned)
        };
        let copies = plugin.packages.iter().filter(reached).count();
        (copies > 1).then(|| editions(plugin, &package.version))
    }

    fn too_many(&self, plugin: &Plugin<'a>, package: &Package) -> Option<SkipReason> {
        let most = self.view.capabilities.max_other_active_versions?;
        if self.only_registered.contains_key(&package.name) {
            return None;
        }
        let others = plugin
            .active()
            .filter(|other| other.id != package.id)
            .count();
        (others > most).then_some(SkipReason::TooManyVersions { others })
    }
}

/// From v4.2.0 on the portal shows one version, and a registration makes it that one: if it is another
/// than the one that runs, somebody registered it, and that is not undone.
fn other_version_active<'a>(plugin: &Plugin<'a>, package: &Package) -> Option<Candidate<'a>> {
    let is_active =
        |other: &&Package| other.ui_active == Some(true) && other.version != package.version;
    let active = plugin.registered().find(is_active)?;
    let reason = SkipReason::OtherVersionActive {
        running: package.version.clone(),
        active: active.version.clone(),
    };
    Some(Candidate::of_package(package, reason))
}

fn editions(plugin: &Plugin<'_>, version: &Version) -> Vec<Edition> {
    let twins = plugin.packages.iter().filter(|p| p.version == *version);
    twins.map(|package| package.edition.clone()).collect()
}

/// The versions to choose from: every REGISTERED one.
pub(super) fn choices(plugin: &Plugin<'_>, rule: VersionRule) -> Vec<Version> {
    let mut versions: Vec<Version> = plugin.registered().map(|p| p.version.clone()).collect();
    versions.sort_by(|left, right| rule.order_listed(left, right));
    versions.dedup();
    versions
}
