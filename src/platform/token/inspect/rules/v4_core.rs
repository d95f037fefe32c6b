//! v4 core (`token.DecodeJwtToken` of its vendored common library with jwt-go 3.2.0, and
//! `api/middleware/token.go`, v4.0.0 and v4.5.6). From v4.4 on it asks for menu authorities too.

use super::authority::Authorities;
use super::findings::{Findings, ahead, expired, looks_like_milliseconds};
use crate::platform::token::inspect::decode::{Authority, Decoded, TextClaim, TimeClaim};
use crate::platform::token::inspect::model::{Limitation, Refusal, TimeName, TokenReader};

pub(super) fn judge(found: &mut Findings, reader: TokenReader, decoded: &Decoded, now_s: i64) {
    times(found, decoded, now_s);
    match decoded.text("sub") {
        TextClaim::Text("") => found.refuse(Refusal::SubEmpty),
        TextClaim::Text(_) => {}
        TextClaim::Absent | TextClaim::Other => found.limitations.push(Limitation::NoUser),
    }
    let refresh = decoded.text("type") == TextClaim::Text("refreshToken");
    found.limit_if(refresh, Limitation::RefreshToken);
    let held = match decoded.authority() {
        Authority::Text(list) if list.len() < 2 => {
            found.refuse(Refusal::AuthorityTooShort);
            return;
        }
        Authority::Text(list) => {
            let spaces = list.contains(", ") || list.contains(" ,");
            found.limit_if(spaces, Limitation::SpacesKept);
            Authorities::by_v4_core(list)
        }
        Authority::Array(list) => Authorities::by_v4_core_from_array(list),
        Authority::Absent | Authority::Other => Authorities::none(),
    };
    found.limit_if(held.is_empty(), Limitation::NoAuthorities);
    found.limitations.extend(held.denied_at(reader));
}

/// `exp` has to be a number; 0 counts as no limit. `iat` and `nbf` count where they are numbers.
fn times(found: &mut Findings, decoded: &Decoded, now_s: i64) {
    match decoded.time("exp") {
        TimeClaim::Absent => found.refuse(Refusal::ExpMissing),
        claim => match claim.number_s() {
            None => found.refuse(Refusal::TimeNotNumber(TimeName::Exp)),
            Some(0) => found.limitations.push(Limitation::NeverExpires),
            Some(exp_s) => {
                found.refusals.extend(expired(exp_s, now_s));
                found.limit_if(looks_like_milliseconds(exp_s), Limitation::Milliseconds);
            }
        },
    }
    let lies_ahead = |name| {
        let second = decoded.time(name).number_s()?;
        ahead(second, now_s)
    };
    if let Some(by_s) = lies_ahead("iat") {
        found.refuse(Refusal::IssuedAhead { by_s });
    }
    if let Some(by_s) = lies_ahead("nbf") {
        found.refuse(Refusal::NotYetValid { by_s });
    }
}
