//! Words and addresses that several checks share.

use crate::compare::side_label;
use crate::domain::{FailureKind, Inventory, ReadFailure, Side};
use crate::i18n::Text;

/// How many are named before the rest is counted.
const NAMED: usize = 5;

/// A side's name inside a sentence.
pub(super) fn side(side: Side) -> Text {
    side_label(side)
}

/// The first of them, and how many more there are as `+7`.
pub(super) fn few<T: AsRef<str>>(items: &[T]) -> String {
    let named: Vec<&str> = items.iter().take(NAMED).map(AsRef::as_ref).collect();
    let more = items.len().saturating_sub(NAMED);
    let tail = if more > 0 {
        format!(", +{more}")
    } else {
        String::new()
    };
    named.join(", ") + &tail
}

/// What was seen, in words of the platform or of the wire: not translated.
pub(super) fn seen(words: impl std::fmt::Display) -> Text {
    Text::new("check-seen").with("words", words)
}

/// What was seen, in our own words.
pub(super) fn seen_text(text: Text) -> Text {
    Text::new("check-seen").nested("words", text)
}

/// Why something could not be read.
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

/// What to do so that it can be read.
pub(super) fn failure_hint(at: Side, failure: &ReadFailure) -> Text {
    match failure.kind {
        FailureKind::Unreachable
        | FailureKind::NoAnswer
        | FailureKind::NotWecube
        | FailureKind::Redirected => Text::new("check-hint-unreachable").nested("side", side(at)),
        FailureKind::TokenRefused => Text::new("check-hint-token").nested("side", side(at)),
        FailureKind::PermissionDenied => Text::new("check-hint-permission"),
        _ => Text::new("check-hint-read-again"),
    }
}

/// A listing of an instance, as where it was read.
#[derive(Clone, Copy)]
pub(super) enum Listing {
    Version,
    Packages,
    Menus,
    ResourceFiles,
    Variables,
    CoreRoutes,
    GatewayRoutes,
    Instances,
    Dependencies,
}

impl Listing {
    /// Method and address.
    pub(super) fn of(self, inventory: &Inventory) -> String {
        let (core, gateway) = (&inventory.identity.core, &inventory.identity.gateway);
        match self {
            Self::Version => format!("GET {core}/platform/v1/appinfo/version"),
            Self::Packages => format!("GET {core}/platform/v1/packages"),
            Self::Menus => format!("GET {core}/platform/v1/packages/ID/menus"),
            Self::ResourceFiles => format!("GET {core}/platform/v1/resource-files"),
            Self::Variables => format!("POST {core}/platform/v1/system-variables/retrieve"),
            Self::CoreRoutes => format!("GET {core}/platform/v1/route-items"),
            Self::GatewayRoutes => format!("GET {gateway}/gateway/v1/route-items"),
            Self::Instances => format!("GET {core}/platform/v1/packages/ID/instances"),
            Self::Dependencies => format!("GET {core}/platform/v1/packages/ID/dependencies"),
        }
    }
}
