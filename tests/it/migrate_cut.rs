//! `deploy migrate` and a server that is gone at some point: after every so many packets nothing passes any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use wecubectl::confirm::Confirmation;
use wecubectl::deploy::migrate::{ConnectionSettings, Options, Script, Tls, Waits, run};

use crate::support::mariadb::MariaDb;
use crate::support::migration::{
    client, conflicts, everything, looked, schema, settings, variable,
};

/// Passes this many packets of clients on, then ends all connections and takes no other.
async fn proxy(listener: TcpListener, port: u16, left: Arc<AtomicUsize>) {
    while let Ok((mut from, _)) = listener.accept().await {
        let mut to = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let left = Arc::clone(&left);
        tokio::spawn(async move {
            let (mut read, mut write) = from.split();
            let (mut answers, mut asks) = to.split();
            let forth = async {
                loop {
                    let mut head = [0; 4];
                    if read.read_exact(&mut head).await.is_err() {
                        return;
                    }
                    let length = u32::from_le_bytes([head[0], head[1], head[2], 0]);
                    let mut packet = vec![0; usize::try_from(length).unwrap()];
                    if read.read_exact(&mut packet).await.is_err() {
                        return;
                    }
                    let passes = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                        left.checked_sub(1)
                    });
                    if passes.is_err() {
                        return;
                    }
                    let _gone = asks.write_all(&[&head[..], &packet].concat()).await;
                }
            };
            let back = tokio::io::copy(&mut answers, &mut write);
            tokio::select! {
                () = forth => {}
                _ = back => {}
            }
        });
    }
}

const TEXT: &str = "CREATE TABLE part (id int PRIMARY KEY, a int); INSERT INTO part VALUES (1, 1), (2, 2); UPDATE counter SET \
    value = value + 1; ALTER TABLE part ADD COLUMN b int DEFAULT 3; SET @n = (SELECT COUNT(*) FROM part); UPDATE counter SET \
    value = value * 2 + @n; CREATE INDEX a_idx ON part (a); START TRANSACTION; UPDATE counter SET value = value + 5; INSERT INTO \
    counter VALUES ('t', 1); COMMIT; INSERT INTO part SELECT id + 10, a, b FROM part; ALTER TABLE part MODIFY a bigint;";

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_mariadb, ignore = "needs MariaDB")]
async fn server_that_is_gone_at_any_point_loses_and_repeats_nothing() {
    let Some(server) = MariaDb::start().await else {
        return;
    };
    let mut measure = schema(&server, "gone_c", "").await;
    client(&server, "gone_c", TEXT).unwrap();
    let wanted = everything(&mut measure).await;
    let scripts = [Script::parse("v4.0.0.sql", TEXT).unwrap()];
    let none = Options::default();
    let starts: Vec<usize> = match variable("WECUBECTL_TEST_CUTS") {
        Some(_) => (12..140).collect(),
        None => vec![25, 38, 51],
    };
    let (mut runs, mut asked) = (0, 0);
    for start in starts {
        let mut conn = schema(&server, "gone", "").await;
        // Each run is cut off a little later than the one before.
        for packets in start.. {
            let look = looked(&settings(&server, "gone"), &scripts, &none)
                .await
                .unwrap();
            if look.plan.is_blocked() {
                let why = conflicts(&look, &scripts);
                assert!(why.iter().all(|why| why.contains("CutOff")), "{why:?}");
                asked += 1;
                break;
            }
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let through = ConnectionSettings {
                port: listener.local_addr().unwrap().port(),
                tls: Tls::Disabled,
                ..settings(&server, "gone")
            };
            let left = Arc::new(AtomicUsize::new(packets));
            let passes = tokio::spawn(proxy(listener, server.port, Arc::clone(&left)));
            let confirmed = (&look, &Confirmation::by_flag());
            let end = run(
                &through,
                &scripts,
                &none,
                Waits::default(),
                confirmed,
                &mut |_| (),
            )
            .await;
            passes.abort();
            runs += 1;
            if end.is_ok() {
                assert_eq!(
                    everything(&mut conn).await,
                    wanted,
                    "cut off first after {start} packets"
                );
                break;
            }
        }
    }
    eprintln!("{runs} runs, {asked} asked");
}
