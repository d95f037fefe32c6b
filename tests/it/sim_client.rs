//! A plain client for the simulator's own tests: it shares no code with `platform`, and signs its
//! tokens with another library.

#![cfg(feature = "sim")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_URL_SAFE_NO_PAD,
};
use reqwest::{Client, Method, Response};
use ring::hmac;
use serde_json::{Value, json};

/// The authorities that pass everywhere (`docs/platform/tokens.md#required-authorities`).
pub(crate) const ADMIN: &str = "[SUPER_ADMIN,ADMIN_SYSTEM_PARAMS,ADMIN_RESOURCES_MANAGEMENT,COLLABORATION_PLUGIN_MANAGEMENT,ADMIN_USER_ROLE_MANAGEMENT]";

/// The default seed as bytes.
pub(crate) fn key(seed: &str) -> Vec<u8> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    GeneralPurpose::new(&STANDARD, lenient)
        .decode(seed)
        .unwrap()
}

/// Claims of an administrator's access token.
pub(crate) fn claims() -> Value {
    let now = jiff::Timestamp::now().as_second();
    json!({"sub": "admin", "iat": now - 60, "exp": now + 600, "type": "accessToken",
           "clientType": "USER", "authority": ADMIN})
}

/// A token of these claims, signed with these bytes.
pub(crate) fn signed(claims: &Value, key: &[u8]) -> String {
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encode(&json!({"alg": "HS512"})), encode(claims));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, key), message.as_bytes());
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag.as_ref()))
}

/// An `Authorization` header that is valid everywhere.
pub(crate) fn valid() -> String {
    format!(
        "Bearer {}",
        signed(&claims(), &key(wecubectl::sim::DEFAULT_SEED))
    )
}

/// A client that follows no redirects.
pub(crate) fn client() -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// Sends a request with a valid token.
pub(crate) async fn send(
    client: &Client,
    method: Method,
    url: String,
    body: Option<&Value>,
) -> reqwest::Result<Response> {
    let mut request = client.request(method, url).header("Authorization", valid());
    if let Some(body) = body {
        request = request.json(body);
    }
    request.send().await
}

/// GETs JSON with a valid token.
pub(crate) async fn get(client: &Client, url: String) -> Value {
    let answer = send(client, Method::GET, url, None).await.unwrap();
    answer.json().await.unwrap()
}

/// POSTs JSON with a valid token and reads JSON.
pub(crate) async fn post(client: &Client, url: String, body: Option<&Value>) -> Value {
    let answer = send(client, Method::POST, url, body).await.unwrap();
    answer.json().await.unwrap()
}

/// The HTTP status of a file on a portal.
pub(crate) async fn status(client: &Client, url: String) -> u16 {
    client.head(url).send().await.unwrap().status().as_u16()
}
