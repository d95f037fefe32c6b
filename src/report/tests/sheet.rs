//! Records.

use super::page::look;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang, Text};
use crate::report::*;

fn list() -> Sheet {
    let mut sheet = Sheet::new("plugin list", &["name", "version", "has_ui", "port", "odd"]);
    sheet.row([
        Cell::words("监控"),
        Cell::words("v2.0.7"),
        Cell::flag(true),
        Cell::number(20_101),
        Cell::list(["a", "b"]),
    ]);
    sheet.row([
        Cell::words("evil\u{1b}[2J\tname"),
        Cell::none(),
        Cell::flag(false),
        Cell::number(7),
        Cell::shown("seen", "machine").meaning(Meaning::Bad),
    ]);
    sheet
}

#[test]
fn one_list_in_every_format() {
    let sheet = list();
    insta::assert_snapshot!(sheet.table(&Catalog::new(Lang::Zh), look(80)), @r"
    名称                 版本    界面   端口  odd
    ────────────────────────────────────────────────
    监控                 v2.0.7  是    20101  a, b
    evil\u{1b}[2J\tname  -       否        7  seen
    ");
    insta::assert_snapshot!(sheet.tsv(), @r"
    name	version	has_ui	port	odd
    监控	v2.0.7	true	20101	a,b
    evil\u{1b}[2J\tname		false	7	machine
    ");
    let json: serde_json::Value = serde_json::from_str(&sheet.document().pretty()).unwrap();
    assert_eq!(json["command"], "plugin list");
    assert_eq!(
        (&json["outcome"], &json["exit_code"]),
        (&"ok".into(), &0.into())
    );
    assert_eq!(
        json["records"],
        serde_json::json!([
            {"name": "监控", "version": "v2.0.7", "has_ui": true, "port": 20_101, "odd": ["a", "b"]},
            {"name": "evil\u{1b}[2J\tname", "version": null, "has_ui": false, "port": 7, "odd": "machine"},
        ])
    );
    let mut hostile = Sheet::new("x", &["name"]);
    hostile.row([Cell::words("a\u{9b}2J\u{202e}\u{e0041}\u{7f}b")]);
    let text = hostile.document().line();
    assert!(
        text.contains(r"a\u009b2J\u202e\udb40\udc41\u007fb"),
        "{text}"
    );
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        read["records"][0]["name"],
        "a\u{9b}2J\u{202e}\u{e0041}\u{7f}b"
    );
    // Every key of the contract is there, whatever the command.
    for key in ["variable", "schedule", "comparison"] {
        assert!(json[key].is_null() && json.as_object().unwrap().contains_key(key));
    }
    assert_eq!(json["packages"], serde_json::json!([]));
}

#[test]
fn sections() {
    let mut sheet = Sheet::new("plugin show", &["key", "value"]).outcome(Outcome::Findings);
    sheet.row([
        Cell::words("name"),
        Cell::text(Text::new("report-yes"), "yes"),
    ]);
    sheet.section(
        "instances",
        Text::new("report-head-instances"),
        &["id", "host"],
    );
    assert_eq!(sheet.ended(), Outcome::Findings);
    insta::assert_snapshot!(sheet.table(&Catalog::new(Lang::En), look(80)), @r"
    key   value
    ─────────────
    name  yes

    instances
    none
    ");
    let json: serde_json::Value = serde_json::from_str(&sheet.document().line()).unwrap();
    assert_eq!(
        json["records"],
        serde_json::json!({"rows": [{"key": "name", "value": "yes"}], "instances": []})
    );
    assert_eq!(json["exit_code"], 10);
    assert_eq!(
        sheet.tsv(),
        "section\trow\tkey\tvalue\nrows\t1\tkey\tname\nrows\t1\tvalue\tyes\n"
    );
}

#[test]
fn a_failure_is_the_same_document_with_the_errors_as_findings() {
    let error = CommandError::new(
        Outcome::Unreachable,
        Text::new("report-file-unwritable")
            .with("path", "x\u{1b}[2J")
            .with("error", "full"),
    )
    .hint(Text::new("report-file-unwritable-hint"));
    let report = FailureReport {
        command: "apply",
        error: &error,
    };
    let json: serde_json::Value = serde_json::from_str(&report.document().pretty()).unwrap();
    assert_eq!(
        (&json["command"], &json["outcome"], &json["exit_code"]),
        (&"apply".into(), &"unreachable".into(), &21.into())
    );
    assert_eq!(json["packages"], serde_json::json!([]));
    assert_eq!(
        json["findings"],
        serde_json::json!([{
            "code": "unreachable", "severity": "error", "subject": "apply",
            "message": "the report x\\u{1b}[2J could not be written: full",
            "hint": "give a file in a folder that is there and may be written (--report FILE)",
        }])
    );
    assert!(
        !report
            .table(&Catalog::new(Lang::Zh), look(80))
            .contains('\u{1b}')
    );
    assert_eq!(report.tsv().lines().count(), 2);
}
