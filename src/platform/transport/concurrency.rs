//! How many reads are in flight at once, per instance and per portal.
//!
//! Writes have no limit: how many registers are in flight is the scheduler's to decide, and a registration
//! that works for a minute must not keep reads waiting.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

use crate::platform::request::{ApiRequest, Replay, Via};

/// Reads in flight at core and gateway of one instance: an `observe` must never be a storm.
pub(in crate::platform) const READS_PER_INSTANCE: usize = 8;
/// Connections to one portal.
pub(in crate::platform) const CONNECTIONS_PER_PORTAL: usize = 4;
/// How long a place at a portal stays taken after its answer. The client's pool has the connection back a
/// moment after the answer was read; a request that came sooner would open another one.
const BACK_IN_POOL: Duration = Duration::from_millis(1);

/// The concurrency of one instance.
#[derive(Clone, Debug)]
pub(in crate::platform) struct ConcurrencyLimits {
    reads: Arc<Semaphore>,
    portals: Vec<Arc<Semaphore>>,
}

impl ConcurrencyLimits {
    /// The limits of an instance with so many portals.
    pub(in crate::platform) fn new(portals: usize) -> Self {
        Self {
            reads: Arc::new(Semaphore::new(READS_PER_INSTANCE)),
            portals: (0..portals)
                .map(|_| Arc::new(Semaphore::new(CONNECTIONS_PER_PORTAL)))
                .collect(),
        }
    }

    /// Waits for a place, if the request needs one. It is given back when what this gives is dropped.
    pub(in crate::platform) async fn acquire(&self, request: &ApiRequest) -> Option<Permit> {
        let (limit, is_portal) = match request.via {
            Via::Portal(index) => (self.portals.get(index)?, true),
            Via::Core | Via::Gateway if request.replay == Replay::Safe => (&self.reads, false),
            Via::Core | Via::Gateway => return None,
        };
        // The semaphores are never closed.
        let permit = Arc::clone(limit).acquire_owned().await.ok();
        Some(Permit { permit, is_portal })
    }
}

/// A place in a limit.
#[derive(Debug)]
pub(in crate::platform) struct Permit {
    permit: Option<OwnedSemaphorePermit>,
    is_portal: bool,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let permit = self.permit.take();
        if self.is_portal
            && let Ok(runtime) = Handle::try_current()
        {
            drop(runtime.spawn(async move {
                sleep(BACK_IN_POOL).await;
                drop(permit);
            }));
        }
    }
}
