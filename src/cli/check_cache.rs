//! What a check need not ask for again, kept in a file for each instance. Without it a check finds the
//! same and asks more.

use std::collections::BTreeMap;

use super::context::Context;
use super::job::Inventories;
use crate::domain::{Address, Side};
use crate::error::Failure as _;
use crate::i18n::Text;
use crate::journal::{StateDir, keep, kept};
use crate::platform::CheckCache;
use crate::settings::{Settings, SideSettings};

/// The name of the files.
const NAME: &str = "check";

/// What was kept of the sides that the settings know; empty caches where nothing was.
pub(super) fn load(state: &StateDir, settings: &Settings) -> BTreeMap<Side, CheckCache> {
    sides(settings)
        .map(|side| (side.identity.side, load_one(state, &side.identity.core)))
        .collect()
}

/// Keeps them. That one cannot be kept is said: the next check costs more.
pub(super) fn store(
    state: &StateDir,
    settings: &Settings,
    caches: &BTreeMap<Side, CheckCache>,
    context: &Context<'_>,
) {
    for side in sides(settings) {
        if let Some(cache) = caches.get(&side.identity.side) {
            save(state, &side.identity.core, cache, context);
        }
    }
}

/// Keeps what packages declared as a run saw it, so that the first check after it is as cheap as the next.
pub(super) fn store_declarations(state: &StateDir, seen: &Inventories, context: &Context<'_>) {
    for inventory in [&seen.new, &seen.old].into_iter().flatten() {
        let core = &inventory.identity.core;
        let mut cache = load_one(state, core);
        cache.learn(inventory);
        save(state, core, &cache, context);
    }
}

fn load_one(state: &StateDir, core: &Address) -> CheckCache {
    // What cannot be read is asked for again.
    let text = kept(state, NAME, core).ok().flatten();
    CheckCache::parse(&text.unwrap_or_default())
}

fn save(state: &StateDir, core: &Address, cache: &CheckCache, context: &Context<'_>) {
    if let Err(error) = keep(state, NAME, core, &cache.to_text()) {
        let text = Text::new("monitor-not-kept").nested("cause", error.message());
        context.ui.notice(&text);
    }
}

fn sides(settings: &Settings) -> impl Iterator<Item = &SideSettings> {
    [settings.new.as_ref(), settings.old.as_ref()]
        .into_iter()
        .flatten()
}
