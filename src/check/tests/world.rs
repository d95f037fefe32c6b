//! A healthy pair by a few words, then one thing is changed.

use std::collections::{BTreeMap, BTreeSet};

use super::super::*;
use crate::compare::testing::{Build, empty, page_path, served};
use crate::domain::*;
use crate::plan::SeedRelation;

pub(super) const AT: &str = "2026-11-23T03:00:00Z";
pub(super) const GATEWAY: &str = "http://new-gateway:8005";
/// When the variable's row was made, and when instances were launched (`CreateGuid` of v4).
const ROW: &str = "sys_var_66000100aaaaaaaaaaaaa";

pub(super) struct World {
    pub(super) new: Inventory,
    pub(super) old: Option<Inventory>,
    pub(super) policy: Policy,
    pub(super) seeds: Option<SeedRelation>,
    pub(super) set_at: Option<String>,
    pub(super) probes: BTreeMap<PluginName, Reading<TokenProbe>>,
    /// What each instance of a v3 was given.
    pub(super) given_gateway: Option<GivenGateway>,
    pub(super) ran_before: BTreeMap<Side, RunningCounts>,
    pub(super) applying: bool,
    pub(super) health: BTreeMap<Side, Reading<()>>,
    pub(super) role_menus: BTreeMap<Side, Reading<BTreeSet<String>>>,
}

impl World {
    pub(super) fn check(&self) -> CheckResults {
        check(CheckInput {
            new: &self.new,
            old: self.old.as_ref(),
            comparison: None,
            facts: Facts {
                seeds: self.seeds,
                gateway_variable_set_at: self.set_at.as_deref(),
                token_probes: Some(&self.probes),
                given_gateways: self.given_gateways(),
                ran_before: self.ran_before.clone(),
                apply_in_progress: self.applying,
                health: self.health.clone(),
                role_menus: self.role_menus.clone(),
            },
            policy: &self.policy,
        })
    }

    fn given_gateways(&self) -> BTreeMap<InstanceId, GivenGateway> {
        let instances = self.new.instances.values().filter_map(Reading::known);
        let given = |it: &Instance| Some((it.id.clone(), self.given_gateway.clone()?));
        instances.flatten().filter_map(given).collect()
    }

    pub(super) fn old(&mut self, change: impl FnOnce(Inventory) -> Inventory) {
        self.old = self.old.take().map(change);
    }

    pub(super) fn both(&mut self, change: impl Fn(Inventory) -> Inventory) {
        self.new = change(self.new.clone());
        self.old(change);
    }

    /// The same rows in the opposite order.
    pub(super) fn reverse(&mut self) {
        self.both(|mut side| {
            rows(&mut side.packages).reverse();
            rows(&mut side.resource_files).reverse();
            rows(&mut side.core_routes).reverse();
            rows(&mut side.gateway_routes).reverse();
            rows(&mut side.variables).reverse();
            for reading in side.instances.values_mut() {
                rows(reading).reverse();
            }
            side
        });
    }

    /// A v4 launched billing so many seconds before the check, on the clocks of the platforms.
    pub(super) fn launched_ago(&mut self, seconds: i64) {
        let now: jiff::Timestamp = AT.parse().expect("a time");
        let id = format!("p_docker_{:08x}aaaaaaaaaaaaa", now.as_second() - seconds);
        self.both(|side| side.instance_id("billing", &id));
    }

    /// Both plugins were launched by the v3.
    pub(super) fn launched_by_v3() -> Self {
        let mut world = healthy();
        world.both(|side| {
            side.instance_id("billing", "vBKYDgiB2HoM")
                .instance_id("wecmdb", "vBKYDgiB2HoW")
        });
        world
    }
}

/// The rows of a reading; nothing where it is unknown.
pub(super) fn rows<T>(reading: &mut Reading<Vec<T>>) -> &mut [T] {
    match reading {
        Reading::Known(rows) => rows,
        Reading::Unknown(_) => &mut [],
    }
}

fn list<T>(reading: &mut Reading<Vec<T>>) -> &mut Vec<T> {
    match reading {
        Reading::Known(rows) => rows,
        Reading::Unknown(_) => panic!("known in tests"),
    }
}

/// v3.2.6 and v4.5.6 on one database, with wecmdb and billing, which depends on it; all well.
pub(super) fn healthy() -> World {
    let old = empty(Side::Old, "v3.2.6", &["http://old-portal:8080"]);
    let portals = ["http://new-portal-1:8080", "http://new-portal-2:8080"];
    let mut new = empty(Side::New, "v4.5.6", &portals);
    new.capabilities.ui_active = true;
    new.capabilities.listing_needs_ui_active = true;
    new.capabilities.listing_needs_instance = true;
    new.capabilities.demotes_siblings = false;
    let fill = |side: Inventory| {
        side.plugin("wecmdb", "v2.0.10")
            .plugin("billing", "v2.0.7")
            .depends("billing", "v2.0.7", "wecmdb", "v1.5.0")
            .set("GATEWAY_URL", GATEWAY, "system__global__GATEWAY_URL")
            .set("GATEWAY_URL_NEW", GATEWAY, ROW)
            .set("S3_ACCESS", "abc", "sys_var_66000001aaaaaaaaaaaaa")
    };
    let codes = || ["wecmdb_MENU", "billing_MENU"].map(str::to_owned);
    let role = || Reading::Known(codes().into_iter().collect());
    let probe = Reading::Known(TokenProbe {
        with: Some(200),
        without: 401,
    });
    let mut new = fill(new);
    for package in rows(&mut new.packages) {
        package.ui_active = Some(true);
        package.register_done = Some(true);
    }
    World {
        new,
        old: Some(fill(old)),
        policy: Policy {
            gateway_url: Some(GATEWAY.to_owned()),
            role: Some("OPS".to_owned()),
            before_retiring_old: true,
            old_is_configured: true,
            at: AT.to_owned(),
            ..Policy::default()
        },
        seeds: Some(SeedRelation::Same),
        set_at: Some("2024-03-24T10:32:32Z".to_owned()),
        probes: ["wecmdb", "billing"]
            .map(|name| (PluginName::new(name), probe.clone()))
            .into(),
        given_gateway: None,
        ran_before: [Side::New, Side::Old]
            .map(|side| (side, RunningCounts::from([(PluginName::new("wecmdb"), 1)])))
            .into(),
        applying: false,
        health: [Side::New, Side::Old]
            .map(|side| (side, Reading::Known(())))
            .into(),
        role_menus: [Side::New, Side::Old].map(|side| (side, role())).into(),
    }
}

/// More steps by which a test changes a side.
pub(super) trait Change: Sized + Build {
    /// A healthy plugin, launched by a v4 after the variable was set.
    fn plugin(self, name: &str, version: &str) -> Self {
        let port = 20_000 + u16::try_from(name.len()).expect("a short name");
        let tail: String = name
            .chars()
            .chain("0000000000000".chars())
            .take(13)
            .collect();
        let instance = format!("p_docker_66000200{tail}");
        self.package(name, version, "REGISTERED", true)
            .running(name, version, &instance, port)
            .menu(name, version, &format!("{name}_MENU"), true)
            .listed(name, version, &served(1000))
    }

    fn set(mut self, name: &str, value: &str, id: &str) -> Self {
        list(&mut self.inventory().variables).push(SystemVariable {
            id: VariableId::new(id),
            name: name.to_owned(),
            value: value.to_owned(),
            default_value: String::new(),
            scope: "global".to_owned(),
            source: "system".to_owned(),
            status: "active".to_owned(),
            package_name: String::new(),
        });
        self
    }

    fn variable(mut self, name: &str, change: impl Fn(&mut SystemVariable)) -> Self {
        let rows = list(&mut self.inventory().variables).iter_mut();
        rows.filter(|row| row.name == name).for_each(change);
        self
    }

    fn no_variable(mut self, name: &str) -> Self {
        list(&mut self.inventory().variables).retain(|row| row.name != name);
        self
    }

    fn packages(mut self, name: &str, change: impl Fn(&mut Package)) -> Self {
        let rows = list(&mut self.inventory().packages).iter_mut();
        rows.filter(|row| row.name.as_str() == name)
            .for_each(change);
        self
    }

    fn instances(mut self, name: &str, change: impl Fn(&mut Vec<Instance>)) -> Self {
        for (id, rows) in &mut self.inventory().instances {
            if id.as_str().contains(name) {
                change(list(rows));
            }
        }
        self
    }

    fn instance_id(self, name: &str, id: &str) -> Self {
        self.instances(name, |rows| {
            for row in rows {
                row.id = InstanceId::new(id);
            }
        })
    }

    fn menus(mut self, name: &str, change: impl Fn(&mut MenuItem)) -> Self {
        for (id, rows) in &mut self.inventory().package_menus {
            if id.as_str().contains(name) {
                list(rows).iter_mut().for_each(&change);
            }
        }
        self
    }

    fn not_listed(mut self, name: &str) -> Self {
        let inventory = self.inventory();
        list(&mut inventory.resource_files).retain(|row| row.package_name.as_str() != name);
        inventory
            .files
            .retain(|path, _| !path.as_str().contains(name));
        self
    }

    /// Every portal answers so for the plugin's pages.
    fn file(mut self, name: &str, state: FileState) -> Self {
        for (path, portals) in &mut self.inventory().files {
            if path.as_str().contains(name) {
                for (_, answer) in portals.iter_mut() {
                    answer.clone_from(&state);
                }
            }
        }
        self
    }

    fn no_gateway_route(mut self, name: &str) -> Self {
        let routes = list(&mut self.inventory().gateway_routes);
        routes.retain(|route| route.context.as_str() != name);
        self
    }

    fn no_core_route(mut self, name: &str) -> Self {
        let routes = list(&mut self.inventory().core_routes);
        routes.retain(|route| route.context.as_str() != name);
        self
    }

    fn reach(mut self, name: &str, reach: Reach) -> Self {
        let name = PluginName::new(name);
        self.inventory().reach.insert(name, reach);
        self
    }

    /// Nothing of it can be read.
    fn dead(mut self, kind: FailureKind) -> Self {
        let inventory = self.inventory();
        let failure = |operation| ReadFailure {
            kind,
            operation,
            target: format!("GET {}/platform/v1/{operation}", inventory.identity.core),
            cause: crate::domain::FailureCause::Said("connection refused".to_owned()),
        };
        inventory.version = Reading::Unknown(failure("core.version"));
        inventory.packages = Reading::Unknown(failure("packages.list"));
        inventory.my_menus = Reading::Unknown(failure("menus.mine"));
        inventory.resource_files = Reading::Unknown(failure("resource-files.list"));
        inventory.core_routes = Reading::Unknown(failure("routes.core"));
        inventory.gateway_routes = Reading::Unknown(failure("routes.gateway"));
        inventory.variables = Reading::Unknown(failure("variables.list"));
        inventory.clock_offset_s = None;
        inventory.instances.clear();
        inventory.dependencies.clear();
        inventory.package_menus.clear();
        inventory.files.clear();
        inventory.reach.clear();
        self
    }

    /// One page of the plugin on one portal.
    fn on_portal(self, portal: &str, name: &str, version: &str, state: FileState) -> Self {
        let path = page_path(name, version);
        self.answers(portal, &path, state)
    }
}

impl Change for Inventory {}
