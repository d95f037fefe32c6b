//! Every bad input has its own message: what, where, why, what next; and nothing is sent or written.

use crate::support::{Output, TestEnv};

fn fails(env: &TestEnv, args: &[&str], code: i32, words: &[&str]) -> Output {
    let output = env.run(args);
    assert_eq!(output.code, Some(code), "{args:?}: {output:#?}");
    for word in words {
        assert!(
            output.stderr.contains(word),
            "{args:?}: {word:?} is not in:\n{}",
            output.stderr
        );
    }
    assert!(
        output.stdout.is_empty(),
        "{args:?}: data on a failure:\n{}",
        output.stdout
    );
    output
}

const SIDES: [&str; 6] = [
    "--new-core",
    "http://127.0.0.1:9",
    "--new-gateway",
    "http://127.0.0.1:9",
    "--new-portal",
    "http://127.0.0.1:9",
];

fn with<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command], &SIDES[..], more].concat()
}

#[test]
fn no_configuration_says_what_is_missing_and_where_it_goes() {
    let env = TestEnv::new();
    fails(
        &env,
        &["plan"],
        2,
        &["--new-core", "wecubectl.toml", "config init"],
    );
    fails(&env, &with("compare", &[]), 2, &["--old-core"]);
    fails(
        &env,
        &["plan", "--config", "missing.toml"],
        2,
        &["missing.toml"],
    );
}

#[test]
fn seeds_that_cannot_be_used_name_the_rule_and_the_position_never_the_value() {
    let env = TestEnv::new();
    fails(&env, &with("plan", &[]), 2, &["--seed-file", "0600"]);
    for (seed, words) in [
        ("canary-canary", &["character 7", "v3"][..]),
        ("canarycanary=", &["character 13"][..]),
        ("canar", &["character 5"][..]),
    ] {
        let path = env.file("seed", seed).display().to_string();
        let output = fails(&env, &with("plan", &["--seed-file", &path]), 2, words);
        assert!(!output.stderr.contains("canar"), "{}", output.stderr);
    }
    let empty = env.file("empty", "").display().to_string();
    fails(
        &env,
        &with("plan", &["--seed-file", &empty]),
        2,
        &["empty", "seed"],
    );
}

#[test]
fn a_seed_that_only_a_v3_takes_does_for_the_old_side_alone() {
    let env = TestEnv::new();
    let seed = env.file("seed", "canary-canary").display().to_string();
    let old = [
        "--old-core",
        "http://127.0.0.1:9",
        "--old-gateway",
        "http://127.0.0.1:9",
        "--old-portal",
        "http://127.0.0.1:9",
    ];
    for (words, seed_flag) in [
        (&["plan", "--target", "v4.0.0"][..], "--seed-file"),
        (&["plan", "--target", "v4.0.0"], "--old-seed-file"),
        (&["plugin", "list", "--side", "old"], "--old-seed-file"),
    ] {
        let args = [words, &old, &[seed_flag, &seed]].concat();
        let output = fails(&env, &args, 21, &["character 7", "v4 does not"]);
        assert!(!output.stderr.contains("canary"), "{}", output.stderr);
    }
    let mint = [
        &["token", "mint", "--side", "old", "--seed-file", &seed][..],
        &old,
    ]
    .concat();
    fails(&env, &mint, 21, &["127.0.0.1:9"]);
}

#[test]
fn a_seed_file_that_others_may_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;
    let env = TestEnv::new();
    let path = env.file("seed", "Platform+Auth+Server+Secret");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let path = path.display().to_string();
    fails(
        &env,
        &with("plan", &["--seed-file", &path]),
        21,
        &["0644", "chmod 600", "127.0.0.1:9"],
    );
}

#[test]
fn nobody_listening_is_unreachable() {
    let env = TestEnv::new();
    let seed = env
        .file("seed", "Platform+Auth+Server+Secret")
        .display()
        .to_string();
    fails(
        &env,
        &with("plan", &["--seed-file", &seed]),
        21,
        &["http://127.0.0.1:9", "curl"],
    );
}

#[test]
fn typing_errors_are_named() {
    let env = TestEnv::new();
    fails(&env, &[], 2, &["command", "--help"]);
    fails(&env, &["aply"], 2, &["aply", "did you mean apply?"]);
    fails(&env, &["plan", "-o"], 2, &["--output", "needs a value"]);
    fails(&env, &["plan", "--nonsense"], 2, &["--nonsense"]);
    fails(&env, &["plan", "-o", "yaml"], 2, &["yaml", "json"]);
    fails(
        &env,
        &with("apply", &["--parallel", "0"]),
        2,
        &["--parallel", "at least 1"],
    );
    fails(
        &env,
        &with("apply", &["--parallel", "many"]),
        2,
        &["many", "--parallel"],
    );
    fails(
        &env,
        &["plan", "--new-core", "10.0.0.1:8000"],
        2,
        &["http://", "--new-gateway"],
    );
    fails(
        &env,
        &["plan", "--new-core", "http://u:hunter2@h:1"],
        2,
        &["user or password"],
    );
    fails(&env, &["explain", "nonsense"], 2, &["nonsense"]);
    fails(&env, &["plan", "--target", "v3.2.6"], 2, &["v3.2.6"]);
}

#[test]
fn the_same_errors_in_chinese() {
    let env = TestEnv::new();
    fails(
        &env,
        &["--lang", "zh", "plan"],
        2,
        &["错误", "提示", "实例"],
    );
    fails(
        &env,
        &["plan", "--lang=zh", "--nonsense"],
        2,
        &["错误", "--nonsense"],
    );
    let broken = env.file("broken.toml", "[new]\ncoer = \"x\"\n");
    let broken = broken.display().to_string();
    for (args, said) in [
        (&["aply"][..], &["未知命令", "是否想用 apply？"][..]),
        (&["plan", "-o", "yaml"], &["yaml", "可选值"]),
        (
            &["plan", "--config", &broken],
            &["第 2 行", "未知的键“coer”"],
        ),
        (&["plan", "--config", "/missing"], &["文件或目录不存在"]),
    ] {
        let output = fails(&env, &[args, &["--lang", "zh"]].concat(), 2, said);
        for english in ["error", "hint", "invalid", "expected", "No such"] {
            assert!(!output.stderr.contains(english), "{}", output.stderr);
        }
    }
    let mut command = env.command(&["plan"]);
    command.env("LANG", "zh_CN.UTF-8");
    let output = TestEnv::run_command(command);
    assert!(output.stderr.contains("错误"), "{}", output.stderr);
}

#[test]
fn json_is_one_document_on_failures_too() {
    let env = TestEnv::new();
    for args in [
        &["plan", "-o", "json"][..],
        &["plan", "-o", "json", "--nonsense"],
        &["aply", "-o", "json"],
    ] {
        let output = env.run(args);
        let document = output.json();
        assert_eq!(document["exit_code"], 2, "{args:?}");
        assert_eq!(document["schema_version"], 2);
        assert_eq!(document["outcome"], "usage");
        assert_eq!(output.code, Some(2));
    }
}

#[test]
fn a_configuration_is_never_overwritten() {
    let env = TestEnv::new();
    let first = env.run(&["config", "init"]);
    assert_eq!(first.code, Some(0), "{first:#?}");
    let path = env.path().join("wecubectl.toml");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let text = fs_err::read_to_string(&path).unwrap();
    fails(&env, &["config", "init"], 2, &["wecubectl.toml", "already"]);
    assert_eq!(fs_err::read_to_string(&path).unwrap(), text);
}

#[test]
fn the_document_has_the_form_and_the_command_that_were_typed() {
    let env = TestEnv::new();
    let written = env.run(&["config", "init", "-o", "json"]);
    assert_eq!(written.json()["command"], "config init");
    assert_eq!(written.json()["files"][0]["path"], "wecubectl.toml");
    let line = env.run(&["plan", "-ondjson", "--nonsense"]);
    assert_eq!(line.stdout.lines().count(), 1, "{line:#?}");
    assert_eq!(line.json()["exit_code"], 2);
    let failed = env.run(&["plugin", "list", "-o", "json"]);
    assert_eq!(failed.json()["command"], "plugin list");
}
