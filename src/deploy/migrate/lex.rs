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

/// What stands at a place of a script, as the server and its ordinary client read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// A text or a name in these quotes.
    Quoted(u8),
    /// A comment to the end of its line.
    Line,
    /// A comment between marks.
    Comment,
    /// The mark that opens a conditional comment, whose content may count.
    Open,
    /// The mark that closes it.
    Close,
    /// Anything else.
    Plain,
}

/// What the bytes begin with, and its length; none if it is not closed. A closing mark counts in a conditional
/// comment alone.
pub(super) fn span(bytes: &[u8], conditional: bool) -> (Span, Option<usize>) {
    let digits = |from: usize| {
        let digits = bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        Some(from + digits.count())
    };
    let line = || Some(bytes.iter().take_while(|byte| **byte != b'\n').count());
    match bytes {
        [quote @ (b'\'' | b'"' | b'`'), ..] => (Span::Quoted(*quote), quoted(bytes, *quote)),
        [b'#', ..] | [b'-', b'-'] => (Span::Line, line()),
        [b'-', b'-', next, ..] if *next <= b' ' || *next == 0x7f => (Span::Line, line()),
        [b'/', b'*', b'!', ..] => (Span::Open, digits(3)),
        [b'/', b'*', b'M', b'!', ..] => (Span::Open, digits(4)),
        [b'/', b'*', rest @ ..] => {
            let end = rest.windows(2).position(|pair| pair == b"*/");
            (Span::Comment, end.map(|end| end + 4))
        }
        [b'*', b'/', ..] if conditional => (Span::Close, Some(2)),
        _ => (Span::Plain, Some(1)),
    }
}

/// The length of what stands in quotes; a quote that is doubled or behind a backslash does not close.
fn quoted(bytes: &[u8], quote: u8) -> Option<usize> {
    let mut at = 1;
    while at < bytes.len() {
        let doubled = bytes[at] == quote && bytes.get(at + 1) == Some(&quote);
        if doubled || bytes[at] == b'\\' && quote != b'`' {
            at += 2;
        } else if bytes[at] == quote {
            return Some(at + 1);
        } else {
            at += 1;
        }
    }
    None
}

/// The tokens of a statement that [`split`](super::split::split) made, so that quotes and comments are closed;
/// with or without the content of conditional comments.
pub(super) fn tokens(text: &str, conditional: bool) -> Vec<Token> {
    let (mut found, mut at, mut inside) = (Vec::new(), 0, false);
    while at < text.len() {
        let (span, length) = span(&text.as_bytes()[at..], inside);
        let mut length = length.unwrap_or(text.len() - at);
        let kind = match span {
            Span::Quoted(b'`') => Some(TokenKind::Name(content(&text[at..at + length]))),
            Span::Quoted(_) => Some(TokenKind::Text(content(&text[at..at + length]))),
            Span::Line | Span::Comment => None,
            Span::Open | Span::Close => {
                inside = span == Span::Open;
                None
            }
            Span::Plain => {
                let (kind, bytes) = plain(&text[at..]);
                length = bytes;
                kind
            }
        };
        let (start, end) = (at, at + length);
        found.extend(kind.filter(|_| conditional || !inside).map(|kind| Token {
            kind,
            start,
            end,
        }));
        at = end;
    }
    found
}

/// Where the server itself ends statements in a text that the client sends as one: at semicolons that stand in
/// no body of a routine. Byte positions.
pub(super) fn borders(text: &str) -> Vec<usize> {
    const OPENS: &str = "then else begin do loop repeat row deterministic data sql invoker definer";
    let tokens = tokens(text, true);
    let (mut found, mut depth, mut first) = (Vec::new(), 0_i32, 0);
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let behind = tokens.get(at + 1);
        let ends = |token: &&Token| token.is("end");
        let starts = |token: &&Token| token.is_any(OPENS) || ";):".chars().any(|c| token.punct(c));
        let transaction =
            at == first && behind.is_none_or(|next| next.punct(';') || next.is("work"));
        let opens = token.is("begin") && !transaction
            || token.is("case") && !before.as_ref().is_some_and(ends)
            || token.is_any("if loop repeat while") && before.as_ref().is_some_and(starts);
        if opens {
            depth += 1;
        } else if token.is("end") && !behind.is_some_and(|next| next.is("for")) {
            depth -= 1;
        } else if token.punct(';') && depth <= 0 {
            found.push(token.start);
            (depth, first) = (0, at + 1);
        }
    }
    found
}

/// A word or a sign, and how many bytes that takes; nothing for a blank.
fn plain(text: &str) -> (Option<TokenKind>, usize) {
    let part = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '_' | '$' | '@')
            || (c as u32 >= 0x80 && !c.is_whitespace())
    };
    let first = text.chars().next().unwrap_or(' ');
    if part(first) {
        let word: String = text.chars().take_while(|c| part(*c)).collect();
        let length = word.len();
        return (Some(TokenKind::Word(word)), length);
    }
    let blank = first.is_whitespace() || first.is_control();
    let kind = (!blank).then_some(TokenKind::Punct(first));
    (kind, first.len_utf8())
}

/// The text between quotes.
fn content(quoted: &str) -> String {
    let mut inner = quoted.chars();
    let quote = inner.next();
    inner.next_back();
    let mut content = String::new();
    while let Some(c) = inner.next() {
        let escaped = c == '\\' && quote != Some('`');
        let next = if escaped || Some(c) == quote {
            inner.next()
        } else {
            Some(c)
        };
        content.extend(next.map(|next| match next {
            'n' if escaped => '\n',
            't' if escaped => '\t',
            'r' if escaped => '\r',
            '0' if escaped => '\0',
            other => other,
        }));
    }
    content
}
