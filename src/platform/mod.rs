//! All that knows HTTP: tokens, requests, the wire, the transport, the drivers, `observe`.
//!
//! A call goes: [`request`] (a value) → `transport` (budget → retry → token → timeouts → trace →
//! HTTP) → `wire::envelope` (the one place that decides success) → a driver's decoder → `domain`.

mod request;
