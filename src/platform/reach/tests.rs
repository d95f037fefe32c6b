//! Gateways of both generations, with the recorded bodies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Candidate, ReachabilityProber};
use crate::domain::{FailureKind, PluginName, PortProbe, Reach, ReadFailure, Reading, RouteItem};
use crate::i18n::english;
use crate::platform::retry::RetryPolicy;
use crate::platform::testing::{Act, FakeCredentials, RawServer, answer, identity};
use crate::platform::transport::{Limits, Transport, TransportSettings, Trust};

/// Nobody listens there, and it is given to nobody.
const CLOSED_PORT: u16 = 1;

const GIN: &str = "404 page not found";

fn transport(gateway: &str) -> Transport {
    let settings = TransportSettings {
        identity: &identity("http://127.0.0.1:1", gateway, &[]),
        trust: &Trust::SYSTEM,
        limits: Limits::read(Duration::from_millis(400), 1 << 20),
        policy: RetryPolicy {
            attempts: 2,
            base: Duration::from_millis(1),
            cap: Duration::from_millis(2),
        },
        deadline: None,
    };
    Transport::new(&settings, Arc::new(FakeCredentials::default())).unwrap()
}

fn route(name: &str) -> RouteItem {
    RouteItem {
        context: PluginName::new(name),
        host: "127.0.0.1".to_owned(),
        port: "20100".to_owned(),
        path: None,
    }
}

fn candidate(name: &str, addresses: &[(&str, u16)]) -> Candidate {
    Candidate {
        name: PluginName::new(name),
        addresses: addresses
            .iter()
            .map(|(host, port)| ((*host).to_owned(), *port))
            .collect::<BTreeSet<_>>(),
    }
}

async fn ask(
    gateway: &str,
    routes: &Reading<Vec<RouteItem>>,
    candidates: &[Candidate],
) -> BTreeMap<PluginName, Reach> {
    let transport = transport(gateway);
    ReachabilityProber::new(&transport, routes)
        .ask(candidates)
        .await
}

async fn one(gateway: &str, routes: &Reading<Vec<RouteItem>>, address: (&str, u16)) -> Reach {
    let candidates = [candidate("wecmdb", &[address])];
    ask(gateway, routes, &candidates)
        .await
        .pop_first()
        .unwrap()
        .1
}

fn port_of(server: &RawServer) -> u16 {
    server.address.rsplit(':').next().unwrap().parse().unwrap()
}

async fn gin_gateway() -> MockServer {
    let gateway = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(404).set_body_raw(GIN, "text/plain"))
        .mount(&gateway)
        .await;
    gateway
}

#[tokio::test]
async fn any_answer_of_the_plugins_own_is_reached_and_no_token_is_sent() {
    let gateway = MockServer::start().await;
    for (name, status, body) in [
        ("a", 200, "{}"),
        ("b", 401, "no"),
        ("c", 404, "<html>"),
        ("d", 500, "boom"),
    ] {
        Mock::given(path(format!("/{name}/")))
            .respond_with(ResponseTemplate::new(status).set_body_string(body))
            .expect(1)
            .mount(&gateway)
            .await;
    }
    let candidates: Vec<_> = ["a", "b", "c", "d"].map(|name| candidate(name, &[])).into();
    let found = ask(&gateway.uri(), &Reading::Known(Vec::new()), &candidates).await;
    assert_eq!(found.len(), 4);
    assert!(
        found
            .values()
            .all(|reach| matches!(reach, Reach::Reached { .. })),
        "{found:?}"
    );
    for request in gateway.received_requests().await.unwrap() {
        assert!(!request.headers.contains_key("authorization"));
    }
}

#[tokio::test]
async fn a_v4_404_is_settled_by_the_port() {
    let gateway = gin_gateway().await;
    let routed = Reading::Known(vec![route("wecmdb")]);
    let down = one(&gateway.uri(), &routed, ("127.0.0.1", CLOSED_PORT)).await;
    assert!(
        matches!(&down, Reach::Down { cause } if english(&cause.message()).contains("refuses the connection")),
        "{down:?}"
    );

    // A plugin written with gin says the same words itself.
    let own = answer("404 Not Found", "Content-Type: text/plain\r\n", GIN);
    let plugin = RawServer::start([Act::AnswerThenClose(own)]).await;
    let reached = one(&gateway.uri(), &routed, ("127.0.0.1", port_of(&plugin))).await;
    assert_eq!(reached, Reach::Reached { status: 404 });
    let asked = plugin.requests();
    assert!(
        asked[0].starts_with("GET /wecmdb/ HTTP/1.1\r\n"),
        "{asked:?}"
    );
    assert!(!asked[0].to_lowercase().contains("authorization"));

    // Without a route the same words are the gateway's.
    let unrouted = Reading::Known(Vec::new());
    let missing = one(&gateway.uri(), &unrouted, ("127.0.0.1", port_of(&plugin))).await;
    assert!(
        matches!(&missing, Reach::Down { cause } if english(&cause.message()).contains("no route")),
        "{missing:?}"
    );

    let unread = Reading::Unknown(ReadFailure {
        kind: FailureKind::NoAnswer,
        operation: "gateway.routes",
        target: String::new(),
        cause: crate::domain::FailureCause::Unspecified,
    });
    let unknown = one(&gateway.uri(), &unread, ("127.0.0.1", port_of(&plugin))).await;
    assert!(matches!(unknown, Reach::Unknown { .. }), "{unknown:?}");
}

#[tokio::test]
async fn an_open_port_that_is_mute_settles_nothing() {
    let gateway = gin_gateway().await;
    let routed = Reading::Known(vec![route("wecmdb")]);
    let banner = RawServer::start([Act::AnswerThenClose(b"SSH-2.0\r\n".to_vec())]).await;
    let mute = one(&gateway.uri(), &routed, ("127.0.0.1", port_of(&banner))).await;
    assert!(
        matches!(&mute, Reach::Unknown { cause } if english(&cause.message()).contains("is open")),
        "{mute:?}"
    );
}

#[tokio::test]
async fn a_v3_gateway_says_which_it_is() {
    for (status, error, words) in [
        (404, "Not Found", "no route"),
        (500, "Internal Server Error", "no answer from it"),
    ] {
        let gateway = MockServer::start().await;
        let body = serde_json::json!({
            "timestamp": "2026-11-23T01:47:48.239+00:00", "path": "/wecmdb/", "status": status,
            "error": error, "requestId": "303d5446-47",
        });
        Mock::given(any())
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .mount(&gateway)
            .await;
        let routes = Reading::Known(vec![route("wecmdb")]);
        let down = one(&gateway.uri(), &routes, ("127.0.0.1", CLOSED_PORT)).await;
        assert!(
            matches!(&down, Reach::Down { cause } if english(&cause.message()).contains(words)),
            "{down:?}"
        );
    }
}

#[tokio::test]
async fn a_silent_gateway_is_unknown_and_nobody_knocks() {
    let plugin = RawServer::start([Act::Hang]).await;
    let gateway = format!("http://127.0.0.1:{CLOSED_PORT}");
    let routes = Reading::Known(vec![route("wecmdb")]);
    let unknown = one(&gateway, &routes, ("127.0.0.1", port_of(&plugin))).await;
    assert!(
        matches!(&unknown, Reach::Unknown { cause } if english(&cause.message()).contains("the gateway did not answer")),
        "{unknown:?}"
    );
    assert_eq!(plugin.connections(), 0);
}

#[test]
fn loopback_addresses_of_another_host_cannot_be_told() {
    for (host, itself) in [
        ("127.0.0.1", true),
        ("localhost", true),
        ("::1", true),
        ("10.0.0.1", false),
        ("plugin-host", false),
        ("", false),
        ("a b", false),
    ] {
        assert_eq!(super::prober::is_own_loopback(host), itself, "{host}");
    }
}

#[tokio::test]
async fn a_loopback_instance_behind_a_gateway_elsewhere_is_not_probed() {
    // The prober's own step, since no gateway elsewhere can be asked in a test.
    let transport = transport("http://gateway.example:8005");
    let routes = Reading::Known(Vec::new());
    let prober = ReachabilityProber::new(&transport, &routes);
    let result = prober.probe_port("127.0.0.1", 1, "/wecmdb/").await;
    assert_eq!(result, PortProbe::GatewayLoopback);
    let unlisted = prober.probe_port("", 0, "/wecmdb/").await;
    assert_eq!(unlisted, PortProbe::NoAddress);
}
