//! Two inventories → rows.

use std::collections::BTreeSet;

use super::content::Contents;
use super::index::Index;
use super::model::{Comparison, Note, PackageFact, PluginRow, PluginSide, SideHeader, Unread};
use super::pages::static_files;
use super::plugin_on_side::PluginOnSide;
use super::requirement::PlatformRequirements;
use super::view::PluginView;
use crate::domain::{InstanceStatus, Inventory, Package, PluginName, Side};

/// Compares what users of two instances see. The sides are distinguished by position, not by what the
/// inventories say of themselves.
pub fn compare(old: &Inventory, new: &Inventory) -> Comparison {
    let requirements = PlatformRequirements::new([old, new]);
    let (old_index, new_index) = (Index::new(old), Index::new(new));
    let mut names = BTreeSet::new();
    for index in [&old_index, &new_index] {
        names.extend(names_of(index));
    }
    let plugins = names.into_iter().map(|name| {
        let old = PluginView::new(&old_index, &requirements, name);
        let new = PluginView::new(&new_index, &requirements, name);
        row(&old, &new)
    });
    let plugins = plugins.collect();
    let mut unread = Vec::new();
    for (side, inventory) in [(Side::Old, old), (Side::New, new)] {
        let failures = [
            inventory.packages.failure(),
            inventory.resource_files.failure(),
            inventory.my_menus.failure(),
        ];
        let failures = failures.into_iter().flatten();
        unread.extend(failures.chain(&inventory.unproven).map(|failure| Unread {
            side,
            failure: failure.clone(),
        }));
    }
    Comparison {
        old: header(old),
        new: header(new),
        plugins,
        unread,
    }
}

fn header(inventory: &Inventory) -> SideHeader {
    SideHeader {
        identity: inventory.identity.clone(),
        version: inventory.version.clone(),
    }
}

/// Names that are active, running or listed. A name of which only removed packages are left, or ones
/// that were never registered, is none that users could see.
fn names_of<'a>(index: &Index<'a>) -> BTreeSet<&'a PluginName> {
    let of_use = |package: &&Package| {
        let instances = index.inventory.instances.get(&package.id);
        let instances = instances.and_then(|reading| reading.known());
        let mut instances = instances.into_iter().flatten();
        package.status.is_active() || instances.any(|it| it.status == InstanceStatus::Running)
    };
    let mut names = BTreeSet::new();
    for (name, packages) in index.packages.iter().flatten() {
        if packages.iter().any(of_use) {
            names.insert(*name);
        }
    }
    for name in index.pages.iter().flat_map(|pages| pages.keys()) {
        names.insert(*name);
    }
    names
}

fn row(old: &PluginView<'_>, new: &PluginView<'_>) -> PluginRow {
    let contents = Contents::of(old, new);
    PluginRow {
        name: old.name.clone(),
        notes: notes(old, new),
        old: side(Side::Old, old, new, &contents),
        new: side(Side::New, new, old, &contents),
    }
}

fn side(
    side: Side,
    own: &PluginView<'_>,
    other: &PluginView<'_>,
    contents: &Contents,
) -> PluginSide {
    let plugin = PluginOnSide { own, other };
    let (static_files, portals) = static_files(&plugin, side, contents);
    PluginSide {
        package: own.chosen.map(|package| PackageFact {
            id: package.id.clone(),
            version: package.version.clone(),
            status: package.status.clone(),
        }),
        active: own.active(),
        listed: own.listed(),
        instances: own.instances(),
        portals,
        cells: [
            plugin.package(),
            plugin.running(),
            plugin.menus(),
            plugin.resource_files(),
            static_files,
            plugin.route(),
            plugin.reachable(),
        ],
    }
}

fn notes(old: &PluginView<'_>, new: &PluginView<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let listed = (old.listed(), new.listed());
    if !listed.0.is_empty() && !listed.1.is_empty() && listed.0 != listed.1 {
        notes.push(Note::PagesOfOtherVersions {
            old: listed.0,
            new: listed.1,
        });
    } else if let (Some(old), Some(new)) = (old.chosen, new.chosen)
        && old.version != new.version
    {
        notes.push(Note::VersionsDiffer {
            old: old.version.clone(),
            new: new.version.clone(),
        });
    }
    for (side, view) in [(Side::Old, old), (Side::New, new)] {
        let (shown, running) = (view.listed(), view.running_versions());
        if !shown.is_empty() && !running.is_empty() && shown.iter().all(|it| !running.contains(it))
        {
            notes.push(Note::PagesOfAVersionThatDoesNotRun {
                side,
                shown,
                running: running.clone(),
            });
        }
        if running.len() > 1 {
            notes.push(Note::SeveralRunning {
                side,
                versions: running,
            });
        }
    }
    notes.sort_by_key(Note::place);
    notes
}
