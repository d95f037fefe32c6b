//! How each generation reads and verifies an access token, and how the auth-servers sign one
//! (`docs/platform/tokens.md#token-rules`; recordings `*-token.json`).

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_URL_SAFE_NO_PAD,
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use serde_json::{Map, Value, json};

use super::world::DEFAULT_SEED;

/// v4's decoder: plain alphabet, no padding, spare bits dropped (`docs/platform/tokens.md#seed-decoders`).
const SEED_DECODER: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Who asks, as a verified token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller {
    /// `sub`.
    pub user: String,
    /// The parts of `authority`.
    pub authorities: Vec<String>,
    /// v4 cuts the first and last character of `authority` and panics when there are not two; the
    /// request is carried out all the same, after a first document with code −2
    /// (`empty-authority-token.json`).
    pub panics: bool,
}

impl Caller {
    /// Whether it holds that role or menu code.
    pub(super) fn has(&self, authority: &str) -> bool {
        self.authorities.iter().any(|held| held == authority)
    }
}

/// Verifies as v3 core does; `None` is its one answer to every bad token.
pub(super) fn verify_v3(header: Option<&str>, seed: &str, now_s: i64) -> Option<Caller> {
    let token = header?.strip_prefix("Bearer ")?;
    let parts = Parts::of(token).ok()?;
    parts.signature_ok(&v3_key(seed)).then_some(())?;
    let claims = &parts.claims;
    let past = |name| claims.get(name).and_then(Value::as_i64);
    if past("exp").is_some_and(|exp| exp <= now_s) || past("nbf").is_some_and(|nbf| nbf > now_s) {
        return None;
    }
    if claims.get("type").and_then(Value::as_str) != Some("accessToken") {
        return None;
    }
    let authority = claims.get("authority")?.as_str()?;
    Some(Caller {
        user: text(claims, "sub"),
        authorities: inner(authority)
            .split(',')
            .map(|part| part.trim().to_owned())
            .collect(),
        panics: false,
    })
}

/// Verifies as v4 core does; the error is the cause that it puts in parentheses.
pub(super) fn verify_v4(header: Option<&str>, seed: &str, now_s: i64) -> Result<Caller, String> {
    let header = header.filter(|text| !text.is_empty());
    let Some(header) = header else {
        return Err("can not find Request Header Authorization ".to_owned());
    };
    let token = if header.starts_with("Bearer") {
        header.get(7..).unwrap_or_default()
    } else {
        header
    };
    let key = v4_key(seed).map_err(|cause| {
        format!("Decode core token fail,base64 decode error,illegal base64 data at {cause} ")
    })?;
    let fail = |cause: &str| format!("Decode core token fail,jwt parse error,{cause} ");
    let parts = Parts::of(token).map_err(|cause| fail(&cause))?;
    parts.check_v4(&key, now_s).map_err(fail)?;
    let claims = &parts.claims;
    if claims.get("exp").and_then(Value::as_f64).is_none() {
        return Err("Decode core token fail,parse expire to int64 error, ".to_owned());
    }
    let user = match claims.get("sub") {
        Some(Value::String(user)) if user.is_empty() => {
            return Err("token content is illegal,main message is empty ".to_owned());
        }
        Some(Value::String(user)) => user.clone(),
        _ => "%!s(<nil>)".to_owned(),
    };
    let authority = match claims.get("authority") {
        Some(Value::String(authority)) => authority.clone(),
        Some(Value::Array(list)) => {
            let names: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            format!("[{}]", names.join(" "))
        }
        _ => "%!s(<nil>)".to_owned(),
    };
    let list = inner(&authority);
    let separator = if list.contains(',') { ',' } else { ' ' };
    Ok(Caller {
        user,
        authorities: list.split(separator).map(str::to_owned).collect(),
        panics: authority.len() < 2,
    })
}

/// Signs a token as the auth-servers do.
pub(super) fn sign(claims: &Value, key: &[u8]) -> String {
    let header = json!({"alg": "HS512", "typ": "JWT"});
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encode(&header), encode(claims));
    let signature = crypto::sign(
        message.as_bytes(),
        &EncodingKey::from_secret(key),
        Algorithm::HS512,
    )
    .unwrap_or_default();
    format!("{message}.{signature}")
}

/// v3's key: characters outside the alphabet are skipped, `-` and `_` stand for `+` and `/`, `=`
/// ends the text, a single last character is dropped.
pub(super) fn v3_key(seed: &str) -> Vec<u8> {
    let mut plain: String = seed
        .chars()
        .take_while(|letter| *letter != '=')
        .filter_map(|letter| match letter {
            '-' => Some('+'),
            '_' => Some('/'),
            '+' | '/' => Some(letter),
            _ => letter.is_ascii_alphanumeric().then_some(letter),
        })
        .collect();
    if plain.len() % 4 == 1 {
        plain.pop();
    }
    SEED_DECODER.decode(plain).unwrap_or_default()
}

/// v4's key; the error says where the seed cannot be decoded.
pub(super) fn v4_key(seed: &str) -> Result<Vec<u8>, String> {
    let seed = if seed.is_empty() || seed.starts_with("{{") {
        DEFAULT_SEED
    } else {
        seed
    };
    let plain: String = seed.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    SEED_DECODER
        .decode(&plain)
        .map_err(|_| format!("input byte {}", plain.len() / 4 * 4))
}

/// A token taken apart.
struct Parts {
    message: String,
    signature: String,
    algorithm: Option<Algorithm>,
    claims: Map<String, Value>,
}

impl Parts {
    fn of(token: &str) -> Result<Self, String> {
        let segments: Vec<&str> = token.split('.').collect();
        let [header, claims, signature] = segments[..] else {
            return Err("token contains an invalid number of segments".to_owned());
        };
        let object = |segment: &str| -> Option<Map<String, Value>> {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(segment).ok()?;
            serde_json::from_slice(&bytes).ok()
        };
        let bad = || "invalid character in token".to_owned();
        let head = object(header).ok_or_else(bad)?;
        let algorithm = match head.get("alg").and_then(Value::as_str) {
            Some("HS256") => Some(Algorithm::HS256),
            Some("HS384") => Some(Algorithm::HS384),
            Some("HS512") => Some(Algorithm::HS512),
            _ => None,
        };
        Ok(Self {
            message: format!("{header}.{claims}"),
            signature: signature.to_owned(),
            algorithm,
            claims: object(claims).ok_or_else(bad)?,
        })
    }

    fn signature_ok(&self, key: &[u8]) -> bool {
        self.algorithm.is_some_and(|algorithm| {
            crypto::verify(
                &self.signature,
                self.message.as_bytes(),
                &DecodingKey::from_secret(key),
                algorithm,
            )
            .unwrap_or(false)
        })
    }

    /// The Go library names the last thing it finds wrong: times first, then the signature.
    fn check_v4(&self, key: &[u8], now_s: i64) -> Result<(), &'static str> {
        if self.algorithm.is_none() {
            return Err("key is of invalid type");
        }
        if !self.signature_ok(key) {
            return Err("signature is invalid");
        }
        let time = |name| self.claims.get(name).and_then(Value::as_f64);
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit an f64")]
        let now = now_s as f64;
        if time("nbf").is_some_and(|nbf| nbf > now) {
            return Err("Token is not valid yet");
        }
        if time("iat").is_some_and(|iat| iat > now) {
            return Err("Token used before issued");
        }
        if time("exp").is_some_and(|exp| exp < now) {
            return Err("Token is expired");
        }
        Ok(())
    }
}

fn text(claims: &Map<String, Value>, name: &str) -> String {
    claims
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn inner(authority: &str) -> &str {
    let mut letters = authority.chars();
    letters.next();
    letters.next_back();
    letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(claims: &Value, seed: &str) -> String {
        format!("Bearer {}", sign(claims, &v3_key(seed)))
    }

    fn good() -> Value {
        json!({"sub": "admin", "iat": 900, "exp": 2000, "type": "accessToken",
               "clientType": "USER", "authority": "[SUPER_ADMIN,ADMIN_SYSTEM_PARAMS]"})
    }

    fn with(mut claims: Value, name: &str, value: Value) -> Value {
        claims[name] = value;
        claims
    }

    #[test]
    fn the_default_seed_is_twenty_bytes() {
        let key = v4_key(DEFAULT_SEED).unwrap();
        assert_eq!(key.len(), 20);
        assert_eq!(key[..4], [0x3e, 0x56, 0xad, 0x7e]);
        assert_eq!(key[16..], [0x27, 0x9c, 0xad, 0xeb]);
        assert_eq!(v3_key(DEFAULT_SEED), key);
    }

    #[test]
    fn seeds_that_only_v3_reads() {
        for seed in ["abc=", "a-b_", "abcde", "ab c d"] {
            assert!(v4_key(seed).is_err(), "{seed}");
        }
    }

    #[test]
    fn a_good_token_passes_both() {
        let header = bearer(&good(), DEFAULT_SEED);
        let v3 = verify_v3(Some(&header), DEFAULT_SEED, 1000).unwrap();
        let v4 = verify_v4(Some(&header), DEFAULT_SEED, 1000).unwrap();
        assert_eq!(v3, v4);
        assert!(v4.has("ADMIN_SYSTEM_PARAMS"));
    }

    #[test]
    fn v3_refuses_what_v4_takes() {
        let refresh = bearer(&with(good(), "type", json!("refreshToken")), DEFAULT_SEED);
        assert!(verify_v3(Some(&refresh), DEFAULT_SEED, 1000).is_none());
        assert!(verify_v4(Some(&refresh), DEFAULT_SEED, 1000).is_ok());
        let list = bearer(&with(good(), "authority", json!(["A"])), DEFAULT_SEED);
        assert!(verify_v3(Some(&list), DEFAULT_SEED, 1000).is_none());
        let lower = bearer(&good(), DEFAULT_SEED).replacen("Bearer", "bearer", 1);
        assert!(verify_v3(Some(&lower), DEFAULT_SEED, 1000).is_none());
    }

    #[test]
    fn v4_refuses_what_v3_takes() {
        let future = bearer(&with(good(), "iat", json!(1060)), DEFAULT_SEED);
        assert!(verify_v3(Some(&future), DEFAULT_SEED, 1000).is_some());
        let cause = verify_v4(Some(&future), DEFAULT_SEED, 1000).unwrap_err();
        assert!(cause.contains("Token used before issued"), "{cause}");
        let endless = bearer(&with(good(), "exp", Value::Null), DEFAULT_SEED);
        assert!(verify_v3(Some(&endless), DEFAULT_SEED, 1000).is_some());
        assert!(verify_v4(Some(&endless), DEFAULT_SEED, 1000).is_err());
    }

    #[test]
    fn an_empty_authority_panics_on_v4_only() {
        let header = bearer(&with(good(), "authority", json!("")), DEFAULT_SEED);
        assert!(verify_v3(Some(&header), DEFAULT_SEED, 1000).is_some());
        assert!(verify_v4(Some(&header), DEFAULT_SEED, 1000).unwrap().panics);
    }

    #[test]
    fn the_signature_is_blamed_before_the_times() {
        let header = bearer(&with(good(), "exp", json!(1)), "another0");
        let cause = verify_v4(Some(&header), DEFAULT_SEED, 1000).unwrap_err();
        assert!(cause.contains("signature is invalid"), "{cause}");
    }
}
