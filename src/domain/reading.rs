//! What was read, or why it could not be.

use std::fmt;

/// A fact of an instance that was read, or could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading<T> {
    /// The instance told it.
    Known(T),
    /// It could not be read; nothing may be concluded from that.
    Unknown(ReadFailure),
}

impl<T> Reading<T> {
    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// The value, or why there is none.
    pub fn as_result(&self) -> Result<&T, &ReadFailure> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Unknown(failure) => Err(failure),
        }
    }

    /// The cause, where it is not known.
    pub fn failure(&self) -> Option<&ReadFailure> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(failure) => Some(failure),
        }
    }
}

impl<T> From<Result<T, ReadFailure>> for Reading<T> {
    fn from(result: Result<T, ReadFailure>) -> Self {
        match result {
            Ok(value) => Self::Known(value),
            Err(failure) => Self::Unknown(failure),
        }
    }
}

/// Why something could not be read (or done), in a form that the exit code and a hint can be
/// chosen by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFailure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// The operation, e.g. `packages.list`.
    pub operation: &'static str,
    /// What was asked: method and address without secrets.
    pub target: String,
    /// The platform's own words or the transport's, escaped, one line; may be empty.
    pub detail: String,
}

impl fmt::Display for ReadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.operation, self.target, self.detail)
    }
}

/// Kinds of failure of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// No connection: refused, no route, name not known, TLS.
    Unreachable,
    /// Connected, but no (whole) answer in time, or the connection broke.
    NoAnswer,
    /// 401: the token was refused.
    TokenRefused,
    /// Authenticated, but not allowed (HTTP 200 `Access is denied`, 20000041, 403).
    PermissionDenied,
    /// Answers, but not as a `WeCube` platform.
    NotWecube,
    /// A redirect; it is never followed.
    Redirected,
    /// This version does not have the endpoint (a framework's own 404).
    EndpointAbsent,
    /// A framework's own 5xx, or a panic.
    ServerError,
    /// The platform said `status: ERROR`.
    Refused,
    /// The body is over the cap or too deep.
    TooLarge,
    /// This version cannot do it; it was not asked.
    NotSupported,
    /// It was not asked because something before it failed, or the run ended.
    NotAsked,
}

impl FailureKind {
    /// Whether a write that failed so may have reached the platform all the same, so that state must be
    /// read before anything is concluded or sent again.
    pub fn may_have_arrived(self) -> bool {
        match self {
            Self::NoAnswer | Self::ServerError | Self::NotWecube | Self::TooLarge => true,
            Self::Unreachable
            | Self::TokenRefused
            | Self::PermissionDenied
            | Self::Redirected
            | Self::EndpointAbsent
            | Self::Refused
            | Self::NotSupported
            | Self::NotAsked => false,
        }
    }
}
