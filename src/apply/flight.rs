//! What follows from a write that was sent and not answered by core itself: one table for every write,
//! of this run and of runs before it. Pure.
//!
//! A write goes on after its caller has gone (`docs/platform/registration.md#a-caller-that-goes-away`),
//! so silence proves nothing. It is sent again only if it cannot be running any more.

use std::time::Duration;

use crate::domain::{FailureCause, FailureKind, ReadFailure};

/// No registration takes longer: what was sent so long ago has ended. Usually it takes about a second
/// (`docs/platform/concurrency.md#what-limits-it`); v3 gives each command on the static host 5 minutes.
pub(super) const LONGEST_REGISTRATION: Duration = Duration::from_mins(30);
/// The same of a write of a variable, which is one statement of the database.
pub(super) const LONGEST_VARIABLE_WRITE: Duration = Duration::from_secs(30);

/// A failure for what was not asked at all.
pub(super) fn not_asked() -> ReadFailure {
    ReadFailure {
        kind: FailureKind::NotAsked,
        operation: "variables",
        target: String::new(),
        cause: FailureCause::Unspecified,
    }
}

/// What was seen of a write since it was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// The state shows its effect.
    pub(super) effect: bool,
    /// Core refused connections since then, and answers again: whatever ran before has ended.
    pub(super) restarted: bool,
    /// How long ago it was sent.
    pub(super) age: Duration,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It took effect.
    Done,
    /// It has ended without effect: it may be sent again.
    Resend,
    /// It may still be running: look again.
    Watch,
    /// It may still be running, and nobody waits any longer: it is not sent again.
    Unknown,
}

/// The table.
pub(super) fn next(seen: Evidence, unknown_after: Duration, longest: Duration) -> Next {
    if seen.effect {
        Next::Done
    } else if seen.restarted || seen.age >= longest {
        Next::Resend
    } else if seen.age >= unknown_after {
        Next::Unknown
    } else {
        Next::Watch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_is_sent_again_only_after_its_end() {
        for (effect, restarted, minutes, expected) in [
            (true, false, 0, Next::Done),
            (true, true, 31, Next::Done),
            (false, false, 0, Next::Watch),
            (false, false, 4, Next::Watch),
            (false, false, 5, Next::Unknown),
            (false, false, 29, Next::Unknown),
            (false, false, 30, Next::Resend),
            (false, true, 0, Next::Resend),
            (false, true, 5, Next::Resend),
        ] {
            let seen = Evidence {
                effect,
                restarted,
                age: Duration::from_mins(minutes),
            };
            let found = next(seen, Duration::from_mins(5), LONGEST_REGISTRATION);
            assert_eq!(found, expected, "{seen:?}");
        }
    }
}
