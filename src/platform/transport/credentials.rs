//! What the pipeline wants of whoever makes tokens.

use std::future::Future;
use std::pin::Pin;
use std::time::SystemTime;

use secrecy::SecretString;

use crate::domain::FailureCause;

/// A token that is being made.
pub(in crate::platform) type BearerFuture<'a> =
    Pin<Box<dyn Future<Output = Result<SecretString, FailureCause>> + Send + 'a>>;

/// Whether a token that is still good will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Freshness {
    /// The current one.
    Current,
    /// A new one: the current one was refused.
    New,
}

/// Makes tokens and learns the server's clock.
pub(in crate::platform) trait Credentials: Send + Sync {
    /// A token, without the word `Bearer`; or why there is none.
    fn bearer(&self, freshness: Freshness) -> BearerFuture<'_>;

    /// What signs the tokens, to hide it in answers.
    fn seed(&self) -> Option<SecretString> {
        None
    }

    /// Takes the `Date` of an answer of core, and when we asked and heard.
    fn learn(&self, told: SystemTime, asked_at: SystemTime, heard_at: SystemTime);
}
