//! What several tests need: keys, a clock that stands still, moments.

use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::platform::token::{DEFAULT_SEED, SigningKey, Stopwatch, v4_key};
use crate::secret::Secret;

/// The default seed's key as `docs/platform/tokens.md#signing-seed` gives it, not as our decoder does.
pub(super) const DEFAULT_KEY_HEX: &str = "3e56ad7e8ae6f80bad87e49eaef7abf9279cadeb";

/// 2027-01-15T08:00:00Z.
pub(super) const NOON_S: u64 = 1_800_000_000;

pub(super) fn secret(text: &str) -> Secret {
    Secret::new(text)
}

pub(super) fn default_key() -> SigningKey {
    v4_key(&secret(DEFAULT_SEED)).ok().unwrap()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

pub(super) fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
        .collect()
}

/// That many milliseconds after noon.
pub(super) fn at_ms(ms: i64) -> SystemTime {
    let noon = UNIX_EPOCH + Duration::from_secs(NOON_S);
    let distance = Duration::from_millis(ms.unsigned_abs());
    if ms < 0 {
        noon - distance
    } else {
        noon + distance
    }
}

/// Clocks that a test moves.
pub(super) struct FakeClock(Mutex<(SystemTime, Duration)>);

impl FakeClock {
    pub(super) fn at_noon() -> Self {
        Self(Mutex::new((at_ms(0), Duration::from_hours(5))))
    }

    /// Our time of day.
    pub(super) fn wall(&self) -> SystemTime {
        self.0.lock().unwrap().0
    }

    /// Time passes.
    pub(super) fn pass(&self, seconds: u64) {
        let mut clocks = self.0.lock().unwrap();
        clocks.0 += Duration::from_secs(seconds);
        clocks.1 += Duration::from_secs(seconds);
    }

    /// Somebody sets the clock, or the machine slept: only the time of day moves.
    pub(super) fn set_wall(&self, time: SystemTime) {
        self.0.lock().unwrap().0 = time;
    }
}

impl Stopwatch for FakeClock {
    fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().1
    }
}
