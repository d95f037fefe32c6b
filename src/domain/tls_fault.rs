//! Why TLS was not agreed on, or cannot be set up.

use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;

/// Why TLS was not agreed on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlsFault {
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is for another name.
    WrongName,
    /// Nobody who is trusted signed the certificate.
    UnknownIssuer,
    /// The server wants a client certificate, or refuses the one that it got.
    ClientCertificate,
    /// No version or cipher in common.
    NothingInCommon,
    /// The server does not speak TLS.
    NotTls,
    /// The server speaks TLS, and the address is `http`.
    OnlyTls,
    /// Another reason, in the library's words.
    Other(String),
}

/// Why TLS cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlsSetupFault {
    /// The PEM file holds no certificate.
    NoCertificate,
    /// A certificate of the PEM file cannot be read.
    BadCertificate {
        /// Which one, from 1.
        number: usize,
        /// Why, in the library's words.
        reason: String,
    },
    /// The client's certificate or its key cannot be read, or they do not belong together.
    ClientCertificate,
    /// The system has no authorities, or the parts do not fit; in the library's words.
    Setup(String),
}

impl Failure for TlsSetupFault {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        match self {
            Self::NoCertificate => Text::new("tls-no-certificate"),
            Self::BadCertificate { number, reason } => Text::new("tls-bad-certificate")
                .with("number", number)
                .with("reason", reason),
            Self::ClientCertificate => Text::new("tls-client-certificate"),
            Self::Setup(reason) => Text::new("tls-setup").with("reason", reason),
        }
    }
}

impl TlsFault {
    /// What resolves it, for a server at this address.
    pub fn hint(&self, address: &str) -> Option<Text> {
        let origin = |scheme: &str| {
            let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
            let host = rest.split('/').next().unwrap_or_default();
            format!("{scheme}://{host}")
        };
        Some(match self {
            Self::UnknownIssuer => Text::new("tls-hint-authority"),
            Self::ClientCertificate => Text::new("tls-hint-client-certificate"),
            Self::NotTls => Text::new("tls-hint-address").with("address", origin("http")),
            Self::OnlyTls => Text::new("tls-hint-address").with("address", origin("https")),
            _ => return None,
        })
    }

    /// Whether one speaks TLS and the other does not.
    pub fn is_other_protocol(&self) -> bool {
        matches!(self, Self::NotTls | Self::OnlyTls)
    }

    /// The cause, in the reader's language.
    pub fn message(&self) -> Text {
        match self {
            Self::Expired => Text::new("cause-tls-expired"),
            Self::NotYetValid => Text::new("cause-tls-not-yet-valid"),
            Self::WrongName => Text::new("cause-tls-wrong-name"),
            Self::UnknownIssuer => Text::new("cause-tls-unknown-issuer"),
            Self::ClientCertificate => Text::new("cause-tls-client-certificate"),
            Self::NothingInCommon => Text::new("cause-tls-nothing-in-common"),
            Self::NotTls => Text::new("cause-tls-not-tls"),
            Self::OnlyTls => Text::new("cause-tls-only-tls"),
            Self::Other(words) => Text::new("cause-said").with("words", words),
        }
    }
}
