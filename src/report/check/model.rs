//! The result of `check`, as every format gets it.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::check::{Certainty, CheckResults, Finding, News, Sightings};
use crate::domain::{InstanceIdentity, PlatformVersion, Reading, Severity};
use crate::i18n::Text;

/// The result of `check`.
#[derive(Clone, Copy, Debug)]
pub struct CheckReport<'a> {
    /// Findings and skipped checks.
    pub results: &'a CheckResults,
    /// The sides, the old one first.
    pub sides: &'a [SideSummary],
    /// Duration, requests and time.
    pub stats: CheckStats,
    /// Name of the pair, if it has one.
    pub name: Option<&'a str>,
    /// What of the findings is news, with `--on-change`.
    pub news: Option<&'a News>,
}

impl CheckReport<'_> {
    /// Since when and how often a finding was found, with `--on-change`.
    pub(super) fn sightings(&self, finding: &Finding) -> Option<Sightings> {
        self.news?.sightings.get(&finding.key()).copied()
    }

    /// The message of a finding, with since when and how often it was found.
    pub(super) fn message(&self, finding: &Finding) -> Text {
        let message = finding.message.clone();
        match self.sightings(finding) {
            Some(seen) => sighted(Text::new("monitor-sighted"), seen).nested("message", message),
            None => message,
        }
    }

    /// What was told by an earlier check and is gone, with its key.
    pub(super) fn recovered(&self) -> impl Iterator<Item = (String, Sightings)> {
        let gone = self.news.into_iter().flat_map(|news| &news.recovered);
        gone.map(|(key, seen)| (key.split_whitespace().collect::<Vec<_>>().join(" "), *seen))
    }

    /// A line for each of them.
    pub(super) fn recovered_lines(&self) -> impl Iterator<Item = Text> {
        let line = Text::new("monitor-recovered");
        self.recovered()
            .map(move |(key, seen)| sighted(line.clone(), seen).with("finding", key))
    }
}

fn sighted(text: Text, seen: Sightings) -> Text {
    let times = usize::try_from(seen.times).unwrap_or(usize::MAX);
    text.with("since", moment(seen.since_s))
        .count("times", times)
}

/// RFC 3339 in UTC.
pub(super) fn moment(at_s: i64) -> String {
    jiff::Timestamp::from_second(at_s).map_or_else(|_| at_s.to_string(), |at| at.to_string())
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
                (_, Certainty::Unknown) => {}
                (Severity::Info, _) => counts.infos += 1,
                (Severity::Error, Certainty::Confirmed) => counts.errors += 1,
                (Severity::Warning, Certainty::Confirmed) => counts.warnings += 1,
            }
        }
        let unknown: BTreeSet<_> = findings.iter().flat_map(Finding::not_evaluated).collect();
        counts.unknowns = unknown.len();
        counts
    }
}
