//! Whether the generations agree on a seed.

use super::support::secret;
use crate::i18n::{Catalog, Lang};
use crate::platform::token::SeedVerdict::{Accepted, OnlyV3, OnlyV4, Refused};
use crate::platform::token::{DEFAULT_SEED, SeedError, check_seed};

#[test]
fn a_seed_for_both_generations_follows_the_rules_of_both() {
    for (seed, verdict) in [
        (DEFAULT_SEED, Accepted),
        ("ab-d", OnlyV3(SeedError::Alphabet { position: 3 })),
        ("abc=", OnlyV3(SeedError::Padding { position: 4 })),
        ("abcde", OnlyV3(SeedError::LeftOver { position: 5 })),
        ("", OnlyV4(SeedError::Blank)),
        ("@", Refused(SeedError::Alphabet { position: 1 })),
        ("{{x", Refused(SeedError::Alphabet { position: 1 })),
        ("\n\n", Refused(SeedError::NoBytes)),
    ] {
        let found = check_seed(&secret(seed));
        assert_eq!(found, verdict, "{seed:?}");
        assert_eq!(found.fault().is_none(), verdict == Accepted);
    }
}

#[test]
fn a_fault_names_the_rule_and_the_place_in_both_languages() {
    let fault = check_seed(&secret("abcdefghij-k")).fault().unwrap();
    for (lang, place) in [(Lang::En, "character 11"), (Lang::Zh, "第 11 个字符")] {
        let words = Catalog::new(lang).render(&fault);
        assert!(words.contains(place) && words.contains("401"), "{words}");
    }
}
