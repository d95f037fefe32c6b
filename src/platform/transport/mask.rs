//! Hides the secrets that we sent in what comes back. A platform, a proxy or an error page may echo a
//! request, whole, in parts, or in another encoding.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use foldhash::HashSet;

use crate::platform::request::RawAnswer;

/// So many characters in a row of a secret are hidden: half a secret is one too. Chance does not bring
/// so many.
const PIECE: usize = 16;
/// A shorter secret would be found in harmless words.
const SHORTEST: usize = 8;

/// The pieces of the secrets of one request, by length. Without `Debug`: it holds them.
pub(super) struct Mask(BTreeMap<usize, HashSet<Vec<u8>>>);

impl Mask {
    /// A mask of these secrets: as they are, in URLs, in JSON, and in Base64 at any place in it.
    pub(super) fn of<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut pieces: BTreeMap<usize, HashSet<Vec<u8>>> = BTreeMap::new();
        let forms = secrets.into_iter().flat_map(forms);
        for form in forms.filter(|form| form.len() >= SHORTEST) {
            let length = form.len().min(PIECE);
            let windows = form.windows(length).map(<[u8]>::to_vec);
            pieces.entry(length).or_default().extend(windows);
        }
        Self(pieces)
    }

    /// Replaces each byte of a piece by `*`: lengths stay, and JSON stays JSON.
    pub(super) fn hide(&self, bytes: &mut [u8]) {
        for (length, pieces) in &self.0 {
            // A byte is replaced when no later piece can hold it.
            let mut hidden_until = 0;
            for at in 0..bytes.len() {
                let piece = bytes.get(at..at + length);
                if piece.is_some_and(|piece| pieces.contains(piece)) {
                    hidden_until = at + length;
                }
                if at < hidden_until {
                    bytes[at] = b'*';
                }
            }
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
    fn pieces_that_overlap_and_secrets_of_two_lengths_are_hidden() {
        let secrets = ["0123456789abcdefghijkl", "short-pw"];
        let mut bytes = b"<56789abcdefghijkl0123456789abcdef-short-pwshort-p".to_vec();
        Mask::of(secrets).hide(&mut bytes);
        let expected = format!("<{}-{}short-p", "*".repeat(33), "*".repeat(8));
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
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
