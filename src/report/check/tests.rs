//! Each format, read back by somebody else's reader.

use std::time::Duration;

use super::model::{CheckReport, CheckStats};
use super::report::MonitorFormat;
use crate::check::{Certainty, CheckResults, Finding};
use crate::check::{Evidence, Root, Skipped};
use crate::domain::Severity;
use crate::domain::Side;
use crate::exit::Outcome;
use crate::i18n::Lang;
use crate::i18n::{Catalog, Text};
use crate::report::document::Document;
use crate::report::page::LayoutOptions;
use crate::report::page::{Charset, ColorMode};
use crate::report::render::Report as _;

fn finding(code: &'static str, severity: Severity, certainty: Certainty, subject: &str) -> Finding {
    Finding {
        code,
        severity,
        certainty,
        side: Some(Side::New),
        subject: subject.to_owned(),
        message: Text::new("check-acceptance-expired")
            .with("day", "2026-01-01")
            .nested("finding", Text::new("check-seen-no-row")),
        hint: Some(Text::new("monitor-code-unknown-hint")),
        evidence: vec![Evidence {
            side: Some(Side::New),
            source: "GET http://new/platform/v1/packages".to_owned(),
            seen: Text::new("check-seen-no-row"),
            at: "2026-01-02T03:04:05Z".to_owned(),
        }],
        root: (certainty == Certainty::Unknown).then_some(Root::TokenRefused),
        undetermined: std::collections::BTreeSet::new(),
        explains: std::collections::BTreeSet::new(),
    }
}

const HOSTILE: &str = "a|b \"q\" \\ <x>&'\u{1b}[2J\u{7}\nnext";

fn checked() -> CheckResults {
    CheckResults {
        findings: vec![
            finding("W0301", Severity::Error, Certainty::Confirmed, HOSTILE),
            finding("W0302", Severity::Warning, Certainty::Confirmed, "monitor"),
            finding("W0409", Severity::Info, Certainty::Confirmed, "taskman"),
            finding("W0303", Severity::Warning, Certainty::Unknown, "terminal"),
        ],
        accepted: vec![finding(
            "W0104",
            Severity::Warning,
            Certainty::Confirmed,
            "new",
        )],
        skipped: vec![Skipped {
            code: "W0701",
            subject: None,
            reason: Text::new("check-seen-no-row"),
        }],
        evaluated: vec![("W0101", 1), ("W0301", 3)],
    }
}

fn report(checked: &CheckResults) -> CheckReport<'_> {
    CheckReport {
        results: checked,
        sides: &[],
        stats: CheckStats {
            took: Duration::from_millis(1_250),
            calls: 24,
            at_s: 1_800_000_000,
            hidden: 0,
        },
        name: None,
        news: None,
    }
}

#[test]
fn nagios_state_follows_findings() {
    let all = checked();
    let of = |codes: &[&str]| CheckResults {
        findings: all
            .findings
            .iter()
            .filter(|finding| codes.contains(&finding.code))
            .cloned()
            .collect(),
        ..CheckResults::default()
    };
    for (codes, code) in [
        (&["W0301", "W0302", "W0303"][..], 2),
        (&["W0302", "W0303"], 1),
        (&["W0303"], 3),
        (&["W0409"], 0),
        (&[], 0),
    ] {
        let checked = of(codes);
        let report = report(&checked);
        assert_eq!(report.nagios_code(), code, "{codes:?}");
        assert_eq!(
            report.nagios_code() == 0,
            checked.outcome() == Outcome::Ok,
            "{codes:?}"
        );
    }
}

#[test]
fn nagios_has_one_bar() {
    let checked = checked();
    let words = MonitorFormat::Nagios.render(&report(&checked));
    let (first, details) = words.split_once('\n').unwrap();
    let (text, figures) = first.split_once('|').unwrap();
    assert!(text.starts_with("WECUBE CRITICAL - 1 error, 1 warning, 1 of 2 checks not evaluated, 1 for information: W0301 a%7Cb"));
    assert!(
        figures.contains("duration=1.250s;;;0 requests=24;;;0"),
        "{figures}"
    );
    assert!(!figures.contains('|') && !details.contains('|'), "{words}");
    assert!(!words.contains('\u{1b}'), "{words}");
    assert_eq!(details.lines().count(), 4);
}

#[test]
fn nagios_output_stays_below_8_kib() {
    let findings = (0..500).map(|n| {
        finding(
            "W0301",
            Severity::Error,
            Certainty::Confirmed,
            &format!("plugin-{n}"),
        )
    });
    let checked = CheckResults {
        findings: findings.collect(),
        ..CheckResults::default()
    };
    let words = MonitorFormat::Nagios.render(&report(&checked));
    assert!(words.len() < 8_192);
    assert!(
        words.trim_end().ends_with("more: wecubectl check"),
        "{words}"
    );
}

#[test]
fn prometheus_parses() {
    let mut checked = checked();
    // The same again is no second series.
    checked.findings.push(checked.findings[0].clone());
    let words = MonitorFormat::Prometheus.render(&report(&checked));
    // The parser of this test takes a brace in a value for the end of the labels; Prometheus does not.
    let plain = |line: &str| line.replace("{1b}", "1b").replace("{7}", "7");
    let lines = words.lines().map(|line| Ok(plain(line)));
    let scrape = prometheus_parse::Scrape::parse(lines).unwrap();
    let of = |name: &str| -> Vec<_> {
        let name = format!("wecubectl_check_{name}");
        let samples = scrape.samples.iter();
        samples.filter(|sample| sample.metric == name).collect()
    };
    assert_eq!(of("finding").len(), 4);
    assert_eq!(of("findings").len(), 4);
    let last = &of("last_success_timestamp_seconds")[0].value;
    assert_eq!(*last, prometheus_parse::Value::Gauge(1_800_000_000.0));
    for line in words.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap();
        for kind in ["HELP", "TYPE"] {
            assert_eq!(
                words.matches(&format!("# {kind} {name} ")).count(),
                1,
                "{name}"
            );
        }
    }
    assert!(words.ends_with('\n'));
    assert!(
        words.contains(r#"subject="a|b \"q\" \\\\ <x>&'"#),
        "{words}"
    );
}

#[test]
fn junit_parses() {
    let checked = checked();
    let words = MonitorFormat::Junit.render(&report(&checked));
    let mut reader = quick_xml::Reader::from_str(&words);
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    attribute.unwrap();
                }
                let name = tag.name().as_ref().to_owned();
                *seen.entry(name).or_default() += 1;
            }
            _ => {}
        }
    }
    // Four findings, one accepted, one skipped, one check that passed.
    assert_eq!(seen["testcase"], 7, "{words}");
    assert_eq!(seen["failure"], 2);
    assert_eq!(seen["error"], 1);
    assert_eq!(seen["skipped"], 2);
}

#[test]
fn document_and_lines_have_every_finding() {
    let checked = checked();
    let report = report(&checked);
    let document: serde_json::Value = serde_json::from_str(&report.document().pretty()).unwrap();
    assert_eq!(document["exit_code"], 10);
    assert_eq!(document["findings"].as_array().unwrap().len(), 4);
    assert_eq!(document["findings"][0]["side"], "new");
    assert_eq!(document["findings"][3]["certainty"], "unknown");
    assert_eq!(
        document["findings"][0]["evidence"][0]["source"],
        "GET http://new/platform/v1/packages"
    );
    assert_eq!(document["accepted"][0]["code"], "W0104");
    assert_eq!(document["skipped"][0]["code"], "W0701");
    assert_eq!(document["evaluated"][1]["subjects"], 3);
    let lines = report.lines();
    assert_eq!(lines.lines().count(), 5);
    for line in lines.lines() {
        let _value: serde_json::Value = serde_json::from_str(line).unwrap();
    }
    assert_eq!(report.tsv().lines().count(), 5);
}

#[test]
fn document_of_other_command_has_no_check_keys() {
    let document = Document::new("compare", Outcome::Same).pretty();
    assert!(!document.contains("accepted") && !document.contains("evaluated"));
}

#[test]
fn table_shows_most_serious_first() {
    let checked = checked();
    for lang in [Lang::En, Lang::Zh] {
        let look = LayoutOptions {
            width: 200,
            color: ColorMode::Plain,
            charset: Charset::Unicode,
        };
        let page = report(&checked).table(&Catalog::new(lang), look);
        let at = |words: &str| {
            page.find(words)
                .unwrap_or_else(|| panic!("{words}\n{page}"))
        };
        assert!(at("W0301") < at("W0302") && at("W0302") < at("W0303"));
        assert!(at("W0104") > at("W0409") && at("W0701") > at("W0104"));
        assert!(page.contains("wecubectl check --list"), "{page}");
        assert!(!page.contains('\u{1b}'), "{page}");
    }
    // What is for information alarms nobody, not even beside a fault.
    let plain = LayoutOptions {
        width: 200,
        color: ColorMode::Plain,
        charset: Charset::Ascii,
    };
    let alarm = report(&checked).findings_alone(&Catalog::new(Lang::En), plain);
    assert!(
        alarm.contains("W0301") && !alarm.contains("W0409"),
        "{alarm}"
    );
    let none = CheckResults::default();
    let alone = report(&none).findings_alone(
        &Catalog::new(Lang::En),
        LayoutOptions {
            width: 80,
            color: ColorMode::Plain,
            charset: Charset::Ascii,
        },
    );
    assert_eq!(alone, "");
}
