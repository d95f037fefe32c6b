//! An inventory by plugin name, so that ten thousand packages are walked once.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    Inventory, Package, PluginName, ReadFailure, Reading, ResourceFile, RouteItem,
};

/// Rows by plugin name, or why there are none to be had.
pub(super) type ByName<'a, T> = Result<BTreeMap<&'a PluginName, Vec<&'a T>>, &'a ReadFailure>;

/// An inventory by plugin name.
pub(super) struct Index<'a> {
    /// What was read.
    pub(super) inventory: &'a Inventory,
    /// Packages of every status.
    pub(super) packages: ByName<'a, Package>,
    /// Rows of `resource-files` that a browser loads.
    pub(super) pages: ByName<'a, ResourceFile>,
    /// Routes of the gateway.
    pub(super) gateway_routes: ByName<'a, RouteItem>,
    /// Routes of core.
    pub(super) core_routes: ByName<'a, RouteItem>,
    /// Codes of the menus that our token's authorities see.
    pub(super) seen_menus: Result<BTreeSet<&'a str>, &'a ReadFailure>,
}

impl<'a> Index<'a> {
    pub(super) fn new(inventory: &'a Inventory) -> Self {
        let mut pages = group(&inventory.resource_files, |row| &row.package_name);
        if let Ok(groups) = &mut pages {
            for rows in groups.values_mut() {
                rows.retain(|row| row.path.is_script_or_style());
            }
            groups.retain(|_, rows| !rows.is_empty());
        }
        let seen_menus = inventory.my_menus.as_result();
        let seen_menus = seen_menus.map(|items| items.iter().map(|it| it.code.as_str()).collect());
        Self {
            inventory,
            packages: group(&inventory.packages, |it| &it.name),
            pages,
            gateway_routes: group(&inventory.gateway_routes, |it| &it.context),
            core_routes: group(&inventory.core_routes, |it| &it.context),
            seen_menus,
        }
    }
}

fn group<'a, T>(
    rows: &'a Reading<Vec<T>>,
    name: impl Fn(&'a T) -> &'a PluginName,
) -> ByName<'a, T> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in rows.as_result()? {
        groups.entry(name(row)).or_default().push(row);
    }
    Ok(groups)
}
