//! Why a file was not read or written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::{Text, io_message};

/// Bytes of a MiB, for limits.
pub const MIB: u64 = 1024 * 1024;

/// A file was not read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub fault: FileFault,
    writing: bool,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// The operating system refused.
    System(io::ErrorKind, Text),
    /// It is larger than this number of bytes.
    TooLarge(u64),
    /// It is a device or a socket.
    Special,
    /// It is a symbolic link, and none is followed here.
    Link,
    /// Its links lead round in a circle.
    Loop,
    /// A link or special file in a directory that others may write.
    Planted {
        /// The link or special file.
        entry: PathBuf,
        /// The directory.
        folder: PathBuf,
    },
    /// The directory belongs to another user.
    Foreign {
        /// The directory.
        folder: PathBuf,
        /// Its owner.
        owner: u32,
        /// This user.
        us: u32,
    },
    /// Others may write the directory.
    OpenToOthers {
        /// The directory.
        folder: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A pipe that did not end in time, or that nobody reads.
    Pipe,
    /// Another process replaced it while it was written.
    Replaced,
    /// A signal came first.
    Signalled(Outcome),
}

impl From<io::Error> for FileFault {
    fn from(error: io::Error) -> Self {
        Self::System(error.kind(), io_message(&error))
    }
}

impl From<rustix::io::Errno> for FileFault {
    fn from(error: rustix::io::Errno) -> Self {
        io::Error::from(error).into()
    }
}

impl FileFault {
    /// The cause, without the file.
    pub fn text(&self) -> Text {
        match self {
            Self::System(_, text) => text.clone(),
            Self::TooLarge(limit) if limit.is_multiple_of(MIB) => {
                Text::new("files-too-large").with("limit", limit / MIB)
            }
            Self::TooLarge(limit) => Text::new("files-too-large-bytes").with("limit", limit),
            Self::Special => Text::new("files-special"),
            Self::Link => Text::new("files-link"),
            Self::Loop => Text::new("files-loop"),
            Self::Planted { entry, folder } => Text::new("files-planted")
                .with("entry", entry.display())
                .with("folder", folder.display()),
            Self::Foreign { folder, owner, us } => Text::new("files-foreign")
                .with("folder", folder.display())
                .with("owner", owner)
                .with("us", us),
            Self::OpenToOthers { folder, mode } => Text::new("files-open-to-others")
                .with("folder", folder.display())
                .with("mode", format!("{mode:04o}")),
            Self::Pipe => Text::new("files-pipe"),
            Self::Replaced => Text::new("files-replaced"),
            Self::Signalled(_) => Text::new("cli-interrupted"),
        }
    }

    fn hint(&self) -> Option<Text> {
        Some(match self {
            Self::Link => Text::new("files-link-hint"),
            Self::Planted { .. } => Text::new("files-planted-hint"),
            Self::Foreign { folder, us, .. } => Text::new("files-foreign-hint")
                .with("us", us)
                .with("folder", folder.display()),
            Self::OpenToOthers { folder, .. } => {
                Text::new("files-open-to-others-hint").with("folder", folder.display())
            }
            Self::Signalled(_) => Text::new("cli-interrupted-hint"),
            _ => return None,
        })
    }
}

impl FileError {
    /// A file that was not read.
    pub fn reading(path: &Path, fault: impl Into<FileFault>) -> Self {
        Self {
            path: path.to_owned(),
            fault: fault.into(),
            writing: false,
        }
    }

    /// A file that was not written.
    pub fn writing(path: &Path, fault: impl Into<FileFault>) -> Self {
        Self {
            writing: true,
            ..Self::reading(path, fault)
        }
    }

    /// The kind of the operating system's error, if it is one.
    pub fn kind(&self) -> Option<io::ErrorKind> {
        match self.fault {
            FileFault::System(kind, _) => Some(kind),
            _ => None,
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.path.display(), self.fault)
    }
}

impl std::error::Error for FileError {}

impl Failure for FileError {
    fn outcome(&self) -> Outcome {
        match (&self.fault, self.writing) {
            (FileFault::Signalled(signal), _) => *signal,
            (_, true) => Outcome::Failed,
            (_, false) => Outcome::Usage,
        }
    }

    fn message(&self) -> Text {
        if matches!(self.fault, FileFault::Signalled(_)) {
            return self.fault.text();
        }
        let text = if self.writing {
            Text::new("files-unwritable")
        } else {
            Text::new("files-unreadable")
        };
        text.with("path", self.path.display())
            .nested("error", self.fault.text())
    }

    fn hints(&self) -> Vec<Text> {
        self.fault.hint().into_iter().collect()
    }
}
