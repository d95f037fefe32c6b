//! How it reads.

use serde_json::json;

use super::support::{NOW, good, inspected, now, token, with};
use crate::i18n::{Catalog, Lang};
use crate::platform::token::inspect::{Inspection, inspect};

fn read(inspection: &Inspection, lang: Lang) -> String {
    let catalog = Catalog::new(lang);
    let mut lines = Vec::new();
    for verdict in &inspection.verdicts {
        let accepted = verdict.refusals.is_empty();
        lines.push(format!("{}: {accepted}", verdict.reader.as_str()));
        let reasons = verdict.reasons();
        lines.extend(
            reasons
                .iter()
                .map(|text| format!("  {}", catalog.render(text))),
        );
    }
    lines.join("\n")
}

#[test]
fn a_token_for_one_generation() {
    let mut claims = with("authority", Some(json!("[SUPER_ADMIN]")));
    claims["iat"] = json!(NOW + 90);
    insta::assert_snapshot!(read(&inspected(&claims), Lang::En));
}

#[test]
fn the_same_in_chinese() {
    let mut claims = with("authority", Some(json!("[SUPER_ADMIN]")));
    claims["iat"] = json!(NOW + 90);
    insta::assert_snapshot!(read(&inspected(&claims), Lang::Zh));
}

/// No message is left with a variable that nobody filled in.
#[test]
fn every_word_is_filled_in() {
    let mut claims = good();
    for (name, value) in [
        ("exp", json!(NOW - 1)),
        ("iat", json!(0.5)),
        ("nbf", json!(NOW + 1)),
        ("type", json!("x")),
        ("authority", json!(5)),
        ("needRegister", json!(true)),
        ("roles", json!(1)),
        ("extra", json!({"a": [1]})),
    ] {
        claims[name] = value;
    }
    for text in [
        format!("bearer {}", token(&claims)),
        "a.b".into(),
        "a$.b.c".into(),
        "e30.a.b".into(),
        "x".repeat(70_000),
    ] {
        for lang in [Lang::En, Lang::Zh] {
            let words = read(&inspect(&text, now(), None), lang);
            assert!(!words.contains('$') && !words.contains("{ "), "{words}");
        }
    }
}
