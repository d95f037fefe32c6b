//! CPU time of the table and of the HTML page of a comparison, ten thousand rows each. Run with
//! `cargo bench --bench report`; without cargo's `--bench` each is made once, to see that it still runs.

mod support;

use std::io::Write;

use wecubectl::compare::{Comparison, compare};
use wecubectl::domain::Side;
use wecubectl::i18n::{Catalog, Lang};
use wecubectl::report::{Charset, ColorMode, CompareReport, LayoutOptions, Report as _, html};

use self::support::{inventory, least_cpu_s};

const ROWS: usize = 10_000;
const RUNS: usize = 5;

fn main() -> std::io::Result<()> {
    let measured = std::env::args().any(|arg| arg == "--bench");
    let runs = if measured { RUNS } else { 1 };
    let catalog = Catalog::new(Lang::En);
    let look = LayoutOptions {
        width: 120,
        color: ColorMode::Plain,
        charset: Charset::Unicode,
    };
    // The table has a row for each plugin, the HTML page one for each side of it.
    for (format, plugins) in [("table", ROWS), ("HTML", ROWS / 2)] {
        let comparison = comparison(plugins);
        let report = CompareReport {
            comparison: &comparison,
        };
        let (page, seconds) = least_cpu_s(runs, || match format {
            "table" => report.table(&catalog, look),
            _ => html(&report, &catalog, "a benchmark").expect("a page"),
        });
        let kilobytes = page.len() / 1000;
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "{format} of {ROWS} rows ({plugins} plugins), {kilobytes} kB: {seconds:.3} s"
        )?;
    }
    Ok(())
}

/// Of so many plugins that no portal has files of and no gateway a route to.
fn comparison(plugins: usize) -> Comparison {
    let needs = vec![Vec::new(); plugins];
    let has_ui = vec![true; plugins];
    let [old, new] = [Side::Old, Side::New].map(|side| inventory(side, &needs, &has_ui));
    compare(&old, &new)
}
