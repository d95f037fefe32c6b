//! The steps before the main job: environment, compose files, images, database, directories,
//! containers. `docs/architecture.md` names the rooms.

pub mod env;
pub mod host;
pub mod migrate;
