//! What checks came to, for people and for machines that watch.
//!
//! `table`, `json`, `ndjson` and `tsv` are those of every report; [`MonitorFormat`] has the formats of
//! monitoring systems.

mod document;
mod junit;
mod nagios;
mod prometheus;
mod table;
#[cfg(test)]
mod tests;

use std::time::Duration;

use super::block::Block;
use super::document::Document;
use super::html::Titled;
use super::page::{LayoutOptions, page};
use super::render::{Report, Shape};
use crate::check::{Certainty, CheckResults, Finding};
use crate::domain::{InstanceIdentity, PlatformVersion, Reading, Severity};
use crate::error::CommandError;
use crate::i18n::{Catalog, Text};

/// What `check` says.
#[derive(Clone, Copy, Debug)]
pub struct CheckReport<'a> {
    /// What was found.
    pub checked: &'a CheckResults,
    /// The sides that were looked at, the old one first.
    pub sides: &'a [SideSummary],
    /// What the check cost, and when it was.
    pub figures: CheckStats,
}

/// A side: where it is and what it says it is.
#[derive(Clone, Debug)]
pub struct SideSummary {
    /// Addresses.
    pub identity: InstanceIdentity,
    /// Its version.
    pub version: Reading<PlatformVersion>,
}

/// What a check cost, and when it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckStats {
    /// From its beginning to its end, by a clock that nobody can set.
    pub took: Duration,
    /// Calls of both sides.
    pub calls: u64,
    /// When it ended, in whole seconds since 1970.
    pub at_s: i64,
    /// Findings that are less grave than what was asked for.
    pub beneath: usize,
}

/// Formats of monitoring systems; they are English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonitorFormat {
    /// A Nagios plugin's output, with its own four exit codes.
    Nagios,
    /// Text for `node_exporter`'s textfile collector.
    Prometheus,
    /// XML for CI systems.
    Junit,
}

impl MonitorFormat {
    /// The report in that format.
    pub fn words(self, report: &CheckReport<'_>) -> String {
        match self {
            Self::Nagios => nagios::words(report),
            Self::Prometheus => prometheus::words(report),
            Self::Junit => junit::words(report),
        }
    }
}

/// What a format says of a check that came to no result; nothing in Prometheus', where the last
/// success growing old says it.
pub fn monitor_failure(format: MonitorFormat, error: &CommandError) -> Option<String> {
    match format {
        MonitorFormat::Nagios => Some(nagios::failure(error)),
        MonitorFormat::Prometheus => None,
        MonitorFormat::Junit => Some(junit::failure(error)),
    }
}

impl CheckReport<'_> {
    /// The exit code of a Nagios plugin: 2 for an error, 1 for a warning, 3 where all that was found is
    /// that something is unknown, 0.
    pub fn nagios_code(&self) -> u8 {
        nagios::State::of(self.checked).code()
    }

    /// What was found and nothing else, for people.
    pub fn findings_alone(&self, catalog: &Catalog, look: LayoutOptions) -> String {
        page(&table::found(self.checked, catalog), look)
    }

    /// One line of JSON for each finding, then the document.
    pub fn lines(&self) -> String {
        document::lines(self)
    }
}

impl Report for CheckReport<'_> {
    fn blocks(&self, catalog: &Catalog, _: Shape) -> Vec<Block> {
        table::blocks(self, catalog)
    }

    fn document(&self) -> Document {
        document::document(self)
    }

    fn tsv(&self) -> String {
        document::tsv(self.checked)
    }
}

impl Titled for CheckReport<'_> {
    fn title(&self) -> Text {
        Text::new("monitor-title")
    }
}

/// How many of what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    errors: usize,
    warnings: usize,
    infos: usize,
    unknowns: usize,
}

impl Counts {
    /// Each finding counts once: what is not known counts as that, whatever its severity.
    fn of(findings: &[Finding]) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match (finding.severity, finding.certainty) {
                (Severity::Info, _) => counts.infos += 1,
                (_, Certainty::Unknown) => counts.unknowns += 1,
                (Severity::Error, Certainty::Confirmed) => counts.errors += 1,
                (Severity::Warning, Certainty::Confirmed) => counts.warnings += 1,
            }
        }
        counts
    }
}
