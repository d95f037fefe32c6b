//! `deploy migrate` with every kind of statement that an earlier design judged wrongly: carried out once by the
//! ordinary client and once by us, straight, cut off at every place, and on schemas where somebody carried out
//! all or half of it by hand. Both must leave the same, or the run must stop.

use wecubectl::deploy::migrate::split;

use crate::support::mariadb::MariaDb;
use crate::support::migration::{Depth, Tally, trial, variable};

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
        "ALTER TABLE host ADD INDEX (size); ALTER TABLE host ADD INDEX (size, name); ALTER TABLE host ADD UNIQUE (size, id); ALTER TABLE host ADD INDEX (note);",
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
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn every_kind_of_statement_ends_as_with_the_client() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let mut tally = Tally::default();
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
    tally.close(FAMILIES.len());
}
