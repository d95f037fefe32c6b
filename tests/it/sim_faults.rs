//! Each fault of the simulator, and the behaviour under load, seen from outside.

#![cfg(feature = "sim")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::time::Duration;

use futures::StreamExt as _;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use wecubectl::sim::{
    FaultError, Package, Running, SideName, World, apply_fault, scenario, scenarios, serve,
};

use crate::sim_client::{client, get, post, send, status};

const SCRIPT: &str = "/ui-resources/alpha/v1.0.0/plugin/js/chunk-0.alpha.js";

/// Two plugins with pages, fast registers, one side of v4.0.0 beside v3.2.6.
fn small() -> World {
    World::default()
        .old_version("v3.2.6")
        .service_time_ms(12.0)
        .package(Package::new("alpha", "v1.0.0").with_ui("plugin").running())
        .package(Package::new("beta", "v1.0.0").with_ui("").running())
}

async fn with(faults: &[&str]) -> (Running, Client) {
    with_world(small(), faults).await
}

async fn with_world(mut world: World, faults: &[&str]) -> (Running, Client) {
    for fault in faults {
        apply_fault(&mut world, fault).unwrap();
    }
    (serve(world).await.unwrap(), client())
}

fn id_of(sim: &Running, name: &str) -> String {
    sim.with_world(|world| {
        let row = world.database(SideName::New).find(name, "v1.0.0").unwrap();
        row.package.id.clone()
    })
}

fn register_url(sim: &Running, side: SideName, name: &str) -> String {
    let id = id_of(sim, name);
    let core = match side {
        SideName::New => sim.endpoints().new.core.clone(),
        SideName::Old => sim.endpoints().old.as_ref().unwrap().core.clone(),
    };
    format!("{core}/platform/v1/packages/register/{id}")
}

async fn register(sim: &Running, http: &Client, side: SideName, name: &str) -> Value {
    post(http, register_url(sim, side, name), None).await
}

fn new_portal(sim: &Running, path: &str) -> String {
    format!("{}{path}", sim.endpoints().new.portal[0])
}

fn version_url(sim: &Running) -> String {
    format!("{}/platform/v1/appinfo/version", sim.endpoints().new.core)
}

#[tokio::test]
async fn fault_host_down_after_n_registrations() {
    let (sim, http) = with(&["host-down=1"]).await;
    let first = register(&sim, &http, SideName::New, "alpha").await;
    let second = register(&sim, &http, SideName::New, "beta").await;
    assert_eq!(first["status"], "OK");
    let message = second["message"].as_str().unwrap();
    assert!(message.ends_with("exit status 255 "), "{message}");
    assert!(message.contains("try to mkdir target dir"), "{message}");
}

#[tokio::test]
async fn v3_removes_the_page_before_it_fails_to_copy() {
    let (sim, http) = with(&[]).await;
    let portal = sim.endpoints().old.as_ref().unwrap().portal[0].clone();
    assert_eq!(status(&http, format!("{portal}{SCRIPT}")).await, 200);
    sim.with_world(|world| world.add_fault("old:not-writable=alpha").unwrap());
    let answer = register(&sim, &http, SideName::Old, "alpha").await;
    assert_eq!(
        answer["message"],
        "Failed to register plugin package.Put file to remote host meet error: "
    );
    assert_eq!(status(&http, format!("{portal}{SCRIPT}")).await, 404);
}

#[tokio::test]
async fn fault_no_effect_answers_ok_and_changes_nothing() {
    let (sim, http) = with(&["no-effect=alpha"]).await;
    let answer = register(&sim, &http, SideName::New, "alpha").await;
    assert_eq!(answer["status"], "OK");
    assert_eq!(status(&http, new_portal(&sim, SCRIPT)).await, 404);
}

#[tokio::test]
async fn fault_lost_answer_takes_effect_later_or_never() {
    let (sim, http) = with(&["lost-answer=alpha,40", "lost-for-good=beta"]).await;
    for name in ["alpha", "beta"] {
        let url = register_url(&sim, SideName::New, name);
        let error = send(&http, Method::POST, url, None).await.unwrap_err();
        assert!(!error.is_timeout(), "{error:?}");
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(sim.ledger().registered(SideName::New), ["alpha v1.0.0"]);
    assert_eq!(status(&http, new_portal(&sim, SCRIPT)).await, 200);
    let unanswered = sim
        .ledger()
        .requests
        .iter()
        .filter(|r| r.status.is_none())
        .count();
    assert_eq!(unanswered, 2);
}

#[tokio::test]
async fn fault_portal_504_registration_goes_on() {
    let (sim, http) = with(&["portal-504"]).await;
    let path = format!("/platform/v1/packages/register/{}", id_of(&sim, "alpha"));
    let answer = send(&http, Method::POST, new_portal(&sim, &path), None)
        .await
        .unwrap();
    assert_eq!(answer.status(), 504);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(sim.ledger().registered(SideName::New), ["alpha v1.0.0"]);
}

#[tokio::test]
async fn fault_old_breaks_removes_page_of_old_portal() {
    let (sim, http) = with(&["old-breaks"]).await;
    let old = format!(
        "{}{SCRIPT}",
        sim.endpoints().old.as_ref().unwrap().portal[0]
    );
    assert_eq!(status(&http, old.clone()).await, 200);
    register(&sim, &http, SideName::New, "alpha").await;
    assert_eq!(status(&http, old).await, 404);
    assert_eq!(status(&http, new_portal(&sim, SCRIPT)).await, 200);
}

#[tokio::test]
async fn fault_mixed_files_same_etag_other_bytes() {
    let (sim, http) = with(&["old:mixed-files=alpha"]).await;
    register(&sim, &http, SideName::New, "alpha").await;
    let old = format!(
        "{}{SCRIPT}",
        sim.endpoints().old.as_ref().unwrap().portal[0]
    );
    let mut files = Vec::new();
    for url in [old, new_portal(&sim, SCRIPT)] {
        let answer = http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let tag = answer.headers()["etag"].clone();
        files.push((tag, answer.text().await.unwrap()));
    }
    assert_eq!(files[0].0, files[1].0);
    assert_ne!(files[0].1, files[1].1);
    assert!(files[0].1.contains("beta"));
}

#[tokio::test]
async fn fault_scripts_html_empty_forbidden() {
    let faults = ["html-script=alpha", "empty-file=beta"];
    let (sim, http) = with(&faults).await;
    register(&sim, &http, SideName::New, "alpha").await;
    register(&sim, &http, SideName::New, "beta").await;
    let html = http.get(new_portal(&sim, SCRIPT)).send().await.unwrap();
    assert_eq!(html.headers()["content-type"], "text/html");
    let beta = "/ui-resources/beta/v1.0.0/js/chunk-0.beta.js";
    let empty = http.head(new_portal(&sim, beta)).send().await.unwrap();
    assert_eq!(
        (empty.status().as_u16(), &empty.headers()["content-length"]),
        (200, &"0".parse().unwrap())
    );
    sim.with_world(|world| world.add_fault("forbidden-file=beta").unwrap());
    assert_eq!(status(&http, new_portal(&sim, beta)).await, 403);
}

#[tokio::test]
async fn fault_portal_lacks_files_on_last_portal() {
    let (sim, http) = with_world(small().portals(2, 1), &["portal-lacks=alpha"]).await;
    register(&sim, &http, SideName::New, "alpha").await;
    let portals = &sim.endpoints().new.portal;
    let mut statuses = Vec::new();
    for portal in portals {
        statuses.push(status(&http, format!("{portal}{SCRIPT}")).await);
    }
    assert_eq!(statuses, [200, 404]);
}

#[tokio::test]
async fn fault_routes_missing_late_or_down() {
    let gateway = |sim: &Running, path: &str| format!("{}{path}", sim.endpoints().new.gateway);
    let (sim, http) = with(&["route-missing=alpha", "plugin-down=beta"]).await;
    let items = get(&http, gateway(&sim, "/gateway/v1/route-items")).await;
    let contexts: Vec<&Value> = items["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["context"])
        .collect();
    assert_eq!(contexts, ["beta"]);
    for path in ["/alpha/v1/x", "/beta/v1/x"] {
        assert_eq!(status(&http, gateway(&sim, path)).await, 404);
    }
    let (sim, http) = with(&["route-late=150"]).await;
    assert_eq!(status(&http, gateway(&sim, "/alpha/v1/x")).await, 404);
    tokio::time::sleep(Duration::from_millis(160)).await;
    assert_eq!(status(&http, gateway(&sim, "/alpha/v1/x")).await, 200);
}

#[tokio::test]
async fn instance_answers_on_own_port() {
    let (sim, http) = with(&["plugin-down=beta"]).await;
    let ports = sim.with_world(|world| {
        ["alpha", "beta"].map(|name| {
            let row = world.database(SideName::New).find(name, "v1.0.0").unwrap();
            row.package.instances[0].port
        })
    });
    let alpha = get(&http, format!("http://127.0.0.1:{}/alpha/x", ports[0])).await;
    assert_eq!(alpha, json!({"port": ports[0], "path": "/alpha/x"}));
    assert!(
        http.get(format!("http://127.0.0.1:{}/", ports[1]))
            .send()
            .await
            .is_err()
    );
}

#[tokio::test]
async fn fault_deadlock_once_after_copy() {
    let (sim, http) = with(&["deadlock"]).await;
    let first = register(&sim, &http, SideName::New, "alpha").await;
    assert_eq!(first["code"], 10_000_023);
    assert_eq!(status(&http, new_portal(&sim, SCRIPT)).await, 200);
    let second = register(&sim, &http, SideName::New, "alpha").await;
    assert_eq!(second["status"], "OK");
}

#[tokio::test]
async fn fault_proxy_answers_replace_core() {
    for (fault, expected) in [("busy=1", 503), ("too-many=1", 429)] {
        let (sim, http) = with(&[fault]).await;
        let answer = send(&http, Method::GET, version_url(&sim), None)
            .await
            .unwrap();
        assert_eq!(answer.status(), expected);
        assert_eq!(answer.headers()["retry-after"], "1");
        assert_eq!(get(&http, version_url(&sim)).await["data"], "v4.0.0");
    }
    let (sim, http) = with(&["login-page"]).await;
    let page = send(&http, Method::GET, version_url(&sim), None)
        .await
        .unwrap();
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (200, &"text/html".parse().unwrap())
    );
    let (sim, http) = with(&["empty-200"]).await;
    let empty = send(&http, Method::GET, version_url(&sim), None)
        .await
        .unwrap();
    assert_eq!(empty.text().await.unwrap(), "");
    let (sim, http) = with(&["truncated"]).await;
    let cut = send(&http, Method::GET, version_url(&sim), None)
        .await
        .unwrap();
    assert_eq!(cut.status(), 200);
    assert!(cut.bytes().await.is_err());
    let (sim, http) = with(&["core-down"]).await;
    assert!(
        send(&http, Method::GET, version_url(&sim), None)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn fault_redirect_records_leaked_tokens() {
    let (sim, http) = with(&["redirect"]).await;
    let answer = send(&http, Method::GET, version_url(&sim), None)
        .await
        .unwrap();
    assert_eq!(answer.status(), 302);
    let target = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(!target.starts_with(&sim.endpoints().new.core));
    assert_eq!(sim.ledger().leaked_tokens, 0);
    http.get(&target).send().await.unwrap();
    assert_eq!(sim.ledger().leaked_tokens, 0);
    send(&http, Method::GET, target, None).await.unwrap();
    assert_eq!(sim.ledger().leaked_tokens, 1);
}

#[tokio::test]
async fn fault_clock_and_seed_refuse_tokens() {
    let (sim, http) = with(&["clock=-120"]).await;
    let answer = send(&http, Method::GET, version_url(&sim), None)
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.headers().contains_key("date"));
    let text = answer.text().await.unwrap();
    assert!(text.contains("Token used before issued"), "{text}");
    let (sim, http) = with(&["seed-differs"]).await;
    let text = get(&http, version_url(&sim)).await.to_string();
    assert!(text.contains("signature is invalid"), "{text}");
}

#[test]
fn fault_for_unknown_plugin_or_side_is_refused() {
    let mut world = small().without_old();
    assert_eq!(
        apply_fault(&mut world, "old:host-down"),
        Err(FaultError::NoOldSide)
    );
    assert_eq!(
        apply_fault(&mut world, "no-effect=gamma"),
        Err(FaultError::NoPlugin("gamma".to_owned()))
    );
    assert!(world.faults.is_empty());
}

/// Registers everything with that many calls in flight: failures, milliseconds.
async fn load(sim: &Running, http: &Client, side: SideName, in_flight: usize) -> (usize, u128) {
    let ids: Vec<String> = sim.with_world(|world| {
        let rows = &world.database(side).packages;
        rows.iter().map(|row| row.package.id.clone()).collect()
    });
    let core = match side {
        SideName::New => &sim.endpoints().new.core,
        SideName::Old => &sim.endpoints().old.as_ref().unwrap().core,
    };
    let start = std::time::Instant::now();
    let answers: Vec<Value> = futures::stream::iter(ids)
        .map(|id| {
            post(
                http,
                format!("{core}/platform/v1/packages/register/{id}"),
                None,
            )
        })
        .buffer_unordered(in_flight)
        .collect()
        .await;
    let failed = answers
        .iter()
        .filter(|answer| answer["status"] != "OK")
        .count();
    (failed, start.elapsed().as_millis())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overload_over_http_fails_as_measured() {
    let world = || World::plugins(60).service_time_ms(60.0);
    let (sim, http) = with_world(world(), &[]).await;
    let (failed, _) = load(&sim, &http, SideName::New, 4).await;
    assert_eq!(failed, 0);
    assert_eq!(sim.ledger().in_flight(SideName::New), 4);
    let (sim, http) = with_world(world(), &[]).await;
    let (failed, took) = load(&sim, &http, SideName::New, 60).await;
    assert!((28..=50).contains(&failed), "{failed} failed in {took} ms");
    let messages: Vec<String> = sim
        .ledger()
        .registrations
        .iter()
        .filter_map(|entry| entry.result.clone())
        .filter(|result| result != "ok")
        .collect();
    assert!(
        messages
            .iter()
            .all(|message| message.contains("fail,exit status"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn v3_shares_working_folders_when_asked_at_once() {
    let mut world = World::plugins(60).service_time_ms(60.0);
    world.timing.ssh_limit = 1000;
    let (sim, http) = with_world(world, &[]).await;
    let (failed, _) = load(&sim, &http, SideName::Old, 60).await;
    let locked = sim
        .ledger()
        .registrations
        .iter()
        .filter(|entry| {
            entry
                .result
                .as_deref()
                .is_some_and(|text| text.contains("Fail to lock"))
        })
        .count();
    assert_eq!(failed, locked);
    let mixed = sim.with_world(|world| {
        let disk = &world.old.as_ref().unwrap().disks[0];
        (0..60)
            .filter(|number| {
                let name = format!("bulk{number:03}");
                let path = format!("/ui-resources/{name}/v1.0.0/plugin/js/app.js");
                disk.get(&path)
                    .is_some_and(|file| !String::from_utf8_lossy(&file.body).contains(&name))
            })
            .count()
    });
    assert!(
        mixed + locked > 0,
        "sixty at once never met in one millisecond"
    );
}

#[tokio::test]
async fn ledger_is_served_as_json() {
    let (sim, http) = with(&[]).await;
    register(&sim, &http, SideName::New, "alpha").await;
    let ledger = get(&http, sim.endpoints().ledger.clone()).await;
    assert_eq!(ledger["registrations"][0]["name"], "alpha");
    assert_eq!(ledger["writes"], json!({"new": 1}));
    let request = &ledger["requests"][0];
    assert_eq!(
        (&request["via"], &request["has_token"]),
        (&json!("core"), &json!(true))
    );
    let line = serde_json::to_value(sim.endpoints()).unwrap();
    for field in ["new", "old", "seed", "ledger"] {
        assert!(line.get(field).is_some(), "{line}");
    }
}

#[tokio::test]
async fn every_scenario_starts() {
    for name in scenarios() {
        let sim = serve(scenario(name).unwrap().world).await.unwrap();
        assert!(sim.endpoints().old.is_some(), "{name}");
        sim.stop().await;
    }
}
