//! The same instance again and again, at less cost.

use super::super::connection::Reader;
use super::super::driver;
use super::super::endpoints;
use super::super::memory::{
    Contents, Memory, PackageMemory, Rivals, What, instances_told, menus_now,
};
use super::super::probe::Depth;
use super::super::reach::Reacher;
use super::super::wire::ListedPackage;
use super::{Known, Listings, ObserveOptions, Parts, alive, ask, candidates, inventory, prober};
use crate::domain::{Instance, Inventory, MenuItem, Package, PackageId, Reading};

/// Reads one instance as [`super::observe`] does, but takes what packages declared and static files
/// that did not change from the memory of earlier looks, and what runs from the listings where these
/// settle it. What is not known that way is asked for. Bytes of files are read once and then again
/// where they may have changed, so that files have digests where portals tell tags.
///
/// Calls of core and gateway once the memory is filled: on v4.2 and later seven and one for the entry
/// whose turn it is; before that six, that one, and one for each active package (its instances). One
/// more where our token is not granted every menu, and one for each package whose menus that does not
/// settle either (another active package brings the same).
pub async fn observe_again(
    reader: &Reader,
    options: ObserveOptions,
    memory: &mut Memory,
) -> Inventory {
    memory.begin_look(reader.generation());
    let listings = Listings::read(reader).await;
    let parts = ask_for_the_rest(reader, &listings, memory.packages()).await;
    let (prober, pages) = (prober(reader), listings.pages());
    let candidates = candidates(listings.packages(), &parts.instances);
    let reacher = Reacher::new(reader.transport(), &listings.gateway_routes);
    let files = async {
        if options.deep {
            prober
                .ask(pages.iter().map(|page| page.path), Depth::Bytes)
                .await
        } else {
            prober.ask_again(&pages, memory.files()).await
        }
    };
    let (files, reach) = futures::join!(files, reacher.ask(&candidates));
    inventory(reader, listings, parts, files, reach)
}

/// Asks for what neither the listings nor the memory tell, and for the entry whose turn it is. Where an
/// answer belies the memory, nothing of it is believed, and all is asked.
async fn ask_for_the_rest(
    reader: &Reader,
    listings: &Listings,
    (memory, look): (&mut PackageMemory, u64),
) -> Parts {
    let packages: Vec<&Package> = alive(listings.packages()).map(|it| &it.package).collect();
    // A listing that could not be read says nothing about what is there.
    if listings.packages.is_ok() {
        memory.retain(&packages);
    }
    let turn = memory.take_oldest(look);
    let parts = ask_unless_kept(reader, listings, memory, turn.as_ref()).await;
    let mut belied = keep(memory, &packages, &parts, look);
    if let Some((id, before)) = turn {
        let now = memory.get(&id, before.what());
        belied |= now.is_some_and(|now| !now.declares_as(&before));
    }
    if !belied {
        return parts;
    }
    memory.clear();
    let parts = ask_unless_kept(reader, listings, memory, None).await;
    keep(memory, &packages, &parts, look);
    parts
}

async fn ask_unless_kept(
    reader: &Reader,
    listings: &Listings,
    memory: &PackageMemory,
    turn: Option<&(PackageId, Contents)>,
) -> Parts {
    let packages = listings.packages();
    let rivals = rivals(memory, packages, turn);
    let mine = listings.my_menus.as_deref().unwrap_or_default();
    let settled = |shown: &[MenuItem]| {
        let mut kept = alive(packages).filter_map(|it| Some((it, kept_menus(memory, it)?)));
        rivals.as_ref().is_none_or(|rivals| {
            kept.all(|(it, kept)| menus_now(&it.package, &kept, rivals, shown).is_some())
        })
    };
    let all = if settled(mine) {
        None
    } else {
        let request = endpoints::all_menus();
        reader.read(&request, driver::menus).await.ok()
    };
    let shown = all.as_deref().unwrap_or(mine);
    ask(reader, packages, |listed| {
        let dependencies = match memory.get(&listed.package.id, What::Dependencies) {
            Some(Contents::Dependencies(dependencies)) => Some(dependencies),
            _ => None,
        };
        let menus = kept_menus(memory, listed)
            .and_then(|kept| menus_now(&listed.package, &kept, rivals.as_ref()?, shown));
        Known {
            instances: running_told(listed, listings),
            dependencies,
            menus,
        }
    })
    .await
}

fn kept_menus(memory: &PackageMemory, listed: &ListedPackage) -> Option<Vec<MenuItem>> {
    match memory.get(&listed.package.id, What::Menus)? {
        Contents::Menus(kept) => Some(kept),
        Contents::Dependencies(_) => None,
    }
}

fn running_told(listed: &ListedPackage, listings: &Listings) -> Option<Vec<Instance>> {
    let routes = listings.core_routes.as_ref().ok();
    let told = routes.and_then(|routes| instances_told(listed, listings.packages(), routes));
    told.or_else(|| listed.has_no_instance().then(Vec::new))
}

/// Who brings which menu, the package counted too whose turn it is; none as long as that is not known of
/// every active package.
fn rivals(
    memory: &PackageMemory,
    packages: &[ListedPackage],
    turn: Option<&(PackageId, Contents)>,
) -> Option<Rivals> {
    let mut rivals = Rivals::default();
    for listed in alive(packages).filter(|it| it.package.status.is_active()) {
        let id = &listed.package.id;
        let its_turn = turn.filter(|(of, contents)| of == id && contents.what() == What::Menus);
        let kept = memory.get(id, What::Menus);
        match kept.as_ref().or(its_turn.map(|(_, contents)| contents))? {
            Contents::Menus(menus) => rivals.count(menus),
            Contents::Dependencies(_) => return None,
        }
    }
    Some(rivals)
}

/// Keeps what is new, and says whether something is not as it was kept.
fn keep(memory: &mut PackageMemory, packages: &[&Package], parts: &Parts, look: u64) -> bool {
    let mut belied = false;
    for package in packages {
        let dependencies = parts.dependencies.get(&package.id).and_then(Reading::known);
        let menus = parts.menus.get(&package.id).and_then(Reading::known);
        let read = [
            dependencies.map(|all| Contents::Dependencies(all.clone())),
            menus.map(|all| Contents::Menus(all.clone())),
        ];
        for now in read.into_iter().flatten() {
            match memory.get(&package.id, now.what()) {
                Some(before) => belied |= !now.declares_as(&before),
                None => memory.keep(package, &now, look),
            }
        }
    }
    belied
}
