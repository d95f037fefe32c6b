//! Which failure of the canary every other plugin would meet too. Pure.

use super::model::{StepFailure, StepResult, UnknownCause};
use crate::domain::{FilePath, FileState, RegisterError, Transience};

/// The failure that every other plugin would meet too.
pub(super) fn shared_failure(result: &StepResult) -> Option<RegisterError> {
    match result {
        StepResult::Failed(StepFailure::Refused(error)) if error.shared => Some(error.clone()),
        StepResult::Failed(StepFailure::Unchecked { failure }) => {
            RegisterError::shared_by_all(failure)
        }
        // What answers in the place of core does so for every plugin.
        StepResult::Unknown {
            cause: UnknownCause::AnswerLost { error } | UnknownCause::NoTrace { error },
        } => error.shared.then(|| error.clone()),
        // Where no portal answers for the first plugin, none will for the next, and nothing could be
        // proven of it.
        StepResult::Unknown {
            cause: UnknownCause::PagesUnread { pages },
        } => silent_portal(pages),
        _ => None,
    }
}

/// Why nothing can be proven, where no portal answered for any page.
fn silent_portal(pages: &[(FilePath, String, FileState)]) -> Option<RegisterError> {
    let mut answers = pages.iter().map(|(_, portal, state)| match state {
        FileState::Unknown { cause } => Some(cause.clone().at(portal)),
        _ => None,
    });
    let first = answers.next()??;
    answers
        .all(|answer| answer.is_some())
        .then_some(RegisterError {
            transience: Transience::Permanent,
            detail: first,
            cause: RegisterError::UNREACHABLE,
            shared: true,
            retry_after: None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FailureCause, FailureKind, ReadFailure};

    fn page(portal: &str, state: FileState) -> (FilePath, String, FileState) {
        (FilePath::new("/a.js"), portal.to_owned(), state)
    }

    fn silent(portal: &str) -> (FilePath, String, FileState) {
        let cause = FailureCause::PortRefused;
        page(portal, FileState::Unknown { cause })
    }

    #[test]
    fn failure_of_every_plugin_is_told_from_one_of_its_own() {
        let lost = |shared| RegisterError {
            shared,
            ..RegisterError::lost(FailureCause::Broken)
        };
        let unread = |kind| StepFailure::Unchecked {
            failure: ReadFailure {
                kind,
                operation: "packages.list",
                target: String::new(),
                cause: FailureCause::Http(401),
            },
        };
        let unknown = |cause| StepResult::Unknown { cause };
        let pages = |pages| unknown(UnknownCause::PagesUnread { pages });
        let answers_lost = |error| unknown(UnknownCause::AnswerLost { error });
        let no_trace = |error| unknown(UnknownCause::NoTrace { error });
        let refused = |error| StepResult::Failed(StepFailure::Refused(error));
        for (result, expected) in [
            (StepResult::Done, None),
            (refused(lost(true)), Some("unavailable")),
            (refused(lost(false)), None),
            (
                StepResult::Failed(unread(FailureKind::TokenRefused)),
                Some(RegisterError::TOKEN_REFUSED),
            ),
            (StepResult::Failed(unread(FailureKind::NoAnswer)), None),
            (answers_lost(lost(true)), Some("unavailable")),
            (answers_lost(lost(false)), None),
            (no_trace(lost(true)), Some("unavailable")),
            (no_trace(lost(false)), None),
            (unknown(UnknownCause::Interrupted), None),
            (pages(Vec::new()), None),
            (
                pages(vec![silent("http://a"), silent("http://b")]),
                Some(RegisterError::UNREACHABLE),
            ),
            (
                pages(vec![silent("http://a"), page("http://b", FileState::Empty)]),
                None,
            ),
            (
                pages(vec![page("http://b", FileState::Empty), silent("http://a")]),
                None,
            ),
        ] {
            let found = shared_failure(&result);
            let code = found.as_ref().map(|error| error.cause);
            assert_eq!(code, expected, "{result:?}");
            assert!(found.is_none_or(|error| error.shared));
        }
    }
}
