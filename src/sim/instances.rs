//! Something that listens for each plugin instance: its own port for the first hundred, a shared
//! one beyond. It answers its port and the path it was asked, as the lab plugin did
//! (`gateway-plugin.json`).

use std::net::IpAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use super::faults::Kind;
use super::shared::Shared;
use super::state::WorldState;
use super::wire::SideName;

/// Instances that get a listener of their own.
const OWN_LISTENERS: usize = 100;

/// Opens a port for each instance that has none, and fills the port in. An instance that is down
/// gets a port on which nothing listens.
pub(super) async fn open(
    state: &mut WorldState,
    listen: IpAddr,
) -> std::io::Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    let mut common: Option<u16> = None;
    for index in 0..state.databases.len() {
        let side = if index == 0 {
            SideName::New
        } else {
            SideName::Old
        };
        let WorldState {
            databases, faults, ..
        } = state;
        for row in &mut databases[index].packages {
            let down = faults.hits(side, Kind::PluginDown, &row.package.name);
            for instance in &mut row.package.instances {
                if instance.port != 0 {
                    continue;
                }
                if let (Some(port), true) = (common, listeners.len() >= OWN_LISTENERS) {
                    instance.port = port;
                    continue;
                }
                let listener = TcpListener::bind((listen, 0)).await?;
                instance.port = listener.local_addr()?.port();
                if instance.up && !down {
                    if listeners.len() + 1 >= OWN_LISTENERS {
                        common = Some(instance.port);
                    }
                    listeners.push(listener);
                }
            }
        }
    }
    Ok(listeners)
}

/// Answers whoever connects, until aborted.
pub(super) fn answer(listener: TcpListener, shared: Shared) -> AbortHandle {
    let port = listener.local_addr().map_or(0, |address| address.port());
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if is_up(&shared.state(), port) {
                tokio::spawn(async move {
                    drop(one(stream, port).await);
                });
            }
        }
    });
    task.abort_handle()
}

fn is_up(state: &WorldState, port: u16) -> bool {
    state
        .databases
        .iter()
        .flat_map(|database| &database.packages)
        .flat_map(|row| &row.package.instances)
        .any(|instance| instance.port == port && instance.up)
}

/// One request, one answer, and the connection is closed.
async fn one(mut stream: TcpStream, port: u16) -> std::io::Result<()> {
    let mut head = [0; 2048];
    let read = stream.read(&mut head).await?;
    let text = String::from_utf8_lossy(&head[..read]);
    let path = text.split(' ').nth(1).unwrap_or("/");
    let body = serde_json::json!({"port": port, "path": path}).to_string();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
