//! The one error that reaches the top: how the run ended, what happened, what to do next.

use crate::exit::Outcome;
use crate::i18n::Text;

/// Why a command could not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandError {
    /// Decides the exit code.
    pub outcome: Outcome,
    /// What happened, where; one or more when several things are wrong at once.
    pub messages: Vec<Text>,
    /// What to do next: a command or an action.
    pub hints: Vec<Text>,
}

impl CommandError {
    /// An error with one message.
    pub fn new(outcome: Outcome, message: Text) -> Self {
        Self {
            outcome,
            messages: vec![message],
            hints: Vec::new(),
        }
    }

    /// Usage or configuration.
    pub fn usage(message: Text) -> Self {
        Self::new(Outcome::Usage, message)
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: Text) -> Self {
        self.hints.push(hint);
        self
    }
}

impl From<crate::settings::SettingsError> for CommandError {
    fn from(error: crate::settings::SettingsError) -> Self {
        Self {
            outcome: Outcome::Usage,
            messages: error.faults,
            hints: Vec::new(),
        }
    }
}
