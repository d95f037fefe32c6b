//! One reading for all who ask for the same thing, never an older one than they can use.
//!
//! Sixty proofs that each want the listing of packages make a handful of listings: a reading serves all
//! who asked before it began, because what it shows may be older than what a later one has to see. It
//! begins when the first of them can wait no longer.

use std::future::Future;

use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, sleep_until};

use crate::domain::ReadFailure;
use crate::poll::{Dated, Demand};

/// Readings of one kind, one at a time.
#[derive(Debug)]
pub(in crate::platform) struct SharedRead<T> {
    /// When the last reading began that has been answered.
    answered: watch::Sender<Option<Instant>>,
    /// The last reading that was answered. Held while one is on its way.
    last: Mutex<Option<Dated<Result<T, ReadFailure>>>>,
}

impl<T: Clone> SharedRead<T> {
    /// Nothing read yet.
    pub(in crate::platform) fn new() -> Self {
        Self {
            answered: watch::Sender::new(None),
            last: Mutex::new(None),
        }
    }

    /// The result of a reading that meets the demand: of another's if one does, else of one of its own.
    pub(in crate::platform) async fn read<F: Future<Output = Result<T, ReadFailure>>>(
        &self,
        demand: Demand,
        read: impl FnOnce() -> F,
    ) -> Result<Dated<T>, ReadFailure> {
        let asked = Instant::now();
        if demand.by > asked {
            self.wait_for_others(demand).await;
        }
        let mut last = self.last.lock().await;
        let serves = |known: &&Dated<Result<T, ReadFailure>>| {
            // A failure from before the question is no answer to it.
            known.begun >= demand.since && (known.value.is_ok() || known.begun >= asked)
        };
        let reading = if let Some(known) = last.as_ref().filter(serves) {
            known.clone()
        } else {
            let begun = Instant::now();
            let value = read().await;
            self.answered.send_replace(Some(begun));
            last.insert(Dated { begun, value }).clone()
        };
        let Dated { begun, value } = reading;
        value.map(|value| Dated { begun, value })
    }

    /// Until another one's reading serves, or it is time for one of its own.
    async fn wait_for_others(&self, demand: Demand) {
        let mut answered = self.answered.subscribe();
        let serves = |begun: &Option<Instant>| begun.is_some_and(|begun| begun >= demand.since);
        tokio::select! {
            () = sleep_until(demand.by) => {}
            _ = answered.wait_for(serves) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use futures::future::{join, join_all};
    use tokio::time::{sleep, timeout};

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    struct Bench {
        shared: SharedRead<u32>,
        reads: Cell<u32>,
        fails: bool,
    }

    impl Bench {
        fn new() -> Self {
            Self {
                shared: SharedRead::new(),
                reads: Cell::new(0),
                fails: false,
            }
        }

        /// Readings take 10 ms of virtual time and give their number.
        async fn ask(&self, after: Duration, demand: fn() -> Demand) -> Result<u32, ReadFailure> {
            sleep(after).await;
            let read = || async {
                self.reads.set(self.reads.get() + 1);
                let number = self.reads.get();
                sleep(10 * MS).await;
                if self.fails {
                    Err(ReadFailure {
                        kind: crate::domain::FailureKind::NoAnswer,
                        operation: "test",
                        target: String::new(),
                        cause: crate::domain::FailureCause::Unspecified,
                    })
                } else {
                    Ok(number)
                }
            };
            let read = self.shared.read(demand(), read).await;
            read.map(|read| read.value)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_during_a_reading_waits_for_the_next_and_shares_it() {
        let bench = Bench::new();
        let others = join_all((1..60).map(|_| bench.ask(5 * MS, Demand::now)));
        let (first, others) = join(bench.ask(Duration::ZERO, Demand::now), others).await;
        assert_eq!(first, Ok(1));
        assert!(others.iter().all(|number| *number == Ok(2)), "{others:?}");
        assert_eq!(bench.reads.get(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_finished_reading_serves_only_who_can_use_an_older_one() {
        let bench = Bench::new();
        for number in 1..=3 {
            assert_eq!(bench.ask(Duration::ZERO, Demand::now).await, Ok(number));
        }
        let kept = || Demand::within(50 * MS);
        assert_eq!(bench.ask(40 * MS, kept).await, Ok(3));
        assert_eq!(bench.ask(1 * MS, kept).await, Ok(4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_shared_and_not_kept() {
        let bench = Bench {
            fails: true,
            ..Bench::new()
        };
        let both = join(
            bench.ask(Duration::ZERO, Demand::now),
            bench.ask(Duration::ZERO, Demand::now),
        )
        .await;
        assert!(both.0.is_err() && both.1.is_err());
        assert_eq!(bench.reads.get(), 1);
        assert!(
            bench
                .ask(Duration::ZERO, || Demand::within(50 * MS))
                .await
                .is_err()
        );
        assert_eq!(bench.reads.get(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn who_can_wait_shares_a_reading_with_all_who_ask_until_then() {
        let bench = Bench::new();
        let begun = Instant::now();
        let soon = || Demand::soon(1000 * MS);
        let patient = join_all((0..300).map(|n| bench.ask(n * 10 * MS, soon)));
        let numbers = patient.await;
        // At 1.00, 2.01 and 3.02 seconds.
        assert_eq!(begun.elapsed(), 3030 * MS);
        assert_eq!(bench.reads.get(), 3);
        assert_eq!(numbers[..=100], vec![Ok(1); 101]);
        assert_eq!(numbers[101], Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_reading_that_somebody_waits_for_serves_who_is_in_no_hurry() {
        let bench = Bench::new();
        bench.ask(Duration::ZERO, Demand::now).await.unwrap();
        let begun = Instant::now();
        let soon = || Demand::soon(1000 * MS);
        let patient = join_all((0..9).map(|_| bench.ask(100 * MS, soon)));
        let (patient, urgent) = join(patient, bench.ask(200 * MS, Demand::now)).await;
        assert_eq!((urgent, patient), (Ok(2), vec![Ok(2); 9]));
        assert_eq!(begun.elapsed(), 210 * MS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_goes_away_leaves_the_next_one_to_read() {
        for demand in [Demand::now, || Demand::soon(50 * MS)] {
            let bench = Bench::new();
            let (gone, stayed) = join(
                timeout(5 * MS, bench.ask(Duration::ZERO, Demand::now)),
                bench.ask(1 * MS, demand),
            )
            .await;
            assert!(gone.is_err());
            assert_eq!((stayed, bench.reads.get()), (Ok(2), 2));
        }
    }
}
