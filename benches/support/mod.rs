//! For the benchmarks that start from inventories: an instance with any number of plugins, and a
//! clock that other programs on the machine do not change.

use std::collections::BTreeMap;
use std::time::Duration;

use wecubectl::domain::{
    Address, Capabilities, Dependency, Edition, FilePath, FileState, Generation, Instance,
    InstanceId, InstanceIdentity, InstanceStatus, Inventory, Package, PackageId, PackageListing,
    PackageStatus, PlatformVersion, PluginName, Reading, ResourceFile, ResourceFileId, Side,
    Version, VersionRule,
};

fn name(n: usize) -> PluginName {
    PluginName::new(format!("plugin-{n:05}"))
}

fn id(n: usize) -> PackageId {
    PackageId::new(format!("plugin_{n:021x}"))
}

/// Runs the computation so many times and returns its last result and the least CPU time in seconds. The
/// computation has one thread, so on an idle machine that is also the wall time.
pub(crate) fn least_cpu_s<T>(runs: usize, compute: impl Fn() -> T) -> (T, f64) {
    let mut least = f64::MAX;
    let mut timed = || {
        let start = cpu_s();
        let result = compute();
        least = least.min(cpu_s() - start);
        result
    };
    let mut result = timed();
    for _ in 1..runs {
        result = timed();
    }
    (result, least)
}

/// CPU seconds of this thread so far, as Linux counts them in nanoseconds.
fn cpu_s() -> f64 {
    let told = fs_err::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = told.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.expect("a number")).as_secs_f64()
}

/// An instance of which plugin `n` needs the plugins `needs[n]`. No portal has any of its files.
pub(crate) fn inventory(side: Side, needs: &[Vec<usize>], has_ui: &[bool]) -> Inventory {
    let portal = Address::new(format!("http://{side}:8080"));
    let rows: Vec<ResourceFile> = (0..needs.len())
        .filter(|n| has_ui[*n])
        .flat_map(rows)
        .collect();
    let missing = || [(portal.clone(), FileState::Missing)].into_iter().collect();
    Inventory {
        identity: InstanceIdentity {
            side,
            core: Address::new(format!("http://{side}:8000")),
            gateway: Address::new(format!("http://{side}:8005")),
            portals: vec![portal.clone()],
        },
        unproven: Vec::new(),
        version: Reading::Known(PlatformVersion::parse(match side {
            Side::Old => "v3.2.6",
            Side::New => "v4.0.0",
        })),
        capabilities: capabilities(side),
        clock_offset_s: Some(0),
        packages: Reading::Known((0..needs.len()).map(|n| package(n, has_ui[n])).collect()),
        instances: (0..needs.len())
            .map(|n| (id(n), Reading::Known(vec![instance(n)])))
            .collect(),
        dependencies: needs
            .iter()
            .enumerate()
            .map(|(n, needs)| {
                (
                    id(n),
                    Reading::Known(needs.iter().map(|n| wanted(*n)).collect()),
                )
            })
            .collect(),
        package_menus: BTreeMap::new(),
        my_menus: Reading::Known(Vec::new()),
        files: rows
            .iter()
            .map(|row| (row.path.clone(), missing()))
            .collect(),
        resource_files: Reading::Known(rows),
        core_routes: Reading::Known(Vec::new()),
        gateway_routes: Reading::Known(Vec::new()),
        variables: Reading::Known(Vec::new()),
        reach: BTreeMap::new(),
    }
}

fn package(n: usize, has_ui: bool) -> Package {
    Package {
        id: id(n),
        name: name(n),
        version: Version::new("v2.0.0"),
        status: PackageStatus::Registered,
        edition: Edition::Community,
        has_ui,
        uploaded: None,
        ui_active: None,
        register_done: None,
        updated_time: None,
        updated_by: None,
    }
}

fn instance(n: usize) -> Instance {
    Instance {
        id: InstanceId::new(format!("p_docker_{n:021x}")),
        package: id(n),
        host: "10.0.0.9".to_owned(),
        port: 20000,
        container_name: String::new(),
        status: InstanceStatus::Running,
    }
}

fn wanted(n: usize) -> Dependency {
    Dependency {
        name: name(n),
        version: Version::new("v1.0.0"),
    }
}

fn rows(n: usize) -> impl Iterator<Item = ResourceFile> {
    ["js/app.js", "js/vendor.js", "css/app.css"]
        .into_iter()
        .map(move |file| ResourceFile {
            id: ResourceFileId::new(format!("p_ui_{n:05}_{file}")),
            package_name: name(n),
            package_version: Version::new("v2.0.0"),
            path: FilePath::new(format!("/ui-resources/{}/v2.0.0/{file}", name(n))),
        })
}

fn capabilities(side: Side) -> Capabilities {
    let v3 = side == Side::Old;
    Capabilities {
        generation: if v3 { Generation::V3 } else { Generation::V4 },
        listing: PackageListing::AllParameter,
        demotes_siblings: !v3,
        ui_active: false,
        listing_needs_ui_active: false,
        listing_needs_instance: false,
        marks_update: false,
        renews_resource_ids: !v3,
        moves_upload_time: v3,
        revives_decommissioned: !v3,
        menu_permissions: false,
        empties_before_copy: v3,
        one_register_at_a_time: v3,
        max_other_active_versions: v3.then_some(2),
        version_rule: if v3 { VersionRule::V3 } else { VersionRule::V4 },
    }
}
