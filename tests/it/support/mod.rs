//! What the integration tests share: the real binary in an environment of its own.

pub(crate) mod docker;
pub(crate) mod hosts;
pub(crate) mod kill;
pub(crate) mod mariadb;
pub(crate) mod migration;
pub(crate) mod registry;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wecubectl::sim::{Endpoints, Running, World, serve};

/// A directory, a HOME and a seed file of its own; nothing of the caller's environment.
pub(crate) struct TestEnv {
    dir: tempfile::TempDir,
}

/// The caller's `PATH`, by which the binary finds Docker and compose.
#[expect(clippy::disallowed_methods, reason = "PATH of the tests is named here")]
pub(crate) fn path_of_tools() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

/// A program that the test command names in a variable, else one of the usual places, if it is
/// there. In CI its absence is a failure, never a skip.
#[expect(
    clippy::disallowed_methods,
    reason = "the test command names its programs in variables"
)]
pub(crate) fn program_of(variable: &str, usual: &[&str]) -> Option<PathBuf> {
    let named = std::env::var(variable).ok().filter(|path| !path.is_empty());
    let usual = usual.iter().map(PathBuf::from).find(|path| path.exists());
    let found = named.map(PathBuf::from).or(usual);
    assert!(
        found.is_some() || std::env::var_os("CI").is_none(),
        "{variable} names no program"
    );
    found
}

/// What a run of the binary left.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Output {
    /// Standard output as the one JSON document that it must be.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("not one JSON document ({error}):\n{self:#?}"))
    }
}

impl TestEnv {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file below the directory, readable by its owner alone.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::OpenOptionsExt as _;
        let path = self.dir.path().join(name);
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .unwrap();
        file.write_all(text.as_bytes()).unwrap();
        path
    }

    /// The binary, ready to start.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wecubectl"));
        command
            .env_clear()
            .env("HOME", self.dir.path())
            .env("LANG", "C")
            .env("COLUMNS", "200")
            .current_dir(self.dir.path())
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        Self::run_command(self.command(args))
    }

    pub(crate) fn run_command(mut command: Command) -> Output {
        let output = command.output().expect("the binary starts");
        Output {
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
            code: output.status.code(),
        }
    }

    /// A configuration for a simulated pair: its path.
    pub(crate) fn config(&self, endpoints: &Endpoints) -> PathBuf {
        let seed = self.file("seed", &endpoints.seed);
        let side = |name: &str, addresses: &wecubectl::sim::Addresses| {
            format!(
                "[{name}]\ncore = {:?}\ngateway = {:?}\nportal = {:?}\n",
                addresses.core, addresses.gateway, addresses.portal
            )
        };
        let mut text = format!(
            "state_dir = {:?}\n",
            self.dir.path().join("state").display().to_string()
        );
        text += &side("new", &endpoints.new);
        if let Some(old) = &endpoints.old {
            text += &side("old", old);
        }
        let seed = seed.display().to_string();
        text += "[auth]\nseed_file = ";
        text.push_str(&[&format!("{seed:?}"), "\n"].concat());
        self.file("wecubectl.toml", &text)
    }
}

/// Runs the binary beside a simulation of the same test.
pub(crate) async fn run_beside(env: &TestEnv, args: &[&str]) -> Output {
    let mut command = tokio::process::Command::from(env.command(args));
    let output = command.output().await.expect("the binary starts");
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// Simulated instances, and a folder with the configuration for them.
pub(crate) struct Site {
    pub(crate) running: Running,
    pub(crate) env: TestEnv,
    pub(crate) config: String,
}

impl Site {
    pub(crate) async fn of(world: World) -> Self {
        let running = serve(world).await.unwrap();
        let env = TestEnv::new();
        let config = env.config(running.endpoints()).display().to_string();
        Self {
            running,
            env,
            config,
        }
    }

    /// Runs the binary with the configuration.
    pub(crate) async fn run(&self, args: &[&str]) -> Output {
        let config = ["--config", &self.config];
        run_beside(&self.env, &[args, &config[..]].concat()).await
    }
}
