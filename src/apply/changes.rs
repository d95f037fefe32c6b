//! Which system variables are not as they were before the run. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::model::VariableDiff;
use crate::domain::{GATEWAY_URL_NEW, Side, SystemVariable, VariableId};
use crate::plan::{SideEffect, Step};

/// The differences, in the order of row ids; the variable that the run itself sets and the marks of
/// runs are left out.
/// Foretold is what the plan said of a step whose register was sent, and nothing more than that.
pub(super) fn changes<'a>(
    side: Side,
    before: &[SystemVariable],
    after: &[SystemVariable],
    sent: impl IntoIterator<Item = &'a Step>,
) -> Vec<VariableDiff> {
    let predicted = predicted(sent);
    let by_id = |rows: &[SystemVariable]| -> BTreeMap<VariableId, SystemVariable> {
        let others = rows
            .iter()
            .filter(|row| row.name != GATEWAY_URL_NEW && !row.is_run_mark());
        others.map(|row| (row.id.clone(), row.clone())).collect()
    };
    let (before, after) = (by_id(before), by_id(after));
    let ids: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    ids.into_iter()
        .filter_map(|id| {
            let (before, after) = (before.get(id), after.get(id));
            if before == after {
                return None;
            }
            let row = after.or(before)?;
            Some(VariableDiff {
                side,
                name: label(row),
                before: before.cloned(),
                after: after.cloned(),
                predicted: is_predicted(&predicted, before, after),
            })
        })
        .collect()
}

type Switches = BTreeMap<VariableId, bool>;

fn predicted<'a>(sent: impl IntoIterator<Item = &'a Step>) -> Switches {
    let effects = sent.into_iter().flat_map(|step| &step.effects);
    effects
        .filter_map(|effect| match effect {
            SideEffect::SwitchesVariable { id, to_active, .. } => Some((id.clone(), *to_active)),
            _ => None,
        })
        .collect()
}

fn is_predicted(
    switches: &Switches,
    before: Option<&SystemVariable>,
    after: Option<&SystemVariable>,
) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let only_status = SystemVariable {
        status: after.status.clone(),
        ..before.clone()
    } == *after;
    only_status && switches.get(&after.id) == Some(&after.is_active())
}

/// Names are not unique: the package or the source tells which one it is.
fn label(row: &SystemVariable) -> String {
    let owner = [&row.package_name, &row.source];
    match owner.into_iter().find(|owner| !owner.is_empty()) {
        Some(owner) => format!("{} ({owner})", row.name),
        None => row.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::testing::{step, variable};

    fn row(id: &str, name: &str, status: &str) -> SystemVariable {
        SystemVariable {
            name: name.to_owned(),
            status: status.to_owned(),
            source: "monitor__v1.0.0".to_owned(),
            ..variable(id, "1")
        }
    }

    #[test]
    fn only_what_the_plan_said_is_predicted() {
        let mut monitor = step(Side::New, "monitor");
        let switch = |id: &str, to_active| SideEffect::SwitchesVariable {
            id: VariableId::new(id),
            name: String::new(),
            to_active,
        };
        monitor.effects = vec![switch("1", false), switch("2", true), switch("3", false)];
        let before = [
            row("1", "A", "active"),
            row("2", "B", "inactive"),
            row("3", "C", "active"),
            row("4", "D", "active"),
            row("5", "E", "active"),
            row("6", "GATEWAY_URL_NEW", "active"),
        ];
        let mut edited = row("3", "C", "inactive");
        edited.value = "2".to_owned();
        let after = [
            row("1", "A", "inactive"),
            row("2", "B", "active"),
            edited,
            row("4", "D", "inactive"),
            row("6", "GATEWAY_URL_NEW", "inactive"),
            row("7", "F", "active"),
        ];
        let found: Vec<_> = changes(Side::New, &before, &after, [&monitor])
            .into_iter()
            .map(|change| {
                let word = match (change.before, change.after) {
                    (Some(_), Some(_)) => "changed",
                    (Some(_), None) => "gone",
                    (None, _) => "new",
                };
                (change.name, word, change.predicted)
            })
            .collect();
        let expected = [
            ("A", "changed", true),
            ("B", "changed", true),
            ("C", "changed", false),
            ("D", "changed", false),
            ("E", "gone", false),
            ("F", "new", false),
        ];
        let expected = expected
            .map(|(name, word, predicted)| (format!("{name} (monitor__v1.0.0)"), word, predicted));
        assert_eq!(found, expected);
        assert_eq!(changes(Side::New, &before, &before, [&monitor]), []);
    }
}
