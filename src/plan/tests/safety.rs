//! One database or two, and what makes a run unsafe.

use crate::domain::{
    Address, FailureKind, InstanceId, PackageId, PlatformVersion, ReadFailure, Reading, Side,
};
use crate::plan::testing::{Pair, Release, english, failure, inventory, pkg, variable};
use crate::plan::{
    DatabaseRelation, Notice, Obstacle, Plan, Refusal, SameInstance, SeedRelation, VariablePlan,
    messages, not_a_pair,
};

fn pair() -> Pair {
    Pair::shared(
        Release::V400,
        &[pkg("monitor", "v2.0.7"), pkg("idle", "v1").idle()],
    )
}

#[test]
fn shared_database_detected_by_ids() {
    let plan = pair().plan();
    let shared = DatabaseRelation::Shared {
        packages: 2,
        instances: 1,
    };
    assert_eq!(plan.relation, shared);
    assert_eq!(plan.notices[0], Notice::SharedDatabase);
    assert_eq!(plan.refusals, []);
}

#[test]
fn separate_databases_have_no_common_id() {
    let packages = [pkg("monitor", "v2.0.7")];
    let plan = Pair::separate(&packages, &packages).plan();
    assert_eq!(plan.relation, DatabaseRelation::Separate);
    assert_eq!(plan.notices[0], Notice::SeparateDatabases);
}

#[test]
fn copied_database_is_separate() {
    let mut launched = pair();
    for reading in launched.new.instances.values_mut() {
        if let Reading::Known(instances) = reading {
            for instance in instances {
                instance.id = InstanceId::new(format!("{}_again", instance.id));
            }
        }
    }
    assert_eq!(launched.plan().relation, DatabaseRelation::Separate);
    let mut nothing_launched = pair();
    for reading in nothing_launched.new.instances.values_mut() {
        *reading = Reading::Known(Vec::new());
    }
    assert_eq!(nothing_launched.plan().relation, DatabaseRelation::Separate);
}

#[test]
fn database_without_instances_is_shared_and_with_those_of_one_side_separate() {
    for (on_new, on_old, is_separate) in [
        (true, true, false),
        (true, false, true),
        (false, true, true),
        (false, false, false),
    ] {
        let mut pair = pair();
        for (side, launched) in [(&mut pair.new, on_new), (&mut pair.old, on_old)] {
            if !launched {
                for reading in side.instances.values_mut() {
                    *reading = Reading::Known(Vec::new());
                }
            }
        }
        let found = pair.plan().relation == DatabaseRelation::Separate;
        assert_eq!(found, is_separate, "{on_new} {on_old}");
    }
}

#[test]
fn plan_is_within_another_if_that_does_all_of_it() {
    let packages = [pkg("monitor", "v2.0.7"), pkg("wecmdb", "v2.0.10")];
    let whole = Pair::shared(Release::V400, &packages).plan();
    assert_eq!((whole.steps.len(), whole.variable.writes()), (2, true));
    let changed = |change: fn(&mut Plan)| {
        let mut plan = whole.clone();
        change(&mut plan);
        plan
    };
    let kept = |plan: &mut Plan| {
        let row = variable("var-1", "GATEWAY_URL_NEW", "http://new:8005");
        plan.variable = VariablePlan::Keep { row };
    };
    let other_package = |plan: &mut Plan| plan.steps[0].package = PackageId::new("another");
    let other_step = |plan: &mut Plan| plan.steps[0].id.side = Side::Old;
    let other_value = |plan: &mut Plan| {
        let value = "http://elsewhere".to_owned();
        plan.variable = VariablePlan::Create { value };
    };
    for (part, is_within) in [
        (changed(|_| {}), true),
        (changed(|plan| drop(plan.steps.pop())), true),
        (changed(kept), true),
        (changed(other_package), false),
        (changed(other_step), false),
        (changed(other_value), false),
    ] {
        assert_eq!(part.is_within(&whole), is_within, "{part:#?}");
    }
    let fewer = changed(|plan| drop(plan.steps.pop()));
    assert!(!whole.is_within(&fewer));
}

#[test]
fn plan_has_work_if_it_writes_anything() {
    let plan = Pair::shared(Release::V400, &[pkg("monitor", "v2.0.7")]).plan();
    let not_asked = VariablePlan::Undecided {
        effective: None,
        wanted: String::new(),
    };
    let mut only_steps = plan.clone();
    only_steps.variable = not_asked.clone();
    let mut only_variable = plan.clone();
    only_variable.steps.clear();
    let mut nothing = only_variable.clone();
    nothing.variable = not_asked;
    let mut refused = plan.clone();
    refused.refusals.push(Refusal::SeedsDiffer);
    for (plan, has_work) in [
        (plan, true),
        (only_steps, true),
        (only_variable, true),
        (nothing, false),
        (refused, false),
    ] {
        assert_eq!(plan.has_work(), has_work);
    }
}

#[test]
fn shared_database_detected_without_instances() {
    let mut pair = pair();
    for reading in pair.new.instances.values_mut() {
        *reading = Reading::Unknown(failure("packages.instances"));
    }
    let shared = DatabaseRelation::Shared {
        packages: 2,
        instances: 0,
    };
    assert_eq!(pair.plan().relation, shared);
}

#[test]
fn relation_unknown_without_packages() {
    let mut empty = pair();
    empty.new.packages = Reading::Known(Vec::new());
    assert_eq!(empty.plan().relation, DatabaseRelation::Unknown);
    let mut unread = pair();
    unread.old.packages = Reading::Unknown(failure("packages.list"));
    let plan = unread.plan();
    assert_eq!(plan.relation, DatabaseRelation::Unknown);
    assert_eq!(plan.notices[0], Notice::RelationUnknown);
    assert!(
        !plan.steps[0].watched.is_empty(),
        "what could break is watched"
    );
    assert_eq!(pair().plan_new_alone().relation, DatabaseRelation::Single);
}

#[test]
fn same_address_is_one_instance() {
    let old = pair().old.identity;
    for change in [
        |new: &mut crate::domain::InstanceIdentity, address| new.core = address,
        |new: &mut crate::domain::InstanceIdentity, address| new.gateway = address,
        |new: &mut crate::domain::InstanceIdentity, address| new.portals.push(address),
    ] {
        let mut pair = pair();
        change(&mut pair.new.identity, old.portals[0].clone());
        let evidence = SameInstance::SameAddress(Address::new("http://10.0.0.1:8080"));
        assert_eq!(pair.plan().refusals, [Refusal::OneInstance { evidence }]);
    }
}

#[test]
fn same_version_on_shared_database_is_one_instance() {
    let packages = [pkg("monitor", "v2.0.7")];
    let mut pair = Pair::shared(Release::V400, &packages);
    pair.old = inventory(Side::Old, Release::V400, &packages);
    let evidence = SameInstance::SameVersionAndIds("v4.0.0".to_owned());
    assert_eq!(pair.plan().refusals, [Refusal::OneInstance { evidence }]);
    let mut apart = Pair::separate(&packages, &packages);
    apart.old.version = Reading::Known(PlatformVersion::parse("v4.0.0"));
    apart.old.capabilities = Release::V400.capabilities();
    assert_eq!(apart.plan().refusals, []);
}

#[test]
fn different_seeds_refused_on_shared_database() {
    let mut pair = pair();
    pair.options.seeds = SeedRelation::Different;
    assert_eq!(pair.plan().refusals, [Refusal::SeedsDiffer]);
    let packages = [pkg("monitor", "v2.0.7")];
    let mut apart = Pair::separate(&packages, &packages);
    apart.options.seeds = SeedRelation::Different;
    assert_eq!(apart.plan().refusals, []);
}

#[test]
fn new_side_v3_or_older_is_refused() {
    let packages = [pkg("monitor", "v2.0.7")];
    let mut swapped = Pair::shared(Release::V326, &packages);
    swapped.old = inventory(Side::Old, Release::V400, &packages);
    let version = "v3.2.6".to_owned();
    assert_eq!(
        swapped.plan().refusals,
        [Refusal::NewIsOld {
            version: version.clone()
        }]
    );
    assert_eq!(
        swapped.plan_new_alone().refusals,
        [Refusal::NewIsOld { version }]
    );
    let mut older = Pair::shared(Release::V400, &packages);
    older.old = inventory(Side::Old, Release::V456, &packages);
    let (new, old) = ("v4.0.0".to_owned(), "v4.5.6".to_owned());
    assert_eq!(
        older.plan().refusals,
        [Refusal::NewOlderThanOld { new, old }]
    );
    let mut unread = older;
    unread.old.version = Reading::Unknown(failure("appinfo.version"));
    assert_eq!(unread.plan().refusals, []);
}

#[test]
fn several_variable_rows_are_refused() {
    let mut pair = pair();
    pair.variables(&[
        variable("sys_var_2", "GATEWAY_URL_NEW", "http://10.0.0.2:8005"),
        variable("sys_var_1", "GATEWAY_URL_NEW", "http://10.0.0.2:8005"),
    ]);
    let plan = pair.plan();
    let [refusal @ Refusal::SeveralVariableRows { rows, .. }] = plan.refusals.as_slice() else {
        panic!("{:?}", plan.refusals);
    };
    assert_eq!(rows.len(), 2);
    let said = messages::refusal(refusal);
    insta::assert_snapshot!(english(&said.message), @"2 system variables are named GATEWAY_URL_NEW (sys_var_1 = http://10.0.0.2:8005 [active], sys_var_2 = http://10.0.0.2:8005 [active]); a launch may use any of them");
    insta::assert_snapshot!(english(&said.hint.unwrap()), @"wecubectl variable set --repair GATEWAY_URL_NEW http://10.0.0.2:8005");
}

/// A side whose address does not answer is not written; one that may be the other side's is a notice,
/// until it is proven.
#[test]
fn unproven_address_is_an_obstacle_if_it_is_silent() {
    for (kind, is_obstacle) in [
        (FailureKind::Unreachable, true),
        (FailureKind::NoAnswer, true),
        (FailureKind::Ambiguous, false),
        (FailureKind::ServerError, false),
    ] {
        let failure = ReadFailure {
            kind,
            ..failure("gateway")
        };
        let mut pair = pair();
        pair.new.unproven = vec![failure.clone()];
        let plan = pair.plan();
        let obstacle = is_obstacle.then(|| Obstacle::Unreachable(failure.clone()));
        assert_eq!(plan.obstacle(), obstacle, "{kind:?}");
        assert_eq!(plan.clone().into_ready().is_err(), is_obstacle, "{kind:?}");
        let notice = Notice::NotRead {
            side: Side::New,
            failure,
        };
        let notices = [notice.clone(), Notice::SharedDatabase];
        let plan = Plan {
            notices: notices.to_vec(),
            ..plan
        };
        let kept = plan.with_proven_addresses().notices;
        let is_kept = kind != FailureKind::Ambiguous;
        assert_eq!(kept.contains(&notice), is_kept, "{kind:?}");
        assert!(kept.contains(&Notice::SharedDatabase));
    }
}

#[test]
fn pair_is_an_older_instance_and_a_newer_one() {
    type Change<'a> = &'a dyn Fn(&mut Pair);
    let same = |pair: &mut Pair| {
        pair.old.version = pair.new.version.clone();
        pair.old.capabilities = pair.new.capabilities.clone();
    };
    let newer = |pair: &mut Pair| {
        pair.old.version = Reading::Known(PlatformVersion::parse("v4.5.6"));
    };
    let (shared, separate) = (pair(), Pair::separate(&[], &[]));
    assert_eq!(not_a_pair(&shared.new, &shared.old), None);
    for (mut pair, change, expected) in [
        (shared, &same as Change<'_>, "one instance"),
        (separate, &same, "a pair"),
        (pair(), &newer, "older than old"),
    ] {
        change(&mut pair);
        let found = match not_a_pair(&pair.new, &pair.old) {
            None => "a pair",
            Some(Refusal::OneInstance { .. }) => "one instance",
            Some(Refusal::NewOlderThanOld { .. }) => "older than old",
            Some(other) => panic!("{other:?}"),
        };
        assert_eq!(found, expected);
    }
}
