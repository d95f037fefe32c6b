//! A report file, written whole or not at all.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::{Text, io_message};

/// Why a file could not be written.
#[derive(Debug)]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// The system's words.
    pub source: std::io::Error,
}

impl Failure for FileError {
    fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn message(&self) -> Text {
        Text::new("report-file-unwritable")
            .with("path", self.path.display())
            .nested("error", io_message(&self.source))
    }

    fn hints(&self) -> Vec<Text> {
        vec![Text::new("report-file-unwritable-hint")]
    }
}

/// Writes a file whole, by rename: who reads it sees the old one or the new one. It may be read by
/// everybody (0644), since a report holds no secret.
pub fn write_whole(path: &Path, contents: &str) -> Result<(), FileError> {
    let failed = |source| FileError {
        path: path.to_owned(),
        source,
    };
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(contents.as_bytes()).map_err(failed)?;
    let_others_read(file.as_file()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

#[cfg(unix)]
fn let_others_read(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn let_others_read(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::write_whole;

    #[test]
    fn a_file_is_replaced_whole_and_may_be_read_by_everybody() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.html");
        write_whole(&path, "first, and longer").unwrap();
        write_whole(&path, "second").unwrap();
        assert_eq!(fs_err::read_to_string(&path).unwrap(), "second");
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs_err::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o644);
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent/report.html");
        let error = write_whole(&path, "x").unwrap_err();
        assert!(error.path.ends_with("absent/report.html"), "{error:?}");
    }
}
