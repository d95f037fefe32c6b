//! The measured oddities of each version that no single recording shows (`docs/platform/README.md`).

#![cfg(feature = "sim")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use reqwest::Client;
use serde_json::{Value, json};
use wecubectl::sim::{Package, Running, SideName, Variable, World, serve};

use crate::sim_client::{client, get, post, status};

/// One side alone.
fn alone(version: &str) -> World {
    World::default().new_version(version).service_time_ms(10.0)
}

fn url(sim: &Running, path: &str) -> String {
    format!("{}/platform/v1/{path}", sim.endpoints().new.core)
}

fn id_of(sim: &Running, name: &str, version: &str) -> String {
    sim.with_world(|world| {
        let row = world.database(SideName::New).find(name, version).unwrap();
        row.package.id.clone()
    })
}

async fn register(sim: &Running, http: &Client, name: &str, version: &str) -> Value {
    let id = id_of(sim, name, version);
    post(http, url(sim, &format!("packages/register/{id}")), None).await
}

fn status_of(sim: &Running, name: &str, version: &str) -> String {
    sim.with_world(|world| {
        let row = world.database(SideName::New).find(name, version).unwrap();
        row.package.status.clone()
    })
}

fn pair(dependency: &str) -> [Package; 2] {
    [
        Package::new("itsdangerous", dependency).with_ui(""),
        Package::new("terminal", "v1.0.1")
            .with_ui("")
            .needs("platform", "v2.9.0")
            .needs("itsdangerous", "v0.2.1"),
    ]
}

#[tokio::test]
async fn an_equal_dependency_passes_on_v3_alone() {
    let cases = [
        ("v3.2.6", "v0.2.1", true),
        ("v3.2.6", "v0.2.0", false),
        ("v4.0.0", "v0.2.1", false),
        ("v4.0.0", "v0.2.5", true),
        ("v4.5.6", "v0.2.1", false),
        ("v4.5.6", "v0.2.1.3", true),
    ];
    let http = client();
    for (platform, dependency, passes) in cases {
        let [needed, needing] = pair(dependency);
        let world = alone(platform).package(needed).package(needing);
        let sim = serve(world).await.unwrap();
        let answer = register(&sim, &http, "terminal", "v1.0.1").await;
        assert_eq!(
            answer["status"] == "OK",
            passes,
            "{platform}, {dependency}: {answer}"
        );
    }
}

#[tokio::test]
async fn register_refused_by_too_old_platform() {
    let http = client();
    let world =
        |version| alone(version).package(Package::new("a", "v1.0.0").needs("platform", "v9.0.0"));
    let sim = serve(world("v4.0.0")).await.unwrap();
    let answer = register(&sim, &http, "a", "v1.0.0").await;
    assert_eq!(
        answer["message"],
        "platform version required v9.0.0 > v4.0.0"
    );
    let sim = serve(world("v3.2.6")).await.unwrap();
    let answer = register(&sim, &http, "a", "v1.0.0").await;
    assert_eq!(
        answer["message"],
        "Failed to register plugin package.Platform version does not match.At least v9.0.0 required but currently the version is 3.2.6."
    );
}

#[tokio::test]
async fn register_effect_on_other_versions_by_platform() {
    let http = client();
    let cases = [
        ("v3.2.6", "REGISTERED"),
        ("v4.0.0", "UNREGISTERED"),
        ("v4.5.6", "REGISTERED"),
    ];
    for (platform, other) in cases {
        let mut newer = Package::new("wecmdb", "v2.0.0").with_ui("plugin").running();
        newer.ui_active = true;
        let world = alone(platform)
            .package(
                Package::new("wecmdb", "v1.9.0")
                    .with_ui("plugin")
                    .status("UNREGISTERED"),
            )
            .package(newer);
        let sim = serve(world).await.unwrap();
        register(&sim, &http, "wecmdb", "v1.9.0").await;
        assert_eq!(status_of(&sim, "wecmdb", "v1.9.0"), "REGISTERED");
        assert_eq!(status_of(&sim, "wecmdb", "v2.0.0"), other, "{platform}");
        if platform == "v4.5.6" {
            let active = sim.with_world(|world| {
                ["v1.9.0", "v2.0.0"].map(|version| {
                    world
                        .database(SideName::New)
                        .find("wecmdb", version)
                        .unwrap()
                        .package
                        .ui_active
                })
            });
            assert_eq!(active, [true, false]);
        }
    }
}

#[tokio::test]
async fn v4_revives_what_was_decommissioned_and_v3_refuses_a_fourth_version() {
    let http = client();
    let world = alone("v4.0.0").package(Package::new("a", "v1.0.0").status("DECOMMISSIONED"));
    let sim = serve(world).await.unwrap();
    register(&sim, &http, "a", "v1.0.0").await;
    assert_eq!(status_of(&sim, "a", "v1.0.0"), "REGISTERED");
    let mut world = alone("v3.2.6").package(Package::new("a", "v4.0.0").status("UNREGISTERED"));
    for version in ["v1.0.0", "v2.0.0", "v3.0.0"] {
        world = world.package(Package::new("a", version));
    }
    let sim = serve(world).await.unwrap();
    assert_eq!(
        register(&sim, &http, "a", "v4.0.0").await["status"],
        "ERROR"
    );
}

#[tokio::test]
async fn a_register_switches_variables_by_package_name_on_v4_and_by_source_on_v3() {
    let http = client();
    for (platform, expected) in [
        ("v4.0.0", ["inactive", "active"]),
        ("v3.2.6", ["active", "active"]),
    ] {
        let mut named = Variable::global("GATEWAY_URL_NEW", "http://h:8005");
        named.package_name = Some("a".to_owned());
        let mut own = Variable::global("A_URL", "x");
        own.package_name = Some("a".to_owned());
        own.source = "a__v1.0.0".to_owned();
        own.status = "inactive".to_owned();
        let world = alone(platform)
            .package(Package::new("a", "v1.0.0"))
            .variable(named)
            .variable(own);
        let sim = serve(world).await.unwrap();
        register(&sim, &http, "a", "v1.0.0").await;
        let statuses = sim.with_world(|world| {
            ["GATEWAY_URL_NEW", "A_URL"].map(|name| {
                world.database(SideName::New).variables_named(name)[0]
                    .status
                    .clone()
            })
        });
        assert_eq!(statuses, expected, "{platform}");
    }
}

#[tokio::test]
async fn variable_update_without_fields_by_platform() {
    let http = client();
    for (platform, scope, left) in [("v4.0.0", "", ""), ("v3.2.6", "global", "active")] {
        let mut variable = Variable::global("LAB_VAR", "1");
        variable.id = "row1".to_owned();
        variable.status = "inactive".to_owned();
        let sim = serve(alone(platform).variable(variable)).await.unwrap();
        let body = json!([{"id": "row1", "name": "LAB_VAR", "value": "3"}]);
        post(&http, url(&sim, "system-variables/update"), Some(&body)).await;
        let row = sim.with_world(|world| {
            world.database(SideName::New).variables_named("LAB_VAR")[0].clone()
        });
        assert_eq!(
            (
                row.value.unwrap().as_str(),
                row.scope.as_str(),
                row.status.as_str()
            ),
            ("3", scope, left)
        );
    }
}

#[tokio::test]
async fn variable_created_twice_makes_two_rows() {
    let http = client();
    for (platform, form) in [("v4.0.0", "sys_var_"), ("v3.2.6", "vBK")] {
        let sim = serve(alone(platform)).await.unwrap();
        let body = json!([{"name": "X", "value": "1", "scope": "global", "source": "system"}]);
        for _ in 0..2 {
            post(&http, url(&sim, "system-variables/create"), Some(&body)).await;
        }
        let rows: Vec<Variable> = sim.with_world(|world| {
            world
                .database(SideName::New)
                .variables_named("X")
                .into_iter()
                .cloned()
                .collect()
        });
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row.id.starts_with(form)), "{rows:?}");
        // v3 fills in what v4 stores as it was sent.
        assert_eq!(
            rows[0].status,
            if platform == "v3.2.6" { "active" } else { "" }
        );
    }
}

#[tokio::test]
async fn upload_answer_by_platform() {
    let http = client();
    for platform in ["v3.2.6", "v4.0.0", "v4.5.6"] {
        let mut world = World::demo().without_old();
        platform.clone_into(&mut world.new.version);
        world
            .content
            .packages
            .retain(|package| package.name != "itsdangerous");
        let sim = serve(world).await.unwrap();
        let part =
            reqwest::multipart::Part::bytes(b"PK".to_vec()).file_name("itsdangerous-v0.2.5.zip");
        let form = reqwest::multipart::Form::new().part("zip-file", part);
        let answer = http
            .post(url(&sim, "packages"))
            .header("Authorization", crate::sim_client::valid())
            .multipart(form)
            .send()
            .await
            .unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["status"], "OK", "{platform}");
        let data = &answer["data"];
        match platform {
            "v3.2.6" => assert_eq!(data["name"], "itsdangerous"),
            "v4.0.0" => assert!(data.is_null()),
            _ => assert_eq!(data["id"], id_of(&sim, "itsdangerous", "v0.2.5")),
        }
        assert_eq!(status_of(&sim, "itsdangerous", "v0.2.5"), "UNREGISTERED");
    }
}

#[tokio::test]
async fn v4_2_lists_decommissioned_packages_apart() {
    let http = client();
    let world = |version| {
        alone(version)
            .package(Package::new("a", "v1.0.0"))
            .package(Package::new("b", "v1.0.0").status("DECOMMISSIONED"))
    };
    let names = |answer: &Value| -> Vec<String> {
        let rows = answer["data"].as_array().unwrap();
        rows.iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let cases = [
        ("v3.2.6", "packages", vec!["a", "b"]),
        ("v4.0.0", "packages", vec!["a"]),
        ("v4.0.0", "packages?all=yes", vec!["a", "b"]),
        ("v4.5.6", "packages?all=yes", vec!["a"]),
        ("v4.5.6", "packages?withDelete=yes", vec!["b"]),
    ];
    for (platform, path, expected) in cases {
        let sim = serve(world(platform)).await.unwrap();
        assert_eq!(
            names(&get(&http, url(&sim, path)).await),
            expected,
            "{platform} {path}"
        );
    }
}

#[tokio::test]
async fn a_v4_may_be_the_old_side() {
    let http = client();
    let world = alone("v4.5.6")
        .package(Package::new("a", "v1.0.0").with_ui("plugin").running())
        .old_version("v4.0.0");
    let sim = serve(world).await.unwrap();
    let old = sim.endpoints().old.clone().unwrap();
    let version = get(
        &http,
        format!("{}/platform/v1/appinfo/version", old.gateway),
    )
    .await;
    assert_eq!(version["data"], "v4.0.0");
    let path = "/ui-resources/a/v1.0.0/plugin/index.html";
    assert_eq!(status(&http, format!("{}{path}", old.portal[0])).await, 200);
    assert_eq!(
        status(&http, format!("{}{path}", sim.endpoints().new.portal[0])).await,
        404
    );
}

#[tokio::test]
async fn static_path_not_ui_resources_breaks_pages() {
    let http = client();
    let mut world =
        alone("v4.0.0").package(Package::new("a", "v1.0.0").with_ui("plugin").running());
    "/data/static".clone_into(&mut world.new.static_path);
    let sim = serve(world).await.unwrap();
    register(&sim, &http, "a", "v1.0.0").await;
    let files = get(&http, url(&sim, "resource-files")).await;
    let path = files["data"][0]["relatedPath"].as_str().unwrap().to_owned();
    assert!(path.starts_with("/static/a/v1.0.0/"), "{path}");
    assert_eq!(
        status(&http, format!("{}{path}", sim.endpoints().new.portal[0])).await,
        404
    );
}

/// The demo's default: every running plugin registered once in order, and both portals serve the
/// same bytes for every script that the old side lists of them.
#[tokio::test]
async fn demo_world_can_be_registered_completely() {
    let http = client();
    let sim = serve(World::demo()).await.unwrap();
    let rows: Vec<(String, String)> = sim.with_world(|world| {
        let rows = &world.database(SideName::New).packages;
        rows.iter()
            .filter(|row| row.is_running())
            .map(|row| (row.package.name.clone(), row.package.version.clone()))
            .collect()
    });
    assert_eq!(rows.len(), 14);
    for (name, version) in &rows {
        let answer = register(&sim, &http, name, version).await;
        assert_eq!(answer["status"], "OK", "{name}: {answer}");
    }
    let (old, new) = (
        sim.endpoints().old.clone().unwrap(),
        sim.endpoints().new.clone(),
    );
    let files = get(&http, format!("{}/platform/v1/resource-files", old.core)).await;
    let mut scripts = 0;
    for row in files["data"].as_array().unwrap() {
        let path = row["relatedPath"].as_str().unwrap();
        if path.contains(".js") || path.contains(".css") {
            let read = async |portal: &str| {
                http.get(format!("{portal}{path}"))
                    .send()
                    .await
                    .unwrap()
                    .text()
                    .await
            };
            assert_eq!(
                read(&old.portal[0]).await.unwrap(),
                read(&new.portal[0]).await.unwrap()
            );
            scripts += 1;
        }
    }
    assert_eq!(scripts, 8 * 6);
}

#[tokio::test]
async fn world_files_of_fixtures_are_served() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/worlds");
    let mut read = 0;
    for file in fs_err::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap() == "plugins.json" {
            continue;
        }
        let world = World::from_json(&fs_err::read_to_string(&path).unwrap()).unwrap();
        serve(world).await.unwrap().stop().await;
        read += 1;
    }
    assert!(read > 0);
    assert!(World::from_json(r#"{"faults": ["nonsense"]}"#).is_err());
    let error = World::from_json(r#"{"new": {"portals": "two"}}"#).unwrap_err();
    assert!(format!("{error:?}").contains("new.portals"), "{error:?}");
}
