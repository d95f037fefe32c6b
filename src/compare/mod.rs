//! What users of the old and of the new instance see, plugin by plugin: `(Inventory, Inventory) →
//! Comparison`.
//!
//! Pure and synchronous. Neither side is preferred: swapping the inventories swaps the
//! result. What could not be read is `unknown` with its cause and never
//! counts as the same. Start with [`model`], the value; then `rows`, which makes it; `view` is what
//! one side knows of one plugin, `plugin_on_side`, `pages` and `content` judge it, `messages` renders it.

mod cause;
mod content;
mod index;
mod messages;
mod model;
mod pages;
mod plugin_on_side;
mod requirement;
mod rows;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod view;

pub use cause::{Cause, ContentConflict, ContentKey, CoreRoute, OddOneOut, Pages, ServedContent};
pub use model::*;
pub use rows::compare;
