//! Runs `check`.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::super::args::{CheckArgs, OutputArg, SelectArgs, SeverityArg};
use super::super::context::Context;
use super::super::{accounts, html, runtime, session};
use super::baseline::Acceptance;
use super::error::CheckError;
use super::output::Ended;
use super::runner::{CheckRunner, TokenSource};
use super::{alarm, lock, memory, output, wait};
use crate::check::{
    CheckResults, Finding, News, NewsPolicy, Policy, catalogue, decide, fold, unknown_codes,
};
use crate::domain::{PlatformVersion, Reading, Severity, Side};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::report::{Cell, CheckReport, CheckStats, Column, RecordTable, SideSummary};
use crate::settings::{DEFAULT_DEADLINE, DurationError, Settings, parse_duration};

/// Default of `--remind`.
const REMIND: Duration = Duration::from_hours(24);
/// The largest N of `--after K/N`.
const MOST_CHECKS: usize = 100;

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
    let url = alarm::ping_url(args.ping_file.as_deref(), context);
    let settings = settings(&args, context);
    let known = settings.as_ref().ok().cloned();
    let ended = settings.and_then(|settings| {
        if args.test_alarm {
            test_alarm(&args, &settings, context)
        } else {
            check(&args, settings, context)
        }
    });
    let outcome = match &ended {
        Ok(ended) => ended.outcome,
        Err(error) => error.outcome,
    };
    let sent = url.is_ok_and(|url| {
        url.is_none_or(|url| alarm::send_ping(&url, outcome, known.as_ref(), context))
    });
    let code = ended?.code;
    Ok(if args.test_alarm && !sent {
        Outcome::Failed.code()
    } else {
        code
    })
}

/// Requests the ping URL of a check whose configuration cannot be read.
pub(in crate::cli) fn ping_failure(args: &CheckArgs, error: &CommandError, context: &Context<'_>) {
    if let Ok(Some(url)) = alarm::ping_url(args.ping_file.as_deref(), context) {
        alarm::send_ping(&url, error.outcome, None, context);
    }
}

fn check(
    args: &CheckArgs,
    settings: Settings,
    context: &Context<'_>,
) -> Result<Ended, CommandError> {
    let began = Instant::now();
    let policy = policy(args, &settings)?;
    let news = news_policy(args)?;
    html::check(args.report.as_deref())?;
    let acceptance = Acceptance::read(args)?;
    let wait = wait_for(args)?;
    let state = lock::state(&settings, context);
    let limit = settings.deadline.unwrap_or(DEFAULT_DEADLINE) + wait.unwrap_or_default();
    let _lock = match lock::acquire(state.as_ref(), &settings, limit, context) {
        Ok(lock) => lock,
        Err(lock::Refused::Silent(error)) => return output::busy(&error, context),
        Err(lock::Refused::Reported(error)) => return Err(error),
    };
    let tokens = token_source(args, &settings, context)?;
    let least = least(args.severity);
    let ran = memory::load_running(state.as_ref(), &settings, &args.accept_gone, context)?;
    let known = settings.clone();
    let checking = async {
        let mut runner = CheckRunner::new(settings, tokens, state.clone(), ran, &policy, context);
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
    let mut done =
        runtime::block_on_small(checking, |signal| CheckError::Interrupted(signal).into())?;
    acceptance.report_unused(&done.results, context);
    if let Some(saved) = acceptance.save(&done.results, context)? {
        done.results = saved;
    }
    let results = done.results;
    let decided = args.on_change.then(|| {
        let history = memory::load_history(state.as_ref(), &known, args, context);
        decide(history.as_ref(), &results, done.stats.at_s, news)
    });
    let report = CheckReport {
        results: &results,
        sides: &done.sides,
        stats: done.stats,
        name: known.name.as_deref(),
        news: decided.as_ref().map(|(news, _)| news),
    };
    let told = deliver(args, &report, context)?;
    // What was not told is told by the next check.
    if let Some((_, history)) = decided.as_ref().filter(|_| told.all_heard) {
        memory::store_history(state.as_ref(), &known, args, history, context);
    }
    Ok(told.ended)
}

/// A report that was told.
struct Delivered {
    ended: Ended,
    /// Whether the command of `--notify` heard what it had to.
    all_heard: bool,
    /// Whether the files could be written.
    all_written: bool,
}

/// Writes, shows and tells a report.
fn deliver(
    args: &CheckArgs,
    report: &CheckReport<'_>,
    context: &Context<'_>,
) -> Result<Delivered, CommandError> {
    // As with the textfile, a copy that cannot be written does not change the result.
    let copied = html::write(args.report.as_deref(), report, context);
    if let Err(error) = &copied {
        context.ui.error(error);
    }
    let written = output::textfile(args.textfile.as_deref(), report, context);
    output::show(report, context)?;
    let changed = report.news.is_some_and(|news| news.changed);
    let all_heard = match &args.notify {
        Some(command) if changed => alarm::notify(command, report, context)?,
        _ => true,
    };
    let outcome = report.results.outcome();
    Ok(Delivered {
        ended: Ended {
            code: if context.output() == OutputArg::Nagios {
                report.nagios_code()
            } else {
                outcome.code()
            },
            outcome,
        },
        all_heard,
        all_written: copied.is_ok() && written,
    })
}

/// `--test-alarm`: a finding that is none, told in every way that the options name. No instance is read.
fn test_alarm(
    args: &CheckArgs,
    settings: &Settings,
    context: &Context<'_>,
) -> Result<Ended, CommandError> {
    let now = Timestamp::now();
    let results = CheckResults {
        findings: vec![Finding::test(now.to_string())],
        ..CheckResults::default()
    };
    let news = News {
        changed: true,
        due: true,
        ..News::default()
    };
    let sides: Vec<SideSummary> = settings
        .sides()
        .into_iter()
        .filter_map(|side| {
            Some(SideSummary {
                identity: settings.side(side)?.identity.clone(),
                version: Reading::Known(PlatformVersion::parse("-")),
            })
        })
        .collect();
    let report = CheckReport {
        results: &results,
        sides: &sides,
        stats: CheckStats {
            at_s: now.as_second(),
            ..CheckStats::default()
        },
        name: settings.name.as_deref(),
        news: Some(&news),
    };
    let told = deliver(args, &report, context)?;
    Ok(if told.all_heard && told.all_written {
        told.ended
    } else {
        Ended {
            code: Outcome::Failed.code(),
            outcome: Outcome::Failed,
        }
    })
}

/// `--remind`, `--after` and `--notify`.
fn news_policy(args: &CheckArgs) -> Result<NewsPolicy, CommandError> {
    if args.notify.is_some() && !args.on_change {
        return Err(CheckError::NotifyWithoutChange.into());
    }
    let remind = match &args.remind {
        Some(typed) => parse_duration("--remind", typed)?,
        None => REMIND,
    };
    let window = |typed: &str| {
        let (least, of) = typed.split_once('/')?;
        let (least, of) = (least.parse().ok()?, of.parse().ok()?);
        (1 <= least && least <= of && of <= MOST_CHECKS).then_some((least, of))
    };
    let (least, of) = match &args.after {
        Some(typed) => window(typed).ok_or_else(|| CheckError::BadWindow(typed.clone()))?,
        None => (1, 1),
    };
    Ok(NewsPolicy {
        remind_s: remind.as_secs(),
        least,
        of,
    })
}

/// The results, folded, without accepted findings and without those that `--severity` hides; and how
/// many it hides.
fn accept(
    checked: &CheckResults,
    acceptance: &Acceptance,
    least: Severity,
) -> (CheckResults, usize) {
    let mut checked = fold(acceptance.apply(checked));
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

fn wait_for(args: &CheckArgs) -> Result<Option<Duration>, DurationError> {
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
            Cell::plain(check.code),
            Cell::text(check.severity.text(), check.severity.as_str()),
            Cell::plain(catalog.render(&check.title())),
        ]);
    }
    context.show_table(&sheet)
}
