//! TCP connection attempts.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use crate::i18n::{Text, io_message};
use crate::names::addresses_blocking;

/// Why a connection failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectFailure {
    /// The name does not resolve to an address.
    UnknownHost,
    /// The address has no port.
    NoPort,
    /// The operating system refused, or nobody answered.
    Io(io::ErrorKind),
}

impl ConnectFailure {
    /// The cause in the reader's language.
    pub fn message(&self) -> Text {
        match self {
            Self::UnknownHost => Text::new("deploy-connect-unknown-host"),
            Self::NoPort => Text::new("deploy-connect-no-port"),
            Self::Io(kind) => io_message(&io::Error::from(*kind)),
        }
    }
}

/// Whether a host name has an address.
pub fn resolves(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    addresses_blocking(host).is_ok()
}

/// Connects to the first address of a host that answers, and disconnects.
pub fn connect(host: &str, port: u16, timeout: Duration) -> Result<(), ConnectFailure> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let addresses = addresses_blocking(host).map_err(|_| ConnectFailure::UnknownHost)?;
    let mut last = ConnectFailure::UnknownHost;
    for address in addresses {
        match TcpStream::connect_timeout(&(address, port).into(), timeout) {
            Ok(_) => return Ok(()),
            Err(error) => last = ConnectFailure::Io(error.kind()),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connect_succeeds_on_a_listener_and_names_the_refusal_of_a_closed_port() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(connect("127.0.0.1", port, Duration::from_secs(5)), Ok(()));
        let failure = connect("127.0.0.1", 1, Duration::from_secs(5)).unwrap_err();
        assert_eq!(
            failure,
            ConnectFailure::Io(io::ErrorKind::ConnectionRefused)
        );
    }
}
