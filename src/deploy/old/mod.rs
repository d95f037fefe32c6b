//! Values of the old instance, from its compose files, its env files, or the `.cfg` that they were
//! made from.
//!
//! A value that is not found is not absent: a variable of compose may be set elsewhere, an `env_file`
//! may be missing. So each shared variable is set, unresolved with file and line, or absent.

mod compose;
mod dotenv;
mod interpolate;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use compose::{Entry, Lookup, NotCompose, OldService, ReadFile};
use interpolate::Resolved;
use names::{Meaning, Role};

use crate::deploy::env::{Service, variable};
use crate::files::FileError;
use crate::secret::Secret;

pub use interpolate::{Cause, Unresolved};

/// Variables that must be the same on both instances. `deploy init` copies them or lists them as missing.
pub const SHARED_VARIABLES: [&str; 22] = [
    "JWT_SIGNING_KEY",
    "resource_server_password_seed",
    "mysql_wecube_host",
    "mysql_wecube_port",
    "mysql_wecube_username",
    "mysql_wecube_password",
    "mysql_wecube_database",
    "mysql_auth_host",
    "mysql_auth_port",
    "mysql_auth_username",
    "mysql_auth_password",
    "mysql_auth_database",
    "s3_host",
    "s3_port",
    "s3_access",
    "s3_secret",
    "static_resource_server_ips",
    "static_resource_server_port",
    "host_wecube_username",
    "host_wecube_password",
    "plugin_base_mount_path",
    "plugin_deploy_path",
];

/// The seed of a v3 auth-server whose arguments give none
/// (`platform-auth-server/…/DefaultJwtBuilder.java`, v3.2.6).
pub const BUILT_IN_SEED: &str = "Platform+Auth+Server+Secret";

/// What the old instance has for a variable.
pub enum OldValue<'a> {
    /// This value.
    Set(&'a Secret),
    /// A value that is not known.
    Unresolved(Unresolved),
    /// None: its files were read whole.
    Absent,
}

/// A file of the old instance.
pub struct OldFile {
    /// Its path.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Why the files cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OldFault {
    /// Neither a compose file nor an env file nor a `.cfg` of WeCube.
    Unknown(PathBuf),
    /// A compose file that is not valid YAML at this line, from 1.
    Yaml(PathBuf, usize),
    /// A file that it names cannot be read.
    File(FileError),
}

/// The old instance. No `Debug`: it holds secrets.
#[derive(Clone, Default)]
pub struct OldInstance {
    values: BTreeMap<&'static str, (Secret, PathBuf, usize)>,
    unresolved: BTreeMap<&'static str, Unresolved>,
    /// The services that its files have, each with an `env_file` that is missing.
    services: BTreeMap<Service, Option<Unresolved>>,
    /// Whether it is a v4.
    is_v4: bool,
    /// Ports that it uses on its host.
    pub ports: BTreeSet<u16>,
    /// Directories of its host that it mounts, and that of its static files.
    pub folders: BTreeSet<PathBuf>,
}

impl OldInstance {
    /// Reads compose files, env files and `.cfg` files. A later compose file overrides an earlier one,
    /// as with `--file`. `env_file` takes the place of `.env` beside a compose file.
    pub fn read(
        files: &[OldFile],
        env_file: Option<&OldFile>,
        read: &ReadFile<'_>,
    ) -> Result<Self, OldFault> {
        let mut old = Self::default();
        let mut services: BTreeMap<String, OldService> = BTreeMap::new();
        for file in files {
            let beside = match env_file {
                Some(_) => None,
                None => read(&file.path.with_file_name(".env")).map_err(OldFault::File)?,
            };
            let text = env_file
                .map(|file| file.text.as_str())
                .or(beside.as_deref());
            let lookup = compose::project_lookup(text);
            match compose::services(&file.path, &file.text, &lookup, read) {
                Ok(found) => {
                    for service in found {
                        let name = service.title.split(' ').next().unwrap_or_default();
                        let known = services.entry(name.to_owned()).or_default();
                        known.override_with(service);
                    }
                }
                Err(NotCompose::NoServices) => old.add_plain(file, &lookup)?,
                Err(NotCompose::Yaml(line)) => {
                    return Err(OldFault::Yaml(file.path.clone(), line));
                }
                Err(NotCompose::File(error)) => return Err(OldFault::File(error)),
            }
        }
        for service in services.values() {
            old.add_service(service);
        }
        Ok(old)
    }

    /// One of its values, if it is known.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        let known = !self.unresolved.contains_key(name);
        Some(&self.values.get(name).filter(|_| known)?.0)
    }

    /// What it has for a variable.
    pub fn value(&self, name: &str) -> OldValue<'_> {
        if let Some(unresolved) = self.unresolved.get(name) {
            return OldValue::Unresolved(unresolved.clone());
        }
        if let Some((value, ..)) = self.values.get(name) {
            return OldValue::Set(value);
        }
        match self.services.get(&names::reader_of(name)) {
            Some(None) => OldValue::Absent,
            Some(Some(missing)) => OldValue::Unresolved(missing.clone()),
            None => OldValue::Unresolved(Unresolved {
                cause: Cause::NotGiven,
                at: None,
            }),
        }
    }

    /// Whether its files have a service.
    pub fn has(&self, service: Service) -> bool {
        self.services.contains_key(&service)
    }

    /// Whether it signs tokens with [`BUILT_IN_SEED`]: a v3 that is known to set no other.
    pub fn has_built_in_seed(&self) -> bool {
        !self.is_v4 && matches!(self.value("JWT_SIGNING_KEY"), OldValue::Absent)
    }

    /// Adds an env file or a `.cfg`.
    fn add_plain(&mut self, file: &OldFile, lookup: &Lookup<'_>) -> Result<(), OldFault> {
        let mut all = OldService::default();
        all.add_file(&file.path, &file.text, lookup);
        let has = |name: &str| all.entries.keys().any(|key| key.eq_ignore_ascii_case(name));
        let only_auth = has("SIGNING_KEY") && !has("AUTH_SERVER_MYSQL_ADDR") && !has("s3_address");
        let role = if only_auth {
            Role::One(Service::Auth)
        } else {
            Role::All
        };
        let known = all.entries.keys().any(|name| {
            let platform = name.to_ascii_uppercase().starts_with("WECUBE_");
            platform || names::meaning(role, name).is_some()
        });
        if !known {
            return Err(OldFault::Unknown(file.path.clone()));
        }
        for (name, entry) in &all.entries {
            let key = name.to_ascii_uppercase();
            if key.ends_with("_PORT")
                && !["MYSQL", "STATIC", "DB"].iter().any(|it| key.contains(it))
            {
                self.ports
                    .extend(entry.value.iter().flat_map(|port| port.parse::<u16>()));
            }
        }
        self.add_entries(role, &all);
        Ok(())
    }

    fn add_service(&mut self, service: &OldService) {
        for port in &service.ports {
            self.ports.extend(host_port(port));
        }
        for volume in &service.volumes {
            let host = volume.split(':').next().unwrap_or_default();
            if host.starts_with('/') && host != "/etc/localtime" {
                self.folders.insert(PathBuf::from(host));
            }
        }
        self.add_entries(names::role(service), service);
    }

    fn add_entries(&mut self, role: Role, service: &OldService) {
        match role {
            Role::One(one) => drop(self.services.insert(one, service.missing.clone())),
            Role::All => self.services.extend(Service::ALL.map(|one| (one, None))),
            Role::Other => return,
        }
        let v4 = [
            "jwt_signing_key",
            "db_server",
            "SIGNING_KEY",
            "JWT_SIGNING_KEY",
        ];
        self.is_v4 |= v4.iter().any(|name| service.entries.contains_key(*name));
        for (name, entry) in &service.entries {
            match names::meaning(role, name) {
                Some(Meaning::Variable(name)) => self.set(name, entry, entry.value.clone()),
                Some(Meaning::S3) => self.set_s3(entry),
                Some(Meaning::Arguments(of)) => self.set_arguments(of, entry),
                Some(Meaning::StaticFiles) => {
                    let paths = entry.value.iter().flat_map(|value| value.split(','));
                    self.folders.extend(paths.map(PathBuf::from));
                }
                None => {}
            }
        }
    }

    fn set(&mut self, name: &'static str, entry: &Entry, value: Resolved) {
        let copied = variable(name).is_some_and(|known| known.since > (4, 0, 0));
        if !copied && !SHARED_VARIABLES.contains(&name) {
            return;
        }
        let cause = match (value, self.values.get(name)) {
            (Ok(value), _) if value.is_empty() => return,
            (Ok(value), None) => {
                // Another service may not know it.
                self.unresolved.remove(name);
                let set = (Secret::new(value), entry.path.clone(), entry.line);
                self.values.insert(name, set);
                return;
            }
            (Ok(value), Some((known, ..))) if known.expose() == value => return,
            (Ok(_), Some((_, path, line))) => Cause::Differs {
                path: path.clone(),
                line: *line,
            },
            (Err(_), Some(_)) => return,
            (Err(cause), None) => cause,
        };
        let at = Some((entry.path.clone(), entry.line));
        self.unresolved.insert(name, Unresolved { cause, at });
    }

    /// From `http://HOST:PORT` or `HOST:PORT`.
    fn set_s3(&mut self, entry: &Entry) {
        let Ok(value) = &entry.value else {
            for name in ["s3_host", "s3_port"] {
                self.set(name, entry, entry.value.clone());
            }
            return;
        };
        let (scheme, rest) = value.split_once("://").unwrap_or(("", value));
        let authority = rest.split('/').next().unwrap_or_default();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (
                authority,
                match scheme {
                    "https" => "443",
                    "http" => "80",
                    _ => "",
                },
            ),
        };
        self.set("s3_host", entry, Ok(host.to_owned()));
        self.set("s3_port", entry, Ok(port.to_owned()));
    }

    /// From Java arguments. If the whole is not known, each argument is read alone.
    fn set_arguments(&mut self, service: Service, entry: &Entry) {
        let cause = match &entry.value {
            Ok(whole) => return self.set_words(entry, whole),
            Err(cause) => cause,
        };
        let mut others = entry.words.is_empty();
        for (word, value) in &entry.words {
            let key = word
                .trim_start_matches('-')
                .split_once('=')
                .map(|(key, _)| key);
            match (value, key) {
                (Ok(known), _) => self.set_words(entry, known),
                (Err(cause), Some(key)) if !key.contains('$') => {
                    if let Some(name) = names::of_argument(key) {
                        self.set(name, entry, Err(cause.clone()));
                    }
                }
                // It may stand for any argument.
                _ => others = true,
            }
        }
        for name in names::by_arguments(service).iter().filter(|_| others) {
            self.set(name, entry, Err(cause.clone()));
        }
    }

    fn set_words(&mut self, entry: &Entry, arguments: &str) {
        for word in shlex::split(arguments).unwrap_or_default() {
            let argument = word.trim_start_matches('-').split_once('=');
            if let Some((key, value)) = argument
                && let Some(name) = names::of_argument(key)
            {
                self.set(name, entry, Ok(value.to_owned()));
            }
        }
    }
}

/// The host's port of `8080:80`, `10.0.0.1:8080:80`, `8080`.
fn host_port(entry: &str) -> Option<u16> {
    let entry = entry.split('/').next().unwrap_or_default();
    let parts: Vec<&str> = entry.rsplitn(3, ':').collect();
    parts.get(1).or(parts.first())?.parse().ok()
}

#[cfg(test)]
mod tests;
