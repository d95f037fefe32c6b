//! The connection to a database, the ledger's rows and the lock.

use std::time::Duration;

use mysql_async::prelude::{FromValue, Queryable as _};
use mysql_async::{Conn, OptsBuilder, Row};

use super::ledger::{self, LedgerRow, LedgerState, Script};
use super::split::Statement;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::secret::Secret;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a schema is and who signs in.
#[derive(Clone)]
pub struct ConnectionSettings {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// User.
    pub user: String,
    /// Password; may be empty.
    pub password: Secret,
    /// Schema.
    pub schema: String,
}

impl ConnectionSettings {
    /// `HOST:PORT/SCHEMA`, as typed.
    pub fn address(&self) -> String {
        format!("{}:{}/{}", self.host, self.port, self.schema)
    }
}

/// Why a migration could not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrateError {
    /// Decides the exit code.
    pub outcome: Outcome,
    /// What happened.
    pub text: Text,
    /// What to do next.
    pub hint: Option<Text>,
}

impl MigrateError {
    pub(super) fn new(outcome: Outcome, text: Text) -> Self {
        Self {
            outcome,
            text,
            hint: None,
        }
    }

    pub(super) fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }
}

/// The server's number and message of an error; 0 where it is not the server's.
pub(super) fn told(error: &mysql_async::Error) -> (u16, String) {
    match error {
        mysql_async::Error::Server(error) => (error.code, error.message.clone()),
        other => (0, other.to_string()),
    }
}

/// A connection.
pub(super) struct Server {
    pub(super) conn: Conn,
    pub(super) address: String,
    pub(super) schema: String,
}

/// Another connection, as the process list tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its id.
    pub id: u64,
    /// Its user.
    pub user: String,
    /// Where it comes from.
    pub host: String,
}

impl Server {
    pub(super) async fn open(settings: &ConnectionSettings) -> Result<Self, MigrateError> {
        let opts = OptsBuilder::default()
            .ip_or_hostname(settings.host.clone())
            .tcp_port(settings.port)
            .user(Some(settings.user.clone()))
            .pass(Some(settings.password.expose().to_owned()))
            .db_name(Some(settings.schema.clone()))
            // What listens on the address is asked, never a socket that it names.
            .prefer_socket(false)
            .stmt_cache_size(0);
        let address = settings.address();
        let conn = match tokio::time::timeout(CONNECT_TIMEOUT, Conn::new(opts)).await {
            Ok(Ok(conn)) => conn,
            Ok(Err(error)) => return Err(not_connected(&address, settings, &error)),
            Err(_) => {
                let text = Text::new("migrate-no-answer").with("address", address);
                return Err(MigrateError::new(Outcome::Unreachable, text));
            }
        };
        Ok(Self {
            conn,
            address,
            schema: settings.schema.clone(),
        })
    }

    pub(super) fn failed(&self, error: &mysql_async::Error) -> MigrateError {
        let (code, message) = told(error);
        let text = Text::new("migrate-server-says")
            .with("address", &self.address)
            .with("code", code)
            .with("message", message);
        let outcome = match (code, error) {
            (1044 | 1045 | 1142 | 1227, _) => Outcome::NoPermission,
            (_, mysql_async::Error::Io(_)) => Outcome::Unreachable,
            _ => Outcome::Failed,
        };
        MigrateError::new(outcome, text)
    }

    pub(super) async fn rows(&mut self, query: &str) -> Result<Vec<Row>, MigrateError> {
        let rows = self.conn.query(query).await;
        rows.map_err(|error| self.failed(&error))
    }

    /// Rows of a question that not every server understands or answers; none then.
    pub(super) async fn rows_if(&mut self, query: &str) -> Vec<Row> {
        self.conn.query(query).await.unwrap_or_default()
    }

    /// The first column of the first row.
    pub(super) async fn one(&mut self, query: &str) -> Result<Option<String>, MigrateError> {
        let rows = self.rows(query).await?;
        Ok(rows.first().and_then(|row| at(row, 0)))
    }

    pub(super) async fn act(&mut self, statement: &str) -> Result<(), MigrateError> {
        let done = self.conn.query_drop(statement).await;
        done.map_err(|error| self.failed(&error))
    }

    pub(super) fn id(&self) -> u32 {
        self.conn.id()
    }
}

fn not_connected(
    address: &str,
    settings: &ConnectionSettings,
    error: &mysql_async::Error,
) -> MigrateError {
    let (code, message) = told(error);
    let address = address.to_owned();
    match code {
        1044 | 1045 | 1698 => {
            let text = Text::new("migrate-refused").with("address", address);
            MigrateError::new(Outcome::NoPermission, text.with("user", &settings.user))
        }
        1049 => {
            let text = Text::new("migrate-no-schema").with("address", address);
            MigrateError::new(Outcome::NotWecube, text.with("schema", &settings.schema))
        }
        _ => {
            let text = Text::new("migrate-not-connected").with("address", address);
            MigrateError::new(Outcome::Unreachable, text.with("message", message))
        }
    }
}

/// A value of a row by its place; none for NULL and for what is not of that kind.
pub(super) fn at<T: FromValue>(row: &Row, place: usize) -> Option<T> {
    row.get_opt::<Option<T>, _>(place)?.ok()?
}

/// A value of a row by its column.
pub(super) fn named<T: FromValue>(row: &Row, column: &str) -> Option<T> {
    row.get_opt::<Option<T>, _>(column)?.ok()?
}

/// The ledger.
impl Server {
    /// The ledger's rows; none where there is no ledger yet.
    pub(super) async fn ledger(&mut self) -> Result<Vec<LedgerRow>, MigrateError> {
        let query = format!(
            "SELECT script, number, checksum, state, total, script_checksum, error FROM `{}` \
             ORDER BY script, number",
            ledger::TABLE
        );
        let rows: Vec<Row> = match self.conn.query(query).await {
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
        });
        Ok(rows.collect())
    }

    pub(super) async fn make_ledger(&mut self) -> Result<(), MigrateError> {
        self.act(ledger::CREATE).await
    }

    /// Writes a statement's row.
    pub(super) async fn record(
        &mut self,
        script: &Script,
        statement: &Statement,
        state: LedgerState,
        refused: Option<&str>,
    ) -> Result<(), MigrateError> {
        let query = format!(
            "INSERT INTO `{}` (script, number, checksum, state, total, script_checksum, head, error, \
             started, ended, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NOW(3), IF(? = 'started', NULL, \
             NOW(3)), ?) ON DUPLICATE KEY UPDATE checksum = VALUES(checksum), total = VALUES(total), \
             script_checksum = VALUES(script_checksum), head = VALUES(head), error = VALUES(error), \
             started = IF(VALUES(state) = 'done' AND state = 'started', started, VALUES(started)), \
             ended = VALUES(ended), version = VALUES(version), state = VALUES(state)",
            ledger::TABLE
        );
        let head = statement
            .text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let head: String = plane(&head).chars().take(200).collect();
        let refused = refused.map(|words| plane(words).chars().take(500).collect::<String>());
        let values = (
            &script.name,
            statement.number,
            &statement.checksum,
            state.as_str(),
            script.statements.len(),
            &script.checksum,
            head,
            refused,
            state.as_str(),
            env!("CARGO_PKG_VERSION"),
        );
        let done = self.conn.exec_drop(query, values).await;
        done.map_err(|error| self.failed(&error))
    }
}

/// What a column of three-byte UTF-8 can hold.
fn plane(words: &str) -> String {
    words
        .chars()
        .map(|c| if (c as u32) < 0x1_0000 { c } else { '?' })
        .collect()
}

/// The lock.
impl Server {
    /// The name of the lock: one for each schema of a server, at most 64 characters.
    fn lock_name(&self) -> String {
        let sum = super::split::sha256(self.schema.as_bytes());
        format!("wecubectl.migrate.{}", &sum[..32])
    }

    /// Takes the lock; it is given back when the connection ends.
    pub(super) async fn lock(&mut self, wait: Duration) -> Result<(), MigrateError> {
        let name = self.lock_name();
        let got: Option<Option<i64>> = self
            .conn
            .exec_first("SELECT GET_LOCK(?, ?)", (&name, wait.as_secs()))
            .await
            .map_err(|error| self.failed(&error))?;
        if got.flatten() == Some(1) {
            return Ok(());
        }
        let text = match self.locked_by().await? {
            Some(peer) => Text::new("migrate-locked")
                .with("schema", &self.schema)
                .with("id", peer.id)
                .with("user", peer.user)
                .with("host", peer.host),
            None => Text::new("migrate-locked-by-somebody").with("schema", &self.schema),
        };
        Err(MigrateError::new(
            Outcome::Locked,
            text.with("seconds", wait.as_secs()),
        ))
    }

    /// Who holds the lock.
    pub(super) async fn locked_by(&mut self) -> Result<Option<Peer>, MigrateError> {
        let name = self.lock_name();
        let id: Option<Option<u64>> = self
            .conn
            .exec_first("SELECT IS_USED_LOCK(?)", (&name,))
            .await
            .map_err(|error| self.failed(&error))?;
        let Some(id) = id.flatten() else {
            return Ok(None);
        };
        let who =
            format!("SELECT ID, USER, HOST FROM information_schema.PROCESSLIST WHERE ID = {id}");
        let peers = self.rows_if(&who).await;
        let unknown = Peer {
            id,
            user: "?".to_owned(),
            host: "?".to_owned(),
        };
        Ok(Some(peers.first().and_then(peer).unwrap_or(unknown)))
    }
}

/// A peer from the columns id, user, host.
pub(super) fn peer(row: &Row) -> Option<Peer> {
    Some(Peer {
        id: at(row, 0)?,
        user: at(row, 1).unwrap_or_default(),
        host: at(row, 2).unwrap_or_default(),
    })
}
