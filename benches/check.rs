//! What a scheduled check costs beside sixteen running plugins, on simulated pairs of each kind: requests
//! to the platform's own API, calls of plugins, requests and connections to portals, CPU time, memory,
//! wall time. Counted by the simulated platforms, a relay before each portal, and the kernel.
//!
//! `cargo bench --bench check` prints a row for the first look, with nothing kept, and one for the most
//! that any of the next ten cost. The budget is held against the latter: 12 API requests a side on v4.2
//! and later, 12 and two for each package before, four connections a portal, 60 ms of CPU, 25 MB.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::fmt::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use wecubectl::sim::FilesAtStart;
use wecubectl::sim::{Addresses, Running, SideName, Variable, Via, World, serve};

const PLUGINS: usize = 16;
/// Looks after the first.
const LOOKS: usize = 10;
const CPU_MS: u64 = 60;
const MEMORY_MB: u64 = 25;
const CONNECTIONS: usize = 4;

/// What one look cost.
#[derive(Clone, Copy, Default)]
struct Cost {
    /// Requests to the platform's API, new side, old side.
    api: [usize; 2],
    /// Calls of plugins through the gateway.
    plugins: usize,
    /// Requests for static files.
    files: usize,
    /// Connections to the portal that saw most of them.
    connections: usize,
    cpu_ms: u64,
    wall_ms: u64,
}

impl Cost {
    fn worst(self, other: Self) -> Self {
        Self {
            api: [0, 1].map(|side| self.api[side].max(other.api[side])),
            plugins: self.plugins.max(other.plugins),
            files: self.files.max(other.files),
            connections: self.connections.max(other.connections),
            cpu_ms: self.cpu_ms.max(other.cpu_ms),
            wall_ms: self.wall_ms.max(other.wall_ms),
        }
    }

    fn print(self, what: &str) {
        println!(
            "  {what:<12} {:>4} {:>4} {:>8} {:>6} {:>12} {:>7} {:>8}",
            self.api[0],
            self.api[1],
            self.plugins,
            self.files,
            self.connections,
            self.cpu_ms,
            self.wall_ms
        );
    }
}

/// Counts the connections to a portal on their way.
struct Relay {
    address: String,
    seen: Arc<AtomicUsize>,
}

impl Relay {
    fn before(portal: &str) -> Self {
        let target: SocketAddr = portal
            .trim_start_matches("http://")
            .parse()
            .expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&seen);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::Relaxed);
                let server = TcpStream::connect(target).expect("the portal");
                for (mut from, mut to) in [
                    (client.try_clone(), server.try_clone()),
                    (server.try_clone(), client.try_clone()),
                ]
                .map(|(from, to)| (from.expect("a socket"), to.expect("a socket")))
                {
                    std::thread::spawn(move || {
                        drop(std::io::copy(&mut from, &mut to));
                        drop(to.shutdown(std::net::Shutdown::Write));
                    });
                }
            }
        });
        Self {
            address: format!("http://{address}"),
            seen,
        }
    }
}

struct Bench {
    running: Running,
    relays: Vec<Relay>,
    folder: tempfile::TempDir,
}

impl Bench {
    async fn of(old: Option<&str>, new: &str) -> Self {
        let mut world = World::plugins(PLUGINS).new_version(new);
        world.new.files = FilesAtStart::Active;
        for package in &mut world.content.packages {
            package.ui_active = true;
        }
        world = match old {
            Some(old) => world.old_version(old),
            None => world.without_old(),
        };
        let running = serve(world).await.expect("a simulation");
        let gateway = running.endpoints().new.gateway.clone();
        running.with_world(|world| {
            let row = Variable {
                id: "sys_var_bench".to_owned(),
                ..Variable::global("GATEWAY_URL_NEW", &gateway)
            };
            world.database_mut(SideName::New).variables.push(row);
        });
        let folder = tempfile::tempdir().expect("a folder");
        let relays = configure(&running, folder.path());
        Self {
            running,
            relays,
            folder,
        }
    }

    fn look(&self) -> Cost {
        let before = self.running.ledger().requests.len();
        for relay in &self.relays {
            relay.seen.store(0, Ordering::Relaxed);
        }
        let (cpu, began) = (children_cpu(), Instant::now());
        let output = Command::new(env!("CARGO_BIN_EXE_wecubectl"))
            .env_clear()
            .args(["check", "-q", "--config", "wecubectl.toml"])
            .current_dir(self.folder.path())
            .output()
            .expect("the binary starts");
        let wall = began.elapsed();
        let cpu = children_cpu().saturating_sub(cpu);
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "not healthy: {told}");
        let requests = self.running.ledger().requests.split_off(before);
        let mut cost = Cost {
            cpu_ms: millis(cpu),
            wall_ms: millis(wall),
            ..Cost::default()
        };
        for request in &requests {
            let of = |prefix: &str| request.path.starts_with(prefix);
            let own = of("/platform/") || of("/gateway/") || of("/auth/");
            if request.via == Via::Core || own {
                cost.api[usize::from(request.side == SideName::Old)] += 1;
            } else if of("/ui-resources/") {
                cost.files += 1;
            } else {
                cost.plugins += 1;
            }
        }
        let connections = self.relays.iter().map(|it| it.seen.load(Ordering::Relaxed));
        cost.connections = connections.max().unwrap_or_default();
        cost
    }
}

fn configure(running: &Running, folder: &Path) -> Vec<Relay> {
    let endpoints = running.endpoints();
    let state = folder.join("state").display().to_string();
    let mut text = format!("state_dir = {state:?}\n[auth]\nseed_file = \"seed\"\n");
    let mut relays = Vec::new();
    let sides: [(&str, Option<&Addresses>); 2] = [
        ("new", Some(&endpoints.new)),
        ("old", endpoints.old.as_ref()),
    ];
    for (name, side) in sides {
        let Some(side) = side else { continue };
        let own: Vec<Relay> = side.portal.iter().map(|it| Relay::before(it)).collect();
        let portals: Vec<&str> = own.iter().map(|it| it.address.as_str()).collect();
        writeln!(
            text,
            "[{name}]\ncore = {:?}\ngateway = {:?}\nportal = {portals:?}",
            side.core, side.gateway
        )
        .expect("a text grows");
        relays.extend(own);
    }
    for (name, text) in [("wecubectl.toml", &text), ("seed", &endpoints.seed)] {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let mut file = options.open(folder.join(name)).expect("a file");
        file.write_all(text.as_bytes()).expect("a file");
    }
    relays
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// CPU time, user and system, of all children that have ended.
fn children_cpu() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel counts");
    let used = usage.user_time() + usage.system_time();
    Duration::from_micros(u64::try_from(used.num_microseconds()).unwrap_or_default())
}

/// The most memory that any child held, in MB.
fn children_memory() -> u64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel counts");
    u64::try_from(usage.max_rss()).unwrap_or_default() / 1024
}

fn budget(version: &str) -> usize {
    match version {
        "v4.5.6" => 12,
        _ => 12 + 2 * PLUGINS,
    }
}

fn main() -> ExitCode {
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!(
        "{:<14} API new old  plugins  files  connections  CPU ms  wall ms",
        ""
    );
    let mut within = true;
    for (old, new) in [
        (Some("v3.2.6"), "v4.0.0"),
        (Some("v3.2.6"), "v4.5.6"),
        (Some("v4.0.0"), "v4.5.6"),
        (None, "v4.5.6"),
    ] {
        println!("{} beside {new}", old.unwrap_or("nothing"));
        let bench = runtime.block_on(Bench::of(old, new));
        bench.look().print("first");
        let next = (0..LOOKS).map(|_| bench.look());
        let worst = next.reduce(Cost::worst).unwrap_or_default();
        worst.print("most of 10");
        within &= worst.api[0] <= budget(new)
            && worst.api[1] <= old.map_or(0, budget)
            && worst.connections <= CONNECTIONS
            && worst.cpu_ms < CPU_MS;
    }
    let memory = children_memory();
    println!("most memory of any look: {memory} MB");
    within &= memory < MEMORY_MB;
    println!("within the budget: {}", if within { "yes" } else { "no" });
    if within {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
