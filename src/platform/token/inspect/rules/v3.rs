//! v3 core and v3 auth-server (`DefaultJwtSsoTokenParser` and `JwtSsoBasedAuthenticationFilter` at
//! v3.2.6, and the v3.2.6 recordings). They differ in their answer, and core alone asks for
//! authorities.

use super::authority::Authorities;
use super::findings::{Findings, ahead, expired, looks_like_milliseconds};
use crate::platform::token::inspect::decode::{Authority, Decoded, TextClaim, TimeClaim};
use crate::platform::token::inspect::escape::escape_text;
use crate::platform::token::inspect::model::{Limitation, Refusal, TimeName, TokenReader};

pub(super) fn judge(found: &mut Findings, reader: TokenReader, decoded: &Decoded, now_s: i64) {
    times(found, decoded, now_s);
    match decoded.text("type") {
        TextClaim::Text("accessToken") => {}
        TextClaim::Text("refreshToken") => found.refuse(Refusal::RefreshToken),
        TextClaim::Text(other) => {
            let other = escape_text(other);
            found.refuse(Refusal::TypeOther { found: other });
        }
        TextClaim::Absent => found.refuse(Refusal::TypeMissing),
        TextClaim::Other => found.refuse(Refusal::WrongType { claim: "type" }),
    }
    match decoded.authority() {
        Authority::Text(list) if reader == TokenReader::V3Core => {
            found
                .limitations
                .extend(Authorities::by_v3(list).denied_at(reader));
        }
        Authority::Text(_) => {}
        Authority::Absent => found.refuse(Refusal::AuthorityMissing),
        Authority::Array(_) => found.refuse(Refusal::AuthorityArray),
        Authority::Other => found.refuse(Refusal::AuthorityOther),
    }
}

/// `iat` is not looked at. `exp` may be absent, a number in quotes, or milliseconds (recordings of
/// v3.2.6; `docs/platform/tokens.md#token-rules`).
fn times(found: &mut Findings, decoded: &Decoded, now_s: i64) {
    let exp = decoded.time("exp");
    match lenient(found, TimeName::Exp, &exp) {
        Some(exp_s) => {
            found.refusals.extend(expired(exp_s, now_s));
            found.limit_if(looks_like_milliseconds(exp_s), Limitation::Milliseconds);
        }
        None => found.limit_if(exp == TimeClaim::Absent, Limitation::NeverExpires),
    }
    if let Some(nbf_s) = lenient(found, TimeName::Nbf, &decoded.time("nbf"))
        && let Some(by_s) = ahead(nbf_s, now_s)
    {
        found.refuse(Refusal::NotYetValid { by_s });
    }
}

fn lenient(found: &mut Findings, name: TimeName, claim: &TimeClaim) -> Option<i64> {
    let second = match claim {
        TimeClaim::Absent => return None,
        TimeClaim::Text(text) => text.parse().ok(),
        other => other.number_s(),
    };
    if second.is_none() {
        found.refuse(Refusal::TimeNotNumber(name));
    }
    second
}
