//! Whether plugins with a running instance can be reached through a side's gateway.
//!
//! One `GET` on the plugin's context, without a token: any answer of the plugin's own will do. What
//! the gateway answers by itself is read in [`decide`], together with its routes and with a
//! connection of our own to the instance's port ([`port_probe`]), since a v4 gateway's
//! `404 page not found` means unknown, down, or a plugin that says so itself.

mod decide;
mod port_probe;
mod prober;

pub(in crate::platform) use prober::{Candidate, ReachabilityProber};

#[cfg(test)]
mod tests;
