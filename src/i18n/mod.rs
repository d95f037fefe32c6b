//! The message library: every text that a person reads, in English and in Chinese.
//!
//! Code makes a [`Text`]: a key and its values. Only a [`Catalog`] turns it into words. The words
//! are in `en/*.ftl` and `zh-CN/*.ftl` (Fluent), one file per room, with the same keys and the same
//! variables in both; tests below keep it so. Values that are not ours are [`clean()`]ed on the way.
//! Machine formats are always rendered in English.

mod catalog;
mod clean;
mod io;
mod text;

pub use catalog::{Catalog, Lang};
pub use clean::{clean, is_unsafe};
pub use io::io_message;
pub use text::{Arg, Text};
