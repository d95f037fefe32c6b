//! One instance → [`crate::domain::Inventory`]. What could not be read is unknown, with its cause; the rest is
//! read all the same.
//!
//! [`full`] reads everything; [`cached`] takes what does not change from a check's cache; [`parts`] is
//! what both read.

mod cached;
mod full;
mod parts;

pub use cached::observe_cached;
pub use full::{observe, routes_to_come};
pub use parts::ObserveOptions;
