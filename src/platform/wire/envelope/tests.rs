//! Answers that were seen or must be reckoned with, each with what is concluded.

use crate::i18n::english;
use proptest::prelude::*;

use super::*;
use crate::platform::wire::testing::{answer, recorded};

use FailureKind::{
    EndpointAbsent, NoAnswer, NotWecube, PermissionDenied, Redirected, Refused, ServerError,
    TokenRefused, TooLarge,
};

const JSON: Option<&str> = Some("application/json; charset=utf-8");
const HTML: Option<&str> = Some("text/html");
const PLAIN: Option<&str> = Some("text/plain");

fn failure(answer: &RawAnswer, expect: Expect) -> (FailureKind, String) {
    let failure = decode("packages.list", "GET http://h/x", answer, expect).unwrap_err();
    assert_eq!(failure.operation, "packages.list");
    assert_eq!(failure.target, "GET http://h/x");
    (failure.kind, english(&failure.cause.message()))
}

/// HTTP status, body, kind, detail.
const ENVELOPES: &[(u16, &str, FailureKind, &str)] = &[
    // v3: no code.
    (
        200,
        r#"{"status":"ERROR","message":"no.","data":null}"#,
        Refused,
        "no.",
    ),
    (
        200,
        r#"{"status":"CONFIRM","message":"sure?","data":[1]}"#,
        Refused,
        "the platform asks for a confirmation: sure?",
    ),
    // v4: a code, which may be 0 or say nothing.
    (
        200,
        r#"{"code":-1,"status":"ERROR","message":"depence a:v1 illegal"}"#,
        Refused,
        "depence a:v1 illegal",
    ),
    (
        200,
        r#"{"code":0,"status":"ERROR","message":"x"}"#,
        Refused,
        "x",
    ),
    (
        200,
        r#"{"code":10000022,"status":"ERROR","message":"x"}"#,
        Refused,
        "10000022: x",
    ),
    (
        200,
        r#"{"code":10000022,"status":"ERROR"}"#,
        Refused,
        "HTTP 200 with code 10000022 and without a message",
    ),
    (
        200,
        r#"{"status":"ERROR","message":null}"#,
        Refused,
        "HTTP 200 without a message",
    ),
    (
        200,
        r#"{"status":"ERROR","message":{"a":1}}"#,
        Refused,
        r#"{"a":1}"#,
    ),
    (400, r#"{"status":"ERROR","message":"bad"}"#, Refused, "bad"),
    (
        500,
        r#"{"code":0,"status":"ERROR","message":"db down"}"#,
        ServerError,
        "db down",
    ),
    (
        500,
        r#"{"code":-2,"status":"ERROR","message":""}"#,
        ServerError,
        "HTTP 500 with code -2 and without a message",
    ),
    (
        200,
        r#"{"code":-2,"status":"ERROR","message":"boom"}"#,
        ServerError,
        "boom",
    ),
    (
        401,
        r#"{"status":"ERROR","message":"bad token"}"#,
        TokenRefused,
        "bad token",
    ),
    (
        200,
        r#"{"code":10000005,"status":"ERROR","message":"System error [token expired]"}"#,
        TokenRefused,
        "10000005: System error [token expired]",
    ),
    (
        403,
        r#"{"status":"ERROR","message":"no"}"#,
        PermissionDenied,
        "no",
    ),
    (
        200,
        r#"{"status":"ERROR","message":"Access is denied"}"#,
        PermissionDenied,
        "Access is denied",
    ),
    (
        200,
        r#"{"status":"ERROR","message":"Lack of permission to proceed operation, expected user roles:A "}"#,
        PermissionDenied,
        "Lack of permission to proceed operation, expected user roles:A",
    ),
    (
        200,
        r#"{"code":20000041,"status":"ERROR","message":"接口权限不足"}"#,
        PermissionDenied,
        "20000041: 接口权限不足",
    ),
    (
        200,
        r#"{"code":20000031,"status":"ERROR","message":"操作失败：没有数据权限"}"#,
        PermissionDenied,
        "20000031: 操作失败：没有数据权限",
    ),
    // A success that something between turned into another status.
    (
        502,
        r#"{"status":"OK","data":[]}"#,
        ServerError,
        "HTTP 502, but `status` is OK",
    ),
    (
        404,
        r#"{"status":"OK","data":[]}"#,
        NotWecube,
        "HTTP 404, but `status` is OK",
    ),
];

#[test]
fn envelopes() {
    for &(status, body, kind, detail) in ENVELOPES {
        assert_eq!(
            failure(&answer(status, JSON, body), Expect::Core),
            (kind, detail.to_owned()),
            "{body}"
        );
    }
}

#[test]
fn success_needs_status_and_http_status_and_gives_data() {
    for (status, body, data) in [
        (
            200,
            r#"{"code":0,"status":"OK","message":"","data":[1]}"#,
            "[1]",
        ),
        (
            200,
            r#"{"status":"OK","message":"success","data":null}"#,
            "null",
        ),
        (200, r#"{"status":"OK"}"#, "null"),
        (
            201,
            "\u{feff} {\"status\":\"OK\",\"data\":\"v3.2.6\"}\n",
            "\"v3.2.6\"",
        ),
    ] {
        // v3's 401 has no Content-Type, and proxies change it: it does not decide.
        for content_type in [JSON, None, PLAIN, HTML] {
            let answer = answer(status, content_type, body);
            assert_eq!(
                decode("op", "t", &answer, Expect::Core).unwrap(),
                data,
                "{body}"
            );
        }
    }
}

/// HTTP status, `Content-Type`, body, kind, detail.
const NO_ENVELOPES: &[(u16, Option<&str>, &str, FailureKind, &str)] = &[
    (200, JSON, "", NotWecube, "HTTP 200: an empty body"),
    (
        200,
        HTML,
        "<!DOCTYPE html>\n<html><form>",
        NotWecube,
        "HTTP 200: HTML: <!DOCTYPE html>",
    ),
    (
        200,
        None,
        "<html>login</html>",
        NotWecube,
        "HTTP 200: HTML: <html>login</html>",
    ),
    (
        403,
        HTML,
        "<html>403</html>",
        NotWecube,
        "HTTP 403: HTML: <html>403</html>",
    ),
    (
        401,
        HTML,
        "<html>proxy</html>",
        NotWecube,
        "HTTP 401: HTML: <html>proxy</html>",
    ),
    (401, None, "", TokenRefused, "HTTP 401: an empty body"),
    (403, None, "", PermissionDenied, "HTTP 403: an empty body"),
    (
        502,
        HTML,
        "<html>\n<head>",
        ServerError,
        "HTTP 502: HTML: <html>",
    ),
    (
        503,
        PLAIN,
        "no healthy upstream",
        ServerError,
        "HTTP 503: not JSON: no healthy upstream",
    ),
    (504, HTML, "<html>", ServerError, "HTTP 504: HTML: <html>"),
    (
        429,
        PLAIN,
        "slow down",
        ServerError,
        "HTTP 429: not JSON: slow down",
    ),
    (
        200,
        JSON,
        r#"{"status":"OK","data":[1,2"#,
        NotWecube,
        r#"HTTP 200: JSON cut off after 26 bytes: {"status":"OK","data":[1,2"#,
    ),
    (
        200,
        JSON,
        r#"{"status":OK}"#,
        NotWecube,
        r#"HTTP 200: not JSON: {"status":OK}"#,
    ),
    (
        200,
        JSON,
        "[1]",
        NotWecube,
        "HTTP 200: JSON array instead of an object",
    ),
    (
        200,
        JSON,
        "null",
        NotWecube,
        "HTTP 200: JSON null instead of an object",
    ),
    (
        200,
        JSON,
        r#""OK""#,
        NotWecube,
        "HTTP 200: JSON string instead of an object",
    ),
    (
        200,
        JSON,
        r#"{"data":[]}"#,
        NotWecube,
        r#"HTTP 200: JSON without `status`: {"data":[]}"#,
    ),
    (
        200,
        JSON,
        r#"{"status":null}"#,
        NotWecube,
        r#"HTTP 200: JSON without `status`: {"status":null}"#,
    ),
    (
        200,
        JSON,
        r#"{"status":"UP"}"#,
        NotWecube,
        "HTTP 200: JSON with the unknown `status` `UP`",
    ),
    (
        200,
        JSON,
        r#"{"status":200}"#,
        NotWecube,
        "HTTP 200: JSON with the unknown `status` 200",
    ),
    (
        200,
        JSON,
        r#"{"status":true}"#,
        NotWecube,
        "HTTP 200: JSON with the unknown `status` true",
    ),
    (
        200,
        JSON,
        r#"{"status":"OK"}{"status":"OK"}"#,
        NotWecube,
        r#"HTTP 200: more than one document, the second: {"status":"OK"}"#,
    ),
    (
        200,
        JSON,
        r#"{"status":"OK"} trailing"#,
        NotWecube,
        "HTTP 200: more than one document, the second: trailing",
    ),
    (
        200,
        PLAIN,
        "\u{1b}[2Jhi",
        NotWecube,
        "HTTP 200: not JSON: \\u{1b}[2Jhi",
    ),
];

#[test]
fn what_is_no_envelope() {
    for &(status, content_type, body, kind, detail) in NO_ENVELOPES {
        assert_eq!(
            failure(&answer(status, content_type, body), Expect::Core),
            (kind, detail.to_owned()),
            "{status} {body}"
        );
    }
}

#[test]
fn bytes_that_are_not_text() {
    let mut answer = answer(200, JSON, "");
    answer.body = b"{\"status\":\"OK\",\"data\":\"\xff\xfe\"}".to_vec();
    let (kind, detail) = failure(&answer, Expect::Core);
    assert_eq!(kind, NotWecube);
    assert_eq!(detail, "HTTP 200: 27 bytes that are not text");
}

#[test]
fn a_framework_speaks_for_the_platform() {
    let spring = |status: u16, more: &str| {
        format!(r#"{{"timestamp":"2026","status":{status},"error":"Words","path":"/x"{more}}}"#)
    };
    let gateway = r#","requestId":"a-1""#;
    for (status, body, expect, kind) in [
        (404, spring(404, ""), Expect::Core, EndpointAbsent),
        (405, spring(405, ""), Expect::Core, EndpointAbsent),
        (500, spring(500, ""), Expect::Core, ServerError),
        (400, spring(400, ""), Expect::Core, Refused),
        (401, spring(401, ""), Expect::Core, TokenRefused),
        (403, spring(403, ""), Expect::Core, PermissionDenied),
        // Core's own body through a gateway is core's; the gateway's own 500 is core's silence.
        (500, spring(500, ""), Expect::Through, ServerError),
        (500, spring(500, gateway), Expect::Through, NoAnswer),
        (500, spring(500, gateway), Expect::Gateway, ServerError),
        (404, spring(404, gateway), Expect::Gateway, EndpointAbsent),
        // A number that does not agree with the HTTP status is no Spring body.
        (404, spring(500, ""), Expect::Core, NotWecube),
        (
            404,
            "404 page not found".to_owned(),
            Expect::Core,
            EndpointAbsent,
        ),
        (
            404,
            "404 page not found\n".to_owned(),
            Expect::Gateway,
            EndpointAbsent,
        ),
        (
            404,
            "404 page not found".to_owned(),
            Expect::Through,
            NoAnswer,
        ),
        (
            200,
            "404 page not found".to_owned(),
            Expect::Core,
            NotWecube,
        ),
        (404, "<html>404</html>".to_owned(), Expect::Core, NotWecube),
    ] {
        let (got, detail) = failure(&answer(status, None, &body), expect);
        assert_eq!(got, kind, "{status} {expect:?} {body}: {detail}");
    }
}

#[test]
fn the_first_of_two_documents_decides_and_the_second_is_mentioned() {
    for version in ["v4.0.0", "v4.5.6"] {
        let answer = recorded(version, "empty-authority-token").answer;
        let (kind, detail) = failure(&answer, Expect::Core);
        assert_eq!(kind, ServerError);
        assert_eq!(
            detail,
            "HTTP 500 with code -2 and without a message, then a second document, which is ignored"
        );
    }
}

#[test]
fn why_a_v4_refuses_a_token_is_kept() {
    let (kind, detail) = failure(&recorded("v4.0.0", "future-iat-token").answer, Expect::Core);
    assert_eq!(kind, TokenRefused);
    assert_eq!(
        detail,
        "10000004: System error [Failed validate request token] (Decode core token fail,jwt parse \
         error,Token used before issued )"
    );
}

#[test]
fn a_redirect_names_where_it_points() {
    for (status, location, detail) in [
        (
            302,
            Some("http://sso.example/login?x=\u{1b}[1m"),
            "HTTP 302 redirects to http://sso.example/login?x=\\u{1b}[1m",
        ),
        (
            301,
            Some("/platform/v1/packages/"),
            "HTTP 301 redirects to /platform/v1/packages/",
        ),
        (307, None, "HTTP 307 redirects without an address"),
    ] {
        let mut answer = answer(status, HTML, r#"{"status":"OK"}"#);
        answer.location = location.map(str::to_owned);
        assert_eq!(
            failure(&answer, Expect::Core),
            (Redirected, detail.to_owned())
        );
    }
}

#[test]
fn depth_is_limited_and_brackets_in_texts_do_not_count() {
    let nested = |levels: usize| {
        format!(
            r#"{{"status":"OK","data":{}{}}}"#,
            "[".repeat(levels),
            "]".repeat(levels)
        )
    };
    assert!(decode("op", "t", &answer(200, JSON, &nested(63)), Expect::Core).is_ok());
    for levels in [64, 127, 100_000] {
        let (kind, detail) = failure(&answer(200, JSON, &nested(levels)), Expect::Core);
        assert_eq!(kind, TooLarge);
        assert_eq!(detail, "the JSON is nested deeper than 64 levels");
    }
    let texts = format!(
        r#"{{"status":"OK","data":"{}\"{}\\"}}"#,
        "[".repeat(99),
        "{".repeat(99)
    );
    assert!(decode("op", "t", &answer(200, JSON, &texts), Expect::Core).is_ok());
}

proptest! {
    #[test]
    fn no_body_makes_the_decoder_panic_or_print_a_second_line(
        status in 100_u16..600,
        body in proptest::collection::vec(any::<u8>(), 0..200),
        location in proptest::option::of(".*"),
    ) {
        let mut answer = answer(status, None, "");
        answer.body = body;
        answer.location = location;
        for expect in [Expect::Core, Expect::Gateway, Expect::Through] {
            if let Err(failure) = decode("op", "t", &answer, expect) {
                prop_assert!(!english(&failure.cause.message()).is_empty());
                prop_assert!(!english(&failure.cause.message()).chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn a_cut_envelope_is_never_a_success(cut in 1_usize..200) {
        let whole = recorded("v4.0.0", "packages-all").answer;
        let mut part = whole.clone();
        part.body.truncate(whole.body.len() - cut);
        let failure = decode("op", "t", &part, Expect::Core).unwrap_err();
        prop_assert_eq!(failure.kind, NotWecube);
    }
}

#[test]
fn token_is_refused_by_an_error_of_core_only() {
    let refused = r#"{"status":"ERROR","message":"Full authentication is required to access"}"#;
    let by_code = r#"{"code":10000004,"status":"ERROR","message":"x"}"#;
    let other_code = r#"{"code":7,"status":"ERROR","message":"Full authentication is required"}"#;
    let ok = r#"{"status":"OK","message":"Full authentication is required to access"}"#;
    for (status, body, expected) in [
        (401, refused, true),
        (401, by_code, true),
        (401, other_code, false),
        (401, ok, false),
        (401, "<html>", false),
        (403, refused, false),
        (200, refused, false),
    ] {
        let found = is_core_token_refusal(&answer(status, JSON, body));
        assert_eq!(found, expected, "{status} {body}");
    }
}
