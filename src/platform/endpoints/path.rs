//! Paths built from segments.

use std::fmt::Write as _;

/// A path of literal text and of segments that came from data, which are percent-encoded.
///
/// Unreserved characters (letters, digits, `-` `.` `_` `~`) stay as they are: ids may contain dots
/// (`docs/platform/endpoints.md#ids-in-paths`). A segment `.` or `..` would address another resource, and URL parsers read
/// `%2E%2E` as `..` too; it becomes `%252E%252E`. No platform has such an id, and the request must not
/// reach another endpoint.
pub(super) struct PathBuilder(String);

impl PathBuilder {
    pub(super) fn new(literal: &str) -> Self {
        Self(literal.to_owned())
    }

    /// Appends literal text.
    pub(super) fn literal(mut self, text: &str) -> Self {
        self.0.push_str(text);
        self
    }

    /// Appends one segment of data.
    pub(super) fn segment(mut self, data: &str) -> Self {
        if data == "." || data == ".." {
            self.0.push_str(&data.replace('.', "%252E"));
            return self;
        }
        for byte in data.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                self.0.push(char::from(byte));
            } else {
                encode(&mut self.0, byte);
            }
        }
        self
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// Appends `%XX`.
pub(super) fn encode(path: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    let _ = write!(path, "%{byte:02X}");
}
