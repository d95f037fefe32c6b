//! Directories below a root, each opened in the one above and never through a symlink.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, FileType, Gid, Mode, OFlags, RenameFlags, Uid};
use rustix::io::Errno;

use super::layout::Need;
use super::owner::Owner;
use crate::confirm::Confirmation;
use crate::i18n::Text;

/// The root, open.
pub struct Root {
    path: PathBuf,
    fd: Option<OwnedFd>,
}

/// What is at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nothing.
    Missing,
    /// A directory.
    Directory {
        /// Its owner.
        owner: Owner,
        /// Its permission bits.
        mode: u32,
    },
    /// Something in the way.
    InTheWay(Conflict),
}

/// What keeps a directory from being made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// A symlink: what it leads to is not ours to change.
    Symlink {
        /// Where.
        path: PathBuf,
        /// Where it leads.
        target: String,
    },
    /// A file or something else.
    NotADirectory {
        /// Where.
        path: PathBuf,
    },
}

impl Conflict {
    /// What a person reads.
    pub fn text(&self) -> Text {
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

/// How a place compares to what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirState {
    /// As it must be.
    Good,
    /// Not there.
    Missing,
    /// There, with another owner or too little permission.
    Differs,
    /// Something is in the way.
    InTheWay(Conflict),
}

/// What was done to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// Nothing had to be.
    Nothing,
    /// It was made.
    Made,
    /// Owner or mode were changed.
    Changed,
}

/// Why a directory could not be looked at or put right.
#[derive(Debug, thiserror::Error)]
pub enum DirError {
    /// The system refused.
    #[error("{}: {source}", path.display())]
    System {
        /// The directory.
        path: PathBuf,
        /// Its words.
        #[source]
        source: io::Error,
    },
    /// Something is in the way.
    #[error("{0:?}")]
    InTheWay(Conflict),
}

impl DirError {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::System { path, source } => Text::new("deploy-dir-system")
                .with("path", path.display())
                .with("error", source),
            Self::InTheWay(conflict) => conflict.text(),
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Text {
        match self {
            Self::System { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Text::new("deploy-dir-permission-hint")
            }
            Self::System { .. } => Text::new("deploy-dir-system-hint"),
            Self::InTheWay(_) => Text::new("deploy-dir-in-the-way-hint"),
        }
    }
}

/// How a look compares to a need.
pub(super) fn judge(look: &Look, need: Need) -> DirState {
    match look {
        Look::Missing => DirState::Missing,
        Look::InTheWay(conflict) => DirState::InTheWay(conflict.clone()),
        Look::Directory { owner, mode } => {
            let owned = need.owner.is_none_or(|wanted| wanted == *owner);
            let enough = if need.at_least {
                mode & need.mode == need.mode
            } else {
                *mode == need.mode
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

impl Root {
    /// Opens a root, where it is there. The way to it is the operator's own and may hold symlinks.
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

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the root where it is not there.
    pub fn make(&mut self, _: &Confirmation) -> Result<Did, DirError> {
        if self.fd.is_some() {
            return Ok(Did::Nothing);
        }
        fs_err::create_dir_all(&self.path).map_err(|source| DirError::System {
            path: self.path.clone(),
            source,
        })?;
        *self = Self::open(&self.path)?;
        Ok(Did::Made)
    }

    /// How a place compares to what it must be.
    pub fn state(&self, below: &Path, need: Need) -> Result<DirState, DirError> {
        Ok(judge(&self.look(below)?, need))
    }

    /// What is at a place.
    pub fn look(&self, below: &Path) -> Result<Look, DirError> {
        let Some(root) = &self.fd else {
            return Ok(Look::Missing);
        };
        let (above, name) = match self.above(root, below) {
            Ok(found) => found,
            Err(DirError::InTheWay(conflict)) => return Ok(Look::InTheWay(conflict)),
            Err(DirError::System { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Ok(Look::Missing);
            }
            Err(error) => return Err(error),
        };
        self.look_in(above.as_fd(), name, below)
    }

    fn look_in(&self, above: BorrowedFd<'_>, name: &OsStr, below: &Path) -> Result<Look, DirError> {
        let path = self.path.join(below);
        let facts = match fs::statat(above, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(facts) => facts,
            Err(Errno::NOENT) => return Ok(Look::Missing),
            Err(error) => return Err(system(&path, error)),
        };
        Ok(match FileType::from_raw_mode(facts.st_mode) {
            FileType::Directory => Look::Directory {
                owner: Owner {
                    uid: facts.st_uid,
                    gid: facts.st_gid,
                },
                mode: facts.st_mode & 0o7777,
            },
            FileType::Symlink => Look::InTheWay(symlink(above, name, path)),
            _ => Look::InTheWay(Conflict::NotADirectory { path }),
        })
    }

    /// Makes a directory or puts its owner and mode right. The one above must be there.
    pub fn put_right(&self, below: &Path, need: Need, _: &Confirmation) -> Result<Did, DirError> {
        let path = self.path.join(below);
        let root = self
            .fd
            .as_ref()
            .ok_or_else(|| system(&path, Errno::NOENT))?;
        let (above, name) = self.above(root, below)?;
        let look = self.look_in(above.as_fd(), name, below)?;
        match judge(&look, need) {
            DirState::Good => Ok(Did::Nothing),
            DirState::InTheWay(conflict) => Err(DirError::InTheWay(conflict)),
            DirState::Differs => {
                let fd = fs::openat(&above, name, OPEN, Mode::empty());
                let fd = fd.map_err(|error| system(&path, error))?;
                let has = match look {
                    Look::Directory { mode, .. } => mode,
                    _ => 0,
                };
                finish(&fd, need, has).map_err(|error| system(&path, error))?;
                Ok(Did::Changed)
            }
            DirState::Missing => {
                make_whole(above.as_fd(), name, need).map_err(|error| system(&path, error))?;
                Ok(Did::Made)
            }
        }
    }

    /// Opens the directory above a place, one name at a time.
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
                    return Err(DirError::InTheWay(in_the_way(fd.as_fd(), name, walked)));
                }
                Err(error) => return Err(system(&walked, error)),
            };
        }
        Ok((fd, last))
    }
}

/// Owner first: changing it takes permission bits away.
fn finish(fd: &OwnedFd, need: Need, has: u32) -> rustix::io::Result<()> {
    if let Some(owner) = need.owner {
        let (uid, gid) = (Uid::from_raw(owner.uid), Gid::from_raw(owner.gid));
        fs::fchown(fd, Some(uid), Some(gid))?;
    }
    let mode = if need.at_least {
        has | need.mode
    } else {
        need.mode
    };
    fs::fchmod(fd, Mode::from_raw_mode(mode))
}

/// Makes a directory under another name, finishes it, and gives it its own.
fn make_whole(above: BorrowedFd<'_>, name: &OsStr, need: Need) -> rustix::io::Result<()> {
    let mut working = std::ffi::OsString::from(".");
    working.push(name);
    working.push(".wecubectl-new");
    // Left by one that was killed: it is empty.
    match fs::unlinkat(above, &working, AtFlags::REMOVEDIR) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(error) => return Err(error),
    }
    fs::mkdirat(above, &working, Mode::RWXU)?;
    let made = fs::openat(above, &working, OPEN, Mode::empty())
        .and_then(|fd| finish(&fd, need, 0))
        .and_then(|()| {
            match fs::renameat_with(above, &working, above, name, RenameFlags::NOREPLACE) {
                // A file system without it: a rename onto a directory that is not empty fails too.
                Err(Errno::INVAL | Errno::NOSYS) => fs::renameat(above, &working, above, name),
                result => result,
            }
        });
    if made.is_err() {
        let _gone = fs::unlinkat(above, &working, AtFlags::REMOVEDIR);
    }
    made
}

fn in_the_way(above: BorrowedFd<'_>, name: &OsStr, path: PathBuf) -> Conflict {
    match fs::statat(above, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(facts) if FileType::from_raw_mode(facts.st_mode) == FileType::Symlink => {
            symlink(above, name, path)
        }
        _ => Conflict::NotADirectory { path },
    }
}

fn symlink(above: BorrowedFd<'_>, name: &OsStr, path: PathBuf) -> Conflict {
    let target = fs::readlinkat(above, name, Vec::new());
    let target = target.map(|target| target.to_string_lossy().into_owned());
    Conflict::Symlink {
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

    fn plain(mode: u32) -> Need {
        Need {
            owner: None,
            mode,
            at_least: true,
        }
    }

    fn right() -> Confirmation {
        Confirmation::by_flag()
    }

    #[test]
    fn a_tree_is_made_once_and_put_right_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut root = Root::open(&folder.path().join("a/root")).unwrap();
        let log = Path::new("core/logs");
        assert_eq!(root.state(log, plain(0o755)).unwrap(), DirState::Missing);
        assert_eq!(root.make(&right()).unwrap(), Did::Made);
        assert_eq!(
            root.put_right(Path::new("core"), plain(0o755), &right())
                .unwrap(),
            Did::Made
        );
        assert_eq!(
            root.put_right(log, plain(0o777), &right()).unwrap(),
            Did::Made
        );
        assert_eq!(
            root.put_right(log, plain(0o777), &right()).unwrap(),
            Did::Nothing
        );
        let path = root.path().join(log);
        let mode = |path: &Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(&path), 0o777);
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(root.state(log, plain(0o755)).unwrap(), DirState::Differs);
        assert_eq!(
            root.put_right(log, plain(0o755), &right()).unwrap(),
            Did::Changed
        );
        assert_eq!(mode(&path), 0o755);
    }

    #[test]
    fn what_a_killed_run_left_is_taken_up() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        fs_err::create_dir(folder.path().join(".logs.wecubectl-new")).unwrap();
        let made = root.put_right(Path::new("logs"), plain(0o755), &right());
        assert_eq!(made.unwrap(), Did::Made);
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn no_symlink_leads_out_and_no_file_is_taken_for_a_directory() {
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
        let root = Root::open(folder.path()).unwrap();
        for (place, is_link) in [
            ("core/logs", true),
            ("core/new", true),
            ("logs", true),
            ("file", false),
            ("file/logs", false),
        ] {
            let error = root
                .put_right(Path::new(place), plain(0o777), &right())
                .unwrap_err();
            let DirError::InTheWay(conflict) = error else {
                panic!("{place}: {error}")
            };
            assert_eq!(
                matches!(conflict, Conflict::Symlink { .. }),
                is_link,
                "{place}"
            );
            let seen = root.state(Path::new(place), plain(0o777)).unwrap();
            assert_eq!(seen, DirState::InTheWay(conflict), "{place}");
        }
        let after = fs_err::metadata(outside.path().join("logs"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(after, before);
        assert_eq!(fs_err::read_dir(outside.path()).unwrap().count(), 1);
    }
}
