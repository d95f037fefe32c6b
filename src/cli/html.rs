//! `--report FILE`: the HTML report, written whole or not at all.

use std::path::Path;

use super::context::Context;
use super::errors::{CliError, UsageError};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::files::{Access, replace};
use crate::i18n::Text;
use crate::report::{Report, Titled, html};

/// Whether the report's directory is there: said before anything is sent.
pub(super) fn check(path: Option<&Path>) -> Result<(), CommandError> {
    let folder = path
        .and_then(Path::parent)
        .filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        _ if path.is_some_and(Path::is_dir) => Err(UsageError::ReportIsDirectory(
            path.map_or_else(Default::default, Path::to_owned),
        )
        .into()),
        Some(folder) if !folder.is_dir() => {
            Err(UsageError::ReportDirectoryMissing(folder.to_owned()).into())
        }
        _ => Ok(()),
    }
}

/// Writes the report where a file was named, then shows the result: one document on standard output,
/// whatever becomes of the file. That it could not be written is said, and no run that should have
/// left a report ends with 0.
pub(super) fn conclude<R: Report + Titled>(
    path: Option<&Path>,
    outcome: Outcome,
    context: &Context<'_>,
    make: impl Fn(Outcome) -> R,
) -> Result<Outcome, CommandError> {
    let report = make(outcome);
    let Err(error) = write(path, &report, context) else {
        let shown = context.show(&report, outcome);
        if let Err(unshown) = &shown
            && unshown.outcome != outcome
        {
            // The file says how the command ended, like its exit code.
            write(path, &make(unshown.outcome), context)?;
        }
        return shown;
    };
    let outcome = Outcome::worst([outcome, error.outcome]).unwrap_or(error.outcome);
    let shown = context.show(&make(outcome), outcome);
    context.ui.error(&error);
    shown
}

/// Writes the report where a file was named, and says so.
pub(super) fn write(
    path: Option<&Path>,
    report: &dyn Titled,
    context: &Context<'_>,
) -> Result<(), CommandError> {
    let Some(path) = path else { return Ok(()) };
    let made = format!(
        "{} · wecubectl {}",
        jiff::Timestamp::now(),
        env!("CARGO_PKG_VERSION")
    );
    let page = html(report, context.ui.catalog(), &made).map_err(|error| CliError::Report {
        path: path.to_owned(),
        error: error.to_string(),
    })?;
    replace(path, page.as_bytes(), Access::Public)?;
    context
        .ui
        .notice(&Text::new("cli-report-written").with("path", path.display()));
    Ok(())
}
