//! From an empty directory to four running containers on a migrated database: `deploy init`, values,
//! `deploy all`, on the real Docker engine and a real `MariaDB`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;
use wecubectl::deploy::migrate::split;

use crate::support::docker::{COMPONENTS, Docker, free_port};
use crate::support::hosts::{s3_that_opens, ssh_that_takes};
use crate::support::mariadb::{AUTH_SCHEMA, CORE_SCHEMA, MariaDb};
use crate::support::{Output, TestEnv, path_of_tools};

/// The account that the support made.
const DB_PASSWORD: &str = "a-test-password";
/// A seed that both generations take; spelled nowhere else.
const SEED: &str = "Secret0Seed0Of0The0Test0";
const S3_SECRET: &str = "secret-of-the-bucket";
const S3_ACCESS: &str = "access-of-the-bucket";
const SSH_PASSWORD: &str = "secret-of-the-host";

/// One column that is there already with the same definition, a table, a row, an index.
const CORE_SQL: &str = "
    ALTER TABLE plugin_packages ADD COLUMN updated_by varchar(64) DEFAULT NULL;
    CREATE TABLE proc_def (id varchar(64) NOT NULL, name varchar(64) COMMENT 'a;b', PRIMARY KEY (id));
    INSERT INTO proc_def (id, name) VALUES ('p1', '流程; one');
    CREATE INDEX idx_proc_def_name ON proc_def (name);
    UPDATE system_variables SET value = value + 1 WHERE id = 'v0';
    ALTER TABLE resource_server ADD COLUMN login_mode varchar(45) DEFAULT NULL;";
const AUTH_SQL: &str = "
    ALTER TABLE auth_sys_role ADD COLUMN administrator varchar(255) DEFAULT '';
    CREATE TABLE auth_sys_role_apply (id varchar(64) NOT NULL, PRIMARY KEY (id));";

struct Site {
    env: TestEnv,
    docker: Docker,
    server: MariaDb,
    /// Stands in for the port of sshd.
    sshd: std::net::TcpListener,
    /// `PATH`, with an `ssh` that takes the one password.
    path: std::ffi::OsString,
}

impl Site {
    /// An empty directory, an engine with the four images, two schemas before their upgrade.
    async fn new() -> Option<Self> {
        let docker = Docker::find();
        let server = MariaDb::start().await?;
        docker.make_all();
        for (name, text) in [("wecube", CORE_SCHEMA), ("auth_server", AUTH_SCHEMA)] {
            let mut conn = server.connect("mysql").await;
            let create = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4");
            conn.query_drop(create).await.unwrap();
            conn.query_drop(format!("USE {name}")).await.unwrap();
            for statement in split(text).unwrap() {
                conn.query_drop(statement.text).await.unwrap();
            }
        }
        let env = TestEnv::new();
        let bin = ssh_that_takes(env.path(), SSH_PASSWORD);
        let path = path_of_tools();
        let all = std::iter::once(bin).chain(std::env::split_paths(&path));
        let site = Self {
            path: std::env::join_paths(all).unwrap(),
            env,
            docker,
            server,
            sshd: std::net::TcpListener::bind("127.0.0.1:0").unwrap(),
        };
        site.init();
        Some(site)
    }

    /// `deploy init`, and what an operator fills in.
    fn init(&self) {
        let made = self.env.run(&["deploy", "init"]);
        assert_eq!(made.code, Some(0), "{made:#?}");
        let port = self.sshd.local_addr().unwrap().port().to_string();
        let s3 = s3_that_opens().to_string();
        let db_port = self.server.port.to_string();
        let root = self.env.path().join("root").display().to_string();
        let ports = [(); 4].map(|()| free_port().to_string());
        let values = [
            ("WECUBE_VERSION", self.docker.version.as_str()),
            ("HOSTIP", "127.0.0.1"),
            ("JWT_SIGNING_KEY", SEED),
            ("mysql_wecube_host", "127.0.0.1"),
            ("mysql_wecube_port", &db_port),
            ("mysql_wecube_username", "admin"),
            ("mysql_wecube_password", DB_PASSWORD),
            ("mysql_auth_host", "127.0.0.1"),
            ("mysql_auth_port", &db_port),
            ("mysql_auth_username", "admin"),
            ("mysql_auth_password", DB_PASSWORD),
            ("s3_host", "127.0.0.1"),
            ("s3_port", &s3),
            ("s3_access", S3_ACCESS),
            ("s3_secret", S3_SECRET),
            ("host_wecube_username", "root"),
            ("host_wecube_password", SSH_PASSWORD),
            ("static_resource_server_port", &port),
            ("image_prefix", "webankpartners"),
            ("deploy_root", &root),
            ("auth_port", &ports[0]),
            ("core_port", &ports[1]),
            ("gateway_port", &ports[2]),
            ("portal_port", &ports[3]),
        ];
        let path = self.env.path().join("upgrade.env");
        let mut text = fs_err::read_to_string(&path).unwrap();
        for (name, value) in values {
            let begin = format!("{name}='");
            let filled = text.lines().map(|line| {
                let bare = line.strip_prefix('#').unwrap_or(line);
                if bare.starts_with(&begin) {
                    format!("{name}='{value}'")
                } else {
                    line.to_owned()
                }
            });
            let filled = filled.collect::<Vec<_>>().join("\n") + "\n";
            assert!(
                filled.contains(&format!("{begin}{value}'")),
                "{name} has no line"
            );
            text = filled;
        }
        fs_err::write(path, text).unwrap();
        self.env.file("v4.0.0.sql", CORE_SQL);
        self.env.file("wecube_platform_auth_4.0.0.sql", AUTH_SQL);
    }

    /// `deploy all` with everything but the answer.
    fn all(&self, more: &[&str]) -> Command {
        let project = self.docker.project.as_str();
        let mut args = vec!["deploy", "all", "--config", "wecubectl.toml"];
        args.extend(["--project-prefix", project, "--state-dir", "state"]);
        args.extend(["--core-sql", "v4.0.0.sql"]);
        args.extend(["--auth-sql", "wecube_platform_auth_4.0.0.sql"]);
        args.extend([
            "--without-backup",
            "wecube",
            "--without-backup",
            "auth_server",
        ]);
        args.extend(more);
        let mut command = self.env.command(&args);
        command.env("PATH", &self.path);
        command
    }

    /// What lint has against a start on this machine and with this seed, each by its code.
    fn accepted(&self) -> Vec<String> {
        let refused = TestEnv::run_command(self.all(&["--yes"]));
        assert_eq!(refused.code, Some(14), "{refused:#?}");
        let words = refused.stderr.split(|c: char| !c.is_ascii_alphanumeric());
        let codes = words.filter(|word| word.len() == 5 && word.starts_with("W0"));
        let codes: BTreeSet<&str> = codes.collect();
        let flag = |code: &str| ["--accept-finding".to_owned(), code.to_owned()];
        codes.into_iter().flat_map(flag).collect()
    }

    fn ids(&self) -> [Option<String>; 4] {
        let version = &self.docker.version;
        COMPONENTS.map(|component| {
            let name = format!("{component}-{version}");
            self.docker.inspect(&name, "{{.Id}} {{.State.Running}}")
        })
    }

    /// What the databases hold of it.
    async fn migrated(&self) -> Vec<String> {
        let mut found = Vec::new();
        for schema in ["wecube", "auth_server"] {
            let mut conn = self.server.connect(schema).await;
            let columns = "SELECT CONCAT_WS(' ', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE) FROM \
                           information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1";
            let rows: Vec<String> = conn.query(columns).await.unwrap();
            found.extend(
                rows.into_iter()
                    .filter(|row| !row.starts_with("wecubectl_")),
            );
            let ledger = "SELECT CONCAT_WS(' ', script, number, state) FROM wecubectl_migration \
                          ORDER BY script, number";
            let rows: Vec<String> = conn.query(ledger).await.unwrap();
            found.extend(rows);
        }
        let mut conn = self.server.connect("wecube").await;
        let counted = "SELECT CONCAT(value, (SELECT COUNT(*) FROM proc_def)) FROM system_variables";
        found.extend(conn.query::<String, _>(counted).await.unwrap());
        found
    }
}

fn said(child: Child) -> Output {
    let output = child.wait_with_output().unwrap();
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// Command lines of all processes, while something runs.
struct Watch {
    ended: Arc<AtomicBool>,
    watching: std::thread::JoinHandle<(usize, BTreeSet<String>)>,
}

impl Watch {
    fn begin() -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&ended);
        let watching = std::thread::spawn(move || {
            let (mut rounds, mut seen) = (0, BTreeSet::new());
            while !end.load(Ordering::Relaxed) {
                for entry in fs_err::read_dir("/proc").unwrap().flatten() {
                    if let Ok(line) = fs_err::read(entry.path().join("cmdline")) {
                        seen.insert(String::from_utf8_lossy(&line).replace('\0', " "));
                    }
                }
                rounds += 1;
                std::thread::sleep(Duration::from_millis(2));
            }
            (rounds, seen)
        });
        Self { ended, watching }
    }

    fn end(self) -> BTreeSet<String> {
        self.ended.store(true, Ordering::Relaxed);
        let (rounds, seen) = self.watching.join().unwrap();
        assert!(rounds > 10, "hardly looked");
        seen
    }
}

/// Files that others on the host may read.
fn wide_files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    use std::os::unix::fs::PermissionsExt as _;
    for entry in fs_err::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let facts = fs_err::symlink_metadata(entry.path()).unwrap();
        if facts.is_dir() {
            wide_files(&entry.path(), found);
        } else if facts.is_file() && facts.permissions().mode() & 0o077 != 0 {
            let bytes = fs_err::read(entry.path()).unwrap();
            found.push((entry.path().display().to_string(), bytes));
        }
    }
}

fn holds_secret(text: &str) -> Option<&'static str> {
    let secrets = [DB_PASSWORD, SEED, S3_ACCESS, S3_SECRET, SSH_PASSWORD];
    secrets.into_iter().find(|secret| text.contains(secret))
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(
    any(no_docker, no_mariadb),
    ignore = "needs a Docker engine and MariaDB"
)]
async fn deploy_all_builds_a_platform_and_then_has_nothing_to_do() {
    let Some(site) = Site::new().await else {
        return;
    };
    let watch = Watch::begin();
    let accepted = site.accepted();
    let accepted: Vec<&str> = accepted.iter().map(String::as_str).collect();
    // Asked once, on a terminal; "no" writes nothing.
    let shown = asked(&site, &accepted, "no");
    assert_eq!(shown.matches("Type yes").count(), 1, "{shown}");
    for named in [
        "wecube",
        "auth_server",
        "platform-core",
        "1-wecube-platform-auth-server.yml",
    ] {
        assert!(shown.contains(named), "{named}: {shown}");
    }
    assert!(!site.env.path().join("root").exists());
    let mut conn = site.server.connect("wecube").await;
    let ledger: Vec<String> = conn.query("SHOW TABLES LIKE 'wecubectl%'").await.unwrap();
    assert_eq!(ledger, Vec::<String>::new());

    let mut more = accepted.clone();
    more.extend(["--yes", "-o", "json", "-vv"]);
    let first = TestEnv::run_command(site.all(&more));
    assert_eq!(first.code, Some(0), "{first:#?}");
    let steps = first.json()["steps"].clone();
    let of = |what: &str| {
        let mut all = steps.as_array().unwrap().iter();
        let step = all.find(|step| step["step"] == what);
        step.unwrap_or_else(|| panic!("no step {what}: {steps}"))["result"].clone()
    };
    // One of the eight statements was true before.
    assert_eq!(
        (of("migrate"), of("render"), of("up")),
        ("7".into(), "4".into(), "4".into())
    );
    let (ids, migrated) = (site.ids(), site.migrated().await);
    let running = |id: &Option<String>| id.as_ref().is_some_and(|id| id.ends_with(" true"));
    assert!(ids.iter().all(running), "{ids:?}");
    assert!(
        migrated
            .iter()
            .any(|row| row == "plugin_packages updated_by varchar(64)")
    );
    assert_eq!(
        migrated.last().map(String::as_str),
        Some("11"),
        "counted once: {migrated:?}"
    );

    let again = TestEnv::run_command(site.all(&more));
    assert_eq!(again.code, Some(0), "{again:#?}");
    assert_eq!(again.json()["outcome"], "nothing_to_do", "{again:#?}");
    assert_eq!((site.ids(), site.migrated().await), (ids, migrated));

    let mut outputs = vec![first, again];
    outputs.extend(each_alone(&site, &accepted));
    for output in &outputs {
        for words in [&output.stdout, &output.stderr] {
            assert_eq!(holds_secret(words), None, "{words}");
        }
    }
    assert_eq!(holds_secret(&shown), None, "{shown}");
    let lines = watch.end();
    assert!(
        lines
            .iter()
            .any(|line| line.contains("docker-compose") || line.contains("docker compose"))
    );
    for line in lines {
        assert_eq!(holds_secret(&line), None, "{line}");
    }
    let mut wide = Vec::new();
    wide_files(site.env.path(), &mut wide);
    for (path, bytes) in wide {
        assert_eq!(
            holds_secret(&String::from_utf8_lossy(&bytes)),
            None,
            "{path}"
        );
    }
}

/// Each command alone, where little is to do any more; the portal's files once more from nothing.
fn each_alone(site: &Site, accepted: &[&str]) -> Vec<Output> {
    fs_err::remove_dir_all(site.env.path().join("root/wecube-portal")).unwrap();
    let alone: [&[&str]; 9] = [
        &["lint"],
        &["render", "--diff"],
        &["render", "--yes"],
        &["dirs", "--verify"],
        &["images", "verify"],
        &["migrate", "status", "--core-sql", "v4.0.0.sql"],
        &["migrate", "plan", "--core-sql", "v4.0.0.sql"],
        &["up", "--yes"],
        &["status"],
    ];
    let mut outputs = Vec::new();
    for args in alone {
        let mut all = vec!["deploy"];
        all.extend(args);
        all.extend(["--config", "wecubectl.toml", "-vv", "--state-dir", "state"]);
        if matches!(args[0], "up" | "status") {
            all.extend(["--project-prefix", &site.docker.project]);
        }
        if args[0] == "up" {
            all.extend(accepted.iter().copied());
        }
        let mut command = site.env.command(&all);
        command.env("PATH", &site.path);
        let output = TestEnv::run_command(command);
        assert_ne!(output.code, Some(2), "{args:?}: {output:#?}");
        outputs.push(output);
    }
    outputs
}

/// The screen of `deploy all` on a terminal, with an answer.
fn asked(site: &Site, accepted: &[&str], answer: &str) -> String {
    let command = site.all(accepted);
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<&str> = words.map(|word| word.to_str().unwrap()).collect();
    let line = shlex::try_join(words).unwrap();
    let mut terminal = Command::new("script");
    terminal
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .env_clear()
        .env("PATH", &site.path)
        .env("HOME", site.env.path())
        .env("LANG", "C")
        .env("COLUMNS", "200")
        .current_dir(site.env.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = terminal.spawn().expect("script starts");
    {
        use std::io::Write as _;
        let mut typed = child.stdin.take().unwrap();
        writeln!(typed, "{answer}").unwrap();
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(15), "{output:#?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Killed while the server works at a statement, `deploy all` arrives at the same end when it is run
/// again.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(
    any(no_docker, no_mariadb),
    ignore = "needs a Docker engine and MariaDB"
)]
async fn deploy_all_killed_during_migration_resumes() {
    let Some(site) = Site::new().await else {
        return;
    };
    let accepted = site.accepted();
    let mut more: Vec<&str> = accepted.iter().map(String::as_str).collect();
    more.extend(["--yes", "-o", "json"]);
    let mut holder = site.server.connect("wecube").await;
    holder.query_drop("START TRANSACTION").await.unwrap();
    holder
        .query_drop("SELECT * FROM system_variables FOR UPDATE")
        .await
        .unwrap();
    let mut child = site.all(&more).spawn().unwrap();
    let waiting = waits_for_a_lock(&site.server, &mut child).await;
    child.kill().unwrap();
    child.wait().unwrap();
    // The server notices a closed connection late; this is what it does then.
    let mut conn = site.server.connect("mysql").await;
    conn.query_drop(format!("KILL {waiting}")).await.unwrap();
    holder.query_drop("ROLLBACK").await.unwrap();
    assert!(
        site.ids().iter().all(Option::is_none),
        "nothing was started"
    );
    let again = said(site.all(&more).spawn().unwrap());
    assert_eq!(again.code, Some(0), "{again:#?}");
    assert_eq!(site.migrated().await.last().map(String::as_str), Some("11"));
    let idle = said(site.all(&more).spawn().unwrap());
    assert_eq!(idle.json()["outcome"], "nothing_to_do", "{idle:#?}");
}

/// The connection whose statement waits for rows that are locked.
async fn waits_for_a_lock(server: &MariaDb, child: &mut Child) -> u64 {
    let mut conn: Conn = server.connect("mysql").await;
    let began = Instant::now();
    loop {
        let waiting = "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = 'wecube' AND \
                       INFO LIKE 'UPDATE system_variables%'";
        if let Some(id) = conn.query_first::<u64, _>(waiting).await.unwrap() {
            return id;
        }
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before the statement"
        );
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "the statement never came"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
