//! How a run is told to stop. The caller listens for signals and raises them here; tests raise them
//! without a process.

use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

/// Which signal was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

/// Tells a run to stop. The first signal lets what is in flight end; the second does not wait for it.
#[derive(Clone, Debug, Default)]
pub struct CancelSignal {
    first: CancellationToken,
    second: CancellationToken,
    cause: Arc<OnceLock<Signal>>,
}

impl CancelSignal {
    /// A signal that nobody has raised.
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises it; the second time, waiting ends too. The first signal is the cause.
    pub fn raise(&self, signal: Signal) {
        if self.cause.set(signal).is_ok() {
            self.first.cancel();
        } else {
            self.second.cancel();
        }
    }

    /// The first signal, where one was raised.
    pub fn cause(&self) -> Option<Signal> {
        self.cause.get().copied()
    }

    /// Ends when the first signal is raised.
    pub async fn stopping(&self) -> Signal {
        self.first.cancelled().await;
        self.cause().unwrap_or(Signal::Interrupt)
    }

    /// Ends when the second signal is raised.
    pub async fn aborting(&self) {
        self.second.cancelled().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_signal_is_the_cause_and_the_second_aborts() {
        let cancel = CancelSignal::new();
        assert_eq!(cancel.cause(), None);
        cancel.raise(Signal::Terminate);
        assert_eq!(cancel.stopping().await, Signal::Terminate);
        assert!(!cancel.second.is_cancelled());
        cancel.clone().raise(Signal::Interrupt);
        cancel.aborting().await;
        assert_eq!(cancel.cause(), Some(Signal::Terminate));
    }
}
