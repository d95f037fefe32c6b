//! The plan on narrow and wide pages, in both languages. The plan is a real one.

use std::collections::BTreeMap;

use super::page::look;
use crate::compare::testing::*;
use crate::domain::*;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang};
use crate::plan::{
    GatewayUrl, Plan, PlanInput, PlanOptions, SeedRelation, WriteTo, plan as make_plan,
};
use crate::report::*;

pub(super) fn options() -> PlanOptions {
    PlanOptions {
        write_to: WriteTo::New,
        all_running: false,
        only: Vec::new(),
        skip: Vec::new(),
        register_unverified: std::collections::BTreeSet::new(),
        picks: BTreeMap::new(),
        gateway_url: GatewayUrl::Value("http://10.0.0.1:8005".to_owned()),
        upgrade: crate::plan::Upgrade::Unstated,
        static_folder: None,
        seeds: SeedRelation::Same,
        target: None,
    }
}

/// Coexistence on one database: some hidden, one blocked with its dependent, one without UI, one
/// that runs nowhere, one visible.
pub(super) fn sides() -> (Inventory, Inventory) {
    let both = |side: Inventory, state: &FileState| {
        let plugin = |side: Inventory, name: &str, version: &str, instance: &str, port| {
            side.package(name, version, "REGISTERED", true)
                .running(name, version, instance, port)
                .listed(name, version, state)
        };
        let side = plugin(side, "itsdangerous", "v0.2.1", "vBKYDgiB2HoA", 20_103);
        let side = plugin(side, "terminal", "v1.0.1", "vBKYDgiB2HoB", 20_104).depends(
            "terminal",
            "v1.0.1",
            "itsdangerous",
            "v0.2.1",
        );
        let side = plugin(side, "wecmdb", "v2.0.10", "vBKYDgiB2HoC", 20_105);
        plugin(side, "监控插件", "v2.0.7", "vBKYDgiB2HoD", 20_106)
            .depends("监控插件", "v2.0.7", "wecmdb", "v1.5.0")
            .package("saltstack", "v1.10.14", "REGISTERED", false)
            .running("saltstack", "v1.10.14", "vBKYDgiB2HoE", 20_107)
            .package("capacity", "v1.0.5", "REGISTERED", true)
            .package("wecmdb", "v1.9.0", "REGISTERED", true)
    };
    let missing = FileState::Missing;
    (both(old_side(), &served(10)), both(new_side(), &missing))
}

pub(super) fn of(old: &Inventory, new: &Inventory, options: &PlanOptions) -> Plan {
    make_plan(PlanInput {
        new: Some(new),
        old: Some(old),
        options,
    })
}

#[test]
fn pages() {
    let (old, new) = sides();
    let plan = of(&old, &new, &options());
    let report = PlanReport {
        command: "plan",
        plan: &plan,
        outcome: Outcome::WorkToDo,
        is_preview: false,
    };
    for (lang, name) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let catalog = Catalog::new(lang);
        for width in [80, 200] {
            let text = report.table(&catalog, look(width));
            insta::assert_snapshot!(format!("plan-{name}-{width}"), text);
        }
        let page = html(&report, &catalog, "").unwrap();
        assert!(page.contains("data-plugin=\"监控插件\" data-side=\"new\""));
    }
}

#[test]
fn refusals_precede_everything_else() {
    let (old, mut new) = sides();
    new.version = Reading::Known(PlatformVersion::parse("v3.2.6"));
    new.capabilities = old.capabilities.clone();
    let plan = of(&old, &new, &options());
    assert!(!plan.refusals.is_empty());
    let report = PlanReport {
        command: "plan",
        plan: &plan,
        outcome: Outcome::Unsafe,
        is_preview: false,
    };
    let text = report.table(&Catalog::new(Lang::En), look(80));
    let refused = text.find("Refused: nothing will be written").unwrap();
    assert!(
        text.starts_with("Refused, nothing will be written: "),
        "{text}"
    );
    assert!(refused < text.find("System variable").unwrap(), "{text}");
    let json: serde_json::Value = serde_json::from_str(&report.document().pretty()).unwrap();
    assert_eq!(json["exit_code"], 14);
    let refusals = json["plan"]["refusals"].as_array().unwrap();
    assert!(refusals.iter().any(|it| it["code"] == "new_is_old"));
}

#[test]
fn the_document_says_everything() {
    let (old, new) = sides();
    let plan = of(&old, &new, &options());
    let report = PlanReport {
        command: "plan",
        plan: &plan,
        outcome: Outcome::Ok,
        is_preview: false,
    };
    let json: serde_json::Value = serde_json::from_str(&report.document().pretty()).unwrap();
    assert_eq!(json["command"], "plan");
    assert_eq!(
        json["variable"],
        serde_json::json!({
            "name": "GATEWAY_URL_NEW", "action": "create",
            "before": null, "after": "http://10.0.0.1:8005",
        })
    );
    let steps = json["plan"]["steps"].as_array().unwrap();
    let names: Vec<_> = steps
        .iter()
        .map(|step| step["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), plan.steps.len());
    let monitor = steps.iter().find(|it| it["name"] == "监控插件").unwrap();
    assert_eq!(monitor["after"], serde_json::json!(["new:wecmdb"]));
    assert_eq!(monitor["reason"]["code"], "pages_hidden");
    // As many as the reason counts.
    let files = monitor["files"].as_array().unwrap();
    let told = monitor["reason"]["message"].as_str().unwrap();
    assert!(
        told.starts_with(&format!("{} of ", files.len())),
        "{told} {files:?}"
    );
    assert_eq!(files[0]["code"], "missing");
    let left = json["plan"]["blocked"].as_array().unwrap();
    let terminal = left.iter().find(|it| it["name"] == "terminal").unwrap();
    assert_eq!(terminal["reason"]["code"], "dependency_too_old");
    assert_eq!(terminal["result"], "blocked");
    assert_eq!(json["plan"]["remedies"][0]["name"], "terminal");
    assert_eq!(json["plan"]["relation"], "shared");
    let tsv = report.tsv();
    assert_eq!(
        tsv.lines().count(),
        1 + plan.steps.len() + plan.skipped.len()
    );
}

/// The first line says the outcome, the numbers and the next command, whatever the exit code.
#[test]
fn first_line_says_outcome_numbers_next_command() {
    let (old, new) = sides();
    let first = |plan: &Plan, is_preview| {
        let report = PlanReport {
            command: "plan",
            plan,
            outcome: Outcome::Ok,
            is_preview,
        };
        let text = report.table(&Catalog::new(Lang::En), look(200));
        text.lines().next().unwrap().to_owned()
    };
    let plan = of(&old, &new, &options());
    let counts = format!(
        "{} plugins to register, GATEWAY_URL_NEW will be set, 2 skipped, 1 blocked.",
        plan.steps.len()
    );
    assert_eq!(first(&plan, true), counts);
    assert_eq!(
        first(&plan, false),
        format!("{counts} Next: wecubectl apply")
    );
    let mut done = plan.clone();
    done.steps.clear();
    done.variable = crate::plan::VariablePlan::NotAsked {
        effective: Reading::Known(None),
        matches: false,
    };
    let blocked = first(&done, false);
    assert!(blocked.starts_with("Nothing to register"), "{blocked}");
    assert!(blocked.ends_with("under \"How to resolve\""), "{blocked}");
    done.skipped.retain(|left| !left.reason.is_blocking());
    assert!(first(&done, false).starts_with("Nothing to do"));
    done.new = None;
    assert!(first(&done, false).starts_with("The upgrade will meet"));
}
