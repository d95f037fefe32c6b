//! What users of the old and of the new instance see, plugin by plugin: `(Inventory, Inventory) →
//! Comparison`.
//!
//! Pure and synchronous. Nothing is judged by which side is "old": swapping the inventories swaps the
//! result ([`Comparison::mirrored`]). What could not be read is `unknown` with its cause and never
//! counts as the same. Start with [`model`], the value; then `rows`, where it is made; `view` is what
//! one side knows of one plugin, `aspects`, `pages` and `content` judge it, `words` says it.

mod aspects;
mod cause;
mod content;
mod gate;
mod index;
mod mirror;
mod model;
mod pages;
mod rows;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod view;
mod words;

pub use cause::{Cause, Conflict, Content, ContentKey, ContentVerdict, CoreRoute, Pages};
pub use model::*;
pub use rows::compare;
pub use words::side_label;
