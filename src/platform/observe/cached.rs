//! The same instance again and again, at less cost.

use super::parts::{
    Known, Listings, ObserveOptions, PackageDetails, candidates, inventory, not_decommissioned,
    prober, read_details,
};
use crate::domain::{Instance, Inventory, MenuItem, Package, PackageId, Reading};
use crate::platform::check_cache::{
    CheckCache, DeclarationKind, Declarations, MenuOwners, PackageCache, current_menus,
    instances_from_listing,
};
use crate::platform::connection::Reader;
use crate::platform::driver;
use crate::platform::endpoints;
use crate::platform::probe::Depth;
use crate::platform::reach::ReachabilityProber;
use crate::platform::wire::ListedPackage;

/// Reads one instance as [`super::observe`] does, but takes what packages declared and static files
/// that did not change from the cache of earlier looks, and what runs from the listings where these
/// settle it. What is not known that way is asked for. Bytes of files are read once and then again
/// if they may have changed, so that files have digests where portals tell tags.
///
/// Calls of core and gateway once the cache is filled: on v4.2 and later seven and one for the entry
/// whose turn it is; before that six, that one, and one for each active package (its instances). One
/// more where our token is not granted every menu, and one for each package whose menus that does not
/// settle either (another active package brings the same).
pub async fn observe_cached(
    reader: &Reader,
    options: ObserveOptions,
    cache: &mut CheckCache,
) -> Inventory {
    cache.begin_check(reader.generation(), reader.identity(), reader.unproven());
    let listings = Listings::read(reader).await;
    let parts = read_missing_details(reader, &listings, cache.packages()).await;
    let (prober, pages) = (prober(reader), listings.pages());
    let candidates = candidates(listings.packages(), &parts.instances);
    let reachability = ReachabilityProber::new(reader.transport(), &listings.gateway_routes);
    let files = async {
        if options.deep {
            prober
                .ask_all(pages.iter().map(|page| page.path), Depth::Bytes)
                .await
        } else {
            prober.ask_all_cached(&pages, cache.files()).await
        }
    };
    let (files, reach) = futures::join!(files, reachability.ask(&candidates));
    inventory(reader, listings, parts, files, reach)
}

/// Asks for what neither the listings nor the cache tell, and for the entry whose turn it is. Where an
/// answer belies the cache, nothing of it is believed, and all is asked.
async fn read_missing_details(
    reader: &Reader,
    listings: &Listings,
    (cache, check): (&mut PackageCache, u64),
) -> PackageDetails {
    let packages: Vec<&Package> = not_decommissioned(listings.packages())
        .map(|it| &it.package)
        .collect();
    // A listing that could not be read says nothing about what is there.
    if listings.packages.is_ok() {
        cache.retain(&packages);
    }
    let turn = cache.take_oldest(check);
    let parts = read_uncached(reader, listings, cache, turn.as_ref()).await;
    let mut contradicted = keep(cache, &packages, &parts, check);
    if let Some((id, before)) = turn {
        let now = cache.get(&id, before.kind());
        contradicted |= now.is_some_and(|now| !now.same_as(&before));
    }
    if !contradicted {
        return parts;
    }
    cache.clear();
    let parts = read_uncached(reader, listings, cache, None).await;
    keep(cache, &packages, &parts, check);
    parts
}

async fn read_uncached(
    reader: &Reader,
    listings: &Listings,
    cache: &PackageCache,
    turn: Option<&(PackageId, Declarations)>,
) -> PackageDetails {
    let packages = listings.packages();
    let owners = owners(cache, packages, turn);
    let mine = listings.my_menus.as_deref().unwrap_or_default();
    let settled = |shown: &[MenuItem]| {
        let mut kept =
            not_decommissioned(packages).filter_map(|it| Some((it, cached_menus(cache, it)?)));
        owners.as_ref().is_none_or(|owners| {
            kept.all(|(it, kept)| current_menus(&it.package, &kept, owners, shown).is_some())
        })
    };
    let all = if settled(mine) {
        None
    } else {
        let request = endpoints::all_menus();
        reader.read(&request, driver::menus).await.ok()
    };
    let shown = all.as_deref().unwrap_or(mine);
    read_details(reader, packages, |listed| {
        let dependencies = match cache.get(&listed.package.id, DeclarationKind::Dependencies) {
            Some(Declarations::Dependencies(dependencies)) => Some(dependencies),
            _ => None,
        };
        let menus = cached_menus(cache, listed)
            .and_then(|kept| current_menus(&listed.package, &kept, owners.as_ref()?, shown));
        Known {
            instances: known_instances(listed, listings),
            dependencies,
            menus,
        }
    })
    .await
}

fn cached_menus(cache: &PackageCache, listed: &ListedPackage) -> Option<Vec<MenuItem>> {
    match cache.get(&listed.package.id, DeclarationKind::Menus)? {
        Declarations::Menus(kept) => Some(kept),
        Declarations::Dependencies(_) => None,
    }
}

fn known_instances(listed: &ListedPackage, listings: &Listings) -> Option<Vec<Instance>> {
    let routes = listings.core_routes.as_ref().ok();
    let told =
        routes.and_then(|routes| instances_from_listing(listed, listings.packages(), routes));
    told.or_else(|| listed.has_no_instance().then(Vec::new))
}

/// Who brings which menu, the package counted too whose turn it is; none as long as that is not known of
/// every active package.
fn owners(
    cache: &PackageCache,
    packages: &[ListedPackage],
    turn: Option<&(PackageId, Declarations)>,
) -> Option<MenuOwners> {
    let mut owners = MenuOwners::default();
    for listed in not_decommissioned(packages).filter(|it| it.package.status.is_active()) {
        let id = &listed.package.id;
        let its_turn = turn
            .filter(|(of, declarations)| of == id && declarations.kind() == DeclarationKind::Menus);
        let kept = cache.get(id, DeclarationKind::Menus);
        match kept
            .as_ref()
            .or(its_turn.map(|(_, declarations)| declarations))?
        {
            Declarations::Menus(menus) => owners.count(menus),
            Declarations::Dependencies(_) => return None,
        }
    }
    Some(owners)
}

/// Keeps what is new, and says whether something is not as it was kept.
fn keep(
    cache: &mut PackageCache,
    packages: &[&Package],
    parts: &PackageDetails,
    check: u64,
) -> bool {
    let mut contradicted = false;
    for package in packages {
        let dependencies = parts.dependencies.get(&package.id).and_then(Reading::known);
        let menus = parts.menus.get(&package.id).and_then(Reading::known);
        let read = [
            dependencies.map(|all| Declarations::Dependencies(all.clone())),
            menus.map(|all| Declarations::Menus(all.clone())),
        ];
        for now in read.into_iter().flatten() {
            match cache.get(&package.id, now.kind()) {
                Some(before) => contradicted |= !now.same_as(&before),
                None => cache.store(package, &now, check),
            }
        }
    }
    contradicted
}
