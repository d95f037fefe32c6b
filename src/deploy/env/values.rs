//! The values of the env file, completed with the defaults of the WeCube upgrade guide.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::reader::EnvFile;
use super::service::Service;
use super::variables::{
    Requirement, VARIABLES, ValueKind, Variable, VersionNumbers, variable, version_of,
};
use crate::i18n::Text;
use crate::secret::Secret;

/// A fault of a name in the env file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// A required variable is missing or empty.
    Missing {
        /// The variable.
        name: &'static str,
        /// Its line, if it is there and empty.
        line: Option<usize>,
    },
    /// No service reads a variable of this name.
    Unknown {
        /// The name.
        name: String,
        /// Its line.
        line: usize,
        /// A similar known name.
        meant: Option<&'static str>,
    },
    /// Only a later platform version reads it.
    Unused {
        /// The variable.
        name: &'static str,
        /// Its line.
        line: usize,
        /// The first version that reads it.
        since: VersionNumbers,
    },
}

impl NameFault {
    /// The variable.
    pub fn name(&self) -> &str {
        match self {
            Self::Missing { name, .. } | Self::Unused { name, .. } => name,
            Self::Unknown { name, .. } => name,
        }
    }

    /// Its line, if the file has it.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Missing { line, .. } => *line,
            Self::Unknown { line, .. } | Self::Unused { line, .. } => Some(*line),
        }
    }

    /// The fault, without its line.
    pub fn message(&self) -> Text {
        let message = match self {
            Self::Missing { name, line } => {
                let message = match line {
                    None => Text::new("env-name-missing"),
                    Some(_) => Text::new("env-name-empty"),
                };
                match variable(name) {
                    Some(known) => message.nested("about", (known.about)()),
                    None => message,
                }
            }
            Self::Unknown { meant: None, .. } => Text::new("env-name-unknown"),
            Self::Unknown {
                meant: Some(meant), ..
            } => Text::new("env-name-meant").with("meant", meant),
            Self::Unused { since, .. } => {
                let since = format_args!("v{}.{}.{}", since.0, since.1, since.2);
                Text::new("env-name-unused").with("since", since)
            }
        };
        message.with("name", self.name())
    }
}

/// A value of the wrong form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueFault {
    /// The variable.
    pub name: &'static str,
    /// Its line, if the file sets it.
    pub line: Option<usize>,
    /// The fault. It does not quote secrets.
    pub message: Text,
}

/// Address and account of a database.
#[derive(Clone)]
pub struct Database {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User.
    pub user: String,
    /// Password.
    pub password: Secret,
    /// Name of the schema.
    pub schema: String,
}

/// Address and keys of the S3 server.
#[derive(Clone)]
pub struct S3 {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Access key.
    pub access: String,
    /// Secret key.
    pub secret: Secret,
}

impl S3 {
    /// The bucket of the plugin packages; fixed in the images (`platform-core/config/default.json`).
    pub const BUCKET: &'static str = "wecube-plugin-package-bucket";
}

/// A host that core copies static files to over ssh.
#[derive(Clone)]
pub struct StaticHost {
    /// Host name or address.
    pub host: String,
    /// ssh port.
    pub port: u16,
    /// ssh user.
    pub user: String,
    /// ssh password.
    pub password: Secret,
    /// Directory of the static files.
    pub path: PathBuf,
}

/// The values. No `Debug`: they hold secrets.
#[derive(Clone)]
pub struct Values {
    file: EnvFile,
}

impl Values {
    /// The values of a file, and the faults of its names.
    pub fn read(file: EnvFile) -> (Self, Vec<NameFault>) {
        let values = Self { file };
        let faults = values.name_faults();
        (values, faults)
    }

    fn name_faults(&self) -> Vec<NameFault> {
        let version = version_of(self.version());
        let mut faults: Vec<NameFault> = VARIABLES
            .iter()
            .filter(|variable| variable.requirement == Requirement::Required)
            .filter(|variable| self.file.get(variable.name).is_none())
            .map(|variable| NameFault::Missing {
                name: variable.name,
                line: self.file.line(variable.name),
            })
            .collect();
        for name in self.file.names() {
            let line = self.file.line(name).unwrap_or_default();
            match variable(name) {
                None => faults.push(NameFault::Unknown {
                    name: name.to_owned(),
                    line,
                    meant: meant(name),
                }),
                Some(known) if !known.is_read_by(version) => faults.push(NameFault::Unused {
                    name: known.name,
                    line,
                    since: known.since,
                }),
                Some(_) => {}
            }
        }
        faults.sort_by_key(|fault| fault.line().unwrap_or(usize::MAX));
        faults
    }

    /// The file.
    pub fn file(&self) -> &EnvFile {
        &self.file
    }

    /// The value of a variable as the containers get it: from the file, else its default, else derived.
    /// `None` if it is required and missing, or unknown.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        let known = variable(name);
        if let Some(given) = self.file.get(name) {
            return Some(Cow::Borrowed(given));
        }
        match known?.requirement {
            Requirement::Required => None,
            // An empty assignment counts as missing.
            Requirement::Default(default) => Some(Cow::Borrowed(default)),
            Requirement::Derived => self.derive(name).map(Cow::Owned),
        }
    }

    fn derive(&self, name: &str) -> Option<String> {
        let address = |service: Service| -> Option<String> {
            let port = self.text(&format!("{}_port", service.word()))?;
            Some(format!("{}:{port}", in_brackets(&self.host(service))))
        };
        match name {
            "auth_host" | "core_host" | "gateway_host" | "portal_host" => {
                self.text("HOSTIP").map(Cow::into_owned)
            }
            "auth_address" => address(Service::Auth),
            "core_address" => address(Service::Core),
            "gateway_address" | "gateway_host_ports" => address(Service::Gateway),
            "public_domain" => address(Service::Portal),
            "static_resource_server_ips" => Some(self.host(Service::Portal).into_owned()),
            "static_resource_server_path" => {
                let default = Path::new(self.string("deploy_root").as_ref())
                    .join("wecube-portal/data/ui-resources");
                Some(default.display().to_string())
            }
            _ => None,
        }
    }

    /// A value; empty if it is required and missing.
    pub fn string(&self, name: &str) -> Cow<'_, str> {
        self.text(name).unwrap_or_default()
    }

    /// A secret; empty if it is required and missing.
    pub fn secret(&self, name: &str) -> Secret {
        Secret::new(self.string(name).into_owned())
    }

    /// `WECUBE_VERSION` as it is written.
    pub fn version(&self) -> &str {
        self.file.get("WECUBE_VERSION").unwrap_or_default()
    }

    /// `HOSTIP`.
    pub fn host_ip(&self) -> Cow<'_, str> {
        self.string("HOSTIP")
    }

    /// Seed of the access tokens.
    pub fn seed(&self) -> Secret {
        self.secret("JWT_SIGNING_KEY")
    }

    /// The host that a service runs on.
    pub fn host(&self, service: Service) -> Cow<'_, str> {
        self.string(&format!("{}_host", service.word()))
    }

    /// The port of a service on its host.
    pub fn port(&self, service: Service) -> Result<u16, ValueFault> {
        let name = format!("{}_port", service.word());
        self.port_of(variable(&name).map_or("", |variable| variable.name))
    }

    /// `HOST:PORT` at which others reach a service, for example a load balancer's. For the portal: the
    /// address that users type.
    pub fn address(&self, service: Service) -> Cow<'_, str> {
        self.string(match service {
            Service::Auth => "auth_address",
            Service::Core => "core_address",
            Service::Gateway => "gateway_address",
            Service::Portal => "public_domain",
        })
    }

    /// The image of a service, with its tag.
    pub fn image(&self, service: Service) -> String {
        let prefix = self.string("image_prefix");
        let name = match prefix.trim_end_matches('/') {
            "" => service.name().to_owned(),
            prefix => format!("{prefix}/{service}"),
        };
        format!("{name}:{}", self.version())
    }

    /// The name of a service's container.
    pub fn container(&self, service: Service) -> String {
        format!("{service}-{}", self.version())
    }

    /// The directory of the four components.
    pub fn root(&self) -> PathBuf {
        PathBuf::from(self.string("deploy_root").into_owned())
    }

    /// The directory of a service, with its compose file.
    pub fn folder(&self, service: Service) -> PathBuf {
        self.root().join(service.name())
    }

    /// The directory of the static files on this host.
    pub fn ui_resources(&self) -> PathBuf {
        let paths = self.string("static_resource_server_path").into_owned();
        PathBuf::from(paths.split(',').next().unwrap_or_default())
    }

    /// The database of platform-core.
    pub fn core_database(&self) -> Result<Database, ValueFault> {
        Ok(Database {
            host: self.string("mysql_wecube_host").into_owned(),
            port: self.port_of("mysql_wecube_port")?,
            user: self.string("mysql_wecube_username").into_owned(),
            password: self.secret("mysql_wecube_password"),
            schema: self.string("mysql_wecube_database").into_owned(),
        })
    }

    /// The database of platform-auth-server.
    pub fn auth_database(&self) -> Result<Database, ValueFault> {
        Ok(Database {
            host: self.string("mysql_auth_host").into_owned(),
            port: self.port_of("mysql_auth_port")?,
            user: self.string("mysql_auth_username").into_owned(),
            password: self.secret("mysql_auth_password"),
            schema: self.string("mysql_auth_database").into_owned(),
        })
    }

    /// The S3 server.
    pub fn s3(&self) -> Result<S3, ValueFault> {
        Ok(S3 {
            host: self.string("s3_host").into_owned(),
            port: self.port_of("s3_port")?,
            access: self.string("s3_access").into_owned(),
            secret: self.secret("s3_secret"),
        })
    }

    /// The values of a variable, one per static host ([`per_host`]).
    pub fn list(&self, name: &str) -> Vec<String> {
        per_host(
            &self.string("static_resource_server_ips"),
            &self.string(name),
        )
    }

    /// The static hosts that have a value in each list.
    pub fn static_hosts(&self) -> Result<Vec<StaticHost>, ValueFault> {
        let [hosts, users, passwords, ports, paths] = [
            "static_resource_server_ips",
            "host_wecube_username",
            "host_wecube_password",
            "static_resource_server_port",
            "static_resource_server_path",
        ]
        .map(|name| self.list(name));
        let others = users.into_iter().zip(passwords).zip(ports).zip(paths);
        hosts
            .into_iter()
            .zip(others)
            .map(|(host, (((user, password), port), path))| {
                Ok(StaticHost {
                    host,
                    port: self.parsed_port("static_resource_server_port", &port)?,
                    user,
                    password: Secret::new(password),
                    path: PathBuf::from(path),
                })
            })
            .collect()
    }

    fn port_of(&self, name: &'static str) -> Result<u16, ValueFault> {
        self.parsed_port(name, &self.string(name))
    }

    fn parsed_port(&self, name: &'static str, text: &str) -> Result<u16, ValueFault> {
        text.parse::<u16>()
            .ok()
            .filter(|port| *port > 0 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .ok_or_else(|| ValueFault {
                name,
                line: self.file.line(name),
                message: Text::new("env-value-port")
                    .with("name", name)
                    .with("value", text),
            })
    }

    /// All values of the wrong form: ports, numbers, paths, addresses.
    pub fn faults(&self) -> Vec<ValueFault> {
        let version = version_of(self.version());
        VARIABLES
            .iter()
            .filter(|variable| variable.is_read_by(version))
            .filter_map(|variable| self.fault(variable))
            .collect()
    }

    fn fault(&self, variable: &'static Variable) -> Option<ValueFault> {
        if variable.requirement == Requirement::Derived && self.file.get(variable.name).is_none() {
            // The variables that it is derived from are checked themselves.
            return None;
        }
        let value = self.text(variable.name)?;
        let wrong = |message: Text| ValueFault {
            name: variable.name,
            line: self.file.line(variable.name),
            message: message.with("name", variable.name).with("value", &value),
        };
        match variable.kind {
            ValueKind::Port => self.parsed_port(variable.name, &value).err(),
            ValueKind::PortList => self
                .list(variable.name)
                .iter()
                .find_map(|port| self.parsed_port(variable.name, port).err()),
            ValueKind::Number => {
                let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                (!digits || value.parse::<u32>().is_err())
                    .then(|| wrong(Text::new("env-value-number")))
            }
            ValueKind::Folder => {
                let whole = value.starts_with('/') && !value.split('/').any(|part| part == "..");
                (!whole).then(|| wrong(Text::new("env-value-folder")))
            }
            ValueKind::Address => {
                (!is_address(&value)).then(|| wrong(Text::new("env-value-address")))
            }
            ValueKind::AddressList => (!value.split(',').all(is_address))
                .then(|| wrong(Text::new("env-value-address-list"))),
            ValueKind::Host => host_fault(&value).map(wrong),
            ValueKind::HostList => value
                .split(',')
                .find_map(host_fault)
                .map(|_| wrong(Text::new("env-value-host-list"))),
            ValueKind::List => {
                let odd = |c: char| c.is_whitespace() || ";；，、".contains(c);
                value
                    .contains(odd)
                    .then(|| wrong(Text::new("env-value-list")))
            }
            ValueKind::Version => {
                let digits = value.chars().next().is_some_and(|c| c.is_ascii_digit());
                digits.then(|| wrong(Text::new("env-value-version")))
            }
            ValueKind::Text => None,
        }
    }
}

/// Whether a text is `HOST:PORT`, an IPv6 address in brackets.
fn is_address(text: &str) -> bool {
    let port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    text.rsplit_once(':').is_some_and(|(host, after)| {
        let bare = host.contains(':') && !host.starts_with('[');
        !bare && host_fault(host).is_none() && port(after)
    })
}

/// Why a text is not a host name or an address.
fn host_fault(text: &str) -> Option<Text> {
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let is_v6 = |text: &str| text.parse::<std::net::Ipv6Addr>().is_ok();
    if is_v6(inner.unwrap_or(text)) {
        return None;
    }
    let plain = |c: char| c.is_alphanumeric() && !('！'..='～').contains(&c) || "-_.".contains(c);
    match text.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() && host.chars().all(plain) => {
            Some(Text::new("env-value-host-with-port").with("host", host))
        }
        _ => (text.is_empty() || !text.chars().all(plain)).then(|| Text::new("env-value-host")),
    }
}

/// A host as a part of `HOST:PORT`: an IPv6 address in brackets.
pub fn in_brackets(host: &str) -> String {
    if host.parse::<std::net::Ipv6Addr>().is_ok() {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}

/// A comma list as platform-core splits it: with one static host it is one value, commas included;
/// with several hosts a single value counts for each host.
pub fn per_host(hosts: &str, value: &str) -> Vec<String> {
    let hosts = hosts.split(',').count();
    if hosts == 1 {
        return vec![value.to_owned()];
    }
    let parts: Vec<String> = value.split(',').map(str::to_owned).collect();
    match parts.as_slice() {
        [one] => vec![one.clone(); hosts],
        _ => parts,
    }
}

/// A known name that differs in case or by one letter.
fn meant(name: &str) -> Option<&'static str> {
    let near = |known: &&Variable| {
        known.name.eq_ignore_ascii_case(name) || strsim::levenshtein(known.name, name) <= 1
    };
    VARIABLES.iter().find(near).map(|known| known.name)
}

#[cfg(test)]
mod tests;
