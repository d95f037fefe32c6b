//! The env file: reader, table of variables, typed values.
//!
//! [`EnvFile`] is the file as a shell reads it, [`VARIABLES`] describes each name, and [`Values`] are
//! the file's values completed with defaults.

mod reader;
mod sealed;
mod service;
mod starter;
mod values;
mod variables;

pub use reader::{EnvFault, EnvFaultKind, EnvFile};
pub use sealed::{SealFault, is_sealed, unseal};
pub use service::Service;
pub use starter::{quoted, starter};
pub use values::{Database, NameFault, S3, StaticHost, ValueFault, Values, in_brackets, per_host};
pub use variables::{
    Requirement, VARIABLES, ValueKind, Variable, VersionNumbers, variable, version_of,
};
