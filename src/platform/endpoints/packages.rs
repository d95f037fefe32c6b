//! Packages and what belongs to them.

use serde_json::json;

use super::path::PathBuilder;
use super::system::get;
use crate::domain::PackageId;
use crate::platform::request::{ApiRequest, Body, Method, Replay, Via};

/// Which packages one listing call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum PackageQuery {
    /// No parameter: on v3 every status, on v4.2 and later UNREGISTERED and REGISTERED.
    Plain,
    /// `all=yes`: every status on v4.0 and v4.1.
    All,
    /// `withDelete=yes`: on v4.2 and later DECOMMISSIONED only (`packages-with-delete`).
    Deleted,
}

/// A listing of packages.
pub(in crate::platform) fn packages(query: PackageQuery) -> ApiRequest {
    let query = match query {
        PackageQuery::Plain => Vec::new(),
        PackageQuery::All => vec![("all", "yes".to_owned())],
        PackageQuery::Deleted => vec![("withDelete", "yes".to_owned())],
    };
    ApiRequest {
        query,
        ..get(
            "packages.list",
            Via::Core,
            "/platform/v1/packages".to_owned(),
            true,
        )
    }
}

/// A GET below one package.
fn of_package(op: &'static str, id: &PackageId, what: &str) -> ApiRequest {
    let path = PathBuilder::new("/platform/v1/packages/")
        .segment(id.as_str())
        .literal(what)
        .finish();
    get(op, Via::Core, path, true)
}

/// Instances of a package: v3 gives RUNNING ones only, v4 every row.
pub(in crate::platform) fn instances(id: &PackageId) -> ApiRequest {
    of_package("packages.instances", id, "/instances")
}

/// Dependencies of a package: v3 gives the whole tree, v4 one level.
pub(in crate::platform) fn dependencies(id: &PackageId) -> ApiRequest {
    of_package("packages.dependencies", id, "/dependencies")
}

/// Menus of a package, among all of the platform's own.
pub(in crate::platform) fn package_menus(id: &PackageId) -> ApiRequest {
    of_package("packages.menus", id, "/menus")
}

/// The containers that either generation launched. The path has no version.
pub(in crate::platform) fn containers() -> ApiRequest {
    let of_docker = json!([{"name": "type", "operator": "eq", "value": "docker_container"}]);
    ApiRequest {
        op: "containers.list",
        via: Via::Core,
        method: Method::Post,
        path: "/platform/resource/items/retrieve".to_owned(),
        query: Vec::new(),
        body: Body::Json(json!({"filters": of_docker, "paging": false})),
        unless: None,
        token: true,
        replay: Replay::Safe,
    }
}

/// The rows that the portal loads plugin pages from.
pub(in crate::platform) fn resource_files() -> ApiRequest {
    get(
        "resource-files.list",
        Via::Core,
        "/platform/v1/resource-files".to_owned(),
        true,
    )
}

/// Menus that the token's authorities see.
pub(in crate::platform) fn my_menus() -> ApiRequest {
    get(
        "menus.mine",
        Via::Core,
        "/platform/v1/my-menus".to_owned(),
        true,
    )
}

/// The platform's menus and those of all active packages, whoever is granted them. From v4.4 on
/// only with the right to manage users and roles (`docs/platform/tokens.md#required-authorities`).
pub(in crate::platform) fn all_menus() -> ApiRequest {
    get(
        "menus.all",
        Via::Core,
        "/platform/v1/all-menus".to_owned(),
        true,
    )
}

/// Roles that were not deleted.
pub(in crate::platform) fn roles() -> ApiRequest {
    let path = "/platform/v1/roles/retrieve".to_owned();
    ApiRequest {
        query: vec![("all", "N".to_owned())],
        ..get("roles.list", Via::Core, path, true)
    }
}

/// Menus that a role is granted. An unknown id makes a v4 panic.
pub(in crate::platform) fn role_menus(id: &str) -> ApiRequest {
    let path = PathBuilder::new("/platform/v1/roles/")
        .segment(id)
        .literal("/menus")
        .finish();
    get("roles.menus", Via::Core, path, true)
}

/// Registers a package. Never sent twice by itself: a registration goes on after its caller has gone, and
/// two of one package at once can mix their files (`docs/platform/registration.md#mixed-files-on-v3`).
pub(in crate::platform) fn register(id: &PackageId) -> ApiRequest {
    ApiRequest {
        op: "packages.register",
        via: Via::Core,
        method: Method::Post,
        path: PathBuilder::new("/platform/v1/packages/register/")
            .segment(id.as_str())
            .finish(),
        query: Vec::new(),
        body: Body::None,
        unless: None,
        token: true,
        replay: Replay::Never,
    }
}

/// Uploads a plugin package. `name` is the file's own name: v4 takes it for a temporary file and
/// refuses what does not end in `.zip`.
pub(in crate::platform) fn upload(name: String, bytes: Vec<u8>) -> ApiRequest {
    ApiRequest {
        op: "packages.upload",
        via: Via::Core,
        method: Method::Post,
        path: "/platform/v1/packages".to_owned(),
        query: Vec::new(),
        body: Body::File {
            field: "zip-file",
            name,
            bytes,
        },
        unless: None,
        token: true,
        replay: Replay::Never,
    }
}
