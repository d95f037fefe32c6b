//! Reads everything of an instance.

use std::collections::BTreeSet;

use super::parts::{Known, Listings, ObserveOptions, candidates, inventory, prober, read_details};
use crate::domain::{Inventory, PluginName, ReadFailure};
use crate::platform::connection::Reader;
use crate::platform::probe::Depth;
use crate::platform::reach::ReachabilityProber;
use crate::platform::{driver, endpoints};

/// Reads one instance.
///
/// Calls: one each for own menus, resource files, routes of core, routes of the gateway; packages and
/// variables in one or two; then, for each package that is not removed, up to three (instances,
/// dependencies, menus), of which v4.2 and later spare the instances of packages that have none. At
/// most eight are in flight.
pub async fn observe(reader: &Reader, options: ObserveOptions) -> Inventory {
    let listings = Listings::read(reader).await;
    let parts = read_details(reader, listings.packages(), |listed| Known {
        instances: listed.has_no_instance().then(Vec::new),
        ..Known::default()
    });
    let parts = parts.await;
    let depth = if options.deep {
        Depth::Bytes
    } else {
        Depth::Sample
    };
    let (prober, pages) = (prober(reader), listings.pages());
    let candidates = candidates(listings.packages(), &parts.instances);
    let reachability = ReachabilityProber::new(reader.transport(), &listings.gateway_routes);
    let paths = pages.iter().map(|page| page.path);
    let (files, reach) =
        futures::join!(prober.ask_all(paths, depth), reachability.ask(&candidates));
    inventory(reader, listings, parts, files, reach)
}

/// Plugins that core offers a route to and the gateway has not loaded yet
/// (`docs/platform/gateway.md#routes`).
///
/// # Errors
///
/// If core or the gateway does not tell its routes.
pub async fn routes_to_come(reader: &Reader) -> Result<BTreeSet<PluginName>, ReadFailure> {
    let (of_core, of_gateway) = (
        endpoints::core_route_items(),
        endpoints::gateway_route_items(),
    );
    let (offered, loaded) = futures::try_join!(
        reader.read(&of_core, driver::routes),
        reader.read(&of_gateway, driver::routes),
    )?;
    let loaded: BTreeSet<_> = loaded.into_iter().map(|route| route.context).collect();
    let offered = offered.into_iter().map(|route| route.context);
    Ok(offered.filter(|name| !loaded.contains(name)).collect())
}
