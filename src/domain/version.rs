//! Versions of packages and of the platform, and the platform's own two ways to compare them.

use std::fmt;

/// Version of a package, as the platform has it (`v2.0.10`, `v2.0.27.1-pro`, `3.2.8.34`).
///
/// There is no `Ord` on meaning: each generation compares in its own way, see [`VersionRule`]. The
/// derived order is that of the text, for stable output only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(String);

impl Version {
    /// Wraps the text as the platform gave it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as the platform gave it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Version of the platform as `appinfo/version` tells it (v4: the environment variable `version`
/// verbatim, so it may be anything).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformVersion {
    /// The text as told.
    pub text: String,
    /// The leading numbers, where the text begins with them (`v4.5.6-rc1` gives 4, 5, 6).
    pub numbers: Option<(u32, u32, u32)>,
}

impl PlatformVersion {
    /// Reads `v4.0.0`, `4.0.0`, `V3.2.6`; a missing third number is 0.
    pub fn parse(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            numbers: leading_numbers(text),
        }
    }

    /// Whether this version is known to be at least `wanted`.
    pub fn at_least(&self, wanted: (u32, u32, u32)) -> Option<bool> {
        self.numbers.map(|numbers| numbers >= wanted)
    }
}

impl fmt::Display for PlatformVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

fn leading_numbers(text: &str) -> Option<(u32, u32, u32)> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    let mut numbers = text.split('.').map(|part| {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        part[..digits].parse::<u32>().ok()
    });
    Some((
        numbers.next()??,
        numbers.next()??,
        numbers.next().flatten().unwrap_or(0),
    ))
}

/// How a generation of the platform judges versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionRule {
    /// v3.2.6: equal or newer satisfies; up to four numeric parts; what is not a number is an error
    /// (`api.md` 4.1).
    V3,
    /// Every v4 to v4.5.6: strictly newer satisfies; a part that is not a number counts 0; compared
    /// as the sum of part·100^(4−i) (`api.md` 4.2).
    V4,
}

/// What a generation says to `registered` where `wanted` is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionVerdict {
    /// The dependency is satisfied.
    Satisfied,
    /// Too old (on v4 also: exactly equal).
    TooOld,
    /// v3 cannot read one of the two and refuses the register.
    Unreadable,
}
