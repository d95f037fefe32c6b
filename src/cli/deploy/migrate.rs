//! `deploy migrate status`, `plan`, `rehearse`, `run`, `repair`.

mod args;
mod connect;
mod job;
mod show;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Subcommand;

pub(crate) use self::args::RunArgs;
use self::args::{MigrateArgs, PlanArgs, RehearseArgs};
use self::connect::{address_of, password, settings};
use self::job::Job;
use self::show::{outcome, show, tables};
use crate::cli::args::OutputArg;
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::confirm::Confirmation;
use crate::deploy::migrate::{
    ConnectionSettings, Mode, Options, Progress, RehearsalOptions, Script, Status, Target, Waits,
    backup_line, differing_tables, find_backup, look, preflight, repairs, run as carry_out,
    version_key,
};
use crate::error::{CommandError, Failure as _};
use crate::exit::Outcome;
use crate::files::{MIB, read_text};
use crate::i18n::Text;
use crate::report::{Cell, Column, Meaning, RecordTable};
use crate::settings::parse_duration;

#[derive(Debug, Subcommand)]
pub(crate) enum MigrateCommand {
    Status(MigrateArgs),
    Plan(PlanArgs),
    Rehearse(RehearseArgs),
    Run(RunArgs),
    Repair(RehearseArgs),
}

/// Which rehearsal is wanted.
enum Rehearsing<'a> {
    No,
    Without,
    By(&'a RehearseArgs),
}

/// Runs it.
pub(super) fn run(command: MigrateCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let wait = Waits::default().runner;
    match command {
        MigrateCommand::Status(args) => {
            let jobs = jobs(&args, Rehearsing::No, wait, context)?;
            show(context, "deploy migrate status", &jobs, false)
        }
        MigrateCommand::Plan(args) => {
            let jobs = jobs(&args.of, Rehearsing::No, wait, context)?;
            show(context, "deploy migrate plan", &jobs, args.statements)
        }
        MigrateCommand::Rehearse(args) => {
            let jobs = jobs(&args.plan.of, Rehearsing::By(&args), wait, context)?;
            show(
                context,
                "deploy migrate rehearse",
                &jobs,
                args.plan.statements,
            )
        }
        MigrateCommand::Repair(args) => {
            let jobs = jobs(&args.plan.of, Rehearsing::By(&args), wait, context)?;
            repair(context, &jobs)
        }
        MigrateCommand::Run(args) => run_all(args, context),
    }
}

fn options(args: &MigrateArgs) -> Result<Options, CommandError> {
    let places = |typed: &[String]| -> Result<BTreeSet<(String, usize)>, CommandError> {
        let place = |typed: &String| {
            let found = typed
                .rsplit_once(':')
                .and_then(|(script, number)| Some((script.to_owned(), number.parse().ok()?)));
            found.ok_or_else(|| {
                CommandError::usage(Text::new("migrate-bad-place").with("typed", typed))
            })
        };
        typed.iter().map(place).collect()
    };
    Ok(Options {
        keep_tables: args.keep_table.iter().cloned().collect(),
        allow_destructive: args.allow_destructive,
        accept_scripts: args.accept_script.iter().cloned().collect(),
        mark_done: places(&args.mark_done)?,
        resume_at: places(&args.resume_at)?,
    })
}

fn mode(rehearsing: &Rehearsing<'_>, settings: &ConnectionSettings) -> Result<Mode, CommandError> {
    let args = match rehearsing {
        Rehearsing::No => return Ok(Mode::Read),
        Rehearsing::Without => return Ok(Mode::WithoutRehearsal),
        Rehearsing::By(args) => args,
    };
    let mut on = None;
    if let Some(address) = &args.rehearse_on {
        let typed = format!("{address}/information_schema");
        let mut other = settings.clone();
        address_of(&typed, &mut other)?;
        if let Some(user) = &args.rehearse_user {
            other.user.clone_from(user);
        }
        if let Some(path) = &args.rehearse_password_file {
            other.password = password(path)?;
        }
        on = Some(other);
    }
    Ok(Mode::Rehearse(RehearsalOptions {
        copy_rows: args.rehearse_rows.saturating_mul(1024 * 1024),
        on,
    }))
}

fn jobs(
    args: &MigrateArgs,
    rehearsing: Rehearsing<'_>,
    wait: Duration,
    context: &Context<'_>,
) -> Result<Vec<Job>, CommandError> {
    let options = options(args)?;
    let mut wanted = Vec::new();
    for (target, files) in [
        (Target::Core, &args.core_sql),
        (Target::Auth, &args.auth_sql),
    ] {
        if !files.is_empty() {
            let settings = settings(target, args, context)?;
            wanted.push((
                target,
                mode(&rehearsing, &settings)?,
                settings,
                scripts(files)?,
            ));
        }
    }
    if wanted.is_empty() {
        return Err(CommandError::usage(Text::new("migrate-no-scripts")));
    }
    for name in options.mark_done.iter().chain(&options.resume_at) {
        let has = |script: &Script| {
            script.name == name.0 && (1..=script.statements.len()).contains(&name.1)
        };
        if !wanted
            .iter()
            .any(|(_, _, _, scripts)| scripts.iter().any(has))
        {
            let text =
                Text::new("migrate-no-such-place").with("typed", format!("{}:{}", name.0, name.1));
            return Err(CommandError::usage(text));
        }
    }
    runtime::block_on(async {
        let mut jobs = Vec::new();
        for (target, mode, settings, scripts) in wanted {
            let found = look(&settings, &scripts, &options, &mode, wait).await?;
            let findings = preflight(&found.survey, target, &scripts, &found.plan);
            jobs.push(Job {
                target,
                settings,
                scripts,
                found,
                findings,
            });
        }
        Ok(jobs)
    })
}

/// The scripts in version order. Two of one name would be one in the ledger.
fn scripts(files: &[PathBuf]) -> Result<Vec<Script>, CommandError> {
    let (mut scripts, mut messages) = (Vec::new(), Vec::new());
    let mut names = BTreeSet::new();
    for path in files {
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        let of = |text: Text| text.with("path", path.display());
        if !names.insert(name.clone()) {
            messages.push(of(Text::new("migrate-script-twice")));
            continue;
        }
        match read_text(path, 64 * MIB) {
            Err(error) => messages.push(error.message()),
            Ok(text) => match Script::parse(name, &text) {
                Ok(script) if script.statements.is_empty() => {
                    messages.push(of(Text::new("migrate-script-empty")));
                }
                Ok(script) => scripts.push(script),
                Err(fault) => messages
                    .push(of(Text::new("migrate-script-fault")).nested("fault", fault.message())),
            },
        }
    }
    if !messages.is_empty() {
        return Err(CommandError {
            outcome: Outcome::Usage,
            messages,
            causes: Vec::new(),
            hints: Vec::new(),
        });
    }
    scripts.sort_by_cached_key(|script| version_key(&script.name));
    Ok(scripts)
}

fn repair(context: &Context<'_>, jobs: &[Job]) -> Result<Outcome, CommandError> {
    let columns = [Column::Script, Column::Statement, Column::Text];
    let mut table = RecordTable::new("deploy migrate repair", "statements", &columns);
    let mut count = 0;
    for job in jobs {
        for (place, statement) in repairs(&job.found.plan) {
            count += 1;
            let script = &job.scripts[place.0];
            let words = statement.split_whitespace().collect::<Vec<_>>().join(" ");
            table.row([
                Cell::plain(&script.name),
                Cell::number(script.statements[place.1].number),
                Cell::plain(words),
            ]);
        }
    }
    let outcome = if count == 0 {
        Outcome::NothingToDo
    } else {
        Outcome::Findings
    };
    let tables = jobs
        .iter()
        .flat_map(|job| differing_tables(&job.found.plan));
    let keep: BTreeSet<String> = tables
        .map(|table| format!("--keep-table {table}"))
        .collect();
    let keep = keep.into_iter().collect::<Vec<_>>().join(" ");
    let next = match (keep.is_empty(), count) {
        (true, _) => Text::new("migrate-repair-nothing"),
        (false, 0) => Text::new("migrate-repair-none").with("keep", keep),
        (false, _) => Text::new("migrate-repair-next").with("keep", keep),
    };
    context.show_table(&table.outcome(outcome).verdict(Meaning::Plain, next))
}

fn waits(args: &RunArgs) -> Result<Waits, CommandError> {
    let limit = args.deadline.as_deref();
    let limit = limit
        .map(|typed| parse_duration("--deadline", typed))
        .transpose()?;
    Ok(Waits {
        runner: parse_duration("--runner-wait", &args.runner_wait)?,
        locks: parse_duration("--lock-wait", &args.lock_wait)?,
        stop_at: limit.map(|limit| Instant::now() + limit),
    })
}

/// Looks, rehearses and checks the backups. What stops a run is an error, and its page is shown.
fn prepare(
    command: &'static str,
    args: RunArgs,
    context: &Context<'_>,
) -> Result<Ready, CommandError> {
    let waits = waits(&args)?;
    let rehearsing = if args.without_rehearsal {
        Rehearsing::Without
    } else {
        Rehearsing::By(&args.rehearsal)
    };
    let jobs = jobs(&args.rehearsal.plan.of, rehearsing, waits.runner, context)?;
    let options = options(&args.rehearsal.plan.of)?;
    let statements = args.rehearsal.plan.statements;
    match outcome(&jobs) {
        Outcome::Unsafe => {
            let mut error = CommandError::new(Outcome::Unsafe, Text::new("migrate-stopped-before"))
                .hint(Text::new("migrate-stopped-hint"));
            if command == "deploy all" || context.output() != OutputArg::Table {
                // Standard output has one document: that of the error, with the findings in it.
                context.preview(&tables(command, &jobs, statements), true);
                let findings = jobs.iter().flat_map(|job| &job.findings);
                let stops = findings.filter(|finding| finding.stops);
                error.messages.extend(stops.map(|it| it.text.clone()));
            } else {
                show(context, command, &jobs, statements)?;
            }
            return Err(error);
        }
        Outcome::NothingToDo => {}
        _ => backups(&jobs, &args.backup, &args.without_backup)?,
    }
    Ok(Ready {
        jobs,
        options,
        waits,
    })
}

fn run_all(args: RunArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let (yes, statements) = (args.yes, args.rehearsal.plan.statements);
    let ready = prepare("deploy migrate run", args, context)?;
    if outcome(&ready.jobs) == Outcome::NothingToDo {
        return show(context, "deploy migrate run", &ready.jobs, statements);
    }
    context.preview(&tables("deploy migrate run", &ready.jobs, statements), true);
    let question = Text::new("migrate-confirm")
        .count("count", ready.to_run())
        .with("schemas", ready.schemas().join(", "));
    let confirmation = context.confirm(&question, yes)?;
    carry(&ready, &confirmation, context)?;
    let mut table = RecordTable::new(
        "deploy migrate run",
        "schemas",
        &[
            Column::Schema,
            Column::Statements,
            Column::ToRun,
            Column::ToRecord,
        ],
    );
    let (mut run, mut recorded) = (0, 0);
    for job in &ready.jobs {
        let plan = &job.found.plan;
        (run, recorded) = (run + plan.to_run(), recorded + plan.to_record());
        table.row([
            Cell::plain(&job.settings.schema),
            Cell::number(plan.steps.len()),
            Cell::number(plan.to_run()),
            Cell::number(plan.to_record()),
        ]);
    }
    let verdict = Text::new("migrate-verdict-ran")
        .count("run", run)
        .with("recorded", recorded);
    context.show_table(
        &table
            .outcome(Outcome::Converged)
            .verdict(Meaning::Good, verdict),
    )
}

/// Scripts that may be carried out.
pub(super) struct Ready {
    jobs: Vec<Job>,
    options: Options,
    waits: Waits,
}

impl Ready {
    fn open(&self) -> impl Iterator<Item = &Job> {
        self.jobs
            .iter()
            .filter(|job| job.found.status() != Status::Done)
    }

    /// The schemas that will be written, by address and name.
    pub(super) fn schemas(&self) -> Vec<String> {
        self.open().map(|job| job.settings.address()).collect()
    }

    /// Statements that will be carried out.
    pub(super) fn to_run(&self) -> usize {
        self.jobs.iter().map(|job| job.found.plan.to_run()).sum()
    }
}

/// Looks at scripts and schemas for `deploy all`.
pub(super) fn begin(args: RunArgs, context: &Context<'_>) -> Result<Ready, CommandError> {
    prepare("deploy all", args, context)
}

/// Carries the scripts out.
pub(super) fn carry(
    ready: &Ready,
    confirmation: &Confirmation,
    context: &Context<'_>,
) -> Result<(), CommandError> {
    let work = async {
        for job in ready.open() {
            let confirmed = (&job.found, confirmation);
            let mut sink = |progress: Progress| {
                if let Some(message) = progress.message() {
                    context.ui.notice(&message);
                }
            };
            carry_out(
                &job.settings,
                &job.scripts,
                &ready.options,
                ready.waits,
                confirmed,
                &mut sink,
            )
            .await?;
        }
        Ok(())
    };
    runtime::block_on_told(work, |signal| {
        // The server may finish the statement; the next run finds out.
        CommandError::new(signal, Text::new("migrate-interrupted"))
    })
}

/// Each schema that was not begun has a backup, or its name was typed after `--without-backup`.
fn backups(jobs: &[Job], paths: &[PathBuf], without: &[String]) -> Result<(), CommandError> {
    let (mut messages, mut hints) = (Vec::new(), Vec::new());
    for job in jobs.iter().filter(|job| job.found.ledger.is_empty()) {
        let (settings, schema) = (&job.settings, &job.settings.schema);
        if without.contains(schema) {
            continue;
        }
        match find_backup(paths, schema, &job.found.survey.filled) {
            Ok(()) => continue,
            Err(faults) if faults.is_empty() => messages.push(
                Text::new("migrate-no-backup")
                    .with("schema", schema)
                    .with("component", job.target.as_str()),
            ),
            Err(faults) => messages.extend(faults),
        }
        hints.push(
            Text::new("migrate-backup-line")
                .with("line", backup_line(settings))
                .with("schema", schema),
        );
    }
    if messages.is_empty() {
        return Ok(());
    }
    Err(CommandError {
        outcome: Outcome::Unsafe,
        messages,
        causes: Vec::new(),
        hints,
    })
}
