//! Decoding that forgives what the generations differ in, and names the place where it cannot.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::bounded::{BUDGET, bounded, take_row, take_text};
use super::excerpt::excerpt;
use crate::domain::{FailureCause, FailureKind, ReadFailure};

/// `data`, a JSON text, as a DTO. Fields that the DTO does not have are passed over without being kept.
/// An error names the JSON path (`data[3].port: invalid type …`).
pub(in crate::platform) fn decode_data<'a, T: Deserialize<'a>>(
    op: &'static str,
    target: &str,
    data: &'a str,
) -> Result<T, ReadFailure> {
    let mut json = serde_json::Deserializer::from_str(data);
    let (decoded, is_too_large) = bounded(|| serde_path_to_error::deserialize(&mut json));
    decoded.map_err(|error| {
        let path = error.path().to_string();
        let place = match path.as_str() {
            "." => "",
            path => path,
        };
        let separator = if place.is_empty() || place.starts_with(['.', '[']) {
            ""
        } else {
            "."
        };
        let field = excerpt(&format!("data{separator}{place}"));
        let (kind, cause) = if is_too_large {
            let mib = BUDGET / (1024 * 1024);
            (
                FailureKind::TooLarge,
                FailureCause::TooManyValues { field, mib },
            )
        } else {
            let error = error.inner();
            let reason = error.to_string();
            let at = format!(" at line {} column {}", error.line(), error.column());
            let cause = FailureCause::UnexpectedData {
                path: field,
                reason: excerpt(reason.strip_suffix(&at).unwrap_or(&reason)),
            };
            (FailureKind::NotWecube, cause)
        };
        ReadFailure {
            kind,
            operation: op,
            target: target.to_owned(),
            cause,
        }
    })
}

/// A text that may be absent: null, missing and `""` are one; a number or a truth value becomes its
/// text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Txt(pub(super) String);

impl<'de> Deserialize<'de> for Txt {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        de.deserialize_any(TxtVisitor)
    }
}

struct TxtVisitor;

impl<'de> Visitor<'de> for TxtVisitor {
    type Value = Txt;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_unit<E>(self) -> Result<Txt, E> {
        Ok(Txt::default())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Txt, E> {
        take_text(text)?;
        Ok(Txt(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Txt, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Txt, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Txt, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Txt, E> {
        self.visit_str(&serde_json::Value::from(value).to_string())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Txt, A::Error> {
        Err(A::Error::custom("a list where a text was expected"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Txt, A::Error> {
        Err(A::Error::custom("an object where a text was expected"))
    }
}

/// A text that must be there: a row without it means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Needed(pub(super) String);

impl<'de> Deserialize<'de> for Needed {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        let Txt(text) = Txt::deserialize(de)?;
        if text.is_empty() {
            return Err(D::Error::custom(
                "empty, but the row means nothing without it",
            ));
        }
        Ok(Self(text))
    }
}

/// A truth value, if there is one: also `0`/`1`, `"Y"`/`"N"`, `"true"`/`"false"` (a v4.0.0 stores
/// flags of packages so; `docs/platform/answers.md#times-and-flags`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flag(pub(super) Option<bool>);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        match Txt::deserialize(de)?.0.to_ascii_lowercase().as_str() {
            "" => Ok(Self(None)),
            "1" | "y" | "yes" | "true" => Ok(Self(Some(true))),
            "0" | "n" | "no" | "false" => Ok(Self(Some(false))),
            other => Err(D::Error::custom(format!(
                "`{}` is neither yes nor no",
                excerpt(other)
            ))),
        }
    }
}

/// A port or a count, as a number or its text; null, missing and `""` are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Number<N>(pub(super) N);

impl<'de, N: FromStr + Default> Deserialize<'de> for Number<N> {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        let Txt(text) = Txt::deserialize(de)?;
        if text.is_empty() {
            return Ok(Self::default());
        }
        text.parse()
            .map(Self)
            .map_err(|_| D::Error::custom(format!("`{}` is no number that fits", excerpt(&text))))
    }
}

/// A list of rows; null is an empty one (v4, and v4.2 on also for packages; `docs/platform/answers.md#empty-lists`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct Rows<T>(pub(in crate::platform) Vec<T>);

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        de.deserialize_any(RowsVisitor(PhantomData))
    }
}

struct RowsVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for RowsVisitor<T> {
    type Value = Rows<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Rows<T>, E> {
        Ok(Rows::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rows<T>, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = list.next_element()? {
            take_row::<T, _>()?;
            rows.push(row);
        }
        Ok(Rows(rows))
    }
}
