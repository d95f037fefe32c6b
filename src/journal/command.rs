//! A command that a person may copy, with what it does.

use crate::i18n::{Text, quoted};

/// A command of this program, and what it does; without a command, what has to be done by hand or
/// cannot be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The words of the command; `None` if there is no command for it.
    pub argv: Option<Vec<String>>,
    /// What it does, or what to do.
    pub text: Text,
}

impl Command {
    /// `words` are the command and its flags, `values` what follows without a flag.
    pub(super) fn new(words: &[&str], values: &[&str], text: Text) -> Self {
        let like_flag = values.iter().any(|value| value.starts_with('-'));
        let end = if like_flag { &["--"][..] } else { &[] };
        let argv = [&["wecubectl"], words, end, values].concat();
        Self {
            argv: Some(argv.into_iter().map(str::to_owned).collect()),
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

    /// The same, if the program is called by these words.
    pub fn line_after(&self, program: &str) -> Option<String> {
        let words = self.argv.as_ref()?.iter().skip(1);
        let line = words.fold(program.to_owned(), |line, word| line + " " + &quoted(word));
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_command_has_no_line() {
        assert_eq!(
            Command::by_hand(Text::new("journal-undo-files")).line(),
            None
        );
        let command = Command::new(
            &["variable", "unset"],
            &["A B"],
            Text::new("journal-undo-files"),
        );
        assert_eq!(
            command.line().as_deref(),
            Some("wecubectl variable unset 'A B'")
        );
        let command = Command::new(&["plan"], &["--yes"], Text::new("journal-undo-files"));
        assert_eq!(command.line().as_deref(), Some("wecubectl plan -- --yes"));
    }
}
