//! What a schema has and what statements want, in the server's own words, so that both can be
//! compared word by word. Read by `server`; pure here.

use std::collections::BTreeMap;

use super::statement::ForeignKey;

/// A column as `SHOW FULL COLUMNS` tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type: `varchar(45)`.
    pub kind: String,
    /// Its collation, for texts.
    pub collation: Option<String>,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Its default, where it has one.
    pub default: Option<String>,
    /// `auto_increment` and the like.
    pub extra: String,
    /// Its comment.
    pub comment: String,
}

/// Kinds of indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexKind {
    /// The primary key.
    Primary,
    /// `UNIQUE`.
    Unique,
    /// Neither.
    Plain,
    /// `FULLTEXT`.
    Fulltext,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name; `PRIMARY` for the primary key.
    pub name: String,
    /// Its kind.
    pub kind: IndexKind,
    /// Its columns with the length of the prefix, in characters, where it has one.
    pub columns: Vec<(String, Option<u32>)>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Columns in order.
    pub columns: Vec<Column>,
    /// Indexes.
    pub indexes: Vec<Index>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its storage engine.
    pub engine: String,
    /// The collation of columns that name none.
    pub collation: String,
    /// Its row format, where it is known.
    pub row_format: String,
    /// Bytes of data and indexes.
    pub bytes: u64,
}

/// What a statement wants of a schema, normalised by the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The table of a `CREATE TABLE`.
    Table(Table),
    /// The columns of the clauses of an `ALTER TABLE`, by the clause's place.
    Columns(BTreeMap<usize, Column>),
    /// Whether each row of an `INSERT` is there.
    Rows(Vec<RowFact>),
    /// The server refuses the definition.
    Refused {
        /// The server's error number.
        code: u16,
        /// Its message.
        message: String,
    },
}

/// What the schema has of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFact {
    /// Nothing under its keys.
    Absent,
    /// The same row.
    Same,
    /// A row with the same key and other values.
    Different {
        /// The key, for people: `id = 'x'`.
        key: String,
        /// Column, value wanted, value there.
        fields: Vec<(String, String, String)>,
    },
    /// It cannot be told: the key is no literal.
    Unknown,
}

/// Place of a statement: script and statement, both from 0.
pub type Place = (usize, usize);

/// What is known of a schema before anything is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The schema's name.
    pub schema: String,
    /// Its tables, as far as scripts or checks name them.
    pub tables: BTreeMap<String, Table>,
    /// What the statements want.
    pub wanted: BTreeMap<Place, Wanted>,
}

impl Table {
    /// A column; names do not tell capitals from small letters.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns
            .iter()
            .find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// An index.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes
            .iter()
            .find(|index| index.name.eq_ignore_ascii_case(name))
    }
}

impl Index {
    /// Whether both are the same but for their names.
    pub fn covers_same(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.columns.len() == other.columns.len()
            && self
                .columns
                .iter()
                .zip(&other.columns)
                .all(|(one, two)| one.0.eq_ignore_ascii_case(&two.0) && one.1 == two.1)
    }

    /// For people: ``UNIQUE KEY `a` (`b`, `c`(10))``.
    pub fn words(&self) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|(name, prefix)| match prefix {
                Some(prefix) => format!("{}({prefix})", quote(name)),
                None => quote(name),
            })
            .collect();
        let columns = columns.join(", ");
        match self.kind {
            IndexKind::Primary => format!("PRIMARY KEY ({columns})"),
            IndexKind::Unique => format!("UNIQUE KEY {} ({columns})", quote(&self.name)),
            IndexKind::Plain => format!("KEY {} ({columns})", quote(&self.name)),
            IndexKind::Fulltext => format!("FULLTEXT KEY {} ({columns})", quote(&self.name)),
        }
    }
}

impl ForeignKey {
    /// For people and for a statement.
    pub fn words(&self) -> String {
        let list = |names: &[String]| {
            let names: Vec<String> = names.iter().map(|name| quote(name)).collect();
            names.join(", ")
        };
        let name = self
            .name
            .as_ref()
            .map_or(String::new(), |name| format!("CONSTRAINT {} ", quote(name)));
        let words = format!(
            "{name}FOREIGN KEY ({}) REFERENCES {} ({}) {}",
            list(&self.columns),
            quote(&self.table),
            list(&self.to),
            self.rules
        );
        words.trim_end().to_owned()
    }

    /// Whether both are the same but for their names.
    pub fn same(&self, other: &Self) -> bool {
        self.columns == other.columns
            && self.table == other.table
            && self.to == other.to
            && self.rules == other.rules
    }
}

impl Column {
    /// The definition as a statement would have it, without the name.
    pub fn definition(&self) -> String {
        let mut words = self.kind.clone();
        if let Some(collation) = &self.collation {
            let charset = collation.split('_').next().unwrap_or(collation);
            words = format!("{words} CHARACTER SET {charset} COLLATE {collation}");
        }
        words += if self.nullable { " NULL" } else { " NOT NULL" };
        if let Some(default) = &self.default {
            let bare = default.to_ascii_lowercase();
            let function = bare.starts_with("current_timestamp")
                || bare.starts_with("b'")
                || bare.ends_with("()");
            if function {
                words = format!("{words} DEFAULT {default}");
            } else {
                words = format!(
                    "{words} DEFAULT '{}'",
                    default.replace('\\', "\\\\").replace('\'', "''")
                );
            }
        } else if self.nullable {
            words += " DEFAULT NULL";
        }
        let extra = self.extra.replace("DEFAULT_GENERATED", "");
        if !extra.trim().is_empty() {
            words = format!("{words} {}", extra.trim());
        }
        if !self.comment.is_empty() {
            words = format!(
                "{words} COMMENT '{}'",
                self.comment.replace('\\', "\\\\").replace('\'', "''")
            );
        }
        words
    }

    /// Characters that a text holds, where its type has a length.
    pub fn length(&self) -> Option<u64> {
        let (head, rest) = self.kind.split_once('(')?;
        let texts = ["varchar", "char", "varbinary", "binary"];
        let digits = rest.split([')', ',']).next()?;
        texts.contains(&head).then(|| digits.parse().ok())?
    }
}

/// A name in backquotes.
pub fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
