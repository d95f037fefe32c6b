//! What is asked of portals and plugins, with a token only if that is the question.

use std::fmt;

use super::path::{PathBuilder, encode};
use super::system::get;
use crate::domain::{FilePath, FilePathFault, PluginName};
use crate::platform::request::{ApiRequest, Method, Via};

/// A path of a static file that may be asked of a portal: it begins at the portal's root and leads
/// to no other server.
///
/// The text comes from the platform's database. A browser would load `//host/x.js` or
/// `http://host/x.js` from that host, and so would a careless client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct ProbePath(String);

impl ProbePath {
    /// Checks a path and encodes it as a browser does: what follows `?` or `#` is left out, `%` stays,
    /// spaces and what is not ASCII are encoded.
    pub(in crate::platform) fn new(path: &FilePath) -> Result<Self, FilePathFault> {
        let text = path.as_str();
        if text.chars().any(char::is_control) {
            return Err(FilePathFault::Control);
        }
        let text = text.split(['?', '#']).next().unwrap_or_default();
        if text.is_empty() {
            return Err(FilePathFault::Empty);
        }
        if !text.starts_with('/') {
            return Err(FilePathFault::NotFromRoot);
        }
        if text.starts_with("//") || text.starts_with("/\\") {
            return Err(FilePathFault::OtherHost);
        }
        if text.contains('\\') || text.to_ascii_lowercase().contains("%5c") {
            return Err(FilePathFault::Backslash);
        }
        if text.split('/').any(is_dot_segment) {
            return Err(FilePathFault::DotSegment);
        }
        Ok(Self(encode_like_a_browser(text)))
    }

    /// The path, ready to be sent.
    pub(in crate::platform) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProbePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

fn is_dot_segment(segment: &str) -> bool {
    let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
    // An encoded slash would hide a dot segment from the split.
    decoded.split("%2f").any(|part| part == "." || part == "..")
}

fn encode_like_a_browser(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic()
            && !matches!(byte, b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}')
        {
            path.push(char::from(byte));
        } else {
            encode(&mut path, byte);
        }
    }
    path
}

/// The path of a static file that nobody has.
pub(in crate::platform) fn invented_file(root: &str) -> String {
    format!("/{root}/wecubectl-{:016x}/none.js", fastrand::u64(..))
}

/// How a static file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum StaticMethod {
    /// Headers only.
    Head,
    /// With the bytes.
    Get,
}

/// A static file, from the portal of that index.
pub(in crate::platform) fn static_file(
    portal: usize,
    path: &ProbePath,
    method: StaticMethod,
) -> ApiRequest {
    let method = match method {
        StaticMethod::Head => Method::Head,
        StaticMethod::Get => Method::Get,
    };
    ApiRequest {
        method,
        ..get(
            "static.file",
            Via::Portal(portal),
            path.as_str().to_owned(),
            false,
        )
    }
}

/// A static file, unless it is still the one of that `ETag`: then 304 without a body.
pub(in crate::platform) fn static_file_unless(
    portal: usize,
    path: &ProbePath,
    etag: String,
) -> ApiRequest {
    ApiRequest {
        unless: Some(etag),
        ..static_file(portal, path, StaticMethod::Get)
    }
}

/// A plugin's context, through the gateway. The trailing slash is needed: both gateways match
/// `/NAME/…` (v3: the pattern `/NAME/**`; v4: the first segment of the address).
pub(in crate::platform) fn plugin_context(name: &PluginName) -> ApiRequest {
    let path = PathBuilder::new("/")
        .segment(name.as_str())
        .literal("/")
        .finish();
    get("plugin.reach", Via::Gateway, path, false)
}

/// The same with a token, as a page of the plugin asks: whether it takes tokens of this seed.
pub(in crate::platform) fn plugin_context_with_token(name: &PluginName) -> ApiRequest {
    ApiRequest {
        op: "plugin.token",
        token: true,
        ..plugin_context(name)
    }
}
