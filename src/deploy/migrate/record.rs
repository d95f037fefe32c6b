//! The ledger's rows and the locks, on a connection.

use std::fmt::Write as _;
use std::time::Duration;

use mysql_async::Row;
use mysql_async::prelude::Queryable as _;

use super::error::MigrateError;
use super::ledger::{self, LedgerRow, LedgerState, Script};
use super::object::literal;
use super::server::{Peer, Server, at, peer};
use super::split::{Statement, sha256};
use crate::exit::Outcome;
use crate::i18n::Text;

/// What a lock protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// The ledger: one migration at a time.
    Ledger,
    /// The data: the connection that carries statements out is gone when it is free.
    Data,
    /// The scratch schema.
    Scratch,
}

/// What is noted beside a statement's state.
#[derive(Clone, Debug, Default)]
pub(super) struct Note {
    /// The server's refusal.
    pub(super) error: Option<String>,
    /// Checksum of what the statement names, before it was begun.
    pub(super) before: Option<String>,
    /// The connection that carries it out.
    pub(super) connection: Option<u64>,
}

impl Server {
    /// The ledger's rows; none if there is no ledger yet.
    pub(super) async fn ledger(&mut self) -> Result<Vec<LedgerRow>, MigrateError> {
        let query = |more: &str| {
            format!(
                "SELECT script, number, checksum, state, total, script_checksum, error, {more} FROM `{}` \
                 ORDER BY script, number",
                ledger::TABLE
            )
        };
        let mut answer = self.conn.query(query("`state_before`, `connection`")).await;
        if matches!(&answer, Err(mysql_async::Error::Server(error)) if error.code == 1054) {
            // Begun by a release that did not write these two.
            answer = self.conn.query(query("NULL, NULL")).await;
        }
        let rows: Vec<Row> = match answer {
            Ok(rows) => rows,
            Err(mysql_async::Error::Server(error)) if error.code == 1146 => return Ok(Vec::new()),
            Err(error) => return Err(self.failed(&error)),
        };
        let rows = rows.iter().map(|row| LedgerRow {
            script: at(row, 0).unwrap_or_default(),
            number: at(row, 1).unwrap_or_default(),
            checksum: at(row, 2).unwrap_or_default(),
            state: LedgerState::of(&at::<String>(row, 3).unwrap_or_default()),
            total: at(row, 4).unwrap_or_default(),
            script_checksum: at(row, 5).unwrap_or_default(),
            error: at(row, 6),
            before: at(row, 7),
            connection: at(row, 8),
        });
        Ok(rows.collect())
    }

    /// Makes the ledger, or adds what a ledger of an older release does not have.
    pub(super) async fn make_ledger(&mut self) -> Result<(), MigrateError> {
        self.execute(ledger::CREATE).await?;
        let columns = self
            .rows(&format!("SHOW COLUMNS FROM `{}`", ledger::TABLE))
            .await?;
        let has = |name: &str| {
            columns
                .iter()
                .any(|row| at::<String>(row, 0).as_deref() == Some(name))
        };
        for (name, kind) in ledger::ADDED {
            if !has(name) {
                self.execute(&format!(
                    "ALTER TABLE `{}` ADD COLUMN `{name}` {kind}",
                    ledger::TABLE
                ))
                .await?;
            }
        }
        Ok(())
    }

    /// Writes a statement's row.
    pub(super) async fn record(
        &mut self,
        script: &Script,
        statement: &Statement,
        state: LedgerState,
        note: Note,
    ) -> Result<(), MigrateError> {
        let query = format!(
            "INSERT INTO `{}` (script, number, checksum, state, total, script_checksum, head, error, \
             started, ended, version, state_before, connection) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NOW(3), \
             IF(? = 'started', NULL, NOW(3)), ?, ?, ?) ON DUPLICATE KEY UPDATE checksum = \
             VALUES(checksum), total = VALUES(total), script_checksum = VALUES(script_checksum), head = \
             VALUES(head), error = VALUES(error), started = IF(VALUES(state) = 'done' AND state = \
             'started', started, VALUES(started)), ended = VALUES(ended), version = VALUES(version), \
             state_before = VALUES(state_before), connection = VALUES(connection), state = VALUES(state)",
            ledger::TABLE
        );
        let head: String = in_three_bytes(&statement.head())
            .chars()
            .take(200)
            .collect();
        let error = note
            .error
            .map(|error| in_three_bytes(&error).chars().take(500).collect::<String>());
        let values = mysql_async::Params::Positional(vec![
            (&script.name).into(),
            statement.number.into(),
            (&statement.checksum).into(),
            state.as_str().into(),
            script.statements.len().into(),
            (&script.checksum).into(),
            head.into(),
            error.into(),
            state.as_str().into(),
            env!("CARGO_PKG_VERSION").into(),
            note.before.into(),
            note.connection.into(),
        ]);
        let done = self.conn.exec_drop(query, values).await;
        done.map_err(|error| self.failed(&error))
    }

    /// Marks a statement that was begun as done, on the connection and in the transaction that carried it
    /// out. In ASCII alone: the script may have set another character set.
    pub(super) async fn finish_here(
        &mut self,
        script: &Script,
        statement: &Statement,
    ) -> Result<(), MigrateError> {
        let mut name = String::new();
        for byte in script.name.bytes() {
            // Writing to a string cannot fail.
            let _infallible = write!(name, "{byte:02x}");
        }
        self.execute(&format!(
            "UPDATE `{}` SET state = 'done', error = NULL, ended = NOW(3) WHERE script = CONVERT(X'{name}' \
             USING utf8) AND number = {}",
            ledger::TABLE, statement.number
        ))
        .await?;
        if self.conn.affected_rows() == 1 {
            return Ok(());
        }
        let text = Text::new("migrate-ledger-row-gone").with("script", &script.name);
        Err(MigrateError::new(
            Outcome::Failed,
            text.with("number", statement.number),
        ))
    }

    /// The name of a lock: one for each schema of a server, at most 64 characters.
    fn lock_name(&self, lock: Lock) -> String {
        let what = match lock {
            Lock::Ledger => "migrate",
            Lock::Data => "data",
            Lock::Scratch => "scratch",
        };
        format!("wecubectl.{what}.{}", &sha256(self.schema.as_bytes())[..32])
    }

    /// Takes a lock; it is given back when the connection ends.
    pub(super) async fn lock(&mut self, lock: Lock, wait: Duration) -> Result<(), MigrateError> {
        let name = self.lock_name(lock);
        let got = self
            .one(&format!(
                "SELECT GET_LOCK({}, {})",
                literal(&name),
                wait.as_secs()
            ))
            .await?;
        if got.as_deref() == Some("1") {
            return Ok(());
        }
        let text = match (lock, self.locked_by(lock).await?) {
            (Lock::Data, Some(peer)) => Text::new("migrate-data-busy").with("id", peer.id),
            (_, Some(peer)) => Text::new("migrate-locked")
                .with("id", peer.id)
                .with("user", peer.user)
                .with("host", peer.host),
            (_, None) => Text::new("migrate-locked-by-somebody"),
        };
        let text = text
            .with("schema", &self.schema)
            .with("seconds", wait.as_secs());
        Err(MigrateError::new(Outcome::Locked, text))
    }

    /// Whether the lock is still ours.
    pub(super) async fn keeps_lock(&mut self, lock: Lock) -> Result<(), MigrateError> {
        let name = literal(&self.lock_name(lock));
        let ours = self
            .one(&format!("SELECT IS_USED_LOCK({name}) = CONNECTION_ID()"))
            .await?;
        if ours.as_deref() == Some("1") {
            return Ok(());
        }
        let text = Text::new("migrate-lock-lost").with("schema", &self.schema);
        Err(MigrateError::new(Outcome::Failed, text).hint(Text::new("migrate-hint-again")))
    }

    /// Who holds a lock.
    pub(super) async fn locked_by(&mut self, lock: Lock) -> Result<Option<Peer>, MigrateError> {
        let name = literal(&self.lock_name(lock));
        let Some(id) = self.one(&format!("SELECT IS_USED_LOCK({name})")).await? else {
            return Ok(None);
        };
        let who =
            format!("SELECT ID, USER, HOST FROM information_schema.PROCESSLIST WHERE ID = {id}");
        let peers = self.rows_if(&who).await;
        let unknown = Peer {
            id: id.parse().unwrap_or_default(),
            user: "?".to_owned(),
            host: "?".to_owned(),
        };
        Ok(Some(peers.first().and_then(peer).unwrap_or(unknown)))
    }
}

/// What a column of three-byte UTF-8 can hold.
fn in_three_bytes(text: &str) -> String {
    text.chars()
        .map(|c| if (c as u32) < 0x1_0000 { c } else { '?' })
        .collect()
}
