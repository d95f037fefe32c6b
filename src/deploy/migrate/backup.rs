//! Whether a file is a backup of a schema: there, fresh, whole, and of this schema's tables.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use flate2::bufread::MultiGzDecoder;

use crate::i18n::Text;

/// The oldest backup that counts: a day.
pub const MAX_AGE: Duration = Duration::from_hours(24);

/// What is known of a dump's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Dump {
    header: bool,
    completed: bool,
    /// Schema (empty where the dump names none before it) and table.
    tables: BTreeSet<(String, String)>,
}

/// Checks a file that `mysqldump` or `mariadb-dump` wrote, also one that `gzip` packed: one that was cut
/// off in the middle does not unpack.
pub fn check_backup(path: &Path, schema: &str, tables: &BTreeSet<String>) -> Result<(), Text> {
    let named = |text: Text| text.with("path", path.display());
    let unreadable = |error: &std::io::Error| {
        named(Text::new("migrate-backup-unreadable")).with("error", error.kind())
    };
    let file = fs_err::File::open(path).map_err(|error| unreadable(&error))?;
    let facts = file.metadata().map_err(|error| unreadable(&error))?;
    if !facts.is_file() {
        return Err(named(Text::new("migrate-backup-no-file")));
    }
    if facts.len() == 0 {
        return Err(named(Text::new("migrate-backup-empty")));
    }
    let age = facts
        .modified()
        .ok()
        .and_then(|time| SystemTime::now().duration_since(time).ok());
    if let Some(age) = age.filter(|age| *age > MAX_AGE) {
        let hours = age.as_secs() / 3600;
        return Err(named(Text::new("migrate-backup-old")).with("hours", hours));
    }
    let dump = read_any(BufReader::new(file)).map_err(|error| unreadable(&error))?;
    judge(&dump, schema, tables).map_err(named)
}

fn judge(dump: &Dump, schema: &str, tables: &BTreeSet<String>) -> Result<(), Text> {
    if !dump.header {
        return Err(Text::new("migrate-backup-no-dump"));
    }
    if !dump.completed {
        return Err(Text::new("migrate-backup-cut-off"));
    }
    let has = |table: &&String| dump.tables.contains(&(schema.to_owned(), (*table).clone()));
    let missing: Vec<&str> = tables
        .iter()
        .filter(|table| !has(table))
        .map(String::as_str)
        .collect();
    if missing.len() == tables.len() {
        return Err(Text::new("migrate-backup-other-schema").with("schema", schema));
    }
    if !missing.is_empty() {
        let some = missing
            .iter()
            .take(5)
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        let text = Text::new("migrate-backup-misses").count("count", missing.len());
        return Err(text.with("schema", schema).with("tables", some));
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
            || line.starts_with(b"USE "))
        {
            continue;
        }
        let words = String::from_utf8_lossy(&line);
        let words = words.trim_end();
        if words.starts_with("-- MySQL dump") || words.starts_with("-- MariaDB dump") {
            dump.header = true;
        } else if words.starts_with("-- Dump completed") {
            dump.completed = true;
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

/// The line that makes a backup which [`check_backup`] takes; the password is asked for.
pub fn backup_line(host: &str, port: u16, user: &str, schema: &str) -> String {
    let word = |word: &str| {
        shlex::try_quote(word).map_or_else(|_| "?".to_owned(), std::borrow::Cow::into_owned)
    };
    format!(
        "mysqldump --host={} --port={port} --user={} --password --single-transaction --routines \
         --triggers --hex-blob --result-file={} {}",
        word(host),
        word(user),
        word(&format!("{schema}.sql")),
        word(schema)
    )
}

/// The first of several files that is a backup of a schema, or why each is none.
pub fn find_backup(
    paths: &[PathBuf],
    schema: &str,
    tables: &BTreeSet<String>,
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
        INSERT INTO `a` VALUES ('-- Dump completed');\nCREATE TABLE `b` (\n);\n-- Dump completed on x\n";

    fn key(dump: &str, schema: &str, tables: &[&str]) -> Option<&'static str> {
        let tables = tables.iter().map(|table| (*table).to_owned()).collect();
        let dump = read(dump.as_bytes()).unwrap();
        judge(&dump, schema, &tables).err().map(|text| text.key())
    }

    #[test]
    fn a_dump_of_another_schema_or_of_half_of_it_is_none() {
        assert_eq!(key(DUMP, "wecube", &["a", "b"]), None);
        assert_eq!(
            key(DUMP, "wecube", &["a", "b", "c"]),
            Some("migrate-backup-misses")
        );
        assert_eq!(
            key(DUMP, "other", &["a"]),
            Some("migrate-backup-other-schema")
        );
        let cut = &DUMP[..DUMP.len() - 25];
        assert_eq!(key(cut, "wecube", &["a"]), Some("migrate-backup-cut-off"));
        assert_eq!(
            key("hello", "wecube", &["a"]),
            Some("migrate-backup-no-dump")
        );
        let several = DUMP.replace("CREATE TABLE `b`", "USE `other`;\nCREATE TABLE `b`");
        assert_eq!(key(&several, "other", &["b"]), None);
        assert_eq!(
            key(&several, "wecube", &["a", "b"]),
            Some("migrate-backup-misses")
        );
    }

    #[test]
    fn the_line_is_quoted_for_a_shell() {
        assert_eq!(
            backup_line("h", 3306, "it's", "wecube"),
            "mysqldump --host=h --port=3306 --user=\"it's\" --password --single-transaction --routines \
             --triggers --hex-blob --result-file=wecube.sql wecube"
        );
    }
}
