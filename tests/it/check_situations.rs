//! Twelve situations as cron, Nagios and Prometheus see them, and the alert rules on their metrics.

#![cfg(feature = "sim")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use wecubectl::sim::{SideName, WorldState};

use crate::check_alarm::{applied, healthy, mails};
use crate::support::program_of;

const PROMTOOL: [&str; 1] = ["/usr/bin/promtool"];

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

/// bulk001 was launched just now.
fn launched_now(world: &mut WorldState) {
    let now = jiff::Timestamp::now().as_second();
    row(world, "bulk001").instances[0].id = format!("p_docker_{now:08x}aaaaaaaaaaaaa");
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
    Situation { name: "route not yet loaded", chinese: "路由尚未加载", how: launched_now, args: LATE, alerts: &["WecubeWarning"] },
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
