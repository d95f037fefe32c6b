//! The rehearsal: pending statements are carried out in the scratch schema, in order, by the server, and
//! what each changes is noted.
//!
//! The scratch schema begins as a copy of the real one. If the server refuses a statement because what it
//! makes is there already, the copy of that is removed and the statement is tried again: so the server
//! shows the properties that the statement gives to it, whatever the real schema has. No statement is
//! rehearsed that could reach another schema.

use std::collections::{BTreeMap, BTreeSet};

use mysql_async::prelude::Queryable as _;

use super::error::{MigrateError, server_error};
use super::inspect::Scope;
use super::judge::State;
use super::model::{Conflict, Mark, Rebuild, Rehearsal, Rehearsed, RowFact, Unrehearsed};
use super::object::{Key, ObjectKind, Part, Snapshot, literal, narrows, same};
use super::probe;
use super::program::{Place, Program};
use super::scratch::{RehearsalOptions, Scratch};
use super::server::{ConnectionSettings, Server, at};
use super::statement::{Insert, Kind, Outline, Permit};
use crate::exit::Outcome;
use crate::i18n::Text;

pub(super) struct Rehearser<'a> {
    pub(super) real: &'a mut Server,
    pub(super) wanted: Wanted<'a>,
    pub(super) program: &'a Program<'a>,
    pub(super) scratch: Scratch,
    /// Tables that statements recorded in the ledger name: their keys are ours.
    pub(super) known: BTreeSet<String>,
    /// Tables whose copies lost rows or columns to make room.
    pub(super) shaken: BTreeSet<String>,
    /// What pending statements made.
    made: BTreeSet<Key>,
    /// Statements that were not rehearsed but will be carried out, by the tables that they name; an empty
    /// name if they may do anything.
    skipped: BTreeMap<String, Place>,
    /// What statements that were not rehearsed remove.
    removed: Vec<(Key, Place)>,
    /// Tables and columns that foreign keys of other schemas refer to, and those tables.
    referenced: BTreeMap<Key, String>,
    pub(super) rehearsal: Rehearsal,
}

/// What a rehearsal needs to know.
pub(super) struct Wanted<'a> {
    pub(super) program: &'a Program<'a>,
    pub(super) pending: &'a [Place],
    pub(super) present: &'a Snapshot,
    pub(super) sizes: &'a BTreeMap<String, u64>,
    pub(super) schemas: &'a BTreeSet<String>,
    /// Statements that were cut off, and whose objects changed since they were begun.
    pub(super) changed: BTreeSet<Place>,
}

/// Rehearses the pending statements. The real schema is read, never written.
pub(super) async fn rehearse(
    real: &mut Server,
    settings: &ConnectionSettings,
    options: &RehearsalOptions,
    wanted: Wanted<'_>,
) -> Result<Rehearsal, MigrateError> {
    let scratch = Scratch::open(real, settings, options, wanted.present, wanted.sizes).await?;
    let pending: BTreeSet<Place> = wanted.pending.iter().copied().collect();
    let recorded = wanted
        .program
        .places()
        .filter(|place| !pending.contains(place));
    let known = recorded.flat_map(|place| wanted.program.outline(place).names.clone());
    let referenced = references(real).await?;
    let (schema, present) = (real.schema.clone(), wanted.present);
    let mut rehearser = Rehearser {
        real,
        program: wanted.program,
        scratch,
        known: known.collect(),
        shaken: BTreeSet::new(),
        made: BTreeSet::new(),
        skipped: BTreeMap::new(),
        removed: Vec::new(),
        referenced,
        rehearsal: Rehearsal::default(),
        wanted,
    };
    let result = rehearser.all().await;
    let Rehearser {
        scratch,
        rehearsal,
        real,
        ..
    } = rehearser;
    let closed = scratch.close().await;
    if real.snapshot(&schema, Scope::Whole).await? != *present {
        let text = Text::new("migrate-rehearsal-changed").with("schema", schema);
        return Err(MigrateError::new(Outcome::Unsafe, text));
    }
    result.and(closed)?;
    Ok(rehearsal)
}

/// What foreign keys of other schemas refer to.
async fn references(real: &mut Server) -> Result<BTreeMap<Key, String>, MigrateError> {
    let schema = literal(&real.schema);
    let rows = real
        .rows(&format!(
            "SELECT REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME, CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM \
             information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = {schema} AND TABLE_SCHEMA <> {schema}"
        ))
        .await?;
    let mut found = BTreeMap::new();
    for row in &rows {
        let text = |place: usize| at::<String>(row, place).unwrap_or_default();
        found.insert(Key::table(&text(0)), text(2));
        found.insert(Key::new(ObjectKind::Column, &text(0), &text(1)), text(2));
    }
    Ok(found)
}

/// Errors that rows make, and no structure.
pub(super) fn of_rows(code: u16) -> bool {
    const CODES: [u16; 17] = [
        1048, 1062, 1138, 1169, 1216, 1217, 1264, 1265, 1292, 1366, 1406, 1411, 1451, 1452, 1690,
        3819, 4025,
    ];
    CODES.contains(&code)
}

impl Rehearser<'_> {
    async fn all(&mut self) -> Result<(), MigrateError> {
        let pending = self.wanted.pending;
        let mut session: Option<(usize, Server)> = None;
        for (at, place) in pending.iter().enumerate() {
            if session
                .as_ref()
                .is_none_or(|(script, _)| *script != place.0)
            {
                let mut server = self.scratch.session().await?;
                for before in (0..place.1).map(|number| (place.0, number)) {
                    // A `SET` that is recorded counts for what stands behind it.
                    if self.program.outline(before).kind == Kind::Session
                        && !pending.contains(&before)
                    {
                        let text = &self.program.statement(before).text;
                        let _optional = server.conn.query_drop(text).await;
                    }
                }
                session = Some((place.0, server));
            }
            let Some((_, server)) = session.as_mut() else {
                continue;
            };
            let mut one = self.one(*place, at + 1, server).await?;
            if matches!(one.mark, Mark::NotRehearsed(_)) {
                let (outline, none) = (self.program.outline(*place), Snapshot::new());
                let referenced = self.still_referenced(&outline.removes, &none, outline, server);
                one.refused = referenced.await?;
                self.skip(*place, at + 1).await?;
            }
            self.rehearsal.steps.insert(*place, one);
        }
        self.removed_rows().await
    }

    /// Notes what a statement changes that was not rehearsed but will be carried out, as far as its names tell.
    async fn skip(&mut self, place: Place, position: usize) -> Result<(), MigrateError> {
        let outline = self.program.outline(place);
        if matches!(outline.permit, Permit::Refused(_)) {
            return Ok(());
        }
        let table_of = |key: &'_ Key| {
            if key.table.is_empty() {
                key.name.clone()
            } else {
                key.table.clone()
            }
        };
        let tables = outline
            .names
            .iter()
            .filter(|name| self.is_table(name))
            .cloned();
        let mut touched: Vec<String> = outline.makes.iter().map(table_of).chain(tables).collect();
        if matches!(outline.kind, Kind::Opaque | Kind::Control) {
            touched.push(String::new());
        }
        self.skipped
            .extend(touched.into_iter().map(|name| (name.to_lowercase(), place)));
        self.removed
            .extend(outline.removes.iter().map(|key| (key.clone(), place)));
        let there = match outline.removes.as_slice() {
            [] => Snapshot::new(),
            _ => self.scratch.snapshot(Scope::Whole).await?,
        };
        let made = outline.makes.iter().map(|key| (key.clone(), None, true));
        let states = without(&outline.removes, &there)
            .into_iter()
            .map(|(key, part)| (key, part, false));
        for (key, part, unknown) in states.chain(made) {
            let states = self.rehearsal.history.entry(key.clone()).or_default();
            if states.is_empty() {
                let part = there
                    .get(&key)
                    .or_else(|| self.wanted.present.get(&key))
                    .cloned();
                states.push(State {
                    position: 0,
                    part,
                    unknown: false,
                    any_collation: false,
                });
            }
            states.push(State {
                position,
                part,
                unknown,
                any_collation: true,
            });
        }
        Ok(())
    }

    /// A statement that was not rehearsed and removes what this one names.
    fn behind(&self, outline: &Outline) -> Option<Unrehearsed> {
        let named = |key: &Key| {
            (key.table.is_empty() || outline.names_it(&key.table))
                && (key.name.is_empty() || outline.names_it(&key.name))
        };
        let (_, place) = self.removed.iter().find(|(key, _)| named(key))?;
        Some(self.behind_place(*place))
    }

    fn behind_place(&self, place: Place) -> Unrehearsed {
        let number = self.program.statement(place).number;
        Unrehearsed::Behind(format!("{}:{number}", self.program.script(place).name))
    }

    fn is_table(&self, name: &str) -> bool {
        let key = Key::table(name);
        self.wanted.present.contains_key(&key) || self.made.contains(&key)
    }

    fn unrehearsed(&self, place: Place) -> Option<Unrehearsed> {
        let outline = self.program.outline(place);
        if outline.permit != Permit::Allowed || matches!(outline.kind, Kind::Opaque | Kind::Use(_))
        {
            return Some(Unrehearsed::NotRun);
        }
        let schemas = self.wanted.schemas;
        let is_schema = |name: &&String| {
            schemas
                .iter()
                .any(|schema| schema.eq_ignore_ascii_case(name))
                && !self.is_table(name)
        };
        let named = outline
            .schemas
            .first()
            .or_else(|| outline.qualifiers.iter().find(is_schema));
        if let Some(schema) = named.cloned().or_else(|| outline.schema_in_text(schemas)) {
            return Some(Unrehearsed::NamesSchema(schema));
        }
        let made = |name: &str| {
            outline
                .makes
                .iter()
                .any(|key| key.name == name || key.table == name)
        };
        let absent = self
            .scratch
            .missing
            .iter()
            .find(|name| outline.names.contains(*name) && !made(name));
        let fires = !matches!(outline.kind, Kind::Definition | Kind::Session);
        let mut triggers = self.scratch.untriggered.iter().filter(|_| fires);
        let trigger = triggers.find(|(table, _)| outline.names.contains(*table));
        absent
            .or(trigger.map(|(_, trigger)| trigger))
            .cloned()
            .map(Unrehearsed::NotCopied)
            .or_else(|| self.behind(outline))
    }

    async fn one(
        &mut self,
        place: Place,
        position: usize,
        session: &mut Server,
    ) -> Result<Rehearsed, MigrateError> {
        let program = self.program;
        let outline = program.outline(place);
        let mut one = Rehearsed {
            position,
            mark: Mark::WithRows,
            effect: Vec::new(),
            refused: None,
            rebuild: None,
            narrows: Vec::new(),
        };
        if let Some(why) = self.unrehearsed(place) {
            // Values that stand for themselves reach nothing, whatever they say.
            let literal = |insert: &Insert| insert.literal.iter().all(|literal| *literal);
            let named = matches!(why, Unrehearsed::NamesSchema(_)) && outline.qualifiers.is_empty();
            if named && outline.insert.as_ref().is_some_and(literal) {
                self.compare_rows(place, session).await?;
            }
            one.mark = Mark::NotRehearsed(why);
            return Ok(one);
        }
        self.compare_rows(place, session).await?;
        let defines = matches!(outline.kind, Kind::Definition | Kind::DefinitionAndRows);
        self.remove_unnamed(place).await?;
        let (mut before, mut refused, mut algorithm) = (Snapshot::new(), None, None);
        for attempt in 0..12 {
            if defines {
                before = self.scratch.snapshot(Scope::of(outline)).await?;
            }
            let text = &program.statement(place).text;
            let (result, by) = carry_out(session, text).await;
            (refused, algorithm) = (result.err(), by);
            let Some((code, _)) = &refused else { break };
            if attempt == 11 || !self.make_room(place, *code).await? {
                break;
            }
        }
        let bytes = outline
            .table
            .as_ref()
            .and_then(|table| self.wanted.sizes.get(table))
            .copied();
        one.rebuild = algorithm.map(|algorithm| Rebuild {
            algorithm,
            bytes: bytes.unwrap_or(0),
        });
        let copied = |name: &String| {
            !self.wanted.present.contains_key(&Key::table(name)) || self.scratch.full.contains(name)
        };
        let full = outline.names.iter().all(copied);
        let shaken = outline.names.iter().any(|name| self.shaken.contains(name));
        if !full || shaken {
            one.mark = Mark::StructureOnly;
        }
        if let Some((code, message)) = refused {
            let fact = self.rehearsal.rows.get(&place);
            let there = fact.is_some_and(|fact| !matches!(fact, RowFact::NoneThere));
            let mut needs = outline
                .names
                .iter()
                .map(|name| name.to_lowercase())
                .chain([String::new()]);
            if let Some(before) = needs.find_map(|name| self.skipped.get(&name)) {
                one.mark = Mark::NotRehearsed(self.behind_place(*before));
            } else if !(of_rows(code) && (!full || shaken || there)) {
                one.refused = Some(Conflict::Refused { code, message });
            }
            return Ok(one);
        }
        if defines {
            let after = self.scratch.snapshot(Scope::of(outline)).await?;
            let all = outline.modifies.then_some(outline);
            one.effect = self.note(position, &before, &after, outline.collates, all);
            let narrowed = |key: &&Key| match (before.get(*key), after.get(*key)) {
                (Some(old), Some(new)) => {
                    key.kind == ObjectKind::Column
                        && !shaken
                        && self.wanted.present.contains_key(*key)
                        && narrows(&old.properties, &new.properties)
                }
                _ => false,
            };
            one.narrows = one.effect.iter().filter(narrowed).cloned().collect();
            one.refused = self
                .still_referenced(&one.effect, &after, outline, session)
                .await?;
            if !full && !shaken && one.refused.is_none() {
                let present = self.wanted.present;
                one.refused =
                    probe::rows(self.real, &one.effect, (&before, &after), present).await?;
                one.mark = Mark::Probed;
            }
        }
        Ok(one)
    }

    /// A foreign key of another schema that the server would not let go of; there is none to the scratch schema.
    async fn still_referenced(
        &self,
        effect: &[Key],
        after: &Snapshot,
        outline: &Outline,
        session: &mut Server,
    ) -> Result<Option<Conflict>, MigrateError> {
        let renames = outline
            .makes
            .iter()
            .any(|key| key.kind == ObjectKind::Table);
        let gone = |key: &&Key| key.kind == ObjectKind::Column || !after.contains_key(*key);
        let mut keys = effect.iter().filter(|_| !renames).filter(gone);
        let Some(by) = keys.find_map(|key| self.referenced.get(key)) else {
            return Ok(None);
        };
        let checked = session.one("SELECT @@foreign_key_checks").await?;
        Ok((checked.as_deref() == Some("1")).then(|| Conflict::Referenced { by: by.clone() }))
    }

    /// Notes what changed, and says which objects did. Of a statement that sets columns, `all` that it names
    /// are noted: the real ones may be others than those of the copy.
    fn note(
        &mut self,
        position: usize,
        before: &Snapshot,
        after: &Snapshot,
        collates: bool,
        all: Option<&Outline>,
    ) -> Vec<Key> {
        let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
        let sets = |key: &Key| {
            all.is_some_and(|outline| {
                key.kind == ObjectKind::Column
                    && outline.table.as_ref() == Some(&key.table)
                    && outline.names_it(&key.name)
            })
        };
        let mut changed = Vec::new();
        for key in keys {
            let (old, new) = (before.get(key), after.get(key));
            let equal = match (old, new) {
                (Some(old), Some(new)) => same(&old.properties, &new.properties, false),
                _ => false,
            };
            if equal && !sets(key) {
                continue;
            }
            let state = |position, part: Option<&_>, any_collation| State {
                position,
                part: part.cloned(),
                unknown: false,
                any_collation,
            };
            let states = self.rehearsal.history.entry(key.clone()).or_default();
            if states.is_empty() {
                states.push(state(0, old, false));
            }
            states.push(state(position, new, !collates));
            match new {
                Some(_) if equal => {}
                Some(_) => {
                    self.made.insert(key.clone());
                }
                None => {
                    self.made.remove(key);
                }
            }
            changed.push(key.clone());
        }
        changed
    }

    /// Whether a statement was cut off, and its objects changed since it was begun.
    pub(super) fn changed(&self, place: Place) -> bool {
        self.wanted.changed.contains(&place)
    }

    /// Whether an object of the scratch schema is a copy that no pending statement made.
    pub(super) fn copied(&self, key: &Key) -> bool {
        !self.made.contains(key) && !self.made.contains(&Key::table(&key.table))
    }
}

/// What is left of objects if some are removed: parts go with their table, and columns leave indexes.
fn without(removes: &[Key], there: &Snapshot) -> Vec<(Key, Option<Part>)> {
    let mut found = Vec::new();
    for (key, part) in there {
        let constraint = |other: &&Key| {
            // A constraint that is dropped may be of any kind.
            other.kind == ObjectKind::Check && other.table == key.table && other.name == key.name
        };
        if removes.contains(key)
            || removes.contains(&Key::table(&key.table))
            || removes.iter().any(|key| constraint(&key))
        {
            found.push((key.clone(), None));
            continue;
        }
        let left = part
            .columns()
            .filter(|(_, name)| !removes.contains(&Key::new(ObjectKind::Column, &key.table, name)));
        let left = left
            .map(|(column, _)| column)
            .collect::<Vec<_>>()
            .join(", ");
        if left != part.get("columns") {
            let mut part = part.clone();
            part.properties.insert("columns".to_owned(), left.clone());
            found.push((key.clone(), Some(part).filter(|_| !left.is_empty())));
        }
    }
    found
}

/// Carries a statement out; an `ALTER TABLE` by the cheapest way that the server has, which is told.
async fn carry_out(
    session: &mut Server,
    text: &str,
) -> (Result<(), (u16, String)>, Option<&'static str>) {
    let lower = text.to_ascii_lowercase();
    let alters =
        lower.starts_with("alter") && !lower.contains("algorithm") && !lower.contains("partition");
    if alters {
        for algorithm in ["INSTANT", "INPLACE"] {
            if session
                .conn
                .query_drop(format!("{text}, ALGORITHM={algorithm}"))
                .await
                .is_ok()
            {
                return (Ok(()), Some(algorithm));
            }
        }
    }
    let result = session.conn.query_drop(text).await;
    (
        result.map_err(|error| server_error(&error)),
        alters.then_some("COPY"),
    )
}
