//! `check`: for people, for cron and for monitoring systems.

mod alarm;
mod baseline;
mod command;
mod error;
mod journal_facts;
mod lock;
mod memory;
mod output;
mod runner;
mod wait;

pub(super) use command::{ping_failure, run};
