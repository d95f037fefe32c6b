//! What `schedule` installs: a crontab line beside those that are there, and units.

use crate::support::TestEnv;

/// A `crontab` that keeps its table in a file, as this user's real one must not be touched.
fn stub_crontab(site: &TestEnv, script: &str) -> String {
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
    let env = TestEnv::new();
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
        TestEnv::run_command(command)
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
    let env = TestEnv::new();
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
