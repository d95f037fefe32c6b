//! `check` as cron and monitoring systems run it: the real binary against simulated instances.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wecubectl::sim::{
    Instance, MadeBy, Package, Running, SideName, World, scenario, scenarios, serve,
};

use crate::support::{Output, TestEnv};

const FORMATS: [&str; 7] = [
    "table",
    "json",
    "ndjson",
    "tsv",
    "nagios",
    "prometheus",
    "junit",
];

async fn pair(world: World) -> (Running, TestEnv, String) {
    let running = serve(world.service_time_ms(5.0)).await.unwrap();
    let env = TestEnv::new();
    let config = env.config(running.endpoints()).display().to_string();
    (running, env, config)
}

async fn run(env: &TestEnv, args: &[&str]) -> Output {
    let mut command = tokio::process::Command::from(env.command(args));
    finished(&mut command).await
}

async fn finished(command: &mut tokio::process::Command) -> Output {
    let output = command.output().await.expect("the binary starts");
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

async fn check(env: &TestEnv, config: &str, more: &[&str]) -> Output {
    let mut args = vec!["check", "--config", config];
    args.extend_from_slice(more);
    run(env, &args).await
}

/// `WORD - text|figures`, then lines without a bar.
fn reads_as_nagios(output: &Output) {
    let words = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
    let (first, details) = output.stdout.split_once('\n').expect("a line");
    let code = usize::try_from(output.code.unwrap()).unwrap();
    let begin = format!("WECUBE {} - ", words[code]);
    assert!(first.starts_with(&begin), "{output:#?}");
    assert!(!details.contains('|'), "{output:#?}");
    let (_, figures) = first.split_once('|').expect("figures");
    for figure in figures.split(' ') {
        let (label, value) = figure.split_once('=').expect("label=value");
        assert!(label.bytes().all(|byte| byte.is_ascii_lowercase()));
        let (value, rest) = value.split_once(';').expect("value;warn;crit;min");
        assert_eq!(rest, ";;0", "{figure}");
        value
            .trim_end_matches('s')
            .parse::<f64>()
            .expect("a number");
    }
}

fn reads_as_prometheus(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().map(|line| Ok(line.to_owned()));
    let scrape = prometheus_parse::Scrape::parse(lines).expect("Prometheus' text");
    let samples = scrape.samples.into_iter().map(|sample| {
        let prometheus_parse::Value::Gauge(value) = sample.value else {
            panic!("{sample:?}");
        };
        let severity = sample.labels.get("severity").unwrap_or_default();
        (format!("{} {severity}", sample.metric), value)
    });
    samples.collect()
}

fn reads_as_xml(text: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut cases = 0;
    loop {
        match reader.read_event().expect("XML") {
            quick_xml::events::Event::Eof => return cases,
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                cases += usize::from(tag.name().as_ref() == "testcase");
            }
            _ => {}
        }
    }
}

fn parses(format: &str, output: &Output) {
    match format {
        "json" => drop(output.json()),
        "ndjson" => {
            for line in output.stdout.lines() {
                let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
                assert!(value.is_object());
            }
        }
        "tsv" => {
            for line in output.stdout.lines() {
                assert_eq!(line.split('\t').count(), 9, "{line}");
            }
        }
        "nagios" => reads_as_nagios(output),
        "prometheus" => {
            let samples = reads_as_prometheus(&output.stdout);
            assert!(samples["wecubectl_check_last_success_timestamp_seconds "] > 1e9);
        }
        "junit" => assert!(reads_as_xml(&output.stdout) > 10),
        _ => assert!(output.stdout.lines().count() > 2, "{output:#?}"),
    }
}

/// Every format on every scenario, as it is before `apply` and after it; and the table of the runbook,
/// which is written from what was seen.
#[tokio::test(flavor = "multi_thread")]
async fn every_format_agrees_on_every_scenario() {
    let mut table = String::from(
        "| scenario | `apply` | outcome | exit code | `-o nagios` | codes |\n|---|---|---|---|---|---|\n",
    );
    for name in scenarios() {
        let shown = scenario(name).unwrap();
        let (running, env, config) = pair(shown.world).await;
        for applied in ["before", "after"] {
            if applied == "after" {
                let args = [
                    "apply",
                    "--config",
                    &config,
                    "--yes",
                    "--unknown-after",
                    "1s",
                ];
                run(&env, &args).await;
            }
            let mut codes = BTreeMap::new();
            let mut said = serde_json::Value::Null;
            for format in FORMATS {
                let output = check(&env, &config, &["-o", format]).await;
                parses(format, &output);
                codes.insert(format, output.code.unwrap());
                if format == "json" {
                    said = output.json();
                }
            }
            let nagios = codes.remove("nagios").unwrap();
            let code = codes["table"];
            assert!(
                codes.values().all(|other| *other == code),
                "{name}: {codes:?}"
            );
            assert_eq!(said["exit_code"], code, "{name}");
            assert_eq!(nagios == 0, code == 0, "{name}");
            let mut found: Vec<&str> = said["findings"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|finding| finding["severity"] != "info")
                .map(|finding| finding["code"].as_str().unwrap())
                .collect();
            found.sort_unstable();
            found.dedup();
            let found = if found.is_empty() {
                "–".to_owned()
            } else {
                found.join(" ")
            };
            let outcome = said["outcome"].as_str().unwrap();
            writeln!(
                table,
                "| `{name}` | {applied} | `{outcome}` | {code} | {nagios} | {found} |"
            )
            .unwrap();
        }
        drop(running);
    }
    for name in ["monitoring.md", "monitoring.zh-CN.md"] {
        published(name, "scenarios", &table);
    }
}

/// The table between the markers of a page is what was seen.
#[expect(
    clippy::disallowed_methods,
    reason = "the caller says here that the documents are to be written"
)]
pub(crate) fn published(page: &str, mark: &str, table: &str) {
    let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->\n"));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(page);
    let text = fs_err::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once(&begin).expect("the first marker");
    let (old, tail) = rest.split_once(&end).expect("the last marker");
    if std::env::var_os("WECUBECTL_UPDATE_DOCS").is_some() {
        fs_err::write(&path, format!("{head}{begin}{table}{end}{tail}")).unwrap();
    } else {
        assert_eq!(old, table, "{page} is stale: WECUBECTL_UPDATE_DOCS=1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_with_dead_old_side_is_unknown() {
    let (running, env, config) = pair(World::demo()).await;
    run(&env, &["apply", "--config", &config, "--yes"]).await;
    let dead = [
        "--old-core",
        "http://127.0.0.1:1",
        "--old-gateway",
        "http://127.0.0.1:1",
    ];
    let mut args = vec!["-o", "json"];
    args.extend_from_slice(&dead);
    let output = check(&env, &config, &args).await;
    assert_eq!(output.code, Some(10), "{output:#?}");
    let document = output.json();
    let findings = document["findings"].as_array().unwrap();
    // One finding for each server; what could not be evaluated is explained by it.
    let of_old = findings.iter().filter(|it| it["side"] == "old");
    let of_old: Vec<_> = of_old.filter(|it| it["severity"] != "info").collect();
    assert_eq!(of_old.len(), 1, "{document:#}");
    let explains = of_old[0]["explains"].as_array().unwrap();
    assert!(
        explains.iter().any(|it| it["certainty"] == "unknown"),
        "{document:#}"
    );
    assert!(!output.stdout.contains("hidden"), "{}", output.stdout);
    assert!(!document["evaluated"].as_array().unwrap().is_empty());
    args[1] = "nagios";
    let output = check(&env, &config, &args).await;
    assert!(matches!(output.code, Some(2 | 3)), "{output:#?}");
    drop(running);
}

/// A plugin without UI that nothing depends on: its only instance is missed because a check saw it, or
/// because the configuration says so.
#[tokio::test(flavor = "multi_thread")]
async fn gone_instance_is_error_until_accepted() {
    let mut salt = Package::new("salt", "v1.0.0").made_by(MadeBy::V4);
    salt.instances.push(Instance {
        made_by: MadeBy::V4,
        ..Instance::default()
    });
    let world = World::plugins(2)
        .new_version("v4.5.6")
        .old_version("v4.0.0")
        .package(salt);
    let (running, env, config) = pair(world).await;
    run(&env, &["apply", "--config", &config, "--yes"]).await;
    let well = check(&env, &config, &[]).await;
    assert_eq!(well.code, Some(0), "{well:#?}");
    running.with_world(|world| {
        let rows = &mut world.database_mut(SideName::New).packages;
        let salt = rows.iter_mut().find(|row| row.package.name == "salt");
        salt.unwrap().package.instances.clear();
    });
    for _ in 0..2 {
        let gone = check(&env, &config, &["-o", "json"]).await;
        assert_eq!(gone.code, Some(10), "{gone:#?}");
        let document = gone.json();
        let findings = document["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 1, "{document:#}");
        assert_eq!(findings[0]["code"], "W0317");
    }
    let mail = check(&env, &config, &["-q"]).await;
    assert!(mail.stdout.contains("--accept-gone salt"), "{mail:#?}");
    let nagios = check(&env, &config, &["-o", "nagios"]).await;
    assert_eq!(nagios.code, Some(2), "{nagios:#?}");
    let never = check(&env, &config, &["--accept-gone", "pepper"]).await;
    assert_eq!(never.code, Some(2), "{never:#?}");
    for args in [&["--accept-gone", "salt"][..], &[]] {
        let accepted = check(&env, &config, args).await;
        assert_eq!(accepted.code, Some(0), "{accepted:#?}");
    }
    // Without what earlier checks saw, the configuration says it.
    let text = fs_err::read_to_string(&config).unwrap();
    env.file(
        "wecubectl.toml",
        &(text + "[check]\nexpect_running = [\"salt\"]\n"),
    );
    let expected = check(&env, &config, &["-q", "--state-dir", "fresh"]).await;
    assert_eq!(expected.code, Some(10), "{expected:#?}");
    assert!(expected.stdout.contains("expect_running"), "{expected:#?}");
    // What earlier checks saw cannot be read: that is said, also with `-q`.
    for file in std::fs::read_dir(env.path().join("state/kept")).unwrap() {
        let path = file.unwrap().path();
        if path.display().to_string().contains("running-") {
            fs_err::write(path, "{").unwrap();
        }
    }
    let unread = check(&env, &config, &["-q"]).await;
    assert!(unread.stderr.contains("running"), "{unread:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn monitor_formats_are_refused_by_other_commands() {
    let env = TestEnv::new();
    for format in ["nagios", "prometheus", "junit"] {
        let output = run(&env, &["explain", "-o", format]).await;
        assert_eq!(output.code, Some(2), "{output:#?}");
        assert!(output.stderr.contains("json"), "{output:#?}");
        assert_eq!(output.stdout, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nagios_failure_is_unknown() {
    let env = TestEnv::new();
    for args in [
        &["check", "-o", "nagios", "--no-such-flag"][..],
        &["check", "--output=nagios", "--severity", "none"],
        &["check", "-o", "nagios"],
        &["check", "-o", "nagios", "--config", "absent.toml"],
    ] {
        let output = run(&env, args).await;
        assert_eq!(output.code, Some(3), "{args:?} {output:#?}");
        assert!(
            output.stdout.starts_with("WECUBE UNKNOWN - "),
            "{output:#?}"
        );
        assert!(!output.stdout.contains('|'));
    }
    let output = run(&env, &["check", "-o", "junit"]).await;
    assert_eq!(output.code, Some(2));
    assert_eq!(reads_as_xml(&output.stdout), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn baseline_hides_accepted_findings_until_date() {
    let (_running, env, config) = pair(World::demo()).await;
    let loud = check(&env, &config, &["-q"]).await;
    assert_eq!(loud.code, Some(10), "{loud:#?}");
    assert!(
        loud.stdout.contains('W') && loud.stderr.is_empty(),
        "{loud:#?}"
    );
    let saved = check(
        &env,
        &config,
        &["--save-baseline", "accepted.json", "-o", "json"],
    )
    .await;
    assert_eq!(saved.code, Some(0), "{saved:#?}");
    assert!(!saved.json()["accepted"].as_array().unwrap().is_empty());
    let path = env.path().join("accepted.json");
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = check(&env, &config, &["--save-baseline", "accepted.json"]).await;
    assert_eq!(again.code, Some(2), "{again:#?}");
    let quiet = check(&env, &config, &["-q", "--baseline", "accepted.json"]).await;
    assert_eq!(
        (quiet.code, quiet.stdout.as_str(), quiet.stderr.as_str()),
        (Some(0), "", "")
    );
    // Its day is over.
    let expired = fs_err::read_to_string(&path).unwrap();
    let day = expired.split("\"expires\": \"").nth(1).unwrap()[..10].to_owned();
    let expired = expired.replace(&day, "2020-01-01");
    env.file("accepted.json", &expired);
    let over = check(&env, &config, &["--baseline", "accepted.json"]).await;
    assert_eq!(over.code, Some(10), "{over:#?}");
    assert!(over.stdout.contains("2020-01-01"), "{over:#?}");
    env.file("accepted.json", "{");
    let torn = check(&env, &config, &["--baseline", "accepted.json"]).await;
    assert_eq!(torn.code, Some(2), "{torn:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn textfile_is_whole_and_changes_no_result() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_running, env, config) = pair(World::demo()).await;
    let folder = env.path().join("textfile");
    std::fs::create_dir(&folder).unwrap();
    let output = check(&env, &config, &["-q", "--textfile", "textfile"]).await;
    assert_eq!(output.code, Some(10));
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    assert_eq!(files.len(), 1, "nothing is left beside it");
    let path = folder.join("wecubectl_check.prom");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
    let samples = reads_as_prometheus(&fs_err::read_to_string(&path).unwrap());
    assert!(samples["wecubectl_check_findings error"] > 0.0);
    assert!(samples["wecubectl_check_requests "] > 0.0);
    let output = check(&env, &config, &["--textfile", "absent"]).await;
    assert_eq!(output.code, Some(10), "{output:#?}");
    assert!(output.stderr.contains("absent"), "{output:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wait_ends_when_ok_or_time_over() {
    let (_running, env, config) = pair(World::demo()).await;
    let early = check(&env, &config, &["--wait-until-ok", "2s", "-o", "json"]).await;
    assert_eq!(early.code, Some(10), "{early:#?}");
    assert!(early.stderr.contains("waiting for: W"), "{early:#?}");
    check(&env, &config, &["--save-baseline", "accepted.json"]).await;
    let well = check(
        &env,
        &config,
        &["--wait-until-ok", "1h", "--baseline", "accepted.json"],
    )
    .await;
    assert_eq!(well.code, Some(0), "{well:#?}");
    let bad = check(&env, &config, &["--wait-until-ok", "soon"]).await;
    assert_eq!(bad.code, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn second_check_is_locked_out() {
    let (_running, env, config) = pair(World::demo()).await;
    let mut first = tokio::process::Command::from(env.command(&[
        "check",
        "--config",
        &config,
        "--wait-until-ok",
        "10m",
    ]));
    let mut first = first.kill_on_drop(true).spawn().unwrap();
    // It says what it waits for once it holds the lock and has looked.
    let mut told = [0; 8];
    tokio::io::AsyncReadExt::read_exact(first.stderr.as_mut().unwrap(), &mut told)
        .await
        .unwrap();
    let second = check(&env, &config, &["-o", "json"]).await;
    assert_eq!(second.code, Some(30), "{second:#?}");
    assert_eq!(second.json()["outcome"], "locked");
    let quiet = check(&env, &config, &["-q"]).await;
    assert_eq!(
        (quiet.code, quiet.stdout.as_str(), quiet.stderr.as_str()),
        (Some(30), "", "")
    );
    // Another check runs, so nothing is requested for this one: neither success nor failure.
    let (url, heard) = crate::check_alarm::pings().await;
    let file = env.file("ping", &url).display().to_string();
    let pinged = check(&env, &config, &["-q", "--ping-file", &file]).await;
    assert_eq!(pinged.code, Some(30), "{pinged:#?}");
    assert_eq!(*heard.lock().unwrap(), Vec::<String>::new());
    // A holder that will not end by itself is no check in progress: never silent, never 30.
    for (holder, said) in [
        (HOLDER.replace("SINCE", "2026-01-01T00:00:00Z"), "minutes"),
        (HOLDER.replace("SINCE", "2999-01-01T00:00:00Z"), "future"),
        (String::new(), "does not say"),
        ("{".to_owned(), "does not say"),
    ] {
        for entry in std::fs::read_dir(env.path().join("state/locks")).unwrap() {
            fs_err::write(entry.unwrap().path(), &holder).unwrap();
        }
        let warned = check(&env, &config, &["-q"]).await;
        assert_eq!(warned.code, Some(1), "{holder} {warned:#?}");
        assert!(warned.stderr.contains(said), "{holder} {warned:#?}");
    }
    // An apply does not wait for a check.
    let plan = run(&env, &["apply", "--config", &config, "--yes"]).await;
    assert_eq!(plan.code, Some(0), "{plan:#?}");
    // And the check that waited has seen that all is well now.
    let ended = tokio::time::timeout(std::time::Duration::from_mins(1), first.wait()).await;
    assert_eq!(ended.unwrap().unwrap().code(), Some(0));
}

/// Who holds a lock, as its file says it.
const HOLDER: &str =
    r#"{"who":{"user":"root","host":"host","pid":1},"since":"SINCE","command":"check"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn check_runs_in_cron_environment() {
    let (running, env, config) = pair(World::demo()).await;
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_wecubectl"));
    command
        .env_clear()
        .env("LANG", "C")
        .current_dir("/proc")
        .args(["check", "-q", "--config", &config])
        .stdin(std::process::Stdio::null());
    let output = finished(&mut command).await;
    assert_eq!(output.code, Some(10), "{output:#?}");
    assert_eq!(output.stderr, "");
    assert!(output.stdout.contains("W0"), "{output:#?}");
    assert!(output.stdout.is_ascii(), "{output:#?}");
    // A state directory that cannot be used: a clear line, and the check goes on.
    let output = check(&env, &config, &["--state-dir", "/proc/none"]).await;
    assert_eq!(output.code, Some(10), "{output:#?}");
    assert!(output.stderr.contains("/proc/none"), "{output:#?}");
    let ledger = running.ledger();
    assert_eq!(
        ledger.writes_to(SideName::New) + ledger.writes_to(SideName::Old),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_arguments_are_never_ok() {
    let (_running, env, config) = pair(World::demo()).await;
    for args in [
        &["--code", "W9999"][..],
        &["--skip-code", "W9"],
        &["--plugin", "no-such-plugin"],
        &["--baseline", "absent.json"],
        &["--save-baseline", "x.json", "--baseline-expires", "soon"],
    ] {
        let output = check(&env, &config, args).await;
        assert_eq!(output.code, Some(2), "{args:?} {output:#?}");
    }
    let list = check(&env, &config, &["--list", "-o", "json"]).await;
    assert!(list.json()["checks"].as_array().unwrap().len() > 30);
}

/// Whether a tool of the system is there. In CI its absence is a failure, never a skip.
#[expect(
    clippy::disallowed_methods,
    reason = "whether this is CI stands in the environment"
)]
fn there(tool: &str) -> bool {
    let found = std::process::Command::new("which").arg(tool).output();
    let found = found.is_ok_and(|output| output.status.success());
    assert!(found || std::env::var_os("CI").is_none(), "no {tool}");
    found
}

#[test]
fn systemd_accepts_the_units() {
    let env = TestEnv::new();
    env.file("seed", "not-a-real-seed");
    env.file(
        "wecubectl.toml",
        "[new]\ncore = \"http://127.0.0.1:8000\"\ngateway = \"http://127.0.0.1:8005\"\n\
         portal = [\"http://127.0.0.1:8080\"]\n[auth]\nseed_file = \"seed\"\n",
    );
    let args = ["schedule", "systemd", "--config", "wecubectl.toml"];
    let printed = env.run(&args);
    assert_eq!(printed.code, Some(0), "{printed:#?}");
    assert!(!printed.stdout.contains("not-a-real-seed"));
    assert!(
        printed.stdout.contains("LoadCredential=seed:/"),
        "{printed:#?}"
    );
    let mut args = args.to_vec();
    args.extend(["--dir", "."]);
    assert_eq!(env.run(&args).code, Some(0));
    if !there("systemd-analyze") {
        return;
    }
    for unit in ["wecubectl-check.service", "wecubectl-check.timer"] {
        let output = std::process::Command::new("systemd-analyze")
            .args(["verify", "--man=no", "--recursive-errors=no"])
            .arg(env.path().join(unit))
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{unit}: {words}");
        assert!(!words.contains("wecubectl-check"), "{unit}: {words}");
    }
}

#[test]
fn schedule_without_config_is_refused() {
    let env = TestEnv::new();
    for what in ["cron", "systemd"] {
        let output = env.run(&["schedule", what]);
        assert_eq!(output.code, Some(2), "{output:#?}");
        assert!(output.stderr.contains("--config"), "{output:#?}");
    }
}
