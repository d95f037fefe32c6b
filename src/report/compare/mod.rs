//! The comparison, for people and for machines.

mod causes;
mod document;
mod table;

pub(super) use document::{comparison_doc, findings as comparison_findings, side_doc};

use super::block::{Block, Meaning, Words};
use super::document::Document;
use super::html::Titled;
use super::render::{Report, Shape};
use crate::compare::Comparison;
use crate::domain::{InstanceIdentity, PlatformVersion, Reading, Side};
use crate::i18n::{Catalog, Text, clean};

/// The report of `compare`.
#[derive(Clone, Copy, Debug)]
pub struct CompareReport<'a> {
    /// The comparison.
    pub comparison: &'a Comparison,
}

impl Report for CompareReport<'_> {
    fn blocks(&self, catalog: &Catalog, shape: Shape) -> Vec<Block> {
        let mut blocks = vec![
            Block::Verdict(summary(self.comparison, catalog)),
            sides(self.comparison, catalog),
        ];
        blocks.extend(comparison_blocks(self.comparison, catalog, shape));
        blocks
    }

    fn document(&self) -> Document {
        let mut document = Document::new("compare", self.comparison.outcome());
        document.comparison = Some(comparison_doc(self.comparison));
        document.findings = Some(document::findings(self.comparison));
        document
    }

    fn tsv(&self) -> String {
        document::tsv(self.comparison)
    }
}

/// The table, its legend, and the causes of what is not visible.
pub(super) fn comparison_blocks(
    comparison: &Comparison,
    catalog: &Catalog,
    shape: Shape,
) -> Vec<Block> {
    let mut blocks = table::table(comparison, catalog, shape);
    blocks.extend(causes::causes(comparison, catalog, shape));
    blocks.extend(causes::notes(comparison, catalog));
    blocks
}

fn sides(comparison: &Comparison, catalog: &Catalog) -> Block {
    let side = |side: Side| {
        let header = comparison.header(side);
        let words = address_line(&header.identity, &header.version, catalog);
        (catalog.render(&side.label()), Words::plain(words))
    };
    Block::Facts(vec![side(Side::Old), side(Side::New)])
}

/// Version and addresses of a side.
pub(super) fn address_line(
    identity: &InstanceIdentity,
    version: &Reading<PlatformVersion>,
    catalog: &Catalog,
) -> String {
    let portals: Vec<_> = identity
        .portals
        .iter()
        .map(|it| clean(it.as_str()))
        .collect();
    let version = match version.known() {
        Some(version) => clean(&version.text).into_owned(),
        None => catalog.render(&Text::new("report-version-unknown")),
    };
    catalog.render(
        &Text::new("report-side")
            .with("version", version)
            .with("core", &identity.core)
            .with("gateway", &identity.gateway)
            .with("portals", portals.join(", ")),
    )
}

/// The outcome, the numbers and the next command.
pub(super) fn summary(comparison: &Comparison, catalog: &Catalog) -> Words {
    let (differences, unknowns) = (comparison.differences(), comparison.unknowns());
    let (meaning, text) = match (differences, unknowns) {
        (0, 0) => (Meaning::Good, Text::new("compare-verdict-same")),
        (0, _) => (Meaning::Warning, Text::new("compare-verdict-unknown")),
        _ => (Meaning::Bad, Text::new("compare-verdict-different")),
    };
    let text = text
        .count("plugins", comparison.plugins.len())
        .count("differences", differences)
        .count("unknowns", unknowns);
    Words::new(meaning, catalog.render(&text))
}

impl Titled for CompareReport<'_> {
    fn title(&self) -> Text {
        Text::new("compare-title")
    }
}
