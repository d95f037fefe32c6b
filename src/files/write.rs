//! Writes an output.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::Path;

use rustix::fs::{FileType, OFlags, fcntl_setfl, fstat};
use rustix::io::Errno;

use super::directory::{Access, Directory, End, Existing, Walk, us, walk};
use super::error::{FileError, FileFault};
use super::read::PIPE_LIMIT;
use super::rule::{Entry, Output, output};
use crate::signals::unless_signalled;

/// Writes an output: a regular file is replaced whole, a pipe or a device is written into.
pub fn replace(path: &Path, bytes: &[u8], access: Access) -> Result<(), FileError> {
    let failed = |fault: FileFault| FileError::writing(path, fault);
    let End {
        folder,
        name,
        entry,
    } = walk(path, Walk::ToFile).map_err(failed)?;
    let Some(name) = name else {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    };
    match decide(&folder, &name, entry) {
        Ok(Output::Replace) => folder.replace(&name, bytes, access),
        Ok(Output::Into) => {
            let file = special(&folder, &name, entry).map_err(failed)?;
            write_into(file, bytes).map_err(failed)
        }
        Err(fault) => Err(failed(fault)),
    }
}

fn decide(folder: &Directory, name: &OsString, entry: Option<Entry>) -> Result<Output, FileFault> {
    if entry.is_some_and(|entry| entry.kind == FileType::Symlink) {
        return Ok(Output::Into);
    }
    output(entry, folder.facts()?, us()).map_err(|fault| fault.unwrap_or(folder.planted(name)))
}

/// Opens a pipe, a device, or what a link of procfs stands for. What was opened must be what was
/// looked at.
fn special(
    folder: &Directory,
    name: &OsString,
    entry: Option<Entry>,
) -> Result<OwnedFd, FileFault> {
    let is_link = entry.is_some_and(|entry| entry.kind == FileType::Symlink);
    let links = if is_link {
        OFlags::APPEND
    } else {
        OFlags::NOFOLLOW
    };
    let opened = folder.open_special(name, links);
    let opened = opened.map_err(|error| match error {
        Errno::NXIO => FileFault::Pipe,
        other => other.into(),
    })?;
    let facts = fstat(&opened)?;
    if !is_link && entry != Some(facts.into()) {
        return Err(FileFault::Replaced);
    }
    // Our own standard output is written through its own descriptor, which knows how far it is.
    for own in [io::stdout().as_fd(), io::stderr().as_fd()] {
        let same =
            fstat(own).map(|own| (own.st_dev, own.st_ino)) == Ok((facts.st_dev, facts.st_ino));
        if is_link && same {
            return Ok(own.try_clone_to_owned()?);
        }
    }
    fcntl_setfl(&opened, links & OFlags::APPEND)?;
    Ok(opened)
}

fn write_into(file: OwnedFd, bytes: &[u8]) -> Result<(), FileFault> {
    let bytes = bytes.to_vec();
    let written = unless_signalled(PIPE_LIMIT, move || File::from(file).write_all(&bytes));
    match written {
        Ok(Some(written)) => Ok(written?),
        Ok(None) => Err(FileFault::Pipe),
        Err(signal) => Err(FileFault::Signalled(signal)),
    }
}

/// Writes a new file whole; an error if something has the name.
pub fn create(path: &Path, bytes: &[u8], access: Access) -> Result<(), FileError> {
    let (folder, name) = locate(path)?;
    let mut draft = folder.draft(&name, access)?;
    draft.write(bytes)?;
    draft.keep(Existing::Keep)
}

/// The directory of a file that is written, and its name there. A link is followed where nobody else
/// may write; a pipe, a device or a directory is an error.
pub fn locate(path: &Path) -> Result<(Directory, OsString), FileError> {
    let found = || {
        let End {
            folder,
            name,
            entry,
        } = walk(path, Walk::ToFile)?;
        let name = name.ok_or(io::ErrorKind::IsADirectory)?;
        match decide(&folder, &name, entry)? {
            Output::Replace => Ok((folder, name)),
            Output::Into => Err(FileFault::Special),
        }
    };
    found().map_err(|fault| FileError::writing(path, fault))
}

/// The directory of a path as typed; `.` for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}
