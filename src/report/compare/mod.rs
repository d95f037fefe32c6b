//! The comparison, for people and for machines.

mod causes;
mod document;
mod table;

pub(super) use document::{comparison_doc, findings as comparison_findings};

use super::block::{Block, Meaning, Words};
use super::document::Document;
use super::html::Titled;
use super::render::{Report, Shape};
use crate::compare::{Comparison, side_label};
use crate::domain::{InstanceIdentity, PlatformVersion, Reading, Side};
use crate::i18n::{Catalog, Text, clean};

/// What `compare` says.
#[derive(Clone, Copy, Debug)]
pub struct CompareReport<'a> {
    /// The comparison.
    pub comparison: &'a Comparison,
}

impl Report for CompareReport<'_> {
    fn blocks(&self, catalog: &Catalog, shape: Shape) -> Vec<Block> {
        let mut blocks = vec![sides(self.comparison, catalog)];
        blocks.extend(comparison_blocks(self.comparison, catalog, shape));
        blocks.push(Block::Verdict(summary(self.comparison, catalog)));
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

/// The table, its legend, and what lies behind what is not visible.
pub(super) fn comparison_blocks(
    comparison: &Comparison,
    catalog: &Catalog,
    shape: Shape,
) -> Vec<Block> {
    let mut blocks = table::table(comparison, catalog, shape);
    blocks.extend(causes::causes(comparison, catalog));
    blocks.extend(causes::notes(comparison, catalog));
    blocks
}

fn sides(comparison: &Comparison, catalog: &Catalog) -> Block {
    let side = |side: Side| {
        let header = comparison.header(side);
        let words = address_line(&header.identity, &header.version, catalog);
        (catalog.render(&side_label(side)), Words::plain(words))
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

/// How many plugins, differences and unknowns, and what that means.
pub(super) fn summary(comparison: &Comparison, catalog: &Catalog) -> Words {
    let (differences, unknowns) = (comparison.differences(), comparison.unknowns());
    let (meaning, text) = match (differences, unknowns) {
        (0, 0) => (Meaning::Good, Text::new("report-compare-same")),
        (0, _) => (Meaning::Warning, Text::new("report-compare-unknown")),
        (_, 0) => (Meaning::Bad, Text::new("report-compare-different")),
        _ => (
            Meaning::Bad,
            Text::new("report-compare-different-and-unknown"),
        ),
    };
    let text = text
        .count("plugins", comparison.plugins.len())
        .count("differences", differences)
        .count("unknowns", unknowns);
    Words::new(meaning, catalog.render(&text))
}

impl Titled for CompareReport<'_> {
    fn title(&self) -> Text {
        Text::new("report-title-compare")
    }
}
