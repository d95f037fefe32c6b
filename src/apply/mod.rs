//! Carries out a [`crate::plan::Plan`]: scheduler, adaptive concurrency, proof.
//!
//! Start with `model` (what comes out) and `effects` (the only way to touch an instance), then read in
//! the order of a run: `run` (its phases), `variable`, `registers` (the one task that owns all state),
//! `schedule` and `limit` (which register is sent when; pure), `call`, `prove` and `proof` (one
//! register, from the check before it to what must be seen after it), `other_side`, `outcome`.

mod call;
mod cancel;
mod causes;
mod changes;
mod effects;
mod figures;
mod ground;
mod interrupt;
mod limit;
mod model;
mod options;
mod other_side;
mod outcome;
mod outlet;
mod poll;
mod proof;
mod prove;
mod registers;
mod repair;
mod run;
mod schedule;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod variable;
pub mod words;

pub use cancel::{CancelSignal, Signal};
pub use causes::{REGISTER_CAUSES, cause_text};
pub use effects::Effects;
pub use model::*;
pub use options::{ApplyOptions, Pace, ProofTimings, RetryLimits, VariableTimings};
pub use outcome::{has_written, outcome};
pub use outlet::FanOut;
pub use repair::{Brings, Repair, RepairWay, repairs};
pub use run::run;
