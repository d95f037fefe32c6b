//! A call that brought no whole answer.

use std::error::Error as StdError;
use std::io;

use crate::domain::{FailureCause, FailureKind, ReadFailure, TlsFault};
use crate::platform::retry::{Fault, Sent};
use crate::platform::wire::excerpt;

/// A call that brought no whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct TransportError {
    /// The operation.
    pub(in crate::platform) op: &'static str,
    /// Method and address; neither holds a secret.
    pub(in crate::platform) target: String,
    /// Why.
    pub(in crate::platform) fault: Fault,
    /// Whether the request may have reached the server.
    pub(in crate::platform) sent: Sent,
    /// Why, for people.
    pub(in crate::platform) cause: FailureCause,
    /// Attempts made.
    pub(in crate::platform) attempts: u32,
}

/// What one attempt failed of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AttemptError {
    pub(super) fault: Fault,
    pub(super) sent: Sent,
    pub(super) cause: FailureCause,
}

impl TransportError {
    /// The kind that the exit code and the hint are chosen by.
    pub(in crate::platform) fn kind(&self) -> FailureKind {
        match self.fault {
            Fault::Tls if self.cause.tls().is_some_and(TlsFault::is_other_protocol) => {
                FailureKind::NotWecube
            }
            Fault::Resolve
            | Fault::Refused
            | Fault::Connect
            | Fault::ConnectTimeout
            | Fault::Tls => FailureKind::Unreachable,
            Fault::FirstByteTimeout
            | Fault::IdleTimeout
            | Fault::TotalTimeout
            | Fault::Reset
            | Fault::RunOver => FailureKind::NoAnswer,
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
            cause: match error.attempts {
                0 | 1 => error.cause,
                attempts => FailureCause::Repeated {
                    cause: Box::new(error.cause),
                    attempts,
                },
            },
            target: error.target,
        }
    }
}

impl AttemptError {
    /// Nothing was sent.
    pub(super) fn unsent(fault: Fault, cause: FailureCause) -> Self {
        Self {
            fault,
            sent: Sent::No,
            cause,
        }
    }

    /// The time of the run was over before anything was sent.
    pub(super) fn run_is_over() -> Self {
        Self::unsent(Fault::RunOver, FailureCause::RunOver)
    }

    /// The request may have reached the server.
    pub(super) fn after_send(fault: Fault, cause: FailureCause) -> Self {
        Self {
            fault,
            sent: Sent::Maybe,
            cause,
        }
    }

    /// Reads what the HTTP client says of an attempt that brought no head. Only a failure to make a
    /// connection counts as not sent: everything later may have reached the server.
    pub(super) fn before_head(error: &reqwest::Error) -> Self {
        if error.is_builder() {
            let cause = FailureCause::BadRequest(root_cause(error));
            return Self::unsent(Fault::BadRequest, cause);
        }
        if error.is_connect() {
            let (fault, cause) = connect_fault(error);
            return Self::unsent(fault, cause);
        }
        if let Some(cause) = tls_cause(error) {
            return Self::after_send(Fault::Tls, cause);
        }
        let not_http = links(error).any(|link| {
            link.downcast_ref::<hyper::Error>()
                .is_some_and(hyper::Error::is_parse)
        });
        if not_http {
            return Self::after_send(Fault::Protocol, FailureCause::NotHttp);
        }
        Self::after_send(Fault::Reset, FailureCause::Broken)
    }

    /// Reads a body that broke.
    pub(super) fn in_body(received: &[u8]) -> Self {
        let begins = excerpt(&String::from_utf8_lossy(received));
        Self::after_send(Fault::Truncated, FailureCause::CutOff { begins })
    }
}

/// Why a request brought no answer.
pub(in crate::platform) fn cause_of(error: &reqwest::Error) -> FailureCause {
    AttemptError::before_head(error).cause
}

/// Which step of making a connection failed, and why.
fn connect_fault(error: &reqwest::Error) -> (Fault, FailureCause) {
    if error.is_dns() {
        return (Fault::Resolve, FailureCause::UnknownHost);
    }
    if let Some(cause) = tls_cause(error) {
        return (Fault::Tls, cause);
    }
    if error.is_timeout() {
        return (Fault::ConnectTimeout, FailureCause::ConnectTimeout);
    }
    let kind = links(error).find_map(|link| link.downcast_ref::<io::Error>().map(io::Error::kind));
    match kind {
        Some(io::ErrorKind::ConnectionRefused) => (Fault::Refused, FailureCause::PortRefused),
        Some(io::ErrorKind::TimedOut) => (Fault::ConnectTimeout, FailureCause::ConnectTimeout),
        Some(kind) if kind != io::ErrorKind::Other => {
            (Fault::Connect, FailureCause::NoConnection(kind))
        }
        _ => (
            Fault::Connect,
            FailureCause::ConnectFailed(root_cause(error)),
        ),
    }
}

fn tls_cause(error: &reqwest::Error) -> Option<FailureCause> {
    let tls = links(error).find_map(|link| link.downcast_ref::<rustls::Error>())?;
    Some(FailureCause::Tls(tls_fault(tls)))
}

fn tls_fault(error: &rustls::Error) -> TlsFault {
    use rustls::{AlertDescription as Alert, CertificateError as Bad, Error};
    match error {
        Error::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => TlsFault::Expired,
        Error::InvalidCertificate(Bad::NotValidYet | Bad::NotValidYetContext { .. }) => {
            TlsFault::NotYetValid
        }
        Error::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            TlsFault::WrongName
        }
        Error::InvalidCertificate(Bad::UnknownIssuer) => TlsFault::UnknownIssuer,
        Error::AlertReceived(
            Alert::CertificateRequired | Alert::BadCertificate | Alert::UnknownCA,
        ) => TlsFault::ClientCertificate,
        Error::AlertReceived(Alert::HandshakeFailure | Alert::ProtocolVersion)
        | Error::PeerIncompatible(_) => TlsFault::NothingInCommon,
        Error::InvalidMessage(_) => TlsFault::NotTls,
        // A certificate that signs itself and says that it is an authority.
        Error::InvalidCertificate(Bad::Other(other))
            if other.to_string().contains("CaUsedAsEndEntity") =>
        {
            TlsFault::UnknownIssuer
        }
        other => TlsFault::Other(other.to_string().escape_debug().collect()),
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
