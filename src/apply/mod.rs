//! Carries out a [`crate::plan::Plan`]: scheduler, adaptive concurrency, proof.
//!
//! Start with `model` (what comes out) and `effects` (the only way to touch an instance), then read in
//! the order of a run: `run` (its phases), `variable`, `registers` (the one task that owns all state),
//! `schedule` and `limit` (which register is sent when; pure), `call`, `prove` and `proof` (one
//! register, from the check before it to what must be seen after it), `other_side`, `outcome`. Whether a
//! write may be sent again is decided in `flight`; `mark` keeps two hosts apart.

mod call;
mod cancel;
mod causes;
mod changes;
mod context;
mod coordinator;
mod effects;
mod emitter;
mod flight;
mod limit;
mod mark;
pub mod messages;
mod model;
mod options;
mod other_side;
mod outcome;
mod proof;
mod repair;
mod run;
mod schedule;
mod shared_failure;
mod stats;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod variable;

pub use cancel::{CancelSignal, Signal};
pub use causes::{cause_text, register_causes};
pub use effects::Effects;
pub use emitter::FanOut;
pub use mark::{MarkError, MarkOwner, RunMark};
pub use model::*;
pub use options::{
    ApplyOptions, EarlierRuns, OpenRegistration, Pace, ProofTimings, RetryLimits, VariableTimings,
};
pub use outcome::outcome;
pub use repair::{Repair, RepairOption, Restores, repairs};
pub use run::{run, settle};
