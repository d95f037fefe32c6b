//! System variables on v4 (docs/platform/variables.md; recordings `variable-*.json`, `variables-*.json`).

use serde_json::{Value, json};

use super::database::{Database, PackageRow};
use super::shared::Shared;
use super::variables_v3::field_of;
use super::wire::{Answer, Request, v4_error, v4_ok, v4_panic};
use super::world::{MadeBy, Variable};

/// Answers `POST /platform/v1/system-variables/{action}`.
pub(super) fn answer(shared: &Shared, request: &Request, action: &str) -> Answer {
    let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
        return bind_error("EOF");
    };
    if action == "retrieve" {
        return retrieve(shared.state().database(request.side), &body);
    }
    let Some(rows) = body.as_array() else {
        let kind = if body.is_object() { "object" } else { "value" };
        return bind_error(&format!(
            "json: cannot unmarshal {kind} into Go value of type []*models.SystemVariables"
        ));
    };
    if rows.is_empty() {
        return bind_error("param can not empty");
    }
    match action {
        "create" => create(shared, request, rows),
        "update" => update(shared, request, rows),
        _ => delete(shared, request, rows),
    }
}

fn bind_error(cause: &str) -> Answer {
    v4_error(
        10_000_001,
        &format!("System error [Parameter validate fail] ({cause})"),
    )
}

/// An unknown filter name or operator leaves the list unfiltered; paging without `pageable` is a
/// panic; without paging the page info is all zero (`variables-*.json`).
fn retrieve(database: &Database, body: &Value) -> Answer {
    if body["sorting"].is_object() {
        return bind_error(
            "json: cannot unmarshal object into Go struct field QueryRequestParam.sorting of type []*models.QueryRequestSorting",
        );
    }
    let filters = body["filters"].as_array().cloned().unwrap_or_default();
    let found: Vec<&Variable> = database
        .variables_by_id()
        .into_iter()
        .filter(|row| filters.iter().all(|filter| matches(row, filter)))
        .collect();
    if body["paging"] != true {
        let contents: Vec<Value> = found.iter().map(|row| item(row)).collect();
        return v4_ok(&json!({
            "pageInfo": {"startIndex": 0, "pageSize": 0, "totalRows": 0},
            "contents": contents,
        }));
    }
    let page = &body["pageable"];
    if !page.is_object() {
        return v4_panic();
    }
    let number = |name: &str| {
        let value = page[name].as_u64().unwrap_or(0);
        usize::try_from(value).unwrap_or(usize::MAX)
    };
    let (start, size) = (number("startIndex"), number("pageSize"));
    let contents: Vec<Value> = found
        .iter()
        .skip(start)
        .take(size)
        .map(|row| item(row))
        .collect();
    v4_ok(&json!({
        "pageInfo": {"startIndex": start, "pageSize": size, "totalRows": found.len()},
        "contents": contents,
    }))
}

fn matches(row: &Variable, filter: &Value) -> bool {
    let name = filter["name"].as_str().unwrap_or_default();
    let known = matches!(
        name,
        "id" | "packageName" | "name" | "value" | "defaultValue" | "scope" | "source" | "status"
    );
    if !known {
        return true;
    }
    let field = field_of(row, name);
    let text = field.unwrap_or_default();
    let wanted = filter["value"].as_str().unwrap_or_default();
    let listed = || {
        filter["value"]
            .as_array()
            .is_some_and(|list| list.iter().any(|one| one.as_str() == field))
    };
    match filter["operator"].as_str() {
        Some("eq") => field == Some(wanted),
        Some("neq") => field != Some(wanted),
        Some("contains") => text.contains(wanted),
        Some("in") => listed(),
        Some("notIn") => !listed(),
        Some("lt") => text < wanted,
        Some("lte") => text <= wanted,
        Some("gt") => text > wanted,
        Some("gte") => text >= wanted,
        Some("null") => field.is_none(),
        Some("notNull") => field.is_some(),
        _ => true,
    }
}

/// A variable as v4 shows it: NULL is an empty text.
fn item(row: &Variable) -> Value {
    let or_empty = |field: &Option<String>| field.clone().unwrap_or_default();
    json!({"id": row.id, "packageName": or_empty(&row.package_name), "name": row.name,
           "value": or_empty(&row.value), "defaultValue": or_empty(&row.default_value),
           "scope": row.scope, "source": row.source, "status": row.status})
}

/// What was sent, with nothing filled in: a field left out is an empty text.
fn sent(row: &Value, id: String) -> Variable {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    Variable {
        id,
        package_name: Some(text("packageName")),
        name: text("name"),
        value: Some(text("value")),
        default_value: Some(text("defaultValue")),
        scope: text("scope"),
        source: text("source"),
        status: text("status"),
    }
}

/// Always inserts, under a new id, also a name that is there already.
fn create(shared: &Shared, request: &Request, rows: &[Value]) -> Answer {
    let mut state = shared.state();
    let mut stored = Vec::new();
    for row in rows {
        let id = state.ids.make(MadeBy::V4, "sys_var");
        let variable = sent(row, id);
        stored.push(item(&variable));
        state.database_mut(request.side).variables.push(variable);
    }
    v4_ok(&json!(stored))
}

/// Overwrites every column; an unknown id is OK all the same (`variable-update-unknown-id.json`).
fn update(shared: &Shared, request: &Request, rows: &[Value]) -> Answer {
    let mut state = shared.state();
    let database = state.database_mut(request.side);
    let mut echoed = Vec::new();
    for row in rows {
        let id = row["id"].as_str().unwrap_or_default();
        let variable = sent(row, id.to_owned());
        echoed.push(item(&variable));
        if let Some(known) = database.variables.iter_mut().find(|known| known.id == id) {
            *known = variable;
        }
    }
    v4_ok(&json!(echoed))
}

/// Unknown ids are OK.
fn delete(shared: &Shared, request: &Request, rows: &[Value]) -> Answer {
    let mut state = shared.state();
    let gone: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
    state
        .database_mut(request.side)
        .variables
        .retain(|variable| !gone.contains(&variable.id.as_str()));
    v4_ok(&Value::Null)
}

/// Distinct scopes, sorted; null when there are none.
pub(super) fn scopes(database: &Database) -> Answer {
    let list: std::collections::BTreeSet<&str> = database
        .variables
        .iter()
        .map(|variable| variable.scope.as_str())
        .collect();
    if list.is_empty() {
        return v4_ok(&Value::Null);
    }
    v4_ok(&json!(list))
}

/// The rows whose source is the package.
pub(super) fn parameters(database: &Database, row: &PackageRow) -> Answer {
    let source = row.source();
    let list: Vec<Value> = database
        .variables
        .iter()
        .filter(|variable| variable.source == source)
        .map(item)
        .collect();
    v4_ok(&json!(list))
}
