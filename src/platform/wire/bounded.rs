//! What the values of one answer may take in memory: small rows take a hundred times the bytes that they
//! have in an answer.

use std::cell::Cell;

use serde::de::Error;

/// Bytes that the values of one answer may take.
pub(in crate::platform) const BUDGET: usize = 32 * 1024 * 1024;

/// What a text takes beside its bytes.
const TEXT: usize = 32;

thread_local! {
    /// What is left for the answer that this thread decodes; `None` once it is used up. A decoder that
    /// `serde` derives has no place for it.
    static LEFT: Cell<Option<usize>> = const { Cell::new(Some(usize::MAX)) };
}

/// Decodes with a whole budget; also says whether it was used up.
pub(super) fn bounded<T>(decode: impl FnOnce() -> T) -> (T, bool) {
    LEFT.set(Some(BUDGET));
    let decoded = decode();
    (decoded, LEFT.replace(Some(usize::MAX)).is_none())
}

/// Takes what a text needs.
pub(super) fn take_text<E: Error>(text: &str) -> Result<(), E> {
    if text.is_empty() {
        return Ok(());
    }
    take(TEXT + text.len())
}

/// Takes what a row needs: once as it is decoded, once as what is made of it.
pub(super) fn take_row<T, E: Error>() -> Result<(), E> {
    take(2 * size_of::<T>().max(1))
}

fn take<E: Error>(bytes: usize) -> Result<(), E> {
    LEFT.set(LEFT.get().and_then(|left| left.checked_sub(bytes)));
    match LEFT.get() {
        Some(_) => Ok(()),
        None => Err(E::custom("too large")),
    }
}
