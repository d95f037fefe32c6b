//! What must change, in what order, what is left out and why: `(Inventories, options) → Plan`.
//!
//! Pure and synchronous: the same input gives the same plan. Start with [`model`], the value that
//! the other rooms read.

mod model;

pub use model::*;
