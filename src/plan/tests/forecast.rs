//! Weeks before the upgrade.

use crate::domain::{
    FilePath, FileState, PackageStatus, PlatformVersion, Reading, Side, SystemVariable,
};
use crate::plan::testing::{Pkg, Release, inventory, notices, options, pkg, variable};
use crate::plan::{DatabaseRelation, Plan, PlanInput, VariablePlan, forecast, plan};

fn ahead(release: Release, packages: &[Pkg], rows: &[SystemVariable]) -> Plan {
    let mut old = inventory(Side::Old, Release::V326, packages);
    old.variables = Reading::Known(rows.to_vec());
    let mut options = options();
    let version = PlatformVersion::parse(release.text());
    options.target = Some((version, release.capabilities()));
    let told = plan(PlanInput {
        new: None,
        old: Some(&old),
        options: &options,
    });
    assert_eq!(told, forecast(&old, &options), "one entry or the other");
    told
}

#[test]
fn forecast_has_no_steps() {
    let plan = ahead(Release::V400, &[pkg("monitor", "v2.0.7")], &[]);
    assert!(plan.steps.is_empty() && plan.skipped.is_empty() && plan.refusals.is_empty());
    assert_eq!(plan.relation, DatabaseRelation::Single);
    assert!(plan.new.is_none() && plan.old.is_some() && plan.canary.is_none());
    assert!(matches!(plan.variable, VariablePlan::NotAsked { .. }));
}

#[test]
fn forecast_lists_blocks_and_remedies() {
    let packages = [
        pkg("terminal", "v1.0.1")
            .needs("itsdangerous", "v0.2.1")
            .needs("platform", "v2.9.0"),
        pkg("itsdangerous", "v0.2.1"),
        pkg("notifier", "v1")
            .no_ui()
            .needs("itsdangerous", "v0.2.1"),
        pkg("taskman", "v1.0.0").needs("platform", "v3.2.1"),
        pkg("monitor", "v2.0.7"),
        pkg("labplug", "v1.0.0").unlisted(),
        pkg("labplug", "v1.1.0").idle(),
        pkg("two", "v1"),
        pkg("two", "v1").enterprise().idle().unlisted(),
        pkg("gone", "v1")
            .idle()
            .status(PackageStatus::Decommissioned),
    ];
    let owned = |id: &str, name: &str, source: &str, status: &str| SystemVariable {
        package_name: "monitor".to_owned(),
        source: source.to_owned(),
        status: status.to_owned(),
        ..variable(id, name, "x")
    };
    let rows = [
        owned("1", "MONITOR_PORT", "monitor__v2.0.7", "inactive"),
        owned("2", "MONITOR_HOST", "by hand", "active"),
        variable("3", "system__global__GATEWAY_URL_NEW", "x"),
    ];
    insta::assert_snapshot!(notices(&ahead(Release::V400, &packages, &rows)), @"
    labplug has several active versions on the old side: v1.0.0, v1.1.0
    labplug v1.0.0 cannot be registered after the upgrade: v1.0.0 is running, but the old portal shows v1.1.0
    notifier v1 cannot be registered after the upgrade: requires itsdangerous newer than v0.2.1; v0.2.1 is registered
    terminal v1.0.1 cannot be registered after the upgrade: requires itsdangerous newer than v0.2.1; v0.2.1 is registered
    two v1 cannot be registered after the upgrade: the version exists in several editions (community, enterprise); a registration would change all of them
    registering monitor after the upgrade makes system variable MONITOR_PORT active
    registering monitor after the upgrade makes system variable MONITOR_HOST inactive
    taskman v1.0.0 does not work on v4; v4.0.0 and newer need taskman v1.1.0 or newer
    monitor configures orchestrations, which the old and the new instance do not share: such settings (alert callbacks) may be missing or fail on the other side
    a system variable is named system__global__GATEWAY_URL_NEW (3); no launch reads it, the name must be GATEWAY_URL_NEW | wecubectl variable unset system__global__GATEWAY_URL_NEW --id 3
    How to resolve labplug:
      choose the version of labplug: v1.0.0, v1.1.0 | wecubectl apply --pick-version labplug=v1.1.0
    How to resolve notifier:
      upload itsdangerous newer than v0.2.1 to the old side (v0.2.1 itself is not enough) | wecubectl plugin upload --side old FILE
      register the uploaded itsdangerous on the old side | wecubectl plugin register --side old itsdangerous VERSION
      launch itsdangerous in the old portal, then remove its old instance | old portal: plugin registration, itsdangerous, runtime management
    How to resolve terminal:
      upload itsdangerous newer than v0.2.1 to the old side (v0.2.1 itself is not enough) | wecubectl plugin upload --side old FILE
      register the uploaded itsdangerous on the old side | wecubectl plugin register --side old itsdangerous VERSION
      launch itsdangerous in the old portal, then remove its old instance | old portal: plugin registration, itsdangerous, runtime management
    How to resolve two:
      upload two newer than v1 to the old side (v1 itself is not enough) | wecubectl plugin upload --side old FILE
      register the uploaded two on the old side | wecubectl plugin register --side old two VERSION
      launch two in the old portal, then remove its old instance | old portal: plugin registration, two, runtime management
    ");
}

#[test]
fn forecast_finds_platform_gate() {
    let packages = [pkg("wecmdb", "v2.4.2").needs("platform", "v4.5.0")];
    let told = notices(&ahead(Release::V400, &packages, &[]));
    insta::assert_snapshot!(told, @r#"
    wecmdb v2.4.2 cannot be registered after the upgrade: requires platform v4.5.0; this platform is v4.0.0
    How to resolve wecmdb:
      upgrade the new platform to v4.5.0 or newer, or use a package that requires less | if the platform already is that version, set its environment variable "version" to the number
    "#);
    assert_eq!(notices(&ahead(Release::V456, &packages, &[])), "");
}

#[test]
fn forecast_counts_instances_calling_old_gateway() {
    let mut old = inventory(Side::Old, Release::V326, &[pkg("a", "v1")]);
    for reading in old.instances.values_mut() {
        let Reading::Known(instances) = reading else {
            panic!("a runs");
        };
        instances[0].id = crate::domain::InstanceId::new("vBKYDgiB2HoH");
    }
    let mut options = options();
    let version = PlatformVersion::parse("v4.0.0");
    options.target = Some((version, Release::V400.capabilities()));
    let told = notices(&forecast(&old, &options));
    insta::assert_snapshot!(told, @"1 instance was launched by a v3 and calls the old gateway until it is launched again on the new instance");
}

/// Only the new core will tell where it writes: rows that the old one wrote elsewhere say nothing.
#[test]
fn forecast_refuses_nothing_for_rows_in_another_folder() {
    let mut old = inventory(Side::Old, Release::V326, &[pkg("wecmdb", "v2.0.10")]);
    let moved = FilePath::new("/static/wecmdb/v2.0.10/js/app0.js");
    let Reading::Known(rows) = &mut old.resource_files else {
        panic!("rows are known");
    };
    rows[0].path = moved.clone();
    let portal = old.identity.portals[0].clone();
    old.files
        .insert(moved, [(portal, FileState::Missing)].into_iter().collect());
    let mut options = options();
    let version = PlatformVersion::parse("v4.0.0");
    options.target = Some((version, Release::V400.capabilities()));
    assert_eq!(notices(&forecast(&old, &options)), "");
}
