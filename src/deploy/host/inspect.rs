//! Images and containers as `docker inspect` describes them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// An image of the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Its id: `sha256:` and the digest of its configuration.
    pub id: String,
    /// User of its process as the image names it; empty for root.
    pub user: String,
    /// Architecture as Go names it (`amd64`).
    pub architecture: String,
    /// Its digests in registries (`NAME@sha256:…`).
    pub digests: Vec<String>,
}

/// A port of a container that is published on the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedPort {
    /// Address of the host; `0.0.0.0` for all.
    pub ip: String,
    /// Port of the host.
    pub port: u16,
    /// Port inside the container.
    pub inner: u16,
}

/// A container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// Its id, all 64 digits.
    pub id: String,
    /// Its name, without the slash.
    pub name: String,
    /// The image as it was named.
    pub image: String,
    /// Id of the image.
    pub image_id: String,
    /// `created`, `running`, `restarting`, `exited`, `dead`, …
    pub status: String,
    /// Time of its last start, RFC 3339.
    pub started_at: String,
    /// Its last exit code.
    pub exit_code: i64,
    /// Killed because it exceeded its memory limit.
    pub out_of_memory: bool,
    /// Restarts by the engine.
    pub restarts: u64,
    /// Restart policy (`always`, `no`, …).
    pub restart_policy: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Ports that are bound now.
    pub bound_ports: Vec<PublishedPort>,
    /// Ports that are bound while it runs.
    pub configured_ports: Vec<PublishedPort>,
    /// The database of a core, `HOST:PORT/NAME`.
    pub database: Option<String>,
}

/// The database of a core by its variables, `HOST:PORT/NAME`.
pub fn database_of<'a>(variable: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let [host, port, name] = ["db_server", "db_port", "db_database"].map(variable);
    Some(format!("{}:{}/{}", host?, port?, name?))
}

impl Container {
    /// Whether its process runs now.
    pub fn is_running(&self) -> bool {
        self.status == "running"
    }

    /// A label of compose.
    pub fn compose_label(&self, key: &str) -> Option<&str> {
        self.labels
            .get(&format!("com.docker.compose.{key}"))
            .map(String::as_str)
    }

    /// The first twelve digits of the id, as Docker shows them.
    pub fn short_id(&self) -> &str {
        self.id.get(..12).unwrap_or(&self.id)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ImageWire {
    id: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    repo_digests: Option<Vec<String>>,
    #[serde(default)]
    config: Option<ImageConfigWire>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ImageConfigWire {
    #[serde(default)]
    user: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ContainerWire {
    id: String,
    name: String,
    image: String,
    #[serde(default)]
    restart_count: u64,
    state: StateWire,
    config: ConfigWire,
    host_config: HostConfigWire,
    #[serde(default)]
    network_settings: NetworkWire,
}

#[derive(Deserialize)]
struct StateWire {
    #[serde(rename = "Status")]
    status: String,
    #[serde(rename = "ExitCode", default)]
    exit_code: i64,
    #[serde(rename = "OOMKilled", default)]
    out_of_memory: bool,
    #[serde(rename = "StartedAt", default)]
    started_at: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ConfigWire {
    #[serde(default)]
    image: String,
    #[serde(default)]
    labels: Option<BTreeMap<String, String>>,
    /// It may hold secrets: only the names of [`database_of`] are read.
    #[serde(default)]
    env: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HostConfigWire {
    #[serde(default)]
    port_bindings: Option<PortsWire>,
    #[serde(default)]
    restart_policy: RestartWire,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RestartWire {
    #[serde(default)]
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NetworkWire {
    #[serde(default)]
    ports: Option<PortsWire>,
}

type PortsWire = BTreeMap<String, Option<Vec<BindingWire>>>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BindingWire {
    #[serde(default)]
    host_ip: String,
    #[serde(default)]
    host_port: String,
}

/// Images in the engine's JSON.
pub(super) fn images(json: &str) -> Result<Vec<Image>, serde_json::Error> {
    let wires: Vec<ImageWire> = serde_json::from_str(json)?;
    let images = wires.into_iter().map(|wire| Image {
        id: wire.id,
        user: wire.config.unwrap_or_default().user,
        architecture: wire.architecture,
        digests: wire.repo_digests.unwrap_or_default(),
    });
    Ok(images.collect())
}

/// Containers in the engine's JSON.
pub(super) fn containers(json: &str) -> Result<Vec<Container>, serde_json::Error> {
    let wires: Vec<ContainerWire> = serde_json::from_str(json)?;
    let containers = wires.into_iter().map(|wire| Container {
        id: wire.id,
        name: wire.name.trim_start_matches('/').to_owned(),
        image: wire.config.image,
        database: database_of(|name| {
            let mut lines = wire.config.env.iter().flatten();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        }),
        image_id: wire.image,
        status: wire.state.status,
        started_at: wire.state.started_at,
        exit_code: wire.state.exit_code,
        out_of_memory: wire.state.out_of_memory,
        restarts: wire.restart_count,
        restart_policy: wire.host_config.restart_policy.name,
        labels: wire.config.labels.unwrap_or_default(),
        bound_ports: published(wire.network_settings.ports),
        configured_ports: published(wire.host_config.port_bindings),
    });
    Ok(containers.collect())
}

fn published(ports: Option<PortsWire>) -> Vec<PublishedPort> {
    let mut found = Vec::new();
    for (inner, bindings) in ports.unwrap_or_default() {
        let Some(inner) = inner.split('/').next().and_then(|port| port.parse().ok()) else {
            continue;
        };
        for binding in bindings.unwrap_or_default() {
            if let Ok(port) = binding.host_port.parse() {
                let ip = if binding.host_ip.is_empty() {
                    "0.0.0.0".to_owned()
                } else {
                    binding.host_ip
                };
                found.push(PublishedPort { ip, port, inner });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_reads_docker_inspect_output() {
        let json = r#"[{"Id":"ab12","Name":"/platform-core-v4.0.0","Image":"sha256:1f","RestartCount":2,
            "State":{"Status":"restarting","ExitCode":3,"OOMKilled":false,"StartedAt":"2026-11-23T08:00:00Z"},
            "Config":{"Image":"x/platform-core:v4.0.0","Env":["db_server=d","db_port=1","db_database=w","db_pass=x"],"Labels":{"com.docker.compose.project":"p"}},
            "HostConfig":{"PortBindings":{"8000/tcp":[{"HostIp":"","HostPort":"8000"}]},
                          "RestartPolicy":{"Name":"always","MaximumRetryCount":0}},
            "NetworkSettings":{"Ports":{"9000/tcp":null}}}]"#;
        let read = containers(json).unwrap();
        let one = &read[0];
        assert_eq!(one.name, "platform-core-v4.0.0");
        assert_eq!(one.compose_label("project"), Some("p"));
        assert_eq!(
            (one.restarts, one.exit_code, one.is_running()),
            (2, 3, false)
        );
        assert_eq!(one.database.as_deref(), Some("d:1/w"));
        assert!(one.bound_ports.is_empty());
        let wanted = PublishedPort {
            ip: "0.0.0.0".to_owned(),
            port: 8000,
            inner: 8000,
        };
        assert_eq!(one.configured_ports, [wanted]);
    }

    #[test]
    fn images_without_user_run_as_root() {
        let json = r#"[{"Id":"sha256:1f","Architecture":"amd64","RepoDigests":[],"Config":{"User":""}},
                       {"Id":"sha256:2f","Architecture":"arm64","RepoDigests":["a@sha256:9"],"Config":{"User":"app"}}]"#;
        let read = images(json).unwrap();
        assert_eq!(read[0].user, "");
        assert_eq!((read[1].user.as_str(), read[1].digests.len()), ("app", 1));
    }
}
