//! `deploy migrate` as a program, with a real `MariaDB`: killed at every statement, conflicts, backups,
//! and the splitter against the server's own reading.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Row, Value};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use wecubectl::deploy::migrate::split;

use crate::support::mariadb::{CORE_SCHEMA, MariaDb};
use crate::support::{Output, TestEnv};

pub(crate) async fn schema(server: &MariaDb, name: &str, more: &str) -> Conn {
    let mut conn = server.connect("mysql").await;
    conn.query_drop(format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"))
        .await
        .unwrap();
    conn.query_drop(format!("USE {name}")).await.unwrap();
    for statement in split(&format!("{CORE_SCHEMA}{more}")).unwrap() {
        conn.query_drop(statement.text).await.unwrap();
    }
    conn
}

pub(crate) fn args(
    env: &TestEnv,
    server: &MariaDb,
    command: &str,
    schema: &str,
    scripts: &[&str],
) -> Vec<String> {
    let password = env
        .file("password", "a-test-password\n")
        .display()
        .to_string();
    let address = format!("127.0.0.1:{}/{schema}", server.port);
    let mut args: Vec<String> = ["deploy", "migrate", command, "--core-sql"]
        .map(str::to_owned)
        .into();
    args.extend(scripts.iter().map(|script| (*script).to_owned()));
    args.extend(["--core-db", &address, "--core-db-user", "admin"].map(str::to_owned));
    args.extend(["--core-db-password-file", &password].map(str::to_owned));
    if command == "run" {
        args.extend(["--yes", "--without-backup", schema].map(str::to_owned));
    }
    args
}

pub(crate) fn words(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

pub(crate) async fn migrate(env: &TestEnv, args: Vec<String>) -> Output {
    let mut command = tokio::process::Command::from(env.command(&words(&args)));
    let output = command.output().await.unwrap();
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

pub(crate) async fn texts(conn: &mut Conn, query: &str) -> Vec<String> {
    let rows: Vec<Row> = conn.query(query).await.unwrap();
    let row = |row: Row| {
        row.unwrap()
            .iter()
            .map(|value| value.as_sql(true))
            .collect::<Vec<_>>()
            .join(" ")
    };
    rows.into_iter().map(row).collect()
}

/// Everything that a migration leaves: definitions, rows, the ledger without its times.
async fn whole(conn: &mut Conn) -> Vec<String> {
    let mut found = texts(
        conn,
        "SELECT TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, COLLATION_NAME, COLUMN_DEFAULT, \
         IS_NULLABLE, COLUMN_COMMENT FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() \
         ORDER BY 1, 3",
    )
    .await;
    let indexes = "SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, SUB_PART FROM \
                   information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, 2, 3";
    found.extend(texts(conn, indexes).await);
    let keys = "SELECT TABLE_NAME, CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS WHERE \
                TABLE_SCHEMA = DATABASE() ORDER BY 1, 2";
    found.extend(texts(conn, keys).await);
    for table in texts(conn, "SHOW TABLES").await {
        let table = table.trim_matches('\'');
        if table == "wecubectl_migration" {
            let ledger = "SELECT script, number, checksum, total, state FROM wecubectl_migration ORDER BY 1, 2";
            found.extend(texts(conn, ledger).await);
        } else {
            found.extend(texts(conn, &format!("SELECT * FROM `{table}` ORDER BY 1")).await);
        }
    }
    found
}

/// Forty statements of every kind, among them some that would count twice if they were carried out twice.
fn forty() -> String {
    let mut script = "SET FOREIGN_KEY_CHECKS = 0;\n".to_owned();
    for n in 1..=6 {
        let _infallible = write!(
            script,
            "CREATE TABLE job{n} (id varchar(64) NOT NULL, name varchar(64) COMMENT 'a;b', PRIMARY KEY (id))\
             ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n\
             ALTER TABLE job{n} ADD COLUMN owner varchar(64) DEFAULT NULL COMMENT '所有者';\n\
             INSERT INTO job{n} (id, name, owner) VALUES ('a', 'x', NULL), ('b', 'it''s; y', 'v0');\n\
             CREATE INDEX idx_job{n}_name ON job{n} (name);\n\
             UPDATE system_variables SET value = value + 1 WHERE id = 'v0';\n\
             ALTER TABLE job{n} ADD CONSTRAINT fk_job{n} FOREIGN KEY (owner) REFERENCES system_variables (id);\n"
        );
    }
    script
        + "SET FOREIGN_KEY_CHECKS = 1;\nALTER TABLE job1 MODIFY COLUMN name varchar(128) DEFAULT 'n';\n\
           ALTER TABLE job2 CHANGE COLUMN name title varchar(64) DEFAULT NULL;\n"
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn killed_at_every_statement_it_ends_as_one_that_was_not() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let env = TestEnv::new();
    env.file("v4.0.0.sql", &forty());
    let count = split(&forty()).unwrap().len();
    assert_eq!(count, 40);
    let mut straight = schema(&server, "straight", "").await;
    let output = migrate(
        &env,
        args(&env, &server, "run", "straight", &["v4.0.0.sql"]),
    )
    .await;
    assert_eq!(output.code, Some(0), "{output:#?}");
    let mut killed = schema(&server, "killed", "").await;
    // The ledger's table is there before, so that it can have a trigger which holds the run.
    let ledger = texts(&mut straight, "SHOW CREATE TABLE wecubectl_migration").await;
    let create = ledger[0]
        .split_once("' '")
        .map_or("", |(_, create)| create)
        .trim_end_matches('\'');
    let create = create.replace("\\n", "\n").replace("\\'", "'");
    killed.query_drop(create).await.unwrap();
    let mut kills = 0;
    let statements = split(&forty()).unwrap();
    // A `SET` is not begun: there is nothing to cut off.
    let numbers = statements
        .iter()
        .filter(|one| !one.text.starts_with("SET"))
        .map(|one| one.number);
    for number in numbers {
        for (event, state) in [("INSERT", "started"), ("UPDATE", "done")] {
            killed
                .query_drop(format!(
                    "CREATE TRIGGER hold BEFORE {event} ON wecubectl_migration FOR EACH ROW BEGIN \
                     IF NEW.number = {number} AND NEW.state = '{state}' THEN DO SLEEP(20); END IF; END"
                ))
                .await
                .unwrap();
            let run = args(&env, &server, "run", "killed", &["v4.0.0.sql"]);
            let mut child = env.command(&words(&run)).spawn().unwrap();
            let began = Instant::now();
            loop {
                let held =
                    "SELECT ID FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep'";
                if let Some(id) = killed.query_first::<u64, _>(held).await.unwrap() {
                    child.kill().unwrap();
                    kills += 1;
                    // The server notices late that nobody is there; this is what it does then.
                    killed.query_drop(format!("KILL {id}")).await.unwrap();
                    break;
                }
                assert!(
                    child.try_wait().unwrap().is_none(),
                    "statement {number} was not held"
                );
                assert!(
                    began.elapsed() < Duration::from_mins(1),
                    "statement {number}: held for ever"
                );
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            child.wait().unwrap();
            killed.query_drop("DROP TRIGGER hold").await.unwrap();
        }
    }
    assert_eq!(kills, 76);
    let output = migrate(&env, args(&env, &server, "run", "killed", &["v4.0.0.sql"])).await;
    assert_eq!(output.code, Some(0), "{output:#?}");
    let counted = texts(
        &mut killed,
        "SELECT value FROM system_variables WHERE id = 'v0'",
    )
    .await;
    assert_eq!(counted, ["'6'"], "each UPDATE once");
    // What was cut off behind its effect is recorded as true already, not as done.
    let same = |lines: Vec<String>| {
        let lines = lines
            .into_iter()
            .map(|line| line.replace("'already_true'", "'done'"));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(
        same(whole(&mut killed).await),
        same(whole(&mut straight).await)
    );
    let again = migrate(&env, args(&env, &server, "run", "killed", &["v4.0.0.sql"])).await;
    assert_eq!(again.code, Some(0), "{again:#?}");
    assert!(!again.stderr.contains("a-test-password") && !again.stdout.contains("a-test-password"));
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn the_same_definition_is_recorded_and_a_different_one_stops() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let env = TestEnv::new();
    let more = "CREATE TABLE widget (id varchar(64) NOT NULL, name varchar(45), PRIMARY KEY (id)) \
                  DEFAULT CHARSET=utf8 COLLATE=utf8_bin;\
                CREATE TABLE widget_part (id varchar(45) NOT NULL, kind varchar(45), part varchar(10), \
                  note varchar(45), PRIMARY KEY (id)) DEFAULT CHARSET=utf8 COLLATE=utf8_bin;";
    let mut conn = schema(&server, "wecube", more).await;
    env.file(
        "v4.3.0.sql",
        "CREATE TABLE `widget` (`id` varchar(64) COLLATE utf8_bin NOT NULL, name varchar(45) DEFAULT NULL, \
         PRIMARY KEY (`id`)) ENGINE=InnoDB DEFAULT CHARSET=utf8 COLLATE=utf8_bin;\n\
         CREATE TABLE widget_part (id varchar(45) NOT NULL, part varchar(45), PRIMARY KEY (id)) \
         DEFAULT CHARSET=utf8 COLLATE=utf8_bin;\n\
         CREATE TABLE behind (id int PRIMARY KEY);\nALTER TABLE behind ADD COLUMN a int;",
    );
    let scripts = ["v4.3.0.sql"];
    // `plan` writes nothing, so it leaves the comparison to the rehearsal.
    let mut json = args(&env, &server, "plan", "wecube", &scripts);
    json.extend(["--statements", "-o", "json"].map(str::to_owned));
    let plan = migrate(&env, json.clone()).await;
    assert_eq!(plan.code, Some(0), "{plan:#?}");
    assert_eq!(plan.json()["steps"][0]["state"], "compare");
    json[2] = "rehearse".to_owned();
    let plan = migrate(&env, json).await;
    assert_eq!(plan.code, Some(14), "{plan:#?}");
    let records = &plan.json();
    let states: Vec<&str> = records["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["already_true", "conflict", "run", "run"]);
    let names: Vec<&str> = records["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["widget_part.part", "widget_part.kind", "widget_part.note"]
    );
    assert_eq!(
        records["differences"][0]["wanted"],
        "`part` varchar(45) COLLATE utf8mb3_bin NULL"
    );
    assert_eq!(
        records["differences"][0]["present"],
        "`part` varchar(10) COLLATE utf8mb3_bin NULL"
    );
    let table = migrate(&env, args(&env, &server, "rehearse", "wecube", &scripts)).await;
    assert!(table.stdout.contains("--keep-table"), "{table:#?}");
    let stopped = migrate(&env, args(&env, &server, "run", "wecube", &scripts)).await;
    assert_eq!(stopped.code, Some(14), "{stopped:#?}");
    assert!(
        !texts(&mut conn, "SHOW TABLES")
            .await
            .contains(&"'wecubectl_migration'".to_owned())
    );
    let mut keep = args(&env, &server, "run", "wecube", &scripts);
    keep.extend(["--keep-table", "widget_part"].map(str::to_owned));
    let kept = migrate(&env, keep.clone()).await;
    assert_eq!(kept.code, Some(0), "{kept:#?}");
    let ledger = texts(
        &mut conn,
        "SELECT state FROM wecubectl_migration ORDER BY number",
    )
    .await;
    assert_eq!(ledger, ["'already_true'", "'kept'", "'done'", "'done'"]);
    // A script that reads otherwise where it is done stops the next run.
    env.file("v4.3.0.sql", "CREATE TABLE widget (id int);");
    let edited = migrate(&env, keep).await;
    assert_eq!(edited.code, Some(14), "{edited:#?}");
    assert!(edited.stdout.contains("edited since"), "{edited:#?}");
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn what_repair_prints_joins_both_when_a_person_runs_it() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let env = TestEnv::new();
    let more = "CREATE TABLE widget_part (id varchar(45) NOT NULL, kind varchar(45), part varchar(10), \
                note varchar(45), PRIMARY KEY (id)) DEFAULT CHARSET=utf8 COLLATE=utf8_bin;";
    let mut conn = schema(&server, "wecube", more).await;
    env.file(
        "v4.4.0.sql",
        "CREATE TABLE widget_part (id varchar(45) NOT NULL, part varchar(45), \
         PRIMARY KEY (id)) DEFAULT CHARSET=utf8 COLLATE=utf8_bin",
    );
    let of = |command: &str| args(&env, &server, command, "wecube", &["v4.4.0.sql"]);
    let repair = migrate(&env, of("repair")).await;
    assert!(
        repair.stdout.contains("MODIFY COLUMN `part`"),
        "{repair:#?}"
    );
    assert!(!repair.stdout.contains("DROP"), "{repair:#?}");
    // What is printed joins both when a person runs it: the script then goes on, and nothing is lost.
    let mut json = of("repair");
    json.extend(["-o", "json"].map(str::to_owned));
    let printed = migrate(&env, json).await.json();
    for row in printed["statements"].as_array().expect("rows") {
        let statement = row["text"].as_str().expect("an ALTER");
        conn.query_drop(statement).await.unwrap();
    }
    // What is more than wanted stays a person's decision, and the way on is said.
    assert!(
        repair.stdout.contains("--keep-table widget_part"),
        "{repair:#?}"
    );
    let joined = migrate(&env, of("repair")).await;
    assert!(joined.stdout.contains("Nothing to join"), "{joined:#?}");
    assert!(
        joined.stdout.contains("--keep-table widget_part"),
        "{joined:#?}"
    );
    let mut run = of("run");
    run.extend(["--keep-table", "widget_part"].map(str::to_owned));
    let after = migrate(&env, run).await;
    assert_eq!(after.code, Some(0), "{after:#?}");
    let columns = texts(&mut conn, "SHOW COLUMNS FROM widget_part")
        .await
        .join(" ");
    for column in ["'part' 'varchar(45)'", "'kind'", "'note'"] {
        assert!(columns.contains(column), "{column}: {columns}");
    }
}

/// Dumps `wecube` with the server's own client, as it is and packed by `gzip`.
fn real_dump(env: &TestEnv, server: &MariaDb) {
    let socket = format!("--socket={}", server.socket().display());
    let dumped = std::process::Command::new("mariadb-dump")
        .args(["--no-defaults", "--user=root", &socket])
        .args([
            "--single-transaction",
            "--routines",
            "--triggers",
            "--hex-blob",
        ])
        .args(["--result-file=real.sql", "wecube"])
        .current_dir(env.path())
        .output()
        .expect("mariadb-dump starts");
    assert!(dumped.status.success(), "{dumped:?}");
    let packed = std::process::Command::new("gzip")
        .args(["--keep", "real.sql"])
        .current_dir(env.path())
        .status();
    assert!(packed.expect("gzip starts").success());
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn backups_are_looked_at_as_they_are_and_packed() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let env = TestEnv::new();
    let mut conn = schema(&server, "wecube", "").await;
    env.file(
        "v4.0.0.sql",
        "ALTER TABLE plugin_configs ADD COLUMN a int;\n",
    );
    let scripts = ["v4.0.0.sql"];
    let run = args(&env, &server, "run", "wecube", &scripts);
    let without = run
        .iter()
        .position(|word| word == "--without-backup")
        .unwrap();
    let bare: Vec<String> = run[..without].to_vec();
    let none = migrate(&env, bare.clone()).await;
    assert_eq!(none.code, Some(14), "{none:#?}");
    assert!(
        none.stderr.contains("mysqldump --host=127.0.0.1"),
        "{none:#?}"
    );
    let dump = env.file(
        "wecube.sql",
        "-- MariaDB dump 10.19\n-- Host: h    Database: wecube\nCREATE TABLE `plugin_configs` (\n",
    );
    let backed_up = |file: &str| {
        let mut with = bare.clone();
        with.extend(["--backup".to_owned(), file.to_owned()]);
        migrate(&env, with)
    };
    let cut = backed_up(&dump.display().to_string()).await;
    assert!(cut.stderr.contains("cut off"), "{cut:#?}");
    // A real dump, as it is and packed. `plan` shows what a backup is asked for; a table that came
    // behind it makes the dump one that misses something.
    real_dump(&env, &server);
    conn.query_drop("CREATE TABLE after_the_dump (id int)")
        .await
        .unwrap();
    for file in ["real.sql", "real.sql.gz"] {
        let misses = backed_up(file).await;
        assert_eq!(misses.code, Some(14), "{misses:#?}");
        assert!(
            misses.stderr.contains("after_the_dump"),
            "{file}: {misses:#?}"
        );
    }
    conn.query_drop("DROP TABLE after_the_dump").await.unwrap();
    let packed = fs_err::read(env.path().join("real.sql.gz")).unwrap();
    fs_err::write(env.path().join("half.sql.gz"), &packed[..packed.len() / 2]).unwrap();
    let half = backed_up("half.sql.gz").await;
    assert!(
        half.stderr.contains("half.sql.gz cannot be read"),
        "{half:#?}"
    );
    // The whole one does.
    let whole = backed_up("real.sql.gz").await;
    assert_eq!(whole.code, Some(0), "{whole:#?}");
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn a_schema_that_missed_a_script_is_told_which() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let env = TestEnv::new();
    let _conn = schema(
        &server,
        "wecube",
        "ALTER TABLE resource_server DROP COLUMN login_mode;",
    )
    .await;
    env.file("v4.0.0.sql", "CREATE TABLE a (id int PRIMARY KEY)");
    let output = migrate(&env, args(&env, &server, "plan", "wecube", &["v4.0.0.sql"])).await;
    assert_eq!(output.code, Some(14), "{output:#?}");
    assert!(
        output.stdout.contains("wecube_platform_core_3.2.2.sql"),
        "{output:#?}"
    );
    assert!(
        output.stdout.contains("resource_server.login_mode"),
        "{output:#?}"
    );
}

/// Pieces that a server reads in a way of its own; `§` is where a number comes in.
fn piece() -> impl Strategy<Value = String> {
    let noise = prop::sample::select(vec![
        "",
        " ",
        "\n",
        "\r\n",
        "/* ; ' \" */",
        "-- ; ' it\n",
        "# ; \" `\n",
        "--\t;\n",
        "/**/",
        ";",
        " ; ",
    ]);
    let value = prop::sample::select(vec![
        "'a;b'",
        "'it''s; x'",
        r"'it\'s; x'",
        "\"q;'\"",
        "\"a\"\"; b\"",
        r#""a\"; b""#,
        r"'\\'",
        "'-- ;'",
        "'/* ;'",
        "'#;'",
        "'中文；;'",
        "1--1",
        "4 /* ; */ + 1",
        "/*!50000 5 */",
        "/*!50000 ';' */",
        "'a' -- ;\n",
        "'a' # ;\n",
        "3 /*!99999999 + x */",
        "'a\r\n;b'",
    ]);
    let name = prop::sample::select(vec!["c", "`c;d`", "`c'd`", "`c``;d`", "`c\\`", "\"e;\""]);
    (noise.clone(), value, name, noise).prop_map(|(before, value, name, after)| {
        format!("{before}SELECT {value} AS {name}{after};")
    })
}

async fn answers(conn: &mut Conn, text: &str) -> Vec<(String, Vec<Value>)> {
    let mut found = Vec::new();
    let mut result = conn
        .query_iter(text)
        .await
        .unwrap_or_else(|error| panic!("{text:?}: {error}"));
    while !result.is_empty() {
        let columns = result
            .columns()
            .map(|columns| columns[0].name_str().into_owned());
        for row in result.collect::<Row>().await.unwrap() {
            found.push((columns.clone().unwrap_or_default(), row.unwrap()));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn statements_are_split_where_the_server_splits_them() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let mut conn = server.connect("mysql").await;
    let mut runner = TestRunner::deterministic();
    let scripts = prop::collection::vec(piece(), 1..6);
    for _ in 0..300 {
        let script = scripts.new_tree(&mut runner).unwrap().current().concat();
        // The server takes no empty statement between two delimiters; the ordinary client leaves them out.
        let statements = split(&script).unwrap_or_else(|fault| panic!("{script:?}: {fault:?}"));
        let wanted = script.matches("SELECT ").count();
        assert_eq!(statements.len(), wanted, "{script:?}");
        let mut one_by_one = Vec::new();
        for statement in &statements {
            one_by_one.extend(answers(&mut conn, &statement.text).await);
        }
        let client = std::process::Command::new("mariadb")
            .args([
                "--no-defaults",
                "-uroot",
                "--batch",
                "--raw",
                "--default-character-set=utf8mb4",
            ])
            .arg(format!("--socket={}", server.socket().display()))
            .arg("-e")
            .arg(&script)
            .output()
            .unwrap();
        assert!(client.status.success(), "{script:?}: {client:?}");
        let mut expected = String::new();
        for (name, values) in &one_by_one {
            let value: String = mysql_async::from_value(values[0].clone());
            let _infallible = write!(expected, "{name}\n{value}\n");
        }
        assert_eq!(
            String::from_utf8(client.stdout).unwrap(),
            expected,
            "{script:?}"
        );
    }
}
