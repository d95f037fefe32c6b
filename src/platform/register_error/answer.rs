//! A registration's answer as what `apply` acts on.

use std::time::{Duration, SystemTime};

use super::rules::classify;
use crate::domain::{FailureCause, FailureKind, Generation, RegisterAnswer, RegisterError};
use crate::platform::request::RawAnswer;
use crate::platform::retry::http_date;
use crate::platform::wire::envelope::{CODE_PANIC, is_core_token_refusal};
use crate::platform::wire::{EnvelopeResult, Expect, excerpt, read_envelope};

/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// Reads the answer to [`crate::platform::endpoints::register`].
///
/// Whatever is between us and core can answer while core works on: a proxy's 429 or 502, a login
/// page, a redirect, an `OK` with another status. So only core's own envelope proves that a registration
/// has ended; any other answer is [`RegisterAnswer::Lost`], and the state is watched.
pub(in crate::platform) fn register_answer(
    generation: Generation,
    answer: &RawAnswer,
    expect: Expect,
) -> RegisterAnswer {
    match read_envelope(answer, expect) {
        EnvelopeResult::Ok(_) => RegisterAnswer::Accepted,
        EnvelopeResult::Refused { code, message, .. } if is_of_core(generation, answer, code) => {
            let wait = retry_after(answer);
            RegisterAnswer::Refused(classify(generation, answer.status, code, &message, wait))
        }
        EnvelopeResult::Refused { kind, message, .. } => {
            let words = FailureCause::HttpSaid {
                http: answer.status,
                words: excerpt(&message),
            };
            RegisterAnswer::Lost(foreign(kind, words, answer))
        }
        EnvelopeResult::Foreign { kind, cause } => {
            RegisterAnswer::Lost(foreign(kind, cause, answer))
        }
    }
}

/// Whether core itself refuses so: an error is HTTP 200, 401 for the token alone, 500 for a panic of a
/// v4; `code` is on v4 and never on v3 (`docs/platform/answers.md#envelope`).
fn is_of_core(generation: Generation, answer: &RawAnswer, code: Option<i64>) -> bool {
    let coded = code.is_some() == (generation == Generation::V4);
    coded
        && match answer.status {
            200 => true,
            401 => is_core_token_refusal(answer),
            500 => code == Some(CODE_PANIC),
            _ => false,
        }
}

/// What an answer that is not core's would mean for every other plugin.
fn foreign(kind: FailureKind, detail: FailureCause, answer: &RawAnswer) -> RegisterError {
    let (cause, shared) = match (kind, answer.status) {
        (_, 429) => ("rate_limited", false),
        (FailureKind::TokenRefused, _) => (RegisterError::TOKEN_REFUSED, true),
        (FailureKind::PermissionDenied, _) => (RegisterError::PERMISSION_DENIED, true),
        (FailureKind::EndpointAbsent, _) => ("endpoint_absent", true),
        (FailureKind::Redirected, _) => ("redirected", true),
        (FailureKind::NotWecube, _) if is_html(answer) => (RegisterError::NOT_WECUBE, true),
        _ => return RegisterError::lost(detail),
    };
    RegisterError {
        cause,
        shared,
        ..RegisterError::lost(detail)
    }
}

fn is_html(answer: &RawAnswer) -> bool {
    answer
        .content_type
        .as_deref()
        .is_some_and(|told| told.contains("html"))
        || answer.body.trim_ascii_start().starts_with(b"<")
}

/// The wait that the server asked for, capped at two minutes: seconds, or a date, which is counted
/// from the answer's own `Date`, since the server's clock is the one that it means.
pub(super) fn retry_after(answer: &RawAnswer) -> Option<Duration> {
    let told = answer.retry_after.as_deref()?.trim();
    let wait = match told.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => until(told, answer.date?)?,
    };
    Some(wait.min(LONGEST_WAIT))
}

fn until(date: &str, now: SystemTime) -> Option<Duration> {
    http_date(date)?.duration_since(now).ok()
}
