//! Who hears of a check, and when: mail, commands, pings, metrics and their alert rules.

#![cfg(feature = "sim")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wecubectl::sim::{SideName, World, WorldState};

use crate::support::{Output, Site, program_of};

const PROMTOOL: [&str; 1] = ["/usr/bin/promtool"];

async fn healthy() -> Site {
    let (site, applied) = applied(&[]).await;
    assert_eq!(applied.code, Some(0), "{applied:#?}");
    site
}

/// A pair after `apply`, with faults that it has from the start.
async fn applied(faults: &[&str]) -> (Site, Output) {
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

fn fault(site: &Site, fault: &'static str) {
    site.running
        .with_world(move |world| world.add_fault(fault).unwrap());
}

fn mended(site: &Site) {
    site.running.with_world(|world| world.faults.clear());
}

/// Something was printed: cron sends it as a mail.
fn mails(output: &Output) -> bool {
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
async fn pings() -> (String, Arc<Mutex<Vec<String>>>) {
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
        nagios.stdout.starts_with("prod CRITICAL - 1 errors"),
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

type Change = fn(&mut WorldState);

/// One of the twelve situations of docs/monitoring.md.
struct Situation {
    name: &'static str,
    chinese: &'static str,
    how: Change,
    args: &'static [&'static str],
    /// Alerts that fire.
    alerts: &'static [&'static str],
}

fn add(world: &mut WorldState, spec: &str) {
    world.add_fault(spec).unwrap();
}

fn row<'a>(world: &'a mut WorldState, name: &str) -> &'a mut wecubectl::sim::Package {
    let rows = &mut world.database_mut(SideName::New).packages;
    let row = rows.iter_mut().find(|row| row.package.name == name);
    &mut row.expect("the plugin").package
}

/// Another pair, whose gateway has not loaded the routes yet.
const LATE: &[&str] = &["late"];
const NOT_READ: &[&str] = &["WecubeError", "WecubeNotEvaluated"];
const WRONG: &[&str] = &["WecubeError"];

#[rustfmt::skip]
const SITUATIONS: [Situation; 12] = [
    Situation { name: "healthy", chinese: "正常", how: |_| {}, args: &[], alerts: &[] },
    Situation { name: "core down", chinese: "core 停止", how: |w| add(w, "core-down"), args: &[], alerts: NOT_READ },
    Situation { name: "gateway down", chinese: "网关停止", how: |_| {}, args: &["--new-gateway", "http://127.0.0.1:1"], alerts: NOT_READ },
    Situation { name: "one of two portals down", chinese: "两个门户之一停止", how: |_| {}, args: &["--new-portal", "http://127.0.0.1:1"], alerts: NOT_READ },
    Situation { name: "database down behind core (500)", chinese: "core 的数据库停止（500）", how: |w| add(w, "database-down"), args: &[], alerts: NOT_READ },
    Situation { name: "wrong seed", chinese: "令牌种子错误", how: |_| {}, args: &["--seed-file", "wrong-seed"], alerts: NOT_READ },
    Situation { name: "wrong password", chinese: "密码错误", how: |_| {}, args: &["--login-file", "wrong-login"], alerts: NOT_READ },
    Situation { name: "clock an hour behind", chinese: "时钟慢一小时", how: |w| w.new.clock_offset_s = -3600, args: &[], alerts: WRONG },
    Situation { name: "plugin not registered", chinese: "插件未注册", how: |w| row(w, "bulk001").status = "UNREGISTERED".into(), args: &[], alerts: WRONG },
    Situation { name: "half-copied cluster", chinese: "集群只复制了一半", how: |w| { w.side_mut(SideName::New).disks[1] = wecubectl::sim::Disk::default(); }, args: &[], alerts: WRONG },
    Situation { name: "plugin stopped", chinese: "插件停止", how: |w| add(w, "plugin-down=bulk001"), args: &[], alerts: WRONG },
    Situation { name: "route not yet loaded", chinese: "路由尚未加载", how: |_| {}, args: LATE, alerts: &["WecubeWarning"] },
];

/// What a textfile makes the alert rules say, as a test for promtool.
fn promtool_test(name: &str, textfile: &str, alerts: &[&str]) -> String {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs_f64();
    let mut yaml = format!("  - name: {name:?}\n    interval: 1m\n    input_series:\n");
    for line in textfile.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        // The clock of promtool begins at 0.
        let value = if series.starts_with("wecubectl_check_last_success") {
            value.parse::<f64>().unwrap() - now
        } else {
            value.parse().unwrap()
        };
        let series = series.replace('\'', "''");
        writeln!(
            yaml,
            "      - series: '{series}'\n        values: '{value}x40'"
        )
        .unwrap();
    }
    yaml += "    promql_expr_test:\n      - expr: 'count by (alertname) (ALERTS{alertstate=\"firing\"})'\n        eval_time: 30m\n        exp_samples:\n";
    for alert in alerts {
        writeln!(
            yaml,
            "          - labels: '{{alertname=\"{alert}\"}}'\n            value: 1"
        )
        .unwrap();
    }
    yaml
}

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/monitoring/alerts.yml")
}

/// Each situation as cron, Nagios and Prometheus see it; the alert rules on its textfile; and the table
/// of docs/monitoring.md, which is written from what was seen.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_promtool, ignore = "needs promtool")]
#[expect(clippy::too_many_lines, reason = "one table from one pair")]
async fn twelve_situations_say_one_thing() {
    let sites = [healthy().await, applied(&["route-missing=bulk001"]).await.0];
    for site in &sites {
        site.env.file("wrong-seed", "AnotherSeedOfAnotherPlatform");
        site.env.file("wrong-login", "umadmin\nwrong\n");
        fs_err::create_dir(site.env.path().join("metrics")).unwrap();
    }
    let (mut tests, mut long) = (String::new(), String::new());
    let mut tables = [
        "| situation | lines printed | findings | exit code | `-o nagios` | mail | alerts |\n|---|---|---|---|---|---|---|\n".to_owned(),
        "| 情况 | 输出行数 | 发现 | 退出码 | `-o nagios` | 邮件 | 告警 |\n|---|---|---|---|---|---|---|\n".to_owned(),
    ];
    for situation in &SITUATIONS {
        let name = situation.name;
        let (site, args): (_, &[&str]) = match situation.args {
            LATE => (&sites[1], &[]),
            args => (&sites[0], args),
        };
        let file = site.env.path().join("metrics/wecubectl_check.prom");
        let (databases, disks, clock) = site.running.with_world(|world| {
            let new = world.side(SideName::New);
            (
                world.databases.clone(),
                new.disks.clone(),
                world.new.clock_offset_s,
            )
        });
        site.running.with_world(situation.how);
        drop(fs_err::remove_file(&file));
        let quiet = ["check", "-q", "--textfile", "metrics"];
        let mail = site.run(&[&quiet, args].concat()).await;
        let json = site.run(&[&["check", "-o", "json"], args].concat()).await;
        let nagios = site.run(&[&["check", "-o", "nagios"], args].concat()).await;
        let document = json.json();
        let findings = document["findings"]
            .as_array()
            .unwrap_or(&Vec::new())
            .clone();
        let serious: Vec<&str> = findings
            .iter()
            .filter(|finding| finding["severity"] != "info")
            .map(|finding| finding["code"].as_str().unwrap())
            .collect();
        let lines = mail.stdout.lines().count();
        assert_eq!(mail.code, json.code, "{name}");
        assert_eq!(mails(&mail), mail.code != Some(0), "{name} {mail:#?}");
        assert_eq!(mail.stderr, "", "{name}");
        if lines > 10 {
            writeln!(long, "{name}: {lines} lines\n{}", mail.stdout).unwrap();
        }
        let text = fs_err::read_to_string(&file).unwrap();
        tests += &promtool_test(name, &text, situation.alerts);
        for (table, name, yes, no) in [(0, name, "yes", "no"), (1, situation.chinese, "有", "无")]
        {
            let none = |text: String| {
                if text.is_empty() {
                    "–".to_owned()
                } else {
                    text
                }
            };
            writeln!(
                tables[table],
                "| {name} | {lines} | {} | {} | {} | {} | {} |",
                none(serious.join(" ")),
                mail.code.unwrap(),
                nagios.code.unwrap(),
                if mails(&mail) { yes } else { no },
                none(situation.alerts.join(" ")),
            )
            .unwrap();
        }
        site.running.with_world(move |world| {
            world.databases = databases;
            world.side_mut(SideName::New).disks = disks;
            world.new.clock_offset_s = clock;
            world.faults.clear();
        });
    }
    assert_eq!(long, "", "more than ten lines for one cause");
    for (table, name) in tables.iter().zip(["monitoring.md", "monitoring.zh-CN.md"]) {
        crate::check::published(name, "situations", table);
    }
    let Some(promtool) = program_of("WECUBECTL_TEST_PROMTOOL", &PROMTOOL) else {
        return;
    };
    // No check, an old one, one in the future, and one pair of two that is gone.
    let last = "      - series: 'wecubectl_check_last_success_timestamp_seconds{instance=\"a\"PAIR}'\n        values: 'VALUES'\n";
    let series = |pair: &str, values: &str| last.replace("PAIR", pair).replace("VALUES", values);
    for (name, series, alert) in [
        ("absent", String::new(), "WecubeCheckIsAbsent"),
        ("stale", series("", "-7200x40"), "WecubeCheckIsStale"),
        ("future", series("", "99999x40"), "WecubeCheckIsInTheFuture"),
        (
            "gone",
            series(",pair=\"a\"", "0x40") + &series(",pair=\"b\"", "0 stale _x38"),
            "WecubeCheckIsGone",
        ),
    ] {
        let test = promtool_test(name, "", &[alert]);
        tests += &test.replace("    promql", &format!("{series}    promql"));
    }
    let yaml = format!(
        "rule_files:\n  - {:?}\nevaluation_interval: 1m\ntests:\n{tests}",
        rules().display().to_string()
    );
    let tested = promtool_run(
        &promtool,
        &["test", "rules"],
        &sites[0].env.file("test.yml", &yaml),
    );
    assert!(tested.0, "{}\n{yaml}", tested.1);
}

fn promtool_run(promtool: &Path, args: &[&str], file: &Path) -> (bool, String) {
    let output = std::process::Command::new(promtool)
        .args(args)
        .arg(file)
        .output()
        .expect("promtool starts");
    let words = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&words).into_owned(),
    )
}

/// Prometheus reads the rules and every expression of the dashboard.
#[test]
#[cfg_attr(no_promtool, ignore = "needs promtool")]
fn promtool_accepts_rules_and_dashboard() {
    let Some(promtool) = program_of("WECUBECTL_TEST_PROMTOOL", &PROMTOOL) else {
        return;
    };
    let checked = promtool_run(&promtool, &["check", "rules"], &rules());
    assert!(checked.0, "{}", checked.1);
    let path = rules().with_file_name("dashboard.json");
    let board: serde_json::Value = serde_json::from_slice(&fs_err::read(path).unwrap()).unwrap();
    let mut yaml = "groups:\n  - name: dashboard\n    rules:\n".to_owned();
    let mut count = 0;
    for panel in board["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            count += 1;
            let expr = target["expr"].as_str().unwrap().replace("$pair", ".*");
            writeln!(
                yaml,
                "      - record: panel:{count}\n        expr: {expr:?}"
            )
            .unwrap();
        }
    }
    assert!(count > 5);
    let env = crate::support::TestEnv::new();
    let checked = promtool_run(
        &promtool,
        &["check", "rules"],
        &env.file("board.yml", &yaml),
    );
    assert!(checked.0, "{}\n{yaml}", checked.1);
}

/// A `crontab` that keeps its table in a file, as this user's real one must not be touched.
fn stub_crontab(site: &crate::support::TestEnv, script: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = site.path().join("bin");
    if !folder.exists() {
        fs_err::create_dir(&folder).unwrap();
    }
    let program = folder.join("crontab");
    fs_err::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs_err::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:/usr/bin:/bin", folder.display())
}

const CRONTAB: &str = r#"case "$1" in
-l) [ -f "$HOME/table" ] && exec cat "$HOME/table"; echo "no crontab for me" >&2; exit 1;;
-) exec cat > "$HOME/table";;
esac"#;

#[test]
fn cron_install_keeps_what_is_there() {
    let env = crate::support::TestEnv::new();
    env.file("seed", "not-a-real-seed");
    env.file(
        "wecubectl.toml",
        "name = \"prod\"\n[new]\ncore = \"http://127.0.0.1:8000\"\ngateway = \"http://127.0.0.1:8005\"\n\
         portal = [\"http://127.0.0.1:8080\"]\n[auth]\nseed_file = \"seed\"\n",
    );
    let cron = |script: &str, flag: &str| {
        let path = stub_crontab(&env, script);
        let mut command = env.command(&["schedule", "cron", "--config", "wecubectl.toml", flag]);
        command.env("PATH", path);
        crate::support::TestEnv::run_command(command)
    };
    let table = || fs_err::read_to_string(env.path().join("table")).ok();
    // No table yet; then one line, however often it is installed.
    for _ in 0..2 {
        let output = cron(CRONTAB, "--install");
        assert_eq!(output.code, Some(0), "{output:#?}");
        let table = table().unwrap();
        assert_eq!(table.matches("check -q").count(), 1, "{table}");
        assert!(table.contains("WECUBECTL_PAIR=prod /"), "{table}");
    }
    assert_eq!(cron(CRONTAB, "--uninstall").code, Some(0));
    assert_eq!(table().as_deref(), Some(""));
    let mine = "MAILTO=\"\"\n@daily backup # mine";
    env.file("table", mine);
    let installed = cron(CRONTAB, "--install");
    assert_eq!(installed.code, Some(0), "{installed:#?}");
    assert!(table().unwrap().starts_with(mine));
    assert!(installed.stderr.contains("MAILTO"), "{installed:#?}");
    assert_eq!(cron(CRONTAB, "--uninstall").code, Some(0));
    assert_eq!(table().unwrap(), [mine, "\n"].concat());
    // It cannot be read, is refused, or is not there afterwards: said, and never a success.
    env.file("table", mine);
    for (script, said) in [
        (
            "case \"$1\" in -l) echo \"you are not allowed\" >&2; exit 1;; -) exec cat > $HOME/table;; esac",
            "not allowed",
        ),
        (
            "case \"$1\" in -l) exec cat $HOME/table;; -) echo \"bad minute\" >&2; exit 1;; esac",
            "bad minute",
        ),
        (
            "case \"$1\" in -l) exec cat $HOME/table;; -) cat > /dev/null;; esac",
            "crontab -l",
        ),
    ] {
        let output = cron(script, "--install");
        assert_eq!(output.code, Some(1), "{output:#?}");
        assert!(output.stderr.contains(said), "{output:#?}");
        assert_eq!(table().unwrap(), mine, "{said}");
    }
}

#[test]
fn systemd_units_are_not_overwritten_unasked() {
    let env = crate::support::TestEnv::new();
    env.file(
        "wecubectl.toml",
        "lang = \"zh\"\n[new]\ncore = \"http://127.0.0.1:8000\"\ngateway = \"http://127.0.0.1:8005\"\n\
         portal = [\"http://127.0.0.1:8080\"]\n[auth]\nseed_file = \"seed\"\n",
    );
    let write = |more: &[&str]| {
        let args = [
            "schedule",
            "systemd",
            "--config",
            "wecubectl.toml",
            "--dir",
            "new/units",
        ];
        env.run(&[&args, more].concat())
    };
    // The folder is made; what is the same is written again.
    for _ in 0..2 {
        let output = write(&[]);
        assert_eq!(output.code, Some(0), "{output:#?}");
    }
    let service = env.path().join("new/units/wecubectl-check.service");
    let text = fs_err::read_to_string(&service).unwrap();
    assert!(text.contains(" --lang zh "), "{text}");
    let mine = text.replace("Type=oneshot", "Type=oneshot\nNice=5");
    fs_err::write(&service, &mine).unwrap();
    let refused = write(&[]);
    assert_eq!(refused.code, Some(2), "{refused:#?}");
    assert!(refused.stderr.contains("--yes"), "{refused:#?}");
    assert_eq!(fs_err::read_to_string(&service).unwrap(), mine);
    assert_eq!(write(&["--yes"]).code, Some(0));
    assert_eq!(fs_err::read_to_string(&service).unwrap(), text);
}
