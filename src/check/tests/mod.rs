//! Each check, triggered and cleared.
