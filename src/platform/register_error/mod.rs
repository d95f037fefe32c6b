//! What the platform says of a registration that it refused: cause, whether asking again can help, and
//! what to do next. The texts of both generations are in `docs/platform/registration.md#messages-of-v4`, seen or
//! read in the source.
//!
//! Start with [`register_answer`], which reads a whole answer; `rules::classify` is the pure table behind
//! it, its rows are in [`rules`]; [`crate::apply::cause_text`] has the words for people.

mod answer;
mod rules;

#[cfg(test)]
mod tests;

pub(in crate::platform) use answer::register_answer;
#[cfg(test)]
pub(in crate::platform) use rules::classify;
