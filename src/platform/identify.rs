//! Asks every given address what it is, before anything else; [`super::roles`] judges the answers.
//!
//! Nothing carries a token but the version of a v4: core's always, a gateway's only if two v4 must be
//! told apart. A portal never gets one; to which of two v4 it belongs is seen by the routes that its
//! gateway has loaded.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use futures::future::{join, join_all};
use futures::join;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::connect_settings::ConnectSettings;
use super::driver::{self, CallInfo, Detection, detect};
use super::endpoints;
use super::request::{ApiRequest, RawAnswer, Via};
use super::roles::{Claim, LeadsTo, Signature, role_of};
use super::transport::{Transport, TransportError};
use super::wire::{EnvelopeResult, Expect, Rows, decode, decode_data, read_envelope};
use crate::domain::{FailureCause, FailureKind, Generation, PlatformVersion, ReadFailure, Role};

/// What the addresses of one side answered.
pub(super) struct Identified {
    /// What core tells.
    pub(super) version: Result<PlatformVersion, ReadFailure>,
    /// Every address, core's first.
    pub(super) claims: Vec<Claim>,
}

/// Asks all addresses of a side.
pub(super) async fn identify(transport: &Transport, settings: &ConnectSettings) -> Identified {
    let of_core = async {
        let ServerAnswers {
            told, page, routes, ..
        } = look(transport, Via::Core, Expect::Core).await;
        let version = match told {
            Detection::Told(version) => Ok(version),
            Detection::Failed(failure) => Err(failure),
            // A portal never gets a token.
            Detection::WantsToken(_) if page == Signature::Present => Err(ReadFailure {
                kind: FailureKind::Ambiguous,
                operation: Role::Core.as_str(),
                target: settings.identity.core.to_string(),
                cause: FailureCause::AnswersAs(Role::Portal),
            }),
            Detection::WantsToken(_) => version_with_token(transport, Via::Core).await,
        };
        (version, page, routes)
    };
    let identity = &settings.identity;
    let others = doors(settings).map(|(via, role)| async move {
        let look = look(transport, via.clone(), Expect::Through).await;
        let address = match &via {
            Via::Portal(index) => identity.portals.get(*index).unwrap_or(&identity.gateway),
            _ => &identity.gateway,
        };
        let (core, leads_to) = match look.told {
            Detection::Told(version) => (Ok(()), LeadsTo::Version(version)),
            Detection::WantsToken(_) => (Ok(()), LeadsTo::SomeV4),
            Detection::Failed(failure) => (Err(failure.clone()), LeadsTo::Untold(failure)),
        };
        Claim {
            side: identity.side,
            role,
            address: address.clone(),
            is: role_of(look.page, look.routes, core),
            is_foreign: look.is_foreign,
            leads_to,
        }
    });
    let ((version, page, routes), others) = join(of_core, join_all(others)).await;
    let core = version.as_ref().map(drop).map_err(Clone::clone);
    let gateway_answers = routes == Signature::Present;
    let is = role_of(page, routes, core);
    let version = version.map_err(|failure| explain(failure, gateway_answers));
    let core = Claim {
        side: identity.side,
        role: Role::Core,
        address: identity.core.clone(),
        is,
        is_foreign: false,
        leads_to: match &version {
            Ok(version) => LeadsTo::Version(version.clone()),
            Err(failure) => LeadsTo::Untold(failure.clone()),
        },
    };
    Identified {
        version,
        claims: [core].into_iter().chain(others).collect(),
    }
}

/// The servers beside core, in the order of their claims.
fn doors(settings: &ConnectSettings) -> impl Iterator<Item = (Via, Role)> {
    let portals = 0..settings.identity.portals.len();
    let portals = portals.map(|index| (Via::Portal(index), Role::Portal));
    [(Via::Gateway, Role::Gateway)].into_iter().chain(portals)
}

/// What a server answers without a token.
struct ServerAnswers {
    /// As core.
    told: Detection,
    /// At `/`, or as a portal under its static files.
    page: Signature,
    /// As a gateway.
    routes: Signature,
    /// Nothing of the platform is behind it: it has neither core's version nor a gateway's routes, and
    /// says so with a 404 that is nobody's of the platform.
    is_foreign: bool,
}

async fn look(transport: &Transport, via: Via, expect: Expect) -> ServerAnswers {
    let version = to(&via, endpoints::version(false));
    let get = |op, path| ApiRequest {
        op,
        path,
        ..version.clone()
    };
    let page = get("home", "/".to_owned());
    let routes = to(&via, endpoints::gateway_route_items());
    let (told, page, routes) = join!(
        call(transport, &version),
        call(transport, &page),
        call(transport, &routes),
    );
    let has_own_404 = |answered: &Answered| {
        let answer = answered.as_ref().map(|(_, answer)| answer);
        answer.is_ok_and(|answer| answer.status == 404 && is_no_platform(answer))
    };
    let is_foreign = has_own_404(&told) && has_own_404(&routes);
    let told = match told {
        Ok((target, answer)) => {
            let asked = CallInfo {
                op: version.op,
                target: &target,
            };
            detect(asked, &answer, expect)
        }
        Err(failure) => Detection::Failed(failure),
    };
    let page = signature("home", page, |answer| {
        answer.status == 200 && is_html(answer)
    });
    let routes = signature(routes_op(), routes, |answer| {
        decode("", "", answer, Expect::Gateway).is_ok()
    });
    let is_portal = matches!(via, Via::Portal(_));
    let page = if is_portal && page != Signature::Present && routes == Signature::Present {
        // It may have another page: what makes a portal is that it serves static files itself and
        // forwards the rest.
        let file = get("static.file", endpoints::invented_file("ui-resources"));
        if has_own_404(&call(transport, &file).await) {
            Signature::Present
        } else {
            page
        }
    } else {
        page
    };
    ServerAnswers {
        told,
        page,
        routes,
        is_foreign,
    }
}

/// Whether no server of the platform, nor its framework, answers so.
fn is_no_platform(answer: &RawAnswer) -> bool {
    matches!(
        read_envelope(answer, Expect::Core),
        EnvelopeResult::Foreign {
            kind: FailureKind::NotWecube,
            ..
        }
    )
}

fn routes_op() -> &'static str {
    endpoints::gateway_route_items().op
}

type Answered = Result<(String, RawAnswer), ReadFailure>;

async fn call(transport: &Transport, request: &ApiRequest) -> Answered {
    let answer = transport.call(request).await;
    let answer = answer.map_err(|error: TransportError| ReadFailure::from(error))?;
    Ok((transport.target(request), answer))
}

fn to(via: &Via, request: ApiRequest) -> ApiRequest {
    ApiRequest {
        via: via.clone(),
        ..request
    }
}

/// Core answers 404 (v4) or 401 (v3) to what it does not have, a gateway 404; neither as HTML.
fn signature(op: &'static str, answered: Answered, is_there: fn(&RawAnswer) -> bool) -> Signature {
    match answered {
        Err(failure) => Signature::Unclear(failure),
        Ok((_, answer)) if is_there(&answer) => Signature::Present,
        Ok((_, answer)) if matches!(answer.status, 401 | 404) && !is_html(&answer) => {
            Signature::Absent
        }
        Ok((target, answer)) => {
            let unexpected = || ReadFailure {
                kind: FailureKind::NotWecube,
                operation: op,
                target: target.clone(),
                cause: FailureCause::Http(answer.status),
            };
            let failure = decode(op, &target, &answer, Expect::Through).err();
            Signature::Unclear(failure.unwrap_or_else(unexpected))
        }
    }
}

fn is_html(answer: &RawAnswer) -> bool {
    let kind = answer.content_type.as_deref();
    kind.is_some_and(|kind| kind.contains("text/html"))
}

async fn version_with_token(
    transport: &Transport,
    via: Via,
) -> Result<PlatformVersion, ReadFailure> {
    let expect = match via {
        Via::Core => Expect::Core,
        _ => Expect::Through,
    };
    let request = to(&via, endpoints::version(true));
    let (target, answer) = call(transport, &request).await?;
    let data = decode(request.op, &target, &answer, expect)?;
    let asked = CallInfo {
        op: request.op,
        target: &target,
    };
    driver::version(asked, data)
}

/// No version of core lacks the endpoint: whoever answers 404 is another service, or a gateway whose
/// core is down.
fn explain(failure: ReadFailure, gateway_answers: bool) -> ReadFailure {
    let absent = failure.kind == FailureKind::EndpointAbsent;
    if !absent && failure.kind != FailureKind::ServerError {
        return failure;
    }
    if gateway_answers {
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

/// What an address says that was core's the last time: a v4 is asked with a token at once, and nobody
/// asks again what the addresses are. `None` if the answer holds no version: then all is asked anew.
pub(super) async fn recheck_version(
    transport: &Transport,
    last: Generation,
) -> Result<Option<PlatformVersion>, ReadFailure> {
    let request = endpoints::version(last == Generation::V4);
    let (target, answer) = call(transport, &request).await?;
    let asked = CallInfo {
        op: request.op,
        target: &target,
    };
    let data = decode(request.op, &target, &answer, Expect::Core);
    Ok(data.and_then(|data| driver::version(asked, data)).ok())
}

/// Two v4 look alike without a token: asks each gateway for its core's version with one, and each
/// portal for the routes of the gateway behind it, which say whose they are.
pub(super) async fn tell_apart(sides: &mut [(&Transport, &ConnectSettings, &mut Identified)]) {
    let marks = sides.iter().map(|(transport, settings, _)| async move {
        let gateway = async {
            let version = version_with_token(transport, Via::Gateway).await;
            let version = version.map_or_else(LeadsTo::Untold, LeadsTo::Version);
            (version, loaded_routes(transport, Via::Gateway).await)
        };
        let portals = doors(settings).skip(1);
        let portals = portals.map(|(via, _)| loaded_routes(transport, via));
        join(gateway, join_all(portals)).await
    });
    let marks = join_all(marks).await;
    let behind = |mark: &Option<String>| {
        let same = marks
            .iter()
            .filter(|((_, gateway), _)| mark.is_some() && gateway == mark);
        let mut leads_to = same.map(|((leads_to, _), _)| leads_to);
        match (leads_to.next(), leads_to.next()) {
            (Some(only), None) => only.clone(),
            _ => LeadsTo::SomeV4,
        }
    };
    for ((_, _, identified), ((gateway, _), portals)) in sides.iter_mut().zip(&marks) {
        let told = [gateway.clone()]
            .into_iter()
            .chain(portals.iter().map(behind));
        for (claim, told) in identified.claims.iter_mut().skip(1).zip(told) {
            if claim.leads_to == LeadsTo::SomeV4 {
                claim.leads_to = told;
            }
        }
    }
}

/// The routes that a gateway has loaded, with their times and number of the load; `None` if it has
/// loaded none.
async fn loaded_routes(transport: &Transport, via: Via) -> Option<String> {
    let request = to(&via, endpoints::gateway_loaded_routes());
    let (target, answer) = call(transport, &request).await.ok()?;
    let data = decode(request.op, &target, &answer, Expect::Gateway).ok()?;
    let Rows::<&RawValue>(routes) = decode_data(request.op, &target, data).ok()?;
    let mut routes: Vec<&str> = routes.into_iter().map(RawValue::get).collect();
    routes.sort_unstable();
    let mut digest = Sha256::new();
    for route in &routes {
        digest.update(route);
        digest.update("\n");
    }
    (!routes.is_empty()).then(|| BASE64_STANDARD.encode(digest.finalize()))
}

#[cfg(test)]
#[path = "identify/server_tests.rs"]
mod server_tests;
#[cfg(test)]
#[path = "identify/tests.rs"]
mod tests;
