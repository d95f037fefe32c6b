//! The way through a token: what stands before it, what is in it, whose it is, who takes it.

use std::time::SystemTime;

use super::model::Inspection;
use super::{decode, prefix, rules, signature};
use crate::platform::token::clock::unix_ms;
use crate::platform::token::key::SigningKey;

/// Takes a token apart without trusting it, and judges it as each component would at that time of
/// the server's. With a key it also says whether the signature is by that key. Any text may be
/// given; what is not a token is never shown again.
pub fn inspect(text: &str, server_now: SystemTime, key: Option<&SigningKey>) -> Inspection {
    let now_s = unix_ms(server_now).unwrap_or_default().div_euclid(1000);
    let (prefix, token) = prefix::split_prefix(text);
    let decoded = decode::decode(token);
    let signed_by_key = match (&decoded, key) {
        (Ok(decoded), Some(key)) => signature::is_by(token, decoded, key),
        _ => None,
    };
    let verdicts = rules::judge_all(&rules::Case {
        prefix,
        decoded: &decoded,
        signed_by_key,
        now_s,
    });
    let (malformed, algorithm, claims) = match decoded {
        Err(malformed) => (Some(malformed), None, Vec::new()),
        Ok(decoded) => (
            None,
            decoded.algorithm,
            decoded.claims.into_iter().collect(),
        ),
    };
    Inspection {
        prefix,
        malformed,
        algorithm,
        claims,
        signed_by_key,
        verdicts,
    }
}
