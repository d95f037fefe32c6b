//! What a portal's answer means to a browser.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::domain::{FailureCause, FilePath, FileState, ServedFile};
use crate::platform::request::RawAnswer;
use crate::platform::wire::excerpt;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fetched {
    /// The head alone.
    Head,
    /// The bytes too.
    Whole,
    /// The bytes, and their digest.
    Digest,
}

/// What an answer comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Classified {
    /// It is settled.
    State(FileState),
    /// The head alone does not settle it: the server refuses HEAD, or told no length.
    NeedsBody,
}

/// Reads an answer. Any 2xx that carries a body is loaded by a browser; 206 and 204 are no whole file.
///
/// A refusal that came through a proxy may be the proxy's own.
pub(super) fn classify(path: &FilePath, asked: Fetched, answer: &RawAnswer) -> Classified {
    match by_status(path, asked, answer) {
        Classified::State(FileState::Forbidden | FileState::Unexpected { .. })
            if answer.proxy.is_some() =>
        {
            let cause = FailureCause::Http(answer.status).through(answer.proxy.clone());
            Classified::State(FileState::Unknown { cause })
        }
        other => other,
    }
}

fn by_status(path: &FilePath, asked: Fetched, answer: &RawAnswer) -> Classified {
    match answer.status {
        200 | 203 => loaded(path, asked, answer),
        // Refused for the method's sake, or it may be: what a browser gets is settled by a GET.
        400 | 403 | 405 | 501 if asked == Fetched::Head => Classified::NeedsBody,
        403 => Classified::State(FileState::Forbidden),
        404 | 410 => Classified::State(FileState::Missing),
        204 => Classified::State(FileState::Empty),
        status => Classified::State(FileState::Unexpected { status }),
    }
}

fn loaded(path: &FilePath, asked: Fetched, answer: &RawAnswer) -> Classified {
    let told = answer.content_type.as_deref().unwrap_or_default();
    if !fits(path, told, answer.nosniff) {
        return Classified::State(FileState::NotAScript {
            content_type: excerpt(told),
        });
    }
    let length = match asked {
        Fetched::Head => match answer.content_length {
            Some(length) => length,
            None => return Classified::NeedsBody,
        },
        Fetched::Whole | Fetched::Digest => u64::try_from(answer.body.len()).unwrap_or(u64::MAX),
    };
    if length == 0 {
        return Classified::State(FileState::Empty);
    }
    Classified::State(FileState::Served(ServedFile {
        length: Some(length),
        etag: answer.etag.as_deref().map(excerpt),
        digest: (asked == Fetched::Digest).then(|| hex(&Sha256::digest(&answer.body))),
    }))
}

/// Names of JavaScript that browsers take (WHATWG MIME Sniffing, "JavaScript MIME type").
const SCRIPT: [&str; 16] = [
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];

/// Names that say nothing: a browser loads a script of such a type (Fetch, "should response be
/// blocked due to its MIME type"), unless the server forbids guessing.
const SAYS_NOTHING: [&str; 4] = [
    "",
    "text/plain",
    "application/octet-stream",
    "binary/octet-stream",
];

/// Whether a browser loads a file of that type from `<script src>` or `<link rel=stylesheet>`. A page
/// in standards mode, as the portal's is, takes a stylesheet only as `text/css`, or without a type.
/// Any other name (`text/html`, `application/json`) is somebody else's answer, even if a browser
/// would run it.
fn fits(path: &FilePath, told: &str, nosniff: bool) -> bool {
    let essence = told.split(';').next().unwrap_or_default().trim();
    if is_style(path) {
        essence == "text/css" || (essence.is_empty() && !nosniff)
    } else {
        SCRIPT.contains(&essence) || (SAYS_NOTHING.contains(&essence) && !nosniff)
    }
}

fn is_style(path: &FilePath) -> bool {
    let path = path.as_str().split(['?', '#']).next().unwrap_or_default();
    Path::new(path)
        .extension()
        .is_some_and(|ext| ext.eq_ignore_ascii_case("css"))
}

fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    digest
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|nibble| char::from(DIGITS[usize::from(nibble)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, content_type: &str, length: Option<u64>) -> RawAnswer {
        RawAnswer {
            status,
            content_type: (content_type != "-").then(|| content_type.to_owned()),
            content_length: length,
            etag: Some("\"65-7d2\"".to_owned()),
            ..RawAnswer::default()
        }
    }

    fn words(path: &str, asked: Fetched, answer: &RawAnswer) -> String {
        match classify(&FilePath::new(path), asked, answer) {
            Classified::NeedsBody => "ask whole".to_owned(),
            Classified::State(FileState::Served(file)) => format!("served {:?}", file.length),
            Classified::State(state) => format!("{state:?}"),
        }
    }

    #[test]
    fn heads() {
        let js = "application/javascript";
        for (path, status, told, length, expected) in [
            ("/a.js", 200, js, Some(2002), "served Some(2002)"),
            ("/a.js", 203, js, Some(2002), "served Some(2002)"),
            (
                "/a.js",
                200,
                "text/javascript; charset=utf-8",
                Some(1),
                "served Some(1)",
            ),
            ("/a.js", 200, js, Some(0), "Empty"),
            ("/a.js", 200, js, None, "ask whole"),
            ("/a.js", 200, "-", Some(9), "served Some(9)"),
            ("/a.js", 200, "text/plain", Some(9), "served Some(9)"),
            (
                "/a.js",
                200,
                "application/octet-stream",
                Some(9),
                "served Some(9)",
            ),
            (
                "/a.js",
                200,
                "text/html",
                Some(9),
                "NotAScript { content_type: \"text/html\" }",
            ),
            (
                "/a.js",
                200,
                "text/css",
                Some(9),
                "NotAScript { content_type: \"text/css\" }",
            ),
            (
                "/a.js",
                200,
                "application/json",
                Some(9),
                "NotAScript { content_type: \"application/json\" }",
            ),
            (
                "/a.js",
                200,
                "text/html",
                None,
                "NotAScript { content_type: \"text/html\" }",
            ),
            ("/a.CSS", 200, "text/css", Some(9), "served Some(9)"),
            ("/a.css", 200, "-", Some(9), "served Some(9)"),
            (
                "/a.css",
                200,
                "text/plain",
                Some(9),
                "NotAScript { content_type: \"text/plain\" }",
            ),
            (
                "/a.css?v=a.js",
                200,
                js,
                Some(9),
                "NotAScript { content_type: \"application/javascript\" }",
            ),
            ("/a.js", 404, "text/html", Some(153), "Missing"),
            ("/a.js", 410, "text/html", Some(153), "Missing"),
            ("/a.js", 403, "text/html", Some(153), "ask whole"),
            ("/a.js", 405, "-", None, "ask whole"),
            ("/a.js", 501, "-", None, "ask whole"),
            ("/a.js", 400, "-", None, "ask whole"),
            ("/a.js", 204, "-", None, "Empty"),
            ("/a.js", 206, js, Some(9), "Unexpected { status: 206 }"),
            ("/a.js", 301, "-", Some(0), "Unexpected { status: 301 }"),
            ("/a.js", 401, "-", Some(0), "Unexpected { status: 401 }"),
            ("/a.js", 500, js, Some(9), "Unexpected { status: 500 }"),
            (
                "/a.js",
                503,
                "text/html",
                Some(9),
                "Unexpected { status: 503 }",
            ),
        ] {
            let got = words(path, Fetched::Head, &answer(status, told, length));
            assert_eq!(got, expected, "{path} {status} {told:?} {length:?}");
        }
    }

    #[test]
    fn whole_files_are_counted_and_never_asked_again() {
        for (status, body, expected) in [
            (200, "abc", "served Some(3)"),
            (200, "", "Empty"),
            (403, "<html>", "Forbidden"),
            (405, "", "Unexpected { status: 405 }"),
            (404, "", "Missing"),
        ] {
            let mut answer = answer(status, "application/javascript", Some(999));
            answer.body = body.as_bytes().to_vec();
            for asked in [Fetched::Whole, Fetched::Digest] {
                assert_eq!(
                    words("/a.js", asked, &answer),
                    expected,
                    "{status} {body:?}"
                );
            }
        }
    }

    #[test]
    fn a_server_that_forbids_guessing_is_taken_at_its_word() {
        for (path, told, served) in [
            ("/a.js", "text/plain", false),
            ("/a.js", "-", false),
            ("/a.css", "-", false),
            ("/a.js", "text/javascript", true),
            ("/a.css", "text/css", true),
        ] {
            let mut answer = answer(200, told, Some(9));
            answer.nosniff = true;
            let got = words(path, Fetched::Head, &answer);
            assert_eq!(got.starts_with("served"), served, "{path} {told}: {got}");
        }
    }

    #[test]
    fn refusal_through_a_proxy_names_the_proxy_and_is_unknown() {
        for (status, through_proxy) in [(403, true), (502, true), (407, true), (404, false)] {
            let mut answer = answer(status, "text/html", Some(9));
            answer.proxy = Some("http://proxy.example:3128".to_owned());
            for asked in [Fetched::Whole, Fetched::Digest] {
                let got = words("/a.js", asked, &answer);
                assert_eq!(got.contains("proxy.example"), through_proxy, "{got}");
                assert_eq!(got.starts_with("Unknown"), through_proxy, "{got}");
            }
        }
    }

    #[test]
    fn digests_are_of_the_bytes() {
        let mut answer = answer(200, "text/javascript", None);
        answer.body = b"abc".to_vec();
        let Classified::State(FileState::Served(file)) =
            classify(&FilePath::new("/a.js"), Fetched::Digest, &answer)
        else {
            panic!("served");
        };
        assert_eq!(
            file.digest.as_deref(),
            Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        );
        assert_eq!(file.etag.as_deref(), Some("\"65-7d2\""));
    }
}
