//! Whether a statement is already true, can be carried out, or collides. Pure.

use std::collections::BTreeMap;

use super::difference::{self, Aspect, Difference, Subject};
use super::facts::{Column, Facts, Index, IndexKind, Place, RowFact, Table, Wanted};
use super::ledger::Script;
use super::limits;
use super::meaning;
use super::plan::Conflict;
use super::statement::{Clause, CreateTable, ForeignKey, Kind};

/// What is found of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    True {
        later: bool,
        notes: Vec<Difference>,
    },
    Run,
    /// Nothing tells.
    Vague,
    Conflict(Conflict),
}

/// The picture of the schema, and what the scripts want.
pub(super) struct Judge<'a> {
    scripts: &'a [Script],
    facts: &'a Facts,
    /// Tables as the statements planned so far leave them; none where that cannot be told.
    tables: BTreeMap<String, Option<Table>>,
    /// A statement that was not understood may have made or changed anything.
    vague: bool,
    later: Vec<(Place, String, Later)>,
}

/// What a later statement wants of a part of a table.
enum Later {
    Column(Column),
    Index(Index),
    ForeignKey(ForeignKey),
    NoColumn(String),
}

impl<'a> Judge<'a> {
    pub(super) fn new(scripts: &'a [Script], facts: &'a Facts) -> Self {
        let tables = facts
            .tables
            .iter()
            .map(|(name, table)| (name.clone(), Some(table.clone())));
        let tables = tables.collect();
        let later = later(scripts, facts);
        Self {
            scripts,
            facts,
            tables,
            vague: false,
            later,
        }
    }

    /// The other schema that a statement names.
    pub(super) fn elsewhere(&self, kind: &Kind) -> Option<String> {
        let name = match kind {
            Kind::Use { schema } => return (*schema != self.facts.schema).then(|| schema.clone()),
            kind => kind.table()?,
        };
        name.contains('.').then(|| name.to_owned())
    }

    /// Whether a statement on rows is rolled back where it was cut off.
    pub(super) fn transactional(&self, kind: &Kind) -> bool {
        let (Kind::Insert(_) | Kind::Rows { .. }) = kind else {
            return false;
        };
        let table = kind.table().and_then(|table| self.facts.tables.get(table));
        table.is_some_and(|table| table.engine.eq_ignore_ascii_case("InnoDB"))
    }

    pub(super) fn judge(&self, place: Place, kind: &Kind) -> Judgement {
        if let Some(Wanted::Refused { code, message }) = self.facts.wanted.get(&place) {
            let (code, message) = (*code, message.clone());
            return Judgement::Conflict(Conflict::Refused { code, message });
        }
        match kind {
            Kind::CreateTable(create) => self.create_table(place, create),
            Kind::AlterTable { table, clauses } => self.alter_table(place, table, clauses),
            Kind::Insert(insert) => self.insert(place, &insert.table),
            Kind::Rows { table } => self.missing(table).unwrap_or(Judgement::Vague),
            Kind::DropTable { tables } => {
                let there = tables.iter().any(|table| self.tables.contains_key(table));
                if there || self.vague {
                    Judgement::Run
                } else {
                    truth()
                }
            }
            Kind::Session | Kind::Use { .. } => Judgement::Run,
            Kind::Other => Judgement::Vague,
        }
    }

    /// The conflict of a table that is not there.
    fn missing(&self, table: &str) -> Option<Judgement> {
        let absent = !self.tables.contains_key(table) && !self.vague;
        let table = table.to_owned();
        absent.then_some(Judgement::Conflict(Conflict::NoTable { table }))
    }

    fn create_table(&self, place: Place, create: &CreateTable) -> Judgement {
        let Some(present) = self.tables.get(&create.table) else {
            return Judgement::Run;
        };
        let (Some(present), Some(Wanted::Table(wanted))) = (present, self.facts.wanted.get(&place))
        else {
            return Judgement::Vague;
        };
        let differences = difference::tables(wanted, present);
        self.different(place, &create.table, differences)
    }

    /// What differences come to: harmless, explained by later statements, or a conflict.
    fn different(&self, place: Place, table: &str, differences: Vec<Difference>) -> Judgement {
        let (explained, mut left): (Vec<_>, Vec<_>) = differences
            .into_iter()
            .partition(|one| self.explained(place, table, one));
        if left.iter().all(Difference::harmless) {
            return Judgement::True {
                later: !explained.is_empty(),
                notes: left,
            };
        }
        meaning::explain(&mut left, table, place, self.scripts);
        let table = table.to_owned();
        Judgement::Conflict(Conflict::Different {
            table,
            differences: left,
        })
    }

    /// Whether a later statement makes it what is there: the schema is ahead of the ledger.
    fn explained(&self, place: Place, table: &str, difference: &Difference) -> bool {
        let Some(Some(present)) = self.tables.get(table) else {
            return false;
        };
        let same = |name: &str| name.eq_ignore_ascii_case(&difference.name);
        let mut later = self
            .later
            .iter()
            .filter(|(at, of, _)| *at > place && of == table);
        later.any(|(_, _, wants)| match (difference.subject, wants) {
            // The schema is as that statement leaves it, or that statement makes it as wanted here.
            (Subject::Column, Later::Column(column)) if present.column(&column.name).is_some() => {
                let wanted = Some(column.definition());
                same(&column.name)
                    && (present.column(&column.name) == Some(column) || difference.wanted == wanted)
            }
            (Subject::Column, Later::NoColumn(name)) => {
                same(name) && difference.aspects == [Aspect::Missing]
            }
            (Subject::Index, Later::Index(index)) => {
                same(&index.name)
                    && present
                        .index(&index.name)
                        .is_some_and(|there| there.covers_same(index))
            }
            (Subject::Index, Later::ForeignKey(key)) => {
                key.name.as_deref() == Some(difference.name.as_str())
            }
            (Subject::ForeignKey, Later::ForeignKey(key)) => {
                present.foreign_keys.iter().any(|there| there.same(key))
            }
            _ => false,
        })
    }

    fn alter_table(&self, place: Place, table: &str, clauses: &[Clause]) -> Judgement {
        if let [Clause::RenameTo(name)] = clauses
            && !self.tables.contains_key(table)
            && self.tables.contains_key(name)
        {
            return truth();
        }
        if let Some(missing) = self.missing(table) {
            return missing;
        }
        let Some(Some(present)) = self.tables.get(table) else {
            return Judgement::Vague;
        };
        let judged = clauses.iter().enumerate();
        let judged: Vec<Judgement> = judged
            .map(|(at, clause)| self.clause(place, table, present, (at, clause)))
            .collect();
        if let Some(conflict) = judged
            .iter()
            .find(|one| matches!(one, Judgement::Conflict(_)))
        {
            return conflict.clone();
        }
        let true_at = |one: &Judgement| matches!(one, Judgement::True { .. });
        if judged.iter().all(true_at) {
            return together(judged);
        }
        if judged.iter().all(|one| *one == Judgement::Vague) {
            return Judgement::Vague;
        }
        // A column may be set to the same once more; nothing else may be done twice.
        let twice =
            |clause: &Clause| !matches!(clause, Clause::ModifyColumn { .. } | Clause::Other);
        let at = |wanted: bool| {
            let pairs = judged
                .iter()
                .enumerate()
                .filter(|(_, one)| true_at(one) == wanted);
            pairs.map(|(at, _)| at).collect::<Vec<_>>()
        };
        let (there, left) = (at(true), at(false));
        if there.iter().any(|at| twice(&clauses[*at])) {
            let plus_one = |places: Vec<usize>| places.into_iter().map(|at| at + 1).collect();
            let (table, there, left) = (table.to_owned(), plus_one(there), plus_one(left));
            return Judgement::Conflict(Conflict::Partly { table, there, left });
        }
        Judgement::Run
    }

    fn clause(
        &self,
        place: Place,
        table: &str,
        present: &Table,
        (at, clause): (usize, &Clause),
    ) -> Judgement {
        let wanted = match self.facts.wanted.get(&place) {
            Some(Wanted::Columns(columns)) => columns.get(&at),
            _ => None,
        };
        match clause {
            Clause::AddColumn { name, .. } => match (present.column(name), wanted) {
                (None, _) => Judgement::Run,
                (Some(there), Some(wanted)) => {
                    let difference = difference::columns(wanted, there);
                    self.different(place, table, difference.into_iter().collect())
                }
                (Some(_), None) => Judgement::Vague,
            },
            Clause::ModifyColumn { name, .. } => match (present.column(name), wanted) {
                (None, _) => no_column(table, name),
                (Some(there), Some(wanted)) => match difference::columns(wanted, there) {
                    None => truth(),
                    Some(difference) if self.explained(place, table, &difference) => {
                        Judgement::True {
                            later: true,
                            notes: Vec::new(),
                        }
                    }
                    Some(_) => Judgement::Run,
                },
                (Some(_), None) => Judgement::Run,
            },
            Clause::RenameColumn { old, name, .. } => {
                match (present.column(old), present.column(name), wanted) {
                    (Some(_), None, _) => Judgement::Run,
                    (None, Some(there), Some(wanted)) => {
                        let difference = difference::columns(wanted, there);
                        self.different(place, table, difference.into_iter().collect())
                    }
                    (None, None, _) => no_column(table, old),
                    _ => Judgement::Vague,
                }
            }
            Clause::AddIndex(index) => self.add_index(place, table, present, index),
            Clause::AddForeignKey(key) => self.add_foreign_key(place, table, present, key),
            Clause::DropColumn(name) => gone(present.column(name).is_none()),
            Clause::DropIndex(name) => gone(present.index(name).is_none()),
            Clause::DropForeignKey(name) => {
                let named = |key: &ForeignKey| key.name.as_deref() == Some(name);
                gone(!present.foreign_keys.iter().any(named))
            }
            Clause::RenameTo(_) => Judgement::Run,
            Clause::Other => Judgement::Vague,
        }
    }

    fn add_index(&self, place: Place, table: &str, present: &Table, index: &Index) -> Judgement {
        if let Some(there) = present.index(&index.name) {
            let difference = difference::indexes(index, there);
            return self.different(place, table, difference.into_iter().collect());
        }
        let missing = index
            .columns
            .iter()
            .find(|(name, _)| present.column(name).is_none());
        // A column that an earlier clause of the same statement adds is there when it counts.
        if let Some((name, _)) = missing {
            let text = &self.scripts[place.0].statements[place.1].text;
            let Kind::AlterTable { clauses, .. } = Kind::of(text) else {
                return Judgement::Run;
            };
            let added = clauses.iter().any(|clause| {
                matches!(clause, Clause::AddColumn { name: new, .. } | Clause::RenameColumn { name: new, .. }
                    if new.eq_ignore_ascii_case(name))
            });
            return if added {
                Judgement::Run
            } else {
                no_column(table, name)
            };
        }
        match limits::too_long(present, index) {
            Some((bytes, limit)) => Judgement::Conflict(Conflict::IndexTooLong {
                table: table.to_owned(),
                index: index.name.clone(),
                bytes,
                limit,
            }),
            None => Judgement::Run,
        }
    }

    fn add_foreign_key(
        &self,
        place: Place,
        table: &str,
        present: &Table,
        key: &ForeignKey,
    ) -> Judgement {
        if present.foreign_keys.iter().any(|there| there.same(key)) {
            return truth();
        }
        if let Some(missing) = self.missing(&key.table) {
            return missing;
        }
        let named = |there: &&ForeignKey| key.name.is_some() && there.name == key.name;
        match present.foreign_keys.iter().find(named) {
            Some(there) => {
                let difference = difference::foreign_keys(key, there);
                self.different(place, table, difference.into_iter().collect())
            }
            None => Judgement::Run,
        }
    }

    fn insert(&self, place: Place, table: &str) -> Judgement {
        if let Some(missing) = self.missing(table) {
            return missing;
        }
        let Some(Wanted::Rows(rows)) = self.facts.wanted.get(&place) else {
            return Judgement::Vague;
        };
        let mut differences = Vec::new();
        for row in rows {
            if let RowFact::Different { key, fields } = row {
                differences.extend(fields.iter().map(|(column, wanted, there)| {
                    let name = format!("{column} ({key})");
                    let aspects = vec![Aspect::Other];
                    let (wanted, there) = (Some(wanted.clone()), Some(there.clone()));
                    Difference::new(Subject::Value, &name, wanted, there, aspects)
                }));
            }
        }
        if !differences.is_empty() {
            return self.different(place, table, differences);
        }
        let count = |wanted: &RowFact| rows.iter().filter(|row| *row == wanted).count();
        if count(&RowFact::Unknown) > 0 {
            return Judgement::Vague;
        }
        let (same, absent) = (count(&RowFact::Same), count(&RowFact::Absent));
        if absent == 0 {
            truth()
        } else if same == 0 {
            Judgement::Run
        } else {
            let places = |wanted: &RowFact| {
                let found = rows.iter().enumerate().filter(|(_, row)| *row == wanted);
                found.map(|(at, _)| at + 1).collect()
            };
            let (there, left) = (places(&RowFact::Same), places(&RowFact::Absent));
            Judgement::Conflict(Conflict::Partly {
                table: table.to_owned(),
                there,
                left,
            })
        }
    }

    /// Changes the picture by a statement that is going to be carried out.
    pub(super) fn carried_out(&mut self, place: Place, kind: &Kind) {
        let wanted = self.facts.wanted.get(&place);
        match kind {
            Kind::CreateTable(create) => {
                let table = match wanted {
                    Some(Wanted::Table(table)) => Some(table.clone()),
                    _ => None,
                };
                self.tables.insert(create.table.clone(), table);
            }
            Kind::DropTable { tables } => {
                for table in tables {
                    self.tables.remove(table);
                }
            }
            Kind::AlterTable { table, clauses } => self.alter(table, clauses, wanted),
            Kind::Other => self.vague = true,
            _ => {}
        }
    }

    fn alter(&mut self, name: &str, clauses: &[Clause], wanted: Option<&Wanted>) {
        let columns = match wanted {
            Some(Wanted::Columns(columns)) => columns.clone(),
            _ => BTreeMap::new(),
        };
        let mut table = self.tables.remove(name).flatten();
        let mut name = name.to_owned();
        for (at, clause) in clauses.iter().enumerate() {
            if let Clause::RenameTo(new) = clause {
                new.clone_into(&mut name);
            } else {
                table = table.and_then(|table| altered(table, clause, columns.get(&at)));
            }
        }
        self.tables.insert(name, table);
    }
}

/// The table behind a clause; none where that cannot be told.
fn altered(mut table: Table, clause: &Clause, wanted: Option<&Column>) -> Option<Table> {
    let not = |name: &str, other: &str| !name.eq_ignore_ascii_case(other);
    match clause {
        Clause::AddColumn { .. } => table.columns.push(wanted?.clone()),
        Clause::ModifyColumn { name, .. } | Clause::RenameColumn { old: name, .. } => {
            let place = table
                .columns
                .iter()
                .position(|column| !not(&column.name, name))?;
            table.columns[place] = wanted?.clone();
        }
        Clause::AddIndex(index) => table.indexes.push(index.clone()),
        Clause::AddForeignKey(key) => table.foreign_keys.push(key.clone()),
        Clause::DropColumn(name) => table.columns.retain(|column| not(&column.name, name)),
        Clause::DropIndex(name) => table.indexes.retain(|index| not(&index.name, name)),
        Clause::DropForeignKey(name) => {
            table
                .foreign_keys
                .retain(|key| key.name.as_deref() != Some(name));
        }
        Clause::RenameTo(_) => {}
        Clause::Other => return None,
    }
    Some(table)
}

fn later(scripts: &[Script], facts: &Facts) -> Vec<(Place, String, Later)> {
    let mut found = Vec::new();
    for (at, script) in scripts.iter().enumerate() {
        for (number, statement) in script.statements.iter().enumerate() {
            let place = (at, number);
            let Kind::AlterTable { table, clauses } = Kind::of(&statement.text) else {
                continue;
            };
            let columns = match facts.wanted.get(&place) {
                Some(Wanted::Columns(columns)) => columns.clone(),
                _ => BTreeMap::new(),
            };
            for (at, clause) in clauses.into_iter().enumerate() {
                let mut add = |wants| found.push((place, table.clone(), wants));
                if let Some(column) = columns.get(&at) {
                    add(Later::Column(column.clone()));
                }
                match clause {
                    Clause::AddIndex(index) => add(Later::Index(index)),
                    Clause::AddForeignKey(key) => add(Later::ForeignKey(key)),
                    Clause::DropColumn(name) | Clause::RenameColumn { old: name, .. } => {
                        add(Later::NoColumn(name));
                    }
                    _ => {}
                }
            }
        }
    }
    found
}

fn truth() -> Judgement {
    Judgement::True {
        later: false,
        notes: Vec::new(),
    }
}

fn gone(gone: bool) -> Judgement {
    if gone { truth() } else { Judgement::Run }
}

fn no_column(table: &str, column: &str) -> Judgement {
    let (table, column) = (table.to_owned(), column.to_owned());
    Judgement::Conflict(Conflict::NoColumn { table, column })
}

fn together(judged: Vec<Judgement>) -> Judgement {
    let (mut all_later, mut all_notes) = (false, Vec::new());
    for one in judged {
        if let Judgement::True { later, notes } = one {
            all_later |= later;
            all_notes.extend(notes);
        }
    }
    Judgement::True {
        later: all_later,
        notes: all_notes,
    }
}

/// Whether an index refuses rows with the same values.
pub(super) fn unique(index: &Index) -> bool {
    matches!(index.kind, IndexKind::Primary | IndexKind::Unique)
}
