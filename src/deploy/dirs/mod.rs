//! The directories of the WeCube upgrade guide below a root: their state, creation and repair.
//!
//! Every directory is opened by its name in its parent and never through a symlink, so that a link in
//! the tree cannot lead a `chown` out of it. A new directory is created under a temporary name, given
//! its owner and mode, and then renamed: after a kill it exists completely or not at all.

mod layout;
mod owner;
mod plan;
mod tree;

pub use layout::{DirAttributes, DirSpec, Purpose, layout};
pub use owner::{Account, Owner, account_of_host, account_of_image};
pub use plan::{DirOwners, PlannedDir, ensure_all, image_owners, plan_dirs};
pub use tree::{DirChange, DirError, DirState, DirTree, Obstacle, Obstacles};
