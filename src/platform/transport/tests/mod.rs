//! The pipeline against servers that misbehave. Times are real and short.

mod faults;
mod order;
mod proxy;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use super::{Limits, Transport, TransportSettings, Trust};
use crate::domain::InstanceIdentity;
use crate::platform::request::{ApiRequest, Body, Method, Replay, Via};
use crate::platform::retry::RetryPolicy;
use crate::platform::testing::{FakeCredentials, identity};

fn limits() -> Limits {
    Limits {
        budget: Duration::from_secs(5),
        connect: Duration::from_secs(1),
        first_byte: Duration::from_millis(200),
        idle: Duration::from_millis(150),
        attempt: Duration::from_secs(2),
        body_cap: 1024,
    }
}

fn policy() -> RetryPolicy {
    RetryPolicy {
        attempts: 3,
        base: Duration::from_millis(2),
        cap: Duration::from_millis(10),
    }
}

fn settings(identity: &InstanceIdentity) -> TransportSettings<'_> {
    TransportSettings {
        identity,
        trust: &Trust::SYSTEM,
        limits: limits(),
        policy: policy(),
        deadline: None,
    }
}

fn transport_to(identity: &InstanceIdentity, credentials: Arc<FakeCredentials>) -> Transport {
    Transport::new(&settings(identity), credentials).unwrap()
}

/// A transport whose core, gateway and only portal are one server.
fn transport(address: &str) -> Transport {
    transport_to(
        &identity(address, address, &[address]),
        Arc::new(FakeCredentials::default()),
    )
}

fn request(method: Method, via: Via, replay: Replay) -> ApiRequest {
    ApiRequest {
        op: "test.op",
        via,
        method,
        path: "/platform/v1/x".to_owned(),
        query: Vec::new(),
        body: Body::None,
        unless: None,
        token: true,
        replay,
    }
}

fn read() -> ApiRequest {
    request(Method::Get, Via::Core, Replay::Safe)
}

fn write() -> ApiRequest {
    request(Method::Post, Via::Core, Replay::Never)
}
