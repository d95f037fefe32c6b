//! What follows from a failed register: the table of what is tried again, and how. Pure.
//!
//! Exit status 1 and 255 of ssh and scp mean overload or a fault that stays; what tells them apart is
//! whether others succeed and whether it goes on failing alone (`measured.md`, "Register"). The first
//! failure in company counts as overload. One that fails again while no other step does is tried
//! alone, without taking speed from the others.

use crate::apply::options::RetryLimits;
use crate::domain::Transience;

/// A failed try, and what is known around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    /// What the platform's answer says.
    pub(super) transience: Transience,
    /// Which try of this step it was, from 1.
    pub(super) attempt: u32,
    /// Whether another register was in flight on the side meanwhile.
    pub(super) company: Company,
    /// Whether another step failed so since this step's last failure (or since its first, at its
    /// first).
    pub(super) others_fail: bool,
    /// Tries of this step that were made alone and met overload, this one included.
    pub(super) failures_alone: u32,
    /// Failures in a row on this side, of whatever step, this one included.
    pub(super) barren: u32,
}

/// Whether a call was the only one on its side while it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// It was.
    Alone,
    /// It was not.
    Others,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The step failed.
    Final,
    /// It is tried again later.
    Again {
        /// Whether the number in flight is halved.
        halve: bool,
        /// Whether nothing else may be in flight on the side then.
        alone: bool,
    },
}

/// What follows from a failed try.
pub(super) fn judge(trouble: &Trouble, limits: &RetryLimits) -> Verdict {
    const LATER_ALONE: Verdict = Verdict::Again {
        halve: false,
        alone: true,
    };
    const LATER: Verdict = Verdict::Again {
        halve: true,
        alone: false,
    };
    match (trouble.transience, trouble.company) {
        (Transience::Overload | Transience::Ambiguous, Company::Others) => {
            let of_its_own = trouble.attempt > 1 && !trouble.others_fail;
            if of_its_own || trouble.attempt >= limits.crowded {
                LATER_ALONE
            } else {
                LATER
            }
        }
        (Transience::Ambiguous, Company::Alone) if trouble.attempt == 1 => LATER_ALONE,
        (Transience::Permanent, _) | (Transience::Ambiguous, Company::Alone) => Verdict::Final,
        (Transience::Overload, Company::Alone) => {
            let most = if trouble.barren >= limits.barren {
                limits.alone_when_barren
            } else {
                limits.alone
            };
            if trouble.failures_alone >= most {
                Verdict::Final
            } else if trouble.attempt >= limits.crowded {
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

    fn verdict(change: impl FnOnce(&mut Trouble)) -> Verdict {
        let mut trouble = Trouble {
            transience: Transience::Ambiguous,
            attempt: 1,
            company: Company::Others,
            others_fail: false,
            failures_alone: 0,
            barren: 1,
        };
        change(&mut trouble);
        judge(&trouble, &RetryLimits::default())
    }

    const ALONE: Verdict = Verdict::Again {
        halve: false,
        alone: true,
    };
    const HALVED: Verdict = Verdict::Again {
        halve: true,
        alone: false,
    };

    #[test]
    fn a_permanent_failure_is_final() {
        assert_eq!(
            verdict(|t| t.transience = Transience::Permanent),
            Verdict::Final
        );
    }

    #[test]
    fn an_ambiguous_failure_is_overload_first_and_settled_alone() {
        assert_eq!(verdict(|_| {}), HALVED, "first, in company");
        assert_eq!(
            verdict(|t| t.attempt = 2),
            ALONE,
            "again, while the others do well"
        );
        let crowded = |t: &mut Trouble| (t.attempt, t.others_fail) = (2, true);
        assert_eq!(verdict(crowded), HALVED, "again, and so do others");
        let last = |t: &mut Trouble| (t.attempt, t.others_fail) = (8, true);
        assert_eq!(verdict(last), ALONE, "often, and so do others");
        assert_eq!(
            verdict(|t| t.company = Company::Alone),
            ALONE,
            "alone, once"
        );
        let settled = |t: &mut Trouble| (t.attempt, t.company) = (2, Company::Alone);
        assert_eq!(verdict(settled), Verdict::Final, "alone, again");
    }

    #[test]
    fn overload_alone_is_given_much_time_but_not_for_ever() {
        let alone = |attempt, failures_alone, barren| {
            verdict(|t| {
                t.transience = Transience::Overload;
                t.company = Company::Alone;
                (t.attempt, t.failures_alone, t.barren) = (attempt, failures_alone, barren);
            })
        };
        assert_eq!(alone(1, 1, 1), HALVED);
        assert_eq!(alone(7, 7, 7), HALVED);
        assert_eq!(alone(9, 1, 1), ALONE);
        assert_eq!(alone(8, 8, 8), Verdict::Final);
        assert_eq!(alone(2, 2, 15), HALVED);
        assert_eq!(alone(2, 2, 16), Verdict::Final, "nobody succeeds any more");
    }
}
