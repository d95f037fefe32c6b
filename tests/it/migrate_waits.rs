//! `deploy migrate run` and what it waits for: other connections, other runs, the end of its time.

use std::time::Duration;

use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::migrate::{args, migrate, schema, texts, words};
use crate::support::TestEnv;
use crate::support::mariadb::MariaDb;

/// A connection that reads a table in a transaction: who alters the table waits for it.
async fn reader_of(server: &MariaDb, table: &str) -> Conn {
    let mut reader = server.connect("wecube").await;
    for statement in ["START TRANSACTION", &format!("SELECT * FROM {table}")] {
        reader.query_drop(statement).await.unwrap();
    }
    reader
}

/// The line that says for whom a run waits.
async fn waits(run: &mut Child) -> String {
    let mut lines = BufReader::new(run.stderr.take().unwrap()).lines();
    let waits = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if line.contains("waiting") {
                return line;
            }
        }
        panic!("it ended without a word of waiting")
    };
    tokio::time::timeout(Duration::from_mins(1), waits)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn who_blocks_and_who_runs_is_named() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let env = TestEnv::new();
    let mut conn = schema(&server, "wecube", "").await;
    env.file(
        "v4.0.0.sql",
        "ALTER TABLE plugin_configs ADD COLUMN a int;\nDROP TABLE IF EXISTS resource_server;",
    );
    let scripts = ["v4.0.0.sql"];
    let refused = migrate(&env, args(&env, &server, "run", "wecube", &scripts)).await;
    assert_eq!(refused.code, Some(14), "{refused:#?}");
    assert!(
        refused.stdout.contains("--allow-destructive"),
        "{refused:#?}"
    );
    env.file(
        "v4.0.0.sql",
        "ALTER TABLE plugin_configs ADD COLUMN a int;\n",
    );

    let run = args(&env, &server, "run", "wecube", &scripts);

    let mut reader = reader_of(&server, "plugin_configs").await;
    reader
        .query_drop("SELECT * FROM system_variables FOR UPDATE")
        .await
        .unwrap();
    let mut first = Command::from(env.command(&words(&run))).spawn().unwrap();
    let waits = waits(&mut first).await;
    assert!(waits.contains("Statement 1 of 1, waiting"), "{waits}");
    assert!(
        waits.contains(&format!("connection {} (root@", reader.id())),
        "{waits}"
    );
    let mut second = run.clone();
    second.extend(["--runner-wait", "1s"].map(str::to_owned));
    let second = migrate(&env, second).await;
    assert_eq!(second.code, Some(30), "{second:#?}");
    assert!(second.stderr.contains(", admin@"), "{second:#?}");
    reader.query_drop("ROLLBACK").await.unwrap();
    assert_eq!(first.wait().await.unwrap().code(), Some(0));
    assert_eq!(
        texts(&mut conn, "SELECT state FROM wecubectl_migration").await,
        ["'done'"]
    );
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn run_whose_time_is_over_stops_between_two_statements() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let env = TestEnv::new();
    let mut conn = schema(&server, "wecube", "").await;
    env.file(
        "v4.0.0.sql",
        "ALTER TABLE plugin_configs ADD COLUMN a int;\nALTER TABLE plugin_configs ADD COLUMN b int;\n",
    );
    let run = args(&env, &server, "run", "wecube", &["v4.0.0.sql"]);
    let mut reader = reader_of(&server, "plugin_configs").await;
    let mut limited = run.clone();
    limited.extend(["--deadline", "15s"].map(str::to_owned));
    let began = std::time::Instant::now();
    let mut first = Command::from(env.command(&words(&limited)))
        .spawn()
        .unwrap();
    let line = waits(&mut first).await;
    assert!(line.contains("Statement 1 of 2, waiting"), "{line}");
    tokio::time::sleep(Duration::from_secs(16).saturating_sub(began.elapsed())).await;
    reader.query_drop("ROLLBACK").await.unwrap();
    assert_eq!(first.wait().await.unwrap().code(), Some(11));
    let ledger = "SELECT state FROM wecubectl_migration ORDER BY number";
    assert_eq!(texts(&mut conn, ledger).await, ["'done'"]);
    let again = migrate(&env, run).await;
    assert_eq!(again.code, Some(0), "{again:#?}");
    assert_eq!(texts(&mut conn, ledger).await, ["'done'", "'done'"]);
}
