//! Tests of what is said about a token.

mod garbage;
mod known;
mod messages;
mod rules;
mod support;
