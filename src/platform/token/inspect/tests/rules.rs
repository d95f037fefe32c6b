//! One rule at a time: what is changed, and who refuses it for which reason.

use serde_json::{Value, json};

use super::support::{NOW, good, inspected, key, now, signed, token, verdict, with};
use crate::platform::token::inspect::{
    AuthorizationPrefix, Limitation, Refusal, TimeName, TokenReader, inspect,
};
use TokenReader::{V3Auth, V3Core, V4Auth, V40Core, V44Core};

const ALL: &[TokenReader] = &TokenReader::ALL;
const V3: &[TokenReader] = &[V3Core, V3Auth];
const V4: &[TokenReader] = &[V40Core, V4Auth, V44Core];
const V4_CORE: &[TokenReader] = &[V40Core, V44Core];

#[test]
fn a_good_token_passes_everywhere() {
    let inspection = inspected(&good());
    assert_eq!(
        (inspection.malformed, inspection.prefix),
        (None, AuthorizationPrefix::Bearer)
    );
    assert_eq!(inspection.signed_by_key, Some(true));
    assert_eq!(inspection.algorithm.as_deref(), Some("HS512"));
    for verdict in &inspection.verdicts {
        assert_eq!(verdict.refusals, [], "{verdict:?}");
        assert_eq!(verdict.limitations, [], "{verdict:?}");
    }
    let order: Vec<TokenReader> = inspection.verdicts.iter().map(|one| one.reader).collect();
    assert_eq!(order, ALL);
}

/// A claim, what it is changed to, the refusal that this gives and who gives it; all others accept.
type Row = (&'static str, Option<Value>, Refusal, &'static [TokenReader]);

fn check(rows: Vec<Row>) {
    for (claim, value, refusal, readers) in rows {
        let inspection = inspected(&with(claim, value.clone()));
        for verdict in &inspection.verdicts {
            let expected: &[Refusal] = if readers.contains(&verdict.reader) {
                std::slice::from_ref(&refusal)
            } else {
                &[]
            };
            let found = &verdict.refusals;
            assert_eq!(found, expected, "{claim} {value:?}: {:?}", verdict.reader);
        }
    }
}

#[test]
fn times() {
    use TimeName::{Exp, Iat, Nbf};
    const NOT_AUTH: &[TokenReader] = &[V3Core, V3Auth, V40Core, V44Core];
    check(vec![
        (
            "exp",
            Some(json!(NOW - 5)),
            Refusal::Expired { by_s: 5 },
            ALL,
        ),
        ("exp", None, Refusal::ExpMissing, V4),
        ("exp", Some(Value::Null), Refusal::ExpMissing, V4),
        (
            "exp",
            Some(json!((NOW + 5).to_string())),
            Refusal::TimeNotNumber(Exp),
            V4,
        ),
        ("exp", Some(json!("soon")), Refusal::TimeNotNumber(Exp), ALL),
        ("exp", Some(json!([1])), Refusal::TimeNotNumber(Exp), ALL),
        (
            "exp",
            Some(json!(1_800_000_060.5)),
            Refusal::TimeNotWhole(Exp),
            &[V4Auth],
        ),
        (
            "iat",
            Some(json!(NOW + 1)),
            Refusal::IssuedAhead { by_s: 1 },
            V4,
        ),
        (
            "iat",
            Some(json!("x")),
            Refusal::TimeNotNumber(Iat),
            &[V4Auth],
        ),
        (
            "iat",
            Some(json!(0.5)),
            Refusal::TimeNotWhole(Iat),
            &[V4Auth],
        ),
        (
            "nbf",
            Some(json!(NOW + 9)),
            Refusal::NotYetValid { by_s: 9 },
            NOT_AUTH,
        ),
        ("nbf", Some(json!(true)), Refusal::TimeNotNumber(Nbf), V3),
    ]);
}

#[test]
fn a_number_in_quotes_counts_on_v3() {
    let inspection = inspected(&with("exp", Some(json!((NOW - 5).to_string()))));
    let found = &verdict(&inspection, V3Core).refusals;
    assert_eq!(*found, [Refusal::Expired { by_s: 5 }]);
}

#[test]
fn kinds_users_and_types() {
    let other = Refusal::TypeOther {
        found: "x\\u{1b}".into(),
    };
    check(vec![
        ("type", None, Refusal::TypeMissing, V3),
        (
            "type",
            Some(json!("refreshToken")),
            Refusal::RefreshToken,
            V3,
        ),
        ("type", Some(json!("x\u{1b}")), other, V3),
        ("sub", Some(json!("")), Refusal::SubEmpty, V4_CORE),
        (
            "sub",
            Some(json!(5)),
            Refusal::WrongType { claim: "sub" },
            &[V4Auth],
        ),
        (
            "clientType",
            Some(json!(5)),
            Refusal::WrongType {
                claim: "clientType",
            },
            &[V4Auth],
        ),
        (
            "roles",
            Some(json!("A")),
            Refusal::WrongType { claim: "roles" },
            &[V4Auth],
        ),
        (
            "needRegister",
            Some(json!(1)),
            Refusal::WrongType {
                claim: "needRegister",
            },
            &[V4Auth],
        ),
        (
            "needRegister",
            Some(json!(true)),
            Refusal::NeedsRegistration,
            &[V4Auth],
        ),
    ]);
    let inspection = inspected(&with("type", Some(json!(5))));
    for reader in [V3Core, V3Auth, V4Auth] {
        let found = &verdict(&inspection, reader).refusals;
        assert_eq!(*found, [Refusal::WrongType { claim: "type" }]);
    }
}

#[test]
fn authorities() {
    const NOT_CORE: &[TokenReader] = &[V3Core, V3Auth, V4Auth];
    check(vec![
        ("authority", None, Refusal::AuthorityMissing, V3),
        (
            "authority",
            Some(json!(["A"])),
            Refusal::AuthorityArray,
            NOT_CORE,
        ),
        (
            "authority",
            Some(json!(5)),
            Refusal::AuthorityOther,
            NOT_CORE,
        ),
        (
            "authority",
            Some(json!("")),
            Refusal::AuthorityTooShort,
            V4_CORE,
        ),
        (
            "authority",
            Some(json!("A")),
            Refusal::AuthorityTooShort,
            V4_CORE,
        ),
    ]);
}

#[test]
fn nobody_needs_these() {
    for claim in ["iat", "clientType", "sub"] {
        let inspection = inspected(&with(claim, None));
        let refused = inspection
            .verdicts
            .iter()
            .any(|verdict| !verdict.refusals.is_empty());
        assert!(!refused, "{claim}");
    }
}

#[test]
fn what_is_odd_and_accepted_is_told() {
    for (claim, value, lack, readers) in [
        ("exp", None, Limitation::NeverExpires, V3),
        ("exp", Some(json!(0)), Limitation::NeverExpires, V4_CORE),
        (
            "exp",
            Some(json!((NOW + 60) * 1000)),
            Limitation::Milliseconds,
            ALL,
        ),
        (
            "type",
            Some(json!("refreshToken")),
            Limitation::RefreshToken,
            V4,
        ),
        ("sub", None, Limitation::NoUser, V4_CORE),
        (
            "authority",
            Some(json!("[A, B]")),
            Limitation::SpacesKept,
            V4_CORE,
        ),
        (
            "authority",
            Some(json!("[A],B]")),
            Limitation::NoAuthorities,
            &[V4Auth],
        ),
        (
            "authority",
            Some(json!("[]")),
            Limitation::NoAuthorities,
            V4_CORE,
        ),
        (
            "authority",
            Some(json!("A,B")),
            Limitation::NoAuthorities,
            V4,
        ),
        ("authority", None, Limitation::NoAuthorities, V4),
    ] {
        let inspection = inspected(&with(claim, value.clone()));
        for verdict in &inspection.verdicts {
            let told = verdict.limitations.contains(&lack);
            let expected = readers.contains(&verdict.reader);
            assert_eq!(
                told, expected,
                "{claim} {value:?} {lack:?}: {:?}",
                verdict.reader
            );
        }
    }
}

#[test]
fn algorithms_and_signatures() {
    for (header, found) in [
        (r#"{"alg":"RS256"}"#, Some("RS256")),
        (r#"{"alg":"none"}"#, Some("none")),
        (r#"{"alg":"hs512"}"#, Some("hs512")),
        (r#"{"alg":5}"#, None),
        ("{}", None),
    ] {
        let inspection = inspect(
            &signed(header, &good().to_string(), b""),
            now(),
            Some(&key()),
        );
        assert_eq!(inspection.signed_by_key, None);
        let found = found.map(str::to_owned);
        for verdict in &inspection.verdicts {
            assert_eq!(
                verdict.refusals,
                [Refusal::Algorithm {
                    found: found.clone()
                }]
            );
        }
    }
    let other = signed(r#"{"alg":"HS512"}"#, &good().to_string(), b"another");
    let inspection = inspect(&other, now(), Some(&key()));
    assert_eq!(inspection.signed_by_key, Some(false));
    assert!(
        inspection
            .verdicts
            .iter()
            .all(|verdict| verdict.refusals == [Refusal::AnotherKey])
    );
    let inspection = inspect(&other, now(), None);
    assert_eq!(inspection.signed_by_key, None);
    assert!(
        inspection
            .verdicts
            .iter()
            .all(|verdict| verdict.refusals.is_empty())
    );
    let unsigned = other.rsplit_once('.').unwrap().0;
    let inspection = inspect(&format!("{unsigned}."), now(), Some(&key()));
    assert!(
        inspection
            .verdicts
            .iter()
            .all(|verdict| verdict.refusals == [Refusal::Unsigned])
    );
}

#[test]
fn what_stands_before_the_token() {
    use Refusal::{BearerAlone, BearerSpelling, NoBearer};
    let token = token(&good());
    let none = || (None, None, None);
    for (before, prefix, (v3, v4_core, v4_auth)) in [
        ("", AuthorizationPrefix::Bare, none()),
        ("Bearer ", AuthorizationPrefix::Bearer, none()),
        (
            "authorization:  Bearer ",
            AuthorizationPrefix::Bearer,
            none(),
        ),
        (
            "Bearer  ",
            AuthorizationPrefix::BearerSpaces,
            (None, Some(BearerSpelling), Some(BearerSpelling)),
        ),
        (
            "Bearer:",
            AuthorizationPrefix::BearerOther,
            (Some(NoBearer), None, Some(BearerSpelling)),
        ),
        (
            "Bearer",
            AuthorizationPrefix::BearerGlued,
            (Some(NoBearer), Some(BearerSpelling), Some(BearerSpelling)),
        ),
        (
            "bearer ",
            AuthorizationPrefix::OtherCase,
            (Some(NoBearer), Some(BearerSpelling), Some(BearerSpelling)),
        ),
    ] {
        let inspection = inspect(&format!(" {before}{token}\r\n"), now(), Some(&key()));
        assert_eq!(inspection.prefix, prefix, "{before:?}");
        for (reader, expected) in [
            (V3Core, &v3),
            (V3Auth, &v3),
            (V40Core, &v4_core),
            (V44Core, &v4_core),
            (V4Auth, &v4_auth),
        ] {
            let found = verdict(&inspection, reader).refusals.first();
            assert_eq!(found, expected.as_ref(), "{before:?} {reader:?}");
        }
    }
    let inspection = inspect("Bearer", now(), None);
    assert_eq!(verdict(&inspection, V40Core).refusals, [BearerAlone]);
    assert_eq!(verdict(&inspection, V3Core).refusals, [NoBearer]);
}
