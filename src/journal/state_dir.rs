//! The directory that runs are kept in: it belongs to this user, and nobody else may write it.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::domain::Address;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::{Access, Directory, FileError, FileFault};
use crate::i18n::Text;

/// The state directory, there and writable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateDir {
    root: PathBuf,
}

/// Why a state directory cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateError {
    /// It cannot be created or written, or others may write it.
    File(FileError),
    /// None was named.
    NoneKnown,
}

impl From<FileError> for StateError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl Failure for StateError {
    fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn message(&self) -> Text {
        match self {
            Self::File(error) => Text::new("journal-state").nested("cause", error.message()),
            Self::NoneKnown => Text::new("journal-state-none"),
        }
    }

    fn hints(&self) -> Vec<Text> {
        let mut hints = match self {
            Self::File(error) => error.hints(),
            Self::NoneKnown => Vec::new(),
        };
        hints.push(Text::new("cli-state-hint"));
        hints
    }
}

impl StateError {
    /// Whether another directory must not be taken instead: this one is ours, but not safe.
    fn is_unsafe(&self) -> bool {
        let Self::File(error) = self else {
            return false;
        };
        match error.fault {
            FileFault::Foreign { us, .. } => us == 0,
            FileFault::OpenToOthers { .. } | FileFault::Planted { .. } | FileFault::Link => true,
            _ => false,
        }
    }
}

impl StateDir {
    /// Opens it; what is missing is made, for its owner alone. That it can be written is tried, so
    /// that a read-only or full disk shows before anything is sent.
    pub fn open(root: &Path) -> Result<Self, StateError> {
        let state = Self::existing(root);
        state.directory("locks")?;
        // A full disk often lets an empty file be made: so a byte is written, and reaches the disk.
        let runs = state.directory("runs")?;
        let mut probe = runs.draft("probe".as_ref(), Access::Private)?;
        probe.write(b"x")?;
        let synced = probe.file().sync_data();
        synced.map_err(|error| FileError::writing(runs.path(), error))?;
        Ok(state)
    }

    /// Opens the first of several that can be used: the system's, else the user's. The error is that
    /// of the last.
    pub fn choose(candidates: &[PathBuf]) -> Result<Self, StateError> {
        let mut last = StateError::NoneKnown;
        for root in candidates {
            match Self::open(root) {
                Ok(dir) => return Ok(dir),
                Err(error) if error.is_unsafe() => return Err(error),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// An existing directory to read from; nothing is made and nothing tried.
    pub fn existing(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
        }
    }

    /// An id that no other state directory has; made at the first call.
    pub fn id(&self) -> Result<String, StateError> {
        let folder = Directory::private(&self.root)?;
        let known = folder.read("id", 64)?;
        let known = known.and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(id) = known
            && id.len() == 16
            && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return Ok(id);
        }
        let id = format!("{:016x}", fastrand::u64(..));
        folder.replace("id".as_ref(), id.as_bytes(), Access::Private)?;
        Ok(id)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// A directory in it, created if it is missing.
    pub(super) fn directory(&self, name: &str) -> Result<Directory, FileError> {
        Directory::private(&self.root)?.below(name)
    }

    /// The directory of runs, if there is one.
    pub(super) fn runs(&self) -> Result<Option<Directory>, FileError> {
        Directory::existing_private(&self.root.join("runs"))
    }
}

/// The name of a file that belongs to an instance. The address is hashed: it may hold what a file name
/// cannot.
pub(super) fn file_name(target: &Address) -> String {
    let digest = Sha256::digest(target.as_str().as_bytes());
    let halves = digest
        .iter()
        .take(16)
        .flat_map(|byte| [byte >> 4, byte & 15]);
    halves
        .map(|half| char::from(b"0123456789abcdef"[usize::from(half)]))
        .collect()
}
