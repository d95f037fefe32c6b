//! Showing what stands in a token that anybody may have made.

use jiff::Timestamp;
use serde_json::Value;

/// Longer values are cut: a token may hold a novel.
const MAX_SHOWN_CHARS: usize = 200;

/// A claim's value on one line, with nothing in it that a terminal obeys.
pub(super) fn escape_value(value: &Value) -> String {
    match value {
        Value::String(text) => escape_text(text),
        other => escape_text(&other.to_string()),
    }
}

/// A text on one line, with nothing in it that a terminal obeys.
pub(super) fn escape_text(text: &str) -> String {
    let mut line = String::new();
    for letter in text.chars().take(MAX_SHOWN_CHARS) {
        if letter.is_control() || is_invisible(letter) {
            line.extend(letter.escape_unicode());
        } else {
            line.push(letter);
        }
    }
    if text.chars().nth(MAX_SHOWN_CHARS).is_some() {
        line.push('…');
    }
    line
}

/// Characters that change the direction of a line, or are not seen.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// A second since 1970 as a date and time in UTC; the number itself where no calendar has it.
pub(in crate::platform::token) fn time_text(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| second.to_string(), |time| time.to_string())
}
