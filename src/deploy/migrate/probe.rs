//! Rows of tables that are too large to be copied: each change of a definition that rows can refuse is
//! asked of the real table, reading alone.

use super::error::MigrateError;
use super::model::Conflict;
use super::object::{Key, ObjectKind, Part, Snapshot, quote};
use super::server::Server;

/// The first change that rows of a real table stand in the way of.
pub(super) async fn rows(
    real: &mut Server,
    effect: &[Key],
    (before, after): (&Snapshot, &Snapshot),
    present: &Snapshot,
) -> Result<Option<Conflict>, MigrateError> {
    for key in effect {
        let Some(new) = after.get(key) else { continue };
        let Some(query) = query(key, before.get(key), new) else {
            continue;
        };
        // What an earlier statement of the scripts makes is not there yet, and has no rows.
        let names = columns(key, new);
        let there =
            |name: &String| present.contains_key(&Key::new(ObjectKind::Column, &key.table, name));
        if key.kind != ObjectKind::Check && !names.iter().all(there) {
            continue;
        }
        // A question that the server does not understand (a reference to a new table) tells nothing.
        if !real.rows_if(&query).await.is_empty() {
            return Ok(Some(Conflict::Rows {
                object: key.path(),
                query,
            }));
        }
    }
    Ok(None)
}

fn columns(key: &Key, part: &Part) -> Vec<String> {
    let names: Vec<String> = part.columns().map(|(_, name)| name).collect();
    if names.is_empty() {
        vec![key.name.clone()]
    } else {
        names
    }
}

fn query(key: &Key, old: Option<&Part>, new: &Part) -> Option<String> {
    let table = quote(&key.table);
    let names: Vec<String> = columns(key, new).iter().map(|name| quote(name)).collect();
    match key.kind {
        ObjectKind::Index if new.get("unique") == "1" => {
            let filled: Vec<String> = names
                .iter()
                .map(|name| format!("{name} IS NOT NULL"))
                .collect();
            let names = names.join(", ");
            Some(format!(
                "SELECT {names}, COUNT(*) FROM {table} WHERE {} GROUP BY {names} HAVING COUNT(*) > 1 LIMIT 1",
                filled.join(" AND ")
            ))
        }
        ObjectKind::ForeignKey => {
            let to = new.get("referenced_columns");
            let pairs = names.iter().zip(to.split(", "));
            let joined: Vec<String> = pairs
                .map(|(one, other)| format!("c.{one} = p.{other}"))
                .collect();
            let filled: Vec<String> = names
                .iter()
                .map(|name| format!("c.{name} IS NOT NULL"))
                .collect();
            Some(format!(
                "SELECT c.* FROM {table} c LEFT JOIN {} p ON {} WHERE {} AND p.{} IS NULL LIMIT 1",
                new.get("references"),
                joined.join(" AND "),
                filled.join(" AND "),
                to.split(", ").next().unwrap_or_default()
            ))
        }
        ObjectKind::Check => Some(format!(
            "SELECT 1 FROM {table} WHERE NOT ({}) LIMIT 1",
            new.get("clause")
        )),
        ObjectKind::Column => {
            let (old, name) = (old?, quote(&key.name));
            let mut conditions = Vec::new();
            if old.get("nullable") == "YES" && new.get("nullable") == "NO" {
                conditions.push(format!("{name} IS NULL"));
            }
            let length = |part: &Part| -> Option<u64> {
                let kind = part.get("type");
                let rest = kind
                    .strip_prefix("varchar(")
                    .or_else(|| kind.strip_prefix("char("))?;
                rest.trim_end_matches(')').parse().ok()
            };
            if let Some(characters) =
                length(new).filter(|new| length(old).is_none_or(|old| old > *new))
            {
                conditions.push(format!("CHAR_LENGTH({name}) > {characters}"));
            }
            (!conditions.is_empty()).then(|| {
                format!(
                    "SELECT 1 FROM {table} WHERE {} LIMIT 1",
                    conditions.join(" OR ")
                )
            })
        }
        _ => None,
    }
}
