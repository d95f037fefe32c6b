//! Seed to key, exactly as each generation does it (`docs/platform/tokens.md#seed-decoders`).
//!
//! v4 decodes with Go's `base64.RawStdEncoding`: plain alphabet, no padding, CR and LF skipped,
//! spare bits dropped (the platform's own default seed has some). v3 decodes with commons-codec
//! 1.15, which takes nearly anything. `fixtures/token/seeds.json` holds what those two programs make
//! of several hundred seeds. An error names a rule and a place, never a character.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::zeroize::Zeroize;

use super::key::SigningKey;
use crate::i18n::Text;
use crate::secret::Secret;

/// What every component but v3 core uses where no seed is set (`docs/platform/tokens.md#signing-seed`).
pub const DEFAULT_SEED: &str = "Platform+Auth+Server+Secret";

const DECODER: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Why a seed gives no key. A position counts characters of the seed as it is in its file, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedError {
    /// v4 takes `A-Z a-z 0-9 + /` alone.
    Alphabet {
        /// The first such character.
        position: usize,
    },
    /// v4 takes no `=`, not even if Base64 wants it.
    Padding {
        /// The first `=`.
        position: usize,
    },
    /// The length, line breaks not counted, leaves one character over when divided by four.
    LeftOver {
        /// The last character that counts.
        position: usize,
    },
    /// It decodes to no byte at all. v3 does not sign with an empty key; v4 would, and then anybody
    /// could sign a token.
    NoBytes,
    /// A blank seed: v3's auth-server replaces it by the default, v3 core does not.
    Blank,
}

impl SeedError {
    /// The rule that is broken and where, for people.
    pub fn text(self) -> Text {
        match self {
            Self::Alphabet { position } => {
                Text::new("token-seed-rule-alphabet").with("position", position)
            }
            Self::Padding { position } => {
                Text::new("token-seed-rule-padding").with("position", position)
            }
            Self::LeftOver { position } => {
                Text::new("token-seed-rule-left-over").with("position", position)
            }
            Self::NoBytes => Text::new("token-seed-rule-no-bytes"),
            Self::Blank => Text::new("token-seed-rule-blank"),
        }
    }
}

/// The key that v4 core and auth-server read from a seed.
pub fn v4_key(seed: &Secret) -> Result<SigningKey, SeedError> {
    let seed = match seed.expose() {
        "" => DEFAULT_SEED,
        seed => seed,
    };
    let mut plain = Plain::with_room_for(seed);
    let mut last = 0;
    for (position, letter) in (1..).zip(seed.chars()) {
        match letter {
            '\r' | '\n' => continue,
            '=' => return Err(SeedError::Padding { position }),
            _ if !in_alphabet(letter) => return Err(SeedError::Alphabet { position }),
            _ => plain.push(letter),
        }
        last = position;
    }
    if plain.leaves_one_over() {
        return Err(SeedError::LeftOver { position: last });
    }
    plain.decode()
}

/// The key that v3 core and auth-server read from a seed: `-` and `_` stand for `+` and `/`, the
/// first `=` ends it, a last character that is left over and all else is skipped.
pub fn v3_key(seed: &Secret) -> Result<SigningKey, SeedError> {
    if is_blank(seed.expose()) {
        return Err(SeedError::Blank);
    }
    lenient_key(seed.expose())
}

fn lenient_key(seed: &str) -> Result<SigningKey, SeedError> {
    let mut plain = Plain::with_room_for(seed);
    for letter in seed.chars().take_while(|letter| *letter != '=') {
        match letter {
            '-' => plain.push('+'),
            '_' => plain.push('/'),
            _ if in_alphabet(letter) => plain.push(letter),
            _ => {}
        }
    }
    if plain.leaves_one_over() {
        plain.0.pop();
    }
    plain.decode()
}

/// Blank as v3's auth-server means it: Java's white space, which leaves the no-break spaces out.
fn is_blank(seed: &str) -> bool {
    const NO_BREAK: [char; 4] = ['\u{85}', '\u{a0}', '\u{2007}', '\u{202f}'];
    seed.chars().all(|letter| {
        (letter.is_whitespace() && !NO_BREAK.contains(&letter))
            || ('\u{1c}'..='\u{1f}').contains(&letter)
    })
}

fn in_alphabet(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '+' || letter == '/'
}

/// Characters of the plain alphabet, wiped when dropped. It never grows, so no copy is left behind.
struct Plain(Vec<u8>);

impl Plain {
    fn with_room_for(seed: &str) -> Self {
        Self(Vec::with_capacity(seed.len()))
    }

    /// Adds a character of the alphabet, which is one byte.
    fn push(&mut self, letter: char) {
        self.0.extend(u8::try_from(letter));
    }

    fn leaves_one_over(&self) -> bool {
        self.0.len() % 4 == 1
    }

    fn decode(&self) -> Result<SigningKey, SeedError> {
        let bytes = DECODER
            .decode(&self.0)
            .expect("characters of the alphabet with none left over always decode");
        if bytes.is_empty() {
            return Err(SeedError::NoBytes);
        }
        Ok(SigningKey::new(bytes))
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
