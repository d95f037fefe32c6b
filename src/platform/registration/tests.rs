//! Whether a request left, and of which package a state is.

use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::confirm::Confirmation;
use crate::domain::{Generation, Side};
use crate::platform::connect_settings::ConnectSettings;
use crate::platform::connection::{Tokens, connect};
use crate::platform::testing::{Act, RawServer, identity, json, ok};
use crate::platform::token::{Identity, SeedTokens, v4_key};
use crate::platform::transport::Trust;
use crate::poll::Demand;
use crate::secret::Secret;

const VERSION: &str = r#"{"status":"OK","message":"Success","data":"v4.0.0"}"#;

/// A v4 whose version was known before: nobody asks what its addresses are.
async fn reader(core: &str, portal: &str) -> Reader {
    let settings = ConnectSettings {
        identity: identity(core, core, &[portal]),
        trust: Trust::SYSTEM,
        request_timeout: Duration::from_secs(5),
        deadline: None,
        body_limit: 1 << 20,
        generation: None,
        last: Some(Generation::V4),
    };
    let key = v4_key(&Secret::new("Platform+Auth+Server+Secret")).unwrap();
    let tokens = Tokens::of_seed(SeedTokens::new(key, Identity::default()));
    let mut opened = connect(vec![(settings, tokens)]).await.unwrap();
    opened.remove(&Side::New).unwrap().unwrap()
}

#[tokio::test]
async fn registration_that_left_is_lost_and_one_that_did_not_is_refused() {
    let version = || Act::AnswerThenClose(json(VERSION));
    let cut = RawServer::start([version(), Act::Reset]).await;
    let writer = Writer::new(
        reader(&cut.address, &cut.address).await,
        &Confirmation::by_flag(),
    );
    let within = Duration::from_secs(5);
    let lost = writer.register(&PackageId::new("p1"), within).await;
    assert!(matches!(lost, RegisterAnswer::Lost(_)), "{lost:?}");
    assert_eq!(cut.requests().len(), 2, "it was sent once");

    let ended = RawServer::start([version()]).await;
    let reader = reader(&ended.address, &ended.address).await;
    drop(ended);
    let writer = Writer::new(reader, &Confirmation::by_flag());
    let gone = writer.register(&PackageId::new("p1"), within).await;
    let RegisterAnswer::Refused(error) = &gone else {
        panic!("{gone:?}");
    };
    assert_eq!(error.transience, Transience::Away);
    assert_eq!(error.retry_after, Some(RESTART));
}

#[tokio::test]
async fn state_is_of_one_version_of_one_package() {
    let server = MockServer::start().await;
    let package = |id, name, version| {
        format!(
            r#"{{"id":"{id}","name":"{name}","version":"{version}","status":"REGISTERED","uiPackageIncluded":true}}"#
        )
    };
    let row = |id, name, version| {
        let file = format!("/ui-resources/{name}/{version}/{id}.js");
        format!(
            r#"{{"id":"{id}","packageName":"{name}","packageVersion":"{version}","source":"ui.zip","relatedPath":"{file}"}}"#
        )
    };
    let all = [("1", "a", "v1"), ("2", "a", "v2"), ("3", "b", "v1")];
    let packages = all.map(|(id, name, version)| package(id, name, version));
    let rows = all.map(|(id, name, version)| row(id, name, version));
    for (at, data) in [
        ("/platform/v1/appinfo/version", "\"v4.0.0\"".to_owned()),
        ("/platform/v1/packages", format!("[{}]", packages.join(","))),
        (
            "/platform/v1/resource-files",
            format!("[{}]", rows.join(",")),
        ),
    ] {
        let listing = Mock::given(path(at)).respond_with(ok(&data));
        listing.mount(&server).await;
    }
    let reader = reader(&server.uri(), &server.uri()).await;
    for (id, name, version) in all {
        let state = reader
            .package_state(&PackageId::new(id), Demand::now())
            .await
            .unwrap();
        let page = FilePath::new(format!("/ui-resources/{name}/{version}/{id}.js"));
        assert_eq!(state.value.pages, [page].into());
    }
    let absent = reader
        .package_state(&PackageId::new("4"), Demand::now())
        .await;
    let cause = FailureCause::NoPackage(PackageId::new("4"));
    assert_eq!(absent.unwrap_err().cause, cause);
}

#[tokio::test]
async fn bytes_of_every_page_are_read_only_if_that_is_asked_for() {
    let paths = ["1", "2", "3"].map(|name| FilePath::new(format!("/ui-resources/a/v1/{name}.js")));
    for (deep, read) in [(false, 1), (true, 3)] {
        let portal = MockServer::start().await;
        let script = ResponseTemplate::new(200).set_body_raw("x", "application/javascript");
        for path_of in &paths {
            let is_page = Mock::given(path(path_of.as_str()));
            is_page.respond_with(script.clone()).mount(&portal).await;
        }
        let version = Mock::given(path("/platform/v1/appinfo/version"));
        version.respond_with(ok("\"v4.0.0\"")).mount(&portal).await;
        let missing = Mock::given(method("GET"));
        missing
            .respond_with(ResponseTemplate::new(404))
            .mount(&portal)
            .await;
        let reader = reader(&portal.uri(), &portal.uri()).await;
        let states = reader.page_states(&paths, deep).await;
        assert_eq!(states.len(), paths.len());
        let requests = portal.received_requests().await.unwrap();
        let got = requests.iter().filter(|it| {
            it.method.as_str() == "GET" && paths.iter().any(|path| path.as_str() == it.url.path())
        });
        assert_eq!(got.count(), read, "deep: {deep}");
    }
}
