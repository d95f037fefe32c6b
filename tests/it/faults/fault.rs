//! What a fault is, and the pieces that its answers are made of.

use std::time::Duration;

use super::proxy::Reach;
use super::wire::{Exchange, Piece};

/// What a faulty answer means for a request that only reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// The answer is whole and right, if late or with a byte order mark.
    Harmless,
    /// Nothing or half an answer: asking again helps if the fault passes.
    Passing(Cause),
    /// Asking again does not help.
    Lasting(Cause),
}

/// Why nothing is known, as the exit code tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// No connection, no answer, or an error of a server: 21.
    Unreachable,
    /// Something answers that is not a WeCube platform: 22.
    NotWecube,
    /// Token or permission: 20.
    NoPermission,
    /// The platform itself said no: 1.
    Refused,
}

/// What a fault spoils.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Connection,
    Status,
    /// The platform's JSON: not tried on static files and plugins.
    Body,
    /// As `Body`; the answer carries the token.
    Echo,
}

/// A fault.
pub(super) struct Fault {
    pub(super) name: &'static str,
    pub(super) family: Family,
    pub(super) meaning: Meaning,
    /// What becomes of a request that reads; a write is tried with each [`Reach`].
    pub(super) reach: Reach,
    pub(super) wire: fn(&Exchange<'_>) -> Vec<Piece>,
}

pub(super) const fn fault(
    family: Family,
    name: &'static str,
    meaning: Meaning,
    reach: Reach,
    wire: fn(&Exchange<'_>) -> Vec<Piece>,
) -> Fault {
    Fault {
        name,
        family,
        meaning,
        reach,
        wire,
    }
}
/// Faults that are tried at every phase.
const COMMON: [&str; 16] = [
    "late",
    "closed without an answer",
    "reset, then the port refuses",
    "half-open: never an answer",
    "closed in the body",
    "301",
    "401 page",
    "404 page",
    "502",
    "503, Retry-After: 1.5",
    "200 with a login page",
    "a login page to GET of what HEAD shows",
    "ERROR of the platform",
    "data is a number",
    "two documents",
    "message echoes the request",
];

impl Fault {
    pub(super) fn is_common(&self) -> bool {
        COMMON.contains(&self.name)
    }

    /// Whether a case with it takes seconds: for the part that runs always it is left out.
    pub(super) fn is_slow(&self) -> bool {
        let slow = ["half-open", "a byte a second", "date", "10^30"];
        slow.iter().any(|word| self.name.contains(word))
    }
}

pub(super) const JSON: &str = "Content-Type: application/json\r\n";

pub(super) fn ms(time: u64) -> Piece {
    Piece::Wait(Duration::from_millis(time))
}

pub(super) fn text(text: &str) -> Piece {
    Piece::Bytes(text.as_bytes().to_vec())
}

pub(super) fn cut(bytes: &[u8], at: usize, end: Piece) -> Vec<Piece> {
    let bytes = bytes[..at.min(bytes.len().saturating_sub(1))].to_vec();
    // The pause lets the client read what came before a reset.
    vec![Piece::Bytes(bytes), ms(200), end]
}

pub(super) fn drip(bytes: &[u8], piece: usize, every_ms: u64) -> Vec<Piece> {
    let pieces = bytes.chunks(bytes.len().div_ceil(60).max(piece));
    let pieces = if piece == 1 { bytes.chunks(1) } else { pieces };
    pieces
        .flat_map(|piece| [Piece::Bytes(piece.to_vec()), ms(every_ms)])
        .collect()
}

impl Exchange<'_> {
    /// The platform's own answer.
    pub(super) fn real(&self) -> Vec<u8> {
        self.answer
            .map(super::wire::Answer::bytes)
            .unwrap_or_default()
    }

    /// Its body.
    pub(super) fn body(&self) -> Vec<u8> {
        self.answer
            .map(|answer| answer.body.clone())
            .unwrap_or_default()
    }

    /// Its head, for a body in chunks.
    pub(super) fn chunked_head(&self) -> String {
        let head = self.answer.map(super::wire::Answer::unmeasured_head);
        head.unwrap_or_default() + "Transfer-Encoding: chunked\r\n\r\n"
    }

    /// In the middle of its body.
    pub(super) fn middle(&self) -> usize {
        self.real().len() - self.body().len().div_ceil(2)
    }

    /// Its head over another body.
    pub(super) fn again(&self, body: &[u8]) -> Vec<Piece> {
        let bytes = self.answer.map(|answer| answer.with_body(body));
        vec![Piece::Bytes(bytes.unwrap_or_default())]
    }

    /// An answer of its own.
    pub(super) fn answer(&self, status: u16, headers: &str, body: &[u8]) -> Vec<Piece> {
        let head = format!(
            "HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\n\r\n",
            body.len()
        );
        let body = if self.request.method == "HEAD" {
            &[]
        } else {
            body
        };
        vec![Piece::Bytes([head.as_bytes(), body].concat())]
    }

    /// A page as proxies make them.
    pub(super) fn page(&self, status: u16, headers: &str) -> Vec<Piece> {
        let headers = format!("Content-Type: text/html\r\n{headers}");
        let page = format!("<html><head><title>{status} by the proxy</title></head></html>");
        self.answer(status, &headers, page.as_bytes())
    }
}
