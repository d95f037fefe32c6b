//! A connection of our own to a plugin's instance: no token, no platform, one small request.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::domain::PortProbe;
use crate::names::socket_addresses;

/// Longest wait for the connection, and then for an answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// Most bytes of an answer that are looked at.
const ENOUGH: u64 = 4096;

/// Knocks at `host:port` and asks for `path`.
pub(super) async fn probe_port(host: &str, port: u16, path: &str) -> PortProbe {
    let connecting = async {
        let addresses = socket_addresses(host, port).await?;
        TcpStream::connect(&*addresses).await
    };
    let mut stream = match timeout(PATIENCE, connecting).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
            return PortProbe::Refused;
        }
        Ok(Err(error)) => {
            return PortProbe::NoConnection(error.kind());
        }
        Err(_) => return PortProbe::Timeout,
    };
    match timeout(PATIENCE, ask(&mut stream, host, port, path)).await {
        Ok(Ok(bytes)) => read(&bytes),
        _ => PortProbe::Open,
    }
}

async fn ask(stream: &mut TcpStream, host: &str, port: u16, path: &str) -> io::Result<Vec<u8>> {
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: wecubectl/{}\r\nConnection: close\r\n\r\n",
        env!("CARGO_PKG_VERSION")
    );
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.take(ENOUGH).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

fn read(bytes: &[u8]) -> PortProbe {
    let text = String::from_utf8_lossy(bytes);
    let status = text
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.split(' ').nth(1))
        .and_then(|word| word.get(..3))
        .and_then(|word| word.parse().ok());
    match status {
        Some(status) => PortProbe::Answers {
            status,
            gin_not_found: status == 404 && text.trim_end().ends_with("404 page not found"),
        },
        None => PortProbe::Open,
    }
}
