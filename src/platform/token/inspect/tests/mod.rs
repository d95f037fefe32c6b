//! Tests of what is said about a token.

mod garbage;
mod known;
mod rules;
mod support;
mod words;
