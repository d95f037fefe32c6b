//! `deploy migrate status`, `plan`, `run`, `repair`.

mod show;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use self::show::{outcome, sheet, show};
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::confirm::Confirmation;
use crate::deploy::migrate::{
    ConnectionSettings, Finding, Look, MigrateError, Options, Script, Status, Target, Waits,
    backup_line, differing_tables, find_backup, look, preflight, repairs, run as carry_out,
    version_key,
};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::{Cell, Column, Meaning, RecordTable};
use crate::secret::{Secret, check_mode, read_secret};
use crate::settings::{file_unreadable, parse_duration};

#[derive(Debug, Subcommand)]
pub(crate) enum MigrateCommand {
    Status(MigrateArgs),
    Plan(MigrateArgs),
    Run(RunArgs),
    Repair(MigrateArgs),
}

#[derive(Debug, Default, Args)]
pub(crate) struct MigrateArgs {
    #[arg(long, value_name = "FILE", num_args = 1..)]
    core_sql: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", num_args = 1..)]
    auth_sql: Vec<PathBuf>,
    #[arg(long, value_name = "HOST:PORT/SCHEMA")]
    core_db: Option<String>,
    #[arg(long, value_name = "NAME")]
    core_db_user: Option<String>,
    #[arg(long, value_name = "FILE")]
    core_db_password_file: Option<PathBuf>,
    #[arg(long, value_name = "HOST:PORT/SCHEMA")]
    auth_db: Option<String>,
    #[arg(long, value_name = "NAME")]
    auth_db_user: Option<String>,
    #[arg(long, value_name = "FILE")]
    auth_db_password_file: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    keep_table: Vec<String>,
    #[arg(long)]
    allow_destructive: bool,
    #[arg(long, value_name = "NAME")]
    accept_script: Vec<String>,
}

#[derive(Debug, Default, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    of: MigrateArgs,
    #[arg(long, value_name = "FILE", num_args = 1..)]
    backup: Vec<PathBuf>,
    #[arg(long, value_name = "SCHEMA")]
    without_backup: Vec<String>,
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    runner_wait: String,
    #[arg(long, value_name = "DURATION", default_value = "60s")]
    lock_wait: String,
    #[arg(short, long)]
    pub(super) yes: bool,
}

/// One schema, its scripts, and what was found.
struct Job {
    target: Target,
    settings: ConnectionSettings,
    scripts: Vec<Script>,
    found: Look,
    findings: Vec<Finding>,
}

/// Runs it.
pub(super) fn run(command: MigrateCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    match command {
        MigrateCommand::Status(args) => {
            let (jobs, _) = jobs(args, context)?;
            show(context, "deploy migrate status", &jobs, false)
        }
        MigrateCommand::Plan(args) => {
            let (jobs, _) = jobs(args, context)?;
            show(context, "deploy migrate plan", &jobs, true)
        }
        MigrateCommand::Repair(args) => {
            let (jobs, _) = jobs(args, context)?;
            repair(context, &jobs)
        }
        MigrateCommand::Run(args) => run_all(args, context),
    }
}

fn failed(error: MigrateError) -> CommandError {
    let hints = error.hint.into_iter().collect();
    CommandError {
        outcome: error.outcome,
        messages: vec![error.text],
        causes: Vec::new(),
        hints,
    }
}

fn jobs(args: MigrateArgs, context: &Context<'_>) -> Result<(Vec<Job>, Options), CommandError> {
    let options = Options {
        keep_tables: args.keep_table.iter().cloned().collect(),
        allow_destructive: args.allow_destructive,
        accept_scripts: args.accept_script.iter().cloned().collect(),
    };
    let mut wanted = Vec::new();
    for (target, files) in [
        (Target::Core, &args.core_sql),
        (Target::Auth, &args.auth_sql),
    ] {
        if !files.is_empty() {
            let scripts = scripts(files)?;
            wanted.push((target, settings(target, &args, context)?, scripts));
        }
    }
    if wanted.is_empty() {
        return Err(CommandError::usage(Text::new("migrate-no-scripts")));
    }
    let jobs = runtime::block_on(async {
        let mut jobs = Vec::new();
        for (target, settings, scripts) in wanted {
            let found = look(&settings, &scripts, &options).await.map_err(failed)?;
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
    })?;
    Ok((jobs, options))
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
        match fs_err::read_to_string(path) {
            Err(error) => messages.push(file_unreadable(path, &error)),
            Ok(text) => match Script::parse(name, &text) {
                Ok(script) if script.statements.is_empty() => {
                    messages.push(of(Text::new("migrate-script-empty")));
                }
                Ok(script) => scripts.push(script),
                Err(fault) => {
                    messages
                        .push(of(Text::new("migrate-script-fault")).nested("fault", fault.text()));
                }
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

/// Where the schema is: flags first, then the env file's variables.
fn settings(
    target: Target,
    args: &MigrateArgs,
    context: &Context<'_>,
) -> Result<ConnectionSettings, CommandError> {
    let (address, user, password_file, stem, database) = match target {
        Target::Core => (
            &args.core_db,
            &args.core_db_user,
            &args.core_db_password_file,
            "wecube",
            "wecube",
        ),
        Target::Auth => (
            &args.auth_db,
            &args.auth_db_user,
            &args.auth_db_password_file,
            "auth",
            "auth_server",
        ),
    };
    let env = |part: &str| {
        let (_, file) = context.files.env()?;
        file.get(&format!("mysql_{stem}_{part}")).map(str::to_owned)
    };
    let missing = |what: &str| {
        CommandError::usage(
            Text::new("migrate-setting-missing")
                .with("component", target.as_str())
                .with("flag", format!("--{}-{what}", target.as_str())),
        )
    };
    let (host, port, schema) = if let Some(address) = address {
        parse_address(address).ok_or_else(|| {
            CommandError::usage(Text::new("migrate-bad-address").with("address", address))
        })?
    } else {
        let host = env("host").ok_or_else(|| missing("db"))?;
        let port = env("port").and_then(|port| port.parse().ok());
        let schema = env("database").unwrap_or_else(|| database.to_owned());
        (host, port.unwrap_or(3306), schema)
    };
    let user = user
        .clone()
        .or_else(|| env("username"))
        .ok_or_else(|| missing("db-user"))?;
    let password = if let Some(path) = password_file {
        password(path)?
    } else {
        if let Some(wide) = context.files.env().and_then(|(path, _)| check_mode(path)) {
            context.ui.warn(&wide.text());
        }
        Secret::new(env("password").ok_or_else(|| missing("db-password-file"))?)
    };
    Ok(ConnectionSettings {
        host,
        port,
        user,
        password,
        schema,
    })
}

/// A password that others on the host can read is refused.
fn password(path: &Path) -> Result<Secret, CommandError> {
    let (secret, wide) = read_secret(path).map_err(|error| CommandError::usage(error.text()))?;
    match wide {
        Some(wide) => Err(CommandError::usage(wide.text())),
        None => Ok(secret),
    }
}

/// `HOST:PORT/SCHEMA`; an IPv6 address in brackets.
fn parse_address(typed: &str) -> Option<(String, u16, String)> {
    let (place, schema) = typed.split_once('/')?;
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            (host, port.parse().ok()?)
        }
        Some(_) => return None,
        None => (place, 3306),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let whole = !host.is_empty() && !schema.is_empty();
    whole.then(|| (host.to_owned(), port, schema.to_owned()))
}

impl Job {
    fn stops(&self) -> bool {
        self.found.plan.is_blocked() || self.findings.iter().any(|finding| finding.stops)
    }

    fn begun(&self) -> bool {
        !self.found.ledger.is_empty()
    }
}

fn repair(context: &Context<'_>, jobs: &[Job]) -> Result<Outcome, CommandError> {
    let mut sheet = RecordTable::new(
        "deploy migrate repair",
        "statements",
        &[Column::Script, Column::Statement, Column::Text],
    );
    let mut count = 0;
    for job in jobs {
        for (place, statement) in repairs(&job.scripts, &job.found.plan) {
            count += 1;
            let script = &job.scripts[place.0];
            let words = statement.split_whitespace().collect::<Vec<_>>().join(" ");
            sheet.row([
                Cell::words(&script.name),
                Cell::number(script.statements[place.1].number),
                Cell::words(words),
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
    let sheet = sheet.outcome(outcome);
    if keep.is_empty() {
        return context.sheet(&sheet);
    }
    let keep = keep.into_iter().collect::<Vec<_>>().join(" ");
    let next = if count == 0 {
        Text::new("migrate-repair-none")
    } else {
        Text::new("migrate-repair-next")
    };
    context.sheet(&sheet.verdict(Meaning::Plain, next.with("keep", keep)))
}

fn waits(args: &RunArgs) -> Result<Waits, CommandError> {
    let duration = |typed: &str| {
        parse_duration(typed).ok_or_else(|| {
            CommandError::usage(Text::new("migrate-bad-duration").with("typed", typed))
        })
    };
    Ok(Waits {
        runner: duration(&args.runner_wait)?,
        locks: duration(&args.lock_wait)?,
    })
}

fn stopped_before() -> CommandError {
    CommandError::new(Outcome::Unsafe, Text::new("migrate-stopped-before"))
        .hint(Text::new("migrate-stopped-hint"))
}

fn run_all(args: RunArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let waits = waits(&args)?;
    let (jobs, options) = jobs(args.of, context)?;
    let ended = outcome(&jobs);
    if ended == Outcome::NothingToDo {
        return show(context, "deploy migrate run", &jobs, false);
    }
    if ended == Outcome::Unsafe {
        show(context, "deploy migrate run", &jobs, true)?;
        return Err(stopped_before());
    }
    backups(&jobs, &args.backup, &args.without_backup)?;
    context.preview(&sheet("deploy migrate run", &jobs, true), true);
    let ready = Ready {
        jobs,
        options,
        waits,
    };
    let question = Text::new("migrate-confirm")
        .count("count", ready.to_run())
        .with("schemas", ready.schemas().join(", "));
    let confirmation = context.confirm(&question, args.yes)?;
    carry(&ready, &confirmation, context)?;
    context.sheet(&summary(&ready.jobs).outcome(Outcome::Converged))
}

/// Scripts that may be carried out.
pub(super) struct Ready {
    jobs: Vec<Job>,
    options: Options,
    waits: Waits,
}

impl Ready {
    /// The schemas that will be written, by address and name.
    pub(super) fn schemas(&self) -> Vec<String> {
        let open = |job: &&Job| job.found.status() != Status::Done;
        self.jobs
            .iter()
            .filter(open)
            .map(|job| job.settings.address())
            .collect()
    }

    /// Statements that will be carried out.
    pub(super) fn to_run(&self) -> usize {
        self.jobs.iter().map(|job| job.found.plan.to_run()).sum()
    }
}

/// Looks at scripts and schemas for `deploy all`; what stops them is the error, and its page is shown.
pub(super) fn begin(args: RunArgs, context: &Context<'_>) -> Result<Ready, CommandError> {
    let waits = waits(&args)?;
    let (jobs, options) = jobs(args.of, context)?;
    match outcome(&jobs) {
        Outcome::Unsafe => {
            context.preview(&sheet("deploy all", &jobs, true), true);
            return Err(stopped_before());
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

/// Carries the scripts out.
pub(super) fn carry(
    ready: &Ready,
    confirmation: &Confirmation,
    context: &Context<'_>,
) -> Result<(), CommandError> {
    let work = async {
        for job in ready
            .jobs
            .iter()
            .filter(|job| job.found.status() != Status::Done)
        {
            let confirmed = (&job.found.plan, confirmation);
            let mut sink = |progress: crate::deploy::migrate::Progress| {
                context.ui.say(&progress.text());
            };
            let (settings, scripts) = (&job.settings, &job.scripts);
            carry_out(
                settings,
                scripts,
                &ready.options,
                ready.waits,
                confirmed,
                &mut sink,
            )
            .await
            .map_err(failed)?;
        }
        Ok(())
    };
    runtime::block_on_told(work, |signal| {
        // The server may finish the statement; the next run finds out.
        CommandError::new(signal, Text::new("migrate-interrupted"))
    })
}

fn summary(jobs: &[Job]) -> RecordTable {
    let mut sheet = RecordTable::new(
        "deploy migrate run",
        "schemas",
        &[
            Column::Schema,
            Column::Statements,
            Column::ToRun,
            Column::ToRecord,
        ],
    );
    for job in jobs {
        sheet.row([
            Cell::words(&job.settings.schema),
            Cell::number(job.found.plan.steps.len()),
            Cell::number(job.found.plan.to_run()),
            Cell::number(job.found.plan.to_record()),
        ]);
    }
    sheet
}

/// Each schema that was not begun has a backup, or its name was typed after `--without-backup`.
fn backups(jobs: &[Job], paths: &[PathBuf], without: &[String]) -> Result<(), CommandError> {
    let (mut messages, mut hints) = (Vec::new(), Vec::new());
    for job in jobs.iter().filter(|job| !job.begun()) {
        let (settings, schema) = (&job.settings, &job.settings.schema);
        if without.contains(schema) {
            continue;
        }
        let tables: BTreeSet<String> = job.found.survey.sizes.keys().cloned().collect();
        match find_backup(paths, schema, &tables) {
            Ok(()) => continue,
            Err(faults) if faults.is_empty() => messages.push(
                Text::new("migrate-no-backup")
                    .with("schema", schema)
                    .with("component", job.target.as_str()),
            ),
            Err(faults) => messages.extend(faults),
        }
        let line = backup_line(&settings.host, settings.port, &settings.user, schema);
        hints.push(
            Text::new("migrate-backup-line")
                .with("line", line)
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

#[cfg(test)]
mod tests {
    use super::parse_address;

    #[test]
    fn addresses_are_read() {
        for (typed, wanted) in [
            ("h:3307/wecube", Some(("h", 3307, "wecube"))),
            ("h/wecube", Some(("h", 3306, "wecube"))),
            ("[::1]:3307/w", Some(("::1", 3307, "w"))),
            ("::1/w", None),
            ("h:3307", None),
            ("h:x/w", None),
            (":1/w", None),
            ("h:1/", None),
        ] {
            let wanted =
                wanted.map(|(host, port, schema)| (host.to_owned(), port, schema.to_owned()));
            assert_eq!(parse_address(typed), wanted, "{typed}");
        }
    }
}
