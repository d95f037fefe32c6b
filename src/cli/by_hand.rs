//! What the writes by hand share: reading back what an answer alone does not prove.

use std::time::Duration;

use crate::domain::ReadFailure;
use crate::error::CommandError;
use crate::plan::messages::read_failure;
use crate::poll::Poll;

/// How long state is read again until it shows a write.
const WITHIN: Duration = Duration::from_secs(10);
const EVERY: Duration = Duration::from_millis(500);

/// What reading back showed.
pub(super) enum ReadBack<S, D = ()> {
    /// What was wanted.
    Shows(S),
    /// Something else.
    Differs(D),
    /// Nothing: it could not be read.
    Unread(ReadFailure),
}

/// Reads until it shows what was wanted, at most ten seconds long; the last look otherwise.
pub(super) async fn read_back<S, D>(
    look: impl AsyncFn() -> Result<ReadBack<S, D>, CommandError>,
) -> Result<ReadBack<S, D>, CommandError> {
    let mut poll = Poll::every(EVERY);
    loop {
        let seen = look().await?;
        if matches!(seen, ReadBack::Shows(_)) || !poll.again(WITHIN).await {
            return Ok(seen);
        }
    }
}

/// Adds why to an error.
pub(super) fn because(mut error: CommandError, failure: &ReadFailure) -> CommandError {
    error.messages.push(read_failure(failure));
    error
}
