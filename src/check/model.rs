//! Results of checks.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::domain::{Severity, Side};
use crate::exit::Outcome;
use crate::i18n::Text;

/// Whether a finding is confirmed or could not be determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Certainty {
    /// It was read, and it is wrong.
    Confirmed,
    /// What the check needs could not be read.
    Unknown,
}

impl Certainty {
    /// The value in machine-readable formats.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A fact, its source and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The side.
    pub side: Option<Side>,
    /// Method and address without secrets, or the listing's name.
    pub source: String,
    /// What the answer said, on one line.
    pub seen: Text,
    /// When, RFC 3339 in UTC.
    pub at: String,
}

/// One finding of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable code (`W0101`); `wecubectl explain` knows it, `docs/codes/` has its page.
    pub code: &'static str,
    /// How serious it is.
    pub severity: Severity,
    /// Established or unknown.
    pub certainty: Certainty,
    /// The side; `None` for both together.
    pub side: Option<Side>,
    /// A plugin, `NAME VERSION`, a variable, an address, `new`.
    pub subject: String,
    /// The fact.
    pub message: Text,
    /// What to do: a complete command if there is one.
    pub hint: Option<Text>,
    /// What it was concluded from.
    pub evidence: Vec<Evidence>,
    /// Why it could not be determined; `None` if it is confirmed.
    pub root: Option<Root>,
    /// Of what it could not be determined; empty if it is confirmed or about the whole side.
    pub undetermined: BTreeSet<String>,
    /// What [`super::fold()`] attached to it.
    pub explains: BTreeSet<Explained>,
}

/// Why something could not be determined. What has one root is one finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// The service at this scheme, host and port does not respond as a platform.
    Unreachable(String),
    /// The service at this scheme, host and port answers with errors.
    Failing(String),
    /// An address of the side does not respond as a platform, which the finding of W0101 names.
    SomeAddress,
    /// The side refuses the token.
    TokenRefused,
    /// This request failed: method and address.
    Request(String),
    /// A cause that is no failed request, by the key of its message.
    Cause(String),
}

/// A finding that another one explains.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Explained {
    /// Its code.
    pub code: &'static str,
    /// Its subject.
    pub subject: String,
    /// Its [`Finding::key`].
    pub key: String,
    /// Its severity.
    pub severity: Severity,
    /// Whether it is confirmed, or could not be evaluated.
    pub certainty: Certainty,
}

impl Explained {
    pub(super) fn of(finding: &Finding) -> Self {
        Self {
            code: finding.code,
            subject: finding.subject.clone(),
            key: finding.key(),
            severity: finding.severity,
            certainty: finding.certainty,
        }
    }
}

impl Finding {
    /// The code of [`Finding::test`], which is no check's.
    pub const TEST: &'static str = "TEST";

    /// A finding that is none, to try how findings are told.
    pub fn test(at: String) -> Self {
        let message = Text::new("monitor-test-alarm");
        Self {
            code: Self::TEST,
            severity: Severity::Error,
            certainty: Certainty::Confirmed,
            side: None,
            subject: "test".to_owned(),
            message: message.clone(),
            hint: Some(Text::new("monitor-test-alarm-hint")),
            evidence: vec![Evidence {
                side: None,
                source: "--test-alarm".to_owned(),
                seen: message,
                at,
            }],
            root: None,
            undetermined: BTreeSet::new(),
            explains: BTreeSet::new(),
        }
    }

    /// Whether it changes the exit code: it is above [`Severity::Info`], or could not be determined.
    pub fn is_fault(&self) -> bool {
        self.severity > Severity::Info || self.certainty == Certainty::Unknown
    }

    /// Codes of the checks that could not be evaluated because of it, sorted. An unknown finding is one
    /// of them.
    pub fn not_evaluated(&self) -> BTreeSet<&'static str> {
        let own = (self.certainty == Certainty::Unknown).then_some(self.code);
        let explained = self.explains.iter();
        let unknown = explained.filter(|it| it.certainty == Certainty::Unknown);
        unknown.map(|it| it.code).chain(own).collect()
    }

    /// Subject and side, unless the subject is the side.
    pub fn place(&self) -> String {
        let side = self.side.map(Side::as_str);
        match side.filter(|side| *side != self.subject) {
            Some(side) => format!("{} ({side})", self.subject),
            None => self.subject.clone(),
        }
    }

    /// The key in a baseline: code, side and subject. Messages may change.
    pub fn key(&self) -> String {
        let side = self.side.map_or("", Side::as_str);
        format!("{} {side} {}", self.code, self.subject)
    }
}

/// A check that was not evaluated, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its code.
    pub code: &'static str,
    /// The subject; `None` for the whole check.
    pub subject: Option<String>,
    /// Why not.
    pub reason: Text,
}

/// Results of all checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckResults {
    /// What is confirmed first, then by severity (most serious first), code, side and subject.
    pub findings: Vec<Finding>,
    /// Findings that the baseline accepts.
    pub accepted: Vec<Finding>,
    /// Not evaluated.
    pub skipped: Vec<Skipped>,
    /// Evaluated codes with the number of subjects, sorted by code.
    pub evaluated: Vec<(&'static str, usize)>,
}

impl CheckResults {
    /// Sorts the findings: what is confirmed first, then by severity (most serious first), code, side and
    /// subject; relaunches stay in their order.
    pub(super) fn sort(&mut self) {
        self.findings.sort_by(|a, b| {
            let place = |it: &Finding| (it.certainty, Reverse(it.severity), it.code, it.side);
            place(a).cmp(&place(b)).then_with(|| match a.code {
                // These come in the order to act in.
                "W0501" | "W0502" | "W0508" => std::cmp::Ordering::Equal,
                _ => a.subject.cmp(&b.subject),
            })
        });
    }

    /// `ok` if no finding is a fault, else `findings`.
    pub fn outcome(&self) -> Outcome {
        if self.findings.iter().any(Finding::is_fault) {
            Outcome::Findings
        } else {
            Outcome::Ok
        }
    }
}
