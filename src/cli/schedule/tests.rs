//! What cron, systemd and a shell make of the paths.

use std::path::PathBuf;

use super::job::{EVERY, Job, minute_of};
use super::{cron, systemd};

fn job(folder: &str) -> Job {
    let path = |name: &str| Some(PathBuf::from(format!("{folder}/{name}")));
    Job {
        program: PathBuf::from(format!("{folder}/wecubectl")),
        config: path("wecubectl.toml"),
        env_file: None,
        seed: path("seed"),
        old_seed: None,
        login: None,
        old_login: None,
        state_dir: path("state"),
        textfile: None,
        minute: 7,
    }
}

#[test]
fn cron_line_of_plain_paths() {
    assert_eq!(
        cron::line(&job("/opt")).ok().unwrap(),
        "7,22,37,52 * * * * /opt/wecubectl check -q --config /opt/wecubectl.toml \
         --seed-file /opt/seed --state-dir /opt/state\n"
    );
}

#[test]
fn cron_line_survives_cron_and_shell_quoting() {
    for folder in [
        "/a b",
        "/100%",
        "/it's",
        "/$(reboot)",
        "/a;b&c|d",
        "/\"q\"",
        "/数据",
    ] {
        let line = cron::line(&job(folder)).ok().unwrap();
        let command = line.trim_end().splitn(6, ' ').nth(5).unwrap();
        // Cron ends the command at a bare percent sign and takes the backslash before it away.
        assert!(!command.replace("\\%", "").contains('%'), "{line}");
        let words = shlex::split(&command.replace("\\%", "%")).unwrap();
        assert_eq!(words[0], format!("{folder}/wecubectl"));
        assert_eq!(words[4], format!("{folder}/wecubectl.toml"));
    }
    assert!(cron::line(&job("/a\nb")).is_err());
    assert!(systemd::service(&job("/a\nb")).is_err());
}

#[test]
fn systemd_unit_escapes_specifiers() {
    let service = systemd::service(&job("/a b/100%/$x\"q\"\\")).ok().unwrap();
    let start = service
        .lines()
        .find(|line| line.starts_with("ExecStart="))
        .unwrap();
    assert!(
        start.starts_with("ExecStart=\"/a b/100%%/$$x\\\"q\\\"\\\\/wecubectl\" check -q"),
        "{start}"
    );
    assert!(start.contains("--seed-file \"%d/seed\""), "{start}");
    assert!(
        service.contains("LoadCredential=seed:/a b/100%%/"),
        "{service}"
    );
}

#[test]
fn cron_minute_depends_on_host() {
    assert_eq!(minute_of("one"), minute_of("one"));
    let hosts = (0..40).map(|n| minute_of(&format!("host-{n}")));
    let minutes: std::collections::BTreeSet<u8> = hosts.collect();
    assert!(minutes.len() > 5 && minutes.iter().all(|minute| *minute < EVERY));
}
