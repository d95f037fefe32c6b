//! What is done with a path, decided from what the file system says of it.

use rustix::fs::{FileType, Stat};

use super::error::FileFault;
use std::path::Path;

/// What a name in a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: FileType,
    pub(super) owner: u32,
    pub(super) group: u32,
    /// Permission bits.
    pub(super) mode: u32,
}

impl From<Stat> for Entry {
    fn from(stat: Stat) -> Self {
        Self {
            kind: FileType::from_raw_mode(stat.st_mode),
            owner: stat.st_uid,
            group: stat.st_gid,
            mode: stat.st_mode & 0o7777,
        }
    }
}

/// Whether anybody but user `us` and root may put a name into this directory.
pub(super) fn others_may_write(folder: Entry, us: u32) -> bool {
    let group = folder.mode & 0o020 != 0 && folder.group != 0;
    let foreign = folder.owner != us && folder.owner != 0;
    folder.mode & 0o002 != 0 || group || foreign
}

/// Whether a link in this directory is followed.
pub(super) fn follows_link(folder: Entry, us: u32) -> bool {
    !others_may_write(folder, us)
}

/// How an output is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// A new file takes its name.
    Replace,
    /// It is opened and written into.
    Into,
}

/// How an output is written that is no link; `None` if nothing has its name.
pub(super) fn output(
    entry: Option<Entry>,
    folder: Entry,
    us: u32,
) -> Result<Output, Option<FileFault>> {
    let Some(entry) = entry else {
        return Ok(Output::Replace);
    };
    match entry.kind {
        FileType::RegularFile => Ok(Output::Replace),
        // Another user's pipe would get what is written.
        FileType::Fifo | FileType::CharacterDevice
            if others_may_write(folder, us) && entry.owner != us && entry.owner != 0 =>
        {
            Err(None)
        }
        FileType::Fifo | FileType::CharacterDevice => Ok(Output::Into),
        FileType::Directory => Err(Some(std::io::ErrorKind::IsADirectory.into())),
        _ => Err(Some(FileFault::Special)),
    }
}

impl From<std::io::ErrorKind> for FileFault {
    fn from(kind: std::io::ErrorKind) -> Self {
        std::io::Error::from(kind).into()
    }
}

/// Whether a directory of our own is ours alone to write.
pub(super) fn private(path: &Path, folder: Entry, us: u32) -> Result<(), FileFault> {
    if folder.kind != FileType::Directory {
        return Err(std::io::ErrorKind::NotADirectory.into());
    }
    if folder.owner != us {
        return Err(FileFault::Foreign {
            folder: path.to_owned(),
            owner: folder.owner,
            us,
        });
    }
    if others_may_write(folder, us) {
        return Err(FileFault::OpenToOthers {
            folder: path.to_owned(),
            mode: folder.mode,
        });
    }
    Ok(())
}
