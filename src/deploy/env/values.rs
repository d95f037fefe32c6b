//! The file's values, with the document's own where the file is silent.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::reader::EnvFile;
use super::service::Service;
use super::variables::{Kind, Need, PlatformRange, VARIABLES, Variable, variable, version_of};
use crate::i18n::Text;
use crate::secret::Secret;

/// What is wrong with the names of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// A variable that must be given is not there, or empty.
    Missing {
        /// The variable.
        name: &'static str,
        /// The line where it is there and empty.
        line: Option<usize>,
    },
    /// Nothing reads a variable of this name.
    Unknown {
        /// The name.
        name: String,
        /// Its line.
        line: usize,
        /// A known name that looks like it.
        meant: Option<&'static str>,
    },
    /// No service of this platform version reads it.
    Unused {
        /// The variable.
        name: &'static str,
        /// Its line.
        line: usize,
        /// The first version that reads it.
        since: PlatformRange,
    },
}

impl NameFault {
    /// The fault, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Missing { name, line: None } => Text::new("env-name-missing")
                .with("name", name)
                .nested("about", super::about::about(name)),
            Self::Missing {
                name,
                line: Some(line),
            } => Text::new("env-name-empty")
                .with("name", name)
                .with("line", line)
                .nested("about", super::about::about(name)),
            Self::Unknown {
                name,
                line,
                meant: None,
            } => Text::new("env-name-unknown")
                .with("name", name)
                .with("line", line),
            Self::Unknown {
                name,
                line,
                meant: Some(meant),
            } => Text::new("env-name-meant")
                .with("name", name)
                .with("line", line)
                .with("meant", meant),
            Self::Unused { name, line, since } => Text::new("env-name-unused")
                .with("name", name)
                .with("line", line)
                .with(
                    "since",
                    format_args!("v{}.{}.{}", since.0, since.1, since.2),
                ),
        }
    }
}

/// A value that is not what its variable wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueFault {
    /// The variable.
    pub name: &'static str,
    /// Its line, where the file assigns it.
    pub line: Option<usize>,
    /// What is wrong; the value of a secret is not repeated.
    pub text: Text,
}

/// Where a database is and how it is signed in to.
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

/// Where the S3 server is and its keys.
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

/// A host that plugin pages are copied to over ssh.
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
    /// Folder of the plugin pages.
    pub path: PathBuf,
}

/// A file's values. There is no `Debug`: there are secrets among them.
#[derive(Clone)]
pub struct Values {
    file: EnvFile,
}

impl Values {
    /// The values of a file, and what is wrong with its names.
    pub fn read(file: EnvFile) -> (Self, Vec<NameFault>) {
        let values = Self { file };
        let faults = values.name_faults();
        (values, faults)
    }

    fn name_faults(&self) -> Vec<NameFault> {
        let version = version_of(self.version());
        let mut faults: Vec<NameFault> = VARIABLES
            .iter()
            .filter(|variable| variable.need == Need::Required)
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
        faults.sort_by_key(|fault| match fault {
            NameFault::Missing { line, .. } => line.unwrap_or(usize::MAX),
            NameFault::Unknown { line, .. } | NameFault::Unused { line, .. } => *line,
        });
        faults
    }

    /// The file that they are of.
    pub fn file(&self) -> &EnvFile {
        &self.file
    }

    /// The value of any variable as it goes into the containers: the file's, else the default, else
    /// what follows from others. None where it must be given and is not, or the name is not known.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        let known = variable(name);
        if let Some(given) = self.file.get(name) {
            return Some(Cow::Borrowed(given));
        }
        match known?.need {
            Need::Required => None,
            // Assigned and empty is as if it were not there: no default of ours may be empty by mistake.
            Need::Default(default) => Some(Cow::Borrowed(default)),
            Need::Derived => self.derive(name).map(Cow::Owned),
        }
    }

    fn derive(&self, name: &str) -> Option<String> {
        let address = |service: Service| -> Option<String> {
            let port = self.text(&format!("{}_port", service.word()))?;
            Some(format!("{}:{port}", self.host(service)))
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

    /// A text; empty where it must be given and is not.
    pub fn string(&self, name: &str) -> Cow<'_, str> {
        self.text(name).unwrap_or_default()
    }

    /// A secret; empty where it must be given and is not.
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

    /// `HOST:PORT` at which the others reach a service (a balancer's, where one is given). For the
    /// portal: what users type.
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

    /// The container's name, as the document has it.
    pub fn container(&self, service: Service) -> String {
        format!("{service}-{}", self.version())
    }

    /// The folder below which the four components lie.
    pub fn root(&self) -> PathBuf {
        PathBuf::from(self.string("deploy_root").into_owned())
    }

    /// The folder of a service; its compose file lies there.
    pub fn folder(&self, service: Service) -> PathBuf {
        self.root().join(service.name())
    }

    /// The folder of the plugin pages on this host.
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

    /// A comma list as platform-core takes it apart: with one host there is one value, commas and all;
    /// with several a single value (but a password's, which may hold commas) stands for each host.
    pub fn list(&self, name: &str) -> Vec<String> {
        let hosts = self.string("static_resource_server_ips");
        let hosts: Vec<&str> = hosts.split(',').collect();
        let value = self.string(name);
        if hosts.len() == 1 {
            return vec![value.into_owned()];
        }
        let parts: Vec<String> = value.split(',').map(str::to_owned).collect();
        match parts.as_slice() {
            [one] => vec![one.clone(); hosts.len()],
            _ => parts,
        }
    }

    /// The static hosts, as far as their lists have a value for each.
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
                text: Text::new("env-value-port")
                    .with("name", name)
                    .with("value", text),
            })
    }

    /// Every value that is not what its variable wants: ports, numbers, paths, addresses.
    pub fn faults(&self) -> Vec<ValueFault> {
        let version = version_of(self.version());
        VARIABLES
            .iter()
            .filter(|variable| variable.is_read_by(version))
            .filter_map(|variable| self.fault(variable))
            .collect()
    }

    fn fault(&self, variable: &'static Variable) -> Option<ValueFault> {
        if variable.need == Need::Derived && self.file.get(variable.name).is_none() {
            // What it follows from is looked at itself.
            return None;
        }
        let value = self.text(variable.name)?;
        let wrong = |text: Text| ValueFault {
            name: variable.name,
            line: self.file.line(variable.name),
            text: text.with("name", variable.name).with("value", &value),
        };
        match variable.kind {
            Kind::Port => self.parsed_port(variable.name, &value).err(),
            Kind::PortList => self
                .list(variable.name)
                .iter()
                .find_map(|port| self.parsed_port(variable.name, port).err()),
            Kind::Number => {
                let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                (!digits || value.parse::<u32>().is_err())
                    .then(|| wrong(Text::new("env-value-number")))
            }
            Kind::Folder => {
                let whole = value.starts_with('/') && !value.split('/').any(|part| part == "..");
                (!whole).then(|| wrong(Text::new("env-value-folder")))
            }
            Kind::Address => {
                let port = value.rsplit_once(':').map(|(host, port)| {
                    !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok()
                });
                (port != Some(true)).then(|| wrong(Text::new("env-value-address")))
            }
            Kind::Host => {
                let odd = value
                    .chars()
                    .any(|c| c.is_whitespace() || c == '/' || c.is_control());
                odd.then(|| wrong(Text::new("env-value-host")))
            }
            Kind::Text | Kind::List | Kind::Version => None,
        }
    }
}

/// A known name that differs in case or by one letter only.
fn meant(name: &str) -> Option<&'static str> {
    let near = |known: &&Variable| {
        known.name.eq_ignore_ascii_case(name) || one_letter_apart(known.name, name)
    };
    VARIABLES.iter().find(near).map(|known| known.name)
}

fn one_letter_apart(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let (short, long) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    match long.len() - short.len() {
        0 => short.get(same + 1..) == long.get(same + 1..) && same < short.len(),
        1 => short.get(same..) == long.get(same + 1..),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "WECUBE_VERSION='v4.0.0'\nHOSTIP='10.0.0.1'\nLOG_LEVEL='info'\n\
        WECUBE_PRIVATE_KEY='key.pem'\nJWT_SIGNING_KEY='Platform+Auth+Server+Secret'\n\
        mysql_wecube_host='10.0.0.10'\nmysql_wecube_port='3307'\nmysql_wecube_username='root'\n\
        mysql_wecube_password='x'\nmysql_auth_host='10.0.0.11'\nmysql_auth_port='3308'\n\
        mysql_auth_username='root'\nmysql_auth_password='y'\ns3_host='10.0.0.12'\ns3_port='9000'\n\
        s3_access='access_key'\ns3_secret='secret_key'\nhost_wecube_username='root'\n\
        host_wecube_password='a,b'\n";

    fn values(more: &str) -> (Values, Vec<NameFault>) {
        let file = EnvFile::parse(&format!("{DOCUMENT}{more}"));
        Values::read(file.unwrap_or_else(|faults| panic!("{faults:?}")))
    }

    #[test]
    fn the_documents_block_alone_is_complete() {
        let (values, faults) = values("");
        assert_eq!(faults, []);
        assert_eq!(values.faults(), []);
        assert_eq!(values.address(Service::Core), "10.0.0.1:8000");
        assert_eq!(values.string("gateway_host_ports"), "10.0.0.1:8005");
        assert_eq!(values.container(Service::Portal), "wecube-portal-v4.0.0");
        let root = Path::new("/data/app/platform");
        assert_eq!(
            values.ui_resources(),
            root.join("wecube-portal/data/ui-resources")
        );
        let core = values.core_database().unwrap_or_else(|_| panic!("a port"));
        assert_eq!((core.port, core.schema.as_str()), (3307, "wecube"));
        let hosts = values.static_hosts().unwrap_or_else(|_| panic!("ports"));
        // With one host platform-core takes nothing apart: a comma belongs to the password.
        assert_eq!(hosts.len(), 1);
        assert_eq!(hosts[0].password.expose(), "a,b");
    }

    #[test]
    fn several_static_hosts_share_what_is_given_once() {
        let (values, faults) = values("static_resource_server_ips='10.0.0.1,10.0.0.2'\n");
        assert_eq!(faults, []);
        let hosts = values.static_hosts().unwrap_or_else(|_| panic!("ports"));
        let told: Vec<_> = hosts
            .iter()
            .map(|host| (host.host.as_str(), host.port, host.password.expose()))
            .collect();
        assert_eq!(told, [("10.0.0.1", 22, "a"), ("10.0.0.2", 22, "b")]);
    }

    #[test]
    fn balancers_and_separate_hosts_reach_every_address() {
        let (values, _) = values(
            "core_host='10.0.0.21'\ngateway_address='lb:80'\npublic_domain='wecube.example:80'\n",
        );
        assert_eq!(values.address(Service::Core), "10.0.0.21:8000");
        assert_eq!(values.address(Service::Gateway), "lb:80");
        assert_eq!(values.string("gateway_host_ports"), "10.0.0.1:8005");
        assert_eq!(values.address(Service::Portal), "wecube.example:80");
    }

    #[test]
    fn unknown_missing_and_unused_names_are_told_at_once_with_their_lines() {
        let file = EnvFile::parse(
            "WECUBE_VERSION=v4.0.0\nHOSTPI=10.0.0.1\nmysql_wecube_host=\nnonsense=1\nhttp_timeout_minute=3\n",
        );
        let (_, faults) = Values::read(file.unwrap_or_else(|faults| panic!("{faults:?}")));
        let unknown = |name: &str, line, meant| NameFault::Unknown {
            name: name.to_owned(),
            line,
            meant,
        };
        assert!(faults.contains(&unknown("nonsense", 4, None)), "{faults:?}");
        assert!(faults.contains(&NameFault::Missing {
            name: "mysql_wecube_host",
            line: Some(3)
        }));
        assert!(faults.contains(&NameFault::Missing {
            name: "HOSTIP",
            line: None
        }));
        assert!(faults.contains(&NameFault::Unused {
            name: "http_timeout_minute",
            line: 5,
            since: (4, 3, 2)
        }));
    }

    #[test]
    fn a_name_with_one_letter_off_is_recognised() {
        for (typed, meant_by) in [
            ("hostip", Some("HOSTIP")),
            ("HOSTI", Some("HOSTIP")),
            ("s3_sercet", None),
            ("s3_secrets", Some("s3_secret")),
            ("mysql_auth_pasword", Some("mysql_auth_password")),
            ("mysql_auth_pxssword", Some("mysql_auth_password")),
            ("other", None),
        ] {
            assert_eq!(meant(typed), meant_by, "{typed}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_shape_is_named() {
        for (more, name) in [
            ("core_port=0\n", "core_port"),
            ("core_port=70000\n", "core_port"),
            ("portal_port=+80\n", "portal_port"),
            ("user_access_token=20m\n", "user_access_token"),
            ("deploy_root=data\n", "deploy_root"),
            ("deploy_root=/data/../etc\n", "deploy_root"),
            ("gateway_address=http://lb:80\n", "gateway_address"),
            (
                "static_resource_server_port=22,x\nstatic_resource_server_ips=a,b\n",
                "static_resource_server_port",
            ),
            ("gateway_host='10.0.0.1 '\n", "gateway_host"),
        ] {
            let found = values(more).0.faults();
            assert!(
                found
                    .iter()
                    .any(|fault| fault.name == name && fault.line.is_some()),
                "{more}: {found:?}"
            );
        }
    }
}
