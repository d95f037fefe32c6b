//! The page of faults, made from a whole run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::list::FAULTS;
use super::phase::{Command, PHASES, Phase};
use super::rules::RULES;
use super::run::{Case, Report};

const COUNT: &str = " cases, ";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join("faults.md")
}

/// Writes the page.
pub(super) fn write(done: &[(Case, Report)], red: usize) {
    let mut page = String::from(HEAD);
    let scanned: usize = done.iter().map(|(_, report)| report.scanned).sum();
    let greatest = done.iter().map(|(_, report)| report.peak_kib).max();
    let longest = done.iter().map(|(_, report)| report.took).max();
    writeln!(
        page,
        "{}{COUNT}{red} of them wrong: {} faults at {} phases, each once and every time as far as it makes a difference. {} MiB of output, journals and reports were searched for secrets. Longest run {:.0} s, largest resident size {} MiB (sampled every 15 ms).\n",
        done.len(),
        FAULTS.len(),
        PHASES.len(),
        scanned >> 20,
        longest.unwrap_or_default().as_secs_f64(),
        greatest.unwrap_or(0) >> 10,
    )
    .unwrap();
    page += "## Rules\n\nThe first that applies decides.\n\n| # | rule | cases | exit codes seen |\n|---|---|---|---|\n";
    for (number, rule) in RULES.iter().enumerate() {
        let of_rule = done
            .iter()
            .filter(|(case, _)| case.rule().text == rule.text);
        let exits: BTreeSet<i32> = of_rule.clone().filter_map(|it| it.1.exit).collect();
        let exits: Vec<String> = exits.iter().map(ToString::to_string).collect();
        let count = of_rule.count();
        writeln!(
            page,
            "| {} | {} | {count} | {} |",
            number + 1,
            rule.text,
            exits.join(" ")
        )
        .unwrap();
    }
    for command in [Command::Apply, Command::Compare, Command::Check] {
        table(&mut page, command, done);
    }
    fs_err::write(path(), page).unwrap();
}

const HEAD: &str = "# Faults

What `apply`, `compare` and `check` do when something between them and the platform fails. `tests/it/faults/` stands as a proxy before simulated instances, spoils the answers to the requests of one phase, and compares exit code, writes (by the ledger of the simulator), registrations sent, JSON document and secrets in every output with the rules below. The whole run writes this page:

```sh
WECUBECTL_UPDATE_DOCS=1 cargo nextest run --test it faults_all --run-ignored all
```

";

/// Exit codes by fault and phase.
fn table(page: &mut String, command: Command, done: &[(Case, Report)]) {
    let phases: Vec<&Phase> = PHASES
        .iter()
        .filter(|phase| phase.commands.contains(&command))
        .collect();
    writeln!(page, "\n## {}\n", command.name()).unwrap();
    writeln!(page, "Exit codes if the fault strikes every request of the phase; after `/`: if it strikes the first one only. `check -o nagios` has its own codes and is left out. Seconds and MiB: the most of any run of the line.\n").unwrap();
    for (number, phase) in phases.iter().enumerate() {
        writeln!(page, "{}. {}", number + 1, phase.name).unwrap();
    }
    let heads: Vec<String> = (1..=phases.len())
        .map(|number| number.to_string())
        .collect();
    writeln!(page, "\n| fault | {} | s | MiB |", heads.join(" | ")).unwrap();
    writeln!(page, "|---|{}---|---|", "---|".repeat(phases.len())).unwrap();
    for fault in FAULTS {
        let mut cells: BTreeMap<(&str, bool), BTreeSet<i32>> = BTreeMap::new();
        let (mut longest, mut greatest) = (0.0_f64, 0);
        let of_line = done
            .iter()
            .filter(|(case, _)| case.command == command && case.fault.name == fault.name);
        for (case, report) in of_line {
            longest = longest.max(report.took.as_secs_f64());
            greatest = greatest.max(report.peak_kib);
            if case.format != "nagios" {
                let cell = cells.entry((case.phase.name, case.once)).or_default();
                cell.extend(report.exit);
            }
        }
        let shown = |phase: &str, once| {
            let codes = cells.get(&(phase, once));
            let codes = codes.into_iter().flatten().map(ToString::to_string);
            codes.collect::<Vec<_>>().join(" ")
        };
        let cells = phases.iter().map(|phase| {
            let (always, once) = (shown(phase.name, false), shown(phase.name, true));
            if once.is_empty() {
                always
            } else {
                format!("{always} / {once}")
            }
        });
        let cells: Vec<String> = cells.collect();
        let line = cells.join(" | ");
        writeln!(
            page,
            "| {} | {line} | {longest:.1} | {} |",
            fault.name,
            greatest >> 10
        )
        .unwrap();
    }
}
