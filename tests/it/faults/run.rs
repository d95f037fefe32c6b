//! One case: a simulated pair, the proxy before it, the binary, and what came of it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use wecubectl::sim::{Endpoints, Running, SideName, Variable, World, serve};

use super::fault::Fault;
use super::phase::{Command, Phase, Role};
use super::proxy::{Proxy, Reach, Trap};
use super::secrets::Scanner;
use crate::support::TestEnv;

/// Canaries: no output may show a part of them.
const SEED: &str = "Canary9Seed7Kx+Q2vTz/8mWbLrY4nHcJ6dP";
const PASSWORD: &str = "Canary3Word5Hq+W1uSx/7nVaMqT6kGdZ4bF";

/// What a child may have resident: no answer is read beyond `--body-limit`.
const MEMORY_CAP_KIB: u64 = 256 << 10;

/// Plugins of the pair: two with static files, one needing the other, and one without.
const PLUGINS: [&str; 3] = ["wecmdb", "monitor", "saltstack"];

/// What is tried.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub(super) command: Command,
    pub(super) phase: &'static Phase,
    pub(super) fault: &'static Fault,
    /// Only the first request of the phase is struck.
    pub(super) once: bool,
    pub(super) reach: Reach,
    pub(super) format: &'static str,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) exit: Option<i32>,
    /// `exit_code` of the JSON document.
    pub(super) told: Option<i64>,
    /// Requests that the fault struck.
    pub(super) struck: usize,
    /// Writes by the simulator's ledger, both sides.
    pub(super) writes: u64,
    /// Registrations by the ledger, each `NAME`.
    pub(super) registrations: Vec<String>,
    /// Most registrations of one package, by the ledger.
    pub(super) most_registered: usize,
    /// Most registrations of one package that were sent.
    pub(super) most_sent: usize,
    /// Rows of `GATEWAY_URL_NEW` at the end.
    pub(super) rows: usize,
    /// What must not be: two registrations of a package at once, a secret, a second document.
    pub(super) wrong: Vec<String>,
    pub(super) took: Duration,
    pub(super) peak_kib: u64,
    /// Bytes that were searched for secrets.
    pub(super) scanned: usize,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

fn world() -> World {
    let mut world = World::demo().service_time_ms(15.0);
    SEED.clone_into(&mut world.seed);
    for side in [Some(&mut world.new), world.old.as_mut()]
        .into_iter()
        .flatten()
    {
        for user in &mut side.users {
            PASSWORD.clone_into(&mut user.password);
        }
    }
    let packages = &mut world.content.packages;
    packages.retain(|package| PLUGINS.contains(&package.name.as_str()));
    world
}

/// The pair as the upgrade leaves it: compare and check find nothing.
fn settle(running: &Running, gateway: &str) {
    running.with_world(|state| {
        for database in &mut state.databases {
            let row = Variable {
                id: "sys_var_000186a0aaaaaaaaaaaaa".to_owned(),
                ..Variable::global("GATEWAY_URL_NEW", gateway)
            };
            database.variables.push(row);
        }
    });
}

async fn start(command: Command) -> Running {
    let mut world = world();
    if command != Command::Apply {
        world.new.files = wecubectl::sim::FilesAtStart::Active;
    }
    serve(world).await.unwrap()
}

impl Command {
    pub(super) fn name(self) -> &'static str {
        self.args()[0]
    }

    fn args(self) -> &'static [&'static str] {
        match self {
            Self::Apply => &["apply", "--yes", "--report", "report.html"],
            Self::Compare => &["compare"],
            Self::Check => &["check"],
        }
    }
}

impl Case {
    /// Its name, by which it can be run alone.
    pub(super) fn name(&self) -> String {
        let often = if self.once { "once" } else { "always" };
        let (command, phase, fault) = (self.command.name(), self.phase.name, self.fault.name);
        format!(
            "{command} | {phase} | {fault} | {often} | {:?} | -o {}",
            self.reach, self.format
        )
    }

    fn trap(&self) -> Trap {
        Trap {
            is_hit: self.phase.is_hit,
            once: self.once,
            reach: self.reach,
            wire: self.fault.wire,
        }
    }

    pub(super) async fn run(&self) -> Report {
        let waits = Waits {
            body_limit: "2",
            request_timeout: if self.fault.is_slow() { "8s" } else { "60s" },
            unknown_after: if self.once || self.reach != Reach::Never {
                "40s"
            } else {
                "8s"
            },
        };
        let signs_in = self.phase.role == Role::Login;
        run(
            self.command,
            signs_in,
            Some(self.trap()),
            self.format,
            waits,
        )
        .await
    }
}

/// How long the command waits: long for what must come, so that a busy machine changes nothing. And how
/// much it reads of one answer, in MiB.
pub(super) struct Waits {
    pub(super) body_limit: &'static str,
    pub(super) request_timeout: &'static str,
    pub(super) unknown_after: &'static str,
}

impl Waits {
    /// For runs that meet no fault.
    pub(super) const LONG: Self = Self {
        body_limit: "2",
        request_timeout: "60s",
        unknown_after: "40s",
    };
}

/// The arguments of the command; writes the files that they name.
fn args(
    env: &TestEnv,
    endpoints: &Endpoints,
    command: Command,
    signs_in: bool,
    format: &str,
    waits: &Waits,
) -> Vec<String> {
    let config = env.config(endpoints).display().to_string();
    let mut args = command.args().to_vec();
    args.extend([
        "--config",
        &config,
        "-o",
        format,
        "-vv",
        "--body-limit",
        waits.body_limit,
    ]);
    args.extend(["--request-timeout", waits.request_timeout]);
    if command == Command::Apply {
        args.extend(["--unknown-after", waits.unknown_after]);
    }
    if signs_in {
        let text = fs_err::read_to_string(&config).unwrap();
        let (without_seed, _) = text.split_once("[auth]").unwrap();
        env.file("wecubectl.toml", without_seed);
        env.file("login", &format!("umadmin\n{PASSWORD}\n"));
        args.extend(["--login-file", "login"]);
    }
    args.into_iter().map(ToOwned::to_owned).collect()
}

/// Runs a command beside a pair, with a fault or without, with the seed or as a user.
pub(super) async fn run(
    command: Command,
    signs_in: bool,
    trap: Option<Trap>,
    format: &str,
    waits: Waits,
) -> Report {
    let running = start(command).await;
    let proxy = Proxy::start(running.endpoints(), trap);
    if command != Command::Apply {
        settle(&running, &proxy.endpoints().new.gateway);
    }
    let env = TestEnv::new();
    let args = args(&env, proxy.endpoints(), command, signs_in, format, &waits);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let began = Instant::now();
    let mut child = tokio::process::Command::from(env.command(&args));
    let child = child.kill_on_drop(true).spawn().expect("the binary starts");
    let id = child.id().unwrap_or_default();
    let ended = child.wait_with_output();
    tokio::pin!(ended);
    let mut peak_kib = 0;
    let mut cmdline = Vec::new();
    let output = loop {
        tokio::select! {
            output = &mut ended => break output.unwrap(),
            () = tokio::time::sleep(Duration::from_millis(15)) => {
                peak_kib = peak_kib.max(peak_of(id));
                cmdline = of_process(id, "cmdline");
            }
        }
    };
    let took = began.elapsed();
    // What the platform still works on counts too.
    until_quiet(&running).await;
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    let ledger = running.ledger();
    let seen = proxy.seen();
    let mut scanner = Scanner::new(&[SEED, PASSWORD], &seen.tokens);
    scanner.look("standard output", stdout.as_bytes());
    scanner.look("standard error", stderr.as_bytes());
    scanner.look("command line", &cmdline);
    for path in files(env.path()) {
        if !path.ends_with("seed") && !path.ends_with("login") {
            let bytes = fs_err::read(&path).unwrap_or_default();
            scanner.look(&path.display().to_string(), &bytes);
        }
    }
    let mut wrong = scanner.found;
    wrong.extend(
        seen.overlaps
            .iter()
            .map(|path| format!("{path} twice at once")),
    );
    let of_ledger = ledger.registrations.iter();
    wrong.extend(
        of_ledger
            .clone()
            .zip(of_ledger.clone().skip(1))
            .filter_map(|(one, next)| {
                let overlaps =
                    one.name == next.name && one.ended_ms.is_none_or(|end| next.started_ms < end);
                overlaps.then(|| format!("{} twice at once (ledger)", one.name))
            }),
    );
    if waits.body_limit == Waits::LONG.body_limit && peak_kib > MEMORY_CAP_KIB {
        wrong.push(format!("{} MiB resident", peak_kib >> 10));
    }
    let document = match format {
        "json" => serde_json::from_str::<serde_json::Value>(&stdout)
            .map_err(|error| wrong.push(format!("not one JSON document: {error}")))
            .ok(),
        _ => None,
    };
    Report {
        exit: output.status.code(),
        told: document.and_then(|document| document["exit_code"].as_i64()),
        struck: seen.struck,
        writes: ledger.writes_to(SideName::New) + ledger.writes_to(SideName::Old),
        most_registered: most(of_ledger.clone().map(|entry| entry.name.as_str())),
        registrations: of_ledger.map(|entry| entry.name.clone()).collect(),
        most_sent: most(seen.registers.iter().map(String::as_str)),
        rows: running.with_world(|state| {
            let rows = state.database(SideName::New).variables.iter();
            rows.filter(|row| row.name == "GATEWAY_URL_NEW").count()
        }),
        wrong,
        took,
        peak_kib,
        scanned: scanner.bytes,
        stdout,
        stderr,
    }
}

async fn until_quiet(running: &Running) {
    for _ in 0..200 {
        let under_way = running
            .ledger()
            .registrations
            .iter()
            .any(|it| it.ended_ms.is_none());
        if !under_way {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn most<'a>(names: impl Iterator<Item = &'a str> + Clone) -> usize {
    let of = |name: &str| names.clone().filter(|other| *other == name).count();
    names.clone().map(of).max().unwrap_or(0)
}

fn of_process(id: u32, file: &str) -> Vec<u8> {
    fs_err::read(format!("/proc/{id}/{file}")).unwrap_or_default()
}

/// Peak resident size so far, in KiB.
fn peak_of(id: u32) -> u64 {
    let status = String::from_utf8(of_process(id, "status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok())
        .unwrap_or(0)
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(dir).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
