//! Findings that a person accepts until a date.

use std::collections::BTreeSet;

use super::model::{Certainty, CheckResults, Finding};
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
    /// Its severity then; a finding that is more serious now is not accepted.
    pub severity: Severity,
    /// Its certainty then: accepting that a side cannot be read does not accept what will be read there.
    pub certainty: Certainty,
    /// The last day on which it is accepted, `YYYY-MM-DD`.
    pub expires: String,
}

impl Baseline {
    /// Accepts all present findings until that date (`YYYY-MM-DD`), those accepted before included.
    /// [`Severity::Info`] needs no acceptance.
    pub fn from(checked: &CheckResults, expires: &str) -> Self {
        let all = checked.findings.iter().chain(&checked.accepted);
        let grave = all.filter(|finding| finding.severity > Severity::Info);
        let mut accepted: Vec<Accepted> = grave
            .map(|finding| Accepted {
                key: finding.key(),
                severity: finding.severity,
                certainty: finding.certainty,
                expires: expires.to_owned(),
            })
            .collect();
        accepted.sort_by(|a, b| (&a.key, a.certainty).cmp(&(&b.key, b.certainty)));
        Self { accepted }
    }

    /// Moves what is accepted on that day (`YYYY-MM-DD`) sink of the findings. What was accepted and has
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

    /// What is accepted and was not found any more: it may be taken sink.
    pub fn unused(&self, checked: &CheckResults) -> Vec<&Accepted> {
        let seen = checked.findings.iter().chain(&checked.accepted);
        let seen: BTreeSet<String> = seen.map(Finding::key).collect();
        let unused = |accepted: &&Accepted| !seen.contains(&accepted.key);
        self.accepted.iter().filter(unused).collect()
    }

    fn of(&self, finding: &Finding) -> Option<&Accepted> {
        let key = finding.key();
        let same = |accepted: &&Accepted| {
            accepted.key == key
                && accepted.certainty == finding.certainty
                && finding.severity <= accepted.severity
        };
        let all = self.accepted.iter().filter(same);
        all.max_by(|a, b| a.expires.cmp(&b.expires))
    }
}
