//! Weeks before: the old side alone, judged by the rules of the version that it shall become. It
//! plans nothing; it says what the upgrade will meet.

use std::collections::BTreeMap;

use super::advice::Notice;
use super::assemble::Draft;
use super::choose::Look;
use super::depend::Sole;
use super::effects::switches;
use super::model::{Plan, PlanInput, PlanOptions, Reason, Relation, SideEffect, WriteTo};
use super::relation::facts;
use super::resolve::{Resolved, resolve};
use super::scene::Scene;
use super::{notices, variable};
use crate::domain::{Inventory, Version};

/// What the upgrade of `old` to `options.target` will meet. Every running package is judged, also
/// one without UI: the new platform would refuse its register too. `left_out` and `steps` stay
/// empty, since nothing is proposed; all is in `notices`.
pub fn forecast(old: &Inventory, options: &PlanOptions) -> Plan {
    let all = PlanOptions {
        all_running: true,
        write_to: WriteTo::Old,
        ..options.clone()
    };
    let input = PlanInput {
        new: None,
        old: Some(old),
        options: &all,
    };
    let scene = Scene::of_target(old, input);
    let sole = Sole::new();
    let mut told = notices::clocks(&scene);
    told.extend(notices::not_read(&scene));
    told.extend(notices::several_versions(&scene));
    if let Some(view) = scene.view(old.side()) {
        let resolved = resolve(&scene.choice(view, &sole, Look::NothingShown));
        told.extend(refused(&resolved));
        told.extend(switched(&scene, &resolved, options));
        let draft = Draft::of_blocks(view.side, resolved);
        told.extend(notices::taskman(&scene));
        told.extend(notices::orchestrations(&scene));
        told.extend(notices::variables(&scene));
        told.extend(notices::launched_by_v3(&scene));
        told.extend(notices::ways_out(&scene, &draft));
    }
    plan_of(old, input, told)
}

/// A register that the target would refuse, or that a person would have to settle first.
fn refused(resolved: &Resolved<'_>) -> Vec<Notice> {
    let blocked = resolved
        .left_out
        .iter()
        .filter(|left| left.reason.needs_a_person());
    blocked
        .filter_map(|left| {
            Some(Notice::TargetRefuses {
                name: left.name.clone(),
                version: left.version.clone().or_else(|| of_several(&left.reason))?,
                reason: left.reason.clone(),
            })
        })
        .collect()
}

/// Where several versions stand to choice: the first that runs.
fn of_several(reason: &Reason) -> Option<Version> {
    match reason {
        Reason::VersionUnclear { running, .. } => running.first().cloned(),
        _ => None,
    }
}

/// Variables that the main job's registers would switch: those of plugins with UI, unless all are
/// asked for.
fn switched(scene: &Scene<'_>, resolved: &Resolved<'_>, options: &PlanOptions) -> Vec<Notice> {
    let Some(view) = scene.views().next() else {
        return Vec::new();
    };
    let registers = resolved.registers.iter().map(|register| register.package);
    let packages = registers.filter(|package| package.has_ui || options.all_running);
    let mut notices = Vec::new();
    for package in packages {
        for effect in switches(view, package) {
            if let SideEffect::SwitchesVariable {
                name, to_active, ..
            } = effect
            {
                notices.push(Notice::TargetSwitchesVariable {
                    plugin: package.name.clone(),
                    variable: name,
                    to_active,
                });
            }
        }
    }
    notices
}

fn plan_of(old: &Inventory, input: PlanInput<'_>, notices: Vec<Notice>) -> Plan {
    Plan {
        new: None,
        old: Some(facts(old)),
        relation: Relation::Single,
        refusals: Vec::new(),
        variable: variable::not_asked(input),
        steps: Vec::new(),
        canary: None,
        left_out: Vec::new(),
        notices,
        variables_before: BTreeMap::new(),
    }
}
