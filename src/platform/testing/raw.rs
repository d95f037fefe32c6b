//! A TCP server that does to each request what a script says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What happens to one request.
#[derive(Clone, Debug)]
pub(in crate::platform) enum Act {
    /// The bytes are sent; the connection stays open for the next request.
    Answer(Vec<u8>),
    /// The bytes are sent, then the connection ends.
    AnswerThenClose(Vec<u8>),
    /// Nothing is sent, and the connection is reset.
    Reset,
    /// Nothing is ever sent.
    Hang,
    /// The pieces are sent with a pause before each.
    Drip(Vec<Vec<u8>>, Duration),
    /// The bytes are sent, and nothing more; the connection stays open.
    Stall(Vec<u8>),
}

/// A server on loopback; it ends with the value.
pub(in crate::platform) struct RawServer {
    /// `http://127.0.0.1:PORT`.
    pub(in crate::platform) address: String,
    /// Heads (and bodies) of the requests, in the order in which they came.
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
    _tasks: JoinSet<()>,
}

impl RawServer {
    /// Starts it. Each request takes the next act of the script; the last one is repeated.
    pub(in crate::platform) async fn start(script: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(script.into_iter().collect::<VecDeque<_>>()));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(Mutex::new(0));
        let mut tasks = JoinSet::new();
        let (seen, opened) = (Arc::clone(&requests), Arc::clone(&connections));
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                *opened.lock().unwrap() += 1;
                open.spawn(serve(stream, Arc::clone(&script), Arc::clone(&seen)));
            }
        });
        Self {
            address,
            requests,
            connections,
            _tasks: tasks,
        }
    }

    /// The requests so far.
    pub(in crate::platform) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Connections accepted so far.
    pub(in crate::platform) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

async fn serve(
    mut stream: TcpStream,
    script: Arc<Mutex<VecDeque<Act>>>,
    seen: Arc<Mutex<Vec<String>>>,
) {
    while let Some(request) = read_request(&mut stream).await {
        seen.lock().unwrap().push(request);
        let act = {
            let mut script = script.lock().unwrap();
            match script.len() {
                0 => Act::Reset,
                1 => script[0].clone(),
                _ => script.pop_front().expect("there are several"),
            }
        };
        match act {
            Act::Answer(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Act::AnswerThenClose(bytes) => {
                drop(stream.write_all(&bytes).await);
                return;
            }
            Act::Reset => {
                drop(stream.set_zero_linger());
                return;
            }
            Act::Hang => std::future::pending().await,
            Act::Drip(pieces, pause) => {
                for piece in pieces {
                    tokio::time::sleep(pause).await;
                    if stream.write_all(&piece).await.is_err() {
                        return;
                    }
                }
            }
            Act::Stall(bytes) => {
                drop(stream.write_all(&bytes).await);
                std::future::pending::<()>().await;
            }
        }
    }
}

/// Reads a head and the body that its `Content-Length` tells; `None` if the peer has gone.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let wanted = head
                .lines()
                .find_map(|line| {
                    let (name, value) = line.split_once(':')?;
                    (name.eq_ignore_ascii_case("content-length"))
                        .then(|| value.trim())?
                        .parse()
                        .ok()
                })
                .unwrap_or(0);
            if body.len() >= wanted {
                return Some(text.into_owned());
            }
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
        }
    }
}

/// A whole answer with further header lines (each ending in `\r\n`).
pub(in crate::platform) fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A whole JSON answer.
pub(in crate::platform) fn json(body: &str) -> Vec<u8> {
    answer("200 OK", "Content-Type: application/json\r\n", body)
}
