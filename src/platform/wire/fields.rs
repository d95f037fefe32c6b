//! The fields of a body that are looked at before `data` is decoded, as pieces of it.

use serde::Deserialize;
use serde_json::value::RawValue;

/// The platform's envelope and Spring's error body in one; null and missing are one.
#[derive(Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(borrow)]
    pub(super) status: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) code: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) data: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
    #[serde(borrow, rename = "requestId")]
    pub(super) request_id: Option<&'a RawValue>,
}

impl<'a> Fields<'a> {
    /// Those of the first document of a text, and what stands behind it.
    pub(super) fn first(text: &'a str) -> Result<(Self, &'a str), serde_json::Error> {
        let mut documents = serde_json::Deserializer::from_str(text).into_iter();
        match documents.next() {
            Some(fields) => Ok((fields?, &text[documents.byte_offset()..])),
            None => Err(serde::de::Error::custom("empty")),
        }
    }
}

/// A text without its quotes; anything else as it stands.
pub(super) fn text_of(value: &RawValue) -> String {
    serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned())
}

/// A number that is one, not the text of one.
pub(super) fn number_of(value: &RawValue) -> Option<i64> {
    serde_json::from_str(value.get()).ok()
}
