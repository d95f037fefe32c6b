//! A run on narrow and wide pages, in both languages.

use std::time::Duration;

use super::page::look;
use super::plan::{of, options, sides};
use crate::apply::*;
use crate::compare::compare;
use crate::domain::*;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang};
use crate::plan::{Plan, SkippedPackage, StepId};
use crate::report::*;

pub(super) fn row(value: &str, status: &str) -> SystemVariable {
    SystemVariable {
        id: VariableId::new("sys_var_1"),
        name: GATEWAY_URL_NEW.to_owned(),
        value: value.to_owned(),
        default_value: String::new(),
        scope: "global".to_owned(),
        source: "system".to_owned(),
        status: status.to_owned(),
        package_name: String::new(),
    }
}

pub(super) fn refused(message: &str) -> StepResult {
    StepResult::Failed(StepFailure::Refused(RegisterError {
        transience: Transience::Permanent,
        detail: crate::domain::FailureCause::Said(message.to_owned()),
        cause: "ssh_password",
        shared: true,
        retry_after: None,
    }))
}

/// A result for each package of the plan; steps get theirs in turn.
fn results(plan: &Plan, steps: &[StepResult]) -> Vec<PackageResult> {
    let done = plan
        .steps
        .iter()
        .zip(steps)
        .map(|(step, result)| PackageResult {
            id: step.id.clone(),
            version: Some(step.version.clone()),
            package: Some(step.package.clone()),
            result: result.clone(),
            attempts: 1,
            duration: Duration::from_millis(1043),
            reading_age: None,
        });
    let left = plan
        .skipped
        .iter()
        .map(|left: &SkippedPackage| PackageResult {
            id: StepId {
                side: left.side,
                name: left.name.clone(),
            },
            version: left.version.clone(),
            package: left.package.clone(),
            result: if left.reason.is_blocking() {
                StepResult::Blocked(left.reason.clone())
            } else {
                StepResult::Skipped(left.reason.clone())
            },
            attempts: 0,
            duration: Duration::ZERO,
            reading_age: None,
        });
    let mut all: Vec<_> = done.chain(left).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

pub(super) fn ended(plan: &Plan, steps: &[StepResult]) -> ApplyReport {
    ApplyReport {
        packages: results(plan, steps),
        variable: VariableResult::Created {
            row: row("http://10.0.0.1:8005", "active"),
            removed_own: false,
        },
        variable_changes: Vec::new(),
        broken: Vec::new(),
        unasked: Vec::new(),
        stopped: None,
        schedule: ScheduleStats {
            parallel: 8,
            peak: 3,
            critical_path: Duration::from_millis(4100),
            work: Duration::from_millis(20_400),
            wall: Duration::from_millis(4300),
        },
    }
}

/// One of everything: two failures alike, one not known, one blocked, broken pages, changes.
fn rough(plan: &Plan) -> ApplyReport {
    let lost = StepResult::Unknown {
        cause: UnknownCause::AnswerLost {
            error: crate::domain::RegisterError::lost(crate::domain::FailureCause::Said(
                "connection reset".to_owned(),
            )),
        },
    };
    let results = [
        refused("scp file,try to mkdir target dir path /data in 10.0.0.5 fail,exit status 5"),
        lost,
        refused("run remote ssh command to target 10.0.0.5 fail,exit status 5"),
    ];
    ApplyReport {
        variable_changes: vec![
            VariableDiff {
                side: Side::New,
                name: "MONITOR_URL (monitor)".to_owned(),
                before: Some(row("http://a", "inactive")),
                after: Some(row("http://a", "active")),
                predicted: true,
            },
            VariableDiff {
                side: Side::New,
                name: "OTHER (wecmdb)".to_owned(),
                before: Some(row("x", "active")),
                after: None,
                predicted: false,
            },
        ],
        broken: vec![BrokenPage {
            side: Side::Old,
            name: plan.steps[0].id.name.clone(),
            path: FilePath::new("/ui-resources/wecmdb/v2.0.10/plugin/js/app.js"),
            portal: "http://old-portal:8080".to_owned(),
            state: FileState::Missing,
            predicted: false,
        }],
        stopped: Some(StopCause::BrokeOtherSide),
        ..ended(plan, &results)
    }
}

#[test]
fn pages() {
    let (old, new) = sides();
    let plan = of(&old, &new, &options());
    let (rough, comparison) = (rough(&plan), compare(&old, &new));
    let run = RunReport {
        command: "apply",
        plan: &plan,
        report: &rough,
        comparison: Some(&comparison),
        outcome: Outcome::Partial,
        plan_shown: false,
        run: Some("20261123-041502-k3f9"),
    };
    for (lang, name) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let catalog = Catalog::new(lang);
        for width in [80, 200] {
            let text = run.table(&catalog, look(width));
            insta::assert_snapshot!(format!("apply-{name}-{width}"), text);
        }
        let page = html(&run, &catalog, "").unwrap();
        let cell = "data-plugin=\"监控插件\" data-side=\"new\" data-result=\"failed\"";
        assert!(page.contains(cell), "{page}");
    }
}

#[test]
fn repair_stands_first_below_the_verdict() {
    let (old, new) = sides();
    let plan = of(&old, &new, &options());
    let report = rough(&plan);
    let run = RunReport {
        command: "apply",
        plan: &plan,
        report: &report,
        comparison: None,
        outcome: Outcome::Partial,
        plan_shown: false,
        run: None,
    };
    let text = run.table(&Catalog::new(Lang::En), look(120));
    assert!(text.starts_with("Partly done. "), "{text}");
    let after_verdict = text.split_once("\n\n").unwrap().1;
    assert!(after_verdict.starts_with("Repair this first\n"), "{text}");
    let command = "wecubectl plugin register --side old wecmdb v2.0.10";
    assert!(
        after_verdict
            .lines()
            .take(4)
            .any(|line| line.trim() == command),
        "{text}"
    );
    let json: serde_json::Value = serde_json::from_str(&run.document().pretty()).unwrap();
    assert_eq!(json["findings"][0]["code"], "broke_other_side");
    assert_eq!(json["findings"][0]["hint"], command);
}

#[test]
fn the_counts_add_up() {
    let (old, new) = sides();
    let plan = of(&old, &new, &options());
    for report in [
        rough(&plan),
        ended(
            &plan,
            &[StepResult::Done, StepResult::Done, StepResult::Done],
        ),
    ] {
        let run = RunReport {
            command: "apply",
            plan: &plan,
            report: &report,
            comparison: None,
            outcome: Outcome::Partial,
            plan_shown: false,
            run: None,
        };
        let text = run.table(&Catalog::new(Lang::En), look(200));
        let line = text
            .lines()
            .find(|line| line.contains(" packages: "))
            .unwrap();
        let numbers: Vec<usize> = line
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|word| word.parse().ok())
            .collect();
        let results = report.packages.iter().map(|it| it.result.as_str());
        let distinct = results.collect::<std::collections::BTreeSet<_>>().len();
        assert_eq!(numbers.len(), 1 + distinct, "{line}");
        assert_eq!(numbers[0], report.packages.len(), "{line}");
        assert_eq!(numbers[0], numbers[1..].iter().sum::<usize>(), "{line}");
    }
}

#[test]
fn the_document_has_the_keys_of_the_contract() {
    let (old, new) = sides();
    let plan = of(&old, &new, &options());
    let report = ended(
        &plan,
        &[StepResult::Done, StepResult::Done, StepResult::Done],
    );
    let comparison = compare(&old, &old);
    let run = RunReport {
        command: "apply",
        plan: &plan,
        report: &report,
        comparison: Some(&comparison),
        outcome: Outcome::Blocked,
        plan_shown: false,
        run: None,
    };
    let json: serde_json::Value = serde_json::from_str(&run.document().pretty()).unwrap();
    assert_eq!(
        (&json["command"], &json["outcome"], &json["exit_code"]),
        (&"apply".into(), &"blocked".into(), &13.into())
    );
    assert_eq!(
        json["variable"],
        serde_json::json!({
            "name": "GATEWAY_URL_NEW", "action": "created",
            "before": null, "after": "http://10.0.0.1:8005",
        })
    );
    assert_eq!(
        json["schedule"],
        serde_json::json!({
            "parallel": 8, "peak": 3, "critical_path_ms": 4100, "work_ms": 20_400,
            "wall_ms": 4300,
        })
    );
    let packages = json["packages"].as_array().unwrap();
    let package = |name: &str| packages.iter().find(|it| it["name"] == name).unwrap();
    assert_eq!(
        *package("wecmdb"),
        serde_json::json!({
            "name": "wecmdb", "version": "v2.0.10", "id": "plugin_wecmdb_v2.0.10", "side": "new",
            "result": "done", "attempts": 1, "duration_ms": 1043, "reason": null,
        })
    );
    assert_eq!(package("saltstack")["reason"]["code"], "no_ui");
    assert_eq!(json["comparison"]["differences"], 0);
    assert_eq!(run.tsv().lines().count(), 1 + packages.len());
}
