//! Where the databases are, and how to sign in to them.

use std::path::{Path, PathBuf};

use super::args::{MigrateArgs, TlsArg};
use crate::cli::context::Context;
use crate::deploy::migrate::{ConnectionSettings, Target, Tls};
use crate::error::CommandError;
use crate::i18n::Text;
use crate::secret::{Secret, read_secret};

/// Where the schema is: flags first, then the env file's variables.
pub(super) fn settings(
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
    let mut settings = ConnectionSettings {
        host: String::new(),
        port: 3306,
        socket: None,
        user: String::new(),
        password: Secret::new(""),
        schema: String::new(),
        tls: match args.db_tls {
            Some(TlsArg::Required) => Tls::Required,
            Some(TlsArg::Disabled) => Tls::Disabled,
            _ => Tls::Preferred,
        },
        ca_file: args.db_ca_file.clone(),
    };
    if let Some(address) = address {
        address_of(address, &mut settings)?;
    } else {
        settings.host = env("host").ok_or_else(|| missing("db"))?;
        settings.port = env("port")
            .and_then(|port| port.parse().ok())
            .unwrap_or(3306);
        settings.schema = env("database").unwrap_or_else(|| database.to_owned());
    }
    settings.user = user
        .clone()
        .or_else(|| env("username"))
        .ok_or_else(|| missing("db-user"))?;
    settings.password = if let Some(path) = password_file {
        password(path)?
    } else if settings.socket.is_some() {
        Secret::new(env("password").unwrap_or_default())
    } else {
        Secret::new(env("password").ok_or_else(|| missing("db-password-file"))?)
    };
    Ok(settings)
}

/// A password that others on the host can read is refused.
pub(super) fn password(path: &Path) -> Result<Secret, CommandError> {
    let (secret, wide) = read_secret(path)?;
    match wide {
        Some(wide) => Err(CommandError::usage(wide.text())),
        None => Ok(secret),
    }
}

/// `HOST:PORT/SCHEMA`, an IPv6 address in brackets, or `/PATH/OF/SOCKET/SCHEMA`.
pub(super) fn address_of(
    typed: &str,
    settings: &mut ConnectionSettings,
) -> Result<(), CommandError> {
    let bad = || CommandError::usage(Text::new("migrate-bad-address").with("address", typed));
    let (place, schema) = typed
        .rsplit_once('/')
        .filter(|(_, schema)| !schema.is_empty())
        .ok_or_else(bad)?;
    schema.clone_into(&mut settings.schema);
    settings.socket = None;
    if place.starts_with('/') {
        settings.socket = Some(PathBuf::from(place));
        return Ok(());
    }
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            (host, port.parse().map_err(|_| bad())?)
        }
        Some(_) => return Err(bad()),
        None => (place, 3306),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() || host.contains('/') {
        return Err(bad());
    }
    (settings.host, settings.port) = (host.to_owned(), port);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (typed, wanted) in [
            ("h:3307/wecube", Some("h:3307/wecube")),
            ("h/wecube", Some("h:3306/wecube")),
            ("[::1]:3307/w", Some("[::1]:3307/w")),
            (
                "/run/mysqld/mysqld.sock/wecube",
                Some("/run/mysqld/mysqld.sock/wecube"),
            ),
            ("::1/w", None),
            ("h:3307", None),
            ("h:x/w", None),
            (":1/w", None),
            ("h:1/", None),
        ] {
            let mut settings = ConnectionSettings {
                host: String::new(),
                port: 0,
                socket: None,
                user: String::new(),
                password: Secret::new(""),
                schema: String::new(),
                tls: Tls::Preferred,
                ca_file: None,
            };
            let read = address_of(typed, &mut settings)
                .ok()
                .map(|()| settings.address());
            assert_eq!(read.as_deref(), wanted, "{typed}");
        }
    }
}
