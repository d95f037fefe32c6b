//! What portals answer for static files, and what is registered because of it.

use std::collections::BTreeMap;

use wecubectl::sim::{RequestEntry, SideName, Via, World};

use crate::support::{Output, Site};

/// A quick host.
async fn serve_quickly(world: World) -> Site {
    Site::of(world.service_time_ms(5.0)).await
}

impl Site {
    /// Runs it, and hands back what the new portals were asked meanwhile.
    async fn asked(&self, args: &[&str]) -> (Output, Vec<RequestEntry>) {
        let before = self.running.ledger().requests.len();
        let output = self.run(args).await;
        let mut requests = self.running.ledger().requests.split_off(before);
        requests.retain(|it| it.side == SideName::New && it.via == Via::Portal);
        requests.retain(|it| it.path.starts_with("/ui-resources/"));
        (output, requests)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn status_that_no_registration_cures_registers_nothing() {
    for status in ["301", "401", "403", "407", "429", "500", "503"] {
        let world = World::plugins(2).fault(&format!("portal-status={status}"));
        let site = serve_quickly(world).await;
        // The files are there; only the portal's answers are not.
        site.running.with_world(|world| {
            let old = world.side(SideName::Old).disks[0].clone();
            world.side_mut(SideName::New).disks[0] = old;
        });
        let plan = site.run(&["plan", "-o", "json"]).await;
        assert_eq!(plan.code, Some(0), "{status}: {plan:#?}");
        assert_eq!(
            plan.json()["plan"]["steps"].as_array().unwrap().len(),
            0,
            "{status}"
        );
        let blocked = &plan.json()["plan"]["blocked"][0]["reason"];
        assert_eq!(blocked["code"], "pages_unknown", "{status}: {plan:#?}");
        assert!(
            blocked["message"].as_str().unwrap().contains(status),
            "{blocked}"
        );
        let apply = site.run(&["apply", "--yes"]).await;
        assert_eq!(apply.code, Some(11), "{status}: {apply:#?}");
        assert!(!apply.stdout.contains("Done"), "{}", apply.stdout);
        assert!(site.running.ledger().registrations.is_empty(), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn register_unverified_registers_the_named_plugin() {
    let site = serve_quickly(World::plugins(2)).await;
    assert_eq!(site.run(&["apply", "--yes"]).await.code, Some(0));
    site.running
        .with_world(|world| world.add_fault("portal-status=500").unwrap());
    let before = site.running.ledger().registrations.len();
    let apply = site
        .run(&["apply", "--yes", "--register-unverified", "bulk001"])
        .await;
    assert_eq!(apply.code, Some(11), "{apply:#?}");
    let registered = site.running.ledger().registrations.split_off(before);
    let names = registered.iter().map(|it| it.name.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["bulk001"]);
}

/// HEAD says 200 for everything; only what a GET brings counts.
#[tokio::test(flavor = "multi_thread")]
async fn head_is_no_proof() {
    for fault in ["head-only=bulk001", "any-file"] {
        let site = serve_quickly(World::plugins(2)).await;
        assert_eq!(site.run(&["apply", "--yes"]).await.code, Some(0));
        site.running
            .with_world(|world| world.add_fault(fault).unwrap());
        for command in [["compare"].as_slice(), &["check"], &["apply", "--yes"]] {
            let output = site.run(command).await;
            assert_ne!(output.code, Some(0), "{fault} {command:?}: {output:#?}");
            assert!(
                !output.stdout.contains("Done"),
                "{fault}: {}",
                output.stdout
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn proof_costs_one_get_for_each_plugin_and_one_for_each_portal() {
    let site = serve_quickly(World::plugins(3)).await;
    assert_eq!(site.run(&["apply", "--yes"]).await.code, Some(0));
    for command in ["plan", "compare"] {
        let (output, requests) = site.asked(&[command]).await;
        assert_eq!(output.code, Some(0), "{output:#?}");
        let (invented, listed): (Vec<_>, Vec<_>) = requests
            .into_iter()
            .partition(|it| it.path.contains("/wecubectl-"));
        let invented: Vec<_> = invented
            .iter()
            .map(|it| (it.method.as_str(), it.status))
            .collect();
        assert_eq!(invented, [("GET", Some(404))], "{command}");
        let mut gets = BTreeMap::new();
        for request in &listed {
            let plugin = request.path.split('/').nth(2).unwrap();
            *gets.entry(plugin).or_insert(0) += usize::from(request.method == "GET");
        }
        assert_eq!(gets.len(), 3, "{gets:?}");
        // A comparison reads the bytes of every file.
        let expected = if command == "compare" { 3 } else { 1 };
        assert!(
            gets.values().all(|count| *count == expected),
            "{command}: {gets:?}"
        );
    }
}

/// The new core writes to a folder that no portal serves.
#[tokio::test(flavor = "multi_thread")]
async fn other_static_path_is_named_and_no_registration_is_offered() {
    let mut world = World::plugins(3);
    world.new.static_path = "/data/static".to_owned();
    let site = serve_quickly(world).await;
    let first = site.run(&["apply", "--yes"]).await;
    assert_ne!(first.code, Some(0), "{first:#?}");
    assert!(
        first.stdout.contains("static_resource_server_path"),
        "{first:#?}"
    );
    assert!(
        !first.stdout.contains("plugin register"),
        "{}",
        first.stdout
    );
    assert_eq!(
        site.running.ledger().registrations.len(),
        1,
        "stopped after the first"
    );
    // Now a row tells it before anything is written.
    let before = site.running.ledger().writes_to(SideName::New);
    let second = site.run(&["apply", "--yes"]).await;
    assert_ne!(second.code, Some(0), "{second:#?}");
    assert!(
        second.stdout.contains("static_resource_server_path"),
        "{second:#?}"
    );
    assert_eq!(site.running.ledger().writes_to(SideName::New), before);
}
