//! The output formats of a report.

use super::block::Block;
use super::document::Document;
use super::page::{LayoutOptions, page};
use crate::i18n::Catalog;

/// The medium that blocks are laid out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A page of so many columns with such charset.
    Page(LayoutOptions),
    /// HTML, which has no limit of width.
    Html,
}

/// A result of a command, in every format.
pub trait Report {
    /// The parts for people, in the catalogue's language.
    fn blocks(&self, catalog: &Catalog, shape: Shape) -> Vec<Block>;

    /// The JSON document.
    fn document(&self) -> Document;

    /// Tab-separated values.
    fn tsv(&self) -> String;

    /// A page for a terminal or a log.
    fn table(&self, catalog: &Catalog, look: LayoutOptions) -> String {
        page(&self.blocks(catalog, Shape::Page(look)), look)
    }
}
