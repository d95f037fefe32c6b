//! What every check looks at, and where it puts what it found.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::Entry;
use super::input::{CheckInput, Facts, Policy};
use super::model::{Certainty, Evidence, Finding, Skipped};
use super::words;
use crate::compare::{Cause, Comparison, PluginRow, PluginSide, compare};
use crate::domain::{Inventory, PluginName, ReadFailure, Reading, Severity, Side};
use crate::i18n::Text;
use crate::plan::{
    GatewayUrl, Plan, PlanInput, PlanOptions, SeedRelation, Selection, WriteTo, plan,
};

/// What every check looks at.
pub(super) struct CheckContext<'a> {
    pub(super) new: &'a Inventory,
    pub(super) old: Option<&'a Inventory>,
    pub(super) facts: &'a Facts<'a>,
    pub(super) policy: &'a Policy,
    /// Both sides; none where there is one only.
    pub(super) pair: Option<&'a Comparison>,
    /// Which plugins are wanted.
    pub(super) selection: &'a Selection,
    /// The plan of nothing: its relation, refusals and notices are read, its steps are not.
    pub(super) plan: &'a Plan,
    /// Each side beside itself: what is so there whatever the other side is.
    alone: &'a BTreeMap<Side, Comparison>,
}

/// What a scene is made of and must outlive it.
pub(super) struct ContextData {
    selection: Selection,
    plan: Plan,
    alone: BTreeMap<Side, Comparison>,
    pair: Option<Comparison>,
}

impl ContextData {
    pub(super) fn new(input: &CheckInput<'_>) -> Self {
        let options = PlanOptions {
            write_to: WriteTo::New,
            all_running: false,
            only: input.policy.only_plugins.clone(),
            skip: input.policy.skip_plugins.clone(),
            picks: BTreeMap::new(),
            gateway_url: GatewayUrl::Value(input.policy.gateway_url.clone().unwrap_or_default()),
            seeds: input.facts.seeds.unwrap_or(SeedRelation::Same),
            target: None,
        };
        let sides = [Some(input.new), input.old].into_iter().flatten();
        let pair = match (input.old, input.comparison) {
            (Some(old), None) => Some(compare(old, input.new)),
            _ => None,
        };
        Self {
            selection: Selection::new_for(input.policy),
            plan: plan(PlanInput {
                new: Some(input.new),
                old: input.old,
                options: &options,
            }),
            alone: sides.map(|it| (it.side(), compare(it, it))).collect(),
            pair,
        }
    }

    pub(super) fn scene<'a>(&'a self, input: &'a CheckInput<'a>) -> CheckContext<'a> {
        let given = input.comparison.filter(|_| input.old.is_some());
        CheckContext {
            new: input.new,
            old: input.old,
            facts: &input.facts,
            policy: input.policy,
            pair: given.or(self.pair.as_ref()),
            selection: &self.selection,
            plan: &self.plan,
            alone: &self.alone,
        }
    }
}

impl Selection {
    fn new_for(policy: &Policy) -> Self {
        Self::of_globs(&policy.only_plugins, &policy.skip_plugins)
    }
}

impl<'a> CheckContext<'a> {
    /// The sides that are there, the new one first.
    pub(super) fn sides(&self) -> impl Iterator<Item = &'a Inventory> + use<'a> {
        [Some(self.new), self.old].into_iter().flatten()
    }

    /// One of them.
    pub(super) fn side(&self, side: Side) -> Option<&'a Inventory> {
        match side {
            Side::New => Some(self.new),
            Side::Old => self.old,
        }
    }

    /// The plugins of a side that are wanted, each judged by that side alone. What keeps them from
    /// being known is said to `out`, once, and what is not wanted is listed.
    pub(super) fn plugins(
        &self,
        side: Side,
        out: &mut FindingSink<'a>,
    ) -> Vec<(&'a PluginRow, &'a PluginSide)> {
        let Some(alone) = self.alone.get(&side) else {
            return Vec::new();
        };
        for unread in alone.unread.iter().filter(|it| it.side == Side::New) {
            out.unread(side, None, &unread.failure);
        }
        let rows = self.wanted(&alone.plugins, out);
        rows.into_iter().map(|row| (row, &row.new)).collect()
    }

    /// The rows of both sides that are wanted. Where there is no old side, that is said to `out`.
    pub(super) fn pairs(&self, out: &mut FindingSink<'a>) -> Vec<&'a PluginRow> {
        let Some(pair) = self.need_pair(out) else {
            return Vec::new();
        };
        for unread in &pair.unread {
            out.unread(unread.side, None, &unread.failure);
        }
        self.wanted(&pair.plugins, out)
    }

    fn wanted(&self, rows: &'a [PluginRow], out: &mut FindingSink<'a>) -> Vec<&'a PluginRow> {
        let (wanted, left): (Vec<_>, Vec<_>) = rows
            .iter()
            .partition(|row: &&PluginRow| self.selection.takes(&row.name));
        out.left_out(left.into_iter().map(|row| &row.name));
        wanted
    }

    /// Both sides; where there is no old side, that is said to `out`.
    pub(super) fn need_pair(&self, out: &mut FindingSink<'_>) -> Option<&'a Comparison> {
        self.need_old(out)?;
        self.pair
    }

    /// The old side; where there is none, that is said to `out`.
    pub(super) fn need_old(&self, out: &mut FindingSink<'_>) -> Option<&'a Inventory> {
        if self.old.is_none() {
            if self.policy.old_is_configured {
                let why = Text::new("check-unknown-old-not-read");
                out.unknown(Some(Side::Old), None, why, None);
            } else {
                out.skip(None, Text::new("check-skip-no-old"));
            }
        }
        self.old
    }
}

/// What was found, before code, side and time are put to it.
pub(super) struct FindingDraft {
    pub(super) side: Option<Side>,
    pub(super) subject: String,
    pub(super) message: Text,
    pub(super) hint: Option<Text>,
    /// Where it was read, and what was seen there.
    pub(super) seen: Vec<(Option<Side>, String, Text)>,
}

impl FindingDraft {
    /// The request by which the first of what was seen was read, where it is told more closely than by
    /// its listing.
    pub(super) fn read_by(mut self, request: Option<String>) -> Self {
        if let (Some((_, source, _)), Some(request)) = (self.seen.first_mut(), request) {
            *source = request;
        }
        self
    }
}

/// Where a check puts what it found.
pub(super) struct FindingSink<'s> {
    entry: &'static Entry,
    at: &'s str,
    looked: usize,
    found: Vec<Finding>,
    gaps: BTreeMap<Option<Side>, Unevaluated>,
    skipped: Vec<Skipped>,
    unwanted: BTreeSet<&'s PluginName>,
}

/// What a check could not evaluate on a side.
struct Unevaluated {
    subjects: BTreeSet<String>,
    cause: Text,
    hint: Option<Text>,
    source: String,
}

impl<'s> FindingSink<'s> {
    pub(super) fn new(entry: &'static Entry, at: &'s str) -> Self {
        Self {
            entry,
            at,
            looked: 0,
            found: Vec::new(),
            gaps: BTreeMap::new(),
            skipped: Vec::new(),
            unwanted: BTreeSet::new(),
        }
    }

    /// A subject was looked at.
    pub(super) fn looked(&mut self) {
        self.looked += 1;
    }

    /// It is wrong, as grave as this check is.
    pub(super) fn wrong(&mut self, told: FindingDraft) {
        self.wrong_as(self.entry.severity, told);
    }

    /// It is wrong, and graver or milder than this check is as a rule.
    pub(super) fn wrong_as(&mut self, severity: Severity, told: FindingDraft) {
        let evidence = told.seen.into_iter().map(|(side, source, seen)| Evidence {
            side,
            source,
            seen,
            at: self.at.to_owned(),
        });
        self.found.push(Finding {
            code: self.entry.code,
            severity,
            certainty: Certainty::Confirmed,
            side: told.side,
            subject: told.subject,
            message: told.message,
            hint: told.hint,
            evidence: evidence.collect(),
        });
    }

    /// It cannot be told. All that cannot be told on a side becomes one finding, which names the first
    /// cause and every subject.
    pub(super) fn unknown(
        &mut self,
        side: Option<Side>,
        subject: Option<String>,
        cause: Text,
        source: Option<String>,
    ) {
        let hint = Text::new("check-hint-read-again");
        self.gap(side, subject, (cause, Some(hint)), source);
    }

    /// A reading that it needs failed.
    pub(super) fn unread(&mut self, side: Side, subject: Option<String>, failure: &ReadFailure) {
        let why = (
            words::failure(failure),
            Some(words::failure_hint(side, failure)),
        );
        self.gap(Some(side), subject, why, Some(failure.target.clone()));
    }

    /// The comparison could not tell.
    pub(super) fn not_told(&mut self, side: Side, subject: String, cause: Option<&Cause>) {
        match cause {
            Some(Cause::NotRead(failure)) => self.unread(side, Some(subject), failure),
            Some(cause) => {
                let why = (cause.text(), cause.hint(side));
                self.gap(Some(side), Some(subject), why, None);
            }
            None => self.unknown(
                Some(side),
                Some(subject),
                Text::new("compare-cause-not-asked"),
                None,
            ),
        }
    }

    fn gap(
        &mut self,
        side: Option<Side>,
        subject: Option<String>,
        (cause, hint): (Text, Option<Text>),
        source: Option<String>,
    ) {
        let gap = self.gaps.entry(side).or_insert_with(|| Unevaluated {
            subjects: BTreeSet::new(),
            cause,
            hint,
            source: source.unwrap_or_default(),
        });
        gap.subjects.extend(subject);
    }

    /// It was not evaluated, by intent.
    pub(super) fn skip(&mut self, subject: Option<String>, reason: Text) {
        self.skipped.push(Skipped {
            code: self.entry.code,
            subject,
            reason,
        });
    }

    fn left_out(&mut self, names: impl Iterator<Item = &'s PluginName>) {
        self.unwanted.extend(names);
    }

    /// Everything, in an order of its own.
    pub(super) fn finish(mut self) -> Done {
        if !self.unwanted.is_empty() {
            let names: Vec<&str> = self.unwanted.iter().map(|name| name.as_str()).collect();
            let subject = words::few(&names);
            self.skip(Some(subject), Text::new("check-skip-plugins"));
        }
        let at = self.at.to_owned();
        let code = self.entry.code;
        let gaps = std::mem::take(&mut self.gaps);
        let gaps = gaps
            .into_iter()
            .map(|(side, gap)| gap.finding(code, side, &at));
        self.found.extend(gaps);
        Done {
            findings: self.found,
            skipped: self.skipped,
            looked: self.looked,
        }
    }
}

/// What one check came to.
pub(super) struct Done {
    pub(super) findings: Vec<Finding>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) looked: usize,
}

impl Unevaluated {
    fn finding(self, code: &'static str, side: Option<Side>, at: &str) -> Finding {
        let names: Vec<&str> = self.subjects.iter().map(String::as_str).collect();
        let message = if names.is_empty() {
            Text::new("check-unknown").nested("cause", self.cause.clone())
        } else {
            Text::new("check-unknown-of")
                .count("count", names.len())
                .with("names", words::few(&names))
                .nested("cause", self.cause.clone())
        };
        Finding {
            code,
            severity: Severity::Warning,
            certainty: Certainty::Unknown,
            side,
            subject: side.map_or("pair", Side::as_str).to_owned(),
            message,
            hint: self.hint,
            evidence: vec![Evidence {
                side,
                source: self.source,
                seen: self.cause,
                at: at.to_owned(),
            }],
        }
    }
}

/// The value of a reading; what kept it from being read is said to `out`.
pub(super) fn known<'a, T>(
    reading: &'a Reading<T>,
    side: Side,
    out: &mut FindingSink<'_>,
) -> Option<&'a T> {
    match reading {
        Reading::Known(value) => Some(value),
        Reading::Unknown(failure) => {
            out.unread(side, None, failure);
            None
        }
    }
}
