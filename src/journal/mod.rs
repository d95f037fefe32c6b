//! The record of runs: what was before, what was about to be done, what came of it.
//!
//! A run writes its [`Journal`] while it goes on; what is about to be sent is on the disk before it
//! leaves. Later [`list_runs`] and [`read_run`] read it, [`undo()`] says how to bring back what it
//! changed. A [`Lock`] keeps two runs of one machine from writing to one instance at once. The
//! server's state is the truth and the journal a hint: nothing is concluded from it without asking.
//! [`keep`] puts down what a command would else ask for again.
//!
//! Start with [`mod@format`] (what is kept), then `writer`.

pub mod format;

mod command;
mod convert;
mod kept;
mod lock;
mod open;
mod reader;
mod state_dir;
mod undo;
mod who;
mod writer;

#[cfg(test)]
mod tests;

pub use command::Command;
pub use convert::RunStart;
pub use kept::{keep, kept};
pub use lock::{Holder, Lock, LockError};
pub use open::earlier_runs;
pub use reader::{ReadError, Run, RunState, RunSummary, list_runs, read_run};
pub use state_dir::{StateDir, StateError};
pub use undo::undo;
pub use who::who;
pub use writer::{Clock, Journal, JournalError};
