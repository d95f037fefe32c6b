//! The codes of lint.

use super::model::Gravity;
use crate::i18n::Text;

/// A code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: &'static str,
    /// How grave its findings are.
    pub gravity: Gravity,
}

const fn entry_of(code: &'static str, gravity: Gravity) -> Entry {
    Entry { code, gravity }
}

/// Every code, sorted: `W08…` without leaving the host, `W09…` what `--reach` finds.
pub const CATALOGUE: &[Entry] = &[
    entry_of("W0801", Gravity::Error),
    entry_of("W0802", Gravity::Warning),
    entry_of("W0803", Gravity::Info),
    entry_of("W0804", Gravity::Error),
    entry_of("W0805", Gravity::Error),
    entry_of("W0806", Gravity::Error),
    entry_of("W0807", Gravity::Info),
    entry_of("W0808", Gravity::Error),
    entry_of("W0809", Gravity::Error),
    entry_of("W0810", Gravity::Error),
    entry_of("W0811", Gravity::Error),
    entry_of("W0812", Gravity::Error),
    entry_of("W0813", Gravity::Error),
    entry_of("W0814", Gravity::Warning),
    entry_of("W0815", Gravity::Warning),
    entry_of("W0816", Gravity::Error),
    entry_of("W0817", Gravity::Info),
    entry_of("W0818", Gravity::Error),
    entry_of("W0819", Gravity::Error),
    entry_of("W0820", Gravity::Error),
    entry_of("W0821", Gravity::Error),
    entry_of("W0822", Gravity::Warning),
    entry_of("W0823", Gravity::Warning),
    entry_of("W0824", Gravity::Warning),
    entry_of("W0825", Gravity::Warning),
    entry_of("W0826", Gravity::Error),
    entry_of("W0827", Gravity::Warning),
    entry_of("W0828", Gravity::Error),
    entry_of("W0829", Gravity::Warning),
    entry_of("W0830", Gravity::Warning),
    entry_of("W0901", Gravity::Error),
    entry_of("W0902", Gravity::Error),
    entry_of("W0903", Gravity::Error),
    entry_of("W0904", Gravity::Error),
    entry_of("W0905", Gravity::Error),
    entry_of("W0906", Gravity::Error),
    entry_of("W0907", Gravity::Error),
    entry_of("W0908", Gravity::Info),
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
