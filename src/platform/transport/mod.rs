//! The one pipeline that every call goes through, in one written order:
//!
//! 1. a place in the instance's (or portal's) limit of reads in flight ([`concurrency`]),
//! 2. the total budget, around all that follows,
//! 3. retry ([`super::retry`] judges, this sleeps),
//! 4. the token ([`credentials`]), for core and gateway only,
//! 5. headers, our own request id among them,
//! 6. per-attempt time-outs: connect, first byte, idle between chunks, whole attempt,
//! 7. a trace of operation, status and time; never headers, tokens or bodies,
//! 8. HTTP ([`client`]),
//! 9. a mask over what was sent and came back ([`mask`]), before anything else sees the answer.
//!
//! Start with [`pipeline`]. Nothing here says whether an answer is good: that is the envelope
//! decoder's, and a broken answer is a [`TransportError`], not an answer.

mod attempt;
mod client;
mod concurrency;
mod credentials;
mod error;
mod limits;
mod mask;
mod origin;
mod pipeline;
mod tls;

pub(in crate::platform) use client::client_alone;
pub use client::is_proxy;
pub(in crate::platform) use credentials::{BearerFuture, Credentials, Freshness};
pub(in crate::platform) use error::{TransportError, cause_of};
pub(in crate::platform) use limits::Limits;
pub(in crate::platform) use origin::is_loopback;
pub(in crate::platform) use pipeline::{Transport, TransportSettings};
pub use tls::{Authorities, ClientCertificate, Trust};

#[cfg(test)]
mod tests;
