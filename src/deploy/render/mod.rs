//! Templates and values → the four compose files, pure.
//!
//! A template is a compose file with `{{name}}` where values go, as in the upgrade document; a line that
//! begins with `#since vX.Y.Z` is there from that platform version on. [`render`] puts each value into
//! the YAML so that compose (v1 and v2) resolves it byte for byte, then reads its own output back: a
//! value that would change the file's structure is an error, never a different file.
//! [`masked_diff`] shows what would change, with secrets hidden.

mod diff;
mod template;
mod yaml;

pub use diff::masked_diff;
pub use template::{RenderFault, RenderFaultKind, Rendered, Template, own_templates, render};
