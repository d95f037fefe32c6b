//! Which variable of our env file a variable of the old instance is.
//!
//! v4 names are those of our own templates. v3 names are those of v3.2.6 (`build/docker-compose.tpl`,
//! `build/deploy_generate_compose.sh`) and of the installers that set the same ones.

use super::compose::OldService;
use crate::deploy::env::{Service, variable};
use crate::deploy::render::variable_of;

/// The service whose variables these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// One service.
    One(Service),
    /// All of them: a `.cfg` or an env file.
    All,
    /// None of them.
    Other,
}

/// The role of a compose service, by the variables that only one has, else by its name or image.
pub(super) fn role(service: &OldService) -> Role {
    let has = |names: &[&str]| names.iter().any(|name| service.entries.contains_key(*name));
    let titled = |names: &[&str]| names.iter().any(|name| service.title.contains(name));
    if has(&[
        "jwt_signing_key",
        "db_server",
        "S3_ENDPOINT",
        "WECUBE_CUSTOM_PARAM",
    ]) {
        Role::One(Service::Core)
    } else if has(&["SIGNING_KEY", "AUTH_CUSTOM_PARAM"]) || titled(&["auth-server", "auth_server"])
    {
        Role::One(Service::Auth)
    } else if titled(&["platform-core", "wecube-core"]) {
        Role::One(Service::Core)
    } else if has(&["GATEWAY_ROUTE_CONFIG_SERVER"]) {
        Role::One(Service::Gateway)
    } else {
        Role::Other
    }
}

/// What a variable of the old instance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A variable of our env file.
    Variable(&'static str),
    /// `s3_host` and `s3_port`, as a URL or `HOST:PORT`.
    S3,
    /// Java arguments of a service.
    Arguments(Service),
    /// The directory of the static files, which the new instance does not share.
    StaticFiles,
}

/// What a variable of a service is; `None` if it is of no use here.
pub(super) fn meaning(role: Role, name: &str) -> Option<Meaning> {
    match role {
        Role::Other => None,
        Role::One(service) => of_service(service, name),
        Role::All => variable(name)
            .map(|known| Meaning::Variable(known.name))
            .or_else(|| of_cfg(&name.to_ascii_uppercase()))
            .or_else(|| of_service(Service::Core, name))
            .or_else(|| of_service(Service::Auth, name)),
    }
}

fn of_service(service: Service, name: &str) -> Option<Meaning> {
    let v3 = match service {
        Service::Core => of_v3_core(name),
        Service::Auth if name == "AUTH_CUSTOM_PARAM" => Some(Meaning::Arguments(service)),
        _ => None,
    };
    v3.or_else(|| variable_of(service, name).map(Meaning::Variable))
        .map(|meaning| match meaning {
            Meaning::Variable("static_resource_server_path") => Meaning::StaticFiles,
            other => other,
        })
}

fn of_v3_core(name: &str) -> Option<Meaning> {
    Some(Meaning::Variable(match name {
        "MYSQL_SERVER_ADDR" => "mysql_wecube_host",
        "MYSQL_SERVER_PORT" => "mysql_wecube_port",
        "MYSQL_SERVER_DATABASE_NAME" => "mysql_wecube_database",
        "MYSQL_USER_NAME" => "mysql_wecube_username",
        "MYSQL_USER_PASSWORD" => "mysql_wecube_password",
        "S3_ACCESS_KEY" => "s3_access",
        "S3_SECRET_KEY" => "s3_secret",
        "STATIC_RESOURCE_SERVER_IP" => "static_resource_server_ips",
        "STATIC_RESOURCE_SERVER_USER" => "host_wecube_username",
        "STATIC_RESOURCE_SERVER_PASSWORD" => "host_wecube_password",
        "STATIC_RESOURCE_SERVER_PORT" => "static_resource_server_port",
        "WECUBE_PLUGIN_DEPLOY_PATH" => "plugin_deploy_path",
        "WECUBE_PLUGIN_BASE_MOUNT_PATH" => "plugin_base_mount_path",
        "S3_ENDPOINT" | "S3_URL" | "s3_address" => return Some(Meaning::S3),
        "STATIC_RESOURCE_SERVER_PATH" => return Some(Meaning::StaticFiles),
        "WECUBE_CUSTOM_PARAM" => return Some(Meaning::Arguments(Service::Core)),
        _ => return None,
    }))
}

/// A name of a `.cfg`, in upper case.
fn of_cfg(name: &str) -> Option<Meaning> {
    Some(Meaning::Variable(match name {
        "AUTH_SERVER_MYSQL_ADDR" => "mysql_auth_host",
        "AUTH_SERVER_MYSQL_PORT" => "mysql_auth_port",
        "AUTH_SERVER_DATABASE_NAME" => "mysql_auth_database",
        "AUTH_SERVER_MYSQL_USER_NAME" => "mysql_auth_username",
        "AUTH_SERVER_MYSQL_USER_PASSWORD" => "mysql_auth_password",
        "AUTH_CUSTOM_PARAM" => return Some(Meaning::Arguments(Service::Auth)),
        // The installers have it beside S3_URL.
        "S3_HOST" => "s3_host",
        "S3_PORT" => "s3_port",
        other => return of_v3_core(other),
    }))
}

/// The variable that a Java argument sets. Spring treats `passwordEncryptionSeed` and
/// `password-encryption-seed` alike.
pub(super) fn of_argument(key: &str) -> Option<&'static str> {
    let last = key.rsplit('.').next().unwrap_or_default();
    let last = last.replace(['-', '_'], "").to_ascii_lowercase();
    Some(match last.as_str() {
        "passwordencryptionseed" => "resource_server_password_seed",
        "jwtsigningkey" | "signingkey" => "JWT_SIGNING_KEY",
        "basemountpath" => "plugin_base_mount_path",
        "plugindeploypath" => "plugin_deploy_path",
        _ => return None,
    })
}

/// The variables that the Java arguments of a service may set.
pub(super) fn by_arguments(service: Service) -> &'static [&'static str] {
    match service {
        Service::Auth => &["JWT_SIGNING_KEY"],
        _ => &[
            "resource_server_password_seed",
            "plugin_base_mount_path",
            "plugin_deploy_path",
        ],
    }
}

/// The service that reads a shared variable of the old instance.
pub(super) fn reader_of(name: &str) -> Service {
    if name.starts_with("mysql_auth_") || name == "JWT_SIGNING_KEY" {
        Service::Auth
    } else {
        Service::Core
    }
}
