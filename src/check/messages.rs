//! Messages that several checks share.

use std::fmt::Display;

use crate::domain::{FailureKind, ReadFailure, Side};
use crate::i18n::{Text, few};

/// Names in a message before the rest is only counted.
const NAMED: usize = 5;

/// The first names, then the number of the others as `+7`.
pub(super) fn first_few<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    few(items, NAMED)
}

/// A value of the platform, quoted as it is.
pub(super) fn seen(value: impl std::fmt::Display) -> Text {
    Text::new("check-seen").with("value", value)
}

/// Why a reading failed.
pub(super) fn failure(failure: &ReadFailure) -> Text {
    let text = match failure.kind {
        FailureKind::Unreachable => Text::new("check-failure-unreachable"),
        FailureKind::NoAnswer => Text::new("check-failure-no-answer"),
        FailureKind::TokenRefused => Text::new("check-failure-token"),
        FailureKind::PermissionDenied => Text::new("check-failure-permission"),
        FailureKind::NotAsked => Text::new("check-failure-not-asked"),
        _ => Text::new("check-failure"),
    };
    text.with("operation", failure.operation)
        .with("target", &failure.target)
        .nested("detail", failure.cause.message())
}

/// What makes the reading succeed.
pub(super) fn failure_hint(at: Side, failure: &ReadFailure) -> Text {
    if let Some(hint) = failure.permission_hint() {
        return hint;
    }
    match failure.kind {
        FailureKind::NotWecube | FailureKind::Redirected => {
            Text::new("check-hint-not-wecube").nested("side", at.label())
        }
        kind if kind.is_no_platform() => {
            Text::new("check-hint-unreachable").nested("side", at.label())
        }
        FailureKind::TokenRefused => Text::new("check-hint-token").nested("side", at.label()),
        _ => Text::new("check-hint-read-again"),
    }
}
