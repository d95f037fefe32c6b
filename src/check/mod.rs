//! Scheduled checks, pure: inventories and a policy → findings.
//!
//! A check is one function with a stable code ([`catalogue()`]). One that cannot be evaluated is a
//! finding of its own, never silence and never green; one that was not wanted is listed with its
//! reason. `collect` holds what every check looks at and where it puts what it found. What is so on
//! one side is judged by `compare` of that side beside itself, what is so between the sides by
//! `compare` of both; versions and dependencies are judged by `plan`.

mod baseline;
mod catalogue;
mod collect;
mod input;
mod instances;
mod model;
mod pages;
mod pairs;
mod plugins;
mod retire;
mod routes;
mod time;
mod tokens;
mod upgrades;
mod variable;
mod visibility;
mod words;

#[cfg(test)]
mod tests;

pub use baseline::{Accepted, Baseline};
pub use catalogue::{Entry, catalogue, unknown_codes};
pub use input::{CheckInput, Facts, Policy};
pub use model::{Certainty, CheckResults, Evidence, Finding, Skipped};
pub use visibility::{Condition, ConditionState, why_not_visible};

pub use crate::domain::TokenProbe;
use collect::{ContextData, FindingSink};

use crate::i18n::Text;

/// Evaluates every check that is wanted.
pub fn check(input: CheckInput<'_>) -> CheckResults {
    let ground = ContextData::new(&input);
    let scene = ground.scene(&input);
    let mut checked = CheckResults::default();
    for entry in catalogue() {
        if let Some(reason) = not_wanted(entry.code, input.policy) {
            checked.skipped.push(Skipped {
                code: entry.code,
                subject: None,
                reason,
            });
            continue;
        }
        let mut out = FindingSink::new(entry, &input.policy.at);
        (entry.run)(&scene, &mut out);
        let done = out.finish();
        let whole = done.skipped.iter().any(|skipped| skipped.subject.is_none());
        if !whole {
            checked.evaluated.push((entry.code, done.looked));
        }
        checked.findings.extend(done.findings);
        checked.skipped.extend(done.skipped);
    }
    checked.findings.sort_by(|a, b| {
        let place = |it: &Finding| (std::cmp::Reverse(it.severity), it.code, it.side);
        place(a)
            .cmp(&place(b))
            .then_with(|| a.subject.cmp(&b.subject))
    });
    checked
}

fn not_wanted(code: &str, policy: &Policy) -> Option<Text> {
    let means = |typed: &String| catalogue::means(typed, code);
    if policy.skip_codes.iter().any(means) {
        return Some(Text::new("check-skip-code"));
    }
    let wanted = policy.only_codes.is_empty() || policy.only_codes.iter().any(means);
    (!wanted).then(|| Text::new("check-skip-not-chosen"))
}
