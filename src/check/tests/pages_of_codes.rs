//! Each code has a page, and words in both languages.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::*;
use crate::i18n::{Catalog, Lang};

/// What a page says, in this order.
const HEADS: [&str; 5] = [
    "## What it means",
    "## What it is concluded from",
    "## What to do",
    "## When it clears",
    "## 中文",
];

#[test]
fn each_code_has_a_page_and_each_page_a_code() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes");
    for entry in catalogue() {
        let page = fs_err::read_to_string(dir.join(format!("{}.md", entry.code)));
        let page = page.unwrap_or_else(|error| panic!("{}: {error}", entry.code));
        let title = Catalog::new(Lang::En).render(&(entry.title)());
        let first = format!("# {}: {title}", entry.code);
        assert_eq!(page.lines().next(), Some(first.as_str()));
        let mut rest = page.as_str();
        for head in HEADS {
            let found = rest.split_once(&format!("{head}\n"));
            let (_, after) = found.unwrap_or_else(|| panic!("{}: no {head}", entry.code));
            let body = after.split("\n## ").next().unwrap_or_default();
            assert!(
                body.trim().chars().count() > 15,
                "{}: {head} is empty",
                entry.code
            );
            rest = after;
        }
    }
    let codes: BTreeSet<String> = catalogue().iter().map(|it| it.code.to_owned()).collect();
    let pages: BTreeSet<String> = fs_err::read_dir(&dir)
        .expect("there are pages")
        .map(|entry| entry.expect("it is readable").file_name())
        .map(|name| name.to_string_lossy().trim_end_matches(".md").to_owned())
        // W08 and W09 are of `deploy lint`, whose own test counts them.
        .filter(|name| name != "README" && !name.starts_with("W08") && !name.starts_with("W09"))
        .collect();
    assert_eq!(pages, codes);
}

#[test]
fn each_code_is_explained_in_both_languages_and_each_explanation_has_a_code() {
    for lang in [Lang::En, Lang::Zh] {
        let catalog = Catalog::new(lang);
        for entry in catalogue() {
            let key = format!("explain-{}", entry.code.to_ascii_lowercase());
            let words = catalog.plain(&key);
            let words = words.unwrap_or_else(|| panic!("{lang:?}: {key} has no words"));
            assert!(words.chars().count() > 20, "{lang:?} {key}: {words}");
        }
    }
    let source = include_str!("../../i18n/en/codes.ftl");
    for line in source.lines().filter(|line| line.starts_with("explain-")) {
        let key = line.split(" =").next().unwrap_or_default();
        let code = key.trim_start_matches("explain-").to_ascii_uppercase();
        let known = catalogue().iter().any(|entry| entry.code == code);
        assert!(known, "{key} explains no check");
    }
}
