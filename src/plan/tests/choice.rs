//! What is registered, what is not, and why.

use crate::domain::{Edition, PackageStatus, PluginName, Reading, Side, Version};
use crate::plan::testing::{
    Pair, Pkg, Release, failure, left, outline, pkg, reason, serve, serve_all, step,
};
use crate::plan::{RegisterReason, SkipReason};

fn version(text: &str) -> Version {
    Version::new(text)
}

#[test]
fn running_with_hidden_pages_is_registered_rest_skipped() {
    let packages = [
        pkg("wecmdb", "v2.0.10"),
        pkg("saltstack", "v1.10.14").no_ui(),
        pkg("artifacts", "v1.1.10").idle(),
        pkg("terraform", "v0.5.2"),
        pkg("gone", "v1.0.0")
            .idle()
            .status(PackageStatus::Decommissioned),
        pkg("uploaded", "v1.0.0")
            .idle()
            .status(PackageStatus::Unregistered),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    serve(&mut pair.new, "terraform");
    pair.options.skip = vec!["term*".to_owned()];
    insta::assert_snapshot!(outline(&pair.plan()), @"
    new:wecmdb v2.0.10: 2 of 2 static files missing on the portal
    new:artifacts v1.1.10 not_running: no running instance
    new:saltstack v1.10.14 no_ui: no UI
    new:terraform v0.5.2 already_visible: static files verified on every portal
    ");
}

#[test]
fn v4_5_lists_nothing_before_registration() {
    let pair = Pair::shared(Release::V456, &[pkg("wecmdb", "v2.0.10")]);
    let plan = pair.plan();
    let step = step(&plan, Side::New, "wecmdb").unwrap();
    assert_eq!(step.reason, RegisterReason::NotListed);
    assert!(
        !step.watched.is_empty(),
        "the old side's pages are asked for again"
    );
}

#[test]
fn all_running_includes_visible_and_no_ui() {
    let packages = [
        pkg("wecmdb", "v2.0.10"),
        pkg("monitor", "v2.0.7"),
        pkg("saltstack", "v1.10.14").no_ui(),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    serve(&mut pair.new, "wecmdb");
    pair.options.all_running = true;
    insta::assert_snapshot!(outline(&pair.plan()), @"
    new:monitor v2.0.7: 2 of 2 static files missing on the portal
    new:wecmdb v2.0.10: requested with --all-running
    new:saltstack v1.10.14: requested with --all-running
    ");
}

#[test]
fn running_version_must_match_old_portal() {
    let packages = [
        pkg("labplug", "v1.0.0").unlisted(),
        pkg("labplug", "v1.1.0").idle(),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    let unclear = |picked| SkipReason::VersionUnclear {
        running: vec![version("v1.0.0")],
        shown: Some(version("v1.1.0")),
        picked,
    };
    assert_eq!(reason(&pair.plan(), "labplug"), &unclear(None));
    for (pick, registered) in [("v1.0.0", true), ("v1.1.0", true), ("v1.2.0", false)] {
        let pick = version(pick);
        pair.options
            .picks
            .insert(PluginName::new("labplug"), pick.clone());
        let plan = pair.plan();
        if registered {
            assert_eq!(step(&plan, Side::New, "labplug").unwrap().version, pick);
        } else {
            assert_eq!(reason(&plan, "labplug"), &unclear(Some(pick)));
        }
    }
}

#[test]
fn visible_running_version_needs_no_pick() {
    // v4.5.6 shows what runs, v3.2.6 goes on showing the other version.
    let packages = [pkg("labplug", "v1.0.0").idle(), pkg("labplug", "v1.4.0")];
    let mut pair = Pair::shared(Release::V456, &packages);
    let shows = |inventory: &mut crate::domain::Inventory, shown: &str| {
        let full = crate::plan::testing::inventory(inventory.side(), Release::V456, &packages);
        let Reading::Known(mut rows) = full.resource_files else {
            panic!("rows are known");
        };
        rows.retain(|row| row.package_version == version(shown));
        inventory.resource_files = Reading::Known(rows);
        serve_all(inventory);
    };
    shows(&mut pair.old, "v1.0.0");
    assert_eq!(reason(&pair.plan(), "labplug").code(), "version_unclear");
    shows(&mut pair.new, "v1.4.0");
    assert_eq!(reason(&pair.plan(), "labplug"), &SkipReason::AlreadyVisible);
}

#[test]
fn two_running_versions_are_blocked() {
    let packages = [
        pkg("labplug", "v1.0.0"),
        pkg("labplug", "v1.10.0").unlisted(),
        pkg("labplug", "v1.9.0").unlisted(),
    ];
    let pair = Pair::shared(Release::V400, &packages);
    let plan = pair.plan();
    assert_eq!(
        reason(&plan, "labplug"),
        &SkipReason::VersionUnclear {
            running: vec![version("v1.0.0"), version("v1.9.0"), version("v1.10.0")],
            shown: Some(version("v1.0.0")),
            picked: None,
        }
    );
    assert_eq!(left(&plan, Side::New, "labplug").unwrap().version, None);
}

/// A newer version was registered and launched; the older one still runs.
#[test]
fn only_registered_version_of_several_running_is_meant_if_shown() {
    let packages = |newer: Pkg| {
        [
            pkg("labplug", "v1.0.0")
                .status(PackageStatus::Unregistered)
                .unlisted(),
            newer,
        ]
    };
    let newer = pkg("labplug", "v1.1.0");
    let plan = Pair::shared(Release::V400, &packages(newer.clone())).plan();
    let step = step(&plan, Side::New, "labplug").unwrap();
    assert_eq!(step.version, version("v1.1.0"));
    for unclear in [
        newer.clone().unlisted(),
        newer.status(PackageStatus::Unregistered),
    ] {
        let plan = Pair::shared(Release::V400, &packages(unclear)).plan();
        assert_eq!(reason(&plan, "labplug").code(), "version_unclear");
    }
}

/// v4.2 on: what was registered by hand is not taken back.
#[test]
fn other_active_version_is_left_unless_picked() {
    let mut newer = pkg("labplug", "v0.2.5").idle().unlisted();
    newer.package.ui_active = Some(true);
    let mut pair = Pair::shared(Release::V456, &[pkg("labplug", "v0.2.1"), newer.clone()]);
    let plan = pair.plan();
    let (running, active) = (version("v0.2.1"), version("v0.2.5"));
    let expected = SkipReason::OtherVersionActive { running, active };
    assert_eq!(reason(&plan, "labplug"), &expected);
    assert!(plan.is_blocked() && plan.steps.is_empty());
    for picked in ["v0.2.1", "v0.2.5"] {
        let pick = (PluginName::new("labplug"), version(picked));
        pair.options.picks = [pick].into();
        let plan = pair.plan();
        assert_eq!(
            step(&plan, Side::New, "labplug").unwrap().version,
            version(picked)
        );
    }
    newer.package.ui_active = Some(false);
    let pair = Pair::shared(Release::V456, &[pkg("labplug", "v0.2.1"), newer]);
    let plan = pair.plan();
    assert!(
        step(&plan, Side::New, "labplug").is_some(),
        "nobody chose a version"
    );
}

#[test]
fn without_old_side_running_version_decides() {
    let packages = [
        pkg("labplug", "v1.0.0").unlisted(),
        pkg("labplug", "v1.1.0").idle(),
    ];
    let plan = Pair::shared(Release::V400, &packages).plan_new_alone();
    assert_eq!(
        step(&plan, Side::New, "labplug").unwrap().version,
        version("v1.0.0")
    );
}

#[test]
fn unread_old_listing_blocks_several_versions() {
    let packages = [
        pkg("labplug", "v1.0.0").unlisted(),
        pkg("labplug", "v1.1.0").idle(),
        pkg("monitor", "v2.0.7"),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    pair.old.resource_files = Reading::Unknown(failure("resource-files"));
    let plan = pair.plan();
    assert_eq!(reason(&plan, "labplug").code(), "unreadable");
    assert!(step(&plan, Side::New, "monitor").is_some());
}

#[test]
fn unregistered_owner_is_blocked() {
    for status in [
        PackageStatus::Unregistered,
        PackageStatus::Decommissioned,
        PackageStatus::Running,
    ] {
        let packages = [pkg("labplug", "v1.0.0").status(status.clone())];
        for release in [Release::V400, Release::V456] {
            let plan = Pair::shared(release, &packages).plan();
            let status = status.clone();
            assert_eq!(
                reason(&plan, "labplug"),
                &SkipReason::NotRegistered { status }
            );
        }
    }
}

#[test]
fn two_editions_are_blocked_in_any_status() {
    for status in [
        PackageStatus::Registered,
        PackageStatus::Unregistered,
        PackageStatus::Decommissioned,
    ] {
        let packages = [
            pkg("labplug", "v1.0.0"),
            pkg("labplug", "v1.0.0")
                .enterprise()
                .idle()
                .unlisted()
                .status(status),
        ];
        let plan = Pair::shared(Release::V400, &packages).plan();
        let editions = vec![Edition::Community, Edition::Enterprise];
        assert_eq!(
            reason(&plan, "labplug"),
            &SkipReason::TwoEditions { editions }
        );
    }
}

#[test]
fn v3_ignores_decommissioned_edition() {
    let packages = [
        pkg("labplug", "v1.0.0"),
        pkg("labplug", "v1.0.0")
            .enterprise()
            .idle()
            .unlisted()
            .status(PackageStatus::Decommissioned),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    crate::plan::testing::hide_all(&mut pair.old);
    pair.options.write_to = crate::plan::WriteTo::Old;
    assert!(step(&pair.plan(), Side::Old, "labplug").is_some());
}

#[test]
fn unread_instances_block() {
    let mut pair = Pair::shared(
        Release::V400,
        &[pkg("labplug", "v1.0.0"), pkg("monitor", "v2.0.7")],
    );
    let id = pkg("labplug", "v1.0.0").package.id;
    let failed = Reading::Unknown(failure("packages.instances"));
    pair.new.instances.insert(id.clone(), failed);
    assert_eq!(reason(&pair.plan(), "labplug").code(), "unreadable");
    pair.new.instances.remove(&id);
    assert_eq!(reason(&pair.plan(), "labplug").code(), "unreadable");
    assert!(
        step(&pair.plan(), Side::New, "monitor").is_some(),
        "the rest goes on"
    );
}

#[test]
fn unread_package_list_lists_what_old_side_runs() {
    let mut pair = Pair::shared(
        Release::V400,
        &[pkg("monitor", "v2.0.7"), pkg("wecmdb", "v2.0.10")],
    );
    pair.new.packages = Reading::Unknown(failure("packages.list"));
    pair.options.skip = vec!["wecmdb".to_owned()];
    let plan = pair.plan();
    assert!(plan.steps.is_empty());
    assert_eq!(reason(&plan, "monitor").code(), "unreadable");
    assert_eq!(reason(&plan, "wecmdb"), &SkipReason::Excluded);
}

#[test]
fn separate_database_lists_missing_and_registers_running() {
    let old = [
        pkg("monitor", "v2.0.7"),
        pkg("wecmdb", "v2.0.10"),
        pkg("terminal", "v1.0.1"),
    ];
    let new = [
        pkg("wecmdb", "v2.4.2"),
        pkg("monitor", "v3.0.0")
            .idle()
            .status(PackageStatus::Unregistered),
        pkg("terminal", "v1.0.1").idle(),
    ];
    let pair = Pair::separate(&old, &new);
    insta::assert_snapshot!(outline(&pair.plan()), @"
    new:wecmdb v2.4.2: 2 of 2 static files missing on the portal
    new:monitor - not_on_this_side: the other side runs v2.0.7; this side has no active package of it
    new:terminal v1.0.1 not_running: no running instance
    ");
}

#[test]
fn empty_new_database_blocks_everything() {
    let pair = Pair::separate(&[pkg("monitor", "v2.0.7")], &[]);
    assert_eq!(reason(&pair.plan(), "monitor").code(), "not_on_this_side");
}

/// The instances of a package matter only while it is active.
#[test]
fn instances_that_were_not_read_hold_up_an_active_package_only() {
    for (status, is_registered) in [
        (PackageStatus::Decommissioned, true),
        (PackageStatus::Unregistered, true),
        (PackageStatus::Registered, false),
    ] {
        let other = pkg("wecmdb", "v1.0.0")
            .idle()
            .unlisted()
            .status(status.clone());
        let unread = other.package.id.clone();
        let mut pair = Pair::shared(Release::V400, &[pkg("wecmdb", "v2.0.10"), other]);
        for side in [&mut pair.old, &mut pair.new] {
            side.instances.remove(&unread);
        }
        let plan = pair.plan();
        let found = step(&plan, Side::New, "wecmdb").is_some();
        assert_eq!(found, is_registered, "{status:?}: {}", outline(&plan));
    }
}

/// What the other database runs is missed on the new side only, and only if its packages are known.
#[test]
fn missing_plugin_is_told_of_a_readable_new_side() {
    let (both, on_old, on_new) = (pkg("a", "v1"), pkg("b", "v1"), pkg("c", "v1"));
    let mut pair = Pair::separate(&[both.clone(), on_old], &[both, on_new]);
    pair.options.write_to = crate::plan::WriteTo::Both;
    let plan = pair.plan();
    let missing = reason(&plan, "b");
    assert!(
        matches!(missing, SkipReason::NotOnThisSide { .. }),
        "{missing:?}"
    );
    assert_eq!(left(&plan, Side::Old, "c"), None);
    pair.new.packages = Reading::Unknown(failure("packages.list"));
    let plan = pair.plan();
    let of_b = plan
        .skipped
        .iter()
        .filter(|it| it.side == Side::New && it.name.as_str() == "b");
    let reasons: Vec<_> = of_b.map(|it| &it.reason).collect();
    assert!(
        matches!(reasons[..], [SkipReason::Unreadable { .. }]),
        "{reasons:?}"
    );
}

#[test]
fn two_running_editions_of_which_none_is_registered_are_blocked() {
    let community = pkg("labplug", "v1.0.0").status(PackageStatus::Unregistered);
    let packages = [community.clone(), community.enterprise()];
    let plan = Pair::shared(Release::V400, &packages).plan();
    let editions = vec![Edition::Community, Edition::Enterprise];
    let left = left(&plan, Side::New, "labplug").unwrap();
    assert_eq!(left.reason, SkipReason::TwoEditions { editions });
    assert_eq!(
        (&left.version, &left.package),
        (&Some(version("v1.0.0")), &None)
    );
}

/// Of several versions whose pages the old portal lists, the one that does not run is told.
#[test]
fn unclear_version_is_told_with_a_shown_one_that_does_not_run() {
    for (runs, idle) in [("v1.0.0", "v1.1.0"), ("v1.1.0", "v1.0.0")] {
        let packages = [pkg("labplug", runs), pkg("labplug", idle).idle()];
        let plan = Pair::shared(Release::V400, &packages).plan();
        let unclear = SkipReason::VersionUnclear {
            running: vec![version(runs)],
            shown: Some(version(idle)),
            picked: None,
        };
        assert_eq!(reason(&plan, "labplug"), &unclear);
    }
}

/// With two databases, the old side's rows tell what users see there, and the new side's rows tell
/// nothing of what is to be registered on it.
#[test]
fn separate_old_database_alone_is_asked_which_version_it_shows() {
    let packages = [
        pkg("labplug", "v1.0.0").unlisted(),
        pkg("labplug", "v1.1.0").idle(),
    ];
    let mut pair = Pair::separate(&packages, &packages);
    pair.options.write_to = crate::plan::WriteTo::Both;
    let plan = pair.plan();
    let registered = step(&plan, Side::New, "labplug").unwrap();
    assert_eq!(registered.version, version("v1.0.0"));
    let left = left(&plan, Side::Old, "labplug").unwrap();
    assert_eq!(left.reason.code(), "version_unclear");
}
