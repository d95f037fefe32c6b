//! The exit codes: one table for every command and every output format (`docs/cli.md`).

/// How a run ended, in the word that JSON and the summary say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All was done and proven.
    Converged,
    /// Nothing had to be done.
    NothingToDo,
    /// `compare`: no difference.
    Same,
    /// Done; no finding.
    Ok,
    /// Failed, and no other word says it better.
    Failed,
    /// Usage or configuration.
    Usage,
    /// `compare`: there are differences.
    Different,
    /// Something was found.
    Findings,
    /// `plan --detailed-exitcode`: there is work to do.
    WorkToDo,
    /// Some failed or are unknown.
    Partial,
    /// The platform said OK, its state says otherwise.
    NoEffect,
    /// All that could be done is done and proven; the rest needs a person.
    Blocked,
    /// Nothing was written because the plan found it unsafe.
    Unsafe,
    /// No terminal and no `--yes`, or the answer was no.
    NotConfirmed,
    /// Token or permission.
    NoPermission,
    /// No connection.
    Unreachable,
    /// Answers, but not as a `WeCube` platform.
    NotWecube,
    /// Another run holds the lock.
    Locked,
    /// SIGINT.
    Interrupted,
    /// SIGTERM.
    Terminated,
}

impl Outcome {
    /// Every outcome, for tests and the generated table.
    pub const ALL: [Self; 20] = [
        Self::Converged,
        Self::NothingToDo,
        Self::Same,
        Self::Ok,
        Self::Failed,
        Self::Usage,
        Self::Different,
        Self::Findings,
        Self::WorkToDo,
        Self::Partial,
        Self::NoEffect,
        Self::Blocked,
        Self::Unsafe,
        Self::NotConfirmed,
        Self::NoPermission,
        Self::Unreachable,
        Self::NotWecube,
        Self::Locked,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Converged | Self::NothingToDo | Self::Same | Self::Ok => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Different | Self::Findings | Self::WorkToDo => 10,
            Self::Partial => 11,
            Self::NoEffect => 12,
            Self::Blocked => 13,
            Self::Unsafe => 14,
            Self::NotConfirmed => 15,
            Self::NoPermission => 20,
            Self::Unreachable => 21,
            Self::NotWecube => 22,
            Self::Locked => 30,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Converged => "converged",
            Self::NothingToDo => "nothing_to_do",
            Self::Same => "same",
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Different => "different",
            Self::Findings => "findings",
            Self::WorkToDo => "work_to_do",
            Self::Partial => "partial",
            Self::NoEffect => "no_effect",
            Self::Blocked => "blocked",
            Self::Unsafe => "unsafe",
            Self::NotConfirmed => "not_confirmed",
            Self::NoPermission => "no_permission",
            Self::Unreachable => "unreachable",
            Self::NotWecube => "not_wecube",
            Self::Locked => "locked",
            Self::Interrupted | Self::Terminated => "interrupted",
        }
    }

    /// Which of several outcomes of one run decides: the first that applies in the order 130/143, 2,
    /// 30, 20–22, 14, 15, 12, 11, 1, 13, 10, 0.
    pub fn worst(outcomes: impl IntoIterator<Item = Self>) -> Option<Self> {
        outcomes.into_iter().min_by_key(|outcome| outcome.rank())
    }

    fn rank(self) -> u8 {
        const ORDER: [u8; 15] = [130, 143, 2, 30, 20, 21, 22, 14, 15, 12, 11, 1, 13, 10, 0];
        let code = self.code();
        let place = ORDER.iter().position(|other| *other == code);
        place
            .and_then(|place| u8::try_from(place).ok())
            .unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn the_first_that_applies_decides() {
        assert_eq!(Outcome::worst([]), None);
        assert_eq!(
            Outcome::worst([Outcome::Blocked, Outcome::Partial, Outcome::NoEffect]),
            Some(Outcome::NoEffect)
        );
        assert_eq!(
            Outcome::worst([Outcome::Failed, Outcome::Partial]),
            Some(Outcome::Partial)
        );
        assert_eq!(
            Outcome::worst([Outcome::Blocked, Outcome::Failed]),
            Some(Outcome::Failed)
        );
        assert_eq!(
            Outcome::worst([Outcome::Converged, Outcome::Different]),
            Some(Outcome::Different)
        );
    }

    #[test]
    fn every_outcome_has_a_place_in_the_order() {
        for outcome in Outcome::ALL {
            assert_ne!(outcome.rank(), u8::MAX, "{outcome:?}");
        }
    }
}
