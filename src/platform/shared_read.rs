//! One read for all who wait for the same thing, never an older one than they asked for.
//!
//! Sixty proofs that each want the listing of packages make a handful of listings: while one is being
//! read, all who come meanwhile share the next. A result serves only those who asked before it was
//! started, because what it shows may be older than what a later one has to see.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

/// Reads of one kind, one at a time.
#[derive(Debug, Default)]
pub(in crate::platform) struct SharedRead<T> {
    /// Reads started so far.
    started: AtomicU64,
    /// The last read's number and result. Held while a read is on its way.
    last: Mutex<Option<(u64, T)>>,
}

impl<T: Clone> SharedRead<T> {
    /// Nothing read yet.
    pub(in crate::platform) fn new() -> Self {
        Self {
            started: AtomicU64::new(0),
            last: Mutex::new(None),
        }
    }

    /// The result of a read that was started after this call: of another's where one serves, else of
    /// one of its own.
    pub(in crate::platform) async fn read<F: Future<Output = T>>(
        &self,
        read: impl FnOnce() -> F,
    ) -> T {
        let wanted = self.started.load(Ordering::SeqCst) + 1;
        let mut last = self.last.lock().await;
        if let Some((number, value)) = last.as_ref()
            && *number >= wanted
        {
            return value.clone();
        }
        let number = self.started.fetch_add(1, Ordering::SeqCst) + 1;
        let value = read().await;
        *last = Some((number, value.clone()));
        value
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use futures::future::{join, join_all};
    use tokio::time::{sleep, timeout};

    use super::SharedRead;

    /// Reads take 10 ms of virtual time and give the number of the read.
    async fn ask(shared_read: &SharedRead<u32>, reads: &Cell<u32>, after_ms: u64) -> u32 {
        sleep(Duration::from_millis(after_ms)).await;
        shared_read
            .read(|| async {
                let number = reads.get() + 1;
                reads.set(number);
                sleep(Duration::from_millis(10)).await;
                number
            })
            .await
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_during_a_read_waits_for_the_next_and_shares_it() {
        let (shared_read, reads) = (SharedRead::new(), Cell::new(0));
        let (first, others) = join(
            ask(&shared_read, &reads, 0),
            join_all((1..60).map(|_| ask(&shared_read, &reads, 5))),
        )
        .await;
        assert_eq!(first, 1);
        assert!(others.iter().all(|number| *number == 2), "{others:?}");
        assert_eq!(reads.get(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_finished_read_serves_nobody_who_comes_later() {
        let (shared_read, reads) = (SharedRead::new(), Cell::new(0));
        for number in 1..=3 {
            assert_eq!(ask(&shared_read, &reads, 0).await, number);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_goes_away_leaves_the_next_one_to_read() {
        let (shared_read, reads) = (SharedRead::new(), Cell::new(0));
        let (gone, stayed) = join(
            timeout(Duration::from_millis(5), ask(&shared_read, &reads, 0)),
            ask(&shared_read, &reads, 1),
        )
        .await;
        assert!(gone.is_err());
        assert_eq!((stayed, reads.get()), (2, 2));
    }
}
