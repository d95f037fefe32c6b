//! The error type of commands, and the trait by which every error becomes one.

use crate::exit::Outcome;
use crate::i18n::Text;

/// An error that can end a command. Each error type implements it in its own module; `?` then turns
/// it into a [`CommandError`].
pub trait Failure {
    /// Decides the exit code.
    fn outcome(&self) -> Outcome;

    /// What happened, and where.
    fn message(&self) -> Text;

    /// Every fault, if the error is a list of several. The default is [`Failure::message`] alone.
    fn messages(&self) -> Vec<Text> {
        vec![self.message()]
    }

    /// What to do next: complete commands or actions.
    fn hints(&self) -> Vec<Text> {
        Vec::new()
    }

    /// The source chain, nearest cause first.
    fn causes(&self) -> Vec<Text> {
        Vec::new()
    }
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandError {
    /// Decides the exit code.
    pub outcome: Outcome,
    /// What happened, and where; several if several things are wrong at once.
    pub messages: Vec<Text>,
    /// The source chain, nearest cause first.
    pub causes: Vec<Text>,
    /// What to do next: complete commands or actions.
    pub hints: Vec<Text>,
}

impl<E: Failure> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self {
            outcome: error.outcome(),
            messages: error.messages(),
            causes: error.causes(),
            hints: error.hints(),
        }
    }
}

impl CommandError {
    /// An error with one message.
    pub fn new(outcome: Outcome, message: Text) -> Self {
        Self {
            outcome,
            messages: vec![message],
            causes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A usage or configuration error.
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
