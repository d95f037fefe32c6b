//! Scheduled checks, pure: inventories and a policy → findings.
//!
//! A check is one function with a stable [`Code`]. One that cannot be evaluated is a finding of its
//! own, never silence and never green; one that was not wanted is listed with its reason.

mod model;

pub use model::{Checked, Evidence, Finding, Severity, Skipped, Standing};
