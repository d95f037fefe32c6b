//! What a difference means for the statements that follow, and for v4. Pure.

use super::difference::{Aspect, Difference, Subject};
use super::facts::Place;
use super::ledger::Script;
use super::statement::{Clause, Kind};
use crate::i18n::Text;

/// What a difference means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// What is there more disturbs nobody.
    ExtraHarmless,
    /// Rows that do not name it are refused.
    ExtraRequired,
    /// A unique index or a foreign key may refuse rows.
    ExtraRefuses,
    /// What works on the wanted definition does not find it.
    MissingColumn,
    /// Queries are slower; a unique one does not refuse duplicates.
    MissingIndex,
    /// Rows without a counterpart are not refused.
    MissingForeignKey,
    /// Longer values are refused, or cut where the server is not strict.
    Shorter {
        /// Characters that it holds.
        characters: u64,
    },
    /// Nothing that is wanted is lost.
    Longer,
    /// Values may not fit or be changed.
    OtherType,
    /// NULL is refused.
    Stricter,
    /// NULL is not refused.
    Looser,
    /// Rows that do not name it get another value.
    OtherDefault,
    /// Comparisons with other columns may fail or not use an index.
    OtherCollation,
    /// No script notices.
    Unnoticed,
    /// Not the definition that the scripts count on.
    Other,
    /// The row was changed by somebody; what it says now stays.
    OtherValue,
    /// A later statement sets it as wanted.
    LaterSets {
        /// The script.
        script: String,
        /// The statement.
        number: usize,
    },
    /// A later statement adds the same once more and would be refused.
    LaterAdds {
        /// The script.
        script: String,
        /// The statement.
        number: usize,
    },
    /// A later statement names it and would be refused.
    LaterNeeds {
        /// The script.
        script: String,
        /// The statement.
        number: usize,
    },
    /// No later statement of the scripts names it.
    LaterNone,
}

impl Meaning {
    /// For people.
    pub fn text(&self) -> Text {
        match self {
            Self::ExtraHarmless => Text::new("migrate-means-extra"),
            Self::ExtraRequired => Text::new("migrate-means-extra-required"),
            Self::ExtraRefuses => Text::new("migrate-means-extra-refuses"),
            Self::MissingColumn => Text::new("migrate-means-missing-column"),
            Self::MissingIndex => Text::new("migrate-means-missing-index"),
            Self::MissingForeignKey => Text::new("migrate-means-missing-foreign-key"),
            Self::Shorter { characters } => {
                Text::new("migrate-means-shorter").with("characters", characters)
            }
            Self::Longer => Text::new("migrate-means-longer"),
            Self::OtherType => Text::new("migrate-means-type"),
            Self::Stricter => Text::new("migrate-means-stricter"),
            Self::Looser => Text::new("migrate-means-looser"),
            Self::OtherDefault => Text::new("migrate-means-default"),
            Self::OtherCollation => Text::new("migrate-means-collation"),
            Self::Unnoticed => Text::new("migrate-means-unnoticed"),
            Self::Other => Text::new("migrate-means-other"),
            Self::OtherValue => Text::new("migrate-means-value"),
            Self::LaterSets { script, number } => Text::new("migrate-means-later-sets")
                .with("script", script)
                .with("number", number),
            Self::LaterAdds { script, number } => Text::new("migrate-means-later-adds")
                .with("script", script)
                .with("number", number),
            Self::LaterNeeds { script, number } => Text::new("migrate-means-later-needs")
                .with("script", script)
                .with("number", number),
            Self::LaterNone => Text::new("migrate-means-later-none"),
        }
    }
}

/// Says of each difference of a table what it means for what follows `place`.
pub(super) fn explain(
    differences: &mut [Difference],
    table: &str,
    place: Place,
    scripts: &[Script],
) {
    for difference in differences {
        difference.meanings = now(difference);
        let of_a_part = matches!(difference.subject, Subject::Column | Subject::Index);
        if of_a_part {
            let later = later(difference, table, place, scripts);
            difference
                .meanings
                .push(later.unwrap_or(Meaning::LaterNone));
        }
    }
}

fn now(difference: &Difference) -> Vec<Meaning> {
    let meanings = difference
        .aspects
        .iter()
        .map(|aspect| match (difference.subject, aspect) {
            (Subject::Value, _) => Meaning::OtherValue,
            (Subject::Column, Aspect::Missing) => Meaning::MissingColumn,
            (Subject::ForeignKey, Aspect::Missing) => Meaning::MissingForeignKey,
            (_, Aspect::Missing) => Meaning::MissingIndex,
            (Subject::Column, Aspect::Extra { required: true }) => Meaning::ExtraRequired,
            (_, Aspect::Extra { required: true }) => Meaning::ExtraRefuses,
            (_, Aspect::Extra { required: false }) => Meaning::ExtraHarmless,
            (_, Aspect::Shorter { present }) => Meaning::Shorter {
                characters: *present,
            },
            (_, Aspect::Longer) => Meaning::Longer,
            (_, Aspect::Type) => Meaning::OtherType,
            (_, Aspect::Stricter) => Meaning::Stricter,
            (_, Aspect::Looser) => Meaning::Looser,
            (_, Aspect::Default) => Meaning::OtherDefault,
            (Subject::Collation, _) | (_, Aspect::Collation) => Meaning::OtherCollation,
            (_, Aspect::Comment) => Meaning::Unnoticed,
            (_, Aspect::Other) => Meaning::Other,
        });
    let mut meanings: Vec<Meaning> = meanings.collect();
    if difference.subject == Subject::Order {
        meanings.push(Meaning::Unnoticed);
    }
    meanings
}

/// The first later statement that touches the part that differs.
fn later(
    difference: &Difference,
    table: &str,
    place: Place,
    scripts: &[Script],
) -> Option<Meaning> {
    let missing = difference.present.is_none();
    for (at, script) in scripts.iter().enumerate() {
        for (number, statement) in script.statements.iter().enumerate() {
            if (at, number) <= place {
                continue;
            }
            let kind = Kind::of(&statement.text);
            if kind.table() != Some(table) {
                continue;
            }
            let (script, number) = (script.name.clone(), statement.number);
            let touched = touches(&kind, difference);
            match touched {
                Some(Touch::Sets) if !missing => {
                    return Some(Meaning::LaterSets { script, number });
                }
                Some(Touch::Adds) if missing => return Some(Meaning::LaterSets { script, number }),
                Some(Touch::Adds) => return Some(Meaning::LaterAdds { script, number }),
                Some(_) if missing => return Some(Meaning::LaterNeeds { script, number }),
                _ => {}
            }
        }
    }
    None
}

enum Touch {
    Sets,
    Adds,
    Needs,
}

fn touches(kind: &Kind, difference: &Difference) -> Option<Touch> {
    let same = |name: &str| name.eq_ignore_ascii_case(&difference.name);
    if let Kind::Insert(insert) = kind {
        let named = insert.columns.iter().any(|column| same(column));
        return (named && difference.subject == Subject::Column).then_some(Touch::Needs);
    }
    let Kind::AlterTable { clauses, .. } = kind else {
        return None;
    };
    clauses
        .iter()
        .find_map(|clause| match (clause, difference.subject) {
            (Clause::AddColumn { name, .. }, Subject::Column) => same(name).then_some(Touch::Adds),
            (Clause::ModifyColumn { name, .. }, Subject::Column) => {
                same(name).then_some(Touch::Sets)
            }
            (Clause::RenameColumn { old, .. }, Subject::Column) => {
                same(old).then_some(Touch::Needs)
            }
            (Clause::DropColumn(name), Subject::Column)
            | (Clause::DropIndex(name), Subject::Index) => same(name).then_some(Touch::Needs),
            (Clause::AddIndex(index), Subject::Column) => index
                .columns
                .iter()
                .any(|(column, _)| same(column))
                .then_some(Touch::Needs),
            (Clause::AddIndex(index), Subject::Index) => same(&index.name).then_some(Touch::Adds),
            _ => None,
        })
}
