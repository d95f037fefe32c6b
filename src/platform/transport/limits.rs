//! How long, and how much.

use std::time::Duration;

/// Longest wait for a connection; a host that is there answers a handshake sooner.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest pause between two pieces of a body.
const IDLE: Duration = Duration::from_secs(15);

/// Times and sizes of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) struct Limits {
    /// All attempts and the waits between them.
    pub(in crate::platform) budget: Duration,
    /// Name resolution, TCP and TLS of one attempt.
    pub(in crate::platform) connect: Duration,
    /// From the start of an attempt to the head of its answer.
    pub(in crate::platform) first_byte: Duration,
    /// Between two pieces of a body.
    pub(in crate::platform) idle: Duration,
    /// One attempt, body included.
    pub(in crate::platform) attempt: Duration,
    /// Largest body, in bytes.
    pub(in crate::platform) body_cap: usize,
}

impl Limits {
    /// Limits of a read: `timeout` is the whole time that an operator gives it. A slow first byte
    /// may use all of it (a listing of ten thousand rows is slow, not broken); what fails early is
    /// tried again within it.
    pub(in crate::platform) fn read(timeout: Duration, body_cap: usize) -> Self {
        Self {
            budget: timeout,
            connect: CONNECT.min(timeout / 2),
            first_byte: timeout,
            idle: IDLE.min(timeout),
            attempt: timeout,
            body_cap,
        }
    }

    /// The same, but with that long for the answer of a call that works for a long time (register,
    /// upload). Connecting stays short: who cannot be reached is known soon.
    pub(in crate::platform) fn with_answer_after(self, longest: Duration) -> Self {
        let longest = longest.max(self.first_byte);
        Self {
            budget: longest + self.connect,
            first_byte: longest,
            attempt: longest + self.idle,
            ..self
        }
    }
}
