//! The signals that end a run: SIGINT, SIGTERM and SIGHUP.

use std::task::Poll;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exit::Outcome;

/// Received from its creation on.
pub struct Signals(Vec<(Signal, Outcome)>);

impl Signals {
    /// Listens from now on. A lost terminal (SIGHUP) ends a run as SIGTERM does, unless who started it
    /// said otherwise (`nohup`).
    pub fn listen() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "a file of the kernel, always there"
        )]
        let ignored = std::fs::read_to_string("/proc/self/status");
        let mut kinds = vec![
            (SignalKind::interrupt(), Outcome::Interrupted),
            (SignalKind::terminate(), Outcome::Terminated),
        ];
        if !ignored.is_ok_and(|status| ignores_hangup(&status)) {
            kinds.push((SignalKind::hangup(), Outcome::Terminated));
        }
        let listen = |(kind, outcome)| Some((signal(kind).ok()?, outcome));
        Self(kinds.into_iter().filter_map(listen).collect())
    }

    /// The next signal.
    pub async fn next(&mut self) -> Outcome {
        std::future::poll_fn(|context| {
            let came = self.0.iter_mut().find_map(|(signal, outcome)| {
                signal.poll_recv(context).is_ready().then_some(*outcome)
            });
            came.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

/// Whether SIGHUP, the first of the signals, is ignored.
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 == 1)
}

/// Which signal comes next.
pub async fn until_signal() -> Outcome {
    Signals::listen().next().await
}

/// The asynchronous runtime of this program.
pub fn runtime() -> std::io::Result<Runtime> {
    built(Builder::new_multi_thread().worker_threads(2))
}

/// A runtime without threads of its own, which costs less. What blocks its thread stops everything.
pub fn small_runtime() -> std::io::Result<Runtime> {
    built(&mut Builder::new_current_thread())
}

/// Below some open files a part of a runtime would panic.
fn built(builder: &mut Builder) -> std::io::Result<Runtime> {
    const FEWEST: u64 = 32;
    let limit = getrlimit(Resource::Nofile).current;
    if limit.is_some_and(|limit| limit < FEWEST) {
        return Err(Errno::MFILE.into());
    }
    builder.enable_all().build()
}

/// Does what may wait for a person or a pipe, or returns the signal that came first; `None` if it
/// panicked or took longer than `limit`. A read cannot be cancelled, so its thread ends with the
/// process. It also works between two runtimes: once tokio has listened, a signal no longer ends the
/// process by itself.
pub fn unless_signalled<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Option<T>, Outcome> {
    let (send, receive) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // Nobody waits any more if a signal came.
        let _unheard = send.send(work());
    });
    let waiting = async {
        tokio::select! {
            done = tokio::time::timeout(limit, receive) => Ok(done.ok().and_then(Result::ok)),
            signal = until_signal() => Err(signal),
        }
    };
    let wait = || small_runtime().map_or(Ok(None), |own| own.block_on(waiting));
    if Handle::try_current().is_err() {
        return wait();
    }
    // A runtime cannot wait within another one of the same thread.
    std::thread::scope(|scope| scope.spawn(wait).join().unwrap_or(Ok(None)))
}

#[cfg(test)]
mod tests {
    use super::ignores_hangup;

    #[test]
    fn hangup_is_ignored_where_the_mask_says_so() {
        for (status, expected) in [
            ("Name:\tx\nSigIgn:\t0000000000001001\n", true),
            ("SigIgn:\t0000000000001000\n", false),
            ("SigBlk:\t0000000000000001\n", false),
            ("", false),
        ] {
            assert_eq!(ignores_hangup(status), expected, "{status}");
        }
    }
}
