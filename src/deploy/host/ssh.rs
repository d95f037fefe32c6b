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
use crate::deploy::lint::SshAnswer;
use crate::secret::Secret;

/// The variable that tells our binary where to ask.
pub const ASKPASS: &str = "WECUBECTL_ASKPASS";

/// How long signing in may take behind the greeting.
const GRACE: Duration = Duration::from_secs(20);

/// How much of what ssh says is kept.
const SAID: usize = 300;

/// Signs in once and runs `true`. Only one password is tried, so that no account is locked.
pub fn sign_in(host: &StaticHost, askpass: &Path, timeout: Duration) -> SshAnswer {
    match try_it(host, askpass, timeout) {
        Ok(answer) => answer,
        Err(error) if error.kind() == io::ErrorKind::NotFound => SshAnswer::NoSsh,
        Err(error) => SshAnswer::Failed {
            why: error.to_string(),
        },
    }
}

fn try_it(host: &StaticHost, askpass: &Path, timeout: Duration) -> io::Result<SshAnswer> {
    // A folder that only we may enter.
    let folder = tempfile::Builder::new().prefix("wecubectl-").tempdir()?;
    let socket = folder.path().join("ask");
    let listener = UnixListener::bind(&socket)?;
    let asked = Arc::new(AtomicUsize::new(0));
    let teller = {
        let (asked, password) = (Arc::clone(&asked), host.password.clone());
        std::thread::spawn(move || tell(&listener, &password, &asked))
    };
    let was_asked = || asked.load(Ordering::SeqCst) > 0;
    // One method at a time: with both, ssh would give a wrong password twice.
    let mut output = run(host, askpass, &socket, "password", timeout);
    let other = |output: &Output| {
        let said = String::from_utf8_lossy(&output.stderr);
        said.contains("Permission denied") && said.contains("keyboard-interactive")
    };
    if !was_asked() && output.as_ref().is_ok_and(other) {
        output = run(host, askpass, &socket, "keyboard-interactive", timeout);
    }
    let was_asked = was_asked();
    // An empty call ends the thread that tells.
    drop(UnixStream::connect(&socket).and_then(|mut stream| stream.write_all(b"end")));
    drop(teller.join());
    Ok(judge(&output?, was_asked))
}

/// Tells the password to whoever asks, until told to end.
fn tell(listener: &UnixListener, password: &Secret, asked: &AtomicUsize) {
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { return };
        let mut word = [0; 3];
        if stream.read_exact(&mut word).is_err() || &word == b"end" {
            return;
        }
        asked.fetch_add(1, Ordering::SeqCst);
        // ssh says itself what it makes of no answer.
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
        // An ssh before 8.4 knows no other way to be told to ask a program.
        .env("DISPLAY", ":0")
        .env(ASKPASS, socket)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    // ssh's own time-out ends with the greeting; a host that hangs behind it is left.
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

fn judge(output: &Output, asked: bool) -> SshAnswer {
    if output.status.success() {
        return SshAnswer::SignedIn;
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().find(|line| !line.trim().is_empty());
    let last: String = last.unwrap_or_default().trim().chars().take(SAID).collect();
    if asked && last.contains("Permission denied") {
        SshAnswer::Refused
    } else {
        SshAnswer::Failed { why: last }
    }
}

/// What our binary does where ssh starts it as its askpass program: it asks for the password and hands
/// it on.
pub fn answer(socket: &str, to: &mut dyn io::Write) -> ExitCode {
    let handed = || -> io::Result<()> {
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
    let mut handed = handed;
    match handed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
