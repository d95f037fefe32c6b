//! Files with secrets, written whole.
//!
//! A file is made beside its place, flushed and renamed, so that at every moment the old one or the new
//! one is there, whole. What was there is kept as `NAME.bak-N`, the five newest of them. Nothing of
//! ours is ever wider than 0600.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::confirm::Confirmation;
use crate::i18n::Text;

/// How many earlier contents are kept of a file.
pub const KEPT: usize = 5;

/// What writing a file comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    Created,
    /// It was there with another content, which is kept.
    Changed,
    /// It is there as wanted and is not touched.
    Unchanged,
}

impl Change {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }

    /// The word for people.
    pub fn text(self) -> Text {
        match self {
            Self::Created => Text::new("env-file-created"),
            Self::Changed => Text::new("env-file-changed"),
            Self::Unchanged => Text::new("env-file-unchanged"),
        }
    }
}

/// A file that is to hold a text. There is no `Debug`: there are secrets in it.
pub struct WantedFile {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub text: String,
    /// What is there now.
    pub before: Option<Vec<u8>>,
}

/// Why a file could not be read or written.
#[derive(Debug)]
pub struct FileTrouble {
    /// The file.
    pub path: PathBuf,
    /// The system's words.
    pub error: io::Error,
}

impl FileTrouble {
    /// What, where, why.
    pub fn text(&self) -> Text {
        Text::new("env-file-trouble")
            .with("path", self.path.display())
            .with("error", &self.error)
    }
}

/// A moment of writing at which a test lets the process die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
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

impl WantedFile {
    /// Looks at what is there.
    pub fn look(path: PathBuf, text: String) -> Result<Self, FileTrouble> {
        let before = match fs_err::File::open(&path).and_then(|mut file| {
            let mut bytes = Vec::new();
            io::Read::read_to_end(&mut file, &mut bytes)?;
            Ok(bytes)
        }) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(FileTrouble { path, error }),
        };
        Ok(Self { path, text, before })
    }

    /// What writing it would come to.
    pub fn change(&self) -> Change {
        match &self.before {
            None => Change::Created,
            Some(before) if before == self.text.as_bytes() => Change::Unchanged,
            Some(_) => Change::Changed,
        }
    }

    /// Writes it, unless it is there as wanted. Its mode is 0600 in any case.
    pub fn write(&self, _: &Confirmation) -> Result<Change, FileTrouble> {
        self.write_until(&mut |_| Ok(()))
            .map_err(|error| FileTrouble {
                path: self.path.clone(),
                error,
            })
    }

    fn write_until(&self, at: &mut dyn FnMut(Moment) -> io::Result<()>) -> io::Result<Change> {
        let change = self.change();
        at(Moment::Begun)?;
        match (change, &self.before) {
            (Change::Unchanged, _) => narrow(&self.path)?,
            (_, Some(before)) => {
                self.keep(before, at)?;
                self.put(at)?;
            }
            (_, None) => self.put(at)?,
        }
        Ok(change)
    }

    /// Keeps what is there as the newest backup, unless a run that was killed kept it already.
    fn keep(&self, before: &[u8], at: &mut dyn FnMut(Moment) -> io::Result<()>) -> io::Result<()> {
        let mut kept = self.backups()?;
        let newest = kept
            .last()
            .map(|(_, path)| fs_err::read(path))
            .transpose()?;
        if newest.as_deref() != Some(before) {
            let number = kept.last().map_or(1, |(number, _)| number + 1);
            let path = self.beside(&format!(".bak-{number:04}"));
            let temp = self.beside(".bak-new~");
            let mut file = make_private(&temp)?;
            at(Moment::BackupMade)?;
            file.write_all(before)?;
            file.sync_all()?;
            at(Moment::BackupWritten)?;
            fs_err::rename(&temp, &path)?;
            at(Moment::BackupKept)?;
            kept.push((number, path));
        }
        let surplus = kept.len().saturating_sub(KEPT);
        for (_, path) in kept.iter().take(surplus) {
            fs_err::remove_file(path)?;
        }
        at(Moment::Pruned)
    }

    fn put(&self, at: &mut dyn FnMut(Moment) -> io::Result<()>) -> io::Result<()> {
        let temp = self.beside(".new~");
        let mut file = make_private(&temp)?;
        at(Moment::TempMade)?;
        let half = self.text.len() / 2;
        file.write_all(&self.text.as_bytes()[..half])?;
        at(Moment::TempHalf)?;
        file.write_all(&self.text.as_bytes()[half..])?;
        file.sync_all()?;
        at(Moment::TempWritten)?;
        fs_err::rename(&temp, &self.path)?;
        at(Moment::Renamed)?;
        // The rename itself lasts once the folder is flushed.
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

/// A new file for our eyes only. What a run that was killed left there is taken away first; a link is
/// taken away, not followed.
fn make_private(path: &Path) -> io::Result<fs_err::File> {
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
fn narrow(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    const GROUP_AND_OTHERS: u32 = 0o077;
    let mode = fs_err::metadata(path)?.permissions().mode();
    if mode & GROUP_AND_OTHERS == 0 {
        return Ok(());
    }
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o700))
}

#[cfg(not(unix))]
fn narrow(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes a new file, whole and 0600, and never over one that is there.
pub fn write_new(path: &Path, text: &str) -> Result<(), FileTrouble> {
    let written = || -> io::Result<()> {
        let folder = folder_of(path);
        // A temporary file is 0600.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()
    };
    written().map_err(|error| FileTrouble {
        path: path.to_owned(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENTS: [Moment; 9] = [
        Moment::Begun,
        Moment::BackupMade,
        Moment::BackupWritten,
        Moment::BackupKept,
        Moment::Pruned,
        Moment::TempMade,
        Moment::TempHalf,
        Moment::TempWritten,
        Moment::Renamed,
    ];

    fn wanted(folder: &Path, text: &str) -> WantedFile {
        WantedFile::look(folder.join("a.yml"), text.to_owned()).unwrap()
    }

    fn write(folder: &Path, text: &str) -> Change {
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
    fn killed_at_any_moment_the_old_or_the_new_file_is_there_whole() {
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
            assert!(outcome.is_err(), "{moment:?} does not come");
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
    fn five_earlier_contents_are_kept_and_an_unchanged_file_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(write(folder.path(), "0"), Change::Created);
        for text in ["1", "2", "3", "4", "5", "6", "7"] {
            assert_eq!(write(folder.path(), text), Change::Changed);
        }
        assert_eq!(backups(folder.path()), ["2", "3", "4", "5", "6"]);
        let before = fs_err::metadata(folder.path().join("a.yml")).unwrap();
        assert_eq!(write(folder.path(), "7"), Change::Unchanged);
        let after = fs_err::metadata(folder.path().join("a.yml")).unwrap();
        assert_eq!(before.modified().unwrap(), after.modified().unwrap());
        assert_eq!(backups(folder.path()).len(), KEPT);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_wider_than_0600_and_a_planted_link_is_not_followed() {
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
    fn a_new_file_never_replaces_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("upgrade.env");
        write_new(&path, "1").unwrap();
        let trouble = write_new(&path, "2").unwrap_err();
        assert_eq!(trouble.error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs_err::read_to_string(&path).unwrap(), "1");
    }
}
