//! Addresses of host names: `/etc/hosts` first, then the name servers of `/etc/resolv.conf`.
//!
//! glibc loads libraries of the host at run time for this, which a static binary cannot rely on. Other
//! sources of `nsswitch.conf` (LDAP, mDNS, WINS) are not asked. Both files are read again for each
//! name, so a change counts at once.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::Path;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ResolveHosts, ResolverConfig, ResolverOpts, ServerOrderingStrategy,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::Name;
use hickory_resolver::system_conf::parse_resolv_conf;

use crate::files::{MIB, read};
use crate::signals::small_runtime;

/// The name has no address, or no name server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownHost;

impl fmt::Display for UnknownHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host name does not resolve")
    }
}

impl std::error::Error for UnknownHost {}

impl From<UnknownHost> for io::Error {
    fn from(unknown: UnknownHost) -> Self {
        Self::other(unknown)
    }
}

/// The addresses of a host name or address, in the order in which to try them; at least one.
pub async fn addresses(host: &str) -> Result<Vec<IpAddr>, UnknownHost> {
    let file = |path| read(Path::new(path), 16 * MIB).unwrap_or_default();
    let sources = Sources {
        hosts: String::from_utf8_lossy(&file("/etc/hosts")).into_owned(),
        resolv_conf: file("/etc/resolv.conf"),
        port: None,
    };
    sources.addresses(host).await
}

/// As [`addresses`], each with a port.
pub async fn socket_addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, UnknownHost> {
    let found = addresses(host).await?;
    Ok(found.into_iter().map(|ip| (ip, port).into()).collect())
}

/// As [`addresses`], for a thread that runs nothing asynchronous.
pub fn addresses_blocking(host: &str) -> Result<Vec<IpAddr>, UnknownHost> {
    let runtime = small_runtime().map_err(|_| UnknownHost)?;
    runtime.block_on(addresses(host))
}

/// What names are looked up in.
struct Sources {
    hosts: String,
    resolv_conf: Vec<u8>,
    /// Port of the name servers, if it is not the usual one.
    port: Option<u16>,
}

impl Sources {
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, UnknownHost> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let mut found = in_hosts(&self.hosts, host);
        if found.is_empty() {
            found = self.ask(host).await.ok_or(UnknownHost)?;
        }
        // As getaddrinfo: what this host has a route to comes first, and there IPv6.
        found.sort_by_cached_key(|address| (!has_route(*address), address.is_ipv4()));
        if found.is_empty() {
            return Err(UnknownHost);
        }
        Ok(found)
    }

    /// The answer of the name servers.
    async fn ask(&self, host: &str) -> Option<Vec<IpAddr>> {
        let (config, options) = self.resolver()?;
        let provider = TokioRuntimeProvider::default();
        let mut builder = TokioResolver::builder_with_config(config, provider);
        *builder.options_mut() = options;
        let resolver = builder.build().ok()?;
        let answer = resolver.lookup_ip(Name::from_ascii(host).ok()?).await;
        answer.ok().map(|answer| answer.iter().collect())
    }

    /// The rules of resolv.conf(5): without a name server the one of this host, one server after the
    /// other, and the domain of the host's own name only without a search list.
    fn resolver(&self) -> Option<(ResolverConfig, ResolverOpts)> {
        let text = String::from_utf8_lossy(&self.resolv_conf);
        let names_server = text
            .lines()
            .any(|line| line.trim_start().starts_with("nameserver"));
        let read = if names_server {
            parse_resolv_conf(text.as_bytes())
        } else {
            parse_resolv_conf(format!("{text}\nnameserver 127.0.0.1\n"))
        };
        let (config, mut options) = read.ok()?;
        let (domain, mut search, mut servers) = config.into_parts();
        if search.is_empty() {
            search.extend(domain);
        }
        if let Some(port) = self.port {
            let connections = servers
                .iter_mut()
                .flat_map(|server| &mut server.connections);
            connections.for_each(|connection| connection.port = port);
        }
        servers.retain(|server| {
            let port = server.connections.first().map_or(53, |first| first.port);
            !refuses((server.ip, port).into())
        });
        if servers.is_empty() {
            return None;
        }
        options.use_hosts_file = ResolveHosts::Never;
        options.server_ordering_strategy = ServerOrderingStrategy::UserProvidedOrder;
        options.num_concurrent_reqs = 1;
        options.cache_size = 0;
        Some((ResolverConfig::from_parts(None, search, servers), options))
    }
}

/// The addresses that lines of `/etc/hosts` give a name.
fn in_hosts(hosts: &str, host: &str) -> Vec<IpAddr> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let address_of = |line: &str| {
        let line = line.split('#').next()?;
        let mut words = line.split_whitespace();
        let address = words.next()?.parse().ok()?;
        words
            .any(|name| name.eq_ignore_ascii_case(host))
            .then_some(address)
    };
    let mut found = Vec::new();
    for address in hosts.lines().filter_map(address_of) {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

/// Whether no name server listens at an address of this host. The resolver does not see the refusal,
/// and would wait for an answer.
fn refuses(server: SocketAddr) -> bool {
    if !server.ip().is_loopback() {
        return false;
    }
    // The refusal of the first datagram is the error of the second.
    let asked = connected(server).and_then(|socket| {
        socket.send(&[])?;
        socket.send(&[])
    });
    asked.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// Whether this host has a route to an address. Connecting a datagram socket sends nothing.
fn has_route(address: IpAddr) -> bool {
    connected((address, 9).into()).is_ok()
}

/// A datagram socket that is connected to an address.
fn connected(to: SocketAddr) -> io::Result<UdpSocket> {
    let any: IpAddr = match to {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(to)?;
    Ok(socket)
}

#[cfg(test)]
mod tests;
