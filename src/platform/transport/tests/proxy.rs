//! Proxies of the environment: taken for other hosts, never for loopback.
//!
//! The environment of this process cannot be changed safely, so the test runs itself once more in a
//! process of its own with the variables set.

use std::process::Command;

use super::{read, transport};
use crate::domain::ReadFailure;
use crate::i18n::english;
use crate::platform::testing::{Act, RawServer, json};
use crate::platform::wire::envelope::{Expect, decode};

const CHILD: &str = "WECUBECTL_TEST_OF_PROXIES";
const NAME: &str =
    "platform::transport::tests::proxy::loopback_is_never_proxied_and_others_name_the_proxy";

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test is told by its environment that it is the second process"
)]
async fn loopback_is_never_proxied_and_others_name_the_proxy() {
    let server =
        RawServer::start([Act::Answer(json("{}")), Act::Reset, Act::Reset, Act::Reset]).await;
    if let Ok(proxy) = std::env::var(CHILD) {
        transport(&server.address).call(&read()).await.unwrap();
        assert_eq!(server.requests().len(), 1, "loopback is asked directly");
        let behind = transport("http://platform.example");
        let answer = behind.call(&read()).await.unwrap();
        assert_eq!(server.requests().len(), 1);
        assert_eq!(answer.proxy.as_deref(), Some(proxy.as_str()));
        let refused = decode("x", "x", &answer, Expect::Core).unwrap_err();
        let silent = behind.call(&read()).await.unwrap_err();
        for cause in [refused.cause, ReadFailure::from(silent).cause] {
            let message = english(&cause.message());
            assert!(
                message.contains(&format!("through the proxy {proxy}")),
                "{message}"
            );
        }
        return;
    }
    let address = server.address.clone();
    let child = tokio::task::spawn_blocking(move || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env(CHILD, &address)
            .env("http_proxy", &address)
            .env("HTTP_PROXY", &address)
            .env_remove("no_proxy")
            .env_remove("NO_PROXY")
            .output()
            .unwrap()
    });
    let output = child.await.unwrap();
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{words}");
    assert!(words.contains("1 passed"), "the child ran no test: {words}");
    let proxied = server.requests();
    assert_eq!(proxied.len(), 4, "{proxied:?}");
    assert!(proxied[0].starts_with("GET http://platform.example/platform/v1/x"));
}
