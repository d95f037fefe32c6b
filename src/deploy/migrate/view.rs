//! Looks at a schema, its ledger and its scripts; rehearses if that is wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mysql_async::prelude::Queryable as _;

use super::error::MigrateError;
use super::inspect::Scope;
use super::ledger::{LedgerRow, Script};
use super::model::{Rehearsal, RowFact};
use super::object::{Key, ObjectKind, Snapshot, fingerprint, literal, quote};
use super::plan::{MigrationPlan, Options};
use super::planner::plan;
use super::planner_input::{Basis, Facts, pending};
use super::preflight::Survey;
use super::program::Program;
use super::record::Lock;
use super::rehearse::{Wanted, rehearse};
use super::scratch::RehearsalOptions;
use super::server::{ConnectionSettings, Peer, Server, at};
use super::statement::Permit;
use crate::exit::Outcome;
use crate::i18n::Text;

/// How a schema is looked at.
#[derive(Clone)]
pub enum Mode {
    /// Reads alone.
    Read,
    /// Rehearses the pending statements.
    Rehearse(RehearsalOptions),
    /// As for a run without a rehearsal: whatever exists is a conflict.
    WithoutRehearsal,
}

/// What is known of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// The plan.
    pub plan: MigrationPlan,
    /// What the server says of itself and of the schema.
    pub survey: Survey,
    /// The ledger.
    pub ledger: Vec<LedgerRow>,
    /// Who runs a migration on it at this moment.
    pub runner: Option<Peer>,
    pub(super) present: Snapshot,
    pub(super) rehearsal: Option<Rehearsal>,
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

impl MigrationState {
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

/// Looks at a schema; the schema itself is never written. Another runner is waited for, except with [`Mode::Read`].
pub async fn look(
    settings: &ConnectionSettings,
    scripts: &[Script],
    options: &Options,
    mode: &Mode,
    wait: Duration,
) -> Result<MigrationState, MigrateError> {
    let mut server = Server::open(settings).await?;
    if server.proxied().await? {
        let text = Text::new("migrate-proxied").with("address", settings.address());
        return Err(
            MigrateError::new(Outcome::Unsafe, text).hint(Text::new("migrate-proxied-hint"))
        );
    }
    let runner = server.locked_by(Lock::Ledger).await?;
    if !matches!(mode, Mode::Read) {
        server.lock(Lock::Ledger, wait).await?;
        server.lock(Lock::Data, wait).await?;
    }
    let survey = server.survey(settings).await?;
    let ledger = server.ledger().await?;
    let program = Program::new(scripts, server.lowers_names().await);
    let present = server.snapshot(&settings.schema, Scope::Whole).await?;
    let pending = pending(&program, &ledger);
    let mut facts = server.facts(&program, &ledger, &present).await?;
    let rehearsal = match mode {
        Mode::Rehearse(rehearsal) if !pending.is_empty() => {
            let wanted = Wanted {
                program: &program,
                pending: &pending,
                present: &present,
                sizes: &survey.sizes,
                schemas: &facts.schemas,
                changed: facts
                    .unchanged
                    .iter()
                    .filter(|(_, same)| !**same)
                    .map(|(place, _)| *place)
                    .collect(),
            };
            Some(rehearse(&mut server, settings, rehearsal, wanted).await?)
        }
        _ => None,
    };
    if let Some(rehearsal) = &rehearsal {
        facts.rows.extend(rehearsal.rows.clone());
    }
    let basis = match (mode, &rehearsal) {
        (_, Some(rehearsal)) => Basis::Rehearsed(rehearsal),
        (Mode::WithoutRehearsal, _) => Basis::Names,
        _ => Basis::Later,
    };
    let plan = plan(&program, &ledger, &facts, basis, options, &settings.schema);
    // The locks must be free when this returns.
    let _closed = server.conn.disconnect().await;
    Ok(MigrationState {
        plan,
        survey,
        ledger,
        runner,
        present,
        rehearsal,
    })
}

impl Server {
    /// Whether names of tables are kept in small letters.
    pub(super) async fn lowers_names(&mut self) -> bool {
        self.one_if("SELECT @@lower_case_table_names")
            .await
            .is_some_and(|value| value != "0")
    }

    /// Schemas of the server, as far as the account sees them.
    pub(super) async fn schemas(&mut self) -> Result<BTreeSet<String>, MigrateError> {
        let rows = self
            .rows("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA")
            .await?;
        Ok(rows.iter().filter_map(|row| at(row, 0)).collect())
    }

    async fn facts(
        &mut self,
        program: &Program<'_>,
        ledger: &[LedgerRow],
        present: &Snapshot,
    ) -> Result<Facts, MigrateError> {
        let longest = self.one("SELECT @@max_allowed_packet").await?;
        let mut facts = Facts {
            present: present.clone(),
            longest: longest
                .and_then(|bytes| bytes.parse().ok())
                .unwrap_or(usize::MAX),
            schemas: self.schemas().await?,
            ..Facts::default()
        };
        self.elsewhere(program, &mut facts).await?;
        for place in pending(program, ledger) {
            let outline = program.outline(place);
            let statement = program.statement(place);
            let row = ledger.iter().find(|row| {
                row.script == program.script(place).name && row.number == statement.number
            });
            if let Some(before) = row
                .filter(|row| row.cut_off())
                .and_then(|row| row.before.clone())
            {
                let schema = self.schema.clone();
                let now = self.snapshot(&schema, Scope::of(outline)).await?;
                facts.unchanged.insert(place, fingerprint(&now) == before);
            }
            let table = outline
                .table
                .as_ref()
                .filter(|table| present.contains_key(&Key::table(table)));
            if let (Some(table), Some((start, end))) = (table, outline.condition)
                && outline.permit == Permit::Allowed
                && outline.schemas.is_empty()
                && self
                    .matches_nothing(table, &statement.text[start..end])
                    .await
            {
                facts.rows.insert(place, RowFact::NoMatch);
            }
        }
        Ok(facts)
    }

    /// Whether no row of a table matches a condition; false too if that cannot be told.
    async fn matches_nothing(&mut self, table: &str, condition: &str) -> bool {
        if self
            .conn
            .query_drop("START TRANSACTION READ ONLY")
            .await
            .is_err()
        {
            return false;
        }
        let query = format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM {} WHERE {condition} LIMIT 1) AS found",
            quote(table)
        );
        let found = self.one_if(&query).await;
        let _ended = self.conn.query_drop("ROLLBACK").await;
        found.as_deref() == Some("0")
    }

    /// Schemas of tables that the scripts name and that are not in this schema.
    async fn elsewhere(
        &mut self,
        program: &Program<'_>,
        facts: &mut Facts,
    ) -> Result<(), MigrateError> {
        let made: BTreeSet<&Key> = program
            .places()
            .flat_map(|place| &program.outline(place).makes)
            .collect();
        let named = program
            .places()
            .filter_map(|place| program.outline(place).table.as_ref());
        let absent = named.filter(|table| {
            let key = Key::new(ObjectKind::Table, table, "");
            !facts.present.contains_key(&key) && !made.contains(&key)
        });
        let absent: BTreeSet<String> = absent.map(|table| literal(table)).collect();
        let mut found = BTreeMap::new();
        for name in &absent {
            let table = name.trim_matches('\'').to_owned();
            // Both schemas need not be on one server: the platform's own names tell too.
            if table.starts_with("auth_sys_") {
                found.insert(table, "auth_server".to_owned());
                continue;
            }
            let schema = self
                .one(&format!("SELECT TABLE_SCHEMA FROM information_schema.TABLES WHERE TABLE_NAME = {name} AND TABLE_SCHEMA NOT LIKE 'wecubectlrehearsal%' LIMIT 1"))
                .await?;
            found.extend(schema.map(|schema| (table, schema)));
        }
        facts.elsewhere = found;
        Ok(())
    }
}
