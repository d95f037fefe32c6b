//! What a registration is read from: its answer, and what the package looks like before and after.

use std::collections::BTreeSet;
use std::time::Duration;

use super::failure_cause::FailureCause;
use super::id::ResourceFileId;
use super::package::PackageStatus;
use super::reading::{FailureKind, ReadFailure};
use super::static_file::FilePath;

/// What came back from one registration call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterAnswer {
    /// The platform said OK. Nothing is proven yet.
    Accepted,
    /// Core itself said ERROR, or nothing was sent: the registration has ended.
    Refused(RegisterError),
    /// No answer came, or one that is not core's own: the registration may still be running.
    Lost(RegisterError),
}

/// Why a registration was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterError {
    /// Whether asking again can help.
    pub transience: Transience,
    /// What the platform or the transport said.
    pub detail: FailureCause,
    /// A key of the cause table (`explain` knows it), e.g. `ssh_password`.
    pub cause: &'static str,
    /// Whether every other plugin would fail for the same reason.
    pub shared: bool,
    /// A wait that the server asked for, capped.
    pub retry_after: Option<Duration>,
}

impl RegisterError {
    /// [`RegisterError::cause`] where the token was refused.
    pub const TOKEN_REFUSED: &'static str = "token_refused";
    /// [`RegisterError::cause`] where the token is good and not allowed to.
    pub const PERMISSION_DENIED: &'static str = "permission";
    /// [`RegisterError::cause`] where no connection could be made.
    pub const UNREACHABLE: &'static str = "unreachable";
    /// [`RegisterError::cause`] where the answer is not one of this platform's.
    pub const NOT_WECUBE: &'static str = "not_wecube";

    /// No answer came.
    pub fn lost(detail: FailureCause) -> Self {
        Self {
            transience: Transience::Ambiguous,
            detail,
            cause: "unavailable",
            shared: false,
            retry_after: None,
        }
    }

    /// The failure of a read before a registration, where every registration would meet it too.
    pub fn shared_by_all(failure: &ReadFailure) -> Option<Self> {
        let cause = match failure.kind {
            FailureKind::TokenRefused => Self::TOKEN_REFUSED,
            FailureKind::PermissionDenied => Self::PERMISSION_DENIED,
            FailureKind::Unreachable => Self::UNREACHABLE,
            FailureKind::NotWecube | FailureKind::Redirected => Self::NOT_WECUBE,
            _ => return None,
        };
        Some(Self {
            transience: Transience::Permanent,
            detail: failure.located_cause(),
            cause,
            shared: true,
            retry_after: None,
        })
    }
}

/// Whether asking again can help (`docs/platform/concurrency.md#transient-or-permanent`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transience {
    /// Overload: fewer in flight, and again.
    Overload,
    /// A host or service does not answer: too much at once, a short outage, or a fault that stays.
    /// Time settles it.
    Away,
    /// Overload or a fault that stays (exit status 1 or 255): once more, alone, settles it.
    Ambiguous,
    /// It stays so until a person does something.
    Permanent,
}

/// What a package looks like to `packages` and `resource-files` at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageState {
    /// Status.
    pub status: PackageStatus,
    /// `uploadTimestamp`.
    pub uploaded: Option<String>,
    /// `updatedTime`.
    pub updated_time: Option<String>,
    /// `uiActive`.
    pub ui_active: Option<bool>,
    /// Ids of its rows in `resource-files`.
    pub file_rows: BTreeSet<ResourceFileId>,
    /// The paths of those rows that a browser loads.
    pub pages: BTreeSet<FilePath>,
}
