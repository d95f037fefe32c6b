//! Taking a token apart. Nothing is verified, and nothing is believed.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Number, Value};

/// Longer than any header that the platform's servers take; nobody decodes more.
const MAX_TOKEN_BYTES: usize = 64 * 1024;

const DECODER: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a text is no token. It says where, never what stands there: it may be a seed or a password
/// that somebody pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Nothing there.
    Empty,
    /// Larger than any token.
    TooLarge {
        /// Its bytes.
        bytes: usize,
    },
    /// Not three parts with dots between them.
    Parts {
        /// How many there are.
        count: usize,
    },
    /// A part is not base64url.
    NotBase64 {
        /// Which.
        part: TokenPart,
    },
    /// A part is not a JSON object.
    NotJson {
        /// Which.
        part: TokenPart,
    },
}

/// A part of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPart {
    /// The first.
    Header,
    /// The second.
    Payload,
    /// The third.
    Signature,
}

/// A token, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decoded {
    /// `alg`; `None` if the header has none that is a text.
    pub(super) algorithm: Option<String>,
    /// The payload.
    pub(super) claims: Map<String, Value>,
    /// The third part is empty.
    pub(super) unsigned: bool,
    /// A part ends with `=`.
    pub(super) padded: bool,
}

/// A time claim, as each library sees it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TimeClaim {
    /// Absent or null.
    Absent,
    /// A whole number.
    Whole(i64),
    /// A number with a fraction or an exponent, or one beyond 64 bits.
    Fraction(f64),
    /// A text.
    Text(String),
    /// Anything else.
    Other,
}

impl TimeClaim {
    /// The second that a reader of numbers takes it for; the fraction is cut off.
    pub(super) fn number_s(&self) -> Option<i64> {
        match self {
            Self::Whole(second) => Some(*second),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the libraries cut it off too"
            )]
            Self::Fraction(second) => Some(*second as i64),
            Self::Absent | Self::Text(_) | Self::Other => None,
        }
    }
}

/// A claim that should be a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextClaim<'a> {
    /// Absent or null.
    Absent,
    /// A text, perhaps an empty one.
    Text(&'a str),
    /// Anything else.
    Other,
}

/// The claim `authority`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Authority<'a> {
    /// Absent or null.
    Absent,
    /// A text, as it has to be.
    Text(&'a str),
    /// A JSON array.
    Array(&'a [Value]),
    /// Anything else.
    Other,
}

impl Decoded {
    /// `exp`, `iat` or `nbf`.
    pub(super) fn time(&self, name: &str) -> TimeClaim {
        match self.claims.get(name) {
            None | Some(Value::Null) => TimeClaim::Absent,
            Some(Value::Number(number)) => of_number(number),
            Some(Value::String(text)) => TimeClaim::Text(text.clone()),
            Some(_) => TimeClaim::Other,
        }
    }

    /// A claim that should be a text.
    pub(super) fn text(&self, name: &str) -> TextClaim<'_> {
        match self.claims.get(name) {
            None | Some(Value::Null) => TextClaim::Absent,
            Some(Value::String(text)) => TextClaim::Text(text),
            Some(_) => TextClaim::Other,
        }
    }

    /// `authority`.
    pub(super) fn authority(&self) -> Authority<'_> {
        match self.claims.get("authority") {
            None | Some(Value::Null) => Authority::Absent,
            Some(Value::String(text)) => Authority::Text(text),
            Some(Value::Array(list)) => Authority::Array(list),
            Some(_) => Authority::Other,
        }
    }
}

fn of_number(number: &Number) -> TimeClaim {
    match (number.as_i64(), number.as_f64()) {
        (Some(second), _) => TimeClaim::Whole(second),
        (None, Some(second)) => TimeClaim::Fraction(second),
        (None, None) => TimeClaim::Other,
    }
}

/// Takes a token apart.
pub(super) fn decode(token: &str) -> Result<Decoded, Malformed> {
    if token.is_empty() {
        return Err(Malformed::Empty);
    }
    if token.len() > MAX_TOKEN_BYTES {
        let bytes = token.len();
        return Err(Malformed::TooLarge { bytes });
    }
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else {
        let count = parts.len();
        return Err(Malformed::Parts { count });
    };
    let header = object(header, TokenPart::Header)?;
    let claims = object(payload, TokenPart::Payload)?;
    bytes(signature, TokenPart::Signature)?;
    Ok(Decoded {
        algorithm: header.get("alg").and_then(Value::as_str).map(str::to_owned),
        claims,
        unsigned: signature.is_empty(),
        padded: token.contains('='),
    })
}

fn object(encoded: &str, part: TokenPart) -> Result<Map<String, Value>, Malformed> {
    serde_json::from_slice(&bytes(encoded, part)?).map_err(|_| Malformed::NotJson { part })
}

fn bytes(encoded: &str, part: TokenPart) -> Result<Vec<u8>, Malformed> {
    DECODER
        .decode(encoded)
        .map_err(|_| Malformed::NotBase64 { part })
}
