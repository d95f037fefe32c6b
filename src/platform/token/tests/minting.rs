//! Tokens of ours: the claims, and a signature that another implementation verifies.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;

use super::support::{DEFAULT_KEY_HEX, NOON_S, at_ms, default_key, unhex};
use crate::platform::token::{
    DEFAULT_AUTHORITIES, DEFAULT_USER, Identity, IdentityError, IdentityFault, IdentityPart, mint,
};

fn identity(user: &str, authorities: &[&str]) -> Result<Identity, IdentityError> {
    let authorities: Vec<String> = authorities.iter().map(|name| (*name).to_owned()).collect();
    Identity::new(user, &authorities)
}

fn token_of(identity: &Identity) -> String {
    let minted = mint(&default_key(), identity, at_ms(999)).ok().unwrap();
    minted.token.expose().to_owned()
}

/// `ring` shares no code with what signs.
fn verified_by_ring(token: &str) -> bool {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA512, &unhex(DEFAULT_KEY_HEX));
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    ring::hmac::verify(&key, message.as_bytes(), &signature).is_ok()
}

fn part(token: &str, nth: usize) -> String {
    let part = token.split('.').nth(nth).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn an_independent_implementation_verifies_our_signature() {
    let token = token_of(&Identity::default());
    assert!(verified_by_ring(&token));
    let (message, signature) = token.rsplit_once('.').unwrap();
    let other = token_of(&identity("other", &["A"]).unwrap());
    let (other, _) = other.rsplit_once('.').unwrap();
    assert!(message != other && !verified_by_ring(&format!("{other}.{signature}")));
}

/// Byte for byte, in the form that both auth-servers give: one text for `authority`, whole seconds.
#[test]
fn the_payload_is_exactly_this() {
    let token = token_of(&Identity::default());
    assert_eq!(part(&token, 0), r#"{"typ":"JWT","alg":"HS512"}"#);
    assert_eq!(
        part(&token, 1),
        format!(
            concat!(
                r#"{{"sub":"wecubectl","iat":{},"exp":{},"type":"accessToken","clientType":"USER","#,
                r#""authority":"[SUPER_ADMIN,ADMIN_SYSTEM_PARAMS,ADMIN_RESOURCES_MANAGEMENT,"#,
                r#"COLLABORATION_PLUGIN_MANAGEMENT,ADMIN_USER_ROLE_MANAGEMENT]"}}"#
            ),
            NOON_S - 60,
            NOON_S + 120
        )
    );
}

#[test]
fn a_user_with_quotes_stays_inside_its_text() {
    let identity = identity("运维\"}", &["A"]).unwrap();
    let payload: serde_json::Value = serde_json::from_str(&part(&token_of(&identity), 1)).unwrap();
    assert_eq!(payload["sub"], "运维\"}");
}

#[test]
fn nobody_given_means_the_default() {
    assert_eq!(Identity::new(DEFAULT_USER, &[]), Ok(Identity::default()));
    let named = Identity::new("admin", &[]).unwrap();
    assert_eq!(named.user(), "admin");
    assert_eq!(named.authorities(), DEFAULT_AUTHORITIES);
}

#[test]
fn what_a_token_cannot_carry_has_its_own_error() {
    use IdentityFault::{Bracket, Comma, Control, Empty, Space, TooLong};
    for (name, fault) in [
        ("", Empty),
        ("A,B", Comma),
        ("[A", Bracket),
        ("A]", Bracket),
        ("A B", Space),
        ("A\u{a0}B", Space),
        ("A\tB", Control),
        ("A\nB", Control),
        ("A\u{7f}", Control),
    ] {
        let part = IdentityPart::User;
        assert_eq!(
            identity(name, &["A"]),
            Err(IdentityError { part, fault }),
            "{name:?}"
        );
        let part = IdentityPart::Authority(2);
        assert_eq!(
            identity("u", &["OK", name]),
            Err(IdentityError { part, fault }),
            "{name:?}"
        );
    }
    let part = IdentityPart::User;
    let fault = TooLong;
    assert!(identity(&"运".repeat(64), &["A"]).is_ok());
    assert_eq!(
        identity(&"u".repeat(65), &["A"]),
        Err(IdentityError { part, fault })
    );
}

#[test]
fn what_is_given_twice_is_kept_once() {
    let identity = identity("u", &["B", "A", "B"]).unwrap();
    assert_eq!(identity.authorities(), ["B", "A"]);
}

proptest! {
    #[test]
    fn every_identity_that_passes_gives_a_claim_that_splits_back(
        names in proptest::collection::vec("\\PC{1,12}", 1..6)
    ) {
        if let Ok(identity) = Identity::new("u", &names) {
            let token = token_of(&identity);
            prop_assert!(verified_by_ring(&token));
            let payload: serde_json::Value = serde_json::from_str(&part(&token, 1)).unwrap();
            let claim = payload["authority"].as_str().unwrap();
            let inner = claim.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap();
            let read: Vec<&str> = inner.split(',').collect();
            prop_assert_eq!(read, identity.authorities());
        }
    }
}
