//! What every part of a run works with.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::cancel::CancelSignal;
use super::mark::RunMark;
use super::options::ApplyOptions;
use crate::domain::Side;
use crate::plan::{Plan, SideFacts};
use crate::poll::Poll;

/// The plan, the instances, the options and the signal that stops the run; copied freely.
pub(super) struct RunContext<'a, E> {
    pub(super) plan: &'a Plan,
    pub(super) effects: &'a E,
    pub(super) options: &'a ApplyOptions,
    pub(super) cancel: &'a CancelSignal,
    /// By which other hosts notice the run.
    pub(super) mark: Option<&'a RunMark<'a, E>>,
    /// When the run began; the plan is older.
    pub(super) begun: Instant,
}

impl<E> Clone for RunContext<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for RunContext<'_, E> {}

impl<'a, E> RunContext<'a, E> {
    /// What the plan says of a side.
    pub(super) fn facts(&self, side: Side) -> Option<&'a SideFacts> {
        match side {
            Side::Old => self.plan.old.as_ref(),
            Side::New => self.plan.new.as_ref(),
        }
    }

    /// Whether the time of the run is over.
    pub(super) fn is_over(&self) -> bool {
        self.options.stop_at.is_some_and(|at| Instant::now() >= at)
    }

    /// Waits between two readings of state.
    pub(super) fn poll(&self) -> Poll {
        let timings = &self.options.proof;
        Poll::new(timings.poll_first, timings.poll_longest)
    }

    /// The result of `work`, or `None` if the run was told to stop and the grace is over.
    pub(super) async fn within_grace<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        bounded(self.cancel, self.options.interrupt_grace, work).await
    }
}

/// Waits for the end of `work`; after a first signal at most `grace`, after a second one not at all.
async fn bounded<T>(
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
    async fn bounded_gives_grace_after_first_signal_only() {
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
