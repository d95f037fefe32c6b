//! Starts the four containers in order and waits until each is healthy.
//!
//! [`prepare()`] reads the compose files and the engine and finds every conflict before anything is
//! changed; [`start()`] starts; [`StartWatch`] is pure and decides how a start ended. [`record`] holds
//! what `down` may remove.

mod conflict;
mod family;
mod prepare;
pub mod record;
mod start;
mod unit;
mod watch;

pub use conflict::{Conflicts, StartConflict};
pub use prepare::{ComponentPlan, ServiceEndpoint, StartAction, StartPlan, prepare, survey};
pub use start::{
    ComponentOutcome, StartEvent, StartReport, WaitLimits, roll_back, start, stop_replaced,
};
pub use unit::{ComposeFile, Deployment};
pub use watch::{Expected, Observation, StartResult, StartWatch, WaitReason, WatchDecision};
