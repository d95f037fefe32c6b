//! Scripts of about twenty statements of all kinds, generated from a seed: `deploy migrate` and the ordinary
//! client must leave the same, or the run must stop with a reason.

use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;
use wecubectl::deploy::migrate::split;

use crate::support::mariadb::MariaDb;
use crate::support::migration::{Depth, Tally, client, schema, trial, variable};

/// Writes scripts of all kinds of statements. What the server refuses is left out.
struct Writer {
    rng: fastrand::Rng,
    tables: Vec<String>,
    count: usize,
    numbered: bool,
    /// Leaves out what a cut or a hand always leads to a question about, so that what is behind it is tried too:
    /// sections that commit in between, and in every other such script what leaves no trace.
    calm: bool,
    traces: bool,
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
            calm: seed.is_multiple_of(2),
            traces: seed.is_multiple_of(4),
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
        let at = self.rng.usize(..34);
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
            23 => format!(
                "ALTER TABLE {table} ADD COLUMN l{number} int DEFAULT 1 CHECK (l{number} < {one} + 9999)"
            ),
            24 => format!("ALTER TABLE {table} DROP PRIMARY KEY, ADD PRIMARY KEY ({one}, {two})"),
            25 => format!("ALTER TABLE {table} AUTO_INCREMENT = {}", 1000 + number),
            26 => format!(
                "ALTER TABLE {table} ADD COLUMN v{number} int, ADD KEY (v{number}), ADD KEY (v{number})"
            ),
            27 => format!("ALTER TABLE {table} ADD COLUMN m{number} int COMMENT 'as in mysql'"),
            28 => format!("ALTER TABLE {table} ADD COLUMN `列{number}` varchar(9) DEFAULT '值'"),
            29 => format!(
                "ALTER TABLE {table} ADD /*!50000 COLUMN */ h{number} int /*!99999999 , ADD COLUMN never int */"
            ),
            30 => format!("ALTER TABLE {table} DROP COLUMN IF EXISTS {one}"),
            31 => format!("DROP INDEX IF EXISTS {one} ON {table}"),
            32 => format!("ALTER TABLE {table} DROP COLUMN {one}, ADD INDEX ({two})"),
            _ => format!(
                "SET STATEMENT lock_wait_timeout = 9 FOR ALTER TABLE {table} ADD COLUMN s{number} int DEFAULT 3"
            ),
        }]
    }

    fn rows(&mut self) -> Vec<String> {
        let (table, number) = (self.table(), self.next());
        let at = self.rng.usize(..16);
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
            12 => format!("INSERT INTO counter VALUES ('w{number}', LENGTH('of mysql'))"),
            13 => "DELETE FROM counter WHERE name = 'n'".to_owned(),
            14 => format!("INSERT INTO counter VALUES ('n', {number})"),
            _ => format!("DELETE FROM {table} WHERE b = 2"),
        }]
    }

    fn group(&mut self) -> Vec<String> {
        let (table, number) = (self.table(), self.next());
        let all = |texts: &[String]| texts.to_vec();
        match self.rng.usize(..22) {
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
            12 => all(&[format!("TRUNCATE TABLE {table}")]),
            _ => self.depending(&table, number),
        }
    }

    /// More of what depends on the session, and what the server takes apart itself.
    fn depending(&mut self, table: &str, number: usize) -> Vec<String> {
        let all = |texts: &[String]| texts.to_vec();
        match self.rng.usize(12..21) {
            12 => all(&[
                format!("PREPARE s{number} FROM 'UPDATE counter SET value = value + ?'"),
                "SET @by = 13".to_owned(),
                format!("EXECUTE s{number} USING @by"),
                format!("DEALLOCATE PREPARE s{number}"),
            ]),
            13 => all(&[
                "SET autocommit = 0".to_owned(),
                "UPDATE counter SET value = value + 17".to_owned(),
                "COMMIT".to_owned(),
                "SET autocommit = 1".to_owned(),
            ]),
            14 => all(&[
                format!("SET @u{number} = LENGTH(UUID()), @t{number} = NOW() > '2000-01-01'"),
                format!("INSERT INTO counter VALUES ('u{number}', @u{number} + @t{number})"),
            ]),
            15 => all(&[
                "UPDATE host SET size = size + 1 WHERE zone = 'a'".to_owned(),
                format!("INSERT INTO counter VALUES ('rc{number}', ROW_COUNT())"),
            ]),
            16 => all(&[
                "START TRANSACTION".to_owned(),
                "UPDATE counter SET value = value + 19".to_owned(),
                "SAVEPOINT s".to_owned(),
                "UPDATE counter SET value = value + 1000".to_owned(),
                "ROLLBACK TO SAVEPOINT s".to_owned(),
                "COMMIT".to_owned(),
            ]),
            17 => all(&[format!(
                "DELIMITER //\nCREATE TRIGGER d{number} BEFORE UPDATE ON counter FOR EACH ROW BEGIN IF NEW.value > 99999 THEN SET NEW.value = 99999; END IF; END//\nDELIMITER "
            )]),
            18 => all(&[format!(
                "DELIMITER //\nUPDATE counter SET value = value + 23; ALTER TABLE {table} ADD COLUMN two{number} int//\nDELIMITER "
            )]),
            19 => {
                self.tables.push(format!("li{number}"));
                all(&[format!("CREATE TABLE li{number} LIKE {table}")])
            }
            20 if self.numbered => all(&[
                "SET sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')".to_owned(),
                "INSERT INTO host (id, name) VALUES (0, 'zero')".to_owned(),
                "SET sql_mode = DEFAULT".to_owned(),
            ]),
            20 => all(&[
                format!(
                    "CREATE FUNCTION fn{number}() RETURNS int MODIFIES SQL DATA RETURN (SELECT COUNT(*) FROM counter)"
                ),
                format!("SELECT fn{number}()"),
            ]),
            _ => all(&["UPDATE counter SET value = value + 29 WHERE name = 'n'".to_owned()]),
        }
    }

    /// A script of about twenty statements, tried on a schema of its own.
    async fn script(&mut self, conn: &mut Conn) -> String {
        let mut texts: Vec<String> = Vec::new();
        let mut tries = 0;
        while texts.len() < 20 && tries < 400 {
            tries += 1;
            let some = match self.rng.u32(..10) {
                _ if texts.is_empty() => self.create(),
                0 | 1 => self.create(),
                2..=5 => self.alter(),
                6 | 7 => self.rows(),
                _ => self.group(),
            };
            let starts = |words: &[&str]| {
                some.iter()
                    .any(|text| words.iter().any(|word| text.contains(word)))
            };
            let asks = ["CALL ", "LOCK ", "PREPARE ", "autocommit"];
            let traceless = [
                "UPDATE ",
                "DELETE ",
                "SET ",
                "TRUNCATE ",
                "SELECT ",
                "REPLACE ",
                "AUTO_INCREMENT =",
            ];
            if self.calm && starts(&asks) || self.traces && starts(&traceless) {
                continue;
            }
            // A group counts as a whole or not at all; what a half of it did is of no weight here.
            let mut good = true;
            for one in split(&(some.join(";\n") + ";\n")).unwrap() {
                good = good && conn.query_drop(one.text).await.is_ok();
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

/// A few seeds in every run.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn generated_scripts_end_as_with_the_client() {
    some_seeds(0..4, Depth { cuts: 9, halves: 2 }).await;
}

/// Many, cut off at every place: `WECUBECTL_TEST_SCRIPTS=FROM-TO cargo nextest run --run-ignored only many_generated`;
/// with `FROM-TO-N` at every Nth.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes about half an hour for a hundred scripts"]
async fn many_generated_scripts_end_as_with_the_client() {
    let typed = variable("WECUBECTL_TEST_SCRIPTS").unwrap_or_else(|| "0-100".to_owned());
    let mut numbers = typed
        .split('-')
        .map(|number| number.parse::<u64>().unwrap());
    let seeds = numbers.next().unwrap()..numbers.next().unwrap();
    let cuts = usize::try_from(numbers.next().unwrap_or(1)).unwrap();
    some_seeds(seeds, Depth { cuts, halves: 3 }).await;
}

async fn some_seeds(seeds: std::ops::Range<u64>, depth: Depth) {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let (scripts, tally) = differential(&server, seeds, depth).await;
    tally.close(scripts);
}
