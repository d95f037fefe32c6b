//! A static resource host: an sshd with stock `MaxStartups 10:30:100` in front of a machine that
//! does about three registers' work at once.
//!
//! Two mechanisms make the measured table (`docs/platform/concurrency.md#measured-rates`; tests in `copying`):
//! * *Processor sharing.* Everything in work shares the machine; alone, one piece goes at full
//!   speed, and no piece ever goes faster than that.
//! * *`MaxStartups`.* While ten connections are being opened (not yet authenticated), each further
//!   one is dropped with a probability of 30 %, rising to 100 % at a hundred. The drops are spread
//!   evenly over the draws (a golden-ratio sequence from a seeded start), so that one run is like
//!   the mean of many: with independent draws one run in five strays by more than a fifth.
//!
//! A registration opens three connections one after another: make the directory, copy, unzip.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

/// sshd's `rate` in `MaxStartups start:rate:full`, in percent.
const DROP_RATE: f64 = 30.0;
/// sshd's `full`.
const FULL: f64 = 100.0;
/// Successive multiples of it, modulo one, are spread as evenly as can be.
const GOLDEN: f64 = 0.618_033_988_749_894_9;
/// Step durations vary by this share to both sides.
const JITTER: f64 = 0.1;

/// How one generation's register uses the host, as shares of v4's service time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Usage {
    /// Mean waiting before the first connection: looking at rows, fetching from S3. It is spread
    /// from nothing to twice as much, so that registers that began together drift apart.
    pub prelude_wait: f64,
    /// Work of opening one connection, while it counts as a startup.
    pub handshake_work: f64,
    /// Waiting while one is opened.
    pub handshake_wait: f64,
    /// Work of the command behind it.
    pub command_work: f64,
    /// Waiting around the command.
    pub command_wait: f64,
    /// Work lost on a connection that is dropped.
    pub drop_work: f64,
}

impl Usage {
    /// v4 starts `sshpass` and `ssh` for each step: all of it is work. The shares add up to one.
    pub(super) const V4: Self = Self {
        prelude_wait: 0.0,
        handshake_work: 0.6 / 3.0,
        handshake_wait: 0.0,
        command_work: 0.4 / 3.0,
        command_wait: 0.0,
        drop_work: 0.15,
    };
    /// v3 has its client inside: a quarter of the work, the rest of its time is waiting.
    pub(super) const V3: Self = Self {
        prelude_wait: 0.08,
        handshake_work: 0.196 / 3.0,
        handshake_wait: 0.166 / 3.0,
        command_work: 0.084 / 3.0,
        command_wait: 0.089 / 3.0,
        drop_work: 0.01,
    };
}

/// The step of a registration at which it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Making the directory (v3: removing it first).
    Directory,
    /// Copying `ui.zip`.
    Copy,
    /// Unzipping it.
    Unzip,
}

/// One static host.
#[derive(Debug)]
pub(super) struct StaticHost {
    shared: Mutex<Sharing>,
    changed: Notify,
    limit: u32,
}

/// Processor sharing by virtual time: `virtual_ms` is what a piece that was there from the start
/// would have got.
#[derive(Debug)]
struct Sharing {
    capacity: f64,
    virtual_ms: f64,
    updated: Instant,
    pieces: usize,
    startups: u32,
    /// Last draw for a drop, in 0..1.
    draw: f64,
    random: fastrand::Rng,
}

impl Sharing {
    /// Share of full speed that each piece gets.
    fn speed(&self) -> f64 {
        if self.pieces == 0 {
            return 1.0;
        }
        (self.capacity / to_f64(self.pieces)).min(1.0)
    }

    fn advance(&mut self) {
        let now = Instant::now();
        let elapsed = now.duration_since(self.updated).as_secs_f64() * 1000.0;
        self.virtual_ms += elapsed * self.speed();
        self.updated = now;
    }
}

impl StaticHost {
    /// A host of that capacity, whose sshd begins to drop at `limit` connections being opened.
    pub(super) fn new(capacity: f64, limit: u32, random_seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(random_seed);
        Self {
            shared: Mutex::new(Sharing {
                capacity: capacity.max(0.01),
                virtual_ms: 0.0,
                updated: Instant::now(),
                pieces: 0,
                startups: 0,
                draw: random.f64(),
                random,
            }),
            changed: Notify::new(),
            limit,
        }
    }

    /// What a registration does before it opens its first connection.
    pub(super) async fn prelude(&self, usage: Usage, service_ms: f64) {
        let share = 2.0 * self.lock().random.f64();
        wait(usage.prelude_wait * service_ms * share).await;
    }

    /// One step of a registration: opens a connection and carries out its command.
    pub(super) async fn step(&self, usage: Usage, service_ms: f64, step: Step) -> Result<(), Step> {
        let (handshake, command) = {
            let mut sharing = self.lock();
            (
                service_ms * vary(&mut sharing),
                service_ms * vary(&mut sharing),
            )
        };
        if !self.admit() {
            self.work(usage.drop_work * service_ms).await;
            return Err(step);
        }
        let opened = Startup(self);
        wait(usage.handshake_wait * handshake).await;
        self.work(usage.handshake_work * handshake).await;
        drop(opened);
        wait(usage.command_wait * command).await;
        self.work(usage.command_work * command).await;
        Ok(())
    }

    /// Whether sshd lets a new connection in.
    fn admit(&self) -> bool {
        let mut sharing = self.lock();
        let (startups, limit) = (f64::from(sharing.startups), f64::from(self.limit));
        if startups >= limit {
            let over = (startups - limit) / (FULL - limit).max(1.0);
            let percent = DROP_RATE + (FULL - DROP_RATE) * over;
            sharing.draw = (sharing.draw + GOLDEN).fract();
            if sharing.draw * 100.0 < percent {
                return false;
            }
        }
        sharing.startups += 1;
        true
    }

    /// Does so many milliseconds of work, sharing the machine with whatever else is in work.
    pub(super) async fn work(&self, milliseconds: f64) {
        if milliseconds <= 0.0 {
            return;
        }
        let end = {
            let mut sharing = self.lock();
            sharing.advance();
            sharing.pieces += 1;
            sharing.virtual_ms + milliseconds
        };
        let piece = Piece(self);
        self.changed.notify_waiters();
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let left = {
                let mut sharing = self.lock();
                sharing.advance();
                (end - sharing.virtual_ms) / sharing.speed()
            };
            if left <= 0.01 {
                break;
            }
            tokio::select! {
                () = sleep(Duration::from_secs_f64(left / 1000.0)) => {}
                () = changed => {}
            }
        }
        drop(piece);
    }

    fn lock(&self) -> MutexGuard<'_, Sharing> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection being opened; ends when dropped, also when its task is cancelled.
struct Startup<'a>(&'a StaticHost);

impl Drop for Startup<'_> {
    fn drop(&mut self) {
        let mut sharing = self.0.lock();
        sharing.startups = sharing.startups.saturating_sub(1);
    }
}

/// A piece of work; leaves the machine when dropped.
struct Piece<'a>(&'a StaticHost);

impl Drop for Piece<'_> {
    fn drop(&mut self) {
        {
            let mut sharing = self.0.lock();
            sharing.advance();
            sharing.pieces = sharing.pieces.saturating_sub(1);
        }
        self.0.changed.notify_waiters();
    }
}

async fn wait(milliseconds: f64) {
    if milliseconds > 0.0 {
        sleep(Duration::from_secs_f64(milliseconds / 1000.0)).await;
    }
}

fn vary(sharing: &mut Sharing) -> f64 {
    1.0 - JITTER + 2.0 * JITTER * sharing.random.f64()
}

#[expect(clippy::cast_precision_loss, reason = "a number of connections")]
fn to_f64(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pieces_share_what_there_is() {
        let host = StaticHost::new(2.0, 10, 1);
        let start = Instant::now();
        futures::join!(
            host.work(100.0),
            host.work(100.0),
            host.work(100.0),
            host.work(100.0)
        );
        let took = start.elapsed().as_secs_f64();
        assert!((0.19..0.22).contains(&took), "{took}");
    }

    #[tokio::test(start_paused = true)]
    async fn below_the_limit_nothing_is_dropped() {
        let host = StaticHost::new(3.0, 10, 1);
        let steps = (0..10).map(|_| host.step(Usage::V4, 100.0, Step::Copy));
        let all = futures::future::join_all(steps).await;
        assert!(all.into_iter().all(|step| step.is_ok()));
    }

    #[tokio::test(start_paused = true)]
    async fn at_a_hundred_every_connection_is_dropped() {
        let host = StaticHost::new(3.0, 10, 1);
        host.lock().startups = 100;
        let step = host.step(Usage::V3, 100.0, Step::Unzip).await;
        assert_eq!(step, Err(Step::Unzip));
    }
}
