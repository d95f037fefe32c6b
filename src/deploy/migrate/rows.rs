//! Whether the rows of an `INSERT` are there: the server makes them in a table of the scratch schema, and
//! they are held against the real table's by its keys.

use std::collections::BTreeSet;

use mysql_async::prelude::Queryable as _;
use mysql_async::{Row, Value};

use super::error::MigrateError;
use super::inspect::Scope;
use super::judge::Difference;
use super::model::RowFact;
use super::object::{Key, ObjectKind, Snapshot, quote};
use super::program::Place;
use super::rehearse::Rehearser;
use super::scratch::Scratch;
use super::server::Server;
use super::statement::{Insert, Kind, Outline};

const TABLE: &str = "wecubectl_rows";

impl Rehearser<'_> {
    /// Finds rows of an `INSERT` that a later statement takes away again.
    pub(super) async fn removed_rows(&mut self) -> Result<(), MigrateError> {
        let (program, rehearsal) = (self.program, &self.rehearsal);
        let carried_out =
            |place: &Place| rehearsal.judges(*place) && rehearsal.steps[place].refused.is_none();
        let absent = rehearsal
            .rows
            .iter()
            .filter(|(place, fact)| **fact == RowFact::NoneThere && carried_out(place));
        let absent: Vec<Place> = absent.map(|(place, _)| *place).collect();
        for place in absent {
            let outline = program.outline(place);
            let (Some(table), Some(insert)) = (&outline.table, &outline.insert) else {
                continue;
            };
            let deletes = |other: &&Place| {
                let other = program.outline(**other);
                other.kind == Kind::Rows && other.names_it("delete") && other.names.contains(table)
            };
            let mut later = self.wanted.pending.iter().filter(|other| **other > place);
            let names = BTreeSet::from([table.clone()]);
            let there = self.scratch.snapshot(Scope::Tables(&names, false)).await?;
            if later.find(deletes).is_none() || !there.contains_key(&Key::table(table)) {
                continue;
            }
            let (mut end, mut session) =
                (self.scratch.session().await?, self.scratch.session().await?);
            let text = &program.statement(place).text;
            let fact = compare(
                &mut end,
                &mut self.scratch,
                &mut session,
                &there,
                outline,
                insert,
                text,
            )
            .await?;
            if fact == Some(RowFact::NoneThere) {
                self.rehearsal.rows.insert(place, RowFact::Removed);
            }
        }
        Ok(())
    }

    /// Holds the rows of an `INSERT` against the real table's.
    pub(super) async fn compare_rows(
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
        let fact = compare(
            self.real,
            &mut self.scratch,
            session,
            self.wanted.present,
            outline,
            insert,
            text,
        )
        .await?;
        self.rehearsal.rows.extend(fact.map(|fact| (place, fact)));
        Ok(())
    }
}

/// What the real table has of the rows; nothing if that cannot be told.
async fn compare(
    real: &mut Server,
    scratch: &mut Scratch,
    session: &mut Server,
    present: &Snapshot,
    outline: &Outline,
    insert: &Insert,
    text: &str,
) -> Result<Option<RowFact>, MigrateError> {
    let Some(table) = &outline.table else {
        return Ok(None);
    };
    let (own, of) = (quote(TABLE), quote(table));
    scratch
        .try_out(&format!("DROP TABLE IF EXISTS {own}"))
        .await;
    if !scratch
        .try_out(&format!("CREATE TABLE {own} LIKE {of}"))
        .await
    {
        return Ok(None);
    }
    let names = BTreeSet::from([TABLE.to_owned()]);
    let copy = scratch.snapshot(Scope::Tables(&names, false)).await?;
    let fact = by_keys(real, session, (&copy, present), table, insert, text).await?;
    scratch.try_out(&format!("DROP TABLE {own}")).await;
    Ok(fact)
}

async fn by_keys(
    real: &mut Server,
    session: &mut Server,
    (copy, present): (&Snapshot, &Snapshot),
    table: &str,
    insert: &Insert,
    text: &str,
) -> Result<Option<RowFact>, MigrateError> {
    let columns = copy
        .iter()
        .filter(|(key, _)| key.kind == ObjectKind::Column);
    let mut all: Vec<(u64, &str, bool)> = columns
        .map(|(key, part)| {
            (
                part.position,
                key.name.as_str(),
                part.get("extra").contains("auto_increment"),
            )
        })
        .collect();
    all.sort_unstable();
    let named: Vec<String> = match insert.columns.as_slice() {
        [] => all.iter().map(|(_, name, _)| (*name).to_owned()).collect(),
        columns => columns.iter().map(|name| name.to_lowercase()).collect(),
    };
    if named.len() != insert.literal.len() {
        return Ok(None);
    }
    let _reset = session.conn.query_drop("SELECT LAST_INSERT_ID(0)").await;
    let (before, behind) = (&text[..insert.target.0], &text[insert.target.1..]);
    let statement = format!("{before}{}{behind}", quote(TABLE));
    if session.conn.query_drop(statement).await.is_err() {
        return Ok(None);
    }
    let generated = session
        .one("SELECT LAST_INSERT_ID()")
        .await?
        .is_some_and(|id| id != "0");
    let counted = |name: &String| {
        generated
            && all
                .iter()
                .any(|(_, other, counted)| other == name && *counted)
    };
    let literal = named
        .iter()
        .zip(&insert.literal)
        .filter(|(name, literal)| **literal && !counted(name));
    let literal: Vec<String> = literal.map(|(name, _)| name.clone()).collect();
    if literal.is_empty() {
        return Ok(None);
    }
    if !present.contains_key(&Key::table(table)) {
        return Ok(Some(RowFact::NoneThere));
    }
    let unique = copy.values().filter(|part| part.get("unique") == "1");
    let keys = unique.map(|part| part.columns().map(|(_, name)| name).collect::<Vec<_>>());
    let keys: Vec<Vec<String>> = keys
        .filter(|key| key.iter().all(|name| literal.contains(name)))
        .collect();
    let rows = session
        .rows(&format!("SELECT {} FROM {}", list(&literal), quote(TABLE)))
        .await?;
    if keys.is_empty() {
        return similar(real, table, &literal, &rows).await;
    }
    compared(real, table, &literal, &keys, rows).await.map(Some)
}

/// Names in backquotes, with commas between them.
fn list(names: &[String]) -> String {
    names
        .iter()
        .map(|name| quote(name))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Holds rows against those of the real table with the same key.
async fn compared(
    real: &mut Server,
    table: &str,
    literal: &[String],
    keys: &[Vec<String>],
    rows: Vec<Row>,
) -> Result<RowFact, MigrateError> {
    let list = list(literal);
    let (mut there, mut left, mut different) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let value = |name: &String| {
            let place = literal.iter().position(|other| other == name);
            place
                .and_then(|place| row.as_ref(place))
                .unwrap_or(&Value::NULL)
                .as_sql(false)
        };
        let mut found = None;
        for key in keys {
            let condition = key
                .iter()
                .map(|name| format!("{} = {}", quote(name), value(name)));
            let condition = condition.collect::<Vec<_>>().join(" AND ");
            let query = format!(
                "SELECT {list} FROM {} WHERE {condition} LIMIT 1",
                quote(table)
            );
            if let Some(other) = real.rows_if(&query).await.into_iter().next() {
                found = Some((condition, other));
                break;
            }
        }
        let label = keys[0].iter().map(value).collect::<Vec<_>>().join(", ");
        let Some((condition, other)) = found else {
            left.push(label);
            continue;
        };
        let before = different.len();
        for (place, name) in literal.iter().enumerate() {
            let [one, two] = [&row, &other].map(|row| row.as_ref(place).unwrap_or(&Value::NULL));
            if one != two {
                different.push(Difference {
                    key: Key::new(ObjectKind::Column, table, name),
                    wanted: Some(format!("{} ({condition})", one.as_sql(false))),
                    present: Some(two.as_sql(false)),
                });
            }
        }
        if different.len() == before {
            there.push(label);
        }
    }
    Ok(
        match (different.is_empty(), left.is_empty(), there.is_empty()) {
            (false, _, _) => RowFact::Different(different),
            (_, true, _) => RowFact::AllThere,
            (_, _, true) => RowFact::NoneThere,
            _ => RowFact::Some { there, left },
        },
    )
}

/// Without a key that tells rows apart a row with the same values may be this one or another.
async fn similar(
    real: &mut Server,
    table: &str,
    names: &[String],
    rows: &[Row],
) -> Result<Option<RowFact>, MigrateError> {
    for row in rows {
        let condition = names.iter().enumerate().map(|(place, name)| {
            let value = row.as_ref(place).unwrap_or(&Value::NULL);
            format!("{} <=> {}", quote(name), value.as_sql(false))
        });
        let condition = condition.collect::<Vec<_>>().join(" AND ");
        let query = format!("SELECT 1 FROM {} WHERE {condition} LIMIT 1", quote(table));
        if !real.rows_if(&query).await.is_empty() {
            return Ok(Some(RowFact::Similar));
        }
    }
    Ok(Some(RowFact::NoneThere))
}
