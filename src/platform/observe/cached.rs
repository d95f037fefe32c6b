//! The same instance again and again, at less cost.

use super::parts::{
    Known, Listings, ObserveOptions, PackageDetails, candidates, inventory, my_menus,
    not_decommissioned, prober, read_details,
};
use crate::domain::{Instance, Inventory, MenuItem, Package, PackageId, ReadFailure, Reading};
use crate::platform::check_cache::{
    CheckCache, DeclarationKind, Declarations, MenuOwners, PackageCache, are_still_running,
    current_menus, instances_from_listing,
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
/// Calls of core and gateway once the cache is filled, beside version and health: six and one for the
/// entry whose turn it is, or `all-menus` and in turns own menus or the entry where our token is not
/// granted every menu. One more for each package whose menus that does not settle (another active package
/// brings the same), and one for each plugin whose routes changed.
pub async fn observe_cached(
    reader: &Reader,
    options: ObserveOptions,
    cache: &mut CheckCache,
) -> Inventory {
    cache.begin_check(reader.generation(), reader.identity(), reader.unproven());
    let kept = cache.my_menus().filter(|_| cache.spares_my_menus());
    let (mine, all) = match kept {
        Some(kept) => menus_by_all(reader, kept).await,
        None => (None, None),
    };
    let is_spared = mine.is_some();
    let mine = async {
        match mine {
            Some(mine) => Ok(mine),
            None => my_menus(reader).await,
        }
    };
    let listings = Listings::read_with(reader, reader.present_packages(), mine).await;
    let settled = all.is_some() || is_settled(&listings, cache.packages().0);
    let all = if settled {
        all
    } else {
        all_menus(reader).await.ok()
    };
    let mine = listings.my_menus.as_deref().ok();
    cache.keep_my_menus(mine.filter(|_| all.is_some()));
    let menus = Menus {
        all,
        // Own menus and all menus in one check are enough.
        has_turn: is_spared || settled,
    };
    let parts = read_missing_details(reader, &listings, &menus, cache.packages()).await;
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

/// What the listings of menus tell.
struct Menus {
    /// `all-menus`, if it was asked.
    all: Option<Vec<MenuItem>>,
    /// Whether an entry of the cache is asked for again.
    has_turn: bool,
}

/// Own menus as they were seen in an earlier check, as active as `all-menus` says now; neither if that
/// could not be read.
async fn menus_by_all(
    reader: &Reader,
    mut kept: Vec<MenuItem>,
) -> (Option<Vec<MenuItem>>, Option<Vec<MenuItem>>) {
    let Ok(all) = all_menus(reader).await else {
        return (None, None);
    };
    kept.retain_mut(|menu| match all.iter().find(|now| now.code == menu.code) {
        Some(now) => {
            menu.active = now.active;
            true
        }
        None => false,
    });
    (Some(kept), Some(all))
}

async fn all_menus(reader: &Reader) -> Result<Vec<MenuItem>, ReadFailure> {
    reader.read(&endpoints::all_menus(), driver::menus).await
}

/// Asks for what neither the listings nor the cache tell, and for the entry whose turn it is. Where an
/// answer belies the cache, nothing of it is believed, and all is asked.
async fn read_missing_details(
    reader: &Reader,
    listings: &Listings,
    menus: &Menus,
    (cache, check): (&mut PackageCache, u64),
) -> PackageDetails {
    let packages: Vec<&ListedPackage> = not_decommissioned(listings.packages()).collect();
    // A listing that could not be read says nothing about what is there.
    if listings.packages.is_ok() {
        let packages: Vec<&Package> = packages.iter().map(|it| &it.package).collect();
        cache.retain(&packages);
    }
    let turn = if menus.has_turn {
        cache.take_oldest(check)
    } else {
        None
    };
    let parts = read_uncached(reader, listings, menus, cache, turn.as_ref()).await;
    let mut contradicted = keep(cache, &packages, &parts, check);
    if let Some((id, before)) = turn {
        let now = cache.get(&id, before.kind());
        contradicted |= now.is_some_and(|now| !now.same_as(&before));
    }
    if !contradicted {
        return parts;
    }
    cache.clear();
    let parts = read_uncached(reader, listings, menus, cache, None).await;
    keep(cache, &packages, &parts, check);
    parts
}

async fn read_uncached(
    reader: &Reader,
    listings: &Listings,
    menus: &Menus,
    cache: &PackageCache,
    turn: Option<&(PackageId, Declarations)>,
) -> PackageDetails {
    let packages = listings.packages();
    let owners = owners(cache, packages, turn);
    let mine = listings.my_menus.as_deref().unwrap_or_default();
    let shown = menus.all.as_deref().unwrap_or(mine);
    read_details(reader, packages, |listed| {
        let dependencies = match cache.get(&listed.package.id, DeclarationKind::Dependencies) {
            Some(Declarations::Dependencies(dependencies)) => Some(dependencies),
            _ => None,
        };
        let menus = cached_menus(cache, listed)
            .and_then(|kept| current_menus(&listed.package, &kept, owners.as_ref()?, shown));
        Known {
            instances: known_instances(listed, listings, cache),
            dependencies,
            menus,
        }
    })
    .await
}

/// Whether own menus tell of each kept menu if it is active.
fn is_settled(listings: &Listings, cache: &PackageCache) -> bool {
    let packages = listings.packages();
    let mine = listings.my_menus.as_deref().unwrap_or_default();
    let Some(owners) = owners(cache, packages, None) else {
        return true;
    };
    let mut kept =
        not_decommissioned(packages).filter_map(|it| Some((it, cached_menus(cache, it)?)));
    kept.all(|(it, kept)| current_menus(&it.package, &kept, &owners, mine).is_some())
}

fn cached_menus(cache: &PackageCache, listed: &ListedPackage) -> Option<Vec<MenuItem>> {
    match cache.get(&listed.package.id, DeclarationKind::Menus)? {
        Declarations::Menus(kept) => Some(kept),
        Declarations::Dependencies(_) | Declarations::Instances(_) => None,
    }
}

fn known_instances(
    listed: &ListedPackage,
    listings: &Listings,
    cache: &PackageCache,
) -> Option<Vec<Instance>> {
    let routes = listings.core_routes.as_ref().ok();
    let told =
        routes.and_then(|routes| instances_from_listing(listed, listings.packages(), routes));
    told.or_else(|| listed.has_no_instance().then(Vec::new))
        .or_else(|| kept_instances(&listed.package, listings, cache))
}

/// Instances as they were read in an earlier check, if every one of the plugin still runs.
fn kept_instances(
    package: &Package,
    listings: &Listings,
    cache: &PackageCache,
) -> Option<Vec<Instance>> {
    let kept = |id: &PackageId| match cache.get(id, DeclarationKind::Instances)? {
        Declarations::Instances(kept) => Some(kept),
        Declarations::Dependencies(_) | Declarations::Menus(_) => None,
    };
    let mut of_plugin = Vec::new();
    for other in not_decommissioned(listings.packages()).map(|it| &it.package) {
        if other.name == package.name {
            of_plugin.extend(kept(&other.id)?);
        }
    }
    let routes = listings.core_routes.as_ref().ok()?;
    let holds = are_still_running(&package.name, &of_plugin, routes);
    kept(&package.id).filter(|_| holds)
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
            Declarations::Dependencies(_) | Declarations::Instances(_) => return None,
        }
    }
    Some(owners)
}

/// Keeps what is new, and says whether something is not as it was kept.
fn keep(
    cache: &mut PackageCache,
    packages: &[&ListedPackage],
    parts: &PackageDetails,
    check: u64,
) -> bool {
    let mut contradicted = false;
    for listed in packages {
        let package = &listed.package;
        let dependencies = parts.dependencies.get(&package.id).and_then(Reading::known);
        let menus = parts.menus.get(&package.id).and_then(Reading::known);
        let instances = parts.instances.get(&package.id).and_then(Reading::known);
        // Where the list names them nothing is kept.
        let instances = instances.filter(|_| listed.instance_rows.is_none());
        let read = [
            dependencies.map(|all| Declarations::Dependencies(all.clone())),
            menus.map(|all| Declarations::Menus(all.clone())),
            instances.map(|all| Declarations::Instances(all.clone())),
        ];
        for now in read.into_iter().flatten() {
            match cache.get(&package.id, now.kind()) {
                Some(before) if now.same_as(&before) => {}
                // A launch is no contradiction.
                Some(_) if now.kind() != DeclarationKind::Instances => contradicted = true,
                _ => cache.store(package, &now, check),
            }
        }
    }
    contradicted
}
