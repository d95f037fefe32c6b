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
        ping: None,
        on_change: false,
        name: None,
        lang: None,
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
    assert!(systemd::service(&job("/a\nb"), 252).is_err());
}

#[test]
fn systemd_unit_escapes_specifiers() {
    let service = systemd::service(&job("/a b/100%/$x\"q\"\\"), 252)
        .ok()
        .unwrap();
    let start = service
        .lines()
        .find(|line| line.starts_with("ExecStart="))
        .unwrap();
    assert!(
        start.starts_with("ExecStart=\"/a b/100%%/$$x\\\"q\\\"\\\\/wecubectl\" check -q"),
        "{start}"
    );
    let seed = "--seed-file \"${CREDENTIALS_DIRECTORY}/seed\"";
    assert!(start.contains(seed), "{start}");
    assert!(
        service.contains("LoadCredential=seed:/a b/100%%/"),
        "{service}"
    );
}

/// Before systemd 247 there are no credentials, and before 239 no sets of system calls.
#[test]
fn old_systemd_reads_files_of_its_user() {
    for (told, version) in [
        ("systemd 219\n+PAM", 219),
        ("systemd 239 (239-82.el8)\n", 239),
        ("systemd 245 (245.4-4ubuntu3.24)\n", 245),
        ("systemd 247 (247.3-7)\n", 247),
    ] {
        assert_eq!(systemd::version_in(told), Some(version));
        let service = systemd::service(&job("/opt"), version).ok().unwrap();
        let is_new = version >= 247;
        for (line, expected) in [
            ("DynamicUser=yes\n", is_new),
            ("LoadCredential=seed:/opt/seed\n", is_new),
            ("CREDENTIALS_DIRECTORY", is_new),
            ("User=wecubectl\n", !is_new),
            (" --seed-file \"/opt/seed\"", !is_new),
            ("SystemCallFilter=@system-service\n", version >= 239),
        ] {
            assert_eq!(
                service.contains(line),
                expected,
                "{version} {line} {service}"
            );
        }
    }
    assert_eq!(systemd::version_in("busybox"), None);
}

#[test]
fn cron_minute_depends_on_host() {
    assert_eq!(minute_of("one"), minute_of("one"));
    let hosts = (0..40).map(|n| minute_of(&format!("host-{n}")));
    let minutes: std::collections::BTreeSet<u8> = hosts.collect();
    assert!(minutes.len() > 5 && minutes.iter().all(|minute| *minute < EVERY));
}

#[test]
fn line_and_units_keep_pair_language_and_ping() {
    let job = Job {
        name: Some("prod".to_owned()),
        lang: Some("zh"),
        ping: Some(PathBuf::from("/etc/ping")),
        on_change: true,
        ..job("/opt")
    };
    let line = cron::line(&job).ok().unwrap();
    let command = "WECUBECTL_PAIR=prod /opt/wecubectl check -q --on-change --lang zh ";
    assert!(line.contains(command), "{line}");
    assert!(line.ends_with(" --ping-file /etc/ping\n"), "{line}");
    let service = systemd::service(&job, 252).ok().unwrap();
    for expected in [
        "Description=WeCube check of prod\n",
        "check -q --on-change --lang zh ",
        "--ping-file \"${CREDENTIALS_DIRECTORY}/ping\"",
        "LoadCredential=ping:/etc/ping\n",
    ] {
        assert!(service.contains(expected), "{expected}: {service}");
    }
    let names = systemd::names(&job);
    assert_eq!(
        names,
        ["wecubectl-check-prod.service", "wecubectl-check-prod.timer"]
    );
}

#[test]
fn table_keeps_what_is_there() {
    let (one, other) = (job("/opt"), job("/srv"));
    let line = |job: &Job| cron::line(job).ok().unwrap();
    let with = |table: &str, job: &Job| {
        let line = line(job);
        cron::table_with(table, job, Some(&line)).ok().unwrap()
    };
    let without = |table: &str, job: &Job| cron::table_with(table, job, None).ok().unwrap();
    for table in [
        "",
        "# mine\nMAILTO=ops\n@daily backup\n",
        "@daily backup",
        "\n\n",
    ] {
        let installed = with(table, &one);
        assert!(installed.starts_with(table) && installed.ends_with(&line(&one)));
        assert_eq!(with(&installed, &one), installed, "twice is once");
        let both = with(&installed, &other);
        assert!(both.starts_with(&installed), "another pair is another line");
        assert_eq!(without(&both, &other), installed);
        let ended = if table.is_empty() || table.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        assert_eq!(without(&installed, &one), [table, ended].concat());
        assert_eq!(without(table, &one), table);
    }
}
