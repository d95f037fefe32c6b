//! What really happened: every request, every registration, and how many ran at once. Tests read
//! it, and `sim serve` shows it at the ledger URL.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::wire::{Request, SideName, Via};

/// The ledger at one moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LedgerSnapshot {
    /// Requests in the order in which they arrived.
    pub requests: Vec<RequestEntry>,
    /// Registrations in the order in which they began.
    pub registrations: Vec<Registration>,
    /// Greatest number of registrations in flight, by side (`new`, `old`).
    pub greatest_in_flight: BTreeMap<String, usize>,
    /// Requests that ask for a change, by side: register, upload, decommission, variables.
    pub writes: BTreeMap<String, u64>,
    /// Requests that reached the redirect fault's other origin with an `Authorization` header.
    pub leaked_tokens: u64,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestEntry {
    /// Counts from 1.
    pub sequence: u64,
    /// Which instance.
    pub side: SideName,
    /// Through which door.
    pub via: Via,
    /// Method.
    pub method: String,
    /// Path, without the query.
    pub path: String,
    /// Query, as sent.
    pub query: String,
    /// HTTP status of the answer; `None` while there is none, or when none came.
    pub status: Option<u16>,
    /// Whether it carried an `Authorization` header.
    pub has_token: bool,
    /// Its `Host` header.
    pub host: String,
    /// Milliseconds since the start.
    pub at_ms: u64,
}

/// A registration of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Which instance carried it out.
    pub side: SideName,
    /// Package id.
    pub id: String,
    /// Plugin name; empty for an unknown id.
    pub name: String,
    /// Plugin version; empty for an unknown id.
    pub version: String,
    /// Milliseconds since the start.
    pub started_ms: u64,
    /// Milliseconds since the start; `None` while it runs.
    pub ended_ms: Option<u64>,
    /// `ok`, or the message of the refusal; `None` while it runs.
    pub result: Option<String>,
}

impl LedgerSnapshot {
    /// The registrations of a side that ended well, as `NAME VERSION`, in order of their start.
    pub fn registered(&self, side: SideName) -> Vec<String> {
        self.registrations
            .iter()
            .filter(|entry| entry.side == side && entry.result.as_deref() == Some("ok"))
            .map(|entry| format!("{} {}", entry.name, entry.version))
            .collect()
    }

    /// How many requests asked that side for a change.
    pub fn writes_to(&self, side: SideName) -> u64 {
        self.writes.get(side.as_str()).copied().unwrap_or(0)
    }

    /// The greatest number of registrations in flight on that side.
    pub fn in_flight(&self, side: SideName) -> usize {
        self.greatest_in_flight
            .get(side.as_str())
            .copied()
            .unwrap_or(0)
    }
}

/// The ledger while it is written.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    snapshot: LedgerSnapshot,
    running: BTreeMap<SideName, usize>,
}

impl Ledger {
    /// As it stands.
    pub(super) fn snapshot(&self) -> LedgerSnapshot {
        self.snapshot.clone()
    }

    /// Notes a request; the answer's status is noted with the sequence number returned.
    pub(super) fn request(&mut self, request: &Request, since_start: Duration) -> u64 {
        let sequence = self.snapshot.requests.len() as u64 + 1;
        let has_token = request.authorization.is_some();
        if is_write(request) {
            let side = request.side.as_str().to_owned();
            *self.snapshot.writes.entry(side).or_default() += 1;
        }
        if request.via == Via::Foreign && has_token {
            self.snapshot.leaked_tokens += 1;
        }
        self.snapshot.requests.push(RequestEntry {
            sequence,
            side: request.side,
            via: request.via,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            status: None,
            has_token,
            host: request.host.clone(),
            at_ms: milliseconds(since_start),
        });
        sequence
    }

    /// Notes what a request was answered; `None` when the connection was closed instead.
    pub(super) fn answered(&mut self, sequence: u64, status: Option<u16>) {
        let place = usize::try_from(sequence - 1).unwrap_or(usize::MAX);
        if let Some(entry) = self.snapshot.requests.get_mut(place) {
            entry.status = status;
        }
    }

    /// Notes that a registration begins; returns its place.
    pub(super) fn begin(&mut self, side: SideName, id: &str, since_start: Duration) -> usize {
        let running = self.running.entry(side).or_default();
        *running += 1;
        let greatest = self
            .snapshot
            .greatest_in_flight
            .entry(side.as_str().to_owned())
            .or_default();
        *greatest = (*greatest).max(*running);
        self.snapshot.registrations.push(Registration {
            side,
            id: id.to_owned(),
            name: String::new(),
            version: String::new(),
            started_ms: milliseconds(since_start),
            ended_ms: None,
            result: None,
        });
        self.snapshot.registrations.len() - 1
    }

    /// Notes which package a registration is of.
    pub(super) fn package(&mut self, place: usize, name: &str, version: &str) {
        let entry = &mut self.snapshot.registrations[place];
        name.clone_into(&mut entry.name);
        version.clone_into(&mut entry.version);
    }

    /// Notes how a registration ended.
    pub(super) fn end(&mut self, place: usize, result: &str, since_start: Duration) {
        let entry = &mut self.snapshot.registrations[place];
        entry.ended_ms = Some(milliseconds(since_start));
        entry.result = Some(result.to_owned());
        if let Some(running) = self.running.get_mut(&entry.side) {
            *running = running.saturating_sub(1);
        }
    }
}

/// Whether a request asks for a change of the platform.
fn is_write(request: &Request) -> bool {
    let reads = request.path.ends_with("/retrieve")
        || request.path.starts_with("/auth/")
        || request.path.starts_with("/gateway/");
    request.via != Via::Foreign && request.method != "GET" && request.method != "HEAD" && !reads
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
