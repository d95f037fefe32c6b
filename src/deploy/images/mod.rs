//! The four images of a version: pulled, saved, loaded, looked at.
//!
//! A tar is read through whole before any is loaded ([`check_tar`]): what its manifest names must be
//! in it, and each piece must have the digest that it is named or listed by. So a truncated or altered
//! tar is caught with or without a checksum file of ours.

mod carry;
mod name;
mod sums;
mod tarball;

pub use carry::{
    ImageEvent, ImageOutcome, ImageResult, ImageState, LoadRefusal, load, look, pull, save,
};
pub use name::{Wanted, wanted};
pub use sums::{SUMS_FILE, Sums};
pub use tarball::{TarFault, TarImage, check_tar};
