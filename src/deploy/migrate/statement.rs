//! What a statement wants, as far as it can be told without a server. Pure.
//!
//! What is not understood is [`Kind::Other`] or [`Clause::Other`]: it is carried out as it is, and
//! nothing is said about whether it is already true.

use super::facts::Index;
use super::lex::words;
use super::parse;

/// What a statement is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `CREATE TABLE` with columns of its own.
    CreateTable(CreateTable),
    /// `ALTER TABLE`, and `CREATE INDEX` and `DROP INDEX`, which are the same.
    AlterTable {
        /// The table.
        table: String,
        /// Its clauses, in order.
        clauses: Vec<Clause>,
    },
    /// `INSERT … VALUES`.
    Insert(Insert),
    /// `UPDATE`, `DELETE`, `REPLACE`, `INSERT … SELECT`: changes rows, in a way that `information_schema` does not tell.
    Rows {
        /// The table.
        table: String,
    },
    /// `DROP TABLE`.
    DropTable {
        /// The tables.
        tables: Vec<String>,
    },
    /// `SET` of the session: carried out again in each run.
    Session,
    /// `USE` of a schema.
    Use {
        /// The schema.
        schema: String,
    },
    /// Something else.
    Other,
}

/// `CREATE TABLE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTable {
    /// The table.
    pub table: String,
    /// Definitions of columns and keys without the foreign keys, separated by commas.
    pub body: String,
    /// Options behind the parentheses.
    pub options: String,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
}

/// `INSERT … VALUES`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insert {
    /// The table.
    pub table: String,
    /// The columns named; empty where none are.
    pub columns: Vec<String>,
    /// Rows of expressions, as they stand in the script.
    pub rows: Vec<Vec<Value>>,
}

/// An expression of an inserted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// As it stands in the script.
    pub text: String,
    /// Whether it is a literal, the same each time.
    pub literal: bool,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// The table referred to.
    pub table: String,
    /// The columns referred to.
    pub to: Vec<String>,
    /// What stands behind (`ON DELETE CASCADE`), in capitals.
    pub rules: String,
}

/// A clause of `ALTER TABLE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    /// `ADD COLUMN`.
    AddColumn {
        /// The column.
        name: String,
        /// Its definition without its place.
        definition: String,
    },
    /// `MODIFY COLUMN`, and `CHANGE COLUMN` of a column to itself.
    ModifyColumn {
        /// The column.
        name: String,
        /// Its definition without its place.
        definition: String,
    },
    /// `CHANGE COLUMN` to another name.
    RenameColumn {
        /// The old name.
        old: String,
        /// The new name.
        name: String,
        /// Its definition without its place.
        definition: String,
    },
    /// `ADD INDEX`, `ADD UNIQUE`, `ADD PRIMARY KEY`, `CREATE INDEX`.
    AddIndex(Index),
    /// `ADD … FOREIGN KEY`.
    AddForeignKey(ForeignKey),
    /// `DROP COLUMN`.
    DropColumn(String),
    /// `DROP INDEX`, `DROP KEY`; `PRIMARY` for the primary key.
    DropIndex(String),
    /// `DROP FOREIGN KEY`.
    DropForeignKey(String),
    /// `RENAME TO`.
    RenameTo(String),
    /// Something else.
    Other,
}

impl Kind {
    /// Understands a statement.
    pub fn of(text: &str) -> Self {
        parse::kind(text)
    }

    /// The table that it changes, where it is one.
    pub fn table(&self) -> Option<&str> {
        match self {
            Self::CreateTable(create) => Some(&create.table),
            Self::AlterTable { table, .. } | Self::Rows { table } => Some(table),
            Self::Insert(insert) => Some(&insert.table),
            Self::DropTable { tables } => tables.first().map(String::as_str),
            Self::Session | Self::Use { .. } | Self::Other => None,
        }
    }
}

/// Whether a statement destroys: `DROP`, `TRUNCATE`, `DELETE` without `WHERE`.
pub fn destroys(text: &str) -> bool {
    let words = words(text);
    let Some(first) = words.first() else {
        return false;
    };
    let has = |keyword: &str| words.iter().any(|word| word.is(keyword));
    if first.is("drop") || first.is("truncate") {
        return true;
    }
    if first.is("delete") {
        return !has("where");
    }
    if first.is("alter") {
        // `ALTER COLUMN c DROP DEFAULT` loses nothing that was stored.
        return words
            .windows(2)
            .any(|pair| pair[0].is("drop") && !pair[1].is("default"))
            || has("truncate");
    }
    // The body of a routine or a trigger is carried out later, by others; its statements count all the same.
    first.is("create")
        && ["procedure", "function", "trigger", "event"]
            .iter()
            .any(|word| has(word))
        && (has("drop") || has("truncate"))
}

#[cfg(test)]
mod tests;
