//! An open directory, and the files in it.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Mode, OFlags, RenameFlags, fchmod, fstat, fstatfs, fsync, linkat,
    mkdirat, openat, readlinkat, renameat, renameat_with, statat, unlinkat,
};
use rustix::io::Errno;
use rustix::process::geteuid;

use super::error::{FileError, FileFault};
use super::read::{read_all, regular_or_pipe};
use super::rule::{Entry, follows_link, private};

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its owner (0600).
    Private,
    /// Everybody (0644).
    Public,
}

/// What becomes of a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It is replaced.
    Replace,
    /// It stays; that is an error.
    Keep,
}

/// An open directory. Its path may be swapped; what is done goes to the one that was opened.
#[derive(Debug)]
pub struct Directory {
    fd: OwnedFd,
    path: PathBuf,
}

/// Links of one path that are followed; Linux follows as many.
const MAX_LINKS: usize = 40;

const ENTER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

pub(super) fn us() -> u32 {
    geteuid().as_raw()
}

/// Where a path ends.
pub(super) struct End {
    pub(super) folder: Directory,
    /// The last name; `None` if the whole path was entered.
    pub(super) name: Option<OsString>,
    /// What has the last name; a link only on procfs, if the kernel follows it (`/dev/stdout`).
    pub(super) entry: Option<Entry>,
}

/// How far a path is walked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    /// To the directory of its last name.
    ToFile,
    /// Into its last name.
    Into,
    /// Into its last name; what is missing is created with this mode.
    Create(Mode),
}

/// Walks a path name by name.
pub(super) fn walk(path: &Path, how: Walk) -> Result<End, FileFault> {
    let mut names: VecDeque<OsString> = VecDeque::new();
    let mut folder = start(path, &mut names)?;
    let mut links = 0;
    while let Some(name) = names.pop_front() {
        let last = names.is_empty() && how == Walk::ToFile;
        let entry = folder.entry(&name)?;
        match entry {
            Some(found) if found.kind == FileType::Symlink => {
                if !follows_link(folder.facts()?, us()) {
                    return Err(folder.planted(&name));
                }
                links += 1;
                if links > MAX_LINKS {
                    return Err(FileFault::Loop);
                }
                if fstatfs(&folder.fd)?.f_type == rustix::fs::PROC_SUPER_MAGIC {
                    if last {
                        return Ok(End {
                            folder,
                            name: Some(name),
                            entry,
                        });
                    }
                    folder = folder.enter(&name, OFlags::empty())?;
                    continue;
                }
                let target = readlinkat(&folder.fd, &name, Vec::new())?.into_bytes();
                let target = PathBuf::from(OsString::from_vec(target));
                if target.is_absolute() {
                    folder = start(&target, &mut names)?;
                } else {
                    push_front(&target, &mut names);
                }
            }
            _ if last => {
                return Ok(End {
                    folder,
                    name: Some(name),
                    entry,
                });
            }
            None => match how {
                Walk::Create(mode) => folder = folder.create_below(&name, mode)?,
                _ => return Err(io::ErrorKind::NotFound.into()),
            },
            Some(_) => folder = folder.enter(&name, OFlags::NOFOLLOW)?,
        }
    }
    Ok(End {
        folder,
        name: None,
        entry: None,
    })
}

/// The directory that a path starts from; its names come before those that are left.
fn start(path: &Path, names: &mut VecDeque<OsString>) -> Result<Directory, FileFault> {
    push_front(path, names);
    let from = Path::new(if path.is_absolute() { "/" } else { "." });
    Ok(Directory {
        fd: openat(CWD, from, ENTER, Mode::empty())?,
        path: from.to_owned(),
    })
}

fn push_front(path: &Path, names: &mut VecDeque<OsString>) {
    for part in path.components().rev() {
        if matches!(part, Component::Normal(_) | Component::ParentDir) {
            names.push_front(part.as_os_str().to_owned());
        }
    }
}

impl Directory {
    /// Opens a directory of our own; creates what is missing, for its owner alone. An error if it
    /// belongs to another user or if others may write it.
    pub fn private(path: &Path) -> Result<Self, FileError> {
        Self::checked(path, Walk::Create(Mode::RWXU))
            .map_err(|fault| FileError::writing(path, fault))
    }

    /// As [`Directory::private`], but creates nothing; `None` if there is no such directory.
    pub fn existing_private(path: &Path) -> Result<Option<Self>, FileError> {
        match Self::checked(path, Walk::Into) {
            Ok(found) => Ok(Some(found)),
            Err(FileFault::System(io::ErrorKind::NotFound, _)) => Ok(None),
            Err(fault) => Err(FileError::reading(path, fault)),
        }
    }

    /// Opens a directory for outputs; creates what is missing.
    pub fn of_outputs(path: &Path) -> Result<Self, FileError> {
        let usual = Mode::RWXU | Mode::RWXG | Mode::RWXO;
        let end = walk(path, Walk::Create(usual));
        let end = end.map_err(|fault| FileError::writing(path, fault))?;
        Ok(end.folder)
    }

    fn checked(path: &Path, how: Walk) -> Result<Self, FileFault> {
        let found = walk(path, how)?.folder;
        private(path, found.facts()?, us())?;
        Ok(found)
    }

    /// A directory of our own in this one, created if it is missing. No link is followed.
    pub fn below(&self, name: &str) -> Result<Self, FileError> {
        self.create_below(OsStr::new(name), Mode::RWXU)
            .map_err(|fault| FileError::writing(&self.path_of(name), fault))
    }

    fn create_below(&self, name: &OsStr, mode: Mode) -> Result<Self, FileFault> {
        match mkdirat(&self.fd, name, mode) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let below = self.enter(name, OFlags::NOFOLLOW)?;
        if mode == Mode::RWXU {
            private(&below.path, below.facts()?, us())?;
        }
        Ok(below)
    }

    /// Its path, as it was walked.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file in it.
    pub fn path_of(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// Names of the entries.
    pub fn names(&self) -> Result<Vec<OsString>, FileError> {
        let list = || -> Result<_, Errno> {
            let mut names = Vec::new();
            for entry in Dir::new(self.readable()?)? {
                names.push(OsString::from_vec(entry?.file_name().to_bytes().to_vec()));
            }
            Ok(names)
        };
        list().map_err(|error| FileError::reading(&self.path, error))
    }

    /// Reads a regular file of at most `limit` bytes; `None` if there is none. No link is followed.
    pub fn read(&self, name: impl AsRef<OsStr>, limit: u64) -> Result<Option<Vec<u8>>, FileError> {
        let name = name.as_ref();
        let read = match self.open(name, OFlags::RDONLY) {
            Ok(file) => read_all(file, limit).map(Some),
            Err(fault) if is_missing(&fault) => Ok(None),
            Err(fault) => Err(fault),
        };
        read.map_err(|fault| FileError::reading(&self.path_of(name), fault))
    }

    /// Opens a regular file that only its owner may read, to write it. No link is followed.
    pub fn open_private(&self, name: &str, flags: OFlags) -> Result<File, FileError> {
        self.open(OsStr::new(name), flags)
            .map_err(|fault| FileError::writing(&self.path_of(name), fault))
    }

    fn open(&self, name: &OsStr, flags: OFlags) -> Result<File, FileFault> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
        let file = openat(&self.fd, name, flags, Mode::RUSR | Mode::WUSR);
        let file = file.map_err(|error| match error {
            Errno::LOOP => FileFault::Link,
            other => other.into(),
        })?;
        match regular_or_pipe(&file)? {
            (FileType::RegularFile, _) => Ok(file.into()),
            _ => Err(FileFault::Special),
        }
    }

    /// Replaces a file whole.
    pub fn replace(&self, name: &OsStr, bytes: &[u8], access: Access) -> Result<(), FileError> {
        let mut draft = self.draft(name, access)?;
        draft.write(bytes)?;
        draft.keep(Existing::Replace)
    }

    /// A file that has no name yet that anybody looks for.
    pub fn draft(&self, name: &OsStr, access: Access) -> Result<Draft<'_>, FileError> {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(".wecubectl~");
        let begin = || -> Result<File, Errno> {
            // What a killed run left.
            self.unlink(&temporary)?;
            let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
            let file = openat(&self.fd, &temporary, flags, Mode::RUSR | Mode::WUSR)?;
            if access == Access::Public {
                fchmod(&file, Mode::from_raw_mode(0o644))?;
            }
            Ok(file.into())
        };
        let file = begin().map_err(|error| FileError::writing(&self.path_of(name), error))?;
        Ok(Draft {
            folder: self,
            name: name.to_owned(),
            temporary,
            file,
        })
    }

    /// Removes a file, if there is one.
    pub fn remove(&self, name: &OsStr) -> Result<(), FileError> {
        self.unlink(name)
            .map_err(|error| FileError::writing(&self.path_of(name), error))
    }

    fn unlink(&self, name: &OsStr) -> Result<(), Errno> {
        match unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Puts new names onto the disk.
    pub fn sync(&self) -> io::Result<()> {
        match self.readable() {
            Ok(folder) => Ok(fsync(folder)?),
            // Others' folders may be written without being read.
            Err(Errno::ACCESS) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn readable(&self) -> Result<OwnedFd, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        openat(&self.fd, ".", flags, Mode::empty())
    }

    /// Opens an output that is no regular file, to write into it.
    pub(super) fn open_special(&self, name: &OsStr, links: OFlags) -> Result<OwnedFd, Errno> {
        let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
        openat(&self.fd, name, flags | links, Mode::empty())
    }

    pub(super) fn planted(&self, name: &OsStr) -> FileFault {
        FileFault::Planted {
            entry: self.path_of(name),
            folder: self.path.clone(),
        }
    }

    pub(super) fn facts(&self) -> Result<Entry, Errno> {
        Ok(fstat(&self.fd)?.into())
    }

    pub(super) fn entry(&self, name: &OsStr) -> Result<Option<Entry>, Errno> {
        match statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat.into())),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn enter(&self, name: &OsStr, links: OFlags) -> Result<Self, Errno> {
        Ok(Self {
            fd: openat(&self.fd, name, ENTER | links, Mode::empty())?,
            path: self.path.join(name),
        })
    }
}

/// Names of the entries of a directory of inputs.
pub fn names_in(path: &Path) -> Result<Vec<OsString>, FileError> {
    let open = openat(CWD, path, ENTER, Mode::empty());
    let fd = open.map_err(|error| FileError::reading(path, error))?;
    let path = path.to_owned();
    Directory { fd, path }.names()
}

fn is_missing(fault: &FileFault) -> bool {
    matches!(fault, FileFault::System(io::ErrorKind::NotFound, _))
}

/// A file that is being written. It is removed unless it is kept.
pub struct Draft<'a> {
    folder: &'a Directory,
    name: OsString,
    temporary: OsString,
    file: File,
}

impl Draft<'_> {
    /// The open file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Writes bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.file
            .write_all(bytes)
            .map_err(|error| self.failed(error))
    }

    /// Gives it its name, once all of it is on the disk.
    pub fn keep(self, existing: Existing) -> Result<(), FileError> {
        let keep = || -> Result<(), FileFault> {
            self.file.sync_all()?;
            let (ours, there) = (fstat(&self.file)?, self.stat_temporary()?);
            if (ours.st_dev, ours.st_ino) != (there.st_dev, there.st_ino) {
                return Err(FileFault::Replaced);
            }
            let (folder, from, to) = (&self.folder.fd, &self.temporary, &self.name);
            match existing {
                Existing::Replace => renameat(folder, from, folder, to)?,
                Existing::Keep => {
                    match renameat_with(folder, from, folder, to, RenameFlags::NOREPLACE) {
                        // This file system cannot; a hard link never replaces either.
                        Err(Errno::INVAL | Errno::NOSYS) => {
                            linkat(folder, from, folder, to, AtFlags::empty())?;
                        }
                        result => result?,
                    }
                }
            }
            Ok(self.folder.sync()?)
        };
        keep().map_err(|fault| self.failed(fault))
    }

    fn stat_temporary(&self) -> Result<rustix::fs::Stat, Errno> {
        statat(&self.folder.fd, &self.temporary, AtFlags::SYMLINK_NOFOLLOW)
    }

    fn failed(&self, fault: impl Into<FileFault>) -> FileError {
        FileError::writing(&self.folder.path_of(&self.name), fault)
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        // Nothing is left of one that was kept.
        let _gone = self.folder.unlink(&self.temporary);
    }
}
