//! The service and its timer.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use super::error::ScheduleError;
use super::job::{EVERY, Job, text_of};
use crate::deploy::host::Program;

/// The first version with `LoadCredential`. Before it (Ubuntu 20.04, RHEL 7 and 8) a user of the host
/// runs the service and owns the files that it reads.
const CREDENTIALS: u32 = 247;
/// The first version that knows `@system-service`. An older one would allow next to nothing.
const FILTER_SETS: u32 = 239;
/// The user before [`CREDENTIALS`].
const USER: &str = "wecubectl";

/// The service needs the network and its state directory, and nothing else. A version that does not know
/// a line passes it over.
const HARDENING: &str = "\
NoNewPrivileges=yes
StateDirectory=wecubectl
StateDirectoryMode=0700
UMask=0077
CapabilityBoundingSet=
AmbientCapabilities=
LockPersonality=yes
MemoryDenyWriteExecute=yes
MemoryMax=256M
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
";
const FILTER: &str = "\
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
";

/// The version of systemd on this host; if it is not told, one with everything.
pub(super) async fn version_of_host() -> u32 {
    let patience = Duration::from_secs(5);
    let ran = Program::new("systemctl")
        .run(&["--version"], patience)
        .await;
    let told = ran.ok().and_then(|ran| version_in(&ran.stdout));
    told.unwrap_or(CREDENTIALS)
}

/// The version in `systemd 252 (252.39-1~deb12u2)`.
pub(super) fn version_in(told: &str) -> Option<u32> {
    told.strip_prefix("systemd ")?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

/// The service for a version of systemd. Files that only root may read come as credentials, so the seed
/// is in no argument and in no environment.
pub(super) fn service(job: &Job, version: u32) -> Result<String, ScheduleError> {
    let has_credentials = version >= CREDENTIALS;
    let mut start = format!("ExecStart={} check -q", word(&job.program)?);
    if job.on_change {
        start.push_str(" --on-change");
    }
    if let Some(lang) = job.lang {
        start.push_str(&[" --lang ", lang].concat());
    }
    let mut credentials = String::new();
    for (flag, name, path) in [
        ("--config", "config", &job.config),
        ("--env-file", "env", &job.env_file),
        ("--seed-file", "seed", &job.seed),
        ("--old-seed-file", "old-seed", &job.old_seed),
        ("--login-file", "login", &job.login),
        ("--old-login-file", "old-login", &job.old_login),
        ("--ping-file", "ping", &job.ping),
    ] {
        let Some(path) = path else { continue };
        // Writing to a string cannot fail.
        if has_credentials {
            // The specifier %d is younger than the variable.
            let _infallible = write!(start, " {flag} \"${{CREDENTIALS_DIRECTORY}}/{name}\"");
            let path = text_of(path)?.replace('%', "%%");
            let _infallible = writeln!(credentials, "LoadCredential={name}:{path}");
        } else {
            let _infallible = write!(start, " {flag} {}", word(path)?);
        }
    }
    start.push_str(" --state-dir /var/lib/wecubectl");
    let user = if has_credentials {
        "DynamicUser=yes".to_owned()
    } else {
        format!("User={USER}")
    };
    let filter = if version >= FILTER_SETS { FILTER } else { "" };
    let mut writable = String::new();
    if let Some(path) = &job.textfile {
        let _infallible = write!(start, " --textfile {}", word(path)?);
        let path = text_of(path)?.replace('%', "%%");
        let _infallible = writeln!(writable, "ReadWritePaths=\"{path}\"");
    }
    Ok(format!(
        "[Unit]\n\
         Description=WeCube check{}\n\
         Wants=network-online.target\n\
         After=network-online.target\n\
         \n\
         [Service]\n\
         Type=oneshot\n\
         {start}\n\
         # Another check was still running.\n\
         SuccessExitStatus=30\n\
         TimeoutStartSec=10min\n\
         {credentials}{writable}{user}\n{HARDENING}{filter}",
        of_pair(job)
    ))
}

fn of_pair(job: &Job) -> String {
    let name = job.name.as_deref();
    name.map_or_else(String::new, |name| format!(" of {name}"))
}

/// The names of service and timer.
pub(super) fn names(job: &Job) -> [String; 2] {
    let name = job.name.as_deref();
    let name = name.map_or_else(String::new, |name| format!("-{name}"));
    ["service", "timer"].map(|kind| format!("wecubectl-check{name}.{kind}"))
}

/// The timer.
pub(super) fn timer(job: &Job) -> String {
    format!(
        "[Unit]\n\
         Description=WeCube check{}, every {EVERY} minutes\n\
         \n\
         [Timer]\n\
         OnCalendar=*:{:02}/{EVERY}\n\
         AccuracySec=1s\n\
         \n\
         [Install]\n\
         WantedBy=timers.target\n",
        of_pair(job),
        job.minute
    )
}

/// A quoted word of a systemd command line, with specifiers and variables escaped.
fn word(path: &Path) -> Result<String, ScheduleError> {
    let text = text_of(path)?
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('%', "%%")
        .replace('$', "$$");
    Ok(format!("\"{text}\""))
}
