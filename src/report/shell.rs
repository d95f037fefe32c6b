//! Words of others inside a command that a person may copy.

use std::borrow::Cow;

/// A word for a POSIX shell: as it is where nothing in it means anything to the shell, else in single
/// quotes. Names come from the platform and may hold anything.
pub(super) fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "_-./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn nothing_is_left_to_the_shell() {
        for (word, shown) in [
            ("v2.0.27.1-pro", "v2.0.27.1-pro"),
            ("监控", "监控"),
            ("", "''"),
            ("a;rm -rf ~", "'a;rm -rf ~'"),
            ("$(id)'", r"'$(id)'\'''"),
        ] {
            assert_eq!(quoted(word), shown);
        }
    }
}
