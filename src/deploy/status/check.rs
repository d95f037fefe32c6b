//! One check of `deploy status`.

use crate::deploy::env::Service;
use crate::i18n::Text;

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusCheckKind {
    /// Compose files, images, ports and names.
    Files,
    /// A component's container and its health answer.
    Component(Service),
    /// The version that core reports.
    Version,
    /// Portal, gateway and core in a row, as a browser uses them.
    Routes,
    /// The same through the load balancer.
    Balancer,
    /// Login through the portal.
    Login,
    /// The bucket of plugin packages.
    S3,
    /// ssh to a static host.
    Ssh,
}

impl StatusCheckKind {
    /// The value in machine-readable formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Component(service) => service.name(),
            Self::Version => "versions",
            Self::Routes => "routes",
            Self::Balancer => "balancer",
            Self::Login => "login",
            Self::S3 => "s3",
            Self::Ssh => "ssh",
        }
    }

    /// The name for people.
    pub fn message(self) -> Text {
        match self {
            Self::Files => Text::new("deploy-check-files"),
            Self::Component(service) => {
                Text::new("deploy-check-component").with("component", service)
            }
            Self::Version => Text::new("deploy-check-version"),
            Self::Routes => Text::new("deploy-check-routes"),
            Self::Balancer => Text::new("deploy-balancer"),
            Self::Login => Text::new("deploy-check-login"),
            Self::S3 => Text::new("deploy-check-s3"),
            Self::Ssh => Text::new("deploy-check-ssh"),
        }
    }
}

/// The state of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// Passed.
    Good,
    /// Failed.
    Bad,
    /// Not tested.
    NotTested,
}

/// A check and its result.
#[derive(Clone, Debug)]
pub struct StatusCheck {
    /// What it is about.
    pub kind: StatusCheckKind,
    /// Its state.
    pub state: CheckState,
    /// What was observed.
    pub message: Text,
}

impl StatusCheck {
    pub(super) fn new(kind: StatusCheckKind, state: CheckState, message: Text) -> Self {
        Self {
            kind,
            state,
            message,
        }
    }

    pub(super) fn good(kind: StatusCheckKind, message: Text) -> Self {
        Self::new(kind, CheckState::Good, message)
    }

    pub(super) fn bad(kind: StatusCheckKind, message: Text) -> Self {
        Self::new(kind, CheckState::Bad, message)
    }
}
