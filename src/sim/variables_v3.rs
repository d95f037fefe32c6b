//! System variables on v3.2.6 (docs/platform/variables.md; recordings `variable-*.json`, `variables-*.json`).

use serde_json::{Map, Value, json};

use super::database::{Database, PackageRow};
use super::shared::Shared;
use super::state::WorldState;
use super::token::Caller;
use super::wire::{Answer, Request, v3_error, v3_ok};
use super::world::{MadeBy, Variable};

/// Column and field of each property.
const FIELDS: [&str; 8] = [
    "id",
    "packageName",
    "name",
    "value",
    "defaultValue",
    "scope",
    "source",
    "status",
];

/// Answers `POST /platform/v1/system-variables/{action}`.
pub(super) fn answer(shared: &Shared, request: &Request, caller: &Caller, action: &str) -> Answer {
    let readers: &[&str] = if action == "retrieve" {
        &["ADMIN_SYSTEM_PARAMS", "SUB_SYSTEM"]
    } else {
        &["ADMIN_SYSTEM_PARAMS"]
    };
    if !readers.iter().any(|authority| caller.has(authority)) {
        return v3_error("Access is denied");
    }
    if action != "retrieve" && !caller.has("SUPER_ADMIN") {
        return v3_error(
            "Lack of permission to proceed operation, expected user roles:SUPER_ADMIN ",
        );
    }
    let body = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
    let mut state = shared.state();
    if action == "retrieve" {
        return retrieve(state.database(request.side), &body);
    }
    let Some(rows) = body.as_array() else {
        return v3_error(NOT_A_LIST);
    };
    match action {
        "create" => create(&mut state, request, rows),
        "update" => update(&mut state, request, rows),
        _ => delete(&mut state, request, rows),
    }
}

/// `variable-create-not-a-list.json`.
const NOT_A_LIST: &str = "JSON parse error: Cannot deserialize value of type `java.util.ArrayList<com.webank.wecube.platform.core.dto.plugin.SystemVariableDto>` from Object value (token `JsonToken.START_OBJECT`); nested exception is com.fasterxml.jackson.databind.exc.MismatchedInputException: Cannot deserialize value of type `java.util.ArrayList<com.webank.wecube.platform.core.dto.plugin.SystemVariableDto>` from Object value (token `JsonToken.START_OBJECT`)\n at [Source: (org.springframework.util.StreamUtils$NonClosingInputStream); line: 1, column: 1]";

/// Always paged; sorting is ignored; an unknown operator leaves the list unfiltered, an unknown
/// field ends in SQL (`variables-unknown-filter.json`).
fn retrieve(database: &Database, body: &Value) -> Answer {
    let filters = body["filters"].as_array().cloned().unwrap_or_default();
    for filter in &filters {
        let name = filter["name"].as_str().unwrap_or_default();
        if !FIELDS.contains(&name) {
            return v3_error(&unknown_column(name));
        }
    }
    let page = &body["pageable"];
    let number = |name: &str, default| page[name].as_u64().map_or(default, to_usize);
    let (start, size) = (number("startIndex", 0), number("pageSize", 10_000));
    if size == 0 {
        return v3_error("/ by zero");
    }
    let found: Vec<&Variable> = database
        .variables_by_id()
        .into_iter()
        .filter(|row| filters.iter().all(|filter| matches(row, filter)))
        .collect();
    let contents: Vec<Value> = found
        .iter()
        .skip(start / size * size)
        .take(size)
        .map(|row| item(row))
        .collect();
    v3_ok(&json!({
        "pageInfo": {"startIndex": start, "pageSize": size, "totalRows": found.len()},
        "contents": contents,
    }))
}

fn matches(row: &Variable, filter: &Value) -> bool {
    let field = field_of(row, filter["name"].as_str().unwrap_or_default());
    let text = field.unwrap_or_default();
    let wanted = filter["value"].as_str().unwrap_or_default();
    match filter["operator"].as_str() {
        Some("eq") => field == Some(wanted),
        Some("ne") => field != Some(wanted),
        Some("gt") => text > wanted,
        Some("lt") => text < wanted,
        Some("contains") => text.to_uppercase().contains(&wanted.to_uppercase()),
        Some("in") => filter["value"]
            .as_array()
            .is_some_and(|list| list.iter().any(|one| one.as_str() == field)),
        Some("null") => field.is_none(),
        Some("notNull") => field.is_some(),
        _ => true,
    }
}

/// A field of a row by its name on the wire; `None` is NULL.
pub(super) fn field_of<'a>(row: &'a Variable, name: &str) -> Option<&'a str> {
    match name {
        "id" => Some(&row.id),
        "packageName" => row.package_name.as_deref(),
        "name" => Some(&row.name),
        "value" => row.value.as_deref(),
        "defaultValue" => row.default_value.as_deref(),
        "scope" => Some(&row.scope),
        "source" => Some(&row.source),
        "status" => Some(&row.status),
        _ => None,
    }
}

/// A variable as v3 shows it: NULL fields are left out (`variables-by-name-found.json`).
fn item(row: &Variable) -> Value {
    let fields: Map<String, Value> = FIELDS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), json!(field_of(row, name)?))))
        .collect();
    Value::Object(fields)
}

/// A blank id inserts; another one updates, or is dropped without a word.
fn create(state: &mut WorldState, request: &Request, rows: &[Value]) -> Answer {
    let mut stored = Vec::new();
    for row in rows {
        match row["id"].as_str() {
            Some(id) if !id.is_empty() => {
                if let Some(known) = change(state, request, id, row) {
                    stored.push(known);
                }
            }
            _ => match insert(state, request, row) {
                Ok(made) => stored.push(made),
                Err(message) => return v3_error(&message),
            },
        }
    }
    v3_ok(&json!(stored))
}

fn insert(state: &mut WorldState, request: &Request, row: &Value) -> Result<Value, String> {
    let text = |name: &str| row[name].as_str().map(str::to_owned);
    let scope = text("scope").ok_or_else(|| null_column("scope"))?;
    let source = text("source").ok_or_else(|| null_column("source"))?;
    let status = text("status").filter(|status| !status.is_empty());
    let variable = Variable {
        id: state.ids.make(MadeBy::V3, "sys_var"),
        package_name: text("packageName"),
        name: text("name").unwrap_or_default(),
        value: text("value"),
        default_value: text("defaultValue"),
        scope,
        source,
        status: status.unwrap_or_else(|| "active".to_owned()),
    };
    let shown = item(&variable);
    state.database_mut(request.side).variables.push(variable);
    Ok(shown)
}

/// An update without an id inserts, one with an unknown id is skipped
/// (`variable-update-unknown-id.json`).
fn update(state: &mut WorldState, request: &Request, rows: &[Value]) -> Answer {
    create(state, request, rows)
}

/// Fields that are there are changed; `status` becomes active when it is left out
/// (`variable-after-partial-update.json`).
fn change(state: &mut WorldState, request: &Request, id: &str, row: &Value) -> Option<Value> {
    let known = state
        .database_mut(request.side)
        .variables
        .iter_mut()
        .find(|variable| variable.id == id)?;
    let text = |name: &str| row[name].as_str().map(str::to_owned);
    if let Some(package_name) = text("packageName") {
        known.package_name = Some(package_name);
    }
    if let Some(name) = text("name") {
        known.name = name;
    }
    if let Some(value) = text("value") {
        known.value = Some(value);
    }
    if let Some(default) = text("defaultValue") {
        known.default_value = Some(default);
    }
    if let Some(scope) = text("scope") {
        known.scope = scope;
    }
    if let Some(source) = text("source") {
        known.source = source;
    }
    known.status = text("status")
        .filter(|status| !status.is_empty())
        .unwrap_or_else(|| "active".to_owned());
    Some(item(known))
}

fn delete(state: &mut WorldState, request: &Request, rows: &[Value]) -> Answer {
    for row in rows {
        let id = row["id"].as_str().unwrap_or_default();
        let variables = &mut state.database_mut(request.side).variables;
        let Some(place) = variables.iter().position(|variable| variable.id == id) else {
            return v3_error(&format!("System variable with id {id} does not exist."));
        };
        variables.remove(place);
    }
    v3_ok(&Value::Null)
}

/// Distinct scopes in the order of the rows (`system-variable-scope.json`).
pub(super) fn scopes(database: &Database) -> Answer {
    let mut list: Vec<&str> = Vec::new();
    for variable in database.variables_by_id() {
        if !list.contains(&variable.scope.as_str()) {
            list.push(&variable.scope);
        }
    }
    v3_ok(&json!(list))
}

/// The rows whose source is the package; an unknown id has none.
pub(super) fn parameters(database: &Database, row: Option<&PackageRow>) -> Value {
    let Some(row) = row else {
        return json!([]);
    };
    let source = row.source();
    database
        .variables
        .iter()
        .filter(|variable| variable.source == source)
        .map(item)
        .collect()
}

/// `variables-unknown-filter.json`: `MyBatis` in full.
fn unknown_column(name: &str) -> String {
    let cause = format!("Unknown column '{name}' in 'WHERE'");
    format!(
        "\n### Error querying database.  Cause: java.sql.SQLSyntaxErrorException: {cause}\n### The error may exist in URL [jar:file:/application/platform-core.jar!/BOOT-INF/classes!/mapper/plugin/SystemVariablesMapper.xml]\n### The error may involve com.webank.wecube.platform.core.repository.plugin.SystemVariablesMapper.selectByExample-Inline\n### The error occurred while setting parameters\n### SQL: SELECT count(0) FROM system_variables WHERE ({name} = ?)\n### Cause: java.sql.SQLSyntaxErrorException: {cause}\n; bad SQL grammar []; nested exception is java.sql.SQLSyntaxErrorException: {cause}"
    )
}

/// `variable-create-minimal.json`.
fn null_column(name: &str) -> String {
    let cause = format!("Column '{name}' cannot be null");
    format!(
        "\n### Error updating database.  Cause: java.sql.SQLIntegrityConstraintViolationException: {cause}\n### The error may involve com.webank.wecube.platform.core.repository.plugin.SystemVariablesMapper.insert-Inline\n### The error occurred while setting parameters\n### SQL: insert into system_variables (id, package_name,         name,         value, default_value, scope,         source, status)         values         (?, ?,         ?,         ?,         ?, ?,         ?, ?)\n### Cause: java.sql.SQLIntegrityConstraintViolationException: {cause}\n; {cause}; nested exception is java.sql.SQLIntegrityConstraintViolationException: {cause}"
    )
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
