//! The result of `check`, for people and for monitoring systems.
//!
//! `table`, `json`, `ndjson` and `tsv` are those of every report; [`MonitorFormat`] has the formats of
//! monitoring systems.

mod document;
mod junit;
mod model;
mod nagios;
mod prometheus;
mod report;
mod table;
#[cfg(test)]
mod tests;

pub use model::{CheckReport, CheckStats, SideSummary};
pub use report::{MonitorFormat, monitor_failure, pair_line};
