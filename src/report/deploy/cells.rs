//! Cells of the deploy tables.

use crate::i18n::Text;
use crate::report::document::english;
use crate::report::records::Cell;

/// A message in the reader's language; English for machines.
pub(super) fn message(text: Text) -> Cell {
    let machine = english(&text);
    Cell::text(text, machine)
}
