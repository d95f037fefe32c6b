//! The asynchronous runtime and the signals that end a run.

use std::future::Future;
use std::io::BufRead as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::errors::CliError;
use crate::error::CommandError;
use crate::exit::Outcome;
pub(super) use crate::signals::until_signal;
use crate::signals::{self, Signals};

/// Runs a future on a new runtime. A signal ends it with an error, so that the document is
/// written then too.
pub(super) fn block_on<T>(
    future: impl Future<Output = Result<T, CommandError>>,
) -> Result<T, CommandError> {
    block_on_told(future, interrupted)
}

/// As [`block_on`], with an own error for a signal, because something may have been written.
pub(super) fn block_on_told<T>(
    future: impl Future<Output = Result<T, CommandError>>,
    told: impl FnOnce(Outcome) -> CommandError,
) -> Result<T, CommandError> {
    block_on_uncut(until_signalled(future, told))
}

/// As [`block_on_told`], at less cost, for a future that waits for nobody.
pub(super) fn block_on_small<T>(
    future: impl Future<Output = Result<T, CommandError>>,
    told: impl FnOnce(Outcome) -> CommandError,
) -> Result<T, CommandError> {
    let runtime = signals::small_runtime().map_err(CliError::Runtime)?;
    runtime.block_on(until_signalled(future, told))
}

/// As [`block_on`], for futures that handle signals themselves.
pub(super) fn block_on_uncut<T>(
    future: impl Future<Output = Result<T, CommandError>>,
) -> Result<T, CommandError> {
    signals::runtime()
        .map_err(CliError::Runtime)?
        .block_on(future)
}

async fn until_signalled<T>(
    future: impl Future<Output = Result<T, CommandError>>,
    told: impl FnOnce(Outcome) -> CommandError,
) -> Result<T, CommandError> {
    let signals = Signals::listen();
    tokio::select! {
        biased;
        result = future => result,
        signal = until_unshielded(signals) => Err(told(signal)),
    }
}

static SHIELDS: AtomicUsize = AtomicUsize::new(0);

/// While a shield exists, a signal does not end [`block_on`]: its owner handles signals.
pub(super) struct Shield(());

impl Shield {
    /// Raises a shield; it falls when dropped.
    pub(super) fn raise() -> Self {
        SHIELDS.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Shield {
    fn drop(&mut self) {
        SHIELDS.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn until_unshielded(mut signals: Signals) -> Outcome {
    loop {
        let signal = signals.next().await;
        if SHIELDS.load(Ordering::SeqCst) == 0 {
            return signal;
        }
    }
}

/// The error of a run that a signal ended before it wrote anything.
pub(super) fn interrupted(signal: Outcome) -> CommandError {
    CliError::Interrupted(signal).into()
}

/// A line of standard input, or the signal that came first.
pub(crate) fn read_line() -> Result<Option<String>, Outcome> {
    unless_signalled(|| {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        read.ok().map(|_| line)
    })
    .map(Option::flatten)
}

/// Reads what may wait for a person, or returns the signal that came first; `None` if reading failed.
pub(super) fn unless_signalled<T: Send + 'static>(
    read: impl FnOnce() -> T + Send + 'static,
) -> Result<Option<T>, Outcome> {
    signals::unless_signalled(Duration::MAX, read)
}
