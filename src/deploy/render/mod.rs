//! Makes the four compose files from templates and values. Pure.
//!
//! A template is a compose file with placeholders `{{name}}`, as in the WeCube upgrade guide; a line
//! that begins with `#since vX.Y.Z` is used from that platform version on. [`render`] quotes each value
//! so that compose (v1 and v2) resolves it byte for byte, then reads its own output back: a value that
//! would change the file's structure is an error. [`masked_diff`] shows the changes with secrets hidden.

mod diff;
mod template;
mod yaml;

pub use diff::masked_diff;
pub use template::{
    RenderFault, RenderFaultKind, Rendered, Template, builtin_templates, placeholders, render,
    unset_by, variable_of,
};
