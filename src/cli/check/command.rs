//! Runs `check`.

use jiff::Timestamp;
use tokio::time::Instant;

use super::super::args::{CheckArgs, OutputArg, SelectArgs, SeverityArg};
use super::super::context::Context;
use super::super::{accounts, html, runtime, session};
use super::baseline::Acceptance;
use super::error::CheckError;
use super::runner::{CheckRunner, TokenSource};
use super::{lock, memory, output, wait};
use crate::check::{CheckResults, Policy, catalogue, fold, unknown_codes};
use crate::domain::{Severity, Side};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::report::{Cell, CheckReport, CheckStats, Column, RecordTable, SideSummary};
use crate::settings::{DEFAULT_DEADLINE, DurationError, Settings, parse_duration};

/// A check that ended.
struct Finished {
    results: CheckResults,
    sides: Vec<SideSummary>,
    stats: CheckStats,
}

/// Runs `check` and returns the exit code.
pub(in crate::cli) fn run(args: CheckArgs, context: &Context<'_>) -> Result<u8, CommandError> {
    if args.list {
        return list(context).map(Outcome::code);
    }
    let began = Instant::now();
    let settings = settings(&args, context)?;
    let policy = policy(&args, &settings)?;
    html::check(args.report.as_deref())?;
    let acceptance = Acceptance::read(&args)?;
    let wait = wait_for(&args)?;
    let state = lock::state(&settings, context);
    let limit = settings.deadline.unwrap_or(DEFAULT_DEADLINE) + wait.unwrap_or_default();
    let _lock = match lock::acquire(state.as_ref(), &settings, limit, context) {
        Ok(lock) => lock,
        Err(lock::Refused::Silent(error)) => return output::busy(&error, context),
        Err(lock::Refused::Reported(error)) => return Err(error),
    };
    let tokens = token_source(&args, &settings, context)?;
    let least = least(args.severity);
    let ran = memory::load_running(state.as_ref(), &settings, &args.accept_gone, context)?;
    let checking = async {
        let mut runner = CheckRunner::new(settings, tokens, state, ran, &policy, context);
        let checked = wait::until_ok(&mut runner, wait, |checked| {
            accept(checked, &acceptance, least).0
        });
        let (checked, hidden) = accept(&checked.await?, &acceptance, least);
        if checked.outcome() != Outcome::Ok {
            runner.invalidate_caches();
        }
        runner.store();
        Ok(Finished {
            stats: CheckStats {
                took: began.elapsed(),
                calls: runner.calls(),
                at_s: Timestamp::now().as_second(),
                hidden,
            },
            sides: runner.into_sides(),
            results: checked,
        })
    };
    let done = runtime::block_on_told(checking, |signal| CheckError::Interrupted(signal).into())?;
    finish(done, &args, &acceptance, context)
}

/// Shows, writes and saves the results; returns the exit code.
fn finish(
    mut done: Finished,
    args: &CheckArgs,
    acceptance: &Acceptance,
    context: &Context<'_>,
) -> Result<u8, CommandError> {
    acceptance.report_unused(&done.results, context);
    if let Some(saved) = acceptance.save(&done.results, context)? {
        done.results = saved;
    }
    let results = fold(done.results);
    let report = CheckReport {
        results: &results,
        sides: &done.sides,
        stats: done.stats,
    };
    // As with the textfile, a copy that cannot be written does not change the result.
    if let Err(error) = html::write(args.report.as_deref(), &report, context) {
        context.ui.error(&error);
    }
    output::textfile(args.textfile.as_deref(), &report, context);
    output::show(&report, context)?;
    Ok(if context.output() == OutputArg::Nagios {
        report.nagios_code()
    } else {
        results.outcome().code()
    })
}

/// The results without accepted findings and without those that `--severity` hides; and how many it hides.
fn accept(
    checked: &CheckResults,
    acceptance: &Acceptance,
    least: Severity,
) -> (CheckResults, usize) {
    let mut checked = acceptance.apply(checked);
    let all = checked.findings.len();
    checked.findings.retain(|finding| finding.severity >= least);
    let hidden = all - checked.findings.len();
    (checked, hidden)
}

fn least(severity: SeverityArg) -> Severity {
    match severity {
        SeverityArg::Info => Severity::Info,
        SeverityArg::Warning => Severity::Warning,
        SeverityArg::Error => Severity::Error,
    }
}

fn settings(args: &CheckArgs, context: &Context<'_>) -> Result<Settings, CommandError> {
    let select = SelectArgs {
        plugin: args.plugin.clone(),
        skip_plugin: args.skip_plugin.clone(),
        gateway_url: args.gateway_url.clone(),
        ..SelectArgs::default()
    };
    let settings = context.settings_of_reads(args.connect.clone(), Some(select))?;
    session::require_side(&settings, Side::New)?;
    Ok(settings)
}

/// `--login-file` overrides the configured seed, which is then not read.
fn token_source(
    args: &CheckArgs,
    settings: &Settings,
    context: &Context<'_>,
) -> Result<TokenSource, CommandError> {
    match &args.login_file {
        Some(file) => {
            let old = args.old_login_file.as_deref();
            accounts::tokens(settings, file, old, context).map(TokenSource::Users)
        }
        None => session::keys(settings, context).map(TokenSource::Seeds),
    }
}

fn policy(args: &CheckArgs, settings: &Settings) -> Result<Policy, CommandError> {
    let mut typed = args.code.clone();
    typed.extend_from_slice(&args.skip_code);
    if let Some(code) = unknown_codes(&typed).first() {
        return Err(CheckError::UnknownCode(code.clone()).into());
    }
    Ok(Policy {
        role: args.role.clone(),
        before_retiring_old: args.before_retiring_old,
        only_codes: args.code.clone(),
        skip_codes: args.skip_code.clone(),
        only_plugins: settings.plugins.clone(),
        expect_running: settings.expect_running.clone(),
        skip_plugins: settings.skip_plugins.clone(),
        upgrade: settings.upgrade,
        old_is_configured: settings.old.is_some(),
        // The runner adds the time and the gateway address.
        ..Policy::default()
    })
}

fn wait_for(args: &CheckArgs) -> Result<Option<std::time::Duration>, DurationError> {
    let typed = args.wait_until_ok.as_deref();
    let parsed = typed.map(|typed| parse_duration("--wait-until-ok", typed));
    parsed.transpose()
}

/// `--list`.
fn list(context: &Context<'_>) -> Result<Outcome, CommandError> {
    let catalog = context.ui.catalog();
    let mut sheet = RecordTable::new(
        "check",
        "checks",
        &[Column::Code, Column::Severity, Column::Title],
    );
    for check in catalogue() {
        sheet.row([
            Cell::words(check.code),
            Cell::text(check.severity.text(), check.severity.as_str()),
            Cell::words(catalog.render(&check.title())),
        ]);
    }
    context.sheet(&sheet)
}
