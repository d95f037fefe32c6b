//! What follows from a failed register: the table of what is tried again, and how. Pure.
//!
//! Exit status 1 and 255 of ssh and scp mean overload or a fault that stays; what tells them apart is
//! whether others succeed and whether it goes on failing alone (`docs/platform/concurrency.md#transient-or-permanent`). The first
//! failure in company counts as overload. One that fails again while no other step does is tried
//! alone, without taking speed from the others.

use std::time::Duration;

use crate::apply::options::RetryLimits;
use crate::domain::Transience;

/// A failed try, and what is known around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FailureContext {
    /// What the platform's answer says.
    pub(super) transience: Transience,
    /// Which try of this step it was, from 1.
    pub(super) attempt: u32,
    /// Whether another registration was in flight on the side meanwhile.
    pub(super) concurrency: Concurrency,
    /// Whether another step failed so since this step's last failure (or since its first, at its
    /// first).
    pub(super) others_fail: bool,
    /// Tries of this step that were made alone and met overload, this one included.
    pub(super) solo_failures: u32,
    /// Failures in a row on this side, of whatever step, this one included.
    pub(super) consecutive_failures: u32,
    /// How long this step, or the side, has only failed.
    pub(super) failing_for: Duration,
}

/// Whether a call was the only one on its side while it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Concurrency {
    /// It was.
    Solo,
    /// It was not.
    Shared,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryDecision {
    /// The step failed.
    Final,
    /// It is tried again later.
    Retry {
        /// Whether the number in flight is halved.
        halve: bool,
        /// Whether nothing else may be in flight on the side then.
        alone: bool,
    },
}

/// What follows from a failed try.
pub(super) fn decide(failure: &FailureContext, limits: &RetryLimits) -> RetryDecision {
    const LATER_ALONE: RetryDecision = RetryDecision::Retry {
        halve: false,
        alone: true,
    };
    const LATER: RetryDecision = RetryDecision::Retry {
        halve: true,
        alone: false,
    };
    let outage = failure.failing_for < limits.outage;
    match (failure.transience, failure.concurrency) {
        (Transience::Overload | Transience::Ambiguous | Transience::Away, Concurrency::Shared) => {
            let of_its_own = failure.attempt > 1 && !failure.others_fail;
            if of_its_own || failure.attempt >= limits.shared_attempts {
                LATER_ALONE
            } else {
                LATER
            }
        }
        (Transience::Away, Concurrency::Solo) if outage => LATER_ALONE,
        (Transience::Ambiguous, Concurrency::Solo) if failure.attempt == 1 => LATER_ALONE,
        (Transience::Permanent, _)
        | (Transience::Ambiguous | Transience::Away, Concurrency::Solo) => RetryDecision::Final,
        (Transience::Overload, Concurrency::Solo) => {
            let most = if failure.consecutive_failures >= limits.streak {
                limits.solo_attempts_in_streak
            } else {
                limits.solo_attempts
            };
            if failure.solo_failures >= most && !outage {
                RetryDecision::Final
            } else if failure.attempt >= limits.shared_attempts {
                LATER_ALONE
            } else {
                LATER
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(change: impl FnOnce(&mut FailureContext)) -> RetryDecision {
        let mut failure = FailureContext {
            transience: Transience::Ambiguous,
            attempt: 1,
            concurrency: Concurrency::Shared,
            others_fail: false,
            solo_failures: 0,
            consecutive_failures: 1,
            failing_for: Duration::from_mins(1),
        };
        change(&mut failure);
        decide(&failure, &RetryLimits::default())
    }

    const ALONE: RetryDecision = RetryDecision::Retry {
        halve: false,
        alone: true,
    };
    const HALVED: RetryDecision = RetryDecision::Retry {
        halve: true,
        alone: false,
    };

    #[test]
    fn a_permanent_failure_is_final() {
        assert_eq!(
            decision(|t| t.transience = Transience::Permanent),
            RetryDecision::Final
        );
    }

    #[test]
    fn an_ambiguous_failure_is_overload_first_and_settled_alone() {
        assert_eq!(decision(|_| {}), HALVED, "first, in concurrency");
        assert_eq!(
            decision(|t| t.attempt = 2),
            ALONE,
            "again, while the others do well"
        );
        let shared_attempts = |t: &mut FailureContext| (t.attempt, t.others_fail) = (2, true);
        assert_eq!(decision(shared_attempts), HALVED, "again, and so do others");
        let last = |t: &mut FailureContext| (t.attempt, t.others_fail) = (8, true);
        assert_eq!(decision(last), ALONE, "often, and so do others");
        assert_eq!(
            decision(|t| t.concurrency = Concurrency::Solo),
            ALONE,
            "alone, once"
        );
        let settled = |t: &mut FailureContext| (t.attempt, t.concurrency) = (2, Concurrency::Solo);
        assert_eq!(decision(settled), RetryDecision::Final, "alone, again");
    }

    #[test]
    fn short_outage_costs_waiting_and_a_long_one_ends() {
        for (transience, seconds, solo_failures, expected) in [
            (Transience::Away, 0, 0, ALONE),
            (Transience::Away, 39, 0, ALONE),
            (Transience::Away, 40, 0, RetryDecision::Final),
            (Transience::Overload, 39, 9, HALVED),
            (Transience::Overload, 40, 9, RetryDecision::Final),
            (Transience::Permanent, 0, 0, RetryDecision::Final),
        ] {
            let found = decision(|t| {
                (t.transience, t.concurrency) = (transience, Concurrency::Solo);
                (t.attempt, t.solo_failures) = (3, solo_failures);
                t.failing_for = Duration::from_secs(seconds);
            });
            assert_eq!(found, expected, "{transience:?} {seconds} s");
        }
    }

    #[test]
    fn overload_alone_is_given_much_time_but_not_for_ever() {
        let alone = |attempt, solo_failures, consecutive_failures| {
            decision(|t| {
                t.transience = Transience::Overload;
                t.concurrency = Concurrency::Solo;
                (t.attempt, t.solo_failures, t.consecutive_failures) =
                    (attempt, solo_failures, consecutive_failures);
            })
        };
        assert_eq!(alone(1, 1, 1), HALVED);
        assert_eq!(alone(7, 7, 7), HALVED);
        assert_eq!(alone(8, 1, 1), ALONE);
        assert_eq!(alone(9, 1, 1), ALONE);
        assert_eq!(alone(8, 8, 8), RetryDecision::Final);
        assert_eq!(alone(2, 2, 15), HALVED);
        assert_eq!(
            alone(2, 2, 16),
            RetryDecision::Final,
            "nobody succeeds any more"
        );
    }
}
