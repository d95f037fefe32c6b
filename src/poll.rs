//! The one wait loop: read again, with growing waits, until something shows or time is up. And which
//! reading serves whoever asks.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// The waits between readings, and how long it has been since the first.
#[derive(Clone, Copy, Debug)]
pub struct Poll {
    begun: Instant,
    next: Duration,
    longest: Duration,
}

impl Poll {
    /// Begins now. The first wait is `first`; each is twice the one before, up to `longest`.
    pub fn new(first: Duration, longest: Duration) -> Self {
        Self {
            begun: Instant::now(),
            next: first,
            longest,
        }
    }

    /// Begins now; every wait is the same.
    pub fn every(wait: Duration) -> Self {
        Self::new(wait, wait)
    }

    /// How long it has been since the first reading.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Whether so long has passed.
    pub fn is_over(&self, within: Duration) -> bool {
        self.elapsed() >= within
    }

    /// Waits for the next reading, but not past `within`; `false` if that has passed.
    pub async fn again(&mut self, within: Duration) -> bool {
        let left = within.saturating_sub(self.elapsed());
        if left.is_zero() {
            return false;
        }
        sleep(self.next.min(left)).await;
        self.next = (self.next * 2).min(self.longest);
        true
    }
}

/// Which reading serves a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The reading began no earlier: what happened before is in it.
    pub since: Instant,
    /// When it begins at the latest: the later, the more can share it.
    pub by: Instant,
}

impl Demand {
    /// What is so now, at once.
    pub fn now() -> Self {
        Self::within(Duration::ZERO)
    }

    /// What was so at most that long ago, at once.
    pub fn within(age: Duration) -> Self {
        let now = Instant::now();
        Self {
            since: now.checked_sub(age).unwrap_or(now),
            by: now,
        }
    }

    /// What is so now or later, within `wait`.
    pub fn soon(wait: Duration) -> Self {
        let now = Instant::now();
        Self {
            since: now,
            by: now + wait,
        }
    }
}

/// What a reading showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<T> {
    /// When it began.
    pub begun: Instant,
    /// What it showed.
    pub value: T,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waits_double_up_to_longest_and_end_at_the_limit() {
        let secs = Duration::from_secs;
        let begun = Instant::now();
        let mut poll = Poll::new(secs(1), secs(3));
        let mut at = Vec::new();
        while poll.again(secs(8)).await {
            at.push(begun.elapsed().as_secs());
        }
        assert_eq!(at, [1, 3, 6, 8]);
    }
}
