//! The env file and what is made from it: its reader, the table of variables, typed values.
//!
//! [`EnvFile`] is the file as a shell reads it, [`VARIABLES`] says what each name is, and [`Values`]
//! are the file's values with the document's own where the file is silent.

mod about;
mod old;
mod reader;
mod service;
mod starter;
mod values;
mod variables;

pub use old::{CARRIED, NotOurs, OldInstance};
pub use reader::{EnvFault, EnvFaultKind, EnvFile};
pub use service::Service;
pub use starter::{quoted, starter};
pub use values::{Database, NameFault, S3, StaticHost, ValueFault, Values};
pub use variables::{Kind, Need, PlatformRange, VARIABLES, Variable, variable, version_of};
