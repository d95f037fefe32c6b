//! Reports of the `deploy` commands.

mod all;
mod cells;
mod dirs;
mod files;
mod images;
mod init;
mod lint;
mod progress;
mod start;
mod status;

pub use all::{DeployStep, StepResult, add_steps};
pub use dirs::{changed_dirs_table, planned_dirs_table};
pub use files::files_table;
pub use images::{ImageAction, image_states_table, images_table};
pub use init::InitReport;
pub use lint::lint_table;
pub use progress::ImageProgress;
pub use start::{removed_table, rolled_back_table, start_outcome, start_table};
pub use status::status_table;
