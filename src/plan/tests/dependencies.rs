//! What the platform would refuse, and what follows for dependents.

use crate::domain::{
    Dependency, Generation, PackageStatus, PlatformVersion, PluginName, Reading, Side, Version,
};
use crate::plan::testing::{
    Pair, Pkg, Release, failure, hide_all, left, outline, pkg, reason, serve, serve_all, step,
};
use crate::plan::{SkipReason, WriteTo};

fn wanted(name: &str, version: &str) -> Dependency {
    Dependency {
        name: PluginName::new(name),
        version: Version::new(version),
    }
}

fn terminal() -> [Pkg; 2] {
    [
        pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.2.1"),
        pkg("itsdangerous", "v0.2.1"),
    ]
}

#[test]
fn v4_requires_strictly_newer_dependency() {
    for release in [Release::V400, Release::V456] {
        let plan = Pair::shared(release, &terminal()).plan();
        assert_eq!(
            reason(&plan, "terminal"),
            &SkipReason::DependencyTooOld {
                wanted: wanted("itsdangerous", "v0.2.1"),
                registered: Version::new("v0.2.1"),
                generation: Generation::V4,
            }
        );
        assert!(step(&plan, Side::New, "itsdangerous").is_some());
    }
}

#[test]
fn v3_accepts_equal_dependency() {
    let mut pair = Pair::shared(Release::V400, &terminal());
    hide_all(&mut pair.old);
    pair.options.write_to = WriteTo::Old;
    let plan = pair.plan();
    let terminal = step(&plan, Side::Old, "terminal").unwrap();
    let after: Vec<String> = terminal.after.iter().map(ToString::to_string).collect();
    assert_eq!(after, ["old:itsdangerous"]);
}

#[test]
fn v4_counts_registered_and_v3_counts_active() {
    let with = |status: PackageStatus| {
        [
            pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.2.1"),
            pkg("itsdangerous", "v0.2.5").idle().status(status),
        ]
    };
    for (status, v4, v3) in [
        (PackageStatus::Registered, true, true),
        (PackageStatus::Running, false, true),
        (PackageStatus::Stopped, false, true),
        (PackageStatus::Unregistered, false, false),
        (PackageStatus::Decommissioned, false, false),
    ] {
        let mut pair = Pair::shared(Release::V400, &with(status.clone()));
        hide_all(&mut pair.old);
        pair.options.write_to = WriteTo::Both;
        let plan = pair.plan();
        assert_eq!(
            step(&plan, Side::New, "terminal").is_some(),
            v4,
            "{status:?}"
        );
        assert_eq!(
            step(&plan, Side::Old, "terminal").is_some(),
            v3,
            "{status:?}"
        );
        if !v4 {
            let wanted = wanted("itsdangerous", "v0.2.1");
            assert_eq!(
                reason(&plan, "terminal"),
                &SkipReason::DependencyMissing { wanted }
            );
        }
    }
}

#[test]
fn reason_names_newest_registered_version() {
    let packages = [
        pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.10.0"),
        pkg("itsdangerous", "v0.2.1").idle(),
        pkg("itsdangerous", "v0.9.1").idle(),
    ];
    let plan = Pair::shared(Release::V400, &packages).plan();
    let SkipReason::DependencyTooOld { registered, .. } = reason(&plan, "terminal") else {
        panic!("{}", outline(&plan));
    };
    assert_eq!(registered.as_str(), "v0.9.1");
}

#[test]
fn platform_gate_distinguishes_wrong_side_from_too_old() {
    let gated = |needs| [pkg("taskman", "v1.1.0").needs("platform", needs)];
    let both = |needs| {
        let mut pair = Pair::shared(Release::V400, &gated(needs));
        hide_all(&mut pair.old);
        pair.options.write_to = WriteTo::Both;
        pair.plan()
    };
    let plan = both("v4.0.0");
    assert!(
        step(&plan, Side::New, "taskman").is_some(),
        "equal is enough for a gate"
    );
    let needs = Version::new("v4.0.0");
    assert_eq!(
        left(&plan, Side::Old, "taskman").unwrap().reason,
        SkipReason::NotForThisSide { needs }
    );
    let plan = both("v4.5.0");
    for (side, is) in [(Side::New, "v4.0.0"), (Side::Old, "v3.2.6")] {
        let reason = &left(&plan, side, "taskman").unwrap().reason;
        let (wanted, is) = (Version::new("v4.5.0"), is.to_owned());
        assert_eq!(reason, &SkipReason::PlatformTooOld { wanted, is });
    }
}

#[test]
fn platform_without_number_or_unread_version() {
    let mut pair = Pair::shared(
        Release::V400,
        &[pkg("wecmdb", "v2").needs("platform", "v2.9.0")],
    );
    pair.new.version = Reading::Known(PlatformVersion::parse("latest"));
    assert_eq!(reason(&pair.plan(), "wecmdb").code(), "platform_too_old");
    pair.new.version = Reading::Unknown(failure("appinfo.version"));
    assert!(step(&pair.plan(), Side::New, "wecmdb").is_some());
}

#[test]
fn v3_blocks_unreadable_versions() {
    let packages = [
        pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.2.1"),
        pkg("itsdangerous", "v0.2.1-pro"),
        pkg("monitor", "v2.0.7").needs("platform", "latest"),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    hide_all(&mut pair.old);
    pair.options.write_to = WriteTo::Old;
    insta::assert_snapshot!(outline(&pair.plan()), @"
    old:itsdangerous v0.2.1-pro: 2 of 2 static files missing on the portal
      the plugin's folder is emptied before the copy; if the copy fails, its static files are gone
      the upload time changes, which can change the version that both sides list
      core creates the roles that the package names and grants them its menus
    old:monitor v2.0.7 version_unreadable: requires platform latest; v3 compares numbers only and cannot compare v3.2.6
    old:terminal v1.0.1 version_unreadable: requires itsdangerous v0.2.1; v3 compares numbers only and cannot compare v0.2.1-pro
    ");
}

#[test]
fn v3_blocks_more_than_three_active_versions() {
    let versions = |count: usize| -> Vec<Pkg> {
        let idle = (1..count).map(|n| pkg("labplug", &format!("v0.{n}.0")).idle().unlisted());
        idle.chain([pkg("labplug", "v1.0.0")]).collect()
    };
    for (count, refused) in [(3, false), (4, true)] {
        let mut pair = Pair::shared(Release::V456, &versions(count));
        hide_all(&mut pair.old);
        pair.options.write_to = WriteTo::Old;
        let plan = pair.plan();
        let reason = left(&plan, Side::Old, "labplug").map(|left| left.reason.clone());
        let others = count - 1;
        assert_eq!(
            reason,
            refused.then_some(SkipReason::TooManyVersions { others })
        );
        // v4.0 demotes the others on the one database, before the old side is written.
        let mut pair = Pair::shared(Release::V400, &versions(count));
        hide_all(&mut pair.old);
        pair.options.write_to = WriteTo::Both;
        assert!(step(&pair.plan(), Side::Old, "labplug").is_some());
    }
}

#[test]
fn version_demoted_by_the_run_is_no_dependency() {
    // Both versions of the dependency are registered; what runs is the older one.
    let packages = [
        pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.2.1"),
        pkg("itsdangerous", "v0.2.1"),
        pkg("itsdangerous", "v0.2.5").idle().unlisted(),
    ];
    let pair = Pair::shared(Release::V400, &packages);
    assert_eq!(
        reason(&pair.plan(), "terminal").code(),
        "dependency_too_old"
    );
    // v4.5 demotes nothing.
    let pair = Pair::shared(Release::V456, &packages);
    assert!(step(&pair.plan(), Side::New, "terminal").is_some());
    // Nothing is demoted either where the dependency needs no registration.
    let mut pair = Pair::shared(Release::V400, &packages);
    serve(&mut pair.new, "itsdangerous");
    assert!(step(&pair.plan(), Side::New, "terminal").is_some());
}

/// The platform looks at what is registered; a block of the dependency itself is not the dependent's.
#[test]
fn dependents_of_blocked_package_are_registered_as_platform_accepts_them() {
    let packages = [
        pkg("base", "v1.0.0").needs("missing", "v1.0.0"),
        pkg("quiet", "v1.0.0").no_ui().needs("base", "v0.9.0"),
        pkg("direct", "v1.0.0").needs("base", "v0.9.0"),
        pkg("through", "v1.0.0").needs("quiet", "v0.9.0"),
        pkg("refused", "v1.0.0").needs("base", "v1.0.0"),
    ];
    let pair = Pair::shared(Release::V400, &packages);
    insta::assert_snapshot!(outline(&pair.plan()), @"
    new:direct v1.0.0: 2 of 2 static files missing on the portal
    new:through v1.0.0: 2 of 2 static files missing on the portal
    new:base v1.0.0 dependency_missing: requires missing v1.0.0; no version of it is registered
    new:quiet v1.0.0 no_ui: no UI
    new:refused v1.0.0 dependency_too_old: requires base newer than v1.0.0; v1.0.0 is registered
    ");
}

/// itsdangerous was uploaded and registered in a newer version; what runs is the demoted one.
#[test]
fn registered_dependency_without_instance_does_not_block_dependent() {
    let packages = [
        pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.2.1"),
        pkg("itsdangerous", "v0.2.1").status(PackageStatus::Unregistered),
        pkg("itsdangerous", "v0.2.5").idle(),
    ];
    for release in [Release::V400, Release::V456] {
        let plan = Pair::shared(release, &packages).plan();
        assert!(step(&plan, Side::New, "terminal").is_some());
        assert_eq!(reason(&plan, "itsdangerous").code(), "not_registered");
    }
}

#[test]
fn excluded_dependency_is_judged_as_registered() {
    let mut pair = Pair::shared(Release::V400, &terminal());
    pair.options.only = vec!["terminal".to_owned()];
    assert_eq!(
        reason(&pair.plan(), "terminal").code(),
        "dependency_too_old"
    );
    let newer = [
        pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.2.1"),
        pkg("itsdangerous", "v0.2.5"),
    ];
    let mut pair = Pair::shared(Release::V400, &newer);
    pair.options.only = vec!["terminal".to_owned()];
    let plan = pair.plan();
    assert!(step(&plan, Side::New, "terminal").unwrap().after.is_empty());
    assert_eq!(plan.steps.len(), 1);
}

#[test]
fn cycle_members_are_blocked_with_path() {
    let packages = [
        pkg("a", "v2").needs("b", "v1"),
        pkg("b", "v2").needs("c", "v1"),
        pkg("c", "v2").needs("a", "v1"),
        pkg("d", "v2").needs("a", "v1"),
        pkg("e", "v2"),
    ];
    let pair = Pair::shared(Release::V400, &packages);
    insta::assert_snapshot!(outline(&pair.plan()), @"
    new:d v2: 2 of 2 static files missing on the portal
    new:e v2: 2 of 2 static files missing on the portal
    new:a v2 cycle: dependency cycle: a → b → c → a
    new:b v2 cycle: dependency cycle: a → b → c → a
    new:c v2 cycle: dependency cycle: a → b → c → a
    ");
}

#[test]
fn cycle_with_one_wanted_member_is_not_blocked() {
    let packages = [
        pkg("a", "v2").needs("b", "v1"),
        pkg("b", "v2").needs("a", "v1"),
        pkg("self", "v2").needs("self", "v1"),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    serve(&mut pair.new, "b");
    let plan = pair.plan();
    assert!(step(&plan, Side::New, "a").unwrap().after.is_empty());
    assert!(step(&plan, Side::New, "self").unwrap().after.is_empty());
}

#[test]
fn long_cycle_is_shortened() {
    for (count, is_shortened) in [(63, false), (64, true), (3000, true)] {
        let name = |n: usize| format!("p{:04}", n % count);
        let packages: Vec<Pkg> = (0..count)
            .map(|n| pkg(&name(n), "v2").needs(&name(n + 1), "v1"))
            .collect();
        let plan = Pair::shared(Release::V400, &packages).plan();
        assert!(plan.steps.is_empty());
        for left in &plan.skipped {
            let SkipReason::Cycle { path } = &left.reason else {
                panic!("{} is {}", left.name, left.reason.code());
            };
            assert_eq!(path.len(), 64 + usize::from(is_shortened), "{count}");
            assert_eq!(path.contains(&PluginName::new("…")), is_shortened);
            assert_eq!(path.first(), path.last());
        }
    }
}

#[test]
fn unread_dependencies_block() {
    let mut pair = Pair::shared(Release::V400, &terminal());
    let id = pkg("terminal", "v1.0.1").package.id;
    let failed = Reading::Unknown(failure("packages.dependencies"));
    pair.new.dependencies.insert(id.clone(), failed);
    assert_eq!(reason(&pair.plan(), "terminal").code(), "unreadable");
    pair.new.dependencies.remove(&id);
    assert_eq!(reason(&pair.plan(), "terminal").code(), "unreadable");
    serve_all(&mut pair.new);
    assert_eq!(
        reason(&pair.plan(), "terminal"),
        &SkipReason::AlreadyVisible
    );
}
