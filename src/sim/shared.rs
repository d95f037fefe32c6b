//! What all listeners share: the state of the world, the ledger, the static hosts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::host::StaticHost;
use super::ledger::Ledger;
use super::state::WorldState;
use super::wire::SideName;
use super::world::World;

/// Handle to what all listeners share; clones are cheap.
#[derive(Debug, Clone)]
pub(super) struct Shared(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<WorldState>,
    ledger: Mutex<Ledger>,
    hosts: [Vec<StaticHost>; 2],
    foreign: Mutex<String>,
    started: Instant,
    stopped: AtomicBool,
}

impl Shared {
    /// A world's state with its ledger and static hosts, without a listener.
    pub(super) fn new(world: &World, state: WorldState) -> Self {
        let timing = &world.timing;
        let hosts = |portals: usize, salt: u64| {
            (0..portals as u64)
                .map(|number| {
                    let seed = world.random_seed.wrapping_mul(31) ^ (salt + number);
                    StaticHost::new(timing.host_capacity, timing.ssh_limit, seed)
                })
                .collect()
        };
        let old = world.old.as_ref().map_or(0, |side| side.portals);
        Self(Arc::new(Inner {
            state: Mutex::new(state),
            ledger: Mutex::new(Ledger::default()),
            hosts: [hosts(world.new.portals, 17), hosts(old, 1017)],
            foreign: Mutex::new(String::new()),
            started: Instant::now(),
            stopped: AtomicBool::new(false),
        }))
    }

    /// The world; not to be held across an await.
    pub(super) fn state(&self) -> MutexGuard<'_, WorldState> {
        lock(&self.0.state)
    }

    /// The ledger; not to be held across an await.
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.0.ledger)
    }

    /// The static hosts of a side, one per portal.
    pub(super) fn hosts(&self, side: SideName) -> &[StaticHost] {
        match side {
            SideName::New => &self.0.hosts[0],
            SideName::Old => &self.0.hosts[1],
        }
    }

    /// Time since the start.
    pub(super) fn since_start(&self) -> Duration {
        self.0.started.elapsed()
    }

    /// Whether it was stopped.
    pub(super) fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Relaxed)
    }

    /// Where the redirect fault points.
    pub(super) fn foreign(&self) -> String {
        lock(&self.0.foreign).clone()
    }

    /// Sets where the redirect fault points.
    pub(super) fn set_foreign(&self, url: String) {
        *lock(&self.0.foreign) = url;
    }

    /// Closes every connection from now on.
    pub(super) fn stop(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
