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
use super::model::{Conflict, Mark, Rehearsal, Rehearsed, RowFact, Unrehearsed};
use super::object::{Key, ObjectKind, Snapshot, narrows, same};
use super::probe;
use super::program::{Place, Program};
use super::rows;
use super::scratch::{RehearsalOptions, Scratch};
use super::server::{ConnectionSettings, Server};
use super::statement::{Kind, Outline, Permit};
use crate::exit::Outcome;
use crate::i18n::Text;

pub(super) struct Rehearser<'a> {
    pub(super) real: &'a mut Server,
    pub(super) program: &'a Program<'a>,
    present: &'a Snapshot,
    pub(super) scratch: Scratch,
    schemas: &'a BTreeSet<String>,
    /// Tables that statements recorded in the ledger name: their keys are ours.
    pub(super) known: BTreeSet<String>,
    pub(super) changed: BTreeSet<Place>,
    /// Tables whose copies lost rows or columns to make room.
    pub(super) shaken: BTreeSet<String>,
    /// What pending statements made.
    pub(super) made: BTreeSet<Key>,
    rehearsal: Rehearsal,
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
    let known = recorded
        .flat_map(|place| wanted.program.outline(place).names.clone())
        .collect();
    let mut rehearser = Rehearser {
        real,
        program: wanted.program,
        present: wanted.present,
        scratch,
        schemas: wanted.schemas,
        known,
        changed: wanted.changed,
        shaken: BTreeSet::new(),
        made: BTreeSet::new(),
        rehearsal: Rehearsal::default(),
    };
    let result = rehearser.all(wanted.pending).await;
    let Rehearser {
        scratch,
        rehearsal,
        real,
        ..
    } = rehearser;
    let closed = scratch.close().await;
    let schema = real.schema.clone();
    let after = real.snapshot(&schema, Scope::Whole).await?;
    if after != *wanted.present {
        let text = Text::new("migrate-rehearsal-changed").with("schema", schema);
        return Err(MigrateError::new(Outcome::Unsafe, text));
    }
    result.and(closed)?;
    Ok(rehearsal)
}

/// Errors that rows make, and no structure.
pub(super) fn of_rows(code: u16) -> bool {
    matches!(
        code,
        1048 | 1062
            | 1138
            | 1169
            | 1216
            | 1217
            | 1264
            | 1265
            | 1292
            | 1366
            | 1406
            | 1411
            | 1451
            | 1452
            | 1690
            | 3819
            | 4025
    )
}

impl Rehearser<'_> {
    async fn all(&mut self, pending: &[Place]) -> Result<(), MigrateError> {
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
                        let _optional = server
                            .conn
                            .query_drop(&self.program.statement(before).text)
                            .await;
                    }
                }
                session = Some((place.0, server));
            }
            let Some((_, server)) = session.as_mut() else {
                continue;
            };
            let one = self.one(*place, at + 1, server).await?;
            self.rehearsal.steps.insert(*place, one);
        }
        Ok(())
    }

    fn unrehearsed(&self, place: Place) -> Option<Unrehearsed> {
        let outline = self.program.outline(place);
        let event = outline
            .makes
            .iter()
            .any(|key| key.kind == ObjectKind::Event);
        let runs = match (&outline.kind, &outline.permit) {
            (_, Permit::Refused(_)) | (Kind::Opaque | Kind::Use(_), _) => false,
            (_, Permit::Allowed) => true,
            // What is destructive in the scratch schema alone is harmless, and what stands behind it needs it.
            (Kind::Definition | Kind::DefinitionAndRows | Kind::Rows, Permit::Destructive(_)) => {
                !event
            }
            _ => false,
        };
        if !runs {
            return Some(Unrehearsed::NotRun);
        }
        let names = |text: &String| {
            let text = text.to_lowercase();
            self.schemas
                .iter()
                .find(|schema| schema.len() > 2 && text.contains(&schema.to_lowercase()))
                .cloned()
        };
        let is_schema = |name: &&String| {
            self.schemas
                .iter()
                .any(|schema| schema.eq_ignore_ascii_case(name))
                && !self.present.contains_key(&Key::table(name))
        };
        let schema = outline.schemas.first().cloned();
        let schema = schema.or_else(|| outline.qualifiers.iter().find(is_schema).cloned());
        if let Some(schema) = schema.or_else(|| outline.texts.iter().find_map(names)) {
            return Some(Unrehearsed::NamesSchema(schema));
        }
        let views = self
            .present
            .keys()
            .filter(|key| key.kind == ObjectKind::View)
            .map(|key| &key.name);
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
            .chain(views)
            .find(|name| outline.names.contains(*name) && !made(name));
        absent.map(|name| Unrehearsed::NotCopied(name.clone()))
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
            algorithm: None,
            narrows: Vec::new(),
        };
        if let Some(why) = self.unrehearsed(place) {
            one.mark = Mark::NotRehearsed(why);
            return Ok(one);
        }
        let text = program.statement(place).text.clone();
        self.compare_rows(place, session).await?;
        let defines = matches!(outline.kind, Kind::Definition | Kind::DefinitionAndRows);
        let others = outline.makes.iter().chain(&outline.removes).any(|key| {
            !matches!(
                key.kind,
                ObjectKind::Table
                    | ObjectKind::Column
                    | ObjectKind::Index
                    | ObjectKind::ForeignKey
                    | ObjectKind::Check
            )
        });
        self.remove_unnamed(place).await?;
        let (mut before, mut refused) = (Snapshot::new(), None);
        for attempt in 0..12 {
            if defines {
                before = self.look(&outline.names, outline.wide, others).await?;
            }
            let (result, algorithm) = carry_out(session, &text).await;
            one.algorithm = algorithm;
            refused = result.err();
            let Some((code, _)) = &refused else { break };
            if attempt == 11 || !self.make_room(place, *code).await? {
                break;
            }
        }
        let full = outline.names.iter().all(|name| {
            !self.present.contains_key(&Key::table(name)) || self.scratch.full.contains(name)
        });
        let shaken = outline.names.iter().any(|name| self.shaken.contains(name));
        if !full || shaken {
            one.mark = Mark::StructureOnly;
        }
        if let Some((code, message)) = refused {
            let there = self
                .rehearsal
                .rows
                .get(&place)
                .is_some_and(|fact| !matches!(fact, RowFact::NoneThere));
            let excused = of_rows(code) && (!full || shaken || there);
            if !excused {
                one.refused = Some(Conflict::Refused { code, message });
            }
            return Ok(one);
        }
        if defines {
            let after = self.look(&outline.names, outline.wide, others).await?;
            one.effect = self.note(position, &before, &after, outline.collates);
            if outline.modifies {
                self.note_unchanged(&mut one, outline, (&before, &after));
            }
            one.narrows = one.effect.iter().filter(|key| key.kind == ObjectKind::Column && !shaken && self.present.contains_key(key)).filter(|key| {
                matches!((before.get(*key), after.get(*key)), (Some(old), Some(new)) if narrows(&old.properties, &new.properties))
            }).cloned().collect();
            if !full && !shaken {
                one.refused =
                    probe::rows(self.real, &one.effect, (&before, &after), self.present).await?;
                one.mark = Mark::Probed;
            }
        }
        Ok(one)
    }

    /// Holds the rows of an `INSERT` against the real table's.
    async fn compare_rows(
        &mut self,
        place: Place,
        session: &mut Server,
    ) -> Result<(), MigrateError> {
        let outline = self.program.outline(place);
        let Some(insert) = &outline.insert else {
            return Ok(());
        };
        // In a section the session may have a transaction open, which would keep the table locked.
        let mut own = match self.program.section(place) {
            Some(_) => Some(self.scratch.session().await?),
            None => None,
        };
        let session = own.as_mut().unwrap_or(session);
        let text = &self.program.statement(place).text;
        let fact = rows::compare(
            self.real,
            &mut self.scratch,
            session,
            self.present,
            outline,
            insert,
            text,
        )
        .await?;
        self.rehearsal.rows.extend(fact.map(|fact| (place, fact)));
        Ok(())
    }

    pub(super) async fn look(
        &mut self,
        names: &BTreeSet<String>,
        wide: bool,
        others: bool,
    ) -> Result<Snapshot, MigrateError> {
        let scope = if wide {
            Scope::Whole
        } else {
            Scope::Tables(names, others)
        };
        self.scratch.snapshot(scope).await
    }

    /// Notes what changed, and says which objects did.
    fn note(
        &mut self,
        position: usize,
        before: &Snapshot,
        after: &Snapshot,
        collates: bool,
    ) -> Vec<Key> {
        let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
        let mut changed = Vec::new();
        for key in keys {
            let (old, new) = (before.get(key), after.get(key));
            let equal = match (old, new) {
                (Some(old), Some(new)) => same(&old.properties, &new.properties, false),
                _ => false,
            };
            if equal {
                continue;
            }
            let states = self.rehearsal.history.entry(key.clone()).or_default();
            if states.is_empty() {
                states.push(State {
                    position: 0,
                    part: old.cloned(),
                    any_collation: false,
                });
            }
            states.push(State {
                position,
                part: new.cloned(),
                any_collation: !collates,
            });
            if new.is_some() {
                self.made.insert(key.clone());
            } else {
                self.made.remove(key);
            }
            changed.push(key.clone());
        }
        changed
    }

    /// Notes columns that a statement only sets to what they are: the real ones may be others.
    fn note_unchanged(
        &mut self,
        one: &mut Rehearsed,
        outline: &Outline,
        (before, after): (&Snapshot, &Snapshot),
    ) {
        let (position, any_collation) = (one.position, !outline.collates);
        for (key, part) in after {
            let named = outline
                .names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&key.name));
            let of_table =
                key.kind == ObjectKind::Column && outline.table.as_ref() == Some(&key.table);
            if of_table && named && !one.effect.contains(key) {
                let states = self.rehearsal.history.entry(key.clone()).or_default();
                if states.is_empty() {
                    states.push(State {
                        position: 0,
                        part: before.get(key).cloned(),
                        any_collation: false,
                    });
                }
                states.push(State {
                    position,
                    part: Some(part.clone()),
                    any_collation,
                });
                one.effect.push(key.clone());
            }
        }
    }

    /// Whether an object of the scratch schema is a copy that no pending statement made.
    pub(super) fn copied(&self, key: &Key) -> bool {
        !self.made.contains(key) && !self.made.contains(&Key::table(&key.table))
    }
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
