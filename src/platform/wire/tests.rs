//! Every recorded answer goes through the decoders.

use crate::i18n::english;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::bounded::BUDGET;
use super::testing::{Recording, all_recordings, recorded};
use super::*;
use crate::domain::{FailureKind, PackageId, ReadFailure};
use crate::platform::driver::{self, CallInfo};

/// What the decoder must say, told from the recording by other means than the decoder's.
fn expected(recording: &Recording) -> Result<Value, FailureKind> {
    let json = recording.response.get("json");
    let status = json.map(|json| &json["status"]);
    let text = recording.response["text"].as_str().unwrap_or_default();
    match (recording.answer.status, status) {
        (200, Some(Value::String(status))) if status == "OK" => Ok(recording.data()),
        (401, Some(Value::String(_))) => Err(FailureKind::TokenRefused),
        (200, Some(Value::String(_))) => {
            let message = json.unwrap()["message"].as_str().unwrap();
            let denied = [
                "Access is denied",
                "Api Permission Deny",
                "Lack of permission",
            ];
            if denied.iter().any(|words| message.contains(words)) {
                Err(FailureKind::PermissionDenied)
            } else {
                Err(FailureKind::Refused)
            }
        }
        (404, Some(Value::Number(_))) => Err(FailureKind::EndpointAbsent),
        (404, None) if text == "404 page not found" && recording.expect() == Expect::Through => {
            Err(FailureKind::NoAnswer)
        }
        (404, None) if text == "404 page not found" => Err(FailureKind::EndpointAbsent),
        (500, Some(Value::Number(_))) if recording.expect() == Expect::Through => {
            Err(FailureKind::NoAnswer)
        }
        (500, _) => Err(FailureKind::ServerError),
        // nginx's pages, files without a body (HEAD), a plugin's own JSON.
        _ => Err(FailureKind::NotWecube),
    }
}

#[test]
fn every_refusal_for_lack_of_permission_is_told_as_that() {
    for message in [
        "Api Permission Deny",
        "Operation Failed: No data permissions are available",
        "Access is denied",
        "Lack of permission to proceed operation, expected user roles:SUPER_ADMIN",
    ] {
        assert!(super::envelope::is_permission_text(message), "{message}");
    }
    let other = "Operation Failed: the package is in use";
    assert!(!super::envelope::is_permission_text(other));
}

#[test]
fn every_recorded_answer_is_judged_as_it_was_meant() {
    let all = all_recordings();
    let mut wrong = Vec::new();
    let mut versions = BTreeMap::<_, usize>::new();
    for recording in &all {
        *versions.entry(recording.version.as_str()).or_default() += 1;
        let got = decode("op", "GET x", &recording.answer, recording.expect());
        let wanted = expected(recording);
        let value = |data: &str| serde_json::from_str::<Value>(data).unwrap();
        if got.clone().map(value).map_err(|failure| failure.kind) != wanted {
            wrong.push(format!("{}: {got:?} instead of {wanted:?}", recording.name));
        }
        if let Err(detail) = got.map_err(|failure| english(&failure.cause.message()))
            && (detail.is_empty() || detail.contains('\n') || detail.chars().count() > 300)
        {
            wrong.push(format!("{}: detail {detail:?}", recording.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let expected = BTreeMap::from([("v3.2.6", 120), ("v4.0.0", 88), ("v4.5.6", 91)]);
    assert_eq!(versions, expected, "none is skipped");
}

/// What a decoder made of `data`: ids or names, in the order of the answer where that means
/// something.
fn decoded(recording: &Recording) -> Option<Result<Vec<String>, ReadFailure>> {
    let asked = CallInfo {
        op: "op",
        target: "GET x",
    };
    let driver = recording.driver();
    let data = recording.data().to_string();
    let data = data.as_str();
    let path = recording.path.split('?').next().unwrap_or_default();
    let tail = path.rsplit('/').next().unwrap_or_default();
    Some(match (recording.method.as_str(), path) {
        ("GET", "/platform/v1/packages") => driver::listed_packages(asked, data)
            .map(|rows| texts(rows, |row| row.package.id.as_str().to_owned())),
        ("GET", "/platform/v1/my-menus" | "/platform/v1/all-menus") => {
            driver::menus(asked, data).map(|rows| texts(rows, |row| row.code))
        }
        ("GET", "/platform/v1/resource-files") => driver::resource_files(asked, data)
            .map(|rows| texts(rows, |row| row.id.as_str().to_owned())),
        ("GET", "/platform/v1/route-items" | "/gateway/v1/route-items") => {
            driver::routes(asked, data)
                .map(|rows| texts(rows, |row| format!("{}:{}", row.context, row.port)))
        }
        ("GET", "/platform/v1/appinfo/version") => {
            driver::version(asked, data).map(|version| vec![version.text])
        }
        ("GET", "/platform/v1/health-check") | ("POST", "/platform/v1/system-variables/delete") => {
            Ok(Vec::new())
        }
        ("POST", "/platform/v1/system-variables/retrieve") => {
            decode_data::<VariablePageDto>(asked.op, asked.target, data).map(|page| {
                let (total, rows) = page.into_domain();
                assert!(total == 0 || total >= rows.len(), "{}", recording.name);
                texts(rows, |row| row.id.as_str().to_owned())
            })
        }
        (
            "POST",
            "/platform/v1/system-variables/create" | "/platform/v1/system-variables/update",
        ) => decode_data::<Rows<VariableDto>>(asked.op, asked.target, data)
            .map(|Rows(rows)| texts(rows, |row| row.into_domain().id.as_str().to_owned())),
        ("POST", _) if path.starts_with("/platform/v1/packages/register/") => {
            driver::package_ref(asked, data)
                .map(|id| texts(id.into_iter().collect(), |id| id.as_str().to_owned()))
        }
        ("GET", _) if path.starts_with("/platform/v1/packages/") => match tail {
            "instances" => driver::instances(asked, &PackageId::new("p"), data)
                .map(|rows| texts(rows, |row| row.id.as_str().to_owned())),
            "dependencies" => driver::dependencies(asked, data)
                .map(|rows| texts(rows, |row| row.name.as_str().to_owned())),
            "menus" => driver
                .read_own_menus(asked, data)
                .map(|rows| texts(rows, |row| row.code)),
            _ => return None,
        },
        _ => return None,
    })
}

fn texts<T>(rows: Vec<T>, text: impl Fn(T) -> String) -> Vec<String> {
    rows.into_iter().map(text).collect()
}

/// The same ids or names, picked out of the JSON by hand.
fn picked(recording: &Recording) -> Vec<String> {
    let data = recording.data();
    let path = recording.path.split('?').next().unwrap_or_default();
    let rows = match &data {
        Value::Array(rows) => rows.clone(),
        Value::Object(fields) if fields.contains_key("contents") => {
            fields["contents"].as_array().unwrap().clone()
        }
        Value::Object(fields) if fields.contains_key("dependencies") => {
            fields["dependencies"].as_array().unwrap().clone()
        }
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    rows.iter()
        .filter(|row| !path.ends_with("/menus") || row["source"] != "SYSTEM")
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            if let Some(text) = row.as_str() {
                text.to_owned()
            } else if path.ends_with("route-items") {
                let context = text("context");
                let name = context.split('#').next().unwrap();
                format!("{name}:{}", text("port"))
            } else if path.ends_with("menus") {
                text("code")
            } else if path.ends_with("dependencies") {
                text("packageName")
            } else {
                text("id")
            }
        })
        .collect()
}

/// Endpoints that were recorded and that we do not decode: what they tell is not needed.
const NOT_DECODED: [&str; 11] = [
    "/system-parameters",
    "/available-container-hosts",
    "/authorities",
    "/runtime-resources",
    "/plugin-configs",
    "/plugins",
    "/plugin-config-outlines",
    "/packages/name/list",
    "/system-variable-scope",
    "/loaded-routes",
    "/auth/",
];

#[test]
fn every_recorded_success_of_an_endpoint_that_we_use_becomes_domain_values() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for recording in all_recordings() {
        if expected(&recording).is_err() {
            continue;
        }
        match decoded(&recording) {
            None if NOT_DECODED.iter().any(|part| recording.path.contains(part)) => {}
            None => wrong.push(format!("{}: nobody decodes it", recording.name)),
            Some(Err(failure)) => wrong.push(format!("{}: {failure:?}", recording.name)),
            Some(Ok(values)) => {
                count += 1;
                // Some readers sort; that every row arrived, and as itself, is what counts here.
                let values: BTreeSet<_> = values.into_iter().collect();
                let wanted: BTreeSet<_> = picked(&recording).into_iter().collect();
                if values != wanted {
                    wrong.push(format!(
                        "{}: {values:?} instead of {wanted:?}",
                        recording.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(count, 136, "none is skipped");
}

#[test]
fn a_shape_that_is_wrong_names_its_place() {
    for (version, name, path, replacement, wanted) in [
        (
            "v4.0.0",
            "monitor-instances",
            "/data/0/port",
            r#""x""#,
            r#"data[0].port: "x" is not a number that fits"#,
        ),
        (
            "v4.0.0",
            "packages-all",
            "/data/3/id",
            "null",
            "data[3].id: it is empty, but the row means nothing",
        ),
        (
            "v4.5.6",
            "packages-all",
            "/data/1/uiActive",
            r#""maybe""#,
            r#"data[1].uiActive: "maybe" is neither yes nor no"#,
        ),
        (
            "v3.2.6",
            "packages-all",
            "/data",
            r#""x""#,
            "data: wrong type (invalid type: string",
        ),
        (
            "v3.2.6",
            "monitor-dependencies",
            "/data/dependencies/0",
            "7",
            "data.dependencies[0]: wrong type (invalid type",
        ),
        (
            "v3.2.6",
            "variables-page",
            "/data/contents/2/name",
            "{}",
            "data.contents[2].name: wrong type (an object",
        ),
        (
            "v4.0.0",
            "resource-files",
            "/data/5/packageName",
            "null",
            "data[5].packageName: it is empty, but the row means nothing",
        ),
    ] {
        let mut recording = recorded(version, name);
        *recording.response["json"].pointer_mut(path).unwrap() =
            serde_json::from_str(replacement).unwrap();
        let failure = decoded(&recording).unwrap().unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotWecube, "{name}");
        assert!(
            english(&failure.cause.message()).starts_with(wanted),
            "{name}: {}",
            english(&failure.cause.message())
        );
    }
}

#[test]
fn rows_that_take_too_much_name_the_field() {
    let members: Vec<String> = (0..600_000).map(|n| format!("\"{n}\":1")).collect();
    let members = members.join(",");
    let decode = |data: &str| {
        let read = decode_data::<Rows<MenuDto>>("op", "GET x", data);
        read.map(|Rows(rows)| rows.len()).map_err(|failure| {
            assert_eq!(failure.kind, FailureKind::TooLarge);
            english(&failure.cause.message())
        })
    };
    for (data, field) in [
        (
            format!("[{}]", vec!["{}"; 200_000].join(",")),
            "seen at data",
        ),
        (
            format!(r#"[{{"path":"{}"}}]"#, "x".repeat(BUDGET)),
            "seen at data[0].path",
        ),
    ] {
        let words = decode(&data).unwrap_err();
        assert!(words.contains(field), "{words}");
    }
    // What is passed over is not kept, and each answer has a budget of its own.
    for data in [
        format!(r#"[{{"code":"A","other":{{{members}}}}}]"#),
        format!(r#"[{{"code":"A","other":"{}"}}]"#, "x".repeat(2 * BUDGET)),
        format!(r#"[{{"code":"A","other":[{}0]}}]"#, "[],".repeat(2_000_000)),
        format!(r#"[{{"path":"{}"}}]"#, "x".repeat(BUDGET / 2)),
        format!(r#"[{{"path":"{}"}}]"#, "x".repeat(BUDGET / 2)),
    ] {
        assert_eq!(decode(&data), Ok(1));
    }
}
