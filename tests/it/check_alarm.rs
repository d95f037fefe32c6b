//! Who hears of a check, and when: mail, commands, pings, metrics.

#![cfg(feature = "sim")]

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wecubectl::sim::World;

use crate::support::{Output, Site};

pub(crate) async fn healthy() -> Site {
    let (site, applied) = applied(&[]).await;
    assert_eq!(applied.code, Some(0), "{applied:#?}");
    site
}

/// A pair after `apply`, with faults that it has from the start.
pub(crate) async fn applied(faults: &[&str]) -> (Site, Output) {
    let mut world = World::plugins(3)
        .new_version("v4.5.6")
        .old_version("v4.0.0")
        .portals(2, 1);
    world.faults = faults.iter().map(ToString::to_string).collect();
    let site = Site::of(world.service_time_ms(2.0)).await;
    // Two portals: the gateway may be behind a load balancer, so its address is not guessed.
    let gateway = site.running.endpoints().new.gateway.clone();
    let args = [
        "apply",
        "--yes",
        "-q",
        "--settle",
        "1s",
        "--gateway-url",
        &gateway,
    ];
    let applied = site.run(&args).await;
    (site, applied)
}

pub(crate) fn fault(site: &Site, fault: &'static str) {
    site.running
        .with_world(move |world| world.add_fault(fault).unwrap());
}

fn mended(site: &Site) {
    site.running.with_world(|world| world.faults.clear());
}

/// Something was printed: cron sends it as a mail.
pub(crate) fn mails(output: &Output) -> bool {
    !(output.stdout.is_empty() && output.stderr.is_empty())
}

/// Appends to the configuration of a site.
fn configure(site: &Site, at_top: &str, at_end: &str) {
    let text = fs_err::read_to_string(&site.config).unwrap();
    site.env
        .file("wecubectl.toml", &[at_top, &text, at_end].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn change_is_told_once_with_since_and_recovery() {
    let site = healthy().await;
    configure(&site, "name = \"prod\"\n", "");
    let notify = "cat > told; printf %s \"$WECUBECTL_SUBJECT\" > subject; echo >> count";
    let quiet = ["check", "-q", "--on-change", "--notify", notify];
    let told = |name: &str| fs_err::read_to_string(site.env.path().join(name)).unwrap_or_default();
    let well = site.run(&quiet).await;
    assert_eq!((well.code, mails(&well)), (Some(0), false), "{well:#?}");
    fault(&site, "other-seed=bulk001");
    let first = site.run(&quiet).await;
    assert_eq!((first.code, mails(&first)), (Some(10), true), "{first:#?}");
    assert!(first.stdout.contains("prod: 1 error"), "{first:#?}");
    assert!(first.stdout.contains("found once"), "{first:#?}");
    assert_eq!(told("told"), first.stdout);
    assert!(
        told("subject").starts_with("prod: 1 error"),
        "{}",
        told("subject")
    );
    // Nothing changed: silent, and the exit code is the same.
    let again = site.run(&quiet).await;
    assert_eq!((again.code, mails(&again)), (Some(10), false), "{again:#?}");
    // A check of somebody else changes nothing in what was told.
    let other = site.run(&["check", "-q"]).await;
    assert_eq!((other.code, mails(&other)), (Some(10), true));
    let json = site
        .run(&["check", "--on-change", "-o", "json"])
        .await
        .json();
    assert_eq!(json["findings"][0]["times"], 3, "{json:#}");
    assert!(
        json["findings"][0]["since"]
            .as_str()
            .unwrap()
            .starts_with("20")
    );
    // What could not be printed is told again.
    mended(&site);
    let full = format!(
        "{} check -q --on-change --config {} > /dev/full",
        env!("CARGO_BIN_EXE_wecubectl"),
        site.config
    );
    let lost = tokio::process::Command::new("sh")
        .args(["-c", &full])
        .current_dir(site.env.path())
        .output()
        .await
        .unwrap();
    assert_ne!(lost.status.code(), Some(0), "{lost:?}");
    let gone = site.run(&quiet).await;
    assert_eq!(gone.code, Some(0), "{gone:#?}");
    assert!(gone.stdout.contains("recovered: W0701"), "{gone:#?}");
    assert!(told("told").contains("recovered: W0701"));
    assert_eq!(told("count").lines().count(), 2, "on changes only");
    let well = site.run(&quiet).await;
    assert_eq!((well.code, mails(&well)), (Some(0), false), "{well:#?}");
    // What was told cannot be read: everything is told, and that too.
    fault(&site, "other-seed=bulk001");
    site.run(&quiet).await;
    for file in fs_err::read_dir(site.env.path().join("state/kept")).unwrap() {
        let file = file.unwrap();
        if file.file_name().to_string_lossy().starts_with("history-") {
            fs_err::write(file.path(), "[]").unwrap();
        }
    }
    let unread = site.run(&quiet).await;
    assert!(
        unread.stdout.contains("W0701") && unread.stderr.contains("history"),
        "{unread:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_command_is_told_again() {
    let site = healthy().await;
    fault(&site, "other-seed=bulk001");
    let quiet = [
        "check",
        "-q",
        "--on-change",
        "--notify",
        "echo no >&2; exit 3",
    ];
    for _ in 0..2 {
        let output = site.run(&quiet).await;
        assert_eq!(output.code, Some(10), "{output:#?}");
        assert!(output.stdout.contains("W0701"), "{output:#?}");
        assert!(output.stderr.contains("exit code 3: no"), "{output:#?}");
    }
    for args in [
        &["check", "--notify", "true"][..],
        &["check", "--on-change", "--after", "3/2"],
        &["check", "--on-change", "--after", "0/2"],
        &["check", "--on-change", "--remind", "soon"],
    ] {
        assert_eq!(site.run(args).await.code, Some(2), "{args:?}");
    }
}

/// A server that expects to be requested, and what was.
pub(crate) async fn pings() -> (String, Arc<Mutex<Vec<String>>>) {
    let door = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ping/5ecre7", door.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hearing = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((mut guest, _)) = door.accept().await {
            let mut bytes = vec![0; 4096];
            let read = guest.read(&mut bytes).await.unwrap_or(0);
            let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
            let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
            hearing.lock().unwrap().push(path);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK";
            drop(guest.write_all(answer).await);
        }
    });
    (url, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn ping_follows_exit_code_and_changes_none() {
    let site = healthy().await;
    let (url, heard) = pings().await;
    let file = site.env.file("ping", &url).display().to_string();
    let took = || std::mem::take(&mut *heard.lock().unwrap());
    let (success, failure) = ("/ping/5ecre7".to_owned(), "/ping/5ecre7/fail".to_owned());
    let well = site.run(&["check", "--ping-file", &file]).await;
    assert_eq!(
        (well.code, took()),
        (Some(0), vec![success.clone()]),
        "{well:#?}"
    );
    fault(&site, "other-seed=bulk001");
    for args in [
        &["check"][..],
        &["check", "--code", "W9999"],
        &["check", "-o", "nagios"],
        &["check", "--seed-file", "absent"],
    ] {
        let output = site.run(&[args, &["--ping-file", &file]].concat()).await;
        assert_ne!(output.code, Some(0), "{output:#?}");
        assert_eq!(
            took(),
            std::slice::from_ref(&failure),
            "{args:?} {output:#?}"
        );
    }
    // Also where the configuration cannot be read.
    let args = ["check", "--config", "absent.toml", "--ping-file", &file];
    let output = crate::support::run_beside(&site.env, &args).await;
    assert_eq!((output.code, took()), (Some(2), vec![failure]));
    mended(&site);
    // Nobody there, no URL: a warning without the URL, and the same result.
    for text in ["http://127.0.0.1:1/ping/5ecre7", "5ecre7", "file:///5ecre7"] {
        let file = site.env.file("ping", text).display().to_string();
        let output = site.run(&["check", "-q", "--ping-file", &file]).await;
        assert_eq!(output.code, Some(0), "{text} {output:#?}");
        assert!(output.stderr.contains("ping"), "{text} {output:#?}");
        assert!(!output.stderr.contains("5ecre7"), "{text} {output:#?}");
    }
    // From the configuration; none while another check runs.
    site.env.file("ping", &url);
    configure(&site, "", &format!("[check]\nping_file = {file:?}\n"));
    assert_eq!(site.run(&["check"]).await.code, Some(0));
    assert_eq!(took(), [success]);
}

#[tokio::test(flavor = "multi_thread")]
async fn test_alarm_tries_every_channel() {
    let site = healthy().await;
    configure(&site, "name = \"prod\"\n", "");
    let (url, heard) = pings().await;
    let file = site.env.file("ping", &url).display().to_string();
    let before = site.running.ledger().requests.len();
    fs_err::create_dir(site.env.path().join("metrics")).unwrap();
    let args = [
        "check",
        "-q",
        "--test-alarm",
        "--textfile",
        "metrics",
        "--report",
        "report.html",
        "--on-change",
        "--notify",
        "cat > told",
        "--ping-file",
        &file,
    ];
    let output = site.run(&args).await;
    assert_eq!(output.code, Some(10), "{output:#?}");
    assert!(output.stdout.contains("test of the alarm"), "{output:#?}");
    // `explain` does not know the code.
    assert!(!output.stdout.contains("explain"), "{output:#?}");
    let read = |name: &str| fs_err::read_to_string(site.env.path().join(name)).unwrap();
    for (file, expected) in [
        ("told", "test of the alarm"),
        ("report.html", "prod: WeCube check"),
        (
            "metrics/wecubectl_check_prod.prom",
            "pair=\"prod\",code=\"TEST\"",
        ),
    ] {
        assert!(read(file).contains(expected), "{file}: {}", read(file));
    }
    assert_eq!(*heard.lock().unwrap(), ["/ping/5ecre7/fail"]);
    assert_eq!(
        site.running.ledger().requests.len(),
        before,
        "no instance is read"
    );
    let nagios = site.run(&["check", "--test-alarm", "-o", "nagios"]).await;
    assert_eq!(nagios.code, Some(2), "{nagios:#?}");
    assert!(
        nagios.stdout.starts_with("prod CRITICAL - 1 error: TEST"),
        "{nagios:#?}"
    );
    for broken in [["--textfile", "absent"], ["--ping-file", "absent"]] {
        let output = site
            .run(&[&["check", "-q", "--test-alarm"][..], &broken].concat())
            .await;
        assert_eq!(output.code, Some(1), "{broken:?} {output:#?}");
    }
    let output = site
        .run(&[
            "check",
            "-q",
            "--test-alarm",
            "--on-change",
            "--notify",
            "exit 3",
        ])
        .await;
    assert_eq!(output.code, Some(1), "{output:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pairs_do_not_overwrite_each_others_textfile() {
    let (one, other) = (healthy().await, healthy().await);
    let folder = one.env.path().join("metrics");
    fs_err::create_dir(&folder).unwrap();
    let into = folder.display().to_string();
    let check = ["check", "-q", "--textfile", into.as_str()];
    let files = || {
        let files = fs_err::read_dir(&folder).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(one.run(&check).await.code, Some(0));
    // Neither has a name: the second is refused, and says so.
    let path = folder.join("wecubectl_check.prom");
    let text = fs_err::read_to_string(&path).unwrap();
    for output in [other.run(&check).await, other.run(&check).await] {
        assert_eq!(output.code, Some(0), "{output:#?}");
        assert!(output.stderr.contains("another pair"), "{output:#?}");
        assert_eq!(fs_err::read_to_string(&path).unwrap(), text);
    }
    assert!(!mails(&one.run(&check).await));
    configure(&other, "name = \"test\"\n", "");
    assert!(!mails(&other.run(&check).await));
    assert_eq!(
        files(),
        ["wecubectl_check.prom", "wecubectl_check_test.prom"]
    );
    // The same name twice.
    configure(&one, "name = \"test\"\n", "");
    let output = one.run(&check).await;
    assert!(output.stderr.contains("another pair"), "{output:#?}");
    for bad in ["a/b", "../x", "", "a b", "a\\nb"] {
        configure(healthy_config(&other), &format!("name = \"{bad}\"\n"), "");
        assert_eq!(other.run(&check).await.code, Some(2), "{bad}");
    }
}

/// The site with the configuration that it began with.
fn healthy_config(site: &Site) -> &Site {
    site.env.config(site.running.endpoints());
    site
}
