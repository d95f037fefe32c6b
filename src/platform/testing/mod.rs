//! What tests of this room share: a server that misbehaves byte by byte, and credentials that count.

mod credentials;
mod raw;
mod tls;

pub(in crate::platform) use credentials::FakeCredentials;
pub(in crate::platform) use raw::{Act, RawServer, answer, json};
pub(in crate::platform) use tls::TlsServer;

use wiremock::ResponseTemplate;

use crate::domain::{Address, InstanceIdentity, Side};

/// An identity whose servers are all given.
pub(in crate::platform) fn identity(
    core: &str,
    gateway: &str,
    portals: &[&str],
) -> InstanceIdentity {
    InstanceIdentity {
        side: Side::New,
        core: Address::new(core),
        gateway: Address::new(gateway),
        portals: portals.iter().map(|portal| Address::new(*portal)).collect(),
    }
}

/// What core answers if all is well, with the JSON text of its data.
pub(in crate::platform) fn ok(data: &str) -> ResponseTemplate {
    let body = format!(r#"{{"status":"OK","message":"Success","data":{data}}}"#);
    ResponseTemplate::new(200).set_body_raw(body, "application/json")
}
