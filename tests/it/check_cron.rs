//! The line of `schedule cron`, run by Debian's cron.

#![cfg(feature = "sim")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::check_alarm::{fault, healthy};
use crate::support::Site;

const CRON: &str = "/usr/sbin/cron";

/// Everything of the machine that cron reads or writes is replaced, in a mount namespace of its own: the
/// tables, PAM, and the mailer.
const PRIVATE: &str = r#"
mount -t tmpfs none /run
mount -t tmpfs none /var/spool/cron
mkdir /var/spool/cron/crontabs
install -m 600 "$1/table" /var/spool/cron/crontabs/root
mount -t tmpfs none /etc/cron.d
[ ! -e /etc/crontab ] || mount --bind /dev/null /etc/crontab
mount -t tmpfs none /etc/pam.d
for kind in auth account session; do echo "$kind required pam_permit.so"; done > /etc/pam.d/cron
mount -t tmpfs none /usr/sbin
install -m 755 "$1/sendmail" /usr/sbin/sendmail
exec "$1/cron" -f
"#;

/// A mailer that keeps each mail in a file of its own, complete once it has its name.
fn mailer(folder: &std::path::Path) -> String {
    let mails = folder.join("mails").display().to_string();
    format!("#!/bin/sh\ncat > {mails}/$$.part && mv {mails}/$$.part {mails}/$$.mail\n")
}

fn mails(site: &Site) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(site.env.path().join("mails")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let whole = |path: &PathBuf| path.extension().is_some_and(|it| it == "mail");
    paths.filter(whole).collect()
}

/// Waits for something that cron does every minute.
async fn until(what: &str, happened: impl Fn() -> bool) {
    let began = Instant::now();
    while !happened() {
        assert!(began.elapsed() < Duration::from_mins(3), "never: {what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Nothing while all is well, one mail when something is wrong, nothing while it stays so, one when it
/// is gone.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "by name: needs root and Debian's cron, and takes some minutes"]
async fn cron_runs_the_printed_line_and_mails_changes() {
    let site = healthy().await;
    let folder = site.env.path();
    let args = ["schedule", "cron", "--on-change"];
    let printed = site.run(&args).await;
    assert_eq!(printed.code, Some(0), "{printed:#?}");
    let mut lines = printed.stdout.lines();
    let line = lines.rfind(|line| !line.starts_with('#'));
    let line = line.expect("a line");
    // The same command every minute instead of every quarter of an hour.
    let (_, command) = line
        .match_indices(' ')
        .nth(4)
        .map(|(at, _)| line.split_at(at))
        .expect("five fields and a command");
    site.env.file("table", &format!("* * * * *{command}\n"));
    let program = site.env.file("sendmail", &mailer(folder));
    fs_err::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    fs_err::create_dir(folder.join("mails")).unwrap();
    fs_err::copy(CRON, folder.join("cron")).unwrap();
    let mut cron = tokio::process::Command::new("unshare");
    let private = [
        "--mount",
        "--propagation",
        "private",
        "sh",
        "-ec",
        PRIVATE,
        "sh",
    ];
    let mut cron = cron
        .args(private)
        .arg(folder)
        .kill_on_drop(true)
        .spawn()
        .expect("unshare starts");
    let asked = || site.running.ledger().requests.len();
    // Each check ends with its file of what ran.
    let checks = async |count: usize| {
        for _ in 0..count {
            let before = asked();
            until("a check", || asked() > before).await;
            // A check takes less than a second, the next one comes in a minute.
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
    };
    checks(1).await;
    assert_eq!(mails(&site), Vec::<PathBuf>::new());
    fault(&site, "plugin-down=bulk001");
    until("a mail", || mails(&site).len() == 1).await;
    let mail = fs_err::read_to_string(&mails(&site)[0]).unwrap();
    assert!(mail.contains("W0316") && mail.contains("bulk001"), "{mail}");
    assert!(mail.contains("To: root"), "{mail}");
    checks(1).await;
    assert_eq!(mails(&site).len(), 1);
    site.running.with_world(|world| world.faults.clear());
    until("a mail", || mails(&site).len() == 2).await;
    let recovered = mails(&site).iter().any(|path| {
        fs_err::read_to_string(path)
            .unwrap()
            .contains("recovered: W0316")
    });
    assert!(recovered, "{:?}", mails(&site));
    cron.kill().await.unwrap();
}
