//! Requests and raw answers as values, before and after IO.

use std::time::SystemTime;

/// One call, ready to send. Which address it goes to is chosen by `via` and, for portals, `portal`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::platform) struct ApiRequest {
    /// Name of the operation in errors and traces, e.g. `packages.list`.
    pub(in crate::platform) op: &'static str,
    /// Which server of the instance.
    pub(in crate::platform) via: Via,
    /// Method.
    pub(in crate::platform) method: Method,
    /// Path from the root, each segment percent-encoded where it was put in (dots kept).
    pub(in crate::platform) path: String,
    /// Query, not yet encoded.
    pub(in crate::platform) query: Vec<(&'static str, String)>,
    /// Body.
    pub(in crate::platform) body: Body,
    /// `If-None-Match`: an `ETag`, under which the answer is 304 without a body.
    pub(in crate::platform) unless: Option<String>,
    /// Whether it carries the token.
    pub(in crate::platform) token: bool,
    /// What may be done after a failure.
    pub(in crate::platform) replay: Replay,
}

/// Which server of an instance a request goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Via {
    /// platform-core.
    Core,
    /// platform-gateway.
    Gateway,
    /// The portal of that index.
    Portal(usize),
}

/// Methods that the platform's API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Method {
    /// GET
    Get,
    /// HEAD
    Head,
    /// POST
    Post,
}

/// A request's body.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::platform) enum Body {
    /// None.
    None,
    /// JSON.
    Json(serde_json::Value),
    /// A file as multipart form data.
    File {
        /// Form field.
        field: &'static str,
        /// File name told to the server.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// What may be done after a failure whose effect is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Replay {
    /// A read: sent again.
    Safe,
    /// A write that is the same when done twice: sent again.
    Idempotent,
    /// A write that is not: never sent again; the caller reads state.
    Never,
}

/// An answer before anything is concluded from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::platform) struct RawAnswer {
    /// HTTP status.
    pub(in crate::platform) status: u16,
    /// `Content-Type`, lower case, parameters kept.
    pub(in crate::platform) content_type: Option<String>,
    /// `Content-Length` as told (of HEAD too).
    pub(in crate::platform) content_length: Option<u64>,
    /// `ETag`.
    pub(in crate::platform) etag: Option<String>,
    /// `Date`.
    pub(in crate::platform) date: Option<SystemTime>,
    /// `Location`, escaped.
    pub(in crate::platform) location: Option<String>,
    /// `Retry-After` as told.
    pub(in crate::platform) retry_after: Option<String>,
    /// `X-Content-Type-Options: nosniff`: a browser then takes the type at its word.
    pub(in crate::platform) nosniff: bool,
    /// The body, whole (a cut body is a transport error, never an answer).
    pub(in crate::platform) body: Vec<u8>,
    /// The proxy that it came through.
    pub(in crate::platform) proxy: Option<String>,
}
