//! How it reads.

use serde_json::json;

use super::support::{NOW, good, inspected, now, token, with};
use crate::i18n::{Catalog, Lang};
use crate::platform::token::inspect::{Inspection, inspect};

fn read(inspection: &Inspection, lang: Lang) -> String {
    let catalog = Catalog::new(lang);
    let mut lines: Vec<String> = inspection
        .prefix
        .text()
        .iter()
        .map(|text| catalog.render(text))
        .collect();
    for note in &inspection.notes {
        let meaning = catalog.render(&note.meaning);
        lines.push(format!("{} = {}: {meaning}", note.name, note.value));
    }
    for verdict in &inspection.verdicts {
        lines.push(catalog.render(&verdict.text()));
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

#[test]
fn a_bare_token_is_said_to_be_one() {
    let words = read(&inspect(&token(&good()), now(), None), Lang::En);
    assert!(
        words.starts_with("There is no Bearer before it."),
        "{words}"
    );
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
