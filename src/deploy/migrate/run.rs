//! Carries a plan out: each statement written to the ledger before and after. Decides nothing; what to
//! do with a statement is in the plan.

use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable as _;

use super::ledger::{LedgerRow, LedgerState, Script};
use super::plan::{Action, MigrationPlan, Options, plan};
use super::preflight::Survey;
use super::server::{ConnectionSettings, MigrateError, Peer, Server, told};
use super::split::Statement;
use super::watch::{Waiting, Watch};
use crate::confirm::Confirmation;
use crate::exit::Outcome;
use crate::i18n::Text;

/// How long is waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// For another runner on the same schema.
    pub runner: Duration,
    /// For other connections' locks on tables and rows (`lock_wait_timeout`).
    pub locks: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            runner: Duration::from_secs(10),
            locks: Duration::from_mins(1),
        }
    }
}

/// What happens while a plan is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A statement is begun.
    Begins {
        /// Its script.
        script: String,
        /// Its place among all statements, from 1.
        number: usize,
        /// How many statements there are.
        total: usize,
        /// Its first words.
        head: String,
    },
    /// A statement waits for others.
    Waits {
        /// Its place among all statements, from 1.
        number: usize,
        /// How many statements there are.
        total: usize,
        /// Whole seconds since it was begun.
        seconds: u64,
        /// For whom.
        waiting: Waiting,
    },
}

impl Progress {
    /// For people.
    pub fn text(&self) -> Text {
        match self {
            Self::Begins {
                script,
                number,
                total,
                head,
            } => Text::new("migrate-progress-begins")
                .with("number", number)
                .with("total", total)
                .with("script", script)
                .with("head", head),
            Self::Waits {
                number,
                total,
                seconds,
                waiting,
            } => {
                let peers = waiting.peers.iter();
                let peers: Vec<String> = peers
                    .map(|peer| format!("{} ({}@{})", peer.id, peer.user, peer.host))
                    .collect();
                let text = match (peers.is_empty(), waiting.certain) {
                    (true, _) => Text::new("migrate-progress-waits-unknown"),
                    (false, true) => {
                        Text::new("migrate-progress-waits").with("peers", peers.join(", "))
                    }
                    (false, false) => {
                        Text::new("migrate-progress-waits-likely").with("peers", peers.join(", "))
                    }
                };
                text.with("number", number)
                    .with("total", total)
                    .with("seconds", seconds)
            }
        }
    }
}

/// Where progress is told.
pub type Sink<'a> = dyn FnMut(Progress) + Send + 'a;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Statements carried out.
    pub run: usize,
    /// Statements recorded as true already or kept.
    pub recorded: usize,
}

/// What is known of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The plan.
    pub plan: MigrationPlan,
    /// What the server says of itself and of the schema.
    pub survey: Survey,
    /// The ledger.
    pub ledger: Vec<LedgerRow>,
    /// Who runs a migration on it at this moment.
    pub runner: Option<Peer>,
}

/// How far a migration is, in one word for `deploy status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All statements of the scripts are in the ledger.
    Done,
    /// Some are left, and nothing stands in the way.
    Left {
        /// How many.
        statements: usize,
    },
    /// Something stands in the way.
    Blocked,
}

impl Look {
    /// How far it is.
    pub fn status(&self) -> Status {
        if self.plan.is_done() {
            Status::Done
        } else if self.plan.is_blocked() {
            Status::Blocked
        } else {
            Status::Left {
                statements: self.plan.steps.len() - self.plan.recorded(),
            }
        }
    }
}

/// Looks at a schema. Nothing is changed: temporary tables are all that is written.
pub async fn look(
    settings: &ConnectionSettings,
    scripts: &[Script],
    options: &Options,
) -> Result<Look, MigrateError> {
    let mut server = Server::open(settings).await?;
    server.settle().await?;
    let survey = server.survey(settings).await?;
    let ledger = server.ledger().await?;
    let runner = server.locked_by().await?;
    let plan = server.plan(scripts, options).await?;
    Ok(Look {
        plan,
        survey,
        ledger,
        runner,
    })
}

/// Carries out the plan that was confirmed. The schema is looked at once more under the lock; where that
/// makes another plan, nothing is written.
pub async fn run(
    settings: &ConnectionSettings,
    scripts: &[Script],
    options: &Options,
    waits: Waits,
    confirmed: (&MigrationPlan, &Confirmation),
    sink: &mut Sink<'_>,
) -> Result<Done, MigrateError> {
    let mut server = Server::open(settings).await?;
    server.settle().await?;
    server.lock(waits.runner).await?;
    let plan = server.plan(scripts, options).await?;
    if plan != *confirmed.0 {
        let text = Text::new("migrate-changed-since-shown").with("schema", &settings.schema);
        return Err(MigrateError::new(Outcome::Unsafe, text));
    }
    if plan.is_blocked() {
        let text = Text::new("migrate-blocked").with("schema", &settings.schema);
        return Err(MigrateError::new(Outcome::Unsafe, text));
    }
    server.make_ledger().await?;
    let mut runner = Runner {
        server,
        watch: Watch::new(settings),
        total: plan.steps.len(),
        done: Done::default(),
        locks: waits.locks,
    };
    let mut in_script = None;
    for (at, step) in plan.steps.iter().enumerate() {
        let script = &scripts[step.place.0];
        if in_script != Some(step.place.0) {
            // Each script begins as with a client of its own: no `SET` of the one before is left.
            runner.server.fresh_session(runner.locks).await?;
            in_script = Some(step.place.0);
        }
        let statement = &script.statements[step.place.1];
        runner
            .step(at + 1, script, statement, &step.action, sink)
            .await?;
    }
    Ok(runner.done)
}

struct Runner<'a> {
    server: Server,
    watch: Watch<'a>,
    total: usize,
    done: Done,
    locks: Duration,
}

impl Runner<'_> {
    async fn step(
        &mut self,
        number: usize,
        script: &Script,
        statement: &Statement,
        action: &Action,
        sink: &mut Sink<'_>,
    ) -> Result<(), MigrateError> {
        match action {
            Action::Recorded(_) | Action::Conflict(_) => Ok(()),
            Action::Session { recorded, needed } => {
                if *needed {
                    self.carry_out(number, script, statement, sink).await?;
                }
                if !recorded {
                    self.server
                        .record(script, statement, LedgerState::Done, None)
                        .await?;
                }
                Ok(())
            }
            Action::AlreadyTrue { .. } => {
                self.done.recorded += 1;
                self.server
                    .record(script, statement, LedgerState::AlreadyTrue, None)
                    .await
            }
            Action::Keep(_) => {
                self.done.recorded += 1;
                self.server
                    .record(script, statement, LedgerState::Kept, None)
                    .await
            }
            Action::Run { rows } => {
                let head: String = statement
                    .text
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ");
                sink(Progress::Begins {
                    script: script.name.clone(),
                    number,
                    total: self.total,
                    head: head.chars().take(60).collect(),
                });
                self.server
                    .record(script, statement, LedgerState::Started, None)
                    .await?;
                if *rows {
                    self.server.act("START TRANSACTION").await?;
                }
                self.carry_out(number, script, statement, sink).await?;
                self.server
                    .record(script, statement, LedgerState::Done, None)
                    .await?;
                if *rows {
                    self.server.act("COMMIT").await?;
                }
                self.done.run += 1;
                Ok(())
            }
        }
    }

    async fn carry_out(
        &mut self,
        number: usize,
        script: &Script,
        statement: &Statement,
        sink: &mut Sink<'_>,
    ) -> Result<(), MigrateError> {
        let id = self.server.id();
        let began = Instant::now();
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        tick.tick().await;
        let result = {
            let work = self.server.conn.query_drop(statement.text.as_str());
            tokio::pin!(work);
            loop {
                tokio::select! {
                    result = &mut work => break result,
                    _ = tick.tick() => {
                        let total = self.total;
                        let looked = tokio::select! {
                            result = &mut work => break result,
                            looked = self.watch.look(id) => looked,
                        };
                        if let Some(waiting) = looked {
                            let seconds = began.elapsed().as_secs();
                            sink(Progress::Waits { number, total, seconds, waiting });
                        }
                    }
                }
            }
        };
        let Err(error) = result else { return Ok(()) };
        let (code, message) = told(&error);
        let failed = self.server.failed(&error);
        if code != 0 {
            // The transaction, where there is one, ends here; its record must not go with it.
            self.server.act("ROLLBACK").await?;
            let words = format!("{code} {message}");
            self.server
                .record(script, statement, LedgerState::Started, Some(&words))
                .await?;
        }
        let text = Text::new("migrate-statement-failed")
            .with("script", &script.name)
            .with("number", statement.number)
            .with("line", statement.line)
            .with("code", code)
            .with("message", message);
        let hint = match code {
            1205 => Text::new("migrate-hint-waited").with("seconds", self.locks.as_secs()),
            _ => Text::new("migrate-hint-again"),
        };
        Err(MigrateError::new(failed.outcome, text).hint(hint))
    }
}

impl Server {
    /// Makes the session read scripts as the splitter does, whatever the server's own mode is.
    pub(super) async fn settle(&mut self) -> Result<(), MigrateError> {
        self.act(
            "SET SESSION sql_mode = REPLACE(REPLACE(@@GLOBAL.sql_mode, 'NO_BACKSLASH_ESCAPES', ''), \
             'ANSI_QUOTES', ''), SESSION lock_wait_timeout = 60",
        )
        .await
    }

    async fn fresh_session(&mut self, locks: Duration) -> Result<(), MigrateError> {
        self.act("SET NAMES utf8mb4").await?;
        self.settle().await?;
        let seconds = locks.as_secs().max(1);
        self.act(&format!(
            "SET SESSION foreign_key_checks = DEFAULT, unique_checks = DEFAULT, time_zone = DEFAULT, \
             sql_notes = DEFAULT, autocommit = 1, lock_wait_timeout = {seconds}, \
             innodb_lock_wait_timeout = {seconds}"
        ))
        .await
    }

    async fn plan(
        &mut self,
        scripts: &[Script],
        options: &Options,
    ) -> Result<MigrationPlan, MigrateError> {
        let ledger = self.ledger().await?;
        let facts = self.facts(scripts, &ledger).await?;
        Ok(plan(scripts, &ledger, &facts, options))
    }
}
