//! What is no token, and what is a strange one.

use proptest::prelude::*;

use super::support::{good, now, signed, with};
use crate::i18n::english;
use crate::platform::token::inspect::{Malformed, Refusal, TokenPart, inspect};

#[test]
fn what_is_no_token_has_its_reason() {
    let huge = "a.".repeat(200_000);
    for (text, reason) in [
        ("", Malformed::Empty),
        ("  \n", Malformed::Empty),
        ("hello", Malformed::Parts { count: 1 }),
        ("a.b", Malformed::Parts { count: 2 }),
        ("a.b.c.d", Malformed::Parts { count: 4 }),
        (
            "a$.e30.",
            Malformed::NotBase64 {
                part: TokenPart::Header,
            },
        ),
        (
            "e30.密.",
            Malformed::NotBase64 {
                part: TokenPart::Payload,
            },
        ),
        (
            "e30.e30.a b",
            Malformed::NotBase64 {
                part: TokenPart::Signature,
            },
        ),
        (
            "..",
            Malformed::NotJson {
                part: TokenPart::Header,
            },
        ),
        (
            "aGk.e30.",
            Malformed::NotJson {
                part: TokenPart::Header,
            },
        ),
        (
            "e30.W10.",
            Malformed::NotJson {
                part: TokenPart::Payload,
            },
        ),
        (
            "e30.bnVsbA.",
            Malformed::NotJson {
                part: TokenPart::Payload,
            },
        ),
        (&huge, Malformed::TooLarge { bytes: 400_000 }),
    ] {
        let inspection = inspect(text, now(), None);
        assert_eq!(inspection.malformed, Some(reason), "{text:.20}");
        for verdict in &inspection.verdicts {
            assert_eq!(verdict.refusals, [Refusal::Malformed(reason)], "{text:.20}");
        }
        assert!(inspection.claims.is_empty());
    }
}

#[test]
fn json_that_is_too_deep_is_refused_and_not_followed() {
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let inspection = inspect(&signed("{\"alg\":\"HS512\"}", &deep, b""), now(), None);
    let part = TokenPart::Payload;
    assert_eq!(inspection.malformed, Some(Malformed::NotJson { part }));
}

#[test]
fn what_a_terminal_would_obey_is_escaped_and_long_values_are_cut() {
    let long = "x".repeat(5_000);
    for (algorithm, shown) in [
        ("H\\u001b[31m\\u202eb\\n", "H\\u{1b}[31m\\u{202e}b\\u{a}"),
        (long.as_str(), &format!("{}…", "x".repeat(200))),
    ] {
        let header = format!("{{\"alg\":\"{algorithm}\"}}");
        let inspection = inspect(&signed(&header, &good().to_string(), b""), now(), None);
        for verdict in &inspection.verdicts {
            let words: Vec<String> = verdict.reasons().iter().map(english).collect();
            assert!(words.iter().any(|it| it.contains(shown)), "{words:?}");
            assert!(words.iter().all(|it| it.len() < 400), "{words:?}");
        }
    }
}

#[test]
fn absurd_numbers_are_numbers() {
    for number in [
        "1e300",
        "-1e300",
        "9223372036854775807",
        "-9223372036854775808",
        "1e-300",
    ] {
        for name in ["exp", "iat", "nbf"] {
            let payload = good()
                .to_string()
                .replacen('{', &format!("{{\"{name}\":{number},"), 1);
            let inspection = inspect(&signed("{\"alg\":\"HS512\"}", &payload, b""), now(), None);
            assert_eq!(inspection.malformed, None, "{name} {number}");
            let mut claims = good();
            claims[name] = serde_json::from_str(number).unwrap();
            let payload = claims.to_string();
            let inspection = inspect(&signed("{\"alg\":\"HS512\"}", &payload, b""), now(), None);
            assert_eq!(inspection.malformed, None, "{name} {number}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,120}", payload in "\\PC{0,80}") {
        let _first = inspect(&text, now(), None);
        let _second = inspect(&format!("Bearer{text}"), now(), None);
        let _third = inspect(&signed("{\"alg\":\"HS256\"}", &payload, b"k"), now(), None);
    }

    #[test]
    fn no_claim_panics(
        name in "sub|exp|iat|nbf|type|clientType|authority|roles|needRegister",
        value in "-?[0-9]{1,25}|-?[0-9]{1,3}\\.[0-9]{1,3}e[0-9]{1,2}|\"\\\\PC{0,9}\"|null|true|\\[1\\]|\\{\\}"
    ) {
        if let Ok(value) = serde_json::from_str(&value) {
            let payload = with(&name, Some(value)).to_string();
            let inspection = inspect(&signed("{\"alg\":\"HS512\"}", &payload, b""), now(), None);
            prop_assert_eq!(inspection.malformed, None);
            prop_assert_eq!(inspection.verdicts.len(), 5);
        }
    }
}
