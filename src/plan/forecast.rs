//! Weeks before: the old side alone, judged by the rules of the version that it shall become. It
//! plans nothing; it says what the upgrade will meet.

use std::collections::BTreeMap;

use super::advice::Notice;
use super::builder::PlanBuilder;
use super::candidate::PageCheck;
use super::context::PlanContext;
use super::dependencies::OnlyRegistered;
use super::effects::switches;
use super::model::{DatabaseRelation, Plan, PlanInput, PlanOptions, SideEffect, WriteTo};
use super::reason::SkipReason;
use super::relation::facts;
use super::resolve::{Resolved, resolve};
use super::{notices, variable};
use crate::domain::{Inventory, Version};

/// What the upgrade of `old` to `options.target` will meet. Every running package is judged, also
/// one without UI: the new platform would refuse its registration too. `skipped` and `steps` stay
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
    let context = PlanContext::of_target(old, input);
    let only_registered = OnlyRegistered::new();
    let mut told = notices::clocks(&context);
    told.extend(notices::not_read(&context));
    told.extend(notices::several_versions(&context));
    if let Some(view) = context.view(old.side()) {
        let resolved = resolve(&context.choice(view, &only_registered, PageCheck::AssumeHidden));
        told.extend(refused(&resolved));
        told.extend(switched(&context, &resolved, options));
        let builder = PlanBuilder::of_blocks(view.side, resolved);
        told.extend(notices::taskman(&context));
        told.extend(notices::orchestrations(&context));
        told.extend(notices::variables(&context));
        told.extend(notices::launched_by_v3(&context));
        told.extend(notices::remedies(&context, &builder));
    }
    plan_of(old, input, told)
}

/// Registrations that the target would refuse, or that need manual action first.
fn refused(resolved: &Resolved<'_>) -> Vec<Notice> {
    let blocked = resolved
        .skipped
        .iter()
        .filter(|left| left.reason.is_blocking());
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

/// The first running version, if there are several to choose from.
fn of_several(reason: &SkipReason) -> Option<Version> {
    match reason {
        SkipReason::VersionUnclear { running, .. } => running.first().cloned(),
        _ => None,
    }
}

/// Variables that the main job's registers would switch: those of plugins with UI, unless all are
/// asked for.
fn switched(
    context: &PlanContext<'_>,
    resolved: &Resolved<'_>,
    options: &PlanOptions,
) -> Vec<Notice> {
    let Some(view) = context.views().next() else {
        return Vec::new();
    };
    let registers = resolved
        .registrations
        .iter()
        .map(|register| register.package);
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
        relation: DatabaseRelation::Single,
        refusals: Vec::new(),
        variable: variable::not_asked(input),
        steps: Vec::new(),
        canary: None,
        skipped: Vec::new(),
        not_served: BTreeMap::new(),
        notices,
        variables_before: BTreeMap::new(),
    }
}
