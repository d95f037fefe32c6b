//! Static files of plugins, as the portals serve them.

use std::fmt;
use std::sync::Arc;

use super::failure_cause::FailureCause;
use crate::i18n::Text;

/// Path of a static file from a portal's root, e.g. `/ui-resources/monitor/v2.0.7/plugin/js/a.js`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(Arc<str>);

impl FilePath {
    /// Wraps the path as `resource-files` gave it.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
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

    /// The first directory: what the static resource path of the core that wrote the row ends in.
    pub fn root(&self) -> Option<&str> {
        let root = self.0.trim_start_matches('/').split('/').next();
        root.filter(|root| !root.is_empty())
    }

    /// Whether it is in another folder than the one that portals serve: the static resource path of the
    /// core that wrote the row ends in another one (`docs/platform/portal.md#static-path`).
    pub fn is_misplaced(&self) -> bool {
        self.root() != Some("ui-resources")
    }

    /// The directory of a package and version: `/ui-resources/NAME/VERSION`.
    pub fn package_directory(&self) -> &str {
        let end = self
            .0
            .match_indices('/')
            .nth(3 - usize::from(!self.0.starts_with('/')));
        &self.0[..end.map_or(self.0.len(), |(at, _)| at)]
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
        /// The type told; empty if none.
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

/// What an answer says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileVerdict {
    /// A browser gets it.
    Served,
    /// It is not there, or is not the file: a registration can cure that.
    Missing,
    /// Nothing is known of the file: something refused, redirected or failed before it was looked for.
    Unknown,
}

impl FileState {
    /// The one judgement of an answer.
    pub fn verdict(&self) -> FileVerdict {
        match self {
            Self::Served(_) => FileVerdict::Served,
            Self::Missing | Self::NotAScript { .. } | Self::Empty => FileVerdict::Missing,
            Self::Forbidden | Self::Unexpected { .. } | Self::Unknown { .. } => {
                FileVerdict::Unknown
            }
        }
    }

    /// The answer as a phrase.
    pub fn text(&self) -> Text {
        match self {
            Self::Served(file) => match file.length {
                Some(length) => Text::new("apply-page-served").with("length", length),
                None => Text::new("apply-page-served-unmeasured"),
            },
            Self::Missing => Text::new("apply-page-missing"),
            Self::Forbidden => Text::new("apply-page-forbidden"),
            Self::NotAScript { content_type } if content_type.is_empty() => {
                Text::new("apply-page-untyped")
            }
            Self::NotAScript { content_type } => {
                Text::new("apply-page-not-a-script").with("content_type", content_type)
            }
            Self::Empty => Text::new("apply-page-empty"),
            Self::Unexpected { status } => {
                Text::new("apply-page-unexpected").with("status", status)
            }
            Self::Unknown { cause } => {
                Text::new("apply-page-unknown").nested("cause", cause.message())
            }
        }
    }

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
