//! Scripts with what is understood of them: outlines and sections. Pure.

use super::ledger::Script;
use super::object::{Key, ObjectKind};
use super::section::{Section, sections};
use super::split::Statement;
use super::statement::{Outline, outline};

/// Place of a statement: script and statement, both from 0.
pub type Place = (usize, usize);

/// The scripts of a schema.
pub(super) struct Program<'a> {
    pub(super) scripts: &'a [Script],
    outlines: Vec<Vec<Outline>>,
    sections: Vec<Vec<Section>>,
}

impl<'a> Program<'a> {
    /// `lower`: the server keeps names of tables in small letters.
    pub(super) fn new(scripts: &'a [Script], lower: bool) -> Self {
        let one = |statement: &Statement| {
            let mut found = outline(&statement.text);
            if lower {
                found.lower_tables();
            }
            found
        };
        let outlines: Vec<Vec<Outline>> = scripts
            .iter()
            .map(|script| script.statements.iter().map(one).collect())
            .collect();
        let sections = scripts
            .iter()
            .zip(&outlines)
            .map(|(script, outlines)| sections(&script.statements, outlines))
            .collect();
        Self {
            scripts,
            outlines,
            sections,
        }
    }

    /// All places, in order.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> + use<'a> {
        let scripts = self.scripts;
        (0..scripts.len())
            .flat_map(move |at| (0..scripts[at].statements.len()).map(move |number| (at, number)))
    }

    pub(super) fn script(&self, place: Place) -> &'a Script {
        &self.scripts[place.0]
    }

    pub(super) fn statement(&self, place: Place) -> &'a Statement {
        &self.scripts[place.0].statements[place.1]
    }

    pub(super) fn outline(&self, place: Place) -> &Outline {
        &self.outlines[place.0][place.1]
    }

    /// Whether a later statement sets a column, whatever it is before.
    pub(super) fn set_later(&self, place: Place, key: &Key) -> bool {
        let mut later = self.places().filter(|other| *other > place);
        key.kind == ObjectKind::Column
            && later.any(|other| {
                let outline = self.outline(other);
                let named = outline.names_it(&key.name);
                outline.only_modifies() && outline.table.as_ref() == Some(&key.table) && named
            })
    }

    pub(super) fn section(&self, place: Place) -> Option<Section> {
        let found = self.sections[place.0].iter();
        found
            .copied()
            .find(|section| (section.first..=section.last).contains(&place.1))
    }
}
