//! Two definitions of one thing, side by side. Pure.

use super::facts::{Column, Index, Table};
use super::statement::ForeignKey;

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A column.
    Column,
    /// An index.
    Index,
    /// A foreign key.
    ForeignKey,
    /// The storage engine.
    Engine,
    /// The collation of columns that name none.
    Collation,
    /// The order of columns.
    Order,
    /// A value of a row.
    Value,
}

/// Which part of a definition differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// Wanted, not there.
    Missing,
    /// There, not wanted; `required` where a row cannot be inserted without naming it.
    Extra {
        /// `NOT NULL` without a default, or `UNIQUE`.
        required: bool,
    },
    /// There holds less than wanted, in characters.
    Shorter {
        /// Characters there.
        present: u64,
    },
    /// There holds more than wanted.
    Longer,
    /// Another type.
    Type,
    /// `NOT NULL` there, not wanted so.
    Stricter,
    /// NULL is allowed there, not wanted so.
    Looser,
    /// Another default.
    Default,
    /// Another character set or collation.
    Collation,
    /// Another comment.
    Comment,
    /// Something else.
    Other,
}

impl Aspect {
    /// Whether nothing that works on the wanted definition can fail on the present one.
    pub fn harmless(&self) -> bool {
        matches!(self, Self::Comment)
    }
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub subject: Subject,
    /// Its name: column, index, key.
    pub name: String,
    /// What is wanted.
    pub wanted: Option<String>,
    /// What is there.
    pub present: Option<String>,
    /// Which parts differ.
    pub aspects: Vec<Aspect>,
    /// What it means for the statements that follow; filled in by `meaning`.
    pub meanings: Vec<super::meaning::Meaning>,
}

impl Difference {
    pub(super) fn new(
        subject: Subject,
        name: &str,
        wanted: Option<String>,
        present: Option<String>,
        aspects: Vec<Aspect>,
    ) -> Self {
        Self {
            subject,
            name: name.to_owned(),
            wanted,
            present,
            aspects,
            meanings: Vec::new(),
        }
    }

    /// Whether it changes nothing that a script or the platform can notice.
    pub fn harmless(&self) -> bool {
        self.subject == Subject::Order || self.aspects.iter().all(Aspect::harmless)
    }
}

/// How the table there differs from the wanted one.
pub(super) fn tables(wanted: &Table, present: &Table) -> Vec<Difference> {
    let mut found = Vec::new();
    for column in &wanted.columns {
        match present.column(&column.name) {
            Some(there) => found.extend(columns(column, there)),
            None => found.push(Difference::new(
                Subject::Column,
                &column.name,
                Some(column.definition()),
                None,
                vec![Aspect::Missing],
            )),
        }
    }
    for there in present
        .columns
        .iter()
        .filter(|there| wanted.column(&there.name).is_none())
    {
        let required = !there.nullable && there.default.is_none() && there.extra.is_empty();
        found.push(Difference::new(
            Subject::Column,
            &there.name,
            None,
            Some(there.definition()),
            vec![Aspect::Extra { required }],
        ));
    }
    found.extend(indexes_of(wanted, present));
    found.extend(foreign_keys_of(wanted, present));
    for (subject, one, other) in [
        (Subject::Engine, &wanted.engine, &present.engine),
        (Subject::Collation, &wanted.collation, &present.collation),
    ] {
        if !one.eq_ignore_ascii_case(other) {
            let aspects = vec![Aspect::Other];
            found.push(Difference::new(
                subject,
                "",
                Some(one.clone()),
                Some(other.clone()),
                aspects,
            ));
        }
    }
    found.extend(order(wanted, present));
    found
}

/// How a column there differs from the wanted one.
pub(super) fn columns(wanted: &Column, present: &Column) -> Option<Difference> {
    let mut aspects = Vec::new();
    if wanted.kind != present.kind {
        let head = |column: &Column| column.kind.split('(').next().map(str::to_owned);
        aspects.push(match (wanted.length(), present.length()) {
            (Some(more), Some(less)) if head(wanted) == head(present) && more > less => {
                Aspect::Shorter { present: less }
            }
            (Some(_), Some(_)) if head(wanted) == head(present) => Aspect::Longer,
            _ => Aspect::Type,
        });
    }
    let pairs = [
        (wanted.collation != present.collation, Aspect::Collation),
        (wanted.nullable && !present.nullable, Aspect::Stricter),
        (!wanted.nullable && present.nullable, Aspect::Looser),
        (wanted.default != present.default, Aspect::Default),
        (wanted.extra != present.extra, Aspect::Other),
        (wanted.comment != present.comment, Aspect::Comment),
    ];
    aspects.extend(
        pairs
            .into_iter()
            .filter_map(|(differs, aspect)| differs.then_some(aspect)),
    );
    let (one, other) = (Some(wanted.definition()), Some(present.definition()));
    (!aspects.is_empty())
        .then(|| Difference::new(Subject::Column, &wanted.name, one, other, aspects))
}

/// How an index there differs from the wanted one.
pub(super) fn indexes(wanted: &Index, present: &Index) -> Option<Difference> {
    let (one, other) = (Some(wanted.words()), Some(present.words()));
    (!wanted.covers_same(present)).then(|| {
        Difference::new(
            Subject::Index,
            &wanted.name,
            one,
            other,
            vec![Aspect::Other],
        )
    })
}

/// How a foreign key there differs from the wanted one.
pub(super) fn foreign_keys(wanted: &ForeignKey, present: &ForeignKey) -> Option<Difference> {
    let name = wanted.name.clone().unwrap_or_default();
    let (one, other) = (Some(wanted.words()), Some(present.words()));
    (!wanted.same(present))
        .then(|| Difference::new(Subject::ForeignKey, &name, one, other, vec![Aspect::Other]))
}

fn indexes_of(wanted: &Table, present: &Table) -> Vec<Difference> {
    let mut found = Vec::new();
    for index in &wanted.indexes {
        match present.index(&index.name) {
            Some(there) => found.extend(indexes(index, there)),
            None if present.indexes.iter().any(|there| there.covers_same(index)) => {}
            None => {
                let words = Some(index.words());
                found.push(Difference::new(
                    Subject::Index,
                    &index.name,
                    words,
                    None,
                    vec![Aspect::Missing],
                ));
            }
        }
    }
    for there in &present.indexes {
        let known = wanted.index(&there.name).is_some()
            || wanted.indexes.iter().any(|index| index.covers_same(there));
        // The server makes an index for each foreign key by itself.
        let made = wanted.foreign_keys.iter().any(|key| {
            let columns = there.columns.iter().map(|(column, _)| column);
            key.name.as_deref() == Some(there.name.as_str()) || columns.eq(key.columns.iter())
        });
        if !known && !made {
            let required = there.kind == super::facts::IndexKind::Unique;
            let aspects = vec![Aspect::Extra { required }];
            found.push(Difference::new(
                Subject::Index,
                &there.name,
                None,
                Some(there.words()),
                aspects,
            ));
        }
    }
    found
}

fn foreign_keys_of(wanted: &Table, present: &Table) -> Vec<Difference> {
    let there = |key: &ForeignKey, among: &[ForeignKey]| among.iter().any(|other| other.same(key));
    let name = |key: &ForeignKey| key.name.clone().unwrap_or_default();
    let missing = wanted
        .foreign_keys
        .iter()
        .filter(|key| !there(key, &present.foreign_keys));
    let missing = missing.map(|key| {
        let words = Some(key.words());
        Difference::new(
            Subject::ForeignKey,
            &name(key),
            words,
            None,
            vec![Aspect::Missing],
        )
    });
    let extra = present
        .foreign_keys
        .iter()
        .filter(|key| !there(key, &wanted.foreign_keys));
    let extra = extra.map(|key| {
        let aspects = vec![Aspect::Extra { required: true }];
        Difference::new(
            Subject::ForeignKey,
            &name(key),
            None,
            Some(key.words()),
            aspects,
        )
    });
    missing.chain(extra).collect()
}

/// The order of the columns that both have.
fn order(wanted: &Table, present: &Table) -> Option<Difference> {
    let common = |one: &Table, other: &Table| -> Vec<String> {
        let names = one
            .columns
            .iter()
            .map(|column| column.name.to_ascii_lowercase());
        names.filter(|name| other.column(name).is_some()).collect()
    };
    let (one, other) = (common(wanted, present), common(present, wanted));
    (one != other).then(|| {
        let (one, other) = (Some(one.join(", ")), Some(other.join(", ")));
        Difference::new(Subject::Order, "", one, other, Vec::new())
    })
}
