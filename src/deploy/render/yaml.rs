//! Finds the scalar of a compose file's line, and escapes values for YAML and for compose's `$`.

use std::fmt::Write as _;

/// A line with one scalar at its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ScalarLine<'a> {
    /// Indentation, dash and key: everything before the scalar.
    pub(super) before: &'a str,
    /// The scalar without its quotes; escapes are still in it.
    pub(super) inner: &'a str,
    /// How it is quoted.
    pub(super) quote: Quote,
    /// A comment behind it, with the blanks before.
    pub(super) behind: &'a str,
}

/// Quotes of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    Plain,
    Single,
    Double,
}

/// Splits `- scalar`, `key: scalar`, `- key: scalar`. `None` if no scalar ends on the line.
pub(super) fn scalar_line(line: &str) -> Option<ScalarLine<'_>> {
    let mut start = line.len() - line.trim_start_matches(' ').len();
    while let Some(rest) = line[start..].strip_prefix("- ") {
        start = line.len() - rest.trim_start_matches(' ').len();
    }
    if let Some(length) = key_length(&line[start..]) {
        start += length;
    }
    let scalar = &line[start..];
    let first = scalar.chars().next()?;
    let (inner, quote, behind) = match first {
        '"' => {
            let end = double_end(scalar)?;
            (&scalar[1..end], Quote::Double, &scalar[end + 1..])
        }
        '\'' => {
            let end = single_end(scalar)?;
            (&scalar[1..end], Quote::Single, &scalar[end + 1..])
        }
        _ => {
            let end = scalar.find(" #").unwrap_or(scalar.len());
            let inner = scalar[..end].trim_end();
            (inner, Quote::Plain, &scalar[inner.len()..])
        }
    };
    let comment = behind.trim_start();
    (comment.is_empty() || (comment.starts_with('#') && comment.len() < behind.len())).then_some(
        ScalarLine {
            before: &line[..start],
            inner,
            quote,
            behind: behind.trim_end(),
        },
    )
}

/// The length of `key: ` at the start, blanks included; keys are plain words in a compose file.
fn key_length(text: &str) -> Option<usize> {
    let word = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
        .filter(|word| *word > 0)?;
    let rest = text[word..].strip_prefix(": ")?;
    Some(text.len() - rest.trim_start_matches(' ').len())
}

fn double_end(scalar: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in scalar.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}

fn single_end(scalar: &str) -> Option<usize> {
    let bytes = scalar.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] == b'\'' {
            if bytes.get(at + 1) != Some(&b'\'') {
                return Some(at);
            }
            at += 1;
        }
        at += 1;
    }
    None
}

/// The template's own part of a scalar, escaped for double quotes. Its `$` is left: it may be meant for
/// compose.
pub(super) fn own_part(quote: Quote, text: &str, out: &mut String) {
    match quote {
        // It is in double quotes already.
        Quote::Double => out.push_str(text),
        Quote::Single => escape(&text.replace("''", "'"), out),
        Quote::Plain => escape(text, out),
    }
}

/// A value, escaped for double quotes and for compose.
pub(super) fn value_part(value: &str, out: &mut String) {
    escape(&value.replace('$', "$$"), out);
}

fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if is_unprintable(letter) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\U{:08X}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
}

/// What YAML 1.1 does not take as it is, or takes for a line break or a blank.
fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
        || letter > '\u{ffff}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalar_line_splits_at_the_scalar() {
        for (line, before, inner, quote, behind) in [
            ("      - A={{x}}", "      - ", "A={{x}}", Quote::Plain, ""),
            (
                "    image: a:{{x}}",
                "    image: ",
                "a:{{x}}",
                Quote::Plain,
                "",
            ),
            (
                "  - \"{{x}}:1\" # why",
                "  - ",
                "{{x}}:1",
                Quote::Double,
                " # why",
            ),
            (
                "  k: 'it''s {{x}}'",
                "  k: ",
                "it''s {{x}}",
                Quote::Single,
                "",
            ),
            ("  A: {{x}} # c", "  A: ", "{{x}}", Quote::Plain, " # c"),
            ("  - a: b#c", "  - a: ", "b#c", Quote::Plain, ""),
        ] {
            let found = scalar_line(line).unwrap_or_else(|| panic!("{line}"));
            let wanted = ScalarLine {
                before,
                inner,
                quote,
                behind,
            };
            assert_eq!(found, wanted, "{line}");
        }
    }

    #[test]
    fn scalar_line_refuses_scalars_over_several_lines() {
        for line in ["  - \"{{x}}", "  - 'a", "  - \"a\" b", "   "] {
            assert_eq!(scalar_line(line), None, "{line}");
        }
    }
}
