//! Records.

use super::page::look;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang, Text};
use crate::report::*;

fn list() -> RecordTable {
    let mut sheet = RecordTable::new(
        "plugin list",
        "plugins",
        &[
            Column::Name,
            Column::Version,
            Column::HasUi,
            Column::Line,
            Column::Details,
        ],
    );
    sheet.row([
        Cell::plain("监控"),
        Cell::plain("v2.0.7"),
        Cell::flag(true),
        Cell::number(20_101),
        Cell::list(["a", "b"]),
    ]);
    sheet.row([
        Cell::plain("evil\u{1b}[2J\tname"),
        Cell::none(),
        Cell::flag(false),
        Cell::number(7),
        Cell::localised("seen", "machine").meaning(Meaning::Bad),
    ]);
    sheet
}

#[test]
fn one_list_in_every_format() {
    let sheet = list();
    insta::assert_snapshot!(sheet.table(&Catalog::new(Lang::Zh), look(80)), @r"
    名称                 版本    界面     行  详情
    ────────────────────────────────────────────────
    监控                 v2.0.7  是    20101  a, b
    evil\u{1b}[2J\tname  -       否        7  seen
    ");
    insta::assert_snapshot!(sheet.tsv(), @r"
    name	version	has_ui	line	details
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
        json["plugins"],
        serde_json::json!([
            {"name": "监控", "version": "v2.0.7", "has_ui": true, "line": 20_101, "details": ["a", "b"]},
            {"name": "evil\u{1b}[2J\tname", "version": null, "has_ui": false, "line": 7, "details": "machine"},
        ])
    );
    let mut hostile = RecordTable::new("x", "rows", &[Column::Name]);
    hostile.row([Cell::plain("a\u{9b}2J\u{202e}\u{e0041}\u{7f}b")]);
    let text = hostile.document().line();
    assert!(
        text.contains(r"a\u009b2J\u202e\udb40\udc41\u007fb"),
        "{text}"
    );
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["rows"][0]["name"], "a\u{9b}2J\u{202e}\u{e0041}\u{7f}b");
    // A document has only the keys that its command sets.
    let keys: Vec<_> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "command",
            "exit_code",
            "outcome",
            "plugins",
            "schema_version"
        ]
    );
    assert_eq!(json["schema_version"], 2);
}

#[test]
fn sections() {
    let mut sheet = RecordTable::new("plugin show", "plugins", &[Column::Key, Column::Value])
        .outcome(Outcome::Findings);
    sheet.row([
        Cell::plain("name"),
        Cell::text(Text::new("report-yes"), "yes"),
    ]);
    sheet.section(
        "instances",
        Text::new("column-instances"),
        &[Column::Id, Column::Title],
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
        json["plugins"],
        serde_json::json!([{"key": "name", "value": "yes"}])
    );
    assert_eq!(json["instances"], serde_json::json!([]));
    assert_eq!(json["exit_code"], 10);
    assert_eq!(
        sheet.tsv(),
        "section\trow\tkey\tvalue\nplugins\t1\tkey\tname\nplugins\t1\tvalue\tyes\n"
    );
}

#[test]
fn a_failure_is_the_same_document_with_the_errors_as_findings() {
    let error = CommandError::new(
        Outcome::Unreachable,
        Text::new("files-unwritable")
            .with("path", "x\u{1b}[2J")
            .with("error", "full"),
    )
    .hint(Text::new("cli-state-hint"));
    let report = FailureReport {
        command: "apply",
        error: &error,
    };
    let json: serde_json::Value = serde_json::from_str(&report.document().pretty()).unwrap();
    assert_eq!(
        (&json["command"], &json["outcome"], &json["exit_code"]),
        (&"apply".into(), &"unreachable".into(), &21.into())
    );
    assert!(json.get("packages").is_none());
    assert_eq!(
        json["findings"],
        serde_json::json!([{
            "code": "unreachable", "severity": "error", "subject": "apply",
            "message": "x\\u{1b}[2J cannot be written: full",
            "hint": "nothing was sent; choose a writable directory: --state-dir DIR",
        }])
    );
    assert!(
        !report
            .table(&Catalog::new(Lang::Zh), look(80))
            .contains('\u{1b}')
    );
    assert_eq!(report.tsv().lines().count(), 2);
}
