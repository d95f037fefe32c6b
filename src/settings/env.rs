//! The process environment, read once into a value.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// What the program takes from its environment. Addresses, seeds and flags are never taken from it.
#[derive(Clone, Debug, Default)]
pub struct Env {
    values: BTreeMap<&'static str, OsString>,
}

/// Variables that name a proxy; the HTTP client reads them itself.
pub const PROXY_NAMES: [&str; 6] = [
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
];

const NAMES: [&str; 12] = [
    "COLUMNS",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_MESSAGES",
    "NO_COLOR",
    "CLICOLOR_FORCE",
    "TERM",
    "XDG_STATE_HOME",
    "USER",
    "LOGNAME",
    // Set by ourselves where ssh starts us to be told a password (`deploy::host::ssh`).
    "WECUBECTL_ASKPASS",
];

impl Env {
    /// Reads the environment.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads it"
    )]
    pub fn read() -> Self {
        let values = NAMES
            .into_iter()
            .chain(PROXY_NAMES)
            .filter_map(|name| std::env::var_os(name).map(|value| (name, value)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        Self { values }
    }

    /// A value that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.to_str()
    }

    /// The locale that messages follow: `LC_ALL`, else `LC_MESSAGES`, else `LANG`.
    pub fn locale(&self) -> &str {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| self.get(name))
            .unwrap_or_default()
    }

    /// Whether the locale's characters are more than ASCII. Without a locale a terminal is taken at
    /// ASCII, and Chinese, if asked for by hand, still comes as it is.
    pub fn speaks_unicode(&self) -> bool {
        let locale = self.locale().to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    }
}
