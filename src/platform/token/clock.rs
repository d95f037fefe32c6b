//! The server's time, learned from the `Date` of its answers.
//!
//! v4 refuses a token that is issued a second in its future, and both generations refuse one that
//! expired, so a token is made in the server's time, not in ours. A `Date` has whole seconds and is
//! a round trip old, so one answer says the difference to within a second or so: each answer is an
//! interval that the difference lies in, and the narrowest one is kept.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::i18n::Text;

/// A difference beyond this, in seconds, is told to the operator: plugins and users' own tokens
/// meet it too.
pub const SKEW_LIMIT_S: i64 = 30;

/// Tells how much time passed, by a clock that nobody can set.
pub trait Stopwatch: Send + Sync {
    /// Time since some moment that stays the same.
    fn elapsed(&self) -> Duration;
}

/// The machine's own.
#[derive(Clone, Copy, Debug)]
pub struct SystemStopwatch {
    start: Instant,
}

impl SystemStopwatch {
    /// Starts counting.
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Default for SystemStopwatch {
    fn default() -> Self {
        Self::new()
    }
}

impl Stopwatch for SystemStopwatch {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A server's time, as far as its answers told it. One per instance; before its first answer the
/// server's time is taken to be ours.
#[derive(Debug, Default)]
pub struct ServerClock {
    best: Mutex<Option<Sample>>,
}

/// An interval that server time minus our time lies in, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sample {
    least: i64,
    most: i64,
}

impl Sample {
    /// The server read its clock at some moment between our asking and our hearing, and cut off the
    /// part of a second. `None` if our own clock was set back meanwhile, or a time is absurd.
    fn of(told: SystemTime, asked_at: SystemTime, heard_at: SystemTime) -> Option<Self> {
        heard_at.duration_since(asked_at).ok()?;
        let told = unix_ms(told)?;
        Some(Self {
            least: told.checked_sub(unix_ms(heard_at)?)?,
            most: told.checked_add(1000)?.checked_sub(unix_ms(asked_at)?)?,
        })
    }

    fn width(self) -> i64 {
        self.most - self.least
    }

    fn middle(self) -> i64 {
        self.least + self.width() / 2
    }

    fn agrees_with(self, other: Self) -> bool {
        self.least <= other.most && other.least <= self.most
    }
}

/// A difference between our clock and the server's that the operator should know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockSkew {
    /// Server time minus our time, in seconds.
    pub offset_s: i64,
}

impl ClockSkew {
    /// The warning, for people; `server` names the instance.
    pub fn text(&self, server: &str) -> Text {
        let text = if self.offset_s > 0 {
            Text::new("token-clock-server-ahead")
        } else {
            Text::new("token-clock-server-behind")
        };
        text.with("seconds", self.offset_s.unsigned_abs())
            .with("server", server)
    }
}

impl ServerClock {
    /// Takes the `Date` of an answer of this server, with our times of asking and of hearing its
    /// head. Only answers that the server made for us tell its time: nothing from a cache.
    pub fn learn(&self, told: SystemTime, asked_at: SystemTime, heard_at: SystemTime) {
        let Some(sample) = Sample::of(told, asked_at, heard_at) else {
            return;
        };
        let mut best = self.best();
        // Two answers that cannot both be true mean that somebody set a clock in between; then the
        // later one is right, however slowly it came.
        let better =
            best.is_none_or(|kept| sample.width() < kept.width() || !sample.agrees_with(kept));
        if better {
            *best = Some(sample);
        }
    }

    /// Server time minus our time in whole seconds; `None` before the first answer.
    pub fn offset_s(&self) -> Option<i64> {
        let middle = self.best().map(Sample::middle)?;
        Some((middle + 500).div_euclid(1000))
    }

    /// The difference, if it is over [`SKEW_LIMIT_S`].
    pub fn skew(&self) -> Option<ClockSkew> {
        self.offset_s()
            .filter(|offset_s| offset_s.abs() > SKEW_LIMIT_S)
            .map(|offset_s| ClockSkew { offset_s })
    }

    /// What time it is on the server, as far as we know, at that moment of our time of day.
    pub fn server_now(&self, ours: SystemTime) -> SystemTime {
        let offset_ms = self.best().map_or(0, Sample::middle);
        let offset = Duration::from_millis(offset_ms.unsigned_abs());
        let theirs = if offset_ms < 0 {
            ours.checked_sub(offset)
        } else {
            ours.checked_add(offset)
        };
        theirs.unwrap_or(ours)
    }

    /// A panic while the lock was held cannot have left half a sample behind.
    fn best(&self) -> MutexGuard<'_, Option<Sample>> {
        self.best.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Milliseconds since 1970, negative before.
pub(super) fn unix_ms(time: SystemTime) -> Option<i64> {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).ok(),
        Err(before) => i64::try_from(before.duration().as_millis())
            .ok()
            .map(|ms| -ms),
    }
}
