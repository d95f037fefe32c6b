//! A call that brought no whole answer.

use std::error::Error as StdError;
use std::io;

use crate::domain::{FailureKind, ReadFailure};
use crate::platform::retry::{Fault, Sent};
use crate::platform::wire::excerpt;

/// A call that brought no whole answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{op} ({target}): {detail}")]
pub(in crate::platform) struct TransportError {
    /// The operation.
    pub(in crate::platform) op: &'static str,
    /// Method and address; neither holds a secret.
    pub(in crate::platform) target: String,
    /// Why.
    pub(in crate::platform) fault: Fault,
    /// Whether the request may have reached the server.
    pub(in crate::platform) sent: Sent,
    /// One line of words.
    pub(in crate::platform) detail: String,
    /// Attempts made.
    pub(in crate::platform) attempts: u32,
}

/// What one attempt failed of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AttemptError {
    pub(super) fault: Fault,
    pub(super) sent: Sent,
    pub(super) detail: String,
}

impl TransportError {
    /// The kind that the exit code and the hint are chosen by.
    pub(in crate::platform) fn kind(&self) -> FailureKind {
        match self.fault {
            Fault::Resolve
            | Fault::Refused
            | Fault::Connect
            | Fault::ConnectTimeout
            | Fault::Tls => FailureKind::Unreachable,
            Fault::FirstByteTimeout | Fault::IdleTimeout | Fault::TotalTimeout | Fault::Reset => {
                FailureKind::NoAnswer
            }
            // A cut answer is no WeCube platform's: those come whole (`docs/cli.md`, exit code 22).
            Fault::Truncated | Fault::Protocol => FailureKind::NotWecube,
            Fault::TooLarge => FailureKind::TooLarge,
            Fault::NoToken | Fault::BadRequest => FailureKind::NotAsked,
        }
    }
}

impl From<TransportError> for ReadFailure {
    fn from(error: TransportError) -> Self {
        let kind = error.kind();
        Self {
            kind,
            operation: error.op,
            detail: match error.attempts {
                0 | 1 => error.detail,
                tries => format!("{} (tried {tries} times)", error.detail),
            },
            target: error.target,
        }
    }
}

impl AttemptError {
    /// Nothing was sent.
    pub(super) fn unsent(fault: Fault, detail: impl Into<String>) -> Self {
        Self {
            fault,
            sent: Sent::No,
            detail: detail.into(),
        }
    }

    /// The request may have reached the server.
    pub(super) fn after_send(fault: Fault, detail: impl Into<String>) -> Self {
        Self {
            fault,
            sent: Sent::Maybe,
            detail: detail.into(),
        }
    }

    /// Reads what the HTTP client says of an attempt that brought no head. Only a failure to make a
    /// connection counts as not sent: everything later may have reached the server.
    pub(super) fn before_head(error: &reqwest::Error) -> Self {
        let cause = root_cause(error);
        if error.is_builder() {
            return Self::unsent(Fault::BadRequest, cause);
        }
        if error.is_connect() {
            let fault = connect_fault(error);
            let words = match fault {
                Fault::Resolve => format!("the name is not known: {cause}"),
                Fault::Refused => "the port refuses the connection".to_owned(),
                Fault::ConnectTimeout => "no connection in time".to_owned(),
                Fault::Tls => format!("TLS failed: {cause}"),
                _ => format!("no connection: {cause}"),
            };
            return Self::unsent(fault, words);
        }
        let not_http = links(error).any(|link| {
            link.downcast_ref::<hyper::Error>()
                .is_some_and(hyper::Error::is_parse)
        });
        if not_http {
            return Self::after_send(Fault::Protocol, format!("not an HTTP answer: {cause}"));
        }
        Self::after_send(
            Fault::Reset,
            format!("the connection broke before the answer: {cause}"),
        )
    }

    /// Reads what the HTTP client says of a body that broke.
    pub(super) fn in_body(error: &reqwest::Error, received: &[u8]) -> Self {
        let cause = root_cause(error);
        let begins = excerpt(&String::from_utf8_lossy(received));
        Self::after_send(
            Fault::Truncated,
            format!("the answer broke off ({cause}) after: {begins}"),
        )
    }
}

/// Which step of making a connection failed.
fn connect_fault(error: &reqwest::Error) -> Fault {
    if error.is_dns() {
        return Fault::Resolve;
    }
    if links(error).any(<dyn StdError>::is::<rustls::Error>) {
        return Fault::Tls;
    }
    if error.is_timeout() {
        return Fault::ConnectTimeout;
    }
    let kind = links(error).find_map(|link| link.downcast_ref::<io::Error>().map(io::Error::kind));
    match kind {
        Some(io::ErrorKind::ConnectionRefused) => Fault::Refused,
        Some(io::ErrorKind::TimedOut) => Fault::ConnectTimeout,
        _ => Fault::Connect,
    }
}

/// The error and all that it was caused by. What an `io::Error` wraps is visited too: its own
/// `source` leaves that out.
fn links<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&link| {
        let wrapped = link
            .downcast_ref::<io::Error>()
            .and_then(|error| error.get_ref());
        match wrapped {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => link.source(),
        }
    })
}

/// The innermost cause on one line: the outer ones only say that a request failed, and name an
/// address that the caller names already.
fn root_cause(error: &reqwest::Error) -> String {
    let words = links(error).last().unwrap_or(error).to_string();
    words.escape_debug().collect()
}
