//! Asks the server what the schema has and, in the server's own words, what the statements want.
//!
//! A wanted definition is given to the server as a temporary table: nobody else sees it, it is gone
//! with the connection, and the server refuses it for the same reasons as the real one.

use std::collections::{BTreeMap, BTreeSet};

use mysql_async::Row;
use mysql_async::prelude::Queryable as _;

use super::facts::{Column, Facts, Index, IndexKind, RowFact, Table, Wanted, quote};
use super::judge::unique;
use super::ledger::{LedgerRow, LedgerState, Script};
use super::server::{MigrateError, Server, at, named, told};
use super::statement::{Clause, CreateTable, Insert, Kind};
use crate::deploy::migrate::statement::Value;

/// The temporary table.
const SHADOW: &str = "wecubectl_shadow";

impl Server {
    /// What the statements that the ledger does not have need to know.
    pub(super) async fn facts(
        &mut self,
        scripts: &[Script],
        ledger: &[LedgerRow],
    ) -> Result<Facts, MigrateError> {
        let mut facts = Facts {
            schema: self.schema.clone(),
            ..Facts::default()
        };
        let known: BTreeSet<(&str, usize, &str)> = ledger
            .iter()
            .filter(|row| row.state != LedgerState::Started)
            .map(|row| (row.script.as_str(), row.number, row.checksum.as_str()))
            .collect();
        let mut kinds = BTreeMap::new();
        for (at, script) in scripts.iter().enumerate() {
            for (number, statement) in script.statements.iter().enumerate() {
                let key = (
                    script.name.as_str(),
                    statement.number,
                    statement.checksum.as_str(),
                );
                if !known.contains(&key) {
                    kinds.insert((at, number), Kind::of(&statement.text));
                }
            }
        }
        let present = self.table_names().await?;
        let named: BTreeSet<&str> = kinds.values().flat_map(tables_of).collect();
        for name in named.into_iter().filter(|name| present.contains(*name)) {
            let table = self.table(name).await?;
            facts.tables.insert(name.to_owned(), table);
        }
        self.act("SET SESSION foreign_key_checks = 0").await?;
        let collations = facts.tables.iter();
        let mut collations: BTreeMap<String, String> = collations
            .map(|(name, table)| (name.clone(), table.collation.clone()))
            .collect();
        for (place, kind) in kinds {
            let wanted = match &kind {
                Kind::CreateTable(create) => {
                    Some(self.wanted_table(create, &mut collations).await?)
                }
                Kind::AlterTable { table, clauses } => {
                    self.wanted_columns(collations.get(table), clauses).await?
                }
                Kind::Insert(insert) => match facts.tables.get(&insert.table) {
                    Some(table) => Some(self.wanted_rows(insert, table).await?),
                    None => Some(Wanted::Rows(vec![RowFact::Absent; insert.rows.len()])),
                },
                _ => None,
            };
            if let Some(wanted) = wanted {
                facts.wanted.insert(place, wanted);
            }
        }
        self.act("SET SESSION foreign_key_checks = DEFAULT").await?;
        Ok(facts)
    }

    /// Names of all tables of the schema.
    pub(super) async fn table_names(&mut self) -> Result<BTreeSet<String>, MigrateError> {
        let rows = self
            .rows(
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
            )
            .await?;
        Ok(rows.iter().filter_map(|row| at(row, 0)).collect())
    }

    /// A table that is there.
    pub(super) async fn table(&mut self, name: &str) -> Result<Table, MigrateError> {
        let mut table = self.columns_and_indexes(name).await?;
        let text = name.replace('\\', "\\\\").replace('\'', "''");
        let rows = self
            .rows(&format!(
                "SELECT ENGINE, TABLE_COLLATION, ROW_FORMAT, DATA_LENGTH + INDEX_LENGTH FROM \
                 information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '{text}'"
            ))
            .await?;
        if let Some(row) = rows.first() {
            table.engine = at(row, 0).unwrap_or_default();
            table.collation = at(row, 1).unwrap_or_default();
            table.row_format = at(row, 2).unwrap_or_default();
            table.bytes = at(row, 3).unwrap_or_default();
        }
        let words = self.create_words(name).await?;
        if let Kind::CreateTable(create) = Kind::of(&words) {
            table.foreign_keys = create.foreign_keys;
        }
        Ok(table)
    }

    async fn create_words(&mut self, name: &str) -> Result<String, MigrateError> {
        let rows = self
            .rows(&format!("SHOW CREATE TABLE {}", quote(name)))
            .await?;
        Ok(rows.first().and_then(|row| at(row, 1)).unwrap_or_default())
    }

    async fn columns_and_indexes(&mut self, name: &str) -> Result<Table, MigrateError> {
        let rows = self
            .rows(&format!("SHOW FULL COLUMNS FROM {}", quote(name)))
            .await?;
        let columns = rows.iter().map(column).collect();
        let rows = self
            .rows(&format!("SHOW INDEX FROM {}", quote(name)))
            .await?;
        Ok(Table {
            columns,
            indexes: indexes(&rows),
            ..Table::default()
        })
    }

    async fn wanted_table(
        &mut self,
        create: &CreateTable,
        collations: &mut BTreeMap<String, String>,
    ) -> Result<Wanted, MigrateError> {
        let text = format!(
            "CREATE TEMPORARY TABLE `{SHADOW}` ({}) {}",
            create.body, create.options
        );
        if let Err(refused) = self.shadow(&text).await? {
            return Ok(refused);
        }
        let mut table = self.columns_and_indexes(SHADOW).await?;
        let words = self.create_words(SHADOW).await?;
        let options = words.rsplit_once("\n)").map_or("", |(_, options)| options);
        table.engine = option(options, "ENGINE=").unwrap_or_default();
        table.collation = match (option(options, "COLLATE="), option(options, "CHARSET=")) {
            (Some(collation), _) => collation,
            (None, Some(charset)) => self.default_collation(&charset).await?,
            (None, None) => String::new(),
        };
        let format = option(options, "ROW_FORMAT=");
        let default = self.rows_if("SELECT @@innodb_default_row_format").await;
        table.row_format = format
            .or_else(|| at(default.first()?, 0))
            .unwrap_or_default();
        table.foreign_keys.clone_from(&create.foreign_keys);
        collations
            .entry(create.table.clone())
            .or_insert_with(|| table.collation.clone());
        self.act(&format!("DROP TEMPORARY TABLE `{SHADOW}`"))
            .await?;
        Ok(Wanted::Table(table))
    }

    async fn default_collation(&mut self, charset: &str) -> Result<String, MigrateError> {
        let query = format!(
            "SELECT DEFAULT_COLLATE_NAME FROM information_schema.CHARACTER_SETS WHERE \
             CHARACTER_SET_NAME = '{charset}'"
        );
        Ok(self.one(&query).await?.unwrap_or_default())
    }

    /// The columns of an `ALTER TABLE` as the server would have them.
    async fn wanted_columns(
        &mut self,
        collation: Option<&String>,
        clauses: &[Clause],
    ) -> Result<Option<Wanted>, MigrateError> {
        let mut columns = BTreeMap::new();
        for (at, clause) in clauses.iter().enumerate() {
            let (Clause::AddColumn { name, definition }
            | Clause::ModifyColumn { name, definition }
            | Clause::RenameColumn {
                name, definition, ..
            }) = clause
            else {
                continue;
            };
            let name = quote(name);
            let lower = definition.to_ascii_lowercase();
            let key = if lower.contains("auto_increment") && !lower.contains("key") {
                format!(", KEY ({name})")
            } else {
                String::new()
            };
            let collation = collation.filter(|collation| !collation.is_empty());
            let collation = collation.map_or(String::new(), |collation| {
                format!("DEFAULT COLLATE={collation}")
            });
            let text = format!(
                "CREATE TEMPORARY TABLE `{SHADOW}` ({name} {definition}{key}) ENGINE=InnoDB {collation}"
            );
            if let Err(refused) = self.shadow(&text).await? {
                return Ok(Some(refused));
            }
            let table = self.columns_and_indexes(SHADOW).await?;
            columns.extend(table.columns.into_iter().next().map(|column| (at, column)));
            self.act(&format!("DROP TEMPORARY TABLE `{SHADOW}`"))
                .await?;
        }
        Ok((!columns.is_empty()).then_some(Wanted::Columns(columns)))
    }

    /// Makes the temporary table; what the server refuses is a fact of the statement, but a missing
    /// right is an error of ours.
    async fn shadow(&mut self, text: &str) -> Result<Result<(), Wanted>, MigrateError> {
        match self.conn.query_drop(text).await {
            Ok(()) => Ok(Ok(())),
            Err(error) => match told(&error) {
                (0 | 1044 | 1142 | 1227 | 1290, _) => Err(self.failed(&error).hint(
                    crate::i18n::Text::new("migrate-hint-temporary").with("schema", &self.schema),
                )),
                (code, message) => Ok(Err(Wanted::Refused { code, message })),
            },
        }
    }

    async fn wanted_rows(
        &mut self,
        insert: &Insert,
        table: &Table,
    ) -> Result<Wanted, MigrateError> {
        let columns: Vec<String> = if insert.columns.is_empty() {
            table
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect()
        } else {
            insert.columns.clone()
        };
        let mut rows = Vec::new();
        for row in &insert.rows {
            let there = columns.len() == row.len()
                && columns.iter().all(|name| table.column(name).is_some());
            rows.push(if there {
                self.wanted_row(&insert.table, table, &columns, row).await?
            } else {
                RowFact::Unknown
            });
        }
        Ok(Wanted::Rows(rows))
    }

    async fn wanted_row(
        &mut self,
        name: &str,
        table: &Table,
        columns: &[String],
        row: &[Value],
    ) -> Result<RowFact, MigrateError> {
        let value = |column: &str| {
            let pairs = columns.iter().zip(row);
            let mut pairs = pairs.filter(|(name, _)| name.eq_ignore_ascii_case(column));
            pairs
                .next()
                .map(|(_, value)| value)
                .filter(|value| value.literal)
        };
        let keys: Vec<Vec<(String, String)>> = table
            .indexes
            .iter()
            .filter(|index| unique(index))
            .filter_map(|index| {
                let parts = index.columns.iter();
                parts
                    .map(|(column, _)| Some((column.clone(), value(column)?.text.clone())))
                    .collect()
            })
            .collect();
        let literal = columns.iter().zip(row).filter(|(_, value)| value.literal);
        let literal: Vec<(String, String)> = literal
            .map(|(column, value)| (column.clone(), value.text.clone()))
            .collect();
        // Without a key that tells rows apart, the same row is one with the same values.
        let keys = if keys.is_empty() {
            vec![literal.clone()]
        } else {
            keys
        };
        if literal.is_empty() {
            return Ok(RowFact::Unknown);
        }
        for key in keys {
            if let Some(found) = self.row_by(name, &key, &literal).await? {
                return Ok(found);
            }
        }
        Ok(RowFact::Absent)
    }

    async fn row_by(
        &mut self,
        table: &str,
        key: &[(String, String)],
        values: &[(String, String)],
    ) -> Result<Option<RowFact>, MigrateError> {
        let same = |(column, value): &(String, String)| format!("{} <=> {value}", quote(column));
        // `=` for the key, as a unique index counts: NULL is never the same there.
        let equal = |(column, value): &(String, String)| format!("{} = {value}", quote(column));
        let condition: Vec<String> = key
            .iter()
            .map(if key == values { same } else { equal })
            .collect();
        let asked: Vec<String> = values
            .iter()
            .map(|(column, value)| {
                let column = quote(column);
                format!("{column} <=> {value}, CAST({column} AS CHAR), CAST({value} AS CHAR)")
            })
            .collect();
        let query = format!(
            "SELECT {} FROM {} WHERE {} LIMIT 1",
            asked.join(", "),
            quote(table),
            condition.join(" AND ")
        );
        let rows = self.rows(&query).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let mut fields = Vec::new();
        for (place, (column, _)) in values.iter().enumerate() {
            if at::<i64>(row, place * 3) != Some(1) {
                let word =
                    |at_place| at::<String>(row, at_place).unwrap_or_else(|| "NULL".to_owned());
                fields.push((column.clone(), word(place * 3 + 2), word(place * 3 + 1)));
            }
        }
        if fields.is_empty() {
            return Ok(Some(RowFact::Same));
        }
        let words: Vec<String> = key
            .iter()
            .map(|(column, value)| format!("{column} = {value}"))
            .collect();
        Ok(Some(RowFact::Different {
            key: words.join(", "),
            fields,
        }))
    }
}

fn tables_of(kind: &Kind) -> Vec<&str> {
    let mut tables: Vec<&str> = kind.table().into_iter().collect();
    match kind {
        Kind::DropTable { tables: all } => tables.extend(all.iter().map(String::as_str)),
        Kind::AlterTable { clauses, .. } => {
            tables.extend(clauses.iter().filter_map(|clause| match clause {
                Clause::AddForeignKey(key) => Some(key.table.as_str()),
                Clause::RenameTo(name) => Some(name.as_str()),
                _ => None,
            }));
        }
        _ => {}
    }
    tables
}

fn column(row: &Row) -> Column {
    Column {
        name: named(row, "Field").unwrap_or_default(),
        kind: named(row, "Type").unwrap_or_default(),
        collation: named(row, "Collation"),
        nullable: named::<String>(row, "Null").is_some_and(|word| word == "YES"),
        default: named(row, "Default"),
        // A MySQL has the word NULL there for the columns of a temporary table (seen on 9.7).
        extra: named::<String>(row, "Extra")
            .filter(|extra| extra != "NULL")
            .unwrap_or_default(),
        comment: named(row, "Comment").unwrap_or_default(),
    }
}

fn indexes(rows: &[Row]) -> Vec<Index> {
    let mut found: Vec<Index> = Vec::new();
    for row in rows {
        let name: String = named(row, "Key_name").unwrap_or_default();
        let column: String = named(row, "Column_name").unwrap_or_default();
        let part = (column, named::<u32>(row, "Sub_part"));
        if let Some(index) = found.iter_mut().find(|index| index.name == name) {
            index.columns.push(part);
            continue;
        }
        let fulltext = named::<String>(row, "Index_type").is_some_and(|word| word == "FULLTEXT");
        let kind = match (name.as_str(), named::<i64>(row, "Non_unique")) {
            ("PRIMARY", _) => IndexKind::Primary,
            (_, Some(0)) => IndexKind::Unique,
            _ if fulltext => IndexKind::Fulltext,
            _ => IndexKind::Plain,
        };
        found.push(Index {
            name,
            kind,
            columns: vec![part],
        });
    }
    found
}

/// The word behind an option of `SHOW CREATE TABLE`.
fn option(options: &str, name: &str) -> Option<String> {
    let rest = options.split_once(name)?.1;
    rest.split_whitespace().next().map(str::to_owned)
}
