//! One schema of `deploy migrate`.

use crate::deploy::migrate::{ConnectionSettings, Finding, MigrationState, Script, Target};

/// One schema, its scripts, and what was found.
pub(super) struct Job {
    pub(super) target: Target,
    pub(super) settings: ConnectionSettings,
    pub(super) scripts: Vec<Script>,
    pub(super) found: MigrationState,
    pub(super) findings: Vec<Finding>,
}

impl Job {
    pub(super) fn stops(&self) -> bool {
        self.found.plan.is_blocked() || self.findings.iter().any(|finding| finding.stops)
    }
}
