//! What is done with each kind of path, and what is left.

use std::ffi::OsStr;
use std::io::{self, Read as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, makedev, mkfifoat, mknodat};

use super::rule::{Entry, Output, others_may_write, output, private};
use super::*;

const US: u32 = 1000;

fn entry(kind: FileType, owner: u32, mode: u32) -> Entry {
    Entry {
        kind,
        owner,
        group: owner,
        mode,
    }
}

fn folder(owner: u32, mode: u32) -> Entry {
    entry(FileType::Directory, owner, mode)
}

#[test]
fn folder_is_ours_unless_others_may_write_it() {
    for (owner, mode, expected) in [
        (US, 0o755, false),
        (US, 0o700, false),
        (US, 0o775, true),
        (US, 0o757, true),
        (0, 0o755, false),
        (0, 0o775, false), // the group is root's
        (0, 0o1777, true),
        (7, 0o755, true),
    ] {
        let facts = folder(owner, mode);
        assert_eq!(others_may_write(facts, US), expected, "{owner} {mode:o}");
        let ours = private(Path::new("/s"), facts, US).is_ok();
        assert_eq!(ours, !expected && owner == US, "{owner} {mode:o}");
    }
}

#[test]
fn output_is_replaced_written_into_or_refused_by_its_kind() {
    use FileType::{BlockDevice, CharacterDevice, Directory, Fifo, RegularFile, Socket};
    let (ours, shared) = (folder(US, 0o755), folder(0, 0o1777));
    let planted = Err(None);
    let special = || Err(Some(FileFault::Special));
    for (kind, owner, folder, expected) in [
        (RegularFile, 7, shared, Ok(Output::Replace)),
        (Fifo, US, ours, Ok(Output::Into)),
        (Fifo, US, shared, Ok(Output::Into)),
        (Fifo, 7, ours, Ok(Output::Into)),
        (Fifo, 7, shared, planted.clone()),
        (CharacterDevice, 0, shared, Ok(Output::Into)),
        (CharacterDevice, 7, shared, planted),
        (BlockDevice, 0, ours, special()),
        (Socket, US, ours, special()),
        (
            Directory,
            US,
            ours,
            Err(Some(io::ErrorKind::IsADirectory.into())),
        ),
    ] {
        let found = output(Some(entry(kind, owner, 0o644)), folder, US);
        assert_eq!(found, expected, "{kind:?} of {owner}");
    }
    assert_eq!(output(None, shared, US), Ok(Output::Replace));
}

/// A folder with one name of each kind in it, and a file that must stay as it is.
struct Attack {
    _root: tempfile::TempDir,
    folder: PathBuf,
    victim: PathBuf,
}

impl Attack {
    fn new(mode: u32) -> Self {
        let root = tempfile::tempdir().unwrap();
        let (folder, victim) = (root.path().join("folder"), root.path().join("victim"));
        fs_err::create_dir(&folder).unwrap();
        fs_err::write(&victim, "theirs").unwrap();
        fs_err::write(folder.join("file"), "old").unwrap();
        fs_err::create_dir(folder.join("directory")).unwrap();
        symlink(&victim, folder.join("link")).unwrap();
        symlink(root.path().join("nothing"), folder.join("dangling")).unwrap();
        symlink(folder.join("loop"), folder.join("loop")).unwrap();
        symlink(root.path(), folder.join("link-to-directory")).unwrap();
        mkfifoat(CWD, folder.join("pipe"), Mode::RWXU).unwrap();
        drop(std::os::unix::net::UnixListener::bind(folder.join("socket")).unwrap());
        fs_err::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
        Self {
            _root: root,
            folder,
            victim,
        }
    }

    fn victim(&self) -> String {
        fs_err::read_to_string(&self.victim).unwrap()
    }
}

fn word(result: Result<(), FileError>) -> String {
    match result.map_err(|error| error.fault) {
        Ok(()) => "written".to_owned(),
        Err(FileFault::System(kind, _)) => kind.to_string(),
        Err(FileFault::Planted { .. }) => "planted".to_owned(),
        Err(other) => format!("{other:?}").to_lowercase(),
    }
}

#[test]
fn replace_does_what_the_table_says_and_leaves_nothing_behind() {
    for (mode, name, expected, victim) in [
        (0o700, "file", "written", "theirs"),
        (0o700, "new", "written", "theirs"),
        (0o700, "link", "written", "new"),
        (0o700, "dangling", "written", "theirs"),
        (0o700, "loop", "loop", "theirs"),
        (0o700, "directory", "is a directory", "theirs"),
        (0o700, "link-to-directory/victim", "written", "new"),
        (0o700, "pipe", "pipe", "theirs"),
        (0o700, "socket", "special", "theirs"),
        (0o700, "missing/file", "entity not found", "theirs"),
        (0o700, "file/below", "not a directory", "theirs"),
        (0o777, "file", "written", "theirs"),
        (0o777, "link", "planted", "theirs"),
        (0o777, "dangling", "planted", "theirs"),
        (0o777, "link-to-directory/victim", "planted", "theirs"),
    ] {
        let attack = Attack::new(mode);
        let path = attack.folder.join(name);
        let result = replace(&path, b"new", Access::Public);
        assert_eq!(word(result), expected, "{mode:o} {name}");
        assert_eq!(attack.victim(), victim, "{mode:o} {name}");
        let left = fs_err::read_dir(&attack.folder).unwrap();
        let left = left.filter(|it| {
            let name = it.as_ref().unwrap().file_name();
            name.to_string_lossy().ends_with('~')
        });
        assert_eq!(left.count(), 0, "{mode:o} {name}");
    }
}

#[test]
fn replace_writes_into_a_pipe_and_a_device_and_leaves_them() {
    let attack = Attack::new(0o700);
    let pipe = attack.folder.join("pipe");
    let mut reader = fs_err::OpenOptions::new()
        .read(true)
        .write(true)
        .open(&pipe)
        .unwrap();
    replace(&pipe, b"new", Access::Public).unwrap();
    let mut got = [0; 3];
    reader.read_exact(&mut got).unwrap();
    assert_eq!(&got, b"new");
    let device = attack.folder.join("device");
    // Only root makes devices; the copy of /dev/full answers every write with an error.
    let made = mknodat(
        CWD,
        &device,
        FileType::CharacterDevice,
        Mode::RWXU,
        makedev(1, 7),
    );
    if made.is_ok() {
        let result = replace(&device, b"new", Access::Public);
        assert_eq!(word(result), "no storage space");
    }
    for path in [pipe, device] {
        let kind = fs_err::symlink_metadata(path).map(|facts| facts.file_type());
        assert!(kind.is_ok_and(|kind| !kind.is_file()) || made.is_err());
    }
}

#[test]
fn create_never_replaces_anything() {
    let attack = Attack::new(0o700);
    for name in ["file", "link"] {
        let error = create(&attack.folder.join(name), b"new", Access::Private).unwrap_err();
        assert_eq!(error.kind(), Some(io::ErrorKind::AlreadyExists), "{name}");
    }
    assert_eq!(attack.victim(), "theirs");
    create(&attack.folder.join("new"), b"new", Access::Private).unwrap();
    let mode = fs_err::metadata(attack.folder.join("new")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
}

#[test]
fn read_takes_files_and_pipes_that_end_and_refuses_the_rest() {
    let attack = Attack::new(0o700);
    let read = |name: &str| read(&attack.folder.join(name), 4).map(drop);
    fs_err::write(attack.folder.join("large"), "12345").unwrap();
    for (name, expected) in [
        ("file", "written"),
        ("large", "toolarge(4)"),
        ("directory", "is a directory"),
        ("dangling", "entity not found"),
        ("socket", "special"),
        ("loop", "loop"),
    ] {
        assert_eq!(word(read(name)), expected, "{name}");
    }
    let pipe = attack.folder.join("pipe");
    let writer = std::thread::spawn(move || fs_err::write(pipe, "123"));
    assert_eq!(word(read("pipe")), "written");
    writer.join().unwrap().unwrap();
    let device = attack.folder.join("zero");
    if mknodat(
        CWD,
        &device,
        FileType::CharacterDevice,
        Mode::RWXU,
        makedev(1, 5),
    )
    .is_ok()
    {
        assert_eq!(word(read("zero")), "special");
    }
}

#[test]
fn directory_of_our_own_follows_no_link() {
    let attack = Attack::new(0o700);
    let own = Directory::private(&attack.folder).unwrap();
    for name in ["link", "dangling"] {
        let error = own.read(name, 9).unwrap_err();
        assert_eq!(error.fault, FileFault::Link, "{name}");
        let flags = rustix::fs::OFlags::WRONLY | rustix::fs::OFlags::CREATE;
        let error = own.open_private(name, flags).unwrap_err();
        assert_eq!(error.fault, FileFault::Link, "{name}");
    }
    let error = own.below("link-to-directory").unwrap_err();
    assert!(matches!(error.fault, FileFault::System(..)), "{error}");
    assert_eq!(own.read("nothing", 9).unwrap(), None);
    own.replace(OsStr::new("link"), b"new", Access::Private)
        .unwrap();
    assert_eq!(attack.victim(), "theirs");
    let open = Attack::new(0o777);
    let error = Directory::private(&open.folder).unwrap_err();
    assert!(matches!(
        error.fault,
        FileFault::OpenToOthers { mode: 0o777, .. }
    ));
}

#[test]
fn draft_whose_path_is_swapped_is_written_nowhere_else() {
    let attack = Attack::new(0o700);
    let (folder, name) = locate(&attack.folder.join("file")).unwrap();
    let mut draft = folder.draft(&name, Access::Private).unwrap();
    draft.write(b"new").unwrap();
    let moved = attack.folder.with_file_name("moved");
    fs_err::rename(&attack.folder, &moved).unwrap();
    symlink(attack.victim.parent().unwrap(), &attack.folder).unwrap();
    draft.keep(Existing::Replace).unwrap();
    assert_eq!(fs_err::read_to_string(moved.join("file")).unwrap(), "new");
    let mut draft = folder.draft(&name, Access::Private).unwrap();
    draft.write(b"newer").unwrap();
    let temporary = moved.join(".file.wecubectl~");
    fs_err::remove_file(&temporary).unwrap();
    symlink(&attack.victim, &temporary).unwrap();
    let error = draft.keep(Existing::Replace).unwrap_err();
    assert_eq!(error.fault, FileFault::Replaced);
    assert_eq!(fs_err::read_to_string(moved.join("file")).unwrap(), "new");
    assert_eq!(attack.victim(), "theirs");
}
