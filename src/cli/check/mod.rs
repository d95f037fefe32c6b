//! `check`: is all well, and what is not. For people, for cron, for monitoring systems.

mod accepted;
mod lock;
mod look;
mod output;
mod wait;

use jiff::Timestamp;
use tokio::time::Instant;

use super::args::{CheckArgs, OutputArg, SelectArgs, SeverityArg};
use super::context::Context;
use super::{accounts, html, runtime, session};
use crate::check::{CheckResults, Policy, catalogue, unknown_codes};
use crate::domain::{Severity, Side};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::{Cell, CheckReport, CheckStats, Column, RecordTable, SideSummary};
use crate::settings::{Settings, parse_duration};

use accepted::Acceptance;
use look::{Look, Signing};

/// What a check came to.
struct Done {
    checked: CheckResults,
    sides: Vec<SideSummary>,
    figures: CheckStats,
}

/// Checks, and hands back the exit code.
pub(super) fn run(args: CheckArgs, context: &Context<'_>) -> Result<u8, CommandError> {
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
    let _lock = match lock::take(state.as_ref(), &settings, context) {
        Ok(lock) => lock,
        Err(lock::Busy::Quietly(error)) => return output::busy(&error, context),
        Err(lock::Busy::Said(error)) => return Err(error),
    };
    let signing = signing(&args, &settings, context)?;
    let least = least(args.severity);
    let checking = async {
        let mut look = Look::new(settings, signing, state, &policy, context);
        let checked = wait::until_ok(&mut look, wait, |checked| {
            accept(checked, &acceptance, least).0
        });
        let (checked, beneath) = accept(&checked.await?, &acceptance, least);
        if checked.outcome() != Outcome::Ok {
            look.doubt();
        }
        look.keep();
        Ok(Done {
            figures: CheckStats {
                took: began.elapsed(),
                calls: look.calls(),
                at_s: Timestamp::now().as_second(),
                beneath,
            },
            sides: look.into_sides(),
            checked,
        })
    };
    let done = runtime::block_on_told(checking, |signal| {
        CommandError::new(signal, Text::new("monitor-interrupted"))
    })?;
    finish(done, &args, &acceptance, context)
}

/// What was found, said, written and saved; then the exit code.
fn finish(
    mut done: Done,
    args: &CheckArgs,
    acceptance: &Acceptance,
    context: &Context<'_>,
) -> Result<u8, CommandError> {
    acceptance.tell_unused(&done.checked, context);
    if let Some(saved) = acceptance.save(&done.checked, context)? {
        done.checked = saved;
    }
    let report = CheckReport {
        checked: &done.checked,
        sides: &done.sides,
        figures: done.figures,
    };
    // As with the textfile: what was found is the result, whatever becomes of the copies of it.
    if let Err(error) = html::write(args.report.as_deref(), &report, context) {
        context.ui.error(&error);
    }
    output::show(&report, context)?;
    output::textfile(args.textfile.as_deref(), &report, context);
    Ok(if context.output() == OutputArg::Nagios {
        report.nagios_code()
    } else {
        done.checked.outcome().code()
    })
}

/// What is left after the baseline and `--severity`, and how much the latter left out.
fn accept(
    checked: &CheckResults,
    acceptance: &Acceptance,
    least: Severity,
) -> (CheckResults, usize) {
    let mut checked = acceptance.apply(checked);
    let all = checked.findings.len();
    checked.findings.retain(|finding| finding.severity >= least);
    let beneath = all - checked.findings.len();
    (checked, beneath)
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
    let settings = context.settings(args.connect.clone(), Some(select))?;
    session::require_side(&settings, Side::New)?;
    Ok(settings)
}

/// What is typed comes before the seed of a configuration: that one is then not even read.
fn signing(
    args: &CheckArgs,
    settings: &Settings,
    context: &Context<'_>,
) -> Result<Signing, CommandError> {
    match &args.login_file {
        Some(file) => {
            let old = args.old_login_file.as_deref();
            accounts::tokens(settings, file, old, context).map(Signing::Users)
        }
        None => session::keys(settings, context).map(Signing::Seeds),
    }
}

fn policy(args: &CheckArgs, settings: &Settings) -> Result<Policy, CommandError> {
    let mut typed = args.code.clone();
    typed.extend_from_slice(&args.skip_code);
    if let Some(code) = unknown_codes(&typed).first() {
        let text = Text::new("monitor-code-unknown").with("code", code.escape_default());
        return Err(CommandError::usage(text).hint(Text::new("monitor-code-unknown-hint")));
    }
    Ok(Policy {
        role: args.role.clone(),
        before_retiring_old: args.before_retiring_old,
        only_codes: args.code.clone(),
        skip_codes: args.skip_code.clone(),
        only_plugins: settings.plugins.clone(),
        skip_plugins: settings.skip_plugins.clone(),
        old_is_configured: settings.old.is_some(),
        // Each look puts its own to it.
        ..Policy::default()
    })
}

fn wait_for(args: &CheckArgs) -> Result<Option<std::time::Duration>, CommandError> {
    let typed = args.wait_until_ok.as_deref();
    let parsed = typed.map(|typed| {
        parse_duration(typed).ok_or_else(|| {
            let text = Text::new("monitor-wait-bad").with("value", typed.escape_default());
            CommandError::usage(text)
        })
    });
    parsed.transpose()
}

/// `--list`: every check.
fn list(context: &Context<'_>) -> Result<Outcome, CommandError> {
    let catalog = context.ui.catalog();
    let mut sheet = RecordTable::new(
        "check",
        "checks",
        &[Column::Code, Column::Severity, Column::Title],
    );
    for entry in catalogue() {
        sheet.row([
            Cell::words(entry.code),
            Cell::words(entry.severity.as_str()),
            Cell::words(catalog.render(&(entry.title)())),
        ]);
    }
    context.sheet(&sheet)
}
