//! The asynchronous runtime and the signals that end a run.

use std::future::Future;
use std::io::BufRead as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::signal::unix::{SignalKind, signal};

use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;

/// Runs a future to its end on a runtime of its own. SIGINT and SIGTERM end it before, with an error
/// like any other, so that the one document is written then too.
pub(super) fn block_on<T>(
    future: impl Future<Output = Result<T, CommandError>>,
) -> Result<T, CommandError> {
    block_on_uncut(async {
        tokio::select! {
            biased;
            result = future => result,
            signal = until_unshielded() => Err(interrupted(signal)),
        }
    })
}

/// As [`block_on`], for what ends by a signal in a way of its own.
pub(super) fn block_on_uncut<T>(
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

static SHIELDS: AtomicUsize = AtomicUsize::new(0);

/// While it is there, a signal does not end [`block_on`]: who raised it hands signals on.
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

async fn until_unshielded() -> Outcome {
    loop {
        let signal = until_signal().await;
        if SHIELDS.load(Ordering::SeqCst) == 0 {
            return signal;
        }
    }
}

/// The error of a run that a signal ended before it wrote anything.
pub(super) fn interrupted(signal: Outcome) -> CommandError {
    CommandError::new(signal, Text::new("cli-interrupted")).hint(Text::new("cli-interrupted-hint"))
}

/// A line of standard input, or the signal that came first. Reading a terminal cannot be taken back,
/// so it stays behind in a thread that ends with the process.
pub(crate) fn read_line() -> Result<Option<String>, Outcome> {
    let (send, receive) = tokio::sync::oneshot::channel();
    let read = move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        // Nobody waits any more where a signal came.
        let _unheard = send.send(read.ok().map(|_| line));
    };
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        let mut line = String::new();
        return Ok(std::io::stdin()
            .lock()
            .read_line(&mut line)
            .ok()
            .map(|_| line));
    };
    std::thread::spawn(read);
    tokio::task::block_in_place(|| {
        runtime.block_on(async {
            tokio::select! {
                line = receive => Ok(line.ok().flatten()),
                signal = until_signal() => Err(signal),
            }
        })
    })
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
