//! The first line of a run: its sentence, the numbers beside it and the exit code agree, whatever happened.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::apply::{ended, refused, row};
use super::page::look;
use super::plan::{of, options, sides};
use crate::apply::*;
use crate::domain::*;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang, Text};
use crate::plan::{Plan, SkipReason, StepId};
use crate::report::*;

/// Each sentence, with the exit codes that it may stand above.
const SENTENCES: [(&str, &[u8]); 12] = [
    ("apply-ended-converged", &[0]),
    ("apply-ended-nothing-to-do", &[0]),
    ("apply-ended-blocked", &[13]),
    ("apply-ended-different", &[10, 11]),
    ("apply-ended-partial", &[11]),
    ("apply-ended-unverified", &[11]),
    ("apply-ended-no-effect", &[12]),
    ("apply-ended-no-permission", &[20]),
    ("apply-ended-unreachable", &[21]),
    ("apply-ended-not-wecube", &[22]),
    ("apply-ended-interrupted", &[130, 143]),
    ("apply-ended-failed", &[1, 11]),
];

fn failure(kind: FailureKind) -> ReadFailure {
    ReadFailure {
        kind,
        operation: "packages.list",
        target: "http://127.0.0.1:1".to_owned(),
        cause: FailureCause::ConnectTimeout,
    }
}

fn page(predicted: bool) -> BrokenPage {
    BrokenPage {
        side: Side::Old,
        name: PluginName::new("wecmdb"),
        path: FilePath::new("/ui-resources/wecmdb/v1/app.js"),
        portal: "http://127.0.0.1:2".to_owned(),
        state: FileState::Missing,
        predicted,
    }
}

/// A result, and the calls that led to it.
fn result() -> impl Strategy<Value = (StepResult, u32)> {
    let refused_for = |cause| {
        let StepResult::Failed(StepFailure::Refused(error)) = refused("no") else {
            unreachable!();
        };
        StepResult::Failed(StepFailure::Refused(RegisterError { cause, ..error }))
    };
    let unchecked = |kind| {
        StepResult::Failed(StepFailure::Unchecked {
            failure: failure(kind),
        })
    };
    let unknown = StepResult::Unknown {
        cause: UnknownCause::Interrupted,
    };
    prop_oneof![
        6 => Just((StepResult::Done, 1)),
        3 => Just((StepResult::Skipped(SkipReason::AlreadyVisible), 0)),
        1 => Just((StepResult::Blocked(SkipReason::TooManyVersions { others: 3 }), 0)),
        1 => Just((refused("no"), 1)),
        1 => Just((refused_for(RegisterError::TOKEN_REFUSED), 1)),
        1 => Just((refused_for(RegisterError::NOT_WECUBE), 1)),
        1 => Just((unchecked(FailureKind::Unreachable), 0)),
        1 => Just((unchecked(FailureKind::NoAnswer), 0)),
        1 => Just((StepResult::Failed(StepFailure::NotRetried), 1)),
        1 => Just((StepResult::NoEffect(NoEffect::UiNotActive), 1)),
        1 => Just((StepResult::NotStarted(NotStarted::RunStopped), 0)),
        1 => Just((unknown, 1)),
    ]
}

fn variable() -> impl Strategy<Value = VariableResult> {
    let row = row("http://10.0.0.1:8005", "active");
    let created = VariableResult::Created {
        row: row.clone(),
        removed_own: false,
    };
    let failed = |kind| VariableResult::Failed {
        failure: failure(kind),
    };
    let undecided = VariableResult::Undecided {
        effective: None,
        wanted: "http://10.0.0.1:8005".to_owned(),
    };
    prop_oneof![
        4 => Just(VariableResult::Unchanged { row: Some(row.clone()) }),
        4 => Just(created),
        1 => Just(failed(FailureKind::TokenRefused)),
        1 => Just(failed(FailureKind::ServerError)),
        1 => Just(VariableResult::Drifted { planned: None, rows: vec![row.clone()] }),
        1 => Just(VariableResult::NoEffect { rows: vec![row] }),
        1 => Just(undecided),
    ]
}

fn stopped() -> impl Strategy<Value = Option<StopCause>> {
    prop_oneof![
        9 => Just(None),
        1 => Just(Some(StopCause::Interrupted)),
        1 => Just(Some(StopCause::Terminated)),
        1 => Just(Some(StopCause::Deadline)),
        1 => Just(Some(StopCause::Journal(SinkError(Text::new("outcome-failed"))))),
    ]
}

prop_compose! {
    fn report(plan: &Plan)(
        results in prop::collection::vec(result(), 0..6),
        variable in variable(),
        stopped in stopped(),
        broken in prop::collection::vec(prop::bool::ANY.prop_map(page), 0..2),
        unasked in prop::collection::vec(Just(page(false)), 0..2),
        base in Just(ended(plan, &[])),
    ) -> ApplyReport {
        let packages = results.into_iter().enumerate().map(|(n, (result, attempts))| PackageResult {
            id: StepId { side: Side::New, name: PluginName::new(format!("p{n}")) },
            version: None,
            package: None,
            result,
            attempts,
            duration: Duration::ZERO,
            reading_age: None,
        });
        ApplyReport {
            packages: packages.collect(),
            variable,
            stopped,
            broken,
            unasked,
            ..base
        }
    }
}

/// The key of the sentence that a line begins with.
fn sentence(line: &str, catalog: &Catalog) -> &'static str {
    let keys = SENTENCES.iter().map(|(key, _)| *key);
    let mut begins = keys.filter(|key| line.starts_with(&catalog.render(&Text::new(key))));
    begins
        .next()
        .unwrap_or_else(|| panic!("no sentence: {line}"))
}

/// The numbers of the line.
struct Numbers {
    done: usize,
    failed: usize,
    unknown: usize,
    without_effect: usize,
    blocked: usize,
    skipped: usize,
}

impl Numbers {
    fn of(line: &str) -> Self {
        let of = |words: &str| {
            let mut parts = line.split([',', ':', '.']).map(str::trim);
            let told = parts.find_map(|part| part.strip_suffix(words)?.trim().parse().ok());
            told.unwrap_or(0)
        };
        Self {
            done: of("registered and verified"),
            failed: of("failed") + of("not started"),
            unknown: of("unknown"),
            without_effect: of("without effect"),
            blocked: of("blocked (manual action needed)"),
            skipped: of("skipped (no action needed)"),
        }
    }

    fn total(&self) -> usize {
        let ended = self.done + self.failed + self.unknown + self.without_effect;
        ended + self.blocked + self.skipped
    }

    /// Whether a sentence is true beside these numbers.
    fn bear_out(&self, key: &str, run: &RunReport<'_>, compared: Option<Outcome>) -> bool {
        let report = run.report;
        let is_variable = |codes: &[&str]| codes.contains(&report.variable.code());
        let written = self.done > 0 || report.variable.is_written();
        let failed = self.failed > 0
            || is_variable(&["failed", "drifted"])
            || matches!(report.stopped, Some(StopCause::Journal(_)));
        let no_effect = self.without_effect > 0 || is_variable(&["no_effect"]);
        let blocked = self.blocked > 0 || is_variable(&["blocked"]);
        let differs = compared == Some(Outcome::Different);
        let broken = report.broken.iter().any(|page| !page.predicted);
        let unproven =
            self.unknown > 0 || !report.unasked.is_empty() || compared == Some(Outcome::Partial);
        let is_settled = !(failed || no_effect || unproven || broken);
        match key {
            "apply-ended-converged" => is_settled && !blocked && !differs && written,
            "apply-ended-nothing-to-do" => is_settled && !blocked && !differs && !written,
            "apply-ended-blocked" => is_settled && blocked,
            "apply-ended-different" if broken => self.unknown == 0 && !failed && !no_effect,
            "apply-ended-different" => is_settled && !blocked && differs,
            "apply-ended-partial" => written && (failed || self.unknown > 0),
            "apply-ended-unverified" => (unproven || broken) && !failed && !no_effect,
            "apply-ended-no-effect" => no_effect,
            "apply-ended-failed" => failed && self.done == 0,
            "apply-ended-interrupted" => run.outcome.is_signal(),
            // Nothing got in.
            _ => self.done + self.unknown + self.without_effect == 0,
        }
    }
}

#[test]
fn sentence_numbers_and_exit_code_agree() {
    let (old, new) = sides();
    let plan = of(&old, &new, &options());
    let catalogs = [Lang::En, Lang::Zh].map(Catalog::new);
    let compared = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Outcome::Partial)),
        1 => Just(Some(Outcome::Different)),
    ];
    let config = ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    TestRunner::new(config)
        .run(&(report(&plan), compared), |(report, compared)| {
            let outcomes = [Some(outcome(&report)), compared];
            let run = RunReport {
                command: "apply",
                plan: &plan,
                report: &report,
                comparison: None,
                outcome: Outcome::worst(outcomes.into_iter().flatten()).unwrap(),
                plan_shown: true,
                run: None,
            };
            let [english, chinese] = catalogs.each_ref().map(|catalog| {
                let text = run.table(catalog, look(300));
                let line = text.lines().next().unwrap().to_owned();
                (sentence(&line, catalog), line)
            });
            let (key, line) = english;
            prop_assert_eq!(key, chinese.0);

            let code = run.outcome.code();
            let codes = SENTENCES.iter().find(|(known, _)| *known == key).unwrap().1;
            prop_assert!(codes.contains(&code), "{} above exit code {}", line, code);
            let document: serde_json::Value =
                serde_json::from_str(&run.document().pretty()).unwrap();
            prop_assert_eq!(&document["exit_code"], &serde_json::json!(code));

            let numbers = Numbers::of(&line);
            prop_assert_eq!(numbers.total(), report.packages.len(), "{}", line);
            let is_true = numbers.bear_out(key, &run, compared);
            prop_assert!(is_true, "{} (exit code {}): {:#?}", line, code, report);
            Ok(())
        })
        .unwrap();
}
