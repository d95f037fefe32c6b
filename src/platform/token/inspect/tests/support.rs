//! Tokens for tests. They are put together by hand, not by the code under test.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::platform::token::inspect::{Inspection, ReaderVerdict, TokenReader, inspect};
use crate::platform::token::{DEFAULT_SEED, SigningKey, v4_key};
use crate::secret::Secret;

pub(super) const NOW: i64 = 1_800_000_000;

pub(super) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs())
}

pub(super) fn key() -> SigningKey {
    v4_key(&Secret::new(DEFAULT_SEED)).ok().unwrap()
}

/// The claims of a token that passes everywhere with nothing denied.
pub(super) fn good() -> Value {
    json!({
        "sub": "admin", "iat": NOW - 60, "exp": NOW + 120,
        "type": "accessToken", "clientType": "USER",
        "authority": "[SUPER_ADMIN,ADMIN_SYSTEM_PARAMS,ADMIN_RESOURCES_MANAGEMENT,\
                      COLLABORATION_PLUGIN_MANAGEMENT,ADMIN_USER_ROLE_MANAGEMENT]",
    })
}

/// The good claims with one changed, or taken away.
pub(super) fn with(name: &str, value: Option<Value>) -> Value {
    let mut claims = good();
    match value {
        Some(value) => claims[name] = value,
        None => {
            claims.as_object_mut().unwrap().remove(name);
        }
    }
    claims
}

/// A token with these claims, signed by ring with the default seed's key.
pub(super) fn token(claims: &Value) -> String {
    signed(
        &json!({"alg": "HS512"}).to_string(),
        &claims.to_string(),
        b"",
    )
}

/// A token of any header and payload; an empty key stands for the default seed's.
pub(super) fn signed(header: &str, payload: &str, with: &[u8]) -> String {
    let bytes = if with.is_empty() {
        key().expose().to_vec()
    } else {
        with.to_vec()
    };
    let hmac = ring::hmac::Key::new(ring::hmac::HMAC_SHA512, &bytes);
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let signature = ring::hmac::sign(&hmac, message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// What is said of `Bearer` and a token with these claims.
pub(super) fn inspected(claims: &Value) -> Inspection {
    inspect(&format!("Bearer {}", token(claims)), now(), Some(&key()))
}

pub(super) fn verdict(inspection: &Inspection, reader: TokenReader) -> &ReaderVerdict {
    inspection
        .verdicts
        .iter()
        .find(|verdict| verdict.reader == reader)
        .unwrap()
}
