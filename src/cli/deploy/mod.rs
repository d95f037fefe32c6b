//! `deploy`: the steps before the main job, one file each.

mod all;
mod command;
mod dirs;
mod env_input;
mod errors;
mod images;
mod init;
mod lint;
mod migrate;
mod render;
mod session;
mod status;
mod up;

pub(crate) use crate::deploy::host::ssh::print_password;
pub(crate) use command::{DeployCommand, run};
pub(crate) use env_input::with_name_faults;
