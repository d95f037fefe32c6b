//! Reads an input.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{FileType, Mode, OFlags, fcntl_setfl, fstat};
use rustix::io::Errno;

use super::error::{FileError, FileFault};
use crate::signals::unless_signalled;

/// A pipe must end within this time: one that nobody writes to would be waited for for ever.
pub(super) const PIPE_LIMIT: Duration = Duration::from_secs(30);

/// What was read.
pub struct Content {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Permission bits of a regular file; those of a pipe say nothing.
    pub mode: Option<u32>,
}

/// Reads a file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    read_content(path, limit).map(|content| content.bytes)
}

/// Reads a text of at most `limit` bytes.
pub fn read_text(path: &Path, limit: u64) -> Result<String, FileError> {
    String::from_utf8(read(path, limit)?)
        .map_err(|_| FileError::reading(path, io::ErrorKind::InvalidData))
}

/// Reads a file of at most `limit` bytes, and its mode. Its bytes are in one allocation, so that who
/// wipes them wipes all.
pub fn read_content(path: &Path, limit: u64) -> Result<Content, FileError> {
    content(path, limit).map_err(|fault| FileError::reading(path, fault))
}

fn content(path: &Path, limit: u64) -> Result<Content, FileFault> {
    let (file, kind, mode) = open_input(path)?;
    let read = move || {
        if kind == FileType::Fifo {
            // Waits for the first writer; then the pipe ends with the last one.
            poll(&mut [PollFd::new(&file, PollFlags::IN)], None)?;
            fcntl_setfl(&file, OFlags::empty())?;
        }
        read_all(file, limit)
    };
    if kind != FileType::Fifo {
        return Ok(Content {
            bytes: read()?,
            mode: Some(mode),
        });
    }
    match unless_signalled(PIPE_LIMIT, read) {
        Ok(read) => Ok(Content {
            bytes: read.ok_or(FileFault::Pipe)??,
            mode: None,
        }),
        Err(signal) => Err(FileFault::Signalled(signal)),
    }
}

/// Permission bits of a regular file; `None` if there is none.
pub fn mode_of(path: &Path) -> Option<u32> {
    let facts = rustix::fs::stat(path).ok()?;
    let regular = FileType::from_raw_mode(facts.st_mode) == FileType::RegularFile;
    regular.then_some(facts.st_mode & 0o7777)
}

/// Opens a regular file that is too large to be read whole.
pub fn open(path: &Path) -> Result<File, FileError> {
    match open_input(path) {
        Ok((file, FileType::RegularFile, _)) => Ok(file),
        Ok(_) => Err(FileError::reading(path, FileFault::Special)),
        Err(fault) => Err(FileError::reading(path, fault)),
    }
}

/// Opens without waiting, then asks what was opened.
fn open_input(path: &Path) -> Result<(File, FileType, u32), FileFault> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    let file = rustix::fs::open(path, flags, Mode::empty()).map_err(|error| match error {
        Errno::NXIO => FileFault::Special,
        Errno::LOOP => FileFault::Loop,
        other => other.into(),
    })?;
    let (kind, mode) = regular_or_pipe(&file)?;
    Ok((File::from(file), kind, mode))
}

pub(super) fn regular_or_pipe(file: impl std::os::fd::AsFd) -> Result<(FileType, u32), FileFault> {
    let stat = fstat(file)?;
    match FileType::from_raw_mode(stat.st_mode) {
        kind @ (FileType::RegularFile | FileType::Fifo) => Ok((kind, stat.st_mode & 0o7777)),
        FileType::Directory => Err(io::ErrorKind::IsADirectory.into()),
        _ => Err(FileFault::Special),
    }
}

pub(super) fn read_all(file: File, limit: u64) -> Result<Vec<u8>, FileFault> {
    const USUAL: u64 = 64 * 1024;
    let size = file.metadata()?.len();
    if size > limit {
        return Err(FileFault::TooLarge(limit));
    }
    let room = size.max(USUAL.min(limit)) + 1;
    let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(FileFault::TooLarge(limit));
    }
    Ok(bytes)
}
