//! What keeps `up` and `all` from starting.

use super::model::Finding;
use crate::domain::Severity;

/// Findings that keep the containers from being started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Errors that are not accepted, the gravest first; never empty unless `unknown` is not.
    pub findings: Vec<Finding>,
    /// Accepted codes that are no lint code: a misspelt one must not open the gate by chance.
    pub unknown: Vec<String>,
}

/// Lets through what has no error but accepted ones (`--accept-finding CODE`). Codes are taken in
/// either case.
pub fn gate(findings: &[Finding], accepted: &[String]) -> Result<(), Refused> {
    let is = |code: &str, typed: &String| typed.trim().eq_ignore_ascii_case(code);
    let unknown: Vec<String> = accepted
        .iter()
        .filter(|typed| !super::CATALOGUE.iter().any(|entry| is(entry.code, typed)))
        .cloned()
        .collect();
    let findings: Vec<Finding> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter(|finding| !accepted.iter().any(|typed| is(finding.code, typed)))
        .cloned()
        .collect();
    if findings.is_empty() && unknown.is_empty() {
        Ok(())
    } else {
        Err(Refused { findings, unknown })
    }
}
