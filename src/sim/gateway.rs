//! platform-gateway: its own endpoints and what it forwards (`docs/platform/gateway.md`; recordings
//! `gateway-*.json`, `pair-gateway-route-items.json`).

use serde_json::{Value, json};

use super::faults::Kind;
use super::ids::spring_time;
use super::routes::{Load, Route, RouteTable};
use super::shared::Shared;
use super::state::WorldState;
use super::wire::{Answer, Request, SideName, v4_not_found};

/// Loads the table when it is time to, as the gateway's timer does.
fn refresh(state: &mut WorldState, side: SideName, asked: bool) {
    if state.side(side).routes.is_due(asked) {
        let mut routes = state.core_routes(side);
        routes.retain(|route| !state.faults.hits(side, Kind::RouteMissing, &route.context));
        state.side_mut(side).routes.load(routes);
    }
}

/// Answers a request that came to the gateway, directly or through a portal.
pub(super) async fn answer(shared: &Shared, request: &Request) -> Answer {
    let path = request.path.as_str();
    if path.starts_with("/gateway/") {
        return own(shared, request);
    }
    if path.starts_with("/platform/") {
        return super::core::answer(shared, request).await;
    }
    if path.starts_with("/auth/") {
        return super::auth::answer(shared, request);
    }
    forward(shared, request)
}

/// The gateway's own endpoints, none of which asks for a token.
fn own(shared: &Shared, request: &Request) -> Answer {
    let mut state = shared.state();
    let side = request.side;
    let v3 = state.side(side).version.is_v3();
    let asked = request.method == "POST";
    refresh(&mut state, side, asked);
    let table = &state.side(side).routes;
    let data = match (request.method.as_str(), request.path.as_str()) {
        ("GET" | "POST", "/gateway/v1/route-items") if v3 => rows(table, v3_item),
        ("GET", "/gateway/v1/route-items") => rows(table, v4_item),
        ("POST", "/gateway/v1/route-items") => Value::Null,
        ("GET", "/gateway/v1/loaded-routes") if v3 => rows(table, v3_loaded),
        ("GET", "/gateway/v1/loaded-routes") => rows(table, v4_loaded),
        _ if v3 => return v3_error(request, 404),
        _ => return v4_not_found(),
    };
    let body = json!({"status": "OK", "message": "success", "data": data});
    if v3 {
        Answer::v3_json(200, &body)
    } else {
        Answer::v4_json(200, &body)
    }
}

fn rows(table: &RouteTable, row: fn(&Route, Load) -> Value) -> Value {
    table
        .routes()
        .iter()
        .map(|route| row(route, table.load))
        .collect()
}

fn v3_item(route: &Route, _: Load) -> Value {
    json!({"context": format!("{}#1", route.context), "httpScheme": "http",
           "host": route.host, "port": route.port.to_string()})
}

fn v4_item(route: &Route, _: Load) -> Value {
    json!({"context": route.context, "httpMethod": "", "path": "", "httpScheme": "http",
           "host": route.host, "port": route.port.to_string(), "weight": "",
           "createTime": 0, "lastModifyTime": 0, "available": false})
}

fn v3_loaded(route: &Route, Load { version, at_s }: Load) -> Value {
    let now = at_s * 1000;
    json!({"context": route.context, "createdTime": now, "lastModifiedTime": now,
           "disabled": false, "version": version, "mvcHttpMethodAndPathConfigs": [],
           "defaultHttpDestinations": [{"scheme": "http", "port": route.port,
               "host": route.host, "weight": 0, "createdTime": now,
               "lastModifiedTime": now, "version": version, "disabled": false}]})
}

fn v4_loaded(route: &Route, Load { version, at_s: now }: Load) -> Value {
    json!({"Context": route.context, "CreatedTime": 0, "LastModifiedTime": now,
           "Disabled": false, "Version": version, "MvcHttpMethodAndPathConfigs": [],
           "DefaultHttpDestinations": [{"Scheme": "http", "Port": route.port,
               "Host": route.host, "Weight": 0, "CreatedTime": 0,
               "LastModifiedTime": now, "Version": version, "Disabled": false}]})
}

/// Forwards to a plugin: the recorded lab plugin answers its port and the path it was asked.
fn forward(shared: &Shared, request: &Request) -> Answer {
    let mut state = shared.state();
    let side = request.side;
    refresh(&mut state, side, false);
    let v3 = state.side(side).version.is_v3();
    let context = request.path.split('/').nth(1).unwrap_or_default();
    let table = state.side(side).routes.routes();
    let Some(route) = table.iter().find(|route| route.context == context) else {
        return if v3 {
            v3_error(request, 404)
        } else {
            v4_not_found()
        };
    };
    let up = state.plugin_answers(side, context) && is_up(&state, side, route);
    if up && state.faults.hits(side, Kind::OtherSeed, context) {
        // Condition 9 of `docs/platform/portal.md#when-a-page-is-visible`; each plugin has its own text.
        return Answer::v3_json(
            401,
            &json!({"status": "ERROR", "message": "token validate failed"}),
        );
    }
    if up {
        let body = json!({"port": route.port, "path": request.path});
        // The recorded plugin was a small Python server; it names no type.
        return Answer::v3_json(200, &body)
            .without_header("Content-Type")
            .header("Server", "BaseHTTP/0.6 Python/3.11.7");
    }
    if v3 {
        v3_error(request, 500)
    } else {
        v4_not_found()
    }
}

fn is_up(state: &WorldState, side: SideName, route: &Route) -> bool {
    let rows = &state.database(side).packages;
    rows.iter()
        .filter(|row| row.package.name == route.context)
        .flat_map(|row| &row.package.instances)
        .any(|instance| instance.port == route.port && instance.up)
}

/// v3's gateway answers in Spring's words.
fn v3_error(request: &Request, status: u16) -> Answer {
    let mut body = json!({"timestamp": spring_time(0), "path": request.path, "status": status,
                          "requestId": "303d5446-47"});
    if status == 404 {
        body["error"] = json!("Not Found");
        body["message"] = Value::Null;
    } else {
        body["error"] = json!("Internal Server Error");
    }
    Answer::v3_json(status, &body)
}
