//! Carries a plan out. The ledger and its lock have a connection of their own; statements go over another
//! one, with a lock of its own, so that a run knows when the connection of one that was killed is gone.

use std::time::{Duration, Instant};

use mysql_async::consts::StatusFlags;
use mysql_async::prelude::Queryable as _;

use super::error::{MigrateError, server_error};
use super::inspect::Scope;
use super::judge::{Judgement, judge};
use super::ledger::{LedgerRow, LedgerState, Script};
use super::model::Rehearsal;
use super::object::fingerprint;
use super::plan::{Action, Options};
use super::program::{Place, Program};
use super::record::{Lock, Note};
use super::section::Section;
use super::server::{ConnectionSettings, Server};
use super::statement::Kind;
use super::view::MigrationState;
use super::watch::Waiting;
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
    /// No statement is begun after this time.
    pub stop_at: Option<Instant>,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            runner: Duration::from_secs(10),
            locks: Duration::from_mins(1),
            stop_at: None,
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
    /// The server carried a statement out, and the ledger does not say so yet.
    Executed {
        /// Its place among all statements, from 1.
        number: usize,
    },
}

/// Receives progress.
pub type Sink<'a> = dyn FnMut(Progress) + Send + 'a;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Statements carried out.
    pub run: usize,
    /// Statements recorded as true already or kept.
    pub recorded: usize,
}

/// Carries out the plan that was confirmed. If the schema or its ledger changed since, nothing is written.
pub async fn run(
    settings: &ConnectionSettings,
    scripts: &[Script],
    options: &Options,
    waits: Waits,
    confirmed: (&MigrationState, &Confirmation),
    sink: &mut Sink<'_>,
) -> Result<Done, MigrateError> {
    let look = confirmed.0;
    if look.plan.is_blocked() {
        let text = Text::new("migrate-blocked").with("schema", &settings.schema);
        return Err(MigrateError::new(Outcome::Unsafe, text));
    }
    let mut ledger = Server::open(settings).await?;
    // An idle lock must not be freed while a statement takes its time.
    let _optional = ledger
        .conn
        .query_drop("SET SESSION wait_timeout = 31536000")
        .await;
    ledger.lock(Lock::Ledger, waits.runner).await?;
    let rows = ledger.ledger().await?;
    gone(&mut ledger, &rows, waits.runner).await?;
    let mut data = data_connection(settings, waits).await?;
    data.lock(Lock::Data, waits.runner).await?;
    let present = ledger.snapshot(&settings.schema, Scope::Whole).await?;
    if rows != look.ledger || present != look.present {
        let text = Text::new("migrate-changed-since-shown").with("schema", &settings.schema);
        return Err(MigrateError::new(Outcome::Unsafe, text));
    }
    ledger.make_ledger().await?;
    let lower = ledger.lowers_names().await;
    let mut runner = Runner {
        settings,
        program: &Program::new(scripts, lower),
        rehearsal: look.rehearsal.as_ref(),
        options,
        rows,
        ledger,
        data,
        waits,
        total: look.plan.steps.len(),
        done: Done::default(),
    };
    let mut in_script = 0;
    let mut at = 0;
    while let Some(step) = look.plan.steps.get(at) {
        runner.require_time(at + 1)?;
        if in_script != step.place.0 {
            runner.end_script(scripts, in_script).await?;
            // Each script begins as with a client of its own.
            in_script = step.place.0;
        }
        let section = runner
            .program
            .section(step.place)
            .filter(|_| step.action == Action::Run);
        if let Some(section) = section {
            let last = at + section.last - step.place.1;
            runner
                .section(
                    at,
                    last,
                    &look.plan.steps[at..=last]
                        .iter()
                        .map(|step| step.place)
                        .collect::<Vec<_>>(),
                    section,
                    sink,
                )
                .await?;
            at = last + 1;
            continue;
        }
        runner.step(at + 1, step.place, &step.action, sink).await?;
        at += 1;
    }
    runner.end_script(scripts, in_script).await?;
    Ok(runner.done)
}

/// Waits until the connections of a run that was killed are gone: the server may still be at their statement.
async fn gone(ledger: &mut Server, rows: &[LedgerRow], wait: Duration) -> Result<(), MigrateError> {
    let began = Instant::now();
    for id in rows
        .iter()
        .filter(|row| row.cut_off())
        .filter_map(|row| row.connection)
    {
        let there = format!(
            "SELECT ID FROM information_schema.PROCESSLIST WHERE ID = {id} AND DB = DATABASE() AND COMMAND <> 'Sleep'"
        );
        while !ledger.rows_if(&there).await.is_empty() {
            if began.elapsed() > wait {
                let text = Text::new("migrate-data-busy")
                    .with("id", id)
                    .with("schema", &ledger.schema);
                return Err(MigrateError::new(
                    Outcome::Locked,
                    text.with("seconds", wait.as_secs()),
                ));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    Ok(())
}

async fn data_connection(
    settings: &ConnectionSettings,
    waits: Waits,
) -> Result<Server, MigrateError> {
    let mut data = Server::open(settings).await?;
    let seconds = waits.locks.as_secs().max(1);
    data.execute(&format!("SET NAMES utf8mb4, SESSION lock_wait_timeout = {seconds}, SESSION innodb_lock_wait_timeout = {seconds}")).await?;
    Ok(data)
}

struct Runner<'a> {
    settings: &'a ConnectionSettings,
    program: &'a Program<'a>,
    rehearsal: Option<&'a Rehearsal>,
    options: &'a Options,
    rows: Vec<LedgerRow>,
    ledger: Server,
    data: Server,
    waits: Waits,
    total: usize,
    done: Done,
}

impl Runner<'_> {
    fn require_time(&self, number: usize) -> Result<(), MigrateError> {
        if self.waits.stop_at.is_none_or(|at| Instant::now() < at) {
            return Ok(());
        }
        let text = Text::new("migrate-stop-deadline").with("schema", &self.settings.schema);
        let text = text.count("number", number).count("total", self.total);
        Err(MigrateError::new(Outcome::Partial, text))
    }

    /// At a script's end no transaction may be open; the next one gets a connection of its own.
    async fn end_script(&mut self, scripts: &[Script], script: usize) -> Result<(), MigrateError> {
        if self.in_transaction().await? {
            self.data.execute("ROLLBACK").await?;
            let text = Text::new("migrate-transaction-open").with("script", &scripts[script].name);
            return Err(MigrateError::new(Outcome::Failed, text)
                .hint(Text::new("migrate-transaction-open-hint")));
        }
        let fresh = data_connection(self.settings, self.waits).await?;
        let old = std::mem::replace(&mut self.data, fresh);
        let _closed = old.conn.disconnect().await;
        self.data.lock(Lock::Data, self.waits.runner).await
    }

    async fn in_transaction(&mut self) -> Result<bool, MigrateError> {
        self.data.execute("DO 0").await?;
        let flags = self
            .data
            .conn
            .last_ok_packet()
            .map(mysql_async::OkPacket::status_flags);
        Ok(flags.is_some_and(|flags| flags.contains(StatusFlags::SERVER_STATUS_IN_TRANS)))
    }

    fn was_cut_off(&self, place: Place) -> bool {
        let (script, statement) = (self.program.script(place), self.program.statement(place));
        let row = self
            .rows
            .iter()
            .find(|row| row.script == script.name && row.number == statement.number);
        row.is_some_and(|row| row.cut_off() && row.checksum == statement.checksum)
    }

    async fn step(
        &mut self,
        number: usize,
        place: Place,
        action: &Action,
        sink: &mut Sink<'_>,
    ) -> Result<(), MigrateError> {
        match action {
            Action::Recorded(_) | Action::Conflict(_) | Action::Compare => Ok(()),
            Action::Session { recorded, needed } => {
                if *needed {
                    self.carry_out(number, place, sink).await?;
                }
                if *recorded {
                    return Ok(());
                }
                self.record(place, LedgerState::Done, Note::default()).await
            }
            Action::AlreadyTrue { .. } => {
                self.still(place, true).await?;
                self.done.recorded += 1;
                // One that was cut off behind its effect was carried out by us.
                let state = if self.was_cut_off(place) {
                    LedgerState::Done
                } else {
                    LedgerState::AlreadyTrue
                };
                self.record(place, state, Note::default()).await
            }
            Action::Keep => {
                self.done.recorded += 1;
                self.record(place, LedgerState::Kept, Note::default()).await
            }
            Action::Run => {
                let before = self.still(place, false).await?;
                self.begin(number, place, Some(before), sink).await?;
                if matches!(self.program.outline(place).kind, Kind::Rows | Kind::Query) {
                    self.data.execute("START TRANSACTION").await?;
                    self.carry_out(number, place, sink).await?;
                    self.data
                        .finish_here(self.program.script(place), self.program.statement(place))
                        .await?;
                    self.data.execute("COMMIT").await?;
                } else {
                    self.carry_out(number, place, sink).await?;
                    self.record(place, LedgerState::Done, Note::default())
                        .await?;
                }
                self.done.run += 1;
                Ok(())
            }
        }
    }

    /// Judges a statement once more, by the schema as it is now. Gives the checksum of what it names.
    async fn still(&mut self, place: Place, is_true: bool) -> Result<String, MigrateError> {
        let outline = self.program.outline(place);
        let schema = self.settings.schema.clone();
        let present = self.ledger.snapshot(&schema, Scope::of(outline)).await?;
        let statement = (
            &self.program.script(place).name,
            self.program.statement(place).number,
        );
        let resumed = self
            .options
            .resume_at
            .contains(&(statement.0.clone(), statement.1));
        let rehearsed = self
            .rehearsal
            .filter(|rehearsal| rehearsal.judges(place) && !resumed && !outline.lenient);
        if let Some((rehearsal, one)) =
            rehearsed.and_then(|rehearsal| Some((rehearsal, rehearsal.of(place)?)))
        {
            let now = judge(&rehearsal.history, one.position, &one.effect, &present);
            let same = match now {
                Judgement::NoEffect | Judgement::Unclear => true,
                Judgement::True { .. } => is_true,
                Judgement::Run => !is_true,
                Judgement::Different(differences) if is_true => differences
                    .iter()
                    .all(|one| self.program.set_later(place, &one.key)),
                Judgement::Different(_) => outline.only_modifies(),
                Judgement::Partly { .. } => false,
            };
            if !same {
                let text = Text::new("migrate-changed-meanwhile").with("script", statement.0);
                return Err(
                    MigrateError::new(Outcome::Unsafe, text.with("number", statement.1))
                        .hint(Text::new("migrate-hint-again")),
                );
            }
        }
        Ok(fingerprint(&present))
    }

    /// Several statements as one: nothing of them is judged, and they are done together.
    async fn section(
        &mut self,
        first: usize,
        last: usize,
        places: &[Place],
        section: Section,
        sink: &mut Sink<'_>,
    ) -> Result<(), MigrateError> {
        let begins = |place: Place| {
            let text = self.program.statement(place).text.to_ascii_lowercase();
            text.starts_with("begin") || text.starts_with("start")
        };
        let wraps = section.atomic && !begins(places[0]);
        if wraps {
            self.data.execute("START TRANSACTION").await?;
        }
        for (place, number) in places.iter().zip(first + 1..=last + 1) {
            self.begin(number, *place, None, sink).await?;
            if section.atomic && section.commits && number == last + 1 {
                self.finish_all(places).await?;
            }
            self.carry_out(number, *place, sink).await?;
        }
        if wraps {
            self.finish_all(places).await?;
            self.data.execute("COMMIT").await?;
        } else if !section.atomic {
            if self.in_transaction().await? {
                self.data.execute("ROLLBACK").await?;
                let text = Text::new("migrate-transaction-open")
                    .with("script", &self.program.script(places[0]).name);
                return Err(MigrateError::new(Outcome::Failed, text)
                    .hint(Text::new("migrate-transaction-open-hint")));
            }
            self.ledger.execute("START TRANSACTION").await?;
            for place in places {
                self.record(*place, LedgerState::Done, Note::default())
                    .await?;
            }
            self.ledger.execute("COMMIT").await?;
        }
        self.done.run += places.len();
        Ok(())
    }

    async fn finish_all(&mut self, places: &[Place]) -> Result<(), MigrateError> {
        for place in places {
            self.data
                .finish_here(self.program.script(*place), self.program.statement(*place))
                .await?;
        }
        Ok(())
    }

    /// Writes to the ledger that a statement is begun; nothing is sent if the ledger cannot be written.
    async fn begin(
        &mut self,
        number: usize,
        place: Place,
        before: Option<String>,
        sink: &mut Sink<'_>,
    ) -> Result<(), MigrateError> {
        self.ledger.keeps_lock(Lock::Ledger).await?;
        sink(Progress::Begins {
            script: self.program.script(place).name.clone(),
            number,
            total: self.total,
            head: self
                .program
                .statement(place)
                .head()
                .chars()
                .take(60)
                .collect(),
        });
        let note = Note {
            before,
            connection: Some(self.data.id()),
            error: None,
        };
        self.record(place, LedgerState::Started, note).await
    }

    async fn record(
        &mut self,
        place: Place,
        state: LedgerState,
        note: Note,
    ) -> Result<(), MigrateError> {
        self.ledger
            .record(
                self.program.script(place),
                self.program.statement(place),
                state,
                note,
            )
            .await
    }

    async fn carry_out(
        &mut self,
        number: usize,
        place: Place,
        sink: &mut Sink<'_>,
    ) -> Result<(), MigrateError> {
        let (id, total) = (self.data.id(), self.total);
        let began = Instant::now();
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        tick.tick().await;
        let result = {
            let work = self
                .data
                .conn
                .query_drop(self.program.statement(place).text.as_str());
            tokio::pin!(work);
            loop {
                tokio::select! {
                    result = &mut work => break result,
                    _ = tick.tick() => {
                        // This also keeps the ledger's connection from being idle.
                        if let Some(waiting) = self.ledger.waits_for(id).await {
                            let seconds = began.elapsed().as_secs();
                            sink(Progress::Waits { number, total, seconds, waiting });
                        }
                    }
                }
            }
        };
        match result {
            Ok(()) => {
                sink(Progress::Executed { number });
                Ok(())
            }
            Err(error) => Err(self.refused(place, &error).await?),
        }
    }

    /// A statement that the server refused is tried again by the next run; one whose connection broke is cut off.
    async fn refused(
        &mut self,
        place: Place,
        error: &mysql_async::Error,
    ) -> Result<MigrateError, MigrateError> {
        let (code, message) = server_error(error);
        let (script, statement) = (self.program.script(place), self.program.statement(place));
        if code == 0 {
            let failed = self.data.failed(error);
            let text = Text::new("migrate-statement-cut-off")
                .with("script", &script.name)
                .with("number", statement.number)
                .nested("cause", failed.text);
            return Ok(
                MigrateError::new(failed.outcome, text).hint(Text::new("migrate-hint-again"))
            );
        }
        let outcome = self.data.failed(error).outcome;
        // The transaction, if there is one, ends here; its record must not go with it.
        self.data.execute("ROLLBACK").await?;
        let note = Note {
            error: Some(format!("{code} {message}")),
            ..Note::default()
        };
        self.record(place, LedgerState::Started, note).await?;
        let text = Text::new("migrate-statement-failed")
            .with("script", &script.name)
            .with("number", statement.number)
            .with("line", statement.line)
            .with("code", code)
            .with("message", message);
        let hint = match code {
            1205 => Text::new("migrate-hint-waited").with("seconds", self.waits.locks.as_secs()),
            _ => Text::new("migrate-hint-again"),
        };
        Ok(MigrateError::new(outcome, text).hint(hint))
    }
}
