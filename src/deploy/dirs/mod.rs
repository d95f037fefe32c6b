//! The directories of the upgrade document below a root: what is there, what is missing or not as it
//! must be, and putting that right.
//!
//! Every directory below the root is opened by its own name in the one above, and never through a
//! symlink: a link in the tree cannot lead a `chown` out of it. A new directory is made under a name
//! that nobody uses, finished, and only then gets its own: after a kill there is all of it or none.

mod layout;
mod owner;
mod tree;

pub use layout::{Need, Purpose, Want, layout};
pub use owner::{Account, Owner, account_of_host, account_of_image};
pub use tree::{Conflict, Did, DirError, DirState, Look, Root};
