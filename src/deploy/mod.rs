//! The steps before the main job: environment, compose files, images, database, directories,
//! containers. `docs/architecture.md` describes the modules.

pub mod dirs;
pub mod env;
pub mod host;
pub mod images;
pub mod lint;
pub mod mask;
pub mod migrate;
pub mod old;
pub mod render;
pub mod status;
pub mod up;
