//! What a single answer says of a server.

use super::*;
use crate::platform::wire::testing::answer;

fn failed(kind: FailureKind) -> ReadFailure {
    ReadFailure {
        kind,
        operation: "core.version",
        target: "GET /".to_owned(),
        cause: FailureCause::Http(404),
    }
}

#[test]
fn failure_of_core_is_explained_by_what_else_answers() {
    let gateway = FailureCause::GatewayWithoutCore(Box::new(FailureCause::Http(404)));
    for (kind, gateway_answers, expected, cause) in [
        (
            FailureKind::EndpointAbsent,
            false,
            FailureKind::NotWecube,
            None,
        ),
        (
            FailureKind::EndpointAbsent,
            true,
            FailureKind::Unreachable,
            Some(&gateway),
        ),
        (
            FailureKind::ServerError,
            false,
            FailureKind::ServerError,
            None,
        ),
        (
            FailureKind::ServerError,
            true,
            FailureKind::Unreachable,
            Some(&gateway),
        ),
        (FailureKind::NoAnswer, true, FailureKind::NoAnswer, None),
        (
            FailureKind::TokenRefused,
            true,
            FailureKind::TokenRefused,
            None,
        ),
    ] {
        let found = explain(failed(kind), gateway_answers);
        let cause = cause.cloned().unwrap_or(FailureCause::Http(404));
        let expected = ReadFailure {
            cause,
            ..failed(expected)
        };
        assert_eq!(found, expected, "{kind:?} {gateway_answers}");
    }
}

#[test]
fn server_has_a_signature_lacks_it_or_neither() {
    let html = Some("text/html; charset=utf-8");
    let json = Some("application/json");
    let is_page: fn(&RawAnswer) -> bool = |answer| answer.status == 200 && is_html(answer);
    for (status, content_type, expected) in [
        (200, html, Ok(true)),
        (404, json, Ok(false)),
        (401, json, Ok(false)),
        (404, None, Ok(false)),
        (404, html, Err(FailureKind::NotWecube)),
        (401, html, Err(FailureKind::TokenRefused)),
        (200, json, Err(FailureKind::NotWecube)),
        (502, json, Err(FailureKind::ServerError)),
    ] {
        let told = answer(status, content_type, "");
        let found = match signature("home", Ok(("GET /".to_owned(), told)), is_page) {
            Signature::Present => Ok(true),
            Signature::Absent => Ok(false),
            Signature::Unclear(failure) => Err(failure.kind),
        };
        assert_eq!(found, expected, "{status} {content_type:?}");
    }
    let silent = failed(FailureKind::NoAnswer);
    let found = signature("home", Err(silent.clone()), is_page);
    assert_eq!(found, Signature::Unclear(silent));
}

/// Nginx says 404 in HTML; core and gateway say it in JSON or without a body.
#[test]
fn foreign_404_is_told_from_the_platforms() {
    let nginx = "<html><head><title>404 Not Found</title></head></html>";
    let gin = "404 page not found";
    let spring = r#"{"timestamp":"2026-01-01T00:00:00.000+0000","status":404,"error":"Not Found","message":"","path":"/"}"#;
    for (content_type, body, expected) in [
        (Some("text/html"), nginx, true),
        (Some("text/plain"), gin, false),
        (Some("application/json"), spring, false),
    ] {
        assert_eq!(
            is_no_platform(&answer(404, content_type, body)),
            expected,
            "{body}"
        );
    }
}
