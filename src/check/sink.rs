//! Where a check reports its findings.

use std::collections::{BTreeMap, BTreeSet};

use super::endpoint::Endpoint;
use super::messages;
use super::model::{Certainty, Evidence, Finding, Root, Skipped};
use crate::compare::Cause;
use crate::domain::{FailureKind, Inventory, PluginName, ReadFailure, Reading, Severity, Side};
use crate::i18n::Text;

/// A finding before the sink adds code, certainty and time.
pub(super) struct FindingDraft {
    side: Option<Side>,
    subject: String,
    message: Text,
    hint: Option<Text>,
    observations: Vec<(Option<Side>, String, Text)>,
}

impl FindingDraft {
    /// A finding about one side.
    pub(super) fn on(side: Side, subject: impl Into<String>, message: Text) -> Self {
        Self {
            side: Some(side),
            ..Self::pair(subject, message)
        }
    }

    /// A finding about both sides together.
    pub(super) fn pair(subject: impl Into<String>, message: Text) -> Self {
        Self {
            side: None,
            subject: subject.into(),
            message,
            hint: None,
            observations: Vec::new(),
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<Option<Text>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Adds what a listing of a side said.
    pub(super) fn seen(self, inventory: &Inventory, endpoint: Endpoint, seen: Text) -> Self {
        self.seen_at(inventory.side(), endpoint.on(inventory), seen)
    }

    /// Adds what a request said.
    pub(super) fn seen_at(mut self, side: Side, source: impl Into<String>, seen: Text) -> Self {
        self.observations.push((Some(side), source.into(), seen));
        self
    }

    /// Adds what several requests said.
    pub(super) fn seen_all(
        mut self,
        observations: impl IntoIterator<Item = (Option<Side>, String, Text)>,
    ) -> Self {
        self.observations.extend(observations);
        self
    }

    /// Replaces the source of the first observation by the request itself, if it is known.
    pub(super) fn read_by(mut self, request: impl Into<Option<String>>) -> Self {
        if let (Some((_, source, _)), Some(request)) =
            (self.observations.first_mut(), request.into())
        {
            *source = request;
        }
        self
    }
}

/// Collects the findings of one check.
pub(super) struct FindingSink<'s> {
    code: &'static str,
    severity: Severity,
    at: &'s str,
    subjects: usize,
    found: Vec<Finding>,
    unevaluated: BTreeMap<(Option<Side>, Root), Unevaluated>,
    skipped: Vec<Skipped>,
    skipped_plugins: BTreeSet<&'s PluginName>,
}

/// Subjects of a side that a check could not evaluate.
struct Unevaluated {
    subjects: BTreeSet<String>,
    cause: Text,
    hint: Option<Text>,
    source: String,
}

impl<'s> FindingSink<'s> {
    pub(super) fn new(code: &'static str, severity: Severity, at: &'s str) -> Self {
        Self {
            code,
            severity,
            at,
            subjects: 0,
            found: Vec::new(),
            unevaluated: BTreeMap::new(),
            skipped: Vec::new(),
            skipped_plugins: BTreeSet::new(),
        }
    }

    /// Counts one subject as evaluated.
    pub(super) fn count_subject(&mut self) {
        self.subjects += 1;
    }

    /// Reports a finding.
    pub(super) fn report(&mut self, draft: FindingDraft) {
        let evidence = draft
            .observations
            .into_iter()
            .map(|(side, source, seen)| Evidence {
                side,
                source,
                seen,
                at: self.at.to_owned(),
            });
        self.found.push(Finding {
            code: self.code,
            severity: self.severity,
            certainty: Certainty::Confirmed,
            side: draft.side,
            subject: draft.subject,
            message: draft.message,
            hint: draft.hint,
            evidence: evidence.collect(),
            root: None,
            undetermined: BTreeSet::new(),
            explains: BTreeSet::new(),
        });
    }

    /// Reports a subject as unknown. The unknown subjects of a side become one finding for each root.
    pub(super) fn unknown(
        &mut self,
        side: Option<Side>,
        subject: Option<String>,
        cause: Text,
        source: Option<String>,
    ) {
        let hint = Text::new("check-hint-read-again");
        let root = Root::Cause(cause.key().to_owned());
        self.add_unevaluated((side, root), subject, (cause, Some(hint)), source);
    }

    /// Reports as unknown what needs a reading that failed.
    pub(super) fn read_failed(
        &mut self,
        side: Side,
        subject: Option<String>,
        failure: &ReadFailure,
    ) {
        let why = (
            messages::failure(failure),
            Some(messages::failure_hint(side, failure)),
        );
        let key = (Some(side), root(failure));
        self.add_unevaluated(key, subject, why, Some(failure.target.clone()));
    }

    /// Reports as unknown what the comparison could not determine.
    pub(super) fn undetermined(&mut self, side: Side, subject: String, cause: Option<&Cause>) {
        match cause {
            Some(Cause::NotRead(failure)) => self.read_failed(side, Some(subject), failure),
            Some(cause) => {
                let why = (cause.text(), cause.hint(side));
                let portal = match cause {
                    Cause::NoAnswer { pages, .. }
                    | Cause::Forbidden(pages)
                    | Cause::Unexpected { pages, .. } => pages.portals.first(),
                    _ => None,
                };
                let root = match portal {
                    Some(portal) => Root::Unreachable(portal.to_string()),
                    None if cause.is_silent_gateway() => Root::SomeAddress,
                    None => Root::Cause(why.0.key().to_owned()),
                };
                self.add_unevaluated((Some(side), root), Some(subject), why, None);
            }
            None => self.unknown(
                Some(side),
                Some(subject),
                Text::new("compare-cause-not-asked"),
                None,
            ),
        }
    }

    fn add_unevaluated(
        &mut self,
        key: (Option<Side>, Root),
        subject: Option<String>,
        (cause, hint): (Text, Option<Text>),
        source: Option<String>,
    ) {
        let entry = self.unevaluated.entry(key).or_insert_with(|| Unevaluated {
            subjects: BTreeSet::new(),
            cause,
            hint,
            source: source.unwrap_or_default(),
        });
        entry.subjects.extend(subject);
    }

    /// Records what was deliberately not evaluated.
    pub(super) fn skip(&mut self, subject: Option<String>, reason: Text) {
        self.skipped.push(Skipped {
            code: self.code,
            subject,
            reason,
        });
    }

    pub(super) fn skip_plugins(&mut self, names: impl Iterator<Item = &'s PluginName>) {
        self.skipped_plugins.extend(names);
    }

    /// Ends the check.
    pub(super) fn finish(mut self) -> CheckResult {
        if !self.skipped_plugins.is_empty() {
            let names: Vec<&str> = self
                .skipped_plugins
                .iter()
                .map(|name| name.as_str())
                .collect();
            let subject = messages::first_few(&names);
            self.skip(Some(subject), Text::new("check-skip-plugins"));
        }
        for ((side, root), it) in std::mem::take(&mut self.unevaluated) {
            let finding = self.unevaluated(side, root, it);
            self.found.push(finding);
        }
        CheckResult {
            findings: self.found,
            skipped: self.skipped,
            subjects: self.subjects,
        }
    }

    /// The finding for what could not be evaluated. Its severity is that of the check: what it would
    /// have found.
    fn unevaluated(&self, side: Option<Side>, root: Root, what: Unevaluated) -> Finding {
        let names: Vec<&str> = what.subjects.iter().map(String::as_str).collect();
        let message = if names.is_empty() {
            Text::new("check-unknown").nested("cause", what.cause.clone())
        } else {
            Text::new("check-unknown-of")
                .count("count", names.len())
                .with("names", messages::first_few(&names))
                .nested("cause", what.cause.clone())
        };
        Finding {
            code: self.code,
            severity: self.severity,
            certainty: Certainty::Unknown,
            side,
            subject: side.map_or("pair", Side::as_str).to_owned(),
            message,
            hint: what.hint,
            evidence: vec![Evidence {
                side,
                source: what.source,
                seen: what.cause,
                at: self.at.to_owned(),
            }],
            root: Some(root),
            undetermined: what.subjects,
            explains: BTreeSet::new(),
        }
    }
}

/// The result of one check.
pub(super) struct CheckResult {
    pub(super) findings: Vec<Finding>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) subjects: usize,
}

/// The root of a failed reading.
fn root(failure: &ReadFailure) -> Root {
    match failure.kind {
        FailureKind::NotAsked => Root::Unreachable(failure.origin().to_owned()),
        kind if kind.is_no_platform() => Root::Unreachable(failure.origin().to_owned()),
        FailureKind::ServerError | FailureKind::Refused => {
            Root::Failing(failure.origin().to_owned())
        }
        FailureKind::TokenRefused => Root::TokenRefused,
        FailureKind::Ambiguous => Root::SomeAddress,
        _ => Root::Request(failure.target.clone()),
    }
}

/// The value of a reading. A failed reading goes to the sink.
pub(super) fn known<'a, T>(
    reading: &'a Reading<T>,
    side: Side,
    sink: &mut FindingSink<'_>,
) -> Option<&'a T> {
    match reading {
        Reading::Known(value) => Some(value),
        Reading::Unknown(failure) => {
            sink.read_failed(side, None, failure);
            None
        }
    }
}
