//! Prints the results in the requested format.

use std::path::Path;

use super::super::args::OutputArg;
use super::super::context::Context;
use super::super::failure;
use crate::error::{CommandError, Failure as _};
use crate::exit::Outcome;
use crate::files::{Access, replace};
use crate::i18n::Text;
use crate::report::{CheckReport, MonitorFormat};

/// The file that `node_exporter`'s textfile collector reads.
const TEXTFILE: &str = "wecubectl_check.prom";

/// Shows the report. With `-q` the formats for people print nothing if the check is OK; formats for
/// machines always print.
pub(super) fn show(report: &CheckReport<'_>, context: &Context<'_>) -> Result<(), CommandError> {
    let outcome = report.results.outcome();
    let output = context.output();
    let for_people = matches!(output, OutputArg::Table | OutputArg::Tsv);
    if for_people && !context.ui.talks() && outcome == Outcome::Ok {
        return Ok(());
    }
    match (output.monitor(), output) {
        (Some(format), _) => context.data(&format.render(report)),
        (None, OutputArg::Ndjson) => context.data(&report.lines()),
        (None, OutputArg::Table) if !context.ui.talks() => {
            context.data(&report.findings_alone(context.ui.catalog(), context.look()))
        }
        (None, _) => context.show(report, outcome).map(drop),
    }
}

/// Another check is running: only formats for machines print something.
pub(super) fn busy(error: &CommandError, context: &Context<'_>) -> Result<u8, CommandError> {
    let output = context.output();
    if let Some(words) = failure::failed_words("check", output, error) {
        context.data(&words)?;
    }
    Ok(failure::error_code("check", output, error))
}

/// Writes the file for `node_exporter`. A failure does not change the result.
pub(super) fn textfile(folder: Option<&Path>, report: &CheckReport<'_>, context: &Context<'_>) {
    let Some(folder) = folder else { return };
    let words = MonitorFormat::Prometheus.render(report);
    if let Err(error) = replace(&folder.join(TEXTFILE), words.as_bytes(), Access::Public) {
        let text = Text::new("monitor-textfile").nested("cause", error.message());
        context.ui.warn(&text);
    }
}
