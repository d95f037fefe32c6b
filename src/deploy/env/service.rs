//! The four services of a v4 platform and what the upgrade document calls their parts.

use std::fmt;

/// A service, in the order in which the document starts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// `platform-auth-server`: signs in, makes tokens.
    Auth,
    /// `platform-core`
    Core,
    /// `platform-gateway`
    Gateway,
    /// `wecube-portal`: nginx with the pages.
    Portal,
}

impl Service {
    /// All of them, in the document's order.
    pub const ALL: [Self; 4] = [Self::Auth, Self::Core, Self::Gateway, Self::Portal];

    /// Its name in the compose file; also the image's, and its directory's below the root.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auth => "platform-auth-server",
            Self::Core => "platform-core",
            Self::Gateway => "platform-gateway",
            Self::Portal => "wecube-portal",
        }
    }

    /// Its compose file, as the document names it.
    pub fn compose_file(self) -> &'static str {
        match self {
            Self::Auth => "1-wecube-platform-auth-server.yml",
            Self::Core => "2-wecube-platform-core.yml",
            Self::Gateway => "3-wecube-platform-gateway.yml",
            Self::Portal => "4-wecube-portal.yml",
        }
    }

    /// The port that it listens on inside its container.
    pub fn inner_port(self) -> u16 {
        match self {
            Self::Core => 8000,
            Self::Auth | Self::Gateway | Self::Portal => 8080,
        }
    }

    /// Its log folder below its directory.
    pub fn log_folder(self) -> &'static str {
        match self {
            Self::Portal => "log",
            Self::Auth | Self::Core | Self::Gateway => "logs",
        }
    }

    /// Its short word in variable names: `core` in `core_port`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Core => "core",
            Self::Gateway => "gateway",
            Self::Portal => "portal",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
