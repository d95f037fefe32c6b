//! The shape of a body, before anything is concluded from it.

use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::BodyFault;
use crate::platform::request::RawAnswer;
use crate::platform::wire::excerpt::excerpt;
use crate::platform::wire::fields::{Fields, number_of, text_of};
use crate::platform::wire::foreign::{self, Spring};

/// How deep JSON may be nested. The platform's own answers stay below ten; `serde_json` stops at 128
/// with an error that does not name the cause.
pub(super) const MAX_DEPTH: usize = 64;

/// What a body is.
#[derive(Debug, PartialEq)]
pub(super) enum Shape<'a> {
    /// One document with a `status` of the platform.
    Envelope(Envelope<'a>),
    /// An envelope that says ERROR, and then another document: v4's recovery wrote the first, the
    /// handler that it had interrupted the second (`empty-authority-token` of v4.0.0).
    ErrorThenMore(Envelope<'a>),
    /// Spring's own error body: `status` is a number.
    Spring(Spring),
    /// Gin's own text for an unknown path.
    GinNotFound,
    /// Nested too deep.
    TooDeep,
    /// Anything else.
    Other(BodyFault),
}

/// The platform's envelope.
#[derive(Debug, PartialEq)]
pub(super) struct Envelope<'a> {
    pub(super) status: EnvelopeStatus,
    pub(super) code: Option<i64>,
    pub(super) message: String,
    /// The JSON text of `data`.
    pub(super) data: &'a str,
}

/// Its `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EnvelopeStatus {
    Ok,
    Error,
    /// v3: the caller is to ask again with a confirmation.
    Confirm,
}

/// Looks at a body.
pub(super) fn shape(answer: &RawAnswer) -> Shape<'_> {
    let body = answer
        .body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&answer.body);
    let Ok(text) = std::str::from_utf8(body) else {
        return Shape::Other(BodyFault::NotText {
            bytes: answer.body.len(),
        });
    };
    let text = text.trim();
    if text.is_empty() {
        return Shape::Other(BodyFault::Empty);
    }
    if foreign::is_gin_not_found(answer.status, text) {
        return Shape::GinNotFound;
    }
    if !text.starts_with(['{', '[']) {
        return Shape::Other(not_structured(answer, text));
    }
    if is_deeper_than(text.as_bytes(), MAX_DEPTH) {
        return Shape::TooDeep;
    }
    let read = if text.starts_with('{') {
        Fields::first(text).map(Some)
    } else {
        serde_json::from_str::<IgnoredAny>(text).map(|_| None)
    };
    let (fields, rest) = match read {
        Ok(Some((fields, rest))) => (fields, rest.trim()),
        Ok(None) => return Shape::Other(BodyFault::NotAnObject("array")),
        Err(error) if error.is_eof() => {
            return Shape::Other(BodyFault::CutOff {
                bytes: answer.body.len(),
                begins: excerpt(text),
            });
        }
        Err(_) => return Shape::Other(BodyFault::NotJson(excerpt(text))),
    };
    let shape = shape_of_object(answer, text, &fields);
    match shape {
        _ if rest.is_empty() => shape,
        Shape::Envelope(envelope) if envelope.status == EnvelopeStatus::Error => {
            Shape::ErrorThenMore(envelope)
        }
        _ => Shape::Other(BodyFault::SecondDocument(excerpt(rest))),
    }
}

/// A body that begins with neither `{` nor `[`.
fn not_structured(answer: &RawAnswer, text: &str) -> BodyFault {
    let told_html = answer
        .content_type
        .as_deref()
        .is_some_and(|told| told.contains("html"));
    if told_html || text.starts_with('<') {
        return BodyFault::Html(excerpt(text));
    }
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Null) => BodyFault::NotAnObject("null"),
        Ok(Value::String(_)) => BodyFault::NotAnObject("string"),
        Ok(Value::Number(_)) => BodyFault::NotAnObject("number"),
        Ok(Value::Bool(_)) => BodyFault::NotAnObject("boolean"),
        _ => BodyFault::NotJson(excerpt(text)),
    }
}

fn shape_of_object<'a>(answer: &RawAnswer, text: &str, fields: &Fields<'a>) -> Shape<'a> {
    let Some(status) = fields.status else {
        return Shape::Other(BodyFault::NoStatus(excerpt(text)));
    };
    let status = match (status.get(), text_of(status).as_str()) {
        (_, "OK") => EnvelopeStatus::Ok,
        (_, "ERROR") => EnvelopeStatus::Error,
        (_, "CONFIRM") => EnvelopeStatus::Confirm,
        (raw, text) if raw.starts_with('"') => {
            let told = format!("`{}`", excerpt(text));
            return Shape::Other(BodyFault::UnknownStatus(told));
        }
        (raw, _) => {
            return match foreign::spring(answer.status, fields) {
                Some(spring) => Shape::Spring(spring),
                None => Shape::Other(BodyFault::UnknownStatus(excerpt(raw))),
            };
        }
    };
    Shape::Envelope(Envelope {
        status,
        code: fields.code.and_then(number_of),
        message: fields.message.map(text_of).unwrap_or_default(),
        data: fields.data.map_or("null", RawValue::get),
    })
}

/// Whether brackets nest deeper than `limit`, counted without parsing; brackets in texts do not
/// count.
fn is_deeper_than(json: &[u8], limit: usize) -> bool {
    let mut depth = 0_usize;
    let mut in_text = false;
    let mut escaped = false;
    for byte in json {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}
