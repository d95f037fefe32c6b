//! A secret of its own in each place that takes one, and commands that read it: nothing that they print,
//! write or hand to a child shows a part of one. `faults` looks at the same with answers that are wrong.

#![cfg(feature = "sim")]

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

/// Commands with a configuration.
const CONNECTED: [&str; 13] = [
    "plan",
    "apply --yes --report r.html --settle 1s",
    "apply --yes -o json",
    "compare -o json",
    "check --ping-file ping --textfile . --report c.html",
    "check -o json",
    "plugin list",
    "variable list",
    "run list -o json",
    "config show -o json",
    "schedule cron",
    "schedule cron --install",
    "schedule systemd",
];
/// Commands with an environment file.
const DEPLOYS: [&str; 11] = [
    "config show",
    "deploy lint --reach",
    "deploy render --yes",
    "deploy render --yes -o json",
    "deploy dirs --yes",
    "deploy status",
    "deploy images verify",
    "deploy images pull --yes",
    "deploy up --yes",
    "deploy migrate status --core-sql v4.0.0.sql",
    "deploy migrate run --core-sql v4.0.0.sql --yes",
];

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
        && fs_err::metadata(path).unwrap().permissions().mode() & 0o777 == 0o600
}

/// Puts a canary into each place that takes a secret, and programs that tell on themselves into `bin`.
fn place(env: &TestEnv) -> Vec<String> {
    let inside = |name: &str| env.path().join(name).display().to_string();
    let secret = VARIABLES.iter().filter(|variable| variable.secret);
    let mut values: Vec<(&str, String)> = secret.map(|it| (it.name, canary(it.name))).collect();
    let mut secrets: Vec<String> = values.iter().map(|(_, value)| value.clone()).collect();
    secrets.extend([canary("seed"), canary("ping")]);
    // Nothing leaves this machine and this folder.
    let hosts = VARIABLES.iter().map(|variable| variable.name);
    let hosts = hosts.filter(|name| *name == "HOSTIP" || name.ends_with("_host"));
    values.extend(hosts.map(|name| (name, "127.0.0.1".to_owned())));
    let ports = [
        "mysql_wecube",
        "mysql_auth",
        "s3",
        "auth",
        "core",
        "gateway",
        "portal",
    ];
    let ports = ports.iter().map(|of| format!("{of}_port"));
    let ports: Vec<(String, String)> = ports.zip((9101..).map(|port| port.to_string())).collect();
    values.extend(
        ports
            .iter()
            .map(|(name, port)| (name.as_str(), port.clone())),
    );
    for folder in [
        "deploy_root",
        "plugin_base_mount_path",
        "plugin_deploy_path",
    ] {
        values.push((folder, inside(folder)));
    }
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    env.file("upgrade.env", &env_text(&values));
    env.file("ping", &format!("http://127.0.0.1:9/{}\n", canary("ping")));
    fs_err::create_dir(env.path().join("bin")).unwrap();
    for child in CHILDREN {
        let path = env.file(&format!("bin/{child}"), TELL);
        fs_err::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    secrets
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_shows_a_canary() {
    let mut world = World::demo().service_time_ms(5.0);
    world.seed = canary("seed");
    let site = Site::of(world).await;
    let env = &site.env;
    let secrets = place(env);
    let env_file = env.path().join("upgrade.env").display().to_string();
    env.file("v4.0.0.sql", "CREATE TABLE a (id int);\n");
    let notify = "/usr/bin/env > told; cat >> told";
    let config = ["--config", &site.config];
    let with_config = CONNECTED.iter().map(|words| (config, words));
    let with_env = DEPLOYS
        .iter()
        .map(|words| (["--env-file", &env_file], words));
    let commands: Vec<Vec<&str>> = with_config
        .chain(with_env)
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
