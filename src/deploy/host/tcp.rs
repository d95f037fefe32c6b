//! Whether a host takes a TCP connection.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

/// Connects and hangs up. The error is the system's word, or that the name is not known.
pub fn connects(host: &str, port: u16, timeout: Duration) -> Result<(), String> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut last = "no address".to_owned();
    let addresses = (host, port)
        .to_socket_addrs()
        .map_err(|error| error.to_string())?;
    for address in addresses {
        match TcpStream::connect_timeout(&address, timeout) {
            Ok(_) => return Ok(()),
            Err(error) => last = error.to_string(),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_connects_and_a_closed_port_says_why() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(connects("127.0.0.1", port, Duration::from_secs(5)), Ok(()));
        drop(listener);
        let why = connects("127.0.0.1", port, Duration::from_secs(5)).unwrap_err();
        assert!(why.contains("refused"), "{why}");
    }
}
