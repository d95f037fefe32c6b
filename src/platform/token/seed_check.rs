//! Whether the generations read one key from a seed.
//!
//! A seed that v3 accepts and v4 refuses is the trap of the upgrade: v3 goes on, v4's auth-server
//! does not start and its core answers 401 to everything.

use super::seed::{SeedError, v3_key, v4_key};
use crate::i18n::Text;
use crate::secret::Secret;

/// Whether one seed serves both generations, as it must if they share one database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedVerdict {
    /// Both read the same key.
    Accepted,
    /// v3 reads a key where v4 refuses.
    OnlyV3(SeedError),
    /// v4 reads a key where v3 refuses: a blank seed, which v3 core takes at its word.
    OnlyV4(SeedError),
    /// Neither reads a key; v4's reason, since its rules are the narrower ones.
    Refused(SeedError),
}

impl SeedVerdict {
    /// What is wrong, which rule, where, and what to do; `None` if nothing is.
    pub fn fault(&self) -> Option<Text> {
        let (text, rule) = match self {
            Self::Accepted => return None,
            Self::OnlyV3(rule) => (Text::new("token-seed-only-v3"), rule),
            Self::OnlyV4(rule) => (Text::new("token-seed-only-v4"), rule),
            Self::Refused(rule) => (Text::new("token-seed-refused"), rule),
        };
        Some(text.nested("rule", rule.text()))
    }
}

/// Reads a seed as both generations do. If v3 and v4 both accept, they read the same bytes: v4 accepts
/// only what v3 decodes in the same way (a property test holds that).
pub fn check_seed(seed: &Secret) -> SeedVerdict {
    match (v3_key(seed), v4_key(seed)) {
        (Ok(_), Ok(_)) => SeedVerdict::Accepted,
        (Ok(_), Err(refusal)) => SeedVerdict::OnlyV3(refusal),
        (Err(refusal), Ok(_)) => SeedVerdict::OnlyV4(refusal),
        (Err(_), Err(refusal)) => SeedVerdict::Refused(refusal),
    }
}
