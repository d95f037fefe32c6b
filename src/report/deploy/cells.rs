//! Cells of the deploy tables.

use crate::i18n::Text;
use crate::report::block::Meaning;
use crate::report::document::english;
use crate::report::records::Cell;

/// A message in the reader's language; English for machines.
pub(super) fn message(text: Text) -> Cell {
    let machine = english(&text);
    Cell::text(text, machine)
}

/// A good result.
pub(super) fn good(text: Text, machine: impl std::fmt::Display) -> Cell {
    Cell::text(text, machine).meaning(Meaning::Good)
}

/// A bad result.
pub(super) fn bad(text: Text, machine: impl std::fmt::Display) -> Cell {
    Cell::text(text, machine).meaning(Meaning::Bad)
}

/// The value of an option; nothing without one.
pub(super) fn optional<T: std::fmt::Display>(value: Option<T>) -> Cell {
    value.map_or_else(Cell::none, Cell::plain)
}
