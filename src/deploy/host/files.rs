//! Atomic writes of files that hold secrets.
//!
//! A new file is written under a temporary name, flushed and renamed, so that the path always holds the
//! whole old or the whole new file. The old content is kept as `NAME.bak-N`, the newest five. No file
//! is ever readable for others (0600).

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::confirm::Confirmation;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::{Text, io_message};

/// Backups kept of a file.
const MAX_BACKUPS: usize = 5;

/// The effect of writing a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum FileChange {
    /// The file is new.
    Created,
    /// The content changes; the old content is kept as a backup.
    Changed,
    /// The file has this content already and is not touched.
    Unchanged,
}

impl FileChange {
    /// The value in machine-readable formats.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The word for people.
    pub fn message(self) -> Text {
        match self {
            Self::Created => Text::new("env-file-created"),
            Self::Changed => Text::new("env-file-changed"),
            Self::Unchanged => Text::new("env-file-unchanged"),
        }
    }
}

/// A file and the text that it is to hold. No `Debug`: the text holds secrets.
pub struct PlannedFile {
    /// Its path.
    pub path: PathBuf,
    /// Its new text.
    pub text: String,
    /// Its content now; `None` if it does not exist.
    pub before: Option<Vec<u8>>,
}

/// A file could not be read or written.
#[derive(Debug)]
pub struct FileWriteError {
    /// The file.
    pub path: PathBuf,
    /// The cause.
    pub error: io::Error,
}

impl Failure for FileWriteError {
    fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn message(&self) -> Text {
        Text::new("env-file-write-failed")
            .with("path", self.path.display())
            .nested("error", io_message(&self.error))
    }
}

/// A point of writing at which a test lets the process die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WriteStep {
    Begun,
    BackupMade,
    BackupWritten,
    BackupKept,
    Pruned,
    TempMade,
    TempHalf,
    TempWritten,
    Renamed,
}

impl PlannedFile {
    /// Reads the present content of a file that is to hold `text`.
    pub fn read(path: PathBuf, text: String) -> Result<Self, FileWriteError> {
        let before = match fs_err::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(FileWriteError { path, error }),
        };
        Ok(Self { path, text, before })
    }

    /// The effect of writing it.
    pub fn change(&self) -> FileChange {
        match &self.before {
            None => FileChange::Created,
            Some(before) if before == self.text.as_bytes() => FileChange::Unchanged,
            Some(_) => FileChange::Changed,
        }
    }

    /// Writes it unless the content is the same. Its mode is 0600 in any case.
    pub fn write(&self, _: &Confirmation) -> Result<FileChange, FileWriteError> {
        self.write_until(&mut |_| Ok(()))
            .map_err(|error| FileWriteError {
                path: self.path.clone(),
                error,
            })
    }

    fn write_until(
        &self,
        at: &mut dyn FnMut(WriteStep) -> io::Result<()>,
    ) -> io::Result<FileChange> {
        let change = self.change();
        at(WriteStep::Begun)?;
        match (change, &self.before) {
            (FileChange::Unchanged, _) => restrict_mode(&self.path)?,
            (_, Some(before)) => {
                self.back_up(before, at)?;
                self.replace(at)?;
            }
            (_, None) => self.replace(at)?,
        }
        Ok(change)
    }

    /// Keeps the present content as the newest backup, unless a killed run did so already.
    fn back_up(
        &self,
        before: &[u8],
        at: &mut dyn FnMut(WriteStep) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut kept = self.backups()?;
        let newest = kept
            .last()
            .map(|(_, path)| fs_err::read(path))
            .transpose()?;
        if newest.as_deref() != Some(before) {
            let number = kept.last().map_or(1, |(number, _)| number + 1);
            let path = self.beside(&format!(".bak-{number:04}"));
            let temp = self.beside(".bak-new~");
            let mut file = create_private(&temp)?;
            at(WriteStep::BackupMade)?;
            file.write_all(before)?;
            file.sync_all()?;
            at(WriteStep::BackupWritten)?;
            fs_err::rename(&temp, &path)?;
            at(WriteStep::BackupKept)?;
            kept.push((number, path));
        }
        let surplus = kept.len().saturating_sub(MAX_BACKUPS);
        for (_, path) in kept.iter().take(surplus) {
            fs_err::remove_file(path)?;
        }
        at(WriteStep::Pruned)
    }

    fn replace(&self, at: &mut dyn FnMut(WriteStep) -> io::Result<()>) -> io::Result<()> {
        let temp = self.beside(".new~");
        let mut file = create_private(&temp)?;
        at(WriteStep::TempMade)?;
        let half = self.text.len() / 2;
        file.write_all(&self.text.as_bytes()[..half])?;
        at(WriteStep::TempHalf)?;
        file.write_all(&self.text.as_bytes()[half..])?;
        file.sync_all()?;
        at(WriteStep::TempWritten)?;
        fs_err::rename(&temp, &self.path)?;
        at(WriteStep::Renamed)?;
        // The rename is durable once the directory is flushed.
        File::open(folder_of(&self.path))?.sync_all()
    }

    /// Backups of this file, the oldest first.
    fn backups(&self) -> io::Result<Vec<(u32, PathBuf)>> {
        let name = self.name();
        let mut found = Vec::new();
        for entry in fs_err::read_dir(folder_of(&self.path))? {
            let entry = entry?;
            let other = entry.file_name();
            let number = other
                .to_str()
                .and_then(|other| other.strip_prefix(name.as_str())?.strip_prefix(".bak-"))
                .and_then(|number| number.parse::<u32>().ok());
            if let Some(number) = number {
                found.push((number, entry.path()));
            }
        }
        found.sort();
        Ok(found)
    }

    fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    fn beside(&self, ending: &str) -> PathBuf {
        self.path.with_file_name(format!("{}{ending}", self.name()))
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// A new file with mode 0600. Removes what a killed run left, or a link, instead of following it.
fn create_private(path: &Path) -> io::Result<fs_err::File> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(unix)]
fn restrict_mode(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    const GROUP_AND_OTHERS: u32 = 0o077;
    let mode = fs_err::metadata(path)?.permissions().mode();
    if mode & GROUP_AND_OTHERS == 0 {
        return Ok(());
    }
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o700))
}

#[cfg(not(unix))]
fn restrict_mode(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes a new file atomically with mode 0600. An error if the path exists.
pub fn write_new(path: &Path, text: &str) -> Result<(), FileWriteError> {
    let written = || -> io::Result<()> {
        let folder = folder_of(path);
        // A temporary file is 0600.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()
    };
    written().map_err(|error| FileWriteError {
        path: path.to_owned(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENTS: [WriteStep; 9] = [
        WriteStep::Begun,
        WriteStep::BackupMade,
        WriteStep::BackupWritten,
        WriteStep::BackupKept,
        WriteStep::Pruned,
        WriteStep::TempMade,
        WriteStep::TempHalf,
        WriteStep::TempWritten,
        WriteStep::Renamed,
    ];

    fn wanted(folder: &Path, text: &str) -> PlannedFile {
        PlannedFile::read(folder.join("a.yml"), text.to_owned()).unwrap()
    }

    fn write(folder: &Path, text: &str) -> FileChange {
        wanted(folder, text)
            .write(&Confirmation::by_flag())
            .unwrap()
    }

    fn backups(folder: &Path) -> Vec<String> {
        let found = wanted(folder, "").backups().unwrap();
        found
            .into_iter()
            .map(|(_, path)| fs_err::read_to_string(path).unwrap())
            .collect()
    }

    #[test]
    fn write_killed_at_any_step_leaves_a_whole_file() {
        let mut died = Vec::new();
        for moment in MOMENTS {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), "old, whole");
            let file = wanted(folder.path(), "new, whole");
            let outcome = file.write_until(&mut |now| {
                if now == moment {
                    Err(io::Error::other("killed"))
                } else {
                    Ok(())
                }
            });
            assert!(outcome.is_err(), "{moment:?} is never reached");
            let there = fs_err::read_to_string(folder.path().join("a.yml")).unwrap();
            assert!(["old, whole", "new, whole"].contains(&there.as_str()));
            died.push(there == "new, whole");
            // The next run finishes, keeps the old content once and leaves nothing else behind.
            write(folder.path(), "new, whole");
            let there = fs_err::read_to_string(folder.path().join("a.yml")).unwrap();
            assert_eq!(there, "new, whole");
            assert_eq!(backups(folder.path()), ["old, whole"], "{moment:?}");
            let left = fs_err::read_dir(folder.path()).unwrap().count();

            assert_eq!(left, 2, "{moment:?}");
        }
        assert_eq!(
            died.iter().filter(|new| **new).count(),
            1,
            "after the rename only"
        );
    }

    #[test]
    fn write_keeps_five_backups_and_does_not_touch_an_unchanged_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(write(folder.path(), "0"), FileChange::Created);
        for text in ["1", "2", "3", "4", "5", "6", "7"] {
            assert_eq!(write(folder.path(), text), FileChange::Changed);
        }
        assert_eq!(backups(folder.path()), ["2", "3", "4", "5", "6"]);
        let before = fs_err::metadata(folder.path().join("a.yml")).unwrap();
        assert_eq!(write(folder.path(), "7"), FileChange::Unchanged);
        let after = fs_err::metadata(folder.path().join("a.yml")).unwrap();
        assert_eq!(before.modified().unwrap(), after.modified().unwrap());
        assert_eq!(backups(folder.path()).len(), MAX_BACKUPS);
    }

    #[cfg(unix)]
    #[test]
    fn write_sets_mode_0600_and_does_not_follow_a_planted_link() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = folder.path().join("elsewhere");
        fs_err::write(&elsewhere, "theirs").unwrap();
        fs_err::os::unix::fs::symlink(&elsewhere, folder.path().join("a.yml.new~")).unwrap();
        write(folder.path(), "1");
        write(folder.path(), "2");
        assert_eq!(fs_err::read_to_string(&elsewhere).unwrap(), "theirs");
        let file = folder.path().join("a.yml");
        fs_err::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        write(folder.path(), "2");
        for name in ["a.yml", "a.yml.bak-0001"] {
            let facts = fs_err::metadata(folder.path().join(name)).unwrap();
            assert_eq!(facts.permissions().mode() & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn write_new_never_replaces_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("upgrade.env");
        write_new(&path, "1").unwrap();
        let trouble = write_new(&path, "2").unwrap_err();
        assert_eq!(trouble.error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs_err::read_to_string(&path).unwrap(), "1");
    }
}
