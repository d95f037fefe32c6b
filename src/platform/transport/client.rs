//! The HTTP clients below the pipeline, and which of them a call uses.

use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;

use super::error::cause_of;
use super::origin::is_loopback;
use super::tls::{self, TlsWanted, Trust};
use crate::domain::FailureCause;
use crate::names::socket_addresses;
use crate::platform::request::{ApiRequest, Replay, Via};
use crate::platform::transport::concurrency::CONNECTIONS_PER_PORTAL;
use url::Url;

/// What our requests are told apart by in a server's log.
const USER_AGENT: &str = concat!("wecubectl/", env!("CARGO_PKG_VERSION"));
/// Idle connections are dropped before the shortest usual keep-alive of a server (nginx 75 s,
/// Tomcat 60 s) is over.
const POOL_IDLE: Duration = Duration::from_secs(20);

/// Clients that differ in two ways: by proxy or not, on a kept connection or a new one.
pub(super) struct Clients {
    direct: Pair,
    proxied: Pair,
    proxies: Matcher,
}

struct Pair {
    /// Keeps connections for the next call.
    kept: reqwest::Client,
    /// A new connection for each call: a write that must not be sent twice cannot be lost to a kept
    /// connection that the server was just closing.
    fresh: reqwest::Client,
}

impl Clients {
    /// Builds them. A proxy is read from the environment by the HTTP client itself
    /// (`http_proxy`, `https_proxy`, `no_proxy`).
    pub(super) fn build(
        tls: &rustls::ClientConfig,
        connect: Duration,
    ) -> Result<Self, reqwest::Error> {
        let pair = |proxy: Proxy| -> Result<Pair, reqwest::Error> {
            Ok(Pair {
                kept: builder(tls, connect, proxy)
                    .pool_idle_timeout(POOL_IDLE)
                    .pool_max_idle_per_host(2 * CONNECTIONS_PER_PORTAL)
                    .build()?,
                fresh: builder(tls, connect, proxy)
                    .pool_max_idle_per_host(0)
                    .build()?,
            })
        };
        Ok(Self {
            direct: pair(Proxy::Never)?,
            proxied: pair(Proxy::AsEnvironment)?,
            proxies: Matcher::from_env(),
        })
    }

    /// Scheme, host and port of the proxy that an address is asked through; its password is not told.
    pub(super) fn proxy_of(&self, url: &Url) -> Option<String> {
        if is_loopback(url) {
            return None;
        }
        let proxy = self.proxies.intercept(&url.as_str().parse().ok()?)?;
        let (scheme, authority) = (proxy.uri().scheme()?, proxy.uri().authority()?);
        let address = authority.as_str().rsplit('@').next()?;
        Some(format!("{scheme}://{address}"))
    }

    /// The client for a call.
    pub(super) fn of(&self, request: &ApiRequest, url: &Url) -> &reqwest::Client {
        let pair = if is_loopback(url) {
            &self.direct
        } else {
            &self.proxied
        };
        match (request.replay, &request.via) {
            (Replay::Never, Via::Core | Via::Gateway) => &pair.fresh,
            _ => &pair.kept,
        }
    }
}

/// Whether the HTTP client takes this for the address of a proxy; it passes by what it cannot read.
pub fn is_proxy(address: &str) -> bool {
    reqwest::Proxy::all(address).is_ok()
}

/// A client for a server that is no part of an instance: no redirect, nothing sent again.
pub(in crate::platform) fn client_alone(
    trust: &Trust,
    url: &Url,
    timeout: Duration,
) -> Result<reqwest::Client, FailureCause> {
    let (wanted, proxy) = match (url.scheme(), is_loopback(url)) {
        ("https", true) => (TlsWanted::Yes, Proxy::Never),
        ("https", false) => (TlsWanted::Yes, Proxy::AsEnvironment),
        (_, true) => (TlsWanted::No, Proxy::Never),
        (_, false) => (TlsWanted::No, Proxy::AsEnvironment),
    };
    let client = builder(&tls::config(trust, wanted)?, timeout, proxy).timeout(timeout);
    client.build().map_err(|error| cause_of(&error))
}

/// Looks up names for the HTTP client.
struct Names;

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The client puts the port of the address in place of 0.
            let found = socket_addresses(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[derive(Clone, Copy)]
enum Proxy {
    Never,
    AsEnvironment,
}

fn builder(tls: &rustls::ClientConfig, connect: Duration, proxy: Proxy) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .user_agent(USER_AGENT)
        // A redirect could carry the token elsewhere: it is an answer, never followed.
        .redirect(redirect::Policy::none())
        .referer(false)
        // All sending again is judged in `retry`.
        .retry(reqwest::retry::never())
        .http1_only()
        .dns_resolver(Names)
        .connect_timeout(connect);
    match proxy {
        Proxy::Never => builder.no_proxy(),
        Proxy::AsEnvironment => builder,
    }
}
