//! The scratch schema: a copy of the real one that pending statements are rehearsed in.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mysql_async::prelude::Queryable as _;

use super::error::{MigrateError, server_error};
use super::inspect::Scope;
use super::object::{Key, Part, Snapshot, literal, quote, word_of};
use super::record::Lock;
use super::server::{ConnectionSettings, Server, at};
use super::split::sha256;
use crate::exit::Outcome;
use crate::i18n::Text;

/// Says that a schema is ours to fill and to empty.
const MARKER: &str = "wecubectl_rehearsal";

/// How a rehearsal is done.
#[derive(Clone)]
pub struct RehearsalOptions {
    /// Tables up to this many bytes are copied with their rows.
    pub copy_rows: u64,
    /// Another server to rehearse on.
    pub on: Option<ConnectionSettings>,
}

impl Default for RehearsalOptions {
    fn default() -> Self {
        Self {
            copy_rows: 64 * 1024 * 1024,
            on: None,
        }
    }
}

/// The scratch schema, with the connection that fills and reads it.
pub(super) struct Scratch {
    pub(super) admin: Server,
    settings: ConnectionSettings,
    pub(super) name: String,
    /// Made by us, so that it goes as a whole.
    made: bool,
    /// Tables whose rows were copied too.
    pub(super) full: BTreeSet<String>,
    /// Tables, views and routines that could not be copied.
    pub(super) missing: BTreeSet<String>,
    /// Tables with a trigger that could not be copied, and the trigger.
    pub(super) untriggered: BTreeMap<String, String>,
}

/// The name of the scratch schema: fixed for each schema, and without characters that a `GRANT` takes as wildcards.
fn scratch_name(schema: &str) -> String {
    format!("wecubectlrehearsal{}", &sha256(schema.as_bytes())[..12])
}

impl Scratch {
    /// Makes or takes the scratch schema and copies the real one into it.
    pub(super) async fn open(
        real: &mut Server,
        settings: &ConnectionSettings,
        options: &RehearsalOptions,
        present: &Snapshot,
        sizes: &BTreeMap<String, u64>,
    ) -> Result<Self, MigrateError> {
        let mut settings = options.on.clone().unwrap_or_else(|| settings.clone());
        let name = scratch_name(&real.schema);
        "information_schema".clone_into(&mut settings.schema);
        let mut admin = Server::open(&settings).await?;
        admin.schema.clone_from(&real.schema);
        admin.lock(Lock::Scratch, Duration::from_secs(10)).await?;
        suits(real, &mut admin, options.on.is_some()).await?;
        let made = prepare(real, &mut admin, &settings, &name).await?;
        let mut scratch = Self {
            admin,
            settings,
            name,
            made,
            full: BTreeSet::new(),
            missing: BTreeSet::new(),
            untriggered: BTreeMap::new(),
        };
        scratch.copy(real, options, present, sizes).await?;
        Ok(scratch)
    }

    /// A session on the scratch schema, as a script's own.
    pub(super) async fn session(&self) -> Result<Server, MigrateError> {
        let mut server = Server::open(&self.settings).await?;
        server.schema.clone_from(&self.name);
        server
            .execute(&format!("USE {}", quote(&self.name)))
            .await?;
        Ok(server)
    }

    /// The objects of the scratch schema.
    pub(super) async fn snapshot(&mut self, scope: Scope<'_>) -> Result<Snapshot, MigrateError> {
        let name = self.name.clone();
        let mut found = self.admin.snapshot(&name, scope).await?;
        found.retain(|key, _| key.table != MARKER);
        Ok(found)
    }

    /// Carries out a statement of ours in the scratch schema; that it may fail is part of it.
    pub(super) async fn try_out(&mut self, statement: &str) -> bool {
        self.admin.conn.query_drop(statement).await.is_ok()
    }

    /// Removes what was made.
    pub(super) async fn close(mut self) -> Result<(), MigrateError> {
        if self.made {
            return self
                .admin
                .execute(&format!("DROP DATABASE {}", quote(&self.name)))
                .await;
        }
        empty(&mut self.admin, &self.name).await
    }
}

/// Whether a rehearsal may be done on that server.
async fn suits(real: &mut Server, admin: &mut Server, elsewhere: bool) -> Result<(), MigrateError> {
    let refuse = |key: Text| {
        Err(MigrateError::new(Outcome::Unsafe, key).hint(Text::new("migrate-rehearse-on-hint")))
    };
    if elsewhere {
        for question in ["SELECT VERSION()", "SELECT @@lower_case_table_names"] {
            let (here, there) = (real.one(question).await?, admin.one(question).await?);
            if here != there {
                let text = Text::new("migrate-rehearse-other-server")
                    .with("here", here.unwrap_or_default());
                return Err(MigrateError::new(
                    Outcome::Usage,
                    text.with("there", there.unwrap_or_default()),
                ));
            }
        }
        return Ok(());
    }
    if admin
        .one_if("SELECT @@wsrep_on")
        .await
        .is_some_and(|on| on == "1")
    {
        return refuse(Text::new("migrate-rehearse-galera"));
    }
    if admin
        .one_if("SELECT @@global.log_bin")
        .await
        .is_none_or(|on| on == "0")
    {
        return Ok(());
    }
    // What is rehearsed is nothing for replicas.
    if admin
        .conn
        .query_drop("SET SESSION sql_log_bin = 0")
        .await
        .is_ok()
    {
        return Ok(());
    }
    let connected = admin
        .rows_if("SHOW GLOBAL STATUS LIKE 'Slaves_connected'")
        .await;
    let mut followers = connected.first().and_then(|row| at::<String>(row, 1));
    if followers.is_none() {
        // Without the right to see all connections there could be some that are not shown.
        let grants = admin.rows_if("SHOW GRANTS").await;
        let mut grants = grants.iter().filter_map(|row| at::<String>(row, 0));
        if grants.any(|grant| {
            grant.contains("PROCESS") || grant.starts_with("GRANT ALL PRIVILEGES ON *.*")
        }) {
            followers = admin.one_if("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'").await;
        }
    }
    let refused = match followers.as_deref() {
        Some("0") => return Ok(()),
        Some(_) => refuse(Text::new("migrate-rehearse-replicas")),
        None => refuse(Text::new("migrate-rehearse-replicas-unknown")),
    };
    refused.map_err(|error| error.hint(Text::new("migrate-rehearse-binlog-hint")))
}

/// Makes the schema, or takes one that is empty or ours; says whether it was made by us.
async fn prepare(
    real: &mut Server,
    admin: &mut Server,
    settings: &ConnectionSettings,
    name: &str,
) -> Result<bool, MigrateError> {
    let defaults = real
        .rows(&format!(
            "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {}",
            literal(&real.schema)
        ))
        .await?;
    let default = |place: usize| {
        defaults
            .first()
            .and_then(|row| at::<String>(row, place))
            .unwrap_or_else(|| "utf8mb4".to_owned())
    };
    let charset = format!("CHARACTER SET {} COLLATE {}", default(0), default(1));
    let there = format!(
        "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {}",
        literal(name)
    );
    let mut made = false;
    if admin.one(&there).await?.is_none() {
        if let Err(error) = admin
            .conn
            .query_drop(format!("CREATE DATABASE {} {charset}", quote(name)))
            .await
        {
            return Err(match server_error(&error).0 {
                1007 => not_ours(name),
                1044 | 1045 | 1142 | 1227 => no_right(admin, settings, name, &error).await,
                _ => admin.failed(&error),
            });
        }
        made = true;
    } else {
        let tables = admin
            .rows(&format!(
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = {}",
                literal(name)
            ))
            .await?;
        let names: Vec<String> = tables.iter().filter_map(|row| at(row, 0)).collect();
        let marked = names.iter().any(|table| table == MARKER);
        if !names.is_empty() && !marked {
            return Err(not_ours(name));
        }
        if marked {
            let by_us = admin
                .one(&format!(
                    "SELECT made FROM {}.{}",
                    quote(name),
                    quote(MARKER)
                ))
                .await?;
            made = by_us.as_deref() == Some("1");
            empty(admin, name).await?;
        }
        let _optional = admin
            .conn
            .query_drop(format!("ALTER DATABASE {} {charset}", quote(name)))
            .await;
    }
    let marker = format!("{}.{}", quote(name), quote(MARKER));
    if let Err(error) = admin
        .conn
        .query_drop(format!("CREATE TABLE {marker} (made int NOT NULL)"))
        .await
    {
        return Err(no_right(admin, settings, name, &error).await);
    }
    admin
        .execute(&format!(
            "INSERT INTO {marker} VALUES ({})",
            i32::from(made)
        ))
        .await?;
    Ok(made)
}

fn not_ours(name: &str) -> MigrateError {
    MigrateError::new(
        Outcome::Unsafe,
        Text::new("migrate-scratch-not-ours").with("schema", name),
    )
    .hint(Text::new("migrate-rehearse-without"))
}

/// What the account may not do, with the `GRANT` to type.
async fn no_right(
    admin: &mut Server,
    settings: &ConnectionSettings,
    name: &str,
    error: &mysql_async::Error,
) -> MigrateError {
    let (code, message) = server_error(error);
    let account = admin
        .one_if("SELECT CURRENT_USER()")
        .await
        .unwrap_or_else(|| format!("{}@%", settings.user));
    let (user, host) = account.rsplit_once('@').unwrap_or((&account, "%"));
    let grant = format!(
        "GRANT ALL PRIVILEGES ON {}.* TO {}@{};",
        quote(name),
        literal(user),
        literal(host)
    );
    let text = Text::new("migrate-scratch-no-right")
        .with("schema", name)
        .with("code", code)
        .with("message", message);
    MigrateError::new(Outcome::NoPermission, text)
        .hint(Text::new("migrate-scratch-grant").with("grant", grant))
        .hint(Text::new("migrate-rehearse-without"))
}

/// Removes everything in a schema of ours, the marker last.
async fn empty(admin: &mut Server, name: &str) -> Result<(), MigrateError> {
    admin.execute("SET SESSION foreign_key_checks = 0").await?;
    let all = admin.snapshot(name, Scope::Whole).await?;
    let marker = (
        Key::table(MARKER),
        Part {
            name: String::new(),
            ..Part::default()
        },
    );
    let ours = all
        .contains_key(&marker.0)
        .then_some((&marker.0, &marker.1));
    let others = all
        .iter()
        .filter(|(key, _)| key.table != MARKER && (key.table.is_empty() || key.name.is_empty()));
    for (key, part) in others.chain(ours) {
        let object = if key.name.is_empty() {
            &key.table
        } else {
            &part.name
        };
        let word = word_of(key.kind, part);
        admin
            .execute(&format!(
                "DROP {word} IF EXISTS {}.{}",
                quote(name),
                quote(object)
            ))
            .await?;
    }
    Ok(())
}
