//! Signing in by ssh with a password, as platform-core will, through the system's own `ssh`.
//!
//! The password is on no command line, in no environment and on no disk: ssh starts our own binary as
//! its askpass program, which asks us for it over a socket in a folder that only we may enter.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Command, ExitCode, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::deploy::env::StaticHost;
use crate::i18n::{Text, io_message};
use crate::secret::Secret;

/// The environment variable with the socket that our binary asks for the password.
pub const ASKPASS: &str = "WECUBECTL_ASKPASS";

/// Time for the sign-in after the server's greeting.
const GRACE: Duration = Duration::from_secs(20);

/// Characters of ssh's last line that are kept.
const LINE_CAP: usize = 300;

/// The result of an ssh sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SshResult {
    /// Signed in.
    SignedIn,
    /// The server refused the user or the password.
    Refused,
    /// ssh failed before or after the password; its last line.
    Failed(String),
    /// ssh could not be run.
    NotRun(io::ErrorKind),
    /// This host has no `ssh` program.
    NoSsh,
}

impl SshResult {
    /// The cause of a failure in the reader's language; ssh's own line is quoted.
    pub fn cause(&self) -> Option<Text> {
        match self {
            Self::Failed(line) => Some(Text::new("deploy-ssh-said").with("line", line)),
            Self::NotRun(kind) => Some(io_message(&io::Error::from(*kind))),
            Self::SignedIn | Self::Refused | Self::NoSsh => None,
        }
    }
}

/// Signs in once and runs `true`. Only one password is tried, so that no account is locked.
pub fn sign_in(host: &StaticHost, askpass: &Path, timeout: Duration) -> SshResult {
    try_sign_in(host, askpass, timeout).unwrap_or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => SshResult::NoSsh,
        kind => SshResult::NotRun(kind),
    })
}

fn try_sign_in(host: &StaticHost, askpass: &Path, timeout: Duration) -> io::Result<SshResult> {
    // A folder that only we may enter.
    let folder = tempfile::Builder::new().prefix("wecubectl-").tempdir()?;
    let socket = folder.path().join("ask");
    let listener = UnixListener::bind(&socket)?;
    let asked = Arc::new(AtomicUsize::new(0));
    let server = {
        let (asked, password) = (Arc::clone(&asked), host.password.clone());
        std::thread::spawn(move || serve_password(&listener, &password, &asked))
    };
    let was_asked = || asked.load(Ordering::SeqCst) > 0;
    // One method at a time: with both, ssh would give a wrong password twice.
    let mut output = run(host, askpass, &socket, "password", timeout);
    let wants_keyboard_interactive = |output: &Output| {
        let said = String::from_utf8_lossy(&output.stderr);
        said.contains("Permission denied") && said.contains("keyboard-interactive")
    };
    if !was_asked() && output.as_ref().is_ok_and(wants_keyboard_interactive) {
        output = run(host, askpass, &socket, "keyboard-interactive", timeout);
    }
    let was_asked = was_asked();
    // "end" stops the serving thread.
    drop(UnixStream::connect(&socket).and_then(|mut stream| stream.write_all(b"end")));
    drop(server.join());
    Ok(result_of(&output?, was_asked))
}

/// Sends the password to every client that writes "ask", until one writes "end".
fn serve_password(listener: &UnixListener, password: &Secret, asked: &AtomicUsize) {
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { return };
        let mut word = [0; 3];
        if stream.read_exact(&mut word).is_err() || &word == b"end" {
            return;
        }
        asked.fetch_add(1, Ordering::SeqCst);
        // If the client is gone, ssh reports the missing password itself.
        let _gone = stream.write_all(password.expose().as_bytes());
    }
}

fn run(
    host: &StaticHost,
    askpass: &Path,
    socket: &Path,
    method: &str,
    timeout: Duration,
) -> io::Result<Output> {
    let options = [
        format!("PreferredAuthentications={method}"),
        "PubkeyAuthentication=no".to_owned(),
        "NumberOfPasswordPrompts=1".to_owned(),
        "StrictHostKeyChecking=no".to_owned(),
        "UserKnownHostsFile=/dev/null".to_owned(),
        "GlobalKnownHostsFile=/dev/null".to_owned(),
        "LogLevel=ERROR".to_owned(),
        format!("ConnectTimeout={}", timeout.as_secs().max(1)),
        "ServerAliveInterval=5".to_owned(),
        "ServerAliveCountMax=3".to_owned(),
        "ControlPath=none".to_owned(),
    ];
    let mut command = Command::new("ssh");
    command
        .args(["-F", "/dev/null", "-T", "-p", &host.port.to_string()])
        .args(options.iter().flat_map(|option| ["-o", option.as_str()]))
        .args(["-l", &host.user, "--", &host.host, "true"])
        .env("SSH_ASKPASS", askpass)
        .env("SSH_ASKPASS_REQUIRE", "force")
        // An ssh before 8.4 asks a program only if DISPLAY is set.
        .env("DISPLAY", ":0")
        .env(ASKPASS, socket)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    // ssh's own timeout covers only the greeting.
    let deadline = Instant::now() + timeout + GRACE;
    while child.try_wait()?.is_none() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    if child.try_wait()?.is_none() {
        child.kill()?;
        child.wait()?;
        return Err(io::Error::from(io::ErrorKind::TimedOut));
    }
    child.wait_with_output()
}

fn result_of(output: &Output, asked: bool) -> SshResult {
    if output.status.success() {
        return SshResult::SignedIn;
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().find(|line| !line.trim().is_empty());
    let last: String = last
        .unwrap_or_default()
        .trim()
        .chars()
        .take(LINE_CAP)
        .collect();
    if asked && last.contains("Permission denied") {
        SshResult::Refused
    } else {
        SshResult::Failed(last)
    }
}

/// The askpass side: fetches the password from the socket and prints it for ssh.
pub fn print_password(socket: &str, to: &mut dyn io::Write) -> ExitCode {
    let mut fetch = || -> io::Result<()> {
        let mut stream = UnixStream::connect(socket)?;
        stream.write_all(b"ask")?;
        let mut password = Vec::new();
        stream.read_to_end(&mut password)?;
        to.write_all(&password)?;
        to.write_all(b"\n")?;
        to.flush()?;
        secrecy::zeroize::Zeroize::zeroize(&mut password);
        Ok(())
    };
    match fetch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
