//! The scratch schema of `deploy migrate`: what it copies, what it needs, what it leaves; and how one signs in.

use std::time::Duration;

use mysql_async::prelude::Queryable as _;
use wecubectl::deploy::migrate::{
    ConnectionSettings, Mode, Options, RehearsalOptions, Script, Tls, look,
};
use wecubectl::secret::Secret;

use crate::support::mariadb::MariaDb;
use crate::support::migration::{End, conflicts, lines, looked, schema, settings};

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
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
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
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
