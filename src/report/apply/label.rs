//! How a result is called.

use crate::apply::StepResult;
use crate::i18n::Text;
use crate::report::block::Meaning;

/// The label of a result, and how it is coloured.
pub(super) fn result(result: &StepResult) -> (Meaning, Text) {
    match result {
        StepResult::Done => (Meaning::Good, Text::new("report-result-done")),
        StepResult::Failed(_) => (Meaning::Bad, Text::new("report-result-failed")),
        StepResult::Skipped(_) => (Meaning::Quiet, Text::new("report-result-skipped")),
        StepResult::Blocked(_) => (Meaning::Warning, Text::new("report-result-blocked")),
        StepResult::NoEffect(_) => (Meaning::Bad, Text::new("report-result-no-effect")),
        StepResult::NotStarted(_) => (Meaning::Warning, Text::new("apply-result-not-started")),
        StepResult::Unknown { .. } => (Meaning::Warning, Text::new("report-result-unknown")),
    }
}
