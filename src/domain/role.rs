//! The servers of an instance, by what they do.

use crate::i18n::Text;

/// A server of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// platform-core.
    Core,
    /// platform-gateway.
    Gateway,
    /// A portal.
    Portal,
}

impl Role {
    /// The end of the flag that gives its address: `--new-core`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Gateway => "gateway",
            Self::Portal => "portal",
        }
    }

    /// Its name in a sentence.
    pub fn text(self) -> Text {
        match self {
            Self::Core => Text::new("role-core"),
            Self::Gateway => Text::new("role-gateway"),
            Self::Portal => Text::new("role-portal"),
        }
    }
}
