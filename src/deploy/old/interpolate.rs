//! Variables in compose files and in their env files (`${NAME:-default}`), as compose resolves them.

use std::path::PathBuf;

use crate::i18n::Text;

/// Why a value is not known. It does not quote the value, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The variable is set in no file that was read.
    Variable(String),
    /// The value has a `$` that compose refuses.
    Malformed,
    /// The value is a placeholder of a template.
    Placeholder,
    /// A quote is not closed on its line.
    OpenQuote,
    /// This `env_file` does not exist.
    EnvFile(PathBuf),
    /// The old instance sets another value at this place.
    Differs {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// No file that was given has the service that reads it.
    NotGiven,
}

impl Cause {
    /// The cause, for people.
    pub fn message(&self) -> Text {
        match self {
            Self::Variable(name) => Text::new("env-old-variable").with("name", name),
            Self::Malformed => Text::new("env-old-malformed"),
            Self::Placeholder => Text::new("env-old-placeholder"),
            Self::OpenQuote => Text::new("env-old-open-quote"),
            Self::EnvFile(path) => Text::new("env-old-env-file").with("path", path.display()),
            Self::Differs { path, line } => Text::new("env-old-two-values")
                .with("path", path.display())
                .with("line", line),
            Self::NotGiven => Text::new("env-old-not-given"),
        }
    }
}

/// A value that is set, but not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// Why.
    pub cause: Cause,
    /// The file and the line (from 1) that set it; `None` if no file does.
    pub at: Option<(PathBuf, usize)>,
}

impl Unresolved {
    /// The cause, with its file and line.
    pub fn message(&self) -> Text {
        match &self.at {
            Some((path, line)) => Text::new("env-old-at")
                .with("path", path.display())
                .with("line", line)
                .nested("cause", self.cause.message()),
            None => self.cause.message(),
        }
    }
}

/// A value, or why it is not known.
pub(super) type Resolved = Result<String, Cause>;

/// Replaces the variables of a text. `lookup` is `None` for a variable that is not set. In an env file
/// (`lenient`) a `$` that begins no variable stands for itself.
pub(super) fn interpolate(
    text: &str,
    lenient: bool,
    lookup: &dyn Fn(&str) -> Option<Resolved>,
) -> Resolved {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let name = name_length(rest);
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if name > 0 {
            let (name, after) = rest.split_at(name);
            out.push_str(&lookup(name).unwrap_or_else(|| Err(Cause::Variable(name.to_owned())))?);
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let end = closing_brace(after).ok_or(Cause::Malformed)?;
            out.push_str(&braces(&after[..end], lenient, lookup)?);
            rest = &after[end + 1..];
        } else if lenient {
            out.push('$');
        } else {
            return Err(Cause::Malformed);
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// The value of what is between braces: a name, and perhaps an operator with a word.
fn braces(inner: &str, lenient: bool, lookup: &dyn Fn(&str) -> Option<Resolved>) -> Resolved {
    let (name, rest) = inner.split_at(name_length(inner));
    if name.is_empty() {
        return Err(Cause::Malformed);
    }
    let (or_empty, operator) = match rest.strip_prefix(':') {
        Some(operator) => (true, operator),
        None => (false, rest),
    };
    let value = lookup(name).transpose()?;
    let given = value.filter(|value| !(or_empty && value.is_empty()));
    let unset = || Cause::Variable(name.to_owned());
    match operator.chars().next() {
        None if !or_empty => given.ok_or_else(unset),
        Some('-') => given.map_or_else(|| interpolate(&operator[1..], lenient, lookup), Ok),
        Some('?') => given.ok_or_else(unset),
        Some('+') if given.is_some() => interpolate(&operator[1..], lenient, lookup),
        Some('+') => Ok(String::new()),
        _ => Err(Cause::Malformed),
    }
}

fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(text.len())
}

/// The brace that closes `${`; others may be open in a default.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' if text[..at].ends_with('$') => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
    }
    None
}

/// A value that a template's placeholder stands for is not known: `{{NAME}}`, `[#NAME]`, `[@NAME]`.
pub(super) fn no_placeholder(value: String) -> Resolved {
    let has = |open: &str, close: &str| {
        let inner = value
            .split_once(open)
            .and_then(|(_, rest)| rest.split_once(close));
        inner.is_some_and(|(name, _)| {
            let name = name.trim();
            !name.is_empty() && name_length(name) == name.len()
        })
    };
    if has("{{", "}}") || has("[#", "]") || has("[@", "]") {
        Err(Cause::Placeholder)
    } else {
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Option<Resolved> {
        match name {
            "A" => Some(Ok("a b".to_owned())),
            "EMPTY" => Some(Ok(String::new())),
            "BROKEN" => Some(Err(Cause::OpenQuote)),
            _ => None,
        }
    }

    #[test]
    fn interpolate_follows_compose() {
        let unset = |name: &str| Err(Cause::Variable(name.to_owned()));
        let value = |text: &str| Ok(text.to_owned());
        for (text, wanted) in [
            ("x", value("x")),
            ("$A-${A}", value("a b-a b")),
            ("p$$w$$A", value("p$w$A")),
            ("${NO:-d}${NO-e}", value("de")),
            ("${EMPTY:-d}${EMPTY-e}", value("d")),
            ("${A:+r}${NO:+r}${EMPTY:+r}${EMPTY+r}", value("rr")),
            ("${NO:-${A}}", value("a b")),
            ("${NO:-${NO:-in}ner}", value("inner")),
            ("${NO:-http://$A:1}", value("http://a b:1")),
            ("${A:?must}", value("a b")),
            ("${NO:?must be set}", unset("NO")),
            ("${EMPTY:?}", unset("EMPTY")),
            ("${EMPTY?}", value("")),
            ("${NO}", unset("NO")),
            ("$NO", unset("NO")),
            ("${BROKEN:-x}", Err(Cause::OpenQuote)),
            ("${A", Err(Cause::Malformed)),
            ("${A!}", Err(Cause::Malformed)),
            ("${A:}", Err(Cause::Malformed)),
            ("pa$", Err(Cause::Malformed)),
            ("pa$-1", Err(Cause::Malformed)),
        ] {
            assert_eq!(interpolate(text, false, &lookup), wanted, "{text}");
        }
        assert_eq!(interpolate("pa$-$A", true, &lookup), value("pa$-a b"));
    }

    #[test]
    fn placeholders_are_no_values() {
        for text in ["{{S3_URL}}", "x-{{ A }}", "[#db_pass]", "[@HOSTIP]:1"] {
            assert_eq!(
                no_placeholder(text.to_owned()),
                Err(Cause::Placeholder),
                "{text}"
            );
        }
        for text in ["a[#b", "{{a b}}", "x]", "[#]"] {
            assert_eq!(
                no_placeholder(text.to_owned()),
                Ok(text.to_owned()),
                "{text}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn doubled_dollars_come_back(text in "[^{}]*") {
            let doubled = text.replace('$', "$$");
            proptest::prop_assert_eq!(interpolate(&doubled, false, &lookup), Ok(text));
        }

        #[test]
        fn interpolate_ends_on_any_text(text in "[$:{}?+A-]*") {
            drop(interpolate(&text, false, &lookup));
            drop(interpolate(&text, true, &lookup));
        }
    }
}
