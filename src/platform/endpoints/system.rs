//! Health, version, hosts, roles and routes.

use crate::platform::request::{ApiRequest, Body, Method, Replay, Via};

/// An anonymous or authenticated GET of core or gateway.
pub(super) fn get(op: &'static str, via: Via, path: String, token: bool) -> ApiRequest {
    ApiRequest {
        op,
        via,
        method: Method::Get,
        path,
        query: Vec::new(),
        body: Body::None,
        unless: None,
        token,
        replay: Replay::Safe,
    }
}

/// The version that core tells. Without a token a v3 answers and a v4 says 401 with code 10000004:
/// that is how generations are told apart before a seed is known ([`crate::platform::driver::detect`]).
pub(in crate::platform) fn version(token: bool) -> ApiRequest {
    get(
        "core.version",
        Via::Core,
        "/platform/v1/appinfo/version".to_owned(),
        token,
    )
}

/// What core says of its own health; a v3 answers without a token, a v4 wants one (`docs/platform/gateway.md#health-and-version`).
pub(in crate::platform) fn health() -> ApiRequest {
    get(
        "core.health",
        Via::Core,
        "/platform/v1/health-check".to_owned(),
        true,
    )
}

/// Route items that core offers; anonymous in every version.
pub(in crate::platform) fn core_route_items() -> ApiRequest {
    get(
        "routes.core",
        Via::Core,
        "/platform/v1/route-items".to_owned(),
        false,
    )
}

/// Route items that the gateway forwards by; anonymous in every version, and the gateway's only
/// usable probe (`docs/platform/gateway.md#health-and-version`).
pub(in crate::platform) fn gateway_route_items() -> ApiRequest {
    get(
        "routes.gateway",
        Via::Gateway,
        "/gateway/v1/route-items".to_owned(),
        false,
    )
}

/// The routes that the gateway has loaded, with the time and the number of the load: anonymous in every
/// version, and not the same on two gateways.
pub(in crate::platform) fn gateway_loaded_routes() -> ApiRequest {
    get(
        "routes.loaded",
        Via::Gateway,
        "/gateway/v1/loaded-routes".to_owned(),
        false,
    )
}
