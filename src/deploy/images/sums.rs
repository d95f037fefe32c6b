//! The checksum file beside saved images, as `sha256sum` writes and checks it.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;

/// Name of the checksum file.
pub const SUMS_FILE: &str = "SHA256SUMS";

/// File names and their SHA-256 in hex.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<String, String>);

impl Sums {
    /// Reads the checksum file of a directory; none where there is no such file.
    pub fn read(folder: &Path) -> io::Result<Option<Self>> {
        match fs_err::read_to_string(folder.join(SUMS_FILE)) {
            Ok(text) => Self::parse(&text).map(Some).map_err(|line| {
                let words = format!("{SUMS_FILE}: line {line} is no checksum");
                io::Error::new(io::ErrorKind::InvalidData, words)
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads the text; the number of the first line that is no checksum is the error.
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

    /// Notes a checksum.
    pub fn set(&mut self, name: &str, sum: &str) {
        self.0.insert(name.to_owned(), sum.to_owned());
    }

    /// Writes the file of a directory whole.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        for (name, sum) in &self.0 {
            writeln!(file, "{sum}  {name}")?;
        }
        file.as_file().sync_all()?;
        file.persist(folder.join(SUMS_FILE))
            .map_err(|error| error.error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_what_sha256sum_writes_too() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Sums::read(folder.path()).unwrap(), None);
        let mut sums = Sums::default();
        sums.set("a b.tar", &"0f".repeat(32));
        sums.write(folder.path()).unwrap();
        assert_eq!(Sums::read(folder.path()).unwrap(), Some(sums));
        let binary = format!("{} *x.tar\r\n\n# note\n", "AB".repeat(32));
        let read = Sums::parse(&binary).unwrap();
        assert_eq!(read.get("x.tar"), Some("ab".repeat(32).as_str()));
        assert_eq!(Sums::parse("abc  x.tar"), Err(1));
    }
}
