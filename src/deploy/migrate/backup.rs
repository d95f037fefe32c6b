//! Whether a file is a backup of a schema, by what is in it: whole, fresh by its own date, with this schema's
//! tables and the rows of those that have rows.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use jiff::Zoned;
use jiff::civil::DateTime;

use super::server::ConnectionSettings;
use crate::error::Failure as _;
use crate::i18n::{Text, quoted};

/// The oldest backup that counts: a day.
const MAX_AGE_HOURS: i64 = 24;

/// What is known of a dump's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Dump {
    header: bool,
    completed: bool,
    /// When it was made, by the clock of the host that made it.
    date: Option<DateTime>,
    /// It was made with `--where`: some rows are left out.
    partial: bool,
    /// Schema (empty if the dump names none before it) and table.
    tables: BTreeSet<(String, String)>,
    /// Those of them with rows.
    filled: BTreeSet<(String, String)>,
}

/// Checks a file that `mysqldump` or `mariadb-dump` wrote, also one that `gzip` packed: one that was cut
/// off in the middle does not unpack. `tables`: each table, and whether it has rows.
fn check_backup(path: &Path, schema: &str, tables: &BTreeMap<String, bool>) -> Result<(), Text> {
    let named = |text: Text| text.with("path", path.display());
    let unreadable = |error: &std::io::Error| {
        named(Text::new("migrate-backup-unreadable")).with("error", error.kind())
    };
    let file = crate::files::open(path).map_err(|error| error.message())?;
    let facts = file.metadata().map_err(|error| unreadable(&error))?;
    if facts.len() == 0 {
        return Err(named(Text::new("migrate-backup-empty")));
    }
    let dump = read_any(BufReader::new(file)).map_err(|error| unreadable(&error))?;
    judge(&dump, schema, tables, Zoned::now().datetime()).map_err(named)
}

fn judge(
    dump: &Dump,
    schema: &str,
    tables: &BTreeMap<String, bool>,
    now: DateTime,
) -> Result<(), Text> {
    if !dump.header {
        return Err(Text::new("migrate-backup-no-dump"));
    }
    if !dump.completed {
        return Err(Text::new("migrate-backup-cut-off"));
    }
    let Some(date) = dump.date else {
        return Err(Text::new("migrate-backup-no-date"));
    };
    let hours = now.duration_since(date).as_hours();
    if hours >= MAX_AGE_HOURS {
        return Err(Text::new("migrate-backup-old")
            .with("hours", hours)
            .with("date", date));
    }
    if dump.partial {
        return Err(Text::new("migrate-backup-partial"));
    }
    let without = |among: &BTreeSet<(String, String)>, counts: bool| {
        let names = tables.iter().filter(|(table, filled)| {
            (**filled || !counts) && !among.contains(&(schema.to_owned(), (*table).clone()))
        });
        names.map(|(table, _)| table.as_str()).collect::<Vec<_>>()
    };
    let some = |names: &[&str]| names.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    let missing = without(&dump.tables, false);
    if missing.len() == tables.len() {
        return Err(Text::new("migrate-backup-other-schema").with("schema", schema));
    }
    if !missing.is_empty() {
        let text = Text::new("migrate-backup-misses").count("count", missing.len());
        return Err(text.with("schema", schema).with("tables", some(&missing)));
    }
    let empty = without(&dump.filled, true);
    if !empty.is_empty() {
        let text = Text::new("migrate-backup-no-rows").count("count", empty.len());
        return Err(text.with("schema", schema).with("tables", some(&empty)));
    }
    Ok(())
}

/// A dump as it is, or as `gzip` packed it.
fn read_any(mut from: impl std::io::BufRead) -> std::io::Result<Dump> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    if from.fill_buf()?.starts_with(&GZIP) {
        return read(BufReader::new(MultiGzDecoder::new(from)));
    }
    read(from)
}

fn read(mut from: impl std::io::BufRead) -> std::io::Result<Dump> {
    let mut dump = Dump::default();
    let (mut schema, mut line) = (String::new(), Vec::new());
    // Rows are long lines that nothing is wanted of.
    loop {
        line.clear();
        if from.read_until(b'\n', &mut line)? == 0 {
            return Ok(dump);
        }
        if !(line.starts_with(b"--")
            || line.starts_with(b"CREATE TABLE")
            || line.starts_with(b"INSERT ")
            || line.starts_with(b"USE "))
        {
            continue;
        }
        let words = String::from_utf8_lossy(&line[..line.len().min(400)]);
        let words = words.trim_end();
        if words.starts_with("-- MySQL dump") || words.starts_with("-- MariaDB dump") {
            dump.header = true;
        } else if words.starts_with("-- Dump completed") {
            dump.completed = true;
            let date = words
                .strip_prefix("-- Dump completed on ")
                .unwrap_or_default();
            let date = date.split_whitespace().collect::<Vec<_>>().join(" ");
            dump.date = DateTime::strptime("%Y-%m-%d %H:%M:%S", date).ok();
        } else if words.starts_with("-- WHERE:") {
            dump.partial = true;
        } else if let Some(rest) = words.strip_prefix("INSERT ") {
            let rest = rest
                .trim_start_matches("IGNORE ")
                .trim_start_matches("INTO ");
            let name = rest
                .trim_start_matches('`')
                .split("` ")
                .next()
                .unwrap_or_default();
            dump.filled
                .insert((schema.clone(), name.replace("``", "`")));
        } else if let Some((_, name)) = words.split_once("    Database: ")
            && words.starts_with("-- Host:")
        {
            name.trim().clone_into(&mut schema);
        } else if let Some(name) = words.strip_prefix("USE `") {
            schema = name
                .trim_end_matches(';')
                .trim_end_matches('`')
                .replace("``", "`");
        } else if let Some(name) = words.strip_prefix("CREATE TABLE ") {
            let name = name
                .trim_start_matches("IF NOT EXISTS ")
                .trim_start_matches('`');
            let name = name.split("` (").next().unwrap_or_default();
            dump.tables
                .insert((schema.clone(), name.replace("``", "`")));
        }
    }
}

/// The line that makes a backup which [`find_backup`] takes; the password is asked for.
pub fn backup_line(settings: &ConnectionSettings) -> String {
    let word = quoted;
    let place = match &settings.socket {
        Some(path) => format!("--socket={}", word(&path.display().to_string())),
        None => format!("--host={} --port={}", word(&settings.host), settings.port),
    };
    format!(
        "mysqldump {place} --user={} --password --single-transaction --routines --triggers --hex-blob \
         --result-file={} {}",
        word(&settings.user),
        word(&format!("{}.sql", settings.schema)),
        word(&settings.schema)
    )
}

/// The first of several files that is a backup of a schema, or why each is none.
pub fn find_backup(
    paths: &[PathBuf],
    schema: &str,
    tables: &BTreeMap<String, bool>,
) -> Result<(), Vec<Text>> {
    let mut faults = Vec::new();
    for path in paths {
        match check_backup(path, schema, tables) {
            Ok(()) => return Ok(()),
            Err(fault) => faults.push(fault),
        }
    }
    Err(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = "/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\n--\n\
        -- Host: h    Database: wecube\n-- ----\nCREATE TABLE `a` (\n  x int\n);\n\
        INSERT INTO `a` VALUES ('-- Dump completed');\nCREATE TABLE `b` (\n);\n-- Dump completed on 2026-11-28  9:00:00\n";

    fn key(dump: &str, schema: &str, tables: &[&str]) -> Option<String> {
        let tables = tables
            .iter()
            .map(|table| (table.trim_end_matches('+').to_owned(), table.ends_with('+')));
        let dump = read(dump.as_bytes()).unwrap();
        let now = "2026-11-28T12:00:00".parse().unwrap();
        judge(&dump, schema, &tables.collect(), now)
            .err()
            .map(|text| text.key().to_owned())
    }

    #[test]
    fn dump_is_judged_by_its_content() {
        assert_eq!(key(DUMP, "wecube", &["a+", "b"]).as_deref(), None);
        assert_eq!(
            key(DUMP, "wecube", &["a", "b", "c"]).as_deref(),
            Some("migrate-backup-misses")
        );
        assert_eq!(
            key(DUMP, "wecube", &["a", "b+"]).as_deref(),
            Some("migrate-backup-no-rows")
        );
        assert_eq!(
            key(DUMP, "other", &["a"]).as_deref(),
            Some("migrate-backup-other-schema")
        );
        let cut = &DUMP[..DUMP.len() - 45];
        assert_eq!(
            key(cut, "wecube", &["a"]).as_deref(),
            Some("migrate-backup-cut-off")
        );
        assert_eq!(
            key("hello", "wecube", &["a"]).as_deref(),
            Some("migrate-backup-no-dump")
        );
        let several = DUMP.replace("CREATE TABLE `b`", "USE `other`;\nCREATE TABLE `b`");
        assert_eq!(key(&several, "other", &["b"]).as_deref(), None);
        assert_eq!(
            key(&several, "wecube", &["a", "b"]).as_deref(),
            Some("migrate-backup-misses")
        );
        let old = DUMP.replace("11-28  9", "11-27  9");
        assert_eq!(
            key(&old, "wecube", &["a"]).as_deref(),
            Some("migrate-backup-old")
        );
        let undated = DUMP.replace(" on 2026-11-28  9:00:00", "");
        assert_eq!(
            key(&undated, "wecube", &["a"]).as_deref(),
            Some("migrate-backup-no-date")
        );
        let partial = DUMP.replace("CREATE TABLE `b`", "-- WHERE:  id < 2\nCREATE TABLE `b`");
        assert_eq!(
            key(&partial, "wecube", &["a"]).as_deref(),
            Some("migrate-backup-partial")
        );
    }
}
