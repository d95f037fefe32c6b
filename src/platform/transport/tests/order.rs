//! The token, the headers, the concurrency and the connections.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use futures::future::join_all;

use super::{limits, read, request, transport, transport_to, write};
use crate::domain::{Address, FailureKind, InstanceIdentity, ReadFailure};
use crate::platform::request::{Body, Method, Replay, Via};
use crate::platform::retry::{Fault, Sent};
use crate::platform::testing::{Act, FakeCredentials, RawServer, answer, identity, json};

fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[tokio::test]
async fn headers_of_a_call_to_core() {
    let server = RawServer::start([Act::Answer(json("{}"))]).await;
    let transport = transport(&server.address);
    transport.call(&read()).await.unwrap();
    transport.call(&write()).await.unwrap();
    let requests = server.requests();
    let (first, second) = (&requests[0], &requests[1]);
    assert!(first.starts_with("GET /platform/v1/x HTTP/1.1"), "{first}");
    assert_eq!(header(first, "authorization"), Some("Bearer token-0"));
    assert_eq!(header(first, "accept-language"), Some("en"));
    assert_eq!(
        header(first, "user-agent"),
        Some(concat!("wecubectl/", env!("CARGO_PKG_VERSION")))
    );
    assert_eq!(header(first, "accept-encoding"), None);
    assert_eq!(header(first, "content-length"), None);
    assert_eq!(header(second, "content-length"), Some("0"));
    let ids = [first, second].map(|request| header(request, "requestid").unwrap().to_owned());
    assert!(ids[0].starts_with("wecubectl-"));
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn only_core_and_gateway_see_the_token_and_only_where_the_call_carries_one() {
    let server = RawServer::start([Act::Answer(json("{}"))]).await;
    let transport = transport(&server.address);
    for (via, token, carried) in [
        (Via::Core, true, true),
        (Via::Gateway, true, true),
        (Via::Portal(0), true, false),
        (Via::Core, false, false),
        (Via::Gateway, false, false),
    ] {
        let mut asked = request(Method::Get, via.clone(), Replay::Safe);
        asked.token = token;
        transport.call(&asked).await.unwrap();
        let last = server.requests().pop().unwrap();
        assert_eq!(
            header(&last, "authorization").is_some(),
            carried,
            "{via:?} {token}"
        );
        assert_eq!(
            header(&last, "accept-language").is_some(),
            !matches!(via, Via::Portal(_))
        );
    }
}

#[tokio::test]
async fn core_401_is_answered_with_a_new_token_once_for_writes_too() {
    let refused = r#"{"code":10000004,"status":"ERROR","message":"x"}"#;
    for asked in [read(), write()] {
        let server = RawServer::start([
            Act::Answer(answer("401 Unauthorized", "", refused)),
            Act::Answer(json("{}")),
        ])
        .await;
        let answer = transport(&server.address).call(&asked).await.unwrap();
        assert_eq!(answer.status, 200);
        let tokens: Vec<_> = server
            .requests()
            .iter()
            .map(|request| header(request, "authorization").unwrap().to_owned())
            .collect();
        assert_eq!(tokens, ["Bearer token-0", "Bearer token-1"]);
    }
    let server = RawServer::start([Act::Answer(answer("401 Unauthorized", "", "{}"))]).await;
    let answer = transport(&server.address).call(&read()).await.unwrap();
    assert_eq!((answer.status, server.requests().len()), (401, 2));
}

#[tokio::test]
async fn write_is_not_sent_again_after_401_of_something_else() {
    let server = RawServer::start([Act::Answer(answer("401 Unauthorized", "", "{}"))]).await;
    let answer = transport(&server.address).call(&write()).await.unwrap();
    assert_eq!((answer.status, server.requests().len()), (401, 1));
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let server = RawServer::start([Act::Answer(json("{}"))]).await;
    let credentials = FakeCredentials::broken("the seed is empty");
    let transport = transport_to(
        &identity(&server.address, &server.address, &[]),
        Arc::new(credentials),
    );
    let error = transport.call(&read()).await.unwrap_err();
    assert_eq!((error.fault, error.sent), (Fault::NoToken, Sent::No));
    assert_eq!(server.requests().len(), 0);
    let failure = ReadFailure::from(error);
    assert_eq!(failure.kind, FailureKind::NotAsked);
    assert_eq!(
        crate::i18n::english(&failure.cause.message()),
        "no token: the seed is empty"
    );
}

#[tokio::test]
async fn the_clock_is_learned_from_core_alone() {
    let dated = answer("200 OK", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "{}");
    let server = RawServer::start([Act::Answer(dated)]).await;
    let credentials = Arc::new(FakeCredentials::default());
    let transport = transport_to(
        &identity(&server.address, &server.address, &[&server.address]),
        Arc::clone(&credentials),
    );
    for via in [Via::Portal(0), Via::Gateway, Via::Core] {
        transport
            .call(&request(Method::Get, via, Replay::Safe))
            .await
            .unwrap();
    }
    let told = UNIX_EPOCH + Duration::from_secs(784_111_777);
    assert_eq!(*credentials.learned.lock().unwrap(), [told]);
}

#[tokio::test]
async fn reads_keep_their_connection_and_a_register_never_takes_a_kept_one() {
    let server = RawServer::start([Act::Answer(json("{}"))]).await;
    let transport = transport(&server.address);
    for _ in 0..5 {
        transport.call(&read()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
    for _ in 0..3 {
        transport.call(&write()).await.unwrap();
    }
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn reads_and_portals_have_lanes_and_writes_have_none() {
    for (via, replay, in_flight) in [
        (Via::Core, Replay::Safe, 8),
        (Via::Portal(0), Replay::Safe, 4),
        (Via::Core, Replay::Never, 20),
    ] {
        // Nothing is answered, so what has arrived is what is in flight.
        let server = RawServer::start([Act::Hang]).await;
        let transport = transport(&server.address);
        let asked = request(Method::Get, via, replay);
        let patient = crate::platform::transport::Limits {
            first_byte: Duration::from_millis(250),
            budget: Duration::from_millis(250),
            ..limits()
        };
        let calls = join_all((0..20).map(|_| transport.call_within(&asked, &patient)));
        let looking = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            server.requests().len()
        };
        tokio::select! {
            _ = calls => panic!("nothing was answered"),
            seen = looking => assert_eq!(seen, in_flight, "{replay:?}"),
        }
    }
}

#[tokio::test]
async fn json_and_files_are_sent_whole() {
    let server = RawServer::start([Act::Answer(json("{}"))]).await;
    let transport = transport(&server.address);
    let mut asked = write();
    asked.body = Body::Json(serde_json::json!([{"id": "x"}]));
    transport.call(&asked).await.unwrap();
    let sent = server.requests().pop().unwrap();
    assert_eq!(header(&sent, "content-type"), Some("application/json"));
    assert!(sent.ends_with("\r\n\r\n[{\"id\":\"x\"}]"), "{sent}");

    asked.body = Body::File {
        field: "zip-file",
        name: "monitor-v2.0.7.zip".to_owned(),
        bytes: b"PK bytes".to_vec(),
    };
    transport.call(&asked).await.unwrap();
    let sent = server.requests().pop().unwrap();
    assert!(
        sent.contains("name=\"zip-file\"; filename=\"monitor-v2.0.7.zip\""),
        "{sent}"
    );
    assert!(sent.contains("PK bytes"));
    assert!(header(&sent, "content-length").is_some());
}

#[tokio::test]
async fn a_path_that_would_lead_elsewhere_is_not_asked() {
    let server = RawServer::start([Act::Answer(json("{}"))]).await;
    let mut asked = read();
    asked.path = "@evil.example/x".to_owned();
    let error = transport(&server.address).call(&asked).await.unwrap_err();
    assert_eq!((error.fault, error.sent), (Fault::BadRequest, Sent::No));
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn no_error_and_no_debug_text_holds_the_token() {
    let server = RawServer::start([Act::Reset]).await;
    let error = transport(&server.address).call(&read()).await.unwrap_err();
    let words = format!("{error:?} {:?}", ReadFailure::from(error.clone()));
    assert!(!words.contains("token-0"), "{words}");
}

#[test]
fn an_address_that_is_none_is_an_error() {
    let broken = InstanceIdentity {
        core: Address::new("not an address"),
        ..identity("http://127.0.0.1:1", "http://127.0.0.1:1", &[])
    };
    let settings = crate::platform::transport::TransportSettings {
        identity: &broken,
        trust: &crate::platform::transport::Trust::SYSTEM,
        limits: limits(),
        policy: super::policy(),
        deadline: None,
    };
    assert!(
        crate::platform::transport::Transport::new(&settings, Arc::new(FakeCredentials::default()))
            .is_err()
    );
}
