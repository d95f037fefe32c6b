//! Kinds of paths by commands that read or write them, as root and as a user: how each ends, and what
//! is left. Devices are copies in a folder of the test's own.

use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::fs::{CWD, FileType, Mode, makedev, mkfifoat, mknodat};

use wecubectl::sim::World;

use crate::support::{Output, Site, TestEnv};

/// Nobody's id, which needs no account.
const USER: u32 = 65534;

/// A folder with one name of each kind, for a run as root or as a user.
struct Stage {
    env: TestEnv,
    user: Option<u32>,
}

impl Stage {
    fn new(user: Option<u32>) -> Self {
        let env = TestEnv::new();
        let binary = env.path().join("wecubectl");
        fs_err::copy(env!("CARGO_BIN_EXE_wecubectl"), binary).unwrap();
        let stage = Self { env, user };
        for (folder, mode) in [("own", 0o755), ("open", 0o777)] {
            fs_err::create_dir(stage.path(folder)).unwrap();
            fs_err::set_permissions(stage.path(folder), std::fs::Permissions::from_mode(mode))
                .unwrap();
            stage.fill(folder);
        }
        for path in [stage.env.path().to_owned(), stage.path("own")] {
            stage.give(&path);
        }
        stage
    }

    fn fill(&self, folder: &str) {
        let at = |name: &str| self.path(folder).join(name);
        self.file(&at("file"), "old");
        self.file(&at("victim"), "theirs");
        symlink(at("victim"), at("link")).unwrap();
        symlink(at("absent"), at("dangling")).unwrap();
        fs_err::create_dir(at("directory")).unwrap();
        mkfifoat(CWD, at("pipe"), Mode::from_raw_mode(0o666)).unwrap();
        fs_err::set_permissions(at("pipe"), std::fs::Permissions::from_mode(0o666)).unwrap();
        for (name, minor) in [("null", 3), ("zero", 5), ("full", 7)] {
            let device = makedev(1, minor);
            let mode = Mode::from_raw_mode(0o666);
            // Only root makes devices.
            let _refused = mknodat(CWD, at(name), FileType::CharacterDevice, mode, device);
            let _absent = fs_err::set_permissions(at(name), std::fs::Permissions::from_mode(0o666));
        }
    }

    fn file(&self, path: &Path, text: &str) {
        fs_err::write(path, text).unwrap();
        self.give(path);
    }

    fn give(&self, path: &Path) {
        if let Some(user) = self.user {
            std::os::unix::fs::chown(path, Some(user), Some(user)).unwrap();
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.env.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs_err::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn run(&self, args: &[&str]) -> Output {
        let binary = self.path("wecubectl");
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                let id = user.to_string();
                command.args(["--reuid", &id, "--regid", &id, "--clear-groups", "--"]);
                command.arg(&binary);
                command
            }
            None => Command::new(&binary),
        };
        command
            .env_clear()
            .env("HOME", self.env.path())
            .env("PATH", "/usr/bin:/bin")
            .current_dir(self.env.path())
            .args(args)
            .stdin(Stdio::null());
        TestEnv::run_command(command)
    }
}

/// As whom the commands run: as this user, and as another one if this is root.
fn users() -> Vec<Option<u32>> {
    let root = rustix::process::geteuid().is_root() && Path::new("/usr/bin/setpriv").exists();
    if root {
        vec![None, Some(USER)]
    } else {
        vec![None]
    }
}

/// Kinds that this user could make.
fn there(stage: &Stage, name: &str) -> bool {
    name.ends_with("new") || stage.path(name).symlink_metadata().is_ok()
}

#[test]
fn report_is_written_by_the_kind_of_its_path() {
    for user in users() {
        let stage = Stage::new(user);
        for (name, code, words) in [
            ("own/null", 0, ""),
            ("own/full", 1, "no space left"),
            ("own/link", 0, ""),
            ("open/link", 1, "other users may write"),
        ] {
            if !there(&stage, name) {
                continue;
            }
            let output = stage.run(&["demo", "--report", name]);
            assert_eq!(output.code, Some(code), "{user:?} {name}: {output:#?}");
            assert!(
                output.stderr.contains(words),
                "{user:?} {name}: {output:#?}"
            );
        }
        assert!(stage.text("own/victim").contains("<html"), "{user:?}");
        let facts = fs_err::metadata(stage.path("own/victim")).unwrap();
        assert_eq!(facts.permissions().mode() & 0o777, 0o644);
        assert_eq!(stage.text("open/victim"), "theirs");
        for name in ["own/null", "own/full"] {
            if let Ok(facts) = fs_err::symlink_metadata(stage.path(name)) {
                assert!(facts.file_type().is_char_device(), "{name} is replaced");
            }
        }
        let link = fs_err::symlink_metadata(stage.path("own/link")).unwrap();
        assert!(link.file_type().is_symlink());
        for folder in ["own", "open"] {
            for entry in fs_err::read_dir(stage.path(folder)).unwrap() {
                let name = entry.unwrap().file_name();
                assert!(!name.to_string_lossy().ends_with('~'), "{name:?} is left");
            }
        }
    }
}

#[test]
fn report_to_standard_output_goes_where_it_leads() {
    let env = TestEnv::new();
    let output = env.run(&["demo", "--report", "/dev/stdout"]);
    assert_eq!(output.code, Some(0), "{output:#?}");
    assert!(output.stdout.contains("<html"), "{output:#?}");
}

#[test]
fn input_of_every_kind_ends_with_one_error() {
    for user in users() {
        let stage = Stage::new(user);
        for name in ["own/zero", "own/directory", "own/dangling", "own/absent"] {
            if name == "own/zero" && !there(&stage, name) {
                continue;
            }
            for args in [
                &["plan", "--config", name][..],
                &["plan", "--env-file", name],
                &["token", "inspect", name],
                &[
                    "deploy",
                    "migrate",
                    "plan",
                    name,
                    "--core-db",
                    "h/s",
                    "--core-db-user",
                    "u",
                ],
                &["token", "mint", "--offline", "--seed-file", name],
            ] {
                let output = stage.run(args);
                assert_eq!(output.code, Some(2), "{user:?} {args:?}: {output:#?}");
                let errors = output.stderr.matches("error:").count();
                assert_eq!(errors, 1, "{user:?} {args:?}: {output:#?}");
                assert!(
                    output.stderr.contains(name),
                    "{user:?} {args:?}: {output:#?}"
                );
            }
        }
    }
}

#[test]
fn signals_end_the_wait_for_a_pipe() {
    use rustix::process::{Pid, Signal, kill_process};
    let env = TestEnv::new();
    let pipe = env.path().join("pipe");
    mkfifoat(CWD, &pipe, Mode::RWXU).unwrap();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut child = env.command(&["plan", "--config", "pipe"]).spawn().unwrap();
        // It waits once it has the pipe open: only then does an open without waiting succeed.
        let opened = || {
            let flags = rustix::fs::OFlags::WRONLY | rustix::fs::OFlags::NONBLOCK;
            rustix::fs::open(&pipe, flags, Mode::empty())
        };
        let writer = loop {
            match opened() {
                Ok(writer) => break writer,
                Err(_) => std::thread::yield_now(),
            }
        };
        let pid = Pid::from_child(&child);
        let status = loop {
            // Until its handlers are there, the signal ends it by itself.
            kill_process(pid, signal).unwrap();
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            std::thread::yield_now();
        };
        drop(writer);
        assert!(!status.success(), "{signal:?}: {status}");
    }
}

#[test]
fn state_directory_is_refused_if_others_own_or_write_it() {
    for user in users() {
        let stage = Stage::new(user);
        let list = |state: &str| stage.run(&["run", "list", "--state-dir", state]);
        for folder in ["state", "state/runs"] {
            fs_err::create_dir(stage.path(folder)).unwrap();
            stage.give(&stage.path(folder));
        }
        assert_eq!(list("state").code, Some(0), "{:#?}", list("state"));
        let runs = stage.path("state/runs");
        fs_err::set_permissions(&runs, std::fs::Permissions::from_mode(0o777)).unwrap();
        let output = list("state");
        assert_eq!(output.code, Some(1), "{output:#?}");
        assert!(output.stderr.contains("chmod go-w"), "{output:#?}");
        fs_err::set_permissions(&runs, std::fs::Permissions::from_mode(0o755)).unwrap();
        if rustix::process::geteuid().is_root() {
            let other = if user.is_some() { 0 } else { USER };
            std::os::unix::fs::chown(&runs, Some(other), None).unwrap();
            let output = list("state");
            assert_eq!(output.code, Some(1), "{output:#?}");
            let us = user.unwrap_or(0);
            let command = format!("chown -R {us} ");
            assert!(output.stderr.contains(&command), "{output:#?}");
            assert_eq!(fs_err::metadata(&runs).unwrap().uid(), other);
        }
    }
}

/// Runs the binary beside a disk that holds `file` and is full, read-only, or may not have another file
/// (a quota of files): the output, and what the disk holds afterwards.
async fn run_on_disk(env: &TestEnv, disk: &str, args: &[&str]) -> (Output, String) {
    const SCRIPT: &str = r#"
        disk=$1; shift
        case $disk in no-more-files) files=2 ;; *) files=99 ;; esac
        mkdir -p disk && mount -t tmpfs -o size=16k,nr_inodes=$files,mode=755 tmpfs disk
        printf old > disk/file
        case $disk in
            full) head -c 1M /dev/zero > disk/fill 2> fill.log ;;
            read-only) mount -o remount,ro disk ;;
        esac
        "$@"
        code=$?
        find disk -type f ! -name fill -exec head -c 9 {} + > left.log
        exit $code"#;
    let mut command = Command::new("unshare");
    command
        .args(["-m", "--", "sh", "-c", SCRIPT, "sh", disk])
        .arg(env!("CARGO_BIN_EXE_wecubectl"))
        .args(args)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", env.path())
        .current_dir(env.path())
        .stdin(Stdio::null());
    let run = tokio::task::spawn_blocking(move || TestEnv::run_command(command));
    let output = run.await.unwrap();
    let left = fs_err::read_to_string(env.path().join("left.log")).unwrap();
    (output, left)
}

#[tokio::test(flavor = "multi_thread")]
async fn full_or_read_only_disk_is_one_error_and_old_files_stay_whole() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let site = Site::of(World::demo()).await;
    let connected = ["--config", &site.config];
    for (disk, reason) in [
        ("full", "no space left"),
        ("no-more-files", "no space left"),
        ("read-only", "read-only"),
    ] {
        let check = ["check", "--state-dir", "state", "--report", "disk/file"];
        let apply = ["apply", "--yes", "--state-dir", "disk/state"];
        for (args, code) in [
            (&["demo", "--report", "disk/file"][..], 1),
            (&["config", "init", "disk/new.toml"], 1),
            (&["deploy", "init", "disk/new.env"], 1),
            // It has findings, which come before.
            (&[&check, &connected[..]].concat(), 10),
            (&[&apply, &connected[..]].concat(), 1),
        ] {
            let (output, left) = run_on_disk(&site.env, disk, args).await;
            assert_eq!(output.code, Some(code), "{disk} {args:?}: {output:#?}");
            assert!(
                output.stderr.contains(reason),
                "{disk} {args:?}: {output:#?}"
            );
            assert_eq!(left, "old", "{disk} {args:?}");
        }
    }
    assert_eq!(site.running.ledger().registrations.len(), 0);
}
