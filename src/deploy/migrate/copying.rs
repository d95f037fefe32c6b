//! Copies the real schema into the scratch schema: tables with the rows of small ones, then routines, views
//! and triggers, as far as they reach nothing else.

use std::collections::{BTreeMap, BTreeSet};

use mysql_async::prelude::Queryable as _;
use mysql_async::{Row, Value};

use super::error::MigrateError;
use super::lex::tokens;
use super::object::{Key, ObjectKind, Part, Snapshot, literal, quote, word_of};
use super::scratch::{RehearsalOptions, Scratch};
use super::server::{Server, at};
use super::statement::{Outline, outline};

impl Scratch {
    pub(super) async fn copy(
        &mut self,
        real: &mut Server,
        options: &RehearsalOptions,
        present: &Snapshot,
        sizes: &BTreeMap<String, u64>,
    ) -> Result<(), MigrateError> {
        let schemas = real.schemas().await?;
        self.lenient().await?;
        for key in present.keys().filter(|key| key.kind == ObjectKind::Table) {
            let table = &key.table;
            let text = copied_table(real, table, present, &schemas).await;
            let Some(text) = text.filter(|text| !text.is_empty()) else {
                self.missing.insert(table.clone());
                continue;
            };
            if !self.try_out(&text).await {
                self.missing.insert(table.clone());
                continue;
            }
            let small = sizes
                .get(table)
                .is_none_or(|bytes| *bytes <= options.copy_rows);
            if small
                && self
                    .copy_rows(real, table, present, options.on.is_some())
                    .await?
            {
                self.full.insert(table.clone());
            }
        }
        // Triggers come last: rows were copied without them.
        for kind in [ObjectKind::Routine, ObjectKind::View, ObjectKind::Trigger] {
            self.copy_others(real, kind, present, &schemas).await?;
        }
        self.lenient().await
    }

    /// Copies views, routines or triggers. What names a schema, prepares or calls, or the account may not
    /// make is missing, and so is what needs it.
    async fn copy_others(
        &mut self,
        real: &mut Server,
        kind: ObjectKind,
        present: &Snapshot,
        schemas: &BTreeSet<String>,
    ) -> Result<(), MigrateError> {
        let mut left: Vec<&Part> = present
            .iter()
            .filter(|(key, _)| key.kind == kind)
            .map(|(_, part)| part)
            .collect();
        // A view may need one that comes later.
        loop {
            let mut failed = Vec::new();
            for part in &left {
                if !self.copy_other(real, kind, part, schemas).await {
                    failed.push(*part);
                }
            }
            let stuck = failed.len() == left.len();
            left = failed;
            if stuck {
                break;
            }
        }
        for part in left {
            if kind == ObjectKind::Trigger {
                let table = part.get("on").to_owned();
                self.untriggered.insert(table, part.name.clone());
            } else {
                self.missing.insert(part.name.clone());
            }
        }
        Ok(())
    }

    async fn copy_other(
        &mut self,
        real: &mut Server,
        kind: ObjectKind,
        part: &Part,
        schemas: &BTreeSet<String>,
    ) -> bool {
        let word = word_of(kind, part);
        let rows = real
            .rows_if(&format!("SHOW CREATE {word} {}", quote(&part.name)))
            .await;
        let Some(row) = rows.first() else {
            return false;
        };
        let text = at::<String>(row, if kind == ObjectKind::View { 1 } else { 2 });
        let Some(text) = text.map(|text| without_definer(&text)) else {
            return false;
        };
        let found = outline(&text);
        if reaches(&found, &text, schemas)
            || found.names.iter().any(|name| self.missing.contains(name))
        {
            return false;
        }
        if kind != ObjectKind::View {
            let mode: String = at(row, 1).unwrap_or_default();
            if !self
                .try_out(&format!("SET SESSION sql_mode = {}", literal(&mode)))
                .await
            {
                return false;
            }
        }
        self.try_out(&text).await
    }

    async fn lenient(&mut self) -> Result<(), MigrateError> {
        self.admin.execute("SET NAMES utf8mb4").await?;
        // Rows are read without locks, so that nobody waits for the rehearsal.
        self.admin
            .execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
            .await?;
        self.admin
            .execute("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0, unique_checks = 0")
            .await?;
        for optional in [
            "SET SESSION innodb_strict_mode = 0",
            "SET SESSION check_constraint_checks = 0",
        ] {
            let _optional = self.admin.conn.query_drop(optional).await;
        }
        self.admin
            .execute(&format!("USE {}", quote(&self.name)))
            .await
    }

    /// Whether all rows were copied.
    async fn copy_rows(
        &mut self,
        real: &mut Server,
        table: &str,
        present: &Snapshot,
        other_server: bool,
    ) -> Result<bool, MigrateError> {
        let columns = present.iter().filter(|(key, part)| {
            key.table == table && key.kind == ObjectKind::Column && part.get("generated").is_empty()
        });
        let columns: Vec<String> = columns.map(|(_, part)| quote(&part.name)).collect();
        let columns = columns.join(", ");
        let (to, from) = (
            quote(table),
            format!("{}.{}", quote(&real.schema), quote(table)),
        );
        if !other_server {
            let copy = format!("INSERT INTO {to} ({columns}) SELECT {columns} FROM {from}");
            return Ok(self.admin.conn.query_drop(copy).await.is_ok());
        }
        let rows: Vec<Row> = real.rows(&format!("SELECT {columns} FROM {from}")).await?;
        for some in rows.chunks(200) {
            let values: Vec<String> = some
                .iter()
                .map(|row| {
                    let values: Vec<String> = (0..row.len())
                        .map(|at| row.as_ref(at).unwrap_or(&Value::NULL).as_sql(false))
                        .collect();
                    format!("({})", values.join(", "))
                })
                .collect();
            if self
                .admin
                .conn
                .query_drop(format!(
                    "INSERT INTO {to} ({columns}) VALUES {}",
                    values.join(", ")
                ))
                .await
                .is_err()
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A definition without its definer: the account that rehearses takes that part.
fn without_definer(text: &str) -> String {
    let found = tokens(text, true);
    let Some(at) = found
        .iter()
        .position(|token| token.is("definer"))
        .filter(|at| found.get(at + 1).is_some_and(|next| next.punct('=')))
    else {
        return text.to_owned();
    };
    // `DEFINER = user@host` or a role.
    let account = found.get(at + 3).is_some_and(|token| token.is("@"));
    let end = found
        .get(at + if account { 4 } else { 2 })
        .map_or(text.len(), |token| token.end);
    format!("{}{}", &text[..found[at].start], &text[end..])
}

/// Whether a copied definition could reach beyond the scratch schema.
fn reaches(found: &Outline, text: &str, schemas: &BTreeSet<String>) -> bool {
    let named = found
        .schemas
        .iter()
        .chain(&found.qualifiers)
        .any(|name| schemas.contains(name));
    // A text in the definition of a table is a comment or a value.
    let in_text = found.table.is_none() && found.schema_in_text(schemas).is_some();
    named
        || in_text
        || tokens(text, true)
            .iter()
            .any(|token| token.is_any("nextval lastval setval prepare execute call"))
}

/// The definition of a table for the scratch schema: the same charset, collation and row format, without
/// foreign keys that leave the schema. Nothing if it names a schema or cannot be read.
async fn copied_table(
    real: &mut Server,
    table: &str,
    present: &Snapshot,
    schemas: &BTreeSet<String>,
) -> Option<String> {
    let rows = real
        .rows_if(&format!("SHOW CREATE TABLE {}", quote(table)))
        .await;
    let text: String = at(rows.first()?, 1)?;
    let leaves = |line: &&str| {
        let to = line.split_once(" REFERENCES ").map_or("", |(_, to)| to);
        line.trim_start().starts_with("CONSTRAINT")
            && line.contains(" FOREIGN KEY ")
            && to.contains("`.`")
    };
    let lines: Vec<&str> = text.lines().filter(|line| !leaves(line)).collect();
    // The line before the closing parenthesis must not end with a comma.
    let mut text = lines.join("\n").replace(",\n)", "\n)");
    let part = present.get(&Key::table(table))?;
    if reaches(&outline(&text), &text, schemas) || part.get("type") != "BASE TABLE" {
        return None;
    }
    let format = part.get("row_format").to_uppercase();
    if !format.is_empty() && !text.contains("ROW_FORMAT=") && !text.contains(" PARTITION BY ") {
        text = format!("{text} ROW_FORMAT={format}");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definer_is_left_out() {
        for (text, wanted) in [
            (
                "CREATE DEFINER=`root`@`localhost` TRIGGER g",
                "CREATE  TRIGGER g",
            ),
            (
                "CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW v AS select 1",
                "CREATE ALGORITHM=UNDEFINED  SQL SECURITY DEFINER VIEW v AS select 1",
            ),
            (
                "CREATE DEFINER=`role` PROCEDURE p()",
                "CREATE  PROCEDURE p()",
            ),
            ("CREATE VIEW v AS select 1", "CREATE VIEW v AS select 1"),
        ] {
            assert_eq!(without_definer(text), wanted);
        }
    }

    #[test]
    fn definitions_that_reach_beyond_are_told() {
        let schemas = BTreeSet::from(["wecube".to_owned()]);
        for (text, wanted) in [
            (
                "CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1",
                false,
            ),
            (
                "CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW DELETE FROM wecube.a WHERE b = 1",
                true,
            ),
            (
                "CREATE FUNCTION f() RETURNS int RETURN (SELECT MAX(id) FROM wecube.a)",
                true,
            ),
            (
                "CREATE PROCEDURE p() BEGIN SET @s = 'drop table wecube.a'; END",
                true,
            ),
            ("CREATE PROCEDURE p() CALL q()", true),
            ("CREATE TABLE a (b int DEFAULT nextval(s))", true),
            ("CREATE TABLE a (b int COMMENT 'of wecube')", false),
        ] {
            assert_eq!(reaches(&outline(text), text, &schemas), wanted, "{text}");
        }
    }
}
