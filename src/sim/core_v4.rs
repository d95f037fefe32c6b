//! platform-core of the Go generation, v4.0.0 to v4.5.6 (`docs/platform/endpoints.md`).

use serde_json::{Value, json};

use super::core_rows::{authorities, containers, instances, runtime_resources, segments};
use super::database::{Database, PackageRow};
use super::faults::Kind;
use super::ids::{now_s, rfc3339};
use super::register;
use super::shared::Shared;
use super::state::SideState;
use super::token::{Caller, verify_v4};
use super::version::PlatformVersion;
use super::wire::{Answer, Request, v4_error, v4_not_found, v4_ok, v4_panic};
use super::{menus, upload, variables_v4};

/// `System error [Failed to get any rows with database query]`.
const NO_ROWS: (i64, &str) = (
    10_000_022,
    "System error [Failed to get any rows with database query]",
);

/// Answers a request for `/platform/…`.
pub(super) async fn answer(shared: &Shared, request: &Request) -> Answer {
    let parts = segments(&request.path);
    if let ("GET", ["v1", "route-items", rest @ ..]) = (request.method.as_str(), parts.as_slice()) {
        return route_items(shared, request, rest.first().copied());
    }
    let (version, verdict) = {
        let state = shared.state();
        let side = state.side(request.side);
        let now = now_s(side.clock_offset_s);
        (
            side.version.clone(),
            verify_v4(request.authorization.as_deref(), &side.seed, now),
        )
    };
    if !is_known(request.method.as_str(), &parts, &version) {
        return v4_not_found();
    }
    let caller = match verdict {
        Ok(caller) => caller,
        Err(cause) => return unauthenticated(&cause),
    };
    let answer = if version.checks_menus() && !permitted(request.method.as_str(), &parts, &caller) {
        v4_error(20_000_041, "Api Permission Deny")
    } else {
        dispatch(shared, request, &caller, &parts, &version).await
    };
    let answer = if caller.panics {
        two_documents(answer)
    } else {
        answer
    };
    with_error_code(answer, &version)
}

/// The panic's document first, then the one that the request made all the same
/// (`empty-authority-token.json`).
fn two_documents(answer: Answer) -> Answer {
    let mut body = v4_panic().body;
    body.extend(&answer.body);
    Answer {
        body,
        ..answer.with_status(500)
    }
}

/// v4.4+ repeats a business error's code in a header (`register-unknown-id.json` of v4.5.6).
fn with_error_code(answer: Answer, version: &PlatformVersion) -> Answer {
    if !version.checks_menus() || answer.status != 200 {
        return answer;
    }
    let code = serde_json::from_slice::<Value>(&answer.body)
        .ok()
        .filter(|body| body["status"] == "ERROR")
        .and_then(|body| body["code"].as_i64());
    match code {
        Some(code) => answer.header("Error-Code", &code.to_string()),
        None => answer,
    }
}

fn is_known(method: &str, parts: &[&str], version: &PlatformVersion) -> bool {
    let [_, rest @ ..] = parts else {
        return false;
    };
    match (method, rest) {
        ("POST", ["packages", "ui", "register"] | ["packages", "register-done"]) => {
            version.has_ui_active()
        }
        ("POST", ["system-variables", action]) => {
            matches!(*action, "retrieve" | "create" | "update" | "delete")
        }
        ("GET", [one]) => matches!(
            *one,
            "health-check"
                | "packages"
                | "resource-files"
                | "my-menus"
                | "all-menus"
                | "available-container-hosts"
        ),
        ("GET", ["packages", _, part]) => matches!(
            *part,
            "list"
                | "instances"
                | "dependencies"
                | "menus"
                | "system-parameters"
                | "authorities"
                | "runtime-resources"
        ),
        (
            "POST",
            ["items", "retrieve"] | ["packages"] | ["packages", "register" | "decommission", _],
        )
        | (
            "GET",
            ["system-variables", "constant", "system-variable-scope"]
            | ["appinfo", "version"]
            | ["roles", "retrieve"]
            | ["roles", _, "menus"],
        ) => true,
        _ => false,
    }
}

/// The menu permission check of v4.4+ (`docs/platform/tokens.md#required-authorities`,
/// `super-admin-only-token.json`).
fn permitted(method: &str, parts: &[&str], caller: &Caller) -> bool {
    if caller
        .authorities
        .iter()
        .any(|held| held.contains("SUB_SYSTEM"))
    {
        return true;
    }
    let wanted: &[&str] = match (method, parts) {
        (
            "GET",
            [
                "v1",
                "packages" | "resource-files" | "my-menus" | "health-check",
            ]
            | ["v1", "appinfo", "version"]
            | ["v1", "roles", "retrieve"],
        ) => return true,
        (_, ["v1", "packages", "name", "list"]) => return false,
        (_, ["v1", "system-variables", "retrieve"]) => &[
            "ADMIN_SYSTEM_PARAMS",
            "COLLABORATION_PLUGIN_MANAGEMENT",
            "IMPLEMENTATION_WORKFLOW_EXECUTION",
        ],
        (_, ["v1", "system-variables", ..]) => &["ADMIN_SYSTEM_PARAMS"],
        (_, ["v1", "all-menus"] | ["v1", "roles", ..]) => &["ADMIN_USER_ROLE_MANAGEMENT"],
        _ => &["COLLABORATION_PLUGIN_MANAGEMENT"],
    };
    wanted.iter().any(|authority| caller.has(authority))
}

async fn dispatch(
    shared: &Shared,
    request: &Request,
    caller: &Caller,
    parts: &[&str],
    version: &PlatformVersion,
) -> Answer {
    match (request.method.as_str(), parts) {
        ("POST", ["v1", "packages", "register", id]) => {
            register::v4(shared, request, id, &caller.user).await
        }
        ("POST", ["v1", "packages", "ui", "register"]) => {
            register::v4_ui(shared, request, &caller.user).await
        }
        ("POST", ["v1", "packages", "register-done"]) => register_done(shared, request, caller),
        ("POST", ["v1", "packages"]) => upload::v4(shared, request, version),
        ("POST", ["v1", "packages", "decommission", id]) => {
            decommission(shared, request, caller, id)
        }
        ("POST", ["v1", "system-variables", action]) => {
            variables_v4::answer(shared, request, action)
        }
        _ => read(shared, request, caller, parts),
    }
}

fn read(shared: &Shared, request: &Request, caller: &Caller, parts: &[&str]) -> Answer {
    let state = shared.state();
    let database = state.database(request.side);
    let side = state.side(request.side);
    match parts {
        ["v1", "health-check"] if state.faults.has(request.side, Kind::Unwell) => {
            // An error with code 0: `docs/platform/answers.md#envelope`.
            let body = json!({"code": 0, "status": "ERROR", "message": "unhealthy"});
            Answer::v4_json(500, &body)
        }
        ["v1", "health-check"] => v4_ok(&Value::Null),
        ["v1", "appinfo", "version"] => v4_ok(&json!(side.version.text())),
        ["v1", "packages"] => packages(database, side, request),
        ["v1", "packages", "name", "list"] => names(database),
        ["v1", "packages", id, part] => package(database, side, id, part),
        ["resource", "items", "retrieve"] => v4_ok(&containers(database)),
        ["v1", "resource-files"] => resource_files(database, &side.version),
        ["v1", "my-menus"] => v4_ok(&menus::my_menus(database, &side.version, caller)),
        ["v1", "all-menus"] => v4_ok(&menus::all_menus(database, &side.version)),
        ["v1", "available-container-hosts"] => v4_ok(&null_if_empty(&side.spec.container_hosts)),
        ["v1", "roles", "retrieve"] => v4_ok(&super::auth::roles(&state, request.side)),
        ["v1", "roles", id, "menus"] => v4_ok(&menus::of_role(database, &side.version, id)),
        ["v1", "system-variables", "constant", ..] => variables_v4::scopes(database),
        _ => v4_not_found(),
    }
}

fn package(database: &Database, side: &SideState, id: &str, part: &str) -> Answer {
    let row = database.by_id(id);
    let missing = || v4_error(NO_ROWS.0, NO_ROWS.1);
    match part {
        "instances" => v4_ok(&instances(row, false)),
        "menus" => v4_ok(&menus::package_menus(database, row, &side.version)),
        "dependencies" => row.map_or_else(missing, |row| v4_ok(&dependencies(row))),
        "system-parameters" => {
            row.map_or_else(missing, |row| variables_v4::parameters(database, row))
        }
        "authorities" => row.map_or_else(missing, |row| v4_ok(&authorities(row))),
        _ => row.map_or_else(missing, |row| v4_ok(&runtime_resources(row, false))),
    }
}

/// v4.0 and v4.1 list two statuses, all with `all=yes`; v4.2+ lists two, or with `withDelete=yes`
/// the decommissioned alone, and null instead of an empty list.
fn packages(database: &Database, side: &SideState, request: &Request) -> Answer {
    let extended = side.version.has_ui_active();
    let yes = |name| matches!(request.query_value(name), Some("yes" | "y" | "true"));
    let listed = |row: &&PackageRow| {
        let status = row.package.status.as_str();
        let usual = matches!(status, "UNREGISTERED" | "REGISTERED");
        match (extended, yes("all"), yes("withDelete")) {
            (false, true, _) => true,
            (true, _, true) => status == "DECOMMISSIONED",
            _ => usual,
        }
    };
    let wanted = |row: &&PackageRow| {
        !extended
            || (request
                .query_value("id")
                .is_none_or(|id| id == row.package.id)
                && request
                    .query_value("name")
                    .is_none_or(|name| row.package.name.contains(name))
                && request
                    .query_value("running")
                    .is_none_or(|running| (running == "yes") == row.is_running()))
    };
    let mut rows: Vec<&PackageRow> = database
        .packages
        .iter()
        .filter(listed)
        .filter(wanted)
        .collect();
    rows.sort_by(|a, b| {
        let versions = a.package.version.cmp(&b.package.version);
        let versions = if extended {
            versions.reverse()
        } else {
            versions
        };
        a.package.name.cmp(&b.package.name).then(versions)
    });
    let list: Vec<Value> = rows.iter().map(|row| package_item(row, extended)).collect();
    if extended {
        v4_ok(&null_if_empty(&list))
    } else {
        v4_ok(&json!(list))
    }
}

/// A package as v4 shows it; `extended` with the fields of v4.2+ (`packages-all.json` of v4.5.6).
fn package_item(row: &PackageRow, extended: bool) -> Value {
    let package = &row.package;
    let mut item = json!({"id": package.id, "name": package.name, "version": package.version,
        "status": package.status, "uploadTimestamp": rfc3339(&package.upload_timestamp),
        "uiPackageIncluded": package.ui.is_some(), "edition": package.edition});
    if extended {
        let (names, local) = menus::names_in_list(row);
        let instances: Vec<Value> = package
            .instances
            .iter()
            .map(|instance| {
                json!({"id": instance.id, "address": format!("{}:{}", instance.host, instance.port)})
            })
            .collect();
        let updated = if package.updated_time.is_empty() {
            &package.upload_timestamp
        } else {
            &package.updated_time
        };
        item["registerDone"] = json!(package.register_done);
        item["uiActive"] = json!(package.ui_active);
        item["updatedBy"] = json!(package.updated_by);
        item["updatedTime"] = json!(updated);
        item["menus"] = names;
        item["localMenus"] = local;
        item["instances"] = json!(instances);
    }
    item
}

/// Distinct names of every status, in upload order (`package-names.json`).
fn names(database: &Database) -> Answer {
    let mut names: Vec<&str> = Vec::new();
    for row in &database.packages {
        if !names.contains(&row.package.name.as_str()) {
            names.push(&row.package.name);
        }
    }
    v4_ok(&null_if_empty(&names))
}

/// Rows of the newest active package per name with pages; later versions ask for more
/// (`resource-files-before-register.json`, `docs/platform/endpoints.md#resource-file-list`).
fn resource_files(database: &Database, version: &PlatformVersion) -> Answer {
    let rows: Vec<&PackageRow> = if version.files_need_ui_active() {
        database
            .packages
            .iter()
            .filter(|row| row.package.status == "REGISTERED" && row.package.ui_active)
            .filter(|row| {
                !version.files_need_instance() || database.has_instances(&row.package.name)
            })
            .collect()
    } else {
        let mut rows = database.newest_active();
        rows.retain(|row| row.package.ui.is_some());
        rows
    };
    let list: Vec<Value> = rows
        .into_iter()
        .flat_map(|row| {
            row.files.iter().map(move |file| {
                json!({"id": file.id, "pluginPackageId": row.package.id,
                       "packageName": row.package.name,
                       "packageVersion": row.package.version, "source": "ui.zip",
                       "relatedPath": file.related_path})
            })
        })
        .collect();
    v4_ok(&json!(list))
}

/// One level only (`terminal-dependencies.json` of v4.0.0).
fn dependencies(row: &PackageRow) -> Value {
    let list: Vec<Value> = row
        .package
        .dependencies
        .iter()
        .map(|need| json!({"packageName": need.name, "version": need.version, "dependencies": []}))
        .collect();
    json!({"packageName": row.package.name, "version": row.package.version, "dependencies": list})
}

fn route_items(shared: &Shared, request: &Request, name: Option<&str>) -> Answer {
    let state = shared.state();
    let list: Vec<Value> = state
        .core_routes(request.side)
        .iter()
        .filter(|route| name.is_none_or(|name| name == route.context))
        .map(|route| {
            json!({"context": route.context, "httpScheme": "http", "host": route.host,
                   "port": route.port.to_string()})
        })
        .collect();
    v4_ok(&null_if_empty(&list))
}

/// v4.2+: closes a registration in the portal's wizard.
fn register_done(shared: &Shared, request: &Request, caller: &Caller) -> Answer {
    let id = serde_json::from_slice::<Value>(&request.body)
        .ok()
        .and_then(|body| body["id"].as_str().map(str::to_owned))
        .unwrap_or_default();
    let mut state = shared.state();
    let now = state.stored_now(request.side);
    let Some(row) = state.database_mut(request.side).by_id_mut(&id) else {
        return v4_error(-1, &register::unknown_v4(&id));
    };
    row.package.register_done = true;
    caller.user.clone_into(&mut row.package.updated_by);
    row.package.updated_time = now;
    v4_ok(&Value::Null)
}

/// Refused while an instance runs; a second time it is OK and nothing happens.
fn decommission(shared: &Shared, request: &Request, caller: &Caller, id: &str) -> Answer {
    let mut state = shared.state();
    let extended = state.side(request.side).version.has_ui_active();
    let now = state.stored_now(request.side);
    let Some(row) = state.database_mut(request.side).by_id_mut(id) else {
        return v4_error(NO_ROWS.0, NO_ROWS.1);
    };
    if row.is_running() {
        return v4_error(-1, "plugin package still have running instance");
    }
    "DECOMMISSIONED".clone_into(&mut row.package.status);
    if extended {
        caller.user.clone_into(&mut row.package.updated_by);
        row.package.updated_time = now;
    }
    v4_ok(&Value::Null)
}

/// `no-token.json` and its like.
fn unauthenticated(cause: &str) -> Answer {
    Answer::v4_json(
        401,
        &json!({"code": 10_000_004, "status": "ERROR",
                "message": format!("System error [Failed validate request token] ({cause})")}),
    )
}

/// Go writes an empty slice that was never made as null.
fn null_if_empty<T: serde::Serialize>(list: &[T]) -> Value {
    if list.is_empty() {
        Value::Null
    } else {
        json!(list)
    }
}
