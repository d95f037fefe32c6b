//! Findings that a person accepts until a date.

use std::collections::BTreeSet;

use super::model::{Certainty, CheckResults, Explained, Finding};
use crate::domain::Severity;
use crate::i18n::Text;

/// Accepted findings, each until a date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// If a finding is listed twice, the later date counts.
    pub accepted: Vec<Accepted>,
}

/// An accepted finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// [`Finding::key`].
    pub key: String,
    /// Its severity then. A check that is more serious in a later release is not accepted.
    pub severity: Severity,
    /// Its certainty then: accepting that a side cannot be read does not accept what will be read there.
    pub certainty: Certainty,
    /// The last day on which it is accepted, `YYYY-MM-DD`.
    pub expires: String,
}

impl Baseline {
    /// Accepts all present faults until that date (`YYYY-MM-DD`), with what they explain and those
    /// accepted before.
    pub fn from(checked: &CheckResults, expires: &str) -> Self {
        let faults = told(checked).filter(|finding| finding.is_fault());
        let all = faults.flat_map(|finding| {
            let explained = finding.explains.iter().cloned();
            explained.chain([Explained::of(finding)])
        });
        let mut accepted: Vec<Accepted> = all
            .map(|it| Accepted {
                key: it.key,
                severity: it.severity,
                certainty: it.certainty,
                expires: expires.to_owned(),
            })
            .collect();
        accepted.sort_by(|a, b| (&a.key, a.certainty).cmp(&(&b.key, b.certainty)));
        Self { accepted }
    }

    /// Moves what is accepted on that day (`YYYY-MM-DD`) out of the findings. What was accepted and has
    /// expired stays a finding, and says so.
    #[must_use]
    pub fn apply(&self, checked: &CheckResults, today: &str) -> CheckResults {
        let mut kept = CheckResults {
            findings: Vec::new(),
            ..checked.clone()
        };
        for mut finding in checked.findings.iter().cloned() {
            match self.of(&finding) {
                None => kept.findings.push(finding),
                Some(accepted) if today <= accepted.expires.as_str() => kept.accepted.push(finding),
                Some(accepted) => {
                    finding.message = Text::new("check-acceptance-expired")
                        .with("day", &accepted.expires)
                        .nested("finding", finding.message);
                    kept.findings.push(finding);
                }
            }
        }
        kept
    }

    /// What is accepted and was not found any more: it may be removed.
    pub fn unused(&self, checked: &CheckResults) -> Vec<&Accepted> {
        let explained = told(checked).flat_map(|finding| &finding.explains);
        let explained = explained.map(|it| it.key.clone());
        let seen: BTreeSet<String> = told(checked).map(Finding::key).chain(explained).collect();
        let unused = |accepted: &&Accepted| !seen.contains(&accepted.key);
        self.accepted.iter().filter(unused).collect()
    }

    fn of(&self, finding: &Finding) -> Option<&Accepted> {
        let key = finding.key();
        let same = |accepted: &&Accepted| {
            accepted.key == key
                && accepted.certainty == finding.certainty
                // Earlier releases stored what was unknown as a warning.
                && (finding.certainty == Certainty::Unknown
                    || finding.severity <= accepted.severity)
        };
        let all = self.accepted.iter().filter(same);
        all.max_by(|a, b| a.expires.cmp(&b.expires))
    }
}

/// Every finding, accepted or not.
fn told(checked: &CheckResults) -> impl Iterator<Item = &Finding> {
    checked.findings.iter().chain(&checked.accepted)
}
