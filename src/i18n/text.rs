//! A message before it is words.

use std::borrow::Cow;
use std::fmt::Display;

use serde::{Deserialize, Serialize};

/// A message: its key in the catalogue and the values that it names. It can be kept in a file and
/// rendered later, in the language of who reads it then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub(super) key: Cow<'static, str>,
    pub(super) args: Vec<(Cow<'static, str>, Arg)>,
}

/// A value of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// Words that are not translated: names, addresses, the platform's own message.
    Words(String),
    /// A count, which chooses the plural in English.
    Count(i64),
    /// A message inside the message.
    Message(Text),
}

impl Text {
    /// The message of that key. A test finds every key by this call, so it is a literal.
    pub fn new(key: &'static str) -> Self {
        Self {
            key: Cow::Borrowed(key),
            args: Vec::new(),
        }
    }

    /// Adds untranslated words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.args.push((name.into(), Arg::Words(value.to_string())));
        self
    }

    /// Adds a count.
    #[must_use]
    pub fn count(mut self, name: &'static str, value: usize) -> Self {
        self.args.push((
            name.into(),
            Arg::Count(i64::try_from(value).unwrap_or(i64::MAX)),
        ));
        self
    }

    /// Adds a message inside the message.
    #[must_use]
    pub fn nested(mut self, name: &'static str, value: Text) -> Self {
        self.args.push((name.into(), Arg::Message(value)));
        self
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }
}
