//! The codes of lint.

use crate::domain::Severity;
use crate::i18n::Text;

/// A code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: &'static str,
    /// How grave its findings are.
    pub severity: Severity,
}

const fn entry_of(code: &'static str, severity: Severity) -> Entry {
    Entry { code, severity }
}

/// Every code, sorted: `W08…` without leaving the host, `W09…` what `--reach` finds.
pub const CATALOGUE: &[Entry] = &[
    entry_of("W0801", Severity::Error),
    entry_of("W0802", Severity::Warning),
    entry_of("W0803", Severity::Info),
    entry_of("W0804", Severity::Error),
    entry_of("W0805", Severity::Error),
    entry_of("W0806", Severity::Error),
    entry_of("W0807", Severity::Info),
    entry_of("W0808", Severity::Error),
    entry_of("W0809", Severity::Error),
    entry_of("W0810", Severity::Error),
    entry_of("W0811", Severity::Error),
    entry_of("W0812", Severity::Error),
    entry_of("W0813", Severity::Error),
    entry_of("W0814", Severity::Warning),
    entry_of("W0815", Severity::Warning),
    entry_of("W0816", Severity::Error),
    entry_of("W0817", Severity::Info),
    entry_of("W0818", Severity::Error),
    entry_of("W0819", Severity::Error),
    entry_of("W0820", Severity::Error),
    entry_of("W0821", Severity::Error),
    entry_of("W0822", Severity::Warning),
    entry_of("W0823", Severity::Warning),
    entry_of("W0824", Severity::Warning),
    entry_of("W0825", Severity::Warning),
    entry_of("W0826", Severity::Error),
    entry_of("W0827", Severity::Warning),
    entry_of("W0828", Severity::Error),
    entry_of("W0829", Severity::Warning),
    entry_of("W0830", Severity::Warning),
    entry_of("W0901", Severity::Error),
    entry_of("W0902", Severity::Error),
    entry_of("W0903", Severity::Error),
    entry_of("W0904", Severity::Error),
    entry_of("W0905", Severity::Error),
    entry_of("W0906", Severity::Error),
    entry_of("W0907", Severity::Error),
    entry_of("W0908", Severity::Info),
];

pub(super) fn entry(code: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.code == code)
}

/// What a code means and what to do about it.
pub fn explanation(code: &str) -> Option<(Text, Text)> {
    Some(match code {
        "W0801" => (Text::new("env-w0801-means"), Text::new("env-w0801-next")),
        "W0802" => (Text::new("env-w0802-means"), Text::new("env-w0802-next")),
        "W0803" => (Text::new("env-w0803-means"), Text::new("env-w0803-next")),
        "W0804" => (Text::new("env-w0804-means"), Text::new("env-w0804-next")),
        "W0805" => (Text::new("env-w0805-means"), Text::new("env-w0805-next")),
        "W0806" => (Text::new("env-w0806-means"), Text::new("env-w0806-next")),
        "W0807" => (Text::new("env-w0807-means"), Text::new("env-w0807-next")),
        "W0808" => (Text::new("env-w0808-means"), Text::new("env-w0808-next")),
        "W0809" => (Text::new("env-w0809-means"), Text::new("env-w0809-next")),
        "W0810" => (Text::new("env-w0810-means"), Text::new("env-w0810-next")),
        "W0811" => (Text::new("env-w0811-means"), Text::new("env-w0811-next")),
        "W0812" => (Text::new("env-w0812-means"), Text::new("env-w0812-next")),
        "W0813" => (Text::new("env-w0813-means"), Text::new("env-w0813-next")),
        "W0814" => (Text::new("env-w0814-means"), Text::new("env-w0814-next")),
        "W0815" => (Text::new("env-w0815-means"), Text::new("env-w0815-next")),
        "W0816" => (Text::new("env-w0816-means"), Text::new("env-w0816-next")),
        "W0817" => (Text::new("env-w0817-means"), Text::new("env-w0817-next")),
        "W0818" => (Text::new("env-w0818-means"), Text::new("env-w0818-next")),
        "W0819" => (Text::new("env-w0819-means"), Text::new("env-w0819-next")),
        "W0820" => (Text::new("env-w0820-means"), Text::new("env-w0820-next")),
        "W0821" => (Text::new("env-w0821-means"), Text::new("env-w0821-next")),
        "W0822" => (Text::new("env-w0822-means"), Text::new("env-w0822-next")),
        "W0823" => (Text::new("env-w0823-means"), Text::new("env-w0823-next")),
        "W0824" => (Text::new("env-w0824-means"), Text::new("env-w0824-next")),
        "W0825" => (Text::new("env-w0825-means"), Text::new("env-w0825-next")),
        "W0826" => (Text::new("env-w0826-means"), Text::new("env-w0826-next")),
        "W0827" => (Text::new("env-w0827-means"), Text::new("env-w0827-next")),
        "W0828" => (Text::new("env-w0828-means"), Text::new("env-w0828-next")),
        "W0829" => (Text::new("env-w0829-means"), Text::new("env-w0829-next")),
        "W0830" => (Text::new("env-w0830-means"), Text::new("env-w0830-next")),
        "W0901" => (Text::new("env-w0901-means"), Text::new("env-w0901-next")),
        "W0902" => (Text::new("env-w0902-means"), Text::new("env-w0902-next")),
        "W0903" => (Text::new("env-w0903-means"), Text::new("env-w0903-next")),
        "W0904" => (Text::new("env-w0904-means"), Text::new("env-w0904-next")),
        "W0905" => (Text::new("env-w0905-means"), Text::new("env-w0905-next")),
        "W0906" => (Text::new("env-w0906-means"), Text::new("env-w0906-next")),
        "W0907" => (Text::new("env-w0907-means"), Text::new("env-w0907-next")),
        "W0908" => (Text::new("env-w0908-means"), Text::new("env-w0908-next")),
        _ => return None,
    })
}
