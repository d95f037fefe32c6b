//! One package is never in flight twice: answers that come too early or never, and two hosts. The ledger of the simulator says what really ran.

#![cfg(feature = "sim")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::collections::BTreeMap;

use wecubectl::sim::{LedgerSnapshot, Package, Running, SideName, World, serve};

use crate::support::{TestEnv, run_beside as run};

/// What something between us and core can say to a registration while core works on; all of it is in the
/// table of `register_is_lost_unless_core_itself_answers`.
const EARLY: [&str; 7] = ["401", "503", "0", "200", "302", "429", "1503"];

/// A plugin with pages and one without, which nobody answers for 30 seconds if nobody answers at all.
fn plugins(status: &str) -> Vec<(String, bool)> {
    let without = (status != "0").then(|| (format!("no-{status}"), false));
    let with = (format!("ui-{status}"), true);
    [Some(with), without].into_iter().flatten().collect()
}

/// A canary and, for each early answer, a plugin with pages and one without.
fn world(new_version: &str, early: &[&str]) -> World {
    let mut world = World::default()
        .old_version("v3.2.6")
        .new_version(new_version)
        .service_time_ms(15.0)
        .package(Package::new("aaa", "v1.0.0").with_ui("").running());
    for status in early {
        for (name, ui) in plugins(status) {
            let package = Package::new(&name, "v1.0.0").running();
            let package = if ui { package.with_ui("") } else { package };
            world = world
                .package(package)
                .fault(&format!("early-answer={name},{status}"))
                .fault(&format!("old:early-answer={name},{status}"));
        }
    }
    world
        .fault("slow-register=300")
        .fault("old:slow-register=300")
}

/// `RESULT SENDS` of each plugin.
fn results(
    running: &Running,
    document: &serde_json::Value,
    side: SideName,
) -> BTreeMap<String, String> {
    let ledger = running.ledger();
    let sends = |name: &str| {
        let all = ledger.registrations.iter();
        all.filter(|entry| entry.side == side && entry.name == name)
            .count()
    };
    let packages = document["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let name = package["name"].as_str().unwrap();
            let result = package["result"].as_str().unwrap();
            (name.to_owned(), format!("{result} {}", sends(name)))
        })
        .collect()
}

/// Whether two registrations of one package ran at once at any time, on whatever side.
pub(crate) fn overlaps(ledger: &LedgerSnapshot) -> Vec<String> {
    let mut open: BTreeMap<&str, u64> = BTreeMap::new();
    let mut found = Vec::new();
    for entry in &ledger.registrations {
        let end = entry.ended_ms.unwrap_or(u64::MAX);
        let last = open.entry(&entry.name).or_default();
        if entry.started_ms < *last {
            found.push(format!("{} at {} ms", entry.name, entry.started_ms));
        }
        *last = end.max(*last);
    }
    found
}

async fn early_answers(version: &str, write_to: &str, early: &[&str]) -> BTreeMap<String, String> {
    let running = serve(world(version, early)).await.unwrap();
    let env = TestEnv::new();
    let config = env.config(running.endpoints()).display().to_string();
    let args = [
        "apply",
        "--config",
        &config,
        "--yes",
        "--all-running",
        "--write-to",
        write_to,
        "--unknown-after",
        "4s",
        "-o",
        "json",
    ];
    let output = run(&env, &args).await;
    assert_eq!(overlaps(&running.ledger()), [""; 0], "{output:#?}");
    let side = if write_to == "old" {
        SideName::Old
    } else {
        SideName::New
    };
    results(&running, &output.json(), side)
}

#[tokio::test(flavor = "multi_thread")]
async fn early_answer_is_never_sent_again_and_proven_by_state() {
    for (version, write_to, without_ui) in [
        ("v4.0.0", "new", "unknown 1"),
        ("v4.2.0", "new", "unknown 1"),
        ("v4.2.1", "new", "done 1"),
        ("v4.5.6", "new", "done 1"),
        ("v4.0.0", "old", "done 1"),
    ] {
        let early = if version == "v4.0.0" && write_to == "new" {
            &EARLY[..]
        } else {
            &EARLY[..2]
        };
        let found = early_answers(version, write_to, early).await;
        for status in early {
            for (name, ui) in plugins(status) {
                let expected = if ui { "done 1" } else { without_ui };
                let result = found.get(&name).map(String::as_str);
                assert_eq!(result, Some(expected), "{version} {write_to} {name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn second_host_does_not_write_while_the_first_does() {
    let world = World::plugins(6).fault("slow-register=1500");
    let running = serve(world).await.unwrap();
    let (one, other) = (TestEnv::new(), TestEnv::new());
    let configs = [&one, &other].map(|env| env.config(running.endpoints()).display().to_string());
    let args = |config| ["apply", "--config", config, "--yes", "-o", "json"];
    let (first, second) = (args(configs[0].as_str()), args(configs[1].as_str()));
    let (a, b) = tokio::join!(run(&one, &first), run(&other, &second));
    let ledger = running.ledger();
    assert_eq!(overlaps(&ledger), [""; 0]);
    let mut codes = [a.code, b.code];
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(30)], "{a:#?}\n{b:#?}");
    assert_eq!(ledger.registrations.len(), 6);
    let refused = if a.code == Some(30) { &a } else { &b };
    assert!(
        refused.stderr.contains("another run writes"),
        "{refused:#?}"
    );
    assert_eq!(marks(&running), 0);
}

/// Marks of runs that are on the platform.
pub(crate) fn marks(running: &Running) -> usize {
    running.with_world(|world| {
        let rows = &world.database(SideName::New).variables;
        rows.iter()
            .filter(|row| row.name == "WECUBECTL_RUN")
            .count()
    })
}
