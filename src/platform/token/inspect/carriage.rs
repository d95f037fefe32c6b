//! How the token was written: bare, behind `Bearer`, or behind something that is nearly `Bearer`.

/// What stands before the token (`api.md` 1.2, "header prefix").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carriage {
    /// Nothing. The verdicts are for a header that puts `Bearer ` before it.
    Bare,
    /// `Bearer ` as it has to be.
    Bearer,
    /// `Bearer` with more than one space behind it: v3 trims them, v4 does not.
    BearerSpaces,
    /// `Bearer` with another character than a space behind it. v4 core cuts seven characters off
    /// without looking at the seventh; nobody else takes it.
    BearerOther,
    /// `Bearer` with the token right behind it: v4 core cuts off the token's first letter.
    BearerGlued,
    /// `bearer` or `BEARER`.
    OtherCase,
    /// `Bearer` alone.
    BearerAlone,
}

const WORD: &str = "Bearer";

/// Tells what stands before a token, and gives the token. A pasted header line is taken too.
pub(super) fn take_apart(text: &str) -> (Carriage, &str) {
    let text = without_header_name(text.trim());
    let Some((word, rest)) = text.split_at_checked(WORD.len()) else {
        return (Carriage::Bare, text);
    };
    if word != WORD {
        let ends_there = rest.is_empty() || rest.starts_with(char::is_whitespace);
        return if word.eq_ignore_ascii_case(WORD) && ends_there {
            (Carriage::OtherCase, rest.trim_start())
        } else {
            (Carriage::Bare, text)
        };
    }
    let mut letters = rest.chars();
    match letters.next() {
        None => (Carriage::BearerAlone, ""),
        Some(' ') => {
            let token = letters.as_str();
            match token.trim_start() {
                trimmed if trimmed.len() < token.len() => (Carriage::BearerSpaces, trimmed),
                _ => (Carriage::Bearer, token),
            }
        }
        Some(letter) if letter.is_ascii_alphanumeric() => (Carriage::BearerGlued, rest),
        Some(_) => (Carriage::BearerOther, letters.as_str()),
    }
}

fn without_header_name(text: &str) -> &str {
    const NAME: &str = "Authorization:";
    match text.split_at_checked(NAME.len()) {
        Some((name, rest)) if name.eq_ignore_ascii_case(NAME) => rest.trim_start(),
        _ => text,
    }
}
