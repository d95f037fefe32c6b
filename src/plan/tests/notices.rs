//! What is said beforehand, and the ways out.

use crate::domain::{
    Instance, InstanceId, PackageStatus, PlatformVersion, Reading, SystemVariable,
};
use crate::plan::testing::{
    Pair, Pkg, Release, failure, hide_all, notices, pkg, serve_all, variable,
};
use crate::plan::{Notice, PlanInput, WriteTo, plan};

fn quiet(release: Release, packages: &[Pkg]) -> Pair {
    Pair::shared(release, packages)
}

#[test]
fn clock_skew_over_30_s_gives_notice() {
    for (offset, told) in [
        (0, false),
        (30, false),
        (-30, false),
        (31, true),
        (-3600, true),
    ] {
        let mut pair = quiet(Release::V400, &[pkg("a", "v1")]);
        pair.old.clock_offset_s = Some(offset);
        pair.new.clock_offset_s = None;
        let skew = |notice: &Notice| matches!(notice, Notice::ClockSkew { .. });
        assert_eq!(pair.plan().notices.iter().any(skew), told, "{offset}");
    }
}

#[test]
fn notices_render_as_messages() {
    let packages = [
        pkg("taskman", "v1.0.0").needs("platform", "v3.2.1"),
        pkg("monitor", "v2.0.7"),
        pkg("labplug", "v1.0.0"),
        pkg("labplug", "v1.10.0").idle().unlisted(),
        pkg("labplug", "v1.9.0").idle().unlisted(),
    ];
    let mut pair = quiet(Release::V400, &packages);
    serve_all(&mut pair.new);
    pair.new.clock_offset_s = Some(-45);
    for readings in [&mut pair.old.instances, &mut pair.new.instances] {
        let id = packages[1].package.id.clone();
        let Some(Reading::Known(instances)) = readings.get_mut(&id) else {
            panic!("monitor runs");
        };
        instances[0].id = InstanceId::new("vBKYDgiB2HoH");
    }
    pair.variables(&[
        variable("sys_var_7", "system__global__GATEWAY_URL_NEW", "x"),
        SystemVariable {
            package_name: "monitor".to_owned(),
            ..variable("sys_var_8", "GATEWAY_URL_NEW", "x")
        },
    ]);
    insta::assert_snapshot!(notices(&pair.plan()), @"
    the new server's clock is -45 s off this host's clock | synchronise the clocks (NTP); the run can continue, because tokens use the server's clock
    both sides share a database: a registration changes both sides, and equal listings do not prove that static files load
    labplug has several active versions on the new side: v1.0.0, v1.9.0, v1.10.0
    taskman v1.0.0 does not work on v4; v4.0.0 and newer need taskman v1.1.0 or newer
    monitor configures orchestrations, which the old and the new instance do not share: such settings (alert callbacks) may be missing or fail on the other side
    a system variable is named system__global__GATEWAY_URL_NEW (sys_var_7); no launch reads it, the name must be GATEWAY_URL_NEW | wecubectl variable unset system__global__GATEWAY_URL_NEW --id sys_var_7
    GATEWAY_URL_NEW belongs to plugin monitor (packageName); registering monitor makes it inactive | save the row once in the new portal under system parameters; that clears packageName
    1 instance was launched by a v3 and calls the old gateway until it is launched again on the new instance
    ");
    pair.options.skip = vec!["taskman".to_owned(), "monitor".to_owned()];
    let told = notices(&pair.plan());
    assert!(!told.contains("taskman v1.0.0"), "what is skipped is known");
    assert!(!told.contains("orchestrations"));
}

#[test]
fn taskman_new_enough_or_on_v3_gives_no_notice() {
    let told = |packages: &[Pkg], release| {
        let taskman = |notice: &Notice| matches!(notice, Notice::TaskmanTooOld { .. });
        let plan = quiet(release, packages).plan();
        plan.notices.iter().any(taskman)
    };
    assert!(!told(&[pkg("taskman", "v1.1.0")], Release::V400));
    assert!(told(&[pkg("taskman", "v1.0.9")], Release::V456));
    assert!(!told(
        &[pkg("taskman", "v1.0.0").idle(), pkg("taskman", "v1.1.0")],
        Release::V400
    ));
    assert!(told(&[pkg("taskman", "v1.0.0").idle()], Release::V400));
    assert!(!told(&[pkg("taskman", "v1.0.0")], Release::V326));
}

#[test]
fn orchestration_notice_only_between_generations() {
    let told = |pair: &Pair, alone: bool| {
        let plan = if alone {
            pair.plan_new_alone()
        } else {
            pair.plan()
        };
        plan.notices
            .iter()
            .any(|notice| matches!(notice, Notice::OrchestrationPages { .. }))
    };
    let pair = quiet(Release::V400, &[pkg("monitor", "v2.0.7")]);
    assert!(told(&pair, false));
    assert!(!told(&pair, true));
    assert!(!told(
        &quiet(Release::V400, &[pkg("monitor", "v2.0.7").idle()]),
        false
    ));
}

#[test]
fn v3_notice_only_when_v3_is_written() {
    let packages = [pkg("monitor", "v2.0.7")];
    let mut pair = quiet(Release::V400, &packages);
    pair.options.write_to = WriteTo::Both;
    assert!(
        !pair.plan().notices.contains(&Notice::WritesToV3),
        "there is no step on it"
    );
    hide_all(&mut pair.old);
    assert!(pair.plan().notices.contains(&Notice::WritesToV3));
}

#[test]
fn unread_facts_give_one_notice_per_cause() {
    let packages = [pkg("a", "v1"), pkg("b", "v1"), pkg("c", "v1")];
    let mut pair = quiet(Release::V400, &packages);
    for reading in pair.new.instances.values_mut() {
        *reading = Reading::Unknown(failure("packages.instances"));
    }
    pair.new.variables = Reading::Unknown(failure("variables.list"));
    pair.old.variables = Reading::Unknown(failure("variables.list"));
    pair.old.resource_files = Reading::Unknown(failure("resource-files"));
    let told = notices(&pair.plan());
    let unread: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with("part of"))
        .collect();
    insta::assert_snapshot!(unread.join("\n"), @"
    part of the new side could not be read: GET /packages.instances: no complete response: timed out (packages.instances) | wecubectl plan
    part of the new side could not be read: GET /variables.list: no complete response: timed out (variables.list) | wecubectl plan
    part of the old side could not be read: GET /resource-files: no complete response: timed out (resource-files) | wecubectl plan
    ");
}

fn remedies(pair: &Pair) -> String {
    let told = notices(&pair.plan());
    let start = told.find("How to resolve").unwrap_or(told.len());
    told[start..].to_owned()
}

#[test]
fn remedy_for_terminal_lists_every_step_on_both_sides() {
    let packages = [
        pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.2.1"),
        pkg("itsdangerous", "v0.2.1"),
    ];
    insta::assert_snapshot!(remedies(&quiet(Release::V400, &packages)), @"
    How to resolve terminal:
      upload itsdangerous newer than v0.2.1 to the new side (v0.2.1 itself is not enough) | wecubectl plugin upload --side new FILE
      register the uploaded itsdangerous on the new side | wecubectl plugin register --side new itsdangerous VERSION
      until the next step the old portal has no static files of itsdangerous (it shows v0.2.1)
      register the uploaded itsdangerous on the old side | wecubectl plugin register --side old itsdangerous VERSION
      launch itsdangerous in the new portal, then remove its old instance | new portal: plugin registration, itsdangerous, runtime management
      run apply again | wecubectl apply
    ");
    // v4.5 takes no page away, and what is uploaded already needs no file.
    let mut uploaded = packages.to_vec();
    uploaded.push(
        pkg("itsdangerous", "v0.2.5")
            .idle()
            .status(PackageStatus::Unregistered),
    );
    uploaded.push(
        pkg("itsdangerous", "v0.2.0")
            .idle()
            .status(PackageStatus::Unregistered),
    );
    insta::assert_snapshot!(remedies(&quiet(Release::V456, &uploaded)), @"
    How to resolve terminal:
      register itsdangerous v0.2.5 on the new side | wecubectl plugin register --side new itsdangerous v0.2.5
      register itsdangerous v0.2.5 on the old side | wecubectl plugin register --side old itsdangerous v0.2.5
      launch itsdangerous in the new portal, then remove its old instance | new portal: plugin registration, itsdangerous, runtime management
      run apply again | wecubectl apply
    ");
}

#[test]
fn uploaded_package_that_would_not_do_is_not_offered() {
    for (version, status) in [
        ("v0.2.0", PackageStatus::Unregistered),
        ("v0.2.5", PackageStatus::Decommissioned),
    ] {
        let packages = [
            pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.2.1"),
            pkg("itsdangerous", "v0.2.1"),
            pkg("itsdangerous", version).idle().status(status),
        ];
        let told = remedies(&quiet(Release::V456, &packages));
        assert!(told.contains("plugin upload --side new FILE"), "{told}");
    }
}

#[test]
fn remedy_covers_every_refused_dependency() {
    let packages = [
        pkg("top", "v1")
            .needs("platform", "v9.0.0")
            .needs("a", "v1")
            .needs("b", "v1"),
        pkg("a", "v1").no_ui(),
    ];
    insta::assert_snapshot!(remedies(&quiet(Release::V400, &packages)), @"
    How to resolve top:
      upgrade the new platform to v9.0.0 or newer, or use a package that requires less | if the platform already is that version, set its environment variable \"version\" to the number
      upload a newer than v1 to the new side (v1 itself is not enough) | wecubectl plugin upload --side new FILE
      register the uploaded a on the new side | wecubectl plugin register --side new a VERSION
      launch a in the new portal, then remove its old instance | new portal: plugin registration, a, runtime management
      upload b newer than v1 to the new side (v1 itself is not enough) | wecubectl plugin upload --side new FILE
      register the uploaded b on the new side | wecubectl plugin register --side new b VERSION
      launch b in the new portal, then remove its old instance | new portal: plugin registration, b, runtime management
      run apply again | wecubectl apply
    ");
}

#[test]
fn every_kind_of_block_has_a_remedy() {
    let packages = [
        pkg("two", "v1"),
        pkg("two", "v1").enterprise().idle().unlisted(),
        pkg("unclear", "v1").unlisted(),
        pkg("unclear", "v2").idle(),
        pkg("demoted", "v1").status(PackageStatus::Unregistered),
        pkg("demoted", "v2").idle(),
        pkg("removed", "v1").status(PackageStatus::Decommissioned),
        pkg("x", "v2").needs("y", "v1"),
        pkg("y", "v2").needs("x", "v1"),
        pkg("z", "v2").needs("x", "v1"),
    ];
    insta::assert_snapshot!(remedies(&quiet(Release::V400, &packages)), @"
    How to resolve demoted:
      launch demoted in the new portal, then remove its old instance | new portal: plugin registration, demoted, runtime management
      run apply again | wecubectl apply
    How to resolve removed:
      upload removed newer than v1 to the new side (v1 itself is not enough) | wecubectl plugin upload --side new FILE
      register the uploaded removed on the new side | wecubectl plugin register --side new removed VERSION
      launch removed in the new portal, then remove its old instance | new portal: plugin registration, removed, runtime management
      run apply again | wecubectl apply
    How to resolve two:
      upload two newer than v1 to the new side (v1 itself is not enough) | wecubectl plugin upload --side new FILE
      register the uploaded two on the new side | wecubectl plugin register --side new two VERSION
      until the next step the old portal has no static files of two (it shows v1)
      register the uploaded two on the old side | wecubectl plugin register --side old two VERSION
      launch two in the new portal, then remove its old instance | new portal: plugin registration, two, runtime management
      run apply again | wecubectl apply
    How to resolve unclear:
      choose the version of unclear: v1, v2 | wecubectl apply --pick-version unclear=v2
    How to resolve x:
      register y v2 on the new side | wecubectl plugin register --side new y v2
      register x v2 on the new side | wecubectl plugin register --side new x v2
      run apply again | wecubectl apply
    How to resolve y:
      register y v2 on the new side | wecubectl plugin register --side new y v2
      register x v2 on the new side | wecubectl plugin register --side new x v2
      run apply again | wecubectl apply
    ");
}

#[test]
fn remedy_on_v3_follows_v3_rules() {
    let mut packages: Vec<Pkg> = (1..5)
        .map(|n| pkg("many", &format!("v{n}")).idle().unlisted())
        .collect();
    packages.extend([
        pkg("many", "v9"),
        pkg("two", "v1"),
        pkg("two", "v1").enterprise().idle().unlisted(),
        pkg("top", "v1").needs("base", "v2"),
        pkg("base", "v1"),
    ]);
    let mut pair = quiet(Release::V456, &packages);
    hide_all(&mut pair.old);
    pair.options.write_to = WriteTo::Old;
    insta::assert_snapshot!(remedies(&pair), @"
    How to resolve many:
      delete one edition or version of many on the old side | old portal, plugin registration: delete a version of many that is no longer needed
      run apply again | wecubectl apply
    How to resolve top:
      upload base v2 or newer to the old side | wecubectl plugin upload --side old FILE
      register the uploaded base on the old side | wecubectl plugin register --side old base VERSION
      launch base in the old portal, then remove its old instance | old portal: plugin registration, base, runtime management
      run apply again | wecubectl apply
    How to resolve two:
      delete one edition or version of two on the old side | old portal, plugin registration: delete a version of two that is no longer needed
      run apply again | wecubectl apply
    ");
}

#[test]
fn remedy_on_separate_databases_uses_new_side_only() {
    let old = [
        pkg("monitor", "v2.0.7"),
        pkg("wecmdb", "v2.0.10"),
        pkg("both", "v1"),
    ];
    let new = [
        pkg("both", "v1"),
        pkg("monitor", "v3.0.0")
            .idle()
            .status(PackageStatus::Unregistered),
    ];
    let mut pair = Pair::separate(&old, &new);
    serve_all(&mut pair.new);
    insta::assert_snapshot!(remedies(&pair), @"
    How to resolve monitor:
      register monitor v3.0.0 on the new side | wecubectl plugin register --side new monitor v3.0.0
      launch monitor in the new portal, then remove its old instance | new portal: plugin registration, monitor, runtime management
      run apply again | wecubectl apply
    How to resolve wecmdb:
      upload wecmdb v2.0.10 or newer to the new side | wecubectl plugin upload --side new FILE
      register the uploaded wecmdb on the new side | wecubectl plugin register --side new wecmdb VERSION
      launch wecmdb in the new portal, then remove its old instance | new portal: plugin registration, wecmdb, runtime management
      run apply again | wecubectl apply
    ");
}

#[test]
fn v3_instances_are_counted_if_running() {
    let mut pair = quiet(Release::V400, &[pkg("a", "v1")]);
    let id = pkg("a", "v1").package.id;
    let Some(Reading::Known(instances)) = pair.new.instances.get_mut(&id) else {
        panic!("a runs");
    };
    let by_v3: Vec<Instance> = ["vBKYDgiB2HoH", "aBKYDgiB2HoH"]
        .map(|id| Instance {
            id: InstanceId::new(id),
            ..instances[0].clone()
        })
        .to_vec();
    instances.extend(by_v3);
    instances[1].status = crate::domain::InstanceStatus::Other("REMOVED".to_owned());
    let counted = Notice::LaunchedByV3 { instances: 1 };
    assert!(pair.plan().notices.contains(&counted));
}

/// A running package that is not registered is registered; if another version is, an instance of that
/// one is missing.
#[test]
fn remedy_for_a_package_that_is_not_registered() {
    let unregistered = pkg("labplug", "v1.0.0").status(PackageStatus::Unregistered);
    let newer = pkg("labplug", "v1.1.0").idle();
    let told = [vec![unregistered.clone()], vec![unregistered, newer]]
        .map(|packages| remedies(&quiet(Release::V400, &packages)));
    insta::assert_snapshot!(told.join("\n"), @"
    How to resolve labplug:
      register labplug v1.0.0 on the new side | wecubectl plugin register --side new labplug v1.0.0
      run apply again | wecubectl apply
    How to resolve labplug:
      launch labplug in the new portal, then remove its old instance | new portal: plugin registration, labplug, runtime management
      run apply again | wecubectl apply
    ");
}

/// Only a forecast proposes no apply and looks at the new platform; a plan of either side does not,
/// with a target or without.
#[test]
fn remedy_of_a_plan_leads_back_to_apply_on_the_side_that_is_written() {
    let packages = [pkg("top", "v1").needs("platform", "v9.0.0")];
    let target = Some((
        PlatformVersion::parse("v4.5.6"),
        Release::V456.capabilities(),
    ));
    for (write_to, is_alone, target, side) in [
        (WriteTo::New, false, None, "new"),
        (WriteTo::New, false, target, "new"),
        (WriteTo::Old, false, None, "old"),
        (WriteTo::Old, true, None, "old"),
    ] {
        let mut pair = quiet(Release::V400, &packages);
        hide_all(&mut pair.old);
        pair.options.write_to = write_to;
        pair.options.target = target;
        let told = notices(&plan(PlanInput {
            new: (!is_alone).then_some(&pair.new),
            ..pair.input()
        }));
        for part in [
            format!("upgrade the {side} platform to v9.0.0 or newer"),
            "run apply again | wecubectl apply".to_owned(),
        ] {
            assert!(told.contains(&part), "{write_to:?} {is_alone}: {told}");
        }
    }
}

/// What v3 cannot compare: another package is brought, the platform is upgraded.
#[test]
fn remedy_for_an_unreadable_version_is_about_what_is_unreadable() {
    let packages = [
        pkg("base", "v1-pro"),
        pkg("gated", "v1").needs("platform", "latest"),
        pkg("top", "v1").needs("base", "v1"),
    ];
    let mut pair = quiet(Release::V456, &packages);
    hide_all(&mut pair.old);
    pair.options.write_to = WriteTo::Old;
    insta::assert_snapshot!(remedies(&pair), @r#"
    How to resolve gated:
      upgrade the old platform to latest or newer, or use a package that requires less | if the platform already is that version, set its environment variable "version" to the number
      run apply again | wecubectl apply
    How to resolve top:
      upload base v1 or newer to the old side | wecubectl plugin upload --side old FILE
      register the uploaded base on the old side | wecubectl plugin register --side old base VERSION
      launch base in the old portal, then remove its old instance | old portal: plugin registration, base, runtime management
      run apply again | wecubectl apply
    "#);
}

/// Two versions without a registered one, of which a v3 still lists the other: until both sides
/// register the running one, the old portal is without its static files.
#[test]
fn remedy_for_a_package_that_is_not_registered_covers_the_side_that_loses_its_page() {
    let packages = [
        pkg("labplug", "v1.0.0").status(PackageStatus::Unregistered),
        pkg("labplug", "v0.9.0")
            .idle()
            .status(PackageStatus::Stopped),
    ];
    let mut pair = quiet(Release::V400, &packages);
    let on_new = remedies(&pair);
    serve_all(&mut pair.new);
    pair.options.write_to = WriteTo::Old;
    insta::assert_snapshot!([on_new, remedies(&pair)].join("\n"), @"
    How to resolve labplug:
      register labplug v1.0.0 on the new side | wecubectl plugin register --side new labplug v1.0.0
      until the next step the old portal has no static files of labplug (it shows v0.9.0)
      register labplug v1.0.0 on the old side | wecubectl plugin register --side old labplug v1.0.0
      run apply again | wecubectl apply
    How to resolve labplug:
      register labplug v1.0.0 on the old side | wecubectl plugin register --side old labplug v1.0.0
      register labplug v1.0.0 on the new side | wecubectl plugin register --side new labplug v1.0.0
      run apply again | wecubectl apply
    ");
}
