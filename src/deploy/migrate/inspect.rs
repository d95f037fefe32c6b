//! Reads the objects of a schema with their properties from `information_schema`.

use std::collections::BTreeSet;

use mysql_async::Row;

use super::error::MigrateError;
use super::ledger;
use super::object::{Key, ObjectKind, Part, Properties, Snapshot, literal, quote};
use super::server::{Server, at};
use super::statement::{Kind, Outline};

/// Which objects are read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'a> {
    /// All.
    Whole,
    /// These tables with their parts, and views, triggers, routines and events if asked for.
    Tables(&'a BTreeSet<String>, bool),
}

impl<'a> Scope<'a> {
    /// What a statement may change.
    pub(super) fn of(outline: &'a Outline) -> Self {
        if outline.wide {
            Self::Whole
        } else {
            Self::Tables(&outline.names, outline.kind != Kind::Rows)
        }
    }
}

/// A column in backquotes, in small letters.
fn quoted(column: &str) -> String {
    format!("CONCAT('`', REPLACE(LOWER({column}), '`', '``'), '`')")
}

const TABLES: &str = "SELECT TABLE_NAME, '', ENGINE AS engine, TABLE_COLLATION AS collation, ROW_FORMAT AS row_format, \
    TABLE_COMMENT AS comment, TABLE_TYPE AS type FROM information_schema.TABLES WHERE TABLE_TYPE <> 'VIEW' AND \
    TABLE_SCHEMA = ";

/// `MySQL` writes a literal default without its quotes.
const MYSQL_DEFAULT: &str = "CASE WHEN COLUMN_DEFAULT IS NULL OR COLUMN_DEFAULT LIKE 'b''%' OR COLUMN_DEFAULT LIKE \
    'CURRENT_TIMESTAMP%' AND DATA_TYPE IN ('timestamp', 'datetime') THEN COLUMN_DEFAULT WHEN EXTRA LIKE \
    '%DEFAULT_GENERATED%' THEN CONCAT('(', COLUMN_DEFAULT, ')') ELSE QUOTE(COLUMN_DEFAULT) END";

fn columns(maria: bool) -> String {
    let default = if maria {
        "NULLIF(COLUMN_DEFAULT, 'NULL')"
    } else {
        MYSQL_DEFAULT
    };
    format!(
        "SELECT TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION AS position, COLUMN_TYPE AS type, COLLATION_NAME AS \
         collation, IS_NULLABLE AS nullable, {default} AS `default`, EXTRA AS extra, COLUMN_COMMENT AS comment, \
         GENERATION_EXPRESSION AS `generated` FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
    )
}

/// `expression` and `visible` are columns that not every server has.
fn indexes(expression: &str, visible: &str) -> String {
    let column = quoted("COLUMN_NAME");
    format!(
        "SELECT TABLE_NAME, INDEX_NAME, GROUP_CONCAT(CONCAT(IFNULL({column}, CONCAT('(', {expression}, ')')), \
         IF(SUB_PART IS NULL, '', CONCAT('(', SUB_PART, ')')), IF(COLLATION = 'D', ' DESC', '')) ORDER BY \
         SEQ_IN_INDEX SEPARATOR ', ') AS `columns`, 1 - MIN(NON_UNIQUE) AS `unique`, MIN(INDEX_TYPE) AS type, \
         MIN(INDEX_COMMENT) AS comment, {visible} AS visible FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = "
    )
}

fn foreign_keys(schema: &str) -> String {
    let (column, other) = (quoted("k.COLUMN_NAME"), quoted("k.REFERENCED_COLUMN_NAME"));
    format!(
        "SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, GROUP_CONCAT({column} ORDER BY k.ORDINAL_POSITION SEPARATOR ', ') AS \
         `columns`, GROUP_CONCAT({other} ORDER BY k.ORDINAL_POSITION SEPARATOR ', ') AS referenced_columns, CONCAT(IF( \
         MIN(k.REFERENCED_TABLE_SCHEMA) = {schema}, '', CONCAT('`', MIN(k.REFERENCED_TABLE_SCHEMA), '`.')), '`', \
         MIN(k.REFERENCED_TABLE_NAME), '`') AS `references`, MIN(r.UPDATE_RULE) AS on_update, MIN(r.DELETE_RULE) AS \
         on_delete FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON \
         r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = \
         k.TABLE_NAME WHERE k.REFERENCED_TABLE_NAME IS NOT NULL AND r.CONSTRAINT_SCHEMA = {schema} AND k.TABLE_SCHEMA = "
    )
}

const MARIA_CHECKS: &str = "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE AS clause FROM \
    information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ";
const MYSQL_CHECKS: &str = "SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE AS clause FROM \
    information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = \
    c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK' WHERE \
    c.CONSTRAINT_SCHEMA = ";

/// What is part of no table.
const OTHERS: [(ObjectKind, &str); 4] = [
    (
        ObjectKind::View,
        "SELECT '', TABLE_NAME, VIEW_DEFINITION AS definition, CHECK_OPTION AS `check`, SECURITY_TYPE AS security FROM \
         information_schema.VIEWS WHERE TABLE_SCHEMA = ",
    ),
    (
        ObjectKind::Trigger,
        "SELECT '', TRIGGER_NAME, ACTION_STATEMENT AS definition, EVENT_MANIPULATION AS event, ACTION_TIMING AS timing, \
         EVENT_OBJECT_TABLE AS `on` FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ",
    ),
    (
        ObjectKind::Routine,
        "SELECT '', ROUTINE_NAME, ROUTINE_TYPE AS type, ROUTINE_DEFINITION AS definition, DTD_IDENTIFIER AS `returns`, \
         IS_DETERMINISTIC AS `deterministic`, SQL_DATA_ACCESS AS access, SECURITY_TYPE AS security, (SELECT \
         GROUP_CONCAT(CONCAT_WS(' ', p.PARAMETER_MODE, p.PARAMETER_NAME, p.DTD_IDENTIFIER) ORDER BY p.ORDINAL_POSITION \
         SEPARATOR ', ') FROM information_schema.PARAMETERS p WHERE p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND \
         p.SPECIFIC_NAME = r.ROUTINE_NAME AND p.ROUTINE_TYPE = r.ROUTINE_TYPE) AS parameters FROM \
         information_schema.ROUTINES r WHERE ROUTINE_SCHEMA = ",
    ),
    (
        ObjectKind::Event,
        "SELECT '', EVENT_NAME, EVENT_DEFINITION AS definition, STATUS AS status, EVENT_TYPE AS type FROM \
         information_schema.EVENTS WHERE EVENT_SCHEMA = ",
    ),
];

impl Server {
    /// The objects of a schema, without the ledger.
    pub(super) async fn snapshot(
        &mut self,
        schema: &str,
        scope: Scope<'_>,
    ) -> Result<Snapshot, MigrateError> {
        let mut found = Snapshot::new();
        let of = literal(schema);
        match scope {
            Scope::Whole => self.tables(&mut found, &of, None).await?,
            Scope::Tables(names, _) => {
                // A server looks into all tables of a schema, unless it is asked for one.
                let tables = self
                    .rows(&format!("SHOW TABLES FROM {}", quote(schema)))
                    .await?;
                let tables: Vec<String> = tables.iter().filter_map(|row| at(row, 0)).collect();
                for table in tables.iter().filter(|table| names.contains(*table)) {
                    self.tables(&mut found, &of, Some(table)).await?;
                }
            }
        }
        found.retain(|key, _| key.table != ledger::TABLE);
        if !matches!(scope, Scope::Tables(_, false)) {
            for (kind, query) in OTHERS {
                add(&mut found, kind, &self.rows(&format!("{query}{of}")).await?);
            }
            // Definitions name their schema.
            let prefixes = [format!("{}.", quote(schema)), format!("{schema}.")];
            for (_, part) in found.iter_mut().filter(|(key, _)| key.table.is_empty()) {
                for text in part.properties.values_mut() {
                    *text = text.replace(&prefixes[0], "").replace(&prefixes[1], "");
                }
            }
        }
        Ok(found)
    }

    async fn tables(
        &mut self,
        found: &mut Snapshot,
        of: &str,
        table: Option<&String>,
    ) -> Result<(), MigrateError> {
        let only = |column: &str| {
            table.map_or_else(
                || of.to_owned(),
                |table| format!("{of} AND {column} = {}", literal(table)),
            )
        };
        let (plain, of_key) = (only("TABLE_NAME"), only("k.TABLE_NAME"));
        let rows = self.rows(&format!("{TABLES}{plain}")).await?;
        if rows.is_empty() {
            return Ok(());
        }
        add(found, ObjectKind::Table, &rows);
        let rows = self
            .rows(&format!("{}{plain}", columns(self.maria)))
            .await?;
        let tables: BTreeSet<String> = found.keys().map(|key| key.table.clone()).collect();
        let of_tables =
            |row: &&Row| at::<String>(row, 0).is_some_and(|table| tables.contains(&table));
        add(found, ObjectKind::Column, rows.iter().filter(of_tables));
        let variants = [
            ("NULL", "MIN(IGNORED)"),
            ("EXPRESSION", "MIN(IS_VISIBLE)"),
            ("NULL", "NULL"),
        ];
        for (expression, visible) in variants {
            let query = format!(
                "{}{plain} GROUP BY TABLE_NAME, INDEX_NAME",
                indexes(expression, visible)
            );
            if let Some(rows) = self.rows_known(&query).await? {
                add(found, ObjectKind::Index, &rows);
                break;
            }
        }
        let query = format!(
            "{}{of_key} GROUP BY k.TABLE_NAME, k.CONSTRAINT_NAME",
            foreign_keys(of)
        );
        add(found, ObjectKind::ForeignKey, &self.rows(&query).await?);
        // Servers before MySQL 8.0.16 and MariaDB 10.2 have no checks.
        let checks = if self.maria {
            format!("{MARIA_CHECKS}{plain}")
        } else {
            format!("{MYSQL_CHECKS}{}", only("t.TABLE_NAME"))
        };
        add(
            found,
            ObjectKind::Check,
            &self.rows_known(&checks).await?.unwrap_or_default(),
        );
        Ok(())
    }
}

/// Adds objects: table, name, then the properties under their names. What is NULL or empty is left out.
fn add<'a>(found: &mut Snapshot, kind: ObjectKind, rows: impl IntoIterator<Item = &'a Row>) {
    for row in rows {
        let (table, name): (String, String) = (
            at(row, 0).unwrap_or_default(),
            at(row, 1).unwrap_or_default(),
        );
        let mut properties = Properties::new();
        for (place, column) in row.columns_ref().iter().enumerate().skip(2) {
            if let Some(value) = at::<String>(row, place).filter(|value| !value.is_empty()) {
                properties.insert(column.name_str().into_owned(), value);
            }
        }
        let position = properties
            .remove("position")
            .and_then(|place| place.parse().ok());
        let part = Part {
            name: name.clone(),
            properties,
            position: position.unwrap_or_default(),
        };
        found.insert(Key::new(kind, &table, &name), part);
    }
}
