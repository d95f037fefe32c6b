//! Messages: every text that a person reads, in English and in Chinese.
//!
//! Code makes a [`Text`]: a key and its values. Only a [`Catalog`] renders it. The messages are in
//! `en/*.ftl` and `zh-CN/*.ftl` (Fluent), one file per module, with the same keys and the same
//! variables in both; tests check that. Values that are not ours are [`clean()`]ed when rendered.
//! Machine formats are always rendered in English.

mod catalog;
mod clean;
mod few;
mod io;
mod shell;
mod text;

pub use catalog::{Catalog, Lang, english};
pub use clean::{clean, escaped, is_unsafe};
pub use few::few;
pub use io::io_message;
pub use shell::{flag, quoted};
pub use text::{Arg, Text};
