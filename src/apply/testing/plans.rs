//! Plans made by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::domain::{
    Address, Capabilities, FilePath, Generation, InstanceIdentity, PackageId, PackageListing,
    PackageState, PackageStatus, PlatformVersion, PluginName, Reading, ResourceFileId, Side,
    SystemVariable, VariableId, Version, VersionRule,
};
use crate::plan::{
    DatabaseRelation, Plan, ReadyPlan, RegisterReason, SideFacts, Step, StepId, VariablePlan,
};

/// Makes plans.
pub(crate) struct PlanOf;

impl PlanOf {
    /// So many steps on the new side that wait for nothing, the first one being the canary.
    pub(crate) fn independent(count: usize) -> Plan {
        let steps: Vec<_> = (0..count)
            .map(|n| step(Side::New, &format!("p{n:04}")))
            .collect();
        Plan {
            canary: steps.first().map(|step| step.id.clone()),
            ..Self::steps(steps)
        }
    }

    /// Packages of 0.2 to 2 seconds that wait for one another at random, no canary.
    pub(crate) fn random_graph(count: usize, rng: &mut fastrand::Rng) -> Plan {
        let mut steps: Vec<_> = (0..count)
            .map(|n| Step {
                version: Version::new(format!("v{}", rng.u32(200..2000))),
                ..step(Side::New, &format!("p{n:04}"))
            })
            .collect();
        for _ in 0..rng.usize(0..2 * count) {
            let (a, b) = (rng.usize(..count), rng.usize(..count));
            if a != b {
                let first = steps[a.min(b)].id.clone();
                steps[a.max(b)].after.insert(first);
            }
        }
        let mut plan = Self::steps(steps);
        let chains = plan.chains(|step| Duration::from_secs_f64(named::size(&step.version)));
        for (step, chain) in plan.steps.iter_mut().zip(chains) {
            step.priority = chain;
        }
        plan
    }

    /// These steps, no canary, both sides on one database, a right variable.
    pub(crate) fn steps(steps: Vec<Step>) -> Plan {
        Plan {
            new: Some(facts(Side::New, v4())),
            old: Some(facts(Side::Old, v3())),
            relation: DatabaseRelation::Shared {
                packages: steps.len(),
                instances: steps.len(),
            },
            refusals: Vec::new(),
            variable: VariablePlan::Keep {
                row: variable("var-1", "http://new:8005"),
            },
            steps,
            canary: None,
            skipped: Vec::new(),
            not_served: BTreeMap::new(),
            notices: Vec::new(),
            variables_before: [(Side::New, vec![variable("var-1", "http://new:8005")])].into(),
        }
    }
}

/// The plan as one that may be carried out.
pub(crate) fn ready(plan: &Plan) -> ReadyPlan {
    plan.clone().into_ready().expect("the plan has no obstacle")
}

/// A step with UI that waits for nothing.
pub(crate) fn step(side: Side, name: &str) -> Step {
    Step {
        id: named::id(side, name),
        package: PackageId::new(format!("package-{name}")),
        version: Version::new("v1.0.0"),
        has_ui: true,
        reason: RegisterReason::PagesHidden {
            hidden: 1,
            listed: 1,
        },
        after: BTreeSet::new(),
        priority: Duration::from_millis(1),
        effects: Vec::new(),
        before: state(name),
        watched: BTreeSet::new(),
    }
}

/// What a registered package looks like before anything is done.
pub(crate) fn state(name: &str) -> PackageState {
    PackageState {
        status: PackageStatus::Registered,
        uploaded: Some("0".to_owned()),
        updated_time: None,
        ui_active: None,
        file_rows: BTreeSet::from([ResourceFileId::new(format!("row-{name}-0"))]),
        pages: BTreeSet::from([FilePath::new(format!("/ui-resources/{name}/v1.0.0/a.js"))]),
    }
}

/// A row of `GATEWAY_URL_NEW`.
pub(crate) fn variable(id: &str, value: &str) -> SystemVariable {
    SystemVariable {
        id: VariableId::new(id),
        name: "GATEWAY_URL_NEW".to_owned(),
        value: value.to_owned(),
        default_value: String::new(),
        scope: "global".to_owned(),
        source: "system".to_owned(),
        status: "active".to_owned(),
        package_name: String::new(),
    }
}

/// A side.
pub(crate) fn facts(side: Side, capabilities: Capabilities) -> SideFacts {
    SideFacts {
        identity: InstanceIdentity {
            side,
            core: Address::new(format!("http://{side}:8000")),
            gateway: Address::new(format!("http://{side}:8005")),
            portals: vec![Address::new(format!("http://{side}:8080"))],
        },
        unproven: Vec::new(),
        version: Reading::Known(PlatformVersion::parse(match side {
            Side::Old => "v3.2.6",
            Side::New => "v4.0.0",
        })),
        capabilities,
        clock_offset_s: Some(0),
    }
}

/// What v4.0.0 can.
pub(crate) fn v4() -> Capabilities {
    Capabilities {
        generation: Generation::V4,
        listing: PackageListing::AllParameter,
        demotes_siblings: true,
        ui_active: false,
        listing_needs_ui_active: false,
        listing_needs_instance: false,
        marks_update: false,
        renews_resource_ids: true,
        moves_upload_time: false,
        revives_decommissioned: true,
        menu_permissions: false,
        empties_before_copy: false,
        one_register_at_a_time: false,
        max_other_active_versions: None,
        version_rule: VersionRule::V4,
    }
}

/// What v4.5.6 can.
pub(crate) fn v4_5() -> Capabilities {
    Capabilities {
        listing: PackageListing::TwoCalls,
        demotes_siblings: false,
        ui_active: true,
        listing_needs_ui_active: true,
        listing_needs_instance: true,
        marks_update: true,
        menu_permissions: true,
        ..v4()
    }
}

/// What v3.2.6 can.
pub(crate) fn v3() -> Capabilities {
    Capabilities {
        generation: Generation::V3,
        listing: PackageListing::Always,
        demotes_siblings: false,
        renews_resource_ids: false,
        moves_upload_time: true,
        revives_decommissioned: false,
        empties_before_copy: true,
        one_register_at_a_time: true,
        max_other_active_versions: Some(2),
        version_rule: VersionRule::V3,
        ..v4()
    }
}

/// Names, and sizes that are written in versions.
pub(crate) mod named {
    use super::{Plan, PluginName, Side, StepId, Version};

    /// A step's name.
    pub(crate) fn id(side: Side, name: &str) -> StepId {
        StepId {
            side,
            name: PluginName::new(name),
        }
    }

    /// The size of a package, as its version says it in thousandths (`v700` is 0.7).
    pub(crate) fn size(version: &Version) -> f64 {
        let thousandths = version.as_str().trim_start_matches('v').parse::<f64>();
        thousandths.map_or(1.0, |size| size / 1000.0)
    }

    /// Gives packages different sizes around 1, the canary being the smallest.
    pub(crate) fn spread(plan: &mut Plan, by: f64, seed: u64) {
        let mut rng = fastrand::Rng::with_seed(seed);
        for step in &mut plan.steps {
            let size = 1000.0 * (1.0 + by * (2.0 * rng.f64() - 1.0));
            step.version = Version::new(format!("v{size:.0}"));
        }
        let smallest = plan
            .steps
            .iter()
            .min_by(|a, b| size(&a.version).total_cmp(&size(&b.version)));
        plan.canary = smallest.map(|step| step.id.clone());
    }
}
