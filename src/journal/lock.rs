//! One run at a time on an instance, as far as this machine goes: a file that the kernel locks, so
//! that a run which is killed holds it no longer.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};

use super::format::Who;
use super::state_dir::{StateDir, file_name};
use crate::domain::Address;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::{Directory, FileError};
use crate::i18n::Text;

/// The locks of one run, one per instance that it writes; given back when dropped.
#[derive(Debug)]
pub struct Lock {
    files: Vec<File>,
}

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Who it is.
    pub who: Who,
    /// Since when, RFC 3339.
    pub since: String,
    /// The command, e.g. `apply`.
    pub command: String,
}

/// Why a lock was not got.
#[derive(Debug)]
pub enum LockError {
    /// Another run holds it.
    Held {
        /// The instance.
        target: Address,
        /// Who holds it, if that can be read.
        holder: Option<Box<Holder>>,
    },
    /// The file system of the state directory has no locks.
    Unsupported {
        /// The lock file.
        path: PathBuf,
    },
    /// The lock file cannot be used.
    File(FileError),
}

impl From<FileError> for LockError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl Failure for LockError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Held { .. } => Outcome::Locked,
            _ => Outcome::Failed,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::Held {
                target,
                holder: Some(holder),
            } => Text::new("journal-lock-held")
                .with("target", target)
                .with("command", &holder.command)
                .with("pid", holder.who.pid)
                .with("host", holder.who.host.as_deref().unwrap_or("?"))
                .with("user", holder.who.user.as_deref().unwrap_or("?"))
                .with("since", &holder.since),
            Self::Held {
                target,
                holder: None,
            } => Text::new("journal-lock-held-by-somebody").with("target", target),
            Self::Unsupported { path } => {
                Text::new("journal-lock-unsupported").with("path", path.display())
            }
            Self::File(error) => Text::new("journal-lock-file")
                .with("path", error.path.display())
                .nested("reason", error.fault.text()),
        }
    }
}

impl Lock {
    /// Takes the locks of these instances (their cores' addresses), all or none. They are taken in
    /// one order, so that two runs cannot each hold what the other wants.
    pub fn acquire(
        state: &StateDir,
        targets: &[Address],
        holder: &Holder,
    ) -> Result<Self, LockError> {
        let mut targets: Vec<_> = targets.iter().collect();
        targets.sort();
        targets.dedup();
        let folder = state.directory("locks")?;
        let mut files = Vec::new();
        for target in targets {
            files.push(take(&folder, target, holder)?);
        }
        Ok(Self { files })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        for file in &mut self.files {
            // Who held it is of no interest any more; closing the file unlocks it in any case.
            drop(file.set_len(0));
        }
    }
}

fn take(folder: &Directory, target: &Address, holder: &Holder) -> Result<File, LockError> {
    let name = format!("{}.lock", file_name(target));
    let path = folder.path_of(&name);
    let failed = |error: io::Error| LockError::File(FileError::writing(&path, error));
    let mut file = folder.open_private(&name, OFlags::RDWR | OFlags::CREATE)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(LockError::Held {
                target: target.clone(),
                holder: read_holder(&mut file),
            });
        }
        Err(TryLockError::Error(error)) if has_no_locks(&error) => {
            return Err(LockError::Unsupported { path });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    write_holder(&mut file, holder).map_err(failed)?;
    Ok(file)
}

/// `ENOLCK`: a network file system without its lock service.
const NO_LOCKS_AVAILABLE: i32 = 37;

fn has_no_locks(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported || error.raw_os_error() == Some(NO_LOCKS_AVAILABLE)
}

fn write_holder(file: &mut File, holder: &Holder) -> io::Result<()> {
    let text = serde_json::to_vec(holder)?;
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(&text)?;
    file.flush()
}

/// What the holder wrote; it may be writing just now, then nothing is known.
fn read_holder(file: &mut File) -> Option<Box<Holder>> {
    let mut text = Vec::new();
    file.take(64 * 1024).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_locks_is_told_from_other_faults() {
        for (errno, expected) in [(95, true), (38, true), (37, true), (5, false), (30, false)] {
            let error = io::Error::from_raw_os_error(errno);
            assert_eq!(has_no_locks(&error), expected, "{error}");
        }
    }
}
