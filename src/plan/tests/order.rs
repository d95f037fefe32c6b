//! The order of steps.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::Side;
use crate::plan::testing::{Pair, Pkg, Release, hide_all, outline, pkg, serve, step};
use crate::plan::{Plan, StepId, WriteTo};

fn order(plan: &Plan) -> String {
    let ids: Vec<String> = plan.steps.iter().map(|step| step.id.to_string()).collect();
    ids.join(" ")
}

fn after(plan: &Plan, name: &str) -> Vec<String> {
    let step = step(plan, Side::New, name).unwrap_or_else(|| panic!("{}", outline(plan)));
    step.after.iter().map(ToString::to_string).collect()
}

fn real_shape() -> Vec<Pkg> {
    vec![
        pkg("wecmdb", "v2.0.10").scripts(9),
        pkg("saltstack", "v1.10.14")
            .no_ui()
            .needs("wecmdb", "v1.5.0"),
        pkg("monitor", "v2.0.7")
            .needs("wecmdb", "v1.5.0")
            .needs("saltstack", "v1.9.0"),
        pkg("capacity", "v1.0.5").needs("monitor", "v1.6.0"),
        pkg("terraform", "v0.5.2").scripts(4),
        pkg("service-mgmt", "v0.7.1").scripts(2),
    ]
}

#[test]
fn order_dependencies_first_then_longest_chain() {
    let plan = Pair::shared(Release::V400, &real_shape()).plan();
    assert_eq!(
        order(&plan),
        "new:wecmdb new:monitor new:capacity new:service-mgmt new:terraform"
    );
    let priorities = plan.steps.iter().map(|step| step.priority.as_secs());
    assert_eq!(priorities.collect::<Vec<_>>(), [3, 2, 1, 1, 1]);
    assert_eq!(after(&plan, "capacity"), ["new:monitor"]);
    assert_eq!(after(&plan, "monitor"), ["new:wecmdb"]);
}

#[test]
fn order_follows_dependencies_through_skipped_packages() {
    let packages = [
        pkg("base", "v2"),
        pkg("quiet", "v2").no_ui().needs("base", "v1"),
        pkg("idle", "v2").idle().needs("quiet", "v1"),
        pkg("shown", "v2").needs("idle", "v1"),
        pkg("top", "v2").needs("shown", "v1"),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    serve(&mut pair.new, "shown");
    assert_eq!(after(&pair.plan(), "top"), ["new:base"]);
    pair.options.all_running = true;
    let plan = pair.plan();
    assert_eq!(after(&plan, "top"), ["new:shown"]);
    assert_eq!(
        after(&plan, "shown"),
        ["new:quiet"],
        "through what does not run"
    );
    let quiet = step(&plan, Side::New, "quiet").unwrap();
    assert_eq!(
        quiet.priority,
        Duration::from_millis(2005),
        "its own 5 ms and two with UI after it"
    );
}

#[test]
fn canary_is_smallest_with_ui_and_no_dependency() {
    let canary = |packages: &[Pkg], release| {
        let plan = Pair::shared(release, packages).plan();
        plan.canary.map(|id| id.to_string())
    };
    let some = |id: &str| Some(id.to_owned());
    assert_eq!(
        canary(&real_shape(), Release::V400),
        some("new:service-mgmt")
    );
    // v4.5 lists nothing before a registration: the old side's rows tell the size.
    assert_eq!(
        canary(&real_shape(), Release::V456),
        some("new:service-mgmt")
    );
    let twins = [pkg("b", "v1"), pkg("a", "v1")];
    assert_eq!(canary(&twins, Release::V400), some("new:a"), "then by name");
    let sizes = [pkg("a", "v1").scripts(3), pkg("b", "v1")];
    assert_eq!(canary(&sizes, Release::V400), some("new:b"));
    assert_eq!(canary(&[pkg("a", "v1").no_ui()], Release::V400), None);
}

#[test]
fn new_side_is_written_before_old() {
    let packages = [pkg("base", "v2"), pkg("top", "v2").needs("base", "v1")];
    let mut pair = Pair::shared(Release::V400, &packages);
    hide_all(&mut pair.old);
    pair.options.write_to = WriteTo::Both;
    let plan = pair.plan();
    assert_eq!(order(&plan), "new:base new:top old:base old:top");
    let old = step(&plan, Side::Old, "top").unwrap();
    let id = |side, name: &str| StepId {
        side,
        name: crate::domain::PluginName::new(name),
    };
    assert_eq!(
        old.after,
        BTreeSet::from([id(Side::Old, "base"), id(Side::New, "top")])
    );
    assert_eq!(plan.canary, Some(id(Side::New, "base")));
    let mut apart = Pair::separate(&packages, &packages);
    hide_all(&mut apart.old);
    apart.options.write_to = WriteTo::Both;
    let plan = apart.plan();
    assert_eq!(
        step(&plan, Side::Old, "top").unwrap().after,
        BTreeSet::from([id(Side::Old, "base")])
    );
}

#[test]
fn write_to_limits_the_planned_side() {
    let packages = [pkg("base", "v2")];
    for (write_to, expected) in [
        (WriteTo::New, "new:base"),
        (WriteTo::Old, "old:base"),
        (WriteTo::Both, "new:base old:base"),
    ] {
        let mut pair = Pair::shared(Release::V400, &packages);
        hide_all(&mut pair.old);
        pair.options.write_to = write_to;
        assert_eq!(order(&pair.plan()), expected);
    }
}

#[test]
fn ten_thousand_packages_in_one_chain_are_planned() {
    let count = 10_000;
    let name = |n: usize| format!("p{n:05}");
    let packages: Vec<Pkg> = (0..count)
        .map(|n| {
            let package = pkg(&name(n), "v2.0.0");
            if n == 0 {
                package
            } else {
                package.needs(&name(n - 1), "v1.0.0")
            }
        })
        .collect();
    let plan = Pair::shared(Release::V400, &packages).plan();
    assert_eq!(plan.steps.len(), count);
    for (n, step) in plan.steps.iter().enumerate() {
        assert_eq!(step.id.name.as_str(), name(n));
        assert_eq!(step.priority.as_secs(), (count - n) as u64);
    }
}
