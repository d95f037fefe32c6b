//! Scripts that hide what they do from whoever only reads them: several statements in one, conditional
//! comments, names as texts, functions with effects. None may be carried out as something else.

use wecubectl::deploy::migrate::{Options, Script};

use crate::support::mariadb::MariaDb;
use crate::support::migration::{
    Cut, Depth, End, Tally, client, everything, lines, ours, schema, trial,
};

/// More objects, a script, and the word of the stop; none if it is carried out as by the ordinary client.
const HIDDEN: [(&str, &str, &str, Option<&str>); 17] = [
    (
        "several",
        "",
        "DELIMITER //\nSELECT 1; DROP TABLE app//\n",
        Some("Destructive"),
    ),
    (
        "behind_a_routine",
        "",
        "DELIMITER //\nCREATE PROCEDURE p() SELECT 1; DROP TABLE app//\n",
        Some("Destructive"),
    ),
    (
        "behind_a_body",
        "",
        "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT CASE WHEN 1 THEN 2 END; END; UPDATE counter SET value = 4//\n",
        None,
    ),
    (
        "before_a_body",
        "",
        "DELIMITER //\nALTER TABLE host ADD COLUMN q int;\nCREATE TRIGGER g BEFORE INSERT ON app FOR EACH ROW IF NEW.title IS NULL THEN SET NEW.title = 'a;b'; SET NEW.score = 2; END IF//\n",
        None,
    ),
    (
        "in_a_comment",
        "",
        "SELECT 1 /*! ; DROP TABLE app */;",
        Some("Forbidden"),
    ),
    (
        "ignored_comment",
        "",
        "/*!80000 SELECT 1 */ DROP TABLE app;",
        Some("Destructive"),
    ),
    (
        "quote_in_ignored_comment",
        "",
        "SELECT 1 /*!80000 ' */; DROP TABLE app; -- ' */\n;",
        Some("fault"),
    ),
    (
        "line_in_ignored_comment",
        "",
        "SELECT 1 /*!80000 -- */; DROP TABLE app; /*\n*/;",
        Some("fault"),
    ),
    (
        "names_in_quotes",
        "",
        "SET sql_mode = 'ANSI_QUOTES'; DROP TABLE \"app\";",
        Some("Forbidden"),
    ),
    (
        "modes_for_one",
        "",
        "SET STATEMENT sql_mode = 'ANSI' FOR ALTER TABLE \"mysql\".\"user\" ADD COLUMN x int;",
        Some("Forbidden"),
    ),
    (
        "backslashes",
        "",
        "SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES'); UPDATE app SET title = '\\';",
        Some("fault"),
    ),
    (
        "library",
        "",
        "CREATE FUNCTION sys_exec RETURNS int SONAME 'lib_mysqludf_sys.so';",
        Some("Forbidden"),
    ),
    (
        "rights_in_a_body",
        "",
        "CREATE PROCEDURE p() GRANT SELECT ON *.* TO admin@'127.0.0.1';",
        Some("Destructive"),
    ),
    (
        "with_before_rows",
        "",
        "WITH x AS (SELECT 1) DELETE FROM host;",
        Some("Destructive"),
    ),
    (
        "delete_and_insert",
        "",
        "DELETE FROM counter WHERE name = 'n'; INSERT INTO counter VALUES ('n', 0);",
        Some("Undecided"),
    ),
    (
        "passed_over",
        "CREATE TABLE later (id int PRIMARY KEY);",
        "CREATE TABLE IF NOT EXISTS later (id int PRIMARY KEY); UPDATE counter SET value = value + 1;",
        Some("2: Undecided"),
    ),
    (
        "number",
        "CREATE TABLE later (id int PRIMARY KEY);",
        "ALTER TABLE host AUTO_INCREMENT = 5000; CREATE TABLE later (id int PRIMARY KEY);",
        Some("Undecided"),
    ),
];

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn nothing_is_carried_out_that_was_not_read() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let mut faults = Vec::new();
    for (name, more, script, wanted) in HIDDEN {
        let name = format!("hidden_{name}");
        let mut conn = schema(&server, &name, more).await;
        let before = everything(&mut conn).await;
        if Script::parse("s", script).is_err() {
            if wanted != Some("fault") {
                faults.push(format!("{name} is not split"));
            }
            continue;
        }
        let end = ours(&server, &name, script, &Options::default(), Cut::Never).await;
        let after = everything(&mut conn).await;
        if let Some(word) = wanted {
            if !format!("{end:?}").contains(word) {
                faults.push(format!("{name}: wanted {word}, found {end:?}"));
            }
            if after != before {
                faults.push(format!("{name} changed the schema"));
            }
            continue;
        }
        let mut measure = schema(&server, &format!("{name}_c"), more).await;
        client(&server, &format!("{name}_c"), script).unwrap();
        if end != End::Done || after != everything(&mut measure).await {
            faults.push(format!("{name}: {end:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a statement that was carried out earlier takes away is not there for a later one.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn row_that_an_earlier_statement_takes_away_is_written_again() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let first = Options {
        resume_at: [("v4.0.0.sql".to_owned(), 1)].into(),
        allow_destructive: true,
        ..Options::default()
    };
    for (name, script) in [
        (
            "deleted",
            "DELETE FROM counter WHERE name = 'n'; INSERT INTO counter VALUES ('n', 0);",
        ),
        (
            "updated",
            "UPDATE counter SET value = 3; INSERT INTO counter VALUES ('m', 0); UPDATE counter SET value = 7 WHERE value = 3;",
        ),
        (
            "truncated",
            "TRUNCATE TABLE counter; INSERT INTO counter VALUES ('n', 0);",
        ),
        (
            "replaced",
            "CREATE OR REPLACE TABLE counter (name varchar(20) PRIMARY KEY, value int NOT NULL); INSERT INTO counter VALUES ('n', 0);",
        ),
    ] {
        let mut conn = schema(&server, name, "").await;
        assert_eq!(
            ours(&server, name, script, &first, Cut::Never).await,
            End::Done,
            "{name}"
        );
        let mut measure = schema(&server, &format!("{name}_c"), "").await;
        client(&server, &format!("{name}_c"), script).unwrap();
        assert_eq!(
            everything(&mut conn).await,
            everything(&mut measure).await,
            "{name}"
        );
    }
}

/// A function with effects counts as a statement on rows: once, wherever the run is cut off.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn function_that_changes_rows_is_called_once() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let more = "DELIMITER //\n\
        CREATE FUNCTION bump() RETURNS int MODIFIES SQL DATA BEGIN UPDATE counter SET value = value + 1; RETURN 1; END//\n\
        DELIMITER ;\n";
    let mut tally = Tally::default();
    let depth = Depth { cuts: 1, halves: 2 };
    let text = "ALTER TABLE host ADD COLUMN y int; SELECT bump(); ALTER TABLE host ADD COLUMN z int; SELECT bump();";
    trial(&server, "calls", more, text, depth, &mut tally).await;
    tally.close(1);
    // A trigger that writes where no transaction reaches: cut off, it is asked.
    let logged = "CREATE TABLE log (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, t varchar(9)) ENGINE=MyISAM; CREATE TRIGGER logs \
        AFTER INSERT ON app FOR EACH ROW INSERT INTO log (t) VALUES ('x');";
    let mut conn = schema(&server, "logged", logged).await;
    let text = "INSERT INTO app (id) VALUES ('l');";
    assert_eq!(
        ours(&server, "logged", text, &Options::default(), Cut::Behind(1)).await,
        End::Cut
    );
    let end = format!(
        "{:?}",
        ours(&server, "logged", text, &Options::default(), Cut::Never).await
    );
    assert!(end.contains("CutOff"), "{end}");
    assert_eq!(lines(&mut conn, "SELECT COUNT(*) FROM log").await, ["'1'"]);
}

/// Rows that a later statement takes away again: if all was carried out by hand, nothing is asked.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn row_that_a_later_statement_takes_away_needs_no_answer() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let statements = [
        "CREATE TABLE made (id int PRIMARY KEY);",
        "INSERT INTO counter VALUES ('tmp', 1);",
        "ALTER TABLE made ADD COLUMN a int;",
        "DELETE FROM counter WHERE name = 'tmp';",
        "ALTER TABLE made ADD COLUMN b int;",
    ];
    let script = statements.concat();
    for count in 0..=statements.len() {
        let name = format!("taken_{count}");
        let mut conn = schema(&server, &name, "").await;
        client(&server, &name, &statements[..count].concat()).unwrap();
        let end = ours(&server, &name, &script, &Options::default(), Cut::Never).await;
        let mut measure = schema(&server, "taken_c", "").await;
        client(&server, "taken_c", &script).unwrap();
        if count == 3 {
            // The row is there as the script leaves it: nothing tells whether the DELETE is still to come.
            assert!(format!("{end:?}").contains("4: Undecided"), "{end:?}");
            continue;
        }
        assert_eq!(end, End::Done, "{count} by hand");
        assert_eq!(
            everything(&mut conn).await,
            everything(&mut measure).await,
            "{count} by hand"
        );
    }
}
