//! CPU time of a plan: ten thousand packages with fifty thousand dependencies on each of two
//! sides, in three shapes. Run with `cargo bench --bench plan`; without cargo's `--bench` each shape
//! is planned once, to see that it still runs.

mod support;

use std::collections::BTreeMap;
use std::io::Write;

use wecubectl::domain::Side;
use wecubectl::plan::{GatewayUrl, PlanInput, PlanOptions, SeedRelation, WriteTo, plan};

use self::support::{inventory, least_cpu_s};

const PACKAGES: usize = 10_000;
const DEPENDENCIES_EACH: usize = 5;
const RUNS: usize = 5;

fn main() -> std::io::Result<()> {
    let measured = std::env::args().any(|arg| arg == "--bench");
    let runs = if measured { RUNS } else { 1 };
    let mut out = std::io::stdout().lock();
    let mut random = fastrand::Rng::with_seed(1);
    for (shape, with_ui, newest_only) in [
        ("any earlier package, all with UI", 1.0, false),
        ("any earlier package, four of five with UI", 0.8, false),
        ("the five packages before, all with UI", 1.0, true),
    ] {
        let needs = dependencies(&mut random, newest_only);
        let has_ui: Vec<bool> = (0..PACKAGES).map(|_| random.f64() < with_ui).collect();
        let new = inventory(Side::New, &needs, &has_ui);
        let old = inventory(Side::Old, &needs, &has_ui);
        let options = options();
        let (steps, seconds) = least_cpu_s(runs, || {
            let plan = plan(PlanInput {
                new: Some(&new),
                old: Some(&old),
                options: &options,
            });
            plan.steps.len()
        });
        let edges: usize = needs.iter().map(Vec::len).sum();
        writeln!(
            out,
            "{shape}: {steps} steps of {PACKAGES} packages, {edges} dependencies: {seconds:.3} s"
        )?;
    }
    Ok(())
}

/// For each package the numbers of those that it needs, all smaller than its own.
fn dependencies(random: &mut fastrand::Rng, newest_only: bool) -> Vec<Vec<usize>> {
    let needs = |n: usize, random: &mut fastrand::Rng| -> Vec<usize> {
        let count = DEPENDENCIES_EACH.min(n);
        if newest_only {
            (n - count..n).collect()
        } else {
            (0..count).map(|_| random.usize(0..n)).collect()
        }
    };
    (0..PACKAGES).map(|n| needs(n, random)).collect()
}

fn options() -> PlanOptions {
    PlanOptions {
        write_to: WriteTo::New,
        all_running: false,
        only: Vec::new(),
        skip: Vec::new(),
        register_unverified: std::collections::BTreeSet::new(),
        picks: BTreeMap::new(),
        gateway_url: GatewayUrl::Value("http://new:8005".to_owned()),
        upgrade: wecubectl::plan::Upgrade::Unstated,
        static_folder: None,
        seeds: SeedRelation::Same,
        target: None,
    }
}
