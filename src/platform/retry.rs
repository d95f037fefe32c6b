//! When a call is sent again: a pure table. The transport sleeps, not the policy.
//!
//! Start with [`RetryPolicy::decide`]. Two questions decide: may the call be repeated at all
//! ([`Replay`]), and can asking again help ([`AttemptResult`]). What is known to have an effect on the server
//! is never repeated here; a caller reads state instead.

use std::time::{Duration, SystemTime};

use super::request::Replay;

/// One attempt, as far as the policy looks at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::platform) struct Attempt {
    /// What may be done after a failure.
    pub(in crate::platform) replay: Replay,
    /// What came back.
    pub(in crate::platform) seen: AttemptResult,
    /// Which attempt this was, from 1.
    pub(in crate::platform) nth: u32,
    /// The wait that the server asked for, as [`retry_after`] read it.
    pub(in crate::platform) asked_wait: Option<Duration>,
    /// Whether the call carries a token that was not renewed for it yet.
    pub(in crate::platform) token: TokenUse,
    /// What is left of the call's budget.
    pub(in crate::platform) left: Duration,
    /// A number in `0.0..1.0`, given in so that the table has no chance in it.
    pub(in crate::platform) jitter: f64,
}

/// What an attempt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum AttemptResult {
    /// A whole answer of that HTTP status.
    Status(u16),
    /// Core's own 401: the token was refused, and nothing was done.
    TokenRefused,
    /// No whole answer.
    Fault(Fault, Sent),
}

/// Why there was no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::platform) enum Fault {
    /// The host's name is not known (or the resolver did not answer).
    Resolve,
    /// The port refused.
    Refused,
    /// No connection for another reason: no route, a proxy that refused, a reset in the handshake.
    Connect,
    /// No connection in time.
    ConnectTimeout,
    /// TLS was not agreed on, or the certificate is not trusted.
    Tls,
    /// Connected, but no first byte of the answer in time.
    FirstByteTimeout,
    /// The answer stopped in the middle.
    IdleTimeout,
    /// The answer was still coming when its time was over.
    TotalTimeout,
    /// The connection broke before the answer began.
    Reset,
    /// The body is shorter than it was said to be.
    Truncated,
    /// What came is not HTTP.
    Protocol,
    /// The body is over the cap.
    TooLarge,
    /// No token could be made; nothing was sent.
    NoToken,
    /// The request could not be built; nothing was sent.
    BadRequest,
    /// The time of the whole run is over.
    RunOver,
}

/// Whether the request may have reached the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Sent {
    /// Surely not: there was no connection.
    No,
    /// It may have.
    Maybe,
}

/// How a call stands to the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum TokenUse {
    /// It carries none.
    None,
    /// It carries one.
    Carried,
    /// It carries one that was made anew after a 401.
    Renewed,
}

/// What the transport does next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::platform) enum RetryDecision {
    /// The answer stands, good or bad.
    Accept,
    /// Send again after that long.
    RetryAfter(Duration),
    /// Make a new token and send again at once.
    RenewToken,
    /// The fault stands.
    GiveUp,
}

/// Numbers of the policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::platform) struct RetryPolicy {
    /// Most attempts of a call, the first included.
    pub(in crate::platform) attempts: u32,
    /// Upper bound of the first wait; it doubles with each attempt.
    pub(in crate::platform) base: Duration,
    /// Upper bound of every wait that we choose.
    pub(in crate::platform) cap: Duration,
}

/// Longest wait that a server is believed.
pub(in crate::platform) const MAX_ASKED_WAIT: Duration = Duration::from_secs(30);

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(250),
            cap: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// The verdict on one attempt.
    pub(in crate::platform) fn decide(&self, attempt: &Attempt) -> RetryDecision {
        let stands = match attempt.seen {
            // The platform judges a token before anything else, so its own 401 had no effect,
            // whatever the call does. One of a proxy may come while core works on. A second one
            // counts.
            AttemptResult::TokenRefused if attempt.token == TokenUse::Carried => {
                return RetryDecision::RenewToken;
            }
            AttemptResult::Status(401)
                if attempt.token == TokenUse::Carried && attempt.replay != Replay::Never =>
            {
                return RetryDecision::RenewToken;
            }
            AttemptResult::Status(_) | AttemptResult::TokenRefused => RetryDecision::Accept,
            AttemptResult::Fault(..) => RetryDecision::GiveUp,
        };
        if !may_repeat(attempt.replay, attempt.seen) || attempt.nth >= self.attempts {
            return stands;
        }
        let wait = self.wait(attempt);
        if wait >= attempt.left {
            return stands;
        }
        RetryDecision::RetryAfter(wait)
    }

    /// Full jitter over an exponential bound; on top of what the server asked for, so that those who
    /// were sent away together do not come back together.
    fn wait(&self, attempt: &Attempt) -> Duration {
        let doublings = attempt.nth.saturating_sub(1).min(16);
        let bound = self.base.saturating_mul(1 << doublings).min(self.cap);
        match attempt.asked_wait {
            Some(asked) => asked + self.base.mul_f64(attempt.jitter),
            None => bound.mul_f64(attempt.jitter),
        }
    }
}

/// Whether asking again is allowed and can help.
fn may_repeat(replay: Replay, seen: AttemptResult) -> bool {
    match (replay, seen) {
        (Replay::Safe | Replay::Idempotent, AttemptResult::Status(status)) => {
            matches!(status, 408 | 429 | 502 | 503 | 504)
        }
        // Any answer to a write that is not the same when done twice is the caller's to read.
        (_, AttemptResult::TokenRefused)
        | (Replay::Never, AttemptResult::Status(_) | AttemptResult::Fault(_, Sent::Maybe)) => false,
        (_, AttemptResult::Fault(fault, _)) => is_transient(fault),
    }
}

/// Whether a fault may pass by itself.
fn is_transient(fault: Fault) -> bool {
    match fault {
        Fault::Resolve
        | Fault::Refused
        | Fault::Connect
        | Fault::ConnectTimeout
        | Fault::FirstByteTimeout
        | Fault::IdleTimeout
        | Fault::TotalTimeout
        | Fault::Reset
        | Fault::Truncated => true,
        Fault::Tls
        | Fault::Protocol
        | Fault::TooLarge
        | Fault::NoToken
        | Fault::BadRequest
        | Fault::RunOver => false,
    }
}

/// Reads `Retry-After`: seconds, or an HTTP date. A date is taken against the answer's own `Date`
/// if it has one, so that a skewed clock asks for no other wait. Capped; what is neither is
/// nothing.
pub(in crate::platform) fn retry_after(
    told: &str,
    answered_at: Option<SystemTime>,
    now: SystemTime,
) -> Option<Duration> {
    let told = told.trim();
    if !told.is_empty() && told.bytes().all(|b| b.is_ascii_digit()) {
        // So many digits that they do not fit are a long wait all the same.
        let seconds = told.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(MAX_ASKED_WAIT));
    }
    let at = http_date(told)?;
    let wait = at
        .duration_since(answered_at.unwrap_or(now))
        .unwrap_or(Duration::ZERO);
    Some(wait.min(MAX_ASKED_WAIT))
}

/// Reads an HTTP date (`Sun, 06 Nov 1994 08:49:37 GMT`).
pub(in crate::platform) fn http_date(text: &str) -> Option<SystemTime> {
    let zoned = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(SystemTime::from(zoned.timestamp()))
}

#[cfg(test)]
mod tests;
