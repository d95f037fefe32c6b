//! What is not a whole answer, and what is sent again.

use crate::i18n::english;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::{limits, read, request, settings, transport, write};
use crate::platform::request::{ApiRequest, Body, Method, Replay, Via};
use crate::platform::retry::{Fault, Sent};
use crate::platform::testing::{Act, FakeCredentials, RawServer, answer, identity, json};
use crate::platform::token::{DEFAULT_SEED, Identity, SeedTokens, v4_key};
use crate::platform::transport::{Limits, Transport, TransportSettings};
use crate::secret::Secret;

/// One act for ever; the fault of a read and of a write, and how often each was sent.
async fn faults(act: Act) -> ((Fault, Sent, usize), (Fault, Sent, usize)) {
    let mut results = Vec::new();
    for request in [read(), write()] {
        let server = RawServer::start([act.clone()]).await;
        let error = transport(&server.address).call(&request).await.unwrap_err();
        assert_eq!(error.op, "test.op");
        assert!(error.target.ends_with("/platform/v1/x"), "{error:?}");
        results.push((error.fault, error.sent, server.requests().len()));
    }
    (results[0], results[1])
}

#[tokio::test]
async fn a_reset_is_repeated_for_a_read_and_never_for_a_write() {
    assert_eq!(
        faults(Act::Reset).await,
        (
            (Fault::Reset, Sent::Maybe, 3),
            (Fault::Reset, Sent::Maybe, 1)
        )
    );
}

#[tokio::test]
async fn a_connection_that_ends_without_a_word_is_a_reset() {
    assert_eq!(
        faults(Act::AnswerThenClose(Vec::new())).await,
        (
            (Fault::Reset, Sent::Maybe, 3),
            (Fault::Reset, Sent::Maybe, 1)
        )
    );
}

#[tokio::test]
async fn no_first_byte() {
    assert_eq!(
        faults(Act::Hang).await,
        (
            (Fault::FirstByteTimeout, Sent::Maybe, 3),
            (Fault::FirstByteTimeout, Sent::Maybe, 1)
        )
    );
}

#[tokio::test]
async fn a_body_shorter_than_told_is_no_answer() {
    let short = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"status\":\"OK\"}".to_vec();
    assert_eq!(
        faults(Act::AnswerThenClose(short)).await,
        (
            (Fault::Truncated, Sent::Maybe, 3),
            (Fault::Truncated, Sent::Maybe, 1)
        )
    );
}

#[tokio::test]
async fn a_chunked_body_without_its_end_is_no_answer() {
    let open = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n".to_vec();
    let ((fault, ..), (_, _, sent)) = faults(Act::AnswerThenClose(open)).await;
    assert_eq!((fault, sent), (Fault::Truncated, 1));
    let broken = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n".to_vec();
    let ((fault, ..), (_, _, sent)) = faults(Act::AnswerThenClose(broken)).await;
    assert_eq!((fault, sent), (Fault::Truncated, 1));
}

#[tokio::test]
async fn what_is_not_http_is_not_asked_again() {
    let banner = b"SSH-2.0-OpenSSH_9.6\r\n".to_vec();
    assert_eq!(
        faults(Act::AnswerThenClose(banner)).await,
        (
            (Fault::Protocol, Sent::Maybe, 1),
            (Fault::Protocol, Sent::Maybe, 1)
        )
    );
}

#[tokio::test]
async fn a_body_over_the_cap_is_refused_by_its_length_and_by_its_bytes() {
    let told = answer("200 OK", "", &"x".repeat(1025));
    assert_eq!(
        faults(Act::Answer(told)).await,
        (
            (Fault::TooLarge, Sent::Maybe, 1),
            (Fault::TooLarge, Sent::Maybe, 1)
        )
    );
    let untold = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 1025]].concat();
    let ((fault, ..), _) = faults(Act::AnswerThenClose(untold)).await;
    assert_eq!(fault, Fault::TooLarge);

    let exact = RawServer::start([Act::Answer(answer("200 OK", "", &"x".repeat(1024)))]).await;
    let whole = transport(&exact.address).call(&read()).await.unwrap();
    assert_eq!(whole.body.len(), 1024);
}

#[tokio::test]
async fn a_body_that_stops_is_idle_and_one_that_drips_for_ever_is_over_time() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc".to_vec();
    let ((fault, ..), (_, _, sent)) = faults(Act::Stall(head.clone())).await;
    assert_eq!((fault, sent), (Fault::IdleTimeout, 1));

    let mut pieces = vec![head];
    pieces.extend(std::iter::repeat_n(b"x".to_vec(), 900));
    let server = RawServer::start([Act::Drip(pieces, Duration::from_millis(20))]).await;
    let short = Limits {
        attempt: Duration::from_millis(250),
        ..limits()
    };
    let transport = transport(&server.address);
    let error = transport.call_within(&write(), &short).await.unwrap_err();
    assert_eq!(error.fault, Fault::TotalTimeout);
}

#[tokio::test]
async fn a_refused_connection_is_surely_not_sent_and_tried_again() {
    for request in [read(), write()] {
        let transport = transport("http://127.0.0.1:1");
        let error = transport.call(&request).await.unwrap_err();
        assert_eq!(transport.core_refusals(), 3);
        assert_eq!(
            (error.fault, error.sent),
            (Fault::Refused, Sent::No),
            "{error:?}"
        );
        assert_eq!(error.attempts, 3);
    }
}

#[tokio::test]
async fn an_unknown_name_is_told_from_a_refused_port() {
    // No resolver knows a label of more than 63 letters; and what ends in `.localhost` is never
    // asked for through a proxy, which would resolve names itself.
    let address = format!("http://{}.localhost:1", "n".repeat(70));
    let error = transport(&address).call(&write()).await.unwrap_err();
    assert_eq!(
        (error.fault, error.sent),
        (Fault::Resolve, Sent::No),
        "{error:?}"
    );
    assert_eq!(error.attempts, 3);
}

#[tokio::test]
async fn statuses_of_a_proxy_are_repeated_for_reads_and_stand_for_writes() {
    for status in [
        "502 Bad Gateway",
        "503 Busy",
        "504 Gateway Timeout",
        "429 Slow Down",
    ] {
        let script = || {
            [
                Act::Answer(answer(status, "", "<html>no</html>")),
                Act::Answer(json(r#"{"status":"OK"}"#)),
            ]
        };
        let server = RawServer::start(script()).await;
        let good = transport(&server.address).call(&read()).await.unwrap();
        assert_eq!((good.status, server.requests().len()), (200, 2), "{status}");

        let server = RawServer::start(script()).await;
        let bad = transport(&server.address).call(&write()).await.unwrap();
        assert_ne!(bad.status, 200, "{status}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_stays_away_is_asked_as_often_as_the_policy_says() {
    let server = RawServer::start([Act::Answer(answer("503 Busy", "", ""))]).await;
    let last = transport(&server.address).call(&read()).await.unwrap();
    assert_eq!((last.status, server.requests().len()), (503, 3));
}

#[tokio::test]
async fn what_the_server_asks_for_is_kept_where_the_budget_allows() {
    let script = [
        Act::Answer(answer("429 Slow Down", "Retry-After: 1\r\n", "")),
        Act::Answer(json("{}")),
    ];
    let server = RawServer::start(script.clone()).await;
    let started = Instant::now();
    let good = transport(&server.address).call(&read()).await.unwrap();
    assert_eq!(good.status, 200);
    assert!(started.elapsed() >= Duration::from_secs(1));

    let server = RawServer::start(script).await;
    let short = Limits {
        budget: Duration::from_millis(300),
        ..limits()
    };
    let transport = transport(&server.address);
    let bad = transport.call_within(&read(), &short).await.unwrap();
    assert_eq!((bad.status, server.requests().len()), (429, 1));
    assert_eq!(bad.retry_after.as_deref(), Some("1"));
}

#[tokio::test]
async fn the_budget_ends_a_call_whatever_the_attempts_still_had() {
    let server = RawServer::start([Act::Hang]).await;
    let short = Limits {
        budget: Duration::from_millis(120),
        ..limits()
    };
    let started = Instant::now();
    let transport = transport(&server.address);
    let error = transport.call_within(&read(), &short).await.unwrap_err();
    assert_eq!(error.fault, Fault::FirstByteTimeout);
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_head_answer_has_a_length_and_no_body() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 2002\r\nContent-Type: Application/JavaScript\r\nETag: \"65-7d2\"\r\n\r\n";
    let server = RawServer::start([Act::Answer(head.to_vec())]).await;
    let asked = request(Method::Head, Via::Portal(0), Replay::Safe);
    let answer = transport(&server.address).call(&asked).await.unwrap();
    assert_eq!(answer.content_length, Some(2002));
    assert_eq!(
        answer.content_type.as_deref(),
        Some("application/javascript")
    );
    assert_eq!(answer.etag.as_deref(), Some("\"65-7d2\""));
    assert_eq!(answer.body, b"");
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let server = RawServer::start([Act::Answer(answer(
        "302 Found",
        "Location: http://evil.example/\u{1b}[31m\r\n",
        "",
    ))])
    .await;
    // An escape in a header is not HTTP at all.
    let error = transport(&server.address).call(&read()).await.unwrap_err();
    assert_eq!(error.fault, Fault::Protocol);

    let server = RawServer::start([Act::Answer(answer(
        "302 Found",
        "Location: http://evil.example/\r\n",
        "",
    ))])
    .await;
    let answer = transport(&server.address).call(&read()).await.unwrap();
    assert_eq!((answer.status, server.requests().len()), (302, 1));
    assert_eq!(answer.location.as_deref(), Some("http://evil.example/"));
}

#[tokio::test]
async fn the_words_say_what_happened() {
    let mut lines = String::new();
    for act in [
        Act::AnswerThenClose(Vec::new()),
        Act::Hang,
        Act::AnswerThenClose(b"SSH-2.0-OpenSSH\r\n".to_vec()),
        Act::AnswerThenClose(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}".to_vec()),
        Act::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}".to_vec()),
    ] {
        let server = RawServer::start([act]).await;
        let error = transport(&server.address).call(&write()).await.unwrap_err();
        writeln!(lines, "{}", english(&error.cause.message())).unwrap();
    }
    insta::assert_snapshot!(lines, @r"
    the connection broke before the answer
    no answer within 200 ms
    the answer is not HTTP
    the connection broke in the middle of the answer, which begins: {}
    the answer stopped after 2 bytes and did not continue for 150 ms
    ");
}

#[tokio::test]
async fn end_of_the_run_is_shared_by_all_calls_until_it_is_lifted() {
    let server = RawServer::start([Act::Hang, Act::Answer(json("{}"))]).await;
    let address = server.address.as_str();
    let identity = identity(address, address, &[address]);
    let settings = TransportSettings {
        limits: Limits {
            first_byte: Duration::from_mins(1),
            attempt: Duration::from_mins(1),
            budget: Duration::from_mins(1),
            ..limits()
        },
        deadline: Some(tokio::time::Instant::now() + Duration::from_millis(100)),
        ..settings(&identity)
    };
    let transport =
        Transport::new(&settings, std::sync::Arc::new(FakeCredentials::default())).unwrap();
    let cut_off = transport.call(&read()).await.unwrap_err();
    assert_eq!((cut_off.fault, cut_off.sent), (Fault::RunOver, Sent::Maybe));
    let not_sent = transport.call(&read()).await.unwrap_err();
    assert_eq!((not_sent.fault, not_sent.sent), (Fault::RunOver, Sent::No));
    assert_eq!(server.requests().len(), 1);
    transport.lift_deadline();
    assert_eq!(transport.call(&read()).await.unwrap().status, 200);
}

#[tokio::test]
async fn echoed_secrets_are_hidden_before_anything_sees_the_answer() {
    const SECRET: &str = "a-password-of-some-length";
    let echo = answer(
        "302 Found",
        &format!("Location: http://elsewhere/?p={SECRET}\r\n"),
        &format!(
            "<h1>Bad request</h1> {{\"password\":\"{SECRET}\"}} {}",
            &SECRET[..18]
        ),
    );
    let server = RawServer::start([Act::Answer(echo)]).await;
    let sign_in = ApiRequest {
        body: Body::Json(serde_json::json!({"password": SECRET})),
        token: false,
        ..read()
    };
    let answer = transport(&server.address).call(&sign_in).await.unwrap();
    let kept = format!("{answer:?} {}", String::from_utf8_lossy(&answer.body));
    assert!(!kept.contains(&SECRET[..16]), "{kept}");
    assert!(kept.contains("http://elsewhere/?p=***"), "{kept}");
}

#[tokio::test]
async fn echoed_seed_is_hidden() {
    let page = format!("<pre>jwt_signing_key={DEFAULT_SEED}</pre>");
    let server = RawServer::start([Act::Answer(answer("500 Error", "", &page))]).await;
    let key = v4_key(&Secret::new(DEFAULT_SEED)).ok().unwrap();
    let tokens = SeedTokens::new(key, Identity::default());
    let identity = identity(&server.address, &server.address, &[]);
    let transport = Transport::new(&settings(&identity), std::sync::Arc::new(tokens)).unwrap();
    let answer = transport.call(&read()).await.unwrap();
    let kept = String::from_utf8_lossy(&answer.body);
    assert!(kept.starts_with("<pre>jwt_signing_key=****"), "{kept}");
    assert!(!kept.contains(&DEFAULT_SEED[8..]), "{kept}");
}
