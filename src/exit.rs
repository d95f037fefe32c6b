//! The exit codes: one table for every command and every output format (`docs/cli.md`).

use crate::i18n::Text;

/// Lists every outcome: variant, word in JSON and summaries, exit code, message of its word for people.
macro_rules! outcomes {
    ($($(#[$doc:meta])* $variant:ident $word:literal $code:literal $label:literal,)*) => {
        /// How a command ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Outcome {
            $($(#[$doc])* $variant,)*
        }

        impl Outcome {
            /// Every outcome, for tests and the generated table.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The exit code.
            pub fn code(self) -> u8 {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// The word in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// The word for people.
            pub fn label(self) -> Text {
                match self {
                    $(Self::$variant => Text::new($label),)*
                }
            }
        }
    };
}

outcomes! {
    /// Everything was done and verified.
    Converged "converged" 0 "outcome-converged",
    /// Nothing had to be done.
    NothingToDo "nothing_to_do" 0 "outcome-nothing-to-do",
    /// `compare`: no difference.
    Same "same" 0 "outcome-same",
    /// Done, without findings.
    Ok "ok" 0 "outcome-ok",
    /// Failed, and no other outcome fits.
    Failed "failed" 1 "outcome-failed",
    /// Usage or configuration.
    Usage "usage" 2 "outcome-usage",
    /// `compare`: there are differences.
    Different "different" 10 "outcome-different",
    /// There are findings.
    Findings "findings" 10 "outcome-findings",
    /// `plan --detailed-exitcode`: there is work to do.
    WorkToDo "work_to_do" 10 "outcome-work-to-do",
    /// Some failed or are unknown.
    Partial "partial" 11 "outcome-partial",
    /// The platform answered OK, but its state did not change.
    NoEffect "no_effect" 12 "outcome-no-effect",
    /// Everything possible was done and verified; the rest needs manual action.
    Blocked "blocked" 13 "outcome-blocked",
    /// Nothing was written, because the plan found it unsafe.
    Unsafe "unsafe" 14 "outcome-unsafe",
    /// No terminal and no `--yes`, or the answer was no.
    NotConfirmed "not_confirmed" 15 "outcome-not-confirmed",
    /// Token or permission.
    NoPermission "no_permission" 20 "outcome-no-permission",
    /// No connection.
    Unreachable "unreachable" 21 "outcome-unreachable",
    /// Answers, but not as a `WeCube` platform.
    NotWecube "not_wecube" 22 "outcome-not-wecube",
    /// Another run holds the lock.
    Locked "locked" 30 "outcome-locked",
    /// SIGINT.
    Interrupted "interrupted" 130 "outcome-interrupted",
    /// SIGTERM.
    Terminated "interrupted" 143 "outcome-interrupted",
}

impl Outcome {
    /// Which of several outcomes of one run decides: the first that applies in the order 130/143, 2,
    /// 30, 20–22, 14, 15, 12, 11, 1, 13, 10, 0.
    pub fn worst(outcomes: impl IntoIterator<Item = Self>) -> Option<Self> {
        outcomes.into_iter().min_by_key(|outcome| outcome.rank())
    }

    /// Whether a signal ended the command.
    pub fn is_signal(self) -> bool {
        matches!(self, Self::Interrupted | Self::Terminated)
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
    fn only_signals_are_signals() {
        let signals = Outcome::ALL.iter().filter(|it| it.is_signal());
        let codes: Vec<u8> = signals.map(|it| it.code()).collect();
        assert_eq!(codes, [130, 143]);
    }

    #[test]
    fn every_outcome_has_a_place_in_the_order() {
        for outcome in Outcome::ALL {
            assert_ne!(outcome.rank(), u8::MAX, "{outcome:?}");
        }
    }
}
