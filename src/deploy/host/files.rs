//! Files that hold secrets: replaced whole, with the newest five old contents as `NAME.bak-N`. No file
//! is ever readable for others (0600).

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use crate::confirm::Confirmation;
use crate::files::{Access, Directory, FileError, MIB, locate, read_content};
use crate::i18n::Text;

/// Backups kept of a file.
const MAX_BACKUPS: usize = 5;
/// The largest content that is kept as a backup.
const LIMIT: u64 = 16 * MIB;

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
    /// Others may use it.
    loose: bool,
}

impl PlannedFile {
    /// Reads the present content of a file that is to hold `text`.
    pub fn read(path: PathBuf, text: String) -> Result<Self, FileError> {
        let (before, mode) = match read_content(&path, LIMIT) {
            Ok(content) => (Some(content.bytes), content.mode),
            Err(error) if error.kind() == Some(io::ErrorKind::NotFound) => (None, None),
            Err(error) => return Err(error),
        };
        let loose = mode.is_some_and(|mode| mode & 0o077 != 0);
        Ok(Self {
            path,
            text,
            before,
            loose,
        })
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
    pub fn write(&self, _: &Confirmation) -> Result<FileChange, FileError> {
        let change = self.change();
        if change != FileChange::Unchanged || self.loose {
            let (folder, name) = locate(&self.path)?;
            if let (FileChange::Changed, Some(before)) = (change, &self.before) {
                back_up(&folder, &name, before)?;
            }
            folder.replace(&name, self.text.as_bytes(), Access::Private)?;
        }
        Ok(change)
    }
}

/// Keeps the present content as the newest backup, unless a killed run did so already.
fn back_up(folder: &Directory, name: &OsString, before: &[u8]) -> Result<(), FileError> {
    let mut kept = backups(folder, name)?;
    let newest = match kept.last() {
        Some((_, newest)) => folder.read(newest, LIMIT)?,
        None => None,
    };
    if newest.as_deref() != Some(before) {
        let number = kept.last().map_or(1, |(number, _)| number + 1);
        let mut backup = name.clone();
        backup.push(format!(".bak-{number:04}"));
        folder.replace(&backup, before, Access::Private)?;
        kept.push((number, backup));
    }
    let surplus = kept.len().saturating_sub(MAX_BACKUPS);
    for (_, backup) in kept.iter().take(surplus) {
        folder.remove(backup)?;
    }
    Ok(())
}

/// Backups of a file, the oldest first.
fn backups(folder: &Directory, name: &OsString) -> Result<Vec<(u32, OsString)>, FileError> {
    let prefix = format!("{}.bak-", name.to_string_lossy());
    let number = |other: &OsString| other.to_str()?.strip_prefix(&prefix)?.parse().ok();
    let names = folder.names()?.into_iter();
    let mut found: Vec<(u32, OsString)> = names
        .filter_map(|other| Some((number(&other)?, other)))
        .collect();
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;

    fn write(folder: &Path, text: &str) -> FileChange {
        let file = PlannedFile::read(folder.join("a.yml"), text.to_owned()).unwrap();
        file.write(&Confirmation::by_flag()).unwrap()
    }

    fn texts(folder: &Path) -> Vec<(String, String)> {
        let entries = fs_err::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap());
        let mut texts: Vec<_> = entries
            .map(|entry| {
                let mode = entry.metadata().unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "{entry:?}");
                let name = entry.file_name().into_string().unwrap();
                (name, fs_err::read_to_string(entry.path()).unwrap())
            })
            .collect();
        texts.sort();
        texts
    }

    #[test]
    fn write_keeps_five_backups_and_does_not_touch_an_unchanged_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(write(folder.path(), "0"), FileChange::Created);
        for text in ["1", "2", "3", "4", "5", "6", "7"] {
            assert_eq!(write(folder.path(), text), FileChange::Changed);
        }
        let path = folder.path().join("a.yml");
        let before = fs_err::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(write(folder.path(), "7"), FileChange::Unchanged);
        assert_eq!(before, fs_err::metadata(&path).unwrap().modified().unwrap());
        let kept: Vec<String> = texts(folder.path()).into_iter().map(|it| it.1).collect();
        assert_eq!(kept, ["7", "2", "3", "4", "5", "6"]);
    }

    #[test]
    fn write_after_a_killed_run_keeps_one_backup_and_takes_the_right_to_read_from_others() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "old");
        for left in ["a.yml.bak-0001", ".a.yml.wecubectl~"] {
            fs_err::write(folder.path().join(left), "old").unwrap();
        }
        let open = std::fs::Permissions::from_mode(0o644);
        fs_err::set_permissions(folder.path().join("a.yml"), open.clone()).unwrap();
        assert_eq!(write(folder.path(), "old"), FileChange::Unchanged);
        let backup = folder.path().join("a.yml.bak-0001");
        fs_err::set_permissions(&backup, std::fs::Permissions::from_mode(0o600)).unwrap();
        write(folder.path(), "new");
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(
            texts(folder.path()),
            [pair("a.yml", "new"), pair("a.yml.bak-0001", "old")]
        );
    }
}
