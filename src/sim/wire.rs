//! Requests and answers inside the simulator, and the envelopes of both generations
//! (`docs/platform/answers.md#envelope`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Which instance of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SideName {
    /// The one that is upgraded to.
    New,
    /// The one that is upgraded from.
    Old,
}

impl SideName {
    /// `new` or `old`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Old => "old",
        }
    }
}

/// Through which door a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// platform-core's own port.
    Core,
    /// platform-gateway.
    Gateway,
    /// A portal's nginx.
    Portal,
    /// The listener that a redirect fault points to; a token that arrives here has leaked.
    Foreign,
}

/// A request, read whole.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// Which instance it was sent to.
    pub side: SideName,
    /// Through which door.
    pub via: Via,
    /// Which of the side's portals, when `via` is one.
    pub portal: usize,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path, percent-decoded.
    pub path: String,
    /// Query, as sent.
    pub query: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The `If-None-Match` header.
    pub if_none_match: Option<String>,
    /// The `Host` header.
    pub host: String,
    /// The `Content-Type` header.
    pub content_type: String,
    /// Body.
    pub body: Vec<u8>,
}

impl Request {
    /// A parameter of the query (values in use are plain words: no decoding).
    pub(super) fn query_value(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }
}

/// What becomes of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Delivery {
    /// The answer arrives whole.
    Whole,
    /// The connection is closed before a byte of the answer.
    Closed,
    /// The length is announced in full and the connection closed half way.
    Truncated,
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers beside `Content-Length` (and `Date`, unless given here).
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// For HEAD: the length that the header announces while no body is sent.
    pub head_length: Option<u64>,
    /// How it is delivered.
    pub delivery: Delivery,
}

impl Answer {
    /// An answer with a content type and a body.
    pub(super) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.into(),
            head_length: None,
            delivery: Delivery::Whole,
        }
    }

    /// v4's JSON (`application/json; charset=utf-8`).
    pub(super) fn v4_json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    /// v3's JSON (`application/json`).
    pub(super) fn v3_json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// An HTML page.
    pub(super) fn html(status: u16, body: &str) -> Self {
        Self::new(status, "text/html", body)
    }

    /// No answer at all.
    pub(super) fn closed() -> Self {
        Self {
            delivery: Delivery::Closed,
            ..Self::new(200, "text/plain", "")
        }
    }

    /// The same with one more header, replacing one of that name.
    #[must_use]
    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with another HTTP status.
    #[must_use]
    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same without that header.
    #[must_use]
    pub(super) fn without_header(mut self, name: &str) -> Self {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }
}

/// v4's plain-text 404: an unknown path of core, and everything the gateway cannot reach.
pub(super) fn v4_not_found() -> Answer {
    Answer::new(404, "text/plain", "404 page not found")
}

/// v4's OK.
pub(super) fn v4_ok(data: &Value) -> Answer {
    Answer::v4_json(
        200,
        &json!({"code": 0, "status": "OK", "message": "", "data": data}),
    )
}

/// v4's business error: HTTP 200, no `data`.
pub(super) fn v4_error(code: i64, message: &str) -> Answer {
    Answer::v4_json(
        200,
        &json!({"code": code, "status": "ERROR", "message": message}),
    )
}

/// v4's panic: HTTP 500, code −2.
pub(super) fn v4_panic() -> Answer {
    Answer::v4_json(500, &json!({"code": -2, "status": "ERROR", "message": ""}))
}

/// v3's OK.
pub(super) fn v3_ok(data: &Value) -> Answer {
    Answer::v3_json(
        200,
        &json!({"status": "OK", "message": "Success", "data": data}),
    )
}

/// v3's business error: HTTP 200, `data` null.
pub(super) fn v3_error(message: &str) -> Answer {
    Answer::v3_json(
        200,
        &json!({"status": "ERROR", "message": message, "data": null}),
    )
}

/// v3's 401: one text for every bad token (another for a bad password), no Content-Type
/// (`no-token.json`, `login-bad-password.json`).
pub(super) fn v3_unauthenticated(text: &str) -> Answer {
    v3_error(text)
        .without_header("Content-Type")
        .header(
            "WWW-Authenticate",
            &format!(
                "Bearer realm=\"Central Authentication Server\";profile=\"JWT\";error=\"{text}\";"
            ),
        )
        .with_status(401)
}
