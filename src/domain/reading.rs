//! What was read, or why it could not be.

use super::failure_cause::FailureCause;

use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;

/// A fact of an instance that was read, or could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading<T> {
    /// The instance told it.
    Known(T),
    /// It could not be read; nothing may be concluded from that.
    Unknown(ReadFailure),
}

impl<T> Reading<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// The value, or why there is none.
    pub fn as_result(&self) -> Result<&T, &ReadFailure> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Unknown(failure) => Err(failure),
        }
    }

    /// The cause, if it is not known.
    pub fn failure(&self) -> Option<&ReadFailure> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(failure) => Some(failure),
        }
    }
}

impl<T> From<Result<T, ReadFailure>> for Reading<T> {
    fn from(result: Result<T, ReadFailure>) -> Self {
        match result {
            Ok(value) => Self::Known(value),
            Err(failure) => Self::Unknown(failure),
        }
    }
}

/// Why something could not be read (or done), in a form that the exit code and a hint can be
/// chosen by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFailure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// The operation, e.g. `packages.list`.
    pub operation: &'static str,
    /// What was asked: method and address without secrets.
    pub target: String,
    /// Why.
    pub cause: FailureCause,
}

impl ReadFailure {
    /// Whether a write that failed so may have taken effect all the same, or may still do so: state
    /// must be read before anything is concluded or sent again. Only core's own words prove the end.
    pub fn may_have_arrived(&self) -> bool {
        match self.kind {
            FailureKind::NoAnswer
            | FailureKind::ServerError
            | FailureKind::NotWecube
            | FailureKind::TooLarge => true,
            FailureKind::TokenRefused
            | FailureKind::PermissionDenied
            | FailureKind::Redirected
            | FailureKind::EndpointAbsent
            | FailureKind::Refused => !self.cause.is_said(),
            FailureKind::Unreachable | FailureKind::Ambiguous | FailureKind::NotAsked => false,
        }
    }

    /// The cause, with the operation and the address before it.
    pub fn located_cause(&self) -> FailureCause {
        let place = format!("{} ({})", self.operation, self.target);
        self.cause.clone().at(place)
    }

    /// Scheme, host and port of the server that was asked.
    pub fn origin(&self) -> &str {
        let url = self.target.rsplit(' ').next().unwrap_or_default();
        let host = url.find("://").map_or(0, |at| at + 3);
        let path = url[host..].find('/');
        &url[..path.map_or(url.len(), |at| host + at)]
    }

    /// The authority without which the platform refuses the operation
    /// (`docs/platform/tokens.md#required-authorities`), if the token was valid and lacks one.
    pub fn missing_authority(&self) -> Option<String> {
        if self.kind != FailureKind::PermissionDenied {
            return None;
        }
        let said = self.cause.quote().unwrap_or_default();
        if let Some((_, roles)) = said.split_once("expected user roles:") {
            return Some(roles.trim().to_owned());
        }
        let authority = match self.operation.split('.').next().unwrap_or_default() {
            "variables" => "ADMIN_SYSTEM_PARAMS",
            "menus" => "ADMIN_USER_ROLE_MANAGEMENT",
            _ => "COLLABORATION_PLUGIN_MANAGEMENT",
        };
        Some(authority.to_owned())
    }

    /// What gives the token the authority that it lacks.
    pub fn permission_hint(&self) -> Option<Text> {
        let authority = self.missing_authority()?;
        Some(Text::new("plan-failure-hint-authority").with("authority", authority))
    }
}

impl Failure for ReadFailure {
    fn outcome(&self) -> Outcome {
        self.kind.outcome()
    }

    fn message(&self) -> Text {
        let kind = self.kind.message();
        if self.cause.is_unspecified() {
            return kind;
        }
        Text::new("plan-read-failure")
            .nested("kind", kind)
            .with("operation", self.operation)
            .with("target", &self.target)
            .nested("detail", self.cause.message())
    }

    fn hints(&self) -> Vec<Text> {
        if let Some(hint) = self.permission_hint() {
            return vec![hint];
        }
        // The address of the call, without its method.
        let address = self.target.rsplit(' ').next().unwrap_or_default();
        if let Some(hint) = self.cause.tls().and_then(|fault| fault.hint(address)) {
            return vec![hint];
        }
        let hint = match (self.kind.outcome(), self.kind) {
            (_, FailureKind::TooLarge) => Text::new("plan-failure-hint-too-large"),
            (Outcome::NoPermission, _) => Text::new("plan-failure-hint-permission"),
            (Outcome::Unreachable, _) => {
                Text::new("plan-failure-hint-unreachable").with("target", address)
            }
            (Outcome::NotWecube, _) => {
                Text::new("plan-failure-hint-not-wecube").with("target", address)
            }
            _ => return Vec::new(),
        };
        vec![hint]
    }
}

/// Kinds of failure of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// No connection: refused, no route, name not known, TLS.
    Unreachable,
    /// Connected, but no (whole) answer in time, or the connection broke.
    NoAnswer,
    /// 401: the token was refused.
    TokenRefused,
    /// Authenticated, but not allowed (HTTP 200 `Access is denied`, 20000041, 403).
    PermissionDenied,
    /// Answers, but not as a `WeCube` platform.
    NotWecube,
    /// A redirect; it is never followed.
    Redirected,
    /// This version does not have the endpoint (a framework's own 404).
    EndpointAbsent,
    /// A framework's own 5xx, or a panic.
    ServerError,
    /// The platform said `status: ERROR`.
    Refused,
    /// The body is over the cap or too deep.
    TooLarge,
    /// What answers can be two things, and nothing tells which.
    Ambiguous,
    /// It was not asked because something before it failed, or the run ended.
    NotAsked,
}

impl FailureKind {
    /// Whether the server did not respond as a platform.
    pub fn is_no_platform(self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::NoAnswer | Self::NotWecube | Self::Redirected
        )
    }

    /// How a command ends that such a failure keeps from going on.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::TokenRefused | Self::PermissionDenied => Outcome::NoPermission,
            Self::Unreachable | Self::NoAnswer | Self::ServerError => Outcome::Unreachable,
            Self::NotWecube | Self::Redirected | Self::TooLarge => Outcome::NotWecube,
            _ => Outcome::Failed,
        }
    }

    /// The failure as a phrase.
    pub fn message(self) -> Text {
        match self {
            Self::Unreachable => Text::new("plan-failure-unreachable"),
            Self::NoAnswer => Text::new("plan-failure-no-answer"),
            Self::TokenRefused => Text::new("plan-failure-token-refused"),
            Self::PermissionDenied => Text::new("plan-failure-permission"),
            Self::NotWecube => Text::new("plan-failure-not-wecube"),
            Self::Redirected => Text::new("plan-failure-redirected"),
            Self::EndpointAbsent => Text::new("plan-failure-endpoint-absent"),
            Self::ServerError => Text::new("plan-failure-server-error"),
            Self::Refused => Text::new("plan-failure-refused"),
            Self::TooLarge => Text::new("plan-failure-too-large"),
            Self::Ambiguous => Text::new("plan-failure-ambiguous"),
            Self::NotAsked => Text::new("plan-failure-not-asked"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_authority_follows_operation_and_message() {
        for (operation, said, expected) in [
            (
                "variables.retrieve",
                "Access is denied",
                "ADMIN_SYSTEM_PARAMS",
            ),
            (
                "variables.create",
                "Lack of permission to proceed operation, expected user roles:SUPER_ADMIN",
                "SUPER_ADMIN",
            ),
            (
                "packages.register",
                "Api Permission Deny",
                "COLLABORATION_PLUGIN_MANAGEMENT",
            ),
            (
                "menus.all",
                "Api Permission Deny",
                "ADMIN_USER_ROLE_MANAGEMENT",
            ),
        ] {
            let mut failure = ReadFailure {
                kind: FailureKind::PermissionDenied,
                operation,
                target: String::new(),
                cause: FailureCause::Said(said.to_owned()),
            };
            assert_eq!(failure.missing_authority().as_deref(), Some(expected));
            assert_eq!(failure.hints()[0].key(), "plan-failure-hint-authority");
            failure.kind = FailureKind::TokenRefused;
            assert_eq!(failure.missing_authority(), None);
            assert_eq!(failure.hints()[0].key(), "plan-failure-hint-permission");
        }
    }
}
