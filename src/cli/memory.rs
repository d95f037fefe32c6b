//! What a check need not ask for again, kept in a file for each instance. Without it a check finds the
//! same and asks more.

use std::collections::BTreeMap;

use super::context::Context;
use super::job::Seen;
use crate::domain::{Address, Side};
use crate::i18n::Text;
use crate::journal::{StateDir, keep, kept};
use crate::platform::Memory;
use crate::settings::{Settings, SideSettings};

/// The name of the files.
const NAME: &str = "check";

/// What was kept of the sides that the settings know; empty memories where nothing was.
pub(super) fn read(state: &StateDir, settings: &Settings) -> BTreeMap<Side, Memory> {
    sides(settings)
        .map(|side| (side.identity.side, of(state, &side.identity.core)))
        .collect()
}

/// Keeps them. That one cannot be kept is said: the next check costs more.
pub(super) fn write(
    state: &StateDir,
    settings: &Settings,
    memories: &BTreeMap<Side, Memory>,
    context: &Context<'_>,
) {
    for side in sides(settings) {
        if let Some(memory) = memories.get(&side.identity.side) {
            put(state, &side.identity.core, memory, context);
        }
    }
}

/// Keeps what packages declared as a run saw it, so that the first check after it is as cheap as the next.
pub(super) fn learn(state: &StateDir, seen: &Seen, context: &Context<'_>) {
    for inventory in [&seen.new, &seen.old].into_iter().flatten() {
        let core = &inventory.identity.core;
        let mut memory = of(state, core);
        memory.learn(inventory);
        put(state, core, &memory, context);
    }
}

fn of(state: &StateDir, core: &Address) -> Memory {
    Memory::parse(&kept(state, NAME, core).unwrap_or_default())
}

fn put(state: &StateDir, core: &Address, memory: &Memory, context: &Context<'_>) {
    if let Err(error) = keep(state, NAME, core, &memory.to_text()) {
        let text = Text::new("monitor-not-kept").nested("cause", error.text());
        context.ui.say(&text);
    }
}

fn sides(settings: &Settings) -> impl Iterator<Item = &SideSettings> {
    [settings.new.as_ref(), settings.old.as_ref()]
        .into_iter()
        .flatten()
}
