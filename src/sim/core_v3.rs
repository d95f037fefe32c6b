//! platform-core of the Java generation, v3.2.6 (`docs/platform/endpoints.md`).

use serde_json::{Value, json};

use super::core_rows::{
    authorities, instances, no_package, package_item, runtime_resources, segments,
};
use super::database::{Database, PackageRow};
use super::faults::Kind;
use super::ids::now_s;
use super::register;
use super::shared::Shared;
use super::token::{Caller, verify_v3};
use super::wire::{Answer, Request, v3_error, v3_ok, v3_unauthenticated};
use super::{menus, upload, variables_v3};

/// Answers a request for `/platform/…`.
pub(super) async fn answer(shared: &Shared, request: &Request) -> Answer {
    let parts = segments(&request.path);
    let method = request.method.as_str();
    if let Some(answer) = anonymous(shared, request, &parts) {
        return answer;
    }
    let caller = {
        let state = shared.state();
        let side = state.side(request.side);
        let now = now_s(side.clock_offset_s);
        verify_v3(request.authorization.as_deref(), &side.seed, now)
    };
    let Some(caller) = caller else {
        return v3_unauthenticated("Full authentication is required to access this resource");
    };
    match (method, parts.as_slice()) {
        ("POST", ["v1", "packages", "register", id]) => register::v3(shared, request, id).await,
        ("POST", ["v1", "packages"]) => upload::v3(shared, request),
        ("POST", ["v1", "packages", "decommission", id]) => decommission(shared, request, id),
        ("POST", ["v1", "system-variables", action]) => {
            variables_v3::answer(shared, request, &caller, action)
        }
        ("GET", parts) => read(shared, request, &caller, parts),
        _ => not_found(request),
    }
}

/// What needs no token: health, version, routes (`version-no-token.json`).
fn anonymous(shared: &Shared, request: &Request, parts: &[&str]) -> Option<Answer> {
    let state = shared.state();
    match (request.method.as_str(), parts) {
        ("GET", ["v1", "health-check"]) if state.faults.has(request.side, Kind::Unwell) => {
            let body = json!({"status": "ERROR", "message": "unhealthy", "data": null});
            Some(Answer::v3_json(500, &body))
        }
        ("GET", ["v1", "health-check"]) => Some(v3_ok(&Value::Null)),
        ("GET", ["v1", "appinfo", "version"]) => {
            Some(v3_ok(&json!(state.side(request.side).version.text())))
        }
        ("GET", ["v1", "route-items", rest @ ..]) => {
            let items = state.core_routes(request.side);
            let list: Vec<Value> = items
                .iter()
                .filter(|route| rest.first().is_none_or(|name| *name == route.context))
                .map(|route| {
                    json!({"context": route.context, "httpScheme": "http",
                           "host": route.host, "port": route.port.to_string()})
                })
                .collect();
            Some(v3_ok(&json!(list)))
        }
        _ => None,
    }
}

fn read(shared: &Shared, request: &Request, caller: &Caller, parts: &[&str]) -> Answer {
    let state = shared.state();
    let database = state.database(request.side);
    let side = state.side(request.side);
    match parts {
        ["v1", "packages"] => packages(database, request.query_value("distinct") == Some("true")),
        ["v1", "packages", id, part] => match package(database, id, part) {
            Some(answer) => answer,
            None => not_found(request),
        },
        ["v1", "resource-files"] => resource_files(database),
        ["v1", "my-menus"] => v3_ok(&menus::my_menus(database, &side.version, caller)),
        ["v1", "all-menus"] => v3_ok(&menus::all_menus(database, &side.version)),
        ["v1", "available-container-hosts"] => v3_ok(&json!(side.spec.container_hosts)),
        ["v1", "roles", "retrieve"] => v3_ok(&super::auth::roles(&state, request.side)),
        ["v1", "roles", id, "menus"] => v3_ok(&menus::of_role(database, &side.version, id)),
        [
            "v1",
            "system-variables",
            "constant",
            "system-variable-scope",
        ] => variables_v3::scopes(database),
        _ => not_found(request),
    }
}

/// The endpoints under one package; `None` for an unknown one. `packages/name/list` is not there.
fn package(database: &Database, id: &str, part: &str) -> Option<Answer> {
    let row = database.by_id(id);
    let missing = || v3_error(&no_package(id));
    let version = super::version::PlatformVersion::new("v3.2.6");
    let answer = match part {
        "instances" => v3_ok(&instances(row, true)),
        "dependencies" => row.map_or_else(missing, |row| v3_ok(&dependencies(database, row))),
        "menus" => row.map_or_else(missing, |row| {
            v3_ok(&menus::package_menus(database, Some(row), &version))
        }),
        "system-parameters" => v3_ok(&variables_v3::parameters(database, row)),
        "authorities" => row.map_or_else(missing, |row| v3_ok(&authorities(row))),
        "runtime-resources" => row.map_or_else(missing, |row| v3_ok(&runtime_resources(row, true))),
        _ => return None,
    };
    Some(answer)
}

/// Every status, sorted by name alone; unknown parameters such as `all` are ignored
/// (`packages-all.json`).
fn packages(database: &Database, distinct: bool) -> Answer {
    let mut rows: Vec<&PackageRow> = database.packages.iter().collect();
    if distinct {
        rows.sort_by(|a, b| b.package.upload_timestamp.cmp(&a.package.upload_timestamp));
        let mut seen = std::collections::BTreeSet::new();
        rows.retain(|row| seen.insert(row.package.name.clone()));
    }
    rows.sort_by(|a, b| a.package.name.cmp(&b.package.name));
    let list: Vec<Value> = rows.into_iter().map(package_item).collect();
    v3_ok(&json!(list))
}

/// The newest active package per name, with or without a UI
/// (`docs/platform/endpoints.md#resource-file-list`).
fn resource_files(database: &Database) -> Answer {
    let list: Vec<Value> = database
        .newest_active()
        .into_iter()
        .flat_map(|row| {
            row.files.iter().map(move |file| {
                json!({"id": file.id, "packageName": row.package.name,
                       "packageVersion": row.package.version, "source": "ui.zip",
                       "relatedPath": file.related_path})
            })
        })
        .collect();
    v3_ok(&json!(list))
}

/// The whole tree, `platform` first (`terminal-dependencies.json`).
fn dependencies(database: &Database, row: &PackageRow) -> Value {
    tree(database, &row.package.name, &row.package.version, 8)
}

fn tree(database: &Database, name: &str, version: &str, depth: u32) -> Value {
    let mut list = Vec::new();
    if depth > 0
        && let Some(row) = database.find(name, version)
    {
        let mut needs: Vec<_> = row.package.dependencies.iter().collect();
        needs.sort_by_key(|need| (need.name != "platform", need.name.clone()));
        list.extend(
            needs
                .into_iter()
                .map(|need| tree(database, &need.name, &need.version, depth - 1)),
        );
    }
    json!({"packageName": name, "version": version, "dependencies": list})
}

/// Refused while an instance runs (`decommission-with-running-instance.json`, its placeholders
/// left unfilled by the platform); else the files go from this side's portals.
fn decommission(shared: &Shared, request: &Request, id: &str) -> Answer {
    let mut state = shared.state();
    let Some(row) = state.database_mut(request.side).by_id_mut(id) else {
        return v3_error(&no_package(id));
    };
    if row.is_running() {
        return v3_error(
            "Failed to decommission plugin package [{0}]. There are still :{1} plugin instances :{2} running.",
        );
    }
    "DECOMMISSIONED".clone_into(&mut row.package.status);
    let package = row.package.clone();
    state
        .side_mut(request.side)
        .clear_package(&package.name, &package.version);
    v3_ok(&Value::Null)
}

/// Spring's own 404 (`unknown-path.json`).
fn not_found(request: &Request) -> Answer {
    Answer::v3_json(
        404,
        &json!({"timestamp": now_s(0) * 1000, "status": 404, "error": "Not Found",
                "path": request.path}),
    )
}
