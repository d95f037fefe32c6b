//! Each check, triggered and cleared again, and what no check may do.

mod baseline;
mod cases;
mod fold;
mod history;
mod running;
mod texts;
mod unknown;
mod visibility;
mod world;

use std::collections::BTreeSet;

use super::*;
use crate::domain::{FailureCause, PluginName, Severity, Side};
use crate::plan::Upgrade;
use cases::CASES;
use world::{Change, World, healthy};

fn codes(checked: &CheckResults, certainty: Certainty) -> BTreeSet<&'static str> {
    let found = checked.findings.iter();
    found
        .filter(|finding| finding.certainty == certainty)
        .map(|finding| finding.code)
        .collect()
}

/// Every finding in words, for messages of failed tests.
fn told(checked: &CheckResults) -> Vec<String> {
    let catalog = crate::i18n::Catalog::new(crate::i18n::Lang::En);
    let line = |finding: &Finding| {
        format!(
            "{} {:?} {:?} {}: {}",
            finding.code,
            finding.severity,
            finding.certainty,
            finding.subject,
            catalog.render(&finding.message)
        )
    };
    checked.findings.iter().map(line).collect()
}

#[test]
fn healthy_pair_has_no_findings() {
    let checked = healthy().check();
    assert_eq!(told(&checked), Vec::<String>::new());
    assert_eq!(checked.outcome(), crate::exit::Outcome::Ok);
    let evaluated: Vec<_> = checked.evaluated.iter().map(|(code, _)| *code).collect();
    let all: Vec<_> = catalogue().iter().map(|entry| entry.code).collect();
    assert_eq!(evaluated, all, "{:?}", checked.skipped);
    for (code, subjects) in &checked.evaluated {
        assert!(*subjects > 0, "{code} looked at nothing");
    }
}

#[test]
fn every_code_is_triggered_and_cleared() {
    let healthy_codes = codes(&healthy().check(), Certainty::Confirmed);
    for case in CASES {
        let mut world = healthy();
        (case.breaks)(&mut world);
        let checked = world.check();
        let found: Vec<_> = checked
            .findings
            .iter()
            .filter(|finding| {
                finding.code == case.code && finding.certainty == Certainty::Confirmed
            })
            .collect();
        assert!(
            !found.is_empty(),
            "{} ({}) was not found: {:#?}",
            case.code,
            case.why,
            told(&checked)
        );
        assert!(!healthy_codes.contains(case.code), "{}", case.code);
        for finding in found {
            let subject = &finding.subject;
            assert_eq!(subject, case.subject, "{} ({})", case.code, case.why);
            assert_eq!(finding.severity, case.severity, "{}", case.why);
        }
        for finding in &checked.findings {
            assert_eq!(finding.severity, listed(finding.code), "{}", case.why);
        }
    }
    let tried: BTreeSet<_> = CASES.iter().map(|case| case.code).collect();
    let all: BTreeSet<_> = catalogue().iter().map(|entry| entry.code).collect();
    assert_eq!(tried, all, "codes without a case that triggers them");
}

/// The severity of a code in `check --list`.
fn listed(code: &str) -> Severity {
    let check = catalogue().iter().find(|check| check.code == code);
    check.expect("a code of the catalogue").severity
}

#[test]
fn catalogue_is_sorted_and_unique() {
    let all: Vec<_> = catalogue().iter().map(|entry| entry.code).collect();
    let sorted: BTreeSet<_> = all.iter().copied().collect();
    assert_eq!(all, sorted.into_iter().collect::<Vec<_>>());
}

#[test]
fn findings_have_hint_and_evidence_in_both_languages() {
    for case in CASES {
        let mut world = healthy();
        (case.breaks)(&mut world);
        for finding in world.check().findings {
            assert!(finding.hint.is_some(), "{}: {finding:?}", finding.code);
            for lang in [crate::i18n::Lang::En, crate::i18n::Lang::Zh] {
                let catalog = crate::i18n::Catalog::new(lang);
                let texts = finding.hint.iter().chain([&finding.message]);
                let seen = finding.evidence.iter().map(|evidence| &evidence.seen);
                for text in texts.chain(seen) {
                    let words = catalog.render(text);
                    // What Fluent cannot fill in it leaves as `{$name}`.
                    assert!(!words.contains("{$"), "{}: {words}", finding.code);
                    assert!(!words.is_empty(), "{}", finding.code);
                }
            }
            for evidence in &finding.evidence {
                assert_eq!(evidence.at, world::AT, "{}", finding.code);
            }
        }
    }
}

#[test]
fn findings_do_not_depend_on_row_order() {
    for case in CASES {
        let mut world = healthy();
        (case.breaks)(&mut world);
        let straight = world.check();
        world.reverse();
        assert_eq!(world.check(), straight, "{} {}", case.code, case.why);
    }
}

#[test]
fn codes_are_selected_by_prefix() {
    let run = |only: &[&str], skip: &[&str]| {
        let mut world = healthy();
        world.policy.only_codes = only.iter().map(ToString::to_string).collect();
        world.policy.skip_codes = skip.iter().map(ToString::to_string).collect();
        world.check()
    };
    let evaluated = |checked: &CheckResults| -> Vec<&str> {
        checked.evaluated.iter().map(|(code, _)| *code).collect()
    };
    let chosen = run(&["w07", "W0102"], &[]);
    assert_eq!(evaluated(&chosen), ["W0102", "W0701"]);
    assert_eq!(chosen.skipped.len(), catalogue().len() - 2);
    let left = run(&["W01"], &["W0103"]);
    assert!(!evaluated(&left).contains(&"W0103"));
    assert!(evaluated(&left).contains(&"W0104"));
    let typed: Vec<String> = ["W03", "W0999", "x", ""].map(str::to_owned).to_vec();
    assert_eq!(unknown_codes(&typed), ["W0999", "x", ""]);
}

#[test]
fn excluded_plugins_are_listed_as_skipped() {
    let mut world = healthy();
    world.new = world.new.file("billing", crate::domain::FileState::Missing);
    world.policy.skip_plugins = vec!["bil*".to_owned()];
    let checked = world.check();
    assert_eq!(told(&checked), Vec::<String>::new());
    let skipped = checked.skipped.iter();
    let skipped: Vec<_> = skipped.filter(|it| it.code == "W0307").collect();
    assert_eq!(skipped.len(), 1, "{skipped:?}");
    assert_eq!(skipped[0].subject.as_deref(), Some("billing"));
}

#[test]
fn missing_old_side_skips_with_reason() {
    let mut world = healthy();
    world.old = None;
    world.policy.old_is_configured = false;
    let checked = world.check();
    assert_eq!(told(&checked), Vec::<String>::new());
    let skipped: BTreeSet<_> = checked
        .skipped
        .iter()
        .filter(|it| it.reason.key() == "check-skip-no-old")
        .map(|it| it.code)
        .collect();
    let pairs = [
        "W0106", "W0401", "W0402", "W0403", "W0406", "W0409", "W0410", "W0411",
    ];
    let retiring = ["W0504", "W0505", "W0506", "W0507"];
    assert_eq!(skipped, pairs.into_iter().chain(retiring).collect());
}

/// Without an old side nobody has to ask for it: what a v3 launched calls a gateway that may be gone.
#[test]
fn instance_of_v3_without_old_side_is_judged_by_its_gateway() {
    let given = |answer| GivenGateway {
        address: world::GATEWAY.to_owned(),
        answer,
    };
    let answers = || Some(given(Ok(())));
    let gone = Some(given(Err(FailureCause::PortRefused)));
    let (warning, error) = (Some("W0508"), Some("W0501"));
    for (gateway, upgrade, expected) in [
        (None, Upgrade::Unstated, warning),
        (answers(), Upgrade::Unstated, warning),
        (answers(), Upgrade::InPlace, None),
        (gone.clone(), Upgrade::InPlace, error),
        (gone, Upgrade::Coexisting, error),
    ] {
        let mut world = World::launched_by_v3();
        world.old = None;
        world.policy.old_is_configured = false;
        world.policy.before_retiring_old = false;
        world.policy.upgrade = upgrade;
        world.given_gateway = gateway;
        let checked = world.check();
        let found: BTreeSet<_> = checked.findings.iter().map(|it| it.code).collect();
        assert_eq!(found, expected.into_iter().collect(), "{upgrade:?}");
    }
}

/// A plugin that is launched again is one finding until its time is over, on each clock; then it is the
/// fault itself.
#[test]
fn launch_is_one_finding_until_its_time_is_over() {
    let minutes = |minutes: i64| minutes * 60;
    for (side, ago_s, offset_s, code) in [
        (Side::New, 0, 0, "W0318"),
        (Side::New, minutes(5) - 1, 0, "W0318"),
        (Side::New, minutes(5), 0, "W0314"),
        (Side::New, -minutes(1), 0, "W0314"),
        (Side::New, minutes(6), -minutes(2), "W0318"),
        (Side::Old, minutes(15) - 1, 0, "W0318"),
        (Side::Old, minutes(15), 0, "W0314"),
    ] {
        let mut world = healthy();
        world.launched_ago(ago_s);
        // One of two instances is not there yet, and the pages need one.
        let two = RunningCounts::from([(PluginName::new("billing"), 2)]);
        world.ran_before.insert(side, two);
        match side {
            Side::New => {
                world.new = world.new.no_gateway_route("billing");
                world.new.clock_offset_s = Some(offset_s);
            }
            Side::Old => world.old(|old| old.no_gateway_route("billing")),
        }
        world.policy.skip_codes = vec!["W0104".to_owned(), "W0109".to_owned()];
        let checked = fold(world.check());
        let found: Vec<_> = checked.findings.iter().map(|it| it.code).collect();
        let all: &[&str] = match (code, side) {
            ("W0314", Side::New) => &["W0314", "W0317"],
            _ => &[code],
        };
        assert_eq!(found, all, "{side:?} {ago_s} {:#?}", told(&checked));
    }
}

#[test]
fn relaunch_order_follows_dependencies() {
    let mut world = World::launched_by_v3();
    world.policy.before_retiring_old = true;
    let checked = world.check();
    let catalog = crate::i18n::Catalog::new(crate::i18n::Lang::En);
    let of_v3 = checked.findings.iter().filter(|it| it.code == "W0501");
    let hints: Vec<String> = of_v3
        .filter_map(|it| it.hint.as_ref())
        .map(|hint| catalog.render(hint))
        .collect();
    assert_eq!(hints.len(), 2);
    assert!(
        hints[0].starts_with("relaunch 1 of 2") && hints[0].contains("wecmdb again on port 20006"),
        "{hints:?}"
    );
    assert!(
        hints[1].starts_with("relaunch 2 of 2") && hints[1].contains("billing again"),
        "{hints:?}"
    );
    assert!(hints[0].contains("only instance"), "{hints:?}");
}
