//! The comparison on narrow and wide pages, in both languages.

use super::page::look;
use crate::compare::compare;
use crate::compare::testing::*;
use crate::domain::*;
use crate::i18n::{Catalog, Lang};
use crate::report::*;

/// A pair with one of everything: alike, hidden on new, without UI, not for the old side, not read,
/// other versions, other content; and a name in Chinese.
pub(super) fn pair() -> (Inventory, Inventory) {
    let both = |side: Inventory| {
        side.healthy("wecmdb", "v2.0.10")
            .package("saltstack", "v1.10.14", "REGISTERED", false)
            .running("saltstack", "v1.10.14", "vBKYDgiB2HoH", 20_102)
            .healthy("监控插件", "v2.0.7")
    };
    let missing = page_path("监控插件", "v2.0.7");
    let old = both(old_side())
        .healthy("artifacts", "v1.1.10")
        .package("labplug", "v1.0.0", "REGISTERED", true)
        .running("labplug", "v1.0.0", "vBKYDgiB2HoA", 20_110)
        .listed("labplug", "v1.0.0", &served(10))
        .healthy("terminal", "v1.0.1");
    let mut new = both(new_side())
        .answers("http://new-portal:8080", &missing, FileState::Missing)
        .healthy("artifacts", "v1.1.10")
        .package("labplug", "v1.1.0", "REGISTERED", true)
        .running("labplug", "v1.1.0", "p_docker_1", 20_111)
        .listed("labplug", "v1.1.0", &served(20))
        .healthy("taskman", "v1.1.0")
        .gated("taskman", "v1.1.0", "v4.0.0")
        .healthy("terminal", "v1.0.1");
    let differs = page_path("artifacts", "v1.1.10");
    new = new.answers("http://new-portal:8080", &differs, served(77));
    new.reach.insert(
        PluginName::new("terminal"),
        Reach::Unknown {
            cause: crate::domain::ReachCause {
                gateway: crate::domain::GatewayFinding::NotFound,
                instances: Vec::new(),
            },
        },
    );
    (old, new)
}

#[test]
fn pages() {
    let (old, new) = pair();
    let comparison = compare(&old, &new);
    let report = CompareReport {
        comparison: &comparison,
    };
    for (lang, name) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let catalog = Catalog::new(lang);
        for width in [80, 200] {
            let text = report.table(&catalog, look(width));
            insta::assert_snapshot!(format!("compare-{name}-{width}"), text);
            for line in text.lines() {
                assert!(
                    unicode_width::UnicodeWidthStr::width(line) <= width,
                    "{line}"
                );
            }
        }
    }
}

#[test]
fn ascii_page_without_unicode() {
    let (old, new) = pair();
    let rename = |mut side: Inventory| {
        if let Reading::Known(packages) = &mut side.packages {
            packages.retain(|package| package.name.as_str().is_ascii());
        }
        if let Reading::Known(rows) = &mut side.resource_files {
            rows.retain(|row| row.package_name.as_str().is_ascii());
        }
        side
    };
    let comparison = compare(&rename(old), &rename(new));
    let report = CompareReport {
        comparison: &comparison,
    };
    let ascii = LayoutOptions {
        charset: Charset::Ascii,
        ..look(80)
    };
    assert!(report.table(&Catalog::new(Lang::En), ascii).is_ascii());
}

#[test]
fn comparison_document_has_contract_keys() {
    let (old, new) = pair();
    let comparison = compare(&old, &new);
    let report = CompareReport {
        comparison: &comparison,
    };
    let document = report.document();
    let json: serde_json::Value = serde_json::from_str(&document.pretty()).unwrap();
    assert_eq!(json["schema_version"], 2);
    assert_eq!(json["command"], "compare");
    assert_eq!(json["outcome"], "different");
    assert_eq!(json["exit_code"], 10);
    assert_eq!(json["comparison"]["differences"], comparison.differences());
    let plugins = json["comparison"]["plugins"].as_array().unwrap();
    let plugin = |name: &str| plugins.iter().find(|it| it["name"] == name).unwrap();
    let message = "http://new-portal:8080: 404 for /ui-resources/监控插件/v2.0.7/plugin/js/app.js";
    assert_eq!(
        plugin("监控插件")["aspects"]["static_files"],
        serde_json::json!({
            "old": "visible", "new": "hidden", "cause": "missing",
            "old_causes": [],
            "new_causes": [{"code": "missing", "message": message}],
        })
    );
    assert!(plugin("wecmdb")["aspects"]["static_files"]["cause"].is_null());
    let findings = json["findings"].as_array().unwrap();
    let finding = findings.iter().find(|it| it["code"] == "missing").unwrap();
    assert_eq!(
        *finding,
        serde_json::json!({
            "code": "missing", "severity": "error", "subject": "监控插件 v2.0.7",
            "message": format!("new: static files hidden: {message}"),
            "hint": "wecubectl plan",
        })
    );
    assert_eq!(document.line().lines().count(), 1);
}

#[test]
fn comparison_tsv_has_one_record_per_aspect() {
    let (old, new) = pair();
    let comparison = compare(&old, &new);
    let report = CompareReport {
        comparison: &comparison,
    };
    let tsv = report.tsv();
    assert_eq!(tsv.lines().count(), 1 + comparison.plugins.len() * 7);
    let columns: std::collections::BTreeSet<_> =
        tsv.lines().map(|line| line.split('\t').count()).collect();
    assert_eq!(columns, [11].into());
}

/// Names and messages of others cannot steer the terminal.
#[test]
fn hostile_names_reach_no_terminal() {
    let name = "evil\u{1b}]0;title\u{7}\u{202e}\nname\u{2061}";
    let old = old_side().healthy(name, "v1.0.0\u{1b}[2J");
    let mut new = new_side();
    new.packages = Reading::Unknown(ReadFailure {
        cause: crate::domain::FailureCause::Said("\u{1b}[31mred\u{200b}".to_owned()),
        ..failure()
    });
    let comparison = compare(&old, &new);
    let report = CompareReport {
        comparison: &comparison,
    };
    for width in [80, 200] {
        let text = report.table(&Catalog::new(Lang::En), look(width));
        let steers = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}".contains(c);
        assert!(!text.chars().any(steers), "{text:?}");
        assert!(
            text.contains("evil\\u{1b}]0;title") || width == 80,
            "{text}"
        );
    }
}

type Break = fn(Inventory, &str, &str) -> Inventory;

/// Whatever is wrong with thirty plugins is one group of at most ten lines; the document has each of
/// them.
#[test]
fn one_cause_of_many_plugins_is_at_most_ten_lines() {
    const MANY: usize = 30;
    let (name, version) = (
        |nth: usize| format!("plugin-of-the-team-{nth:02}"),
        "v1.0.0",
    );
    let breaks: [(&str, Break); 6] = [
        ("not on this side", |side, _, _| side),
        ("not registered", |side, name, version| {
            side.package(name, version, "UNREGISTERED", true)
        }),
        ("no instance", |side, name, version| {
            side.package(name, version, "REGISTERED", true)
        }),
        ("not listed", |side, name, version| {
            side.package(name, version, "REGISTERED", true)
                .running(name, version, &format!("p_{name}"), 20_001)
                .menu(name, version, &format!("{name}_MENU"), true)
        }),
        ("missing", |side, name, version| {
            let path = page_path(name, version);
            side.healthy(name, version)
                .answers("http://new-portal:8080", &path, FileState::Missing)
        }),
        ("gateway down", |side, name, version| {
            let mut side = side.healthy(name, version);
            let cause = ReachCause {
                gateway: GatewayFinding::Silent(FailureCause::PortRefused),
                instances: Vec::new(),
            };
            let name = PluginName::new(name);
            side.reach.insert(name, Reach::Unknown { cause });
            side
        }),
    ];
    for (why, breaks) in breaks {
        let (mut old, mut new) = (old_side(), new_side());
        for nth in 0..MANY {
            old = old.healthy(&name(nth), version);
        }
        for nth in 0..MANY {
            new = breaks(new, &name(nth), version);
        }
        if why == "gateway down" {
            new.gateway_routes = Reading::Unknown(failure());
        }
        let comparison = compare(&old, &new);
        let report = CompareReport {
            comparison: &comparison,
        };
        for lang in [Lang::En, Lang::Zh] {
            let catalog = Catalog::new(lang);
            let text = report.table(&catalog, look(100));
            let heading = |key: &'static str| catalog.render(&crate::i18n::Text::new(key));
            let (causes, notices) = (
                heading("compare-heading-causes"),
                heading("compare-heading-notices"),
            );
            let lines = text.lines().skip_while(|line| *line != causes).skip(1);
            let lines: Vec<&str> = lines.take_while(|line| *line != notices).collect();
            let groups = lines
                .split(|line| line.is_empty())
                .filter(|it| !it.is_empty());
            let groups: Vec<_> = groups.collect();
            assert_eq!(groups.len(), 1, "{why}\n{text}");
            assert!(groups[0].len() <= 10, "{why}\n{text}");
        }
        let document = report.document().pretty();
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        let findings = document["findings"].as_array().unwrap();
        for nth in 0..MANY {
            let of_plugin =
                |it: &&serde_json::Value| it["subject"].as_str().unwrap().starts_with(&name(nth));
            assert!(findings.iter().any(|it| of_plugin(&it)), "{why} {nth}");
        }
    }
}
