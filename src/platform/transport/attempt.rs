//! One attempt: send, wait for the head, read the body, each in its time.

use std::future::Future;
use std::time::SystemTime;

use reqwest::header::{
    CONTENT_LENGTH, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, LOCATION, RETRY_AFTER,
    X_CONTENT_TYPE_OPTIONS,
};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::error::AttemptError;
use super::limits::Limits;
use super::mask::Mask;
use crate::domain::FailureCause;
use crate::platform::request::{Method, RawAnswer};
use crate::platform::retry::{Fault, http_date};

/// A head, and when it was asked for and heard, both by our time of day as it is at the hearing:
/// the round trip is measured by the clock that nobody sets, so a jump in between does not count.
pub(super) struct TimedResponse {
    pub(super) answer: RawAnswer,
    pub(super) asked_at: SystemTime,
    pub(super) head_at: SystemTime,
}

/// Sends and reads one answer.
pub(super) async fn attempt(
    sending: impl Future<Output = Result<reqwest::Response, reqwest::Error>>,
    method: Method,
    limits: &Limits,
    mask: &Mask,
) -> Result<TimedResponse, AttemptError> {
    let started = Instant::now();
    let whole = started + limits.attempt;
    let first_byte = (started + limits.first_byte).min(whole);
    let mut response = match timeout_at(first_byte, sending).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return Err(AttemptError::before_head(&error)),
        Err(_) => {
            let limit = first_byte - started;
            let cause = FailureCause::NoAnswer { limit };
            return Err(AttemptError::after_send(Fault::FirstByteTimeout, cause));
        }
    };
    let head_at = SystemTime::now();
    let asked_at = head_at.checked_sub(started.elapsed()).unwrap_or(head_at);
    let mut answer = head(response.status().as_u16(), response.headers());
    if method != Method::Head {
        answer.body = body(&mut response, &answer, whole, limits, mask).await?;
    }
    mask.hide_in(&mut answer);
    Ok(TimedResponse {
        answer,
        asked_at,
        head_at,
    })
}

/// A body that grows beyond this waits until no other one does: many large answers at once take no
/// more memory than one.
const LARGE: usize = 2 * 1024 * 1024;
static LARGE_BODY: Semaphore = Semaphore::const_new(1);

/// Reads a body in pieces, up to the cap.
async fn body(
    response: &mut reqwest::Response,
    head: &RawAnswer,
    whole: Instant,
    limits: &Limits,
    mask: &Mask,
) -> Result<Vec<u8>, AttemptError> {
    let too_large = || {
        let limit = limits.body_cap;
        AttemptError::after_send(Fault::TooLarge, FailureCause::TooLarge { limit })
    };
    let unfinished = |received| {
        let limit = limits.attempt;
        let cause = FailureCause::Unfinished { received, limit };
        AttemptError::after_send(Fault::TotalTimeout, cause)
    };
    let cap = u64::try_from(limits.body_cap).unwrap_or(u64::MAX);
    if head.content_length.is_some_and(|told| told > cap) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut permit = None;
    loop {
        if bytes.len() > LARGE && permit.is_none() {
            let waited = timeout_at(whole, LARGE_BODY.acquire()).await;
            permit = Some(waited.map_err(|_| unfinished(bytes.len()))?);
        }
        let idle = Instant::now() + limits.idle;
        match timeout_at(idle.min(whole), response.chunk()).await {
            Ok(Ok(Some(piece))) => {
                if bytes.len() + piece.len() > limits.body_cap {
                    return Err(too_large());
                }
                bytes.extend_from_slice(&piece);
            }
            Ok(Ok(None)) => return Ok(bytes),
            Ok(Err(_)) => {
                mask.hide(&mut bytes);
                return Err(AttemptError::in_body(&bytes));
            }
            Err(_) if idle <= whole => {
                let cause = FailureCause::Stalled {
                    received: bytes.len(),
                    limit: limits.idle,
                };
                return Err(AttemptError::after_send(Fault::IdleTimeout, cause));
            }
            Err(_) => return Err(unfinished(bytes.len())),
        }
    }
}

fn head(status: u16, headers: &HeaderMap) -> RawAnswer {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    RawAnswer {
        status,
        content_type: text(CONTENT_TYPE).map(|value| value.to_ascii_lowercase()),
        content_length: text(CONTENT_LENGTH).and_then(|value| value.trim().parse().ok()),
        etag: text(ETAG),
        date: text(DATE).and_then(|value| http_date(&value)),
        location: text(LOCATION).map(|value| value.escape_debug().collect()),
        retry_after: text(RETRY_AFTER),
        nosniff: text(X_CONTENT_TYPE_OPTIONS)
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("nosniff")),
        body: Vec::new(),
        proxy: None,
    }
}
