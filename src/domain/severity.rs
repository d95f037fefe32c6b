//! How serious a finding of `check` or `deploy lint` is.

use crate::i18n::Text;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Severity {
    /// For information; it changes no exit code and stops nothing.
    Info,
    /// Look at it during working hours.
    Warning,
    /// Users are affected, or will be. `deploy up` and `deploy all` do not start.
    Error,
}

impl Severity {
    /// The value in machine-readable formats.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The word for people.
    pub fn text(self) -> Text {
        match self {
            Self::Info => Text::new("severity-info"),
            Self::Warning => Text::new("severity-warning"),
            Self::Error => Text::new("severity-error"),
        }
    }
}
