//! Why a TOML file cannot be read, in the reader's language.

use crate::i18n::Text;

/// A fault and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlFault {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    UnknownKey { key: String, known: String },
    WrongType(Expected),
    DuplicateKey,
    Syntax,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Number,
    Flag,
    Text,
    List,
    Other,
}

impl TomlFault {
    /// Reads the fault off the parser's error, whose message exists in English only.
    pub(super) fn of(text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            kind: Kind::of(error.message()),
        }
    }

    /// What is wrong there.
    pub fn message(&self) -> Text {
        match &self.kind {
            Kind::UnknownKey { key, known } => Text::new("settings-toml-unknown-key")
                .with("key", key)
                .with("known", known),
            Kind::WrongType(expected) => Text::new(match expected {
                Expected::Number => "settings-toml-not-a-number",
                Expected::Flag => "settings-toml-not-a-flag",
                Expected::Text => "settings-toml-not-a-string",
                Expected::List => "settings-toml-not-a-list",
                Expected::Other => "settings-toml-wrong-type",
            }),
            Kind::DuplicateKey => Text::new("settings-toml-duplicate-key"),
            Kind::Syntax => Text::new("settings-toml-syntax"),
        }
    }
}

impl Kind {
    fn of(message: &str) -> Self {
        if message.starts_with("unknown field") {
            // unknown field `coer`, expected one of `core`, `gateway`
            let mut names = message.split('`').skip(1).step_by(2);
            return Self::UnknownKey {
                key: names.next().unwrap_or_default().to_owned(),
                known: names.collect::<Vec<_>>().join(", "),
            };
        }
        if message.starts_with("invalid type") || message.starts_with("invalid value") {
            let (_, expected) = message.rsplit_once("expected ").unwrap_or_default();
            return Self::WrongType(match expected.trim() {
                "usize" | "u64" | "i64" => Expected::Number,
                "a boolean" => Expected::Flag,
                "a string" | "path string" => Expected::Text,
                "a sequence" => Expected::List,
                _ => Expected::Other,
            });
        }
        if message.starts_with("duplicate key") {
            return Self::DuplicateKey;
        }
        Self::Syntax
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::ConfigFile;
    use super::*;

    #[test]
    fn parser_error_becomes_fault_with_line_and_kind() {
        for (text, line, kind) in [
            (
                "[apply]\nparallel = \"8\"\n",
                2,
                Kind::WrongType(Expected::Number),
            ),
            (
                "[client]\ninsecure = 1\n",
                2,
                Kind::WrongType(Expected::Flag),
            ),
            ("lang = 1\n", 1, Kind::WrongType(Expected::Text)),
            ("env_file = 1\n", 1, Kind::WrongType(Expected::Text)),
            (
                "[new]\nportal = \"x\"\n",
                2,
                Kind::WrongType(Expected::List),
            ),
            ("lang = \"en\"\nlang = \"zh\"\n", 2, Kind::DuplicateKey),
            ("lang = \n", 1, Kind::Syntax),
            ("\n[new\n", 2, Kind::Syntax),
        ] {
            let fault = ConfigFile::parse(text).expect_err(text);
            assert_eq!((fault.line, &fault.kind), (line, &kind), "{text}");
        }
    }
}
