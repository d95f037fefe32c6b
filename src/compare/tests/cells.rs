//! Cell by cell.

use crate::compare::testing::*;
use crate::compare::*;
use crate::domain::*;
use crate::exit::Outcome;

/// `old/new` of an aspect, with the code of each first cause.
pub(super) fn say(row: &PluginRow, aspect: Aspect) -> String {
    let one = |side: &PluginSide| {
        let cell = side.cell(aspect);
        let codes: Vec<_> = cell.causes.iter().map(Cause::code).collect();
        match codes.as_slice() {
            [] => cell.state.as_str().to_owned(),
            codes => format!("{}({})", cell.state.as_str(), codes.join("+")),
        }
    };
    format!("{} / {}", one(&row.old), one(&row.new))
}

fn table(comparison: &Comparison) -> String {
    let mut lines = Vec::new();
    for row in &comparison.plugins {
        for aspect in Aspect::ALL {
            lines.push(format!(
                "{} {}: {}",
                row.name,
                aspect.as_str(),
                say(row, aspect)
            ));
        }
    }
    lines.join("\n")
}

pub(super) fn only(comparison: &Comparison) -> &PluginRow {
    assert_eq!(comparison.plugins.len(), 1);
    &comparison.plugins[0]
}

#[test]
fn healthy_pair_is_same() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let new = new_side().healthy("monitor", "v2.0.7");
    let comparison = compare(&old, &new);
    assert_eq!(comparison.outcome(), Outcome::Same);
    let row = only(&comparison);
    for aspect in Aspect::ALL {
        assert_eq!(say(row, aspect), "visible / visible");
        assert_eq!(row.cause(aspect), None);
    }
    assert_eq!(row.notes, []);
    assert_eq!(row.old.portals[0].served, 1);
}

/// `docs/platform/two-instances.md#another-version-takes-a-page-away`: labplug v1.1.0 registered on a v4.0.0 takes the page away from the old side.
#[test]
fn rows_of_other_sides_version_are_hidden() {
    let shared = |side: Inventory| {
        side.package("labplug", "v1.0.0", "UNREGISTERED", true)
            .running("labplug", "v1.0.0", "vBKYDgiB2HoH", 20_000)
            .package("labplug", "v1.1.0", "REGISTERED", true)
    };
    let old = shared(old_side()).listed("labplug", "v1.1.0", &FileState::Missing);
    let new = shared(new_side()).listed("labplug", "v1.1.0", &served(10));
    let comparison = compare(&old, &new);
    insta::assert_snapshot!(table(&comparison), @r"
    labplug package: visible / visible
    labplug running: hidden(demoted) / hidden(demoted)
    labplug menus: not_applicable(no_menus) / not_applicable(no_menus)
    labplug resource_files: visible / visible
    labplug static_files: hidden(other_version+missing) / visible
    labplug route: visible / visible
    labplug reachable: visible / visible
    ");
    let row = only(&comparison);
    assert_eq!(row.old.instances[0].gateway, CalledGateway::OldGateway);
    assert_eq!(row.notes.len(), 2, "{:?}", row.notes);
}

/// A v3 never takes taskman v1.1.0; it is not missed there.
#[test]
fn package_for_newer_platform_not_applicable_on_old() {
    let old = old_side()
        .package("taskman", "v1.1.0", "REGISTERED", true)
        .gated("taskman", "v1.1.0", "v4.0.0")
        .running("taskman", "v1.1.0", "p_docker_1", 20_000)
        .listed("taskman", "v1.1.0", &FileState::Missing);
    let new = new_side().healthy("taskman", "v1.1.0");
    let comparison = compare(&old, &new);
    for aspect in Aspect::ALL {
        assert_eq!(
            say(only(&comparison), aspect),
            "not_applicable(not_for_this_side) / visible"
        );
    }
    assert_eq!(comparison.outcome(), Outcome::Same);
    // The same where the old side does not have the package at all, told by the new side's requirement.
    let new = new.gated("taskman", "v1.1.0", "v4.0.0");
    let comparison = compare(&old_side(), &new);
    assert_eq!(comparison.outcome(), Outcome::Same);
}

/// But where the old side loses a taskman that it ran, that is said.
#[test]
fn demoted_version_on_old_side_is_hidden() {
    let shared = |side: Inventory| {
        side.package("taskman", "v1.0.0", "UNREGISTERED", true)
            .running("taskman", "v1.0.0", "vBKYDgiB2HoH", 20_000)
            .package("taskman", "v1.1.0", "REGISTERED", true)
            .gated("taskman", "v1.1.0", "v4.0.0")
    };
    let old = shared(old_side()).listed("taskman", "v1.1.0", &FileState::Missing);
    let new = shared(new_side()).listed("taskman", "v1.1.0", &served(10));
    insta::assert_snapshot!(table(&compare(&old, &new)), @r"
    taskman package: hidden(demoted) / visible
    taskman running: visible / hidden(demoted)
    taskman menus: hidden(demoted) / not_applicable(no_menus)
    taskman resource_files: hidden(other_version) / visible
    taskman static_files: hidden(other_version+missing) / visible
    taskman route: visible / visible
    taskman reachable: visible / visible
    ");
}

#[test]
fn plugin_without_ui_has_no_static_files() {
    let bare = |side: Inventory| {
        side.package("saltstack", "v1.10.14", "REGISTERED", false)
            .running("saltstack", "v1.10.14", "p_docker_1", 20_000)
    };
    insta::assert_snapshot!(table(&compare(&bare(old_side()), &bare(new_side()))), @r"
    saltstack package: visible / visible
    saltstack running: visible / visible
    saltstack menus: not_applicable(no_menus) / not_applicable(no_menus)
    saltstack resource_files: not_applicable(no_ui) / not_applicable(no_ui)
    saltstack static_files: not_applicable(no_ui) / not_applicable(no_ui)
    saltstack route: visible / visible
    saltstack reachable: visible / visible
    ");
}

#[test]
fn registered_plugin_running_nowhere_not_applicable() {
    let idle = |side: Inventory, state: &FileState| {
        side.package("capacity", "v1.0.5", "REGISTERED", true)
            .menu("capacity", "v1.0.5", "CAPACITY_MODEL", false)
            .listed("capacity", "v1.0.5", state)
    };
    let old = idle(old_side(), &served(10));
    let new = idle(new_side(), &FileState::Missing);
    let comparison = compare(&old, &new);
    assert_eq!(comparison.outcome(), Outcome::Same);
    let row = only(&comparison);
    assert_eq!(say(row, Aspect::Package), "visible / visible");
    assert_eq!(
        say(row, Aspect::StaticFiles),
        "not_applicable(runs_nowhere) / not_applicable(runs_nowhere)"
    );
    // Where it runs on the old side alone, it is missed on the new one.
    let old = old.running("capacity", "v1.0.5", "vBKYDgiB2HoH", 20_000);
    let comparison = compare(&old, &new);
    insta::assert_snapshot!(table(&comparison), @r"
    capacity package: visible / visible
    capacity running: visible / hidden(no_instance)
    capacity menus: hidden(menu_inactive) / hidden(menu_inactive)
    capacity resource_files: visible / visible
    capacity static_files: visible / hidden(missing)
    capacity route: visible / hidden(no_instance)
    capacity reachable: visible / hidden(no_instance)
    ");
}

#[test]
fn plugin_absent_on_new_is_hidden() {
    let old = old_side()
        .healthy("wecmdb", "v2.0.10")
        .package("gone", "v1.0.0", "DECOMMISSIONED", true)
        .package("never", "v1.0.0", "UNREGISTERED", true);
    let comparison = compare(&old, &new_side());
    let row = only(&comparison);
    for aspect in Aspect::ALL {
        assert_eq!(say(row, aspect), "visible / hidden(not_on_this_side)");
    }
    assert_eq!(comparison.differences(), 7);
}

#[test]
fn unregistered_package_is_hidden() {
    let old = old_side().healthy("wecmdb", "v2.0.10");
    let new = new_side()
        .package("wecmdb", "v2.0.10", "UNREGISTERED", true)
        .running("wecmdb", "v2.0.10", "p_docker_1", 20_000);
    insta::assert_snapshot!(table(&compare(&old, &new)), @r"
    wecmdb package: visible / hidden(not_registered)
    wecmdb running: visible / visible
    wecmdb menus: visible / hidden(not_registered)
    wecmdb resource_files: visible / hidden(not_listed)
    wecmdb static_files: visible / hidden(not_listed)
    wecmdb route: visible / visible
    wecmdb reachable: visible / visible
    ");
}

#[test]
fn menus_judged_by_state_and_other_side() {
    let bare = |side: Inventory| {
        side.package("m", "v1.0.0", "REGISTERED", false).running(
            "m",
            "v1.0.0",
            "p_docker_1",
            20_000,
        )
    };
    let item = |code: &str, active: bool| MenuItem {
        code: code.to_owned(),
        category: String::new(),
        source: String::new(),
        display_name: String::new(),
        path: "/x".to_owned(),
        active,
    };
    // Nobody granted it to our token's authorities: nothing follows from that.
    let old = bare(old_side()).menu("m", "v1.0.0", "A", true);
    let new = bare(new_side()).menu("m", "v1.0.0", "A", true);
    let comparison = compare(&old, &new);
    assert_eq!(say(only(&comparison), Aspect::Menus), "visible / visible");
    // Granted on the old side alone.
    let mut granted = old.clone();
    granted.my_menus = Reading::Known(vec![item("A", true)]);
    let comparison = compare(&granted, &new);
    assert_eq!(
        say(only(&comparison), Aspect::Menus),
        "visible / hidden(menu_absent)"
    );
    // Greyed on the new side, and one menu of the same version missing there.
    let old = old.menu("m", "v1.0.0", "B", true);
    let new = bare(new_side()).menu("m", "v1.0.0", "A", false);
    let comparison = compare(&old, &new);
    assert_eq!(
        say(only(&comparison), Aspect::Menus),
        "visible / hidden(menu_absent+menu_inactive)"
    );
}

#[test]
fn routes_and_reach() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let name = PluginName::new("monitor");
    let mut new = new_side().healthy("monitor", "v2.0.7");
    new.gateway_routes = Reading::Known(Vec::new());
    new.reach.insert(
        name.clone(),
        Reach::Unknown {
            cause: crate::domain::ReachCause {
                gateway: crate::domain::GatewayFinding::NotFound,
                instances: Vec::new(),
            },
        },
    );
    let comparison = compare(&old, &new);
    let row = only(&comparison);
    assert_eq!(say(row, Aspect::Route), "visible / hidden(no_route)");
    assert_eq!(say(row, Aspect::Reachable), "visible / unknown(unsettled)");
    assert_eq!(
        row.new.cell(Aspect::Route).causes,
        [Cause::NoRoute {
            core: CoreRoute::Offers
        }]
    );

    let Reading::Known(routes) = &mut new.core_routes else {
        panic!("known in tests");
    };
    routes[0].port = "1".to_owned();
    new.gateway_routes = new.core_routes.clone();
    new.reach.insert(
        name,
        Reach::Down {
            cause: crate::domain::ReachCause {
                gateway: crate::domain::GatewayFinding::NoAnswer,
                instances: Vec::new(),
            },
        },
    );
    let comparison = compare(&old, &new);
    let row = only(&comparison);
    assert_eq!(say(row, Aspect::Route), "visible / hidden(route_elsewhere)");
    assert_eq!(say(row, Aspect::Reachable), "visible / hidden(down)");
}

#[test]
fn unread_is_unknown_never_same() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let mut new = new_side().healthy("monitor", "v2.0.7");
    new.packages = Reading::Unknown(failure());
    let comparison = compare(&old, &new);
    insta::assert_snapshot!(table(&comparison), @r"
    monitor package: visible / unknown(not_read)
    monitor running: visible / unknown(not_read)
    monitor menus: visible / unknown(not_read)
    monitor resource_files: visible / visible
    monitor static_files: visible / visible
    monitor route: visible / visible
    monitor reachable: visible / visible
    ");
    assert_eq!((comparison.differences(), comparison.unknowns()), (0, 4));
    assert_eq!(comparison.outcome(), Outcome::Different);

    // Both sides silent: no rows, and yet not the same.
    let mut mute = old_side();
    mute.packages = Reading::Unknown(failure());
    let comparison = compare(&mute, &mute);
    assert_eq!(comparison.plugins, []);
    assert_eq!(comparison.outcome(), Outcome::Different);
}

#[test]
fn hidden_versus_not_applicable_differs() {
    let old = old_side()
        .package("taskman", "v1.1.0", "REGISTERED", true)
        .gated("taskman", "v1.1.0", "v4.0.0");
    let path = page_path("taskman", "v1.1.0");
    let new = new_side().healthy("taskman", "v1.1.0").answers(
        "http://new-portal:8080",
        &path,
        FileState::Missing,
    );
    assert_eq!(compare(&old, &new).differences(), 1);
}

/// What a side does not have is missed only if the plugin brings it, and unknown if the side's
/// packages are.
#[test]
fn side_without_the_package_misses_only_what_it_would_have() {
    let bare = old_side()
        .package("saltstack", "v1.10.14", "REGISTERED", false)
        .running("saltstack", "v1.10.14", "p_docker_1", 20_000);
    let menu = bare.clone().menu("saltstack", "v1.10.14", "A", true);
    let mut unread = new_side();
    unread.packages = Reading::Unknown(failure());
    let none = "not_applicable(no_menus)";
    for (old, new, expected) in [
        (&bare, &new_side(), format!("{none} / {none}")),
        (&bare, &unread, format!("{none} / unknown(not_read)")),
        (
            &menu,
            &new_side(),
            "visible / hidden(not_on_this_side)".to_owned(),
        ),
    ] {
        let comparison = compare(old, new);
        assert_eq!(say(only(&comparison), Aspect::Menus), expected);
    }
}

/// A package that could not be listed may be there, whatever the platform's version.
#[test]
fn unread_package_is_unknown_even_if_it_is_for_a_newer_platform() {
    let mut old = old_side();
    let new = new_side()
        .healthy("taskman", "v1.1.0")
        .gated("taskman", "v1.1.0", "v4.0.0");
    for (is_read, expected) in [
        (true, "not_applicable(not_for_this_side) / visible"),
        (false, "unknown(not_read) / visible"),
    ] {
        if !is_read {
            old.packages = Reading::Unknown(failure());
        }
        let comparison = compare(&old, &new);
        assert_eq!(say(only(&comparison), Aspect::Package), expected);
    }
}

#[test]
fn missing_route_is_told_with_what_core_offers() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let mut new = new_side().healthy("monitor", "v2.0.7");
    let offered = new.core_routes.clone();
    new.gateway_routes = Reading::Known(Vec::new());
    for (routes, core) in [
        (offered, CoreRoute::Offers),
        (Reading::Known(Vec::new()), CoreRoute::Lacks),
        (Reading::Unknown(failure()), CoreRoute::Unread),
    ] {
        new.core_routes = routes;
        let comparison = compare(&old, &new);
        let cell = only(&comparison).new.cell(Aspect::Route);
        assert_eq!(cell.causes, [Cause::NoRoute { core }]);
    }
}

/// A package that is not active is a row of its own only while an instance of it runs.
#[test]
fn package_that_is_not_active_is_compared_if_it_runs() {
    for (status, names) in [
        (InstanceStatus::Running, vec!["labplug"]),
        (InstanceStatus::Other("REMOVED".to_owned()), vec![]),
    ] {
        let mut old = old_side()
            .package("labplug", "v1.0.0", "UNREGISTERED", true)
            .running("labplug", "v1.0.0", "p_docker_1", 20_000);
        let instances = old.instances.get_mut(&id("labplug", "v1.0.0"));
        let Some(Reading::Known(instances)) = instances else {
            panic!("known in tests");
        };
        instances[0].status = status;
        let comparison = compare(&old, &new_side());
        let rows = comparison.plugins.iter();
        assert_eq!(rows.map(|row| row.name.as_str()).collect::<Vec<_>>(), names);
    }
}

/// A package that was never active has no instance, so that nothing is unknown if none was asked for.
#[test]
fn instances_that_were_not_asked_for_are_unknown_of_an_active_package_only() {
    let old = old_side().healthy("monitor", "v2.0.7");
    for (status, expected) in [
        ("REGISTERED", "visible / unknown(not_asked)"),
        ("UNREGISTERED", "visible / hidden(no_instance)"),
    ] {
        let mut new = new_side().package("monitor", "v2.0.7", status, true);
        new.instances.clear();
        let comparison = compare(&old, &new);
        assert_eq!(say(only(&comparison), Aspect::Running), expected);
    }
}

#[test]
fn active_version_stands_for_the_plugin_before_one_that_only_runs() {
    let old = old_side()
        .package("labplug", "v1.0.0", "UNREGISTERED", true)
        .running("labplug", "v1.0.0", "p_docker_1", 20_000)
        .package("labplug", "v1.1.0", "REGISTERED", true);
    let comparison = compare(&old, &new_side());
    let chosen = only(&comparison).old.package.as_ref();
    assert_eq!(
        chosen.map(|it| it.version.clone()),
        Some(Version::new("v1.1.0"))
    );
}
