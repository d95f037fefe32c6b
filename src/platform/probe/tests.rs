//! Whole probes against servers that behave and that do not.

use std::sync::Arc;
use std::time::Duration;

use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Depth, Prober};
use crate::domain::{
    Address, FailureCause, FilePath, FileState, PageStates, PortalStates, ServedFile,
};
use crate::platform::check_cache::{FileCache, ListedFile};
use crate::platform::retry::RetryPolicy;
use crate::platform::testing::{FakeCredentials, identity};
use crate::platform::transport::{Limits, Transport, TransportSettings, Trust};

const FILE: &str = "/ui-resources/wecmdb/v2.0.10/plugin/js/chunk-0.wecmdb.js";

fn transport(portals: &[&str]) -> Transport {
    let settings = TransportSettings {
        identity: &identity("http://127.0.0.1:1", "http://127.0.0.1:1", portals),
        trust: &Trust::SYSTEM,
        limits: Limits::read(Duration::from_secs(2), 1 << 20),
        policy: RetryPolicy {
            attempts: 2,
            base: Duration::from_millis(1),
            cap: Duration::from_millis(2),
        },
        deadline: None,
    };
    Transport::new(&settings, Arc::new(FakeCredentials::default())).unwrap()
}

async fn ask(portals: &[&str], paths: &[&str], depth: Depth) -> PageStates {
    let transport = transport(portals);
    let addresses: Vec<_> = portals.iter().map(|portal| Address::new(*portal)).collect();
    let paths: Vec<_> = paths.iter().map(|path| FilePath::new(*path)).collect();
    Prober::new(&transport, &addresses, &[])
        .ask(&paths, depth)
        .await
}

async fn one(portal: &str, path: &str, depth: Depth) -> FileState {
    let mut found = ask(&[portal], &[path], depth).await;
    assert_eq!(found.len(), 1);
    let (_, portals) = found.pop_first().unwrap();
    portals.into_iter().next().unwrap().1
}

fn script(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.to_owned(), "application/javascript")
}

#[tokio::test]
async fn a_served_file_costs_one_head() {
    let server = MockServer::start().await;
    Mock::given(method("HEAD"))
        .and(path(FILE))
        .respond_with(
            script("")
                .append_header("Content-Length", "2002")
                .append_header("ETag", "\"e\""),
        )
        .expect(1)
        .mount(&server)
        .await;
    let state = one(&server.uri(), FILE, Depth::Head).await;
    let whole = ServedFile {
        length: Some(2002),
        etag: Some("\"e\"".to_owned()),
        digest: None,
    };
    assert_eq!(state, FileState::Served(whole));
    let seen = server.received_requests().await.unwrap();
    assert!(
        seen.iter()
            .all(|request| !request.headers.contains_key("authorization"))
    );
}

#[tokio::test]
async fn a_refused_head_is_asked_again_with_get() {
    for refused in [405, 501, 403] {
        let server = MockServer::start().await;
        Mock::given(method("HEAD"))
            .respond_with(ResponseTemplate::new(refused))
            .expect(1)
            .mount(&server)
            .await;
        Mock::given(method("GET"))
            .respond_with(script("abcd"))
            .expect(1)
            .mount(&server)
            .await;
        let FileState::Served(file) = one(&server.uri(), FILE, Depth::Head).await else {
            panic!("{refused}: served");
        };
        assert_eq!((file.length, file.digest), (Some(4), None));
    }
}

#[tokio::test]
async fn deep_reads_the_bytes_at_once() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(script("abc"))
        .expect(1)
        .mount(&server)
        .await;
    let FileState::Served(file) = one(&server.uri(), FILE, Depth::Bytes).await else {
        panic!("served");
    };
    assert!(file.digest.unwrap().starts_with("ba7816bf"));
}

#[tokio::test]
async fn paths_that_lead_elsewhere_are_never_asked() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(script("x"))
        .expect(0)
        .mount(&server)
        .await;
    for path in [
        "//evil.example/a.js",
        "http://evil.example/a.js",
        "/ui-resources/../a.js",
        "/a\\b.js",
        "a.js",
        "/a\n.js",
    ] {
        let state = one(&server.uri(), path, Depth::Head).await;
        assert!(
            matches!(&state, FileState::Unknown { cause } if matches!(cause, crate::domain::FailureCause::BadFilePath(_))),
            "{path}: {state:?}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_not_visible() {
    let server = MockServer::start().await;
    let elsewhere = MockServer::start().await;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(302).append_header("Location", format!("{}/x", elsewhere.uri())),
        )
        .mount(&server)
        .await;
    let state = one(&server.uri(), FILE, Depth::Head).await;
    assert_eq!(state, FileState::Unexpected { status: 302 });
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn each_portal_answers_for_itself_and_a_dead_one_is_left_alone_soon() {
    let (good, bad) = (MockServer::start().await, MockServer::start().await);
    Mock::given(any())
        .respond_with(script("").append_header("Content-Length", "7"))
        .mount(&good)
        .await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(404))
        .mount(&bad)
        .await;
    let dead = "http://127.0.0.1:1";
    let paths: Vec<String> = (0..2000)
        .map(|n| format!("/ui-resources/p/v1/{n}.js"))
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let (good, bad) = (good.uri(), bad.uri());
    let found = ask(&[&good, dead, &bad], &paths, Depth::Head).await;
    assert_eq!(found.len(), 2000);
    let mut not_asked = 0;
    for portals in found.values() {
        assert_eq!(portals.len(), 3);
        assert!(matches!(
            portals[&Address::new(&*good)],
            FileState::Served(_)
        ));
        assert_eq!(portals[&Address::new(&*bad)], FileState::Missing);
        let FileState::Unknown { cause } = &portals[&Address::new(dead)] else {
            panic!("unknown");
        };
        not_asked += usize::from(
            *cause
                == crate::domain::FailureCause::NotAsked(Box::new(
                    crate::domain::FailureCause::PortRefused,
                )),
        );
    }
    assert!(not_asked > 1900, "{not_asked}");
}

#[tokio::test]
async fn content_says_nothing_if_it_stands_at_every_name() {
    let page = || ResponseTemplate::new(200).set_body_raw("<html>", "text/html");
    for (content, everywhere) in [
        (page(), false),
        (page(), true),
        (script("a"), false),
        (script("a"), true),
    ] {
        let server = MockServer::start().await;
        let of_all = Mock::given(wiremock::matchers::any()).respond_with(content.clone());
        let of_file = Mock::given(path(FILE)).respond_with(content);
        of_file.mount(&server).await;
        if everywhere {
            of_all.mount(&server).await;
        }
        let portal = server.uri();
        let transport = transport(&[&portal]);
        let portals = [Address::new(portal.as_str())];
        let prober = Prober::new(&transport, &portals, &[]);
        let file = FilePath::new(FILE);
        let answers = prober.ask_all([&file], Depth::Bytes).await;
        let states: Vec<_> = answers.values().flat_map(PortalStates::values).collect();
        let is_unknown = matches!(
            states[..],
            [FileState::Unknown {
                cause: FailureCause::ServesWhatIsNotThere(200)
            }]
        );
        assert_eq!(is_unknown, everywhere, "{states:?}");
    }
}

/// Answers as nginx does: 304 without a body under the tag that it would tell.
fn tagged(tag: &'static str, body: &'static str) -> impl wiremock::Respond {
    move |request: &wiremock::Request| {
        let known = request.headers.get("if-none-match");
        if known.is_some_and(|known| known == tag) {
            return ResponseTemplate::new(304).append_header("ETag", tag);
        }
        let whole = script(body).append_header("ETag", tag);
        if request.method.as_str() == "HEAD" {
            let length = body.len().to_string();
            return script("")
                .append_header("ETag", tag)
                .append_header("Content-Length", length.as_str());
        }
        whole
    }
}

/// Methods of the requests after the first so many, conditional ones marked.
async fn asked(server: &MockServer, skip: usize) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let mut asked: Vec<String> = requests
        .iter()
        .skip(skip)
        .map(|request| {
            let tag = request.headers.get("if-none-match");
            let mark = tag.map_or(String::new(), |tag| {
                format!(" unless {}", tag.to_str().unwrap())
            });
            format!("{}{mark}", request.method)
        })
        .collect();
    asked.sort();
    asked
}

async fn ask_cached(
    portal: &str,
    paths: &[&str],
    memory: &mut FileCache,
    look: u64,
) -> Vec<FileState> {
    let transport = transport(&[portal]);
    let addresses = [Address::new(portal)];
    let paths: Vec<_> = paths.iter().map(|path| FilePath::new(*path)).collect();
    let prober = Prober::new(&transport, &addresses, &[]);
    let listed: Vec<_> = paths
        .iter()
        .map(|path| ListedFile { path, row: "row" })
        .collect();
    let found = prober.ask_cached(&listed, (memory, look)).await;
    found
        .into_values()
        .map(|portals| portals.into_iter().next().unwrap().1)
        .collect()
}

#[tokio::test]
async fn bytes_are_read_once_and_again_where_the_tag_is_another() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(tagged("\"1\"", "abc"))
        .mount(&server)
        .await;
    let (url, mut memory) = (server.uri(), FileCache::default());
    let paths = ["/a.js", "/b.js"];
    let first = ask_cached(&url, &paths, &mut memory, 1).await;
    assert_eq!(asked(&server, 0).await, ["GET", "GET"]);
    let second = ask_cached(&url, &paths, &mut memory, 2).await;
    assert_eq!(asked(&server, 2).await, ["GET", "GET unless \"1\""]);
    assert_eq!(first, second);
    let FileState::Served(file) = &second[1] else {
        panic!("served")
    };
    assert!(file.digest.as_ref().unwrap().starts_with("ba7816bf"));
    assert_eq!(file.length, Some(3));

    server.reset().await;
    Mock::given(any())
        .respond_with(tagged("\"2\"", "abcd"))
        .mount(&server)
        .await;
    let changed = ask_cached(&url, &paths, &mut memory, 3).await;
    assert_eq!(asked(&server, 0).await, ["GET", "GET unless \"1\""]);
    for state in changed {
        let FileState::Served(file) = state else {
            panic!("served")
        };
        assert_eq!(
            (file.length, file.etag.as_deref()),
            (Some(4), Some("\"2\""))
        );
    }
}

#[tokio::test]
async fn a_portal_whose_tag_lies_is_read_whole_in_the_same_look() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(tagged("\"1\"", "abc"))
        .mount(&server)
        .await;
    let (url, mut memory) = (server.uri(), FileCache::default());
    let paths = ["/a.js", "/b.js", "/c.js"];
    ask_cached(&url, &paths, &mut memory, 1).await;
    // Other bytes of the same length under the same tag.
    server.reset().await;
    Mock::given(any())
        .respond_with(tagged("\"1\"", "xyz"))
        .mount(&server)
        .await;
    for state in ask_cached(&url, &paths, &mut memory, 2).await {
        let FileState::Served(file) = state else {
            panic!("served")
        };
        assert!(file.digest.unwrap().starts_with("3608bca1"), "read anew");
    }
    // The same bytes under the same tag, as a page.
    server.reset().await;
    let page = |request: &wiremock::Request| match request.headers.get("if-none-match") {
        Some(_) => ResponseTemplate::new(304),
        None => ResponseTemplate::new(200)
            .set_body_raw("xyz", "text/html")
            .append_header("ETag", "\"1\""),
    };
    Mock::given(any()).respond_with(page).mount(&server).await;
    for state in ask_cached(&url, &paths, &mut memory, 3).await {
        assert!(matches!(state, FileState::NotAScript { .. }), "{state:?}");
    }
}

#[tokio::test]
async fn a_portal_without_tags_is_asked_for_one_file_and_heads() {
    let server = MockServer::start().await;
    let head = script("").append_header("Content-Length", "2002");
    Mock::given(method("HEAD"))
        .respond_with(head)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .respond_with(script("abc"))
        .mount(&server)
        .await;
    let mut memory = FileCache::default();
    let paths = ["/ui-resources/a/v1/a.js", "/ui-resources/a/v1/b.js"];
    for look in 1..3 {
        ask_cached(&server.uri(), &paths, &mut memory, look).await;
        let skip = usize::try_from(2 * (look - 1)).unwrap();
        assert_eq!(asked(&server, skip).await, ["GET", "HEAD"]);
    }
    assert_eq!(memory.served(&server.uri(), &FilePath::new("/a.js")), None);
}

#[tokio::test]
async fn what_cannot_be_asked_is_not_what_was_kept() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(tagged("\"1\"", "abc"))
        .mount(&server)
        .await;
    let mut memory = FileCache::default();
    let paths = ["/a.js", "/b.js"];
    ask_cached(&server.uri(), &paths, &mut memory, 1).await;
    server.reset().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(404))
        .mount(&server)
        .await;
    let gone = ask_cached(&server.uri(), &paths, &mut memory, 2).await;
    assert_eq!(gone, [FileState::Missing, FileState::Missing]);
    let (dead, path) = ("http://127.0.0.1:1", FilePath::new("/a.js"));
    let kept = FileState::Served(ServedFile {
        length: Some(3),
        etag: Some("\"1\"".to_owned()),
        digest: Some("aa".to_owned()),
    });
    let file = ListedFile {
        path: &path,
        row: "row",
    };
    memory.store(dead, file, &kept, 3);
    for state in ask_cached(dead, &["/a.js"], &mut memory, 3).await {
        assert!(matches!(state, FileState::Unknown { .. }), "{state:?}");
    }
}
