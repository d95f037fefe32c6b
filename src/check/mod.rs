//! Scheduled checks, pure: inventories and a policy → findings.
//!
//! A check is one function with a stable code ([`catalogue()`]). A check that cannot be evaluated reports
//! a finding with [`Certainty::Unknown`]; a check that is not selected is listed with the reason.
//! Conditions of one side are judged by `compare` of that side with itself, differences by `compare` of
//! both; versions and dependencies by `plan`.

mod baseline;
mod catalogue;
mod context;
mod endpoint;
mod evaluate;
mod fold;
mod history;
mod input;
mod instances;
mod messages;
mod model;
mod pages;
mod pairs;
mod plugin_on_side;
mod plugins;
mod retire;
mod routes;
mod running;
mod sink;
mod time;
mod tokens;
mod upgrades;
mod variable;
mod visibility;

#[cfg(test)]
mod tests;

pub use baseline::{Accepted, Baseline};
pub use catalogue::{Check, catalogue, unknown_codes};
pub use evaluate::{check, is_selected};
pub use fold::fold;
pub use history::{History, News, NewsPolicy, Sightings, decide};
pub use input::{CheckInput, Facts, GivenGateway, Policy, RunningCounts};
pub use model::{Certainty, CheckResults, Evidence, Explained, Finding, Root, Skipped};
pub use running::expect_running;
pub use visibility::{Condition, ConditionState, visibility_conditions};
