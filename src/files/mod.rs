//! Every file that this program reads or writes.
//!
//! An input is a regular file or a pipe that ends, of bounded size ([`read()`]). An output that is a
//! regular file is replaced whole; a pipe or a device is written into ([`replace`]). Names are used
//! through the descriptor of their directory, which is opened name by name: a symbolic link is followed
//! only in a directory that nobody but this user and root may write. A directory of our own
//! ([`Directory::private`]) belongs to this user, nobody else may write it, and no link in it is
//! followed.

mod directory;
mod error;
mod read;
mod rule;
#[cfg(test)]
mod tests;
mod write;

pub use directory::{Access, Directory, Draft, Existing, names_in};
pub use error::{FileError, FileFault, MIB};
pub use read::{Content, mode_of, open, read, read_content, read_text};
pub use write::{create, folder_of, locate, replace};
