//! `docker compose` or `docker-compose`, whichever is installed.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::engine::{Engine, EngineError, OutputFault};
use super::process::{ProcessError, ProcessOutput, Program};
use crate::secret::Secret;

/// Timeout of reading a file.
const QUERY: Duration = Duration::from_mins(2);
/// Timeout of creating and starting one container.
const START: Duration = Duration::from_mins(30);

/// Which generation of compose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComposeKind {
    /// `docker-compose`, version 1.
    Standalone,
    /// `docker compose`, the plugin.
    Plugin,
}

/// Compose on an engine.
#[derive(Clone, Debug)]
pub struct Compose {
    program: Program,
    /// Its generation.
    pub kind: ComposeKind,
    /// Its version as it prints it.
    pub version: String,
}

/// One service of a compose file, as compose itself resolves it.
pub struct ComposeService {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Name of its container, if the file gives one.
    pub container_name: Option<String>,
    /// Ports on the host.
    pub ports: Vec<PortMapping>,
    /// Its environment. Any value may be a secret.
    pub environment: BTreeMap<String, Secret>,
}

/// A port of a service on the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortMapping {
    /// Address of the host; `None` for all.
    pub host_ip: Option<String>,
    /// Port of the host.
    pub published: u16,
    /// Port inside the container.
    pub target: u16,
}

impl Compose {
    /// Looks for the plugin first, then for `docker-compose`.
    pub async fn find(engine: &Engine) -> Result<Self, EngineError> {
        let plugin = engine.docker().clone().arg("compose");
        let asked = plugin.run(&["version", "--short"], QUERY).await?;
        if asked.is_ok() {
            return Ok(Self {
                program: plugin,
                kind: ComposeKind::Plugin,
                version: asked.stdout.trim().to_owned(),
            });
        }
        let standalone = engine.apply_to(Program::new("docker-compose"));
        match standalone.run(&["version", "--short"], QUERY).await {
            Ok(ran) if ran.is_ok() => Ok(Self {
                program: standalone,
                kind: ComposeKind::Standalone,
                version: ran.stdout.trim().to_owned(),
            }),
            Ok(ran) => Err(EngineError::of("docker-compose version", &ran)),
            Err(ProcessError::NotFound { .. }) => {
                Err(EngineError::Process(ProcessError::NotFound {
                    program: "docker compose, docker-compose".to_owned(),
                }))
            }
            Err(error) => Err(EngineError::Process(error)),
        }
    }

    async fn call(
        &self,
        file: &Path,
        project: &str,
        args: &[&str],
        timeout: Duration,
    ) -> Result<ProcessOutput, EngineError> {
        let folder = file.parent().unwrap_or(Path::new("/")).to_string_lossy();
        let file = file.to_string_lossy();
        let mut all = vec![
            "--file",
            &*file,
            "--project-name",
            project,
            "--project-directory",
        ];
        all.push(&folder);
        all.extend(args);
        Ok(self.program.run(&all, timeout).await?)
    }

    /// The services of a file as compose resolves them.
    pub async fn services(
        &self,
        file: &Path,
        project: &str,
    ) -> Result<Vec<ComposeService>, EngineError> {
        let yaml = self.config(file, project, &["config"]).await?;
        services(&yaml).map_err(|fault| EngineError::Unreadable {
            command: "compose config",
            fault,
        })
    }

    /// Compose's hash of each service's configuration. A container carries the hash it was created
    /// with as a label.
    pub async fn hashes(
        &self,
        file: &Path,
        project: &str,
    ) -> Result<BTreeMap<String, String>, EngineError> {
        let lines = self
            .config(file, project, &["config", "--hash", "*"])
            .await?;
        let pair = |line: &str| {
            let (name, hash) = line.split_once(' ')?;
            Some((name.to_owned(), hash.trim().to_owned()))
        };
        Ok(lines.lines().filter_map(pair).collect())
    }

    async fn config(
        &self,
        file: &Path,
        project: &str,
        args: &[&str],
    ) -> Result<String, EngineError> {
        let ran = self.call(file, project, args, QUERY).await?;
        if ran.is_ok() {
            Ok(ran.stdout)
        } else {
            Err(without_values(EngineError::of("compose config", &ran)))
        }
    }

    /// Creates and starts the services of a file.
    pub async fn up(&self, file: &Path, project: &str) -> Result<(), EngineError> {
        let args = ["up", "--detach", "--no-build"];
        let ran = self.call(file, project, &args, START).await?;
        if ran.is_ok() {
            Ok(())
        } else {
            Err(EngineError::of("compose up", &ran))
        }
    }
}

/// Compose quotes values that it could not read, and they may be secrets: hides quoted text that is
/// not a plain word.
fn without_values(error: EngineError) -> EngineError {
    let EngineError::Refused { command, output } = error else {
        return error;
    };
    let mut shown = String::new();
    for (at, piece) in output.split('"').enumerate() {
        let quoted = at % 2 == 1;
        let secret = quoted
            && !piece
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
        shown.push_str(if secret { "…" } else { piece });
    }
    EngineError::Refused {
        command,
        output: shown,
    }
}

#[derive(Deserialize)]
struct FileWire {
    #[serde(default)]
    services: BTreeMap<String, ServiceWire>,
}

#[derive(Deserialize)]
struct ServiceWire {
    #[serde(default)]
    image: String,
    #[serde(default)]
    container_name: Option<String>,
    #[serde(default)]
    ports: Vec<Value>,
    #[serde(default)]
    environment: BTreeMap<String, Value>,
}

/// Reads `compose config`. A fault does not quote the file, which holds secrets.
fn services(yaml: &str) -> Result<Vec<ComposeService>, OutputFault> {
    let file: FileWire = serde_saphyr::from_str(yaml).map_err(|_| OutputFault::NotCompose)?;
    let mut found = Vec::new();
    for (name, wire) in file.services {
        let mut ports = Vec::new();
        for port in &wire.ports {
            let line = port_line(port);
            ports.push(line.ok_or_else(|| OutputFault::Port(name.clone()))?);
        }
        let environment = wire.environment.into_iter();
        let environment = environment.map(|(key, value)| (key, Secret::new(plain(&value))));
        found.push(ComposeService {
            name,
            image: wire.image,
            container_name: wire.container_name,
            ports,
            environment: environment.collect(),
        });
    }
    Ok(found)
}

/// A value of the environment. Compose doubles `$` in its output.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.replace("$$", "$"),
        other => other.to_string(),
    }
}

/// `10.0.0.1:8002:8080/tcp` of version 1, a map of version 2.
fn port_line(port: &Value) -> Option<PortMapping> {
    let number = |value: &Value| match value {
        Value::Number(number) => number
            .as_u64()
            .and_then(|number| u16::try_from(number).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    if let Value::Object(map) = port {
        let host_ip = map.get("host_ip").and_then(Value::as_str);
        return Some(PortMapping {
            host_ip: host_ip.filter(|ip| *ip != "0.0.0.0").map(ToOwned::to_owned),
            published: number(map.get("published")?)?,
            target: number(map.get("target")?)?,
        });
    }
    let text = port.as_str()?.split('/').next()?;
    let (rest, target) = text.rsplit_once(':')?;
    let (host_ip, published) = match rest.rsplit_once(':') {
        Some((ip, published)) => (Some(ip), published),
        None => (None, rest),
    };
    Some(PortMapping {
        host_ip: host_ip
            .map(|ip| ip.trim_matches(['[', ']']).to_owned())
            .filter(|ip| ip != "0.0.0.0"),
        published: published.parse().ok()?,
        target: target.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compose_errors_hide_quoted_values() {
        let error = EngineError::Refused {
            command: "compose config",
            output: r#"Invalid interpolation format for "environment" option in service "core": "db_pass=a$b""#.to_owned(),
        };
        let EngineError::Refused { output: shown, .. } = without_values(error) else {
            panic!("still a refusal")
        };
        assert!(
            shown.contains("environment") && !shown.contains("a$b"),
            "{shown}"
        );
    }

    #[test]
    fn services_reads_the_output_of_both_compose_generations() {
        let first = "networks: {}\nservices:\n  platform-core:\n    container_name: platform-core-v4.0.0\n    environment:\n      db_pass: a$$b\n      http_port: '8000'\n      n: 20\n      none: null\n    image: x/platform-core:v4.0.0\n    ports:\n    - 10.0.0.1:8000:8001/tcp\nversion: '3'\n";
        let second = "name: p\nservices:\n  platform-core:\n    container_name: platform-core-v4.0.0\n    environment:\n      db_pass: a$$b\n      http_port: \"8000\"\n      n: \"20\"\n      none: \"\"\n    image: x/platform-core:v4.0.0\n    ports:\n      - mode: ingress\n        host_ip: 10.0.0.1\n        target: 8001\n        published: \"8000\"\n        protocol: tcp\n";
        for yaml in [first, second] {
            let read = services(yaml).unwrap();
            let [one] = read.as_slice() else {
                panic!("one service")
            };
            assert_eq!(one.name, "platform-core");
            assert_eq!(one.container_name.as_deref(), Some("platform-core-v4.0.0"));
            let port = PortMapping {
                host_ip: Some("10.0.0.1".to_owned()),
                published: 8000,
                target: 8001,
            };
            assert_eq!(one.ports, [port]);
            let value = |key: &str| one.environment[key].expose();
            assert_eq!(
                (value("db_pass"), value("n"), value("none")),
                ("a$b", "20", "")
            );
        }
        assert!(services("a: [b").is_err());
    }
}
