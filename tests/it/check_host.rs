//! `check` and `schedule` with the tools of a host: cron's own parser and shell, systemd's analysis,
//! signals, and a clock that somebody sets.

#![cfg(feature = "sim")]

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use wecubectl::sim::{Running, SideName, Variable, World, serve};

use tokio::io::AsyncBufReadExt as _;

use crate::support::{Output, TestEnv, path_of_tools, program_of, run_beside};

const CRONTAB: [&str; 1] = ["/usr/bin/crontab"];
const ANALYZE: [&str; 1] = ["/usr/bin/systemd-analyze"];
const FAKETIME: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

async fn healthy() -> (Running, TestEnv) {
    let world = World::plugins(3)
        .new_version("v4.5.6")
        .old_version("v4.0.0");
    let running = serve(world.service_time_ms(5.0)).await.unwrap();
    let env = TestEnv::new();
    env.config(running.endpoints());
    let apply = ["apply", "--yes", "-q", "--config", "wecubectl.toml"];
    let applied = run_beside(&env, &apply).await;
    assert_eq!(applied.code, Some(0), "{applied:#?}");
    (running, env)
}

/// Copies the configuration to a folder whose name every reader of a line takes for something of its
/// own: cron (`%`), the shell, systemd.
fn hostile_folder(env: &TestEnv) -> PathBuf {
    let folder = env.path().join("a b%d 'q' \"$x\" 数据");
    fs_err::create_dir(&folder).unwrap();
    fs_err::copy(env.path().join("wecubectl.toml"), folder.join("w.toml")).unwrap();
    folder
}

/// Runs the command of a crontab line as cron does: what stands before the first bare percent sign,
/// without the backslashes before the others, by `/bin/sh`, with nothing but cron's own variables
/// (crontab(5)). Standard input is closed.
async fn as_cron(line: &str) -> Output {
    let command = line.trim_end().splitn(6, ' ').nth(5).expect("a command");
    let mut words = String::new();
    let mut chars = command.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('%')) => words.extend(chars.next()),
            ('%', _) => break,
            _ => words.push(c),
        }
    }
    let mut shell = tokio::process::Command::new("/bin/sh");
    shell
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LANG", "C")
        .current_dir("/proc")
        .args(["-c", &format!("{words} <&-")]);
    let output = shell.output().await.expect("a shell");
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cron_accepts_the_line() {
    let (running, env) = healthy().await;
    let folder = hostile_folder(&env);
    let config = folder.join("w.toml").display().to_string();
    let printed = env.run(&["schedule", "cron", "--config", &config]);
    assert_eq!(printed.code, Some(0), "{printed:#?}");
    if let Some(crontab) = program_of("WECUBECTL_TEST_CRONTAB", &CRONTAB) {
        let dry_run = |text: &str| {
            let file = env.file("crontab", text);
            // A dry run: nobody's table is touched.
            let output = std::process::Command::new(&crontab)
                .arg("-n")
                .arg(file)
                .output();
            output.expect("crontab starts").status.success()
        };
        assert!(dry_run(&printed.stdout), "{printed:#?}");
        assert!(
            !dry_run("61 * * * * nobody\n"),
            "it does not read the table"
        );
    }
    // Well: cron has nothing to mail.
    let well = as_cron(&printed.stdout).await;
    assert_eq!((well.code, &*well.stdout, &*well.stderr), (Some(0), "", ""));
    running.with_world(|world| world.add_fault("other-seed=bulk001").unwrap());
    let found = as_cron(&printed.stdout).await;
    assert_eq!(found.code, Some(10), "{found:#?}");
    assert!(found.stdout.contains("W0701"), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_systemd_analyze, ignore = "needs systemd-analyze")]
async fn systemd_analyze_rates_service_secure() {
    let (_running, env) = healthy().await;
    let folder = hostile_folder(&env);
    let config = folder.join("w.toml").display().to_string();
    let args = ["schedule", "systemd", "--config", &config, "--dir", "."];
    let written = env.run(&args);
    assert_eq!(written.code, Some(0), "{written:#?}");
    let Some(analyze) = program_of("WECUBECTL_TEST_SYSTEMD_ANALYZE", &ANALYZE) else {
        return;
    };
    let security = |service: &Path| {
        let output = std::process::Command::new(&analyze)
            .args(["security", "--offline=true", "--threshold=20", "--no-pager"])
            .arg(service)
            .env("PATH", path_of_tools())
            .output()
            .expect("systemd-analyze starts");
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.success(), words)
    };
    let service = env.path().join("wecubectl-check.service");
    for version in ["239", "252"] {
        let with = ["--yes", "--systemd", version];
        let written = env.run(&[&args[..], &with[..]].concat());
        assert_eq!(written.code, Some(0), "{written:#?}");
        let (protected, words) = security(&service);
        assert!(protected, "{version}: exposure above 2.0 of 10: {words}");
    }
    // The same without the protection is told apart.
    let text = fs_err::read_to_string(&service).unwrap();
    let bare: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("Protect") && !line.starts_with("DynamicUser"))
        .collect();
    let bare = env.file("bare.service", &(bare.join("\n") + "\n"));
    assert!(!security(&bare).0, "nothing is measured");
}

/// What the time of day is said to be, for a process with libfaketime before it.
struct Clock {
    file: PathBuf,
}

impl Clock {
    fn at(env: &TestEnv, offset: &str) -> Self {
        let clock = Self {
            file: env.path().join("clock"),
        };
        clock.jump(offset);
        clock
    }

    /// Sets the clock; by rename, so that nobody reads half of it.
    fn jump(&self, offset: &str) {
        let new = self.file.with_extension("new");
        fs_err::write(&new, offset).unwrap();
        fs_err::rename(new, &self.file).unwrap();
    }
}

/// Hours forward and back, again and again, while a check waits: it ends when all is well, by no
/// time-out and with no side unreachable.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_faketime, ignore = "needs faketime")]
async fn clock_jump_fires_no_timeout() {
    let Some(faketime) = program_of("WECUBECTL_TEST_FAKETIME", &FAKETIME) else {
        return;
    };
    let (running, env) = healthy().await;
    let gateway = running.endpoints().new.gateway.clone();
    let clear = |world: &mut wecubectl::sim::WorldState| {
        let rows = &mut world.database_mut(SideName::New).variables;
        rows.retain(|row| row.name != "GATEWAY_URL_NEW");
    };
    running.with_world(clear);
    let clock = Clock::at(&env, "+0");
    let mut command = tokio::process::Command::from(env.command(&[
        "check",
        "--config",
        "wecubectl.toml",
        "--wait-until-ok",
        "60s",
        "-o",
        "json",
    ]));
    command
        .env("LD_PRELOAD", &faketime)
        .env("FAKETIME_TIMESTAMP_FILE", &clock.file)
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let mut child = command.spawn().expect("the binary starts");
    let mut lines = tokio::io::BufReader::new(child.stderr.take().unwrap()).lines();
    let mut said = String::new();
    for offset in ["+5h", "-5h", "+30d", "-1d", "+0"] {
        tokio::time::sleep(Duration::from_millis(700)).await;
        clock.jump(offset);
    }
    // What it waits for is the variable: no jump made a side unreadable.
    while !said.contains("W0201") {
        said += &lines.next_line().await.unwrap().expect(&said);
    }
    let before = running.ledger().requests.len();
    running.with_world(|world| {
        let row = Variable {
            id: "sys_var_healed".to_owned(),
            ..Variable::global("GATEWAY_URL_NEW", &gateway)
        };
        world.database_mut(SideName::New).variables.push(row);
    });
    while let Some(line) = lines.next_line().await.unwrap() {
        said += &line;
    }
    let status = child.wait().await.unwrap();
    assert_eq!(status.code(), Some(0), "{said}");
    assert!(running.ledger().requests.len() > before, "it did not wait");
    for code in ["W0101", "W0105"] {
        assert!(!said.contains(code), "{said}");
    }
}

/// A slow way to an address, on which the clock is set once, while the first request is on it.
async fn slow_way(to: &str, clock: Clock, offset: &'static str) -> String {
    let to = to.trim_start_matches("http://").to_owned();
    let door = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", door.local_addr().unwrap());
    tokio::spawn(async move {
        let mut unset = true;
        while let Ok((mut near, _)) = door.accept().await {
            if std::mem::take(&mut unset) {
                // Its bytes are here, so it is on its way.
                near.readable().await.unwrap();
                clock.jump(offset);
            }
            let to = to.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(300)).await;
                let mut far = tokio::net::TcpStream::connect(to).await.unwrap();
                // An end without a goodbye is no matter of this test.
                drop(tokio::io::copy_bidirectional(&mut near, &mut far).await);
            });
        }
    });
    address
}

/// Hours forward or back while the first answer is awaited: the round trip is not taken for hours,
/// no time-out fires, and no token is dated by a time that was never true.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_faketime, ignore = "needs faketime")]
async fn clock_set_during_request_keeps_token_date() {
    let Some(faketime) = program_of("WECUBECTL_TEST_FAKETIME", &FAKETIME) else {
        return;
    };
    for offset in ["+5h", "-5h"] {
        let (running, env) = healthy().await;
        let clock = Clock::at(&env, "+0");
        let file = clock.file.clone();
        let mut endpoints = running.endpoints().clone();
        endpoints.new.core = slow_way(&endpoints.new.core, clock, offset).await;
        env.config(&endpoints);
        let args = ["check", "--config", "wecubectl.toml", "-o", "json"];
        let before = running.ledger().requests.len();
        let mut command = tokio::process::Command::from(env.command(&args));
        command
            .env("LD_PRELOAD", &faketime)
            .env("FAKETIME_TIMESTAMP_FILE", &file)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        let output = command.output().await.expect("the binary starts");
        assert_ne!(fs_err::read_to_string(&file).unwrap(), "+0", "nobody asked");
        let output = Output {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        };
        // The clock is hours off now, and that alone is found.
        assert_eq!(output.code, Some(10), "{offset} {output:#?}");
        let document = output.json();
        let findings = document["findings"].as_array().expect("findings");
        let other = findings
            .iter()
            .find(|it| it["code"] != "W0104" && it["code"] != "W0109");
        assert_eq!(other, None, "{offset}");
        let requests = running.ledger().requests.split_off(before);
        let of_core = requests
            .iter()
            .filter(|it| it.side == SideName::New && it.has_token);
        let statuses: Vec<Option<u16>> = of_core.map(|it| it.status).collect();
        assert!(!statuses.is_empty());
        assert!(!statuses.contains(&Some(401)), "{offset} {requests:#?}");
    }
}

/// A check that is interrupted says so in one document.
#[tokio::test(flavor = "multi_thread")]
async fn interrupted_check_prints_one_document() {
    let (running, env) = healthy().await;
    running.with_world(|world| world.add_fault("other-seed=bulk001").unwrap());
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let before = running.ledger().requests.len();
        let args = [
            "check",
            "--config",
            "wecubectl.toml",
            "--wait-until-ok",
            "60s",
        ];
        let mut command = tokio::process::Command::from(env.command(&args));
        command.args(["-o", "json"]).stdin(Stdio::null());
        let child = command.spawn().expect("the binary starts");
        while running.ledger().requests.len() == before {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let process = child.id().expect("it runs").to_string();
        let killed = std::process::Command::new("kill")
            .args(["-s", signal, &process])
            .status();
        assert!(killed.expect("kill starts").success());
        let output = child.wait_with_output().await.unwrap();
        let output = Output {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        };
        assert_eq!(output.code, Some(code), "{output:#?}");
        assert!(output.json().is_object(), "{output:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_options_role_retirement_report() {
    let (_running, env) = healthy().await;
    let check = async |more: &[&str]| {
        let mut args = vec!["check", "--config", "wecubectl.toml", "-o", "json"];
        args.extend_from_slice(more);
        run_beside(&env, &args).await
    };
    let codes = |output: &Output| -> Vec<String> {
        let document = output.json();
        let findings = document["findings"].as_array().expect("findings");
        let codes = findings.iter().map(|it| it["code"].as_str().unwrap());
        codes.map(str::to_owned).collect()
    };
    let well = check(&["--report", "report.html"]).await;
    assert_eq!((well.code, codes(&well)), (Some(0), vec![]), "{well:#?}");
    let page = fs_err::read_to_string(env.path().join("report.html")).unwrap();
    assert!(page.contains("<html") && page.contains("v4.5.6"), "{page}");
    // The menus of these plugins are granted to nobody.
    let role = check(&["--role", "SUPER_ADMIN"]).await;
    assert_eq!(role.code, Some(10), "{role:#?}");
    assert!(codes(&role).iter().all(|code| code == "W0320"), "{role:#?}");
    // Instances that the old side launched carry its gateway's address.
    let retire = check(&["--before-retiring-old"]).await;
    assert_eq!(retire.code, Some(10), "{retire:#?}");
    let of_retirement = codes(&retire);
    assert!(
        of_retirement.iter().all(|code| code.starts_with("W05")),
        "{of_retirement:?}"
    );
    assert!(!of_retirement.is_empty());
}
