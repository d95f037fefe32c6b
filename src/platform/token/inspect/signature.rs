//! Whether a signature is by a given key.

use jsonwebtoken::{Algorithm, DecodingKey, crypto};

use super::decode::Decoded;
use crate::platform::token::key::SigningKey;

/// The algorithms that both generations accept (`docs/platform/tokens.md#algorithms`).
pub(super) fn algorithm(decoded: &Decoded) -> Option<Algorithm> {
    match decoded.algorithm.as_deref() {
        Some("HS256") => Some(Algorithm::HS256),
        Some("HS384") => Some(Algorithm::HS384),
        Some("HS512") => Some(Algorithm::HS512),
        _ => None,
    }
}

/// Compares a signature; `None` if it is not of a kind that a seed makes. One that does not even
/// decode is by no key.
pub(super) fn is_by(token: &str, decoded: &Decoded, key: &SigningKey) -> Option<bool> {
    let algorithm = algorithm(decoded)?;
    let (message, signature) = token.rsplit_once('.')?;
    let signature = signature.trim_end_matches('=');
    let key = DecodingKey::from_secret(key.expose());
    Some(crypto::verify(signature, message.as_bytes(), &key, algorithm).unwrap_or(false))
}
