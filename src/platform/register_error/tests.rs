//! Every text that a registration was seen to be refused with, and every row of the sheet.

use crate::i18n::english;
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use super::answer::retry_after;
use super::*;
use crate::apply::{cause_text, register_causes};
use crate::domain::{Generation, RegisterAnswer, RegisterError, Transience};
use crate::i18n::{Catalog, Lang};
use crate::platform::wire::Expect;
use crate::platform::wire::testing::{all_recordings, answer};

use Generation::{V3, V4};
use Transience::{Ambiguous, Away, Overload, Permanent};

fn answered(generation: Generation, status: u16, body: &str) -> RegisterAnswer {
    register_answer(generation, &answer(status, None, body), Expect::Core)
}

fn said(generation: Generation, message: &str) -> (&'static str, Transience, bool) {
    let RegisterError {
        transience,
        detail: kept,
        cause,
        shared,
        retry_after,
    } = classify(
        generation,
        200,
        (generation == V4).then_some(-1),
        message,
        None,
    );
    let words = english(&kept.message());
    assert!(!words.chars().any(char::is_control), "{words:?}");
    assert_eq!(retry_after, None);
    assert!(register_causes().any(|known| known == cause), "{cause}");
    (cause, transience, shared)
}

#[test]
fn every_recorded_refusal() {
    let lines: Vec<_> = all_recordings()
        .into_iter()
        .filter(|recording| {
            recording
                .path
                .starts_with("/platform/v1/packages/register/")
        })
        .map(|recording| {
            let generation = recording.driver().generation();
            match register_answer(generation, &recording.answer, Expect::Core) {
                RegisterAnswer::Accepted => format!("{}: accepted", recording.name),
                RegisterAnswer::Refused(error) => format!(
                    "{}: {} {:?}{}",
                    recording.name,
                    error.cause,
                    error.transience,
                    if error.shared { " shared" } else { "" }
                ),
                RegisterAnswer::Lost(error) => format!("{}: lost {}", recording.name, error.cause),
            }
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    v3.2.6/register-decommissioned: decommissioned Permanent
    v3.2.6/register-ok-no-ui: accepted
    v3.2.6/register-ok-with-ui: accepted
    v3.2.6/register-platform-too-old: platform_too_old Permanent
    v3.2.6/register-static-dir-not-writable: static_copy Away shared
    v3.2.6/register-static-host-down: ssh_unreachable Away shared
    v3.2.6/register-static-host-wrong-password: ssh_password Permanent shared
    v3.2.6/register-ui-zip-missing-in-s3: s3_object_missing Permanent
    v3.2.6/register-unknown-id: unknown_package Permanent
    v4.0.0/register-dependency-equal-version: dependency Permanent
    v4.0.0/register-ok-no-ui: accepted
    v4.0.0/register-ok-with-ui: accepted
    v4.0.0/register-static-dir-not-writable: static_copy Away shared
    v4.0.0/register-static-host-down: ssh_unreachable Away shared
    v4.0.0/register-static-host-wrong-password: ssh_password Permanent shared
    v4.0.0/register-ui-zip-missing-in-s3: s3_object_missing Permanent
    v4.0.0/register-unknown-id: unknown_package Permanent
    v4.5.6/register-dependency-equal-version: dependency Permanent
    v4.5.6/register-ok-no-ui: accepted
    v4.5.6/register-ok-with-ui: accepted
    v4.5.6/register-role-only-token: permission Permanent shared
    v4.5.6/register-unknown-id: unknown_package Permanent
    ");
}

type Verdict = (&'static str, Transience, bool);

const V4_TEXTS: &[(&str, Verdict)] = &[
    (
        "can not find plugin packages with id:x name: version:",
        ("unknown_package", Permanent, false),
    ),
    (
        "platform version required v9.0.0 > v4.0.0",
        ("platform_too_old", Permanent, false),
    ),
    (
        "depence a:v1 illegal,depence b:v2 illegal",
        ("dependency", Permanent, false),
    ),
    (
        "static resource config empty",
        ("static_config", Permanent, true),
    ),
    (
        "minio new client fail,Endpoint: s3 does not follow",
        ("s3_access", Permanent, true),
    ),
    (
        "download s3 file a/v1/ui.zip to path:/tmp/1/ui.zip fail,The specified key does not exist. ",
        ("s3_object_missing", Permanent, false),
    ),
    (
        "download s3 file a/v1/ui.zip to path:/tmp/1/ui.zip fail,The Access Key Id you provided does not exist ",
        ("s3_access", Permanent, true),
    ),
    (
        "download s3 file a/v1/ui.zip to path:/tmp/1/ui.zip fail,The specified bucket does not exist ",
        ("s3_access", Permanent, true),
    ),
    (
        "download s3 file a/v1/ui.zip to path:/tmp/1/ui.zip fail,Get http://s3: dial tcp 10.0.0.1:9000: connect: connection refused ",
        ("s3_unreachable", Away, true),
    ),
    (
        "download s3 file a/v1/ui.zip to path:/tmp/1/ui.zip fail,write /tmp/1/ui.zip: no space left on device ",
        ("core_disk", Permanent, true),
    ),
    (
        "make tmp dir fail,mkdir /tmp/1: permission denied ",
        ("core_disk", Permanent, true),
    ),
    (
        "exec decompress file fail,command:unzip x,error:exit status 9 ",
        ("ui_package", Permanent, false),
    ),
    (
        "exec decompress file fail,command:unzip x,error:exit status 127 ",
        ("core_image", Permanent, true),
    ),
    (
        "can not find index.html in ui package",
        ("no_index_html", Permanent, false),
    ),
    ("Api Permission Deny", ("permission", Permanent, true)),
    (
        "something nobody has seen",
        ("unrecognised", Ambiguous, false),
    ),
    ("", ("unrecognised", Ambiguous, false)),
];

const MKDIR: &str = "scp file,try to mkdir target dir path /d/ui-resources/a/v1 in h fail,{} ";
const COPY: &str = "scp file /tmp/1/ui.zip to target h fail,{} ";
const UNZIP: &str = "run remote ssh command to target h fail,{} ";

const V4_COMMANDS: &[(&str, &str, Verdict)] = &[
    (MKDIR, "exit status 5", ("ssh_password", Permanent, true)),
    (MKDIR, "exit status 6", ("ssh_host_key", Away, true)),
    (MKDIR, "exit status 255", ("ssh_unreachable", Away, true)),
    (
        MKDIR,
        "exit status 1",
        ("static_not_writable", Permanent, true),
    ),
    (MKDIR, "exit status 127", ("core_image", Permanent, true)),
    (MKDIR, "exit status 4", ("remote_command", Ambiguous, false)),
    (
        MKDIR,
        "signal: killed",
        ("remote_command", Ambiguous, false),
    ),
    (COPY, "exit status 1", ("static_copy", Away, true)),
    (COPY, "exit status 255", ("ssh_overload", Overload, false)),
    (COPY, "exit status 5", ("ssh_password", Permanent, true)),
    (COPY, "exit status 6", ("ssh_host_key", Away, true)),
    (UNZIP, "exit status 255", ("ssh_overload", Overload, false)),
    (UNZIP, "exit status 127", ("unzip_missing", Permanent, true)),
    (UNZIP, "exit status 9", ("copy_damaged", Ambiguous, false)),
    (UNZIP, "exit status 3", ("copy_damaged", Ambiguous, false)),
    (UNZIP, "exit status 1", ("static_unpack", Ambiguous, false)),
    (UNZIP, "exit status 50", ("static_disk", Permanent, true)),
    (UNZIP, "exit status 5", ("remote_command", Ambiguous, false)),
];

#[test]
fn the_sheet_of_v4() {
    for (message, verdict) in V4_TEXTS {
        assert_eq!(said(V4, message), *verdict, "{message}");
    }
    for (command, how, verdict) in V4_COMMANDS {
        let message = command.replace("{}", how);
        assert_eq!(said(V4, &message), *verdict, "{message}");
    }
}

#[test]
fn a_password_or_path_in_the_text_does_not_lead_astray() {
    // The path of a plugin may contain anything that a rule looks for.
    assert_eq!(
        said(
            V4,
            "scp file,try to mkdir target dir path /exit status 5/a/v1 in h fail,exit status 255 "
        )
        .0,
        "ssh_unreachable"
    );
}

const V3_TEXTS: &[(&str, Verdict)] = &[
    (
        "Plugin package does not exist for id : x.",
        ("unknown_package", Permanent, false),
    ),
    (
        "Failed to register plugin package.Plugin dependency validation failed:make sure dependency packege a v1 is in active status.",
        ("dependency", Permanent, false),
    ),
    (
        "Failed to register plugin package.Platform version does not match.At least v4.0.0 required but currently the version is 3.2.6.",
        ("platform_too_old", Permanent, false),
    ),
    (
        "Failed to register plugin package.Failed to register PluginPackage[a/v1] as it is DECOMMISSIONED status [DECOMMISSIONED]",
        ("decommissioned", Permanent, false),
    ),
    (
        "Failed to register plugin package.Not allowed to register more packages. Current active packages: [a:v1:REGISTERED]",
        ("too_many_versions", Permanent, false),
    ),
    (
        "Failed to register plugin package.The declared menu code: [X] in <authorities> field doesn't declared in <menus> field of register.xml",
        ("menu_undeclared", Permanent, false),
    ),
    (
        "Failed to register plugin package.For input string: \"1-pro\"",
        ("version_unreadable", Permanent, false),
    ),
    (
        "Failed to register plugin package.Run remote command meet error: failed to init executor:There was a problem while connecting to h:22",
        ("ssh_unreachable", Away, true),
    ),
    (
        "Failed to register plugin package.Run remote command meet error: failed to init executor:authentication failed",
        ("ssh_password", Permanent, true),
    ),
    (
        "Failed to register plugin package.Run remote command meet error: unzip: command not found",
        ("unzip_missing", Permanent, true),
    ),
    (
        "Failed to register plugin package.Put file to remote host meet error: ",
        ("static_copy", Away, true),
    ),
    (
        "Failed to register plugin package.Fail to lock /tmp/20261123094850123/ui.zip",
        ("mixed_folder", Overload, false),
    ),
    (
        "Failed to register plugin package.The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey)",
        ("s3_object_missing", Permanent, false),
    ),
    (
        "Failed to register plugin package.The AWS Access Key Id is invalid (Service: Amazon S3; Status Code: 403; Error Code: InvalidAccessKeyId)",
        ("s3_access", Permanent, true),
    ),
    (
        "Failed to register plugin package.Slow down (Service: Amazon S3; Status Code: 503; Error Code: SlowDown)",
        ("s3_unreachable", Away, true),
    ),
    (
        "Failed to register plugin package.Unable to execute HTTP request: Connect to s3:9000 failed",
        ("s3_unreachable", Away, true),
    ),
    (
        "Failed to register plugin package.I/O error on GET request for \"http://auth:8002/auth/v1/roles\"",
        ("auth_server", Away, true),
    ),
    (
        "Failed to register plugin package.\n### Error updating database. Cause: Deadlock found when trying to get lock",
        ("database_lock", Overload, false),
    ),
    (
        "Failed to register plugin package.\n### Error querying database. Cause: Unknown column 'edition' in 'field list'",
        ("database_schema", Permanent, true),
    ),
    ("Access is denied", ("permission", Permanent, true)),
    (
        "Failed to register plugin package.null",
        ("unrecognised", Ambiguous, false),
    ),
    // What only a v4 says is not version_match from a v3.
    (
        "Failed to register plugin package.depence a:v1 illegal",
        ("unrecognised", Ambiguous, false),
    ),
];

#[test]
fn the_sheet_of_v3() {
    for (message, verdict) in V3_TEXTS {
        assert_eq!(said(V3, message), *verdict, "{message}");
    }
    // The exit status is v4's way to tell of a command.
    let of_v4 = "run remote ssh command to target H fail,exit status 255";
    assert_eq!(said(V3, of_v4).0, "unrecognised");
    assert_ne!(said(V4, of_v4).0, "unrecognised");
}

#[test]
fn codes_of_the_database() {
    let code = |message: &str| {
        let error = classify(V4, 200, Some(10_000_023), message, None);
        (error.cause, error.transience, error.shared)
    };
    let words = "System error [Failed to execute database sql]";
    for (detail, verdict) in [
        ("", ("database_lock", Overload, false)),
        (
            " (Error 1213: Deadlock found when trying to get lock; try restarting transaction)",
            ("database_lock", Overload, false),
        ),
        (
            " (Error 1205: Lock wait timeout exceeded; try restarting transaction)",
            ("database_lock", Overload, false),
        ),
        (
            " (Error 1040: Too many connections)",
            ("database_busy", Overload, false),
        ),
        (
            " (Error 1054: Unknown column 'ui_active' in 'field list')",
            ("database_schema", Permanent, true),
        ),
        (
            " (Error 1146: Table 'wecube.trans_export' doesn't exist)",
            ("database_schema", Permanent, true),
        ),
        (
            " (Error 1364: Field 'x' has no default)",
            ("database_error", Ambiguous, false),
        ),
    ] {
        assert_eq!(code(&format!("{words}{detail}")), verdict, "{detail}");
    }
    assert_eq!(
        classify(V4, 200, Some(20_000_001), "x", None).cause,
        "dependency"
    );
    assert_eq!(classify(V4, 500, Some(-2), "", None).cause, "server_error");
}

#[test]
fn http_statuses() {
    for (status, code, cause, transience, shared) in [
        (401, Some(10_000_004), "token_refused", Permanent, true),
        (200, Some(10_000_005), "token_refused", Permanent, true),
        (403, None, "permission", Permanent, true),
        (200, Some(20_000_041), "permission", Permanent, true),
        (200, Some(20_000_031), "permission", Permanent, true),
        (429, None, "rate_limited", Overload, false),
        (503, None, "unavailable", Overload, false),
    ] {
        let wait = Some(Duration::from_secs(3));
        let error = classify(V4, status, code, "words", wait);
        assert_eq!(
            (
                error.cause,
                error.transience,
                error.shared,
                error.retry_after
            ),
            (cause, transience, shared, wait),
            "{status} {code:?}"
        );
    }
}

/// Answers that something between us and core can give while core works on, by generation.
#[test]
fn register_is_lost_unless_core_itself_answers() {
    let html = "<html>\n<head><title>504 Gateway Time-out</title>";
    let error = r#"{"status":"ERROR","message":"x","data":null}"#;
    let coded = r#"{"code":-1,"status":"ERROR","message":"x"}"#;
    let token = r#"{"code":10000004,"status":"ERROR","message":"x"}"#;
    let anonymous =
        r#"{"status":"ERROR","message":"Full authentication is required to access","data":null}"#;
    let panic = r#"{"code":-2,"status":"ERROR","message":"x"}"#;
    let ok = r#"{"code":0,"status":"OK","message":"","data":null}"#;
    let double = [panic, ok].concat();
    // The cause key of a lost answer; `ended` if core itself said so, on v3 and on v4.
    for (status, body, v3, v4) in [
        (200, error, "ended", "unavailable"),
        (200, coded, "unavailable", "ended"),
        (200, "", "unavailable", "unavailable"),
        (200, "OK", "unavailable", "unavailable"),
        (200, "<html>login</html>", "not_wecube", "not_wecube"),
        (
            200,
            r#"{"code":0,"status":"O"#,
            "unavailable",
            "unavailable",
        ),
        (302, "", "redirected", "redirected"),
        (401, "", "token_refused", "token_refused"),
        (401, html, "not_wecube", "not_wecube"),
        (401, error, "token_refused", "token_refused"),
        (401, anonymous, "ended", "token_refused"),
        (401, token, "token_refused", "ended"),
        (403, "", "permission", "permission"),
        (403, coded, "permission", "permission"),
        (
            404,
            "404 page not found",
            "endpoint_absent",
            "endpoint_absent",
        ),
        (408, "", "unavailable", "unavailable"),
        (413, html, "not_wecube", "not_wecube"),
        (429, "", "rate_limited", "rate_limited"),
        (429, coded, "rate_limited", "rate_limited"),
        (500, html, "unavailable", "unavailable"),
        (500, panic, "unavailable", "ended"),
        (500, &double, "unavailable", "unavailable"),
        (502, html, "unavailable", "unavailable"),
        (502, ok, "unavailable", "unavailable"),
        (503, html, "unavailable", "unavailable"),
        (503, coded, "unavailable", "unavailable"),
        (504, html, "unavailable", "unavailable"),
    ] {
        for (generation, expected) in [(V3, v3), (V4, v4)] {
            let found = match answered(generation, status, body) {
                RegisterAnswer::Accepted => "accepted",
                RegisterAnswer::Refused(_) => "ended",
                RegisterAnswer::Lost(error) => error.cause,
            };
            assert_eq!(found, expected, "{generation:?} {status} {body}");
        }
    }
}

#[test]
fn a_wait_is_seconds_or_a_date_and_capped() {
    let date = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    for (told, wait) in [
        (Some("7"), Some(7)),
        (Some(" 0 "), Some(0)),
        (Some("86400"), Some(120)),
        (Some("Sun, 06 Nov 1994 08:49:50 GMT"), Some(13)),
        (Some("Sun, 06 Nov 1994 08:00:00 GMT"), None),
        (Some("-3"), None),
        (Some("soon"), None),
        (None, None),
    ] {
        let mut answer = answer(429, None, "");
        answer.date = Some(date);
        answer.retry_after = told.map(str::to_owned);
        assert_eq!(
            retry_after(&answer),
            wait.map(Duration::from_secs),
            "{told:?}"
        );
    }
    let mut answer = answer(429, None, "");
    answer.retry_after = Some("Sun, 06 Nov 1994 08:49:50 GMT".to_owned());
    assert_eq!(
        retry_after(&answer),
        None,
        "without a clock of the server a date says nothing"
    );
}

#[test]
fn every_cause_has_its_own_words_in_both_languages() {
    assert!(register_causes().is_sorted());
    for lang in [Lang::En, Lang::Zh] {
        let catalog = Catalog::new(lang);
        let mut seen = BTreeSet::new();
        for cause in register_causes() {
            let (meaning, next) = cause_text(cause);
            let suffix = cause.replace('_', "-");
            assert_eq!(meaning.key(), format!("apply-cause-{suffix}"));
            assert_eq!(next.key(), format!("apply-next-{suffix}"));
            for text in [meaning, next] {
                let words = catalog.render(&text);
                assert!(catalog.has(text.key()), "{}", text.key());
                assert!(seen.insert(words), "{} says what another says", text.key());
            }
        }
    }
    assert_eq!(
        cause_text("no such cause").0.key(),
        "apply-cause-unrecognised"
    );
}
