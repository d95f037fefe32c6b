//! The table from texts to causes.

use std::time::Duration;

use crate::domain::{FailureCause, Generation, RegisterError, Transience};
use crate::platform::wire::envelope::{
    CODE_PANIC, CODES_PERMISSION, CODES_TOKEN, is_permission_text,
};
use crate::platform::wire::escape_line;

use Generation::{V3, V4};
use Transience::{Ambiguous, Away, Overload, Permanent};

/// What a text means: cause, whether asking again can help, whether every plugin would fail so.
type Verdict = (&'static str, Transience, bool);

/// A row: the generation that says so (none: both), all texts that the message contains.
struct Rule {
    generation: Option<Generation>,
    texts: &'static [&'static str],
    verdict: Verdict,
}

/// Rows: the generation, the texts, the cause, whether asking again can help, whether every plugin would
/// fail so or this one alone.
macro_rules! rules {
    ($($generation:ident [$($text:literal),+] $cause:ident $transience:ident $whose:ident;)+) => {
        &[$(Rule {
            generation: rules!($generation),
            texts: &[$($text),+],
            verdict: (stringify!($cause), $transience, rules!($whose)),
        },)+]
    };
    (Any) => { None };
    (V3) => { Some(V3) };
    (V4) => { Some(V4) };
    (Shared) => { true };
    (Own) => { false };
}

/// The first row that matches decides, so the more special ones stand first.
const RULES: &[Rule] = rules! {
    // Database. Transactions of registers wait for each other; a lock lost is not a fault.
    Any ["Deadlock found"] database_lock Overload Own;
    Any ["Lock wait timeout"] database_lock Overload Own;
    Any ["Too many connections"] database_busy Overload Own;
    Any ["Unknown column"] database_schema Permanent Shared;
    Any ["Table ", "doesn't exist"] database_schema Permanent Shared;
    // What the package itself is.
    V4 ["can not find plugin packages with id"] unknown_package Permanent Own;
    V3 ["Plugin package does not exist for id"] unknown_package Permanent Own;
    V3 ["Plugin package id not found for id"] unknown_package Permanent Own;
    V4 ["platform version required"] platform_too_old Permanent Own;
    V3 ["Platform version does not match"] platform_too_old Permanent Own;
    V4 ["depence ", "illegal"] dependency Permanent Own;
    V3 ["Plugin dependency validation failed"] dependency Permanent Own;
    V3 ["DECOMMISSIONED status"] decommissioned Permanent Own;
    V3 ["Not allowed to register more packages"] too_many_versions Permanent Own;
    V3 ["The declared menu code"] menu_undeclared Permanent Own;
    V3 ["For input string"] version_unreadable Permanent Own;
    V4 ["can not find index.html"] no_index_html Permanent Own;
    // Core's configuration and disk.
    V4 ["static resource config empty"] static_config Permanent Shared;
    V4 ["make tmp dir fail"] core_disk Permanent Shared;
    V4 ["write tmp file fail"] core_disk Permanent Shared;
    Any ["no space left on device"] core_disk Permanent Shared;
    Any ["No space left on device"] core_disk Permanent Shared;
    // S3.
    Any ["specified key does not exist"] s3_object_missing Permanent Own;
    Any ["NoSuchKey"] s3_object_missing Permanent Own;
    V4 ["download s3 file", "dial tcp"] s3_unreachable Away Shared;
    V4 ["download s3 file", "timeout"] s3_unreachable Away Shared;
    V4 ["download s3 file", "unexpected EOF"] s3_unreachable Away Shared;
    V4 ["download s3 file"] s3_access Permanent Shared;
    V4 ["minio new client fail"] s3_access Permanent Shared;
    V3 ["Unable to execute HTTP request"] s3_unreachable Away Shared;
    V3 ["Service: Amazon S3", "Status Code: 5"] s3_unreachable Away Shared;
    V3 ["Service: Amazon S3"] s3_access Permanent Shared;
    // v3's ssh. The platform swallows the reason of a failed copy.
    V3 ["Fail to lock"] mixed_folder Overload Own;
    V3 ["There was a problem while connecting"] ssh_unreachable Away Shared;
    V3 ["init executor", "authentication failed"] ssh_password Permanent Shared;
    V3 ["Put file to remote host meet error"] static_copy Away Shared;
    V3 ["Run remote command meet error", "command not found"] unzip_missing Permanent Shared;
    V3 ["Run remote command meet error"] remote_command Ambiguous Own;
    // v3 grants roles through auth-server.
    V3 ["I/O error on"] auth_server Away Shared;
};

/// v4: executing SQL failed (`platform-core/config/i18n/en.json`).
const CODE_DATABASE_EXECUTE: i64 = 10_000_023;
/// v4: the dependency check said no without naming what.
const CODE_DEPENDENCY: i64 = 20_000_001;

/// What a refusal means. `retry_after` is passed through. Total: a text that nobody has seen is
/// `unrecognised`, and tried once more alone.
pub(in crate::platform) fn classify(
    generation: Generation,
    http_status: u16,
    code: Option<i64>,
    message: &str,
    retry_after: Option<Duration>,
) -> RegisterError {
    let (cause, transience, shared) = by_http(http_status, code, message)
        .or_else(|| by_text(generation, message))
        .or_else(|| by_exit_status(generation, message))
        .or_else(|| by_code(code, message))
        .unwrap_or(("unrecognised", Ambiguous, false));
    RegisterError {
        transience,
        detail: FailureCause::Said(escape_line(message)),
        cause,
        shared,
        retry_after,
    }
}

fn by_http(http_status: u16, code: Option<i64>, message: &str) -> Option<Verdict> {
    match http_status {
        401 => Some(("token_refused", Permanent, true)),
        _ if code.is_some_and(|code| CODES_TOKEN.contains(&code)) => {
            Some(("token_refused", Permanent, true))
        }
        403 => Some(("permission", Permanent, true)),
        _ if code.is_some_and(|code| CODES_PERMISSION.contains(&code)) => {
            Some(("permission", Permanent, true))
        }
        _ if is_permission_text(message) => Some(("permission", Permanent, true)),
        429 => Some(("rate_limited", Overload, false)),
        503 => Some(("unavailable", Overload, false)),
        _ => None,
    }
}

fn by_text(generation: Generation, message: &str) -> Option<Verdict> {
    RULES
        .iter()
        .filter(|rule| rule.generation.is_none_or(|said_by| said_by == generation))
        .find(|rule| rule.texts.iter().all(|text| message.contains(text)))
        .map(|rule| rule.verdict)
}

fn by_code(code: Option<i64>, message: &str) -> Option<Verdict> {
    match code? {
        // The database's own words follow in parentheses; where a platform is told to leave them
        // out, a lock is what remains likely.
        CODE_DATABASE_EXECUTE if !message.contains('(') => Some(("database_lock", Overload, false)),
        CODE_DATABASE_EXECUTE => Some(("database_error", Ambiguous, false)),
        CODE_DEPENDENCY => Some(("dependency", Permanent, false)),
        CODE_PANIC => Some(("server_error", Ambiguous, false)),
        _ => None,
    }
}

/// Which of v4's commands failed, in the order of a registration.
#[derive(Clone, Copy)]
enum Command {
    /// `unzip` in core's container.
    Decompress,
    /// The first connection to the static host.
    Mkdir,
    /// The second.
    Copy,
    /// The third: `cd … && unzip -o ui.zip`.
    Unzip,
}

/// v4 runs `sshpass ssh` and `sshpass scp` in a shell and tells their exit status.
fn by_exit_status(generation: Generation, message: &str) -> Option<Verdict> {
    if generation != V4 {
        return None;
    }
    let command = [
        ("exec decompress file fail", Command::Decompress),
        ("scp file,try to mkdir", Command::Mkdir),
        ("run remote ssh command", Command::Unzip),
        ("scp file ", Command::Copy),
    ]
    .into_iter()
    .find_map(|(text, command)| message.contains(text).then_some(command))?;
    Some(command_verdict(command, exit_status(message)))
}

/// The exit statuses: sshpass 5 wrong password, 6 host key unknown; ssh 255 for its own failures;
/// the shell 127 for a command that it limitations; else the command's own (manuals of sshpass, ssh,
/// unzip; `docs/platform/registration.md#messages-of-v4`).
fn command_verdict(command: Command, status: Option<u32>) -> Verdict {
    match (command, status) {
        (Command::Decompress | Command::Mkdir | Command::Copy, Some(127)) => {
            ("core_image", Permanent, true)
        }
        (Command::Decompress, _) => ("ui_package", Permanent, false),
        // Wrong from the first connection on: not a matter of how many there are.
        (Command::Mkdir | Command::Copy, Some(5)) => ("ssh_password", Permanent, true),
        // Core learns host keys in the background right after its start; a pause may settle it.
        (Command::Mkdir | Command::Copy, Some(6)) => ("ssh_host_key", Away, true),
        // The first connection: too many at once, or a dead host.
        (Command::Mkdir, Some(255)) => ("ssh_unreachable", Away, true),
        // ssh passes on the status of mkdir: a connection was made.
        (Command::Mkdir, Some(1)) => ("static_not_writable", Permanent, true),
        // The host took a connection of this same register a moment ago, so it is not dead.
        (Command::Copy | Command::Unzip, Some(255)) => ("ssh_overload", Overload, false),
        (Command::Copy, Some(1)) => ("static_copy", Away, true),
        (Command::Unzip, Some(127)) => ("unzip_missing", Permanent, true),
        (Command::Unzip, Some(50)) => ("static_disk", Permanent, true),
        // Core has unpacked the same file itself before it copied it: what is bad is the copy.
        (Command::Unzip, Some(2 | 3 | 9 | 51)) => ("copy_damaged", Ambiguous, false),
        (Command::Unzip, Some(1)) => ("static_unpack", Ambiguous, false),
        (Command::Mkdir | Command::Copy | Command::Unzip, _) => {
            ("remote_command", Ambiguous, false)
        }
    }
}

/// The number after the last `exit status`; `None` if a signal ended the command.
fn exit_status(message: &str) -> Option<u32> {
    let (_, after) = message.rsplit_once("exit status ")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
