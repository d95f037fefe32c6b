//! What checks ask beside an inventory: health, a role's menus, whether plugins take our tokens.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};

use super::connection::Reader;
use super::driver;
use super::endpoints;
use super::request::ApiRequest;
use crate::domain::{
    GATEWAY_URL, Generation, InstanceId, InstanceIdentity, Inventory, MenuItem, PackageId,
    PlatformVersion, PluginName, Reach, ReadFailure, Reading, Side, TokenProbe,
};

/// Plugins asked for at once.
const AT_ONCE: usize = 8;

/// What core says of its own health. The health check of a v4 reads its database and nothing else, so that a
/// v4 whose lists were read is not asked (`docs/platform/gateway.md#health-and-version`).
pub async fn health_unless_known(reader: &Reader, inventory: &Inventory) -> Reading<()> {
    let lists = (inventory.packages.known(), inventory.variables.known());
    match (reader.generation(), lists) {
        (Generation::V4, (Some(_), Some(_))) => Reading::Known(()),
        _ => health(reader).await,
    }
}

/// What core says of its own health.
pub async fn health(reader: &Reader) -> Reading<()> {
    let request = endpoints::health();
    Reading::from(reader.read(&request, |_, _| Ok(())).await)
}

/// Codes of the menus that a role is granted: those that a token sees whose only authority it is
/// (`docs/platform/endpoints.md#menus`). `as_role` must have been opened with such tokens. Whether there is a
/// role of that name is not told: one that nobody has is granted nothing.
pub async fn granted_menus(as_role: &Reader) -> Reading<BTreeSet<String>> {
    let request = endpoints::my_menus();
    Reading::from(as_role.read(&request, driver::menus).await.map(granted))
}

/// Codes of menus without the roots, which everybody sees.
fn granted(menus: Vec<MenuItem>) -> BTreeSet<String> {
    let below = menus.into_iter().filter(|menu| !menu.category.is_empty());
    below.map(|menu| menu.code).collect()
}

/// Codes of the menus that a role is granted, as an account sees them; none if there is no such role.
pub async fn role_menus(reader: &Reader, role: &str) -> Reading<BTreeSet<String>> {
    let roles = endpoints::roles();
    let id = reader.read(&roles, |asked, data| driver::role_id(asked, role, data));
    let id = match id.await {
        Err(failure) => return Reading::Unknown(failure),
        Ok(None) => return Reading::Known(BTreeSet::new()),
        Ok(Some(id)) => id,
    };
    let menus = endpoints::role_menus(&id);
    Reading::from(reader.read(&menus, driver::role_menus).await.map(granted))
}

/// The gateway that each instance of these packages was given when it was launched, if the platform
/// still tells (`docs/platform/two-instances.md#gateway-address-in-containers`).
pub async fn given_gateways(
    reader: &Reader,
    packages: BTreeSet<&PackageId>,
) -> BTreeMap<InstanceId, String> {
    if packages.is_empty() {
        return BTreeMap::new();
    }
    let listed = stream::iter(packages)
        .map(|id| async move {
            reader
                .read(&endpoints::instances(id), driver::launched)
                .await
        })
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>();
    let of_containers = endpoints::containers();
    let containers = reader.read(&of_containers, |asked, data| {
        driver::container_variable(asked, GATEWAY_URL, data)
    });
    let (listed, containers) = futures::join!(listed, containers);
    let containers = containers.unwrap_or_default();
    let given = |(id, container)| Some((id, containers.get(&container)?.clone()));
    listed
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(given)
        .collect()
}

/// What each plugin with a running instance answers through the gateway, with a token and without. The
/// inventory knows what it answers without one; only who answers 401 is asked with one too.
pub async fn token_probes(
    reader: &Reader,
    inventory: &Inventory,
) -> BTreeMap<PluginName, Reading<TokenProbe>> {
    let packages = inventory.packages.known().into_iter().flatten();
    let names: BTreeSet<&PluginName> = packages
        .filter(|package| {
            let running = inventory.running_instances(&package.id);
            running.is_some_and(|running| !running.is_empty())
        })
        .map(|package| &package.name)
        .collect();
    stream::iter(names)
        .map(|name| async move {
            let probed = match inventory.reach.get(name) {
                Some(Reach::Reached { status }) => asked_with(reader, name, *status).await,
                _ => probe(reader, name).await,
            };
            (name.clone(), Reading::from(probed))
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

/// What one plugin answers through the gateway, with a token and without.
pub async fn token_probe(reader: &Reader, name: &PluginName) -> Reading<TokenProbe> {
    Reading::from(probe(reader, name).await)
}

async fn probe(reader: &Reader, name: &PluginName) -> Result<TokenProbe, ReadFailure> {
    let without = status(reader, &endpoints::plugin_context(name)).await?;
    asked_with(reader, name, without).await
}

/// What it answers with a token, if it answers 401 without one.
async fn asked_with(
    reader: &Reader,
    name: &PluginName,
    without: u16,
) -> Result<TokenProbe, ReadFailure> {
    let with = if without == 401 {
        Some(status(reader, &endpoints::plugin_context_with_token(name)).await?)
    } else {
        None
    };
    Ok(TokenProbe { with, without })
}

async fn status(reader: &Reader, request: &ApiRequest) -> Result<u16, ReadFailure> {
    let answer = reader.transport().call(request).await;
    answer
        .map(|answer| answer.status)
        .map_err(ReadFailure::from)
}

/// A side of which nothing could be read, for whoever goes on without it. Its rules are those of the
/// generation that such a side has as a rule; nothing is judged by them, since nothing is known.
pub fn unread_inventory(identity: InstanceIdentity, failure: &ReadFailure) -> Inventory {
    let generation = match identity.side {
        Side::New => Generation::V4,
        Side::Old => Generation::V3,
    };
    let version = match generation {
        Generation::V3 => PlatformVersion::parse("v3.2.6"),
        Generation::V4 => PlatformVersion::parse("v4.0.0"),
    };
    Inventory {
        identity,
        unproven: Vec::new(),
        version: Reading::Unknown(failure.clone()),
        capabilities: driver::capabilities_of(&version),
        clock_offset_s: None,
        packages: Reading::Unknown(failure.clone()),
        instances: BTreeMap::new(),
        dependencies: BTreeMap::new(),
        package_menus: BTreeMap::new(),
        my_menus: Reading::Unknown(failure.clone()),
        resource_files: Reading::Unknown(failure.clone()),
        core_routes: Reading::Unknown(failure.clone()),
        gateway_routes: Reading::Unknown(failure.clone()),
        variables: Reading::Unknown(failure.clone()),
        files: BTreeMap::new(),
        reach: BTreeMap::new(),
    }
}
