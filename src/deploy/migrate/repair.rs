//! The statements that join two definitions. Pure.

use std::collections::BTreeSet;

use super::judge::Difference;
use super::model::Conflict;
use super::object::{ObjectKind, Properties, narrows, quote};
use super::plan::MigrationPlan;
use super::program::Place;

/// The statements that make what is there as the scripts want it, for the conflicts of a plan. Nothing
/// that is there is taken away, and no column becomes narrower.
pub fn repairs(plan: &MigrationPlan) -> Vec<(Place, String)> {
    let mut found = Vec::new();
    for (place, conflict) in plan.conflicts() {
        let Conflict::Different {
            object,
            differences,
        } = conflict
        else {
            continue;
        };
        let clauses: Vec<String> = differences.iter().filter_map(repair).collect();
        if !clauses.is_empty() {
            found.push((
                place,
                format!(
                    "ALTER TABLE {}\n  {};",
                    quote(object),
                    clauses.join(",\n  ")
                ),
            ));
        }
    }
    found
}

fn repair(difference: &Difference) -> Option<String> {
    let wanted = difference.wanted.as_ref()?;
    match (difference.key.kind, &difference.present) {
        (ObjectKind::Column, None) => Some(format!("ADD COLUMN {wanted}")),
        (ObjectKind::Column, Some(present)) => {
            let kind = |definition: &str| {
                let rest = definition.split_once("` ").map_or("", |(_, rest)| rest);
                let kind = rest.split(' ').next().unwrap_or_default().to_owned();
                Properties::from([("type".to_owned(), kind)])
            };
            (!narrows(&kind(present), &kind(wanted))).then(|| format!("MODIFY COLUMN {wanted}"))
        }
        (ObjectKind::Index | ObjectKind::ForeignKey | ObjectKind::Check, None) => {
            Some(format!("ADD {wanted}"))
        }
        (ObjectKind::Index, Some(_)) => Some(format!(
            "DROP INDEX {}, ADD {wanted}",
            quote(&difference.key.name)
        )),
        _ => None,
    }
}

/// Tables that are there with another definition than a script wants: those that `--keep-table` can name.
pub fn differing_tables(plan: &MigrationPlan) -> BTreeSet<String> {
    let conflicts = plan.conflicts().into_iter();
    let tables = conflicts.filter_map(|(_, conflict)| match conflict {
        Conflict::Different { object, .. } => Some(object.clone()),
        _ => None,
    });
    tables.collect()
}
