//! Whether the generations read one key from a seed.
//!
//! A seed that v3 accepts and v4 refuses is the trap of the upgrade: v3 goes on, v4's auth-server
//! does not start and its core answers 401 to everything.

use super::key::SigningKey;
use super::seed::{SeedError, is_blank, lenient_key, v3_key, v4_key};
use crate::i18n::Text;
use crate::secret::Secret;

/// Which generations a seed has to serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedUse {
    /// A v3 alone.
    V3,
    /// A v4 alone.
    V4,
    /// Both, as where they share one database.
    Both,
}

/// A component that reads the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Component {
    /// v3 auth-server, which signs.
    V3Auth,
    /// v3 core, which verifies.
    V3Core,
    /// v4 auth-server, which signs.
    V4Auth,
    /// v4 core, which verifies.
    V4Core,
}

impl Component {
    /// The component's name, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::V3Auth => "v3 auth-server",
            Self::V3Core => "v3 core",
            Self::V4Auth => "v4 auth-server",
            Self::V4Core => "v4 core",
        }
    }
}

/// Where a component takes its key from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    /// From the seed.
    Seed,
    /// From the platform's default seed instead.
    Default,
    /// From nowhere: it does not work with this seed.
    Refused(SeedError),
}

/// What one component makes of a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComponentReading {
    /// The component.
    pub component: Component,
    /// Where its key comes from.
    pub origin: KeyOrigin,
}

impl ComponentReading {
    /// What the component makes of the seed (`docs/platform/tokens.md#seed-decoders`).
    pub fn of(component: Component, seed: &Secret) -> Self {
        let typed = seed.expose();
        let by_default = match component {
            Component::V3Auth => is_blank(typed),
            Component::V3Core => false,
            Component::V4Auth => typed.is_empty(),
            // A placeholder that nothing replaced is no seed either, to core alone.
            Component::V4Core => typed.is_empty() || typed.starts_with("{{"),
        };
        let read = match component {
            Component::V3Auth => lenient_key(typed),
            Component::V3Core => v3_key(seed),
            Component::V4Auth | Component::V4Core => v4_key(seed),
        };
        let origin = match read {
            _ if by_default => KeyOrigin::Default,
            Ok(_) => KeyOrigin::Seed,
            Err(error) => KeyOrigin::Refused(error),
        };
        Self { component, origin }
    }

    /// What the component makes of the seed, for people.
    pub fn text(&self) -> Text {
        let text = match self.origin {
            KeyOrigin::Seed => Text::new("token-seed-component-seed"),
            KeyOrigin::Default => Text::new("token-seed-component-default"),
            KeyOrigin::Refused(error) => {
                Text::new("token-seed-component-refused").nested("rule", error.text())
            }
        };
        text.with("component", self.component.name())
    }
}

/// What all components that matter make of a seed.
pub struct SeedCheck {
    /// Whether there is one key for all.
    pub verdict: SeedVerdict,
    /// Component by component.
    pub readings: Vec<ComponentReading>,
}

/// Whether there is one key for all who have to read the seed. It has no `Debug`: there are keys in
/// it.
pub enum SeedVerdict {
    /// All who were asked about read this key.
    Accepted(SigningKey),
    /// v3 reads a key where v4 refuses.
    OnlyV3 {
        /// The key that v3 reads.
        key: SigningKey,
        /// Why v4 refuses.
        refusal: SeedError,
    },
    /// v4 reads a key where v3 refuses: a blank seed, which v3 core takes at its word.
    OnlyV4 {
        /// The key that v4 reads.
        key: SigningKey,
        /// Why v3 refuses.
        refusal: SeedError,
    },
    /// Nobody who was asked about reads a key. Which reason is given: v4's, where v4 was asked
    /// about, since its rules are the narrower ones.
    Refused(SeedError),
}

impl SeedVerdict {
    /// The key, where all agree on it.
    pub fn key(&self) -> Option<&SigningKey> {
        match self {
            Self::Accepted(key) => Some(key),
            Self::OnlyV3 { .. } | Self::OnlyV4 { .. } | Self::Refused(_) => None,
        }
    }

    /// What is wrong, which rule, where, and what to do; `None` where nothing is.
    pub fn fault(&self) -> Option<Text> {
        match self {
            Self::Accepted(_) => None,
            Self::OnlyV3 { refusal, .. } => {
                Some(Text::new("token-seed-only-v3").nested("rule", refusal.text()))
            }
            Self::OnlyV4 { refusal, .. } => {
                Some(Text::new("token-seed-only-v4").nested("rule", refusal.text()))
            }
            Self::Refused(refusal) => {
                Some(Text::new("token-seed-refused").nested("rule", refusal.text()))
            }
        }
    }
}

/// Reads a seed as every component that matters does. Where v3 and v4 both accept, they read the
/// same bytes: v4 accepts only what v3 decodes in the same way (a property test holds that).
pub fn check_seed(seed: &Secret, wanted: SeedUse) -> SeedCheck {
    use Component::{V3Auth, V3Core, V4Auth, V4Core};
    let (verdict, components): (_, &[Component]) = match wanted {
        SeedUse::V3 => (alone(v3_key(seed)), &[V3Auth, V3Core]),
        SeedUse::V4 => (alone(v4_key(seed)), &[V4Auth, V4Core]),
        SeedUse::Both => {
            let verdict = match (v3_key(seed), v4_key(seed)) {
                (Ok(_), Ok(key)) => SeedVerdict::Accepted(key),
                (Ok(key), Err(refusal)) => SeedVerdict::OnlyV3 { key, refusal },
                (Err(refusal), Ok(key)) => SeedVerdict::OnlyV4 { key, refusal },
                (Err(_), Err(refusal)) => SeedVerdict::Refused(refusal),
            };
            (verdict, &[V3Auth, V3Core, V4Auth, V4Core])
        }
    };
    let readings = components
        .iter()
        .map(|component| ComponentReading::of(*component, seed))
        .collect();
    SeedCheck { verdict, readings }
}

fn alone(read: Result<SigningKey, SeedError>) -> SeedVerdict {
    match read {
        Ok(key) => SeedVerdict::Accepted(key),
        Err(refusal) => SeedVerdict::Refused(refusal),
    }
}
