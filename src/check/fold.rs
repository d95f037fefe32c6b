//! One cause, one finding: what a finding explains is attached to it instead of being told again.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Certainty, CheckResults, Evidence, Explained, Finding, Root};
use crate::domain::Side;

/// Plugin was just launched.
const LAUNCHING: &str = "W0318";

/// A confirmed finding of the first code explains findings of the other codes for the same plugin and side.
/// A code that is explained may itself explain others.
#[rustfmt::skip]
const EXPLAINS: &[(&str, &[&str])] = &[
    ("W0301", &["W0303", "W0304", "W0306", "W0307", "W0313", "W0314", "W0316", "W0317", "W0401", "W0402", "W0504", "W0506"]),
    (LAUNCHING, &["W0304", "W0313", "W0314", "W0315", "W0316", "W0317", "W0401", "W0402", "W0504", "W0506"]),
    ("W0302", &["W0401", "W0402", "W0504"]),
    ("W0317", &["W0302", "W0315", "W0319", "W0401", "W0402", "W0504"]),
    ("W0304", &["W0401", "W0402"]),
    ("W0306", &["W0307", "W0401", "W0402", "W0506"]),
    ("W0307", &["W0401", "W0402", "W0506"]),
    ("W0308", &["W0401", "W0402", "W0506"]),
    ("W0309", &["W0401", "W0402", "W0506"]),
    ("W0310", &["W0401", "W0402", "W0506"]),
    ("W0311", &["W0401", "W0402", "W0506"]),
    ("W0312", &["W0401", "W0402", "W0410"]),
    ("W0313", &["W0314", "W0316", "W0504"]),
    ("W0314", &["W0504"]),
    ("W0601", &["W0304", "W0306", "W0307", "W0401"]),
];

/// The side that a finding about both sides blames: what only old has is a matter of new.
fn blamed(finding: &Finding) -> Option<Side> {
    match finding.code {
        "W0401" | "W0504" | "W0506" => Some(Side::New),
        "W0402" => Some(Side::Old),
        _ => finding.side,
    }
}

/// The plugin in a subject: `NAME` or `NAME VERSION`.
fn plugin(subject: &str) -> &str {
    subject.split(' ').next().unwrap_or_default()
}

/// Whether a finding is about static files that a portal of this side refuses (403 or another status).
fn is_refusal(finding: &Finding, side: Option<Side>) -> bool {
    matches!(finding.code, "W0308" | "W0311") && finding.side == side
}

/// Whether a piece of evidence is an answer of this portal.
fn is_from(evidence: &Evidence, portal: &str) -> bool {
    let path = evidence.source.strip_prefix("GET ");
    let path = path.and_then(|address| address.strip_prefix(portal));
    path.is_some_and(|path| path.starts_with('/'))
}

/// Whether a finding about static files rests on nothing but the answers of the portal that another one
/// is about.
fn is_answer_of(portal: &Finding, files: &Finding) -> bool {
    let mut evidence = files.evidence.iter();
    is_refusal(files, portal.side) && evidence.all(|it| is_from(it, &portal.subject))
}

/// Whether a confirmed finding is told and another one is attached to it: its consequence, or a less
/// serious cause. Only a plugin that was just launched is told instead of what is more serious.
fn explains(told: &Finding, other: &Finding) -> bool {
    if told.code == "W0101" {
        return is_answer_of(told, other);
    }
    let causes = |cause: &Finding, code: &str| {
        let mut codes = EXPLAINS.iter().filter(|(of, _)| *of == cause.code);
        codes.any(|(_, codes)| codes.contains(&code))
    };
    let is_cause =
        causes(told, other.code) && (other.severity <= told.severity || told.code == LAUNCHING);
    let is_worse =
        causes(other, told.code) && other.severity < told.severity && other.code != LAUNCHING;
    let whole_side = told.side.is_some_and(|side| side.as_str() == told.subject);
    let same_place = match (blamed(told), blamed(other)) {
        (Some(told), Some(other)) => told == other,
        _ => true,
    };
    (is_cause || is_worse)
        && same_place
        && (whole_side || plugin(&told.subject) == plugin(&other.subject))
        && told.certainty == Certainty::Confirmed
        && other.certainty == Certainty::Confirmed
}

/// The confirmed finding that is the reason why something could not be evaluated.
fn reason(confirmed: &[Finding], unknown: &Finding, root: &Root) -> Option<usize> {
    let prevented = |cause: &Finding| prevents(cause, unknown.side, root);
    let whole = confirmed.iter().position(prevented);
    whole.or_else(|| match root {
        Root::Unreachable(origin) => refused_files(confirmed, unknown, origin),
        _ => None,
    })
}

/// The first finding about static files, if there is one for each plugin of which nothing is known, by
/// what the same portal answered.
fn refused_files(confirmed: &[Finding], unknown: &Finding, origin: &str) -> Option<usize> {
    let of_plugin = |subject: &String| {
        confirmed.iter().position(|cause| {
            is_refusal(cause, unknown.side)
                && plugin(&cause.subject) == plugin(subject)
                && cause.evidence.iter().any(|it| is_from(it, origin))
        })
    };
    let found: Option<Vec<usize>> = unknown.undetermined.iter().map(of_plugin).collect();
    found?.first().copied()
}

/// Whether a confirmed finding prevents every reading of this root.
fn prevents(cause: &Finding, side: Option<Side>, root: &Root) -> bool {
    let of_root = match root {
        Root::Unreachable(origin) => cause.code == "W0101" && cause.subject == *origin,
        Root::SomeAddress => cause.code == "W0101",
        Root::Failing(_) => cause.code == "W0103",
        Root::TokenRefused => cause.code == "W0105",
        Root::Request(_) | Root::Cause(_) => false,
    };
    of_root && cause.side == side && cause.certainty == Certainty::Confirmed
}

/// Attaches each finding to the one that explains it. Nothing is lost: codes and subjects stay in
/// [`Finding::explains`], and the outcome is the same.
pub fn fold(mut results: CheckResults) -> CheckResults {
    let (confirmed, unknown): (Vec<_>, Vec<_>) = results
        .findings
        .into_iter()
        .partition(|finding| finding.root.is_none());
    let causes: Vec<Option<usize>> = confirmed
        .iter()
        .map(|other| confirmed.iter().position(|cause| explains(cause, other)))
        .collect();
    let mut explained: BTreeMap<usize, BTreeSet<Explained>> = BTreeMap::new();
    for (at, finding) in confirmed.iter().enumerate() {
        if let Some(root) = topmost(&causes, at) {
            explained
                .entry(root)
                .or_default()
                .insert(Explained::of(finding));
        }
    }
    let mut unevaluated: Vec<Finding> = Vec::new();
    for finding in unknown {
        let Some(root) = &finding.root else { continue };
        if let Some(cause) = reason(&confirmed, &finding, root) {
            explained
                .entry(topmost(&causes, cause).unwrap_or(cause))
                .or_default()
                .insert(Explained::of(&finding));
            continue;
        }
        let same = |it: &&mut Finding| it.side == finding.side && it.root == finding.root;
        match unevaluated.iter_mut().find(same) {
            Some(first) => {
                first.explains.insert(Explained::of(&finding));
                let known =
                    |it: &Evidence| first.evidence.iter().any(|has| has.source == it.source);
                first.undetermined.extend(finding.undetermined);
                let more: Vec<_> = finding
                    .evidence
                    .into_iter()
                    .filter(|it| !known(it))
                    .collect();
                first.evidence.extend(more);
            }
            None => unevaluated.push(finding),
        }
    }
    results.findings = confirmed
        .into_iter()
        .enumerate()
        .filter(|(at, _)| causes[*at].is_none())
        .map(|(at, mut finding)| {
            finding
                .explains
                .extend(explained.remove(&at).unwrap_or_default());
            finding
        })
        .chain(unevaluated)
        .collect();
    results.sort();
    results
}

/// The finding that is attached to nothing. No code explains itself, not even through others, and no step
/// but to a launch leads to what is less serious, so this ends.
fn topmost(causes: &[Option<usize>], at: usize) -> Option<usize> {
    let mut cause = causes[at]?;
    while let Some(earlier) = causes[cause] {
        cause = earlier;
    }
    Some(cause)
}
