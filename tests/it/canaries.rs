//! A secret of its own in each place that takes one, and commands that read it: nothing that they print,
//! write or hand to a child shows a part of one. `faults` looks at the same with answers that are wrong.

#![cfg(feature = "sim")]

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};
use sha2::{Digest as _, Sha256};
use wecubectl::deploy::env::VARIABLES;
use wecubectl::sim::World;

use crate::deploy_env::env_text;
use crate::faults::secrets::Scanner;
use crate::support::{Site, TestEnv};

/// Programs of the host: each tells its arguments and its environment, and fails.
const CHILDREN: [&str; 6] = [
    "docker",
    "docker-compose",
    "ssh",
    "crontab",
    "systemctl",
    "mysqldump",
];
const TELL: &str = "#!/bin/sh\n{ echo \"$0 $*\"; tr '\\0' '\\n' < /proc/$PPID/cmdline; /usr/bin/env; } >> \"$HOME/children\"\nexit 1\n";

/// Files that hold secrets because they are meant to.
const MEANT: [&str; 4] = ["upgrade.env", "seed", "login", "ping"];

/// Text that looks like a secret and is in no other place.
fn canary(of: &str) -> String {
    BASE64_STANDARD_NO_PAD.encode(Sha256::digest(of))[..40].to_owned()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Rendered compose files hold secrets; only their owner may read them.
fn is_private_compose_file(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yml")
        && fs_err::metadata(path).unwrap().permissions().mode() & 0o077 == 0
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_shows_a_canary() {
    let mut world = World::demo().service_time_ms(5.0);
    world.seed = canary("seed");
    let site = Site::of(world).await;
    let env = &site.env;
    let mut secrets = vec![canary("seed"), canary("ping")];
    let mut values = String::new();
    for variable in VARIABLES.iter().filter(|variable| variable.secret) {
        secrets.push(canary(variable.name));
        let _infallible = writeln!(values, "{}", variable.name);
    }
    let given: Vec<(&str, String)> = values.lines().map(|name| (name, canary(name))).collect();
    let mut given: Vec<(&str, &str)> = given
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    // Nothing leaves this machine.
    let hosts = VARIABLES.iter().map(|variable| variable.name);
    let hosts = hosts.filter(|name| *name == "HOSTIP" || name.ends_with("_host"));
    given.extend(hosts.map(|name| (name, "127.0.0.1")));
    given.extend([
        ("mysql_wecube_port", "9"),
        ("mysql_auth_port", "9"),
        ("s3_port", "9"),
        ("auth_port", "9101"),
        ("core_port", "9102"),
        ("gateway_port", "9103"),
        ("portal_port", "9104"),
    ]);
    let env_file = env
        .file("upgrade.env", &env_text(&given))
        .display()
        .to_string();
    env.file("ping", &format!("http://127.0.0.1:9/{}\n", canary("ping")));
    fs_err::create_dir(env.path().join("bin")).unwrap();
    for child in CHILDREN {
        let path = env.file(&format!("bin/{child}"), TELL);
        fs_err::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    env.file("v4.0.0.sql", "CREATE TABLE a (id int);\n");
    let notify = "/usr/bin/env > told; cat >> told";
    let (config, with_env) = (["--config", &site.config], ["--env-file", &env_file]);
    let commands: Vec<Vec<&str>> = [
        (&config, "plan"),
        (&config, "apply --yes --report r.html --settle 1s"),
        (&config, "apply --yes -o json"),
        (&config, "compare -o json"),
        (
            &config,
            "check --ping-file ping --textfile . --report c.html",
        ),
        (&config, "check -o json"),
        (&config, "plugin list"),
        (&config, "variable list"),
        (&config, "run list -o json"),
        (&config, "config show -o json"),
        (&config, "schedule cron"),
        (&config, "schedule cron --install"),
        (&config, "schedule systemd"),
        (&with_env, "config show"),
        (&with_env, "deploy lint --reach"),
        (&with_env, "deploy render --yes"),
        (&with_env, "deploy render --yes -o json"),
        (&with_env, "deploy dirs --yes"),
        (&with_env, "deploy status"),
        (&with_env, "deploy images verify"),
        (&with_env, "deploy images pull --yes"),
        (&with_env, "deploy up --yes"),
        (&with_env, "deploy migrate status --core-sql v4.0.0.sql"),
        (&with_env, "deploy migrate run --core-sql v4.0.0.sql --yes"),
    ]
    .iter()
    .map(|(before, words)| {
        before
            .iter()
            .copied()
            .chain(["-vv"])
            .chain(words.split(' '))
            .collect()
    })
    .chain([[
        &config[..],
        &["-vv", "check", "--notify", notify, "--test-alarm"],
    ]
    .concat()])
    .collect();
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let mut scanner = Scanner::new(&secrets, &[]);
    let mut control = Scanner::new(&secrets, &[]);
    control.look("upgrade.env", &fs_err::read(&env_file).unwrap());
    assert_eq!(control.found.len(), 1, "a secret is found where one is");
    let path = format!("{}:/usr/bin:/bin", env.path().join("bin").display());
    for args in &commands {
        let mut command = env.command(args);
        command.env("PATH", &path);
        let output = tokio::task::spawn_blocking(|| TestEnv::run_command(command));
        let output = output.await.unwrap();
        assert!(output.code.is_some(), "{args:?}");
        // Every command gets as far as its work: a wrong flag would prove nothing.
        assert_ne!(output.code, Some(2), "{args:?}: {output:#?}");
        scanner.look(
            &format!("{args:?}: standard output"),
            output.stdout.as_bytes(),
        );
        scanner.look(
            &format!("{args:?}: standard error"),
            output.stderr.as_bytes(),
        );
    }
    let mut written = Vec::new();
    files(env.path(), &mut written);
    for file in written {
        let is_meant = MEANT.iter().any(|name| file.ends_with(name));
        if !is_meant && !is_private_compose_file(&file) {
            let bytes = fs_err::read(&file).unwrap();
            scanner.look(&file.display().to_string(), &bytes);
        }
    }
    assert_eq!(scanner.found, [""; 0], "{} bytes", scanner.bytes);
    let children = fs_err::read_to_string(env.path().join("children")).unwrap();
    assert!(children.contains("HOME="), "{children}");
    assert!(
        fs_err::read_to_string(env.path().join("told"))
            .unwrap()
            .contains("WECUBECTL_SUBJECT=")
    );
    assert!(scanner.bytes > 50_000, "{} bytes", scanner.bytes);
}
