//! Finds what will break later. Pure: values, facts about the host and reach results in, findings out.
//!
//! Each rule has a stable [`LintCode`]; `explain CODE` and `docs/codes/CODE.md` explain it. Errors keep
//! `deploy up` and `deploy all` from starting ([`gate()`]); they do not keep `render` from writing.

mod code;
mod gate;
mod host;
mod model;
mod old;
mod reach;
mod run;
mod values;

pub use code::LintCode;
pub use gate::{Refused, accepted_codes, gate};
pub use model::{FileFacts, Finding, LintInput, ReachAnswer, ReachResult};
pub use reach::{bucket_finding, ssh_finding};
pub use run::lint;

#[cfg(test)]
mod tests;
