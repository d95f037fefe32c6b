//! Explains a token, and says which component of which generation would refuse it and why.
//!
//! The old side answers every bad token with the same words (`docs/platform/tokens.md#refused-tokens`), so our
//! own knowledge has to tell the reason. Everything here follows `docs/platform/tokens.md`, the
//! `*-token.json` recordings and `fixtures/token/verdicts.json`, which holds what the libraries
//! inside v4 core and v4 auth-server say to some hundred tokens. Read [`inspect()`], then `rules`.

mod decode;
mod escape;
mod messages;
mod model;
mod prefix;
mod rules;
mod run;
mod signature;

pub use decode::{Malformed, TokenPart};
pub use model::{
    Inspection, Limitation, Operation, ReaderVerdict, Refusal, TimeName, TokenReader,
    WantedAuthorities,
};
pub use prefix::AuthorizationPrefix;
pub use run::inspect;

#[cfg(test)]
mod tests;
