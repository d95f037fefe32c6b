//! What each field of a token is for, and what this one says.

use serde_json::Value;

use super::decode::{Decoded, TimeClaim};
use super::escape::{escape_text, escape_value, time_text};
use crate::i18n::Text;

/// A field of a token, explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimNote {
    /// Its name, escaped.
    pub name: String,
    /// Its value on one line, escaped and cut to a readable length.
    pub value: String,
    /// What it is for and what this value means.
    pub meaning: Text,
}

/// Explains every field: the header's first, then the payload's, each in the order of their names.
pub(super) fn notes(decoded: &Decoded, now_s: i64) -> Vec<ClaimNote> {
    let header = decoded.header.iter().map(|(name, value)| {
        let meaning = match name.as_str() {
            "alg" => Text::new("token-claim-alg"),
            "typ" => Text::new("token-claim-typ"),
            _ => Text::new("token-claim-other"),
        };
        note(name, value, meaning)
    });
    let claims = decoded
        .claims
        .iter()
        .map(|(name, value)| note(name, value, meaning(decoded, name, now_s)));
    header.chain(claims).collect()
}

fn note(name: &str, value: &Value, meaning: Text) -> ClaimNote {
    ClaimNote {
        name: escape_text(name),
        value: escape_value(value),
        meaning,
    }
}

fn meaning(decoded: &Decoded, name: &str, now_s: i64) -> Text {
    let when = |name| when(&decoded.time(name), now_s);
    match name {
        "sub" => Text::new("token-claim-sub"),
        "iat" => Text::new("token-claim-iat").nested("when", when("iat")),
        "exp" => Text::new("token-claim-exp").nested("when", when("exp")),
        "nbf" => Text::new("token-claim-nbf").nested("when", when("nbf")),
        "type" => Text::new("token-claim-type"),
        "clientType" => Text::new("token-claim-client-type"),
        "authority" => Text::new("token-claim-authority"),
        "roles" => Text::new("token-claim-roles"),
        "needRegister" => Text::new("token-claim-need-register"),
        _ => Text::new("token-claim-other"),
    }
}

fn when(claim: &TimeClaim, now_s: i64) -> Text {
    let Some(second) = claim.number_s() else {
        return Text::new("token-when-no-time");
    };
    let time = time_text(second);
    match second.saturating_sub(now_s) {
        0 => Text::new("token-when-now").with("time", time),
        left if left > 0 => Text::new("token-when-ahead")
            .with("time", time)
            .with("seconds", left),
        passed => Text::new("token-when-past")
            .with("time", time)
            .with("seconds", passed.unsigned_abs()),
    }
}
