//! The side effects of a registration.

use std::collections::BTreeMap;

use super::model::{DatabaseRelation, SideEffect};
use super::pages::may_show;
use super::view::SideView;
use crate::domain::{Package, PackageStatus, SystemVariable, VariableId};

/// Side effects of registering `package` on `view`, in the order of the report.
pub(super) fn effects(
    view: &SideView<'_>,
    other: Option<&SideView<'_>>,
    relation: &DatabaseRelation,
    package: &Package,
) -> Vec<SideEffect> {
    let mut effects = siblings(view, package);
    if let (DatabaseRelation::Shared { .. }, Some(other)) = (relation, other) {
        effects.extend(other_side_loses(view, other, package));
    }
    effects.extend(switches(view, package));
    if view.capabilities.empties_before_copy && package.has_ui {
        effects.push(SideEffect::EmptiesFolder);
    }
    if view.capabilities.moves_upload_time {
        effects.push(SideEffect::MovesUploadTime);
    }
    if view.is_v3() {
        effects.push(SideEffect::GrantsRoles);
    }
    effects
}

/// Other versions of the name that lose their status (v4.0, v4.1) or their `uiActive` (v4.2 on,
/// and only to a package with UI: without it `uiActive` stays as it is, see `docs/platform/registration.md#steps-on-v4`).
fn siblings(view: &SideView<'_>, package: &Package) -> Vec<SideEffect> {
    let can = view.capabilities;
    let all = view.plugins.get(&package.name);
    let others = all.into_iter().flat_map(|plugin| &plugin.packages);
    let others = others.filter(|other| other.version != package.version);
    let mut effects = Vec::new();
    for other in others {
        let (id, version) = (other.id.clone(), other.version.clone());
        if can.demotes_siblings && other.status == PackageStatus::Registered {
            effects.push(SideEffect::Demotes {
                running: view.runs(&id),
                package: id,
                version,
            });
        } else if can.ui_active && package.has_ui && other.ui_active == Some(true) {
            effects.push(SideEffect::TakesUiActive {
                package: id,
                version,
            });
        }
    }
    effects
}

/// Whether the other side's rows will name this version while its portals hold the files of the one
/// that they name now (`docs/platform/two-instances.md#another-version-takes-a-page-away`). A demotion always does
/// that, if the page is there to lose. A v3 registration moves the timestamp by which every version
/// before v4.2.1 chooses the listed package; taking `uiActive` matters to those that choose by it.
pub(super) fn other_side_loses(
    view: &SideView<'_>,
    other: &SideView<'_>,
    package: &Package,
) -> Option<SideEffect> {
    let mut listed = other.shown(&package.name).into_iter();
    let shows = listed.find(|version| **version != package.version)?;
    if !may_show(other, &package.name) {
        return None;
    }
    let (can, lists) = (view.capabilities, other.capabilities);
    let loses = can.demotes_siblings
        || (can.moves_upload_time && !lists.listing_needs_ui_active)
        || (can.ui_active && package.has_ui && lists.listing_needs_ui_active);
    loses.then(|| SideEffect::OtherSideLosesPage {
        side: other.side,
        shows: shows.clone(),
    })
}

/// System variables that end with another status. The rows are taken through the very steps of the
/// register (`docs/platform/variables.md#variables-of-a-plugin`), so a row that is switched off and on again is not
/// named.
pub(super) fn switches(view: &SideView<'_>, package: &Package) -> Vec<SideEffect> {
    let mut after: BTreeMap<&VariableId, (&SystemVariable, bool)> = BTreeMap::new();
    if view.is_v3() {
        for (row, own) in rows_of_versions(view, package) {
            match (row.status.as_str(), own) {
                ("active", false) => after.insert(&row.id, (row, false)),
                ("inactive", true) => after.insert(&row.id, (row, true)),
                _ => None,
            };
        }
    } else {
        let owned = view.variables_of(package.name.as_str()).iter();
        for row in owned.filter(|row| row.is_active()) {
            after.insert(&row.id, (row, false));
        }
        for row in view.variables_from(&source(package)) {
            after.insert(&row.id, (row, true));
        }
    }
    after
        .into_values()
        .filter(|(row, to_active)| row.is_active() != *to_active)
        .map(|(row, to_active)| SideEffect::SwitchesVariable {
            id: row.id.clone(),
            name: row.name.clone(),
            to_active,
        })
        .collect()
}

/// Rows whose source is any uploaded version of the plugin, each with whether it is this one.
fn rows_of_versions<'a>(
    view: &SideView<'a>,
    package: &Package,
) -> impl Iterator<Item = (&'a SystemVariable, bool)> {
    let own = source(package);
    let mut sources: Vec<String> = view
        .plugins
        .get(&package.name)
        .map(|plugin| plugin.packages.iter().map(|p| source(p)).collect())
        .unwrap_or_default();
    sources.sort();
    sources.dedup();
    sources.into_iter().flat_map(move |from| {
        let is_own = from == own;
        let rows = view.variables_from(&from).to_vec();
        rows.into_iter().map(move |row| (row, is_own))
    })
}

fn source(package: &Package) -> String {
    format!("{}__{}", package.name, package.version)
}
