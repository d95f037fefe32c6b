//! The commands, one file each. `app` runs the one that was typed. No other module imports `cli`.

mod accounts;
mod app;
mod apply;
mod args;
mod by_hand;
mod check;
mod check_cache;
mod command;
mod compare;
mod config;
mod context;
#[cfg(feature = "sim")]
mod demo;
mod deploy;
mod errors;
mod explain;
mod failure;
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
