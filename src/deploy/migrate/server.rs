//! A connection to a database: addresses, TLS, sign-in, questions.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::time::Duration;

use futures::FutureExt as _;
use mysql_async::prelude::{FromValue, Queryable as _};
use mysql_async::{Conn, DriverError, OptsBuilder, Row, SslOpts};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::error::{MigrateError, cause, server_error};
use crate::error::Failure as _;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::names::addresses;
use crate::secret::Secret;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Whether a connection is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// Encrypted, and the server's certificate is verified.
    Required,
    /// Encrypted if the server can; its certificate is not verified.
    #[default]
    Preferred,
    /// Never.
    Disabled,
}

/// Where a schema is and who signs in.
#[derive(Clone)]
pub struct ConnectionSettings {
    /// Host name or address; unused with a socket.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// A Unix socket instead of host and port.
    pub socket: Option<PathBuf>,
    /// User.
    pub user: String,
    /// Password; may be empty.
    pub password: Secret,
    /// Schema.
    pub schema: String,
    /// Encryption.
    pub tls: Tls,
    /// Authorities to verify the server by, instead of the system's: a PEM file.
    pub ca_file: Option<PathBuf>,
}

impl ConnectionSettings {
    /// `HOST:PORT/SCHEMA`, as typed.
    pub fn address(&self) -> String {
        match &self.socket {
            Some(path) => format!("{}/{}", path.display(), self.schema),
            None if self.host.contains(':') => {
                format!("[{}]:{}/{}", self.host, self.port, self.schema)
            }
            None => format!("{}:{}/{}", self.host, self.port, self.schema),
        }
    }

    /// How to connect. The addresses of the host are looked up here; TLS verifies its name.
    async fn opts(&self) -> Result<OptsBuilder, MigrateError> {
        let opts = OptsBuilder::default()
            .user(Some(self.user.clone()))
            .pass(Some(self.password.expose().to_owned()))
            .db_name(Some(self.schema.clone()))
            // What listens on the address is asked, never a socket that it names.
            .prefer_socket(false)
            .stmt_cache_size(0);
        if let Some(path) = &self.socket {
            return Ok(opts.socket(Some(path.display().to_string())));
        }
        let looked_up = tokio::time::timeout(CONNECT_TIMEOUT, addresses(&self.host)).await;
        let Ok(Ok(found)) = looked_up else {
            let text = Text::new("migrate-not-connected").with("address", self.address());
            let text = text.nested("cause", Text::new("deploy-connect-unknown-host"));
            return Err(MigrateError::new(Outcome::Unreachable, text));
        };
        let opts = opts.ip_or_hostname(self.host.clone()).tcp_port(self.port);
        Ok(opts.resolved_ips(Some(found)))
    }

    fn roots(&self) -> Result<Vec<Vec<u8>>, MigrateError> {
        let Some(path) = &self.ca_file else {
            let found = rustls_native_certs::load_native_certs().certs.into_iter();
            return Ok(found.map(|one| one.to_vec()).collect());
        };
        let bytes = crate::files::read(path, 4 * crate::files::MIB)
            .map_err(|error| MigrateError::new(error.outcome(), error.message()))?;
        let found = CertificateDer::pem_slice_iter(&bytes).flatten();
        let found: Vec<Vec<u8>> = found.map(|one| one.to_vec()).collect();
        if found.is_empty() {
            let text = Text::new("migrate-ca-none").with("path", path.display());
            return Err(MigrateError::new(Outcome::Usage, text));
        }
        Ok(found)
    }
}

/// A connection.
pub(super) struct Server {
    pub(super) conn: Conn,
    pub(super) address: String,
    pub(super) schema: String,
    pub(super) maria: bool,
}

/// Another connection, as the process list shows it.
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
        if settings.password.expose().starts_with("RSA@") {
            let text = Text::new("migrate-password-rsa").with("user", &settings.user);
            return Err(MigrateError::new(
                Outcome::Usage,
                text.with("address", settings.address()),
            )
            .hint(Text::new("migrate-password-rsa-hint")));
        }
        let encrypted = settings.tls != Tls::Disabled && settings.socket.is_none();
        let opts = settings.opts().await?;
        let conn = if encrypted {
            let verified = settings.tls == Tls::Required || settings.ca_file.is_some();
            let roots = if verified {
                settings.roots()?
            } else {
                Vec::new()
            };
            let ssl = SslOpts::default()
                .with_disable_built_in_roots(verified)
                .with_root_certs(roots.into_iter().map(Into::into).collect())
                .with_danger_accept_invalid_certs(!verified);
            match connect(opts.clone().ssl_opts(Some(ssl))).await {
                Err(error) if !verified && no_tls(error.as_ref()) => connect(opts).await,
                other => other,
            }
        } else {
            connect(opts).await
        };
        let conn = conn.map_err(|error| not_connected(settings, error))?;
        let mut server = Self {
            conn,
            address: settings.address(),
            schema: settings.schema.clone(),
            maria: false,
        };
        let version = server.one("SELECT VERSION()").await?.unwrap_or_default();
        server.maria = version.to_ascii_lowercase().contains("mariadb");
        // Scripts are read as the splitter does, whatever the server's own mode is.
        server
            .execute(
                "SET SESSION sql_mode = REPLACE(REPLACE(@@GLOBAL.sql_mode, 'NO_BACKSLASH_ESCAPES', ''), \
                 'ANSI_QUOTES', ''), SESSION lock_wait_timeout = 60, SESSION group_concat_max_len = 1048576",
            )
            .await?;
        Ok(server)
    }

    pub(super) fn failed(&self, error: &mysql_async::Error) -> MigrateError {
        let (code, message) = server_error(error);
        let text = match code {
            0 => Text::new("migrate-not-connected").nested("cause", cause(error)),
            _ => Text::new("migrate-server-says")
                .with("code", code)
                .with("message", message),
        };
        let outcome = match (code, error) {
            (1044 | 1045 | 1142 | 1227, _) => Outcome::NoPermission,
            (_, mysql_async::Error::Io(_)) => Outcome::Unreachable,
            _ => Outcome::Failed,
        };
        MigrateError::new(outcome, text.with("address", &self.address))
    }

    pub(super) async fn rows(&mut self, query: &str) -> Result<Vec<Row>, MigrateError> {
        let rows = self.conn.query(query).await;
        rows.map_err(|error| self.failed(&error))
    }

    /// Rows of a question about columns or tables that not every server has; nothing if this one has not.
    pub(super) async fn rows_known(
        &mut self,
        query: &str,
    ) -> Result<Option<Vec<Row>>, MigrateError> {
        match self.conn.query(query).await {
            Ok(rows) => Ok(Some(rows)),
            Err(mysql_async::Error::Server(error)) if matches!(error.code, 1054 | 1109 | 1146) => {
                Ok(None)
            }
            Err(error) => Err(self.failed(&error)),
        }
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

    /// As [`one`](Self::one), of a question that not every server understands.
    pub(super) async fn one_if(&mut self, query: &str) -> Option<String> {
        self.rows_if(query).await.first().and_then(|row| at(row, 0))
    }

    pub(super) async fn execute(&mut self, statement: &str) -> Result<(), MigrateError> {
        let done = self.conn.query_drop(statement).await;
        done.map_err(|error| self.failed(&error))
    }

    pub(super) fn id(&self) -> u64 {
        u64::from(self.conn.id())
    }

    /// Whether something between us and the database signs in for us (`ProxySQL`, `MaxScale`): the
    /// connection that greeted us is not the one that answers.
    pub(super) async fn proxied(&mut self) -> Result<bool, MigrateError> {
        let id = self.one("SELECT CONNECTION_ID()").await?;
        Ok(id != Some(self.id().to_string()))
    }
}

async fn connect(opts: OptsBuilder) -> Result<Conn, Option<mysql_async::Error>> {
    // What a server sends must not end us: the driver panics at some sign-in methods.
    let attempt = AssertUnwindSafe(Conn::new(opts)).catch_unwind();
    match tokio::time::timeout(CONNECT_TIMEOUT, attempt).await {
        Ok(Ok(Ok(conn))) => Ok(conn),
        Ok(Ok(Err(error))) => Err(Some(error)),
        Ok(Err(_)) | Err(_) => Err(None),
    }
}

fn no_tls(error: Option<&mysql_async::Error>) -> bool {
    matches!(
        error,
        Some(
            mysql_async::Error::Driver(DriverError::NoClientSslFlagFromServer)
                | mysql_async::Error::Io(mysql_async::IoError::Tls(_))
        )
    )
}

fn not_connected(settings: &ConnectionSettings, error: Option<mysql_async::Error>) -> MigrateError {
    let with = |text: Text| text.with("address", settings.address());
    let Some(error) = error else {
        return MigrateError::new(Outcome::Unreachable, with(Text::new("migrate-no-answer")));
    };
    let (code, _) = server_error(&error);
    match (code, &error) {
        (1044 | 1045 | 1698, _) => {
            let text = with(Text::new("migrate-refused")).with("user", &settings.user);
            let refused = MigrateError::new(Outcome::NoPermission, text);
            if settings.tls == Tls::Disabled {
                return refused.hint(Text::new("migrate-refused-plain"));
            }
            refused
        }
        (1049, _) => {
            let text = with(Text::new("migrate-no-schema")).with("schema", &settings.schema);
            MigrateError::new(Outcome::NotWecube, text)
        }
        (3159 | 1835, _) => {
            MigrateError::new(Outcome::Unreachable, with(Text::new("migrate-tls-wanted")))
                .hint(Text::new("migrate-tls-wanted-hint"))
        }
        (_, mysql_async::Error::Driver(DriverError::NoClientSslFlagFromServer)) => {
            MigrateError::new(Outcome::Unreachable, with(Text::new("migrate-tls-missing")))
                .hint(Text::new("migrate-tls-missing-hint"))
        }
        (_, mysql_async::Error::Io(error)) if tls_fault(error).is_some() => {
            let text = with(Text::new("migrate-tls-failed"));
            let text = tls_fault(error)
                .into_iter()
                .fold(text, |text, cause| text.nested("error", cause));
            MigrateError::new(Outcome::Unreachable, text).hint(Text::new("migrate-tls-failed-hint"))
        }
        (_, mysql_async::Error::Driver(DriverError::UnknownAuthPlugin { name })) => {
            let text = with(Text::new("migrate-auth-plugin")).with("user", &settings.user);
            MigrateError::new(Outcome::NoPermission, text.with("plugin", name))
        }
        _ => {
            let text = with(Text::new("migrate-not-connected")).nested("cause", cause(&error));
            MigrateError::new(Outcome::Unreachable, text)
        }
    }
}

/// Why the two sides do not agree on encryption, if that is it.
fn tls_fault(error: &mysql_async::IoError) -> Option<Text> {
    use rustls::CertificateError as Fault;
    let inner = match error {
        mysql_async::IoError::Tls(error) => {
            return Some(Text::new("migrate-io-other").with("error", error));
        }
        mysql_async::IoError::Io(error) => error.get_ref()?.downcast_ref::<rustls::Error>()?,
    };
    Some(match inner {
        rustls::Error::InvalidCertificate(Fault::UnknownIssuer) => Text::new("migrate-tls-issuer"),
        rustls::Error::InvalidCertificate(Fault::Expired | Fault::ExpiredContext { .. }) => {
            Text::new("migrate-tls-expired")
        }
        rustls::Error::InvalidCertificate(
            Fault::NotValidForName | Fault::NotValidForNameContext { .. },
        ) => Text::new("migrate-tls-name"),
        other => Text::new("migrate-io-other").with("error", other),
    })
}

/// A value of a row by its place; none for NULL and for what is not of that kind.
pub(super) fn at<T: FromValue>(row: &Row, place: usize) -> Option<T> {
    row.get_opt::<Option<T>, _>(place)?.ok()?
}

/// A peer from the columns id, user, host.
pub(super) fn peer(row: &Row) -> Option<Peer> {
    Some(Peer {
        id: at(row, 0)?,
        user: at(row, 1).unwrap_or_default(),
        host: at(row, 2).unwrap_or_default(),
    })
}
