//! What the fuzz targets do with their input. `tests/it/fuzz_corpus.rs` includes this file and does the
//! same with the corpus. Each function panics if what must hold of any input does not hold.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use wecubectl::deploy::env::{EnvFile, quoted, version_of};
use wecubectl::deploy::images::check_tar;
use wecubectl::deploy::migrate::{split, version_key};
use wecubectl::deploy::old::{OldFile, OldInstance};
use wecubectl::domain::{PlatformVersion, Version, VersionRule, VersionVerdict};
use wecubectl::platform::fuzzed;
use wecubectl::platform::token::{inspect, v4_key};
use wecubectl::secret::Secret;
use wecubectl::settings::ConfigFile;

fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// Two bytes choose the HTTP status and the reader; the rest is the body of the answer.
pub fn envelope(data: &[u8]) {
    if let [status, reader, body @ ..] = data {
        fuzzed::answer(*status, *reader, body);
    }
}

/// A value that was read is the same after it is written as `deploy init` writes it, but for CR LF, which
/// is read as LF.
pub fn env_file(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let (file, faults) = EnvFile::read(text);
    for fault in faults {
        fault.text();
    }
    for name in file.names() {
        let value = file.assigned(name).expect("a name of the file").expose();
        let again = EnvFile::parse(&format!("{name}={}\n", quoted(value))).expect("a quoted value");
        let again = again.assigned(name).expect("the name");
        assert_eq!(again.expose(), value.replace("\r\n", "\n"));
    }
}

/// A compose file; behind a NUL the `.env` beside it; behind another one the file that any
/// `env_file` names.
pub fn compose(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let mut parts = text.split('\0');
    let compose = OldFile {
        path: PathBuf::from("/w/docker-compose.yml"),
        text: parts.next().unwrap_or_default().to_owned(),
    };
    let (beside, named) = (parts.next(), parts.next());
    let read = |path: &std::path::Path| {
        let text = if path.ends_with(".env") {
            beside
        } else {
            named
        };
        Ok(text.map(str::to_owned))
    };
    if let Ok(old) = OldInstance::read(&[compose], None, &read) {
        for name in ["JWT_SIGNING_KEY", "core_port", "mysql_wecube_password"] {
            old.value(name);
        }
    }
}

/// Statements are pieces of the script, in order; each one alone is split into itself.
pub fn sql_split(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let Ok(statements) = split(text) else { return };
    let has_delimiter = text.to_ascii_lowercase().contains("delimiter");
    let mut rest = text;
    for (index, statement) in statements.iter().enumerate() {
        assert_eq!(statement.number, index + 1);
        assert!(!statement.text.trim().is_empty());
        let at = rest.find(&statement.text).expect("a piece of the script");
        rest = &rest[at + statement.text.len()..];
        if !has_delimiter {
            // A BOM is passed over at the start of a file only.
            let alone = split(&format!("\n{};", statement.text)).expect("one statement");
            assert_eq!(alone.len(), 1, "{alone:?}");
            assert_eq!(alone[0].checksum, statement.checksum);
        }
    }
}

/// Three versions, one a line: both orders are orders, and agree with what the platform says.
pub fn versions(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let mut lines = text.split('\n').map(Version::new);
    let mut next = || lines.next().unwrap_or_else(|| Version::new(""));
    let (a, b, c) = (next(), next(), next());
    for rule in [VersionRule::V3, VersionRule::V4] {
        let order = |a, b| rule.order_listed(a, b);
        assert_eq!(order(&a, &b), order(&b, &a).reverse());
        if order(&a, &b) != Ordering::Greater && order(&b, &c) != Ordering::Greater {
            assert_ne!(order(&a, &c), Ordering::Greater);
        }
        assert_eq!(order(&a, &a), Ordering::Equal);
        let newest = rule.newest([&a, &b, &c]).expect("three versions");
        assert!(
            [&a, &b, &c]
                .iter()
                .all(|one| order(one, newest) != Ordering::Greater)
        );
        let verdict = rule.judge(&a, &b);
        rule.judge_platform(&a, b.as_str());
        match rule.order(&b, &a) {
            None => assert_eq!(verdict, VersionVerdict::Unreadable),
            Some(newer) if rule == VersionRule::V4 => {
                let satisfied = verdict == VersionVerdict::Satisfied;
                assert_eq!(satisfied, newer == Ordering::Greater);
            }
            Some(_) => assert_ne!(verdict, VersionVerdict::Unreadable),
        }
    }
    for one in [a, b, c] {
        PlatformVersion::parse(one.as_str());
        version_of(one.as_str());
        version_key(one.as_str());
    }
}

/// No token is said to be signed by a key that signed none of them.
pub fn token(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let key = v4_key(&Secret::new(
        "c2lnbmVkIG5vdGhpbmcgc2lnbmVkIG5vdGhpbmcg".to_owned(),
    ));
    let now = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
    let inspection = inspect(text, now, Some(&key.expect("a seed")));
    assert_ne!(inspection.signed_by_key, Some(true));
    for verdict in inspection.verdicts {
        verdict.reasons();
    }
}

/// A saved image, packed or not.
pub fn tar(data: &[u8]) {
    let mut file: File = tempfile::tempfile().expect("a file");
    file.write_all(data).expect("room for it");
    file.rewind().expect("a file that can seek");
    if let Err(fault) = check_tar(&file, None) {
        fault.message();
    }
}

/// The settings file.
pub fn config(data: &[u8]) {
    if let Some(text) = text(data) {
        let _either = ConfigFile::parse(text);
    }
}

/// What a check kept, behind a digest that is right.
pub fn check_cache(data: &[u8]) {
    if let Some(text) = text(data) {
        fuzzed::check_cache(text);
    }
}
