//! Waiting that ends with the run.

use std::time::Duration;

use tokio::time::sleep;

use super::cancel::CancelSignal;

/// Waits for the end of `work`, but after a first signal not longer than `grace`, and after a second
/// not at all; then none.
pub(super) async fn bounded<T>(
    cancel: &CancelSignal,
    grace: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    let patience = async {
        cancel.stopping().await;
        sleep(grace).await;
    };
    tokio::select! {
        biased;
        () = cancel.aborting() => None,
        done = work => Some(done),
        () = patience => None,
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;
    use crate::apply::cancel::Signal;

    #[tokio::test(start_paused = true)]
    async fn the_first_signal_gives_a_grace_and_the_second_none() {
        let grace = Duration::from_secs(10);
        let cancel = CancelSignal::new();
        assert_eq!(bounded(&cancel, grace, async { 1 }).await, Some(1));
        cancel.raise(Signal::Interrupt);
        assert_eq!(bounded(&cancel, grace, async { 1 }).await, Some(1));
        let begun = tokio::time::Instant::now();
        assert_eq!(bounded(&cancel, grace, pending::<()>()).await, None);
        assert_eq!(begun.elapsed(), grace);
        cancel.raise(Signal::Interrupt);
        assert_eq!(bounded(&cancel, grace, async { 1 }).await, None);
        assert_eq!(begun.elapsed(), grace);
    }
}
