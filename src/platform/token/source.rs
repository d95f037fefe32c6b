//! Where calls get their token from.
//!
//! [`SeedTokens::token`] gives a token that is good for a while; it makes a new one ahead of need,
//! once, whoever asks. A caller whose token was refused asks for [`SeedTokens::renewed`]. Whether a
//! second refusal is final is for the caller to decide.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use secrecy::SecretString;

use super::claims::{Identity, LIFE_S};
use super::clock::{ClockSkew, ServerClock, Stopwatch, SystemStopwatch, unix_ms};
use super::key::SigningKey;
use super::mint::{MintError, mint};
use crate::secret::Secret;

/// A token with less life left than this, in seconds, is replaced before it is used: it has to
/// outlive the call that carries it.
pub const RENEW_BELOW_S: i64 = 40;

/// What we know of the server's time may improve by a second or two without a new token; a greater
/// change means that the token was made for another time.
const OFFSET_TOLERANCE_S: i64 = 5;

/// A token and which one of its source it is. It has no `Debug` or `Display`.
#[derive(Clone)]
pub(super) struct NumberedToken {
    /// The token without `Bearer`.
    pub(super) token: Secret,
    /// From 1: what logs may say about it.
    pub(super) number: u64,
}

crate::secret::assert_not_implemented!(NumberedToken: std::fmt::Debug, std::fmt::Display, serde::Serialize);

/// The tokens of one instance, signed here with the platform's seed.
pub struct SeedTokens {
    key: SigningKey,
    identity: Identity,
    clock: ServerClock,
    stopwatch: Arc<dyn Stopwatch>,
    current: Mutex<Option<CurrentToken>>,
    refused: AtomicU64,
}

/// The token that is given out, and when it was made.
struct CurrentToken {
    token: NumberedToken,
    expires_at: i64,
    minted_at: Duration,
    offset_s: Option<i64>,
}

impl SeedTokens {
    /// Tokens for an identity, signed with a key, for a server of whose time nothing is known yet.
    pub fn new(key: SigningKey, identity: Identity) -> Self {
        Self::with_stopwatch(key, identity, Arc::new(SystemStopwatch::new()))
    }

    /// The seed as it is written down, without padding.
    pub(in crate::platform) fn seed(&self) -> SecretString {
        BASE64_STANDARD_NO_PAD.encode(self.key.expose()).into()
    }

    /// The same, with another way to tell how old a token is.
    pub fn with_stopwatch(
        key: SigningKey,
        identity: Identity,
        stopwatch: Arc<dyn Stopwatch>,
    ) -> Self {
        Self {
            key,
            identity,
            clock: ServerClock::default(),
            stopwatch,
            current: Mutex::new(None),
            refused: AtomicU64::new(0),
        }
    }

    /// Takes the `Date` of an answer of this server, and when we asked and heard (see
    /// [`ServerClock::learn`]).
    pub fn learn(&self, told: SystemTime, asked_at: SystemTime, heard_at: SystemTime) {
        self.clock.learn(told, asked_at, heard_at);
    }

    /// Server time minus our time in whole seconds; `None` before the first answer.
    pub fn clock_offset_s(&self) -> Option<i64> {
        self.clock.offset_s()
    }

    /// The difference, if the operator should know of it.
    pub fn skew(&self) -> Option<ClockSkew> {
        self.clock.skew()
    }

    /// As [`Self::token`], with its number.
    pub(super) fn bearer(&self, now: SystemTime) -> Result<NumberedToken, MintError> {
        // Minting takes microseconds, so whoever else asks waits for it and shares the token. A
        // panic in between leaves the token that was there.
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = current.as_ref().filter(|held| self.is_good(held, now)) {
            return Ok(held.token.clone());
        }
        let number = current.as_ref().map_or(0, |held| held.token.number) + 1;
        let offset_s = self.clock.offset_s();
        let minted = mint(&self.key, &self.identity, self.clock.server_now(now))?;
        let token = NumberedToken {
            token: minted.token,
            number,
        };
        *current = Some(CurrentToken {
            token: token.clone(),
            expires_at: minted.claims.expires_at,
            minted_at: self.stopwatch.elapsed(),
            offset_s,
        });
        Ok(token)
    }

    /// The server answered 401 to this token: whoever asks next gets another one. Said again of the
    /// same token, or of an older one, it changes nothing.
    pub(super) fn refused(&self, token: &NumberedToken) {
        self.refused.fetch_max(token.number, Ordering::SeqCst);
    }

    /// A token that is good for at least [`RENEW_BELOW_S`], without `Bearer`; `now` is our own time of day.
    pub fn token(&self, now: SystemTime) -> Result<Secret, MintError> {
        Ok(self.bearer(now)?.token)
    }

    /// Another token than the one given out last, for a caller whose token was refused.
    pub fn renewed(&self, now: SystemTime) -> Result<Secret, MintError> {
        let current = self.bearer(now)?;
        self.refused(&current);
        self.token(now)
    }

    /// The age is taken from the clock that nobody sets; the time of day is asked too, because that
    /// clock stands still while the machine sleeps.
    fn is_good(&self, held: &CurrentToken, now: SystemTime) -> bool {
        let age = self.stopwatch.elapsed().saturating_sub(held.minted_at);
        let left_by_age = LIFE_S - i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        let server_now_ms = unix_ms(self.clock.server_now(now)).unwrap_or_default();
        let left_by_day = held.expires_at - server_now_ms.div_euclid(1000);
        let shift = self.clock.offset_s().unwrap_or(0) - held.offset_s.unwrap_or(0);
        held.token.number > self.refused.load(Ordering::SeqCst)
            && left_by_age.min(left_by_day) >= RENEW_BELOW_S
            && shift.abs() <= OFFSET_TOLERANCE_S
    }
}
