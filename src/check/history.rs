//! What of the findings is news: [`decide`] compares them with what earlier checks told.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::model::{Certainty, CheckResults, Finding};

/// What checks with `--on-change` found and told so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// When findings were last told, in seconds since 1970.
    told_at_s: Option<i64>,
    /// By [`Finding::key`].
    findings: BTreeMap<String, Known>,
}

/// What is known of one finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    since_s: i64,
    times: u64,
    /// Whether the last checks that evaluated it found it, the latest last.
    recent: Vec<bool>,
    /// How bad it was when it was told; `None` if it was not.
    told: Option<u8>,
}

/// Since when and how often a finding was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sightings {
    /// When it was found first, in seconds since 1970.
    pub since_s: i64,
    /// In how many checks.
    pub times: u64,
}

/// What is told, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewsPolicy {
    /// Seconds after which findings that stay are told again.
    pub remind_s: u64,
    /// A finding counts if so many …
    pub least: usize,
    /// … of so many checks found it.
    pub of: usize,
}

/// What of the findings is news.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// A finding is new, gone or worse.
    pub changed: bool,
    /// It changed, or findings are told again.
    pub due: bool,
    /// Keys of what was told and is gone.
    pub recovered: Vec<(String, Sightings)>,
    /// Each finding, by its key.
    pub sightings: BTreeMap<String, Sightings>,
}

/// Whether to tell, and the history once it is told. Without a history everything is told at once.
pub fn decide(
    history: Option<&History>,
    results: &CheckResults,
    now_s: i64,
    policy: NewsPolicy,
) -> (News, History) {
    let found: BTreeMap<String, u8> = serious(results)
        .map(|finding| (finding.key(), weight(finding)))
        .collect();
    let unclear = Unclear::of(results);
    let accepted: BTreeSet<String> = results.accepted.iter().map(Finding::key).collect();
    let mut next = history.cloned().unwrap_or_default();
    next.findings.retain(|key, _| !accepted.contains(key));
    let mut news = News::default();
    for (key, weight) in &found {
        let known = next.findings.entry(key.clone()).or_insert(Known {
            since_s: now_s,
            times: 0,
            recent: Vec::new(),
            told: None,
        });
        known.times += 1;
        known.since_s = known.since_s.min(now_s);
        known.saw(true, policy);
        news.sightings.insert(key.clone(), known.sightings());
        if history.is_none() || known.told.is_some() || known.counts(policy) {
            news.changed |= known.told.is_none_or(|told| told < *weight);
            known.told = Some(*weight);
        }
    }
    next.findings.retain(|key, known| {
        if found.contains_key(key) || unclear.covers(key) {
            return true;
        }
        known.saw(false, policy);
        if known.told.is_some() && known.is_gone(policy) {
            news.changed = true;
            news.recovered.push((key.clone(), known.sightings()));
            return false;
        }
        known.told.is_some() || known.recent.contains(&true)
    });
    let told = found.keys().any(|key| {
        let known = next.findings.get(key);
        known.is_some_and(|known| known.told.is_some())
    });
    news.due = news.changed || (told && reminds(next.told_at_s, now_s, policy));
    if news.due {
        next.told_at_s = Some(now_s);
    }
    (news, next)
}

/// A stored time in the future is due: a clock was set.
fn reminds(told_at_s: Option<i64>, now_s: i64, policy: NewsPolicy) -> bool {
    told_at_s.is_none_or(|told| {
        let age = u64::try_from(now_s.saturating_sub(told));
        age.map_or(true, |age| age >= policy.remind_s)
    })
}

fn serious(results: &CheckResults) -> impl Iterator<Item = &Finding> {
    let findings = results.findings.iter();
    findings.filter(|finding| finding.is_fault())
}

/// What is confirmed is worse than what could not be determined. Earlier releases stored 2 for what was
/// unknown, and 3 or 5 for what was confirmed.
fn weight(finding: &Finding) -> u8 {
    match finding.certainty {
        Certainty::Unknown => 2,
        Certainty::Confirmed => 3,
    }
}

impl Known {
    fn saw(&mut self, found: bool, policy: NewsPolicy) {
        self.recent.push(found);
        let old = self.recent.len().saturating_sub(policy.of.max(1));
        self.recent.drain(..old);
    }

    fn counts(&self, policy: NewsPolicy) -> bool {
        self.recent.iter().filter(|found| **found).count() >= policy.least
    }

    /// Whether the checks that are left cannot make it count.
    fn is_gone(&self, policy: NewsPolicy) -> bool {
        let missed = self.recent.iter().filter(|found| !**found).count();
        missed + policy.least > policy.of
    }

    fn sightings(&self) -> Sightings {
        Sightings {
            since_s: self.since_s,
            times: self.times,
        }
    }
}

/// What was not evaluated, or is explained by another finding: neither gone nor new.
struct Unclear {
    keys: BTreeSet<String>,
    /// Code and side; a side that is empty is both.
    codes: BTreeSet<(&'static str, &'static str)>,
}

impl Unclear {
    fn of(results: &CheckResults) -> Self {
        let mut unclear = Self {
            keys: BTreeSet::new(),
            codes: BTreeSet::new(),
        };
        for finding in &results.findings {
            let side = finding.side.map_or("", crate::domain::Side::as_str);
            let codes = finding.not_evaluated();
            unclear
                .codes
                .extend(codes.into_iter().map(|code| (code, side)));
            let explained = finding.explains.iter();
            let explained = explained.filter(|it| it.certainty == Certainty::Confirmed);
            unclear.keys.extend(explained.map(|it| it.key.clone()));
        }
        let skipped = results.skipped.iter().map(|skipped| (skipped.code, ""));
        unclear.codes.extend(skipped);
        unclear
    }

    fn covers(&self, key: &str) -> bool {
        let mut parts = key.splitn(3, ' ');
        let (code, side) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let mut codes = self.codes.iter();
        self.keys.contains(key)
            || codes.any(|(unread, of)| {
                *unread == code && (of.is_empty() || side.is_empty() || *of == side)
            })
    }
}
