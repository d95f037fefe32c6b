//! One side's inventory, indexed by plugin name, so that a plan of ten thousand packages stays
//! linear. Everything is sorted here: the order in which an instance told its rows is not part of
//! the input.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::domain::{
    Capabilities, FailureCause, FailureKind, FilePath, Generation, InstanceIdentity, Inventory,
    Package, PackageId, PackageStatus, PlatformVersion, PluginName, ReadFailure, Reading,
    ResourceFile, Side, SystemVariable, Version,
};

/// A side as the plan looks at it.
pub(super) struct SideView<'a> {
    /// Which side.
    pub(super) side: Side,
    /// What was read.
    pub(super) inventory: &'a Inventory,
    /// The version that its rules follow; `None` if it could not be read.
    pub(super) version: Option<&'a PlatformVersion>,
    /// What that version can and does.
    pub(super) capabilities: &'a Capabilities,
    /// Plugins by name.
    pub(super) plugins: BTreeMap<&'a PluginName, Plugin<'a>>,
    rows: BTreeMap<&'a PluginName, Vec<&'a ResourceFile>>,
    variables_of: BTreeMap<&'a str, Vec<&'a SystemVariable>>,
    variables_from: BTreeMap<&'a str, Vec<&'a SystemVariable>>,
    /// [`super::pages::misplaced_row`], which is looked for once.
    pub(super) misplaced_row: OnceCell<Option<(String, FilePath)>>,
}

/// All packages of one name.
#[derive(Default)]
pub(super) struct Plugin<'a> {
    /// Every version and edition, sorted by version text, edition, id.
    pub(super) packages: Vec<&'a Package>,
    /// Those that own a RUNNING instance, in the same order.
    pub(super) running: Vec<&'a Package>,
    /// Why it is unknown what runs; `None` if it is known.
    pub(super) unread: Option<ReadFailure>,
}

impl<'a> Plugin<'a> {
    /// Packages that are REGISTERED.
    pub(super) fn registered(&self) -> impl Iterator<Item = &'a Package> {
        self.packages
            .iter()
            .copied()
            .filter(|package| package.status == PackageStatus::Registered)
    }

    /// Packages that are active in the sense of menus, resource files and routes.
    pub(super) fn active(&self) -> impl Iterator<Item = &'a Package> {
        self.packages
            .iter()
            .copied()
            .filter(|package| package.status.is_active())
    }

    /// The versions that own a running instance, each once.
    pub(super) fn running_versions(&self) -> Vec<&'a Version> {
        let mut versions: Vec<_> = self
            .running
            .iter()
            .map(|package| &package.version)
            .collect();
        versions.dedup();
        versions
    }
}

impl<'a> SideView<'a> {
    /// A side as it is.
    pub(super) fn new(inventory: &'a Inventory) -> Self {
        Self::judged_as(
            inventory,
            inventory.version.known(),
            &inventory.capabilities,
        )
    }

    /// A side as if it were another version: what an upgrade will meet.
    pub(super) fn judged_as(
        inventory: &'a Inventory,
        version: Option<&'a PlatformVersion>,
        capabilities: &'a Capabilities,
    ) -> Self {
        let variables = || inventory.variables.known().into_iter().flatten();
        Self {
            side: inventory.side(),
            inventory,
            version,
            capabilities,
            plugins: plugins(inventory),
            rows: grouped(
                inventory.resource_files.known().into_iter().flatten(),
                |row| &row.package_name,
            ),
            variables_of: grouped(variables(), |row| row.package_name.as_str()),
            variables_from: grouped(variables(), |row| row.source.as_str()),
            misplaced_row: OnceCell::new(),
        }
    }

    /// Where it answers.
    pub(super) fn identity(&self) -> &'a InstanceIdentity {
        &self.inventory.identity
    }

    /// Whether it follows the rules of a v3.
    pub(super) fn is_v3(&self) -> bool {
        self.capabilities.generation == Generation::V3
    }

    /// Rows of `resource-files` of a plugin, sorted.
    pub(super) fn rows(&self, name: &PluginName) -> &[&'a ResourceFile] {
        self.rows.get(name).map_or(&[], Vec::as_slice)
    }

    /// The versions that this side's rows name for a plugin: what its portals would load.
    pub(super) fn shown(&self, name: &PluginName) -> Vec<&'a Version> {
        let mut versions: Vec<_> = self
            .rows(name)
            .iter()
            .map(|row| &row.package_version)
            .collect();
        versions.sort();
        versions.dedup();
        versions
    }

    /// Variables whose `packageName` is that text.
    pub(super) fn variables_of(&self, package_name: &str) -> &[&'a SystemVariable] {
        self.variables_of
            .get(package_name)
            .map_or(&[], Vec::as_slice)
    }

    /// Variables whose `source` is that text.
    pub(super) fn variables_from(&self, source: &str) -> &[&'a SystemVariable] {
        self.variables_from.get(source).map_or(&[], Vec::as_slice)
    }

    /// Whether instances of a package are known to run.
    pub(super) fn runs(&self, package: &PackageId) -> bool {
        self.inventory
            .running_instances(package)
            .is_some_and(|running| !running.is_empty())
    }
}

/// A failure of a reading that the inventory does not hold at all.
pub(super) fn not_asked(operation: &'static str, target: &str) -> ReadFailure {
    ReadFailure {
        kind: FailureKind::NotAsked,
        operation,
        target: target.to_owned(),
        cause: FailureCause::Unspecified,
    }
}

fn plugins(inventory: &Inventory) -> BTreeMap<&PluginName, Plugin<'_>> {
    let mut plugins: BTreeMap<&PluginName, Plugin<'_>> = BTreeMap::new();
    for package in inventory.packages.known().into_iter().flatten() {
        plugins
            .entry(&package.name)
            .or_default()
            .packages
            .push(package);
    }
    for plugin in plugins.values_mut() {
        plugin
            .packages
            .sort_by_key(|p| (&p.version, &p.edition, &p.id));
        for package in &plugin.packages {
            match inventory.instances.get(&package.id) {
                Some(Reading::Known(_)) => {
                    let running = inventory.running_instances(&package.id);
                    if running.is_some_and(|running| !running.is_empty()) {
                        plugin.running.push(package);
                    }
                }
                Some(Reading::Unknown(failure)) => {
                    plugin.unread.get_or_insert_with(|| failure.clone());
                }
                None if package.status.is_active() => {
                    let failure = || not_asked("packages.instances", package.id.as_str());
                    plugin.unread.get_or_insert_with(failure);
                }
                None => {}
            }
        }
    }
    plugins
}

fn grouped<'a, K: Ord, V: Ord>(
    rows: impl Iterator<Item = &'a V>,
    key: impl Fn(&'a V) -> K,
) -> BTreeMap<K, Vec<&'a V>> {
    let mut groups: BTreeMap<K, Vec<&'a V>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(row)).or_default().push(row);
    }
    for group in groups.values_mut() {
        group.sort();
    }
    groups
}
