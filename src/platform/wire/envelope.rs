//! The one place that decides whether an answer is a success (architecture, invariant 7): HTTP
//! status, the `status` field and the shape together.
//!
//! HTTP 200 alone means nothing: v3 and v4 both answer business errors with 200 and
//! `"status":"ERROR"`, v4's `code` may be 0 on an error, and a proxy's login page is a 200 too
//! (`docs/platform/answers.md#envelope`). Start with [`decode`]; [`read_envelope`] tells the same with the platform's code
//! and message kept apart, for `register`.

mod body;
#[cfg(test)]
mod tests;

use self::body::{Envelope, EnvelopeStatus, Shape};
use super::excerpt::excerpt;
use super::foreign::{Framework, Spring};
use crate::domain::{BodyFault, FailureCause, FailureKind, ReadFailure};
use crate::platform::request::RawAnswer;

/// Who was asked, which decides what a framework's own 404 means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Expect {
    /// Core's API at core's own address: a framework's 404 means that this version limitations the endpoint.
    Core,
    /// The gateway's own API: as [`Expect::Core`].
    Gateway,
    /// Core's API through a gateway or a portal: the v4 gateway answers its own
    /// `404 page not found` when core is down too (`docs/platform/answers.md#error-answers`).
    Through,
}

/// What an answer is.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::platform) enum EnvelopeResult<'a> {
    /// `status: OK`, with the JSON text of `data` (`null` if there is none).
    Ok(&'a str),
    /// The platform's own `status: ERROR` (or `CONFIRM`) in a whole envelope.
    Refused {
        /// What kind of refusal.
        kind: FailureKind,
        /// `code`, if there is one (v4).
        code: Option<i64>,
        /// `message`, as given, not escaped.
        message: String,
        /// v3 wants the call again with a confirmation.
        confirm: bool,
    },
    /// Anything else.
    Foreign {
        /// What kind of failure.
        kind: FailureKind,
        /// What was seen.
        cause: FailureCause,
    },
}

/// The JSON text of `data` of a successful answer, or why it is none.
pub(in crate::platform) fn decode<'a>(
    op: &'static str,
    target: &str,
    answer: &'a RawAnswer,
    expect: Expect,
) -> Result<&'a str, ReadFailure> {
    let (kind, cause) = match read_envelope(answer, expect) {
        EnvelopeResult::Ok(data) => return Ok(data),
        EnvelopeResult::Refused {
            kind,
            code,
            message,
            confirm,
        } => (kind, refusal_cause(answer.status, code, &message, confirm)),
        EnvelopeResult::Foreign { kind, cause } => (kind, cause),
    };
    Err(ReadFailure {
        kind,
        operation: op,
        target: target.to_owned(),
        cause: cause.through(answer.proxy.clone()),
    })
}

/// Reads an answer. Total: every status and body gives exactly one judgement.
pub(in crate::platform) fn read_envelope(answer: &RawAnswer, expect: Expect) -> EnvelopeResult<'_> {
    if (300..400).contains(&answer.status) && answer.status != 304 {
        return foreign(FailureKind::Redirected, redirect_cause(answer));
    }
    match body::shape(answer) {
        Shape::Envelope(envelope) => judge_envelope(answer.status, envelope),
        Shape::ErrorThenMore(envelope) => foreign(
            FailureKind::ServerError,
            FailureCause::SecondDocument(Box::new(refusal_cause(
                answer.status,
                envelope.code,
                &envelope.message,
                false,
            ))),
        ),
        Shape::Spring(spring) => judge_spring(answer, &spring, expect),
        Shape::GinNotFound => judge_gin_not_found(answer, expect),
        Shape::TooDeep => foreign(
            FailureKind::TooLarge,
            FailureCause::TooDeep {
                levels: body::MAX_DEPTH,
            },
        ),
        Shape::Other(body) => foreign(
            other_kind(answer, &body),
            FailureCause::NotEnvelope {
                http: answer.status,
                body,
            },
        ),
    }
}

fn foreign<'a>(kind: FailureKind, cause: FailureCause) -> EnvelopeResult<'a> {
    EnvelopeResult::Foreign { kind, cause }
}

fn redirect_cause(answer: &RawAnswer) -> FailureCause {
    let location = answer.location.as_deref();
    FailureCause::Redirect {
        http: answer.status,
        location: location.filter(|text| !text.is_empty()).map(excerpt),
    }
}

/// Whether core itself refuses the token, which it judges before anything else: nothing was done.
pub(in crate::platform) fn is_core_token_refusal(answer: &RawAnswer) -> bool {
    answer.status == 401
        && match body::shape(answer) {
            Shape::Envelope(envelope) if envelope.status == EnvelopeStatus::Error => {
                let words = envelope.message.starts_with(V3_TOKEN_REFUSED);
                let code = envelope.code.map(|code| CODES_TOKEN.contains(&code));
                code.unwrap_or(words)
            }
            _ => false,
        }
}

/// An envelope of the platform: what its status means depends on the HTTP status and, if that is
/// 200, on code and message.
fn judge_envelope(http: u16, envelope: Envelope<'_>) -> EnvelopeResult<'_> {
    let Envelope {
        status,
        code,
        message,
        data,
    } = envelope;
    if status == EnvelopeStatus::Ok {
        return judge_ok(http, data);
    }
    let kind = match http {
        401 => FailureKind::TokenRefused,
        403 => FailureKind::PermissionDenied,
        500.. => FailureKind::ServerError,
        _ => refusal_kind(code, &message),
    };
    EnvelopeResult::Refused {
        kind,
        code,
        message,
        confirm: status == EnvelopeStatus::Confirm,
    }
}

/// No platform says OK with another HTTP status; something between changed it, and what it did with
/// the request is not known.
fn judge_ok(http: u16, data: &str) -> EnvelopeResult<'_> {
    let kind = match http {
        200..300 => return EnvelopeResult::Ok(data),
        500.. => FailureKind::ServerError,
        _ => FailureKind::NotWecube,
    };
    foreign(kind, FailureCause::StatusOk { http })
}

/// v4: a panic that was recovered (`docs/platform/answers.md#error-answers`).
pub(in crate::platform) const CODE_PANIC: i64 = -2;
/// v4: the token was refused, and the token has expired (`platform-core/config/i18n/en.json`).
pub(in crate::platform) const CODES_TOKEN: [i64; 2] = [10_000_004, 10_000_005];
/// v3, for every token that it refuses (`docs/platform/tokens.md#refused-tokens`).
const V3_TOKEN_REFUSED: &str = "Full authentication is required";
/// v4.4 on: the token's authorities do not cover the endpoint.
const CODE_API_PERMISSION: i64 = 20_000_041;
/// v4.5 on, for system variables: the same, of a token that may use the endpoint.
const CODE_DATA_PERMISSION: i64 = 20_000_031;
/// The codes that refuse for want of authority.
pub(in crate::platform) const CODES_PERMISSION: [i64; 2] =
    [CODE_API_PERMISSION, CODE_DATA_PERMISSION];
/// How permission is refused with HTTP 200 and no code that says so: v3's filter, v3's own check of
/// roles (3144 to 3146 and `SystemVariableService.validatePermission`), v4.4 and later, and system
/// variables of v4.5 for a token that may do other things.
const PERMISSION_TEXTS: [&str; 5] = [
    "Access is denied",
    "Lack of permission",
    "No access to this resource",
    "Api Permission Deny",
    "Operation Failed: No data permissions",
];

fn refusal_kind(code: Option<i64>, message: &str) -> FailureKind {
    match code {
        Some(CODE_PANIC) => FailureKind::ServerError,
        Some(code) if CODES_PERMISSION.contains(&code) => FailureKind::PermissionDenied,
        Some(code) if CODES_TOKEN.contains(&code) => FailureKind::TokenRefused,
        _ if is_permission_text(message) => FailureKind::PermissionDenied,
        _ => FailureKind::Refused,
    }
}

/// Whether a message refuses for want of authority.
pub(in crate::platform) fn is_permission_text(message: &str) -> bool {
    let message = message.trim_start();
    PERMISSION_TEXTS
        .iter()
        .any(|text| message.starts_with(text))
}

/// The platform's words; its code and the HTTP status if it has none (a panic).
fn refusal_cause(http: u16, code: Option<i64>, message: &str, confirm: bool) -> FailureCause {
    let words = excerpt(message);
    match code {
        _ if words.is_empty() => FailureCause::NoMessage { http, code },
        _ if confirm => FailureCause::AsksConfirmation(words),
        Some(code) if code > 0 => FailureCause::Said(format!("{code}: {words}")),
        _ => FailureCause::Said(words),
    }
}

/// Spring's own body: no handler was reached, or it threw past all of them.
fn judge_spring<'a>(answer: &RawAnswer, spring: &Spring, expect: Expect) -> EnvelopeResult<'a> {
    let lost_behind_gateway =
        expect == Expect::Through && spring.framework == Framework::SpringGateway;
    let kind = match answer.status {
        401 => FailureKind::TokenRefused,
        403 => FailureKind::PermissionDenied,
        404 | 405 => FailureKind::EndpointAbsent,
        500.. if lost_behind_gateway => FailureKind::NoAnswer,
        500.. => FailureKind::ServerError,
        400..500 => FailureKind::Refused,
        _ => FailureKind::NotWecube,
    };
    foreign(
        kind,
        FailureCause::HttpSaid {
            http: answer.status,
            words: excerpt(&spring.error),
        },
    )
}

/// Gin's own 404. Through a gateway it may be the gateway's, whose core is down.
fn judge_gin_not_found<'a>(answer: &RawAnswer, expect: Expect) -> EnvelopeResult<'a> {
    match expect {
        Expect::Core | Expect::Gateway => foreign(
            FailureKind::EndpointAbsent,
            FailureCause::HttpSaid {
                http: answer.status,
                words: "404 page not found".to_owned(),
            },
        ),
        Expect::Through => foreign(FailureKind::NoAnswer, FailureCause::GatewayNotFound),
    }
}

/// What is no shape of the platform at all. A 5xx of a proxy says that something behind it failed; a
/// 401 or 403 without HTML may be the platform's with its body lost on the way.
fn other_kind(answer: &RawAnswer, body: &BodyFault) -> FailureKind {
    match answer.status {
        429 | 500.. => FailureKind::ServerError,
        401 if *body == BodyFault::Empty => FailureKind::TokenRefused,
        403 if *body == BodyFault::Empty => FailureKind::PermissionDenied,
        _ => FailureKind::NotWecube,
    }
}
