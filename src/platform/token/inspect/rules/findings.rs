//! What is collected of one component, and the comparisons that several components share.

use crate::platform::token::inspect::decode::TimeClaim;
use crate::platform::token::inspect::model::{Limitation, Refusal, TimeName};

/// Findings of one component.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) refusals: Vec<Refusal>,
    pub(super) limitations: Vec<Limitation>,
}

impl Findings {
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refusals.push(refusal);
    }

    pub(super) fn refuse_if(&mut self, broken: bool, refusal: Refusal) {
        if broken {
            self.refuse(refusal);
        }
    }

    pub(super) fn limit_if(&mut self, odd: bool, limitation: Limitation) {
        if odd {
            self.limitations.push(limitation);
        }
    }
}

/// `exp` has passed: a token is good in the very second that `exp` names.
pub(super) fn expired(exp_s: i64, now_s: i64) -> Option<Refusal> {
    (exp_s < now_s).then(|| Refusal::Expired {
        by_s: now_s.saturating_sub(exp_s),
    })
}

/// A time that lies ahead.
pub(super) fn ahead(at_s: i64, now_s: i64) -> Option<i64> {
    (at_s > now_s).then(|| at_s.saturating_sub(now_s))
}

/// Seconds since 1970 reach this number in the year 5138; milliseconds passed it in 1973.
pub(super) fn looks_like_milliseconds(exp_s: i64) -> bool {
    exp_s >= 100_000_000_000
}

/// A time of which a component wants whole seconds.
pub(super) fn whole(found: &mut Findings, name: TimeName, claim: &TimeClaim) -> Option<i64> {
    match claim {
        TimeClaim::Whole(second) => Some(*second),
        TimeClaim::Absent => None,
        TimeClaim::Fraction(_) => {
            found.refuse(Refusal::TimeNotWhole(name));
            None
        }
        TimeClaim::Text(_) | TimeClaim::Other => {
            found.refuse(Refusal::TimeNotNumber(name));
            None
        }
    }
}
