//! Secrets, and how they are read from a file or standard input.
//!
//! A [`Secret`] has no `Display`, no `Debug` and no `Serialize`, so that no message, log line, trace
//! or report can carry one by accident: the compiler refuses it. It is wiped when dropped. Start
//! with [`read_secret`]. What an error or a warning says names the origin, never anything that was in it.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::{FileError, FileFault, mode_of, read_content};
use crate::i18n::{Text, io_message};

/// The longest secret that is read, in bytes. Seeds have some tens; the wrong file (a log, a key
/// store) has more.
pub const MAX_SECRET_BYTES: usize = 16 * 1024;

/// A text that must not be shown: a seed, a token, a password.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text, for the one place that needs it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether it is the empty text.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

/// Refuses to compile if a type implements one of the traits: such an implementation makes the item
/// below ambiguous.
macro_rules! assert_not_implemented {
    ($type:ty: $($banned:path),+) => {
        $(const _: fn() = || {
            trait AmbiguousIfImplemented<Case> {
                fn item() {}
            }
            impl<T: ?Sized> AmbiguousIfImplemented<()> for T {}
            struct Implemented;
            impl<T: ?Sized + $banned> AmbiguousIfImplemented<Implemented> for T {}
            let _ = <$type as AmbiguousIfImplemented<_>>::item;
        };)+
    };
}
pub(crate) use assert_not_implemented;

assert_not_implemented!(Secret: std::fmt::Debug, std::fmt::Display, serde::Serialize);

/// Where a secret is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// A file.
    File(PathBuf),
    /// Standard input (`-`).
    Stdin,
}

impl SecretSource {
    /// The source of a path as typed: `-` is standard input.
    pub fn from_path(path: &Path) -> Self {
        if path.as_os_str() == "-" {
            Self::Stdin
        } else {
            Self::File(path.to_owned())
        }
    }

    /// The source, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::File(path) => {
                Text::new("token-secret-place-file").with("path", path.display().to_string())
            }
            Self::Stdin => Text::new("token-secret-place-stdin"),
        }
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

/// A file with a secret that its group or everybody may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LooseMode {
    /// The file.
    pub path: PathBuf,
    /// Its permission bits.
    pub mode: u32,
}

impl LooseMode {
    /// The warning, for people.
    pub fn text(&self) -> Text {
        Text::new("token-secret-wide-mode")
            .with("path", self.path.display())
            .with("mode", format!("{:04o}", self.mode))
    }
}

/// Why no secret could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretError {
    /// The file cannot be read.
    File(FileError),
    /// Standard input cannot be read.
    Stdin(io::ErrorKind),
    /// Nothing in it, or a newline alone.
    Empty {
        /// Where.
        origin: SecretSource,
    },
    /// A byte order mark before the secret.
    ByteOrderMark {
        /// Where.
        origin: SecretSource,
    },
    /// `NAME=VALUE`, a line of an env file.
    Assignment {
        /// Where.
        origin: SecretSource,
    },
    /// More than [`MAX_SECRET_BYTES`].
    TooLarge {
        /// Where.
        origin: SecretSource,
    },
    /// Not text.
    NotUtf8 {
        /// Where.
        origin: SecretSource,
        /// The first byte that is not, from 1.
        position: usize,
    },
}

impl Failure for SecretError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::File(error) => error.outcome(),
            _ => Outcome::Usage,
        }
    }

    fn message(&self) -> Text {
        let (text, origin) = match self {
            Self::File(error) => return error.message(),
            Self::Stdin(cause) => (
                Text::new("token-secret-unreadable")
                    .nested("cause", io_message(&io::Error::from(*cause))),
                &SecretSource::Stdin,
            ),
            Self::Empty { origin } => (Text::new("token-secret-empty"), origin),
            Self::ByteOrderMark { origin } => (Text::new("token-secret-bom"), origin),
            Self::Assignment { origin } => (Text::new("token-secret-assignment"), origin),
            Self::TooLarge { origin } => (
                Text::new("token-secret-too-large").with("limit", MAX_SECRET_BYTES),
                origin,
            ),
            Self::NotUtf8 { origin, position } => (
                Text::new("token-secret-not-utf8").with("position", position),
                origin,
            ),
        };
        text.nested("place", origin.text())
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::File(error) => error.hints(),
            _ => Vec::new(),
        }
    }
}

/// Reads a secret from a file, or from standard input where the path is `-`; one newline at its end is
/// not part of it. Says where others on the host can use the file too.
pub fn read_secret(path: &Path) -> Result<(Secret, Option<LooseMode>), SecretError> {
    read_with(path, &mut io::stdin().lock())
}

fn read_with(
    path: &Path,
    stdin: &mut dyn Read,
) -> Result<(Secret, Option<LooseMode>), SecretError> {
    let origin = SecretSource::from_path(path);
    if origin == SecretSource::Stdin {
        return Ok((take(stdin, origin)?, None));
    }
    let (mut bytes, loose) =
        read_private(path, MAX_SECRET_BYTES as u64).map_err(|error| match error.fault {
            FileFault::TooLarge(_) => SecretError::TooLarge {
                origin: origin.clone(),
            },
            _ => SecretError::File(error),
        })?;
    let secret = of_bytes(&bytes, origin);
    bytes.zeroize();
    Ok((secret?, loose))
}

/// Whether others on the host may use a file with a secret in it; it is not opened.
pub fn loose_file(path: &Path) -> Option<LooseMode> {
    loose(path, mode_of(path)?)
}

fn loose(path: &Path, mode: u32) -> Option<LooseMode> {
    const GROUP_AND_OTHERS: u32 = 0o077;
    (mode & GROUP_AND_OTHERS != 0).then(|| LooseMode {
        path: path.to_owned(),
        mode,
    })
}

/// Reads a file with secrets in it (the upgrade guide's env file has `JWT_SIGNING_KEY`), and says
/// whether others on the host may use it too. A pipe (`<(vault read …)`) has no mode worth a word.
pub fn read_private(path: &Path, limit: u64) -> Result<(Vec<u8>, Option<LooseMode>), FileError> {
    let content = read_content(path, limit)?;
    let loose = content.mode.and_then(|mode| loose(path, mode));
    Ok((content.bytes, loose))
}

fn take(from: &mut dyn Read, origin: SecretSource) -> Result<Secret, SecretError> {
    // Room for all that is read: a buffer that grew would leave copies behind that nobody wipes.
    let mut bytes = Vec::with_capacity(MAX_SECRET_BYTES + 64);
    let result = from
        .take(MAX_SECRET_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| SecretError::Stdin(error.kind()))
        .and_then(|_| of_bytes(&bytes, origin));
    bytes.zeroize();
    result
}

fn of_bytes(bytes: &[u8], origin: SecretSource) -> Result<Secret, SecretError> {
    if bytes.len() > MAX_SECRET_BYTES {
        return Err(SecretError::TooLarge { origin });
    }
    // The source error would hold the bytes; its position is all that is kept.
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let position = error.valid_up_to() + 1;
            return Err(SecretError::NotUtf8 { origin, position });
        }
    };
    let text = text
        .strip_suffix("\r\n")
        .or_else(|| text.strip_suffix('\n'))
        .unwrap_or(text);
    if text.is_empty() {
        return Err(SecretError::Empty { origin });
    }
    if text.starts_with('\u{feff}') {
        return Err(SecretError::ByteOrderMark { origin });
    }
    if is_assignment(text) {
        return Err(SecretError::Assignment { origin });
    }
    Ok(Secret(SecretString::from(text)))
}

/// Whether a text is a line of an env file: the name before `=` is that of a secret.
fn is_assignment(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text);
    let Some((name, value)) = text.split_once('=') else {
        return false;
    };
    let name = name.to_ascii_lowercase();
    let is_name = name.contains('_') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let words = ["password", "passwd", "secret", "seed", "key", "token"];
    is_name && !value.is_empty() && words.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests;
