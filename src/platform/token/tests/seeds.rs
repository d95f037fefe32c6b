//! Seed to key: the table of `docs/platform/tokens.md#seed-decoders`, what the platform's own decoders say, and the rule that
//! makes one seed good for both.

use proptest::prelude::*;
use serde::Deserialize;

use super::support::{DEFAULT_KEY_HEX, hex, secret};
use crate::platform::token::{DEFAULT_SEED, SeedError, v3_key, v4_key};

type Read = Result<String, SeedError>;

fn v3(seed: &str) -> Read {
    v3_key(&secret(seed)).map(|key| hex(key.expose()))
}

fn v4(seed: &str) -> Read {
    v4_key(&secret(seed)).map(|key| hex(key.expose()))
}

#[test]
fn the_default_seed_gives_the_platforms_key_though_its_spare_bits_are_set() {
    assert_eq!(v3(DEFAULT_SEED), Ok(DEFAULT_KEY_HEX.to_owned()));
    assert_eq!(v4(DEFAULT_SEED), Ok(DEFAULT_KEY_HEX.to_owned()));
}

/// Every row of `docs/platform/tokens.md#seed-decoders`: a seed, what v3 reads, what v4 reads.
#[test]
fn each_row_of_the_decoder_table() {
    let alphabet = |position| Err(SeedError::Alphabet { position });
    let padding = |position| Err(SeedError::Padding { position });
    let left_over = |position| Err(SeedError::LeftOver { position });
    let rows: [(&str, Read, Read); 26] = [
        ("++//", Ok("fbefff".to_owned()), Ok("fbefff".to_owned())),
        ("--__", Ok("fbefff".to_owned()), alphabet(1)),
        ("ab-_", Ok("69bfbf".to_owned()), alphabet(3)),
        ("ab cd", Ok("69b71d".to_owned()), alphabet(3)),
        ("abcd@", Ok("69b71d".to_owned()), alphabet(5)),
        ("!abcd", Ok("69b71d".to_owned()), alphabet(1)),
        ("a.bcd", Ok("69b71d".to_owned()), alphabet(2)),
        ("ab\tcd", Ok("69b71d".to_owned()), alphabet(3)),
        ("ab秘cd", Ok("69b71d".to_owned()), alphabet(3)),
        ("\u{feff}abcd", Ok("69b71d".to_owned()), alphabet(1)),
        ("ab\r\ncd", Ok("69b71d".to_owned()), Ok("69b71d".to_owned())),
        ("\nab\r\ncd@", Ok("69b71d".to_owned()), alphabet(8)),
        ("abc=", Ok("69b7".to_owned()), padding(4)),
        ("ab==", Ok("69".to_owned()), padding(3)),
        ("ab=cd", Ok("69".to_owned()), padding(3)),
        ("ab=@d", Ok("69".to_owned()), padding(3)),
        ("ab@=d", Ok("69".to_owned()), alphabet(3)),
        ("ab", Ok("69".to_owned()), Ok("69".to_owned())),
        ("az", Ok("6b".to_owned()), Ok("6b".to_owned())),
        ("abc", Ok("69b7".to_owned()), Ok("69b7".to_owned())),
        ("abz", Ok("69bc".to_owned()), Ok("69bc".to_owned())),
        ("abcde", Ok("69b71d".to_owned()), left_over(5)),
        ("abcd\ne\n", Ok("69b71d".to_owned()), left_over(6)),
        ("a", Err(SeedError::NoBytes), left_over(1)),
        ("", Err(SeedError::Blank), Ok(DEFAULT_KEY_HEX.to_owned())),
        (
            "{{jwt_signing_key}}",
            Ok("8f0b7fb228278a783f91ec".to_owned()),
            alphabet(1),
        ),
    ];
    for (seed, old, new) in rows {
        assert_eq!(v3(seed), old, "v3 {seed:?}");
        assert_eq!(v4(seed), new, "v4 {seed:?}");
    }
}

#[test]
fn a_seed_that_holds_nothing_is_no_key() {
    for (seed, old, new) in [
        ("  ", SeedError::Blank, SeedError::Alphabet { position: 1 }),
        ("\n\n", SeedError::Blank, SeedError::NoBytes),
        ("\r", SeedError::Blank, SeedError::NoBytes),
        (
            "@@",
            SeedError::NoBytes,
            SeedError::Alphabet { position: 1 },
        ),
        ("=", SeedError::NoBytes, SeedError::Padding { position: 1 }),
        (
            "=abcd",
            SeedError::NoBytes,
            SeedError::Padding { position: 1 },
        ),
    ] {
        assert_eq!((v3(seed), v4(seed)), (Err(old), Err(new)), "{seed:?}");
    }
}

/// A seed, what commons-codec 1.15 makes of it and what Go's `base64.RawStdEncoding` does (absent
/// if it refuses), written down by running both.
#[derive(Deserialize)]
struct Known {
    seed: String,
    v3: String,
    v4: Option<String>,
}

#[test]
fn keys_are_those_of_the_platforms_own_decoders() {
    let known: Vec<Known> =
        serde_json::from_str(include_str!("../../../../fixtures/token/seeds.json")).unwrap();
    assert!(known.len() > 350, "{}", known.len());
    for Known {
        seed,
        v3: old,
        v4: new,
    } in known
    {
        // What decodes to nothing is refused by us: nobody can want such a key.
        let some = |hex: String| Some(hex).filter(|hex| !hex.is_empty());
        assert_eq!(v3(&seed).ok(), some(old), "v3 {seed:?}");
        assert_eq!(v4(&seed).ok(), new.and_then(some), "v4 {seed:?}");
    }
}

proptest! {
    #[test]
    fn both_read_one_key_from_a_good_seed(seed in "[A-Za-z0-9+/]{2,60}") {
        let (old, new) = (v3(&seed), v4(&seed));
        if seed.len() % 4 == 1 {
            let position = seed.len();
            prop_assert_eq!(new, Err(SeedError::LeftOver { position }));
        } else {
            prop_assert!(new.is_ok());
            prop_assert_eq!(old, new);
        }
    }

    #[test]
    fn what_v4_reads_v3_reads_alike(seed in "[A-Za-z0-9+/\\-_=@ \r\n\"~秘]{1,24}") {
        if let Ok(new) = v4(&seed) {
            prop_assert_eq!(v3(&seed), Ok(new));
        }
    }

    #[test]
    fn the_position_is_that_of_a_character_that_breaks_the_rule(seed in "\\PC{0,40}") {
        match v4(&seed) {
            Err(SeedError::Alphabet { position }) => {
                let letter = seed.chars().nth(position - 1).unwrap();
                prop_assert!(!letter.is_ascii_alphanumeric() && !"+/=\r\n".contains(letter));
            }
            Err(SeedError::Padding { position }) => {
                prop_assert_eq!(seed.chars().position(|letter| letter == '='), Some(position - 1));
            }
            _ => {}
        }
    }
}
