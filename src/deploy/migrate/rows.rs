//! Whether the rows of an `INSERT` are there: the server makes them in a table of the scratch schema, and
//! they are held against the real table's by its keys.

use mysql_async::prelude::Queryable as _;
use mysql_async::{Row, Value};

use super::error::MigrateError;
use super::judge::Difference;
use super::model::RowFact;
use super::object::{Key, ObjectKind, Snapshot, quote};
use super::scratch::Scratch;
use super::server::Server;
use super::statement::{Insert, Outline};

const TABLE: &str = "wecubectl_rows";

/// What the real table has of the rows; nothing if that cannot be told.
pub(super) async fn compare(
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
    let _gone = scratch
        .try_out(&format!("DROP TABLE IF EXISTS {}", quote(TABLE)))
        .await;
    if !scratch
        .try_out(&format!(
            "CREATE TABLE {} LIKE {}",
            quote(TABLE),
            quote(table)
        ))
        .await
    {
        return Ok(None);
    }
    let names = std::collections::BTreeSet::from([TABLE.to_owned()]);
    let copy = scratch
        .snapshot(super::inspect::Scope::Tables(&names, false))
        .await?;
    let fact = by_keys(real, session, (&copy, present), table, insert, text).await?;
    let _gone = scratch
        .try_out(&format!("DROP TABLE {}", quote(TABLE)))
        .await;
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
    let mut all: Vec<(u64, String, String)> = copy
        .iter()
        .filter(|(key, _)| key.kind == ObjectKind::Column)
        .map(|(_, part)| {
            (
                part.position,
                part.name.clone(),
                part.properties.get("extra").cloned().unwrap_or_default(),
            )
        })
        .collect();
    all.sort();
    let named: Vec<String> = if insert.columns.is_empty() {
        all.iter().map(|(_, name, _)| name.clone()).collect()
    } else {
        insert.columns.clone()
    };
    if named.len() != insert.literal.len() {
        return Ok(None);
    }
    let _reset = session.conn.query_drop("SELECT LAST_INSERT_ID(0)").await;
    let statement = format!(
        "{}{}{}",
        &text[..insert.target.0],
        quote(TABLE),
        &text[insert.target.1..]
    );
    if session.conn.query_drop(statement).await.is_err() {
        return Ok(None);
    }
    let generated = session
        .one("SELECT LAST_INSERT_ID()")
        .await?
        .is_some_and(|id| id != "0");
    let literal: Vec<String> = named
        .iter()
        .zip(&insert.literal)
        .filter(|(name, literal)| {
            let counted = all.iter().any(|(_, other, extra)| {
                other.eq_ignore_ascii_case(name) && extra.contains("auto_increment")
            });
            **literal && !(counted && generated)
        })
        .map(|(name, _)| name.to_lowercase())
        .collect();
    if !present.contains_key(&Key::table(table)) {
        return Ok((!literal.is_empty()).then_some(RowFact::NoneThere));
    }
    let keys: Vec<Vec<String>> = copy
        .iter()
        .filter(|(key, part)| {
            key.kind == ObjectKind::Index
                && part
                    .properties
                    .get("unique")
                    .is_some_and(|unique| unique == "1")
        })
        .filter_map(|(_, part)| {
            let columns: Vec<String> = part
                .properties
                .get("columns")?
                .split(", ")
                .map(|name| name.trim_matches('`').to_owned())
                .collect();
            columns
                .iter()
                .all(|name| literal.contains(name))
                .then_some(columns)
        })
        .collect();
    if literal.is_empty() {
        return Ok(None);
    }
    let list: Vec<String> = literal.iter().map(|name| quote(name)).collect();
    let list = list.join(", ");
    let rows: Vec<Row> = session
        .rows(&format!("SELECT {list} FROM {}", quote(TABLE)))
        .await?;
    if keys.is_empty() {
        return similar(real, table, &literal, &rows).await;
    }
    compared(real, table, &literal, &keys, rows).await.map(Some)
}

/// Holds rows against those of the real table with the same key.
async fn compared(
    real: &mut Server,
    table: &str,
    literal: &[String],
    keys: &[Vec<String>],
    rows: Vec<Row>,
) -> Result<RowFact, MigrateError> {
    let list: Vec<String> = literal.iter().map(|name| quote(name)).collect();
    let list = list.join(", ");
    let (mut there, mut left, mut different) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let value = |name: &String| {
            let place = literal.iter().position(|other| other == name);
            place
                .and_then(|place| row.as_ref(place))
                .cloned()
                .unwrap_or(Value::NULL)
        };
        let mut found = None;
        for key in keys {
            let condition: Vec<String> = key
                .iter()
                .map(|name| format!("{} = {}", quote(name), value(name).as_sql(false)))
                .collect();
            let condition = condition.join(" AND ");
            let rows = real
                .rows_if(&format!(
                    "SELECT {list} FROM {} WHERE {condition} LIMIT 1",
                    quote(table)
                ))
                .await;
            if let Some(other) = rows.into_iter().next() {
                found = Some((condition, other));
                break;
            }
        }
        let label = keys[0]
            .iter()
            .map(|name| value(name).as_sql(false))
            .collect::<Vec<_>>()
            .join(", ");
        let Some((condition, other)) = found else {
            left.push(label);
            continue;
        };
        let before = different.len();
        for (place, name) in literal.iter().enumerate() {
            let (one, two) = (
                row.as_ref(place).unwrap_or(&Value::NULL),
                other.as_ref(place).unwrap_or(&Value::NULL),
            );
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
    Ok(if !different.is_empty() {
        RowFact::Different(different)
    } else if left.is_empty() {
        RowFact::AllThere
    } else if there.is_empty() {
        RowFact::NoneThere
    } else {
        RowFact::Some { there, left }
    })
}

/// Without a key that tells rows apart a row with the same values may be this one or another.
async fn similar(
    real: &mut Server,
    table: &str,
    names: &[String],
    rows: &[Row],
) -> Result<Option<RowFact>, MigrateError> {
    for row in rows {
        let pairs = names.iter().enumerate();
        let condition: Vec<String> = pairs
            .map(|(place, name)| {
                format!(
                    "{} <=> {}",
                    quote(name),
                    row.as_ref(place).unwrap_or(&Value::NULL).as_sql(false)
                )
            })
            .collect();
        let query = format!(
            "SELECT 1 FROM {} WHERE {} LIMIT 1",
            quote(table),
            condition.join(" AND ")
        );
        if !real.rows_if(&query).await.is_empty() {
            return Ok(Some(RowFact::Similar));
        }
    }
    Ok(Some(RowFact::NoneThere))
}
