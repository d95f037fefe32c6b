//! The bytes that tokens are signed with.

use secrecy::{ExposeSecret, SecretSlice};

/// The key that a seed stands for. It has no `Debug`, `Display` or `Serialize`, and is wiped when
/// dropped.
#[derive(Clone)]
pub struct SigningKey(SecretSlice<u8>);

crate::secret::assert_not_implemented!(SigningKey: std::fmt::Debug, std::fmt::Display, serde::Serialize);

impl SigningKey {
    /// Takes the bytes over.
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self(SecretSlice::from(bytes))
    }

    /// Whether two seeds gave the same key. Both come from the operator's own files, so the time
    /// that the comparison takes tells nobody anything.
    pub fn same_as(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }

    /// The bytes, for signing and verifying.
    pub(super) fn expose(&self) -> &[u8] {
        self.0.expose_secret()
    }
}
