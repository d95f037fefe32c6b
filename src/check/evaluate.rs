//! Runs the checks.

use super::catalogue::{catalogue, selects};
use super::context::ContextData;
use super::input::{CheckInput, Policy};
use super::model::{CheckResults, Skipped};
use super::sink::FindingSink;
use crate::i18n::Text;

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
        results.findings.extend(done.findings);
        results.skipped.extend(done.skipped);
    }
    results.sort();
    results
}

fn why_skipped(code: &str, policy: &Policy) -> Option<Text> {
    let selected = |typed: &String| selects(typed, code);
    if policy.skip_codes.iter().any(selected) {
        return Some(Text::new("check-skip-code"));
    }
    let wanted = policy.only_codes.is_empty() || policy.only_codes.iter().any(selected);
    (!wanted).then(|| Text::new("check-skip-not-chosen"))
}
