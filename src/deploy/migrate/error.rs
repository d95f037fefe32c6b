//! Why a migration could not do its work, and a server's errors in our own words.

use std::io::ErrorKind;

use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;

/// Why a migration could not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrateError {
    /// Decides the exit code.
    pub outcome: Outcome,
    /// What happened.
    pub text: Text,
    /// What to do next.
    pub hints: Vec<Text>,
}

impl MigrateError {
    pub(super) fn new(outcome: Outcome, text: Text) -> Self {
        Self {
            outcome,
            text,
            hints: Vec::new(),
        }
    }

    pub(super) fn hint(mut self, hint: Text) -> Self {
        self.hints.push(hint);
        self
    }
}

impl Failure for MigrateError {
    fn outcome(&self) -> Outcome {
        self.outcome
    }

    fn message(&self) -> Text {
        self.text.clone()
    }

    fn hints(&self) -> Vec<Text> {
        self.hints.clone()
    }
}

/// The server's number and message of an error; 0 if it is not the server's.
pub(super) fn server_error(error: &mysql_async::Error) -> (u16, String) {
    match error {
        mysql_async::Error::Server(error) => (error.code, error.message.clone()),
        other => (0, other.to_string()),
    }
}

/// What happened to a connection, for people.
pub(super) fn cause(error: &mysql_async::Error) -> Text {
    match error {
        mysql_async::Error::Io(mysql_async::IoError::Io(error)) => match error.kind() {
            ErrorKind::ConnectionRefused => Text::new("migrate-io-refused"),
            ErrorKind::NotFound => Text::new("migrate-io-no-socket"),
            ErrorKind::PermissionDenied => Text::new("migrate-io-denied"),
            ErrorKind::TimedOut => Text::new("migrate-io-timeout"),
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                Text::new("migrate-io-lost")
            }
            _ => Text::new("migrate-io-other").with("error", error),
        },
        mysql_async::Error::Server(error) => Text::new("migrate-io-server")
            .with("code", error.code)
            .with("message", &error.message),
        other => Text::new("migrate-io-other").with("error", other),
    }
}
