//! One cause, one finding.

use std::collections::BTreeSet;

use super::super::*;
use super::cases::CASES;
use super::told;
use super::world::{Change as _, World, healthy, rows};
use crate::domain::{
    FailureCause, FailureKind, FileState, GatewayFinding, Reach, ReachCause, ReadFailure, Reading,
    Side,
};

fn folded(world: &World) -> CheckResults {
    fold(world.check())
}

fn places(results: &CheckResults) -> Vec<(&str, Option<Side>)> {
    let findings = results.findings.iter();
    findings.map(|it| (it.code, it.side)).collect()
}

/// Code, side and subject of every finding, told or explained.
fn everything(results: &CheckResults) -> BTreeSet<(&str, &str, Certainty)> {
    let told = results.findings.iter();
    let told = told.map(|it| (it.code, it.subject.as_str(), it.certainty));
    let explained = results.findings.iter().flat_map(|it| &it.explains);
    told.chain(explained.map(|it| (it.code, it.subject.as_str(), it.certainty)))
        .collect()
}

#[test]
fn dead_core_is_one_finding() {
    for (side, core) in [
        (Side::New, "http://new-core:8000"),
        (Side::Old, "http://old-core:8000"),
    ] {
        for kind in [
            FailureKind::Unreachable,
            FailureKind::NoAnswer,
            FailureKind::NotWecube,
        ] {
            let mut world = healthy();
            match side {
                Side::New => world.new = world.new.dead(kind),
                Side::Old => world.old(|old| old.dead(kind)),
            }
            let results = folded(&world);
            assert_eq!(
                places(&results),
                [("W0101", Some(side))],
                "{:#?}",
                told(&results)
            );
            assert_eq!(results.findings[0].subject, core);
            // The gateway was not asked: it is not blamed, and it is not called healthy.
            let checks = results.findings[0].not_evaluated();
            assert!(
                checks.contains("W0101") && checks.contains("W0314"),
                "{checks:?}"
            );
            assert!(checks.len() > 20, "{checks:?}");
        }
    }
}

/// A portal refuses the files of one plugin: what cannot be judged because of that is attached, also what
/// was not requested any more; another plugin's silence is not.
#[test]
fn refused_files_of_a_plugin_are_one_finding() {
    let portal = "http://new-portal-2:8080";
    let refused = [
        (FileState::Forbidden, "W0308"),
        (FileState::Unexpected { status: 502 }, "W0311"),
    ];
    for (state, code) in refused {
        let mut world = healthy();
        world.new = world.new.on_portal(portal, "billing", "v2.0.7", state);
        let results = folded(&world);
        assert_eq!(
            places(&results),
            [(code, Some(Side::New))],
            "{:#?}",
            told(&results)
        );
        let unknown = results.findings[0].not_evaluated();
        assert!(unknown.contains("W0401"), "{unknown:?}");

        let silent = FileState::Unknown {
            cause: FailureCause::PortRefused,
        };
        world.new = world.new.on_portal(portal, "wecmdb", "v2.0.10", silent);
        let results = folded(&world);
        let silence = results.findings.iter().filter(|it| it.root.is_some());
        assert_eq!(silence.count(), 1, "{:#?}", told(&results));
    }
}

#[test]
fn portal_that_serves_every_name_is_told_as_that() {
    let mut world = healthy();
    for name in ["wecmdb", "billing"] {
        let cause = FailureCause::ServesWhatIsNotThere(200);
        let state = FileState::Unknown { cause };
        world.new = world.new.file(name, state);
    }
    let results = folded(&world);
    let keys: Vec<_> = results.findings.iter().map(|it| it.message.key()).collect();
    assert_eq!(keys, ["check-portal-serves-all"; 2]);
}

/// Every file of a portal is answered alike: that is one finding, whatever the status.
#[test]
fn portal_that_refuses_everything_is_one_finding() {
    for state in [
        FileState::Forbidden,
        FileState::Unexpected { status: 301 },
        FileState::Unexpected { status: 503 },
    ] {
        let mut world = healthy();
        let portal = "http://new-portal-2:8080";
        for (name, version) in [("wecmdb", "v2.0.10"), ("billing", "v2.0.7")] {
            world.new = world.new.on_portal(portal, name, version, state.clone());
        }
        let results = folded(&world);
        assert_eq!(
            places(&results),
            [("W0101", Some(Side::New))],
            "{:#?}",
            told(&results)
        );
        assert_eq!(results.findings[0].subject, portal);
    }
}

/// What a silent gateway and portals that nobody can tell apart leave open is explained by the gateway.
#[test]
fn dead_gateway_is_one_finding() {
    let failure = |kind, target: &str| ReadFailure {
        kind,
        operation: "gateway.route_items",
        target: format!("GET {target}"),
        cause: FailureCause::PortRefused,
    };
    let mut world = healthy();
    let gateway = "http://new-gateway:8005";
    let dead = failure(
        FailureKind::Unreachable,
        &format!("{gateway}/gateway/v1/route-items"),
    );
    world.new.gateway_routes = Reading::Unknown(dead);
    world.new.unproven = ["http://new-portal-1:8080", "http://new-portal-2:8080"]
        .map(|portal| failure(FailureKind::Ambiguous, portal))
        .into();
    for reach in world.new.reach.values_mut() {
        *reach = Reach::Unknown {
            cause: ReachCause {
                gateway: GatewayFinding::Silent(FailureCause::PortRefused),
                instances: Vec::new(),
            },
        };
    }
    let results = folded(&world);
    assert_eq!(
        places(&results),
        [("W0101", Some(Side::New))],
        "{:#?}",
        told(&results)
    );
    assert_eq!(results.findings[0].subject, gateway);
}

#[test]
fn refused_token_is_one_finding() {
    let mut world = healthy();
    world.new = world.new.dead(FailureKind::TokenRefused);
    let results = folded(&world);
    assert_eq!(
        places(&results),
        [("W0105", Some(Side::New))],
        "{:#?}",
        told(&results)
    );
}

#[test]
fn failing_database_is_one_finding() {
    let mut world = healthy();
    world.new = world.new.dead(FailureKind::ServerError);
    let results = folded(&world);
    assert_eq!(results.findings.len(), 1, "{:#?}", told(&results));
    assert_eq!(results.findings[0].certainty, Certainty::Unknown);
}

#[test]
fn unread_list_is_one_finding_with_all_its_checks() {
    let mut world = healthy();
    world.new.variables = Reading::Unknown(crate::compare::testing::failure());
    let results = folded(&world);
    assert_eq!(results.findings.len(), 1, "{:#?}", told(&results));
    let checks = results.findings[0].not_evaluated();
    assert!(
        checks.contains("W0201") && checks.contains("W0507"),
        "{checks:?}"
    );
}

#[test]
fn missing_file_explains_lost_plugin() {
    let mut world = healthy();
    world.new = world.new.file("billing", FileState::Missing);
    let results = folded(&world);
    let lost = results.findings.iter().find(|it| it.code == "W0401");
    assert_eq!(lost, None, "{:#?}", told(&results));
    let missing = results.findings.iter().find(|it| it.code == "W0307");
    let explains = missing.map(|it| it.explains.iter().any(|it| it.code == "W0401"));
    assert_eq!(explains, Some(true), "{:#?}", told(&results));
}

#[test]
fn missing_file_on_old_does_not_explain_loss_on_new() {
    let mut world = healthy();
    world.old(|side| side.file("billing", FileState::Missing));
    world.new = world.new.menus("billing", |it| it.active = false);
    for package in rows(&mut world.new.packages) {
        package.ui_active = Some(true);
    }
    let results = folded(&world);
    let of_old = results
        .findings
        .iter()
        .filter(|it| it.side == Some(Side::Old));
    for finding in of_old {
        assert!(
            finding.explains.iter().all(|it| it.code != "W0401"),
            "{finding:?}"
        );
    }
}

#[test]
fn fold_keeps_outcome_and_every_finding() {
    for case in CASES {
        let mut world = healthy();
        (case.breaks)(&mut world);
        let all = world.check();
        let results = fold(all.clone());
        assert_eq!(
            results.outcome(),
            all.outcome(),
            "{} {}",
            case.code,
            case.why
        );
        assert_eq!(
            everything(&results),
            everything(&all),
            "{} {}",
            case.code,
            case.why
        );
        let worst = |it: &CheckResults| it.findings.iter().map(|it| it.severity).max();
        // A plugin that was just launched is the one cause that is less serious than what it explains.
        if case.code != "W0318" {
            assert_eq!(worst(&results), worst(&all), "{} {}", case.code, case.why);
        }
        assert_eq!(fold(results.clone()), results, "{} {}", case.code, case.why);
    }
}

/// A plugin that does not run and is missing for users is one finding, the more serious one.
#[test]
fn lost_plugin_explains_its_less_serious_cause() {
    let mut world = healthy();
    world.ran_before.clear();
    world.new = world.new.instances("billing", Vec::clear);
    let all = world.check();
    let codes: BTreeSet<_> = all.findings.iter().map(|it| it.code).collect();
    assert!(
        codes.contains("W0302") && codes.contains("W0401"),
        "{codes:?}"
    );
    let results = fold(all);
    let of_plugin: Vec<_> = places(&results);
    assert_eq!(of_plugin, [("W0401", None)], "{:#?}", told(&results));
}
