//! The four images of a version: pull, save, load, verify.
//!
//! Every tar is verified whole before any is loaded ([`check_tar`]): what its manifest names must be in
//! it, and each part must have its digest. A truncated or altered tar is refused with or without our
//! checksum file.

mod checksums;
mod name;
mod tarball;
mod transfer;

pub use checksums::{CHECKSUM_FILE, ChecksumError, Checksums};
pub use name::{ImageRef, image_refs};
pub use tarball::{ManifestFault, TarFault, TarImage, check_tar};
pub use transfer::{
    ImageEvent, ImageOutcome, ImageResult, ImageState, LoadError, SaveError, image_states, load,
    names, pull, save,
};
