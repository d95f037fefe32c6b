//! Versions of packages and of the platform, and the platform's own two ways to compare them.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// Version of a package, as the platform has it (`v2.0.10`, `v2.0.27.1-pro`, `3.2.8.34`).
///
/// There is no `Ord` on meaning: each generation compares in its own way, see [`VersionRule`]. The
/// derived order is that of the text, for stable output only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(Arc<str>);

impl Version {
    /// Wraps the text as the platform gave it.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
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
    /// The leading numbers, if the text begins with them (`v4.5.6-rc1` gives 4, 5, 6).
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

    /// Whether it is a v4, or does not say what it is.
    pub fn may_be_v4(&self) -> bool {
        self.numbers.is_none_or(|numbers| numbers >= (4, 0, 0))
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
    /// (`docs/platform/registration.md#version-comparison`).
    V3,
    /// Every v4 to v4.5.6: strictly newer satisfies; a part that is not a number counts 0; compared
    /// as the sum of part·100^(4−i) (`docs/platform/registration.md#version-comparison`).
    V4,
}

/// What a generation says to `registered` where `wanted` is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionVerdict {
    /// The dependency is satisfied.
    Satisfied,
    /// Too old (on v4 also: exactly equal).
    TooOld,
    /// v3 cannot read one of the two and refuses the registration.
    Unreadable,
}

impl VersionRule {
    /// What the platform says to a registered package where `wanted` is declared.
    pub fn judge(self, wanted: &Version, registered: &Version) -> VersionVerdict {
        match self {
            Self::V3 => judge_v3(wanted.as_str(), registered.as_str()),
            Self::V4 if weigh_v4(registered.as_str()) > weigh_v4(wanted.as_str()) => {
                VersionVerdict::Satisfied
            }
            Self::V4 => VersionVerdict::TooOld,
        }
    }

    /// What the platform says to a package that declares `wanted` for `platform`. Here an equal
    /// version is enough for both generations; v4 takes an empty declaration for none
    /// (`services/database/package.go` at v4.0.0, `PluginPackageMgmtService.java` at v3.2.6).
    pub fn judge_platform(self, wanted: &Version, platform: &str) -> VersionVerdict {
        match self {
            Self::V3 => judge_v3(wanted.as_str(), platform),
            Self::V4
                if !wanted.as_str().is_empty()
                    && weigh_v4(wanted.as_str()) > weigh_v4(platform) =>
            {
                VersionVerdict::TooOld
            }
            Self::V4 => VersionVerdict::Satisfied,
        }
    }

    /// Which of two versions is the newer one to this generation; `None` if v3 cannot read one.
    pub fn order(self, left: &Version, right: &Version) -> Option<Ordering> {
        match self {
            Self::V3 => Some(numbers_v3(left.as_str())?.cmp(&numbers_v3(right.as_str())?)),
            Self::V4 => Some(weigh_v4(left.as_str()).total_cmp(&weigh_v4(right.as_str()))),
        }
    }

    /// A total order for lists: what cannot be read first, equals by their text.
    pub fn order_listed(self, left: &Version, right: &Version) -> Ordering {
        let meaning = match self {
            Self::V3 => numbers_v3(left.as_str()).cmp(&numbers_v3(right.as_str())),
            Self::V4 => weigh_v4(left.as_str()).total_cmp(&weigh_v4(right.as_str())),
        };
        meaning.then_with(|| left.cmp(right))
    }

    /// The newest of some versions; among equals the last by text.
    pub fn newest<'a>(
        self,
        versions: impl IntoIterator<Item = &'a Version>,
    ) -> Option<&'a Version> {
        versions
            .into_iter()
            .max_by(|left, right| self.order_listed(left, right))
    }
}

/// `VersionComparator.java` at v3.2.6: the difference of the first unequal parts, in the 32 bits of
/// Java's `int`, which can overflow.
fn judge_v3(wanted: &str, registered: &str) -> VersionVerdict {
    let (Some(wanted), Some(registered)) = (numbers_v3(wanted), numbers_v3(registered)) else {
        return VersionVerdict::Unreadable;
    };
    let difference = registered
        .iter()
        .zip(wanted)
        .map(|(registered, wanted)| registered.wrapping_sub(wanted))
        .find(|difference| *difference != 0);
    if difference.unwrap_or(0) >= 0 {
        VersionVerdict::Satisfied
    } else {
        VersionVerdict::TooOld
    }
}

/// The four parts that v3 compares. Java's `split` drops empty parts at the end, and parts after the
/// fourth are not looked at.
fn numbers_v3(text: &str) -> Option<[i32; 4]> {
    if text.trim().is_empty() {
        return None;
    }
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let mut numbers = [0; 4];
    if text.is_empty() {
        return None;
    }
    let kept = text.trim_end_matches('.');
    if kept.is_empty() {
        return Some(numbers);
    }
    for (number, part) in numbers.iter_mut().zip(kept.split('.')) {
        *number = part.parse().ok()?;
    }
    Some(numbers)
}

/// `common/tools/version.go` at v4.0.0 to v4.5.6: the sum of part·100^(4−i). A part that is not a
/// number counts 0; one that is too large counts as the largest integer, since the error is dropped
/// but the clamped value is kept.
fn weigh_v4(text: &str) -> f64 {
    let text = text.to_lowercase();
    let text = text.strip_prefix('v').unwrap_or(&text);
    let mut weight = 0.0;
    let mut exponent = 4;
    for part in text.split('.') {
        // The platform's power function inverts the positive power, which here is exact.
        let place = if exponent < 0 {
            1.0 / 100f64.powi(-exponent)
        } else {
            100f64.powi(exponent)
        };
        weight += number_v4(part) * place;
        exponent -= 1;
    }
    weight
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the platform converts its integers to floating point in the same way"
)]
fn number_v4(part: &str) -> f64 {
    use std::num::IntErrorKind;
    match part.parse::<i64>() {
        Ok(number) => number as f64,
        Err(error) => match error.kind() {
            IntErrorKind::PosOverflow => i64::MAX as f64,
            IntErrorKind::NegOverflow => i64::MIN as f64,
            _ => 0.0,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::VersionRule::{V3, V4};
    use super::VersionVerdict::{Satisfied, TooOld, Unreadable};
    use super::*;

    #[test]
    fn each_generation_judges_in_its_own_way() {
        // wanted, registered, what v3 says, what v4 says
        for (wanted, registered, v3, v4) in [
            ("v0.2.1", "v0.2.1", Satisfied, TooOld),
            ("v0.2.1", "v0.2.5", Satisfied, Satisfied),
            ("v0.2.1", "v0.2.1.3", Satisfied, Satisfied),
            ("v2.0.4", "v2.0.3", TooOld, TooOld),
            ("v1.9.0", "v1.10.14", Satisfied, Satisfied),
            ("2.0.4", "V2.0.5", Satisfied, Satisfied),
            // A part wraps at one hundred on v4 only.
            ("v1.1.0", "v1.0.100", TooOld, TooOld),
            ("v1.0.99", "v1.1.0", Satisfied, Satisfied),
            ("v1.0.0", "v1.0.101", Satisfied, Satisfied),
            ("v1.1.0", "v1.0.101", TooOld, Satisfied),
            // Text in a part: v3 cannot read it, v4 takes the part for 0.
            ("v2.0.4", "v2.0.4.1-pro", Unreadable, TooOld),
            ("v2.0.0", "v2.0.0-beta.1", Unreadable, Satisfied),
            ("v1.0.0", "latest", Unreadable, TooOld),
            ("latest", "v1.0.0", Unreadable, Satisfied),
            ("", "v1.0.0", Unreadable, Satisfied),
            ("v1.0.0", "", Unreadable, TooOld),
            ("v", "v1.0.0", Unreadable, Satisfied),
            ("v1..0", "v1.1.0", Unreadable, Satisfied),
            ("v1.0.0", " v1.0.1", Unreadable, TooOld),
            ("v1.0.0", "vv1.0.1", Unreadable, TooOld),
            // Java drops empty parts at the end and does not look beyond the fourth.
            ("v1.0", "v1.0.", Satisfied, TooOld),
            ("v1.0", "v1.0.0.0.9", Satisfied, Satisfied),
            ("v1.0", "v1.0.0.0.x", Satisfied, TooOld),
            ("v1.0.0", "v3000000000.0.0", Unreadable, Satisfied),
            ("v1.0.0", "v99999999999999999999.0.0", Unreadable, Satisfied),
            ("v1.0.0", "v+1.0.1", Satisfied, Satisfied),
            ("v0.0.0", "v-1.0.1", TooOld, TooOld),
        ] {
            let (wanted, registered) = (Version::new(wanted), Version::new(registered));
            assert_eq!(
                V3.judge(&wanted, &registered),
                v3,
                "v3 {wanted} {registered}"
            );
            assert_eq!(
                V4.judge(&wanted, &registered),
                v4,
                "v4 {wanted} {registered}"
            );
        }
    }

    #[test]
    fn a_platform_gate_is_open_to_an_equal_version() {
        for (wanted, platform, v3, v4) in [
            ("v4.0.0", "v4.0.0", Satisfied, Satisfied),
            ("v4.0.0", "3.2.6", TooOld, TooOld),
            ("v3.2.1", "v3.2.6", Satisfied, Satisfied),
            ("v9.0.0", "v4.0.0", TooOld, TooOld),
            ("v2.9.0", "latest", Unreadable, TooOld),
            ("v2.9.0", "", Unreadable, TooOld),
            ("", "v4.0.0", Unreadable, Satisfied),
        ] {
            let wanted = Version::new(wanted);
            assert_eq!(
                V3.judge_platform(&wanted, platform),
                v3,
                "v3 {wanted} {platform}"
            );
            assert_eq!(
                V4.judge_platform(&wanted, platform),
                v4,
                "v4 {wanted} {platform}"
            );
        }
    }

    #[test]
    fn the_newest_is_found_by_the_rule_of_the_generation() {
        let versions = ["v1.9.0", "v1.10.0", "v1.2.0"].map(Version::new);
        assert_eq!(V4.newest(&versions), Some(&versions[1]));
        assert_eq!(V3.newest(&versions), Some(&versions[1]));
        assert_eq!(V3.newest([]), None);
        let odd = ["latest", "v0.0.1"].map(Version::new);
        assert_eq!(V3.newest(&odd), Some(&odd[1]));
        assert_eq!(V3.order(&odd[0], &odd[1]), None);
        assert_eq!(V4.order(&odd[0], &odd[1]), Some(Ordering::Less));
        assert_eq!(
            V4.order(&Version::new("v1.0.100"), &Version::new("v1.1.0")),
            Some(Ordering::Equal)
        );
    }

    #[test]
    fn v3_subtracts_in_thirty_two_bits() {
        let (low, high) = (Version::new("v-2.0.0"), Version::new("v2147483647.0.0"));
        assert_eq!(V3.judge(&low, &high), TooOld, "the difference overflows");
    }
}
