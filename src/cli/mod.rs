//! Commands: one file each, `args` has what can be typed, `app` runs it. Nobody imports this room.

mod accounts;
mod app;
mod apply;
mod args;
mod by_hand;
mod check;
mod check_cache;
mod compare;
mod config;
mod context;
#[cfg(feature = "sim")]
mod demo;
mod deploy;
mod errors;
mod explain;
mod html;
mod job;
mod localise;
mod plan;
mod plugin;
#[cfg(test)]
mod reference;
mod run;
mod runtime;
mod schedule;
mod seeds;
mod session;
mod shell;
#[cfg(feature = "sim")]
mod sim;
mod state;
mod token;
mod trace;
mod usage;
mod variable;

pub use app::main_impl;
