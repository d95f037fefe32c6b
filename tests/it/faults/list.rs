//! The faults: what the client gets instead of the platform's answer, and what that means.

use super::fault::Cause::{NoPermission, NotWecube, Refused, Unreachable};
use super::fault::Family::{Body, Connection, Echo, Status};
use super::fault::Meaning::{Harmless, Lasting, Passing};
use super::fault::{Fault, JSON, cut, drip, fault, ms, text};
use super::proxy::Reach::{After, Never};
use super::wire::Piece;

/// Every fault.
pub(super) const FAULTS: &[Fault] = &[
    // The connection.
    fault(Connection, "late", Harmless, After, |it| {
        vec![ms(300), Piece::Bytes(it.real())]
    }),
    fault(
        Connection,
        "slow pieces, whole in the end",
        Harmless,
        After,
        |it| drip(&it.real(), 40, 10),
    ),
    fault(
        Connection,
        "closed without an answer",
        Passing(Unreachable),
        Never,
        |_| vec![Piece::Close],
    ),
    fault(
        Connection,
        "reset without an answer",
        Passing(Unreachable),
        Never,
        |_| vec![Piece::Reset],
    ),
    fault(
        Connection,
        "reset, then the port refuses",
        Lasting(Unreachable),
        Never,
        |_| vec![Piece::Shut],
    ),
    fault(
        Connection,
        "half-open: never an answer",
        Lasting(Unreachable),
        Never,
        |_| vec![Piece::Silence],
    ),
    fault(
        Connection,
        "closed after one byte",
        Passing(Unreachable),
        After,
        |it| cut(&it.real(), 1, Piece::Close),
    ),
    fault(
        Connection,
        "closed in the head",
        Passing(Unreachable),
        After,
        |it| cut(&it.real(), 40, Piece::Close),
    ),
    fault(
        Connection,
        "closed in the body",
        Passing(NotWecube),
        After,
        |it| cut(&it.real(), it.middle(), Piece::Close),
    ),
    fault(
        Connection,
        "reset in the body",
        Passing(NotWecube),
        After,
        |it| cut(&it.real(), it.middle(), Piece::Reset),
    ),
    fault(
        Connection,
        "half-open in the body",
        Lasting(Unreachable),
        After,
        |it| cut(&it.real(), it.middle(), Piece::Silence),
    ),
    fault(
        Connection,
        "a byte a second",
        Lasting(Unreachable),
        After,
        |it| drip(&it.real(), 1, 1000),
    ),
    fault(
        Connection,
        "last chunk is missing",
        Passing(NotWecube),
        After,
        |it| {
            let body = it.body();
            let chunk = format!("{}{:x}\r\n", it.chunked_head(), body.len());
            let bytes = [chunk.as_bytes(), &body, b"\r\n"].concat();
            vec![Piece::Bytes(bytes), Piece::Close]
        },
    ),
    fault(
        Connection,
        "chunk is cut",
        Passing(NotWecube),
        After,
        |it| {
            let body = it.body();
            let chunk = format!("{}{:x}\r\n", it.chunked_head(), body.len() + 64);
            vec![
                Piece::Bytes([chunk.as_bytes(), &body].concat()),
                Piece::Close,
            ]
        },
    ),
    fault(Connection, "not HTTP", Lasting(NotWecube), Never, |_| {
        vec![
            Piece::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
            Piece::Close,
        ]
    }),
    fault(
        Connection,
        "bytes without a meaning",
        Lasting(NotWecube),
        Never,
        |_| {
            vec![
                Piece::Bytes(vec![0xff, 0, 0x15, 0x03, 0x0d, 0x0a, 0x0d, 0x0a]),
                Piece::Close,
            ]
        },
    ),
    // Statuses, as a proxy answers them.
    fault(Status, "301", Lasting(NotWecube), Never, |it| {
        it.page(301, "Location: http://127.0.0.1:1/login\r\n")
    }),
    fault(Status, "302 to itself", Lasting(NotWecube), Never, |it| {
        let location = format!("Location: {}\r\n", it.request.path);
        it.page(302, &location)
    }),
    fault(
        Status,
        "303 without Location",
        Lasting(NotWecube),
        Never,
        |it| it.page(303, ""),
    ),
    fault(
        Status,
        "304 that nobody asked for",
        Lasting(NotWecube),
        Never,
        |_| vec![text("HTTP/1.1 304 Not Modified\r\n\r\n")],
    ),
    fault(Status, "307", Lasting(NotWecube), Never, |it| {
        it.page(307, "Location: //127.0.0.1:1/\r\n")
    }),
    fault(Status, "308", Lasting(NotWecube), Never, |it| {
        it.page(308, "Location: https://127.0.0.1:1/\r\n")
    }),
    fault(Status, "400", Lasting(NotWecube), Never, |it| {
        it.page(400, "")
    }),
    fault(Status, "401 page", Lasting(NotWecube), Never, |it| {
        it.page(401, "WWW-Authenticate: Basic realm=\"proxy\"\r\n")
    }),
    fault(
        Status,
        "401 without a body",
        Lasting(NoPermission),
        Never,
        |it| it.answer(401, "", b""),
    ),
    fault(Status, "403 page", Lasting(NotWecube), Never, |it| {
        it.page(403, "")
    }),
    fault(
        Status,
        "403 without a body",
        Lasting(NoPermission),
        Never,
        |it| it.answer(403, "", b""),
    ),
    fault(Status, "404 page", Lasting(NotWecube), Never, |it| {
        it.page(404, "")
    }),
    fault(Status, "405", Lasting(NotWecube), Never, |it| {
        it.page(405, "Allow: GET\r\n")
    }),
    fault(Status, "407", Lasting(NotWecube), Never, |it| {
        it.page(407, "Proxy-Authenticate: Basic realm=\"proxy\"\r\n")
    }),
    fault(Status, "408", Passing(NotWecube), Never, |it| {
        it.page(408, "")
    }),
    fault(Status, "409", Lasting(NotWecube), Never, |it| {
        it.page(409, "")
    }),
    fault(Status, "410", Lasting(NotWecube), Never, |it| {
        it.page(410, "")
    }),
    fault(Status, "413", Lasting(NotWecube), Never, |it| {
        it.page(413, "")
    }),
    fault(Status, "418", Lasting(NotWecube), Never, |it| {
        it.page(418, "")
    }),
    fault(Status, "429", Passing(Unreachable), Never, |it| {
        it.page(429, "")
    }),
    fault(
        Status,
        "429, Retry-After: 1",
        Passing(Unreachable),
        Never,
        |it| it.page(429, "Retry-After: 1\r\n"),
    ),
    fault(Status, "500 page", Lasting(Unreachable), Never, |it| {
        it.page(500, "")
    }),
    fault(Status, "501", Lasting(Unreachable), Never, |it| {
        it.page(501, "")
    }),
    fault(Status, "502", Passing(Unreachable), Never, |it| {
        it.page(502, "")
    }),
    fault(Status, "503", Passing(Unreachable), Never, |it| {
        it.page(503, "")
    }),
    fault(
        Status,
        "503, Retry-After: 0",
        Passing(Unreachable),
        Never,
        |it| it.page(503, "Retry-After: 0\r\n"),
    ),
    fault(
        Status,
        "503, Retry-After: -1",
        Passing(Unreachable),
        Never,
        |it| it.page(503, "Retry-After: -1\r\n"),
    ),
    fault(
        Status,
        "503, Retry-After: 1.5",
        Passing(Unreachable),
        Never,
        |it| it.page(503, "Retry-After: 1.5\r\n"),
    ),
    fault(
        Status,
        "503, Retry-After: soon",
        Passing(Unreachable),
        Never,
        |it| it.page(503, "Retry-After: soon\r\n"),
    ),
    fault(
        Status,
        "503, Retry-After empty",
        Passing(Unreachable),
        Never,
        |it| it.page(503, "Retry-After:\r\n"),
    ),
    fault(
        Status,
        "503, Retry-After: a past date",
        Passing(Unreachable),
        Never,
        |it| it.page(503, "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
    ),
    fault(
        Status,
        "503, Retry-After: a far date",
        Lasting(Unreachable),
        Never,
        |it| it.page(503, "Retry-After: Fri, 31 Dec 2049 23:59:59 GMT\r\n"),
    ),
    fault(
        Status,
        "503, Retry-After: 10^30",
        Lasting(Unreachable),
        Never,
        |it| it.page(503, "Retry-After: 1000000000000000000000000000000\r\n"),
    ),
    fault(
        Status,
        "503, two Retry-After",
        Passing(Unreachable),
        Never,
        |it| it.page(503, "Retry-After: 1\r\nRetry-After: 2\r\n"),
    ),
    fault(Status, "504", Passing(Unreachable), Never, |it| {
        it.page(504, "")
    }),
    fault(
        Status,
        "504, OK in the body",
        Passing(Unreachable),
        Never,
        |it| {
            it.answer(
                504,
                JSON,
                br#"{"status":"OK","message":"Success","data":null}"#,
            )
        },
    ),
    fault(
        Status,
        "500, OK in the body",
        Lasting(Unreachable),
        Never,
        |it| {
            it.answer(
                500,
                JSON,
                br#"{"status":"OK","message":"Success","data":null}"#,
            )
        },
    ),
    fault(Status, "599", Lasting(Unreachable), Never, |it| {
        it.page(599, "")
    }),
    // Bodies under 200.
    fault(
        Status,
        "200 with a login page",
        Lasting(NotWecube),
        Never,
        |it| it.page(200, ""),
    ),
    fault(
        Status,
        "a login page to GET of what HEAD shows",
        Lasting(NotWecube),
        After,
        |it| {
            let real = it.real();
            let is_shown = real.starts_with(b"HTTP/1.1 200");
            if is_shown && it.request.method == "GET" {
                it.page(200, "")
            } else {
                vec![Piece::Bytes(real)]
            }
        },
    ),
    fault(
        Status,
        "200 without a body",
        Lasting(NotWecube),
        Never,
        |it| it.answer(200, JSON, b""),
    ),
    fault(Body, "200 with null", Lasting(NotWecube), Never, |it| {
        it.answer(200, JSON, b"null")
    }),
    fault(Body, "200 with a list", Lasting(NotWecube), Never, |it| {
        it.answer(200, JSON, b"[]")
    }),
    fault(Body, "200 with a text", Lasting(NotWecube), Never, |it| {
        it.answer(200, JSON, b"\"OK\"")
    }),
    fault(Body, "200 with a number", Lasting(NotWecube), Never, |it| {
        it.answer(200, JSON, b"1e999")
    }),
    fault(Body, "no status", Lasting(NotWecube), Never, |it| {
        it.answer(200, JSON, br#"{"message":"","data":[]}"#)
    }),
    fault(
        Body,
        "status in lower case",
        Lasting(NotWecube),
        Never,
        |it| it.answer(200, JSON, br#"{"status":"ok","message":"","data":[]}"#),
    ),
    fault(
        Body,
        "status is a number",
        Lasting(NotWecube),
        Never,
        |it| it.answer(200, JSON, br#"{"status":200,"message":"","data":[]}"#),
    ),
    fault(
        Body,
        "status twice, the last one wrong",
        Lasting(NotWecube),
        Never,
        |it| it.answer(200, JSON, br#"{"status":"OK","status":7,"data":[]}"#),
    ),
    fault(
        Body,
        "ERROR of the platform",
        Lasting(Refused),
        Never,
        |it| {
            it.answer(
                200,
                JSON,
                br#"{"code":1,"status":"ERROR","message":"no","data":null}"#,
            )
        },
    ),
    fault(Body, "data is a number", Lasting(NotWecube), Never, |it| {
        it.answer(
            200,
            JSON,
            br#"{"code":0,"status":"OK","message":"","data":7}"#,
        )
    }),
    fault(
        Body,
        "data is a list of numbers",
        Lasting(NotWecube),
        Never,
        |it| {
            it.answer(
                200,
                JSON,
                br#"{"code":0,"status":"OK","message":"","data":[1,2]}"#,
            )
        },
    ),
    fault(Body, "names are numbers", Lasting(NotWecube), Never, |it| {
        let body = br#"{"code":0,"status":"OK","message":"","data":[{"id":1,"name":2,"path":3,"context":4,"version":[],"contents":5}]}"#;
        it.answer(200, JSON, body)
    }),
    fault(Body, "body ends early", Lasting(NotWecube), After, |it| {
        let body = it.body();
        it.again(&body[..body.len() / 2])
    }),
    fault(Body, "two documents", Lasting(NotWecube), After, |it| {
        it.again(&[it.body(), it.body()].concat())
    }),
    fault(Body, "ERROR, then OK", Lasting(Unreachable), After, |it| {
        let error = br#"{"code":-2,"status":"ERROR","message":"panic"}"#.to_vec();
        it.again(&[error, it.body()].concat())
    }),
    fault(
        Body,
        "a text after the document",
        Lasting(NotWecube),
        After,
        |it| it.again(&[it.body(), b"<!-- proxied -->".to_vec()].concat()),
    ),
    fault(Body, "byte order mark", Harmless, After, |it| {
        it.again(&[b"\xef\xbb\xbf".to_vec(), it.body()].concat())
    }),
    fault(Body, "invalid UTF-8", Lasting(NotWecube), Never, |it| {
        it.answer(200, JSON, b"{\"status\":\"OK\",\"data\":[\"\xff\xfe\"]}")
    }),
    fault(Body, "huge", Lasting(NotWecube), Never, |it| {
        let filler = vec![b' '; 3 << 20];
        it.answer(
            200,
            JSON,
            &[
                b"{\"status\":\"OK\",\"data\":[]".to_vec(),
                filler,
                b"}".to_vec(),
            ]
            .concat(),
        )
    }),
    fault(Body, "deep", Lasting(NotWecube), Never, |it| {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let body = format!("{{\"status\":\"OK\",\"message\":\"\",\"data\":{deep}}}");
        it.answer(200, JSON, body.as_bytes())
    }),
    fault(Body, "many keys", Lasting(NotWecube), Never, |it| {
        let keys: Vec<String> = (0..60_000).map(|n| format!("\"k{n}\":{n}")).collect();
        let body = format!("{{\"status\":\"OK\",\"data\":{{{}}}}}", keys.join(","));
        it.answer(200, JSON, body.as_bytes())
    }),
    fault(Body, "gzip that is none", Lasting(NotWecube), Never, |it| {
        it.answer(
            200,
            "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
            b"\x1f\x8b\x08 not gzip",
        )
    }),
    // Echoes of the request, token included.
    fault(
        Echo,
        "message echoes the request",
        Lasting(Refused),
        Never,
        |it| {
            let message =
                serde_json::json!({"code": 1, "status": "ERROR", "message": it.request.text()});
            it.answer(200, JSON, message.to_string().as_bytes())
        },
    ),
    fault(
        Echo,
        "500 page echoes the request",
        Lasting(Unreachable),
        Never,
        |it| {
            let page = format!(
                "<html><title>{0}</title><pre>{0}</pre></html>",
                it.request.text()
            );
            it.answer(500, "Content-Type: text/html\r\n", page.as_bytes())
        },
    ),
    fault(
        Echo,
        "Location echoes the token",
        Lasting(NotWecube),
        Never,
        |it| {
            let token = it.request.token.clone().unwrap_or_default();
            it.page(
                302,
                &format!("Location: http://127.0.0.1:1/?token={token}\r\n"),
            )
        },
    ),
    fault(
        Echo,
        "Content-Type echoes the token",
        Lasting(NotWecube),
        Never,
        |it| {
            let token = it.request.token.clone().unwrap_or_default();
            it.answer(
                200,
                &format!("Content-Type: {token}\r\nETag: \"{token}\"\r\n"),
                token.as_bytes(),
            )
        },
    ),
    fault(Echo, "token cut in two", Lasting(Refused), Never, |it| {
        let token = it.request.token.clone().unwrap_or_default();
        let (first, second) = token.split_at(token.len() / 2);
        let message = format!("bad token {first} or {second}");
        let body = serde_json::json!({"code": 1, "status": "ERROR", "message": message});
        it.answer(200, JSON, body.to_string().as_bytes())
    }),
];
