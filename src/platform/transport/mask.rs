//! Hides the secrets that we sent in what comes back. A platform, a proxy or an error page may echo a
//! request, whole, in parts, or in another encoding.

use std::collections::BTreeSet;

use aho_corasick::automaton::OverlappingState;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};

use crate::platform::request::RawAnswer;

/// So many characters in a row of a secret are hidden: half a secret is one too. Chance does not bring
/// so many.
const PIECE: usize = 16;
/// A shorter secret would be found in harmless words.
const SHORTEST: usize = 8;

/// The secrets of one request. Without `Debug`: it holds them.
pub(super) struct Mask(Option<AhoCorasick>);

impl Mask {
    /// A mask of these secrets: as they are, in URLs, in JSON, and in Base64 at any place in it.
    pub(super) fn of<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut pieces = BTreeSet::new();
        for secret in secrets {
            for form in forms(secret) {
                match form.len() {
                    0..SHORTEST => {}
                    SHORTEST..PIECE => {
                        pieces.insert(form);
                    }
                    _ => pieces.extend(form.windows(PIECE).map(<[u8]>::to_vec)),
                }
            }
        }
        let finder = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&pieces);
        Self(finder.ok().filter(|_| !pieces.is_empty()))
    }

    /// Replaces each byte of a piece by `*`: lengths stay, and JSON stays JSON.
    pub(super) fn hide(&self, bytes: &mut [u8]) {
        let Some(finder) = &self.0 else { return };
        // One by one: an answer may hold a piece at each of its bytes. What is behind a match was read.
        let mut state = OverlappingState::start();
        loop {
            finder.find_overlapping(&*bytes, &mut state);
            let Some(found) = state.get_match() else {
                return;
            };
            bytes[found.range()].fill(b'*');
        }
    }

    fn hide_text(&self, text: &mut Option<String>) {
        if let Some(text) = text {
            let mut bytes = std::mem::take(text).into_bytes();
            self.hide(&mut bytes);
            *text = String::from_utf8_lossy(&bytes).into_owned();
        }
    }

    /// Hides them wherever an answer has words.
    pub(super) fn hide_in(&self, answer: &mut RawAnswer) {
        self.hide(&mut answer.body);
        for text in [
            &mut answer.content_type,
            &mut answer.etag,
            &mut answer.location,
            &mut answer.retry_after,
        ] {
            self.hide_text(text);
        }
    }
}

fn forms(secret: &str) -> Vec<Vec<u8>> {
    let json = serde_json::Value::from(secret).to_string();
    let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let mut forms = vec![
        secret.as_bytes().to_vec(),
        secret.to_ascii_lowercase().into_bytes(),
        url.to_ascii_lowercase().into_bytes(),
        url.into_bytes(),
        json.trim_matches('"').as_bytes().to_vec(),
    ];
    // Three bytes become four characters: where the secret begins among three gives three encodings.
    for skip in 0..3 {
        let Some(rest) = secret.as_bytes().get(skip..) else {
            continue;
        };
        let whole = &rest[..rest.len() / 3 * 3];
        forms.push(BASE64_STANDARD_NO_PAD.encode(whole).into_bytes());
        forms.push(BASE64_URL_SAFE_NO_PAD.encode(whole).into_bytes());
    }
    forms
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    const TOKEN: &str =
        "eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiJ3ZWN1YmVjdGwifQ.c2ln-bmF0dXJl_b2ZhbGxvZml0";

    fn hidden(secret: &str, words: &str) -> String {
        let mut bytes = words.as_bytes().to_vec();
        Mask::of([secret]).hide(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_piece_of_a_token_is_left_in_any_form() {
        let header = format!("Bearer {TOKEN}");
        let mut forms = vec![header.clone(), header.to_ascii_lowercase()];
        forms.extend(TOKEN.split('.').map(str::to_owned));
        forms.push(TOKEN[..40].to_owned());
        forms.push(TOKEN[30..].to_owned());
        forms.extend(
            ["", "a", "ab"].map(|before| BASE64_STANDARD.encode(format!("{before}{TOKEN}"))),
        );
        for form in forms {
            let shown = hidden(TOKEN, &format!("<p>{form}</p>"));
            assert_eq!(shown.len(), form.len() + 7, "lengths stay");
            let longest = shown.split('*').map(str::len).max();
            assert!(longest < Some(PIECE + 7), "{form}: {shown}");
            assert!(shown.contains("****************"), "{form}: {shown}");
        }
    }

    #[test]
    fn escaped_passwords_are_hidden_and_short_ones_are_not_looked_for() {
        let password = "p@ss\"word+/ 123";
        for words in ["p%40ss%22word%2B%2F+123", r#"p@ss\"word+/ 123"#, password] {
            assert!(!hidden(password, words).contains("ss"), "{words}");
        }
        assert_eq!(hidden("monitor", "monitor"), "monitor");
        assert_eq!(hidden(TOKEN, "nothing of it"), "nothing of it");
    }
}
