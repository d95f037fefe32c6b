//! A value, and the look in which it was read.

use serde::{Deserialize, Serialize};

/// A value that was read in a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept<T> {
    pub(super) read_in: u64,
    pub(super) value: T,
}
