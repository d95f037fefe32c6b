//! Sixty plugins with pages on a host that drops connections under load: the adaptive number in flight
//! against each fixed one. Simulated (40 ms of work a registration, three at once, stock `MaxStartups`), so
//! it measures the schedule, not a platform.
//!
//! `cargo bench --bench overload` prints, for each number in flight, the median wall time of the
//! registers and how many failed, then the ratio of the adaptive run to the best fixed one that fails
//! nothing. The goal is a ratio of at most 1.15.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of a second or two"
)]

use std::process::{Command, ExitCode};

/// Runs of each kind; the median is shown.
const RUNS: usize = 5;

struct Run {
    wall_ms: u64,
    failed: usize,
}

fn run(pace: &str, parallel: usize) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_wecubectl"))
        .args([
            "demo",
            "--scenario",
            "overload",
            "-o",
            "json",
            "-q",
            "--pace",
            pace,
        ])
        .args(["--parallel", &parallel.to_string()])
        .output()
        .expect("the binary starts");
    let document: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("one JSON document");
    let packages = document["packages"].as_array().expect("packages");
    let failed = packages
        .iter()
        .filter(|package| package["result"] != "done")
        .count();
    Run {
        wall_ms: document["schedule"]["wall_ms"]
            .as_u64()
            .expect("a wall time"),
        failed,
    }
}

fn median(pace: &str, parallel: usize) -> Run {
    let mut runs: Vec<Run> = (0..RUNS).map(|_| run(pace, parallel)).collect();
    runs.sort_by_key(|run| run.wall_ms);
    let failed = runs.iter().map(|run| run.failed).max().unwrap_or_default();
    Run {
        wall_ms: runs[RUNS / 2].wall_ms,
        failed,
    }
}

fn main() -> ExitCode {
    println!("in flight     wall ms (median of {RUNS})   failed (worst run)");
    let mut best: Option<u64> = None;
    for parallel in [1, 2, 3, 4, 6, 8, 10, 12, 16, 32, 60] {
        let run = median("fixed", parallel);
        println!(
            "fixed {parallel:>4}   {:>8}                {:>4}",
            run.wall_ms, run.failed
        );
        if run.failed == 0 {
            best = Some(best.map_or(run.wall_ms, |best| best.min(run.wall_ms)));
        }
    }
    let adaptive = median("adaptive", 64);
    println!(
        "adaptive 64  {:>8}                {:>4}",
        adaptive.wall_ms, adaptive.failed
    );
    let Some(best) = best else {
        println!("no fixed number failed nothing");
        return ExitCode::FAILURE;
    };
    let ratio = adaptive.wall_ms as f64 / best as f64;
    println!("ratio to the best fixed one that fails nothing: {ratio:.2}");
    if adaptive.failed == 0 && ratio <= 1.15 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
