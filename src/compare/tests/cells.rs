//! Cell by cell.

use crate::compare::testing::*;
use crate::compare::*;
use crate::domain::*;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang};

/// `old/new` of an aspect, with the code of each first cause.
fn say(row: &PluginRow, aspect: Aspect) -> String {
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

fn only(comparison: &Comparison) -> &PluginRow {
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

/// `docs/platform/two-instances.md#one-database`: the API shows no difference, the portals do.
#[test]
fn unregistered_on_new_differs_in_static_files() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let path = page_path("monitor", "v2.0.7");
    let new = new_side().healthy("monitor", "v2.0.7").answers(
        "http://new-portal:8080",
        &path,
        FileState::Missing,
    );
    let comparison = compare(&old, &new);
    assert_eq!((comparison.differences(), comparison.unknowns()), (1, 0));
    assert_eq!(comparison.outcome(), Outcome::Different);
    let row = only(&comparison);
    assert_eq!(say(row, Aspect::StaticFiles), "visible / hidden(missing)");
    assert_eq!(
        row.cause(Aspect::StaticFiles).map(Cause::code),
        Some("missing")
    );
    let portal = &row.new.portals[0];
    assert_eq!((portal.served, portal.listed), (0, 1));
}

#[test]
fn every_portal_answer_has_a_cause() {
    let served_empty = served(0);
    for (state, says) in [
        (FileState::Forbidden, "unknown(forbidden)"),
        (
            FileState::NotAScript {
                content_type: "text/html".to_owned(),
            },
            "hidden(not_a_script)",
        ),
        (FileState::Empty, "hidden(empty)"),
        (served_empty, "hidden(empty)"),
        (FileState::Unexpected { status: 502 }, "unknown(unexpected)"),
        (
            FileState::Unknown {
                cause: crate::domain::FailureCause::Said("timed out".to_owned()),
            },
            "unknown(no_answer)",
        ),
    ] {
        let old = old_side().healthy("monitor", "v2.0.7");
        let path = page_path("monitor", "v2.0.7");
        let new = new_side().healthy("monitor", "v2.0.7");
        let new = new.answers("http://new-portal:8080", &path, state);
        let comparison = compare(&old, &new);
        let said = say(only(&comparison), Aspect::StaticFiles);
        assert_eq!(said, format!("visible / {says}"));
        assert_eq!(comparison.outcome(), Outcome::Different, "{says}");
    }
}

#[test]
fn page_missing_on_one_of_two_portals_is_hidden() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let portals = ["http://a:8080", "http://b:8080"];
    let path = page_path("monitor", "v2.0.7");
    let new = empty(Side::New, "v4.0.0", &portals)
        .healthy("monitor", "v2.0.7")
        .answers("http://b:8080", &path, FileState::Missing);
    let comparison = compare(&old, &new);
    let row = only(&comparison);
    assert_eq!(say(row, Aspect::StaticFiles), "visible / hidden(missing)");
    let states: Vec<_> = row.new.portals.iter().map(|it| it.state).collect();
    assert_eq!(states, [State::Visible, State::Hidden]);
}

#[test]
fn unasked_portal_is_unknown() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let mut new = new_side().healthy("monitor", "v2.0.7");
    new.files.clear();
    let comparison = compare(&old, &new);
    let said = say(only(&comparison), Aspect::StaticFiles);
    assert_eq!(said, "visible / unknown(not_asked)");
    assert_eq!((comparison.differences(), comparison.unknowns()), (0, 1));
    assert_eq!(comparison.outcome(), Outcome::Different);
    new.identity.portals.clear();
    let said = say(only(&compare(&old, &new)), Aspect::StaticFiles);
    assert_eq!(said, "visible / unknown(not_asked)");
}

#[test]
fn content_conflict_of_two_portals_is_undecided() {
    let old = old_side().healthy("monitor", "v2.0.7");
    let path = page_path("monitor", "v2.0.7");
    let new = new_side().healthy("monitor", "v2.0.7");
    let new = new.answers("http://new-portal:8080", &path, served(77));
    let comparison = compare(&old, &new);
    let row = only(&comparison);
    assert_eq!(
        say(row, Aspect::StaticFiles),
        "hidden(content_differs) / hidden(content_differs)"
    );
    assert_eq!(comparison.differences(), 1);
    let catalog = Catalog::new(Lang::En);
    let cause = row.cause(Aspect::StaticFiles).unwrap();
    assert_eq!(
        catalog.render(&cause.text()),
        "/ui-resources/monitor/v2.0.7/plugin/js/app.js has different content, and it is unknown \
         which is right: http://old-portal:8080: 1000 B, http://new-portal:8080: 77 B"
    );
}

#[test]
fn content_conflict_of_three_portals_names_odd_one() {
    let portals = ["http://a:8080", "http://b:8080"];
    let old = old_side().healthy("monitor", "v2.0.7");
    let path = page_path("monitor", "v2.0.7");
    let new = empty(Side::New, "v4.0.0", &portals)
        .healthy("monitor", "v2.0.7")
        .answers("http://b:8080", &path, served(77));
    let comparison = compare(&old, &new);
    let row = only(&comparison);
    assert_eq!(
        say(row, Aspect::StaticFiles),
        "visible / hidden(content_differs)"
    );
    assert_eq!(row.new.portals[0].state, State::Visible);
}

#[test]
fn content_conflict_found_by_digest() {
    let file = |digest: Option<&str>| {
        FileState::Served(ServedFile {
            length: Some(1000),
            etag: None,
            digest: digest.map(str::to_owned),
        })
    };
    let path = page_path("monitor", "v2.0.7");
    for (old_digest, new_digest, says) in [
        (
            Some("aa"),
            Some("bb"),
            "hidden(content_differs) / hidden(content_differs)",
        ),
        (Some("aa"), Some("aa"), "visible / visible"),
        // One digest alone compares with nothing; the lengths agree.
        (Some("aa"), None, "visible / visible"),
    ] {
        let old = old_side().healthy("monitor", "v2.0.7");
        let old = old.answers("http://old-portal:8080", &path, file(old_digest));
        let new = new_side().healthy("monitor", "v2.0.7");
        let new = new.answers("http://new-portal:8080", &path, file(new_digest));
        let comparison = compare(&old, &new);
        assert_eq!(say(only(&comparison), Aspect::StaticFiles), says);
    }
}

#[test]
fn other_versions_are_no_content_conflict() {
    let old = old_side()
        .package("monitor", "v2.0.7", "REGISTERED", true)
        .running("monitor", "v2.0.7", "p_docker_1", 20_000)
        .listed("monitor", "v2.0.7", &served(10));
    let new = new_side()
        .package("monitor", "v2.1.0", "REGISTERED", true)
        .running("monitor", "v2.1.0", "p_docker_2", 20_001)
        .listed("monitor", "v2.1.0", &served(20));
    let comparison = compare(&old, &new);
    assert_eq!(comparison.differences(), 0);
    let notes = &only(&comparison).notes;
    assert_eq!(
        notes.as_slice(),
        [Note::PagesOfOtherVersions {
            old: vec![Version::new("v2.0.7")],
            new: vec![Version::new("v2.1.0")],
        }]
    );
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

#[test]
fn every_cause_and_note_has_both_languages() {
    let pages = Pages {
        paths: (1..=5).map(|n| page_path("p", &format!("v{n}"))).collect(),
        portals: [Address::new("http://p:8080")].into(),
    };
    let versions = vec![Version::new("v1"), Version::new("v2")];
    let codes = std::collections::BTreeSet::from(["A".to_owned()]);
    let causes = [
        Cause::NotOnThisSide,
        Cause::Demoted {
            version: Version::new("v1"),
            by: versions.clone(),
        },
        Cause::NotForThisSide {
            needs: Version::new("v4.0.0"),
            is: "v3.2.6".to_owned(),
        },
        Cause::OtherVersionRuns {
            running: versions.clone(),
        },
        Cause::MenuAbsent {
            codes: codes.clone(),
        },
        Cause::MenuInactive { codes },
        Cause::OtherVersion {
            listed: versions.clone(),
            expected: versions.clone(),
        },
        Cause::Missing(pages.clone()),
        Cause::NotAScript {
            pages: pages.clone(),
            content_type: String::new(),
        },
        Cause::NotAScript {
            pages: pages.clone(),
            content_type: "text/html".to_owned(),
        },
        Cause::NoAnswer {
            pages,
            seen: crate::domain::FailureCause::Said("timed out".to_owned()),
        },
        Cause::NotRead(failure()),
    ];
    for lang in [Lang::En, Lang::Zh] {
        let catalog = Catalog::new(lang);
        for cause in &causes {
            for text in [
                Some(cause.text()),
                Some(cause.label()),
                cause.hint(Side::Old),
            ] {
                let Some(text) = text else { continue };
                let said = catalog.render(&text);
                assert!(!said.contains("{$") && !said.contains('\n'), "{said}");
                assert_ne!(said, text.key());
            }
        }
    }
}

/// What is hidden is said before what is unknown.
#[test]
fn cause_of_what_is_hidden_comes_first() {
    let unknown = FileState::Unknown {
        cause: FailureCause::Broken,
    };
    for (old, new, expected) in [
        (&FileState::Missing, &unknown, "missing"),
        (&unknown, &FileState::Missing, "missing"),
        (&FileState::Missing, &FileState::Empty, "empty"),
        (&served(1), &unknown, "no_answer"),
    ] {
        let with = |side: Inventory, state| {
            let side = side.package("monitor", "v2.0.7", "REGISTERED", true);
            side.running("monitor", "v2.0.7", "i", 1)
                .listed("monitor", "v2.0.7", state)
        };
        let comparison = compare(&with(old_side(), old), &with(new_side(), new));
        let cause = only(&comparison).cause(Aspect::StaticFiles);
        assert_eq!(cause.map(Cause::code), Some(expected), "{old:?} {new:?}");
    }
}

/// A plugin that answers while the gateway has no route only lacks the route.
#[test]
fn plugin_that_answers_only_lacks_the_route() {
    let catalog = Catalog::new(Lang::En);
    let down = |gateway, probe| Cause::Down {
        seen: ReachCause {
            gateway,
            instances: vec![("http://a:1".to_owned(), probe)],
        },
    };
    let answers = PortProbe::Answers {
        status: 404,
        gin_not_found: true,
    };
    for (gateway, probe, awaits) in [
        (GatewayFinding::NoRoute, answers, true),
        (GatewayFinding::NoRoute, PortProbe::Open, true),
        (GatewayFinding::NoRoute, PortProbe::Refused, false),
        (GatewayFinding::NoAnswer, answers, false),
        (GatewayFinding::NoAnswer, PortProbe::Refused, false),
    ] {
        let cause = down(gateway.clone(), probe);
        let said = catalog.render(&cause.text());
        let begins = said.starts_with("no route in the gateway yet");
        assert_eq!(begins, awaits, "{said}");
    }
}

#[test]
fn values_in_json_are_those_of_the_variants() {
    let note = Note::PagesOfOtherVersions {
        old: Vec::new(),
        new: Vec::new(),
    };
    let found = [
        CalledGateway::AsSetAtLaunch.as_str(),
        AspectResult::Differs.code(),
        note.code(),
    ];
    let expected = ["as_set_at_launch", "differs", "pages_of_other_versions"];
    assert_eq!(found, expected);
}
