//! What the tests of `deploy migrate` on a real `MariaDB` share: schemas with rows, the ordinary client as the
//! measure, runs that are cut off, and the comparison of what both leave.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Row};
use wecubectl::confirm::Confirmation;
use wecubectl::deploy::migrate::{
    ConnectionSettings, MigrationState, Mode, Options, Progress, RehearsalOptions, Script, Tls,
    Waits, look, run, split,
};
use wecubectl::secret::Secret;

use super::mariadb::MariaDb;

/// Tables with rows that scripts work on.
const BASE: &str = "
    CREATE TABLE host (id int NOT NULL AUTO_INCREMENT, name varchar(40) NOT NULL, zone varchar(20) DEFAULT 'a',
      size int DEFAULT 0, note text, PRIMARY KEY (id), KEY zone_idx (zone));
    CREATE TABLE app (id varchar(20) NOT NULL PRIMARY KEY, host_id int, title varchar(60) DEFAULT NULL, score decimal(8,2) DEFAULT 0.00);
    CREATE TABLE counter (name varchar(20) PRIMARY KEY, value int NOT NULL);
    INSERT INTO host (name, zone, size) VALUES ('one', 'a', 1), ('two', 'b', 2), ('three', 'a', 3);
    INSERT INTO app VALUES ('x', 1, 'first', 1.5), ('y', 2, NULL, 2.5), ('z', NULL, 'third', 0);
    INSERT INTO counter VALUES ('n', 0);";

pub(crate) fn settings(server: &MariaDb, schema: &str) -> ConnectionSettings {
    ConnectionSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port,
        socket: None,
        user: "admin".to_owned(),
        password: Secret::new("a-test-password"),
        schema: schema.to_owned(),
        tls: Tls::Preferred,
        ca_file: None,
    }
}

/// A new schema with [`BASE`] and more.
pub(crate) async fn schema(server: &MariaDb, name: &str, more: &str) -> Conn {
    let mut conn = server.connect("mysql").await;
    conn.query_drop(format!("DROP DATABASE IF EXISTS {name}"))
        .await
        .unwrap();
    conn.query_drop(format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"))
        .await
        .unwrap();
    client(server, name, &format!("{BASE}\n{more}")).unwrap();
    conn.query_drop(format!("USE {name}")).await.unwrap();
    conn
}

/// Carries a script out with the ordinary client, which stops at the first error.
pub(crate) fn client(server: &MariaDb, schema: &str, script: &str) -> Result<(), String> {
    let mut child = Command::new("mariadb")
        .args(["--no-defaults", "-uroot", "--default-character-set=utf8mb4"])
        .arg(format!("--socket={}", server.socket().display()))
        .arg(schema)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        Ok(())
    } else {
        Err(said)
    }
}

pub(crate) async fn lines(conn: &mut Conn, query: &str) -> Vec<String> {
    let rows: Vec<Row> = conn.query(query).await.unwrap();
    let line = |row: Row| {
        row.unwrap()
            .iter()
            .map(|value| value.as_sql(true))
            .collect::<Vec<_>>()
            .join(" ")
    };
    rows.into_iter().map(line).collect()
}

/// All objects with their properties and all rows, without the ledger.
pub(crate) async fn everything(conn: &mut Conn) -> Vec<String> {
    let mut found = Vec::new();
    for query in [
        "SELECT 'T', TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, ROW_FORMAT, TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> 'wecubectl_migration' ORDER BY 2",
        "SELECT 'C', TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, COLLATION_NAME, COLUMN_DEFAULT, IS_NULLABLE, EXTRA, COLUMN_COMMENT, GENERATION_EXPRESSION FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> 'wecubectl_migration' ORDER BY 2, 4",
        "SELECT 'I', TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, SUB_PART, INDEX_TYPE FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> 'wecubectl_migration' ORDER BY 2, 3, 4",
        "SELECT 'K', k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, r.UPDATE_RULE, r.DELETE_RULE FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME WHERE k.TABLE_SCHEMA = DATABASE() ORDER BY 2, 3, k.ORDINAL_POSITION",
        "SELECT 'X', t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME WHERE t.CONSTRAINT_TYPE = 'CHECK' AND t.CONSTRAINT_SCHEMA = DATABASE() ORDER BY 2, 3, 4",
        "SELECT 'G', TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 2",
        "SELECT 'R', ROUTINE_NAME, ROUTINE_TYPE, ROUTINE_DEFINITION FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 2",
        "SELECT 'V', TABLE_NAME, REPLACE(VIEW_DEFINITION, CONCAT('`', DATABASE(), '`.'), '') FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 2",
    ] {
        found.extend(lines(conn, query).await);
    }
    let tables: Vec<String> = conn.query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME <> 'wecubectl_migration' ORDER BY 1").await.unwrap();
    for table in tables {
        let mut rows = lines(conn, &format!("SELECT '{table}', t.* FROM `{table}` t")).await;
        rows.sort();
        found.extend(rows);
    }
    found
}

/// Where a run is cut off, as if its process had been killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Never,
    /// Behind the ledger's `started` row of a statement.
    Before(usize),
    /// Behind a statement, before the ledger says so.
    Behind(usize),
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Cut,
    /// Stopped, and why.
    Stopped(Vec<String>),
}

pub(crate) async fn looked(
    settings: &ConnectionSettings,
    scripts: &[Script],
    options: &Options,
) -> Result<MigrationState, End> {
    let mode = Mode::Rehearse(RehearsalOptions::default());
    look(settings, scripts, options, &mode, Duration::from_secs(10))
        .await
        .map_err(|error| End::Stopped(vec![format!("{error:?}")]))
}

pub(crate) fn conflicts(look: &MigrationState, scripts: &[Script]) -> Vec<String> {
    let conflicts = look.plan.conflicts().into_iter();
    conflicts
        .map(|(place, conflict)| {
            format!(
                "{}: {conflict:?} [{}]",
                scripts[place.0].statements[place.1].number,
                scripts[place.0].statements[place.1].text
            )
        })
        .collect()
}

pub(crate) async fn ours(
    server: &MariaDb,
    schema: &str,
    script: &str,
    options: &Options,
    cut: Cut,
) -> End {
    let scripts = vec![Script::parse("v4.0.0.sql", script).unwrap()];
    let settings = settings(server, schema);
    let look = match looked(&settings, &scripts, options).await {
        Ok(look) => look,
        Err(end) => return end,
    };
    if look.plan.is_blocked() {
        return End::Stopped(conflicts(&look, &scripts));
    }
    let options = options.clone();
    let work = tokio::spawn(async move {
        let mut sink = |progress: Progress| {
            let hit = match (&progress, cut) {
                (Progress::Begins { number, .. }, Cut::Before(at)) => *number > at,
                (Progress::Executed { number }, Cut::Behind(at)) => *number == at,
                _ => false,
            };
            // The task ends here, and with it its connections.
            if hit {
                std::panic::resume_unwind(Box::new("cut off"));
            }
        };
        run(
            &settings,
            &scripts,
            &options,
            Waits::default(),
            (&look, &Confirmation::by_flag()),
            &mut sink,
        )
        .await
    });
    match work.await {
        Ok(Ok(_)) => End::Done,
        Ok(Err(error)) => End::Stopped(vec![format!("{error:?}")]),
        Err(panicked) if panicked.is_panic() => End::Cut,
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn allowing() -> Options {
    Options {
        allow_destructive: true,
        ..Options::default()
    }
}

/// What differs between two schemas, for a message.
fn difference(wanted: &[String], found: &[String]) -> String {
    let (one, other): (BTreeSet<_>, BTreeSet<_>) =
        (wanted.iter().collect(), found.iter().collect());
    let mut said = String::new();
    for line in one.difference(&other) {
        let _infallible = write!(said, "\n  client: {line}");
    }
    for line in other.difference(&one) {
        let _infallible = write!(said, "\n  ours:   {line}");
    }
    if said.is_empty() && wanted.len() != found.len() {
        said = format!(
            "\n  {} lines with the client, {} with us",
            wanted.len(),
            found.len()
        );
    }
    said
}

/// What trials found.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    runs: usize,
    same: usize,
    stopped: usize,
    faults: Vec<String>,
    reasons: Vec<String>,
}

impl Tally {
    /// Says what was found; fails if something differs from what the ordinary client leaves.
    #[expect(clippy::print_stderr, reason = "what a test found is shown beside it")]
    pub(crate) fn close(self, scripts: usize) {
        let mut by_reason = BTreeMap::new();
        for reason in &self.reasons {
            eprintln!("stopped: {reason}");
            *by_reason.entry(reason_word(reason)).or_insert(0) += 1;
        }
        eprintln!(
            "{scripts} scripts, {} runs: {} same, {} stopped {by_reason:?}, {} differ",
            self.runs,
            self.same,
            self.stopped,
            self.faults.len()
        );
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n\n"));
    }

    #[expect(clippy::print_stderr, reason = "many trials take long")]
    fn take(&mut self, what: &str, script: &str, wanted: &[String], end: &End, found: &[String]) {
        self.runs += 1;
        eprintln!("{what}: {:.80}", format!("{end:?}"));
        if let End::Stopped(why) = end {
            self.stopped += 1;
            self.reasons.push(format!("{what}: {why:?}"));
            return;
        }
        let differs = difference(wanted, found);
        if differs.is_empty() {
            self.same += 1;
        } else {
            eprintln!("{what} differs:{differs}");
            self.faults
                .push(format!("{what}:{differs}\n  script:\n{script}"));
        }
    }
}

/// The kind of the first conflict, or the key of the error.
fn reason_word(reason: &str) -> String {
    let words = reason.split_once("[\"").map_or(reason, |(_, words)| words);
    let word = match words.split_once("key: \"") {
        Some((_, key)) if words.starts_with("MigrateError") => key,
        _ => words.split_once(": ").map_or(words, |(_, word)| word),
    };
    let end = word.find(|c: char| !c.is_alphanumeric() && c != '-');
    word[..end.unwrap_or(word.len())].to_owned()
}

/// How much is tried of each script.
#[derive(Clone, Copy)]
pub(crate) struct Depth {
    /// Every how many statements a run is cut off.
    pub(crate) cuts: usize,
    /// At how many places a script is carried out by hand before.
    pub(crate) halves: usize,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test command names what is tried in variables"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Whether a script lets the server number rows.
fn generates(script: &str) -> bool {
    script.contains("INTO host")
}

/// A line of [`everything`] without numbers that the server may have given.
fn without_numbers(line: &str) -> String {
    let one = |word: &str| {
        let number = word.trim_matches('\'').parse::<u32>();
        if number.is_ok_and(|number| number > 3) {
            "#".to_owned()
        } else {
            word.to_owned()
        }
    };
    line.split(' ').map(one).collect::<Vec<_>>().join(" ")
}

/// Carries a script out in every way. The straight run must succeed.
pub(crate) async fn trial(
    server: &MariaDb,
    name: &str,
    more: &str,
    script: &str,
    depth: Depth,
    tally: &mut Tally,
) {
    let statements = split(script).unwrap();
    let mut measure = schema(server, &format!("{name}_c"), more).await;
    if let Err(said) = client(server, &format!("{name}_c"), script) {
        // Another server than the usual one does not know every statement.
        if variable("WECUBECTL_TEST_MARIADBD").is_some() {
            return;
        }
        panic!("{name}: the client refuses: {said}\n{script}");
    }
    let wanted = everything(&mut measure).await;
    let ours_name = format!("{name}_o");

    let mut conn = schema(server, &ours_name, more).await;
    let before = everything(&mut conn).await;
    let scripts = [Script::parse("v4.0.0.sql", script).unwrap()];
    if let Err(end) = looked(&settings(server, &ours_name), &scripts, &allowing()).await {
        tally
            .faults
            .push(format!("{name} rehearsal: {end:?}\n{script}"));
        return;
    }
    assert_eq!(
        everything(&mut conn).await,
        before,
        "{name}: the rehearsal changed the real schema"
    );
    let end = ours(server, &ours_name, script, &allowing(), Cut::Never).await;
    if end != End::Done {
        tally
            .faults
            .push(format!("{name} straight: {end:?}\n{script}"));
    }
    let found = everything(&mut conn).await;
    tally.take(&format!("{name} straight"), script, &wanted, &end, &found);

    let mut conn = schema(server, &ours_name, more).await;
    let mut end = End::Cut;
    for at in (1..=statements.len()).step_by(depth.cuts.max(1)) {
        for cut in [Cut::Before(at.saturating_sub(1)), Cut::Behind(at)] {
            end = ours(server, &ours_name, script, &allowing(), cut).await;
            if end != End::Cut {
                break;
            }
        }
        if matches!(end, End::Stopped(_)) {
            break;
        }
    }
    if end == End::Cut || end == End::Done {
        end = ours(server, &ours_name, script, &allowing(), Cut::Never).await;
    }
    let mut found = everything(&mut conn).await;
    let mut measured = wanted.clone();
    if generates(script) {
        // What was rolled back has used up numbers.
        measured = measured.iter().map(|line| without_numbers(line)).collect();
        found = found.iter().map(|line| without_numbers(line)).collect();
    }
    tally.take(&format!("{name} cut off"), script, &measured, &end, &found);

    for half in 0..=depth.halves {
        let count = statements.len() * (depth.halves - half) / depth.halves.max(1);
        if count == 0 {
            continue;
        }
        let mut conn = schema(server, &ours_name, more).await;
        let by_hand: Vec<String> = statements[..count]
            .iter()
            .map(|one| format!("{}$$", one.text))
            .collect();
        client(
            server,
            &ours_name,
            &format!("DELIMITER $$\n{}", by_hand.join("\n")),
        )
        .unwrap();
        let end = ours(server, &ours_name, script, &allowing(), Cut::Never).await;
        let found = everything(&mut conn).await;
        tally.take(
            &format!("{name} with {count} of {} by hand", statements.len()),
            script,
            &wanted,
            &end,
            &found,
        );
    }
}
