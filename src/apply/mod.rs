//! Carries out a [`crate::plan::Plan`]: scheduler, adaptive concurrency, proof.
//!
//! Start with [`model`] (what comes out), then [`effects`] (the only way to touch an instance).

mod effects;
mod model;

pub use effects::{Effects, PageStates, RegisterAnswer, RegisterError, Transience};
pub use model::*;
