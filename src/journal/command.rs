//! A command that a person may copy, with what it does.

use std::borrow::Cow;

use crate::i18n::Text;

/// A command of this program, and what it does; without a command, what has to be done by hand or
/// cannot be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The words of the command; none where there is no command for it.
    pub argv: Option<Vec<String>>,
    /// What it does, or what to do.
    pub text: Text,
}

impl Command {
    pub(super) fn new<'a>(words: impl IntoIterator<Item = &'a str>, text: Text) -> Self {
        let program = std::iter::once("wecubectl");
        let argv = program.chain(words).map(str::to_owned).collect();
        Self {
            argv: Some(argv),
            text,
        }
    }

    pub(super) fn by_hand(text: Text) -> Self {
        Self { argv: None, text }
    }

    /// The command as it is typed into a shell, values quoted.
    pub fn line(&self) -> Option<String> {
        self.line_after("wecubectl")
    }

    /// The same, where the program is called by these words.
    pub fn line_after(&self, program: &str) -> Option<String> {
        let words = self.argv.as_ref()?.iter().skip(1);
        let line = words.fold(program.to_owned(), |line, word| line + " " + &quoted(word));
        Some(line)
    }
}

/// A word for a POSIX shell, quoted if necessary. Names come from the platform and may hold anything; a
/// NUL, which no command line can hold, is dropped.
pub fn quoted(word: &str) -> String {
    let word = word.replace('\0', "");
    shlex::try_quote(&word).map_or_else(|_| word.clone(), Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_for_the_shell() {
        for (word, expected) in [
            ("http://new:8005", "http://new:8005"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$(reboot)", "'$(reboot)'"),
            ("it's", r#""it's""#),
            ("a;b\nc", "'a;b\nc'"),
            ("数据", "'数据'"),
            ("~root", "'~root'"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }

    #[test]
    fn what_has_no_command_has_no_line() {
        assert_eq!(
            Command::by_hand(Text::new("journal-undo-files")).line(),
            None
        );
        let command = Command::new(
            ["variable", "unset", "A B"],
            Text::new("journal-undo-files"),
        );
        assert_eq!(
            command.line().as_deref(),
            Some("wecubectl variable unset 'A B'")
        );
    }
}
