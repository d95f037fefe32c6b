//! A change of one system variable by hand: everything is settled before anything is asked or written.

use super::variable::new_row;
use crate::domain::SystemVariable;

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariableRequest {
    /// Exact name.
    pub name: String,
    /// The row that is meant, if several have the name.
    pub id: Option<String>,
    /// The value; `None` keeps the row's own.
    pub value: Option<String>,
    /// The value of a new row if none was typed.
    pub value_of_new: Option<String>,
    /// The status; `None` keeps the row's own (`active` for a new row).
    pub status: Option<String>,
    /// Whether the other rows of the name go.
    pub repair: bool,
}

/// What will be done to the rows of a name, in this order: the write, then the removals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableChange {
    /// The row as it is; `None` if it is created.
    pub before: Option<SystemVariable>,
    /// The row as it shall be.
    pub after: SystemVariable,
    /// The other rows, to be removed after the write.
    pub remove: Vec<SystemVariable>,
}

impl VariableChange {
    /// Whether the row itself is written.
    pub fn writes_row(&self) -> bool {
        self.before.as_ref() != Some(&self.after)
    }

    /// Whether nothing has to be done.
    pub fn is_nothing(&self) -> bool {
        !self.writes_row() && self.remove.is_empty()
    }
}

/// Why a change cannot be made out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableRequestError {
    /// The name is empty.
    EmptyName,
    /// Several rows have the name, and which one is meant was not said.
    Several(Vec<SystemVariable>),
    /// No row of the name has that id.
    NoSuchRow(String),
    /// A value must be typed.
    ValueMissing,
}

/// What a wish comes to, given all rows of its name sorted by id.
pub fn variable_change(
    rows: &[SystemVariable],
    wish: &VariableRequest,
) -> Result<VariableChange, VariableRequestError> {
    if wish.name.trim().is_empty() {
        return Err(VariableRequestError::EmptyName);
    }
    let before = chosen(rows, wish)?;
    let after = match before {
        Some(row) => SystemVariable {
            value: kept_or_typed(row, wish)?,
            status: wish.status.clone().unwrap_or_else(|| row.status.clone()),
            ..row.clone()
        },
        None => created(wish)?,
    };
    let removed = |row: &&SystemVariable| wish.repair && row.id != after.id;
    Ok(VariableChange {
        remove: rows.iter().filter(removed).cloned().collect(),
        before: before.cloned(),
        after,
    })
}

fn chosen<'a>(
    rows: &'a [SystemVariable],
    wish: &VariableRequest,
) -> Result<Option<&'a SystemVariable>, VariableRequestError> {
    if let Some(id) = &wish.id {
        let row = rows.iter().find(|row| row.id.as_str() == id);
        return row
            .map(Some)
            .ok_or_else(|| VariableRequestError::NoSuchRow(id.clone()));
    }
    match rows {
        [] => Ok(None),
        [row] => Ok(Some(row)),
        several => kept_by_repair(several, wish)
            .map(Some)
            .ok_or_else(|| VariableRequestError::Several(several.to_vec())),
    }
}

/// The row that a repair keeps: the first that a launch may use, else the first; ids sort, so that two
/// of us keep the same. `None` if no value was typed and the rows to choose from have several.
fn kept_by_repair<'a>(
    rows: &'a [SystemVariable],
    wish: &VariableRequest,
) -> Option<&'a SystemVariable> {
    let active: Vec<_> = rows.iter().filter(|row| row.is_active()).collect();
    let choice = if active.is_empty() {
        rows.iter().collect()
    } else {
        active
    };
    let first = *choice.first()?;
    let agree = choice
        .iter()
        .all(|row| row.effective() == first.effective());
    (wish.repair && (wish.value.is_some() || agree)).then_some(first)
}

/// A status or a repair alone leaves the value; else what is typed, or what a new row would get.
fn kept_or_typed(
    row: &SystemVariable,
    wish: &VariableRequest,
) -> Result<String, VariableRequestError> {
    match &wish.value {
        Some(value) => Ok(value.clone()),
        None if wish.status.is_some() || wish.repair => Ok(row.value.clone()),
        None => wish
            .value_of_new
            .clone()
            .ok_or(VariableRequestError::ValueMissing),
    }
}

fn created(wish: &VariableRequest) -> Result<SystemVariable, VariableRequestError> {
    let value = wish.value.as_ref().or(wish.value_of_new.as_ref());
    Ok(SystemVariable {
        name: wish.name.clone(),
        status: wish.status.clone().unwrap_or_else(|| "active".to_owned()),
        ..new_row(value.ok_or(VariableRequestError::ValueMissing)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::VariableId;

    fn row(id: &str, value: &str, status: &str) -> SystemVariable {
        SystemVariable {
            id: VariableId::new(id),
            name: "V".to_owned(),
            status: status.to_owned(),
            ..new_row(value)
        }
    }

    fn wish() -> VariableRequest {
        VariableRequest {
            name: "V".to_owned(),
            ..VariableRequest::default()
        }
    }

    #[test]
    fn repair_without_value_keeps_no_arbitrary_row() {
        let repair = VariableRequest {
            repair: true,
            value_of_new: Some("http://gateway".to_owned()),
            ..wish()
        };
        let by_id = VariableRequest {
            id: Some("c".to_owned()),
            ..repair.clone()
        };
        let typed = VariableRequest {
            value: Some("3".to_owned()),
            ..repair.clone()
        };
        // The statuses of the rows a, b and c with the values 1, 2 and 2; the request; the kept row.
        for (statuses, wish, kept) in [
            (["inactive", "active", "active"], &repair, Some(1)),
            (["inactive", "inactive", "active"], &repair, Some(2)),
            (["active", "active", "inactive"], &repair, None),
            (["inactive", "inactive", "inactive"], &repair, None),
            (["active", "active", "active"], &by_id, Some(2)),
            (["inactive", "active", "active"], &typed, Some(1)),
            (["inactive", "inactive", "inactive"], &typed, Some(0)),
        ] {
            let values = ["1", "2", "2"].into_iter().zip(statuses);
            let ids = ["a", "b", "c"].into_iter();
            let rows: Vec<_> = ids.zip(values).map(|(id, (v, s))| row(id, v, s)).collect();
            let change = variable_change(&rows, wish);
            let Some(kept) = kept else {
                assert_eq!(change, Err(VariableRequestError::Several(rows)));
                continue;
            };
            let change = change.unwrap();
            assert_eq!(change.before.as_ref(), Some(&rows[kept]), "{statuses:?}");
            assert_eq!(change.writes_row(), wish.value.is_some());
            assert_eq!(change.remove.len(), 2);
            assert!(!change.is_nothing());
        }
    }

    #[test]
    fn a_repair_writes_what_is_typed_to_the_row_that_is_named() {
        let rows = [row("a", "1", "active"), row("b", "2", "active")];
        let repair = VariableRequest {
            repair: true,
            id: Some("b".to_owned()),
            value: Some("9".to_owned()),
            status: Some("inactive".to_owned()),
            ..wish()
        };
        let change = variable_change(&rows, &repair).unwrap();
        assert_eq!(change.after, row("b", "9", "inactive"));
        assert_eq!(change.remove, [rows[0].clone()]);
    }

    #[test]
    fn a_repair_of_one_right_row_is_nothing() {
        let rows = [row("a", "1", "active")];
        let repair = VariableRequest {
            repair: true,
            ..wish()
        };
        assert!(variable_change(&rows, &repair).unwrap().is_nothing());
    }

    #[test]
    fn what_is_not_settled_is_a_fault_and_changes_nothing() {
        let rows = [row("a", "1", "active"), row("b", "2", "active")];
        let several = VariableRequestError::Several(rows.to_vec());
        let nameless = VariableRequest {
            name: " ".to_owned(),
            value: Some("1".to_owned()),
            ..wish()
        };
        for (rows, wish, fault) in [
            (&rows[..], wish(), several),
            (&[][..], nameless, VariableRequestError::EmptyName),
            (&rows[..1], wish(), VariableRequestError::ValueMissing),
            (&[][..], wish(), VariableRequestError::ValueMissing),
            (
                &[][..],
                VariableRequest {
                    repair: true,
                    ..wish()
                },
                VariableRequestError::ValueMissing,
            ),
            (
                &rows[..],
                VariableRequest {
                    id: Some("z".to_owned()),
                    ..wish()
                },
                VariableRequestError::NoSuchRow("z".to_owned()),
            ),
        ] {
            assert_eq!(variable_change(rows, &wish), Err(fault));
        }
    }

    #[test]
    fn a_status_alone_keeps_the_value_and_a_new_row_is_active() {
        let rows = [row("a", "1", "active")];
        let off = VariableRequest {
            status: Some("inactive".to_owned()),
            value_of_new: Some("http://gateway".to_owned()),
            ..wish()
        };
        let change = variable_change(&rows, &off).unwrap();
        assert_eq!(change.after, row("a", "1", "inactive"));
        assert!(!change.is_nothing());
        let made = VariableRequest {
            value_of_new: Some("http://gateway".to_owned()),
            ..wish()
        };
        let change = variable_change(&[], &made).unwrap();
        assert_eq!(change.before, None);
        assert_eq!(change.after, row("", "http://gateway", "active"));
    }
}
