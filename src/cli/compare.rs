//! `compare`: old and new side by side.

use super::args::CompareArgs;
use super::context::Context;
use super::job::Inventories;
use super::session::{self, Session};
use super::{html, runtime};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::report::CompareReport;

/// Compares.
pub(super) fn run(args: CompareArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let settings = context.settings_of_reads(args.connect, None)?;
    session::require_both(&settings)?;
    html::check(args.report.as_deref())?;
    let comparison = runtime::block_on(async {
        let session = Session::connect(settings, context).await?;
        session.warn_of_skew(context);
        let seen = Inventories::observe_bytes(&session).await?;
        seen.require_pair()?;
        seen.comparison(&args.plugin, &args.skip_plugin, context)
    })?;
    let outcome = comparison.outcome();
    html::conclude(args.report.as_deref(), outcome, context, |_| {
        CompareReport {
            comparison: &comparison,
        }
    })
}
