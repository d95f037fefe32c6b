//! What a schema says of a statement, by what the scratch schema showed: already true, to be carried out,
//! something else. One function for every schema. Pure.

use std::collections::BTreeMap;

use super::object::{Key, ObjectKind, Part, Snapshot, definition, same};

/// An object after a statement of the pending scripts; nothing if it is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// The statement's position among the pending ones, from 1; 0 before the first.
    pub(super) position: usize,
    pub(super) part: Option<Part>,
    /// Made by a statement that was not rehearsed: whatever is there may be it.
    pub(super) unknown: bool,
    /// The statement names no collation: a server's default explains another one.
    pub(super) any_collation: bool,
}

/// What becomes of each object that the pending statements change, in order.
pub(super) type History = BTreeMap<Key, Vec<State>>;

/// A difference between what a statement makes and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The object.
    pub key: Key,
    /// Its definition as the statement makes it; nothing if it does not.
    pub wanted: Option<String>,
    /// Its definition as it is there.
    pub present: Option<String>,
}

/// What a schema says of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// All that it makes is there: as it makes it, or as a later statement leaves it.
    True { later: bool },
    /// Nothing that it makes is there.
    Run,
    /// The schema looks the same before and after it.
    Unclear,
    /// It changes no definition.
    NoEffect,
    /// What it makes is there with other properties.
    Different(Vec<Difference>),
    /// Some of what it makes is there, some is not.
    Partly {
        there: Vec<String>,
        left: Vec<String>,
    },
}

/// How an object stands to one statement.
enum Standing {
    Before,
    After { later: bool },
    Both,
    Neither,
}

/// Judges a statement by the objects that it changed in the scratch schema.
pub(super) fn judge(
    history: &History,
    position: usize,
    effect: &[Key],
    present: &Snapshot,
) -> Judgement {
    let (mut after, mut before, mut different) = (Vec::new(), Vec::new(), Vec::new());
    let (mut later, mut unclear) = (false, false);
    for key in effect {
        let there = present.get(key);
        match standing(history.get(key).map_or(&[], Vec::as_slice), position, there) {
            Standing::After { later: one } => {
                later |= one;
                after.push(key);
            }
            Standing::Before => before.push(key),
            Standing::Both => unclear = true,
            Standing::Neither => different.push(difference(history, position, key, there)),
        }
    }
    let makes_table =
        |key: &Key| key.kind == ObjectKind::Table && wanted(history, position, key).is_some();
    let made: Vec<&Key> = effect
        .iter()
        .filter(|key| makes_table(key) && present.contains_key(key))
        .collect();
    let new_table = |key: &&&Key| absent_before(history, position, key);
    for table in made.iter().filter(new_table) {
        different.extend(extra(history, position, table, present));
        let of_table = |key: &&Key| key.table == table.table;
        let missing: Vec<&Key> = before.iter().copied().filter(of_table).collect();
        before.retain(|key| key.table != table.table);
        different.extend(
            missing
                .into_iter()
                .map(|key| difference(history, position, key, None)),
        );
    }
    let paths = |keys: Vec<&Key>| keys.into_iter().map(Key::path).collect();
    if !different.is_empty() {
        Judgement::Different(different)
    } else if !after.is_empty() && !before.is_empty() {
        Judgement::Partly {
            there: paths(after),
            left: paths(before),
        }
    } else if !after.is_empty() {
        Judgement::True { later }
    } else if !before.is_empty() {
        Judgement::Run
    } else if unclear {
        Judgement::Unclear
    } else {
        Judgement::NoEffect
    }
}

fn equal(state: &State, there: Option<&Part>) -> bool {
    if state.unknown {
        return there.is_some();
    }
    match (&state.part, there) {
        (None, None) => true,
        (Some(one), Some(other)) => same(&one.properties, &other.properties, state.any_collation),
        _ => false,
    }
}

fn standing(states: &[State], position: usize, there: Option<&Part>) -> Standing {
    let matching = |after: bool| {
        let states = states
            .iter()
            .filter(move |state| (state.position >= position) == after);
        states
            .filter(|state| equal(state, there))
            .collect::<Vec<_>>()
    };
    let (before, after) = (matching(false), matching(true));
    match (before.is_empty(), after.is_empty()) {
        (true, true) => Standing::Neither,
        (false, true) => Standing::Before,
        (true, false) => Standing::After {
            later: after.iter().all(|state| state.position != position),
        },
        (false, false) => Standing::Both,
    }
}

/// The object as the statement leaves it.
fn wanted<'a>(history: &'a History, position: usize, key: &Key) -> Option<&'a Part> {
    let states = history.get(key)?;
    states
        .iter()
        .rfind(|state| state.position <= position)?
        .part
        .as_ref()
}

/// Whether an object was never there before a statement: one that an earlier statement drops may be there still.
fn absent_before(history: &History, position: usize, key: &Key) -> bool {
    let Some(states) = history.get(key) else {
        return false;
    };
    let mut before = states.iter().filter(|state| state.position < position);
    before.all(|state| state.part.is_none())
}

fn difference(history: &History, position: usize, key: &Key, there: Option<&Part>) -> Difference {
    let words =
        |part: Option<&Part>| part.map(|part| definition(key, &part.name, &part.properties));
    Difference {
        key: key.clone(),
        wanted: words(wanted(history, position, key)),
        present: words(there),
    }
}

/// Parts of a table that no statement from this one on makes.
fn extra(history: &History, position: usize, table: &Key, present: &Snapshot) -> Vec<Difference> {
    let parts = present
        .iter()
        .filter(|(key, _)| key.table == table.table && key.kind != ObjectKind::Table);
    let known = |key: &Key| {
        let states = history.get(key).into_iter().flatten();
        states
            .into_iter()
            .any(|state| state.position >= position && (state.part.is_some() || state.unknown))
    };
    parts
        .filter(|(key, _)| !known(key))
        .map(|(key, part)| difference(history, position, key, Some(part)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::object::Properties;
    use super::*;

    fn part(kind: &str) -> Part {
        Part {
            name: "c".into(),
            properties: Properties::from([("type".to_owned(), kind.to_owned())]),
            position: 0,
        }
    }

    /// States of one column by position, `""` for absent; what is there; the judgement of each position.
    #[test]
    fn one_object_against_its_history() {
        let unclear = Judgement::Unclear;
        let (now, later) = (
            Judgement::True { later: false },
            Judgement::True { later: true },
        );
        for (states, there, position, wanted) in [
            (vec!["", "a"], "", 1, Judgement::Run),
            (vec!["", "a"], "a", 1, now.clone()),
            (vec!["", "a", "b"], "b", 1, later),
            (vec!["", "a", "b"], "a", 2, Judgement::Run),
            (vec!["", "a", ""], "", 1, unclear.clone()),
            (vec!["", "a", ""], "", 2, unclear),
            (vec!["", "a", ""], "a", 2, Judgement::Run),
            (vec!["a", "b", "a"], "b", 1, now),
        ] {
            let some = |kind: &str| (!kind.is_empty()).then(|| part(kind));
            let key = Key::new(ObjectKind::Column, "t", "c");
            let all = states.iter().enumerate().map(|(position, kind)| State {
                position,
                part: some(kind),
                unknown: false,
                any_collation: false,
            });
            let history = History::from([(key.clone(), all.collect())]);
            let present: Snapshot = some(there)
                .into_iter()
                .map(|part| (key.clone(), part))
                .collect();
            assert_eq!(
                judge(&history, position, &[key], &present),
                wanted,
                "{states:?} {there} {position}"
            );
        }
        let key = Key::new(ObjectKind::Column, "t", "c");
        let history = History::from([(
            key.clone(),
            vec![State {
                position: 1,
                part: Some(part("a")),
                unknown: false,
                any_collation: false,
            }],
        )]);
        let present = Snapshot::from([(key.clone(), part("x"))]);
        assert!(matches!(
            judge(&history, 1, &[key], &present),
            Judgement::Different(_)
        ));
    }

    /// A table that is dropped and made anew: before the first of both it is as it was, and no conflict.
    #[test]
    fn table_that_an_earlier_statement_drops_is_no_conflict() {
        let (table, old, new) = (
            Key::table("t"),
            Key::new(ObjectKind::Column, "t", "a"),
            Key::new(ObjectKind::Column, "t", "b"),
        );
        let states = |parts: [Option<Part>; 3]| {
            let states = parts.into_iter().enumerate();
            let states = states.map(|(position, part)| State {
                position,
                part,
                unknown: false,
                any_collation: false,
            });
            states.collect::<Vec<_>>()
        };
        let some = || Some(part("x"));
        let history = History::from([
            (table.clone(), states([some(), None, some()])),
            (old.clone(), states([some(), None, None])),
            (new.clone(), states([None, None, some()])),
        ]);
        let effect = [table.clone(), new.clone()];
        let present = Snapshot::from([(table.clone(), part("x")), (old.clone(), part("x"))]);
        assert_eq!(judge(&history, 2, &effect, &present), Judgement::Run);
        // Without the statement that drops it, it is one.
        let made = History::from([
            (table, states([None, None, some()])),
            (new, states([None, None, some()])),
        ]);
        assert!(matches!(
            judge(&made, 2, &effect, &present),
            Judgement::Different(_)
        ));
    }
}
