//! Each condition of a page being visible, met and not met.

use std::collections::BTreeSet;

use super::super::visibility_conditions;
use super::world::{Change, healthy};
use crate::compare::testing::{Build, failure};
use crate::domain::*;

fn granted(codes: &[&str]) -> Reading<BTreeSet<String>> {
    Reading::Known(codes.iter().map(ToString::to_string).collect())
}

fn why(side: &Inventory, menus: &Reading<BTreeSet<String>>) -> Vec<(&'static str, &'static str)> {
    let name = PluginName::new("billing");
    let probe = Reading::Known(TokenProbe {
        with: Some(200),
        without: 401,
    });
    let conditions = visibility_conditions(side, &name, "OPS", menus, Some(&probe));
    conditions
        .iter()
        .map(|condition| (condition.code, condition.state.as_str()))
        .collect()
}

/// The conditions that are not met.
fn unmet(side: &Inventory, menus: &Reading<BTreeSet<String>>) -> Vec<(&'static str, &'static str)> {
    let all = why(side, menus);
    all.into_iter()
        .filter(|(_, state)| *state != "yes")
        .collect()
}

#[test]
fn visibility_of_visible_page_meets_all_conditions() {
    let world = healthy();
    let menus = granted(&["billing_MENU"]);
    let codes = |side: &Inventory| -> Vec<&str> {
        let all = why(side, &menus);
        assert!(all.iter().all(|(_, state)| *state == "yes"), "{all:?}");
        all.into_iter().map(|(code, _)| code).collect()
    };
    let of_every_version = [
        "package_active",
        "instance_running",
        "menu_granted",
        "menu_active",
        "menu_path",
        "files_listed",
        "files_served",
        "core_route",
        "gateway_route",
        "reachable",
        "token_taken",
    ];
    assert_eq!(
        codes(world.old.as_ref().expect("there is one")),
        of_every_version
    );
    let mut of_v45 = of_every_version.to_vec();
    of_v45.splice(5..5, ["ui_active", "instance_row"]);
    assert_eq!(codes(&world.new), of_v45);
}

#[test]
fn visibility_names_each_failed_condition() {
    let menus = granted(&["billing_MENU"]);
    let new = || healthy().new;
    let reach = Reach::Down {
        cause: crate::domain::ReachCause {
            gateway: crate::domain::GatewayFinding::NoAnswer,
            instances: Vec::new(),
        },
    };
    let cases: [(Inventory, &[&str]); 9] = [
        (
            new().menus("billing", |it| it.active = false),
            &["menu_active"],
        ),
        (new().menus("billing", |it| it.path.clear()), &["menu_path"]),
        (
            new().packages("billing", |it| it.ui_active = Some(false)),
            &["ui_active"],
        ),
        (new().file("billing", FileState::Missing), &["files_served"]),
        (new().no_core_route("billing"), &["core_route"]),
        (new().no_gateway_route("billing"), &["gateway_route"]),
        (new().reach("billing", reach), &["reachable"]),
        (
            new().not_listed("billing"),
            &["files_listed", "files_served"],
        ),
        (
            new().packages("billing", |it| it.status = PackageStatus::Unregistered),
            &["package_active"],
        ),
    ];
    for (side, expected) in cases {
        let unmet = unmet(&side, &menus);
        let codes: Vec<_> = unmet.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, expected, "{unmet:?}");
        assert!(unmet.iter().all(|(_, state)| *state == "no"), "{unmet:?}");
    }
}

#[test]
fn visibility_of_role_without_menu_fails_one_condition() {
    let world = healthy();
    assert_eq!(
        unmet(&world.new, &granted(&["OTHER"])),
        [("menu_granted", "no")]
    );
}

#[test]
fn visibility_of_unread_data_is_unknown() {
    let world = healthy();
    let unread = Reading::Unknown(failure());
    assert_eq!(unmet(&world.new, &unread), [("menu_granted", "unknown")]);
    let mut side = healthy().new;
    side.core_routes = Reading::Unknown(failure());
    assert_eq!(
        unmet(&side, &granted(&["billing_MENU"])),
        [("core_route", "unknown")]
    );
}

#[test]
fn visibility_of_absent_plugin_has_one_condition() {
    let name = PluginName::new("nowhere");
    let conditions = visibility_conditions(&healthy().new, &name, "OPS", &granted(&[]), None);
    assert_eq!(conditions.len(), 1);
    assert_eq!(conditions[0].state.as_str(), "no");
    let side = healthy().new.dead(FailureKind::NoAnswer);
    let conditions = visibility_conditions(&side, &name, "OPS", &granted(&[]), None);
    assert_eq!(conditions[0].state.as_str(), "unknown");
}

#[test]
fn visibility_without_ui_is_not_applicable() {
    let side = healthy()
        .new
        .package("salt", "v1", "REGISTERED", false)
        .running("salt", "v1", "p_docker_66000200ddddddddddddd", 20_200);
    let conditions =
        visibility_conditions(&side, &PluginName::new("salt"), "OPS", &granted(&[]), None);
    for condition in conditions {
        let expected = match condition.code {
            "menu_granted" | "menu_active" | "menu_path" | "ui_active" | "instance_row"
            | "files_listed" | "files_served" => "not_applicable",
            "token_taken" => "unknown",
            _ => "yes",
        };
        assert_eq!(condition.state.as_str(), expected, "{}", condition.code);
    }
}

#[test]
fn plugin_with_another_seed_is_reported() {
    let name = PluginName::new("billing");
    let told = |probe: Option<&Reading<TokenProbe>>| {
        let menus = granted(&["billing_MENU"]);
        let conditions = visibility_conditions(&healthy().new, &name, "OPS", &menus, probe);
        let last = conditions.last().expect("there are some");
        (last.code, last.state.as_str())
    };
    let known = |with, without| Reading::Known(TokenProbe { with, without });
    assert_eq!(told(Some(&known(Some(401), 401))), ("token_taken", "no"));
    assert_eq!(told(Some(&known(Some(404), 401))), ("token_taken", "yes"));
    assert_eq!(
        told(Some(&Reading::Unknown(failure()))),
        ("token_taken", "unknown")
    );
    assert_eq!(told(None), ("token_taken", "unknown"));
}

#[test]
fn visibility_needs_a_script() {
    let mut side = healthy().new;
    for row in super::world::rows(&mut side.resource_files) {
        row.path = FilePath::new(
            row.path
                .as_str()
                .replace(".js", ".css")
                .replace("/js/", "/css/"),
        );
    }
    let unmet = unmet(&side, &granted(&["billing_MENU"]));
    assert!(unmet.contains(&("files_listed", "no")), "{unmet:?}");
}
