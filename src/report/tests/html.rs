//! The HTML file: whole, alone, and safe.

use super::compare::pair;
use crate::compare::compare;
use crate::compare::testing::*;
use crate::domain::*;
use crate::i18n::{Catalog, Lang};
use crate::report::*;

fn of(old: &Inventory, new: &Inventory, lang: Lang) -> String {
    let comparison = compare(old, new);
    let report = CompareReport {
        comparison: &comparison,
    };
    html(&report, &Catalog::new(lang), "2026-11-23 <now>").unwrap()
}

#[test]
fn fields_can_be_found_by_plugin_aspect_side_and_state() {
    let (old, new) = pair();
    let page = of(&old, &new, Lang::En);
    for field in [
        r#"<td data-plugin="监控插件" data-aspect="static_files" data-side="new" data-state="hidden">"#,
        r#"<td data-plugin="监控插件" data-aspect="static_files" data-side="old" data-state="visible">"#,
        r#"<td data-plugin="terminal" data-aspect="reachable" data-side="new" data-state="unknown">"#,
        r#"<td data-plugin="taskman" data-aspect="package" data-side="old" data-state="not_applicable">"#,
    ] {
        assert_eq!(page.matches(field).count(), 1, "{field}");
    }
    assert_eq!(page.matches("data-state=").count(), 7 * 2 * 7);
}

#[test]
fn it_is_one_file_that_asks_for_nothing() {
    let (old, new) = pair();
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh-CN")] {
        let page = of(&old, &new, lang);
        assert!(page.starts_with("<!DOCTYPE html>"));
        assert!(page.contains(&format!("<html lang=\"{tag}\">")));
        assert!(page.contains("2026-11-23 &lt;now&gt;"));
        for asks in [
            "<script", "src=", "href=", "url(", "@import", "<link", "<img",
        ] {
            assert!(!page.contains(asks), "{asks}");
        }
        for open in [
            "table", "section", "dl", "main", "tbody", "p", "td", "tr", "span",
        ] {
            let opened = page.matches(&format!("<{open}>")).count()
                + page.matches(&format!("<{open} ")).count();
            assert_eq!(
                opened,
                page.matches(&format!("</{open}>")).count(),
                "{open}"
            );
        }
    }
}

#[test]
fn hostile_names_stay_words() {
    let name = "<script>alert(1)</script>\"' onmouseover=\"x\u{202e}\u{200b}";
    let old = old_side().healthy(name, "v1<b>");
    let page = of(&old, &new_side(), Lang::En);
    assert!(!page.contains("<script"));
    assert!(!page.contains("<b>"));
    assert!(!page.contains("onmouseover=\"x"), "no attribute of theirs");
    assert!(page.contains("&lt;script&gt;alert(1)"));
    assert!(page.contains("\\u{202e}\\u{200b}"));
    assert!(!page.contains('\u{202e}') && !page.contains('\u{200b}'));
}
