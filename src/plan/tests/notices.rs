//! What is said beforehand, and the ways out.

use crate::domain::{Instance, InstanceId, PackageStatus, Reading, SystemVariable};
use crate::plan::testing::{
    Pair, Pkg, Release, failure, hide_all, notices, pkg, serve_all, variable,
};
use crate::plan::{Notice, WriteTo};

fn quiet(release: Release, packages: &[Pkg]) -> Pair {
    Pair::shared(release, packages)
}

#[test]
fn a_clock_is_reported_beyond_thirty_seconds() {
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
fn facts_are_told_in_words() {
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
    the new side's clock is -45 s off ours | set the clocks by NTP; tokens are made by the server's clock, so the run goes on
    both sides stand on one database: what a register changes reaches both, and equal listings prove nothing about pages
    labplug is active in several versions on the new side: v1.0.0, v1.9.0, v1.10.0
    taskman v1.0.0 does not work on v4; from v4.0.0 on taskman v1.1.0 or newer is needed
    monitor has pages that configure orchestrations: orchestrations of the old and the new side are not common, so such settings (alert callbacks) may be invisible or report errors on the other side
    a system variable is literally named system__global__GATEWAY_URL_NEW (sys_var_7): no launch reads it, the name must be GATEWAY_URL_NEW | wecubectl variable unset system__global__GATEWAY_URL_NEW --id sys_var_7
    GATEWAY_URL_NEW belongs to the plugin monitor (packageName): registering monitor switches it off | save the row once in the new portal, system parameters: that empties packageName
    1 instance was launched by a v3 and calls the old gateway until it is launched again on the new side
    ");
    pair.options.skip = vec!["taskman".to_owned(), "monitor".to_owned()];
    let told = notices(&pair.plan());
    assert!(!told.contains("taskman v1.0.0"), "what is skipped is known");
    assert!(!told.contains("orchestrations"));
}

#[test]
fn taskman_that_is_new_enough_or_on_v3_needs_no_word() {
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
fn orchestrations_differ_only_between_generations() {
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
fn writing_to_v3_is_said_where_it_is_written() {
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
fn what_could_not_be_read_is_said_once_for_each_cause() {
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
        .filter(|line| line.contains("read in part"))
        .collect();
    insta::assert_snapshot!(unread.join("\n"), @"
    the new side could not be read in part, and nothing is concluded from that: GET /packages.instances: no whole answer: timed out (packages.instances) | wecubectl plan, once it can be read
    the new side could not be read in part, and nothing is concluded from that: GET /variables.list: no whole answer: timed out (variables.list) | wecubectl plan, once it can be read
    the old side could not be read in part, and nothing is concluded from that: GET /resource-files: no whole answer: timed out (resource-files) | wecubectl plan, once it can be read
    ");
}

fn remedies(pair: &Pair) -> String {
    let told = notices(&pair.plan());
    let start = told.find("the way out").unwrap_or(told.len());
    told[start..].to_owned()
}

#[test]
fn the_way_out_for_terminal_is_the_whole_sequence_on_both_sides() {
    let packages = [
        pkg("terminal", "v1.0.1").needs("itsdangerous", "v0.2.1"),
        pkg("itsdangerous", "v0.2.1"),
    ];
    insta::assert_snapshot!(remedies(&quiet(Release::V400, &packages)), @"
    the way out for terminal:
      upload a package of itsdangerous newer than v0.2.1 to the new side (exactly v0.2.1 is not enough) | wecubectl plugin upload --side new FILE
      register the uploaded itsdangerous on the new side | wecubectl plugin register --side new itsdangerous VERSION
      from here on the old portal has no page of itsdangerous (it shows v0.2.1); the next step brings it back
      register the uploaded itsdangerous on the old side | wecubectl plugin register --side old itsdangerous VERSION
      launch itsdangerous in the new portal, then remove its old instance | new portal: plugin registration, itsdangerous, runtime management
      run the main job again | wecubectl apply
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
    the way out for terminal:
      register itsdangerous v0.2.5 on the new side | wecubectl plugin register --side new itsdangerous v0.2.5
      register itsdangerous v0.2.5 on the old side | wecubectl plugin register --side old itsdangerous v0.2.5
      launch itsdangerous in the new portal, then remove its old instance | new portal: plugin registration, itsdangerous, runtime management
      run the main job again | wecubectl apply
    ");
}

#[test]
fn every_dependency_that_is_refused_is_on_the_way_out() {
    let packages = [
        pkg("top", "v1")
            .needs("platform", "v9.0.0")
            .needs("a", "v1")
            .needs("b", "v1"),
        pkg("a", "v1").no_ui(),
    ];
    insta::assert_snapshot!(remedies(&quiet(Release::V400, &packages)), @"
    the way out for top:
      bring the new platform to v9.0.0 or newer, or use a package that asks for less | if the platform is that new, its environment variable \"version\" must say so in numbers
      upload a package of a newer than v1 to the new side (exactly v1 is not enough) | wecubectl plugin upload --side new FILE
      register the uploaded a on the new side | wecubectl plugin register --side new a VERSION
      launch a in the new portal, then remove its old instance | new portal: plugin registration, a, runtime management
      upload a package of b newer than v1 to the new side (exactly v1 is not enough) | wecubectl plugin upload --side new FILE
      register the uploaded b on the new side | wecubectl plugin register --side new b VERSION
      launch b in the new portal, then remove its old instance | new portal: plugin registration, b, runtime management
      run the main job again | wecubectl apply
    ");
}

#[test]
fn each_kind_of_block_has_its_way_out() {
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
    the way out for demoted:
      launch demoted in the new portal, then remove its old instance | new portal: plugin registration, demoted, runtime management
      run the main job again | wecubectl apply
    the way out for removed:
      upload a package of removed newer than v1 to the new side (exactly v1 is not enough) | wecubectl plugin upload --side new FILE
      register the uploaded removed on the new side | wecubectl plugin register --side new removed VERSION
      launch removed in the new portal, then remove its old instance | new portal: plugin registration, removed, runtime management
      run the main job again | wecubectl apply
    the way out for two:
      upload a package of two newer than v1 to the new side (exactly v1 is not enough) | wecubectl plugin upload --side new FILE
      register the uploaded two on the new side | wecubectl plugin register --side new two VERSION
      from here on the old portal has no page of two (it shows v1); the next step brings it back
      register the uploaded two on the old side | wecubectl plugin register --side old two VERSION
      launch two in the new portal, then remove its old instance | new portal: plugin registration, two, runtime management
      run the main job again | wecubectl apply
    the way out for unclear:
      say which version of unclear is meant: v1, v2 | wecubectl apply --pick-version unclear=VERSION, VERSION being one of v1, v2
    the way out for x:
      register y v2 on the new side | wecubectl plugin register --side new y v2
      register x v2 on the new side | wecubectl plugin register --side new x v2
      run the main job again | wecubectl apply
    the way out for y:
      register y v2 on the new side | wecubectl plugin register --side new y v2
      register x v2 on the new side | wecubectl plugin register --side new x v2
      run the main job again | wecubectl apply
    ");
}

#[test]
fn the_way_out_on_v3_follows_its_own_rules() {
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
    the way out for many:
      delete one edition or version of many on the old side | in the old portal, plugin registration: delete the version of many that is not needed
      run the main job again | wecubectl apply
    the way out for top:
      upload a package of base v2 or newer to the old side | wecubectl plugin upload --side old FILE
      register the uploaded base on the old side | wecubectl plugin register --side old base VERSION
      launch base in the old portal, then remove its old instance | old portal: plugin registration, base, runtime management
      run the main job again | wecubectl apply
    the way out for two:
      delete one edition or version of two on the old side | in the old portal, plugin registration: delete the version of two that is not needed
      run the main job again | wecubectl apply
    ");
}

#[test]
fn on_a_database_of_its_own_a_package_is_brought_to_new_alone() {
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
    the way out for monitor:
      register monitor v3.0.0 on the new side | wecubectl plugin register --side new monitor v3.0.0
      launch monitor in the new portal, then remove its old instance | new portal: plugin registration, monitor, runtime management
      run the main job again | wecubectl apply
    the way out for wecmdb:
      upload a package of wecmdb v2.0.10 or newer to the new side | wecubectl plugin upload --side new FILE
      register the uploaded wecmdb on the new side | wecubectl plugin register --side new wecmdb VERSION
      launch wecmdb in the new portal, then remove its old instance | new portal: plugin registration, wecmdb, runtime management
      run the main job again | wecubectl apply
    ");
}

#[test]
fn instances_of_v3_are_counted_as_they_run() {
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
