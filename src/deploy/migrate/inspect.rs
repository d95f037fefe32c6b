//! Reads the objects of a schema with their properties from `information_schema`.

use std::collections::BTreeSet;

use mysql_async::Row;

use super::error::MigrateError;
use super::ledger;
use super::object::{Key, ObjectKind, Part, Properties, Snapshot, literal, quote};
use super::server::{Server, at, named};

/// Which objects are read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'a> {
    /// All.
    Whole,
    /// These tables with their parts, and views, triggers, routines and events if asked for.
    Tables(&'a BTreeSet<String>, bool),
}

struct Reading {
    schema: String,
    found: Snapshot,
}

impl Reading {
    fn add(
        &mut self,
        kind: ObjectKind,
        row: &Row,
        table: &str,
        name: &str,
        of: &[(&'static str, &str)],
    ) {
        let properties = of.iter().filter_map(|(property, column)| {
            Some((
                *property,
                named::<String>(row, column).filter(|value| !value.is_empty())?,
            ))
        });
        let properties: Properties = properties.collect();
        let part = Part {
            name: name.to_owned(),
            properties,
            position: 0,
        };
        self.found.insert(Key::new(kind, table, name), part);
    }

    /// A definition that names its schema, without the schema.
    fn bare(&self, text: &str) -> String {
        text.replace(&format!("{}.", quote(&self.schema)), "")
            .replace(&format!("{}.", self.schema), "")
    }
}

fn text(row: &Row, column: &str) -> String {
    named(row, column).unwrap_or_default()
}

impl Server {
    /// The objects of a schema, without the ledger.
    pub(super) async fn snapshot(
        &mut self,
        schema: &str,
        scope: Scope<'_>,
    ) -> Result<Snapshot, MigrateError> {
        let mut reading = Reading {
            schema: schema.to_owned(),
            found: Snapshot::new(),
        };
        match scope {
            Scope::Whole => self.tables(&mut reading, None).await?,
            Scope::Tables(names, _) => {
                // A server looks into all tables of a schema, unless it is asked for one.
                let tables = self
                    .rows(&format!("SHOW TABLES FROM {}", quote(schema)))
                    .await?;
                let tables: Vec<String> = tables.iter().filter_map(|row| at(row, 0)).collect();
                for table in tables.iter().filter(|table| names.contains(*table)) {
                    self.tables(&mut reading, Some(table)).await?;
                }
            }
        }
        if matches!(scope, Scope::Whole | Scope::Tables(_, true)) {
            self.others(&mut reading, &literal(schema)).await?;
        }
        reading.found.retain(|key, _| key.table != ledger::TABLE);
        Ok(reading.found)
    }

    async fn tables(
        &mut self,
        reading: &mut Reading,
        table: Option<&String>,
    ) -> Result<(), MigrateError> {
        let of = literal(&reading.schema);
        let filter = |column: &str| {
            table.map_or_else(String::new, |table| {
                format!(" AND {column} = {}", literal(table))
            })
        };
        let rows = self
            .rows(&format!(
                "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, ROW_FORMAT, TABLE_COMMENT FROM \
                 information_schema.TABLES WHERE TABLE_SCHEMA = {of} AND TABLE_TYPE <> 'VIEW'{}",
                filter("TABLE_NAME")
            ))
            .await?;
        let properties = [
            ("engine", "ENGINE"),
            ("collation", "TABLE_COLLATION"),
            ("row_format", "ROW_FORMAT"),
            ("comment", "TABLE_COMMENT"),
            ("type", "TABLE_TYPE"),
        ];
        for row in &rows {
            reading.add(
                ObjectKind::Table,
                row,
                &text(row, "TABLE_NAME"),
                "",
                &properties,
            );
        }
        if rows.is_empty() {
            return Ok(());
        }
        self.columns(reading, &of, &filter("TABLE_NAME")).await?;
        self.indexes(reading, &of, &filter("TABLE_NAME")).await?;
        self.foreign_keys(reading, &of, &filter("k.TABLE_NAME"))
            .await?;
        self.checks(reading, &of, &filter).await;
        Ok(())
    }

    async fn columns(
        &mut self,
        reading: &mut Reading,
        of: &str,
        filter: &str,
    ) -> Result<(), MigrateError> {
        let rows = self
            .rows(&format!(
                "SELECT TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, COLLATION_NAME, \
                 IS_NULLABLE, COLUMN_DEFAULT, EXTRA, COLUMN_COMMENT, GENERATION_EXPRESSION FROM \
                 information_schema.COLUMNS WHERE TABLE_SCHEMA = {of}{filter}"
            ))
            .await?;
        for row in &rows {
            let (table, name) = (text(row, "TABLE_NAME"), text(row, "COLUMN_NAME"));
            if !reading.found.contains_key(&Key::table(&table)) {
                continue;
            }
            let properties = [
                ("type", "COLUMN_TYPE"),
                ("collation", "COLLATION_NAME"),
                ("nullable", "IS_NULLABLE"),
                ("default", "COLUMN_DEFAULT"),
                ("extra", "EXTRA"),
                ("comment", "COLUMN_COMMENT"),
                ("generated", "GENERATION_EXPRESSION"),
            ];
            reading.add(ObjectKind::Column, row, &table, &name, &properties);
            let Some(part) = reading
                .found
                .get_mut(&Key::new(ObjectKind::Column, &table, &name))
            else {
                continue;
            };
            part.position = named(row, "ORDINAL_POSITION").unwrap_or_default();
            let default = named::<String>(row, "COLUMN_DEFAULT");
            let extra = part.properties.get("extra").cloned().unwrap_or_default();
            if !self.maria {
                // MySQL writes a literal default without its quotes.
                let expression = extra.contains("DEFAULT_GENERATED");
                let written = match default {
                    Some(value)
                        if expression
                            && value.to_ascii_uppercase().starts_with("CURRENT_TIMESTAMP") =>
                    {
                        value
                    }
                    Some(value) if expression => format!("({value})"),
                    Some(value) if value.starts_with("b'") => value,
                    Some(value) => literal(&value),
                    None => String::new(),
                };
                part.properties.insert("default", written);
            } else if default.as_deref() == Some("NULL") {
                part.properties.remove("default");
            }
            part.properties.retain(|_, value| !value.is_empty());
        }
        Ok(())
    }

    async fn indexes(
        &mut self,
        reading: &mut Reading,
        of: &str,
        filter: &str,
    ) -> Result<(), MigrateError> {
        let rows = self
            .rows(&format!(
                "SELECT * FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = {of}{filter} ORDER BY \
                 TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX"
            ))
            .await?;
        for row in &rows {
            let (table, name) = (text(row, "TABLE_NAME"), text(row, "INDEX_NAME"));
            let mut column = match named::<String>(row, "COLUMN_NAME") {
                Some(column) => quote(&column.to_lowercase()),
                None => format!("({})", text(row, "EXPRESSION")),
            };
            if let Some(prefix) = named::<u64>(row, "SUB_PART") {
                column = format!("{column}({prefix})");
            }
            if text(row, "COLLATION") == "D" {
                column += " DESC";
            }
            let unique = if named::<i64>(row, "NON_UNIQUE") == Some(0) {
                "1"
            } else {
                "0"
            };
            let key = Key::new(ObjectKind::Index, &table, &name);
            let part = reading.found.entry(key).or_insert_with(|| Part {
                name,
                ..Part::default()
            });
            part.properties.insert("unique", unique.to_owned());
            for (property, column) in [
                ("type", "INDEX_TYPE"),
                ("comment", "INDEX_COMMENT"),
                ("ignored", "IGNORED"),
                ("visible", "IS_VISIBLE"),
            ] {
                if let Some(value) = named::<String>(row, column).filter(|value| !value.is_empty())
                {
                    part.properties.insert(property, value);
                }
            }
            let columns = part.properties.entry("columns").or_default();
            *columns = if columns.is_empty() {
                column
            } else {
                format!("{columns}, {column}")
            };
        }
        Ok(())
    }

    async fn foreign_keys(
        &mut self,
        reading: &mut Reading,
        of: &str,
        filter: &str,
    ) -> Result<(), MigrateError> {
        let rows = self
            .rows(&format!(
                "SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_SCHEMA, \
                 k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, r.UPDATE_RULE, r.DELETE_RULE FROM \
                 information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r \
                 ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME \
                 AND r.TABLE_NAME = k.TABLE_NAME WHERE k.TABLE_SCHEMA = {of} AND r.CONSTRAINT_SCHEMA = {of} \
                 AND k.REFERENCED_TABLE_NAME IS NOT NULL{filter} ORDER BY 1, 2, k.ORDINAL_POSITION"
            ))
            .await?;
        for row in &rows {
            let (table, name) = (text(row, "TABLE_NAME"), text(row, "CONSTRAINT_NAME"));
            let key = Key::new(ObjectKind::ForeignKey, &table, &name);
            let part = reading.found.entry(key).or_insert_with(|| Part {
                name,
                ..Part::default()
            });
            let schema = text(row, "REFERENCED_TABLE_SCHEMA");
            let to = quote(&text(row, "REFERENCED_TABLE_NAME"));
            let to = if schema == reading.schema {
                to
            } else {
                format!("{}.{to}", quote(&schema))
            };
            part.properties.insert("references", to);
            part.properties
                .insert("on_update", text(row, "UPDATE_RULE"));
            part.properties
                .insert("on_delete", text(row, "DELETE_RULE"));
            for (property, column) in [
                ("columns", "COLUMN_NAME"),
                ("referenced_columns", "REFERENCED_COLUMN_NAME"),
            ] {
                let one = quote(&text(row, column).to_lowercase());
                let all = part.properties.entry(property).or_default();
                *all = if all.is_empty() {
                    one
                } else {
                    format!("{all}, {one}")
                };
            }
        }
        Ok(())
    }

    async fn checks(&mut self, reading: &mut Reading, of: &str, filter: &impl Fn(&str) -> String) {
        let query = if self.maria {
            format!(
                "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE FROM \
                 information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = {of}{}",
                filter("TABLE_NAME")
            )
        } else {
            format!(
                "SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE FROM \
                 information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t ON \
                 t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND \
                 t.CONSTRAINT_TYPE = 'CHECK' WHERE c.CONSTRAINT_SCHEMA = {of}{}",
                filter("t.TABLE_NAME")
            )
        };
        // Servers before MySQL 8.0.16 and MariaDB 10.2 have none.
        for row in &self.rows_if(&query).await {
            let (table, name) = (text(row, "TABLE_NAME"), text(row, "CONSTRAINT_NAME"));
            reading.add(
                ObjectKind::Check,
                row,
                &table,
                &name,
                &[("clause", "CHECK_CLAUSE")],
            );
        }
    }

    async fn others(&mut self, reading: &mut Reading, of: &str) -> Result<(), MigrateError> {
        let views = self
            .rows(&format!("SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, SECURITY_TYPE FROM information_schema.VIEWS WHERE TABLE_SCHEMA = {of}"))
            .await?;
        for row in &views {
            reading.add(
                ObjectKind::View,
                row,
                "",
                &text(row, "TABLE_NAME"),
                &[
                    ("definition", "VIEW_DEFINITION"),
                    ("check", "CHECK_OPTION"),
                    ("security", "SECURITY_TYPE"),
                ],
            );
        }
        let triggers = self
            .rows(&format!("SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, EVENT_MANIPULATION, ACTION_TIMING, ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = {of}"))
            .await?;
        for row in &triggers {
            reading.add(
                ObjectKind::Trigger,
                row,
                "",
                &text(row, "TRIGGER_NAME"),
                &[
                    ("definition", "ACTION_STATEMENT"),
                    ("event", "EVENT_MANIPULATION"),
                    ("timing", "ACTION_TIMING"),
                    ("on", "EVENT_OBJECT_TABLE"),
                ],
            );
        }
        let routines = self
            .rows(&format!("SELECT ROUTINE_NAME, ROUTINE_TYPE, ROUTINE_DEFINITION, DTD_IDENTIFIER, IS_DETERMINISTIC, SQL_DATA_ACCESS, SECURITY_TYPE, (SELECT GROUP_CONCAT(CONCAT_WS(' ', p.PARAMETER_MODE, p.PARAMETER_NAME, p.DTD_IDENTIFIER) ORDER BY p.ORDINAL_POSITION SEPARATOR ', ') FROM information_schema.PARAMETERS p WHERE p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND p.SPECIFIC_NAME = r.ROUTINE_NAME AND p.ROUTINE_TYPE = r.ROUTINE_TYPE) AS PARAMETERS FROM information_schema.ROUTINES r WHERE ROUTINE_SCHEMA = {of}"))
            .await?;
        for row in &routines {
            reading.add(
                ObjectKind::Routine,
                row,
                "",
                &text(row, "ROUTINE_NAME"),
                &[
                    ("type", "ROUTINE_TYPE"),
                    ("definition", "ROUTINE_DEFINITION"),
                    ("returns", "DTD_IDENTIFIER"),
                    ("parameters", "PARAMETERS"),
                    ("deterministic", "IS_DETERMINISTIC"),
                    ("access", "SQL_DATA_ACCESS"),
                    ("security", "SECURITY_TYPE"),
                ],
            );
        }
        let events = self
            .rows_if(&format!("SELECT EVENT_NAME, EVENT_DEFINITION, INTERVAL_VALUE, INTERVAL_FIELD, STATUS FROM information_schema.EVENTS WHERE EVENT_SCHEMA = {of}"))
            .await;
        for row in &events {
            reading.add(
                ObjectKind::Event,
                row,
                "",
                &text(row, "EVENT_NAME"),
                &[
                    ("definition", "EVENT_DEFINITION"),
                    ("every", "INTERVAL_VALUE"),
                    ("unit", "INTERVAL_FIELD"),
                    ("status", "STATUS"),
                ],
            );
        }
        for key in [
            ObjectKind::View,
            ObjectKind::Trigger,
            ObjectKind::Routine,
            ObjectKind::Event,
        ] {
            let bodies: Vec<(Key, Option<String>)> = reading
                .found
                .iter()
                .filter(|(of, _)| of.kind == key)
                .map(|(of, part)| (of.clone(), part.properties.get("definition").cloned()))
                .collect();
            for (of, body) in bodies {
                // Without the right to see it a body is hidden: unknown, never equal to another one.
                let body = body.map_or_else(
                    || format!("?{}", reading.schema),
                    |body| reading.bare(&body),
                );
                if let Some(part) = reading.found.get_mut(&of) {
                    part.properties.insert("definition", body);
                }
            }
        }
        Ok(())
    }
}
