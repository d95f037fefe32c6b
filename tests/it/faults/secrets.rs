//! Looks for secrets in whatever the binary left: whole, in parts, and in other spellings.

use std::collections::HashSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// A piece of a secret this long is a leak.
const PIECE: usize = 16;

/// Pieces of the run's secrets, and where they were found.
pub(crate) struct Scanner {
    pieces: HashSet<Vec<u8>>,
    /// Bytes that were searched.
    pub(crate) bytes: usize,
    /// Where a piece was found.
    pub(crate) found: Vec<String>,
}

impl Scanner {
    /// Looks for secrets, and for payload and signature of each token (the first part of a token is
    /// the same for everybody).
    pub(crate) fn new(secrets: &[&str], tokens: &[String]) -> Self {
        let parts = tokens.iter().flat_map(|token| token.split('.').skip(1));
        let secrets = parts.chain(secrets.iter().copied());
        let pieces = secrets.flat_map(spellings).flat_map(|text| pieces(&text));
        Self {
            pieces: pieces.collect(),
            bytes: 0,
            found: Vec::new(),
        }
    }

    pub(crate) fn look(&mut self, place: &str, bytes: &[u8]) {
        self.bytes += bytes.len();
        if bytes
            .windows(PIECE)
            .any(|window| self.pieces.contains(window))
        {
            self.found.push(format!("{place} holds a secret"));
        }
    }
}

/// A secret as it is, URL-escaped, JSON-escaped, and as Base64 at each of three offsets.
fn spellings(secret: &str) -> Vec<String> {
    let escaped = |escape: fn(u8) -> String| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let one = |byte: u8| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                escape(byte)
            }
        };
        secret.bytes().map(one).collect::<String>()
    };
    let mut all = vec![
        secret.to_owned(),
        escaped(|byte| format!("%{byte:02X}")),
        escaped(|byte| format!("\\u{byte:04x}")),
        secret.replace('/', "\\/"),
    ];
    for offset in 0..3 {
        let shifted = [&vec![b' '; offset], secret.as_bytes()].concat();
        let encoded = BASE64_STANDARD.encode(shifted);
        // The first group holds what was put before.
        all.push(encoded.trim_end_matches('=')[offset.min(1) * 4..].to_owned());
    }
    all.sort();
    all.dedup();
    all
}

/// Overlapping pieces: whatever part of the text is long enough holds one of them.
fn pieces(text: &str) -> Vec<Vec<u8>> {
    let bytes = text.as_bytes();
    let starts = (0..bytes.len().saturating_sub(PIECE)).step_by(PIECE / 2);
    starts.map(|at| bytes[at..at + PIECE].to_vec()).collect()
}

#[test]
fn scanner_finds_a_secret_whole_cut_and_in_other_spellings() {
    let seed = "Canary9Seed7Kx+Q2vTz/8mWbLrY4nHcJ6dP";
    let token = format!(
        "eyJhbGciOiJIUzUxMiJ9.{}.{}",
        "abcdefgh01234567".repeat(3),
        "Zyxwvut-_9876543".repeat(3)
    );
    let tokens = [token.clone()];
    let is_found = |text: &str| {
        let mut scanner = Scanner::new(&[seed], &tokens);
        scanner.look("text", text.as_bytes());
        !scanner.found.is_empty()
    };
    for leak in [
        seed.to_owned(),
        token.clone(),
        format!("cut {}", &seed[..24]),
        format!("cut {}", &token[30..55]),
        BASE64_STANDARD.encode(&token),
        BASE64_STANDARD.encode(format!("x{seed}")),
        BASE64_STANDARD.encode(format!("Bearer {token}")),
        "Canary9Seed7Kx%2BQ2vTz%2F8mWbLrY4nHcJ6dP".to_owned(),
        "Canary9Seed7Kx\\u002bQ2vTz\\u002f8mWbLrY4nHcJ6dP".to_owned(),
    ] {
        assert!(is_found(&leak), "{leak}");
    }
    assert!(!is_found("eyJhbGciOiJIUzUxMiJ9 and Canary9Seed7"));
}
