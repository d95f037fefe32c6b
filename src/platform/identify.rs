//! What answers at the address given as core's: core itself, and which version, or something else.
//!
//! Core tells its version, a v3 without a token. A portal serves its own page at `/`, where core has
//! none; a gateway has routes of its own at `/gateway/v1/route-items`, where core answers 404
//! (`docs/platform/gateway.md#health-and-version`). Both forward to core, so a version alone does not tell them apart.

use super::driver::{self, CallInfo, Detection, detect};
use super::endpoints;
use super::request::{ApiRequest, Method, Via};
use super::transport::Transport;
use super::wire::{Expect, decode};
use crate::domain::{FailureCause, FailureKind, Generation, PlatformVersion, ReadFailure};

/// What is not core.
#[derive(Debug)]
pub(super) enum NotCore {
    /// A portal.
    Portal,
    /// Nobody, or somebody who could not be made out.
    Failed(ReadFailure),
}

/// Asks what it is: first without a token, which a v3 answers and which teaches us its clock before
/// the first token is minted.
pub(super) async fn identify(transport: &Transport) -> Result<PlatformVersion, NotCore> {
    let told = read_version(transport).await;
    // A login page that is served for everything is not a portal of ours.
    let foreign = |failure: &ReadFailure| {
        matches!(
            failure.kind,
            FailureKind::NotWecube | FailureKind::Unreachable | FailureKind::Redirected
        )
    };
    if !told.as_ref().is_err_and(foreign) && is_portal(transport).await {
        return Err(NotCore::Portal);
    }
    match told {
        Ok(version) => Ok(version),
        Err(failure) => Err(NotCore::Failed(explain_failure(transport, failure).await)),
    }
}

/// What an address says that was core's the last time: a v4 is asked with a token at once, and nobody
/// looks for a portal again. None where the answer holds no version: then it must be made out anew.
pub(super) async fn recheck_version(
    transport: &Transport,
    last: Generation,
) -> Result<Option<PlatformVersion>, ReadFailure> {
    let request = endpoints::version(last == Generation::V4);
    let answer = transport.call(&request).await?;
    let address = transport.target(&request);
    let asked = CallInfo {
        op: request.op,
        target: &address,
    };
    let data = decode(request.op, &address, &answer, Expect::Core);
    Ok(data.and_then(|data| driver::version(asked, &data)).ok())
}

async fn read_version(transport: &Transport) -> Result<PlatformVersion, ReadFailure> {
    let anonymous = endpoints::version(false);
    let answer = transport.call(&anonymous).await?;
    let address = transport.target(&anonymous);
    let asked = CallInfo {
        op: anonymous.op,
        target: &address,
    };
    match detect(asked, &answer, Expect::Core) {
        Detection::Told(version) => Ok(version),
        Detection::Failed(failure) => Err(failure),
        Detection::WantsToken(_) => {
            let request = endpoints::version(true);
            let answer = transport.call(&request).await?;
            let data = decode(request.op, &address, &answer, Expect::Core)?;
            driver::version(asked, &data)
        }
    }
}

/// No version of core limitations this endpoint: whoever answers 404 is another service, or a gateway whose
/// core is down.
async fn explain_failure(transport: &Transport, failure: ReadFailure) -> ReadFailure {
    let absent = failure.kind == FailureKind::EndpointAbsent;
    if !absent && failure.kind != FailureKind::ServerError {
        return failure;
    }
    if is_gateway(transport).await {
        return ReadFailure {
            kind: FailureKind::Unreachable,
            cause: FailureCause::GatewayWithoutCore(Box::new(failure.cause)),
            ..failure
        };
    }
    let kind = if absent {
        FailureKind::NotWecube
    } else {
        failure.kind
    };
    ReadFailure { kind, ..failure }
}

/// Whether the address serves the portal's own page. Core has none: it answers 404 (v4) or 401 (v3).
async fn is_portal(transport: &Transport) -> bool {
    let home = ApiRequest {
        op: "core.home",
        path: "/".to_owned(),
        ..endpoints::version(false)
    };
    transport.call(&home).await.is_ok_and(|answer| {
        let html = answer
            .content_type
            .is_some_and(|kind| kind.contains("text/html"));
        answer.status == 200 && html
    })
}

/// Whether the address tells a gateway's routes.
async fn is_gateway(transport: &Transport) -> bool {
    let routes = ApiRequest {
        op: "core.gateway",
        via: Via::Core,
        method: Method::Get,
        ..endpoints::gateway_route_items()
    };
    let told = transport.target(&routes);
    match transport.call(&routes).await {
        Ok(answer) => decode(routes.op, &told, &answer, Expect::Core).is_ok(),
        Err(_) => false,
    }
}
