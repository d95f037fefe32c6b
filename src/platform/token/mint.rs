//! Signing a token.

use std::time::SystemTime;

use jsonwebtoken::{Algorithm, EncodingKey, Header};

use super::claims::{Claims, Identity};
use super::clock::unix_ms;
use super::key::SigningKey;
use crate::domain::FailureCause;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::secret::Secret;

/// A token and its claims. It has no `Debug`: the token opens the platform while it lives.
pub struct MintedToken {
    /// The token, without `Bearer`.
    pub token: Secret,
    /// What it says.
    pub claims: Claims,
}

crate::secret::assert_not_implemented!(MintedToken: std::fmt::Debug, std::fmt::Display, serde::Serialize);

/// Why no token could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MintError {
    /// Signing failed.
    Signing {
        /// The library's words.
        cause: String,
    },
    /// The token does not fit a header line.
    NoHeader,
}

impl From<MintError> for FailureCause {
    fn from(error: MintError) -> Self {
        match error {
            MintError::Signing { cause } => Self::TokenNotSigned(cause),
            MintError::NoHeader => Self::TokenUnsendable,
        }
    }
}

/// Makes a token for that moment of the server's time, signed with HS512 as the platform's own are
/// (`docs/platform/tokens.md#token-rules`).
pub fn mint(
    key: &SigningKey,
    identity: &Identity,
    server_now: SystemTime,
) -> Result<MintedToken, MintError> {
    let now_s = unix_ms(server_now).unwrap_or_default().div_euclid(1000);
    let claims = Claims::at(identity, now_s);
    let header = Header::new(Algorithm::HS512);
    let signing = EncodingKey::from_secret(key.expose());
    let token = jsonwebtoken::encode(&header, &claims.payload(), &signing).map_err(|error| {
        MintError::Signing {
            cause: error.to_string(),
        }
    })?;
    Ok(MintedToken {
        token: Secret::new(token),
        claims,
    })
}

impl Failure for MintError {
    fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn message(&self) -> Text {
        match self {
            Self::Signing { cause } => Text::new("token-mint-failed").with("cause", cause),
            Self::NoHeader => Text::new("token-mint-no-header"),
        }
    }
}
