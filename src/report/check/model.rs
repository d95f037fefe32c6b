//! The result of `check`, as every format gets it.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::check::{Certainty, CheckResults, Finding};
use crate::domain::{InstanceIdentity, PlatformVersion, Reading, Severity};

/// The result of `check`.
#[derive(Clone, Copy, Debug)]
pub struct CheckReport<'a> {
    /// Findings and skipped checks.
    pub results: &'a CheckResults,
    /// The sides, the old one first.
    pub sides: &'a [SideSummary],
    /// Duration, requests and time.
    pub stats: CheckStats,
}

/// Addresses and version of a side.
#[derive(Clone, Debug)]
pub struct SideSummary {
    /// Addresses.
    pub identity: InstanceIdentity,
    /// Its version.
    pub version: Reading<PlatformVersion>,
}

/// Duration, requests and time of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckStats {
    /// Duration by the monotonic clock.
    pub took: Duration,
    /// Requests to both sides.
    pub calls: u64,
    /// When it ended, in seconds since 1970.
    pub at_s: i64,
    /// Findings hidden by `--severity`.
    pub hidden: usize,
}

/// Numbers of findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) infos: usize,
    /// Checks that could not be evaluated, for a whole side or for one plugin.
    pub(super) unknowns: usize,
}

impl Counts {
    /// Confirmed findings by severity, and the checks that could not be evaluated.
    pub(super) fn of(findings: &[Finding]) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match (finding.severity, finding.certainty) {
                (Severity::Info, _) => counts.infos += 1,
                (_, Certainty::Unknown) => {}
                (Severity::Error, Certainty::Confirmed) => counts.errors += 1,
                (Severity::Warning, Certainty::Confirmed) => counts.warnings += 1,
            }
        }
        let unknown: BTreeSet<_> = findings.iter().flat_map(Finding::not_evaluated).collect();
        counts.unknowns = unknown.len();
        counts
    }
}
