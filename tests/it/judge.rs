//! What a run decides: exit codes, and what the ledger says was really written.

use std::os::unix::net::UnixDatagram;

use serde_json::Value;
use wecubectl::sim::{LedgerSnapshot, Package, SideName, Variable, World, scenario};

use crate::support::{Output, Site};

const NAME: &str = "GATEWAY_URL_NEW";

async fn site_of(world: World) -> Site {
    Site::of(world.service_time_ms(15.0)).await
}

impl Site {
    pub(crate) async fn run_json(&self, words: &[&str]) -> Output {
        self.run(&[words, &["-o", "json"]].concat()).await
    }

    fn ledger(&self) -> LedgerSnapshot {
        self.running.ledger()
    }

    fn variable_writes(&self) -> usize {
        let writes = ["/create", "/update", "/delete"];
        let requests = self.ledger().requests;
        let is_write = |path: &str| {
            path.contains("system-variables") && writes.iter().any(|end| path.ends_with(end))
        };
        requests.iter().filter(|it| is_write(&it.path)).count()
    }

    /// Rows of that variable on the new side.
    fn rows(&self, name: &str) -> usize {
        self.running.with_world(|world| {
            let rows = &world.database(SideName::New).variables;
            rows.iter().filter(|row| row.name == name).count()
        })
    }

    fn registered(&self) -> Vec<String> {
        self.ledger().registered(SideName::New)
    }
}

fn result<'a>(document: &'a Value, name: &str) -> &'a Value {
    let packages = document["packages"].as_array().unwrap();
    packages.iter().find(|it| it["name"] == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_without_old_side_is_blocked_until_it_is_said_how() {
    let site = site_of(World::demo().without_old()).await;
    let blocked = site.run_json(&["apply", "--yes"]).await;
    assert_eq!(blocked.code, Some(13), "{blocked:#?}");
    let document = blocked.json();
    assert_eq!(document["variable"]["action"], "blocked");
    let finding = &document["findings"][0];
    assert_eq!(finding["code"], "variable_blocked");
    let hint = finding["hint"].as_str().unwrap();
    assert!(hint.contains("--coexisting") && hint.contains("--in-place"));
    assert!(site.registered().len() > 5, "plugins do not wait for it");
    assert_eq!(site.rows(NAME), 0);
    let planned = site.run_json(&["plan", "--detailed-exitcode"]).await;
    assert_eq!(planned.code, Some(13), "{planned:#?}");
    let replaced = site.run_json(&["apply", "--yes", "--in-place"]).await;
    assert_eq!(replaced.code, Some(0), "{replaced:#?}");
    assert_eq!(site.rows(NAME), 0);
    let beside = site.run_json(&["apply", "--yes", "--coexisting"]).await;
    assert_eq!(beside.code, Some(0), "{beside:#?}");
    assert_eq!(beside.json()["variable"]["action"], "created");
    assert_eq!(site.rows(NAME), 1);
    let again = site.run_json(&["apply", "--yes"]).await;
    assert_eq!(again.json()["outcome"], "nothing_to_do", "{again:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_rows_without_old_side_are_refused_with_their_values() {
    let row = |value| Variable::global(NAME, value);
    let world = World::demo().without_old();
    let world = world
        .variable(row("http://a:1"))
        .variable(row("http://b:2"));
    let site = site_of(world).await;
    let refused = site.run_json(&["apply", "--yes", "--in-place"]).await;
    assert_eq!(refused.code, Some(14), "{refused:#?}");
    let message = refused.json()["findings"][0]["message"].to_string();
    let values = message.contains("http://a:1") && message.contains("http://b:2");
    assert!(values, "{message}");
    let wrote = site.ledger().writes_to(SideName::New);
    assert_eq!(wrote, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn variable_set_takes_only_gateway_addresses_unless_forced() {
    let site = site_of(World::demo()).await;
    let new = &site.running.endpoints().new;
    for (name, value) in [
        ("", "x"),
        (NAME, ""),
        (NAME, "gateway:8005"),
        (NAME, "ftp://gateway:8005"),
        (NAME, "http://127.0.0.1:1"),
        (NAME, &new.core),
        ("GATEWAY_URL", &new.core),
    ] {
        let refused = site
            .run_json(&["variable", "set", name, value, "--yes"])
            .await;
        assert_eq!(refused.code, Some(2), "{name}={value}: {refused:#?}");
    }
    assert_eq!(site.variable_writes(), 0);
    let set = site
        .run(&["variable", "set", NAME, &new.gateway, "--yes"])
        .await;
    assert_eq!(set.code, Some(0), "{set:#?}");
    let words = [
        "variable",
        "set",
        NAME,
        "http://lb:8005",
        "--force",
        "--yes",
    ];
    let forced = site.run_json(&words).await;
    assert_eq!(forced.code, Some(0), "{forced:#?}");
    assert_eq!(site.variable_writes(), 2);
}

/// itsdangerous v0.2.1 runs; a newer one was uploaded, which `terminal` needs on v4.
fn with_newer_itsdangerous(status: &str) -> World {
    let world = scenario("blocked-dependency").unwrap().world;
    let newer = Package::new("itsdangerous", "v0.2.5").with_ui("plugin");
    world.package(newer.status(status))
}

#[tokio::test(flavor = "multi_thread")]
async fn dependency_registered_but_not_launched_blocks_nobody_else() {
    let mut world = with_newer_itsdangerous("REGISTERED");
    let older = world.package_mut("itsdangerous", "v0.2.1").unwrap();
    older.status = "UNREGISTERED".to_owned();
    let site = site_of(world).await;
    let applied = site.run_json(&["apply", "--yes"]).await;
    let document = applied.json();
    assert_eq!(result(&document, "terminal")["result"], "done");
    assert_eq!(result(&document, "itsdangerous")["result"], "blocked");
    assert_eq!(applied.code, Some(13), "{applied:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_of_how_to_resolve_exit_0() {
    let site = site_of(with_newer_itsdangerous("UNREGISTERED")).await;
    let planned = site.run_json(&["plan"]).await.json();
    let remedies = planned["plan"]["remedies"].to_string();
    for side in ["new", "old"] {
        let words = [
            "plugin",
            "register",
            "--side",
            side,
            "itsdangerous",
            "v0.2.5",
        ];
        assert!(remedies.contains(&words.join(" ")), "{remedies}");
        let done = site.run_json(&[&words[..], &["--yes"]].concat()).await;
        assert_eq!(done.code, Some(0), "{side}: {done:#?}");
    }
    let applied = site.run_json(&["apply", "--yes"]).await;
    assert_eq!(result(&applied.json(), "terminal")["result"], "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn version_registered_by_hand_is_not_taken_back() {
    let version = |version: &str| Package::new("labplug", version).with_ui("plugin");
    let world = World::demo().new_version("v4.5.6");
    let world = world.package(version("v1.0.0").running());
    // The old portal goes on showing v1.0.0, the newest upload.
    let other = version("v1.1.0").uploaded("2024-03-01 08:00:00");
    let site = site_of(world.package(other.status("UNREGISTERED"))).await;
    let words = ["plugin", "register", "labplug", "v1.1.0", "--yes"];
    let by_hand = site.run_json(&words).await;
    assert_eq!(by_hand.code, Some(0), "{by_hand:#?}");
    let applied = site.run_json(&["apply", "--yes"]).await;
    assert_eq!(applied.code, Some(13), "{applied:#?}");
    let document = applied.json();
    let reason = &result(&document, "labplug")["reason"]["code"];
    assert_eq!(reason, "other_version_active");
    let of_labplug = |registered: &[String]| -> Vec<String> {
        let of = registered.iter().filter(|it| it.starts_with("labplug"));
        of.cloned().collect()
    };
    assert_eq!(of_labplug(&site.registered()), ["labplug v1.1.0"]);
    let words = ["apply", "--yes", "--pick-version", "labplug=v1.0.0"];
    let picked = site.run_json(&words).await;
    assert_eq!(result(&picked.json(), "labplug")["result"], "done");
    let both = ["labplug v1.1.0", "labplug v1.0.0"];
    assert_eq!(of_labplug(&site.registered()), both);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_names_instances_of_v3_whose_gateway_is_gone() {
    let site = site_of(World::demo().without_old()).await;
    let codes = |output: &Output| -> Vec<String> {
        let document = output.json();
        let findings = document["findings"].as_array().unwrap().iter();
        let mut all: Vec<_> = findings
            .map(|it| it["code"].as_str().unwrap().to_owned())
            .collect();
        all.dedup();
        all
    };
    let words = ["check", "--code", "W05"];
    let gone = site.run_json(&words).await;
    assert_eq!(codes(&gone), ["W0501"], "{gone:#?}");
    let gateway = &site.running.endpoints().new.gateway;
    let set = ["variable", "set", "GATEWAY_URL", gateway, "--yes"];
    assert_eq!(site.run_json(&set).await.code, Some(0));
    let answers = site.run_json(&words).await;
    assert_eq!(codes(&answers), ["W0508"], "{answers:#?}");
    // What a container was given counts more than what one would be given now.
    site.running.with_world(|state| {
        let packages = state.databases[0].packages.iter_mut();
        let mut instances = packages.flat_map(|row| row.package.instances.iter_mut());
        instances.next().unwrap().gateway = "http://127.0.0.1:1".to_owned();
    });
    let one_is_gone = site.run_json(&words).await;
    assert_eq!(codes(&one_is_gone), ["W0501", "W0508"], "{one_is_gone:#?}");
    assert_eq!(one_is_gone.json()["findings"][0]["severity"], "error");
    site.running.with_world(|state| {
        let packages = state.databases[0].packages.iter_mut();
        let mut instances = packages.flat_map(|row| row.package.instances.iter_mut());
        instances.next().unwrap().gateway.clone_from(gateway);
    });
    let text = fs_err::read_to_string(&site.config).unwrap();
    site.env
        .file("wecubectl.toml", &(text + "[apply]\nin_place = true\n"));
    let replaced = site.run_json(&words).await;
    assert_eq!(replaced.code, Some(0), "{replaced:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_waits_for_routes_before_it_compares() {
    let site = site_of(World::demo().fault("route-late=3000")).await;
    let applied = site.run_json(&["apply", "--yes"]).await;
    assert_eq!(applied.code, Some(0), "{applied:#?}");
    assert_eq!(applied.json()["comparison"]["differences"], 0);
    let site = site_of(World::demo().fault("route-missing=terraform")).await;
    let applied = site.run_json(&["apply", "--yes", "--settle", "1ms"]).await;
    assert_eq!(applied.code, Some(10), "{applied:#?}");
    assert!(applied.stderr.contains("terraform"), "{}", applied.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn lack_of_permission_names_authority_and_flag() {
    let site = site_of(World::demo().new_version("v4.5.6")).await;
    let all = |side, authority| {
        let words = ["variable", "list", "--side", side, "--authority", authority];
        words.map(str::to_owned)
    };
    for (words, authority) in [
        (all("old", "SUPER_ADMIN"), "ADMIN_SYSTEM_PARAMS"),
        (all("new", "SUPER_ADMIN"), "ADMIN_SYSTEM_PARAMS"),
    ] {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let denied = site.run_json(&words).await;
        assert_eq!(denied.code, Some(20), "{denied:#?}");
        let hint = format!("--authority {authority}");
        assert!(denied.stderr.contains(&hint), "{}", denied.stderr);
        assert!(!denied.stderr.contains("seed"), "{}", denied.stderr);
    }
    let words = ["variable", "set", "X", "1", "--side", "old", "--yes"];
    let reads = [&words[..], &["--authority", "ADMIN_SYSTEM_PARAMS"]].concat();
    let denied = site.run_json(&reads).await;
    assert_eq!(denied.code, Some(20), "{denied:#?}");
    assert!(
        denied.stderr.contains("--authority SUPER_ADMIN"),
        "{}",
        denied.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn document_lists_every_file_of_every_portal() {
    let world = World::demo().portals(2, 1).fault("html-script=terraform");
    let site = site_of(world).await;
    let document = site.run_json(&["compare"]).await.json();
    let plugins = document["comparison"]["plugins"].as_array().unwrap();
    let sides = plugins.iter().flat_map(|it| [&it["old"], &it["new"]]);
    let mut seen = 0;
    for portal in sides.flat_map(|side| side["portals"].as_array().unwrap()) {
        let files = portal["files"].as_array().unwrap();
        let count = |key: &str| usize::try_from(portal[key].as_u64().unwrap()).unwrap();
        assert_eq!(files.len(), count("listed") - count("served"), "{portal}");
        for file in files {
            assert_eq!(file["portal"], portal["portal"]);
            assert!(file["path"].as_str().unwrap().starts_with("/ui-resources/"));
        }
        seen += files.len();
    }
    assert!(seen > 50, "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn output_that_cannot_be_written_is_no_success_anywhere() {
    let site = site_of(World::demo()).await;
    let report = site.env.path().join("report.html").display().to_string();
    let words = [
        "apply",
        "--yes",
        "--config",
        &site.config,
        "--report",
        &report,
    ];
    let mut command = tokio::process::Command::from(site.env.command(&words));
    let (ours, theirs) = UnixDatagram::pair().unwrap();
    drop(theirs);
    command.stdout(std::os::fd::OwnedFd::from(ours));
    let child = command.spawn().unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:#?}");
    let page = fs_err::read_to_string(&report).unwrap();
    assert!(page.contains("Failed.") && !page.contains("Done and verified"));
}
