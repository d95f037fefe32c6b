//! What is read of an instance, listing by listing and package by package.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::{StreamExt as _, stream};

use crate::domain::{
    Dependency, FailureCause, FailureKind, FilePath, FileState, Instance, InstanceStatus,
    Inventory, MenuItem, Package, PackageId, PackageStatus, PluginName, Reach, ReadFailure,
    Reading, ResourceFile, Role, RouteItem, SystemVariable,
};
use crate::platform::check_cache::ListedFile;
use crate::platform::connection::Reader;
use crate::platform::driver::{self, CallInfo};
use crate::platform::endpoints;
use crate::platform::probe::{Answers, Prober};
use crate::platform::reach::Candidate;
use crate::platform::wire::ListedPackage;
use crate::poll::Demand;

/// How much is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObserveOptions {
    /// Compare the bytes of static files: each is read whole.
    pub deep: bool,
}

/// What is asked once for all packages.
pub(super) struct Listings {
    pub(super) packages: Result<Arc<[ListedPackage]>, ReadFailure>,
    pub(super) resource_files: Result<Arc<[ResourceFile]>, ReadFailure>,
    pub(super) my_menus: Result<Vec<MenuItem>, ReadFailure>,
    pub(super) core_routes: Result<Vec<RouteItem>, ReadFailure>,
    pub(super) gateway_routes: Reading<Vec<RouteItem>>,
    pub(super) variables: Result<Vec<SystemVariable>, ReadFailure>,
}

impl Listings {
    pub(super) async fn read(reader: &Reader) -> Self {
        let packages = async { Ok(reader.packages(Demand::now()).await?.value) };
        Self::read_with(reader, packages, my_menus(reader)).await
    }

    /// As [`Self::read`], with packages and own menus from elsewhere.
    pub(super) async fn read_with(
        reader: &Reader,
        packages: impl Future<Output = Result<Arc<[ListedPackage]>, ReadFailure>>,
        my_menus: impl Future<Output = Result<Vec<MenuItem>, ReadFailure>>,
    ) -> Self {
        let requests = (
            endpoints::core_route_items(),
            endpoints::gateway_route_items(),
        );
        let (packages, resource_files, my_menus, core_routes, gateway_routes, variables) = futures::join!(
            packages,
            async { Ok(reader.resource_files(Demand::now()).await?.value) },
            my_menus,
            reader.read(&requests.0, driver::routes),
            reader.read(&requests.1, driver::routes),
            reader.variables(),
        );
        Self {
            packages,
            resource_files,
            my_menus,
            core_routes,
            gateway_routes: Reading::from(gateway_routes),
            variables,
        }
    }

    pub(super) fn packages(&self) -> &[ListedPackage] {
        self.packages.as_deref().unwrap_or_default()
    }

    /// Scripts and styles that the portal loads, each once.
    pub(super) fn pages(&self) -> Vec<ListedFile<'_>> {
        let rows = self.resource_files.iter().flat_map(|rows| rows.iter());
        let loaded = rows.filter(|row| row.path.is_script_or_style());
        let by_path: BTreeMap<&FilePath, &str> =
            loaded.map(|row| (&row.path, row.id.as_str())).collect();
        by_path
            .into_iter()
            .map(|(path, row)| ListedFile { path, row })
            .collect()
    }
}

pub(super) async fn my_menus(reader: &Reader) -> Result<Vec<MenuItem>, ReadFailure> {
    reader.read(&endpoints::my_menus(), driver::menus).await
}

pub(super) fn prober(reader: &Reader) -> Prober<'_> {
    Prober::new(
        reader.transport(),
        &reader.identity().portals,
        reader.unproven(),
    )
}

pub(super) fn inventory(
    reader: &Reader,
    listings: Listings,
    parts: PackageDetails,
    files: Answers,
    reach: BTreeMap<PluginName, Reach>,
) -> Inventory {
    Inventory {
        identity: reader.identity().clone(),
        unproven: unproven(reader, &files),
        version: Reading::Known(reader.version().clone()),
        capabilities: reader.driver().capabilities().clone(),
        clock_offset_s: reader.clock_offset_s(),
        packages: Reading::from(
            listings
                .packages
                .map(|listed| listed.iter().map(|l| l.package.clone()).collect()),
        ),
        instances: parts.instances,
        dependencies: parts.dependencies,
        package_menus: parts.menus,
        my_menus: Reading::from(listings.my_menus),
        resource_files: Reading::from(listings.resource_files.map(|rows| rows.to_vec())),
        core_routes: Reading::from(listings.core_routes),
        gateway_routes: listings.gateway_routes,
        variables: Reading::from(listings.variables),
        files,
        reach,
    }
}

/// The addresses that are not proven to be what they were given as, and the portals that answered then
/// and refuse connections now.
fn unproven(reader: &Reader, files: &Answers) -> Vec<ReadFailure> {
    let mut unproven = reader.unproven().to_vec();
    for portal in &reader.identity().portals {
        let mut states = files.values().filter_map(|states| states.get(portal));
        let cause = FailureCause::PortRefused;
        let refuses = states
            .any(|state| matches!(state, FileState::Unknown { cause: found } if *found == cause));
        if refuses && !unproven.iter().any(|it| it.target == portal.as_str()) {
            unproven.push(ReadFailure {
                kind: FailureKind::Unreachable,
                operation: Role::Portal.as_str(),
                target: portal.to_string(),
                cause,
            });
        }
    }
    unproven
}

/// What is asked package by package.
#[derive(Default)]
pub(super) struct PackageDetails {
    pub(super) instances: BTreeMap<PackageId, Reading<Vec<Instance>>>,
    pub(super) dependencies: BTreeMap<PackageId, Reading<Vec<Dependency>>>,
    pub(super) menus: BTreeMap<PackageId, Reading<Vec<MenuItem>>>,
}

/// What is known of a package before it is asked.
#[derive(Default)]
pub(super) struct Known {
    pub(super) instances: Option<Vec<Instance>>,
    pub(super) dependencies: Option<Vec<Dependency>>,
    pub(super) menus: Option<Vec<MenuItem>>,
}

/// Packages that may own an instance or be registered.
pub(super) fn not_decommissioned(
    packages: &[ListedPackage],
) -> impl Iterator<Item = &ListedPackage> {
    packages
        .iter()
        .filter(|listed| listed.package.status != PackageStatus::Decommissioned)
}

/// Packages that are asked at once; the transport lets fewer requests through.
const AT_ONCE: usize = 16;

/// Asks each package for what is not known of it.
pub(super) async fn read_details(
    reader: &Reader,
    packages: &[ListedPackage],
    known: impl Fn(&ListedPackage) -> Known,
) -> PackageDetails {
    let asked: Vec<_> = not_decommissioned(packages)
        .map(|listed| (listed, known(listed)))
        .collect();
    let asked = stream::iter(asked)
        .map(|(listed, known)| async move {
            let id = &listed.package.id;
            let (instances, dependencies, menus) = futures::join!(
                unless_known(known.instances, instances(reader, id)),
                unless_known(known.dependencies, dependencies(reader, id)),
                unless_known(known.menus, menus(reader, id)),
            );
            (id, instances, dependencies, menus)
        })
        .buffer_unordered(AT_ONCE);
    tokio::pin!(asked);
    let mut parts = PackageDetails::default();
    while let Some((id, instances, dependencies, menus)) = asked.next().await {
        parts.instances.insert(id.clone(), instances);
        parts.dependencies.insert(id.clone(), dependencies);
        parts.menus.insert(id.clone(), menus);
    }
    parts
}

pub(super) async fn unless_known<T>(
    known: Option<T>,
    asking: impl Future<Output = Result<T, ReadFailure>>,
) -> Reading<T> {
    match known {
        Some(known) => Reading::Known(known),
        None => Reading::from(asking.await),
    }
}

pub(super) async fn instances(
    reader: &Reader,
    id: &PackageId,
) -> Result<Vec<Instance>, ReadFailure> {
    let request = endpoints::instances(id);
    let take = |asked: CallInfo<'_>, data: &str| driver::instances(asked, id, data);
    reader.read(&request, take).await
}

pub(super) async fn dependencies(
    reader: &Reader,
    id: &PackageId,
) -> Result<Vec<Dependency>, ReadFailure> {
    let request = endpoints::dependencies(id);
    reader.read(&request, driver::dependencies).await
}

pub(super) async fn menus(reader: &Reader, id: &PackageId) -> Result<Vec<MenuItem>, ReadFailure> {
    let request = endpoints::package_menus(id);
    let take = |asked: CallInfo<'_>, data: &str| reader.driver().read_own_menus(asked, data);
    reader.read(&request, take).await
}

/// Plugins with a running instance, and where each is.
pub(super) fn candidates(
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
