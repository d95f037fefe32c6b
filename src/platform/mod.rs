//! All that knows HTTP: tokens, requests, the wire, the transport, the drivers, `observe`.
//!
//! A call goes: [`request`] (a value) → [`transport`] (budget → retry → token → timeouts → trace →
//! HTTP) → [`wire::envelope`] (the one place that decides success) → a decoder of [`wire`] that the
//! [`driver`] of the instance's version chose → `domain`. What the platform says of a registration that
//! it refused is read in [`register_error`].

mod bucket;
mod check_cache;
mod check_reads;
mod connect_settings;
mod connection;
mod driver;
mod endpoints;
#[doc(hidden)]
pub mod fuzzed;
mod health;
mod identify;
mod login;
mod observe;
mod ping;
mod probe;
mod reach;
mod register_error;
mod registration;
mod request;
mod retry;
mod roles;
mod shared_read;
#[cfg(test)]
mod testing;
mod transport;
mod wire;

pub use bucket::{BucketAnswer, probe_bucket};
pub use check_cache::CheckCache;
pub use check_reads::{
    given_gateways, granted_menus, health, health_unless_known, role_menus, token_probe,
    token_probes, unread_inventory,
};
pub use connect_settings::ConnectSettings;
pub use connection::{ConnectError, Reader, Tokens, Writer, connect};
pub use driver::capabilities_of;
pub use health::{Health, HealthAnswer, HealthQuestion, SignIn};
pub use login::{Account, AccountError, UserTokens};
pub use observe::{ObserveOptions, observe, observe_cached, routes_to_come};
pub use ping::ping;
pub use transport::{Authorities, ClientCertificate, Trust, is_proxy};
pub mod token;
