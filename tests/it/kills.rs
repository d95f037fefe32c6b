//! A run that is killed before any call that others see, and the run after it: the same end, nothing in
//! flight twice, nothing locked, nothing half-written.

#![cfg(feature = "sim")]

use std::collections::BTreeSet;

use futures::StreamExt as _;
use wecubectl::sim::{SideName, World, serve};

use crate::in_flight::{marks, overlaps};
use crate::support::kill::{Ended, killed_at};
use crate::support::{TestEnv, run_beside as run};

/// Runs that are killed at the same time: most of them wait.
const AT_ONCE: usize = 6;

/// How a run that was killed came to its end.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Continued {
    /// The next run reached the end by itself.
    AtOnce,
    /// The next run left what the killed one may still have had in flight.
    Later,
    /// It was not killed: it made this many calls.
    NotKilled(usize),
}

/// Changes each line of each journal.
fn rewrite_journals(env: &TestEnv, change: fn(&mut serde_json::Value)) {
    let runs = env.path().join("state/runs");
    for entry in fs_err::read_dir(runs).into_iter().flatten() {
        let path = entry.unwrap().path();
        let text = fs_err::read_to_string(&path).unwrap();
        let lines = text.lines().map(|line| {
            let Ok(mut value) = serde_json::from_str(line) else {
                return line.to_owned();
            };
            change(&mut value);
            value.to_string()
        });
        let changed: String = lines.map(|line| line + "\n").collect();
        fs_err::write(&path, changed).unwrap();
    }
}

/// Makes what a line tells older than any registration can take.
fn age(line: &mut serde_json::Value) {
    let at: jiff::Timestamp = line["at"].as_str().unwrap().parse().unwrap();
    line["at"] = (at - jiff::Span::new().hours(1)).to_string().into();
}

/// Makes a line what the release before format 2 wrote: other words, and nothing of the state before.
fn into_format_1(line: &mut serde_json::Value) {
    let former = [
        ("variable_write_started", "variable_intended"),
        ("variable_finished", "variable_settled"),
        ("answer_lost", "watching"),
        ("verifying", "proving"),
        ("finished", "settled"),
        ("page_broken", "broke"),
    ];
    let is = line["record"].as_str().unwrap().to_owned();
    if let Some((_, word)) = former.iter().find(|(word, _)| *word == is) {
        line["record"] = (*word).into();
    }
    let keys = line.as_object_mut().unwrap();
    keys.remove("text");
    if is == "started" {
        keys.remove("before");
    }
    if is == "run" {
        keys.insert("format".to_owned(), 1.into());
        let skipped = keys.remove("skipped").unwrap();
        keys.insert("left_out".to_owned(), skipped);
    }
}

/// A run of thirty plugins, killed before its `n`th call, then run again to its end; `left` changes the
/// lines of the journal that it left.
async fn kill_and_continue(n: usize, left: fn(&mut serde_json::Value)) -> Continued {
    let world = World::plugins(30)
        .service_time_ms(5.0)
        .fault("slow-register=300");
    let running = serve(world).await.unwrap();
    let env = TestEnv::new();
    let config = env.config(running.endpoints()).display().to_string();
    let args = [
        "apply",
        "--config",
        &config,
        "--yes",
        "--unknown-after",
        "2s",
        "-o",
        "json",
    ];
    let place = match killed_at(&env.command(&args), n).await {
        Ended::Killed(call) => format!("killed before call {n}, {call}"),
        Ended::ByItself { calls, code } => {
            assert_eq!(code, 0, "{calls} calls");
            return Continued::NotKilled(calls);
        }
    };
    rewrite_journals(&env, left);
    let again = run(&env, &args).await;
    let continued = if again.code == Some(0) {
        Continued::AtOnce
    } else {
        assert_eq!(again.code, Some(11), "{place}: {again:#?}");
        let document = again.json();
        let mut packages = document["packages"].as_array().unwrap().iter();
        let has_unknown = packages.any(|it| it["result"] == "unknown");
        assert!(has_unknown, "{place}: {again:#?}");
        rewrite_journals(&env, age);
        let later = run(&env, &args).await;
        assert_eq!(later.code, Some(0), "{place}: {later:#?}");
        Continued::Later
    };
    let end = run(&env, &args).await;
    assert_eq!(end.json()["outcome"], "nothing_to_do", "{place}: {end:#?}");
    let ledger = running.ledger();
    assert_eq!(overlaps(&ledger), [""; 0], "{place}");
    let done: BTreeSet<_> = ledger.registered(SideName::New).into_iter().collect();
    assert_eq!(done.len(), 30, "{place}");
    assert_eq!(marks(&running), 0, "{place}");
    continued
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_run_is_continued_at_some_calls() {
    for n in [1, 400, 900, 1100] {
        let continued = kill_and_continue(n, |_| {}).await;
        assert!(
            !matches!(continued, Continued::NotKilled(_)),
            "{n}: {continued:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_run_of_former_release_is_continued() {
    let continued = kill_and_continue(700, into_format_1).await;
    assert_eq!(continued, Continued::Later);
}

/// Every call until runs come to their end. The number of calls differs from run to run, as the order of
/// answers does: it ends after a row of runs that made fewer. `KILL_AT=N` kills there only.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "thousands of runs: cargo nextest run --release --run-ignored all killed_run_is_continued_at_every_call"]
async fn killed_run_is_continued_at_every_call() {
    #[expect(clippy::disallowed_methods, reason = "asks for one of the kills")]
    let asked = std::env::var("KILL_AT").ok().map(|n| n.parse().unwrap());
    let places = asked.map_or(1..usize::MAX, |n: usize| n..n + 1);
    let runs = futures::stream::iter(places)
        .map(|n| async move { (n, tokio::spawn(kill_and_continue(n, |_| {})).await) });
    let mut runs = std::pin::pin!(runs.buffered(AT_ONCE));
    let (mut at_once, mut later, mut red, mut whole) = (0, 0, 0, Vec::new());
    while let Some((n, continued)) = runs.next().await {
        match continued {
            Ok(Continued::AtOnce) => at_once += 1,
            Ok(Continued::Later) => later += 1,
            Ok(Continued::NotKilled(calls)) => whole.push(calls),
            Err(_) => red += 1,
        }
        if n % 50 == 0 {
            eprintln!("{n}: the next run ended {at_once}, the one after it {later}; {red} red");
        }
        if whole.len() == 2 * AT_ONCE {
            break;
        }
    }
    let kills = at_once + later + red;
    eprintln!(
        "{kills} kills: {at_once} + {later} + {red} red; runs that were not killed made {whole:?} calls"
    );
    assert_eq!(red, 0);
}
