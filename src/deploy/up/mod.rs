//! Starts the four in the document's order and waits for each until it is the new container that
//! answers its own health question.
//!
//! [`prepare()`] reads the compose files and the engine and finds everything that speaks against a
//! start, before anything is done; [`start()`] does it; [`mod@judge`] is pure: from what is seen of a
//! container to a verdict. [`record`] is what `down` may take away again.

mod conflict;
mod judge;
mod prepare;
pub mod record;
mod start;
mod unit;

pub use conflict::Conflict;
pub use judge::{Expected, Seen, Step, Verdict, Waiting, Watch};
pub use prepare::{Action, Place, Prepared, Unit, UpError, prepare, survey};
pub use start::{Patience, StartReport, UnitOutcome, UpEvent, start, stop_replaced};
pub use unit::{Deployment, UnitFile};
