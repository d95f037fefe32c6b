//! What a sign-in gives.

use secrecy::SecretString;
use serde::Deserialize;

use super::tolerant::Txt;

/// A token of `POST /auth/v1/api/login`. Without `Debug`: it is a secret.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct TokenDto {
    #[serde(default)]
    token_type: Txt,
    #[serde(default)]
    token: Txt,
    #[serde(default)]
    expiration: Txt,
}

impl TokenDto {
    /// The access token and when it expires; `None` for any other.
    pub(in crate::platform) fn into_access_token(self) -> Option<(SecretString, Option<String>)> {
        let Self {
            token_type: Txt(kind),
            token: Txt(token),
            expiration: Txt(expires),
        } = self;
        let is_access = kind == "accessToken" && !token.is_empty();
        is_access.then(|| {
            let expires = Some(expires).filter(|told| !told.is_empty());
            (SecretString::from(token), expires)
        })
    }
}
