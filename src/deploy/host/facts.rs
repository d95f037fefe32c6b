//! Facts about this host: addresses, listening ports, cores, memory, disk, Docker's versions.
//!
//! A fact that cannot be read is `None`; no rule takes it for good or bad.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::files::{MIB, read_text};

/// Facts about this host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostFacts {
    /// Addresses of its interfaces, without loopback; the one of the default route first.
    pub addresses: Vec<String>,
    /// Ports that something listens on.
    pub listening: Option<BTreeSet<u16>>,
    /// Of those, ports of the new instance's own containers.
    pub own_ports: BTreeSet<u16>,
    /// Cores.
    pub cores: Option<usize>,
    /// Memory, in bytes.
    pub memory: Option<u64>,
    /// Free space at the root, in bytes.
    pub free: Option<u64>,
    /// Version of the Docker engine.
    pub docker: Option<String>,
    /// Version of `docker compose` or `docker-compose`.
    pub compose: Option<String>,
}

/// Reads the facts. `containers` are those of the new instance and those that it replaces.
pub fn read(root: &Path, containers: &[String]) -> HostFacts {
    let docker = first_line("docker", &["version", "--format", "{{.Server.Version}}"]);
    let compose = first_line("docker", &["compose", "version", "--short"])
        .or_else(|| first_line("docker-compose", &["version", "--short"]));
    HostFacts {
        addresses: addresses(),
        listening: listening(),
        own_ports: docker
            .as_ref()
            .map(|_| own_ports(root, containers))
            .unwrap_or_default(),
        cores: std::thread::available_parallelism()
            .ok()
            .map(std::num::NonZero::get),
        memory: proc("meminfo").and_then(|text| memory_of(&text)),
        free: free_space(root),
        docker,
        compose,
    }
}

fn proc(name: &str) -> Option<String> {
    read_text(&Path::new("/proc").join(name), 16 * MIB).ok()
}

/// Addresses of the interfaces, without loopback; the one of the default route first.
pub fn addresses() -> Vec<String> {
    let local = proc("net/fib_trie").unwrap_or_default();
    let mut found: Vec<Ipv4Addr> = local_addresses(&local).into_iter().collect();
    // Connecting a datagram socket sends nothing; it selects the address of the default route.
    let default = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    if let Ok(IpAddr::V4(default)) = default.map(|address| address.ip())
        && !default.is_loopback()
        && !default.is_unspecified()
    {
        found.retain(|address| *address != default);
        found.insert(0, default);
    }
    found.iter().map(ToString::to_string).collect()
}

/// [`addresses`] without those of Docker's own bridges, which no other host reaches.
pub fn reachable_addresses() -> Vec<String> {
    let bridges = bridge_networks(&proc("net/route").unwrap_or_default());
    let is_bridge = |address: &String| {
        let address: Option<Ipv4Addr> = address.parse().ok();
        let in_it =
            |address: Ipv4Addr, (network, mask): &(u32, u32)| u32::from(address) & mask == *network;
        address.is_some_and(|address| bridges.iter().any(|one| in_it(address, one)))
    };
    let mut found = addresses();
    found.retain(|address| !is_bridge(address));
    found
}

/// Networks and masks of Docker's bridges in `/proc/net/route`.
fn bridge_networks(table: &str) -> Vec<(u32, u32)> {
    let is_bridge = |name: &str| {
        let own = name.strip_prefix("br-");
        let own = own.is_some_and(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit()));
        own || name == "docker0" || name == "docker_gwbridge"
    };
    let number = |hex: &str| u32::from_str_radix(hex, 16).ok().map(u32::swap_bytes);
    let network = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (network, mask) = (number(words.get(1)?)?, number(words.get(7)?)?);
        (is_bridge(words.first()?) && mask != 0).then_some((network, mask))
    };
    table.lines().filter_map(network).collect()
}

/// `|-- ADDRESS` with `/32 host LOCAL` on the next line.
fn local_addresses(fib_trie: &str) -> BTreeSet<Ipv4Addr> {
    let lines: Vec<&str> = fib_trie.lines().collect();
    lines
        .windows(2)
        .filter(|pair| pair[1].contains("/32 host LOCAL"))
        .filter_map(|pair| pair[0].trim().strip_prefix("|-- ")?.parse().ok())
        .filter(|address: &Ipv4Addr| !address.is_loopback())
        .collect()
}

fn listening() -> Option<BTreeSet<u16>> {
    let v4 = proc("net/tcp")?;
    let v6 = proc("net/tcp6").unwrap_or_default();
    Some(listening_of(&v4).chain(listening_of(&v6)).collect())
}

/// Ports in state 0A (LISTEN) of `/proc/net/tcp`.
fn listening_of(table: &str) -> impl Iterator<Item = u16> + '_ {
    table.lines().skip(1).filter_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let (local, _, state) = (words.next()?, words.next()?, words.next()?);
        let (_, port) = local.rsplit_once(':')?;
        (state == "0A")
            .then(|| u16::from_str_radix(port, 16).ok())
            .flatten()
    })
}

fn memory_of(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find(|line| line.starts_with("MemTotal:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

/// Free space at a path, or at its nearest existing parent.
fn free_space(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|folder| folder.exists())?;
    let facts = rustix::fs::statvfs(there).ok()?;
    Some(facts.f_bavail.saturating_mul(facts.f_frsize))
}

/// Ports of running containers of these names, and of those whose compose file is below the root: an
/// earlier version, which a start replaces.
fn own_ports(root: &Path, containers: &[String]) -> BTreeSet<u16> {
    let format = "{{.Names}}\t{{.Ports}}\t{{.Label \"com.docker.compose.project.working_dir\"}}";
    let text = output("docker", &["ps", "--format", format]).unwrap_or_default();
    let root = resolve_links(root);
    own_ports_of(&text, &|name, folder| {
        containers.iter().any(|own| own == name)
            || !folder.is_empty() && resolve_links(Path::new(folder)).starts_with(&root)
    })
}

/// Ports of the lines of `docker ps` that are ours, by container name and compose directory.
fn own_ports_of(text: &str, is_ours: &dyn Fn(&str, &str) -> bool) -> BTreeSet<u16> {
    let ours = text.lines().filter_map(|line| {
        let mut fields = line.split('\t');
        let (name, ports) = (fields.next()?, fields.next()?);
        is_ours(name, fields.next().unwrap_or_default()).then_some(ports)
    });
    ours.flat_map(published).collect()
}

/// Host ports of `10.0.0.1:8002->8080/tcp, …`.
fn published(ports: &str) -> Vec<u16> {
    ports
        .split(", ")
        .filter_map(|one| one.split_once("->")?.0.rsplit(':').next()?.parse().ok())
        .collect()
}

fn first_line(program: &str, args: &[&str]) -> Option<String> {
    let text = output(program, args)?;
    let line = text.lines().next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

fn output(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The path with links resolved, as far as it exists.
pub fn resolve_links(path: &Path) -> PathBuf {
    let existing = path
        .ancestors()
        .find_map(|above| Some((above, above.canonicalize().ok()?)));
    match existing {
        Some((above, real)) => path
            .strip_prefix(above)
            .map(|rest| real.join(rest))
            .unwrap_or(real),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsers_read_the_kernel_tables() {
        let fib = "Main:\n     |-- 10.0.0.0\n        /24 link UNICAST\n     |-- 10.0.0.1\n        /32 host LOCAL\n     |-- 127.0.0.1\n        /32 host LOCAL\n";
        assert_eq!(local_addresses(fib), [Ipv4Addr::new(10, 0, 0, 1)].into());
        let tcp = "  sl  local_address rem_address   st\n   0: 0100007F:1F40 00000000:0000 0A 0\n   1: 0100007F:1F41 0100007F:0016 01 0\n";
        assert_eq!(listening_of(tcp).collect::<Vec<_>>(), [8000]);
        assert_eq!(memory_of("MemTotal:        8000 kB\n"), Some(8_192_000));
        let route = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\ndocker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\nbr-0123456789ab\t000012AC\t0\t1\t0\t0\t0\t0000FFFF\nbr-lan\t0000000A\t0\t1\t0\t0\t0\t000000FF\n";
        let network = |a, b| (u32::from(Ipv4Addr::new(a, b, 0, 0)), 0xffff_0000);
        assert_eq!(bridge_networks(route), [network(172, 17), network(172, 18)]);
        let ps = "new\t10.0.0.1:8000->8000/tcp\t/elsewhere\nold\t0.0.0.0:8002->8080/tcp\t/data/app/x\nother\t0.0.0.0:80->80/tcp\t\n";
        let ours = |name: &str, folder: &str| name == "new" || folder.starts_with("/data/app");
        assert_eq!(own_ports_of(ps, &ours), [8000, 8002].into());
        assert_eq!(
            published("10.0.0.1:8002->8080/tcp, 0.0.0.0:80->80/tcp, 443/tcp"),
            [8002, 80]
        );
    }

    #[test]
    fn listening_finds_an_open_port() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(listening().unwrap().contains(&port));
    }

    #[cfg(unix)]
    #[test]
    fn resolve_links_follows_links_as_far_as_the_path_exists() {
        let folder = tempfile::tempdir().unwrap();
        let base = fs_err::canonicalize(folder.path()).unwrap();
        fs_err::create_dir(base.join("old")).unwrap();
        fs_err::os::unix::fs::symlink(base.join("old"), base.join("new")).unwrap();
        assert_eq!(
            resolve_links(&base.join("new/ui-resources")),
            base.join("old/ui-resources")
        );
    }
}
