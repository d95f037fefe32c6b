//! Words of others, made safe to show.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Shows what could steer a terminal or deceive a reader as an escape: control characters, line and
/// paragraph separators, characters without width, characters that turn the direction of text. One
/// line comes out, whatever came in. Clean words stay as they are, so that cleaning twice is cleaning
/// once.
pub fn clean(words: &str) -> Cow<'_, str> {
    if !words.chars().any(is_unsafe) {
        return Cow::Borrowed(words);
    }
    let mut cleaned = String::with_capacity(words.len() + 8);
    for c in words.chars() {
        match c {
            '\n' => cleaned.push_str("\\n"),
            '\r' => cleaned.push_str("\\r"),
            '\t' => cleaned.push_str("\\t"),
            c if is_unsafe(c) => {
                // Writing to a string cannot fail.
                let _infallible = write!(cleaned, "\\u{{{:x}}}", u32::from(c));
            }
            c => cleaned.push(c),
        }
    }
    Cow::Owned(cleaned)
}

/// Words for a machine: as [`clean`], with each backslash doubled, so that what was there can be told.
pub fn escaped(words: &str) -> String {
    clean(&words.replace('\\', "\\\\")).into_owned()
}

/// Whether a character could steer a terminal or deceive a reader.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::{clean, escaped};

    #[test]
    fn nothing_steers_the_terminal_or_deceives_the_reader() {
        for (words, shown) in [
            ("monitor v2.0.7", "monitor v2.0.7"),
            ("监控 – naïve", "监控 – naïve"),
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\u{9b}31m", "a\\u{9b}31m"),
            ("two\nlines\r\n\tmore", "two\\nlines\\r\\n\\tmore"),
            ("abc\u{202e}cba", "abc\\u{202e}cba"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            ("\u{2066}iso\u{2069}", "\\u{2066}iso\\u{2069}"),
            ("bell\u{7}del\u{7f}nul\0", "bell\\u{7}del\\u{7f}nul\\u{0}"),
        ] {
            assert_eq!(clean(words), shown);
            assert_eq!(clean(shown), shown, "cleaning twice is cleaning once");
        }
    }

    #[test]
    fn escaped_values_differ_if_the_values_do() {
        let values = [
            "a\nb",
            "a\\nb",
            "a\u{202e}b",
            "a\\u{202e}b",
            "a\u{85}b",
            "a\\\\b",
            "a\\b",
        ];
        let escaped: std::collections::BTreeSet<_> = values.iter().map(|it| escaped(it)).collect();
        assert_eq!(escaped.len(), values.len());
        assert!(escaped.iter().all(|it| !it.chars().any(super::is_unsafe)));
    }
}
