//! `deploy init`, `lint` and `render` as the real binary, next to real shells and the real compose.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use wecubectl::deploy::env::{EnvFile, quoted};

use crate::support::hosts::{s3_that_refuses, ssh_that_takes};
use crate::support::kill::{Ended, killed_at};
use crate::support::{Output, TestEnv};

/// The guide's variables with ordinary values; `more` is added, or replaces lines of the same name.
pub(crate) fn env_text(more: &[(&str, &str)]) -> String {
    let mut values: BTreeMap<&str, &str> = [
        ("WECUBE_VERSION", "v4.5.6"),
        ("HOSTIP", "10.0.0.1"),
        ("JWT_SIGNING_KEY", "Platform+Auth+Server+Secret"),
        ("mysql_wecube_host", "10.0.0.10"),
        ("mysql_wecube_port", "3307"),
        ("mysql_wecube_username", "root"),
        ("mysql_wecube_password", "core-password"),
        ("mysql_auth_host", "10.0.0.11"),
        ("mysql_auth_port", "3308"),
        ("mysql_auth_username", "root"),
        ("mysql_auth_password", "auth-password"),
        ("s3_host", "10.0.0.12"),
        ("s3_port", "9000"),
        ("s3_access", "access_key"),
        ("s3_secret", "s3-secret-value"),
        ("host_wecube_username", "root"),
        ("host_wecube_password", "ssh-password"),
        ("encrypt_seed", "login-seed"),
    ]
    .into();
    values.extend(more.iter().copied());
    values.iter().fold(String::new(), |text, (name, value)| {
        text + name + "=" + &quoted(value) + "\n"
    })
}

fn deploy(env: &TestEnv, args: &[&str]) -> Output {
    let file = env.path().join("upgrade.env").display().to_string();
    let all: Vec<&str> = ["--env-file", &file, "deploy"]
        .iter()
        .chain(args)
        .copied()
        .collect();
    env.run(&all)
}

fn has(program: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    found.is_ok()
}

/// Whether a test that needs a program goes on. In CI its absence is a failure, never a skip.
#[expect(
    clippy::disallowed_methods,
    reason = "CI decides whether a skip is a failure"
)]
fn wanted(program: &str) -> bool {
    let there = has(program);
    assert!(
        there || std::env::var_os("CI").is_none(),
        "{program} is not there"
    );
    there
}

/// What a shell makes of files: the value of `A` and `B` of each, and whether it took the file.
fn by_shell(shell: &str, folder: &Path, files: &[String]) -> Vec<(String, String)> {
    let mut script = String::new();
    for (at, text) in files.iter().enumerate() {
        fs_err::write(folder.join(format!("f{at}")), text).unwrap();
        let _ = writeln!(
            script,
            "( unset A B; . ./f{at} >/dev/null 2>&1; printf '%s\\0%s\\0' \"$A\" \"$B\" )"
        );
    }
    fs_err::write(folder.join("script"), script).unwrap();
    let output = Command::new(shell)
        .arg("script")
        .env_clear()
        // Nothing that a file may name by accident is found.
        .env("PATH", "/nonexistent")
        .env("HOME", "/home-of-nobody")
        .current_dir(folder)
        .output()
        .unwrap();
    let mut words = output
        .stdout
        .split(|byte| *byte == 0)
        .map(|word| String::from_utf8(word.to_vec()).unwrap());
    let mut found = Vec::new();
    while let (Some(a), Some(b)) = (words.next(), words.next()) {
        found.push((a, b));
    }
    found
}

#[test]
fn env_file_reads_as_real_shells_do() {
    let piece = proptest::sample::select(vec![
        "A=", "B=", "export ", "export A", "'", "\"", "\\", "\n", "\\\n", " ", "\t", "#", "x",
        "yz", "$", "`", ";", "|", "&", "~", "/", ":", "=", "*", "?", "[", "{a,b}", "!", "密码",
        "(", ")", "<", "%", "-n", "''", "\"\"", "1",
    ]);
    let text = proptest::collection::vec(piece, 1..14).prop_map(|pieces| {
        let mut text = pieces.concat();
        text.insert_str(0, "A=");
        text.push('\n');
        text
    });
    let mut runner = TestRunner::deterministic();
    let mut accepted = Vec::new();
    for _ in 0..6000 {
        let text = text.new_tree(&mut runner).unwrap().current();
        if let Ok(file) = EnvFile::parse(&text) {
            accepted.push((text, file));
        }
    }
    assert!(accepted.len() > 200, "only {}", accepted.len());
    let texts: Vec<String> = accepted.iter().map(|(text, _)| text.clone()).collect();
    let folder = tempfile::tempdir().unwrap();
    for shell in ["/bin/sh", "/bin/bash"].iter().filter(|shell| has(shell)) {
        let told = by_shell(shell, folder.path(), &texts);
        assert_eq!(told.len(), accepted.len(), "{shell}");
        for ((text, file), (a, b)) in accepted.iter().zip(&told) {
            let ours = |name: &str| file.assigned(name).map_or("", |value| value.expose());
            assert_eq!(ours("A"), a, "{shell} reads another A in {text:?}");
            assert_eq!(ours("B"), b, "{shell} reads another B in {text:?}");
        }
    }
}

#[test]
fn env_file_ignores_crlf_and_bom() {
    let env = TestEnv::new();
    let text = format!("\u{feff}{}", env_text(&[]).replace('\n', "\r\n"));
    env.file("upgrade.env", &text);
    let output = deploy(&env, &["render", "--yes"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let file = fs_err::read_to_string(env.path().join("2-wecube-platform-core.yml")).unwrap();
    assert!(file.contains("\"db_pass=core-password\"\n") && !file.contains('\r'));
}

const HOSTILE: [&str; 4] = [
    "a/b & c $d ${e} : # ' \" \\ {{x}} {{HOSTIP}} ~ ` * ? [x] {y} | > % @ !",
    "密码：中文，emoji 🔑 and \u{a0}\u{2028}\u{feff} blanks  ",
    " - leading: dash, 'quotes'' and \\\\ back\\slashes\\n \ttab",
    "first line\nsecond line: $$ $$$ \n\n",
];

/// Compose programs that are here: v1, v2.
fn composes() -> Vec<Vec<&'static str>> {
    let v2 = Command::new("docker")
        .args(["compose", "version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let mut found = Vec::new();
    if has("docker-compose") {
        found.push(vec!["docker-compose"]);
    }
    if v2.is_ok_and(|status| status.success()) {
        found.push(vec!["docker", "compose"]);
    }
    found
}

#[test]
#[cfg_attr(no_compose, ignore = "needs docker-compose")]
fn render_values_resolve_byte_for_byte_in_compose() {
    if composes().is_empty() && !wanted("docker-compose") {
        return;
    }
    let kilobyte = "0123456789$abc'\"\\/&:# 密".repeat(40);
    let places = [
        ("mysql_wecube_password", 2, "db_pass"),
        ("s3_secret", 2, "s3_secret_key"),
        ("JWT_SIGNING_KEY", 2, "jwt_signing_key"),
        ("host_wecube_password", 2, "static_resource_server_password"),
        (
            "resource_server_password_seed",
            2,
            "resource_server_password_seed",
        ),
        ("mysql_auth_password", 1, "MYSQL_USER_PASSWORD"),
        ("mysql_auth_username", 1, "MYSQL_USER_NAME"),
        ("mail_password", 1, "AUTH_PASSWORD"),
        (
            "wecube_sub_system_core_code",
            3,
            "WECUBE_SUB_SYSTEM_CORE_CODE",
        ),
        ("time_zone", 4, "TZ"),
    ];
    let values: Vec<&str> = HOSTILE.iter().copied().chain([kilobyte.as_str()]).collect();
    // Each value is in several places; the second round shuffles them.
    for round in [0, 2] {
        let value_at = |place: usize| values[(place + round) % values.len()];
        let env = TestEnv::new();
        let more: Vec<(&str, &str)> = (0..)
            .zip(places)
            .map(|(at, (name, ..))| (name, value_at(at)))
            .collect();
        env.file("upgrade.env", &env_text(&more));
        let output = deploy(&env, &["render", "--yes"]);
        assert_eq!(output.code, Some(0), "{output:?}");
        for compose in composes() {
            let files: Vec<_> = (1..=4)
                .map(|number| resolved(&compose, env.path(), number))
                .collect();
            for (at, (name, number, key)) in (0..).zip(places) {
                let told = files[number - 1][key].as_str();
                assert_eq!(
                    told,
                    Some(value_at(at)),
                    "{compose:?}: {name} in file {number}"
                );
            }
        }
    }
}

/// The environment of a file's one service, as compose resolves it.
fn resolved(compose: &[&str], folder: &Path, number: usize) -> serde_json::Value {
    let file = fs_err::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with(&format!("{number}-"))
        })
        .unwrap();
    let output = Command::new(compose[0])
        .args(&compose[1..])
        .arg("-f")
        .arg(&file)
        .arg("config")
        .env("LANG", "C.UTF-8")
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let tree: serde_json::Value =
        serde_saphyr::from_str(&String::from_utf8(output.stdout).unwrap()).unwrap();
    let services = tree["services"].as_object().unwrap();
    let mut environment = services.values().next().unwrap()["environment"].clone();
    // `config` writes a file that could be read again: it doubles each `$`.
    for value in environment.as_object_mut().unwrap().values_mut() {
        let text = value.as_str().map(|text| text.replace("$$", "$"));
        if let Some(text) = text {
            *value = text.into();
        }
    }
    environment
}

#[test]
fn render_masks_diff_backs_up_and_keeps_mode() {
    let env = TestEnv::new();
    env.file("upgrade.env", &env_text(&[]));
    assert_eq!(
        deploy(&env, &["render"]).code,
        Some(15),
        "nobody is there to ask"
    );
    assert_eq!(deploy(&env, &["render", "--diff"]).code, Some(0));
    let core = env.path().join("2-wecube-platform-core.yml");
    assert!(
        !core.exists(),
        "--diff and a question without answer write nothing"
    );

    let first = deploy(&env, &["render", "--yes", "-o", "json"]).json();
    assert_eq!(first["files"][1]["result"], "created");
    let before = fs_err::metadata(&core).unwrap().modified().unwrap();
    let again = deploy(&env, &["render", "-o", "json"]).json();
    assert_eq!(again["outcome"], "nothing_to_do");
    assert_eq!(fs_err::metadata(&core).unwrap().modified().unwrap(), before);

    env.file(
        "upgrade.env",
        &env_text(&[("mysql_wecube_password", "changed-password")]),
    );
    let shown = deploy(&env, &["render", "--diff"]);
    assert!(
        shown.stdout.contains("-      - \"db_pass=******"),
        "{shown:?}"
    );
    let written = deploy(&env, &["render", "--yes"]);
    for text in [
        &shown.stdout,
        &shown.stderr,
        &written.stdout,
        &written.stderr,
    ] {
        for secret in [
            "core-password",
            "changed-password",
            "s3-secret-value",
            "ssh-password",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    let names = names_in(env.path());
    assert!(
        names.contains(&"2-wecube-platform-core.yml.bak-0001".to_owned()),
        "{names:?}"
    );
    for name in names.iter().filter(|name| name.contains(".yml")) {
        let mode = fs_err::metadata(env.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    fs_err::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

/// Killed before each of its calls in turn, while it replaces files by others.
#[tokio::test]
async fn render_killed_leaves_whole_files() {
    let env = TestEnv::new();
    let file = env.path().join("upgrade.env").display().to_string();
    let render = |version: &str, out: &Path| {
        env.file("upgrade.env", &env_text(&[("WECUBE_VERSION", version)]));
        let out = out.display().to_string();
        env.command(&[
            "--env-file",
            &file,
            "deploy",
            "render",
            "--yes",
            "-o",
            "json",
            "--out",
            &out,
        ])
    };
    let whole = ["v4.0.0", "v4.5.6"].map(|version| {
        let folder = env.path().join(version);
        fs_err::create_dir(&folder).unwrap();
        assert_eq!(TestEnv::run_command(render(version, &folder)).code, Some(0));
        contents(&folder)
    });
    let out = env.path().join("out");
    for n in 1.. {
        fs_err::create_dir(&out).unwrap();
        for (name, text) in &whole[0] {
            fs_err::write(out.join(name), text).unwrap();
        }
        let call = match killed_at(&render("v4.5.6", &out), n).await {
            Ended::Killed(call) => call,
            Ended::ByItself { calls, code } => {
                assert_eq!((calls, code), (n - 1, 0));
                assert!(n > 20, "{n} calls");
                break;
            }
        };
        for (name, text) in contents(&out) {
            let known = whole.iter().any(|files| files[&name] == text);
            assert!(known, "{call}: {name} is neither of the two");
        }
        let again = TestEnv::run_command(render("v4.5.6", &out));
        assert_eq!(again.code, Some(0), "{call}: {again:#?}");
        assert_eq!(contents(&out), whole[1], "{call}");
        let names = names_in(&out);
        let left = names.iter().filter(|name| name.starts_with('.'));
        assert_eq!(left.count(), 0, "{call}: {names:?}");
        fs_err::remove_dir_all(&out).unwrap();
    }
}

/// The four files of a folder.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    names_in(folder)
        .into_iter()
        .filter(|name| Path::new(name).extension().is_some_and(|it| it == "yml"))
        .map(|name| {
            (
                name.clone(),
                fs_err::read_to_string(folder.join(name)).unwrap(),
            )
        })
        .collect()
}

#[test]
fn env_file_faults_reported_at_once_without_execution() {
    let env = TestEnv::new();
    let text = "WECUBE_VERSION=v4.0.0\nHOSTIP=$(touch executed)\nHOSTPI='x'\ns3_host='1'\ns3_host='2'\nnonsense\nhttp_timeout_minute=3\n";
    env.file("upgrade.env", text);
    for step in ["lint", "render"] {
        let output = deploy(&env, &[step]);
        assert_eq!(output.code, Some(2), "{output:?}");
        for words in [
            "line 2:",
            "line 3:",
            "line 5:",
            "line 6:",
            "line 7:",
            "JWT_SIGNING_KEY is missing",
        ] {
            assert!(
                output.stderr.contains(words),
                "{step}: {words}: {}",
                output.stderr
            );
        }
    }
    assert!(!env.path().join("executed").exists());
}

#[test]
fn render_own_templates_and_names_line_of_leftover() {
    let env = TestEnv::new();
    env.file("upgrade.env", &env_text(&[("own_value", "mine")]));
    let folder = env.path().join("templates");
    fs_err::create_dir(&folder).unwrap();
    let templates = folder.display().to_string();
    let missing = deploy(&env, &["render", "--templates", &templates]);
    assert_eq!(missing.code, Some(2));
    assert!(
        missing.stderr.contains("4-wecube-portal.yml"),
        "{missing:?}"
    );
    for name in [
        "1-wecube-platform-auth-server.yml",
        "2-wecube-platform-core.yml",
        "3-wecube-platform-gateway.yml",
        "4-wecube-portal.yml",
    ] {
        fs_err::write(
            folder.join(name),
            "services:\n  one:\n    environment:\n      - X={{own_value}}\n",
        )
        .unwrap();
    }
    let done = deploy(&env, &["render", "--yes", "--templates", &templates]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(
        !done.stderr.contains("own_value"),
        "a used name is no warning: {done:?}"
    );
    fs_err::write(folder.join("4-wecube-portal.yml"), "a: 1\nb: {{absent}}\n").unwrap();
    let left = deploy(&env, &["render", "--yes", "--templates", &templates]);
    assert_eq!(left.code, Some(2));
    assert!(left.stderr.contains("4-wecube-portal.yml line 2") && left.stderr.contains("absent"));
}

#[test]
fn init_copies_old_values_lists_missing_and_never_overwrites() {
    let env = TestEnv::new();
    env.file(
        "old.yml",
        "services:\n  platform-core:\n    ports: ['19100:8080']\n    environment:\n      - S3_ENDPOINT=http://10.0.0.12:9000\n      - S3_SECRET_KEY=old-s3-secret\n      - WECUBE_CUSTOM_PARAM=--wecube.core.plugin.passwordEncryptionSeed=old-seed\n",
    );
    let output = env.run(&["deploy", "init", "--from-old", "old.yml", "-o", "json"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let lacks = output.json()["not_found"].to_string();
    assert!(
        lacks.contains("mysql_auth_host") && !lacks.contains("s3_host"),
        "{lacks}"
    );
    assert!(!output.stdout.contains("old-s3-secret") && !output.stderr.contains("old-seed"));
    let text = fs_err::read_to_string(env.path().join("upgrade.env")).unwrap();
    let file = EnvFile::parse(&text).unwrap();
    assert_eq!(file.get("s3_secret"), Some("old-s3-secret"));
    assert_eq!(file.get("resource_server_password_seed"), Some("old-seed"));
    for name in ["upgrade.env", "wecubectl.toml"] {
        let mode = fs_err::metadata(env.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let again = env.run(&["deploy", "init"]);
    assert_eq!(again.code, Some(2));
    assert_eq!(
        fs_err::read_to_string(env.path().join("upgrade.env")).unwrap(),
        text
    );
    // The configuration that it wrote leads to the env file.
    let lint = env.run(&[
        "--config",
        "wecubectl.toml",
        "deploy",
        "lint",
        "--no-host",
        "-o",
        "json",
    ]);
    assert_eq!(lint.code, Some(10), "{lint:?}");
    assert!(lint.stdout.contains("W0801"));
}

#[test]
fn lint_reach_tests_targets_and_hides_password() {
    let env = TestEnv::new();
    let bin = ssh_that_takes(env.path(), "it's \"right\" $1 密码");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = listener.local_addr().unwrap().port().to_string();
    let s3 = s3_that_refuses().to_string();
    let codes = |password: &str, database: &str| {
        env.file(
            "upgrade.env",
            &env_text(&[
                ("host_wecube_password", password),
                ("static_resource_server_ips", "127.0.0.1"),
                ("static_resource_server_port", &open),
                ("mysql_wecube_host", "127.0.0.1"),
                ("mysql_wecube_port", &open),
                ("mysql_auth_host", "127.0.0.1"),
                ("mysql_auth_port", database),
                ("s3_host", "127.0.0.1"),
                ("s3_port", &s3),
            ]),
        );
        let file = env.path().join("upgrade.env").display().to_string();
        let args = [
            "--env-file",
            &file,
            "deploy",
            "lint",
            "--no-host",
            "--reach",
            "-o",
            "json",
        ];
        let mut command = env.command(&args);
        command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
        let output = TestEnv::run_command(command);
        let document = output.json();
        let found: Vec<String> = document["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["code"].as_str().unwrap().to_owned())
            .filter(|code| code.starts_with("W09"))
            .collect();
        for text in [&output.stdout, &output.stderr] {
            assert!(!text.contains(password), "{text}");
        }
        for name in ["args", "env"] {
            let noted = fs_err::read_to_string(bin.join(name)).unwrap();
            assert!(!noted.contains(password), "{name}: {noted}");
        }
        found
    };
    assert_eq!(codes("it's \"right\" $1 密码", &open), ["W0903"]);
    assert_eq!(codes("wrong one", "1"), ["W0901", "W0903", "W0906"]);
}

#[test]
fn explain_lint_code_in_both_languages() {
    let env = TestEnv::new();
    let english = env.run(&["explain", "w0814"]);
    assert!(english.stdout.contains("JWT_SIGNING_KEY"), "{english:?}");
    let chinese = env.run(&["--lang", "zh", "explain", "W0814"]);
    assert!(chinese.stdout.contains("登录页"), "{chinese:?}");
}
