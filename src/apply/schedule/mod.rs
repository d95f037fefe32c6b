//! Which register is sent when: a state machine without clock, tasks or IO.
//!
//! The coordinator tells it what happened ([`Scheduler`]'s `on_…` methods, with the time since the run
//! began) and asks [`Scheduler::next_check`] whose state to check and [`Scheduler::next`] what to send. There are no barriers: a step is
//! ready as soon as all that it waits for is proven, and among the ready ones the longest chain goes
//! first. [`graph`] has what waits for what, [`side_queue`] one side's limit and flights, [`retry`] the
//! table of what follows from a failure.

mod graph;
mod machine;
mod retry;
mod side_queue;

#[cfg(test)]
mod host_tests;
#[cfg(test)]
mod tests;

pub(super) use machine::{Blocked, Decision, Ended, Scheduler};
