//! What holds for every pair of sides.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::compare::testing::{empty, failure, id};
use crate::compare::*;
use crate::domain::*;
use crate::exit::Outcome;

const NAMES: [&str; 3] = ["monitor", "taskman", "wecmdb"];
const VERSIONS: [&str; 3] = ["v1.0.0", "v1.1.0", "v2.0.0"];
const STATUSES: [&str; 3] = ["REGISTERED", "UNREGISTERED", "DECOMMISSIONED"];

#[derive(Clone, Debug)]
enum Instances {
    Unread,
    None,
    TwoFrom(u16),
}

#[derive(Clone, Debug)]
struct OnePackage {
    status: usize,
    has_ui: bool,
    running: Instances,
    requirement: Option<bool>,
    menu: Option<bool>,
    listed: Option<[u8; 2]>,
}

#[derive(Clone, Debug)]
struct OneSide {
    packages: BTreeMap<(usize, usize), OnePackage>,
    old_platform: bool,
    unread: u8,
    reach: [u8; 3],
    route: [Option<u16>; 3],
    granted: [bool; 3],
}

fn one_package() -> impl Strategy<Value = OnePackage> {
    (
        0..3_usize,
        any::<bool>(),
        prop_oneof![
            Just(Instances::Unread),
            Just(Instances::None),
            (0..3_u16).prop_map(Instances::TwoFrom),
        ],
        prop::option::of(any::<bool>()),
        prop::option::of(any::<bool>()),
        prop::option::of(any::<[u8; 2]>()),
    )
        .prop_map(
            |(status, has_ui, running, requirement, menu, listed)| OnePackage {
                status,
                has_ui,
                running,
                requirement,
                menu,
                listed,
            },
        )
}

fn one_side() -> impl Strategy<Value = OneSide> {
    (
        prop::collection::btree_map((0..3_usize, 0..3_usize), one_package(), 0..6),
        any::<bool>(),
        // Rarely something is unread, or nothing else would be tried.
        prop_oneof![8 => Just(0_u8), 1 => any::<u8>()],
        any::<[u8; 3]>(),
        any::<[Option<u16>; 3]>(),
        any::<[bool; 3]>(),
    )
        .prop_map(
            |(packages, old_platform, unread, reach, route, granted)| OneSide {
                packages,
                old_platform,
                unread,
                reach,
                route,
                granted,
            },
        )
}

fn state(seed: u8) -> Option<FileState> {
    let file = |length| {
        FileState::Served(ServedFile {
            length,
            etag: None,
            digest: None,
        })
    };
    Some(match seed % 8 {
        0 => return None,
        1 => FileState::Missing,
        2 => FileState::Forbidden,
        3 => FileState::Unknown {
            cause: crate::domain::FailureCause::Said("timed out".to_owned()),
        },
        4 => file(None),
        5 => file(Some(7)),
        _ => file(Some(9)),
    })
}

fn inventory(side: Side, made: &OneSide) -> Inventory {
    let version = if made.old_platform {
        "v3.2.6"
    } else {
        "v4.0.0"
    };
    let portals = [format!("http://{side}-a:1"), format!("http://{side}-b:1")];
    let mut made_side = empty(side, version, &[&portals[0], &portals[1]]);
    let (mut packages, mut rows) = (Vec::new(), Vec::new());
    for ((name, version), it) in &made.packages {
        let (name, version) = (NAMES[*name], VERSIONS[*version]);
        let id = id(name, version);
        packages.push(Package {
            id: id.clone(),
            name: PluginName::new(name),
            version: Version::new(version),
            status: PackageStatus::parse(STATUSES[it.status]),
            edition: Edition::Community,
            has_ui: it.has_ui,
            uploaded: None,
            ui_active: None,
            register_done: None,
            updated_time: None,
            updated_by: None,
        });
        let instance = |port| Instance {
            id: InstanceId::new(format!("p_docker_{port}")),
            package: id.clone(),
            host: "h".to_owned(),
            port,
            container_name: String::new(),
            status: InstanceStatus::Running,
        };
        let instances = match it.running {
            Instances::TwoFrom(port) => Reading::Known(vec![instance(port), instance(port + 10)]),
            Instances::None => Reading::Known(Vec::new()),
            Instances::Unread => Reading::Unknown(failure()),
        };
        made_side.instances.insert(id.clone(), instances);
        let requirement = it.requirement.map(|above| Dependency {
            name: PluginName::new("platform"),
            version: Version::new(if above { "v4.0.0" } else { "v2.0.0" }),
        });
        let requirement = Reading::Known(requirement.into_iter().collect());
        made_side.dependencies.insert(id.clone(), requirement);
        let menu = it.menu.map(|active| menu_item(name, active));
        let menu = Reading::Known(menu.into_iter().collect());
        made_side.package_menus.insert(id.clone(), menu);
        for (seed, portal) in it.listed.iter().flatten().zip(&portals) {
            let path = FilePath::new(format!("/ui-resources/{name}/{version}/a.js"));
            let answers = made_side.files.entry(path.clone()).or_default();
            if let Some(state) = state(*seed) {
                answers.insert(Address::new(portal.as_str()), state);
            }
            rows.push(ResourceFile {
                id: ResourceFileId::new(id.as_str()),
                package_name: PluginName::new(name),
                package_version: Version::new(version),
                path,
            });
        }
    }
    made_side.packages = unless(made.unread & 1, packages);
    made_side.resource_files = unless(made.unread & 2, rows);
    add_routes(&mut made_side, made);
    made_side
}

fn add_routes(side: &mut Inventory, made: &OneSide) {
    let (mut routes, mut menus) = (Vec::new(), Vec::new());
    for (at, name) in NAMES.iter().enumerate() {
        if let Some(port) = made.route[at] {
            routes.push(RouteItem {
                context: PluginName::new(*name),
                host: "h".to_owned(),
                port: (port % 4).to_string(),
                path: None,
            });
        }
        if made.granted[at] {
            menus.push(menu_item(name, true));
        }
        let cause = crate::domain::ReachCause {
            gateway: crate::domain::GatewayFinding::NoAnswer,
            instances: Vec::new(),
        };
        let reach = match made.reach[at] % 4 {
            0 => Reach::Reached { status: 200 },
            1 => Reach::Down { cause },
            2 => Reach::Unknown { cause },
            _ => continue,
        };
        side.reach.insert(PluginName::new(*name), reach);
    }
    side.core_routes = unless(made.unread & 4, routes.clone());
    side.gateway_routes = unless(made.unread & 8, routes);
    side.my_menus = unless(made.unread & 16, menus);
}

fn menu_item(code: &str, active: bool) -> MenuItem {
    MenuItem {
        code: code.to_owned(),
        category: String::new(),
        source: String::new(),
        display_name: String::new(),
        path: String::new(),
        active,
    }
}

fn unless<T>(flag: u8, rows: Vec<T>) -> Reading<Vec<T>> {
    if flag == 0 {
        Reading::Known(rows)
    } else {
        Reading::Unknown(failure())
    }
}

fn shuffled(inventory: &Inventory) -> Inventory {
    fn turn<T>(reading: &mut Reading<Vec<T>>) {
        if let Reading::Known(rows) = reading {
            rows.reverse();
            if rows.len() > 2 {
                rows.rotate_left(1);
            }
        }
    }
    let mut other = inventory.clone();
    turn(&mut other.packages);
    turn(&mut other.resource_files);
    turn(&mut other.core_routes);
    turn(&mut other.gateway_routes);
    turn(&mut other.my_menus);
    other.instances.values_mut().for_each(turn);
    other
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn swapped_sides_give_mirrored_comparison(a in one_side(), b in one_side()) {
        let (a, b) = (inventory(Side::Old, &a), inventory(Side::New, &b));
        prop_assert_eq!(compare(&a, &b).mirrored(), compare(&b, &a));
    }

    #[test]
    fn row_order_does_not_change_comparison(a in one_side(), b in one_side()) {
        let (a, b) = (inventory(Side::Old, &a), inventory(Side::New, &b));
        prop_assert_eq!(compare(&a, &b), compare(&shuffled(&a), &shuffled(&b)));
    }

    #[test]
    fn side_equals_itself(a in one_side()) {
        let a = inventory(Side::Old, &a);
        let comparison = compare(&a, &a);
        prop_assert_eq!(comparison.differences(), 0);
        prop_assert_eq!(
            comparison.outcome() == Outcome::Same,
            comparison.unknowns() == 0
        );
    }

    #[test]
    fn rows_sorted_and_only_visible_without_cause(a in one_side(), b in one_side()) {
        let comparison = compare(&inventory(Side::Old, &a), &inventory(Side::New, &b));
        prop_assert!(comparison.plugins.is_sorted_by(|a, b| a.name < b.name));
        for row in &comparison.plugins {
            for side in [&row.old, &row.new] {
                for cell in &side.cells {
                    prop_assert_eq!(cell.state == State::Visible, cell.causes.is_empty());
                }
            }
            for aspect in Aspect::ALL {
                let both_visible = [&row.old, &row.new]
                    .iter()
                    .all(|side| side.cell(aspect).state == State::Visible);
                prop_assert_eq!(row.cause(aspect).is_none(), both_visible);
            }
        }
        let counted: usize = comparison
            .plugins
            .iter()
            .map(|row| row.differences() + row.unknowns())
            .sum();
        prop_assert!(counted <= comparison.plugins.len() * Aspect::ALL.len());
    }
}
