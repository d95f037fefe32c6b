//! Every stop of `deploy migrate` leaves the schema as it was, and what its remedy says leads on.

use std::collections::BTreeSet;
use std::time::Duration;

use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;
use wecubectl::confirm::Confirmation;
use wecubectl::deploy::migrate::{Mode, Options, Script, Waits, look, run};

use crate::support::mariadb::MariaDb;
use crate::support::migration::{
    Cut, End, allowing, conflicts, everything, lines, ours, schema, settings,
};

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
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
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
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
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
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
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
