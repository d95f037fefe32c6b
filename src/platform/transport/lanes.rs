//! How many reads are in flight at once, per instance and per portal.
//!
//! Writes have no lane: how many registers are in flight is the scheduler's to decide, and a register
//! that works for a minute must not keep reads waiting.

use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::platform::request::{ApiRequest, Replay, Via};

/// Reads in flight at core and gateway of one instance: an `observe` must never be a storm.
pub(in crate::platform) const READS_PER_INSTANCE: usize = 8;
/// Connections to one portal.
pub(in crate::platform) const CONNECTIONS_PER_PORTAL: usize = 4;

/// The lanes of one instance.
#[derive(Clone, Debug)]
pub(in crate::platform) struct Lanes {
    reads: Arc<Semaphore>,
    portals: Vec<Arc<Semaphore>>,
}

impl Lanes {
    /// Lanes for an instance with so many portals.
    pub(in crate::platform) fn new(portals: usize) -> Self {
        Self {
            reads: Arc::new(Semaphore::new(READS_PER_INSTANCE)),
            portals: (0..portals)
                .map(|_| Arc::new(Semaphore::new(CONNECTIONS_PER_PORTAL)))
                .collect(),
        }
    }

    /// Waits for a place, where the request needs one. It is given back when the permit is dropped.
    pub(in crate::platform) async fn enter(
        &self,
        request: &ApiRequest,
    ) -> Option<SemaphorePermit<'_>> {
        let lane = match request.via {
            Via::Portal(index) => self.portals.get(index)?,
            Via::Core | Via::Gateway if request.replay == Replay::Safe => &self.reads,
            Via::Core | Via::Gateway => return None,
        };
        // The semaphores are never closed.
        lane.acquire().await.ok()
    }
}
