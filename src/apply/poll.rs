//! Reading again with growing waits until something is seen or time is up.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::options::ProofTimings;

/// The waits between readings, and how long it has been.
#[derive(Clone, Copy, Debug)]
pub(super) struct Poll {
    begun: Instant,
    next: Duration,
    longest: Duration,
}

impl Poll {
    /// Begins now.
    pub(super) fn new(timings: &ProofTimings) -> Self {
        Self {
            begun: Instant::now(),
            next: timings.poll_first,
            longest: timings.poll_longest,
        }
    }

    /// Whether so long has passed.
    pub(super) fn is_over(&self, within: Duration) -> bool {
        self.begun.elapsed() >= within
    }

    /// Waits for the next reading, but not past `within`; false where that has passed.
    pub(super) async fn again(&mut self, within: Duration) -> bool {
        let left = within.saturating_sub(self.begun.elapsed());
        if left.is_zero() {
            return false;
        }
        sleep(self.next.min(left)).await;
        self.next = (self.next * 2).min(self.longest);
        true
    }
}
