//! Prints the results in the requested format.

use std::path::Path;

use super::super::args::OutputArg;
use super::super::context::Context;
use super::super::failure;
use crate::error::{CommandError, Failure as _};
use crate::exit::Outcome;
use crate::files::{Access, MIB, read_text, replace};
use crate::i18n::Text;
use crate::report::{CheckReport, MonitorFormat, pair_line};

/// How the file that `node_exporter`'s textfile collector reads is called, and the line in it that says
/// of which pair it is.
const TEXTFILE: &str = "wecubectl_check";
const PAIR: &str = "wecubectl_check_pair{";

/// How a check ended: its outcome, and the exit code in the format that was asked for.
pub(super) struct Ended {
    pub(super) code: u8,
    pub(super) outcome: Outcome,
}

/// Shows the report. With `-q` the formats for people print nothing if the check is OK, or with
/// `--on-change` if nothing changed; formats for machines always print.
pub(super) fn show(report: &CheckReport<'_>, context: &Context<'_>) -> Result<(), CommandError> {
    let outcome = report.results.outcome();
    let output = context.output();
    let for_people = matches!(output, OutputArg::Table | OutputArg::Tsv);
    let silent = match report.news {
        Some(news) => !news.due,
        None => outcome == Outcome::Ok,
    };
    if for_people && !context.ui.prints_notices() && silent {
        return Ok(());
    }
    match (output.monitor(), output) {
        (Some(format), _) => context.data(&format.render(report)),
        (None, OutputArg::Ndjson) => context.data(&report.lines()),
        (None, OutputArg::Table) if !context.ui.prints_notices() => {
            context.data(&report.findings_alone(context.ui.catalog(), context.look()))
        }
        (None, _) => context.show(report, outcome).map(drop),
    }
}

/// Another check is running: only formats for machines print something.
pub(super) fn busy(error: &CommandError, context: &Context<'_>) -> Result<Ended, CommandError> {
    let output = context.output();
    if let Some(words) = failure::failed_words("check", output, error) {
        context.data(&words)?;
    }
    Ok(Ended {
        code: failure::error_code("check", output, error),
        outcome: error.outcome,
    })
}

/// Writes the file for `node_exporter`; whether that succeeded. A failure does not change the result.
/// A file of another pair is not replaced: it would hide that nobody checks that pair any more.
pub(super) fn textfile(
    folder: Option<&Path>,
    report: &CheckReport<'_>,
    context: &Context<'_>,
) -> bool {
    let Some(folder) = folder else { return true };
    let name = report.name.map(|name| format!("_{name}"));
    let path = folder.join(format!("{TEXTFILE}{}.prom", name.unwrap_or_default()));
    let there = read_text(&path, MIB).unwrap_or_default();
    let pair = pair_line(report);
    let other = there
        .lines()
        .find(|line| line.starts_with(PAIR) && *line != pair.trim_end());
    let cause = if other.is_some() {
        Text::new("monitor-textfile-of-other").with("path", path.display())
    } else {
        let words = MonitorFormat::Prometheus.render(report);
        match replace(&path, words.as_bytes(), Access::Public) {
            Ok(()) => return true,
            Err(error) => error.message(),
        }
    };
    context
        .ui
        .warn(&Text::new("monitor-textfile").nested("cause", cause));
    false
}
