//! Access tokens: the key behind a seed, the claims, the server's time, and why a token is refused.
//!
//! A seed ([`v4_key`], [`v3_key`]; [`check_seed`] compares the generations) becomes a
//! [`SigningKey`]; with an [`Identity`] and the server's time ([`ServerClock`]) it becomes a token
//! ([`mint()`], [`SeedTokens`]). [`inspect()`] goes the other way: it explains a token and says which
//! component would refuse it and why, because the old side answers every bad token with the same
//! words. Nothing in here asks an instance anything.

mod claims;
mod clock;
pub mod inspect;
mod key;
mod mint;
mod seed;
mod seed_check;
mod source;
mod start_script;

pub use claims::{
    BACKDATE_S, Claims, DEFAULT_AUTHORITIES, DEFAULT_USER, Identity, IdentityError, IdentityFault,
    IdentityPart, LIFE_S,
};
pub use clock::{ClockSkew, SKEW_LIMIT_S, ServerClock, Stopwatch, SystemStopwatch};
pub use inspect::{Inspection, Limitation, ReaderVerdict, Refusal, TokenReader, inspect};
pub use key::SigningKey;
pub use mint::{MintError, MintedToken, mint};
pub use seed::{DEFAULT_SEED, SeedError, v3_key, v4_key};
pub use seed_check::{SeedVerdict, check_seed};
pub use source::{RENEW_BELOW_S, SeedTokens};
pub use start_script::{Corruption, CorruptionRule, start_script_corrupts, start_script_hazard};

#[cfg(test)]
mod tests;
