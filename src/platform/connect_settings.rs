//! How an instance is called.

use std::time::Duration;

use tokio::time::Instant;

use super::transport::Trust;
use crate::domain::{Generation, InstanceIdentity};

/// How an instance is called.
#[derive(Clone)]
pub struct ConnectSettings {
    /// Where it answers.
    pub identity: InstanceIdentity,
    /// Whom to trust where it speaks TLS.
    pub trust: Trust,
    /// Total time of one read, attempts and waits included.
    pub request_timeout: Duration,
    /// When the run ends; what has no answer by then is unknown.
    pub deadline: Option<Instant>,
    /// Largest body taken, in bytes.
    pub body_limit: usize,
    /// Overrides what the instance is told by.
    pub generation: Option<Generation>,
    /// What core was at this address the last time, if that is known: then less is asked.
    pub last: Option<Generation>,
}
