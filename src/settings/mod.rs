//! What was typed, in files and in the environment → [`Settings`], each value with its source.
//!
//! Precedence: flag, then `wecubectl.toml`, then the upgrade document's env file, then default.
//! Start with [`resolve()`].

mod address;
mod duration;
mod env;
mod file;
mod files;
mod given;
mod resolve;
#[cfg(test)]
mod tests;
mod toml_fault;
mod values;

pub use crate::deploy::env::{EnvFault, EnvFaultKind, EnvFile};
pub use address::{AddressError, parse_address};
pub use duration::{DurationError, parse_duration, show_duration};
pub use env::{Env, PROXY_NAMES};
pub use file::{ApplySection, AuthSection, ClientSection, ConfigFile, SideSection, template};
pub use files::{Files, SettingsError};
pub use given::{ConnectFlags, Given, SelectFlags};
pub use resolve::{
    DEFAULT_BODY_LIMIT_MIB, DEFAULT_DEADLINE, DEFAULT_PARALLEL, DEFAULT_REQUEST_TIMEOUT,
    DEFAULT_UNKNOWN_AFTER, DEFAULT_USER, resolve,
};
pub use toml_fault::TomlFault;
pub use values::{Effective, SeedSource, Settings, SideSettings, Source};
