//! What checks come to.

use crate::domain::{Severity, Side};
use crate::exit::Outcome;
use crate::i18n::Text;

/// Whether it is so, or cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// It was read and it is wrong.
    Confirmed,
    /// What it needs could not be read: nothing is known, so nothing is green.
    Unknown,
}

impl Certainty {
    /// The word in machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Unknown => "unknown",
        }
    }
}

/// What was read, from where, when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The side.
    pub side: Option<Side>,
    /// Method and address without secrets, or the listing's name.
    pub source: String,
    /// What it said, on one line.
    pub seen: Text,
    /// When, RFC 3339 in UTC; comes in with the policy, a check knows no clock.
    pub at: String,
}

/// One thing that a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable code (`W0101`); `wecubectl explain` knows it, `docs/codes/` has its page.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// Wrong or unknown.
    pub certainty: Certainty,
    /// The side it is about; none for a pair.
    pub side: Option<Side>,
    /// What it is about: a plugin, `NAME VERSION`, a variable, an address, `new`.
    pub subject: String,
    /// What is so.
    pub message: Text,
    /// What to do: the exact next command where there is one.
    pub hint: Option<Text>,
    /// What it was concluded from.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// What it is about with its side behind it, where the subject is not the side itself.
    pub fn place(&self) -> String {
        let side = self.side.map(Side::as_str);
        match side.filter(|side| *side != self.subject) {
            Some(side) => format!("{} ({side})", self.subject),
            None => self.subject.clone(),
        }
    }

    /// What a baseline knows it by: code, side and subject. Words and figures may change.
    pub fn key(&self) -> String {
        let side = self.side.map_or("", Side::as_str);
        format!("{} {side} {}", self.code, self.subject)
    }
}

/// A check that was not evaluated, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its code.
    pub code: &'static str,
    /// What it would have been about; none for the whole check.
    pub subject: Option<String>,
    /// Why not.
    pub reason: Text,
}

/// What all checks came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckResults {
    /// What was found, the gravest first, then by code, side, subject.
    pub findings: Vec<Finding>,
    /// Found, and accepted by the baseline.
    pub accepted: Vec<Finding>,
    /// Not evaluated.
    pub skipped: Vec<Skipped>,
    /// Codes that were evaluated, with how many subjects each looked at, sorted by code.
    pub evaluated: Vec<(&'static str, usize)>,
}

impl CheckResults {
    /// `ok` where nothing above [`Severity::Info`] was found, else `findings`.
    pub fn outcome(&self) -> Outcome {
        let grave = |finding: &Finding| finding.severity > Severity::Info;
        if self.findings.iter().any(grave) {
            Outcome::Findings
        } else {
            Outcome::Ok
        }
    }
}
