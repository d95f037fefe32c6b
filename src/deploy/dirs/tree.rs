//! Directories below a root, opened one by one and never through a symlink.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, FileType, Gid, Mode, OFlags, RenameFlags, Uid};
use rustix::io::Errno;

use super::layout::DirAttributes;
use super::owner::Owner;
use crate::confirm::Confirmation;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::{Directory, FileError};
use crate::i18n::{Text, io_message};

/// An open root directory.
pub struct DirTree {
    path: PathBuf,
    fd: Option<OwnedFd>,
}

/// What a path holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum EntryState {
    /// Nothing.
    Missing,
    /// A directory.
    Directory {
        /// Its owner.
        owner: Owner,
        /// Its permission bits.
        mode: u32,
    },
    /// Something else.
    Blocked(Obstacle),
}

/// What has the path of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A symlink; its target is not ours to change.
    Symlink {
        /// The path.
        path: PathBuf,
        /// Its target.
        target: String,
    },
    /// A file or something else.
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
}

impl Obstacle {
    /// The fault.
    pub fn message(&self) -> Text {
        match self {
            Self::Symlink { path, target } => Text::new("deploy-dir-symlink")
                .with("path", path.display())
                .with("target", target),
            Self::NotADirectory { path } => {
                Text::new("deploy-dir-not-a-directory").with("path", path.display())
            }
        }
    }
}

/// The state of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirState {
    /// It exists with the right owner and mode.
    Good,
    /// It does not exist.
    Missing,
    /// It has another owner or too few permissions.
    Differs,
    /// Something else has the path.
    Blocked(Obstacle),
}

/// The change of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirChange {
    /// No change.
    None,
    /// Created.
    Created,
    /// Owner or mode changed.
    Updated,
}

/// A directory could not be read, created or changed.
#[derive(Debug)]
pub enum DirError {
    /// The operating system refused.
    System {
        /// The directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Something else has the path.
    Blocked(Obstacle),
    /// The root cannot be created.
    Root(FileError),
}

impl Failure for DirError {
    fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn message(&self) -> Text {
        match self {
            Self::System { path, source } => Text::new("deploy-dir-system")
                .with("path", path.display())
                .nested("error", io_message(source)),
            Self::Blocked(obstacle) => obstacle.message(),
            Self::Root(error) => error.message(),
        }
    }

    fn hints(&self) -> Vec<Text> {
        vec![match self {
            Self::System { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Text::new("deploy-dir-permission-hint")
            }
            Self::System { .. } | Self::Root(_) => Text::new("deploy-dir-system-hint"),
            Self::Blocked(_) => Text::new("deploy-dir-blocked-hint"),
        }]
    }
}

/// Things that have the paths of directories; never empty. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacles(pub Vec<Obstacle>);

impl Failure for Obstacles {
    fn outcome(&self) -> Outcome {
        Outcome::Unsafe
    }

    fn message(&self) -> Text {
        Text::new("deploy-dir-blocked").count("count", self.0.len())
    }

    fn messages(&self) -> Vec<Text> {
        let each = self.0.iter().map(Obstacle::message);
        std::iter::once(self.message()).chain(each).collect()
    }

    fn hints(&self) -> Vec<Text> {
        vec![Text::new("deploy-dir-blocked-hint")]
    }
}

/// Compares an entry with the attributes it must have.
fn compare(entry: &EntryState, wanted: DirAttributes) -> DirState {
    match entry {
        EntryState::Missing => DirState::Missing,
        EntryState::Blocked(obstacle) => DirState::Blocked(obstacle.clone()),
        EntryState::Directory { owner, mode } => {
            let owned = wanted.owner.is_none_or(|wanted| wanted == *owner);
            let enough = if wanted.at_least {
                mode & wanted.mode == wanted.mode
            } else {
                *mode == wanted.mode
            };
            if owned && enough {
                DirState::Good
            } else {
                DirState::Differs
            }
        }
    }
}

const OPEN: OFlags = OFlags::DIRECTORY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(OFlags::RDONLY);

impl DirTree {
    /// Opens a root; it may not exist yet. The path to it is the operator's and may hold symlinks.
    pub fn open(path: &Path) -> Result<Self, DirError> {
        let flags = OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::RDONLY;
        let fd = match fs::open(path, flags, Mode::empty()) {
            Ok(fd) => Some(fd),
            Err(Errno::NOENT) => None,
            Err(error) => return Err(system(path, error)),
        };
        Ok(Self {
            path: path.to_owned(),
            fd,
        })
    }

    /// Creates the root unless it exists.
    pub fn create(&mut self, _: &Confirmation) -> Result<DirChange, DirError> {
        if self.fd.is_some() {
            return Ok(DirChange::None);
        }
        Directory::of_outputs(&self.path).map_err(DirError::Root)?;
        *self = Self::open(&self.path)?;
        Ok(DirChange::Created)
    }

    /// The state of a directory below the root.
    pub fn state(&self, below: &Path, wanted: DirAttributes) -> Result<DirState, DirError> {
        Ok(compare(&self.entry(below)?, wanted))
    }

    fn entry(&self, below: &Path) -> Result<EntryState, DirError> {
        let Some(root) = &self.fd else {
            return Ok(EntryState::Missing);
        };
        let (above, name) = match self.above(root, below) {
            Ok(found) => found,
            Err(DirError::Blocked(obstacle)) => return Ok(EntryState::Blocked(obstacle)),
            Err(DirError::System { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Ok(EntryState::Missing);
            }
            Err(error) => return Err(error),
        };
        self.entry_in(above.as_fd(), name, below)
    }

    fn entry_in(
        &self,
        above: BorrowedFd<'_>,
        name: &OsStr,
        below: &Path,
    ) -> Result<EntryState, DirError> {
        let path = self.path.join(below);
        let facts = match fs::statat(above, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(facts) => facts,
            Err(Errno::NOENT) => return Ok(EntryState::Missing),
            Err(error) => return Err(system(&path, error)),
        };
        Ok(match FileType::from_raw_mode(facts.st_mode) {
            FileType::Directory => EntryState::Directory {
                owner: Owner {
                    uid: facts.st_uid,
                    gid: facts.st_gid,
                },
                mode: facts.st_mode & 0o7777,
            },
            FileType::Symlink => EntryState::Blocked(symlink(above, name, path)),
            _ => EntryState::Blocked(Obstacle::NotADirectory { path }),
        })
    }

    /// Creates a directory or corrects its owner and mode. Its parent must exist.
    pub fn ensure(
        &self,
        below: &Path,
        wanted: DirAttributes,
        _: &Confirmation,
    ) -> Result<DirChange, DirError> {
        let path = self.path.join(below);
        let root = self
            .fd
            .as_ref()
            .ok_or_else(|| system(&path, Errno::NOENT))?;
        let (above, name) = self.above(root, below)?;
        let entry = self.entry_in(above.as_fd(), name, below)?;
        match compare(&entry, wanted) {
            DirState::Good => Ok(DirChange::None),
            DirState::Blocked(obstacle) => Err(DirError::Blocked(obstacle)),
            DirState::Differs => {
                let fd = fs::openat(&above, name, OPEN, Mode::empty());
                let fd = fd.map_err(|error| system(&path, error))?;
                let has = match entry {
                    EntryState::Directory { mode, .. } => mode,
                    _ => 0,
                };
                set_attributes(&fd, wanted, has).map_err(|error| system(&path, error))?;
                Ok(DirChange::Updated)
            }
            DirState::Missing => {
                create_whole(above.as_fd(), name, wanted).map_err(|error| system(&path, error))?;
                Ok(DirChange::Created)
            }
        }
    }

    /// Opens the parent of a directory, one name at a time.
    fn above<'a>(&self, root: &OwnedFd, below: &'a Path) -> Result<(OwnedFd, &'a OsStr), DirError> {
        let mut fd = root.try_clone().map_err(|source| DirError::System {
            path: self.path.clone(),
            source,
        })?;
        let mut walked = self.path.clone();
        let names: Vec<&OsStr> = below.iter().collect();
        let Some((last, way)) = names.split_last() else {
            return Err(system(&walked, Errno::INVAL));
        };
        for name in way {
            walked.push(name);
            fd = match fs::openat(&fd, *name, OPEN, Mode::empty()) {
                Ok(next) => next,
                Err(Errno::LOOP | Errno::NOTDIR) => {
                    return Err(DirError::Blocked(obstacle(fd.as_fd(), name, walked)));
                }
                Err(error) => return Err(system(&walked, error)),
            };
        }
        Ok((fd, last))
    }
}

/// Sets the owner first, since that clears permission bits.
fn set_attributes(fd: &OwnedFd, wanted: DirAttributes, has: u32) -> rustix::io::Result<()> {
    if let Some(owner) = wanted.owner {
        let (uid, gid) = (Uid::from_raw(owner.uid), Gid::from_raw(owner.gid));
        fs::fchown(fd, Some(uid), Some(gid))?;
    }
    let mode = if wanted.at_least {
        has | wanted.mode
    } else {
        wanted.mode
    };
    fs::fchmod(fd, Mode::from_raw_mode(mode))
}

/// Creates a directory under a temporary name, sets its attributes, and renames it.
fn create_whole(
    above: BorrowedFd<'_>,
    name: &OsStr,
    wanted: DirAttributes,
) -> rustix::io::Result<()> {
    let mut working = std::ffi::OsString::from(".");
    working.push(name);
    working.push(".wecubectl-new");
    // What a killed run left is empty.
    match fs::unlinkat(above, &working, AtFlags::REMOVEDIR) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(error) => return Err(error),
    }
    fs::mkdirat(above, &working, Mode::RWXU)?;
    let made = fs::openat(above, &working, OPEN, Mode::empty())
        .and_then(|fd| set_attributes(&fd, wanted, 0))
        .and_then(|()| {
            match fs::renameat_with(above, &working, above, name, RenameFlags::NOREPLACE) {
                // Without NOREPLACE a rename onto a directory that is not empty fails too.
                Err(Errno::INVAL | Errno::NOSYS) => fs::renameat(above, &working, above, name),
                result => result,
            }
        });
    if made.is_err() {
        let _gone = fs::unlinkat(above, &working, AtFlags::REMOVEDIR);
    }
    made
}

fn obstacle(above: BorrowedFd<'_>, name: &OsStr, path: PathBuf) -> Obstacle {
    match fs::statat(above, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(facts) if FileType::from_raw_mode(facts.st_mode) == FileType::Symlink => {
            symlink(above, name, path)
        }
        _ => Obstacle::NotADirectory { path },
    }
}

fn symlink(above: BorrowedFd<'_>, name: &OsStr, path: PathBuf) -> Obstacle {
    let target = fs::readlinkat(above, name, Vec::new());
    let target = target.map(|target| target.to_string_lossy().into_owned());
    Obstacle::Symlink {
        path,
        target: target.unwrap_or_default(),
    }
}

fn system(path: &Path, error: Errno) -> DirError {
    DirError::System {
        path: path.to_owned(),
        source: error.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn plain(mode: u32) -> DirAttributes {
        DirAttributes {
            owner: None,
            mode,
            at_least: true,
        }
    }

    fn right() -> Confirmation {
        Confirmation::by_flag()
    }

    #[test]
    fn ensure_creates_once_and_repairs_mode() {
        let folder = tempfile::tempdir().unwrap();
        let mut root = DirTree::open(&folder.path().join("a/root")).unwrap();
        let log = Path::new("core/logs");
        assert_eq!(root.state(log, plain(0o755)).unwrap(), DirState::Missing);
        assert_eq!(root.create(&right()).unwrap(), DirChange::Created);
        assert_eq!(
            root.ensure(Path::new("core"), plain(0o755), &right())
                .unwrap(),
            DirChange::Created
        );
        assert_eq!(
            root.ensure(log, plain(0o777), &right()).unwrap(),
            DirChange::Created
        );
        assert_eq!(
            root.ensure(log, plain(0o777), &right()).unwrap(),
            DirChange::None
        );
        let path = root.path.join(log);
        let mode = |path: &Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(&path), 0o777);
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(root.state(log, plain(0o755)).unwrap(), DirState::Differs);
        assert_eq!(
            root.ensure(log, plain(0o755), &right()).unwrap(),
            DirChange::Updated
        );
        assert_eq!(mode(&path), 0o755);
    }

    #[test]
    fn ensure_removes_what_a_killed_run_left() {
        let folder = tempfile::tempdir().unwrap();
        let root = DirTree::open(folder.path()).unwrap();
        fs_err::create_dir(folder.path().join(".logs.wecubectl-new")).unwrap();
        let made = root.ensure(Path::new("logs"), plain(0o755), &right());
        assert_eq!(made.unwrap(), DirChange::Created);
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn ensure_refuses_symlinks_and_files() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs_err::create_dir(outside.path().join("logs")).unwrap();
        let before = fs_err::metadata(outside.path().join("logs"))
            .unwrap()
            .permissions()
            .mode();
        symlink(outside.path(), folder.path().join("core")).unwrap();
        symlink(outside.path().join("logs"), folder.path().join("logs")).unwrap();
        fs_err::write(folder.path().join("file"), "x").unwrap();
        let root = DirTree::open(folder.path()).unwrap();
        for (place, is_link) in [
            ("core/logs", true),
            ("core/new", true),
            ("logs", true),
            ("file", false),
            ("file/logs", false),
        ] {
            let error = root
                .ensure(Path::new(place), plain(0o777), &right())
                .unwrap_err();
            let DirError::Blocked(obstacle) = error else {
                panic!("{place}: {error:?}")
            };
            assert_eq!(
                matches!(obstacle, Obstacle::Symlink { .. }),
                is_link,
                "{place}"
            );
            let seen = root.state(Path::new(place), plain(0o777)).unwrap();
            assert_eq!(seen, DirState::Blocked(obstacle), "{place}");
        }
        let after = fs_err::metadata(outside.path().join("logs"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(after, before);
        assert_eq!(fs_err::read_dir(outside.path()).unwrap().count(), 1);
    }
}
