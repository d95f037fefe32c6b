//! Values of the old instance, from its compose file or the `.cfg` that it was made from.
//!
//! The names are those of v3.2.6 (`build/docker-compose.tpl`, `build/deploy_generate_compose.sh`). Java
//! arguments are in `WECUBE_CUSTOM_PARAM` and `AUTH_CUSTOM_PARAM` as `--some.key=value`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use super::reader::EnvFile;
use crate::secret::Secret;

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

/// The old instance. No `Debug`: it holds secrets.
#[derive(Clone, Default)]
pub struct OldInstance {
    values: BTreeMap<&'static str, Secret>,
    /// Ports that it uses on its host.
    pub ports: BTreeSet<u16>,
    /// Directories of its host that it mounts, and that of its static files.
    pub folders: BTreeSet<PathBuf>,
}

/// The file is neither a compose file nor a `.cfg` of WeCube.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownFormat;

impl OldInstance {
    /// Reads a compose file, or lines of `name=value`.
    pub fn read(text: &str) -> Result<Self, UnknownFormat> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match serde_saphyr::from_str::<Value>(text) {
            Ok(Value::Object(tree)) => {
                let services = tree.get("services").and_then(Value::as_object);
                Ok(Self::of_services(services.ok_or(UnknownFormat)?))
            }
            _ => Self::of_cfg(text),
        }
    }

    /// One of its values.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.values.get(name)
    }

    /// Shared variables that it does not set.
    pub fn missing(&self) -> Vec<&'static str> {
        SHARED_VARIABLES
            .into_iter()
            .filter(|name| !self.values.contains_key(name))
            .collect()
    }

    fn of_services(services: &serde_json::Map<String, Value>) -> Self {
        let mut old = Self::default();
        for (name, service) in services {
            let environment = entries(&service["environment"]);
            let is_auth = name.contains("auth");
            let is_core =
                !is_auth && (environment.contains_key("S3_ENDPOINT") || name.contains("core"));
            for (key, value) in &environment {
                let Some(value) = plain(value) else { continue };
                if is_auth {
                    old.set_auth(key, &value);
                } else if is_core {
                    old.set_core(key, &value);
                }
            }
            for port in items(&service["ports"]) {
                old.ports.extend(host_port(&port));
            }
            for volume in items(&service["volumes"]) {
                let host = volume.split(':').next().unwrap_or_default();
                if host.starts_with('/') && host != "/etc/localtime" {
                    old.folders.insert(PathBuf::from(host));
                }
            }
        }
        old
    }

    fn of_cfg(text: &str) -> Result<Self, UnknownFormat> {
        let (file, _) = EnvFile::read(text);
        let mut old = Self::default();
        let mut known = false;
        for name in file.names() {
            let Some(value) = file.get(name).and_then(plain) else {
                continue;
            };
            let key = name.to_ascii_uppercase();
            known |= key.starts_with("WECUBE_") || key.starts_with("S3_");
            let auth = match key.as_str() {
                "AUTH_SERVER_MYSQL_ADDR" => Some("MYSQL_SERVER_ADDR"),
                "AUTH_SERVER_MYSQL_PORT" => Some("MYSQL_SERVER_PORT"),
                "AUTH_SERVER_DATABASE_NAME" => Some("MYSQL_SERVER_DATABASE_NAME"),
                "AUTH_SERVER_MYSQL_USER_NAME" => Some("MYSQL_USER_NAME"),
                "AUTH_SERVER_MYSQL_USER_PASSWORD" => Some("MYSQL_USER_PASSWORD"),
                "AUTH_CUSTOM_PARAM" => Some("AUTH_CUSTOM_PARAM"),
                _ => None,
            };
            match auth {
                Some(auth) => old.set_auth(auth, &value),
                None => old.set_core(&key, &value),
            }
            if key.ends_with("_PORT") && !key.contains("MYSQL") && !key.contains("STATIC") {
                old.ports.extend(value.parse::<u16>());
            }
        }
        if known { Ok(old) } else { Err(UnknownFormat) }
    }

    fn set(&mut self, name: &'static str, value: &str) {
        if !value.is_empty() {
            self.values.insert(name, Secret::new(value));
        }
    }

    fn set_auth(&mut self, key: &str, value: &str) {
        match key {
            "MYSQL_SERVER_ADDR" => self.set("mysql_auth_host", value),
            "MYSQL_SERVER_PORT" => self.set("mysql_auth_port", value),
            "MYSQL_SERVER_DATABASE_NAME" => self.set("mysql_auth_database", value),
            "MYSQL_USER_NAME" => self.set("mysql_auth_username", value),
            "MYSQL_USER_PASSWORD" => self.set("mysql_auth_password", value),
            "AUTH_CUSTOM_PARAM" => self.set_java_arguments(value),
            _ => {}
        }
    }

    fn set_core(&mut self, key: &str, value: &str) {
        match key {
            "MYSQL_SERVER_ADDR" => self.set("mysql_wecube_host", value),
            "MYSQL_SERVER_PORT" => self.set("mysql_wecube_port", value),
            "MYSQL_SERVER_DATABASE_NAME" => self.set("mysql_wecube_database", value),
            "MYSQL_USER_NAME" => self.set("mysql_wecube_username", value),
            "MYSQL_USER_PASSWORD" => self.set("mysql_wecube_password", value),
            "S3_ENDPOINT" | "S3_URL" => self.set_s3(value),
            "S3_ACCESS_KEY" => self.set("s3_access", value),
            "S3_SECRET_KEY" => self.set("s3_secret", value),
            "STATIC_RESOURCE_SERVER_IP" => self.set("static_resource_server_ips", value),
            "STATIC_RESOURCE_SERVER_USER" => self.set("host_wecube_username", value),
            "STATIC_RESOURCE_SERVER_PASSWORD" => self.set("host_wecube_password", value),
            "STATIC_RESOURCE_SERVER_PORT" => self.set("static_resource_server_port", value),
            // The new instance must not write into the old static files.
            "STATIC_RESOURCE_SERVER_PATH" => {
                self.folders.extend(value.split(',').map(PathBuf::from));
            }
            "WECUBE_PLUGIN_DEPLOY_PATH" => self.set("plugin_deploy_path", value),
            "WECUBE_CUSTOM_PARAM" => self.set_java_arguments(value),
            _ => {}
        }
    }

    /// From `http://HOST:PORT`.
    fn set_s3(&mut self, value: &str) {
        let bare = value.trim_end_matches('/');
        let bare = bare.split_once("://").map_or(bare, |(_, rest)| rest);
        match bare.rsplit_once(':') {
            Some((host, port)) => {
                self.set("s3_host", host);
                self.set("s3_port", port);
            }
            None => self.set("s3_host", bare),
        }
    }

    /// From Java arguments. Spring treats `passwordEncryptionSeed` and `password-encryption-seed` alike.
    fn set_java_arguments(&mut self, value: &str) {
        for word in shlex::split(value).unwrap_or_default() {
            let Some((key, value)) = word.trim_start_matches('-').split_once('=') else {
                continue;
            };
            let last = key.rsplit('.').next().unwrap_or_default();
            let last = last.replace(['-', '_'], "").to_ascii_lowercase();
            match last.as_str() {
                "passwordencryptionseed" => self.set("resource_server_password_seed", value),
                "jwtsigningkey" | "signingkey" => self.set("JWT_SIGNING_KEY", value),
                "basemountpath" => self.set("plugin_base_mount_path", value),
                "plugindeploypath" => self.set("plugin_deploy_path", value),
                _ => {}
            }
        }
    }
}

/// A value without compose's doubled `$`; `None` if it has a placeholder.
fn plain(value: &str) -> Option<String> {
    let undoubled = value.replace("$$", "\u{0}");
    if undoubled.contains('$') || value.contains("{{") {
        return None;
    }
    Some(undoubled.replace('\u{0}', "$"))
}

/// An `environment` section, a list of `NAME=value` or a map.
fn entries(section: &Value) -> BTreeMap<String, String> {
    let scalar = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match section {
        Value::Array(items) => items
            .iter()
            .filter_map(|item| {
                let (name, value) = item.as_str()?.split_once('=')?;
                Some((name.to_owned(), value.to_owned()))
            })
            .collect(),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), scalar(value)))
            .collect(),
        _ => BTreeMap::new(),
    }
}

fn items(section: &Value) -> Vec<String> {
    let items = section.as_array().map(Vec::as_slice).unwrap_or_default();
    items
        .iter()
        .map(|item| match item {
            Value::String(text) => text.clone(),
            Value::Object(map) => map
                .get("published")
                .or(map.get("source"))
                .map(|value| value.to_string().trim_matches('"').to_owned())
                .unwrap_or_default(),
            other => other.to_string(),
        })
        .collect()
}

/// The host's port of `8080:80`, `10.0.0.1:8080:80`, `8080`.
fn host_port(entry: &str) -> Option<u16> {
    let entry = entry.split('/').next().unwrap_or_default();
    let parts: Vec<&str> = entry.rsplitn(3, ':').collect();
    parts.get(1).or(parts.first())?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPOSE: &str = "version: '2'\nservices:\n  platform-core:\n    image: x\n    ports:\n      - 19100:8080\n      - \"19005:19005\"\n    volumes:\n      - /data/wecube/log:/data/wecube/log\n      - /etc/localtime:/etc/localtime\n    environment:\n      - MYSQL_SERVER_ADDR=10.0.0.10\n      - MYSQL_SERVER_PORT=3307\n      - MYSQL_USER_PASSWORD=pa$$ss\n      - S3_ENDPOINT=http://10.0.0.12:9000\n      - S3_SECRET_KEY=${S3_SECRET}\n      - STATIC_RESOURCE_SERVER_PATH=/data/wecube-portal/data/ui-resources\n      - WECUBE_CUSTOM_PARAM=--wecube.core.plugin.passwordEncryptionSeed=seed1 --platform.auth.jwt-signing-key='key two'\n  auth-server:\n    ports: ['10.0.0.1:19120:8080']\n    environment:\n      MYSQL_SERVER_PORT: 3308\n      MYSQL_SERVER_DATABASE_NAME: auth\n";

    fn value_of(old: &OldInstance, name: &str) -> Option<String> {
        old.get(name).map(|value| value.expose().to_owned())
    }

    #[test]
    fn read_takes_shared_values_from_a_compose_file() {
        let old =
            OldInstance::read(COMPOSE).unwrap_or_else(|UnknownFormat| panic!("a compose file"));
        for (name, value) in [
            ("mysql_wecube_host", Some("10.0.0.10")),
            ("mysql_wecube_port", Some("3307")),
            ("mysql_wecube_password", Some("pa$ss")),
            ("s3_host", Some("10.0.0.12")),
            ("s3_port", Some("9000")),
            ("s3_secret", None),
            ("resource_server_password_seed", Some("seed1")),
            ("JWT_SIGNING_KEY", Some("key two")),
            ("mysql_auth_port", Some("3308")),
            ("mysql_auth_database", Some("auth")),
        ] {
            assert_eq!(value_of(&old, name).as_deref(), value, "{name}");
        }
        assert!(old.missing().contains(&"s3_secret") && !old.missing().contains(&"s3_host"));
        assert_eq!(old.ports, [19005, 19100, 19120].into());
        let pages = PathBuf::from("/data/wecube-portal/data/ui-resources");
        assert!(old.folders.contains(&pages));
    }

    #[test]
    fn read_takes_a_cfg_and_refuses_other_files() {
        let cfg = "#core\nwecube_server_port=9090\nmysql_server_addr=10.0.0.10\nauth_server_mysql_addr=10.0.0.11\ns3_url=http://10.0.0.12:9000\ns3_access_key=access\nportal_port={{PORTAL}}\n";
        let old = OldInstance::read(cfg).unwrap_or_else(|UnknownFormat| panic!("a cfg"));
        assert_eq!(
            value_of(&old, "mysql_wecube_host").as_deref(),
            Some("10.0.0.10")
        );
        assert_eq!(
            value_of(&old, "mysql_auth_host").as_deref(),
            Some("10.0.0.11")
        );
        assert_eq!(value_of(&old, "s3_port").as_deref(), Some("9000"));
        assert_eq!(old.ports, [9090].into());
        for other in ["", "a: 1\n", "hello\n", "A=1\n"] {
            assert!(OldInstance::read(other).is_err(), "{other:?}");
        }
    }
}
