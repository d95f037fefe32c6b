//! A healthy pair, one thing changed, what the comparison says of it; then what holds for every pair.

mod cells;
mod messages;
mod mirror;
mod properties;
mod static_files;
