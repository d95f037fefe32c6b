//! Words of commands that a person may copy. Values come from the platform and may hold anything.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};

/// A word for a POSIX shell, quoted if necessary. A NUL, which no command line can hold, is dropped.
pub fn quoted(word: &str) -> String {
    let word = word.replace('\0', "");
    shlex::try_quote(&word).map_or_else(|_| word.clone(), Cow::into_owned)
}

/// A flag and its value; a value that begins with `-` would be taken for another flag.
pub fn flag(name: &str, value: &str) -> String {
    let between = if value.starts_with('-') { '=' } else { ' ' };
    format!("{name}{between}{}", quoted(value))
}

/// A value without a flag, after which no flag follows.
fn positional(value: &str) -> String {
    let before = if value.starts_with('-') { "-- " } else { "" };
    format!("{before}{}", quoted(value))
}

fn words(value: &FluentValue<'_>) -> String {
    match value {
        FluentValue::String(words) => words.to_string(),
        FluentValue::Number(number) => number.as_string().into_owned(),
        _ => String::new(),
    }
}

/// `ARG($name)`: a quoted positional argument.
pub(super) fn arg<'a>(values: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    positional(&values.iter().map(words).collect::<String>()).into()
}

/// `FLAG("--plugin", $name)`: a flag and its quoted value; further values are joined by `=`.
pub(super) fn flag_of<'a>(values: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    let mut values = values.iter().map(words);
    let name = values.next().unwrap_or_default();
    let first = flag(&name, &values.next().unwrap_or_default());
    values
        .fold(first, |line, value| line + "=" + &quoted(&value))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_for_the_shell() {
        for (word, expected) in [
            ("http://new:8005", "http://new:8005"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$(reboot)", "'$(reboot)'"),
            ("it's", r#""it's""#),
            ("a;b\nc", "'a;b\nc'"),
            ("数据", "'数据'"),
            ("~root", "'~root'"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }

    #[test]
    fn value_that_begins_with_a_dash_is_no_flag() {
        assert_eq!(flag("--plugin", "monitor"), "--plugin monitor");
        assert_eq!(flag("--plugin", "--yes"), "--plugin=--yes");
        assert_eq!(positional("--yes"), "-- --yes");
        assert_eq!(positional("a;b"), "'a;b'");
    }
}
