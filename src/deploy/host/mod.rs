//! The host and its Docker engine: the only part that starts processes.
//!
//! [`Engine`] is the `docker` command, [`Compose`] is `docker compose` or `docker-compose`, whichever
//! is there. Another machine (`--host`, a Docker context, `DOCKER_HOST`) is Docker's own business.

mod compose;
mod engine;
pub mod facts;
pub mod files;
mod inspect;
mod run;
pub mod ssh;
pub mod tcp;

pub use compose::{Compose, ComposeKind, ComposeService, PortLine};
pub use engine::{Engine, EngineError, EngineFacts};
pub use inspect::{Container, Image, Published};
pub use run::{Program, Ran, RunError};
