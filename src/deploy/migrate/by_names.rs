//! What is told of a statement without a rehearsal: by the names in it, and by the rows of its table. Pure.

use super::model::{Conflict, RowFact};
use super::object::{Key, ObjectKind};
use super::plan::Action;
use super::planner::{Opinion, Planner};
use super::planner_input::Basis;
use super::program::Place;
use super::statement::{Kind, Outline};

impl Planner<'_> {
    /// Judges what was not rehearsed by the names in it.
    pub(super) fn by_names(&self, place: Place, outline: &Outline, cut_off: bool) -> Opinion {
        let refused = match self.basis {
            Basis::Rehearsed(rehearsal) => rehearsal.of(place).and_then(|one| one.refused.clone()),
            _ => None,
        };
        if let Some(conflict) = refused.filter(|_| !cut_off) {
            return self.keep_or(outline, conflict);
        }
        let missing = |key: &Key| !self.facts.present.contains_key(key);
        let absent = self.absent(place, outline);
        if outline.lenient && outline.makes.is_empty() && outline.removes.iter().all(missing) {
            return Opinion::Vague { definition: true };
        }
        // Nothing tells whether it narrows a column.
        if outline.modifies
            && !self.options.allow_destructive
            && !matches!(self.basis, Basis::Later)
        {
            let what = "MODIFY".to_owned();
            return self.keep_or(outline, Conflict::Destructive { what });
        }
        if cut_off {
            return self.cut_off(outline);
        }
        if !absent.is_empty() && !outline.lenient {
            return self.keep_or(outline, Conflict::Absent { objects: absent });
        }
        let among =
            |keys: &[Key], key: &Key| keys.contains(key) || keys.contains(&Key::table(&key.table));
        let removed = |key: &&Key| {
            let mut earlier = self.earlier(place);
            among(&outline.removes, key) || earlier.any(|(_, other)| among(&other.removes, key))
        };
        let there = outline
            .makes
            .iter()
            .filter(|key| self.facts.present.contains_key(*key));
        let (again, there): (Vec<&Key>, Vec<&Key>) = there.partition(removed);
        if !there.is_empty() && !outline.lenient {
            let objects = there.into_iter().map(Key::path).collect();
            return match self.basis {
                Basis::Later => Opinion::Settled(Action::Compare),
                _ => self.keep_or(outline, Conflict::Exists { objects }),
            };
        }
        // A key may also come and go with columns, and without a name of its own.
        let with_columns = |other: &Outline, key: &Key| {
            let mut changes = other.makes.iter().chain(&other.removes);
            let keys = [ObjectKind::Index, ObjectKind::ForeignKey, ObjectKind::Check];
            keys.contains(&key.kind)
                && other.table.as_ref() == Some(&key.table)
                && (!other.unnamed.is_empty()
                    || changes.any(|one| one.kind == ObjectKind::Column || one.name == key.name))
        };
        let undone = |key: &Key| {
            self.later(place).any(|(_, other)| {
                among(&other.makes, key) || among(&other.removes, key) || with_columns(other, key)
            })
        };
        let shows = if outline.lenient && outline.removes.is_empty() {
            outline.makes.iter().any(|key| missing(key) && !undone(key))
        } else {
            let mut changes = outline.makes.iter().chain(&outline.removes).peekable();
            let gone = outline.removes.iter().any(missing);
            again.is_empty() && !gone && changes.peek().is_some() && !changes.any(undone)
        };
        let definition = outline.lenient && outline.removes.is_empty();
        match outline.kind {
            Kind::Definition if shows => Opinion::Run,
            _ => Opinion::Vague { definition },
        }
    }

    /// Statements before one that are not recorded.
    fn earlier(&self, place: Place) -> impl Iterator<Item = (Place, &Outline)> {
        let earlier = self
            .program
            .places()
            .take_while(move |other| *other < place);
        let pending = earlier.filter(|other| self.rows.recorded(*other).is_none());
        pending.map(|other| (other, self.program.outline(other)))
    }

    fn later(&self, place: Place) -> impl Iterator<Item = (Place, &Outline)> {
        let later = self.program.places().filter(move |other| *other > place);
        later.map(|other| (other, self.program.outline(other)))
    }

    pub(super) fn absent(&self, place: Place, outline: &Outline) -> Vec<String> {
        let made_before = |key: &Key| {
            let table = Key::table(&key.table);
            self.earlier(place)
                .any(|(_, other)| other.makes.contains(key) || other.makes.contains(&table))
        };
        let gone = outline.removes.iter().filter(|key| {
            // A constraint may be a foreign key, a check or an index.
            let present = self.facts.present.contains_key(key) || key.kind == ObjectKind::Check;
            !present && !made_before(key)
        });
        gone.map(Key::path).collect()
    }

    /// Whether it names a routine, which may change rows.
    pub(super) fn acts(&self, outline: &Outline) -> bool {
        let made = || {
            self.program
                .places()
                .flat_map(|place| &self.program.outline(place).makes)
        };
        let mut routines = self
            .facts
            .present
            .keys()
            .chain(made())
            .filter(|key| key.kind == ObjectKind::Routine);
        routines.any(|key| outline.names_it(&key.name))
    }

    /// Whether what it does to rows goes with its transaction: that of the tables that it names; of all tables, if
    /// a view, a trigger or a routine leads to others.
    pub(super) fn transactional(&self, place: Place) -> bool {
        let outline = self.program.outline(place);
        let leads = self.facts.present.iter().any(|(key, part)| match key.kind {
            ObjectKind::View | ObjectKind::Routine => outline.names_it(&key.name),
            ObjectKind::Trigger => outline.names.contains(part.get("on")),
            _ => false,
        });
        let mut tables = self.facts.present.iter().filter(|(key, _)| {
            key.kind == ObjectKind::Table && (leads || outline.names.contains(&key.table))
        });
        tables.all(|(_, table)| table.get("engine").eq_ignore_ascii_case("innodb"))
    }

    pub(super) fn on_rows(&self, place: Place, outline: &Outline) -> Opinion {
        let table = outline.table.as_ref();
        let touches = |other: &Outline| {
            let named = table.is_some_and(|table| other.names.contains(table));
            match other.kind {
                Kind::Rows => named && other.insert.as_ref().is_none_or(|insert| insert.tolerant),
                Kind::Definition => {
                    table.is_some_and(|table| other.removes.contains(&Key::table(table)))
                }
                Kind::DefinitionAndRows => named,
                Kind::Opaque => true,
                _ => false,
            }
        };
        let later = self.later(place).any(|(_, other)| touches(other));
        // What an earlier statement takes away when it is carried out is no evidence.
        let takes_away = |(at, other): (Place, &Outline)| {
            let matches = self.facts.rows.get(&at) != Some(&RowFact::NoMatch);
            touches(other) && matches && (other.kind != Kind::Rows || other.names_it("delete"))
        };
        let earlier = self.earlier(place).any(takes_away);
        let tolerant = outline
            .insert
            .as_ref()
            .is_some_and(|insert| insert.tolerant);
        let conflict = match self.facts.rows.get(&place) {
            Some(RowFact::AllThere) if !earlier => return Opinion::True { later: false },
            Some(RowFact::Removed) => {
                return self.refused_or(place, Opinion::Vague { definition: true });
            }
            Some(RowFact::NoneThere) if !later => {
                return self.refused_or(place, Opinion::Settled(Action::Run));
            }
            Some(RowFact::Different(differences)) if !earlier && !later && !tolerant => {
                let object = outline.table.clone().unwrap_or_default();
                Conflict::Different {
                    object,
                    differences: differences.clone(),
                }
            }
            Some(RowFact::Some { there, left }) if !earlier && !later && !tolerant => {
                Conflict::Partly {
                    there: there.clone(),
                    left: left.clone(),
                }
            }
            _ => {
                let refused = self.refused_or(place, Opinion::Vague { definition: false });
                return match refused {
                    Opinion::Settled(Action::Conflict(conflict)) => self.keep_or(outline, conflict),
                    other => other,
                };
            }
        };
        self.keep_or(outline, conflict)
    }
}
