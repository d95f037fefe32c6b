//! How long the table and the HTML page of a comparison of ten thousand plugins take. Run with
//! `cargo bench --bench report`; without cargo's `--bench` each is made once, to see that it still runs.

mod inventory;

use std::io::Write;
use std::time::Instant;

use wecubectl::compare::compare;
use wecubectl::domain::Side;
use wecubectl::i18n::{Catalog, Lang};
use wecubectl::report::{Charset, ColorMode, CompareReport, LayoutOptions, Report as _, html};

use self::inventory::inventory;

const PLUGINS: usize = 10_000;
const RUNS: usize = 5;

fn main() -> std::io::Result<()> {
    let measured = std::env::args().any(|arg| arg == "--bench");
    let runs = if measured { RUNS } else { 1 };
    let needs = vec![Vec::new(); PLUGINS];
    let has_ui = vec![true; PLUGINS];
    let [old, new] = [Side::Old, Side::New].map(|side| inventory(side, &needs, &has_ui));
    let comparison = compare(&old, &new);
    let report = CompareReport {
        comparison: &comparison,
    };
    let catalog = Catalog::new(Lang::En);
    let look = LayoutOptions {
        width: 120,
        color: ColorMode::Plain,
        charset: Charset::Unicode,
    };
    best("table", runs, || report.table(&catalog, look))?;
    best("HTML", runs, || {
        html(&report, &catalog, "a benchmark").expect("a page")
    })
}

fn best(what: &str, runs: usize, make: impl Fn() -> String) -> std::io::Result<()> {
    let mut best = f64::MAX;
    let mut lines = 0;
    for _ in 0..runs {
        let start = Instant::now();
        let page = make();
        best = best.min(start.elapsed().as_secs_f64());
        lines = page.lines().count();
    }
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{what} of {PLUGINS} plugins, {lines} lines: {best:.3} s"
    )
}
