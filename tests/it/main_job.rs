//! The main job as an operator runs it: the real binary against simulated instances whose ledger says
//! what really happened.

use std::collections::BTreeSet;

use wecubectl::sim::{LedgerSnapshot, Running, SideName, Via, World, serve};

use crate::support::{Output, TestEnv, run_beside as run};

/// A simulated pair with registers that take no time to speak of, and an environment for the binary.
async fn pair(world: World) -> (Running, TestEnv, String) {
    pair_as_it_is(world.service_time_ms(15.0)).await
}

async fn pair_as_it_is(world: World) -> (Running, TestEnv, String) {
    let running = serve(world).await.unwrap();
    let env = TestEnv::new();
    let config = env.config(running.endpoints()).display().to_string();
    (running, env, config)
}

fn writes(ledger: &LedgerSnapshot) -> u64 {
    ledger.writes_to(SideName::New) + ledger.writes_to(SideName::Old)
}

fn results(document: &serde_json::Value, result: &str) -> BTreeSet<String> {
    let packages = document["packages"].as_array().expect("packages");
    let of = packages
        .iter()
        .filter(|package| package["result"] == result);
    of.map(|package| package["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn plan_and_compare_send_no_write() {
    let (running, env, config) = pair(World::demo()).await;
    let plan = run(&env, &["plan", "--config", &config, "-o", "json"]).await;
    assert_eq!(plan.code, Some(0), "{plan:#?}");
    assert!(plan.json()["plan"]["steps"].as_array().unwrap().len() > 5);
    let compare = run(&env, &["compare", "--config", &config, "-o", "json"]).await;
    assert_eq!(compare.code, Some(10), "{compare:#?}");
    assert!(
        compare.json()["comparison"]["differences"]
            .as_u64()
            .unwrap()
            > 0
    );
    let ledger = running.ledger();
    assert_eq!(writes(&ledger), 0);
    assert!(ledger.registrations.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_converges_and_a_second_one_writes_nothing() {
    let (running, env, config) = pair(World::demo()).await;
    let first = run(&env, &["apply", "--config", &config, "--yes", "-o", "json"]).await;
    assert_eq!(first.code, Some(0), "{first:#?}");
    let document = first.json();
    assert_eq!(document["outcome"], "converged");
    assert_eq!(document["variable"]["action"], "created");
    let done = results(&document, "done");
    assert!(
        done.contains("terminal") && done.contains("wecmdb"),
        "{done:?}"
    );
    assert_eq!(document["comparison"]["differences"], 0, "{}", first.stdout);
    let ledger = running.ledger();
    let registered: BTreeSet<String> = ledger
        .registered(SideName::New)
        .iter()
        .map(|entry| entry.split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(registered, done, "what it says is what happened");
    assert!(ledger.registered(SideName::Old).is_empty());

    let before = writes(&ledger);
    let second = run(&env, &["apply", "--config", &config, "--yes", "-o", "json"]).await;
    assert_eq!(second.code, Some(0), "{second:#?}");
    assert_eq!(second.json()["outcome"], "nothing_to_do");
    assert_eq!(
        writes(&running.ledger()),
        before,
        "the second run writes nothing"
    );
    let compare = run(&env, &["compare", "--config", &config, "--deep"]).await;
    assert_eq!(compare.code, Some(0), "{compare:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_registered_before_what_it_depends_on() {
    let (running, env, config) = pair(World::demo()).await;
    let applied = run(
        &env,
        &["apply", "--config", &config, "--yes", "--parallel", "16"],
    )
    .await;
    assert_eq!(applied.code, Some(0), "{applied:#?}");
    let ledger = running.ledger();
    let of = |name: &str| {
        ledger
            .registrations
            .iter()
            .find(|entry| entry.name == name)
            .unwrap()
    };
    for (plugin, needs) in [
        ("monitor", "wecmdb"),
        ("capacity", "monitor"),
        ("artifacts", "wecmdb"),
        ("terminal", "itsdangerous"),
    ] {
        let ended = of(needs).ended_ms.expect("it ended");
        assert!(
            of(plugin).started_ms >= ended,
            "{plugin} began before {needs} had ended"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_applies_at_once_leave_one_variable_row() {
    let (running, env, config) = pair(World::demo()).await;
    let other = TestEnv::new();
    let other_config = other.config(running.endpoints()).display().to_string();
    let args = |config| ["apply", "--config", config, "--yes", "-o", "json"];
    let (first, second) = (args(config.as_str()), args(other_config.as_str()));
    let (a, b) = tokio::join!(run(&env, &first), run(&other, &second));
    let get = run(
        &env,
        &[
            "variable",
            "get",
            "GATEWAY_URL_NEW",
            "--config",
            &config,
            "-o",
            "json",
        ],
    )
    .await;
    let rows = get.json()["variables"].as_array().unwrap().clone();
    assert_eq!(rows.len(), 1, "{rows:#?}\n{a:#?}\n{b:#?}");
    assert_eq!(rows[0]["status"], "active");
    let ledger = running.ledger();
    let sent = |end: &str| {
        let requests = ledger.requests.iter();
        requests
            .filter(|it| it.path.contains("system-variables") && it.path.ends_with(end))
            .count()
    };
    let (created, deleted) = (sent("/create"), sent("/delete"));
    assert_eq!(created, deleted + 1, "{:#?}", ledger.requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_on_one_state_directory_do_not_overlap() {
    // Registering takes about two seconds, longer than one run can lag behind the other.
    let world = World::plugins(12).service_time_ms(150.0);
    let (running, env, config) = pair_as_it_is(world).await;
    let config = config.as_str();
    let args = [
        "apply",
        "--config",
        config,
        "--yes",
        "--parallel",
        "1",
        "-o",
        "json",
    ];
    let (a, b) = tokio::join!(run(&env, &args), run(&env, &args));
    let codes = BTreeSet::from([a.code.unwrap(), b.code.unwrap()]);
    assert!(codes.contains(&0), "{a:#?}\n{b:#?}");
    assert!(codes.is_subset(&BTreeSet::from([0, 30])), "{codes:?}");
    assert_runs_do_not_overlap(&running.ledger(), &a, &b);
}

/// Of two runs that both registered, one ended before the other began: the registrations of the
/// second run of each plugin come after all of the first.
fn assert_runs_do_not_overlap(ledger: &LedgerSnapshot, a: &Output, b: &Output) {
    let mut seen = BTreeSet::new();
    let (first, second): (Vec<_>, Vec<_>) = ledger
        .registrations
        .iter()
        .partition(|entry| seen.insert((entry.side, entry.name.clone())));
    let sent = |output: &Output| -> u64 {
        let document = output.json();
        let packages = document["packages"].as_array();
        let attempts = packages.into_iter().flatten();
        attempts.filter_map(|it| it["attempts"].as_u64()).sum()
    };
    let total = u64::try_from(ledger.registrations.len()).unwrap();
    assert_eq!(sent(a) + sent(b), total, "{a:#?}\n{b:#?}");
    let ended = first
        .iter()
        .map(|entry| entry.ended_ms.expect("it ended"))
        .max();
    let began = second.iter().map(|entry| entry.started_ms).min();
    if let (Some(ended), Some(began)) = (ended, began) {
        assert!(began >= ended, "{:#?}", ledger.registrations);
    }
    if a.code == Some(30) || b.code == Some(30) {
        assert!(
            second.is_empty(),
            "the run without the lock registered: {second:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_terminal_and_without_yes_nothing_is_written() {
    let (running, env, config) = pair(World::demo()).await;
    let output = run(&env, &["apply", "--config", &config, "-o", "json"]).await;
    assert_eq!(output.code, Some(15), "{output:#?}");
    assert_eq!(output.json()["outcome"], "not_confirmed");
    assert_eq!(writes(&running.ledger()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_carries_a_token_to_another_origin() {
    let (running, env, config) = pair(World::demo().fault("redirect")).await;
    let output = run(&env, &["plan", "--config", &config, "-o", "json"]).await;
    assert_eq!(output.code, Some(22), "{output:#?}");
    let ledger = running.ledger();
    assert_eq!(ledger.leaked_tokens, 0);
    assert!(
        ledger
            .requests
            .iter()
            .all(|entry| entry.via != Via::Foreign),
        "a redirect was followed"
    );
    // And on a healthy pair: static files and plugins are asked without one.
    let (running, env, config) = pair(World::demo()).await;
    run(&env, &["apply", "--config", &config, "--yes"]).await;
    let requests = running.ledger().requests;
    let told: Vec<_> = requests
        .iter()
        .filter(|entry| entry.has_token && entry.via != Via::Core)
        .collect();
    assert!(told.is_empty(), "{told:#?}");
    assert!(requests.iter().any(|entry| entry.has_token));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_output_and_no_file_holds_the_seed_or_a_token() {
    let (running, env, config) = pair(World::demo().fault("no-effect=wecmdb")).await;
    let seed = running.endpoints().seed.clone();
    let output = run(
        &env,
        &[
            "apply",
            "--config",
            &config,
            "--yes",
            "-vv",
            "--report",
            "report.html",
        ],
    )
    .await;
    assert_eq!(output.code, Some(12), "{output:#?}");
    let mut texts = vec![
        ("stdout".to_owned(), output.stdout),
        ("stderr".to_owned(), output.stderr),
    ];
    for entry in walk(env.path()) {
        if !entry.ends_with("seed") {
            texts.push((
                entry.display().to_string(),
                fs_err::read_to_string(&entry).unwrap_or_default(),
            ));
        }
    }
    assert!(
        texts.iter().any(|(name, _)| name.contains("/runs/")),
        "a journal was written"
    );
    for (name, text) in texts {
        assert!(!text.contains(&seed), "{name} holds the seed");
        assert!(!text.contains("eyJ"), "{name} holds a token");
    }
}

fn walk(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs_err::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                walk(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_on_v4_5_6_needs_its_own_proof_and_gives_it() {
    let (running, env, config) = pair(World::demo().new_version("v4.5.6")).await;
    let output = run(&env, &["apply", "--config", &config, "--yes", "-o", "json"]).await;
    assert_eq!(output.code, Some(0), "{output:#?}");
    assert!(running.ledger().registered(SideName::New).len() > 5);
    let again = run(&env, &["apply", "--config", &config, "--yes", "-o", "json"]).await;
    assert_eq!(again.json()["outcome"], "nothing_to_do", "{again:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn writing_to_a_v3_registers_one_at_a_time() {
    let (running, env, config) = pair(World::demo()).await;
    let args = [
        "apply",
        "--config",
        &config,
        "--yes",
        "--write-to",
        "old",
        "--all-running",
        "--parallel",
        "8",
        "-o",
        "json",
    ];
    let output = run(&env, &args).await;
    let ledger = running.ledger();
    assert_eq!(ledger.in_flight(SideName::Old), 1, "{output:#?}");
    assert!(ledger.registered(SideName::Old).len() > 5, "{output:#?}");
    assert_eq!(ledger.in_flight(SideName::New), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_is_predicted_and_known_blocks_are_zero() {
    let scenario = wecubectl::sim::scenario("blocked-dependency").unwrap();
    let (running, env, config) = pair(scenario.world).await;
    let first = run(&env, &["apply", "--config", &config, "--yes", "-o", "json"]).await;
    assert_eq!(first.code, Some(13), "{first:#?}");
    assert_eq!(
        results(&first.json(), "blocked"),
        BTreeSet::from(["terminal".to_owned()])
    );
    assert!(
        !running
            .ledger()
            .registrations
            .iter()
            .any(|entry| entry.name == "terminal"),
        "predicted, not tried"
    );
    let before = writes(&running.ledger());
    let second = run(&env, &["apply", "--config", &config, "--yes", "-o", "json"]).await;
    assert_eq!((second.code, writes(&running.ledger())), (Some(13), before));
    let known = run(
        &env,
        &[
            "apply",
            "--config",
            &config,
            "--yes",
            "--skip-plugin",
            "terminal",
        ],
    )
    .await;
    assert_eq!(known.code, Some(0), "{known:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_a_day_off_is_said_and_harms_nothing() {
    for seconds in ["86400", "-86400"] {
        let (running, env, config) = pair(World::demo().fault(&format!("clock={seconds}"))).await;
        let output = run(&env, &["apply", "--config", &config, "--yes"]).await;
        assert_eq!(output.code, Some(0), "{output:#?}");
        assert!(output.stdout.contains("clock"), "{}", output.stdout);
        drop(running);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_of_the_old_side_alone_tells_blocks_by_its_exit_code() {
    let world = wecubectl::sim::scenario("blocked-dependency")
        .unwrap()
        .world;
    let (running, env, config) = pair(world).await;
    let old = &running.endpoints().old.as_ref().unwrap();
    // A seed of the old side alone is enough.
    let seed = env.file("old-seed", &running.endpoints().seed);
    let seed = seed.display().to_string();
    let sides = [
        "--old-core",
        &old.core,
        "--old-gateway",
        &old.gateway,
        "--old-portal",
        &old.portal[0],
    ];
    let mut args = vec![
        "plan",
        "--target",
        "v4.0.0",
        "--old-seed-file",
        &seed,
        "-o",
        "json",
    ];
    args.extend(sides);
    let plain = run(&env, &args).await;
    assert_eq!(plain.code, Some(0), "{plain:#?}");
    assert_eq!(plain.json()["plan"]["remedies"][0]["name"], "terminal");
    args.push("--detailed-exitcode");
    assert_eq!(run(&env, &args).await.code, Some(13));
    args.extend(["--plugin", "nobody-*"]);
    let unmatched = run(&env, &args).await;
    assert_eq!(unmatched.code, Some(2), "{unmatched:#?}");
    let told = run(
        &env,
        &[
            "plan", "--target", "v4.0.0", "--config", &config, "--lang", "zh",
        ],
    )
    .await;
    assert!(told.stderr.contains("只读取旧实例"), "{told:#?}");
    assert!(
        told.stdout.contains("升级之前\n  terminal 的解决步骤"),
        "{told:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_as_core_and_is_not_has_a_message_of_its_own() {
    let (running, env, config) = pair(World::demo()).await;
    let new = &running.endpoints().new;
    let as_core = |address: &str| {
        [
            "plan",
            "--config",
            &config,
            "--new-core",
            address,
            "-o",
            "json",
        ]
        .map(str::to_owned)
    };
    let portal = as_core(&new.portal[0]);
    let portal = run(&env, &portal.each_ref().map(String::as_str)).await;
    assert_eq!(portal.code, Some(2), "{portal:#?}");
    assert!(
        portal.stderr.contains("a portal answers there"),
        "{}",
        portal.stderr
    );
    let gateway = as_core(&new.gateway);
    let gateway = run(&env, &gateway.each_ref().map(String::as_str)).await;
    assert_eq!(
        gateway.code,
        Some(0),
        "through the gateway core answers too: {gateway:#?}"
    );
    let (running, env, config) = pair(broken("core-down")).await;
    for (address, code, words) in [
        (
            &running.endpoints().new.gateway,
            21,
            "core behind it does not",
        ),
        (
            &running.endpoints().new.portal[0],
            2,
            "a portal answers there",
        ),
    ] {
        let args = ["plan", "--config", &config, "--new-core", address];
        let output = run(&env, &args).await;
        assert_eq!(output.code, Some(code), "{output:#?}");
        assert!(output.stderr.contains(words), "{}", output.stderr);
    }
}

fn broken(fault: &str) -> World {
    let mut world = World::demo();
    wecubectl::sim::apply_fault(&mut world, fault).unwrap();
    world
}
