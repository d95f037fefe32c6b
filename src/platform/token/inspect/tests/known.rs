//! Against what is known: what v4's own libraries said, and what running platforms answered.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::support::{NOW, good, key, now, signed, token, verdict, with};
use crate::platform::token::DEFAULT_SEED;
use crate::platform::token::inspect::{Limitation, Operation, TokenReader, inspect};

/// An `Authorization` header, and what v4 core's and v4 auth-server's own code (their vendored
/// libraries, at v4.0.0) made of it at [`NOW`] with the default seed.
#[derive(Deserialize)]
struct Known {
    name: String,
    text: String,
    core: String,
    auth: String,
}

#[test]
fn verdicts_are_those_of_v4s_own_libraries() {
    let fixture = include_str!("../../../../../fixtures/token/verdicts.json");
    let known: Vec<Known> = serde_json::from_str(fixture).unwrap();
    assert!(known.len() > 130, "{}", known.len());
    for case in known {
        let inspection = inspect(&case.text, now(), Some(&key()));
        for (reader, expected) in [
            (TokenReader::V40Core, &case.core),
            (TokenReader::V44Core, &case.core),
            (TokenReader::V4Auth, &case.auth),
        ] {
            let found = verdict(&inspection, reader);
            let accepts = found.refusals.is_empty();
            assert_eq!(accepts, expected == "accepted", "{}: {found:?}", case.name);
        }
    }
}

/// A token as the note of a recording says.
fn as_noted(version: &str, note: &str) -> String {
    let claims = match note {
        "authority array" => with("authority", Some(json!(["SUPER_ADMIN"]))),
        "authority empty" | "authority \"\"" => with("authority", Some(json!(""))),
        "no authority" => with("authority", None),
        "expired" => with("exp", Some(json!(NOW - 60))),
        "iat future" | "iat one hour ahead" => with("iat", Some(json!(NOW + 3600))),
        "no exp" => with("exp", None),
        "no type" => with("type", None),
        "type refresh" => with("type", Some(json!("refreshToken"))),
        // v4.0.0 gives its refresh tokens no authority, later ones an empty list (`docs/platform/tokens.md#login-and-refresh`).
        "a refresh token" => {
            let mut claims = with("type", Some(json!("refreshToken")));
            claims["authority"] = json!(if version == "v4.0.0" { "" } else { "[]" });
            claims
        }
        "valid, authority [SUPER_ADMIN] only" => with("authority", Some(json!("[SUPER_ADMIN]"))),
        "valid, authority [APP_DEV] only" => with("authority", Some(json!("[APP_DEV]"))),
        "garbage" | "abc.def.ghi" => return "Bearer abc.def.ghi".to_owned(),
        "wrong key" | "signed with another key" => {
            return format!(
                "Bearer {}",
                signed(r#"{"alg":"HS512"}"#, &good().to_string(), b"x")
            );
        }
        "seed as raw bytes" => {
            let raw = DEFAULT_SEED.as_bytes();
            return format!(
                "Bearer {}",
                signed(r#"{"alg":"HS512"}"#, &good().to_string(), raw)
            );
        }
        other => panic!("no token for {other:?}"),
    };
    format!("Bearer {}", token(&claims))
}

fn reader(version: &str, via: &str) -> TokenReader {
    match (version, via) {
        ("v3.2.6", "core") => TokenReader::V3Core,
        ("v3.2.6", "auth") => TokenReader::V3Auth,
        ("v4.0.0", "core") => TokenReader::V40Core,
        ("v4.5.6", "core") => TokenReader::V44Core,
        other => panic!("nobody reads tokens at {other:?}"),
    }
}

/// Every recording of a bad token: it was refused if and only if that is predicted.
#[test]
fn answers_are_those_that_were_recorded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/platform");
    let mut seen = 0;
    for version in ["v3.2.6", "v4.0.0", "v4.5.6"] {
        for entry in fs_err::read_dir(root.join(version)).unwrap() {
            let path = entry.unwrap().path();
            let recorded: Value = serde_json::from_slice(&fs_err::read(&path).unwrap()).unwrap();
            let note = recorded["request"]["token"].as_str().unwrap_or_default();
            let name = recorded["name"].as_str().unwrap();
            if !name.contains("token") || note == "none" {
                continue;
            }
            let header = as_noted(version, note);
            let inspection = inspect(&header, now(), Some(&key()));
            let reader = reader(version, recorded["request"]["via"].as_str().unwrap());
            let accepts = verdict(&inspection, reader).refusals.is_empty();
            assert_eq!(
                recorded["response"]["status"] == 200,
                accepts,
                "{version} {name}"
            );
            seen += 1;
        }
    }
    assert!(seen >= 20, "{seen}");
}

fn denied(authority: &str, reader: TokenReader) -> Vec<Operation> {
    let claims = with("authority", Some(json!(authority)));
    let inspection = inspect(&token(&claims), now(), None);
    let limitations = verdict(&inspection, reader).limitations.clone();
    limitations
        .into_iter()
        .filter_map(|lack| match lack {
            Limitation::Denied { operation, .. } => Some(operation),
            _ => None,
        })
        .collect()
}

/// `docs/platform/tokens.md#known-tokens` ( `super-admin-only-token.json`,
/// `register-role-only-token.json`) and `config/menu-api-map.json` at v4.5.6.
#[test]
fn what_is_denied_is_what_was_denied() {
    use Operation::{
        AllMenus, PackageDetails, ReadVariables, Register, Servers, Upload, WriteVariables,
    };
    use TokenReader::{V3Auth, V3Core, V4Auth, V40Core, V44Core};
    let everything_44 = [
        PackageDetails,
        Register,
        Upload,
        ReadVariables,
        WriteVariables,
        AllMenus,
        Servers,
    ];
    let three_on_v3 = [ReadVariables, WriteVariables, Servers];
    for (authority, reader, operations) in [
        ("[SUPER_ADMIN]", V44Core, &everything_44[..]),
        ("[APP_DEV]", V44Core, &everything_44),
        ("[]", V44Core, &everything_44),
        ("[PRE_SUB_SYSTEM]", V44Core, &[]),
        (
            "[ADMIN_SYSTEM_PARAMS]",
            V44Core,
            &[PackageDetails, Register, Upload, AllMenus, Servers],
        ),
        ("[A, ADMIN_SYSTEM_PARAMS]", V44Core, &everything_44),
        (
            "[COLLABORATION_PLUGIN_MANAGEMENT]",
            V44Core,
            &[WriteVariables, AllMenus, Servers],
        ),
        ("[SUPER_ADMIN]", V3Core, &three_on_v3),
        ("", V3Core, &three_on_v3),
        ("[]", V3Core, &three_on_v3),
        ("[ADMIN_SYSTEM_PARAMS]", V3Core, &[WriteVariables, Servers]),
        ("[SUPER_ADMIN, ADMIN_SYSTEM_PARAMS]", V3Core, &[Servers]),
        ("[SUB_SYSTEM]", V3Core, &[WriteVariables]),
        ("[X]", V40Core, &[]),
        ("[X]", V3Auth, &[]),
        ("[X]", V4Auth, &[]),
    ] {
        assert_eq!(
            denied(authority, reader),
            operations,
            "{authority} {reader:?}"
        );
    }
}

/// The roles that v4 core's own code cut out of `authority` are those that we judge by.
#[test]
fn authorities_are_cut_as_v4_core_cuts_them() {
    let fixture = include_str!("../../../../../fixtures/token/verdicts.json");
    let known: Vec<Value> = serde_json::from_str(fixture).unwrap();
    let mut seen = 0;
    for case in known.iter().filter(|case| case["core"] == "accepted") {
        let payload = case["text"].as_str().unwrap().rsplit('.').nth(1).unwrap();
        let payload = URL_SAFE_NO_PAD
            .decode(payload.trim_end_matches('='))
            .unwrap();
        let claims: Value = serde_json::from_slice(&payload).unwrap();
        let held = match &claims["authority"] {
            Value::String(list) => super::super::rules::Authorities::by_v4_core(list),
            Value::Array(list) if list.iter().all(Value::is_string) => {
                super::super::rules::Authorities::by_v4_core_from_array(list)
            }
            _ => continue,
        };
        let roles = case["core_roles"].as_array().unwrap();
        let expected: Vec<&str> = roles
            .iter()
            .filter_map(Value::as_str)
            .filter(|role| !role.is_empty())
            .collect();
        assert_eq!(held.names(), expected, "{}", case["name"]);
        seen += 1;
    }
    assert!(seen > 70, "{seen}");
}
