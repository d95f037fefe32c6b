//! Every check has its texts in both languages, and every text has a check.

use super::super::*;
use crate::i18n::{Catalog, Lang};

#[test]
fn every_check_has_texts_in_both_languages() {
    for lang in [Lang::En, Lang::Zh] {
        let catalog = Catalog::new(lang);
        for check in catalogue() {
            let texts = [
                check.title(),
                check.meaning(),
                check.source(),
                check.action(),
            ];
            for text in texts {
                let words = catalog.render(&text);
                assert_ne!(words, text.key(), "{lang:?} has no text");
                assert!(
                    words.chars().count() >= 4,
                    "{lang:?} {}: {words}",
                    text.key()
                );
            }
        }
    }
}

#[test]
fn every_text_belongs_to_a_check() {
    for key in Catalog::new(Lang::En).keys("explain-W") {
        let code = key.split('-').nth(1).unwrap_or_default();
        assert!(catalogue().iter().any(|check| check.code == code), "{key}");
    }
}
