//! Kills a program before a chosen system call, counted over all its threads (strace counts for each
//! thread by itself).

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use nix::libc::{
    O_CREAT, SYS_connect, SYS_fdatasync, SYS_flock, SYS_fsync, SYS_ftruncate, SYS_linkat,
    SYS_mkdirat, SYS_openat, SYS_renameat, SYS_renameat2, SYS_sendmsg, SYS_sendto, SYS_unlinkat,
    SYS_write, SYS_writev,
};
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// The calls by which a program changes something that others see.
const CALLS: &[(i64, &str)] = &[
    (SYS_connect, "connect"),
    (SYS_fdatasync, "fdatasync"),
    (SYS_flock, "flock"),
    (SYS_fsync, "fsync"),
    (SYS_ftruncate, "ftruncate"),
    (SYS_linkat, "linkat"),
    (SYS_mkdirat, "mkdirat"),
    (SYS_openat, "openat"),
    (SYS_renameat, "renameat"),
    (SYS_renameat2, "renameat2"),
    (SYS_sendmsg, "sendmsg"),
    (SYS_sendto, "sendto"),
    (SYS_unlinkat, "unlinkat"),
    (SYS_write, "write"),
    (SYS_writev, "writev"),
    #[cfg(target_arch = "x86_64")]
    (nix::libc::SYS_mkdir, "mkdir"),
    #[cfg(target_arch = "x86_64")]
    (nix::libc::SYS_rename, "rename"),
    #[cfg(target_arch = "x86_64")]
    (nix::libc::SYS_unlink, "unlink"),
];

/// What became of a program.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It was killed before this call.
    Killed(String),
    /// It made fewer calls and ended.
    ByItself { calls: usize, code: i32 },
}

/// Runs a program and kills it before its `n`th call, counted from 1. Its outputs go nowhere.
pub(crate) async fn killed_at(command: &Command, n: usize) -> Ended {
    let mut started = Command::new("/bin/sh");
    // The shell waits until it is traced, and becomes the program.
    started
        .args(["-c", "kill -STOP $$; exec \"$0\" \"$@\""])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(
            command
                .get_current_dir()
                .unwrap_or(std::path::Path::new("/")),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    let (send, receive) = tokio::sync::oneshot::channel();
    // A program is traced by one thread from its start to its end.
    std::thread::spawn(move || send.send(trace(started, n)));
    receive.await.unwrap()
}

#[expect(clippy::zombie_processes, reason = "what traces it waits for it")]
fn trace(mut command: Command, n: usize) -> Ended {
    let child = command.spawn().unwrap();
    let pid = Pid::from_raw(child.id().try_into().unwrap());
    waitpid(pid, Some(WaitPidFlag::WUNTRACED)).unwrap();
    let options = Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_EXITKILL;
    ptrace::seize(pid, options).unwrap();
    kill(pid, Signal::SIGCONT).unwrap();
    let of_this_thread = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
    let (mut calls, mut is_program, mut last) = (0, false, String::new());
    let mut is_inside: BTreeMap<Pid, bool> = BTreeMap::new();
    loop {
        let (thread, signal) = match waitpid(None, Some(of_this_thread)).unwrap() {
            WaitStatus::Exited(ended, code) if ended == pid => {
                return Ended::ByItself { calls, code };
            }
            WaitStatus::Signaled(ended, signal, _) if ended == pid => {
                assert_eq!((signal, calls), (Signal::SIGKILL, n));
                return Ended::Killed(last);
            }
            WaitStatus::PtraceSyscall(thread) => {
                let inside = is_inside.entry(thread).or_default();
                *inside = !*inside;
                if *inside
                    && is_program
                    && calls < n
                    && let Some(call) = counted(pid, thread)
                {
                    calls += 1;
                    last = call;
                    if calls == n {
                        kill(pid, Signal::SIGKILL).unwrap();
                    }
                }
                (thread, None)
            }
            WaitStatus::PtraceEvent(thread, _, event) => {
                is_program |= event == ptrace::Event::PTRACE_EVENT_EXEC as i32;
                (thread, None)
            }
            WaitStatus::Stopped(thread, signal) => (thread, Some(signal)),
            _ => continue,
        };
        // A thread that was killed meanwhile is not there any more.
        let _gone = ptrace::syscall(thread, signal);
    }
}

/// The call that a thread is about to make, if it counts.
fn counted(pid: Pid, thread: Pid) -> Option<String> {
    let process = format!("/proc/{pid}");
    let text = fs_err::read_to_string(format!("{process}/task/{thread}/syscall")).ok()?;
    let mut words = text.split_ascii_whitespace();
    let number: i64 = words.next()?.parse().ok()?;
    let (_, name) = CALLS.iter().find(|(call, _)| *call == number)?;
    let hex = |word: &str| i64::from_str_radix(word.trim_start_matches("0x"), 16).ok();
    let args: Vec<i64> = words.filter_map(hex).collect();
    let target = fs_err::read_link(format!("{process}/fd/{}", args.first()?));
    let target = target.unwrap_or_default().display().to_string();
    // A thread of the program wakes another one, or a file is only opened for reading.
    let is_seen = match *name {
        "write" => target != "anon_inode:[eventfd]",
        "openat" => args.get(2)? & i64::from(O_CREAT) != 0,
        _ => true,
    };
    is_seen.then(|| format!("{name} {target}"))
}
