//! The four services of a v4 platform, named as in the WeCube upgrade guide.

use std::fmt;

/// A service, in order of starting.
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
    /// All of them, in order of starting.
    pub const ALL: [Self; 4] = [Self::Auth, Self::Core, Self::Gateway, Self::Portal];

    /// Its name; also that of its image and its directory.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auth => "platform-auth-server",
            Self::Core => "platform-core",
            Self::Gateway => "platform-gateway",
            Self::Portal => "wecube-portal",
        }
    }

    /// The name of its compose file.
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
