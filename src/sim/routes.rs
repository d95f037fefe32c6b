//! The route table of a gateway (`docs/platform/gateway.md#routes`).

use std::time::{Duration, Instant};

use super::ids::now_s;

/// A default route: one per running instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Plugin name.
    pub context: String,
    /// Host of the instance.
    pub host: String,
    /// Port of the instance.
    pub port: u16,
}

/// The routes that a gateway has loaded, and when it loads again.
#[derive(Debug)]
pub struct RouteTable {
    started: Instant,
    first_load: Duration,
    refresh: Duration,
    loaded_at: Option<Instant>,
    routes: Vec<Route>,
    /// Loads so far, and when the last one was.
    pub(super) load: Load,
}

/// Number and time of a load.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Load {
    pub(super) version: u32,
    pub(super) at_s: i64,
}

impl RouteTable {
    /// A table that is loaded `first_load_ms` after now, and every `refresh_ms` from then on.
    pub fn new(first_load_ms: u64, refresh_ms: u64) -> Self {
        Self {
            started: Instant::now(),
            first_load: Duration::from_millis(first_load_ms),
            refresh: Duration::from_millis(refresh_ms),
            loaded_at: None,
            routes: Vec::new(),
            load: Load::default(),
        }
    }

    /// The routes as last loaded.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// Whether the gateway loads its routes now: on its timer, or because a request asks for it,
    /// which works only after the first load.
    pub(super) fn is_due(&self, asked: bool) -> bool {
        match self.loaded_at {
            None => self.started.elapsed() >= self.first_load,
            Some(at) => asked || at.elapsed() >= self.refresh,
        }
    }

    /// An empty list is ignored: old routes stay.
    pub(super) fn load(&mut self, routes: Vec<Route>) {
        if !routes.is_empty() {
            self.routes = routes;
            self.load.version += 1;
            self.load.at_s = now_s(0);
        }
        self.loaded_at = Some(Instant::now());
    }
}
