//! Whether the generations agree on a seed, and what each component makes of it.

use super::support::{DEFAULT_KEY_HEX, hex, secret};
use crate::i18n::{Catalog, Lang};
use crate::platform::token::{
    Component, ComponentReading, DEFAULT_SEED, KeyOrigin, SeedError, SeedUse, SeedVerdict,
    check_seed,
};

fn name(verdict: &SeedVerdict) -> String {
    match verdict {
        SeedVerdict::Accepted(key) => format!("accepted {}", hex(key.expose())),
        SeedVerdict::OnlyV3 { refusal, .. } => format!("only v3: {refusal}"),
        SeedVerdict::OnlyV4 { refusal, .. } => format!("only v4: {refusal}"),
        SeedVerdict::Refused(refusal) => format!("refused: {refusal}"),
    }
}

#[test]
fn a_verdict_for_each_use() {
    let accepted = format!("accepted {DEFAULT_KEY_HEX}");
    for (seed, wanted, expected) in [
        (DEFAULT_SEED, SeedUse::Both, accepted.as_str()),
        (DEFAULT_SEED, SeedUse::V3, accepted.as_str()),
        (DEFAULT_SEED, SeedUse::V4, accepted.as_str()),
        (
            "ab-d",
            SeedUse::Both,
            "only v3: character 3 is outside the Base64 alphabet",
        ),
        (
            "abc=",
            SeedUse::Both,
            "only v3: character 4 is Base64 padding",
        ),
        ("abcde", SeedUse::Both, "only v3: character 5 is left over"),
        ("ab-d", SeedUse::V3, "accepted 69bf9d"),
        (
            "ab-d",
            SeedUse::V4,
            "refused: character 3 is outside the Base64 alphabet",
        ),
        ("", SeedUse::V4, accepted.as_str()),
        (
            "",
            SeedUse::V3,
            "refused: is blank, which v3 core does not replace by the default",
        ),
        (
            "",
            SeedUse::Both,
            "only v4: is blank, which v3 core does not replace by the default",
        ),
        (
            "@",
            SeedUse::Both,
            "refused: character 1 is outside the Base64 alphabet",
        ),
        ("\n\n", SeedUse::Both, "refused: decodes to an empty key"),
    ] {
        let check = check_seed(&secret(seed), wanted);
        assert_eq!(name(&check.verdict), expected, "{seed:?} {wanted:?}");
        let accepts = matches!(check.verdict, SeedVerdict::Accepted(_));
        assert_eq!(check.verdict.key().is_some(), accepts);
        assert_eq!(check.verdict.fault().is_none(), accepts);
    }
}

#[test]
fn a_check_looks_at_the_components_that_matter() {
    use Component::{V3Auth, V3Core, V4Auth, V4Core};
    for (wanted, components) in [
        (SeedUse::V3, &[V3Auth, V3Core][..]),
        (SeedUse::V4, &[V4Auth, V4Core]),
        (SeedUse::Both, &[V3Auth, V3Core, V4Auth, V4Core]),
    ] {
        let readings = check_seed(&secret("abcd"), wanted).readings;
        let seen: Vec<Component> = readings.iter().map(|reading| reading.component).collect();
        assert_eq!(seen, components);
    }
}

/// The table of `docs/platform/tokens.md#signing-seed`, column "default": auth-server v3, core v3, auth-server v4, core
/// v4.
#[test]
fn who_takes_the_default_seed_instead() {
    use KeyOrigin::{Default, Refused, Seed};
    let alphabet = Refused(SeedError::Alphabet { position: 1 });
    for (seed, expected) in [
        ("abcd", [Seed, Seed, Seed, Seed]),
        ("", [Default, Refused(SeedError::Blank), Default, Default]),
        (
            " ",
            [Default, Refused(SeedError::Blank), alphabet, alphabet],
        ),
        (
            "\u{a0}",
            [
                Refused(SeedError::NoBytes),
                Refused(SeedError::NoBytes),
                alphabet,
                alphabet,
            ],
        ),
        (
            "{{x",
            [
                Refused(SeedError::NoBytes),
                Refused(SeedError::NoBytes),
                alphabet,
                Default,
            ],
        ),
        ("{{jwt_signing_key}}", [Seed, Seed, alphabet, Default]),
    ] {
        use Component::{V3Auth, V3Core, V4Auth, V4Core};
        let origins = [V3Auth, V3Core, V4Auth, V4Core]
            .map(|component| ComponentReading::of(component, &secret(seed)).origin);
        assert_eq!(origins, expected, "{seed:?}");
    }
}

#[test]
fn a_fault_names_the_rule_and_the_place_in_both_languages() {
    let fault = check_seed(&secret("abcdefghij-k"), SeedUse::Both)
        .verdict
        .fault()
        .unwrap();
    for (lang, place) in [(Lang::En, "character 11"), (Lang::Zh, "第 11 个字符")] {
        let words = Catalog::new(lang).render(&fault);
        assert!(words.contains(place) && words.contains("401"), "{words}");
    }
}
