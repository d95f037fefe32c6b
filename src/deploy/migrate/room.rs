//! Room for what a statement makes: the copy of it is removed from the scratch schema.

use std::collections::BTreeSet;

use super::error::MigrateError;
use super::inspect::Scope;
use super::object::{Key, ObjectKind, Part, Snapshot, quote, word_of};
use super::program::Place;
use super::rehearse::{Rehearser, of_rows};
use super::statement::Kind;

impl Rehearser<'_> {
    /// Keys without a name: those that the server named so are removed from the copy, so that the
    /// statement makes them again. On tables of statements that this ledger carried out only what a
    /// statement that was cut off made.
    pub(super) async fn remove_unnamed(&mut self, place: Place) -> Result<(), MigrateError> {
        let outline = self.program.outline(place);
        let cut_off = self.changed(place);
        let Some(table) = outline
            .table
            .clone()
            .filter(|table| cut_off || !self.known.contains(table))
        else {
            return Ok(());
        };
        for (columns, foreign) in outline.unnamed.clone() {
            let first = columns.first().cloned().unwrap_or_default();
            let stem = if foreign {
                format!("{}_ibfk", table.to_lowercase())
            } else {
                first
            };
            let numbered = |key: &Key| {
                let rest = key.name.strip_prefix(&stem);
                rest.is_some_and(|rest| {
                    rest.is_empty()
                        || rest
                            .strip_prefix('_')
                            .is_some_and(|digits| digits.parse::<u32>().is_ok())
                })
            };
            let kind = if foreign {
                ObjectKind::ForeignKey
            } else {
                ObjectKind::Index
            };
            let names = BTreeSet::from([table.clone()]);
            let there = self.scratch.snapshot(Scope::Tables(&names, false)).await?;
            let mut found: Vec<&Key> = there
                .iter()
                .filter(|(key, part)| {
                    key.kind == kind
                        && key.table == table
                        && numbered(key)
                        // The server may have shortened a column of a text.
                        && part.columns().map(|(_, name)| name).eq(columns.iter().cloned())
                        && self.copied(key)
                })
                .map(|(key, _)| key)
                .collect();
            found.sort_by_key(|key| (key.name.len(), &key.name));
            // The last one is the one that was made last.
            if let Some(key) = if cut_off { found.last() } else { found.first() } {
                let key = (*key).clone();
                self.remove(&key, &there).await;
            }
        }
        Ok(())
    }

    /// Removes from the copy what a refused statement would make; whether it removed anything.
    pub(super) async fn make_room(
        &mut self,
        place: Place,
        code: u16,
    ) -> Result<bool, MigrateError> {
        let outline = self.program.outline(place);
        let kinds: &[ObjectKind] = match code {
            1050 => &[ObjectKind::Table, ObjectKind::View],
            1060 => &[ObjectKind::Column],
            1061 | 1068 | 1831 => &[ObjectKind::Index],
            1005 | 1022 | 1826 | 121 => &[ObjectKind::ForeignKey, ObjectKind::Check],
            3822 | 1304 | 1359 | 4029 => {
                &[ObjectKind::Check, ObjectKind::Routine, ObjectKind::Trigger]
            }
            _ if of_rows(code) && outline.kind == Kind::Definition => {
                // Rows of a copy that lost columns say nothing of the real ones.
                let shaken: Vec<String> = outline
                    .names
                    .iter()
                    .filter(|name| self.shaken.contains(*name))
                    .cloned()
                    .collect();
                let mut emptied = false;
                for table in shaken {
                    let rows = self
                        .scratch
                        .admin
                        .one(&format!("SELECT 1 FROM {} LIMIT 1", quote(&table)))
                        .await?;
                    emptied |= rows.is_some()
                        && self
                            .scratch
                            .try_out(&format!("DELETE FROM {}", quote(&table)))
                            .await;
                }
                return Ok(emptied);
            }
            _ => return Ok(false),
        };
        let tables: BTreeSet<String> = outline
            .makes
            .iter()
            .map(|key| key.table.clone())
            .chain(outline.names.clone())
            .collect();
        let there = self.scratch.snapshot(Scope::Tables(&tables, true)).await?;
        let mut removed = false;
        for key in &outline.makes {
            if !kinds.contains(&key.kind) || !self.copied(key) {
                continue;
            }
            removed |= there.contains_key(key) && self.remove(key, &there).await;
        }
        let named_keys = matches!(code, 1005 | 1022 | 1826 | 121)
            && outline
                .makes
                .iter()
                .any(|key| key.kind == ObjectKind::Table);
        if named_keys && !removed {
            return self.free_names(&outline.names).await;
        }
        Ok(removed)
    }

    /// Removes foreign keys of other tables whose names a new table wants: they are unique in a schema.
    async fn free_names(&mut self, names: &BTreeSet<String>) -> Result<bool, MigrateError> {
        let there = self.scratch.snapshot(Scope::Whole).await?;
        let mut removed = false;
        for key in there
            .keys()
            .filter(|key| key.kind == ObjectKind::ForeignKey)
        {
            if names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&key.name))
                && self.copied(key)
            {
                removed |= self.remove(key, &there).await;
            }
        }
        Ok(removed)
    }

    async fn remove(&mut self, key: &Key, there: &Snapshot) -> bool {
        let table = quote(&key.table);
        let name = quote(there.get(key).map_or(&key.name, |part| &part.name));
        self.shaken.insert(key.table.clone());
        let drop = |word: &str, name: &str| format!("ALTER TABLE {table} DROP {word} {name}");
        // What must go first or goes along, and the object itself.
        let mut along = Vec::new();
        let statement = match key.kind {
            ObjectKind::Table => format!("DROP TABLE {table}"),
            ObjectKind::Column => {
                for (kind, word) in [
                    (ObjectKind::ForeignKey, "FOREIGN KEY"),
                    (ObjectKind::Index, "INDEX"),
                ] {
                    let of_column = |part: &Part| part.get("columns").contains(&quote(&key.name));
                    let parts = there.iter().filter(|(other, part)| {
                        other.kind == kind
                            && other.table == key.table
                            && of_column(part)
                            && other.name != "primary"
                    });
                    along.extend(parts.map(|(_, part)| drop(word, &quote(&part.name))));
                }
                drop("COLUMN", &name)
            }
            ObjectKind::Index if key.name == "primary" => drop("PRIMARY KEY", ""),
            ObjectKind::Index => drop("INDEX", &name),
            ObjectKind::ForeignKey => drop("FOREIGN KEY", &name),
            ObjectKind::Check => drop("CONSTRAINT", &name),
            kind => {
                let part = there.get(key).cloned().unwrap_or_default();
                format!("DROP {} {name}", word_of(kind, &part))
            }
        };
        for one in along {
            self.scratch.try_out(&one).await;
        }
        let removed = self.scratch.try_out(&statement).await;
        if key.kind == ObjectKind::ForeignKey {
            // The index that the server made for it, under the key's name.
            self.scratch.try_out(&drop("INDEX", &name)).await;
        }
        removed
    }
}
