//! A register's answer as what `apply` acts on.

use std::time::{Duration, SystemTime};

use super::rules::classify;
use crate::domain::{
    FailureCause, FailureKind, Generation, RegisterAnswer, RegisterError, Transience,
};
use crate::platform::request::RawAnswer;
use crate::platform::retry::http_date;
use crate::platform::wire::{EnvelopeResult, Expect, read_envelope};

/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// Reads the answer to [`crate::platform::endpoints::register`].
///
/// An answer that does not come from the platform's own handler leaves open whether the handler runs:
/// a proxy's 502 or 504, a v4 gateway's `404 page not found` or empty 200, a cut body. Those are
/// [`RegisterAnswer::Lost`], and state is read. A login page or a redirect never reached it.
pub(in crate::platform) fn register_answer(
    generation: Generation,
    answer: &RawAnswer,
    expect: Expect,
) -> RegisterAnswer {
    match read_envelope(answer, expect) {
        EnvelopeResult::Ok(_) => RegisterAnswer::Accepted,
        EnvelopeResult::Refused { code, message, .. } => RegisterAnswer::Refused(classify(
            generation,
            answer.status,
            code,
            &message,
            retry_after(answer),
        )),
        EnvelopeResult::Foreign { kind, cause } => foreign(kind, cause, answer),
    }
}

fn foreign(kind: FailureKind, detail: FailureCause, answer: &RawAnswer) -> RegisterAnswer {
    let (cause, transience, shared) = match (kind, answer.status) {
        (_, 429) => ("rate_limited", Transience::Overload, false),
        (_, 503) => ("unavailable", Transience::Overload, false),
        (_, 408 | 502 | 504) | (FailureKind::NoAnswer, _) => {
            return RegisterAnswer::Lost { cause: detail };
        }
        (FailureKind::TokenRefused, _) => ("token_refused", Transience::Permanent, true),
        (FailureKind::PermissionDenied, _) => ("permission", Transience::Permanent, true),
        (FailureKind::EndpointAbsent, _) => ("endpoint_absent", Transience::Permanent, true),
        (FailureKind::Redirected, _) => ("redirected", Transience::Permanent, true),
        // A proxy's own page says nothing of the handler behind it.
        (FailureKind::ServerError, _) if is_html(answer) => {
            return RegisterAnswer::Lost { cause: detail };
        }
        // A panic ends the handler, so nothing is running any more (v4: code -2 and a second
        // document).
        (FailureKind::ServerError, _) => ("server_error", Transience::Ambiguous, false),
        (FailureKind::NotWecube, 200) if !is_html(answer) => {
            return RegisterAnswer::Lost { cause: detail };
        }
        _ => ("not_wecube", Transience::Permanent, true),
    };
    RegisterAnswer::Refused(RegisterError {
        transience,
        detail,
        cause,
        shared,
        retry_after: retry_after(answer),
    })
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
