//! Requests and answers as the proxy sees them, and the pieces that it answers with.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use wecubectl::sim::{SideName, Via};

/// A request, read whole.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) side: SideName,
    pub(super) via: Via,
    pub(super) method: String,
    /// Path without its query.
    pub(super) path: String,
    /// The `Authorization` header without `Bearer `.
    pub(super) token: Option<String>,
    head: String,
    body: Vec<u8>,
}

/// An answer of the platform.
pub(super) struct Answer {
    head: String,
    pub(super) body: Vec<u8>,
}

/// What an answer is made from.
pub(super) struct Exchange<'a> {
    pub(super) request: &'a Request,
    /// The platform's own answer, if the request reached it and it has answered.
    pub(super) answer: Option<&'a Answer>,
}

/// A piece of an answer on the wire.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Bytes(Vec<u8>),
    Wait(Duration),
    /// The connection is closed.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing more comes, and the connection stays.
    Silence,
    /// The connection is reset, and from now on the port refuses.
    Shut,
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    at.map(|at| at + 4)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(value.trim())
}

impl Request {
    /// The next request of a connection.
    pub(super) async fn read(client: &mut TcpStream, side: SideName, via: Via) -> Option<Self> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = end_of_head(&bytes) {
                break end;
            }
            if client.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let mut body = bytes.split_off(end);
        let head = String::from_utf8(bytes).ok()?;
        let length = header(&head, "content-length").map_or(0, |told| told.parse().unwrap());
        while body.len() < length {
            if client.read_buf(&mut body).await.ok()? == 0 {
                return None;
            }
        }
        let mut words = head.split(' ');
        let method = words.next()?.to_owned();
        let path = words.next()?.split('?').next()?.to_owned();
        let token = header(&head, "authorization").map(|told| {
            let told = told.strip_prefix("Bearer ").unwrap_or(told);
            told.to_owned()
        });
        Some(Self {
            side,
            via,
            method,
            path,
            token,
            head,
            body,
        })
    }

    /// The request for the platform, which closes the connection after its answer.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let head = self.head.trim_end();
        let mut bytes = format!("{head}\r\nConnection: close\r\n\r\n").into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// All of it as it came, for what echoes it.
    pub(super) fn text(&self) -> String {
        self.head.clone() + &String::from_utf8_lossy(&self.body)
    }

    /// Whether the body holds a text.
    pub(super) fn mentions(&self, text: &str) -> bool {
        let mut windows = self.body.windows(text.len());
        windows.any(|window| window == text.as_bytes())
    }

    pub(super) fn is_register(&self) -> bool {
        self.path.starts_with("/platform/v1/packages/register/")
    }

    /// Whether it asks for a change.
    pub(super) fn is_write(&self) -> bool {
        let is_read = self.path.ends_with("/retrieve") || self.path.starts_with("/auth/");
        self.method == "POST" && !is_read
    }
}

impl Answer {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let end = end_of_head(bytes)?;
        let head = String::from_utf8_lossy(&bytes[..end]);
        let kept = head
            .lines()
            .filter(|line| {
                !line.is_empty() && !line.to_ascii_lowercase().starts_with("connection:")
            })
            .fold(String::new(), |head, line| head + line + "\r\n");
        Some(Self {
            head: kept,
            body: bytes[end..].to_vec(),
        })
    }

    /// The answer as it came.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), b"\r\n", &self.body].concat()
    }

    /// The head without the length of the body.
    pub(super) fn unmeasured_head(&self) -> String {
        let lines = self.head.lines();
        lines
            .filter(|line| !line.to_ascii_lowercase().starts_with("content-length:"))
            .fold(String::new(), |head, line| head + line + "\r\n")
    }

    /// The same head with another body.
    pub(super) fn with_body(&self, body: &[u8]) -> Vec<u8> {
        let head = self.unmeasured_head();
        let length = format!("Content-Length: {}\r\n\r\n", body.len());
        [head.as_bytes(), length.as_bytes(), body].concat()
    }
}
