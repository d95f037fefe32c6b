//! The input and the findings of lint.

use std::path::PathBuf;

use super::code::LintCode;
use crate::deploy::env::{NameFault, SealFault, Service, Values};
use crate::deploy::host::facts::HostFacts;
use crate::deploy::host::ssh::SshResult;
use crate::deploy::host::tcp::ConnectFailure;
use crate::deploy::old::OldInstance;
use crate::domain::Severity;
use crate::i18n::Text;
use crate::platform::BucketAnswer;

/// Everything that the rules read.
pub struct LintInput<'a> {
    /// Values of the env file.
    pub values: &'a Values,
    /// Faults of the names in the env file.
    pub names: &'a [NameFault],
    /// Variables of containers that own templates do not set.
    pub unset: &'a [(Service, String)],
    /// Facts about the files that the env file names.
    pub files: &'a FileFacts,
    /// Facts about this host; `None` with `--no-host`.
    pub host: Option<&'a HostFacts>,
    /// Values of the old instance, if its file is given.
    pub old: Option<&'a OldInstance>,
    /// Results of `--reach`.
    pub reached: &'a [ReachResult],
}

/// Facts about the files that the env file names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Permission bits of the env file, if others may read or write it.
    pub wide_mode: Option<u32>,
    /// Paths at which the private key is missing.
    pub missing_keys: Vec<PathBuf>,
    /// Directories of the new instance, each inside a directory of the old one.
    pub shared_folders: Vec<(PathBuf, PathBuf)>,
}

/// The result of reaching one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachResult {
    /// `HOST:PORT`, with the user for ssh.
    pub target: String,
    /// The answer.
    pub answer: ReachAnswer,
}

/// The answer of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReachAnswer {
    /// TCP connection to a database.
    Database(Result<(), ConnectFailure>),
    /// Signed request for the bucket of plugin packages.
    Bucket(BucketAnswer),
    /// TCP connection to a static or plugin host.
    Host(Result<(), ConnectFailure>),
    /// Sign-in by ssh.
    Ssh(SshResult),
    /// Not tested: a value of this variable cannot be decrypted.
    Sealed(&'static str, SealFault),
    /// A host name of this variable has no address.
    NoAddress(&'static str),
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its code.
    pub code: LintCode,
    /// The variable, address or port that it is about.
    pub subject: String,
    /// The line in the env file, if it is about a variable there.
    pub line: Option<usize>,
    /// The fault. Never the value of a secret.
    pub message: Text,
}

impl Finding {
    /// A finding about something that has no line in the env file.
    pub(super) fn new(code: LintCode, subject: impl Into<String>, message: Text) -> Self {
        Self {
            code,
            subject: subject.into(),
            line: None,
            message,
        }
    }

    /// A finding about a variable.
    pub(super) fn of_variable(code: LintCode, values: &Values, name: &str, message: Text) -> Self {
        Self {
            line: values.file().line(name),
            ..Self::new(code, name, message)
        }
    }

    /// How serious it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}
