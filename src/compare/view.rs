//! What one side knows of one plugin.

use std::collections::{BTreeMap, BTreeSet};

use super::cause::Cause;
use super::index::Index;
use super::model::{CalledGateway, InstanceFact};
use super::requirement::{PlatformRequirement, PlatformRequirements};
use crate::domain::{
    Instance, InstanceStatus, Inventory, MenuItem, Package, PackageId, PackageStatus, PluginName,
    ReadFailure, Reading, ResourceFile, RouteItem, Version,
};

/// Running containers of a plugin.
#[derive(Default)]
pub(super) struct Running<'a> {
    /// By package; a package without containers is not in it.
    by_package: BTreeMap<&'a PackageId, Vec<&'a Instance>>,
    /// Packages whose containers are not known, and why.
    unread: BTreeMap<&'a PackageId, Cause>,
}

/// What one side knows of one plugin.
pub(super) struct PluginView<'a> {
    /// The whole side.
    pub(super) index: &'a Index<'a>,
    /// What packages need of the platform.
    pub(super) requirements: &'a PlatformRequirements<'a>,
    /// The plugin.
    pub(super) name: &'a PluginName,
    /// Its packages that are not removed, or why they are not known.
    pub(super) packages: Result<Vec<&'a Package>, &'a ReadFailure>,
    /// Its running containers, or why its packages are not known.
    running: Result<Running<'a>, &'a ReadFailure>,
    /// The rows of its pages.
    pub(super) pages: Result<Vec<&'a ResourceFile>, &'a ReadFailure>,
    /// The package that stands for it.
    pub(super) chosen: Option<&'a Package>,
    /// The requirement that keeps that package from this side.
    pub(super) requirement: Option<PlatformRequirement>,
}

impl<'a> PluginView<'a> {
    pub(super) fn new(
        index: &'a Index<'a>,
        requirements: &'a PlatformRequirements<'a>,
        name: &'a PluginName,
    ) -> Self {
        let all = of(&index.packages, name);
        let running = match &all {
            Ok(packages) => Ok(Running::new(index.inventory, packages)),
            Err(failure) => Err(*failure),
        };
        let packages = all.map(|mut packages| {
            let runs = |it: &Package| running.as_ref().is_ok_and(|running| running.has(&it.id));
            packages.retain(|it| it.status != PackageStatus::Decommissioned || runs(it));
            packages.sort_by(|a, b| a.id.cmp(&b.id));
            packages
        });
        let pages = of(&index.pages, name);
        let mut view = Self {
            index,
            requirements,
            name,
            packages,
            running,
            pages,
            chosen: None,
            requirement: None,
        };
        view.chosen = view.choose();
        view.requirement = view
            .chosen
            .and_then(|package| requirements.against(package, index.inventory));
        view
    }

    /// The package that stands for the plugin: an active one, among those what users get pages of, else
    /// what runs. A package that is not for this side's platform ranks below one that is of use.
    fn choose(&self) -> Option<&'a Package> {
        let listed = self.listed();
        let rank = |package: &Package| {
            let lists = listed.contains(&package.version);
            let active = package.status.is_active();
            let runs = self.runs(package);
            let fits = self
                .requirements
                .against(package, self.index.inventory)
                .is_none();
            (
                fits && (active || lists || runs),
                active,
                lists,
                runs,
                newest_last(&package.version),
                package.id.clone(),
            )
        };
        let packages = self.packages.as_ref().ok()?;
        packages.iter().copied().max_by_key(|it| rank(it))
    }

    /// Whether a container of the package is known to run.
    pub(super) fn runs(&self, package: &Package) -> bool {
        let running = self.running.as_ref();
        running.is_ok_and(|running| running.has(&package.id))
    }

    /// Whether containers of the package run, or why that is not known.
    pub(super) fn is_running(&self, package: &Package) -> Result<bool, Cause> {
        match &self.running {
            Err(failure) => Err(Cause::NotRead((*failure).clone())),
            Ok(running) => match running.unread.get(&package.id) {
                Some(cause) => Err(cause.clone()),
                None => Ok(running.has(&package.id)),
            },
        }
    }

    /// Whether a container of any version runs, or why that is not known.
    pub(super) fn is_any_running(&self) -> Result<bool, Cause> {
        match &self.running {
            Err(failure) => Err(Cause::NotRead((*failure).clone())),
            Ok(running) if !running.by_package.is_empty() => Ok(true),
            Ok(running) => match running.unread.values().next() {
                Some(cause) => Err(cause.clone()),
                None => Ok(false),
            },
        }
    }

    /// Versions that the rows name, sorted.
    pub(super) fn listed(&self) -> Vec<Version> {
        let rows = self.pages.iter().flatten();
        let versions: BTreeSet<_> = rows.map(|row| row.package_version.clone()).collect();
        versions.into_iter().collect()
    }

    /// Versions that are active, sorted.
    pub(super) fn active(&self) -> Vec<Version> {
        self.versions(|package| package.status.is_active())
    }

    /// Versions that own a running container, sorted.
    pub(super) fn running_versions(&self) -> Vec<Version> {
        self.versions(|package| self.runs(package))
    }

    fn versions(&self, which: impl Fn(&Package) -> bool) -> Vec<Version> {
        let packages = self.packages.iter().flatten();
        let versions: BTreeSet<_> = packages
            .filter(|package| which(package))
            .map(|package| package.version.clone())
            .collect();
        versions.into_iter().collect()
    }

    /// Running containers of every version, sorted by id.
    pub(super) fn instances(&self) -> Vec<InstanceFact> {
        let mut facts = Vec::new();
        for package in self.packages.iter().flatten() {
            let running = self.running.as_ref().ok();
            let instances = running.and_then(|running| running.by_package.get(&package.id));
            facts.extend(
                instances
                    .into_iter()
                    .flatten()
                    .map(|instance| InstanceFact {
                        id: instance.id.clone(),
                        version: package.version.clone(),
                        host: instance.host.clone(),
                        port: instance.port,
                        gateway: CalledGateway::of(instance.launched_by()),
                    }),
            );
        }
        facts.sort_by(|a, b| (&a.id, &a.host, a.port).cmp(&(&b.id, &b.host, b.port)));
        facts
    }

    /// Whether the plugin brings pages, judged by its package or its rows; `None` if unknown.
    pub(super) fn has_ui(&self) -> Option<bool> {
        if self.pages.as_ref().is_ok_and(|rows| !rows.is_empty()) {
            return Some(true);
        }
        self.chosen.map(|package| package.has_ui)
    }

    /// The menus that the chosen package brings, or why they are not known; `None` without a package.
    pub(super) fn menus(&self) -> Option<Result<&'a [MenuItem], Cause>> {
        let package = self.chosen?;
        let reading = self.index.inventory.package_menus.get(&package.id);
        Some(match reading.map(Reading::as_result) {
            Some(Ok(items)) => Ok(items.as_slice()),
            Some(Err(failure)) => Err(Cause::NotRead(failure.clone())),
            None => Err(Cause::NotAsked),
        })
    }

    /// Routes of the gateway in this plugin's context.
    pub(super) fn gateway_routes(&self) -> Result<Vec<&'a RouteItem>, &'a ReadFailure> {
        of(&self.index.gateway_routes, self.name)
    }

    /// Routes of core in this plugin's context.
    pub(super) fn core_routes(&self) -> Result<Vec<&'a RouteItem>, &'a ReadFailure> {
        of(&self.index.core_routes, self.name)
    }
}

fn of<'a, T>(
    groups: &Result<BTreeMap<&'a PluginName, Vec<&'a T>>, &'a ReadFailure>,
    name: &PluginName,
) -> Result<Vec<&'a T>, &'a ReadFailure> {
    match groups {
        Ok(groups) => Ok(groups.get(name).cloned().unwrap_or_default()),
        Err(failure) => Err(failure),
    }
}

impl<'a> Running<'a> {
    /// A package that was never active owns no container, so that it need not have been asked for.
    fn new(inventory: &'a Inventory, packages: &[&'a Package]) -> Self {
        let mut found = Self::default();
        for package in packages {
            match inventory.instances.get(&package.id).map(Reading::as_result) {
                Some(Ok(instances)) => {
                    let states = instances.iter();
                    let running = states.filter(|it| it.status == InstanceStatus::Running);
                    let running: Vec<_> = running.collect();
                    if !running.is_empty() {
                        found.by_package.insert(&package.id, running);
                    }
                }
                Some(Err(failure)) => {
                    let cause = Cause::NotRead(failure.clone());
                    found.unread.insert(&package.id, cause);
                }
                None if package.status.is_active() => {
                    found.unread.insert(&package.id, Cause::NotAsked);
                }
                None => {}
            }
        }
        found
    }

    fn has(&self, package: &PackageId) -> bool {
        self.by_package.contains_key(package)
    }
}

/// A key by which the newest version comes last; the text decides if the numbers do not.
fn newest_last(version: &Version) -> (Vec<u64>, String) {
    let numbers = version.as_str().trim_start_matches(['v', 'V']).split('.');
    let numbers = numbers.map(|part| {
        let end = part.find(|c: char| !c.is_ascii_digit());
        part[..end.unwrap_or(part.len())].parse().unwrap_or(0)
    });
    (numbers.collect(), version.as_str().to_owned())
}
