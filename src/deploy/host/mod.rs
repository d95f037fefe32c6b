//! This host and its Docker engine. Only this module starts processes.
//!
//! [`Engine`] is the `docker` command, [`Compose`] is `docker compose` or `docker-compose`. Another
//! machine (`--host`, a Docker context, `DOCKER_HOST`) is left to Docker.

mod compose;
mod engine;
pub mod facts;
pub mod files;
mod inspect;
mod process;
pub mod ssh;
pub mod tcp;

pub use compose::{Compose, ComposeKind, ComposeService, PortMapping};
pub use engine::{Engine, EngineError, EngineFacts};
pub use inspect::{Container, Image, PublishedPort, database_of};
pub use process::{ProcessError, ProcessOutput, Program};
