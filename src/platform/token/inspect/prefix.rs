//! How the token was written: bare, behind `Bearer`, or behind something that is nearly `Bearer`.

/// What stands before the token (`docs/platform/tokens.md#authorization-header`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationPrefix {
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
pub(super) fn split_prefix(text: &str) -> (AuthorizationPrefix, &str) {
    let text = without_header_name(text.trim());
    let Some((word, rest)) = text.split_at_checked(WORD.len()) else {
        return (AuthorizationPrefix::Bare, text);
    };
    if word != WORD {
        let ends_there = rest.is_empty() || rest.starts_with(char::is_whitespace);
        return if word.eq_ignore_ascii_case(WORD) && ends_there {
            (AuthorizationPrefix::OtherCase, rest.trim_start())
        } else {
            (AuthorizationPrefix::Bare, text)
        };
    }
    let mut letters = rest.chars();
    match letters.next() {
        None => (AuthorizationPrefix::BearerAlone, ""),
        Some(' ') => {
            let token = letters.as_str();
            match token.trim_start() {
                trimmed if trimmed.len() < token.len() => {
                    (AuthorizationPrefix::BearerSpaces, trimmed)
                }
                _ => (AuthorizationPrefix::Bearer, token),
            }
        }
        Some(letter) if letter.is_ascii_alphanumeric() => (AuthorizationPrefix::BearerGlued, rest),
        Some(_) => (AuthorizationPrefix::BearerOther, letters.as_str()),
    }
}

fn without_header_name(text: &str) -> &str {
    const NAME: &str = "Authorization:";
    match text.split_at_checked(NAME.len()) {
        Some((name, rest)) if name.eq_ignore_ascii_case(NAME) => rest.trim_start(),
        _ => text,
    }
}
