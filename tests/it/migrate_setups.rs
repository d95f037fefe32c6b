//! `deploy migrate` and servers that are set up in another way: names in small letters, replicas, TLS, a
//! proxy, another server for the rehearsal, the ledger of an older release, what cannot be copied.

use std::fmt::Write as _;
use std::process::Command;
use std::time::Duration;

use mysql_async::prelude::Queryable as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use wecubectl::deploy::migrate::{
    ConnectionSettings, Mark, MigrationState, Mode, Options, RehearsalOptions, Script, Tls, look,
};
use wecubectl::secret::Secret;

use crate::support::mariadb::MariaDb;
use crate::support::migration::{
    Cut, Depth, End, Tally, allowing, client, conflicts, everything, lines, looked, ours, schema,
    settings, trial,
};

fn script(text: &str) -> [Script; 1] {
    [Script::parse("v4.0.0.sql", text).unwrap()]
}

fn marks(look: &MigrationState) -> Vec<&'static str> {
    let marks = look.plan.steps.iter();
    marks
        .map(|step| step.mark.as_ref().map_or("none", Mark::as_str))
        .collect()
}

async fn rehearsed_on(
    settings: &ConnectionSettings,
    on: &MariaDb,
    scripts: &[Script],
) -> Result<MigrationState, String> {
    let on = ConnectionSettings {
        port: on.port,
        ..settings.clone()
    };
    let mode = Mode::Rehearse(RehearsalOptions {
        on: Some(on),
        ..RehearsalOptions::default()
    });
    let wait = Duration::from_secs(10);
    look(settings, scripts, &Options::default(), &mode, wait)
        .await
        .map_err(|error| format!("{error:?}"))
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn another_server_rehearses_with_the_rows_of_the_real_one() {
    let (Some(server), Some(other), Some(lower)) = (
        MariaDb::start().await,
        MariaDb::start().await,
        MariaDb::start_with(&["--lower-case-table-names=1"]).await,
    ) else {
        return;
    };
    let mut conn = schema(&server, "wecube", "").await;
    let before = everything(&mut conn).await;
    let scripts = script(
        "ALTER TABLE host ADD UNIQUE (name); ALTER TABLE host ADD UNIQUE (zone); ALTER TABLE host ADD COLUMN zone int;",
    );
    let settings = settings(&server, "wecube");
    let found = rehearsed_on(&settings, &other, &scripts).await.unwrap();
    let stops = conflicts(&found, &scripts);
    assert_eq!(stops.len(), 2, "{stops:?}");
    assert!(stops[0].contains("code: 1062"), "{stops:?}");
    assert!(stops[1].contains("Different"), "{stops:?}");
    assert_eq!(marks(&found), ["with_rows", "with_rows", "structure_only"]);
    let scratch = "SHOW DATABASES LIKE 'wecubectlrehearsal%'";
    for server in [&server, &other] {
        let mut conn = server.connect("mysql").await;
        assert_eq!(lines(&mut conn, scratch).await, Vec::<String>::new());
    }
    assert_eq!(everything(&mut conn).await, before);
    // One that reads names in another way would show something else.
    let refused = rehearsed_on(&settings, &lower, &scripts).await.unwrap_err();
    assert!(
        refused.contains("migrate-rehearse-other-server"),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn names_in_small_letters_are_the_same_names() {
    let Some(server) = MariaDb::start_with(&["--lower-case-table-names=1"]).await else {
        return;
    };
    let text = "CREATE TABLE Widget (Id int PRIMARY KEY, Host_Id int); ALTER TABLE WIDGET ADD COLUMN Name varchar(9), ADD \
        KEY By_Name (NAME); ALTER TABLE Host ADD COLUMN Owner int; INSERT INTO WIDGET (ID, Name) VALUES (1, 'a'); RENAME \
        TABLE Widget TO Gadget; UPDATE COUNTER SET VALUE = VALUE + 1; ALTER TABLE gadget ADD FOREIGN KEY (HOST_ID) REFERENCES HOST (id);";
    let mut tally = Tally::default();
    let depth = Depth { cuts: 1, halves: 3 };
    trial(&server, "lower", "", text, depth, &mut tally).await;
    tally.close(1);
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn replicas_are_left_alone_by_a_rehearsal() {
    let options = ["--log-bin", "--server-id=1"];
    let (Some(server), Some(replica)) = (
        MariaDb::start_with(&options).await,
        MariaDb::start_with(&["--server-id=2"]).await,
    ) else {
        return;
    };
    let mut conn = schema(&server, "wecube", "").await;
    let poor = ConnectionSettings {
        user: "poor".to_owned(),
        password: Secret::new("poor-password"),
        ..settings(&server, "wecube")
    };
    for statement in [
        "CREATE USER poor@'127.0.0.1' IDENTIFIED BY 'poor-password'",
        "GRANT ALL PRIVILEGES ON wecube.* TO poor@'127.0.0.1'",
        "GRANT ALL PRIVILEGES ON `wecubectlrehearsal%`.* TO poor@'127.0.0.1'",
    ] {
        conn.query_drop(statement).await.unwrap();
    }
    let scripts = script("ALTER TABLE host ADD COLUMN a int");
    let rehearse = async || looked(&poor, &scripts, &Options::default()).await;
    assert!(rehearse().await.is_ok(), "nobody follows");
    let mut follower = replica.connect("mysql").await;
    for statement in [
        format!(
            "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {}, MASTER_USER = 'admin', MASTER_PASSWORD = \
             'a-test-password', MASTER_USE_GTID = no, MASTER_SSL = 0",
            server.port
        ),
        "START SLAVE".to_owned(),
    ] {
        follower.query_drop(statement).await.unwrap();
    }
    let connected = "SHOW GLOBAL STATUS LIKE 'Slaves_connected'";
    while lines(&mut conn, connected).await != ["'Slaves_connected' '1'"] {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let refused = format!("{:?}", rehearse().await);
    assert!(refused.contains("migrate-rehearse-replicas"), "{refused}");
    // What the hint says: another server, or the right to keep a rehearsal out of the binlog.
    let grant = "GRANT BINLOG ADMIN ON *.* TO poor@'127.0.0.1'";
    conn.query_drop(grant).await.unwrap();
    assert!(rehearse().await.is_ok());
    let events = lines(&mut conn, "SHOW BINLOG EVENTS").await.join("\n");
    assert_eq!(
        events
            .matches("CREATE DATABASE `wecubectlrehearsal")
            .count(),
        1,
        "only the first rehearsal, that nobody followed, is in the binlog"
    );
}

/// A certificate of an authority of its own, by the `openssl` program.
fn certificates(dir: &std::path::Path, name: &str) {
    let subject = format!("/CN={name}-ca");
    for line in [
        format!(
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj {subject} -keyout {name}-ca.key -out {name}-ca.pem"
        ),
        format!(
            "req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout {name}.key -out {name}.csr"
        ),
        format!(
            "x509 -req -in {name}.csr -CA {name}-ca.pem -CAkey {name}-ca.key -CAcreateserial -days 2 -copy_extensions copy -out {name}.pem"
        ),
    ] {
        let made = Command::new("openssl")
            .args(line.split(' '))
            .current_dir(dir)
            .output()
            .unwrap();
        assert!(made.status.success(), "{line}: {made:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn authority_of_the_server_is_verified() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["ours", "theirs"] {
        certificates(dir.path(), name);
    }
    let file = |name: &str| dir.path().join(name);
    let option = |option: &str, name: &str| format!("--{option}={}", file(name).display());
    let options = [
        option("ssl-cert", "ours.pem"),
        option("ssl-key", "ours.key"),
        "--require-secure-transport=ON".to_owned(),
    ];
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let Some(server) = MariaDb::start_with(&options).await else {
        return;
    };
    let scripts = script("ALTER TABLE host ADD COLUMN a int");
    schema(&server, "wecube", "").await;
    for (tls, ca, wanted) in [
        (Tls::Required, Some("ours-ca.pem"), "Ok("),
        (Tls::Preferred, Some("ours-ca.pem"), "Ok("),
        (Tls::Preferred, None, "Ok("),
        (Tls::Required, Some("theirs-ca.pem"), "migrate-tls-failed"),
        (Tls::Preferred, Some("theirs-ca.pem"), "migrate-tls-failed"),
        (Tls::Required, None, "migrate-tls-failed"),
        (Tls::Required, Some("ours.key"), "migrate-ca-none"),
        (Tls::Required, Some("absent.pem"), "files-unreadable"),
        // Not every server says why it refuses; the hint does then.
        (
            Tls::Disabled,
            None,
            "migrate-tls-wanted|migrate-refused-plain",
        ),
    ] {
        let settings = ConnectionSettings {
            tls,
            ca_file: ca.map(file),
            ..settings(&server, "wecube")
        };
        let found = format!(
            "{:?}",
            looked(&settings, &scripts, &Options::default()).await
        );
        let mut keys = wanted.split('|');
        assert!(
            keys.any(|key| found.contains(key)),
            "{tls:?} {ca:?}: {found:.400}"
        );
    }
}

/// Passes bytes on, but greets with another connection's number, as a proxy does that signs in by itself.
async fn greeting_proxy(listener: TcpListener, port: u16) {
    while let Ok((mut from, _)) = listener.accept().await {
        let mut to = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        tokio::spawn(async move {
            let mut greeting = [0; 1024];
            let length = to.read(&mut greeting).await.unwrap();
            let version = greeting[5..].iter().position(|byte| *byte == 0).unwrap();
            greeting[5 + version + 1] ^= 0x40;
            from.write_all(&greeting[..length]).await.unwrap();
            let _ended = tokio::io::copy_bidirectional(&mut from, &mut to).await;
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn proxy_that_signs_in_by_itself_is_refused() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    schema(&server, "wecube", "").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let proxy = tokio::spawn(greeting_proxy(listener, server.port));
    let settings = ConnectionSettings {
        port,
        tls: Tls::Disabled,
        ..settings(&server, "wecube")
    };
    let scripts = script("ALTER TABLE host ADD COLUMN a int");
    let found = format!(
        "{:?}",
        looked(&settings, &scripts, &Options::default()).await
    );
    assert!(found.contains("migrate-proxied"), "{found}");
    proxy.abort();
}

/// The ledger as the release before wrote it: without the two columns of today, in its state `started`.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn ledger_of_an_older_release_is_continued() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let text = "ALTER TABLE host ADD COLUMN a int; UPDATE counter SET value = value + 1; ALTER TABLE host ADD COLUMN b int; \
        ALTER TABLE host ADD COLUMN c int; UPDATE counter SET value = value + 10;";
    let scripts = script(text);
    // The third statement was begun: cut off before its effect, behind it, or refused by the server. That
    // release kept no checksum of the objects before; the rehearsal tells.
    for (name, effect, error) in [
        ("cut_before", "", "NULL"),
        ("cut_behind", "ALTER TABLE host ADD COLUMN b int;", "NULL"),
        ("cut_refused", "", "'1205 Lock wait timeout exceeded'"),
    ] {
        let mut rows = String::new();
        for (statement, state) in scripts[0]
            .statements
            .iter()
            .zip(["done", "done", "started"])
        {
            let error = if state == "started" { error } else { "NULL" };
            // Writing to a string cannot fail.
            let _infallible = write!(
                rows,
                "INSERT INTO wecubectl_migration VALUES ('v4.0.0.sql', {}, '{}', '{state}', 5, '{}', 'head', {error}, NOW(3), NULL, '0.1.0');",
                statement.number, statement.checksum, scripts[0].checksum
            );
        }
        let more = format!(
            "CREATE TABLE wecubectl_migration (script varchar(120) CHARACTER SET utf8 COLLATE utf8_bin NOT NULL, number int NOT \
             NULL, checksum char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, state varchar(16) CHARACTER SET ascii COLLATE \
             ascii_bin NOT NULL, total int NOT NULL, script_checksum char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, \
             head varchar(200) CHARACTER SET utf8 COLLATE utf8_bin NOT NULL, error varchar(500) CHARACTER SET utf8 COLLATE utf8_bin \
             DEFAULT NULL, started datetime(3) NOT NULL, ended datetime(3) DEFAULT NULL, version varchar(32) CHARACTER SET ascii \
             COLLATE ascii_bin NOT NULL, PRIMARY KEY (script, number)) ENGINE=InnoDB; {rows} ALTER TABLE host ADD COLUMN a int; \
             UPDATE counter SET value = value + 1; {effect}"
        );
        let mut conn = schema(&server, name, &more).await;
        let end = ours(&server, name, text, &Options::default(), Cut::Never).await;
        assert_eq!(end, End::Done, "{name}");
        assert_eq!(
            lines(&mut conn, "SELECT value FROM counter").await,
            ["'11'"],
            "{name}"
        );
        let columns = "SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY 1) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'host' AND LENGTH(COLUMN_NAME) = 1";
        assert_eq!(lines(&mut conn, columns).await, ["'a,b,c'"], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn views_routines_and_triggers_are_copied_as_far_as_they_can_be() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    // `v_late` needs a view of a later name; one trigger and one function name the schema.
    let more = "CREATE VIEW z_host AS SELECT id, name FROM host; CREATE VIEW v_late AS SELECT * FROM z_host WHERE id > 1;\n\
        DELIMITER //\n\
        CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN 2 * n//\n\
        CREATE FUNCTION far() RETURNS int READS SQL DATA RETURN (SELECT MAX(value) FROM copied.counter)//\n\
        CREATE TRIGGER near BEFORE INSERT ON counter FOR EACH ROW SET NEW.value = twice(NEW.value)//\n\
        CREATE TRIGGER away BEFORE INSERT ON app FOR EACH ROW INSERT INTO copied.counter VALUES (NEW.id, 1)//\n\
        DELIMITER ;\n";
    let mut conn = schema(&server, "copied", more).await;
    let before = everything(&mut conn).await;
    let text = "INSERT INTO counter VALUES ('a', twice(1)); INSERT INTO app (id) VALUES ('nn'); UPDATE counter SET value = \
        far(); CREATE VIEW v_new AS SELECT * FROM v_late; ALTER TABLE app ADD COLUMN b int; INSERT INTO counter SELECT name, id \
        FROM v_late; CREATE VIEW v_new2 AS SELECT far(); CREATE VIEW v_new3 AS SELECT * FROM v_new2;";
    let scripts = script(text);
    let found = looked(&settings(&server, "copied"), &scripts, &Options::default())
        .await
        .unwrap();
    assert_eq!(conflicts(&found, &scripts), Vec::<String>::new());
    assert_eq!(
        marks(&found),
        [
            "with_rows",
            "not_rehearsed",
            "not_rehearsed",
            "with_rows",
            "with_rows",
            "with_rows",
            "not_rehearsed",
            "not_rehearsed"
        ]
    );
    assert_eq!(
        everything(&mut conn).await,
        before,
        "the rehearsal changed the real schema"
    );
    let end = ours(&server, "copied", text, &Options::default(), Cut::Never).await;
    assert_eq!(end, End::Done);
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn what_is_not_on_the_list_is_never_rehearsed_and_what_follows_is_not_judged_by_it() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let more = "CREATE PROCEDURE make() CREATE TABLE made (id int PRIMARY KEY, a int);";
    let mut conn = schema(&server, "unlisted", more).await;
    let text = "DROP TABLE app; CALL make(); INSERT INTO made VALUES (1, 2); ALTER TABLE made ADD COLUMN b int; UPDATE counter \
        SET value = value + 1 WHERE name = CONCAT('unlisted', 1);";
    let scripts = script(text);
    let settings = settings(&server, "unlisted");
    let found = looked(&settings, &scripts, &Options::default())
        .await
        .unwrap();
    let wanted = [
        "not_rehearsed",
        "not_rehearsed",
        "not_rehearsed",
        "not_rehearsed",
        "not_rehearsed",
    ];
    assert_eq!(marks(&found), wanted);
    let stops = conflicts(&found, &scripts);
    assert_eq!(stops.len(), 2, "{stops:?}");
    let found = looked(&settings, &scripts, &allowing()).await.unwrap();
    assert_eq!(marks(&found), wanted);
    assert_eq!(
        ours(&server, "unlisted", text, &allowing(), Cut::Never).await,
        End::Done
    );
    assert_eq!(
        lines(&mut conn, "SELECT * FROM made").await,
        ["'1' '2' NULL"]
    );
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn foreign_keys_of_other_schemas_are_looked_at_before_the_first_write() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let mut conn = schema(&server, "referred", "").await;
    schema(&server, "referring", "").await;
    let child = "CREATE TABLE child (id int PRIMARY KEY, host_id int, CONSTRAINT far FOREIGN KEY (host_id) REFERENCES referred.host (id));";
    client(&server, "referring", child).unwrap();
    let widen = "ALTER TABLE host MODIFY id bigint NOT NULL AUTO_INCREMENT;";
    for (text, stops) in [
        (widen, true),
        ("DROP TABLE host;", true),
        ("ALTER TABLE host ADD COLUMN fresh int;", false),
        ("ALTER TABLE host MODIFY size bigint;", false),
        (
            "RENAME TABLE host TO hosts; RENAME TABLE hosts TO host;",
            false,
        ),
    ] {
        let end = ours(&server, "referred", text, &allowing(), Cut::Never).await;
        assert_eq!(
            format!("{end:?}").contains("Referenced"),
            stops,
            "{text}: {end:?}"
        );
        assert_eq!(end == End::Done, !stops, "{text}: {end:?}");
        conn.query_drop("DROP TABLE IF EXISTS wecubectl_migration")
            .await
            .unwrap();
    }
    // What the conflict says: without that key the statement is carried out.
    client(
        &server,
        "referring",
        "ALTER TABLE child DROP FOREIGN KEY far",
    )
    .unwrap();
    assert_eq!(
        ours(&server, "referred", widen, &allowing(), Cut::Never).await,
        End::Done
    );
}
