//! The static binary in a root that holds nothing else but `/tmp` and the two devices from which
//! a program without the system's glibc takes random numbers.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use wecubectl::sim::{Running, World, serve};

use super::loopback::{name_server, named, tls_before};
use super::{dist, program, run, the_file};
use crate::migrate::schema;
use crate::support::Output;
use crate::support::mariadb::MariaDb;

/// A root directory with the program, and the files that a test puts there.
struct EmptyRoot(tempfile::TempDir);

impl EmptyRoot {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let binary = the_file(&dist(), &format!("-{}", std::env::consts::ARCH));
        fs_err::copy(binary, root.path().join("wecubectl")).unwrap();
        fs_err::create_dir(root.path().join("tmp")).unwrap();
        fs_err::create_dir(root.path().join("dev")).unwrap();
        for (name, minor) in [("random", "8"), ("urandom", "9")] {
            let device = root.path().join("dev").join(name);
            run(program("mknod").arg(device).args(["c", "1", minor]));
        }
        Self(root)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file with mode 0600: its path.
    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name.trim_start_matches('/'));
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, text).unwrap();
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    async fn run(&self, args: &[&str]) -> Output {
        let mut command = program("chroot");
        command
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command.arg(self.path()).arg("/wecubectl").args(args);
        let output = tokio::process::Command::from(command)
            .output()
            .await
            .unwrap();
        Output {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        }
    }
}

#[tokio::test]
#[ignore = "needs root and ./package"]
async fn demo_and_version_need_no_other_file() {
    let root = EmptyRoot::new();
    let version = root.run(&["--version"]).await;
    let target = format!("{}-unknown-linux-gnu, static)\n", std::env::consts::ARCH);
    assert!(version.stdout.ends_with(&target), "{version:?}");
    let demo = root.run(&["demo"]).await;
    assert_eq!(demo.code, Some(0), "{demo:?}");
    assert!(demo.stdout.contains("users of both sides see the same"));
    let shown = root.run(&["--lang", "zh", "explain", "W0301"]).await;
    assert_eq!(shown.code, Some(0), "{shown:?}");
}

fn port(url: &str) -> u16 {
    url.rsplit(':').next().unwrap().parse().unwrap()
}

async fn platform() -> Running {
    serve(World::plugins(2).without_old()).await.unwrap()
}

#[tokio::test]
#[ignore = "needs root and ./package"]
async fn core_is_reached_over_tls_by_names_of_hosts_file_and_name_server() {
    name_server("127.0.0.77");
    let running = platform().await;
    let endpoints = running.endpoints();
    let core = tls_before(port(&endpoints.new.core)).await;
    let root = EmptyRoot::new();
    root.file("/seed", &endpoints.seed);
    root.file("/ca.pem", fs_err::read(named("pem")).unwrap());
    root.file(
        "/etc/hosts",
        "127.0.0.1 gateway portal.bank.example # names\n",
    );
    let config = |core_name: &str| {
        format!(
            "state_dir = \"/state\"\n[new]\ncore = \"https://{core_name}:{core}\"\n\
             gateway = \"http://gateway:{}\"\nportal = [\"http://portal.bank.example:{}\"]\n\
             [auth]\nseed_file = \"/seed\"\n",
            port(&endpoints.new.gateway),
            port(&endpoints.new.portal[0]),
        )
    };
    let list = [
        "plugin", "list", "--side", "new", "-o", "json", "--config", "/w.toml",
    ];
    let trusting = [&list[..], &["--ca-file", "/ca.pem"]].concat();

    // Without a name server the name is unknown; the two of the hosts file are known.
    root.file("/w.toml", config("core.bank.example"));
    let unknown = root.run(&trusting).await;
    assert_eq!(unknown.code, Some(21), "{unknown:?}");
    assert!(
        unknown.stderr.contains("the host name cannot be resolved"),
        "{unknown:?}"
    );

    root.file(
        "/etc/resolv.conf",
        "nameserver 127.0.0.77\nsearch bank.example\n",
    );
    let known = root.run(&trusting).await;
    assert_eq!(known.code, Some(0), "{known:?}");
    assert!(
        !known.json()["plugins"].as_array().unwrap().is_empty(),
        "{known:?}"
    );

    // The certificate is looked at, and is for the name that was typed.
    let other = super::root().join("fixtures/tls/ca.pem");
    root.file("/other.pem", fs_err::read(other).unwrap());
    let untrusted = root
        .run(&[&list[..], &["--ca-file", "/other.pem"]].concat())
        .await;
    assert_eq!(untrusted.code, Some(21), "{untrusted:?}");
    root.file("/w.toml", config("core"));
    let other_name = root.run(&trusting).await;
    assert_eq!(other_name.code, Some(21), "{other_name:?}");
    assert!(other_name.stderr.contains("certificate"), "{other_name:?}");
}

#[tokio::test]
#[ignore = "needs root and ./package"]
async fn database_is_reached_over_tls_by_names_of_hosts_file_and_name_server() {
    name_server("127.0.0.78");
    let tls = ["cert=pem", "key=key"].map(|option| {
        let (option, end) = option.split_once('=').unwrap();
        format!("--ssl-{option}={}", named(end).display())
    });
    let server = MariaDb::start_with(&[&tls[0], &tls[1]]).await.unwrap();
    let _conn = schema(&server, "wecube", "").await;
    let root = EmptyRoot::new();
    root.file("/password", "a-test-password\n");
    root.file("/ca.pem", fs_err::read(named("pem")).unwrap());
    root.file("/v4.0.0.sql", "CREATE TABLE added (id int PRIMARY KEY);\n");
    root.file("/etc/hosts", "127.0.0.1 db.bank.example\n");
    root.file(
        "/etc/resolv.conf",
        "nameserver 127.0.0.78\nsearch bank.example\n",
    );
    let plan = async |host: &str| {
        let address = format!("{host}:{}/wecube", server.port);
        let args = [
            "deploy",
            "migrate",
            "status",
            "--core-sql",
            "/v4.0.0.sql",
            "--core-db",
            &address,
            "--core-db-user",
            "admin",
            "--core-db-password-file",
            "/password",
            "--db-tls",
            "required",
            "--db-ca-file",
            "/ca.pem",
        ];
        root.run(&args).await
    };
    let by_file = plan("db.bank.example").await;
    assert!(by_file.stdout.contains("v4.0.0.sql"), "{by_file:?}");

    root.file("/etc/hosts", "");
    let by_server = plan("db.bank.example").await;
    assert_eq!(by_server.stdout, by_file.stdout, "{by_server:?}");

    let other_name = plan("db").await;
    assert_eq!(other_name.code, Some(21), "{other_name:?}");
    let unknown = plan("db.nowhere.example").await;
    assert_eq!(unknown.code, Some(21), "{unknown:?}");
    assert!(
        unknown.stderr.contains("the host name does not resolve"),
        "{unknown:?}"
    );
}
