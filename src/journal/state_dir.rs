//! The directory that runs are kept in: nobody else may read it.

use std::fs::DirBuilder;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::domain::Address;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::{Text, io_message};

/// The state directory, there and writable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateDir {
    root: PathBuf,
}

/// Why a state directory cannot be used.
#[derive(Debug)]
pub enum StateError {
    /// A directory cannot be made.
    Make {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is there, but files cannot be made in it (read-only, full, not ours).
    Write {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// None was named.
    NoneKnown,
}

impl Failure for StateError {
    fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn message(&self) -> Text {
        match self {
            Self::Make { path, source } => Text::new("journal-state-make")
                .with("path", path.display())
                .nested("reason", io_message(source)),
            Self::Write { path, source } => Text::new("journal-state-write")
                .with("path", path.display())
                .nested("reason", io_message(source)),
            Self::NoneKnown => Text::new("journal-state-none"),
        }
    }

    fn hints(&self) -> Vec<Text> {
        vec![Text::new("cli-state-hint")]
    }
}

impl StateDir {
    /// Opens it; what is missing is made, for its owner alone. That it can be written is tried, so
    /// that a read-only or full disk shows before anything is sent.
    pub fn open(root: &Path) -> Result<Self, StateError> {
        for dir in [root.to_path_buf(), root.join("runs"), root.join("locks")] {
            make(&dir)?;
        }
        let probe = root
            .join("runs")
            .join(format!(".probe-{}", std::process::id()));
        let tried = write_probe(&probe);
        let removed = fs_err::remove_file(&probe);
        tried.and(removed).map_err(|source| StateError::Write {
            path: root.to_path_buf(),
            source,
        })?;
        Ok(Self {
            root: root.to_path_buf(),
        })
    }

    /// Opens the first of several that can be used: the system's, else the user's. The error is that
    /// of the last.
    pub fn choose(candidates: &[PathBuf]) -> Result<Self, StateError> {
        let mut last = StateError::NoneKnown;
        for root in candidates {
            match Self::open(root) {
                Ok(dir) => return Ok(dir),
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
        let path = self.root.join("id");
        if let Ok(id) = fs_err::read_to_string(&path)
            && id.len() == 16
            && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return Ok(id);
        }
        let id = format!("{:016x}", fastrand::u64(..));
        let draft = self.root.join(format!(".id-{}", std::process::id()));
        let mut file = private()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&draft);
        let written = file.as_mut().map_or_else(
            |error| Err(error.kind().into()),
            |file| {
                file.write_all(id.as_bytes())
                    .and_then(|()| file.sync_data())
            },
        );
        written
            .and_then(|()| fs_err::rename(&draft, &path))
            .map_err(|source| StateError::Write {
                path: self.root.clone(),
                source,
            })?;
        Ok(id)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.root
    }

    pub(super) fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    pub(super) fn locks(&self) -> PathBuf {
        self.root.join("locks")
    }

    pub(super) fn kept(&self) -> PathBuf {
        self.root.join("kept")
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

/// Options for a file that only its owner may read.
pub(super) fn private() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.mode(0o600);
    options
}

pub(super) fn make(dir: &Path) -> Result<(), StateError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|source| StateError::Make {
        path: dir.to_path_buf(),
        source,
    })
}

/// A full disk often lets an empty file be made: so a byte is written, and reaches the disk.
fn write_probe(path: &Path) -> io::Result<()> {
    let mut file = private()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)?;
    file.write_all(b"x")?;
    file.sync_data()
}
