//! Breaks lines by the columns that they take, Chinese included.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Characters that no line begins with.
const NO_START: &str = "，。、；：！？）】》”’,.;:!?)]}";

/// Breaks words into lines of at most `width` columns. A word that is longer than a line keeps a line of
/// its own and is not broken: paths and commands can then be copied.
pub(super) fn wrap(words: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(words) {
        let fits = line.width() + piece.trim_end().width() <= width;
        if !line.is_empty() && !fits {
            line.truncate(line.trim_end().len());
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(piece);
    }
    line.truncate(line.trim_end().len());
    lines.push(line);
    lines
}

/// Pieces that stay together: a word and the space after it, or one wide character and what may not
/// begin a line after it.
fn pieces(words: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    // A path with Chinese names in it stays whole; it ends with a space or a Chinese mark.
    let mut in_path = false;
    for (at, c) in words.char_indices() {
        let after_space = before == Some(' ') && c != ' ';
        let beside_wide = before.is_some_and(is_wide) || (is_wide(c) && before != Some(' '));
        let may_break = !in_path && before.is_some() && (after_space || beside_wide);
        if may_break && !NO_START.contains(c) && c != ' ' && before.is_some_and(|c| c != '（') {
            pieces.push(&words[start..at]);
            start = at;
        }
        in_path = (in_path || c == '/') && !" ，。、；：（）“”".contains(c);
        before = Some(c);
    }
    pieces.push(&words[start..]);
    pieces
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_fit_and_long_words_stay_whole() {
        for (words, width, lines) in [
            ("", 10, vec![""]),
            ("one two three", 7, vec!["one two", "three"]),
            (
                "see /ui-resources/monitor/v2.0.7/a.js now",
                10,
                vec!["see", "/ui-resources/monitor/v2.0.7/a.js", "now"],
            ),
            (
                "第一个是 /ui-resources/监控插件/v2.0.7/a.js，共 7 个",
                10,
                vec![
                    "第一个是",
                    "/ui-resources/监控插件/v2.0.7/a.js，",
                    "共 7 个",
                ],
            ),
            ("网关没有它的路由", 8, vec!["网关没有", "它的路由"]),
            ("网关没有，路由", 8, vec!["网关没", "有，路由"]),
            (
                "注册插件包 monitor 之后",
                12,
                vec!["注册插件包", "monitor 之后"],
            ),
        ] {
            assert_eq!(wrap(words, width), lines);
        }
    }
}
