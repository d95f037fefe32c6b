//! System variables: queries and whole rows.

use serde_json::{Value, json};

use crate::domain::{Generation, SystemVariable, VariableId};
use crate::platform::request::{ApiRequest, Body, Method, Replay, Via};

/// Which variables are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) enum VariableFilter {
    /// All of them.
    All,
    /// Those of exactly that name. An unknown filter *name* would return every row on v4, and `eq`
    /// follows the database's collation, so the reader checks the names again.
    Named(String),
}

/// Which part of the answer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum VariablePage {
    /// Everything in one answer (v4: `paging:false`).
    Whole,
    /// v3 pages whatever it is asked; `start` must be a multiple of `size`, since it divides the one
    /// by the other (`docs/platform/variables.md#retrieve`).
    Rows {
        /// Index of the first row.
        start: usize,
        /// Rows of a page; never 0.
        size: usize,
    },
}

/// Reads variables. `sorting` is left out: v3 wants an object, v4 an array.
pub(in crate::platform) fn retrieve_variables(
    filter: &VariableFilter,
    page: VariablePage,
) -> ApiRequest {
    let filters = match filter {
        VariableFilter::All => json!([]),
        VariableFilter::Named(name) => json!([{"name": "name", "operator": "eq", "value": name}]),
    };
    let body = match page {
        VariablePage::Whole => json!({"filters": filters, "paging": false}),
        VariablePage::Rows { start, size } => json!({
            "filters": filters,
            "paging": true,
            "pageable": {"startIndex": start, "pageSize": size},
        }),
    };
    post("variables.retrieve", "retrieve", body, Replay::Safe)
}

/// Creates one row with every field: v4 stores what is missing as blank, v3 refuses a missing scope.
/// The id is left out: v4 ignores it, v3 would silently drop the row.
pub(in crate::platform) fn create_variable(row: &SystemVariable) -> ApiRequest {
    let mut fields = whole_row(row);
    fields.as_object_mut().map(|fields| fields.remove("id"));
    post("variables.create", "create", json!([fields]), Replay::Never)
}

/// Writes one row whole: v4 overwrites every column with what is sent, v3 makes a row active where
/// the status is left out.
pub(in crate::platform) fn update_variable(row: &SystemVariable) -> ApiRequest {
    post(
        "variables.update",
        "update",
        json!([whole_row(row)]),
        Replay::Idempotent,
    )
}

/// Removes one row. v4 answers OK however often it is asked, v3 refuses an id that is gone: there a
/// second try would report a success as an error.
pub(in crate::platform) fn delete_variable(generation: Generation, id: &VariableId) -> ApiRequest {
    let replay = match generation {
        Generation::V3 => Replay::Never,
        Generation::V4 => Replay::Idempotent,
    };
    post(
        "variables.delete",
        "delete",
        json!([{"id": id.as_str()}]),
        replay,
    )
}

fn post(op: &'static str, action: &str, body: Value, replay: Replay) -> ApiRequest {
    ApiRequest {
        op,
        via: Via::Core,
        method: Method::Post,
        path: format!("/platform/v1/system-variables/{action}"),
        query: Vec::new(),
        body: Body::Json(body),
        unless: None,
        token: true,
        replay,
    }
}

/// Every column, under the names of `docs/platform/variables.md`. The exhaustive destructuring makes a new field of
/// the domain a compile error here, where leaving it out would blank it on v4.
fn whole_row(row: &SystemVariable) -> Value {
    let SystemVariable {
        id,
        name,
        value,
        default_value,
        scope,
        source,
        status,
        package_name,
    } = row;
    json!({
        "id": id.as_str(),
        "packageName": package_name,
        "name": name,
        "value": value,
        "defaultValue": default_value,
        "scope": scope,
        "source": source,
        "status": status,
    })
}
