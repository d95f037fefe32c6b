//! Whether both sides share a database, and what makes a run unsafe.

use std::collections::BTreeSet;

use super::advice::{Refusal, SameInstance};
use super::model::{DatabaseRelation, PlanInput, SeedRelation, SideFacts, VariablePlan};
use crate::domain::{
    Address, Generation, InstanceId, InstanceIdentity, InstanceStatus, Inventory, PackageId,
};

/// Whether both sides share a database, judged by the ids that both list. Ids are random, so one
/// package id on both sides is no coincidence; but a copied database has them too. What runs tells
/// the two apart: one database lists the same containers to both.
pub(super) fn relation(new: Option<&Inventory>, old: Option<&Inventory>) -> DatabaseRelation {
    let (Some(new), Some(old)) = (new, old) else {
        return DatabaseRelation::Single;
    };
    let (Some(of_new), Some(of_old)) = (package_ids(new), package_ids(old)) else {
        return DatabaseRelation::Unknown;
    };
    if of_new.is_empty() || of_old.is_empty() {
        return DatabaseRelation::Unknown;
    }
    let packages = of_new.intersection(&of_old).count();
    if packages == 0 {
        return DatabaseRelation::Separate;
    }
    let instances = running_ids(new).intersection(&running_ids(old)).count();
    let common = || of_new.intersection(&of_old).copied();
    if instances == 0 && common().any(|package| runs_on_one_side_only(package, new, old)) {
        return DatabaseRelation::Separate;
    }
    DatabaseRelation::Shared {
        packages,
        instances,
    }
}

fn package_ids(inventory: &Inventory) -> Option<BTreeSet<&PackageId>> {
    let packages = inventory.packages.known()?;
    Some(packages.iter().map(|package| &package.id).collect())
}

/// Whether both sides listed the package's containers, and some run. Precondition: no container is on
/// both sides.
fn runs_on_one_side_only(package: &PackageId, new: &Inventory, old: &Inventory) -> bool {
    match (
        new.running_instances(package),
        old.running_instances(package),
    ) {
        (Some(on_new), Some(on_old)) => !on_new.is_empty() || !on_old.is_empty(),
        _ => false,
    }
}

fn running_ids(inventory: &Inventory) -> BTreeSet<&InstanceId> {
    let known = inventory.instances.values().filter_map(|i| i.known());
    known
        .flatten()
        .filter(|instance| instance.status == InstanceStatus::Running)
        .map(|instance| &instance.id)
        .collect()
}

/// Why nothing may be written.
pub(super) fn refusals(
    input: PlanInput<'_>,
    relation: &DatabaseRelation,
    variable: &VariablePlan,
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let shared = matches!(relation, DatabaseRelation::Shared { .. });
    if let (Some(new), Some(old)) = (input.new, input.old) {
        if let Some(evidence) = one_instance(new, old, shared) {
            refusals.push(Refusal::OneInstance { evidence });
        }
        if shared && input.options.seeds == SeedRelation::Different {
            refusals.push(Refusal::SeedsDiffer);
        }
    }
    refusals.extend(input.new.and_then(|new| wrong_version(new, input.old)));
    if let VariablePlan::Several { rows, wanted } = variable {
        refusals.push(Refusal::SeveralVariableRows {
            rows: rows.clone(),
            wanted: wanted.clone(),
        });
    }
    refusals
}

/// Why two instances are not an old and a new one.
pub fn not_a_pair(new: &Inventory, old: &Inventory) -> Option<Refusal> {
    let relation = relation(Some(new), Some(old));
    let shared = matches!(relation, DatabaseRelation::Shared { .. });
    let one = one_instance(new, old, shared);
    let one = one.map(|evidence| Refusal::OneInstance { evidence });
    one.or_else(|| wrong_version(new, Some(old)))
}

/// One address serving both sides, or one version on one database, is one instance. An address in
/// common is enough whichever server it is: a portal that is given for both sides would prove the
/// new side's pages with the old one's files.
fn one_instance(new: &Inventory, old: &Inventory, shared: bool) -> Option<SameInstance> {
    let of_old: BTreeSet<&Address> = addresses(&old.identity).collect();
    if let Some(address) = addresses(&new.identity).find(|address| of_old.contains(address)) {
        return Some(SameInstance::SameAddress(address.clone()));
    }
    let (new, old) = (new.version.known()?, old.version.known()?);
    (shared && new.text == old.text).then(|| SameInstance::SameVersionAndIds(new.text.clone()))
}

fn addresses(identity: &InstanceIdentity) -> impl Iterator<Item = &Address> {
    [&identity.core, &identity.gateway]
        .into_iter()
        .chain(&identity.portals)
}

fn wrong_version(new: &Inventory, old: Option<&Inventory>) -> Option<Refusal> {
    let text = |inventory: &Inventory| {
        let version = inventory.version.known();
        version.map_or_else(|| "v3".to_owned(), |version| version.text.clone())
    };
    if new.capabilities.generation == Generation::V3 {
        return Some(Refusal::NewIsOld { version: text(new) });
    }
    let old = old?;
    let (new_is, old_is) = (new.version.known()?.numbers?, old.version.known()?.numbers?);
    (new_is < old_is).then(|| Refusal::NewOlderThanOld {
        new: text(new),
        old: text(old),
    })
}

/// What the plan says of a side.
pub(super) fn facts(inventory: &Inventory) -> SideFacts {
    SideFacts {
        identity: inventory.identity.clone(),
        unproven: inventory.unproven.clone(),
        version: inventory.version.clone(),
        capabilities: inventory.capabilities.clone(),
        clock_offset_s: inventory.clock_offset_s,
    }
}
