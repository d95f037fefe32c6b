//! The parts by hand that write: everything is settled before the question, nothing is half done, and a
//! lost answer is settled by reading.

use wecubectl::sim::{Running, SideName, Variable, World, apply_fault, serve};

use crate::support::{Output, TestEnv, run_beside};

const NAME: &str = "GATEWAY_URL_NEW";

async fn pair(fault: Option<&str>, rows: &[&str]) -> (Running, TestEnv, String) {
    let mut world = World::demo().service_time_ms(15.0);
    if let Some(fault) = fault {
        apply_fault(&mut world, fault).unwrap();
    }
    world
        .content
        .variables
        .extend(rows.iter().map(|value| Variable::global(NAME, value)));
    let running = serve(world).await.unwrap();
    let env = TestEnv::new();
    let config = env.config(running.endpoints()).display().to_string();
    (running, env, config)
}

async fn variable(env: &TestEnv, config: &str, words: &[&str]) -> Output {
    let mut args = vec!["variable"];
    args.extend(words);
    args.extend(["--config", config, "-o", "json"]);
    run_beside(env, &args).await
}

/// The values of the rows of the variable, by id.
async fn values(env: &TestEnv, config: &str) -> Vec<(String, String)> {
    let listed = variable(env, config, &["list"]).await.json();
    let records = listed["variables"].as_array();
    let rows = records.unwrap().iter().filter(|row| row["name"] == NAME);
    let mut rows: Vec<_> = rows
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            (text("id"), text("value"))
        })
        .collect();
    rows.sort();
    rows
}

fn writes(running: &Running) -> u64 {
    running.ledger().writes_to(SideName::New)
}

#[tokio::test(flavor = "multi_thread")]
async fn repair_needs_value_or_row_if_rows_differ() {
    let (running, env, config) = pair(None, &["http://a:8005", "http://b:8005"]).await;
    let before = values(&env, &config).await;
    let new = running.endpoints().new.gateway.clone();
    for words in [&["--repair"][..], &["http://c:8005"]] {
        let words = [&["set", NAME], words, &["--yes"]].concat();
        let refused = variable(&env, &config, &words).await;
        assert_eq!(refused.code, Some(14), "{refused:#?}");
        let told = &refused.stderr;
        assert!(told.contains("http://a:8005") && told.contains("http://b:8005"));
    }
    let unconfirmed = variable(&env, &config, &["set", NAME, &new, "--repair"]).await;
    assert_eq!(unconfirmed.code, Some(15), "{unconfirmed:#?}");
    assert_eq!(writes(&running), 0);
    let repair = ["set", NAME, &new, "--repair", "--yes"];
    let repaired = variable(&env, &config, &repair).await;
    assert_eq!(repaired.code, Some(0), "{repaired:#?}");
    let left = [(before[0].0.clone(), new.clone())];
    assert_eq!(values(&env, &config).await, left);
    assert!(
        repaired.stderr.contains(&before[1].1),
        "what was removed is told: {}",
        repaired.stderr
    );
    let again = variable(&env, &config, &repair).await;
    assert_eq!(again.json()["outcome"], "nothing_to_do");
    assert_eq!(writes(&running), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_for_which_a_value_is_missing_removes_nothing() {
    let (running, env, config) = pair(None, &[]).await;
    let failed = variable(&env, &config, &["set", "NO_SUCH", "--repair", "--yes"]).await;
    assert_eq!(failed.code, Some(2), "{failed:#?}");
    assert_eq!(writes(&running), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_gateway_is_the_value_on_the_old_side_too() {
    let (running, env, config) = pair(None, &[]).await;
    let set = variable(&env, &config, &["set", NAME, "--side", "old", "--yes"]).await;
    assert_eq!(set.code, Some(0), "{set:#?}");
    let rows = values(&env, &config).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].1, running.endpoints().new.gateway);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_settled_by_reading() {
    let (running, env, config) = pair(Some("lost-write=3"), &[]).await;
    let created = variable(
        &env,
        &config,
        &["set", NAME, "http://a:8005", "--force", "--yes"],
    )
    .await;
    assert_eq!(created.code, Some(0), "{created:#?}");
    let updated = variable(
        &env,
        &config,
        &["set", NAME, "http://b:8005", "--force", "--yes"],
    )
    .await;
    assert_eq!(updated.code, Some(0), "{updated:#?}");
    let rows = values(&env, &config).await;
    assert_eq!(rows.len(), 1, "sent once: {rows:?}");
    assert_eq!(rows[0].1, "http://b:8005");
    let removed = variable(&env, &config, &["unset", NAME, "--yes"]).await;
    assert_eq!(removed.code, Some(0), "{removed:#?}");
    assert_eq!(values(&env, &config).await, []);
    // To write a row whole again, or to remove it again, changes nothing; to create one again would.
    let ledger = running.ledger();
    let made = ledger
        .requests
        .iter()
        .filter(|r| r.path.ends_with("/create"));
    assert_eq!(made.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_cannot_be_written_leaves_one_document_and_no_zero() {
    let (_running, env, config) = pair(None, &[]).await;
    let folder = env.path().join("shut");
    std::fs::create_dir(&folder).unwrap();
    let named = folder
        .join("gone")
        .join("report.html")
        .display()
        .to_string();
    let args = [
        "compare", "--config", &config, "-o", "json", "--report", &named,
    ];
    let missing = run_beside(&env, &args).await;
    assert_eq!(missing.code, Some(2), "{missing:#?}");
    missing.json();
    // `/proc` is a directory in which no file can be made, whoever runs this.
    let args = [
        "plan",
        "--config",
        &config,
        "-o",
        "json",
        "--report",
        "/proc/report.html",
    ];
    let shut = run_beside(&env, &args).await;
    assert_eq!(shut.code, Some(1), "{shut:#?}");
    assert_eq!(shut.json()["exit_code"], 1);
    assert!(shut.json()["plan"].is_object(), "the result is not hidden");
    assert!(shut.stderr.contains("/proc/report.html"), "{}", shut.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_before_anything_is_written_leaves_one_document() {
    use std::os::unix::process::ExitStatusExt as _;
    let (running, env, config) = pair(Some("busy=1000000"), &[]).await;
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let args = ["plan", "--config", &config, "-o", "json"];
        let before = running.ledger().requests.len();
        let child = tokio::process::Command::from(env.command(&args))
            .spawn()
            .unwrap();
        while running.ledger().requests.len() == before {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let id = child.id().unwrap().to_string();
        std::process::Command::new("kill")
            .args([signal, &id])
            .status()
            .unwrap();
        let output = child.wait_with_output().await.unwrap();
        assert_eq!(output.status.signal(), None);
        assert_eq!(output.status.code(), Some(code));
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["exit_code"], code);
        assert_eq!(document["outcome"], "interrupted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_side_can_be_registered_on_while_the_other_is_down() {
    let (_running, env, config) = pair(Some("core-down"), &[]).await;
    let args = [
        "plugin", "register", "--side", "old", "wecmdb", "--yes", "--config", &config,
    ];
    let registered = run_beside(&env, &[&args[..], &["-o", "json"]].concat()).await;
    assert_eq!(registered.code, Some(0), "{registered:#?}");
    assert!(
        registered.stderr.contains("new instance cannot be read"),
        "{}",
        registered.stderr
    );
    // The new instance is configured, and nothing was to be compared.
    assert!(
        !registered.stderr.contains("compare"),
        "{}",
        registered.stderr
    );
}
