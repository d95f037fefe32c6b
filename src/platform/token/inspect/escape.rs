//! Showing what stands in a token that anybody may have made.

/// Longer values are cut: a token may hold a novel.
const MAX_SHOWN_CHARS: usize = 200;

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
