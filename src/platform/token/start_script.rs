//! What the containers' own start scripts do to a value.
//!
//! They put each environment variable into a JSON file by `sed -i "s~{{name}}~$name~g"`
//! (`platform-core/build/start.sh`, `platform-auth-server/build/start.sh`, v4.0.0 and v4.5.6), so a
//! value must survive a sed replacement and a JSON string. What is said here was tried with GNU sed.

use crate::i18n::Text;
use crate::secret::Secret;

/// What goes wrong with a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CorruptionRule {
    /// `~` ends the replacement: sed fails, the placeholder stays, and v4 core goes on with the
    /// default seed.
    EndsReplacement,
    /// A line break does the same.
    BreaksCommand,
    /// `&` becomes the placeholder that was to be replaced.
    InsertsPlaceholder,
    /// `\` is taken away with, or changes, what follows it.
    Escapes,
    /// `"`, or a control character, ends or breaks the JSON string: the process cannot read its
    /// configuration.
    BreaksJson,
}

/// A character that would not arrive as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corruption {
    /// What goes wrong.
    pub rule: CorruptionRule,
    /// The first character that it goes wrong with, counted from 1.
    pub position: usize,
}

impl Corruption {
    /// What goes wrong and where, for people.
    pub fn text(&self) -> Text {
        let text = match self.rule {
            CorruptionRule::EndsReplacement => Text::new("token-script-ends-replacement"),
            CorruptionRule::BreaksCommand => Text::new("token-script-breaks-command"),
            CorruptionRule::InsertsPlaceholder => Text::new("token-script-inserts-placeholder"),
            CorruptionRule::Escapes => Text::new("token-script-escapes"),
            CorruptionRule::BreaksJson => Text::new("token-script-breaks-json"),
        };
        text.with("position", self.position)
    }
}

/// The first character of a seed that a start script would corrupt, counted from 1.
pub fn start_script_hazard(seed: &Secret) -> Option<usize> {
    let first = start_script_corrupts(seed.expose()).into_iter().next()?;
    Some(first.position)
}

/// What a start script would corrupt in a value (a seed, but also a password): the first place of
/// each rule, in order of places. Empty where the value arrives as it is.
pub fn start_script_corrupts(value: &str) -> Vec<Corruption> {
    let mut found: Vec<Corruption> = Vec::new();
    for (position, letter) in (1..).zip(value.chars()) {
        let rule = match letter {
            '~' => CorruptionRule::EndsReplacement,
            '\n' => CorruptionRule::BreaksCommand,
            '&' => CorruptionRule::InsertsPlaceholder,
            '\\' => CorruptionRule::Escapes,
            '"' | '\0'..='\u{1f}' => CorruptionRule::BreaksJson,
            _ => continue,
        };
        if found.iter().all(|earlier| earlier.rule != rule) {
            found.push(Corruption { rule, position });
        }
    }
    found
}
