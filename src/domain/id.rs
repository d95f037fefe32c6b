//! Identifiers and names, each its own type.

use std::fmt;
use std::sync::Arc;

macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps the text as the platform gave it.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text as the platform gave it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

text_newtype! {
    /// Id of an uploaded package: one name, version and edition (`plugin_…` when a v4 made it, twelve
    /// characters when a v3 did; `docs/platform/two-instances.md#who-made-a-row`).
    PackageId
}
text_newtype! {
    /// Id of a running (or once running) container of a package.
    InstanceId
}
text_newtype! {
    /// Id of a row of `resource-files`. v4 makes new ones at each registration.
    ResourceFileId
}
text_newtype! {
    /// Id of a row of `system_variables`.
    VariableId
}
text_newtype! {
    /// Name of a plugin: also its gateway context and its directory below `/ui-resources`.
    PluginName
}

/// Which generation of the platform made a row, told by the form of its id
/// (`docs/platform/two-instances.md#who-made-a-row`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaunchedBy {
    /// A v3: twelve letters and digits.
    V3,
    /// A v4: a prefix and a guid.
    V4,
    /// Neither form (seed data, a hand-made row).
    Unknown,
}

impl LaunchedBy {
    /// Reads the form of an id.
    pub fn of(id: &str) -> Self {
        const V4_PREFIXES: [&str; 4] = ["p_docker_", "plugin_", "p_ui_", "sys_var_"];
        if V4_PREFIXES.iter().any(|prefix| id.starts_with(prefix)) {
            Self::V4
        } else if id.len() == 12 && id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Self::V3
        } else {
            Self::Unknown
        }
    }
}

/// When a v4 made the row of that id, in seconds since 1970 on the platform's clock: its guids begin
/// with them, in eight hexadecimal digits (`CreateGuid` of go-common-lib at v4.0.0). None for ids of
/// other makers.
pub fn created_at(id: &str) -> Option<u32> {
    if LaunchedBy::of(id) != LaunchedBy::V4 {
        return None;
    }
    let guid = id.rsplit('_').next()?;
    u32::from_str_radix(guid.get(..8)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::{LaunchedBy, created_at};

    #[test]
    fn ids_of_a_v4_tell_when_they_were_made() {
        for (id, at) in [
            ("p_docker_660e1bdda65f40346a182", Some(0x660e_1bdd)),
            ("sys_var_660e1bd2194477ffe7c82", Some(0x660e_1bd2)),
            ("p_docker_short", None),
            ("p_docker_", None),
            ("p_docker_ünïcödé", None),
            ("vBKYDgiB2HoH", None),
            ("system__global__GATEWAY_URL", None),
        ] {
            assert_eq!(created_at(id), at, "{id}");
        }
    }

    #[test]
    fn maker_is_told_by_the_form_of_the_id() {
        for (id, maker) in [
            ("p_docker_660e1bdda65f40346a182", LaunchedBy::V4),
            ("plugin_660e1bcfd0be559b39912", LaunchedBy::V4),
            ("p_ui_660e1bd33d9bbe4d79e85", LaunchedBy::V4),
            ("sys_var_660e1bd2194477ffe7c82", LaunchedBy::V4),
            ("vBKYDgiB2HoH", LaunchedBy::V3),
            ("system__global__GATEWAY_URL", LaunchedBy::Unknown),
            ("", LaunchedBy::Unknown),
        ] {
            assert_eq!(LaunchedBy::of(id), maker, "{id}");
        }
    }
}
