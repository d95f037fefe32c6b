//! One instance → [`Inventory`]. What could not be read is kept as unknown with its cause; the rest
//! goes on.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;

use super::connection::Reader;
use super::driver;
use super::endpoints;
use super::probe::{Depth, Prober};
use super::reach::{Candidate, Reacher};
use super::wire::ListedPackage;
use crate::domain::{
    Dependency, Instance, InstanceStatus, Inventory, MenuItem, Package, PackageId, PackageStatus,
    PluginName, ReadFailure, Reading,
};

/// How much is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObserveOptions {
    /// Compare the bytes of static files: each is read whole.
    pub deep: bool,
}

/// Reads one instance.
///
/// Calls: one each for own menus, resource files, routes of core, routes of the gateway; packages and
/// variables in one or two; then, for each package that is not removed, up to three (instances,
/// dependencies, menus), of which v4.2 and later spare the instances of packages that have none. At
/// most eight are in flight.
pub async fn observe(reader: &Reader, options: ObserveOptions) -> Inventory {
    let (my_menus, core_routes, gateway_routes) = (
        endpoints::my_menus(),
        endpoints::core_route_items(),
        endpoints::gateway_route_items(),
    );
    let (packages, resource_files, my_menus, core_routes, gateway_routes, variables) = futures::join!(
        reader.packages(),
        reader.resource_files(),
        reader.read(&my_menus, driver::menus),
        reader.read(&core_routes, driver::routes),
        reader.read(&gateway_routes, driver::routes),
        reader.variables(),
    );
    let parts = parts(reader, packages.as_deref().unwrap_or_default()).await;
    let gateway_routes = Reading::from(gateway_routes);
    let pages: BTreeSet<_> = resource_files
        .iter()
        .flat_map(|rows| rows.iter())
        .map(|row| &row.path)
        .filter(|path| path.is_script_or_style())
        .collect();
    let depth = if options.deep {
        Depth::Bytes
    } else {
        Depth::Head
    };
    let candidates = candidates(packages.as_deref().unwrap_or_default(), &parts.instances);
    let (prober, reacher) = (
        Prober::new(reader.transport(), &reader.identity().portals),
        Reacher::new(reader.transport(), &gateway_routes),
    );
    let (files, reach) = futures::join!(prober.ask(pages, depth), reacher.ask(&candidates));
    Inventory {
        identity: reader.identity().clone(),
        version: Reading::Known(reader.version().clone()),
        capabilities: reader.driver().capabilities().clone(),
        clock_offset_s: reader.clock_offset_s(),
        packages: Reading::from(
            packages.map(|listed| listed.iter().map(|l| l.package.clone()).collect()),
        ),
        instances: parts.instances,
        dependencies: parts.dependencies,
        package_menus: parts.menus,
        my_menus: Reading::from(my_menus),
        resource_files: Reading::from(resource_files.map(|rows| rows.to_vec())),
        core_routes: Reading::from(core_routes),
        gateway_routes,
        variables: Reading::from(variables),
        files,
        reach,
    }
}

/// What is asked package by package.
#[derive(Default)]
struct Parts {
    instances: BTreeMap<PackageId, Reading<Vec<Instance>>>,
    dependencies: BTreeMap<PackageId, Reading<Vec<Dependency>>>,
    menus: BTreeMap<PackageId, Reading<Vec<MenuItem>>>,
}

async fn parts(reader: &Reader, packages: &[ListedPackage]) -> Parts {
    let asked = packages
        .iter()
        .filter(|listed| listed.package.status != PackageStatus::Decommissioned);
    let answers = join_all(asked.map(|listed| part(reader, listed))).await;
    let mut parts = Parts::default();
    for (id, instances, dependencies, menus) in answers {
        parts.instances.insert(id.clone(), Reading::from(instances));
        parts
            .dependencies
            .insert(id.clone(), Reading::from(dependencies));
        parts.menus.insert(id, Reading::from(menus));
    }
    parts
}

type Part = (
    PackageId,
    Result<Vec<Instance>, ReadFailure>,
    Result<Vec<Dependency>, ReadFailure>,
    Result<Vec<MenuItem>, ReadFailure>,
);

async fn part(reader: &Reader, listed: &ListedPackage) -> Part {
    let id = &listed.package.id;
    let requests = (
        endpoints::instances(id),
        endpoints::dependencies(id),
        endpoints::package_menus(id),
    );
    let instances = async {
        if listed.has_no_instance() {
            return Ok(Vec::new());
        }
        reader
            .read(&requests.0, |asked, data| {
                driver::instances(asked, id, data)
            })
            .await
    };
    let (instances, dependencies, menus) = futures::join!(
        instances,
        reader.read(&requests.1, driver::dependencies),
        reader.read(&requests.2, |asked, data| reader
            .driver()
            .read_own_menus(asked, data)),
    );
    (id.clone(), instances, dependencies, menus)
}

/// Plugins with a running instance, and where each is.
fn candidates(
    packages: &[ListedPackage],
    instances: &BTreeMap<PackageId, Reading<Vec<Instance>>>,
) -> Vec<Candidate> {
    let mut addresses: BTreeMap<&PluginName, BTreeSet<(String, u16)>> = BTreeMap::new();
    for Package { id, name, .. } in packages.iter().map(|listed| &listed.package) {
        let of_package = instances
            .get(id)
            .and_then(Reading::known)
            .into_iter()
            .flatten();
        for instance in of_package.filter(|instance| instance.status == InstanceStatus::Running) {
            addresses
                .entry(name)
                .or_default()
                .insert((instance.host.clone(), instance.port));
        }
    }
    addresses
        .into_iter()
        .map(|(name, addresses)| Candidate {
            name: name.clone(),
            addresses,
        })
        .collect()
}
