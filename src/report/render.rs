//! What every report can be turned into.

use super::block::Block;
use super::document::Document;
use super::page::{LayoutOptions, page};
use crate::i18n::Catalog;

/// For whom blocks are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A page of so many columns with such charset.
    Page(LayoutOptions),
    /// HTML, which has room for everything.
    Html,
}

/// A result of a command: one value, every format.
pub trait Report {
    /// What it says to people, in the catalogue's language.
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
