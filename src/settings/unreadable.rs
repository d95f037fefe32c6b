//! A file of the settings that cannot be read.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::{Text, io_message};

/// A file that was named on the command line or in the configuration cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableFile {
    path: PathBuf,
    cause: Text,
}

impl UnreadableFile {
    /// Why `path` cannot be read.
    pub fn new(path: &Path, error: &io::Error) -> Self {
        Self {
            path: path.to_owned(),
            cause: io_message(error),
        }
    }
}

impl Failure for UnreadableFile {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        Text::new("settings-file-unreadable")
            .with("path", self.path.display())
            .nested("error", self.cause.clone())
    }
}

/// [`UnreadableFile`] as a message.
pub fn file_unreadable(path: &Path, error: &io::Error) -> Text {
    UnreadableFile::new(path, error).message()
}
