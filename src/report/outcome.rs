//! How a run ended, in words.

use super::block::Meaning;
use crate::exit::Outcome;
use crate::i18n::Text;

/// The last line of a report: how it ended and what to do next.
pub(super) fn verdict(outcome: Outcome) -> (Meaning, Text) {
    match outcome {
        Outcome::Converged => (Meaning::Good, Text::new("report-outcome-converged")),
        Outcome::NothingToDo => (Meaning::Good, Text::new("report-outcome-nothing-to-do")),
        Outcome::Same => (Meaning::Good, Text::new("report-outcome-same")),
        Outcome::Ok => (Meaning::Good, Text::new("report-outcome-ok")),
        Outcome::Failed => (Meaning::Bad, Text::new("report-outcome-failed")),
        Outcome::Usage => (Meaning::Bad, Text::new("report-outcome-usage")),
        Outcome::Different => (Meaning::Bad, Text::new("report-outcome-different")),
        Outcome::Findings => (Meaning::Bad, Text::new("report-outcome-findings")),
        Outcome::WorkToDo => (Meaning::Warning, Text::new("report-outcome-work-to-do")),
        Outcome::Partial => (Meaning::Bad, Text::new("report-outcome-partial")),
        Outcome::NoEffect => (Meaning::Bad, Text::new("report-outcome-no-effect")),
        Outcome::Blocked => (Meaning::Warning, Text::new("report-outcome-blocked")),
        Outcome::Unsafe => (Meaning::Bad, Text::new("report-outcome-unsafe")),
        Outcome::NotConfirmed => (Meaning::Warning, Text::new("report-outcome-not-confirmed")),
        Outcome::NoPermission => (Meaning::Bad, Text::new("report-outcome-no-permission")),
        Outcome::Unreachable => (Meaning::Bad, Text::new("report-outcome-unreachable")),
        Outcome::NotWecube => (Meaning::Bad, Text::new("report-outcome-not-wecube")),
        Outcome::Locked => (Meaning::Bad, Text::new("report-outcome-locked")),
        Outcome::Interrupted | Outcome::Terminated => {
            (Meaning::Warning, Text::new("report-outcome-interrupted"))
        }
    }
}
