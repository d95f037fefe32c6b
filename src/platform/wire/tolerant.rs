//! Decoding that forgives what the generations differ in, and names the place where it cannot.

use std::str::FromStr;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::excerpt::excerpt;
use crate::domain::{FailureCause, FailureKind, ReadFailure};

/// `data` as a DTO; an error names the JSON path (`data[3].port: invalid type …`).
pub(in crate::platform) fn decode_data<T: DeserializeOwned>(
    op: &'static str,
    target: &str,
    data: Value,
) -> Result<T, ReadFailure> {
    serde_path_to_error::deserialize(data).map_err(|error| {
        let path = error.path().to_string();
        let separator = if path.starts_with(['.', '[']) || path == "." {
            ""
        } else {
            "."
        };
        let place = if path == "." {
            String::new()
        } else {
            format!("{separator}{path}")
        };
        ReadFailure {
            kind: FailureKind::NotWecube,
            operation: op,
            target: target.to_owned(),
            cause: FailureCause::UnexpectedData {
                path: excerpt(&format!("data{place}")),
                reason: excerpt(&error.inner().to_string()),
            },
        }
    })
}

/// A text that may be absent: null, missing and `""` are one; a number or a truth value becomes its
/// text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Txt(pub(super) String);

impl<'de> Deserialize<'de> for Txt {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        match Value::deserialize(de)? {
            Value::Null => Ok(Self::default()),
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            Value::Bool(value) => Ok(Self(value.to_string())),
            Value::Array(_) => Err(D::Error::custom("a list where a text was expected")),
            Value::Object(_) => Err(D::Error::custom("an object where a text was expected")),
        }
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
        Ok(Self(Option::deserialize(de)?.unwrap_or_default()))
    }
}
