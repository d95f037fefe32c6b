//! Tests of seeds, keys, minting, the server's clock and the source of tokens.

mod clock;
mod minting;
mod secrecy;
mod seed_checks;
mod seeds;
mod source;
mod start_script;
mod support;
