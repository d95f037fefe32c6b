//! Static files of plugins, as the portals serve them.

use std::fmt;

use super::failure_cause::FailureCause;

/// Path of a static file from a portal's root, e.g. `/ui-resources/monitor/v2.0.7/plugin/js/a.js`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(String);

impl FilePath {
    /// Wraps the path as `resource-files` gave it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The path as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a browser loads it: the portal takes each path that contains `.js` or `.css`
    /// (`docs/platform/portal.md#how-the-portal-loads-a-plugin`); of these we ask the ones that end so, since maps and
    /// compressed copies are not pages.
    pub fn is_script_or_style(&self) -> bool {
        let path = self.0.split(['?', '#']).next().unwrap_or_default();
        std::path::Path::new(path)
            .extension()
            .is_some_and(|ext| ext.eq_ignore_ascii_case("js") || ext.eq_ignore_ascii_case("css"))
    }

    /// The version directory that the path names: `/ui-resources/NAME/VERSION/…`.
    pub fn version_directory(&self) -> Option<&str> {
        self.0.trim_start_matches('/').split('/').nth(2)
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What one portal answered for one static file.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum FileState {
    /// 200 with a fitting type and a length above zero.
    Served(ServedFile),
    /// 404.
    Missing,
    /// 403.
    Forbidden,
    /// 200, but HTML or another type.
    NotAScript {
        /// The type told; empty where none.
        content_type: String,
    },
    /// 200 with no bytes.
    Empty,
    /// A redirect, a 5xx, anything else that is an answer.
    Unexpected {
        /// HTTP status.
        status: u16,
    },
    /// No answer: nothing is known.
    Unknown {
        /// Why there is none.
        cause: FailureCause,
    },
}

impl FileState {
    /// The code of the state, as in the causes of hidden pages (`docs/cli.md`).
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// A file that a portal serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedFile {
    /// Length in bytes, where told (or counted with `--deep`).
    pub length: Option<u64>,
    /// `ETag`, where told.
    pub etag: Option<String>,
    /// SHA-256 of the bytes in hex, with `--deep` only.
    pub digest: Option<String>,
}
