//! Objects of a schema with their properties, normalised: names of columns, indexes and constraints in
//! small letters, properties as `information_schema` says them. Pure.

use std::collections::BTreeMap;

use super::split::sha256;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// A table.
    Table,
    /// A column.
    Column,
    /// An index or a primary key.
    Index,
    /// A foreign key.
    ForeignKey,
    /// A `CHECK` constraint.
    Check,
    /// A view.
    View,
    /// A trigger.
    Trigger,
    /// A procedure or a function.
    Routine,
    /// An event.
    Event,
}

impl ObjectKind {
    /// What a statement names so after `CREATE`, `DROP` or `RENAME`, in small letters.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "table" | "tables" => Self::Table,
            "column" => Self::Column,
            "index" | "key" => Self::Index,
            "view" => Self::View,
            "trigger" => Self::Trigger,
            "procedure" | "function" => Self::Routine,
            "event" => Self::Event,
            _ => return None,
        })
    }

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Column => "column",
            Self::Index => "index",
            Self::ForeignKey => "foreign_key",
            Self::Check => "check",
            Self::View => "view",
            Self::Trigger => "trigger",
            Self::Routine => "routine",
            Self::Event => "event",
        }
    }
}

/// An object: its kind, its table (empty if it has none), its name (empty for a table).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The table that it is part of, or that it is.
    pub table: String,
    /// What it is.
    pub kind: ObjectKind,
    /// Its name within the table.
    pub name: String,
}

impl Key {
    pub(super) fn new(kind: ObjectKind, table: &str, name: &str) -> Self {
        let (table, name) = (table.to_owned(), name.to_lowercase());
        Self { table, kind, name }
    }

    pub(super) fn table(table: &str) -> Self {
        Self::new(ObjectKind::Table, table, "")
    }

    /// For people: `t`, `t.c`, or the name alone.
    pub fn path(&self) -> String {
        match (self.table.as_str(), self.name.as_str()) {
            (table, "") => table.to_owned(),
            ("", name) => name.to_owned(),
            (table, name) => format!("{table}.{name}"),
        }
    }
}

/// Properties of an object by their names.
pub(super) type Properties = BTreeMap<String, String>;

/// Properties that nobody notices, or that a server's default explains where the statement does not name them.
const NOTES: [&str; 2] = ["comment", "row_format"];

/// Whether two objects have the same properties. Comments and the row format do not count; the collation
/// counts unless `any_collation` says that the statement left it to a default and the character set is the same.
pub(super) fn same(wanted: &Properties, present: &Properties, any_collation: bool) -> bool {
    let of = |name: &str| (wanted.get(name), present.get(name));
    wanted.keys().chain(present.keys()).all(|name| {
        let (one, other) = of(name);
        let explained = any_collation && name == "collation" && charset(one) == charset(other);
        one == other || explained || NOTES.contains(&name.as_str())
    })
}

/// The character set of a collation.
fn charset(collation: Option<&String>) -> Option<&str> {
    let name = collation?.split('_').next()?;
    Some(if name == "utf8" { "utf8mb3" } else { name })
}

/// An object as it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// Its name as written.
    pub(super) name: String,
    /// Its properties.
    pub(super) properties: Properties,
    /// A column's place in its table, from 1.
    pub(super) position: u64,
}

impl Part {
    /// A property; empty if it has none of that name.
    pub(super) fn get(&self, name: &str) -> &str {
        self.properties.get(name).map_or("", String::as_str)
    }

    /// The columns of a key, as they are written, each with its name alone.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&str, String)> {
        let columns = self
            .get("columns")
            .split(", ")
            .filter(|column| !column.is_empty());
        columns.map(|column| {
            let name = column.trim_start_matches('`').split('`').next();
            (column, name.unwrap_or_default().to_owned())
        })
    }
}

/// All objects of a schema, or of some of its tables.
pub(super) type Snapshot = BTreeMap<Key, Part>;

/// The checksum of objects, with the order of columns.
pub(super) fn fingerprint(objects: &Snapshot) -> String {
    sha256(format!("{objects:?}").as_bytes())
}

/// The definition of a part of a table as `ALTER TABLE` takes it behind `ADD` or `MODIFY COLUMN`.
pub(super) fn definition(key: &Key, name: &str, of: &Properties) -> String {
    let get = |name: &str| of.get(name).map_or("", String::as_str);
    let words: Vec<String> = match key.kind {
        ObjectKind::Column => column(name, &get),
        ObjectKind::Index => {
            let columns = get("columns").to_owned();
            let head = match (key.name.as_str(), get("unique"), get("type")) {
                ("primary", _, _) => "PRIMARY KEY".to_owned(),
                (_, "1", _) => format!("UNIQUE KEY {}", quote(name)),
                (_, _, kind @ ("FULLTEXT" | "SPATIAL")) => format!("{kind} KEY {}", quote(name)),
                _ => format!("KEY {}", quote(name)),
            };
            vec![head, format!("({columns})")]
        }
        ObjectKind::ForeignKey => vec![format!(
            "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {} ON UPDATE {}",
            quote(name),
            get("columns"),
            get("references"),
            get("referenced_columns"),
            get("on_delete"),
            get("on_update")
        )],
        ObjectKind::Check => vec![format!(
            "CONSTRAINT {} CHECK ({})",
            quote(name),
            get("clause")
        )],
        _ => {
            let pairs = of
                .iter()
                .filter(|(name, _)| !NOTES.contains(&name.as_str()));
            pairs
                .map(|(name, value)| format!("{name}={value}"))
                .collect()
        }
    };
    words.join(" ")
}

fn column<'a>(name: &str, get: &impl Fn(&str) -> &'a str) -> Vec<String> {
    let mut words = vec![quote(name), get("type").to_owned()];
    let collation = get("collation");
    if !collation.is_empty() {
        words.push(format!("COLLATE {collation}"));
    }
    if !get("generated").is_empty() {
        words.push(format!(
            "GENERATED ALWAYS AS ({}) {}",
            get("generated"),
            get("extra")
        ));
        return words;
    }
    words.push(
        if get("nullable") == "YES" {
            "NULL"
        } else {
            "NOT NULL"
        }
        .to_owned(),
    );
    if !get("default").is_empty() {
        words.push(format!("DEFAULT {}", get("default")));
    }
    let extra = get("extra").replace("DEFAULT_GENERATED", "");
    if !extra.trim().is_empty() {
        words.push(extra.trim().to_owned());
    }
    words
}

/// Whether a column of the new type cannot hold all that one of the old type can.
pub(super) fn narrows(old: &Properties, new: &Properties) -> bool {
    let kind = |of: &Properties| of.get("type").cloned().unwrap_or_default();
    let (old, new) = (kind(old), kind(new));
    old != new && !widens(&old, &new)
}

fn widens(old: &str, new: &str) -> bool {
    const INTEGERS: [&str; 5] = ["tinyint", "smallint", "mediumint", "int", "bigint"];
    const TEXTS: [(&str, u64); 6] = [
        ("char", 0),
        ("varchar", 0),
        ("tinytext", 255),
        ("text", 65_535),
        ("mediumtext", 16_777_215),
        ("longtext", 4_294_967_295),
    ];
    let head = |kind: &str| kind.split(['(', ' ']).next().unwrap_or_default().to_owned();
    let inside = |kind: &str| {
        let rest = kind.split_once('(')?.1;
        Some(rest.split_once(')')?.0.to_owned())
    };
    let signed = |kind: &str| !kind.contains("unsigned");
    let (before, after) = (head(old), head(new));
    let rank = |kind: &str| INTEGERS.iter().position(|name| *name == kind);
    if let (Some(before), Some(after)) = (rank(&before), rank(&after)) {
        return signed(old) == signed(new) && before <= after
            || !signed(old) && signed(new) && before < after;
    }
    let capacity = |kind: &str, head: &str| {
        let (_, fixed) = TEXTS.iter().find(|(name, _)| *name == head)?;
        // A length counts characters, the capacity of a TEXT bytes: at most four for one.
        match inside(kind).and_then(|length| length.parse::<u64>().ok()) {
            Some(length) if *fixed == 0 => Some((length, length * 4)),
            _ => Some((fixed / 4, *fixed)),
        }
    };
    if let (Some((one, bytes)), Some((other, most))) =
        (capacity(old, &before), capacity(new, &after))
    {
        let lengths = after.ends_with("char") && before.ends_with("char");
        return if lengths {
            other >= one
        } else if before.ends_with("char") {
            most >= bytes
        } else {
            most >= bytes && after.ends_with("text")
        };
    }
    if before == "bit" && rank(&after).is_some() {
        return inside(old)
            .and_then(|bits| bits.parse::<u32>().ok())
            .is_some_and(|bits| bits < 8);
    }
    if before != after {
        return false;
    }
    match before.as_str() {
        "enum" | "set" => {
            let strip = |kind: &str| kind.trim_end_matches(')').to_owned();
            new.starts_with(&strip(old))
        }
        "decimal" => {
            let digits = |kind: &str| {
                let parts = inside(kind).unwrap_or_default();
                let mut parts = parts
                    .split(',')
                    .map(|n| n.trim().parse::<i64>().unwrap_or(0));
                let (all, behind) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
                (all - behind, behind)
            };
            let (one, other) = (digits(old), digits(new));
            other.0 >= one.0 && other.1 >= one.1 && signed(old) == signed(new)
        }
        _ => {
            let length = |kind: &str| {
                inside(kind)
                    .and_then(|n| n.parse::<u64>().ok())
                    .unwrap_or(0)
            };
            length(new) >= length(old)
        }
    }
}

/// The SQL word of an object.
pub(super) fn word_of(kind: ObjectKind, part: &Part) -> String {
    match (kind, part.get("type")) {
        (ObjectKind::Table | ObjectKind::Routine, word)
            if !["", "BASE TABLE", "SYSTEM VERSIONED"].contains(&word) =>
        {
            word.to_owned()
        }
        _ => kind.as_str().to_uppercase(),
    }
}

/// A name in backquotes.
pub(super) fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A text in quotes, for a session without `NO_BACKSLASH_ESCAPES`.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrowing_types_are_told() {
        for (old, new, narrow) in [
            ("varchar(20)", "varchar(30)", false),
            ("varchar(30)", "varchar(20)", true),
            ("varchar(255)", "text", false),
            ("varchar(30000)", "text", true),
            ("text", "varchar(255)", true),
            ("text", "mediumtext", false),
            ("int(11)", "bigint(20)", false),
            ("tinyint(1)", "tinyint(4)", false),
            ("bigint(20)", "int(11)", true),
            ("int(10) unsigned", "int(11)", true),
            ("int(10) unsigned", "bigint(20)", false),
            ("enum('a','b')", "enum('a','b','c')", false),
            ("enum('a','b')", "enum('a')", true),
            ("decimal(10,2)", "decimal(12,2)", false),
            ("decimal(10,2)", "decimal(10,4)", true),
            ("datetime", "date", true),
            ("varchar(10)", "int(11)", true),
            ("bit(1)", "tinyint(1)", false),
        ] {
            let of = |kind: &str| Properties::from([("type".to_owned(), kind.to_owned())]);
            assert_eq!(narrows(&of(old), &of(new)), narrow, "{old} to {new}");
        }
    }
}
