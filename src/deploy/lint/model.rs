//! What lint comes to.

use std::path::PathBuf;

use super::catalogue::entry;
use crate::domain::Severity;
use crate::i18n::Text;
use crate::platform::BucketAnswer;

/// One thing that lint found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable code.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// What it is about: a variable, an address, a port.
    pub subject: String,
    /// Its line in the env file, where it is about one.
    pub line: Option<usize>,
    /// What is so. Never the value of a secret.
    pub message: Text,
}

/// What a finding is about.
pub struct Subject {
    pub(super) name: String,
    pub(super) line: Option<usize>,
}

impl Finding {
    /// A finding of a code of the catalogue.
    pub(super) fn new(code: &'static str, subject: Subject, message: Text) -> Self {
        Self {
            code,
            severity: entry(code).map_or(Severity::Error, |entry| entry.severity),
            subject: subject.name,
            line: subject.line,
            message,
        }
    }
}

/// What was seen of the files that the env file speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// The permission bits of the env file, where others may use it.
    pub wide_mode: Option<u32>,
    /// Places where the private key has to be and is not.
    pub missing_keys: Vec<PathBuf>,
    /// Folders of the old instance that the new one's root or ui-resources folder is or lies in.
    pub shared_folders: Vec<(PathBuf, PathBuf)>,
}

/// What was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// A TCP connection to a database.
    Database(Result<(), String>),
    /// A signed request for the bucket of plugin packages.
    Bucket(BucketAnswer),
    /// A TCP connection to a static or plugin host.
    Host(Result<(), String>),
    /// Signing in by ssh.
    Ssh(SshAnswer),
}

/// What came of signing in by ssh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SshAnswer {
    /// Signed in.
    SignedIn,
    /// The password is refused.
    Refused,
    /// The connection or the command failed: the last line that ssh said.
    Failed {
        /// ssh's own words.
        why: String,
    },
    /// There is no `ssh` program here.
    NoSsh,
}

/// One thing that was tried to reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// `HOST:PORT`, with the user for ssh.
    pub target: String,
    /// What came of it.
    pub tried: Tried,
}
