//! The tokens of one statement: what stands in quotes is one token, comments are none. Pure.

/// A token with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// Byte positions in the statement.
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A keyword, a name without quotes, a number.
    Word(String),
    /// A name in backquotes.
    Name(String),
    /// A text in quotes.
    Text(String),
    /// Anything else.
    Punct(char),
}

impl Token {
    /// Whether it is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(&self.kind, TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Whether it is one of these keywords, written with blanks between them.
    pub(super) fn is_any(&self, keywords: &str) -> bool {
        keywords.split(' ').any(|keyword| self.is(keyword))
    }

    pub(super) fn punct(&self, punct: char) -> bool {
        self.kind == TokenKind::Punct(punct)
    }

    /// The name that it may be.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.kind {
            TokenKind::Word(name) | TokenKind::Name(name) => Some(name),
            TokenKind::Text(_) | TokenKind::Punct(_) => None,
        }
    }

    /// Whether it is a text or a number: a value that is the same each time.
    pub(super) fn literal(&self) -> bool {
        match &self.kind {
            TokenKind::Text(_) => true,
            TokenKind::Word(word) => {
                word.starts_with(|c: char| c.is_ascii_digit()) || self.is_any("null true false")
            }
            TokenKind::Name(_) | TokenKind::Punct(_) => false,
        }
    }
}

/// Whether a word is one of these, written with blanks between them.
pub(super) fn listed(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|one| one == word)
}

/// The tokens of a statement that [`split`](super::split::split) made, so that quotes and comments are closed.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let kind = match rest {
            [quote @ (b'\'' | b'"' | b'`'), ..] => {
                let (content, length) = quoted(&text[at..], char::from(*quote));
                let kind = if *quote == b'`' {
                    TokenKind::Name(content)
                } else {
                    TokenKind::Text(content)
                };
                Some((kind, length))
            }
            _ => match comment_length(text, at) {
                Some(length) => {
                    at += length;
                    continue;
                }
                None => plain(&text[at..]),
            },
        };
        let (kind, length) = match kind {
            Some((kind, length)) => (Some(kind), length),
            None => (None, text[at..].chars().next().map_or(1, char::len_utf8)),
        };
        if let Some(kind) = kind {
            let (start, end) = (at, at + length);
            found.push(Token { kind, start, end });
        }
        at += length;
    }
    found
}

/// Bytes of a comment, or of the marks around a conditional one, whose content counts.
fn comment_length(text: &str, at: usize) -> Option<usize> {
    let rest = &text.as_bytes()[at..];
    let count = |from: usize, counts: fn(&u8) -> bool| {
        rest[from..].iter().take_while(|byte| counts(byte)).count()
    };
    let digits = |from| count(from, u8::is_ascii_digit);
    let line = || count(0, |byte| *byte != b'\n');
    match rest {
        [b'#', ..] | [b'-', b'-'] => Some(line()),
        [b'-', b'-', next, ..] if *next <= b' ' => Some(line()),
        [b'/', b'*', b'!', ..] => Some(3 + digits(3)),
        [b'/', b'*', b'M', b'!', ..] => Some(4 + digits(4)),
        [b'/', b'*', ..] => Some(text[at + 2..].find("*/").map_or(rest.len(), |end| end + 4)),
        [b'*', b'/', ..] => Some(2),
        _ => None,
    }
}

fn plain(text: &str) -> Option<(TokenKind, usize)> {
    let part = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '_' | '$' | '@')
            || (c as u32 >= 0x80 && !c.is_whitespace())
    };
    let first = text.chars().next()?;
    if part(first) {
        let word: String = text.chars().take_while(|c| part(*c)).collect();
        let length = word.len();
        return Some((TokenKind::Word(word), length));
    }
    let blank = first.is_whitespace() || first.is_control();
    (!blank).then_some((TokenKind::Punct(first), first.len_utf8()))
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
