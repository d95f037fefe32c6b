//! The asynchronous runtime and the signals that end a run.

use std::future::Future;

use tokio::signal::unix::{SignalKind, signal};

use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;

/// Runs a future to its end on a runtime of its own.
pub(super) fn block_on<T>(
    future: impl Future<Output = Result<T, CommandError>>,
) -> Result<T, CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| {
        CommandError::new(
            Outcome::Failed,
            Text::new("cli-runtime").with("error", error),
        )
    })?;
    runtime.block_on(future)
}

/// Which signal came: SIGINT or SIGTERM.
pub(super) async fn until_signal() -> Outcome {
    match (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) {
        (Ok(mut interrupt), Ok(mut terminate)) => tokio::select! {
            _ = interrupt.recv() => Outcome::Interrupted,
            _ = terminate.recv() => Outcome::Terminated,
        },
        // Without handlers the system's own action ends the process.
        _ => std::future::pending().await,
    }
}
