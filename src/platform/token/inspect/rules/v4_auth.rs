//! v4 auth-server (`api/middleware/token.go` and `model/token.go`, v4.0.0 and v4.5.6): the payload
//! is decoded into a struct with a type for each field. We call nothing of it that asks for an
//! authority.

use serde_json::Value;

use super::findings::{Findings, ahead, expired, looks_like_milliseconds, whole};
use crate::platform::token::inspect::decode::{Authority, Decoded, TextClaim, TimeClaim};
use crate::platform::token::inspect::model::{Limitation, Refusal, TimeName};

pub(super) fn judge(found: &mut Findings, decoded: &Decoded, now_s: i64) {
    found.refuse_if(decoded.padded, Refusal::Padded);
    times(found, decoded, now_s);
    for claim in ["sub", "type", "clientType"] {
        let other = decoded.text(claim) == TextClaim::Other;
        found.refuse_if(other, Refusal::WrongType { claim });
    }
    found.refuse_if(
        !is_text_list(decoded.claims.get("roles")),
        Refusal::WrongType { claim: "roles" },
    );
    match decoded.claims.get("needRegister") {
        None | Some(Value::Null | Value::Bool(false)) => {}
        Some(Value::Bool(true)) => found.refuse(Refusal::NeedsRegistration),
        Some(_) => found.refuse(Refusal::WrongType {
            claim: "needRegister",
        }),
    }
    let refresh = decoded.text("type") == TextClaim::Text("refreshToken");
    found.limit_if(refresh, Limitation::RefreshToken);
    match decoded.authority() {
        Authority::Text(list) => found.limit_if(!is_list(list), Limitation::NoAuthorities),
        Authority::Absent => found.limitations.push(Limitation::NoAuthorities),
        Authority::Array(_) => found.refuse(Refusal::AuthorityArray),
        Authority::Other => found.refuse(Refusal::AuthorityOther),
    }
}

/// Whole seconds or nothing; `nbf` is not looked at.
fn times(found: &mut Findings, decoded: &Decoded, now_s: i64) {
    let exp = decoded.time("exp");
    let exp_s = whole(found, TimeName::Exp, &exp);
    found.refuse_if(exp == TimeClaim::Absent, Refusal::ExpMissing);
    if let Some(exp_s) = exp_s {
        found.refusals.extend(expired(exp_s, now_s));
        found.limit_if(looks_like_milliseconds(exp_s), Limitation::Milliseconds);
    }
    if let Some(iat_s) = whole(found, TimeName::Iat, &decoded.time("iat"))
        && let Some(by_s) = ahead(iat_s, now_s)
    {
        found.refuse(Refusal::IssuedAhead { by_s });
    }
}

fn is_text_list(roles: Option<&Value>) -> bool {
    match roles {
        None | Some(Value::Null) => true,
        Some(Value::Array(list)) => list
            .iter()
            .all(|role| matches!(role, Value::String(_) | Value::Null)),
        Some(_) => false,
    }
}

/// Whether it begins with `[` and its first `]` is its end.
fn is_list(authority: &str) -> bool {
    authority.starts_with('[') && authority.find(']') == authority.len().checked_sub(1)
}
