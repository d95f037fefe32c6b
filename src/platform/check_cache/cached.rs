//! A value, and the check in which it was read.

use serde::{Deserialize, Serialize};

/// A value that was read in a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cached<T> {
    pub(super) read_in_check: u64,
    pub(super) value: T,
}
