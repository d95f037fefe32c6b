//! Proxies of the environment: taken for other hosts, never for loopback.
//!
//! The environment of this process cannot be changed safely, so the test runs itself once more in a
//! process of its own with the variables set.

use std::process::Command;

use super::{read, transport};
use crate::platform::testing::{Act, RawServer, json};

const CHILD: &str = "WECUBECTL_TEST_OF_PROXIES";
const NAME: &str = "platform::transport::tests::proxy::loopback_is_never_proxied_and_others_are";

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test is told by its environment that it is the second process"
)]
async fn loopback_is_never_proxied_and_others_are() {
    let server = RawServer::start([Act::Answer(json("{}"))]).await;
    if let Ok(proxy) = std::env::var(CHILD) {
        transport(&server.address).call(&read()).await.unwrap();
        assert_eq!(server.requests().len(), 1, "loopback is asked directly");
        transport("http://platform.example")
            .call(&read())
            .await
            .unwrap();
        assert_eq!(server.requests().len(), 1);
        drop(proxy);
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
    assert_eq!(proxied.len(), 1, "{proxied:?}");
    assert!(proxied[0].starts_with("GET http://platform.example/platform/v1/x"));
}
