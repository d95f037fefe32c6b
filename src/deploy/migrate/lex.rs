//! The words of one statement: what stands in quotes is one word, comments are none. Pure.

/// A word of a statement with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) what: What,
    /// Byte positions in the statement.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Kinds of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A keyword, a name without quotes, a number.
    Plain(String),
    /// A name in backquotes.
    Name(String),
    /// A text in quotes.
    Text(String),
    /// Anything else.
    Sign(char),
}

impl Word {
    /// Whether it is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(&self.what, What::Plain(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Whether it is this sign.
    pub(super) fn sign(&self, sign: char) -> bool {
        self.what == What::Sign(sign)
    }

    /// The name that it may be.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.what {
            What::Plain(name) | What::Name(name) => Some(name),
            What::Text(_) | What::Sign(_) => None,
        }
    }
}

/// The words of a statement that was split off, so that its quotes and comments are closed.
pub(super) fn words(text: &str) -> Vec<Word> {
    let bytes = text.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        let rest = &bytes[at..];
        match rest {
            [quote @ (b'\'' | b'"' | b'`'), ..] => {
                let (content, length) = quoted(&text[at..], char::from(*quote));
                at += length;
                let what = if *quote == b'`' {
                    What::Name(content)
                } else {
                    What::Text(content)
                };
                found.push(Word {
                    what,
                    start,
                    end: at,
                });
            }
            [b'#', ..] | [b'-', b'-'] => at += line_length(rest),
            [b'-', b'-', next, ..] if *next <= b' ' => at += line_length(rest),
            [b'/', b'*', b'!', ..] => at += 3 + digits(&rest[3..]),
            [b'/', b'*', b'M', b'!', ..] => at += 4 + digits(&rest[4..]),
            [b'/', b'*', ..] => {
                let end = text[at + 2..].find("*/").map(|end| end + 4);
                at += end.unwrap_or(rest.len());
            }
            [b'*', b'/', ..] => at += 2,
            _ => {
                let c = text[at..].chars().next().unwrap_or(' ');
                if plain(c) {
                    let word: String = text[at..].chars().take_while(|c| plain(*c)).collect();
                    at += word.len();
                    found.push(Word {
                        what: What::Plain(word),
                        start,
                        end: at,
                    });
                } else {
                    at += c.len_utf8();
                    if !c.is_whitespace() && !c.is_control() {
                        found.push(Word {
                            what: What::Sign(c),
                            start,
                            end: at,
                        });
                    }
                }
            }
        }
    }
    found
}

fn plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '@') || (c as u32 >= 0x80 && !c.is_whitespace())
}

fn digits(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

fn line_length(bytes: &[u8]) -> usize {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    end.unwrap_or(bytes.len())
}

/// What stands in quotes at the beginning, and how many bytes that takes.
fn quoted(text: &str, quote: char) -> (String, usize) {
    let mut content = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote != '`' {
            if let Some((_, next)) = chars.next() {
                content.push(match next {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '0' => '\0',
                    other => other,
                });
            }
        } else if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
                content.push(quote);
            } else {
                return (content, at + 1);
            }
        } else {
            content.push(c);
        }
    }
    (content, text.len())
}
