//! `deploy migrate` against a real `MariaDB`, with the ordinary client as the measure: scripts of every kind
//! are carried out once by the client and once by us, straight, cut off at every place, and on schemas where
//! somebody carried out all or half of them by hand. Both must leave the same, or the run must stop.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Row};
use wecubectl::confirm::Confirmation;
use wecubectl::deploy::migrate::{
    ConnectionSettings, Look, Mode, Options, Progress, RehearsalOptions, Script, Tls, Waits, look,
    run, split,
};
use wecubectl::secret::Secret;

use crate::support::mariadb::MariaDb;

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
    client(server, name, &format!("{BASE}{more}")).unwrap();
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
) -> Result<Look, End> {
    let mode = Mode::Rehearse(RehearsalOptions::default());
    look(settings, scripts, options, &mode, Duration::from_secs(10))
        .await
        .map_err(|error| End::Stopped(vec![format!("{error:?}")]))
}

pub(crate) fn conflicts(look: &Look, scripts: &[Script]) -> Vec<String> {
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
    pub(crate) faults: Vec<String>,
    reasons: Vec<String>,
}

impl Tally {
    fn take(&mut self, what: &str, script: &str, wanted: &[String], end: &End, found: &[String]) {
        self.runs += 1;
        if let End::Stopped(why) = end {
            self.stopped += 1;
            self.reasons.push(format!("{what}: {why:?}"));
            return;
        }
        let differs = difference(wanted, found);
        if differs.is_empty() {
            self.same += 1;
        } else {
            self.faults
                .push(format!("{what}:{differs}\n  script:\n{script}"));
        }
    }
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
fn variable(name: &str) -> Option<String> {
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
            .map(|one| format!("{}//", one.text))
            .collect();
        client(
            server,
            &ours_name,
            &format!("DELIMITER //\n{}", by_hand.join("\n")),
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

/// Every place with `WECUBECTL_TEST_FAMILY` set, some otherwise.
fn depth(statements: usize) -> Depth {
    let all = variable("WECUBECTL_TEST_FAMILY").is_some();
    Depth {
        cuts: 1,
        halves: if all { statements } else { statements.min(2) },
    }
}

/// Kinds of statements that an earlier design judged wrongly, each as a script.
const FAMILIES: [(&str, &str); 24] = [
    (
        "fk_index",
        "CREATE TABLE part (id int PRIMARY KEY, host_id int, CONSTRAINT part_host FOREIGN KEY (host_id) REFERENCES host (id)); ALTER TABLE part ADD INDEX host_idx (host_id); ALTER TABLE app ADD CONSTRAINT app_host FOREIGN KEY (host_id) REFERENCES host (id);",
    ),
    (
        "column_unique",
        "ALTER TABLE host ADD COLUMN code varchar(10) UNIQUE; ALTER TABLE host ADD COLUMN code2 int NULL UNIQUE COMMENT 'c';",
    ),
    (
        "unnamed_fk",
        "ALTER TABLE app ADD FOREIGN KEY (host_id) REFERENCES host (id); CREATE TABLE sub (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a) REFERENCES host (id), FOREIGN KEY (b) REFERENCES host (id)); ALTER TABLE sub DROP FOREIGN KEY sub_ibfk_1;",
    ),
    (
        "unnamed_index",
        "ALTER TABLE host ADD INDEX (size); ALTER TABLE host ADD INDEX (size, name); ALTER TABLE host ADD UNIQUE (size, id);",
    ),
    (
        "same_index_twice",
        "CREATE TABLE w (v int, KEY (v)); ALTER TABLE w ADD KEY (v); ALTER TABLE w ADD UNIQUE (v);",
    ),
    (
        "index_column_dropped",
        "ALTER TABLE host ADD INDEX zs (zone, size); ALTER TABLE host DROP COLUMN size;",
    ),
    (
        "drop_and_add_index",
        "ALTER TABLE host DROP INDEX zone_idx, ADD INDEX zone_idx (zone, size);",
    ),
    (
        "drop_and_add_same",
        "ALTER TABLE host ADD COLUMN extra int; ALTER TABLE host DROP INDEX zone_idx, ADD INDEX zone_idx (zone);",
    ),
    (
        "drop_and_add_primary",
        "ALTER TABLE counter DROP PRIMARY KEY, ADD PRIMARY KEY (name, value);",
    ),
    (
        "drop_and_add_column",
        "ALTER TABLE host ADD COLUMN t int; ALTER TABLE host DROP COLUMN note, ADD COLUMN note varchar(20) DEFAULT 'n';",
    ),
    (
        "generated",
        "ALTER TABLE host ADD COLUMN twice int GENERATED ALWAYS AS (size * 2) STORED; ALTER TABLE host ADD COLUMN label varchar(80) AS (CONCAT(name, '-', zone)) VIRTUAL;",
    ),
    (
        "checks",
        "ALTER TABLE host ADD COLUMN low int DEFAULT 0 CHECK (low < size + 100); ALTER TABLE host ADD CONSTRAINT sized CHECK (size >= 0);",
    ),
    (
        "default_expression",
        "ALTER TABLE host ADD COLUMN half int DEFAULT (size / 2); CREATE TABLE d (id int PRIMARY KEY, at datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, u varchar(40) DEFAULT (CONCAT('a', 'b')));",
    ),
    (
        "if_exists",
        "CREATE TABLE IF NOT EXISTS host (id int); ALTER TABLE host ADD COLUMN IF NOT EXISTS zone int; ALTER TABLE host ADD INDEX IF NOT EXISTS zone_idx (id); ALTER TABLE host DROP INDEX IF EXISTS absent; DROP INDEX IF EXISTS absent2 ON host; CREATE INDEX IF NOT EXISTS si ON host (size); ALTER TABLE host ADD COLUMN IF NOT EXISTS fresh int;",
    ),
    (
        "procedure_later",
        "CREATE PROCEDURE bump() UPDATE counter SET value = value + 1; CALL bump(); CALL bump();",
    ),
    (
        "create_select",
        "CREATE TABLE copy AS SELECT id, name FROM host; INSERT INTO copy SELECT id + 100, name FROM host;",
    ),
    (
        "temporary",
        "CREATE TEMPORARY TABLE tmp AS SELECT id, size FROM host; UPDATE tmp SET size = size + 10; INSERT INTO counter SELECT CONCAT('h', id), size FROM tmp; DROP TEMPORARY TABLE tmp; UPDATE counter SET value = value + 1;",
    ),
    (
        "last_insert_id",
        "INSERT INTO host (name) VALUES ('new'); SET @id = LAST_INSERT_ID(); INSERT INTO app (id, host_id) VALUES ('n', @id); UPDATE counter SET value = value + @id;",
    ),
    (
        "id_zero",
        "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; INSERT INTO host (id, name) VALUES (0, 'zero'); SET sql_mode = DEFAULT; INSERT INTO host (id, name) VALUES (0, 'next');",
    ),
    (
        "transaction",
        "START TRANSACTION; UPDATE counter SET value = value + 1; INSERT INTO counter VALUES ('t', 1); COMMIT; UPDATE counter SET value = value * 2 + 1;",
    ),
    (
        "variables",
        "SET @n = (SELECT COUNT(*) FROM host); INSERT INTO counter VALUES ('hosts', @n); SET @u = 5; INSERT INTO counter VALUES ('five', @u);",
    ),
    (
        "rename_swap",
        "ALTER TABLE host CHANGE COLUMN zone area varchar(20) DEFAULT 'a'; RENAME TABLE counter TO counters; CREATE TABLE counter (name varchar(20) PRIMARY KEY, value int NOT NULL);",
    ),
    (
        "views_triggers",
        "CREATE VIEW big AS SELECT id, name FROM host WHERE size > 1; CREATE TRIGGER t_ins BEFORE INSERT ON app FOR EACH ROW SET NEW.score = 1; INSERT INTO app (id) VALUES ('tr'); CREATE FUNCTION two() RETURNS int DETERMINISTIC RETURN 2;",
    ),
    (
        "set_statement",
        "SET STATEMENT lock_wait_timeout = 5 FOR ALTER TABLE host ADD COLUMN from_set int; ALTER TABLE host MODIFY COLUMN name varchar(80) NOT NULL; ALTER TABLE host MODIFY COLUMN name varchar(100) NOT NULL; UPDATE host SET zone = 'c' WHERE zone IS NULL;",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_statement_ends_as_with_the_client() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let mut tally = Tally::default();
    let began = Instant::now();
    let only = variable("WECUBECTL_TEST_FAMILY");
    for (name, script) in FAMILIES {
        if only
            .as_deref()
            .is_none_or(|only| only == name || only == "all")
        {
            let statements = split(script).unwrap().len();
            trial(&server, name, "", script, depth(statements), &mut tally).await;
        }
    }
    for reason in &tally.reasons {
        eprintln!("stopped: {reason}");
    }
    eprintln!(
        "{} runs: {} same, {} stopped, {:?}",
        tally.runs,
        tally.same,
        tally.stopped,
        began.elapsed()
    );
    assert!(
        tally.faults.is_empty(),
        "{} faults:\n{}",
        tally.faults.len(),
        tally.faults.join("\n\n")
    );
}

/// What the operator does about a stop, as its remedy says.
#[derive(Clone, Copy)]
enum Way {
    /// `--mark-done` for the first statements, this many.
    Mark(usize),
    /// `--mark-done` for one.
    MarkOne(usize),
    /// `--allow-destructive`.
    Allow,
    /// `--keep-table`.
    Keep(&'static str),
    /// Corrects rows or definitions, then runs again.
    Sql(&'static str),
    /// Gives another script.
    Script(&'static str),
    /// Runs it in the schema where its table is.
    Where(&'static str),
}

/// A script that stops: more tables, the script, the words of its conflicts, what is done about it.
const STOPS: [(&str, &str, &str, &[&str], Way); 19] = [
    (
        "refused",
        "",
        "ALTER TABLE host ADD COLUMN fresh int; ALTER TABLE host ADD INDEX i (absent)",
        &["Refused"],
        Way::MarkOne(2),
    ),
    (
        "duplicates",
        "",
        "ALTER TABLE host ADD UNIQUE (zone)",
        &["Refused"],
        Way::Sql("UPDATE host SET zone = 'c' WHERE id = 3"),
    ),
    (
        "null",
        "",
        "ALTER TABLE app MODIFY host_id int NOT NULL",
        &["Refused"],
        Way::Sql("UPDATE app SET host_id = 1 WHERE host_id IS NULL"),
    ),
    (
        "orphans",
        "INSERT INTO app (id, host_id) VALUES ('o', 99);",
        "ALTER TABLE app ADD FOREIGN KEY (host_id) REFERENCES host (id)",
        &["Refused"],
        Way::Sql("DELETE FROM app WHERE id = 'o'"),
    ),
    (
        "check",
        "",
        "ALTER TABLE host ADD CHECK (size > 1)",
        &["Refused"],
        Way::Sql("UPDATE host SET size = 9 WHERE size = 1"),
    ),
    (
        "narrows",
        "CREATE TABLE wide (id int PRIMARY KEY, a varchar(50));",
        "ALTER TABLE wide MODIFY a varchar(20)",
        &["Narrows"],
        Way::Allow,
    ),
    (
        "destructive",
        "",
        "DROP TABLE app; DELETE FROM host WHERE 1=1; CREATE OR REPLACE TABLE app (id int)",
        &["Destructive", "Destructive", "Destructive"],
        Way::Allow,
    ),
    (
        "unlisted",
        "CREATE PROCEDURE p() UPDATE counter SET value = 5;",
        "CALL p()",
        &["Destructive"],
        Way::Allow,
    ),
    (
        "forbidden",
        "",
        "SET GLOBAL max_connections = 10; GRANT SELECT ON *.* TO admin@'127.0.0.1'; SELECT RELEASE_ALL_LOCKS(); SELECT 1 INTO OUTFILE '/tmp/x'",
        &["Forbidden", "Forbidden", "Forbidden", "Forbidden"],
        Way::Mark(4),
    ),
    (
        "other_schema",
        "",
        "ALTER TABLE mysql.user ADD x int; INSERT INTO host (name) SELECT u.user FROM mysql.user u; USE mysql",
        &["OtherSchema", "OtherSchema", "OtherSchema"],
        Way::Mark(3),
    ),
    (
        "elsewhere",
        "",
        "ALTER TABLE auth_sys_user ADD COLUMN mfa_bound int",
        &["Elsewhere"],
        Way::Where("CREATE TABLE auth_sys_user (id int PRIMARY KEY);"),
    ),
    (
        "absent",
        "",
        "RENAME TABLE nowhere TO somewhere",
        &["Absent"],
        Way::Mark(1),
    ),
    (
        "different",
        "CREATE TABLE made (id int PRIMARY KEY, a varchar(5));",
        "CREATE TABLE made (id int PRIMARY KEY, a varchar(9), b int)",
        &["Different"],
        Way::Keep("made"),
    ),
    (
        "extra",
        "CREATE TABLE made (id int PRIMARY KEY, a int, more int);",
        "CREATE TABLE made (id int PRIMARY KEY, a int)",
        &["Different"],
        Way::Keep("made"),
    ),
    (
        "partly",
        "ALTER TABLE host ADD COLUMN p1 int;",
        "ALTER TABLE host ADD COLUMN p1 int, ADD COLUMN p2 int",
        &["Partly"],
        Way::Sql("ALTER TABLE host ADD COLUMN p2 int"),
    ),
    (
        "row_differs",
        "",
        "INSERT INTO counter VALUES ('n', 5)",
        &["Different"],
        Way::Keep("counter"),
    ),
    (
        "some_rows",
        "",
        "INSERT INTO counter VALUES ('n', 0), ('m', 0)",
        &["Partly"],
        Way::Sql("INSERT INTO counter VALUES ('m', 0)"),
    ),
    (
        "open_transaction",
        "",
        "START TRANSACTION; UPDATE counter SET value = 1",
        &["migrate-transaction-open"],
        Way::Script("START TRANSACTION; UPDATE counter SET value = 1; COMMIT"),
    ),
    (
        "by_hand",
        "CREATE TABLE made (id int PRIMARY KEY);",
        "UPDATE counter SET value = value + 1; CREATE TABLE made (id int PRIMARY KEY)",
        &["Undecided"],
        Way::Mark(1),
    ),
];

/// Whether what the remedy says leads on.
async fn goes_on(server: &MariaDb, conn: &mut Conn, name: &str, script: &str, way: Way) -> End {
    let mut options = Options::default();
    let (mut name, mut script) = (name.to_owned(), script);
    let done = |numbers: std::ops::RangeInclusive<usize>| {
        numbers
            .map(|number| ("v4.0.0.sql".to_owned(), number))
            .collect()
    };
    match way {
        Way::Mark(count) => options.mark_done = done(1..=count),
        Way::MarkOne(number) => options.mark_done = done(number..=number),
        Way::Allow => options.allow_destructive = true,
        Way::Keep(table) => options.keep_tables = BTreeSet::from([table.to_owned()]),
        Way::Sql(statement) => conn.query_drop(statement).await.unwrap(),
        Way::Script(text) => script = text,
        Way::Where(more) => {
            name += "_other";
            schema(server, &name, more).await;
        }
    }
    ours(server, &name, script, &options, Cut::Never).await
}

#[tokio::test(flavor = "multi_thread")]
async fn stops_leave_the_schema_as_it_was_and_their_remedies_lead_on() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let mut faults = Vec::new();
    for (name, more, script, wanted, way) in STOPS {
        let name = &format!("stops_{name}");
        let mut conn = schema(&server, name, more).await;
        let before = everything(&mut conn).await;
        let end = ours(&server, name, script, &Options::default(), Cut::Never).await;
        let End::Stopped(why) = &end else {
            faults.push(format!("{name}: {end:?}"));
            continue;
        };
        let mut pairs = wanted.iter().zip(why);
        if why.len() != wanted.len() || !pairs.all(|(wanted, why)| why.contains(wanted)) {
            faults.push(format!("{name}: wanted {wanted:?}, found {why:?}"));
        }
        if everything(&mut conn).await != before {
            faults.push(format!("{name} changed the schema"));
        }
        let end = goes_on(&server, &mut conn, name, script, way).await;
        if end != End::Done {
            faults.push(format!("{name}: the remedy leads to {end:?}"));
        }
    }
    // Longer than the server takes: known before the first statement.
    let mut conn = schema(&server, "too_long", "").await;
    let limit: usize = conn
        .query_first("SELECT @@max_allowed_packet")
        .await
        .unwrap()
        .unwrap();
    let script = format!(
        "ALTER TABLE host ADD COLUMN a int; ALTER TABLE host MODIFY note longtext; INSERT INTO host (id, name, note) VALUES (9, 'l', '{}')",
        "x".repeat(limit)
    );
    let end = ours(
        &server,
        "too_long",
        &script,
        &Options::default(),
        Cut::Never,
    )
    .await;
    let said = format!("{end:?}");
    assert!(said.contains("TooLong"), "{said:.300}");
    let longer = format!("SET GLOBAL max_allowed_packet = {}", limit + 1024 * 1024);
    conn.query_drop(longer).await.unwrap();
    let end = ours(
        &server,
        "too_long",
        &script,
        &Options::default(),
        Cut::Never,
    )
    .await;
    assert_eq!(end, End::Done);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_of_the_operator_are_carried_out() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let script = "CREATE TABLE made (id int PRIMARY KEY); UPDATE counter SET value = value + 1; ALTER TABLE host ADD COLUMN last int;";
    let at = |number: usize| BTreeSet::from([("v4.0.0.sql".to_owned(), number)]);
    for (name, options, wanted) in [
        (
            "marked",
            Options {
                mark_done: at(2),
                ..Options::default()
            },
            "'0'",
        ),
        (
            "resumed",
            Options {
                resume_at: at(2),
                ..Options::default()
            },
            "'1'",
        ),
    ] {
        let mut conn = schema(&server, name, "CREATE TABLE made (id int PRIMARY KEY);").await;
        let asked = ours(&server, name, script, &Options::default(), Cut::Never).await;
        assert!(format!("{asked:?}").contains("Undecided"), "{asked:?}");
        assert_eq!(
            ours(&server, name, script, &options, Cut::Never).await,
            End::Done
        );
        assert_eq!(
            lines(&mut conn, "SELECT value FROM counter").await,
            [wanted]
        );
        assert_eq!(
            ours(&server, name, script, &Options::default(), Cut::Never).await,
            End::Done
        );
    }
    // A table that is kept is not dropped and made anew either.
    let mut conn = schema(&server, "kept", "").await;
    let mut options = allowing();
    options.keep_tables.insert("counter".to_owned());
    let anew = "DROP TABLE counter; CREATE TABLE counter (id int PRIMARY KEY);";
    let end = ours(&server, "kept", anew, &options, Cut::Never).await;
    assert_eq!(end, End::Done);
    assert_eq!(lines(&mut conn, "SELECT value FROM counter").await, ["'0'"]);
    // Without a rehearsal whatever exists is a conflict, and --keep-table continues.
    let mut conn = schema(
        &server,
        "without",
        "CREATE TABLE made (id int PRIMARY KEY);",
    )
    .await;
    let scripts = [Script::parse("v4.0.0.sql", script).unwrap()];
    let settings = settings(&server, "without");
    let keep = Options {
        keep_tables: BTreeSet::from(["made".to_owned()]),
        ..Options::default()
    };
    let wait = Duration::from_secs(10);
    let blind = look(
        &settings,
        &scripts,
        &Options::default(),
        &Mode::WithoutRehearsal,
        wait,
    )
    .await
    .unwrap();
    assert!(
        conflicts(&blind, &scripts)[0].contains("Exists"),
        "{blind:?}"
    );
    let kept = look(&settings, &scripts, &keep, &Mode::WithoutRehearsal, wait)
        .await
        .unwrap();
    run(
        &settings,
        &scripts,
        &keep,
        Waits::default(),
        (&kept, &Confirmation::by_flag()),
        &mut |_| (),
    )
    .await
    .unwrap();
    assert_eq!(
        lines(
            &mut conn,
            "SELECT state FROM wecubectl_migration ORDER BY number"
        )
        .await,
        ["'kept'", "'done'", "'done'"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn section_that_was_cut_off_and_script_that_was_edited_lead_on() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let text = "CREATE TEMPORARY TABLE tmp (id int); INSERT INTO tmp VALUES (1); ALTER TABLE host ADD COLUMN z int; \
                INSERT INTO counter SELECT 'x', id FROM tmp; DROP TEMPORARY TABLE tmp;";
    let mut conn = schema(&server, "section", "").await;
    let none = Options::default();
    assert_eq!(
        ours(&server, "section", text, &none, Cut::Behind(3)).await,
        End::Cut
    );
    let asked = format!(
        "{:?}",
        ours(&server, "section", text, &none, Cut::Never).await
    );
    assert!(
        asked.contains("CutOff { section: Some((1, 5)) }"),
        "{asked}"
    );
    // What is left is done by hand.
    conn.query_drop("INSERT INTO counter VALUES ('x', 1)")
        .await
        .unwrap();
    let places = (1..=5).map(|number| ("v4.0.0.sql".to_owned(), number));
    let mut options = Options {
        mark_done: places.collect(),
        ..Options::default()
    };
    assert_eq!(
        ours(&server, "section", text, &options, Cut::Never).await,
        End::Done
    );
    let edited = format!("{text} UPDATE counter SET value = 7;").replace("z int", "z bigint");
    let asked = ours(&server, "section", &edited, &none, Cut::Never).await;
    assert!(matches!(asked, End::Stopped(_)), "{asked:?}");
    options.accept_scripts = BTreeSet::from(["v4.0.0.sql".to_owned()]);
    assert_eq!(
        ours(&server, "section", &edited, &options, Cut::Never).await,
        End::Done
    );
    assert_eq!(
        lines(&mut conn, "SELECT DISTINCT value FROM counter").await,
        ["'7'"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rehearsal_copies_what_it_needs_and_leaves_nothing() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let mut conn = schema(&server, "wecube", "").await;
    let scratch = "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'wecubectlrehearsal%'";
    // Rows of tables that are not copied are asked for.
    let none = Mode::Rehearse(RehearsalOptions {
        copy_rows: 0,
        on: None,
    });
    for (script, refused) in [
        ("ALTER TABLE host ADD UNIQUE (zone, size)", false),
        ("ALTER TABLE host ADD UNIQUE (zone)", true),
        ("ALTER TABLE app MODIFY host_id int NOT NULL", true),
        ("ALTER TABLE host ADD CHECK (size > 1)", true),
        ("ALTER TABLE host ADD UNIQUE (name)", false),
    ] {
        let scripts = [Script::parse("v4.0.0.sql", script).unwrap()];
        let look = look(
            &settings(&server, "wecube"),
            &scripts,
            &Options::default(),
            &none,
            Duration::from_secs(10),
        )
        .await
        .unwrap();
        let found = conflicts(&look, &scripts);
        assert_eq!(
            found.iter().any(|one| one.contains("Rows {")),
            refused,
            "{script}: {found:?}"
        );
        assert_eq!(lines(&mut conn, scratch).await, Vec::<String>::new());
    }
    // A schema of that name that is not ours is left alone.
    let scripts = [Script::parse("v4.0.0.sql", "ALTER TABLE host ADD COLUMN a int").unwrap()];
    let poor = ConnectionSettings {
        user: "poor".to_owned(),
        password: Secret::new("poor-password"),
        ..settings(&server, "wecube")
    };
    for statement in [
        "CREATE USER poor@'127.0.0.1' IDENTIFIED BY 'poor-password'",
        "GRANT ALL PRIVILEGES ON wecube.* TO poor@'127.0.0.1'",
    ] {
        conn.query_drop(statement).await.unwrap();
    }
    let Err(End::Stopped(why)) = looked(&poor, &scripts, &Options::default()).await else {
        panic!("an account without rights rehearsed");
    };
    let grant = why[0]
        .split("GRANT ")
        .nth(1)
        .unwrap()
        .split(';')
        .next()
        .unwrap();
    conn.query_drop(format!("GRANT {}", grant.replace("\\'", "'")))
        .await
        .unwrap();
    assert!(
        looked(&poor, &scripts, &Options::default()).await.is_ok(),
        "the printed grant is not enough: {grant}"
    );
    let name = grant.split('`').nth(1).unwrap();
    conn.query_drop(format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    assert!(
        looked(&poor, &scripts, &Options::default()).await.is_ok(),
        "an empty schema made before is taken"
    );
    conn.query_drop(format!("CREATE TABLE {name}.theirs (id int)"))
        .await
        .unwrap();
    let refused = looked(&poor, &scripts, &Options::default()).await;
    assert!(
        format!("{refused:?}").contains("migrate-scratch-not-ours"),
        "{refused:?}"
    );
    conn.query_drop(format!("DROP DATABASE {name}"))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_methods_sockets_and_tls() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let mut conn = schema(&server, "wecube", "").await;
    let scripts = [Script::parse("v4.0.0.sql", "ALTER TABLE host ADD COLUMN a int").unwrap()];
    // Another sign-in method, a socket, and a password that is encrypted for the platform.
    if conn
        .query_drop("INSTALL SONAME 'auth_ed25519'")
        .await
        .is_ok()
    {
        conn.query_drop(
            "CREATE USER ed@'127.0.0.1' IDENTIFIED VIA ed25519 USING PASSWORD('ed-password')",
        )
        .await
        .unwrap();
        conn.query_drop("GRANT ALL PRIVILEGES ON *.* TO ed@'127.0.0.1'")
            .await
            .unwrap();
        let ed = ConnectionSettings {
            user: "ed".to_owned(),
            password: Secret::new("ed-password"),
            ..settings(&server, "wecube")
        };
        assert!(looked(&ed, &scripts, &Options::default()).await.is_ok());
        let wrong = ConnectionSettings {
            password: Secret::new("wrong"),
            ..ed
        };
        assert!(
            format!("{:?}", looked(&wrong, &scripts, &Options::default()).await)
                .contains("NoPermission")
        );
    }
    let socket = ConnectionSettings {
        socket: Some(server.socket()),
        user: "root".to_owned(),
        password: Secret::new(""),
        ..settings(&server, "wecube")
    };
    assert!(looked(&socket, &scripts, &Options::default()).await.is_ok());
    let sealed = ConnectionSettings {
        password: Secret::new("RSA@abc"),
        ..settings(&server, "wecube")
    };
    assert!(
        format!("{:?}", looked(&sealed, &scripts, &Options::default()).await)
            .contains("migrate-password-rsa")
    );
    let verified = ConnectionSettings {
        tls: Tls::Required,
        ..settings(&server, "wecube")
    };
    assert!(
        format!(
            "{:?}",
            looked(&verified, &scripts, &Options::default()).await
        )
        .contains("migrate-tls")
    );
}

/// Writes scripts of all kinds of statements. What the server refuses is left out.
struct Writer {
    rng: fastrand::Rng,
    tables: Vec<String>,
    count: usize,
    numbered: bool,
}

impl Writer {
    fn new(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let numbered = rng.u32(..5) == 0;
        Self {
            rng,
            tables: ["host", "app", "counter"].map(str::to_owned).into(),
            count: 0,
            numbered,
        }
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.rng.usize(..from.len())]
    }

    fn table(&mut self) -> String {
        self.tables[self.rng.usize(..self.tables.len())].clone()
    }

    fn next(&mut self) -> usize {
        self.count += 1;
        self.count
    }

    fn column(&mut self) -> &'static str {
        self.pick(&[
            "a", "b", "c", "x1", "x2", "x3", "name", "size", "zone", "note", "title", "score",
            "host_id", "value",
        ])
    }

    fn create(&mut self) -> Vec<String> {
        let table = format!("n{}", self.next());
        let key = self.pick(&[
            "id int NOT NULL PRIMARY KEY",
            "id varchar(20) NOT NULL, PRIMARY KEY (id)",
            "id bigint NOT NULL AUTO_INCREMENT, PRIMARY KEY (id)",
        ]);
        let more = self.pick(&[
            "",
            ", KEY (b)",
            ", UNIQUE (a)",
            ", UNIQUE KEY ua (a, b), KEY (a)",
            ", FOREIGN KEY (b) REFERENCES host (id)",
            ", CHECK (b >= 0)",
            ", d int AS (b + 1) STORED",
            ", e varchar(9) DEFAULT (CONCAT('x', 'y'))",
        ]);
        let options = self.pick(&[
            "",
            " COMMENT 'a table'",
            " ENGINE=InnoDB DEFAULT CHARSET=utf8 COLLATE=utf8_bin",
            " DEFAULT CHARSET=latin1",
        ]);
        let maybe = self.pick(&["", "", "IF NOT EXISTS "]);
        self.tables.push(table.clone());
        vec![format!(
            "CREATE TABLE {maybe}{table} ({key}, a varchar(30) DEFAULT NULL, b int DEFAULT NULL COMMENT 'b;', c datetime DEFAULT NULL{more}){options}"
        )]
    }

    fn alter(&mut self) -> Vec<String> {
        let (table, one, two, number) = (self.table(), self.column(), self.column(), self.next());
        let at = self.rng.usize(..24);
        vec![match at {
            0 => format!(
                "ALTER TABLE {table} ADD COLUMN x1 varchar(40) DEFAULT 'q;' COMMENT 'it''s'"
            ),
            1 => format!("ALTER TABLE {table} ADD x2 int NOT NULL DEFAULT 0 AFTER {one}"),
            2 => format!("ALTER TABLE {table} ADD COLUMN x3 varchar(10) UNIQUE"),
            3 => format!(
                "ALTER TABLE {table} ADD COLUMN g{number} varchar(80) AS (CONCAT({one}, 'z')) VIRTUAL"
            ),
            4 => format!(
                "ALTER TABLE {table} ADD COLUMN k{number} int DEFAULT 1 CHECK (k{number} > 0), ADD INDEX (k{number})"
            ),
            5 => format!("ALTER TABLE {table} ADD INDEX i{number} ({one}, {two})"),
            6 => format!("ALTER TABLE {table} ADD INDEX ({one})"),
            7 => format!("ALTER TABLE {table} ADD UNIQUE ({one}, {two})"),
            8 => format!("CREATE INDEX j{number} ON {table} ({one}(5))"),
            9 => format!("ALTER TABLE {table} ADD FOREIGN KEY ({one}) REFERENCES host (id)"),
            10 => format!(
                "ALTER TABLE {table} ADD CONSTRAINT f{number} FOREIGN KEY ({one}) REFERENCES host (id) ON DELETE SET NULL"
            ),
            11 => format!("ALTER TABLE {table} DROP COLUMN {one}"),
            12 => format!("ALTER TABLE {table} DROP INDEX {one}, ADD INDEX {one} ({one}, {two})"),
            13 => format!(
                "ALTER TABLE {table} DROP COLUMN {one}, ADD COLUMN {one} varchar(50) DEFAULT 'new'"
            ),
            14 => format!(
                "ALTER TABLE {table} MODIFY COLUMN {one} varchar({}) DEFAULT NULL",
                20 + number * 5
            ),
            15 => format!(
                "ALTER TABLE {table} MODIFY {one} bigint DEFAULT 7, MODIFY {two} varchar(99)"
            ),
            16 => format!(
                "ALTER TABLE {table} CHANGE COLUMN {one} r{number} varchar(90) DEFAULT NULL"
            ),
            17 => format!("ALTER TABLE {table} CHANGE {one} {one} varchar(91) DEFAULT 'ch'"),
            18 => format!("ALTER TABLE {table} ALTER COLUMN {one} SET DEFAULT 5"),
            19 => format!("ALTER TABLE {table} COMMENT = 'c{number}'"),
            20 => format!(
                "ALTER TABLE {table} ADD COLUMN IF NOT EXISTS x1 int, ADD INDEX IF NOT EXISTS i1 ({one})"
            ),
            21 => format!("ALTER TABLE {table} DROP INDEX IF EXISTS {one}"),
            22 => format!("ALTER TABLE {table} ADD COLUMN (y{number} int, z{number} text)"),
            _ => format!(
                "SET STATEMENT lock_wait_timeout = 9 FOR ALTER TABLE {table} ADD COLUMN s{number} int DEFAULT 3"
            ),
        }]
    }

    fn rows(&mut self) -> Vec<String> {
        let (table, number) = (self.table(), self.next());
        let at = self.rng.usize(..13);
        if table == "host" && at < 3 && !self.numbered {
            return vec![format!(
                "INSERT INTO host (id, name) VALUES ({}, 'h{number}')",
                100 + number
            )];
        }
        vec![match at {
            0 => format!(
                "INSERT INTO {table} (id, a, b) VALUES ({number}, 'it''s; {number}', 1), ({}, NULL, 2)",
                number + 1000
            ),
            1 => format!("INSERT INTO counter VALUES ('c{number}', {number})"),
            2 if self.numbered => format!("INSERT INTO {table} (a) VALUES ('auto{number}')"),
            2 => format!("INSERT INTO app (id, host_id, title) VALUES ('a{number}', 2, 'UUID()')"),
            3 => format!("INSERT IGNORE INTO counter VALUES ('n', 5), ('i{number}', 1)"),
            4 => format!("REPLACE INTO counter VALUES ('n', {number})"),
            5 => "UPDATE counter SET value = value * 2 + 1".to_owned(),
            6 => "UPDATE host SET size = size + 1 WHERE zone = 'a'".to_owned(),
            7 => format!("UPDATE {table} SET b = b + 1 WHERE b IS NOT NULL"),
            8 => format!("DELETE FROM counter WHERE name = 'c{}'", number - 1),
            9 => format!("INSERT INTO counter SELECT CONCAT(id, '-{number}'), LENGTH(id) FROM app"),
            10 => format!(
                "UPDATE app SET score = score * 1.5, title = CONCAT(IFNULL(title, ''), '{number}')"
            ),
            11 => format!(
                "INSERT INTO counter VALUES ('n', 1) ON DUPLICATE KEY UPDATE value = value + {number}"
            ),
            _ => format!("DELETE FROM {table} WHERE b = 2"),
        }]
    }

    fn group(&mut self) -> Vec<String> {
        let (table, number) = (self.table(), self.next());
        let all = |texts: &[String]| texts.to_vec();
        match self.rng.usize(..13) {
            0 => all(&[
                format!("SET @v{number} = (SELECT COUNT(*) FROM {table})"),
                format!("INSERT INTO counter VALUES ('v{number}', @v{number})"),
            ]),
            1 => all(&[
                format!("CREATE TEMPORARY TABLE tmp{number} AS SELECT * FROM counter"),
                format!(
                    "UPDATE tmp{number} SET value = value + 1, name = CONCAT(name, '{number}')"
                ),
                format!("INSERT IGNORE INTO counter SELECT * FROM tmp{number}"),
                format!("DROP TEMPORARY TABLE tmp{number}"),
            ]),
            2 => all(&[
                "START TRANSACTION".to_owned(),
                "UPDATE counter SET value = value + 3".to_owned(),
                format!("INSERT INTO counter VALUES ('t{number}', 0)"),
                "COMMIT".to_owned(),
            ]),
            3 => all(&[
                "BEGIN".to_owned(),
                "UPDATE counter SET value = value + 100".to_owned(),
                "ROLLBACK".to_owned(),
            ]),
            4 => {
                self.tables.push(format!("cs{number}"));
                all(&[format!("CREATE TABLE cs{number} AS SELECT * FROM {table}")])
            }
            5 => {
                self.tables.retain(|name| *name != table);
                self.tables.push(format!("re{number}"));
                all(&[format!("RENAME TABLE {table} TO re{number}")])
            }
            6 => all(&[
                format!("CREATE PROCEDURE p{number}() UPDATE counter SET value = value + 7"),
                format!("CALL p{number}()"),
            ]),
            7 => all(&[format!("CREATE VIEW w{number} AS SELECT * FROM {table}")]),
            8 => all(&[format!(
                "CREATE TRIGGER g{number} BEFORE INSERT ON counter FOR EACH ROW SET NEW.value = NEW.value + 1"
            )]),
            9 if self.numbered => all(&[
                "INSERT INTO host (name) VALUES ('li')".to_owned(),
                format!("INSERT INTO counter VALUES ('li{number}', LAST_INSERT_ID())"),
            ]),
            10 => all(&[
                "SET FOREIGN_KEY_CHECKS = 0".to_owned(),
                format!("DROP TABLE IF EXISTS {table}"),
                "SET FOREIGN_KEY_CHECKS = 1".to_owned(),
            ]),
            11 => all(&[
                "LOCK TABLES counter WRITE".to_owned(),
                "UPDATE counter SET value = value + 11".to_owned(),
                "UNLOCK TABLES".to_owned(),
            ]),
            _ => all(&[format!("TRUNCATE TABLE {table}")]),
        }
    }

    /// A script of about twenty statements, tried on a schema of its own.
    async fn script(&mut self, conn: &mut Conn) -> String {
        let mut texts: Vec<String> = Vec::new();
        let mut tries = 0;
        while texts.len() < 20 && tries < 200 {
            tries += 1;
            let some = match self.rng.u32(..10) {
                _ if texts.is_empty() => self.create(),
                0 | 1 => self.create(),
                2..=5 => self.alter(),
                6 | 7 => self.rows(),
                _ => self.group(),
            };
            // A group counts as a whole or not at all; what a half of it did is of no weight here.
            let mut good = true;
            for text in &some {
                good = good && conn.query_drop(text).await.is_ok();
            }
            if good {
                texts.extend(some);
            } else {
                let _ended = conn.query_drop("ROLLBACK").await;
                let _ended = conn.query_drop("UNLOCK TABLES").await;
            }
        }
        texts.join(";\n") + ";\n"
    }
}

/// Scripts that the client itself refuses from an empty start (a half of a group left something) are left out.
pub(crate) async fn differential(
    server: &MariaDb,
    seeds: std::ops::Range<u64>,
    depth: Depth,
) -> (usize, Tally) {
    let (mut scripts, mut tally) = (0, Tally::default());
    for seed in seeds {
        let name = format!("s{seed}");
        let mut conn = schema(server, &format!("{name}_g"), "").await;
        let script = Writer::new(seed).script(&mut conn).await;
        let _measure = schema(server, &format!("{name}_g"), "").await;
        if client(server, &format!("{name}_g"), &script).is_ok() {
            scripts += 1;
            trial(server, &name, "", &script, depth, &mut tally).await;
        }
        for end in ["g", "c", "o"] {
            conn.query_drop(format!("DROP DATABASE IF EXISTS {name}_{end}"))
                .await
                .unwrap();
        }
    }
    (scripts, tally)
}

/// A few seeds in every run; `WECUBECTL_TEST_SCRIPTS=FROM-TO` tries others, at every place.
#[tokio::test(flavor = "multi_thread")]
async fn generated_scripts_end_as_with_the_client() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let typed = variable("WECUBECTL_TEST_SCRIPTS");
    let (seeds, depth) = match typed.as_deref().and_then(|typed| typed.split_once('-')) {
        Some((from, to)) => (
            from.parse().unwrap()..to.parse().unwrap(),
            Depth { cuts: 1, halves: 3 },
        ),
        None => (0..10, Depth { cuts: 9, halves: 2 }),
    };
    let (scripts, tally) = differential(&server, seeds, depth).await;
    for reason in &tally.reasons {
        eprintln!("stopped: {reason}");
    }
    eprintln!(
        "{scripts} scripts, {} runs: {} same, {} stopped",
        tally.runs, tally.same, tally.stopped
    );
    assert!(
        tally.faults.is_empty(),
        "{} faults:\n{}",
        tally.faults.len(),
        tally.faults.join("\n\n")
    );
}
