//! The contract: every recorded request of an endpoint that the simulator models is put to a world
//! of the same shape, and status, headers, envelope, field names, JSON types and message are
//! compared. Where they differ, the simulator is wrong.

#![cfg(feature = "sim")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::collections::BTreeSet;

use reqwest::Client;
use serde_json::{Value, json};
use wecubectl::sim::DEFAULT_SEED;
use wecubectl::sim::{Running, SideName, World, serve};

use crate::sim_client::{claims, client, key, signed};
use crate::sim_recordings::{
    Moment, Recording, all, put_rows, request_body, side_of, variable, world,
};

/// What is not modelled, by the last part of the path, and why.
const NOT_MODELLED: [(&str, &str); 3] = [
    (
        "plugin-configs",
        "plugin configurations: neither our client nor the portals' visibility depends on them",
    ),
    ("plugins", "as plugin-configs, with their interfaces"),
    ("plugin-config-outlines", "as plugin-configs"),
];

/// Why a recording is left out, if it is.
fn not_modelled(recording: &Recording) -> Option<&'static str> {
    let last = recording.path().rsplit('/').next().unwrap();
    NOT_MODELLED
        .iter()
        .find(|(part, _)| recording.path().contains("/packages/") && *part == last)
        .map(|(_, why)| *why)
}

fn moment(recording: &Recording) -> Moment {
    let name = recording.name.as_str();
    if name.starts_with("coexist-") {
        Moment::Coexisting
    } else if name.starts_with("pair-") {
        Moment::Pair
    } else if recording.is_v3()
        && (name.starts_with("labplug-")
            || name == "register-decommissioned"
            || name == "portal-static-of-version-registered-on-new-only")
    {
        Moment::WithLabplug
    } else {
        Moment::Alone
    }
}

/// The fault that the recorded platform had.
fn fault(recording: &Recording) -> Option<&'static str> {
    let fault = match recording.name.as_str() {
        "register-static-host-down" => "host-down",
        "register-static-host-wrong-password" => "host-wrong-password",
        "register-static-dir-not-writable" => "not-writable=monitor",
        "register-ui-zip-missing-in-s3" => "ui-zip-missing=capacity",
        "gateway-plugin-down" if recording.is_v3() => "plugin-down=qcloud",
        "gateway-plugin-down" => "plugin-down=wecmdb",
        _ => return None,
    };
    Some(fault)
}

/// What the recorded platform had been asked before: rows of variables.
fn prepared(world: &mut World, recording: &Recording) {
    let response = &recording.document["response"]["json"]["data"];
    let rows: Vec<&Value> = match recording.name.as_str() {
        "variable-after-partial-update"
        | "variable-after-inactive-update"
        | "variables-by-name-found" => response["contents"].as_array().unwrap().iter().collect(),
        "variable-update" | "variable-update-partial" | "variable-update-inactive" => {
            response.as_array().unwrap().iter().collect()
        }
        "variable-delete" => recording.document["request"]["body"]
            .as_array()
            .unwrap()
            .iter()
            .collect(),
        _ => Vec::new(),
    };
    for row in rows {
        let row = variable(row);
        let known = &mut world.content.variables;
        let seeded = row.id.starts_with("system__");
        if !seeded && !known.iter().any(|other| other.id == row.id) {
            known.push(row);
        }
    }
}

/// The `Authorization` header that a recording's token stands for.
fn authorization(recording: &Recording) -> Option<String> {
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        claims
    };
    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        claims
    };
    let now = jiff::Timestamp::now().as_second();
    let right = key(DEFAULT_SEED);
    let (claims, key) = match recording.token() {
        "none" => return None,
        "valid" => (claims(), right),
        "garbage" => return Some("Bearer abc.def.ghi".to_owned()),
        // What was sent under this label had no three segments: the answer says so.
        "abc.def.ghi" => return Some("Bearer garbage".to_owned()),
        "wrong key" | "signed with another key" => (claims(), b"another key".to_vec()),
        "seed as raw bytes" => (claims(), DEFAULT_SEED.as_bytes().to_vec()),
        "expired" => (with("exp", json!(now - 5)), right),
        "iat future" | "iat one hour ahead" => (with("iat", json!(now + 3600)), right),
        "no exp" => (without("exp"), right),
        "no type" => (without("type"), right),
        "no authority" => (without("authority"), right),
        "authority array" => (with("authority", json!(["SUPER_ADMIN"])), right),
        "authority empty" | "authority \"\"" => (with("authority", json!("")), right),
        "type refresh" => (with("type", json!("refreshToken")), right),
        "a refresh token" => {
            let own = if recording.version == "v4.0.0" {
                ""
            } else {
                "[]"
            };
            let mut claims = with("type", json!("refreshToken"));
            claims["authority"] = json!(own);
            claims["sub"] = json!("umadmin");
            (claims, right)
        }
        named => {
            let list = named
                .find('[')
                .map(|start| &named[start..=named.find(']').unwrap()]);
            (with("authority", json!(list.expect(named))), right)
        }
    };
    Some(format!("Bearer {}", signed(&claims, &key)))
}

/// A simulator's answer.
struct Got {
    status: u64,
    content_type: Option<String>,
    length: Option<String>,
    text: String,
    names: BTreeSet<String>,
}

async fn ask(http: &Client, sim: &Running, recording: &Recording, side: SideName) -> Got {
    let endpoints = sim.endpoints();
    let addresses = match side {
        SideName::New => &endpoints.new,
        SideName::Old => endpoints.old.as_ref().unwrap(),
    };
    let base = match recording.via() {
        "core" => &addresses.core,
        "portal" => &addresses.portal[0],
        // The auth-server is reached through the gateway.
        _ => &addresses.gateway,
    };
    let method = recording.method().parse().unwrap();
    let mut request = http.request(method, format!("{base}{}", recording.path()));
    if let Some(header) = authorization(recording) {
        request = request.header("Authorization", header);
    }
    if let Some(body) = request_body(recording) {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    let text = |name: &str| {
        answer
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    Got {
        status: u64::from(answer.status().as_u16()),
        content_type: text("content-type"),
        length: text("content-length"),
        names: answer.headers().keys().map(ToString::to_string).collect(),
        text: answer.text().await.unwrap(),
    }
}

/// Every difference between a recorded answer and the simulator's.
fn differences(recording: &Recording, got: &Got) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, recorded: String, simulated: String| {
        if recorded != simulated {
            found.push(format!(
                "{what}: recorded {recorded}, simulated {simulated}"
            ));
        }
    };
    compare(
        "status",
        recording.status().to_string(),
        got.status.to_string(),
    );
    let recorded = recording.header("Content-Type").map(str::to_owned);
    compare(
        "content type",
        format!("{recorded:?}"),
        format!("{:?}", got.content_type),
    );
    if recording.via() == "portal" && recording.status() != 200 {
        let recorded = recording.header("Content-Length").map(str::to_owned);
        compare(
            "length",
            format!("{recorded:?}"),
            format!("{:?}", got.length),
        );
    }
    for name in [
        "WWW-Authenticate",
        "Error-Code",
        "ETag",
        "Last-Modified",
        "Server",
        "Date",
    ] {
        if recording.header(name).is_some() && !got.names.contains(&name.to_lowercase()) {
            compare("header", name.to_owned(), "none".to_owned());
        }
    }
    match (
        recording.document["response"].get("json"),
        &recording.document["response"]["text"],
    ) {
        (Some(recorded), _) => {
            let simulated: Value = serde_json::from_str(&got.text).unwrap_or(json!("not JSON"));
            shapes("", recorded, &simulated, &mut found);
        }
        (None, Value::String(recorded)) if recorded.starts_with('{') => {
            documents(recorded, &got.text, &mut found);
        }
        (None, Value::String(recorded)) => {
            let plain = |text: &str| text.replace("\r\n", "\n");
            if plain(recorded) != plain(&got.text) {
                found.push(format!("text: {:?}", got.text));
            }
        }
        _ => found.push("a recording without a body".to_owned()),
    }
    found
}

/// Two JSON documents one after the other; the recorded second one was cut.
fn documents(recorded: &str, simulated: &str, found: &mut Vec<String>) {
    let read = |text: &str| -> Vec<Value> {
        serde_json::Deserializer::from_str(text)
            .into_iter()
            .map_while(Result::ok)
            .collect()
    };
    let (recorded, simulated) = (read(recorded), read(simulated));
    if recorded.first() != simulated.first() || simulated.len() != 2 {
        found.push(format!("documents: {} in place of two", simulated.len()));
    }
}

/// Fields and types of two values; messages and the envelope word by word, digits aside.
fn shapes(path: &str, recorded: &Value, simulated: &Value, found: &mut Vec<String>) {
    match (recorded, simulated) {
        (Value::Object(left), Value::Object(right)) => {
            for name in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
                let inner = format!("{path}.{name}");
                match (left.get(name), right.get(name)) {
                    (Some(left), Some(right)) => shapes(&inner, left, right, found),
                    (Some(_), None) => found.push(format!("{inner} is missing")),
                    _ => found.push(format!("{inner} is too much")),
                }
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            if left.len() != right.len() {
                found.push(format!(
                    "{path}: {} elements recorded, {} simulated",
                    left.len(),
                    right.len()
                ));
            }
            if left.is_empty() {
                return;
            }
            let kinds = |list: &[Value]| list.iter().map(kind).collect::<BTreeSet<_>>();
            for odd in kinds(left).symmetric_difference(&kinds(right)) {
                found.push(format!("{path}: elements of one alone are like {odd}"));
            }
        }
        (Value::String(left), Value::String(right)) => {
            let whole = matches!(path, ".message" | ".status" | ".error" | ".path")
                || (path == ".data" && left.starts_with('v'));
            if whole && digits(left) != digits(right) {
                found.push(format!("{path}: recorded {left:?}, simulated {right:?}"));
            }
        }
        _ if (path == ".code" || recorded.is_boolean()) && recorded != simulated => {
            found.push(format!(
                "{path}: recorded {recorded}, simulated {simulated}"
            ));
        }
        _ if kind(recorded) != kind(simulated) => {
            found.push(format!(
                "{path}: recorded {recorded}, simulated {simulated}"
            ));
        }
        _ => {}
    }
}

/// A value's type with its fields' types.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "string".to_owned(),
        Value::Array(list) => {
            let kinds: BTreeSet<String> = list.iter().map(kind).collect();
            format!("{kinds:?}")
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name}:{}", kind(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
    }
}

/// A text with each run of digits as one `#`.
fn digits(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        let letter = if letter.is_ascii_digit() { '#' } else { letter };
        if letter != '#' || !plain.ends_with('#') {
            plain.push(letter);
        }
    }
    plain
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simulator_answers_as_recorded() {
    let http = client();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for recording in all() {
        if not_modelled(&recording).is_some() {
            continue;
        }
        let moment = moment(&recording);
        let mut world = world(&recording.version, moment);
        prepared(&mut world, &recording);
        if let Some(fault) = fault(&recording) {
            world = world.fault(fault);
        }
        let sim = serve(world).await.unwrap();
        put_rows(&sim, moment);
        let got = ask(&http, &sim, &recording, side_of(&recording, moment)).await;
        sim.stop().await;
        compared += 1;
        for difference in differences(&recording, &got) {
            let (version, name) = (&recording.version, &recording.name);
            wrong.push(format!("{version}/{name} {difference:.400}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 250, "only {compared} recordings were compared");
}

#[test]
fn recordings_not_simulated_are_listed_with_reason() {
    let left_out: BTreeSet<String> = all()
        .iter()
        .filter(|recording| not_modelled(recording).is_some())
        .map(|recording| recording.path().rsplit('/').next().unwrap().to_owned())
        .collect();
    let listed: BTreeSet<String> = NOT_MODELLED
        .iter()
        .map(|(part, _)| (*part).to_owned())
        .collect();
    assert_eq!(left_out, listed);
}
