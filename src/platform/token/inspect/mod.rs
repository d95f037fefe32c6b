//! Explains a token, and says which component of which generation would refuse it and why.
//!
//! The old side answers every bad token with the same words (`measured.md`, "The old side"), so our
//! own knowledge has to tell the reason. Everything here follows `api.md` 1.2, 1.3, 1.5 and 1.6, the
//! `*-token.json` recordings and `fixtures/token/verdicts.json`, which holds what the libraries
//! inside v4 core and v4 auth-server say to some hundred tokens. Read [`inspect()`], then `rules`.

mod carriage;
mod decode;
mod explain;
mod look;
mod model;
mod rules;
mod show;
mod signature;
mod words;

pub use carriage::Carriage;
pub use decode::{Malformed, TokenPart};
pub use explain::ClaimNote;
pub use look::inspect;
pub use model::{
    Answer, Inspection, Lack, Operation, Refusal, Standing, TimeName, TokenReader, Verdict,
    WantedAuthorities,
};

pub(super) use show::time_text;

#[cfg(test)]
mod tests;
