//! Static files as the portals serve them: the one check that tells whether a page loads.
//!
//! [`Prober::ask`] puts each path to every portal of a side; [`classify`] says, as a pure function,
//! what an answer means to a browser. Nothing here carries a token.

mod classify;
mod prober;

pub(in crate::platform) use prober::{Answers, Depth, Prober};

#[cfg(test)]
mod tests;
