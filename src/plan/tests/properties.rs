//! What holds for every plan.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::domain::{Inventory, PackageStatus, PluginName, Reading, Side};
use crate::plan::testing::{Pair, Pkg, Release, hide_all, outline, pkg, serve, serve_all};
use crate::plan::{Plan, SideEffect, StepId, WriteTo};

const NAMES: usize = 12;

/// One package of a random world.
#[derive(Clone, Debug)]
struct Drawn {
    name: usize,
    version: u8,
    status: u8,
    has_ui: bool,
    runs: bool,
    enterprise: bool,
    needs: Vec<(usize, u8)>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let needs = prop::collection::vec((0..NAMES + 2, 0..4u8), 0..4);
    (0..NAMES, 0..4u8, 0..10u8, 0..5u8, 0..4u8, 0..12u8, needs).prop_map(
        |(name, version, status, ui, runs, edition, needs)| Drawn {
            name,
            version,
            status,
            has_ui: ui > 0,
            runs: runs > 0,
            enterprise: edition == 0,
            needs,
        },
    )
}

fn package(drawn: &Drawn) -> Pkg {
    let mut package = pkg(
        &format!("p{}", drawn.name),
        &format!("v1.{}.0", drawn.version),
    );
    package = match drawn.status {
        0 => package.status(PackageStatus::Unregistered),
        1 => package.status(PackageStatus::Decommissioned),
        _ => package,
    };
    if !drawn.has_ui {
        package = package.no_ui();
    }
    if !drawn.runs {
        package = package.idle();
    }
    if drawn.enterprise {
        package = package.enterprise();
    }
    for (name, version) in &drawn.needs {
        // Two names beyond the drawn ones: the platform, and one that is never there.
        package = match name.checked_sub(NAMES) {
            None => package.needs(&format!("p{name}"), &format!("v1.{version}.0")),
            Some(0) => package.needs(
                "platform",
                ["v2.9.0", "v4.0.0", "v4.5.0", "v9.0.0"][usize::from(*version)],
            ),
            Some(_) => package.needs("absent", "v1.0.0"),
        };
    }
    package
}

fn world() -> impl Strategy<Value = Pair> {
    let packages = prop::collection::vec(drawn(), 1..24);
    let release = prop_oneof![Just(Release::V400), Just(Release::V456)];
    let write_to = prop_oneof![Just(WriteTo::New), Just(WriteTo::Old), Just(WriteTo::Both)];
    let served = prop::collection::vec(0..NAMES, 0..6);
    let skipped = prop::collection::vec(0..NAMES, 0..2);
    (
        packages,
        release,
        write_to,
        served,
        skipped,
        any::<[bool; 3]>(),
    )
        .prop_map(
            |(drawn, release, write_to, served, skipped, [all, apart, old_hidden])| {
                let mut packages: Vec<Pkg> = drawn.iter().map(package).collect();
                packages.sort_by(|left, right| left.package.id.cmp(&right.package.id));
                packages.dedup_by(|left, right| left.package.id == right.package.id);
                let mut pair = if apart {
                    let (old, new) = packages.split_at(packages.len() / 2);
                    Pair::separate(old, new)
                } else {
                    Pair::shared(release, &packages)
                };
                for name in served {
                    serve(&mut pair.new, &format!("p{name}"));
                }
                if old_hidden {
                    hide_all(&mut pair.old);
                }
                pair.options.skip = skipped.iter().map(|name| format!("p{name}")).collect();
                pair.options.all_running = all;
                pair.options.write_to = write_to;
                pair
            },
        )
}

fn written(pair: &Pair) -> Vec<&Inventory> {
    match pair.options.write_to {
        WriteTo::New => vec![&pair.new],
        WriteTo::Old => vec![&pair.old],
        WriteTo::Both => vec![&pair.new, &pair.old],
    }
}

fn running(inventory: &Inventory) -> BTreeSet<PluginName> {
    let packages = inventory.packages.known().into_iter().flatten();
    packages
        .filter(|package| {
            let instances = inventory.running_instances(&package.id);
            instances.is_some_and(|instances| !instances.is_empty())
        })
        .map(|package| package.name.clone())
        .collect()
}

fn ids(plan: &Plan) -> Vec<StepId> {
    let steps = plan.steps.iter().map(|step| step.id.clone());
    let left = plan.skipped.iter().map(|left| StepId {
        side: left.side,
        name: left.name.clone(),
    });
    steps.chain(left).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn every_running_plugin_appears_once_per_written_side(pair in world()) {
        let plan = pair.plan();
        let ids = ids(&plan);
        let distinct: BTreeSet<&StepId> = ids.iter().collect();
        prop_assert_eq!(distinct.len(), ids.len(), "{}", outline(&plan));
        for inventory in written(&pair) {
            for name in running(inventory) {
                let id = StepId { side: inventory.side(), name };
                prop_assert!(distinct.contains(&id), "{} is missing in\n{}", id, outline(&plan));
            }
        }
    }

    #[test]
    fn steps_come_after_their_dependencies(pair in world()) {
        let plan = pair.plan();
        let mut done = BTreeSet::new();
        for step in &plan.steps {
            for before in &step.after {
                prop_assert!(done.contains(before), "{}", outline(&plan));
            }
            let most = plan.steps.iter().filter(|other| other.after.contains(&step.id));
            for dependent in most {
                prop_assert!(step.priority > dependent.priority);
            }
            done.insert(step.id.clone());
        }
        if let Some(canary) = &plan.canary {
            let step = plan.steps.iter().find(|step| step.id == *canary).expect("the canary is a step");
            prop_assert!(step.has_ui && step.after.is_empty());
        }
    }

    #[test]
    fn steps_are_registered_packages_on_written_sides(pair in world()) {
        let plan = pair.plan();
        for step in &plan.steps {
            prop_assert_eq!(&step.before.status, &PackageStatus::Registered);
            let side = written(&pair).into_iter().find(|side| side.side() == step.id.side);
            let package = side.expect("a written side").package(&step.package).expect("it is there");
            prop_assert_eq!(&package.version, &step.version);
            let skipped = pair.options.skip.contains(&step.id.name.as_str().to_owned());
            prop_assert!(!skipped);
        }
    }

    #[test]
    fn step_dependencies_satisfy_the_platform(pair in world()) {
        let plan = pair.plan();
        for step in &plan.steps {
            let side = if step.id.side == Side::New { &pair.new } else { &pair.old };
            let needs = side.dependencies[&step.package].known().expect("known");
            for wanted in needs.iter().filter(|wanted| !wanted.is_platform()) {
                let rule = side.capabilities.version_rule;
                let satisfied = side.packages.known().expect("known").iter().any(|package| {
                    package.name == wanted.name
                        && package.status == PackageStatus::Registered
                        && rule.judge(&wanted.version, &package.version)
                            == crate::domain::VersionVerdict::Satisfied
                });
                prop_assert!(satisfied, "{} for {}", wanted.name, step.id);
            }
        }
    }

    #[test]
    fn row_order_does_not_change_the_plan(pair in world(), turn in 0..20usize) {
        let mut turned = pair.clone();
        for inventory in [&mut turned.old, &mut turned.new] {
            fn rotate<T>(reading: &mut Reading<Vec<T>>, turn: usize) {
                if let Reading::Known(rows) = reading && !rows.is_empty() {
                    let turn = turn % rows.len();
                    rows.rotate_left(turn);
                    rows.reverse();
                }
            }
            rotate(&mut inventory.packages, turn);
            rotate(&mut inventory.resource_files, turn);
            rotate(&mut inventory.variables, turn);
            for needs in inventory.dependencies.values_mut() {
                rotate(needs, turn);
            }
        }
        prop_assert_eq!(turned.plan(), pair.plan());
        prop_assert_eq!(pair.plan(), pair.plan());
    }

    #[test]
    fn plan_after_success_is_empty(pair in world()) {
        let mut pair = pair;
        pair.options.all_running = false;
        let plan = pair.plan();
        for step in &plan.steps {
            let own = if step.id.side == Side::New { &mut pair.new } else { &mut pair.old };
            register(own, &step.package);
            let shared = plan.relation != crate::plan::DatabaseRelation::Separate;
            for own in [&mut pair.new, &mut pair.old] {
                if shared || own.side() == step.id.side {
                    demote(own, &step.effects);
                }
            }
        }
        if pair.options.write_to == WriteTo::New && plan.relation != crate::plan::DatabaseRelation::Separate {
            prop_assert!(!plan.steps.iter().any(|step| step.id.side == Side::Old));
        }
        let again = pair.plan();
        prop_assert!(again.steps.is_empty(), "{}\nthen\n{}", outline(&plan), outline(&again));
    }
}

/// What a registration does to a side, as far as a plan looks: rows of this version, each page served.
fn register(inventory: &mut Inventory, package: &crate::domain::PackageId) {
    let package = inventory.package(package).expect("it is there").clone();
    let described = pkg(package.name.as_str(), package.version.as_str());
    let full = crate::plan::testing::inventory(inventory.side(), Release::V400, &[described]);
    let Reading::Known(rows) = &mut inventory.resource_files else {
        panic!("rows are known");
    };
    rows.retain(|row| row.package_name != package.name);
    rows.extend(full.resource_files.known().expect("known").iter().cloned());
    serve(inventory, package.name.as_str());
}

/// Other versions lose their state where the registration takes it.
fn demote(inventory: &mut Inventory, effects: &[SideEffect]) {
    let Reading::Known(packages) = &mut inventory.packages else {
        return;
    };
    for effect in effects {
        if let SideEffect::Demotes { package, .. } = effect {
            let others = packages.iter_mut().filter(|other| other.id == *package);
            others.for_each(|other| other.status = PackageStatus::Unregistered);
        }
    }
}

#[test]
fn success_model_has_steps() {
    let mut pair = Pair::shared(Release::V400, &[pkg("p1", "v1.0.0")]);
    assert_eq!(pair.plan().steps.len(), 1);
    let id = pkg("p1", "v1.0.0").package.id;
    register(&mut pair.new, &id);
    assert!(pair.plan().steps.is_empty());
    serve_all(&mut pair.new);
    assert!(pair.plan().steps.is_empty());
}
