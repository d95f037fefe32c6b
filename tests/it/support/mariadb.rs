//! A real `MariaDB` for one test: a data directory of its own, on loopback, stopped when it is dropped,
//! also where the test panics.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, OptsBuilder};

/// A schema of our own with what tells a `WeCube` schema that had all upgrades before v4.
pub(crate) const CORE_SCHEMA: &str = "
    CREATE TABLE plugin_configs (id varchar(64) PRIMARY KEY);
    CREATE TABLE system_variables (id varchar(64) PRIMARY KEY, name varchar(255), value varchar(255));
    CREATE TABLE plugin_config_roles (id varchar(64) PRIMARY KEY, perm_type varchar(9));
    CREATE TABLE plugin_package_attributes (id varchar(64) PRIMARY KEY, mandatory bit(1), order_no int);
    CREATE TABLE plugin_config_interfaces (id varchar(64) PRIMARY KEY, description varchar(200));
    CREATE TABLE plugin_config_interface_parameters (id varchar(64) PRIMARY KEY,
      description varchar(200), mapping_val varchar(500), multiple varchar(10));
    CREATE TABLE resource_server (id varchar(64) PRIMARY KEY, login_mode varchar(45));
    CREATE TABLE plugin_packages (id varchar(64) PRIMARY KEY, edition varchar(45));
    CREATE TABLE plugin_package_runtime_resources_s3 (id varchar(64) PRIMARY KEY, additional_properties text);
    CREATE TABLE plugin_package_runtime_resources_docker (id varchar(64) PRIMARY KEY, env_variables varchar(5000));
    INSERT INTO system_variables VALUES ('v0', 'COUNT', '0');";

/// The same of an `auth_server` schema.
pub(crate) const AUTH_SCHEMA: &str = "
    CREATE TABLE auth_sys_user (id varchar(64) PRIMARY KEY);
    CREATE TABLE auth_sys_role (id varchar(64) PRIMARY KEY, name varchar(64));
    CREATE TABLE auth_sys_user_role (id varchar(64) PRIMARY KEY);
    CREATE TABLE auth_sys_authority (id varchar(64) PRIMARY KEY);";

/// The server.
pub(crate) struct MariaDb {
    dir: tempfile::TempDir,
    socket: PathBuf,
    child: Child,
    pub(crate) port: u16,
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl MariaDb {
    /// Starts one; `None` if there is no such program.
    pub(crate) async fn start() -> Option<Self> {
        Self::start_with(&[]).await
    }

    /// As [`start`](Self::start), with more options.
    pub(crate) async fn start_with(options: &[&str]) -> Option<Self> {
        let usual = ["/usr/sbin/mariadbd", "/usr/libexec/mariadbd"];
        let program = super::program_of("WECUBECTL_TEST_MARIADBD", &usual)?;
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let user = Command::new("id").arg("-un").output().unwrap();
        let user = String::from_utf8(user.stdout).unwrap();
        // Two that start at once must not share names of temporary tables.
        let made = Command::new("mariadb-install-db")
            .env("TMPDIR", dir.path())
            .args([
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ])
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--user={}", user.trim()))
            .args(
                options
                    .iter()
                    .filter(|option| option.contains("lower-case")),
            )
            .output()
            .expect("mariadb-install-db starts");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        // A free port may be gone by the time that the server asks for it: then it ends, and another
        // one is tried. What answers must be this server, not one that was quicker.
        for _ in 0..5 {
            let port = free_port();
            let child = Command::new(&program)
                .env("TMPDIR", dir.path())
                .args([
                    "--no-defaults",
                    "--bind-address=127.0.0.1",
                    "--innodb-flush-log-at-trx-commit=0",
                    "--debug-no-sync",
                ])
                .arg(format!("--user={}", user.trim()))
                .arg(format!("--datadir={}", data.display()))
                .arg(format!("--socket={}", dir.path().join("s").display()))
                .arg(format!("--pid-file={}", dir.path().join("pid").display()))
                .arg(format!("--port={port}"))
                .args(options)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the server starts");
            let mut server = Self {
                dir: tempfile::tempdir().unwrap(),
                socket: dir.path().join("s"),
                child,
                port,
            };
            if server.answers(&data).await {
                server.dir = dir;
                return Some(server.with_admin().await);
            }
        }
        panic!("no server came up on five ports");
    }

    /// Whether this server comes up on its port.
    async fn answers(&mut self, data: &std::path::Path) -> bool {
        let began = Instant::now();
        while began.elapsed() < Duration::from_mins(1) {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            if let Ok(mut conn) = Conn::new(self.opts("root", "mysql")).await {
                let told: Option<String> = conn.query_first("SELECT @@datadir").await.unwrap();
                return told.is_some_and(|told| std::path::Path::new(&told) == data);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not come up");
    }

    async fn with_admin(self) -> Self {
        let mut conn = self.connect("mysql").await;
        for statement in [
            "CREATE USER admin@'127.0.0.1' IDENTIFIED BY 'a-test-password'",
            "GRANT ALL PRIVILEGES ON *.* TO admin@'127.0.0.1'",
        ] {
            conn.query_drop(statement).await.unwrap();
        }
        self
    }

    fn opts(&self, user: &str, schema: &str) -> OptsBuilder {
        OptsBuilder::default()
            .socket(Some(self.socket.display().to_string()))
            .user(Some(user))
            .db_name(Some(schema))
    }

    /// A connection of root.
    pub(crate) async fn connect(&self, schema: &str) -> Conn {
        Conn::new(self.opts("root", schema)).await.unwrap()
    }

    /// The socket, for the ordinary client.
    pub(crate) fn socket(&self) -> PathBuf {
        self.socket.clone()
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        // Its data goes with it: no need to wait for an orderly end.
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}
