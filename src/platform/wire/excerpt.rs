//! Foreign text made fit for one line of a terminal.

use std::fmt::Write as _;

/// Longest excerpt, in characters before escaping.
const EXCERPT_CHARS: usize = 200;
/// Bytes of a line that are looked at.
const LOOKED_AT: usize = 64 * 1024;
/// Longest message of the platform, in characters before escaping.
const LINE_CHARS: usize = 1000;

/// The first line that has something on it, escaped and cut to 200 characters.
pub(in crate::platform) fn excerpt(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    escape(line, EXCERPT_CHARS)
}

/// The whole text as one line, escaped (a line break becomes `\n`) and cut to 1000 characters.
pub(in crate::platform) fn escape_line(text: &str) -> String {
    escape(text.trim(), LINE_CHARS)
}

/// Hides tokens, whoever they belong to: the answer to a login carries new ones. A token and its payload
/// begin with the Base64 of `{"`.
fn hide_tokens(text: &str) -> String {
    let mut parts = text.split("eyJ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_other = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
        let rest = part.find(is_other).map_or("", |end| &part[end..]);
        if !out.ends_with("***") {
            out.push_str("***");
        }
        out.push_str(rest);
    }
    out
}

fn escape(text: &str, limit: usize) -> String {
    let text = &text[..text.floor_char_boundary(LOOKED_AT)];
    let mut out = String::new();
    for (index, c) in hide_tokens(text).chars().enumerate() {
        if index == limit {
            out.push('…');
            break;
        }
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push(' '),
            c if is_treacherous(c) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Control characters, which move the cursor or start terminal sequences, and the characters that
/// reorder or hide text.
fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::{escape_line, excerpt};

    #[test]
    fn tokens_are_hidden_whole_and_cut() {
        let token = "eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiJ1bWFkbWluIn0.Zyx-wv_t";
        for (text, shown) in [
            (
                format!(r#"{{"token":"{token}","x":1}}"#),
                r#"{"token":"***","x":1}"#,
            ),
            (format!("[{token},{token}]"), "[***,***]"),
            (format!("token={}", &token[..30]), "token=***"),
            (format!("at {}", &token[21..]), "at ***"),
            ("keyJ is a key".to_owned(), "k*** is a key"),
            ("none".to_owned(), "none"),
        ] {
            assert_eq!(excerpt(&text), shown);
            assert_eq!(escape_line(&text), shown);
        }
    }

    #[test]
    fn an_excerpt_is_the_first_line_with_something_on_it() {
        assert_eq!(
            excerpt("\n### Error updating database.  Cause: x\n### more"),
            "### Error updating database.  Cause: x"
        );
        assert_eq!(excerpt(" \r\n\t\r\n"), "");
        assert_eq!(excerpt("任务失败\r\nx"), "任务失败");
    }

    #[test]
    fn terminal_sequences_and_reordering_are_spelled_out() {
        assert_eq!(excerpt("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(excerpt("a\u{202e}b\u{9b}c"), "a\\u{202e}b\\u{9b}c");
        assert_eq!(excerpt("tab\there"), "tab here");
    }

    #[test]
    fn long_text_is_cut_by_characters() {
        let long = "网".repeat(500);
        let cut = excerpt(&long);
        assert_eq!(cut.chars().count(), 201);
        assert!(cut.ends_with('…'));
        assert_eq!(excerpt(&"x".repeat(200)).len(), 200);
    }

    #[test]
    fn a_message_stays_whole_on_one_line() {
        assert_eq!(escape_line("a\nb \r\n"), "a\\nb");
        assert_eq!(escape_line(&"y".repeat(2000)).chars().count(), 1001);
    }
}
