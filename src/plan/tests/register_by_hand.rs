//! `plugin register NAME [VERSION]`.

use crate::domain::{PackageStatus, PluginName, Reading, Side, Version};
use crate::plan::testing::{Pair, Pkg, Release, failure, outline, pkg, serve_all};
use crate::plan::{Plan, StepId, VariablePlan, plan_register};

fn by_hand(pair: &Pair, side: Side, name: &str, version: Option<&str>) -> Plan {
    let id = StepId {
        side,
        name: PluginName::new(name),
    };
    plan_register(pair.input(), &id, version.map(Version::new).as_ref())
}

fn packages() -> Vec<Pkg> {
    vec![
        pkg("monitor", "v2.0.7"),
        pkg("monitor", "v2.0.6")
            .idle()
            .status(PackageStatus::Unregistered),
        pkg("monitor", "v2.0.5")
            .idle()
            .status(PackageStatus::Decommissioned),
        pkg("fresh", "v1.0.0")
            .idle()
            .status(PackageStatus::Unregistered),
        pkg("fresher", "v1.0.0")
            .idle()
            .status(PackageStatus::Unregistered),
        pkg("fresher", "v1.1.0")
            .idle()
            .status(PackageStatus::Unregistered),
        pkg("needy", "v1.0.0").needs("monitor", "v2.0.7"),
        pkg("other", "v1.0.0"),
    ]
}

#[test]
fn named_package_is_planned_even_if_visible() {
    let mut pair = Pair::shared(Release::V400, &packages());
    serve_all(&mut pair.new);
    for (side, name, version, expected) in [
        (
            Side::New,
            "monitor",
            None,
            "new:monitor v2.0.7: requested by name",
        ),
        (
            Side::New,
            "fresh",
            None,
            "new:fresh v1.0.0: requested by name",
        ),
        (
            Side::New,
            "fresher",
            Some("v1.1.0"),
            "new:fresher v1.1.0: requested by name",
        ),
        (
            Side::New,
            "fresher",
            None,
            "new:fresher - version_unclear: the version to register is unknown",
        ),
        (
            Side::New,
            "monitor",
            Some("v2.0.5"),
            "new:monitor v2.0.5 not_registered: the package is DECOMMISSIONED, not REGISTERED",
        ),
        (
            Side::New,
            "monitor",
            Some("v9"),
            "new:monitor - version_unclear: version v9 is requested, but no package that can be registered has it",
        ),
        (
            Side::New,
            "needy",
            None,
            "new:needy v1.0.0 dependency_too_old: requires monitor newer than v2.0.7; v2.0.7 is registered",
        ),
        (
            Side::New,
            "nobody",
            None,
            "new:nobody - version_unclear: the version to register is unknown",
        ),
    ] {
        assert_eq!(outline(&by_hand(&pair, side, name, version)), expected);
    }
}

#[test]
fn named_package_has_same_effects_and_proof() {
    let pair = Pair::shared(Release::V400, &packages());
    let plan = by_hand(&pair, Side::New, "monitor", Some("v2.0.6"));
    insta::assert_snapshot!(outline(&plan), @"
    new:monitor v2.0.6: requested by name
      v2.0.7 becomes UNREGISTERED while it is running
      the old portal loses its static files: it shows v2.0.7 and has no files of this version
    ");
    assert_eq!(plan.steps[0].before.status, PackageStatus::Unregistered);
    assert!(!plan.steps[0].watched.is_empty());
    assert!(
        matches!(plan.variable, VariablePlan::NotAsked { .. }),
        "the variable is another job"
    );
    let old = by_hand(&pair, Side::Old, "needy", None);
    assert_eq!(old.steps.len(), 1, "v3 takes an equal version");
}

#[test]
fn named_package_with_unread_list_is_blocked() {
    let mut pair = Pair::shared(Release::V400, &packages());
    pair.new.packages = Reading::Unknown(failure("packages.list"));
    let plan = by_hand(&pair, Side::New, "monitor", None);
    assert_eq!(plan.skipped[0].reason.code(), "unreadable");
}
