//! A message before it is words.

use std::fmt::Display;

/// A message: its key in the catalogue and the values that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub(super) key: &'static str,
    pub(super) args: Vec<(&'static str, Arg)>,
}

/// A value of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
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
            key,
            args: Vec::new(),
        }
    }

    /// Adds untranslated words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.args.push((name, Arg::Words(value.to_string())));
        self
    }

    /// Adds a count.
    #[must_use]
    pub fn count(mut self, name: &'static str, value: usize) -> Self {
        self.args
            .push((name, Arg::Count(i64::try_from(value).unwrap_or(i64::MAX))));
        self
    }

    /// Adds a message inside the message.
    #[must_use]
    pub fn nested(mut self, name: &'static str, value: Text) -> Self {
        self.args.push((name, Arg::Message(value)));
        self
    }

    /// The key.
    pub fn key(&self) -> &'static str {
        self.key
    }
}
