//! Runs the checks.

use super::catalogue::{catalogue, selects};
use super::context::ContextData;
use super::input::{CheckInput, Policy};
use super::model::{Certainty, CheckResults, Finding, Skipped};
use super::sink::FindingSink;
use crate::domain::Side;
use crate::i18n::Text;
use crate::plan::DatabaseRelation;

/// Checks of rows in the database: sides with one database have the same.
const OF_THE_DATABASE: &[&str] = &[
    "W0301", "W0302", "W0304", "W0319", "W0404", "W0405", "W0602",
];

/// Runs every check that the policy selects.
pub fn check(input: CheckInput<'_>) -> CheckResults {
    let data = ContextData::new(&input);
    let context = data.context(&input);
    let mut results = CheckResults::default();
    for check in catalogue() {
        if let Some(reason) = why_skipped(check.code, input.policy) {
            results.skipped.push(Skipped {
                code: check.code,
                subject: None,
                reason,
            });
            continue;
        }
        let mut sink = FindingSink::new(check.code, check.severity, &input.policy.at);
        (check.run)(&context, &mut sink);
        let done = sink.finish();
        let whole = done.skipped.iter().any(|skipped| skipped.subject.is_none());
        if !whole {
            results.evaluated.push((check.code, done.subjects));
        }
        let shared = matches!(context.plan.relation, DatabaseRelation::Shared { .. });
        let once = shared && OF_THE_DATABASE.contains(&check.code);
        results.findings.extend(if once {
            told_once(done.findings)
        } else {
            done.findings
        });
        results.skipped.extend(done.skipped);
    }
    results.sort();
    results
}

/// A finding on both sides of one database is told once, on the new side.
fn told_once(findings: Vec<Finding>) -> Vec<Finding> {
    let (old, mut told): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| {
        finding.side == Some(Side::Old) && finding.certainty == Certainty::Confirmed
    });
    for finding in old {
        let same = |it: &&mut Finding| {
            it.certainty == Certainty::Confirmed && it.subject == finding.subject
        };
        match told.iter_mut().find(same) {
            Some(new) => new.evidence.extend(finding.evidence),
            None => told.push(finding),
        }
    }
    told
}

/// Whether the policy selects a check.
pub fn is_selected(code: &str, policy: &Policy) -> bool {
    why_skipped(code, policy).is_none()
}

fn why_skipped(code: &str, policy: &Policy) -> Option<Text> {
    let selected = |typed: &String| selects(typed, code);
    if policy.skip_codes.iter().any(selected) {
        return Some(Text::new("check-skip-code"));
    }
    let wanted = policy.only_codes.is_empty() || policy.only_codes.iter().any(selected);
    (!wanted).then(|| Text::new("check-skip-not-chosen"))
}
