//! Faults between the binary and the platform: every fault at every phase of `apply`, `compare` and
//! `check`, with the outcome that the rules of [`rules`] state.
//!
//! A part runs always. All of it by name (`FAULTS=WORDS` takes the cases whose names hold every one of
//! these words, separated by commas; `FAULTS_SHOW=1` shows the outputs of what is wrong):
//!
//! ```sh
//! cargo nextest run --release --test it faults_all --run-ignored all
//! ```
//!
//! The page of faults is written by `WECUBECTL_UPDATE_DOCS=1 cargo nextest run --test it faults_pages`.

#![cfg(feature = "sim")]

mod fault;
mod list;
mod memory;
mod page;
mod phase;
mod proxy;
mod rules;
mod run;
pub(crate) mod secrets;
mod wire;

use futures::StreamExt as _;

use list::FAULTS;
use phase::{Command, PHASES};
use proxy::Reach;
use run::{Case, Report, Waits};

/// Cases that run at the same time: most of them wait.
const AT_ONCE: usize = 8;

const FORMATS: [&str; 4] = ["json", "table", "ndjson", "tsv"];
const CHECK_FORMATS: [&str; 7] = [
    "json",
    "table",
    "nagios",
    "ndjson",
    "prometheus",
    "tsv",
    "junit",
];

/// Every case, the formats in turn.
fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for phase in PHASES {
        for &command in phase.commands {
            for fault in FAULTS {
                for reach in [Reach::Never, Reach::Early, Reach::After] {
                    for once in [true, false] {
                        let formats = if command == Command::Check {
                            &CHECK_FORMATS[..]
                        } else {
                            &FORMATS
                        };
                        let case = Case {
                            command,
                            phase,
                            fault,
                            once,
                            reach,
                            format: formats[cases.len() % formats.len()],
                        };
                        cases.extend(case.is_meant().then_some(case));
                    }
                }
            }
        }
    }
    cases
}

/// Runs cases and returns those that are wrong, each with what is wrong.
#[expect(clippy::print_stderr, reason = "a run of all cases takes long")]
async fn run_all(cases: Vec<Case>) -> (Vec<(Case, Report)>, Vec<String>) {
    let mut running = futures::stream::iter(cases)
        .map(|case| async move { (case, case.run().await) })
        .buffer_unordered(AT_ONCE);
    let (mut done, mut red) = (Vec::new(), Vec::new());
    while let Some((case, report)) = running.next().await {
        let wrong = case.judge(&report);
        if !wrong.is_empty() {
            let line = format!("{}: {}", case.name(), wrong.join("; "));
            eprintln!("red {}: {line}", red.len() + 1);
            #[expect(clippy::disallowed_methods, reason = "asks for the outputs")]
            if std::env::var_os("FAULTS_SHOW").is_some() {
                eprintln!("{}\n{}", report.stdout, report.stderr);
            }
            red.push(line);
        }
        done.push((case, report));
    }
    (done, red)
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_no_fault_is_green_in_every_format() {
    for command in [Command::Apply, Command::Compare, Command::Check] {
        for format in FORMATS {
            let report = run::run(command, false, None, format, Waits::LONG).await;
            assert_eq!(report.exit, Some(0), "{command:?} -o {format}: {report:#?}");
            assert_eq!(report.wrong, [""; 0], "{command:?} -o {format}");
        }
    }
}

/// One case of each rule and command, and of each phase.
#[tokio::test(flavor = "multi_thread")]
async fn faults_part_of_the_matrix() {
    let mut taken = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for case in cases() {
        let key = (case.command, case.rule().text);
        if !case.fault.is_slow() && known.insert(key) {
            taken.push(case);
        }
    }
    let (_, red) = run_all(taken).await;
    assert!(red.is_empty(), "\n{}", red.join("\n"));
}

#[test]
fn faults_pages_are_what_the_rules_state() {
    for (path, page) in page::pages(&cases()) {
        #[expect(clippy::disallowed_methods, reason = "asks whether to write the page")]
        if std::env::var_os("WECUBECTL_UPDATE_DOCS").is_some() {
            fs_err::write(&path, &page).unwrap();
        }
        let known = fs_err::read_to_string(&path).unwrap_or_default();
        assert!(known == page, "{} is not up to date", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "thousands of runs: by name"]
async fn faults_all() {
    let mut cases = cases();
    #[expect(clippy::disallowed_methods, reason = "asks for a part of the matrix")]
    let words = std::env::var("FAULTS").unwrap_or_default();
    let is_asked = |case: &Case| words.split(',').all(|word| case.name().contains(word));
    cases.retain(is_asked);
    eprintln!("{} cases", cases.len());
    let (done, red) = run_all(cases).await;
    let longest = done.iter().map(|(_, report)| report.took).max();
    let greatest = done.iter().map(|(_, report)| report.peak_kib).max();
    let scanned: usize = done.iter().map(|(_, report)| report.scanned).sum();
    eprintln!(
        "longest {longest:?}, at most {greatest:?} KiB resident, {scanned} bytes searched for secrets"
    );
    assert!(red.is_empty(), "{} of {} red", red.len(), done.len());
}
