//! The checksum file beside saved images, as `sha256sum` writes and checks it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use crate::files::{Access, FileError, MIB, read_text, replace};
use crate::i18n::Text;

/// Name of the checksum file.
pub const CHECKSUM_FILE: &str = "SHA256SUMS";

/// The checksum file could not be read.
#[derive(Debug)]
pub enum ChecksumError {
    /// This line is not a checksum.
    Line(usize),
    /// The file could not be read.
    File(FileError),
}

impl From<FileError> for ChecksumError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl ChecksumError {
    /// The fault.
    pub fn message(&self) -> Text {
        match self {
            Self::Line(line) => Text::new("deploy-checksum-line")
                .with("file", CHECKSUM_FILE)
                .with("line", line),
            Self::File(error) => error.fault.text(),
        }
    }
}

/// File names and their SHA-256 in hex.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checksums(BTreeMap<String, String>);

impl Checksums {
    /// Reads the checksum file of a directory; empty if there is none.
    pub fn read(folder: &Path) -> Result<Self, ChecksumError> {
        match read_text(&folder.join(CHECKSUM_FILE), MIB) {
            Ok(text) => Self::parse(&text).map_err(ChecksumError::Line),
            Err(error) if error.kind() == Some(io::ErrorKind::NotFound) => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the text; the error is the number of the first line without a checksum.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut sums = Self::default();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (sum, name) = line.split_once(' ').ok_or(at + 1)?;
            let name = name.trim_start_matches([' ', '*']);
            let is_sum = sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit());
            if !is_sum || name.is_empty() {
                return Err(at + 1);
            }
            sums.set(name, &sum.to_lowercase());
        }
        Ok(sums)
    }

    /// The checksum of a file.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Names of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Sets a checksum.
    pub fn set(&mut self, name: &str, sum: &str) {
        self.0.insert(name.to_owned(), sum.to_owned());
    }

    /// Writes the checksum file atomically.
    pub fn write(&self, folder: &Path) -> Result<(), FileError> {
        let mut text = String::new();
        for (name, sum) in &self.0 {
            // Writing to a string cannot fail.
            let _infallible = writeln!(text, "{sum}  {name}");
        }
        replace(
            &folder.join(CHECKSUM_FILE),
            text.as_bytes(),
            Access::Private,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_read_their_own_file_and_that_of_sha256sum() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            Checksums::read(folder.path()).unwrap(),
            Checksums::default()
        );
        let mut sums = Checksums::default();
        sums.set("a b.tar", &"0f".repeat(32));
        sums.write(folder.path()).unwrap();
        assert_eq!(Checksums::read(folder.path()).unwrap(), sums);
        let binary = format!("{} *x.tar\r\n\n# note\n", "AB".repeat(32));
        let read = Checksums::parse(&binary).unwrap();
        assert_eq!(read.get("x.tar"), Some("ab".repeat(32).as_str()));
        assert_eq!(Checksums::parse("abc  x.tar"), Err(1));
    }
}
