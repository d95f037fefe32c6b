//! Tab-separated values: a head, then one record a line.

use crate::i18n::escaped;

/// A table of text by text. Values are [`escaped`], so that cutting at tabs and lines is always right.
pub(super) struct Tsv {
    text: String,
}

impl Tsv {
    pub(super) fn new(heads: &[&str]) -> Self {
        Self {
            text: format!("{}\n", heads.join("\t")),
        }
    }

    pub(super) fn row<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.text.push('\t');
            }
            self.text.push_str(&escaped(value));
        }
        self.text.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::Tsv;

    #[test]
    fn a_value_never_ends_a_field_or_a_line() {
        let mut tsv = Tsv::new(&["a", "b"]);
        tsv.row(["tab\there", "line\r\nhere"]);
        tsv.row(["back\\slash", "bell\u{7}\u{202e}"]);
        assert_eq!(
            tsv.finish(),
            "a\tb\ntab\\there\tline\\r\\nhere\nback\\\\slash\tbell\\u{7}\\u{202e}\n"
        );
    }
}
