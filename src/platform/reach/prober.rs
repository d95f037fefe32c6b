//! Asks the gateway, then the instances.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};
use url::{Host, Url};

use super::decide::{ReachEvidence, Route, decide};
use super::port_probe::probe_port;
use crate::domain::{PluginName, PortProbe, Reach, ReadFailure, Reading, RouteItem};
use crate::platform::endpoints::plugin_context;
use crate::platform::request::Via;
use crate::platform::transport::{Transport, is_loopback};
use crate::platform::wire::{PluginAnswer, plugin_answer};

/// Plugins asked for at once.
const AT_ONCE: usize = 8;

/// A plugin with a running instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct Candidate {
    /// Its name, which is its context.
    pub(in crate::platform) name: PluginName,
    /// Host and port of each running instance.
    pub(in crate::platform) addresses: BTreeSet<(String, u16)>,
}

/// Asks one side's gateway for plugins.
pub(in crate::platform) struct ReachabilityProber<'a> {
    transport: &'a Transport,
    routed: Option<BTreeSet<&'a PluginName>>,
}

impl<'a> ReachabilityProber<'a> {
    /// A prober that knows the gateway's routes, if they could be read.
    pub(in crate::platform) fn new(
        transport: &'a Transport,
        routes: &'a Reading<Vec<RouteItem>>,
    ) -> Self {
        Self {
            transport,
            routed: routes
                .known()
                .map(|routes| routes.iter().map(|route| &route.context).collect()),
        }
    }

    /// Whether each plugin can be reached.
    pub(in crate::platform) async fn ask(
        &self,
        candidates: &[Candidate],
    ) -> BTreeMap<PluginName, Reach> {
        stream::iter(candidates)
            .map(|candidate| async move { (candidate.name.clone(), self.one(candidate).await) })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await
    }

    async fn one(&self, candidate: &Candidate) -> Reach {
        let request = plugin_context(&candidate.name);
        let (gateway, status) = match self.transport.call(&request).await {
            Ok(answer) => (Ok(plugin_answer(&answer)), answer.status),
            Err(error) => (Err(ReadFailure::from(error).cause), 0),
        };
        let mut probes = Vec::new();
        if gateway
            .as_ref()
            .is_ok_and(|answer| *answer != PluginAnswer::Plugin)
        {
            for (host, port) in &candidate.addresses {
                let address = format!("{}:{port}", host.escape_debug());
                probes.push((address, self.probe_port(host, *port, &request.path).await));
            }
        }
        decide(ReachEvidence {
            gateway,
            status,
            route: self.route(&candidate.name),
            probes,
        })
    }

    fn route(&self, name: &PluginName) -> Route {
        match &self.routed {
            Some(names) if names.contains(name) => Route::Listed,
            Some(_) => Route::Missing,
            None => Route::Unknown,
        }
    }

    pub(super) async fn probe_port(&self, host: &str, port: u16, path: &str) -> PortProbe {
        if host.is_empty() || port == 0 {
            return PortProbe::NoAddress;
        }
        let gateway = self.transport.origins().of(&Via::Gateway);
        if is_own_loopback(host) && !gateway.is_some_and(is_loopback) {
            return PortProbe::GatewayLoopback;
        }
        probe_port(host, port, path).await
    }
}

/// Whether an address means whoever uses it.
pub(super) fn is_own_loopback(host: &str) -> bool {
    let Ok(parsed) = Host::parse(host).or_else(|_| Host::parse(&format!("[{host}]"))) else {
        return false;
    };
    Url::parse(&format!("http://{parsed}")).is_ok_and(|url| is_loopback(&url))
}
