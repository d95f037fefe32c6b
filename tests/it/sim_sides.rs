//! Two simulated sides: what a registration on one changes on the other
//! (`docs/platform/two-instances.md#what-a-registration-changes-on-the-other-side`).

#![cfg(feature = "sim")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use serde_json::{Value, json};
use wecubectl::sim::{Package, Running, SideName, World, serve};

use crate::sim_client::{client, get, post, send, status};

/// A small shared-database world of v3.2.6 and a new version, with fast registers.
fn pair(new: &str) -> World {
    World::default()
        .new_version(new)
        .old_version("v3.2.6")
        .service_time_ms(15.0)
        .package(
            Package::new("labplug", "v1.0.0")
                .with_ui("plugin")
                .uploaded("2026-03-01 09:00:00")
                .running(),
        )
        .package(
            Package::new("artifacts", "v1.1.10")
                .with_ui("")
                .uploaded("2026-03-01 09:00:01")
                .running(),
        )
        .package(Package::new("saltstack", "v1.10.14").running())
}

fn new_core(sim: &Running, path: &str) -> String {
    format!("{}/platform/v1/{path}", sim.endpoints().new.core)
}

fn old_core(sim: &Running, path: &str) -> String {
    let old = sim.endpoints().old.as_ref().unwrap();
    format!("{}/platform/v1/{path}", old.core)
}

fn id_of(sim: &Running, name: &str, version: &str) -> String {
    sim.with_world(|world| {
        let row = world.database(SideName::New).find(name, version).unwrap();
        row.package.id.clone()
    })
}

/// Paths of the scripts and styles that a side lists.
fn scripts(files: &Value) -> Vec<String> {
    files["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["relatedPath"].as_str().unwrap().to_owned())
        .filter(|path| path.contains(".js") || path.contains(".css"))
        .collect()
}

async fn served(client: &reqwest::Client, portal: &str, paths: &[String]) -> usize {
    let mut found = 0;
    for path in paths {
        if status(client, format!("{portal}{path}")).await == 200 {
            found += 1;
        }
    }
    found
}

#[tokio::test]
async fn lists_equal_while_new_portal_is_empty() {
    let sim = serve(pair("v4.0.0")).await.unwrap();
    let http = client();
    let old = get(&http, old_core(&sim, "resource-files")).await;
    let new = get(&http, new_core(&sim, "resource-files")).await;
    let paths = scripts(&old);
    assert_eq!(paths, scripts(&new));
    let endpoints = sim.endpoints().clone();
    let old_portal = &endpoints.old.as_ref().unwrap().portal[0];
    assert_eq!(served(&http, old_portal, &paths).await, paths.len());
    assert_eq!(served(&http, &endpoints.new.portal[0], &paths).await, 0);
}

#[tokio::test]
async fn register_on_new_copies_files_and_changes_shared_rows() {
    let sim = serve(pair("v4.0.0")).await.unwrap();
    let http = client();
    let id = id_of(&sim, "artifacts", "v1.1.10");
    let before = get(&http, old_core(&sim, "resource-files")).await;
    let answer = post(
        &http,
        new_core(&sim, &format!("packages/register/{id}")),
        None,
    )
    .await;
    assert_eq!(
        answer,
        json!({"code": 0, "status": "OK", "message": "", "data": null})
    );
    let after = get(&http, old_core(&sim, "resource-files")).await;
    let row = |files: &Value| {
        files["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| {
                row["relatedPath"]
                    .as_str()
                    .unwrap()
                    .ends_with("artifacts/v1.1.10/index.html")
            })
            .cloned()
            .unwrap()
    };
    assert_ne!(row(&before)["id"], row(&after)["id"]);
    let text = after.to_string();
    assert!(text.contains("/ui-resources/artifacts/v1.1.10/ui.zip"));
    let portal = &sim.endpoints().new.portal[0];
    let path = "/ui-resources/artifacts/v1.1.10/js/chunk-0.artifacts.js";
    assert_eq!(status(&http, format!("{portal}{path}")).await, 200);
    assert_eq!(
        sim.ledger().registered(SideName::New),
        ["artifacts v1.1.10"]
    );
    assert_eq!(sim.ledger().writes_to(SideName::Old), 0);
}

#[tokio::test]
async fn other_version_on_new_removes_page_of_old() {
    let world = pair("v4.0.0").package(
        Package::new("labplug", "v1.1.0")
            .with_ui("plugin")
            .status("UNREGISTERED")
            .uploaded("2026-03-01 10:00:00"),
    );
    let sim = serve(world).await.unwrap();
    let http = client();
    let id = id_of(&sim, "labplug", "v1.1.0");
    post(
        &http,
        new_core(&sim, &format!("packages/register/{id}")),
        None,
    )
    .await;
    let packages = get(&http, old_core(&sim, "packages")).await;
    let statuses: Vec<&str> = packages["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["name"] == "labplug")
        .map(|row| row["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["UNREGISTERED", "REGISTERED"]);
    let files = get(&http, old_core(&sim, "resource-files")).await;
    let labplug: Vec<String> = scripts(&files)
        .into_iter()
        .filter(|path| path.contains("/labplug/"))
        .collect();
    assert!(labplug.iter().all(|path| path.contains("/v1.1.0/")));
    let old_portal = &sim.endpoints().old.as_ref().unwrap().portal[0];
    assert_eq!(served(&http, old_portal, &labplug).await, 0);
}

#[tokio::test]
async fn v4_5_lists_no_page_until_it_is_registered() {
    let sim = serve(pair("v4.5.6")).await.unwrap();
    let http = client();
    let files = get(&http, new_core(&sim, "resource-files")).await;
    assert_eq!(files["data"], json!([]));
    let id = id_of(&sim, "labplug", "v1.0.0");
    let answer = post(
        &http,
        new_core(&sim, &format!("packages/register/{id}")),
        None,
    )
    .await;
    assert_eq!(answer["data"], json!({"id": id}));
    let files = get(&http, new_core(&sim, "resource-files")).await;
    assert_eq!(files["data"].as_array().unwrap().len(), 8);
    let packages = get(&http, new_core(&sim, "packages")).await;
    let row = packages["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["name"] == "labplug")
        .unwrap();
    assert_eq!(row["uiActive"], true);
    assert_eq!(row["updatedBy"], "admin");
}

#[tokio::test]
async fn register_on_old_moves_upload_time_keeps_ids() {
    let sim = serve(pair("v4.0.0")).await.unwrap();
    let http = client();
    let id = id_of(&sim, "labplug", "v1.0.0");
    let before = get(&http, old_core(&sim, "resource-files")).await;
    let answer = post(
        &http,
        old_core(&sim, &format!("packages/register/{id}")),
        None,
    )
    .await;
    assert_eq!(answer["data"]["status"], "REGISTERED");
    assert_ne!(answer["data"]["uploadTimestamp"], "2026-03-01 09:00:00");
    let after = get(&http, old_core(&sim, "resource-files")).await;
    assert_eq!(before, after);
}

#[tokio::test]
async fn register_goes_on_after_caller_disconnects() {
    let sim = serve(pair("v4.0.0").service_time_ms(60.0)).await.unwrap();
    let http = client();
    let id = id_of(&sim, "labplug", "v1.0.0");
    let url = new_core(&sim, &format!("packages/register/{id}"));
    let short = std::time::Duration::from_millis(20);
    let gone = tokio::time::timeout(short, send(&http, reqwest::Method::POST, url, None)).await;
    assert!(gone.is_err());
    let path = "/ui-resources/labplug/v1.0.0/plugin/js/chunk-0.labplug.js";
    let portal = sim.endpoints().new.portal[0].clone();
    for _ in 0..100 {
        if status(&http, format!("{portal}{path}")).await == 200 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the files never came");
}

#[tokio::test]
async fn variables_on_shared_and_separate_databases() {
    for (world, expected) in [
        (pair("v4.0.0"), 1),
        (pair("v4.0.0").separate_databases(), 0),
    ] {
        let sim = serve(world).await.unwrap();
        let http = client();
        let row = json!([{"packageName": "", "name": "GATEWAY_URL_NEW", "value": "http://h:8005",
            "defaultValue": "", "scope": "global", "source": "system", "status": "active"}]);
        post(&http, new_core(&sim, "system-variables/create"), Some(&row)).await;
        let query = json!({"filters": [{"name": "name", "operator": "eq",
            "value": "GATEWAY_URL_NEW"}], "paging": false});
        let found = post(
            &http,
            old_core(&sim, "system-variables/retrieve"),
            Some(&query),
        )
        .await;
        assert_eq!(found["data"]["pageInfo"]["totalRows"], expected);
    }
}
